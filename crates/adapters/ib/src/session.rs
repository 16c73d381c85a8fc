//! One connection to TWS: the library's client, from the handshake to the end of its epoch.
//!
//! Everything that is asked goes through [`Session::ask`]: it waits for the pacing budget, has a limit on the clock, and ends
//! with an answer or a [`Lack`]. What TWS did not serve because it was too fast, or because servers were down, is asked
//! again when the budget says so, and an answer of which rows were lost on the way a few times. A stream that TWS sends is
//! held as a [`Stream`], whose drop cancels it. Nothing here keeps the connection alive but its owner: when the link lets go of
//! it, the socket closes and every stream ends.

use crate::census::{Census, Count};
use crate::deadlines::Deadlines;
use crate::notices::{NoticeTable, Said};
use crate::numbers::NumberReserve;
use crate::pace::{NotNow, Pace, Unsent};
use crate::runtime::within;
use crate::server_time::TimeTold;
use crate::unplaced;
use futures::future::{Either, select};
use futures::lock::Mutex;
use futures::{FutureExt, StreamExt};
use ibapi::{Client, Error, SUBSCRIPTION_LAG_CODE};
use std::future::Future;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::runtime::Handle;
use tradeport_connection::pacing::{Class, Priority};
use tradeport_connection::{AfterFailure, Pacer, Permit};
use tradeport_kernel::{AccountId, Cause, Clock, ConnectionEpoch};

/// So often an answer is asked for again when rows of it were lost on the way.
const MOST_LOST: usize = 4;

/// What all connections of one adapter share.
#[derive(Clone)]
pub(crate) struct Tools {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) runtime: Handle,
    pub(crate) pacer: Pacer,
    /// So many messages were sent, ever.
    pub(crate) sent: Arc<AtomicU64>,
    pub(crate) deadlines: Arc<Deadlines>,
    pub(crate) census: Census,
    pub(crate) notices: Arc<NoticeTable>,
    pub(crate) numbers: Option<Arc<dyn NumberReserve>>,
}

/// One connection.
pub(crate) struct Session {
    pub(crate) epoch: ConnectionEpoch,
    pub(crate) client: Client,
    pub(crate) accounts: Vec<AccountId>,
    pub(crate) tools: Tools,
    pub(crate) pace: Arc<Pace>,
    /// For the pacing budget to let a question about the past go.
    turn: Duration,
    /// Held while an account is watched: TWS watches one at a time.
    pub(crate) watching: Arc<Mutex<()>>,
    /// The questions for the time.
    pub(crate) time: TimeTold,
    standing: Arc<()>,
    _alive: Count,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Lack {
    /// The connection ended first.
    #[error("the connection to TWS ended before the answer was whole")]
    Lost(ConnectionEpoch),
    /// A limit of TWS stood in the way.
    #[error(transparent)]
    NotNow(NotNow),
    /// Nothing came in time.
    #[error("TWS gave no answer within {} ms", .0.as_millis())]
    Silent(Duration),
    /// TWS said no.
    #[error("TWS answered: {0}")]
    Said(Said),
    /// Rows came faster than they were read, and some are missing.
    #[error("rows of the answer were lost on the way: {0}")]
    Lagged(String),
    /// There are more rows than there was room for.
    #[error("there is no room for all rows of the answer: {0}")]
    NoRoom(String),
    /// What came is not what the protocol says.
    #[error("the answer of TWS cannot be read")]
    Unreadable(#[source] Cause),
}

impl Session {
    pub(crate) fn new(
        epoch: ConnectionEpoch,
        client: Client,
        accounts: Vec<AccountId>,
        (tools, pace, turn): (Tools, Pace, Duration),
    ) -> Self {
        let (alive, standing) = (tools.census.session(), Arc::new(()));
        Self {
            epoch,
            client,
            accounts,
            tools,
            pace: Arc::new(pace),
            turn,
            watching: Arc::default(),
            time: TimeTold::default(),
            standing,
            _alive: alive,
        }
    }

    /// Asks something that is over with its answer, and waits at most so long for that.
    pub(crate) async fn ask<T, F>(
        &self,
        class: Class,
        limit: Duration,
        question: impl Fn() -> F,
    ) -> Result<T, Lack>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let (answer, permit) = self.open(class, limit, question).await?;
        permit.done();
        Ok(answer)
    }

    /// Asks for something that stays open at TWS while the permit is held.
    pub(crate) async fn open<T, F>(
        &self,
        class: Class,
        limit: Duration,
        question: impl Fn() -> F,
    ) -> Result<(T, Permit), Lack>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let patience = if class.priority() == Priority::History { self.turn } else { limit };
        let leave = || async { self.pace.ask(class, patience).await.map_err(|unsent| self.unsent(unsent)) };
        let (mut permit, mut lost) = (leave().await?, 0);
        loop {
            let lack = match self.limited(limit, question()).await {
                Ok(answer) => return Ok((answer, permit)),
                Err(lack) => lack,
            };
            permit = match &lack {
                Lack::Said(said) => match permit.failed(said.class()).await {
                    Ok(AfterFailure::Again(again)) => again,
                    // What TWS said says more than that it was in vain to wait.
                    Ok(AfterFailure::Over) | Err(_) => return Err(lack),
                },
                Lack::Lagged(what) if lost < MOST_LOST => {
                    tracing::debug!(%what, "rows of an answer were lost on the way: it is asked for again");
                    lost += 1;
                    permit.done();
                    leave().await?
                }
                _ => return Err(lack),
            }
        }
    }

    pub(crate) fn unsent(&self, unsent: Unsent) -> Lack {
        match unsent {
            Unsent::Lost => Lack::Lost(self.epoch),
            Unsent::NotNow(why) => Lack::NotNow(why),
        }
    }

