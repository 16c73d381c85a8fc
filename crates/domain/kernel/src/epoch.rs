//! Connection epochs, and snapshots that are whole within one.

use crate::{OrderKey, Timestamp};
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
/// never a shorter snapshot. So an empty one proves that there is nothing, unless it names rows that could not be read: what
/// they are nobody knows, and then nothing follows from what is not shown ([`Snapshot::proves_absence`]).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot<T> {
    epoch: ConnectionEpoch,
    at: Timestamp,
    rows: Vec<T>,
    unread: Vec<UnreadRow>,
}

/// A row that the broker holds, and that could not be read: it neither hides the others nor vanishes among them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadRow {
    /// What people find it by in the broker's own program, the same each time: `order 1234567`.
    pub name: String,
    /// Our key, where at least that could be read.
    pub key: Option<OrderKey>,
    /// What could not be read, in the broker's own words, and why.
    pub reason: String,
}

impl<T> Snapshot<T> {
    /// A snapshot whose end marker was seen at `at`, in `epoch`.
    #[must_use]
    pub const fn complete(epoch: ConnectionEpoch, at: Timestamp, rows: Vec<T>) -> Self {
        Self { epoch, at, rows, unread: Vec::new() }
    }

    /// The same, beside rows that the broker told as well and that could not be read.
    #[must_use]
    pub fn with_unread(self, unread: Vec<UnreadRow>) -> Self {
        Self { unread, ..self }
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

    /// The rows that could not be read, in the broker's order.
    #[must_use]
    pub fn unread(&self) -> &[UnreadRow] {
        &self.unread
    }

    /// Does it follow from this snapshot that what it does not show is not there? Not while one of its rows could not be read.
    #[must_use]
    pub const fn proves_absence(&self) -> bool {
        self.unread.is_empty()
    }

    /// The rows, by value.
    #[must_use]
    pub fn into_rows(self) -> Vec<T> {
        self.rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_snapshot_that_was_read_as_a_whole_proves_that_the_rest_is_not_there() {
        let rows = Snapshot::complete(ConnectionEpoch::new(2), Timestamp::EPOCH, vec![1, 2]);
        assert_eq!((rows.proves_absence(), rows.unread()), (true, &[][..]));
        let dark = UnreadRow { name: "order 9".to_owned(), key: None, reason: "a status of none".to_owned() };
        let beside = rows.clone().with_unread(vec![dark.clone()]);
        assert_eq!((beside.proves_absence(), beside.unread()), (false, &[dark][..]));
        assert_eq!((beside.rows(), beside.epoch(), beside.at()), (rows.rows(), rows.epoch(), rows.at()));
        assert!(beside.with_unread(Vec::new()).proves_absence());
    }
}
