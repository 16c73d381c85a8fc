//! [`AccountFeed`]: figures, positions, and what changes.
//!
//! A position that changes brings new figures with it, which are asked for; beside that they are asked for as often as TWS
//! itself renews them.
//!
//! Left out: gains and losses by position, and accounts of advisors by their groups.

use crate::answers::rows_until;
use crate::broker::IbBroker;
use crate::notices::Meaning;
use crate::runtime::Owned;
use crate::session::{Lack, Session, Stream};
use crate::translate::{AccountFigures, position_from_ib};
use async_trait::async_trait;
use futures::StreamExt;
use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures::channel::oneshot;
use futures::future::{Either, join_all, select};
use futures::stream::select_all;
use ibapi::accounts::types::AccountId as IbAccountId;
use ibapi::accounts::{AccountUpdate, PositionMulti, PositionUpdateMulti};
use ibapi::subscriptions::{Subscription, SubscriptionItem};
use ibapi::{Error, SUBSCRIPTION_LAG_CODE};
use std::collections::BTreeMap;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tradeport_connection::pacing::Class;
use tradeport_contracts::ContractId;
use tradeport_kernel::{AccountId, Cause, Snapshot};
use tradeport_portfolio::{
    AccountEvent, AccountEvents, AccountFeed, AccountFeedError, AccountSummary, Position,
};

/// TWS renews figures so often.
const RENEWAL: Duration = Duration::from_secs(180);
/// Names of what is held are looked up for so long, all at once: well within what a proof of it may take.
const LOOK_UPS: Duration = Duration::from_secs(5);

#[async_trait]
impl AccountFeed for IbBroker {
    async fn accounts(&self) -> Result<Vec<AccountId>, AccountFeedError> {
        Ok(self.session().map_err(unavailable)?.accounts.clone())
    }

    async fn summary(&self, account: &AccountId) -> Result<AccountSummary, AccountFeedError> {
        let asker = self.asker(account)?;
        asker.figures(account).await
    }

    async fn positions(&self, account: &AccountId) -> Result<Snapshot<Position>, AccountFeedError> {
        let asker = self.asker(account)?;
        let (rows, _) = asker.held(account).await.map_err(|lack| not_now(lack, account))?;
        asker.learn(&rows).await;
        let mut held = asker.read(rows.iter())?;
        held.retain(|position| !position.quantity().as_decimal().is_zero());
        Ok(Snapshot::complete(asker.session.epoch, asker.session.tools.clock.now(), held))
    }

    async fn events(&self) -> Result<AccountEvents, AccountFeedError> {
        let session = self.session().map_err(unavailable)?;
        let accounts = session.accounts.clone();
        let asker = Asker { session, broker: self.clone() };
        let (events, told) = unbounded();
        let (begun, begins) = oneshot::channel();
        let counted = asker.session.tools.census.task();
        let runtime = asker.session.tools.runtime.clone();
        let task = Owned::spawn(&runtime, async move {
            let _counted = counted;
            asker.tell_changes(accounts, begun, events).await;
        });
        begins
            .await
            .unwrap_or(Err(AccountFeedError::Unavailable("the task of the events has ended".into())))?;
        Ok(Events { told, _task: task }.boxed())
    }
}

/// Changes, and the task that finds them.
struct Events {
    told: UnboundedReceiver<AccountEvent>,
    _task: Owned,
}

impl futures::Stream for Events {
    type Item = AccountEvent;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<AccountEvent>> {
        self.told.poll_next_unpin(context)
    }
}

fn unavailable(cause: impl Into<Cause>) -> AccountFeedError {
    AccountFeedError::Unavailable(cause.into())
}

fn not_now(lack: Lack, account: &AccountId) -> AccountFeedError {
    match lack {
        Lack::Lost(epoch) => AccountFeedError::EpochLost(epoch),
        Lack::Said(said) if said.meaning == Meaning::UnknownContract => {
            AccountFeedError::UnknownAccount(account.clone())
        }
        lack => unavailable(lack),
    }
}

