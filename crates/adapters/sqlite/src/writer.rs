//! The one thread that writes a file.
//!
//! What waits in the queue goes into one transaction, so that a sync is shared; each caller is answered after the
//! commit. When anything in a group fails, the group is undone and each piece is tried by itself: nobody pays for a
//! neighbour's mistake. Nothing here knows what is written.

use crate::error::{sorted, store_error};
use crate::high_water::{HighWater, Remembered};
use crate::log_room::LogRoom;
use crate::log_watch::LogWatch;
use crate::suspicion::Suspicion;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sqlite::Sqlite;
use std::thread::JoinHandle;
use tokio::sync::{mpsc, oneshot};
use tradeport_kernel::StoreError;

/// How many pieces of work may wait before callers have to.
const QUEUE: usize = 1_024;
/// How many pieces of work go into one transaction.
const GROUP: usize = 256;

/// What the writing thread works with: the connection, and what it remembers of the file's content.
pub(crate) struct Session<S> {
    /// The only connection that writes.
    pub(crate) connection: SqliteConnection,
    /// Remembered from what was written; thrown away with every transaction that is undone.
    pub(crate) memory: S,
    beside: Beside,
}

/// What the writing thread looks after beside the content.
pub(crate) struct Beside {
    /// The write-ahead log's size.
    pub(crate) watch: LogWatch,
    /// Room ahead in it.
    pub(crate) room: LogRoom,
    /// The health of the file.
    pub(crate) suspicion: Suspicion,
    /// How far it has come, where that is noted.
    pub(crate) high_water: Option<HighWater>,
}

/// A word of SQL that stays prepared: as text it would be parsed anew for every transaction.
macro_rules! prepared {
    ($name:ident, $sql:literal) => {
        #[derive(QueryId)]
        struct $name;

        impl QueryFragment<Sqlite> for $name {
            fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
                pass.push_sql($sql);
                Ok(())
            }
        }

        impl RunQueryDsl<SqliteConnection> for $name {}
    };
}

prepared!(Begin, "BEGIN IMMEDIATE");
prepared!(Commit, "COMMIT");

/// One piece of work in the queue. It may run more than once, but is committed at most once.
trait Job<S>: Send {
    /// Does the work; false when it failed and the transaction must be undone.
    fn run(&mut self, session: &mut Session<S>) -> bool;
    /// Tells the caller: its own failure if it had one, else that of the commit.
    fn answer(self: Box<Self>, committed: Result<(), StoreError>);
}

struct Request<W, T, E> {
    work: W,
    outcome: Option<Result<T, E>>,
    caller: oneshot::Sender<Result<T, E>>,
}

impl<S, W, T, E> Job<S> for Request<W, T, E>
where
    W: FnMut(&mut Session<S>) -> Result<T, E> + Send,
    T: Send,
    E: From<StoreError> + Send,
{
    fn run(&mut self, session: &mut Session<S>) -> bool {
        self.outcome.insert((self.work)(session)).is_ok()
    }

    fn answer(self: Box<Self>, committed: Result<(), StoreError>) {
        let answer = match (self.outcome, committed) {
            (Some(Err(own)), _) => Err(own),
            (_, Err(store)) => Err(E::from(store)),
            (Some(Ok(value)), Ok(())) => Ok(value),
            (None, Ok(())) => unreachable!("what was committed had run"),
        };
        if self.caller.send(answer).is_err() {
            tracing::debug!("a caller left before its write was answered");
        }
    }
}

/// The queue of a writing thread, which ends when this is dropped: after all that was queued.
pub(crate) struct Writer<S> {
    queue: Option<mpsc::Sender<Box<dyn Job<S>>>>,
    thread: Option<JoinHandle<()>>,
}

impl<S: Remembered + 'static> Writer<S> {
    /// Starts the thread that writes through this connection.
    pub(crate) fn start(name: &str, connection: SqliteConnection, beside: Beside) -> std::io::Result<Self> {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let thread = std::thread::Builder::new()
            .name(format!("{name}-writer"))
            .spawn(move || serve(Session { connection, memory: S::default(), beside }, waiting))?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }

    /// Runs `work` in a transaction and answers once that is committed. Work must be fit to run again from the start.
    pub(crate) async fn write<T, E, W>(&self, work: W) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        W: FnMut(&mut Session<S>) -> Result<T, E> + Send + 'static,
    {
        let stopped = || E::from(StoreError::Unavailable("the writing thread has stopped".into()));
        let (caller, answer) = oneshot::channel();
        let queue = self.queue.as_ref().ok_or_else(stopped)?;
        let job = Box::new(Request { work, outcome: None, caller });
        queue.send(job).await.map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }
}

impl<S> Drop for Writer<S> {
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the writing thread had panicked");
        }
    }
}

fn serve<S: Remembered>(mut session: Session<S>, mut waiting: mpsc::Receiver<Box<dyn Job<S>>>) {
    while let Some(first) = waiting.blocking_recv() {
        let mut group = vec![first];
        while group.len() < GROUP
            && let Ok(next) = waiting.try_recv()
        {
            group.push(next);
        }
        commit(&mut session, group);
    }
}

fn commit<S: Remembered>(session: &mut Session<S>, mut group: Vec<Box<dyn Job<S>>>) {
    let refused = session.beside.suspicion.check().err().map(|error| error_text(&error));
    let begun = match refused {
        Some(text) => Err(text),
        None => Begin.execute(&mut session.connection).map_err(|error| error.to_string()),
    };
    if let Err(text) = begun {
        // Nobody's work is to blame, and waiting once for a busy file is enough.
        session.beside.suspicion.failed(&text);
        return group.into_iter().for_each(|job| job.answer(Err(sorted(&text)(text.clone().into()))));
    }
    match transact(session, &mut group) {
        Ok(()) => {
            let beside = &mut session.beside;
            // First: what anybody was told of must be missed when it is gone.
            if let Some(high_water) = &mut beside.high_water {
                high_water.committed(session.memory.reached());
            }
            group.into_iter().for_each(|job| job.answer(Ok(())));
            beside.watch.committed(&mut session.connection);
            beside.room.committed();
        }
        Err(_) if group.len() > 1 => group.into_iter().for_each(|job| commit(session, vec![job])),
        Err(undone) => {
            if let Some(job) = group.into_iter().next() {
                job.answer(Err(undone));
            }
        }
    }
}

fn error_text(error: &StoreError) -> String {
    std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string)
}

/// Runs the work and commits it, or undoes the transaction that has begun.
fn transact<S: Remembered>(
    session: &mut Session<S>,
    group: &mut [Box<dyn Job<S>>],
) -> Result<(), StoreError> {
    let ended = if group.iter_mut().all(|job| job.run(session)) {
        let committed = Commit.execute(&mut session.connection);
        if let Err(error) = &committed {
            session.beside.suspicion.failed(&error.to_string());
        }
        committed.map(drop).map_err(store_error)
    } else {
        Err(StoreError::Unavailable("its work failed".into()))
    };
    if ended.is_err() {
        session.memory = S::default();
        if let Err(error) = session.connection.batch_execute("ROLLBACK") {
            // A full disk makes SQLite undo the transaction by itself; then there is none left.
            tracing::debug!(%error, "nothing to roll back");
        }
    }
    ended
}
