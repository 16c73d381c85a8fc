//! Threads that read a file beside its writer. Each has a connection of its own; none ever waits for the writer.

use crate::OpenError;
use crate::connection::open_reader;
use diesel::SqliteConnection;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use tokio::sync::{mpsc, oneshot};
use tradeport_kernel::StoreError;

/// How many questions may wait before callers have to.
const QUEUE: usize = 256;

type Question = Box<dyn FnOnce(&mut SqliteConnection) + Send>;

/// A few reading threads with one queue. They end when this is dropped.
pub(crate) struct Readers {
    queue: Option<mpsc::Sender<Question>>,
    threads: Vec<JoinHandle<()>>,
}

impl Readers {
    /// Opens `count` connections, each served by its thread.
    pub(crate) fn start(name: &str, path: &Path, count: usize) -> Result<Self, OpenError> {
        let (queue, waiting) = mpsc::channel::<Question>(QUEUE);
        let waiting = Arc::new(Mutex::new(waiting));
        let mut readers = Self { queue: Some(queue), threads: Vec::new() };
        for _ in 0..count {
            let connection = open_reader(path)?;
            let waiting = Arc::clone(&waiting);
            let unavailable = |cause: std::io::Error| OpenError::Unavailable {
                path: PathBuf::from(path),
                cause: Box::new(cause),
            };
            let thread = std::thread::Builder::new()
                .name(format!("{name}-reader"))
                .spawn(move || serve(connection, &waiting))
                .map_err(unavailable)?;
            readers.threads.push(thread);
        }
        Ok(readers)
    }

    /// Asks a question and waits for its answer.
    pub(crate) async fn read<T, E, Q>(&self, question: Q) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        Q: FnOnce(&mut SqliteConnection) -> Result<T, E> + Send + 'static,
    {
        let stopped = || E::from(StoreError::Unavailable("the reading threads have stopped".into()));
        let (caller, answer) = oneshot::channel();
        let queue = self.queue.as_ref().ok_or_else(stopped)?;
        let asked: Question = Box::new(move |connection| {
            if caller.send(question(connection)).is_err() {
                tracing::debug!("a caller left before its question was answered");
            }
        });
        queue.send(asked).await.map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        drop(self.queue.take());
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a reading thread had panicked");
            }
        }
    }
}

fn serve(mut connection: SqliteConnection, waiting: &Mutex<mpsc::Receiver<Question>>) {
    // The guard falls at the end of the statement: one thread waits for a question, the others answer theirs.
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv();
    while let Some(question) = next() {
        question(&mut connection);
    }
}