impl IbBroker {
    fn asker(&self, account: &AccountId) -> Result<Asker, AccountFeedError> {
        let session = self.session().map_err(unavailable)?;
        if !session.accounts.contains(account) {
            return Err(AccountFeedError::UnknownAccount(account.clone()));
        }
        Ok(Asker { session, broker: self.clone() })
    }
}

/// Asks about accounts, in one connection.
#[derive(Clone)]
struct Asker {
    session: Arc<Session>,
    broker: IbBroker,
}

type Answer<T> = Result<T, AccountFeedError>;

impl Asker {
    fn limit(&self) -> Duration {
        self.broker.inner.settings.waits().answer
    }

    async fn figures(&self, account: &AccountId) -> Answer<AccountSummary> {
        let (session, limit) = (&self.session, self.limit());
        let name = IbAccountId(account.as_str().to_owned());
        // TWS watches one account at a time, and summaries under two ids of a connection, whether cancelled or not.
        let turn = session.turn(&session.watching, limit).await.map_err(|lack| not_now(lack, account))?;
        let rows = session.ask(Class::Message, limit, async || {
            let turn = turn.take().await;
            let (counted, pace) = (session.tools.census.stream(), Arc::clone(&session.pace));
            let (asked, name) = (Arc::clone(session), name.clone());
            let read = async move |told: oneshot::Sender<_>| {
                let _counted = counted;
                let updates = match asked.client.account_updates(&name).await {
                    Ok(updates) => updates,
                    Err(error) => return drop(told.send(Err(error))),
                };
                let whole = rows_until(&asked.tools.runtime, updates, |row| match row {
                    AccountUpdate::End => None,
                    row => Some(row),
                });
                // Nothing but its owner keeps a connection.
                drop(asked);
                let Ok((updates, rows)) = whole.await else { return };
                drop(told.send(rows));
                // The next account is not watched before this one is no more.
                if pace.ask_to_end().await {
                    updates.cancel().await;
                }
            };
            session.read_in_turn(turn, limit, read).await
        });
        let mut figures = AccountFigures::default();
        for row in &rows.await.map_err(|lack| not_now(lack, account))? {
            if let AccountUpdate::AccountValue(row) = row
                && row.account.as_deref().is_none_or(|of| of == account.as_str())
            {
                figures.hear(row);
            }
        }
        figures.summary(account.clone(), session.tools.clock.now()).map_err(unavailable)
    }

    /// What an account holds, and the stream that goes on with what changes.
    async fn held(
        &self,
        account: &AccountId,
    ) -> Result<(Vec<PositionMulti>, Stream<Subscription<PositionUpdateMulti>>), Lack> {
        let session = &self.session;
        let name = IbAccountId(account.as_str().to_owned());
        session
            .ask(Class::Message, self.limit(), async || {
                let (asked, name) = (Arc::clone(session), name.clone());
                let read = async move {
                    let stream = asked.client.positions_multi(Some(&name), None).await?;
                    let stream = Stream::new(stream, &asked);
                    let whole = rows_until(&asked.tools.runtime, stream, position_row);
                    drop(asked);
                    let (stream, rows) = whole.await?;
                    Ok((rows?, stream))
                };
                session.read(read).await
            })
            .await
    }

    /// What is held has the name that its number has, in this process as in the next: rows of positions leave out what
    /// names it. What cannot be looked up in time is named by what its row says: what is held is no look-up, and nobody
    /// waits for the servers of definitions who only wants to know it.
    async fn learn(&self, rows: &[PositionMulti]) {
        let held = rows.iter().filter(|row| row.position != 0.0).map(|row| &row.contract);
        let held: BTreeMap<i32, _> = held.map(|it| (it.contract_id, it)).filter(|(id, _)| *id > 0).collect();
        let is_known = |id: i32| self.broker.inner.directory.of_id(ContractId::new(i64::from(id))).is_some();
        let unknown = held.into_iter().filter(|(id, _)| !is_known(*id));
        let look_ups = join_all(unknown.map(|(id, contract)| async move {
            if let Err(error) = self.broker.learn_held(&self.session, contract).await {
                tracing::info!(id, %error, "what is held is named by what its row says");
            }
        }));
        let clock = &self.session.tools.clock;
        let too_late = clock.sleep_until(clock.now().after(LOOK_UPS));
        if let Either::Right(_) = select(pin!(look_ups), too_late).await {
            tracing::warn!("definitions are late: what is held is named by what its rows say");
        }
    }

