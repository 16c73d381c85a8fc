//! What this crate asks of the outside: a log that nobody can edit unseen, and a way to call a person.

use crate::audit::{AuditHead, ChainHash};
use crate::reconciliation::Break;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tradeport_kernel::{Cause, StoreError, Timestamp};

/// Keeps who did what, for ever.
#[async_trait]
pub trait AuditLog: Send + Sync {
    /// Adds entries, all or none of them, and returns once they are durable.
    /// Promises: an acknowledged entry survives reopening; entries come back exactly as they were given; each record is
    /// chained to the one before it.
    async fn append(&self, entries: &[AuditEntry]) -> Result<(), StoreError>;

    /// Entries after a sequence, in order, at most `limit`.
    /// Promises: sequences grow by one without holes, from 1; reading from zero page by page gives every entry once.
    async fn read(&self, after: u64, limit: usize) -> Result<Vec<AuditRecord>, StoreError>;

    /// Where the log ends; it is kept apart from the records, and with them.
    /// Promises: the head is that of the last entry, after reopening too.
    async fn head(&self) -> Result<AuditHead, StoreError>;
}

/// Something that somebody did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// When.
    pub at: Timestamp,
    /// Who: a command, a strategy, a service.
    pub actor: String,
    /// What: one word or two, the same for the same thing.
    pub action: String,
    /// To what: an order key, an account, a file.
    pub subject: String,
    /// Anything else worth knowing.
    pub detail: String,
}

/// An entry that is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRecord {
    /// Its place, from 1.
    pub sequence: u64,
    /// What it says.
    pub entry: AuditEntry,
    /// What chains it to all records before it.
    pub hash: ChainHash,
}

/// Keeps breaks until they are solved, and those that were solved last.
#[async_trait]
pub trait BreakStore: Send + Sync {
    /// Keeps these in the place of all that were kept before, and returns once that is durable.
    /// Promises: what is kept survives reopening; of several calls the last one counts; breaks come back exactly as they
    /// were given, in their order.
    async fn keep(&self, breaks: &[Break]) -> Result<(), StoreError>;

    /// Everything that is kept.
    /// Promises: nothing kept is empty, not an error; what cannot be read is an error, never an empty answer.
    async fn kept(&self) -> Result<Vec<Break>, StoreError>;
}

/// Calls a person.
#[async_trait]
pub trait Notifier: Send + Sync {
    /// Passes an alarm on.
    /// Promises: an alarm that was accepted is delivered, in order, with its text as it was given.
    async fn notify(&self, alarm: &Alarm) -> Result<(), NotifyError>;
}

/// Something that a person should know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alarm {
    /// When it arose.
    pub at: Timestamp,
    /// How bad it is.
    pub severity: Severity,
    /// What it is about: the same text for the same condition.
    pub condition: String,
    /// What happened, and what to do.
    pub text: String,
}

/// How bad something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know.
    Information,
    /// Look when there is time.
    Warning,
    /// Look now: money may be at stake.
    Critical,
}

/// Why an alarm did not get through.
#[derive(Debug, thiserror::Error)]
pub enum NotifyError {
    /// The way is closed for now; try again.
    #[error("the alarm could not be passed on")]
    Unavailable(#[source] Cause),
    /// This adapter does not do that.
    #[error("this notifier does not support {0}")]
    Unsupported(&'static str),
}
