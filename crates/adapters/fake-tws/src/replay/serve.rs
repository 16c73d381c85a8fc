//! The sockets around a recording that is played: one task for each connection.
//!
//! A client that does not read holds up its own task and nobody else's; what waits for it is the recording itself.

use super::casting::Casting;
use super::player::{Player, Theatre};
use super::script::Script;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tradeport_kernel::Clock;

/// So much is read at once.
const READ: usize = 64 * 1024;
/// So many clients at once.
const MOST_CLIENTS: usize = 256;
/// Official Python clients read in pieces of this size, and throw a whole piece away when silence follows it.
const PIECE: usize = 4_096;

/// Why a recording is not served.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The port cannot be had.
    #[error("cannot listen on {address}: is another program using the port, a TWS or a Gateway perhaps?")]
    Bind {
        /// Which.
        address: SocketAddr,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// There is nothing to play.
    #[error("no connection of the recording got as far as a version: there is nothing to serve")]
    Nothing,
}

/// A recording that is being served. It stops when this is dropped.
#[derive(Debug)]
pub struct Replay {
    address: SocketAddr,
    listener: JoinHandle<()>,
}

impl Replay {
    /// Listens and plays, on the current tokio runtime. The time between messages passes on `clock`.
    pub async fn start(
        script: Script,
        address: SocketAddr,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, ReplayError> {
        if script.connections() == 0 {
            return Err(ReplayError::Nothing);
        }
        let bind = |source| ReplayError::Bind { address, source };
        let listener = TcpListener::bind(address).await.map_err(bind)?;
        let address = listener.local_addr().map_err(bind)?;
        let theatre = Theatre { script: Arc::new(script), casting: Arc::new(Casting::default()) };
        Ok(Self { address, listener: tokio::spawn(listen(listener, theatre, clock)) })
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

impl Drop for Replay {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

async fn listen(listener: TcpListener, theatre: Theatre, clock: Arc<dyn Clock>) {
    // Dropped with this task, and all connections with it.
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, from)) if connections.len() < MOST_CLIENTS => {
                    tracing::debug!(%from, "a connection");
                    let player = Player::in_theatre(theatre.clone());
                    let clock = Arc::clone(&clock);
                    connections.spawn(async move {
                        if let Err(error) = play(stream, player, clock).await {
                            tracing::debug!(%error, "a connection has ended");
                        }
                    });
                }
                Ok((_, from)) => tracing::warn!(%from, "too many connections: this one is closed"),
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

/// Plays to one client until one of both ends it.
async fn play(mut stream: TcpStream, mut player: Player, clock: Arc<dyn Clock>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let (mut bytes, mut out) = (vec![0; READ], Vec::new());
    loop {
        let wake = player.next_wake();
        let due = async {
            match wake {
                Some(wake) => clock.sleep_until(wake).await,
                None => std::future::pending().await,
            }
        };
        let played = tokio::select! {
            read = stream.read(&mut bytes) => match read? {
                0 => return Ok(()),
                read => player.receive(bytes.get(..read).unwrap_or_default(), clock.now(), &mut out),
            },
            () = due => player.wake(clock.now(), &mut out),
        };
        send(&mut stream, &player, &mut out).await?;
        if let Err(reason) = played {
            tracing::info!(%reason, "a connection is closed");
            return stream.shutdown().await;
        }
    }
}

/// Sends each piece whole; a burst that ends where a reader's piece does is followed by something small.
async fn send(stream: &mut TcpStream, player: &Player, out: &mut Vec<Vec<u8>>) -> io::Result<()> {
    let length: usize = out.iter().map(Vec::len).sum();
    if length > 0 && length.is_multiple_of(PIECE) {
        out.extend(player.filler());
    }
    // The first frame of a connection, the version, is alone anyway: the client waits for it.
    let all: Vec<u8> = out.drain(..).flatten().collect();
    stream.write_all(&all).await
}
