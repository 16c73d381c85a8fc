//! One trading day of a market: its date, its stretches of trading, and how it differs from a usual one.
//!
//! Left out: days on which the market is closed. They have no value of this type.

use crate::Session;
use std::ops::Range;
use time::Date;
use tradeport_kernel::Timestamp;

/// Where a day's stretches are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DayRecord {
    pub(super) date: Date,
    pub(super) first: u32,
    pub(super) count: u16,
    pub(super) early: bool,
    pub(super) late: bool,
}

/// A day of trading, under the date by which it is settled. It may open on the evening before its date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TradingDay<'a> {
    record: DayRecord,
    sessions: &'a [Session],
    projected: bool,
}

impl DayRecord {
    pub(super) fn range(&self) -> Range<usize> {
        let first = usize::try_from(self.first).expect("a 32-bit index fits");
        first..first + usize::from(self.count)
    }
}

impl<'a> TradingDay<'a> {
    /// There is at least one stretch: `expand` makes no day without one.
    pub(super) const fn new(record: DayRecord, sessions: &'a [Session], projected: bool) -> Self {
        Self { record, sessions, projected }
    }

    /// Its date.
    #[must_use]
    pub const fn date(&self) -> Date {
        self.record.date
    }

    /// When it opens first.
    #[must_use]
    pub const fn open(&self) -> Timestamp {
        self.sessions[0].open
    }

    /// When it closes for good.
    #[must_use]
    pub const fn close(&self) -> Timestamp {
        self.sessions[self.sessions.len() - 1].close
    }

    /// Its stretches of trading, in order; one, unless there is a break.
    #[must_use]
    pub const fn sessions(&self) -> &'a [Session] {
        self.sessions
    }

    /// The breaks between its stretches, each from its first moment to before its last.
    pub fn breaks(&self) -> impl Iterator<Item = (Timestamp, Timestamp)> + 'a {
        self.sessions.windows(2).map(|pair| (pair[0].close, pair[1].open))
    }

    /// Is the close announced to differ from a usual day's? As far as the calendar says so.
    #[must_use]
    pub const fn closes_early(&self) -> bool {
        self.record.early
    }

    /// Is the open announced to differ from a usual day's? As far as the calendar says so.
    #[must_use]
    pub const fn opens_late(&self) -> bool {
        self.record.late
    }

    /// Is it foreseen by rules, because the exchange had not announced its holidays when the calendar was made?
    #[must_use]
    pub const fn is_projected(&self) -> bool {
        self.projected
    }

    /// Does `at` lie between its open and its close?
    #[must_use]
    pub fn contains(&self, at: Timestamp) -> bool {
        self.open() <= at && at < self.close()
    }
}
