//! One connection's socket: who reads it, who writes it.

mod queue;

use super::driver::Command;
use crate::server::SessionId;
use queue::Queue;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::{Notify, mpsc};
use tokio::task::{AbortHandle, JoinHandle};
use tradeport_kernel::{Clock, Timestamp};

/// So much is read at once.
const READ: usize = 64 * 1024;
/// Official Python clients read in pieces of this size, and throw a whole piece away when silence follows it.
const PIECE: usize = 4_096;
/// So long a client has to close its side once ours is closed.
const LINGER: Duration = Duration::from_secs(5);

/// The writing half. Dropping it closes the connection once everything is written.
#[derive(Debug)]
pub(super) struct Connection {
    queue: Arc<Queue>,
    most: usize,
    writer: AbortHandle,
    /// How much was written when somebody last waited for it, and since when it is no more than that.
    seen: Option<(u64, Timestamp)>,
}

impl Connection {
    /// Begins to write to a socket. `most` bytes may wait; `room` hears whenever some of them are gone.
    pub(super) fn new(
        socket: OwnedWriteHalf,
        reader: JoinHandle<()>,
        clock: Arc<dyn Clock>,
        most: usize,
        room: Arc<Notify>,
    ) -> Self {
        let queue = Arc::new(Queue::default());
        let writing = write(socket, Arc::clone(&queue), room);
        let writer = tokio::spawn(async move {
            writing.await;
            linger(reader, clock).await;
        });
        Self { queue, most, writer: writer.abort_handle(), seen: None }
    }

    /// Takes note of a frame to send when silence would follow a full piece.
    pub(super) fn fill_with(&self, frame: impl FnOnce() -> Option<Vec<u8>>) {
        self.queue.fill_with(frame);
    }

    /// Sends bytes, which may end within a frame; an error is how many bytes wait already, when that is too many.
    pub(super) fn send(&self, bytes: &[u8], is_torn: bool) -> Result<(), usize> {
        let waiting = self.queue.waiting();
        if waiting > self.most {
            return Err(waiting);
        }
        self.queue.push(bytes, is_torn);
        Ok(())
    }

    /// How many bytes wait.
    pub(super) fn waiting(&self) -> usize {
        self.queue.waiting()
    }

    /// Since when others have waited for it, and nothing was taken of what waits.
    pub(super) fn stalled_since(&mut self, now: Timestamp) -> Timestamp {
        let written = self.queue.written();
        let (_, since) = *self.seen.insert(match self.seen {
            Some((before, since)) if before == written => (before, since),
            _ => (written, now),
        });
        since
    }

    /// Closes at once, whatever waits.
    pub(super) fn cut(self) {
        self.writer.abort();
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.queue.close();
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

/// Writes what waits, as much as possible at once.
async fn write(mut socket: OwnedWriteHalf, queue: Arc<Queue>, room: Arc<Notify>) {
    let mut since_silence = 0_usize;
    let mut bytes = Vec::new();
    while queue.take(&mut bytes).await {
        let mut counted = bytes.len();
        since_silence = since_silence.wrapping_add(counted);
        if queue.is_empty() {
            if since_silence.is_multiple_of(PIECE)
                && let Some(filler) = queue.filler()
            {
                bytes.extend_from_slice(filler);
            }
            since_silence = 0;
        }
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            let Ok(written @ 1..) = socket.write(rest).await else {
                queue.give_up();
                room.notify_one();
                return;
            };
            rest = rest.get(written..).unwrap_or_default();
            let gone = written.min(counted);
            counted -= gone;
            queue.count(gone);
            room.notify_one();
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
