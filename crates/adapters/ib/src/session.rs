//! One connection to TWS: the library's client, from the handshake to the end of its epoch.
//!
//! Everything that is asked goes through [`Session::ask`]: it waits for the budget, has a limit on the clock, and ends with
//! an answer or a [`Lack`]. A stream that TWS sends is held as a [`Stream`], whose drop cancels it. Nothing here keeps
//! the connection alive but its owner: when the link lets go of it, the socket closes and every stream ends.

use crate::budget::Budget;
use crate::census::{Census, Count};
use crate::notices::{NoticeTable, Said};
use crate::runtime::within;
use futures::StreamExt;
use futures::future::{Either, select};
use ibapi::subscriptions::SubscriptionItem;
use ibapi::{Client, Error, SUBSCRIPTION_LAG_CODE};
use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::runtime::Handle;
use tradeport_kernel::{AccountId, Cause, Clock, ConnectionEpoch};

/// What all connections of one adapter share.
#[derive(Clone)]
pub(crate) struct Tools {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) runtime: Handle,
    pub(crate) budget: Arc<Budget>,
    pub(crate) census: Census,
    pub(crate) notices: Arc<NoticeTable>,
    /// Does the connection stand that these are of?
    pub(crate) standing: Weak<()>,
}

/// One connection.
pub(crate) struct Session {
    pub(crate) epoch: ConnectionEpoch,
    pub(crate) client: Client,
    pub(crate) accounts: Vec<AccountId>,
    pub(crate) tools: Tools,
    _standing: Arc<()>,
    _alive: Count,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Lack {
    /// The connection ended first.
    #[error("the connection to TWS ended before the answer was whole")]
    Lost(ConnectionEpoch),
    /// Nothing came in time.
    #[error("TWS gave no answer within {} ms", .0.as_millis())]
    Silent(Duration),
    /// TWS said no.
    #[error("TWS answered: {0}")]
    Said(Said),
    /// Rows came faster than they were read, and some are missing.
    #[error("rows of the answer were lost on the way: {0}")]
    Lagged(String),
    /// What came is not what the protocol says.
    #[error("the answer of TWS cannot be read")]
    Unreadable(#[source] Cause),
}

impl Session {
    pub(crate) fn new(
        epoch: ConnectionEpoch,
        client: Client,
        accounts: Vec<AccountId>,
        tools: Tools,
    ) -> Self {
        let (alive, standing) = (tools.census.session(), Arc::new(()));
        let tools = Tools { standing: Arc::downgrade(&standing), ..tools };
        Self { epoch, client, accounts, tools, _standing: standing, _alive: alive }
    }

    /// Asks something of one message, and waits at most so long for the answer.
    pub(crate) async fn ask<T>(
        &self,
        limit: Duration,
        question: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Lack> {
        self.tools.budget.take().await;
        self.limited(limit, question).await
    }

    /// Waits at most so long for what was asked already.
    pub(crate) async fn limited<T>(
        &self,
        limit: Duration,
        answer: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Lack> {
        let clock = &self.tools.clock;
        let deadline = clock.now().after(limit);
        let answer = within(&self.tools.runtime, answer);
        match select(answer, pin!(clock.sleep_until(deadline))).await {
            Either::Left((answer, _)) => answer.map_err(|error| self.lack(error)),
            Either::Right(((), _)) => Err(Lack::Silent(limit)),
        }
    }

    /// What an error of the library means.
    pub(crate) fn lack(&self, error: Error) -> Lack {
        match error {
            Error::Notice(notice) if notice.code == SUBSCRIPTION_LAG_CODE => Lack::Lagged(notice.message),
            Error::Notice(notice) => Lack::Said(self.said(&notice)),
            Error::BufferLimitExceeded { .. } => Lack::Lagged(error.to_string()),
            Error::Timeout => Lack::Silent(Duration::ZERO),
            error if ends_session(&error) || !self.client.is_connected() => Lack::Lost(self.epoch),
            error => Lack::Unreadable(Box::new(error)),
        }
    }

    pub(crate) fn said(&self, notice: &ibapi::Notice) -> Said {
        self.tools.notices.said(notice.code, &notice.message)
    }
}

/// Is the connection over?
pub(crate) fn ends_session(error: &Error) -> bool {
    error.is_connection_lost()
        || matches!(
            error,
            Error::Io(_) | Error::Shutdown | Error::ConnectionFailed | Error::ConnectionRejected(_)
        )
}

/// All rows of an answer up to its end marker, which `row` tells by `None`. An answer that stops before, or has lost rows
/// on the way, is an error.
pub(crate) async fn rows_until<S, T, R>(
    mut answer: S,
    mut row: impl FnMut(T) -> Option<R>,
) -> Result<Vec<R>, Error>
where
    S: futures::Stream<Item = Result<SubscriptionItem<T>, Error>> + Unpin,
{
    let mut rows = Vec::new();
    while let Some(item) = answer.next().await {
        match item? {
            SubscriptionItem::Notice(notice) if notice.code == SUBSCRIPTION_LAG_CODE => {
                return Err(Error::Notice(notice));
            }
            SubscriptionItem::Notice(notice) => tracing::info!(code = notice.code, text = %notice.message),
            SubscriptionItem::Data(data) => match row(data) {
                Some(row) => rows.push(row),
                None => return Ok(rows),
            },
        }
    }
    Err(Error::UnexpectedEndOfStream)
}

/// Longer than any question is given by the clock: the library's own limit never comes first.
pub(crate) const LIBRARY_LIMIT: Duration = Duration::from_secs(86_400);

/// A stream that TWS sends. Dropping it cancels it there, which is a message, too: it goes as soon as it may, before
/// whatever else waits. Of a connection that is over nothing is cancelled.
pub(crate) struct Stream<S: Send + 'static> {
    inner: Option<(S, Count)>,
    tools: Tools,
}

impl<S: Send + 'static> Stream<S> {
    pub(crate) fn new(inner: S, tools: &Tools) -> Self {
        Self { inner: Some((inner, tools.census.stream())), tools: tools.clone() }
    }

    pub(crate) fn get(&self) -> &S {
        &self.inner.as_ref().expect("it is taken when this is dropped").0
    }
}

impl<S: futures::Stream + Unpin + Send + 'static> futures::Stream for Stream<S> {
    type Item = S::Item;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<S::Item>> {
        let (inner, _) = self.inner.as_mut().expect("it is taken when this is dropped");
        inner.poll_next_unpin(context)
    }
}

impl<S: Send + 'static> Drop for Stream<S> {
    fn drop(&mut self) {
        let (inner, budget) = (self.inner.take(), Arc::clone(&self.tools.budget));
        if self.tools.standing.strong_count() == 0 || budget.try_take_first() {
            return;
        }
        // It is alive, and counted so, until then.
        self.tools.runtime.spawn(async move {
            budget.take_first().await;
            drop(inner);
        });
    }
}
