//! The adapter as a whole: what all ports share, behind one handle.

use crate::census::{Alive, Census};
use crate::deadlines::Deadlines;
use crate::directory::Directory;
use crate::link::LinkCore;
use crate::numbers::NumberReserve;
use crate::orders::Desk;
use crate::pace::own_pacer;
use crate::quotes::{Lines, TickLines};
use crate::runtime::Owned;
use crate::session::{Session, Tools};
use crate::settings::IbSettings;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::runtime::Handle;
use tradeport_connection::Pacer;
use tradeport_kernel::Clock;

/// A TWS or IB Gateway: every port of a broker over one connection at a time. Clones are the same broker; when the last of
/// them is dropped, the connection and all its streams end.
#[derive(Clone)]
pub struct IbBroker {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) settings: IbSettings,
    pub(crate) tools: Tools,
    pub(crate) link: Mutex<LinkCore>,
    /// Held while a connection is made: there is never a second one.
    pub(crate) connecting: futures::lock::Mutex<()>,
    pub(crate) directory: Arc<Directory>,
    pub(crate) lines: Lines,
    pub(crate) tick_lines: TickLines,
    pub(crate) desk: Arc<Desk>,
    /// They wake whoever waits: for the budget, and for too long.
    _drivers: [Owned; 2],
}

/// There is no connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no connection to TWS: it was not made yet, or it was lost")]
pub struct NoLink;

/// The adapter was made outside of a tokio runtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an IB adapter is made within a tokio runtime, which it works on")]
pub struct NoRuntime;

impl IbBroker {
    /// A broker without a connection: connect first. It works on the tokio runtime around this call; its ports may be used
    /// from anywhere. All time is `clock`'s.
    ///
    /// Numbers of orders begin where TWS says and where this value has come to; see [`Self::reserving`].
    pub fn new(settings: IbSettings, clock: Arc<dyn Clock>) -> Result<Self, NoRuntime> {
        Self::made(settings, clock, None)
    }

    /// The same, with numbers of orders that outlive this process.
    pub fn reserving(
        settings: IbSettings,
        clock: Arc<dyn Clock>,
        numbers: Arc<dyn NumberReserve>,
    ) -> Result<Self, NoRuntime> {
        Self::made(settings, clock, Some(numbers))
    }

    fn made(
        settings: IbSettings,
        clock: Arc<dyn Clock>,
        numbers: Option<Arc<dyn NumberReserve>>,
    ) -> Result<Self, NoRuntime> {
        let runtime = Handle::try_current().map_err(|_| NoRuntime)?;
        let tools = Tools {
            pacer: settings.pacer().cloned().unwrap_or_else(|| own_pacer(&clock)),
            sent: Arc::default(),
            deadlines: Deadlines::new(Arc::clone(&clock)),
            census: Census::default(),
            notices: Arc::new(settings.notices().clone()),
            numbers,
            clock,
            runtime,
        };
        let drivers = [
            Owned::spawn(&tools.runtime, tools.pacer.driver()),
            Owned::spawn(&tools.runtime, tools.deadlines.driver()),
        ];
        let directory = Arc::new(Directory::default());
        let desk = Arc::new(Desk::new(&tools, Arc::clone(&directory)));
        let inner = Inner {
            settings,
            tools,
            link: Mutex::default(),
            connecting: futures::lock::Mutex::new(()),
            directory,
            lines: Lines::default(),
            tick_lines: TickLines::default(),
            desk,
            _drivers: drivers,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// How much of it is alive: connections, tasks, streams.
    #[must_use]
    pub fn alive(&self) -> Alive {
        self.inner.tools.census.alive()
    }

    /// How many messages it has sent, cancels of streams included.
    #[must_use]
    pub fn messages_sent(&self) -> u64 {
        self.inner.tools.sent.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// The budget that its messages ask: how much of each limit is in use, and how long a request would wait.
    #[must_use]
    pub fn pacer(&self) -> &Pacer {
        &self.inner.tools.pacer
    }

    /// How it reaches TWS.
    #[must_use]
    pub fn settings(&self) -> &IbSettings {
        &self.inner.settings
    }

    /// The connection, while it stands.
    pub(crate) fn session(&self) -> Result<Arc<Session>, NoLink> {
        self.inner.session()
    }
}

impl Inner {
    pub(crate) fn session(&self) -> Result<Arc<Session>, NoLink> {
        self.lock().session().ok_or(NoLink)
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, LinkCore> {
        // Every change is whole before the lock is let go.
        self.link.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for IbBroker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IbBroker").field("settings", &self.inner.settings).finish_non_exhaustive()
    }
}
