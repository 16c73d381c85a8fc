//! Where data is missing.

use serde::{Deserialize, Serialize};
use tradeport_kernel::{Symbol, TimeRange};

/// A stretch of time in which data of one instrument is missing, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// Whose data.
    pub symbol: Symbol,
    /// When: from the last datum that is there to the first that is there again.
    pub range: TimeRange,
    /// Why.
    pub cause: GapCause,
}

/// Why data is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "cause", rename_all = "snake_case")]
pub enum GapCause {
    /// A queue of ours was full: so many quotes were dropped.
    Dropped {
        /// How many.
        count: u64,
    },
    /// The link to the source was lost.
    LinkLost,
    /// The store could not take so many quotes.
    StoreFailed {
        /// How many.
        count: u64,
    },
}
