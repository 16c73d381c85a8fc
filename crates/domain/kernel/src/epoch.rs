//! Connection epochs, and snapshots that are whole within one.

use crate::Timestamp;
use serde::{Deserialize, Serialize};

/// One life of the link to the broker: it grows by one with each established connection, and what was learned in one
/// epoch proves nothing about another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ConnectionEpoch(u64);

impl ConnectionEpoch {
    /// The epoch with this number.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// Its number.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }

    /// The epoch after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// All rows of one kind that the broker holds, as of one moment and within one epoch.
///
/// A value of this type exists only after the end marker was seen: an interrupted answer is an error of the port,
/// never a shorter snapshot. So an empty one proves that there is nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot<T> {
    epoch: ConnectionEpoch,
    at: Timestamp,
    rows: Vec<T>,
}

impl<T> Snapshot<T> {
    /// A snapshot whose end marker was seen at `at`, in `epoch`.
    #[must_use]
    pub const fn complete(epoch: ConnectionEpoch, at: Timestamp, rows: Vec<T>) -> Self {
        Self { epoch, at, rows }
    }

    /// The epoch in which both the first row and the end marker arrived.
    #[must_use]
    pub const fn epoch(&self) -> ConnectionEpoch {
        self.epoch
    }

    /// When the end marker arrived.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// The rows, in the broker's order.
    #[must_use]
    pub fn rows(&self) -> &[T] {
        &self.rows
    }

    /// The rows, by value.
    #[must_use]
    pub fn into_rows(self) -> Vec<T> {
        self.rows
    }
}
