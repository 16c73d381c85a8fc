//! Stands between a client and a real TWS, and records what goes over. Every byte is passed on as it came.

use super::recorder::RecorderHandle;
use super::recording::{Event, Side};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tradeport_kernel::Clock;

/// So much is passed on at once.
const PIECE: usize = 64 * 1024;

/// Why nothing can be recorded.
#[derive(Debug, thiserror::Error)]
pub enum ProxyError {
    /// The port cannot be had.
    #[error("cannot listen on {address}: is another program using the port?")]
    Bind {
        /// Which.
        address: SocketAddr,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

/// A proxy that listens. It stops when this is dropped.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    listener: JoinHandle<()>,
}

impl Proxy {
    /// Listens at `address`; each connection becomes one to `upstream`, `host:port`. A TWS that cannot be reached is logged,
    /// and its client closed.
    pub async fn start(
        address: SocketAddr,
        upstream: String,
        recording: RecorderHandle,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, ProxyError> {
        let bind = |source| ProxyError::Bind { address, source };
        let listener = TcpListener::bind(address).await.map_err(bind)?;
        let address = listener.local_addr().map_err(bind)?;
        Ok(Self { address, listener: tokio::spawn(listen(listener, upstream, recording, clock)) })
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Waits until it stops; it does so by itself only when something is broken.
    pub async fn stopped(&mut self) {
        // An error here says that the task was stopped or has failed: it is over either way.
        (&mut self.listener).await.unwrap_or_default();
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

/// Where one connection's bytes are told.
#[derive(Clone)]
struct Notes {
    recording: RecorderHandle,
    clock: Arc<dyn Clock>,
    connection: u64,
}

impl Notes {
    fn note(&self, event: Event) {
        self.recording.note(self.clock.now(), self.connection, event);
    }
}

async fn listen(listener: TcpListener, upstream: String, recording: RecorderHandle, clock: Arc<dyn Clock>) {
    // Dropped with this task, and all connections with it.
    let mut connections = JoinSet::new();
    let mut connection = 0;
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((client, _)) => {
                    connection += 1;
                    let notes = Notes { recording: recording.clone(), clock: Arc::clone(&clock), connection };
                    connections.spawn(pass(client, upstream.clone(), notes));
                }
                // Too many open files, or a client that has gone again: others can still come.
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be taken");
                    tokio::task::yield_now().await;
                }
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn pass(client: TcpStream, upstream: String, notes: Notes) {
    notes.note(Event::Connected);
    let server = match TcpStream::connect(&upstream).await {
        Ok(server) => server,
        Err(error) => {
            tracing::error!(%upstream, %error, "the TWS behind this cannot be reached");
            return notes.note(Event::Closed(Side::Server, format!("{upstream} cannot be reached")));
        }
    };
    for stream in [&client, &server] {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::warn!(%error, "a connection is passed on late: its socket cannot be set up");
        }
    }
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    // Either end closes both: so it is with one connection.
    let side = tokio::select! {
        () = copy(from_client, to_server, Side::Client, &notes) => Side::Client,
        () = copy(from_server, to_client, Side::Server, &notes) => Side::Server,
    };
    notes.note(Event::Closed(side, String::new()));
}

/// Passes bytes on until one of both ends; an error is an end, too.
async fn copy(
    mut from: impl AsyncReadExt + Unpin,
    mut to: impl AsyncWriteExt + Unpin,
    side: Side,
    notes: &Notes,
) {
    let mut bytes = vec![0; PIECE];
    while let Ok(read) = from.read(&mut bytes).await
        && read > 0
    {
        let piece = bytes.get(..read).unwrap_or_default();
        notes.note(Event::Sent(side, piece.to_vec()));
        if to.write_all(piece).await.is_err() {
            return;
        }
    }
}
