//! How many orders were sent in a day: of an account, or of a strategy in one.

use super::checkpoint::{Misfit, pair};
use std::fmt;
use std::str::FromStr;
use tradeport_kernel::Timestamp;

const NANOS_PER_DAY: i64 = 86_400_000_000_000;

/// The day that was counted last, UTC, and how many orders were sent in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct DayCount {
    /// In days since 1970.
    day: i64,
    orders: u32,
}

impl DayCount {
    pub(super) const fn new(day: i64, orders: u32) -> Self {
        Self { day, orders }
    }

    /// An order was sent. The first of another day begins a new count.
    pub(super) const fn sent(&mut self, at: Timestamp) {
        let day = day_of(at);
        if self.day != day {
            *self = Self::new(day, 0);
        }
        self.orders += 1;
    }

    /// The last order was not sent after all.
    pub(super) const fn take_back(&mut self) {
        self.orders = self.orders.saturating_sub(1);
    }

    /// How many orders were sent on the day of a moment, if none was sent on a later one.
    pub(super) const fn on_day_of(self, now: Timestamp) -> u32 {
        if self.day == day_of(now) { self.orders } else { 0 }
    }
}

const fn day_of(at: Timestamp) -> i64 {
    at.nanos().div_euclid(NANOS_PER_DAY)
}

/// As a checkpoint has it.
impl fmt::Display for DayCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.day, self.orders)
    }
}

impl FromStr for DayCount {
    type Err = Misfit;

    fn from_str(text: &str) -> Result<Self, Misfit> {
        let (day, orders) = pair(text)?;
        Ok(Self::new(day, orders))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;

    #[test]
    fn a_day_ends_at_midnight_utc() {
        let mut count = DayCount::default();
        for second in [3 * DAY, 4 * DAY - 1] {
            count.sent(Timestamp::from_seconds(second));
        }
        assert_eq!(count.on_day_of(Timestamp::from_seconds(4 * DAY - 1)), 2);
        assert_eq!(count.on_day_of(Timestamp::from_seconds(4 * DAY)), 0);
        assert_eq!(count.on_day_of(Timestamp::from_seconds(3 * DAY - 1)), 0);
        count.sent(Timestamp::from_seconds(4 * DAY));
        assert_eq!(count.on_day_of(Timestamp::from_seconds(4 * DAY)), 1);
    }

    #[test]
    fn what_was_not_sent_is_not_counted_and_never_counts_below_nothing() {
        let now = Timestamp::from_seconds(DAY);
        let mut count = DayCount::default();
        count.sent(now);
        count.sent(now);
        count.take_back();
        assert_eq!(count.on_day_of(now), 1);
        count.take_back();
        count.take_back();
        assert_eq!(count.on_day_of(now), 0);
    }
}