    /// Positions as we name them.
    fn read<'a>(&self, rows: impl Iterator<Item = &'a PositionMulti>) -> Answer<Vec<Position>> {
        let directory = &self.broker.inner.directory;
        let read = |row: &PositionMulti| {
            let named = directory.name(&row.contract)?;
            position_from_ib(named.symbol, named.multiplier, row)
        };
        rows.map(read).collect::<Result<_, _>>().map_err(unavailable)
    }

    /// Tells what changes, until the connection ends or nobody listens.
    async fn tell_changes(
        self,
        accounts: Vec<AccountId>,
        begun: oneshot::Sender<Answer<()>>,
        events: UnboundedSender<AccountEvent>,
    ) {
        let mut streams = Vec::new();
        for account in &accounts {
            match self.held(account).await {
                Ok((_, stream)) => streams.push(stream.map({
                    let account = account.clone();
                    move |item| (account.clone(), item)
                })),
                Err(lack) => return drop(begun.send(Err(not_now(lack, account)))),
            }
        }
        if begun.send(Ok(())).is_err() {
            return;
        }
        let mut changes = select_all(streams);
        let clock = Arc::clone(&self.session.tools.clock);
        let mut renewal = clock.now().after(RENEWAL);
        loop {
            let renewed = tokio::select! {
                change = changes.next() => match change {
                    Some((account, item)) => match self.changed(&account, item, &events) {
                        Some(true) => vec![account],
                        Some(false) => continue,
                        None => return,
                    },
                    None => return,
                },
                () = clock.sleep_until(renewal) => {
                    renewal = clock.now().after(RENEWAL);
                    accounts.clone()
                }
            };
            for account in renewed {
                match self.figures(&account).await {
                    Ok(figures) => drop(events.unbounded_send(AccountEvent::Summary(figures))),
                    Err(AccountFeedError::EpochLost(_)) => return,
                    Err(error) => tracing::warn!(%account, %error, "there are no new figures of an account"),
                }
            }
            if events.is_closed() {
                return;
            }
        }
    }

    /// Tells a position that has changed: `true` when it was told, `None` when the stream cannot be trusted any more.
    fn changed(
        &self,
        account: &AccountId,
        item: Result<SubscriptionItem<PositionUpdateMulti>, Error>,
        events: &UnboundedSender<AccountEvent>,
    ) -> Option<bool> {
        let row = match item {
            Ok(SubscriptionItem::Data(update)) => match position_row(update) {
                Some(row) => row,
                None => return Some(false),
            },
            Ok(SubscriptionItem::Notice(notice)) if notice.code == SUBSCRIPTION_LAG_CODE => {
                tracing::warn!(%account, text = %notice.message, "changes of positions were lost: the stream ends");
                return None;
            }
            Ok(SubscriptionItem::Notice(_)) => return Some(false),
            Err(error) => {
                tracing::warn!(%account, %error, "the changes of positions have ended");
                return None;
            }
        };
        match self.read(std::iter::once(&row)) {
            Ok(positions) => {
                for position in positions {
                    let account = account.clone();
                    events.unbounded_send(AccountEvent::Position { account, position }).ok()?;
                }
                Some(true)
            }
            Err(error) => {
                tracing::error!(%account, %error, "a position cannot be read: the stream ends");
                None
            }
        }
    }
}

fn position_row(update: PositionUpdateMulti) -> Option<PositionMulti> {
    match update {
        PositionUpdateMulti::Position(row) => Some(row),
        PositionUpdateMulti::PositionEnd => None,
    }
}