    /// Waits at most so long for what was asked already.
    pub(crate) async fn limited<T>(
        &self,
        limit: Duration,
        answer: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Lack> {
        let deadlines = &self.tools.deadlines;
        let deadline = self.tools.clock.now().after(limit);
        let (answer, unplaced) = (within(&self.tools.runtime, answer), unplaced::count());
        match select(answer, deadlines.until(deadline)).await {
            Either::Left((Ok(_), _)) if unplaced::count() != unplaced => {
                Err(Lack::Unreadable("a message of TWS could not be read, not even whose it is".into()))
            }
            Either::Left((answer, _)) => answer.map_err(|error| self.lack(error)),
            Either::Right(((), _)) => Err(Lack::Silent(limit)),
        }
    }

    /// What an error of the library means.
    pub(crate) fn lack(&self, error: Error) -> Lack {
        match error {
            Error::Notice(notice) if notice.code == SUBSCRIPTION_LAG_CODE => Lack::Lagged(notice.message),
            Error::Notice(notice) => Lack::Said(self.said(&notice)),
            Error::BufferLimitExceeded { .. } => Lack::NoRoom(error.to_string()),
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

/// A stream that TWS sends. Dropping it cancels it there, which is a message, too, that goes as soon as it may; only then
/// is its place free. Of a connection that is over nothing is cancelled.
pub(crate) struct Stream<S: Send + 'static> {
    inner: Option<Open<S>>,
    runtime: Handle,
    pace: Arc<Pace>,
    /// Does the connection stand that it is of?
    standing: Weak<()>,
}

/// What stands, how it is counted, and its place at TWS: they go in this order.
struct Open<S> {
    stream: S,
    _alive: Count,
    _place: Option<Permit>,
}

impl<S: Send + 'static> Stream<S> {
    /// A stream of a kind of which there may be as many as one likes.
    pub(crate) fn new(stream: S, session: &Session) -> Self {
        Self::made(stream, session, None)
    }

    /// A stream with a place of its own at TWS.
    pub(crate) fn placed((stream, place): (S, Permit), session: &Session) -> Self {
        Self::made(stream, session, Some(place))
    }

    fn made(stream: S, session: &Session, place: Option<Permit>) -> Self {
        Self {
            inner: Some(Open { stream, _alive: session.tools.census.stream(), _place: place }),
            runtime: session.tools.runtime.clone(),
            pace: Arc::clone(&session.pace),
            standing: Arc::downgrade(&session.standing),
        }
    }

    pub(crate) fn get(&self) -> &S {
        &self.inner.as_ref().expect("it is taken when this is dropped").stream
    }
}

impl<S: futures::Stream + Unpin + Send + 'static> futures::Stream for Stream<S> {
    type Item = S::Item;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<S::Item>> {
        self.inner.as_mut().expect("it is taken when this is dropped").stream.poll_next_unpin(context)
    }
}

impl<S: Send + 'static> Drop for Stream<S> {
    fn drop(&mut self) {
        let (inner, pace) = (self.inner.take(), Arc::clone(&self.pace));
        if self.standing.strong_count() == 0 {
            return;
        }
        let mut leave = async move { pace.ask_to_end().await }.boxed();
        if (&mut leave).now_or_never().is_some() {
            return;
        }
        // It is alive, and counted so, until then.
        self.runtime.spawn(async move {
            leave.await;
            drop(inner);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{IbBroker, IbSettings};
    use ibapi::Notice;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tradeport_connection::pacing::{Limits, PacingBudget, QueueSettings, RetrySettings};
    use tradeport_fake_tws::FakeTws;
    use tradeport_kernel::Timestamp;
    use tradeport_memory::VirtualClock;

    /// Asks what loses rows so often before it is whole; how often it was asked, and what came of it.
    async fn asked(session: &Session, lost: usize) -> (usize, Result<usize, Lack>) {
        let asked = AtomicUsize::new(0);
        let answer = session.ask(Class::Message, Duration::from_secs(5), async || {
            let before = asked.fetch_add(1, Ordering::Relaxed);
            let (request_id, error_time) = (None, None);
            let (message, advanced_order_reject_json) = ("rows are missing".to_owned(), String::new());
            let code = SUBSCRIPTION_LAG_CODE;
            let lag = Notice { request_id, code, message, error_time, advanced_order_reject_json };
            if before < lost { Err(Error::Notice(lag)) } else { Ok(before) }
        });
        let answer = answer.await;
        (asked.into_inner(), answer)
    }

    #[test]
    fn an_answer_of_which_rows_were_lost_is_asked_for_again_a_few_times() {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let clock = Arc::new(VirtualClock::new(Timestamp::from_seconds(1_767_366_245)));
            let tws = FakeTws::builder().start(clock.clone()).await.unwrap();
            // Time stands still, and a budget with limits would let nothing go.
            let budget =
                PacingBudget::new(Limits::none(), QueueSettings::default(), RetrySettings::default());
            let settings = IbSettings::new("127.0.0.1", tws.address().port(), 7).unwrap();
            let settings = settings.paced_by(Pacer::new(budget, clock.clone()));
            let broker = IbBroker::new(settings, clock).unwrap();
            broker.open().await.unwrap();
            let session = broker.session().unwrap();
            assert!(matches!(asked(&session, 0).await, (1, Ok(0))));
            assert!(matches!(asked(&session, MOST_LOST).await, (many, Ok(_)) if many == MOST_LOST + 1));
            let (many, answer) = asked(&session, MOST_LOST + 1).await;
            assert_eq!(many, MOST_LOST + 1, "not for ever");
            assert!(matches!(answer, Err(Lack::Lagged(what)) if what == "rows are missing"));
        });
    }
}
