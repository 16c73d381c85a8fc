//! What this crate asks of the outside: a place where the kill switch is kept.

use crate::{Kill, NotResumed, Resume, Switch};
use async_trait::async_trait;
use tradeport_kernel::StoreError;

/// Keeps the kill switch where every process that could send an order, or wants none to be sent, finds it.
#[async_trait]
pub trait SwitchStore: Send + Sync {
    /// How the switch stands now, whoever put it there. It is asked before every order: it must be quick, and waits for
    /// nobody else.
    /// Promises: a fresh switch is open; a switch that cannot be read is killed.
    async fn look(&self) -> Switch;

    /// Kills, and returns once that is durable: the kill that stands. It waits for no other process, which may hang.
    /// Promises: a kill survives reopening; a kill comes back exactly as it was given; of several kills the first stands.
    async fn kill(&self, kill: &Kill) -> Result<Kill, StoreError>;

    /// Opens what was killed, and returns once that is durable.
    /// Promises: a switch that was resumed is open, and stays so after reopening; a switch that is open is not resumed;
    /// of another kill than the one that stands it is not resumed; a switch that cannot be read can be resumed.
    async fn resume(&self, resume: &Resume) -> Result<(), ResumeError>;

    /// The last resume, for whoever wants to write down who it was; `None` when there was none.
    /// Promises: the last resume comes back exactly as it was given.
    async fn last_resume(&self) -> Result<Option<Resume>, StoreError>;
}

/// Why the switch was not resumed: it stands as it stood.
#[derive(Debug, thiserror::Error)]
pub enum ResumeError {
    /// By its own rules.
    #[error(transparent)]
    NotResumed(#[from] NotResumed),
    /// It could not be kept.
    #[error("the kill switch could not be opened")]
    Store(#[from] StoreError),
    /// This adapter does not do that.
    #[error("this kill switch does not support {0}")]
    Unsupported(&'static str),
}
