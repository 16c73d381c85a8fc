//! The sockets around the server.
//!
//! One task owns the [`Server`] and is the only one to move it; each connection has a task that reads and a task that writes.
//! What a connection is to be sent waits in a queue with a bound: who does not read is dropped when it is full, and nobody
//! else notices.
//!
//! Left out: what is said.

mod builder;
mod connection;
mod driver;
mod port;

pub use builder::{Builder, StartError};

use crate::chaos::{Act, Scenario};
use crate::server::Server;
use driver::Command;
use std::net::SocketAddr;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tradeport_market_data::Quote;

/// A TWS that is listening. It stops when this is dropped.
#[derive(Debug)]
pub struct FakeTws {
    address: SocketAddr,
    commands: mpsc::Sender<Command>,
    driver: JoinHandle<()>,
    listener: JoinHandle<()>,
}

/// It has stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the server has stopped")]
pub struct Stopped;

impl FakeTws {
    /// How it is set up.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The port it listens on.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.address.port()
    }

    /// Publishes a quote: orders trade against it, and whoever subscribes to its instrument is told.
    pub async fn publish(&self, quote: Quote) -> Result<(), Stopped> {
        self.with(move |server| server.world_mut().publish(quote)).await
    }

    /// Does something with the server, between two of its steps.
    pub async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Server) -> T + Send + 'static,
    ) -> Result<T, Stopped> {
        let (answer, answered) = oneshot::channel();
        let work = move |server: &mut Server| {
            // Nobody waits for the answer when the caller was dropped meanwhile.
            drop(answer.send(work(server)));
        };
        self.commands.send(Command::Work(Box::new(work))).await.map_err(|_| Stopped)?;
        answered.await.map_err(|_| Stopped)
    }

    /// Plays a scenario, which begins now, beside what is played already.
    pub async fn play(&self, scenario: Scenario) -> Result<(), Stopped> {
        self.with(move |server| server.play(&scenario)).await
    }

    /// Does an act now: to all connections, or to the newest order. Acts on a message or a request need a rule that says
    /// which: alone they do nothing.
    pub async fn act(&self, act: Act) -> Result<(), Stopped> {
        self.with(move |server| server.act(act)).await
    }

    /// How many connections stand.
    pub async fn connections(&self) -> Result<usize, Stopped> {
        self.with(|server| server.connections()).await
    }

    /// Waits until it stops; it does so by itself only when something is broken.
    pub async fn stopped(&mut self) {
        // An error here says that the task was stopped or has failed: it is over either way.
        (&mut self.driver).await.unwrap_or_default();
    }
}

impl Drop for FakeTws {
    fn drop(&mut self) {
        self.listener.abort();
        self.driver.abort();
    }
}
