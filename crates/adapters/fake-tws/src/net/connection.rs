//! One connection's socket: who reads it, who writes it.

use super::driver::Command;
use crate::server::SessionId;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::mpsc;
use tokio::task::{AbortHandle, JoinHandle};
use tradeport_kernel::Clock;

/// So much is read at once.
const READ: usize = 64 * 1024;
/// So much is written at once, when that much waits.
const WRITE: usize = 256 * 1024;
/// Official Python clients read in pieces of this size, and throw a whole piece away when silence follows it.
const PIECE: usize = 4_096;
/// So long a client has to close its side once ours is closed.
const LINGER: Duration = Duration::from_secs(5);

/// The writing half. Dropping it closes the connection once everything is written.
#[derive(Debug)]
pub(super) struct Connection {
    queue: mpsc::UnboundedSender<Vec<u8>>,
    shared: Arc<Shared>,
    most: usize,
    writer: AbortHandle,
}

/// What a connection and its writer both see.
#[derive(Debug, Default)]
struct Shared {
    /// So many bytes wait.
    waiting: AtomicUsize,
    /// A small frame that says nothing new, once the connection speaks a version.
    filler: OnceLock<Vec<u8>>,
}

impl Connection {
    pub(super) fn new(
        socket: OwnedWriteHalf,
        reader: JoinHandle<()>,
        clock: Arc<dyn Clock>,
        most: usize,
    ) -> Self {
        let (queue, pieces) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared::default());
        let writing = write(socket, pieces, Arc::clone(&shared));
        let writer = tokio::spawn(async move {
            writing.await;
            linger(reader, clock).await;
        });
        Self { queue, shared, most, writer: writer.abort_handle() }
    }

    /// Takes note of a frame to send when silence would follow a full piece.
    pub(super) fn fill_with(&self, frame: impl FnOnce() -> Option<Vec<u8>>) {
        if self.shared.filler.get().is_none()
            && let Some(frame) = frame()
        {
            self.shared.filler.get_or_init(|| frame);
        }
    }

    /// Sends bytes; an error is how many bytes wait already, when that is too many.
    pub(super) fn send(&self, bytes: Vec<u8>) -> Result<(), usize> {
        let waiting = self.shared.waiting.fetch_add(bytes.len(), Ordering::Relaxed);
        if waiting > self.most {
            return Err(waiting);
        }
        // A writer that is gone has found the connection closed: the reader finds that, too.
        self.queue.send(bytes).unwrap_or_default();
        Ok(())
    }

    /// Closes at once, whatever waits.
    pub(super) fn cut(self) {
        self.writer.abort();
    }
}

/// Reads until the connection ends.
pub(super) async fn read(id: SessionId, mut socket: OwnedReadHalf, commands: mpsc::Sender<Command>) {
    let mut bytes = vec![0; READ];
    loop {
        let read = match socket.read(&mut bytes).await {
            Ok(0) | Err(_) => break,
            Ok(read) => bytes.get(..read).unwrap_or_default().to_vec(),
        };
        if commands.send(Command::Received(id, read)).await.is_err() {
            return;
        }
    }
    // The server may have stopped meanwhile: then nobody needs to know.
    commands.send(Command::Closed(id)).await.unwrap_or_default();
}

/// Writes what waits, as much as possible at once, each piece whole.
async fn write(
    mut socket: OwnedWriteHalf,
    mut pieces: mpsc::UnboundedReceiver<Vec<u8>>,
    shared: Arc<Shared>,
) {
    let mut since_silence = 0_usize;
    while let Some(mut bytes) = pieces.recv().await {
        while bytes.len() < WRITE
            && let Ok(more) = pieces.try_recv()
        {
            bytes.extend_from_slice(&more);
        }
        let waited = bytes.len();
        since_silence += waited;
        if pieces.is_empty() {
            if since_silence.is_multiple_of(PIECE)
                && let Some(filler) = shared.filler.get()
            {
                bytes.extend_from_slice(filler);
            }
            since_silence = 0;
        }
        let written = socket.write_all(&bytes).await;
        shared.waiting.fetch_sub(waited, Ordering::Relaxed);
        if written.is_err() {
            return;
        }
    }
    // What is written is written; the other side may be gone already.
    socket.shutdown().await.unwrap_or_default();
}

/// Lets the client read the last words and close its side; then the socket is given back whether it did or not.
async fn linger(mut reader: JoinHandle<()>, clock: Arc<dyn Clock>) {
    let end = clock.now().after(LINGER);
    tokio::select! {
        _ = &mut reader => {}
        () = clock.sleep_until(end) => reader.abort(),
    }
}
