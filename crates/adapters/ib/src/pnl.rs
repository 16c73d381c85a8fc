//! [`PnlFeed`]: what TWS reckons that accounts and positions have gained.
//!
//! TWS tells it about once a second, changed or not; a reader gets the newest that has come. Its day begins as its own
//! settings say. It names no currency: the gains of an account are taken for the account's own, those of a position for
//! the instrument's. A daily figure that its message leaves out reads as zero in the library, which cannot tell the two
//! apart; one that is marked as unset is `None`.

use crate::broker::IbBroker;
use crate::notices::Meaning;
use crate::session::{Lack, Session, Stream, ends_session};
use crate::translate::{FromIbError, gains_from_ib, position_gains_from_ib};
use async_trait::async_trait;
use futures::{FutureExt, StreamExt};
use ibapi::Error;
use ibapi::accounts::types::{AccountId as IbAccountId, ContractId as IbContractId};
use ibapi::accounts::{PnL, PnLSingle};
use ibapi::subscriptions::SubscriptionItem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tradeport_connection::pacing::Class;
use tradeport_contracts::CatalogError;
use tradeport_kernel::{AccountId, Cause, ConnectionEpoch, Symbol};
use tradeport_portfolio::{
    AccountFeed, AccountFeedError, AccountPnl, PnlEvent, PnlFeed, PnlFeedError, PnlStream, PositionPnl,
};

#[async_trait]
impl PnlFeed for IbBroker {
    async fn of_account(&self, account: &AccountId) -> Result<PnlStream<AccountPnl>, PnlFeedError> {
        let session = self.session_of(account)?;
        let figures = AccountFeed::summary(self, account).await.map_err(of_feed)?;
        let currency = figures.net_liquidation.currency();
        let limit = self.inner.settings.waits().answer;
        let name = IbAccountId(account.as_str().to_owned());
        let asked = session.ask(Class::Message, limit, || session.client.pnl(&name, None)).await;
        let stream = Stream::new(asked.map_err(|lack| not_now(lack, account))?, &session);
        let (clock, whose) = (Arc::clone(&session.tools.clock), account.clone());
        let read = move |told: PnL| {
            let gains = gains_from_ib(&told, currency);
            Ok(AccountPnl { account: whose.clone(), at: clock.now(), gains })
        };
        self.stands(&session, account, Newest::new(session.epoch, stream, read)).await
    }

    async fn of_position(
        &self,
        account: &AccountId,
        symbol: Symbol,
    ) -> Result<PnlStream<PositionPnl>, PnlFeedError> {
        let session = self.session_of(account)?;
        let known = self.contract_of(&session, symbol, None).await.map_err(|error| match error {
            CatalogError::NotFound(_) | CatalogError::Ambiguous { .. } => PnlFeedError::UnknownSymbol(symbol),
            other => unavailable(other),
        })?;
        let currency = known.contract.currency();
        let limit = self.inner.settings.waits().answer;
        let name = IbAccountId(account.as_str().to_owned());
        let id = IbContractId(known.wire.contract_id);
        let asked = session.ask(Class::Message, limit, || session.client.pnl_single(&name, id, None)).await;
        let stream = Stream::new(asked.map_err(|lack| not_now(lack, account))?, &session);
        let (clock, whose) = (Arc::clone(&session.tools.clock), account.clone());
        let read = move |told: PnLSingle| {
            let (quantity, gains, value) = position_gains_from_ib(&told, currency)?;
            Ok(PositionPnl { account: whose.clone(), symbol, at: clock.now(), quantity, gains, value })
        };
        self.stands(&session, account, Newest::new(session.epoch, stream, read)).await
    }
}

impl IbBroker {
    fn session_of(&self, account: &AccountId) -> Result<Arc<Session>, PnlFeedError> {
        let session = self.session().map_err(unavailable)?;
        if session.accounts.contains(account) {
            Ok(session)
        } else {
            Err(PnlFeedError::UnknownAccount(account.clone()))
        }
    }

