//! How a listening server is set up.

use super::FakeTws;
use super::driver::{COMMANDS, Command, Driver};
use crate::server::{Server, ServerSettings};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tradeport_fake_broker::ConfigError;
use tradeport_kernel::Clock;

/// So many bytes may wait for one connection before it is dropped.
const QUEUE: usize = 64 * 1024 * 1024;

/// Sets a server up: by default on loopback, on a port that is free.
#[derive(Clone, Debug)]
#[must_use = "a server is made by `start`"]
pub struct Builder {
    address: SocketAddr,
    settings: ServerSettings,
    queue: usize,
}

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The port cannot be had.
    #[error("cannot listen on {address}: is another program using the port, a TWS or a Gateway perhaps?")]
    Bind {
        /// Which.
        address: SocketAddr,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The settings contradict themselves.
    #[error("the settings make no broker")]
    Settings(#[from] ConfigError),
}

impl Default for Builder {
    fn default() -> Self {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Self { address, settings: ServerSettings::default(), queue: QUEUE }
    }
}

impl Builder {
    /// Where to listen; port 0 is one that is free.
    pub const fn address(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// How it answers.
    pub fn settings(mut self, settings: ServerSettings) -> Self {
        self.settings = settings;
        self
    }

    /// Where chance begins.
    pub const fn seed(mut self, seed: u64) -> Self {
        self.settings.seed = seed;
        self
    }

    /// So many bytes may wait for a connection that does not read, before it is dropped.
    pub const fn queue_bytes(mut self, bytes: usize) -> Self {
        self.queue = bytes;
        self
    }

    /// Listens and serves, on the current tokio runtime, until what it gives is dropped. All time is `clock`'s.
    pub async fn start(self, clock: Arc<dyn Clock>) -> Result<FakeTws, StartError> {
        let bind = |source| StartError::Bind { address: self.address, source };
        let server = Server::new(self.settings, clock.now())?;
        let listener = TcpListener::bind(self.address).await.map_err(bind)?;
        let address = listener.local_addr().map_err(bind)?;
        let (commands, inbox) = mpsc::channel(COMMANDS);
        let driver = Driver::new(server, clock, commands.clone(), self.queue);
        let driver = tokio::spawn(driver.run(inbox));
        let listener = tokio::spawn(listen(listener, commands.clone()));
        Ok(FakeTws { address, commands, driver, listener })
    }
}

async fn listen(listener: TcpListener, commands: mpsc::Sender<Command>) {
    loop {
        match listener.accept().await {
            Ok((stream, from)) => {
                tracing::debug!(%from, "a connection");
                if commands.send(Command::Accepted(stream)).await.is_err() {
                    return;
                }
            }
            // Too many open files, or a client that has gone again: others can still come.
            Err(error) => {
                tracing::warn!(%error, "a connection could not be taken");
                tokio::task::yield_now().await;
            }
        }
    }
}
