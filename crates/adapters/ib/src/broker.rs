//! The adapter as a whole: what all ports share, behind one handle.

use crate::budget::Budget;
use crate::census::{Alive, Census};
use crate::directory::Directory;
use crate::link::LinkCore;
use crate::orders::Desk;
use crate::quotes::{Lines, TickLines};
use crate::session::{Session, Tools};
use crate::settings::IbSettings;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::runtime::Handle;
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
}

/// There is no connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no connection to TWS: connect first")]
pub struct NoLink;

/// The adapter was made outside of a tokio runtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an IB adapter is made within a tokio runtime, which it works on")]
pub struct NoRuntime;

impl IbBroker {
    /// A broker without a connection: connect first. It works on the tokio runtime around this call; its ports may be used
    /// from anywhere. All time is `clock`'s.
    pub fn new(settings: IbSettings, clock: Arc<dyn Clock>) -> Result<Self, NoRuntime> {
        let runtime = Handle::try_current().map_err(|_| NoRuntime)?;
        let tools = Tools {
            budget: Arc::new(Budget::new(Arc::clone(&clock), settings.messages_per_second())),
            census: Census::default(),
            notices: Arc::new(settings.notices().clone()),
            standing: std::sync::Weak::new(),
            clock,
            runtime,
        };
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
        self.inner.tools.budget.sent()
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