    /// The stream, unless TWS refuses it: it answers in order, so a refusal is here when the time is.
    async fn stands<M, T, S, F>(
        &self,
        session: &Arc<Session>,
        account: &AccountId,
        mut newest: Newest<M, T, S, F>,
    ) -> Result<PnlStream<T>, PnlFeedError>
    where
        M: Send + Unpin + 'static,
        T: Send + Unpin + 'static,
        S: futures::Stream<Item = Item<M>> + Send + Unpin + 'static,
        F: FnMut(M) -> Result<T, FromIbError> + Send + Unpin + 'static,
    {
        let limit = self.inner.settings.waits().answer;
        let answered = session.server_time(limit).await;
        answered.map_err(|lack| not_now(lack, account))?;
        match newest.refusal() {
            Some(refusal) => Err(not_now(session.lack(refusal), account)),
            None => Ok(newest.boxed()),
        }
    }
}

type Item<M> = Result<SubscriptionItem<M>, Error>;

/// Tells the newest of what has come.
struct Newest<M, T, S, F> {
    epoch: ConnectionEpoch,
    own: S,
    read: F,
    last: Option<T>,
    has_ended: bool,
    is_over: bool,
    _message: std::marker::PhantomData<fn(M)>,
}

impl<M, T, S, F> Newest<M, T, S, F>
where
    S: futures::Stream<Item = Item<M>> + Unpin,
    F: FnMut(M) -> Result<T, FromIbError>,
{
    const fn new(epoch: ConnectionEpoch, own: S, read: F) -> Self {
        let _message = std::marker::PhantomData;
        Self { epoch, own, read, last: None, has_ended: false, is_over: false, _message }
    }

    /// Takes in what is there, and says whether TWS has refused.
    fn refusal(&mut self) -> Option<Error> {
        while let Some(heard) = self.own.next().now_or_never() {
            match heard {
                Some(Err(error)) if !ends_session(&error) => return Some(error),
                heard => self.take(heard),
            }
            if self.has_ended {
                break;
            }
        }
        None
    }

    fn take(&mut self, heard: Option<Item<M>>) {
        match heard {
            Some(Ok(SubscriptionItem::Data(message))) => match (self.read)(message) {
                Ok(told) => self.last = Some(told),
                Err(error) => tracing::warn!(%error, "gains cannot be read"),
            },
            // Only the newest counts: what was lost on the way is older.
            Some(Ok(SubscriptionItem::Notice(notice))) => {
                tracing::info!(code = notice.code, text = %notice.message);
            }
            Some(Err(error)) => {
                tracing::debug!(%error, "gains are told no more");
                self.has_ended = true;
            }
            None => self.has_ended = true,
        }
    }
}

impl<M, T, S, F> futures::Stream for Newest<M, T, S, F>
where
    M: Unpin,
    T: Unpin,
    S: futures::Stream<Item = Item<M>> + Unpin,
    F: FnMut(M) -> Result<T, FromIbError> + Unpin,
{
    type Item = PnlEvent<T>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<PnlEvent<T>>> {
        let this = &mut *self;
        while !this.has_ended {
            match this.own.poll_next_unpin(context) {
                Poll::Ready(heard) => this.take(heard),
                Poll::Pending => break,
            }
        }
        if let Some(newest) = this.last.take() {
            return Poll::Ready(Some(PnlEvent::Stands(newest)));
        }
        if !this.has_ended {
            return Poll::Pending;
        }
        if std::mem::replace(&mut this.is_over, true) {
            return Poll::Ready(None);
        }
        Poll::Ready(Some(PnlEvent::EpochLost(this.epoch)))
    }
}

fn unavailable(cause: impl Into<Cause>) -> PnlFeedError {
    PnlFeedError::Unavailable(cause.into())
}

fn of_feed(error: AccountFeedError) -> PnlFeedError {
    match error {
        AccountFeedError::UnknownAccount(account) => PnlFeedError::UnknownAccount(account),
        AccountFeedError::EpochLost(epoch) => PnlFeedError::EpochLost(epoch),
        AccountFeedError::Unsupported(what) => PnlFeedError::Unsupported(what),
        AccountFeedError::Unavailable(cause) => PnlFeedError::Unavailable(cause),
    }
}

fn not_now(lack: Lack, account: &AccountId) -> PnlFeedError {
    match lack {
        Lack::Lost(epoch) => PnlFeedError::EpochLost(epoch),
        Lack::Said(said) if said.meaning == Meaning::UnknownContract => {
            PnlFeedError::UnknownAccount(account.clone())
        }
        lack => unavailable(lack),
    }
}
