//! Answers of many rows, read to their end.
//!
//! Rows come in bursts that must be read at once, or the library lets them go: each answer is read by a task of its own,
//! however slow whoever asked is, and where there is little room for rows by whoever delivers them ([`rows`]). Where answers have numbers, the task ends with whoever asked. Where they have none, the rest
//! of one would be taken for the beginning of the next: the task reads on though nobody waits any more, and who asks next
//! waits for it. An answer whose end does not come is given up some time later; what it still says then is very late.

mod rows;

pub(crate) use rows::rows_until;

use crate::runtime::Owned;
use crate::session::{Lack, Session};
use futures::channel::oneshot;
use futures::future::select;
use futures::lock::{Mutex, OwnedMutexGuard};
use ibapi::{Error, SUBSCRIPTION_LAG_CODE};
use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

/// Longer than any question is given by the clock: the library's own limit never comes first.
pub(crate) const LIBRARY_LIMIT: Duration = Duration::from_secs(86_400);
/// So many times as long as whoever asked waits, an answer without a number is waited for.
const GIVEN_UP: u32 = 6;

/// Whose question it is among those whose answers have no numbers. Taken before leave to send is asked for: leave that
/// waits for a turn would be used all at once.
pub(crate) struct Turn {
    of: Arc<Mutex<()>>,
    first: std::sync::Mutex<Option<OwnedMutexGuard<()>>>,
}

impl Turn {
    /// To be held while the question is asked and read; once more for each time that it is asked again.
    pub(crate) async fn take(&self) -> OwnedMutexGuard<()> {
        // It is there or not.
        let first = self.first.lock().unwrap_or_else(PoisonError::into_inner).take();
        match first {
            Some(turn) => turn,
            None => Arc::clone(&self.of).lock_owned().await,
        }
    }
}

impl Session {
    /// Waits at most so long for the turn of a question.
    pub(crate) async fn turn(&self, of: &Arc<Mutex<()>>, limit: Duration) -> Result<Turn, Lack> {
        let first = async { Ok(Arc::clone(of).lock_owned().await) };
        let first = std::sync::Mutex::new(Some(self.limited(limit, first).await?));
        Ok(Turn { of: Arc::clone(of), first })
    }

    /// Reads an answer that has a number.
    pub(crate) async fn read<R: Send + 'static>(
        &self,
        answer: impl Future<Output = Result<R, Error>> + Send + 'static,
    ) -> Result<R, Error> {
        let (told, reading) = oneshot::channel();
        let counted = self.tools.census.task();
        let _task = Owned::spawn(&self.tools.runtime, async move {
            let _counted = counted;
            // Nobody waits any more when whoever asked has gone.
            drop(told.send(answer.await));
        });
        reading.await.unwrap_or(Err(Error::Shutdown))
    }

    /// Reads an answer that has none; whoever asked waits at most so long. It is the next one's turn when `read` is over.
    pub(crate) async fn read_in_turn<R: Send + 'static, F: Future<Output = ()> + Send + 'static>(
        &self,
        turn: OwnedMutexGuard<()>,
        limit: Duration,
        read: impl FnOnce(oneshot::Sender<Result<R, Error>>) -> F,
    ) -> Result<R, Error> {
        let (told, reading) = oneshot::channel();
        let read = read(told);
        let counted = self.tools.census.task();
        let deadlines = Arc::clone(&self.tools.deadlines);
        let late = self.tools.clock.now().after(limit.saturating_mul(GIVEN_UP));
        self.tools.runtime.spawn(async move {
            let _counted = counted;
            select(pin!(read), deadlines.until(late)).await;
            drop(turn);
        });
        reading.await.unwrap_or(Err(Error::Shutdown))
    }
}

/// All rows of an answer whose end marker the library keeps to itself; `rest` reads on to it. An answer that has lost rows on
/// the way is read to its end all the same, and is an error.
pub(crate) async fn rows_to_end<T>(
    mut rest: impl AsyncFnMut() -> Result<Vec<T>, Error>,
) -> Result<Vec<T>, Error> {
    let mut lag = None;
    loop {
        match rest().await {
            Ok(rows) => return lag.map_or(Ok(rows), |notice| Err(Error::Notice(notice))),
            Err(Error::Notice(notice)) if notice.code == SUBSCRIPTION_LAG_CODE => lag = Some(notice),
            Err(error) => return Err(error),
        }
    }
}
