//! How a listening server is set up.

use super::FakeTws;
use super::driver::{Aside, COMMANDS, Driver};
use super::port::listen;
use crate::chaos::Scenario;
use crate::record::RecorderHandle;
use crate::server::{Server, ServerSettings};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
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
    recording: Option<RecorderHandle>,
    as_read: bool,
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
        let settings = ServerSettings::default();
        Self { address, settings, queue: QUEUE, recording: None, as_read: false }
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

    /// What goes wrong, and when.
    pub fn scenario(mut self, scenario: Scenario) -> Self {
        self.settings.scenario = scenario;
        self
    }

    /// So many bytes may wait for a connection that does not read, before it is dropped.
    pub const fn queue_bytes(mut self, bytes: usize) -> Self {
        self.queue = bytes;
        self
    }

    /// Every connection is recorded there.
    pub fn record(mut self, recording: RecorderHandle) -> Self {
        self.recording = Some(recording);
        self
    }

    /// Lets the market run as fast as its clients read, for tests of how much a client can take. While somebody has a stream
    /// the market's next moment comes as soon as every connection has room for it; else time passes as the clock says. A
    /// client that takes nothing for five seconds while all others wait for it is dropped.
    pub const fn as_fast_as_read(mut self) -> Self {
        self.as_read = true;
        self
    }

    /// Listens and serves, on the current tokio runtime, until what it gives is dropped. All time is `clock`'s.
    pub async fn start(self, clock: Arc<dyn Clock>) -> Result<FakeTws, StartError> {
        let bind = |source| StartError::Bind { address: self.address, source };
        let server = Server::new(self.settings, clock.now())?;
        let listener = TcpListener::bind(self.address).await.map_err(bind)?;
        let address = listener.local_addr().map_err(bind)?;
        let (commands, inbox) = mpsc::channel(COMMANDS);
        let (open, is_open) = watch::channel(true);
        let aside = Aside { queue: self.queue, open, recording: self.recording, as_read: self.as_read };
        let driver = Driver::new(server, Arc::clone(&clock), commands.clone(), aside);
        let driver = tokio::spawn(driver.run(inbox));
        let listener = tokio::spawn(listen(listener, address, commands.clone(), is_open, clock));
        Ok(FakeTws { address, commands, driver, listener })
    }
}
