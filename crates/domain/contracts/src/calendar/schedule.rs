//! The hours of one market: its trading days, and the stretches of trading within them.
//!
//! Left out: where they come from. [`super::Calendar`] has bundled ones and those that a broker sends.

use super::trading_day::{DayRecord, TradingDay};
use crate::{Session, TradingSessions};
use std::fmt;
use std::sync::Arc;
use time::Date;
use tradeport_kernel::{TimeRange, Timestamp};

/// Trading days in order, within the time for which they are known. Beyond it every answer is [`BeyondCalendar`].
#[derive(Clone, PartialEq, Eq)]
pub struct Schedule {
    pub(super) calendar: Arc<str>,
    pub(super) known: TimeRange,
    pub(super) first: Date,
    pub(super) last: Date,
    pub(super) projected: Option<Date>,
    pub(super) days: Arc<[DayRecord]>,
    pub(super) sessions: TradingSessions,
}

/// The calendar does not reach so far: whether the market is open there is unknown, not "no".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BeyondCalendar {
    /// A moment outside of what is known.
    #[error("the hours of {calendar} are known from {from} to {to}, which does not include {at}")]
    Moment {
        /// Whose hours.
        calendar: Arc<str>,
        /// What was asked.
        at: Timestamp,
        /// The first moment known.
        from: Timestamp,
        /// The first moment no longer known.
        to: Timestamp,
    },
    /// A day outside of what is known.
    #[error("the hours of {calendar} are known from {first} to {last}, which does not include {day}")]
    Day {
        /// Whose hours.
        calendar: Arc<str>,
        /// What was asked.
        day: Date,
        /// The first day known.
        first: Date,
        /// The last day known.
        last: Date,
    },
    /// Nothing more of the kind is known in that direction.
    #[error("the hours of {calendar} are known up to {to}, and hold no {what} after {at}")]
    NothingMore {
        /// Whose hours.
        calendar: Arc<str>,
        /// What was looked for.
        what: &'static str,
        /// What was asked.
        at: Timestamp,
        /// The first moment no longer known.
        to: Timestamp,
    },
}

impl Schedule {
    /// Can orders trade at `at`? Breaks within a day count as closed.
    pub fn is_open(&self, at: Timestamp) -> Result<bool, BeyondCalendar> {
        self.check(at)?;
        Ok(self.sessions.is_open(at))
    }

    /// The stretch of trading that is open at `at`, if one is.
    pub fn session_at(&self, at: Timestamp) -> Result<Option<Session>, BeyondCalendar> {
        self.check(at)?;
        Ok(self.sessions.session_at(at))
    }

    /// The trading day to which `at` belongs: from its first open, which may lie on the evening before, to its last
    /// close, breaks included. `None` between two trading days.
    pub fn trading_day_of(&self, at: Timestamp) -> Result<Option<TradingDay<'_>>, BeyondCalendar> {
        self.check(at)?;
        let begun = self.days.partition_point(|day| self.open_of(day) <= at);
        let day = self.days[..begun].last().map(|day| self.told(day));
        Ok(day.filter(|day| at < day.close()))
    }

    /// The trading day with this date; `None` when the market is closed all day.
    pub fn trading_day_on(&self, day: Date) -> Result<Option<TradingDay<'_>>, BeyondCalendar> {
        self.check_day(day)?;
        let found = self.days.binary_search_by_key(&day, |record| record.date);
        Ok(found.ok().map(|index| self.told(&self.days[index])))
    }

    /// The first moment after `at` at which a stretch of trading begins: of the same day, after a break, or of the next.
    pub fn next_open(&self, at: Timestamp) -> Result<Timestamp, BeyondCalendar> {
        self.check(at)?;
        self.sessions.next_after(at).map(|session| session.open).ok_or_else(|| self.nothing("open", at))
    }

    /// The first moment after `at` at which a stretch of trading ends.
    pub fn next_close(&self, at: Timestamp) -> Result<Timestamp, BeyondCalendar> {
        self.check(at)?;
        let all = self.sessions.as_slice();
        let next = all.get(all.partition_point(|session| session.close <= at));
        next.map(|session| session.close).ok_or_else(|| self.nothing("close", at))
    }

    /// The first trading day that opens after `at`.
    pub fn next_trading_day(&self, at: Timestamp) -> Result<TradingDay<'_>, BeyondCalendar> {
        self.check(at)?;
        let begun = self.days.partition_point(|day| self.open_of(day) <= at);
        self.days.get(begun).map(|day| self.told(day)).ok_or_else(|| self.nothing("trading day", at))
    }

    /// The last trading day that was over at `at`.
    pub fn last_trading_day(&self, at: Timestamp) -> Result<Option<TradingDay<'_>>, BeyondCalendar> {
        self.check(at)?;
        let over = self.days.partition_point(|day| self.told(day).close() <= at);
        Ok(self.days[..over].last().map(|day| self.told(day)))
    }

    /// The trading days from `first` to `last`, both included.
    pub fn trading_days(
        &self,
        first: Date,
        last: Date,
    ) -> Result<impl DoubleEndedIterator<Item = TradingDay<'_>> + ExactSizeIterator, BeyondCalendar> {
        self.check_day(first)?;
        self.check_day(last)?;
        let from = self.days.partition_point(|day| day.date < first);
        let to = self.days.partition_point(|day| day.date <= last).max(from);
        Ok(self.days[from..to].iter().map(|day| self.told(day)))
    }

    /// All trading days that are known.
    pub fn all_trading_days(&self) -> impl DoubleEndedIterator<Item = TradingDay<'_>> + ExactSizeIterator {
        self.days.iter().map(|day| self.told(day))
    }

    /// All stretches of trading that are known; cheap to hand on.
    #[must_use]
    pub fn sessions(&self) -> TradingSessions {
        self.sessions.clone()
    }

    /// The stretches of trading of the days from `first` to `last`, both included.
    pub fn sessions_between(&self, first: Date, last: Date) -> Result<TradingSessions, BeyondCalendar> {
        let days = self.trading_days(first, last)?;
        let sessions = days.flat_map(|day| day.sessions().to_vec()).collect();
        Ok(TradingSessions::new(sessions).expect("a part of sessions in order is in order"))
    }

    /// The time for which it is known whether the market is open.
    #[must_use]
    pub const fn known(&self) -> TimeRange {
        self.known
    }

    /// The first and the last day that are known.
    #[must_use]
    pub const fn known_days(&self) -> (Date, Date) {
        (self.first, self.last)
    }

    fn check(&self, at: Timestamp) -> Result<(), BeyondCalendar> {
        if self.known.contains(at) {
            return Ok(());
        }
        let (from, to) = (self.known.start(), self.known.end());
        Err(BeyondCalendar::Moment { calendar: self.calendar.clone(), at, from, to })
    }

    fn check_day(&self, day: Date) -> Result<(), BeyondCalendar> {
        if (self.first..=self.last).contains(&day) {
            return Ok(());
        }
        let (first, last) = (self.first, self.last);
        Err(BeyondCalendar::Day { calendar: self.calendar.clone(), day, first, last })
    }

    fn nothing(&self, what: &'static str, at: Timestamp) -> BeyondCalendar {
        BeyondCalendar::NothingMore { calendar: self.calendar.clone(), what, at, to: self.known.end() }
    }

    fn told(&self, record: &DayRecord) -> TradingDay<'_> {
        let projected = self.projected.is_some_and(|from| from <= record.date);
        TradingDay::new(*record, &self.sessions.as_slice()[record.range()], projected)
    }

    fn open_of(&self, record: &DayRecord) -> Timestamp {
        self.sessions.as_slice()[record.range().start].open
    }
}

/// Not its thousands of days.
impl fmt::Debug for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, days) = (&self.calendar, self.days.len());
        write!(f, "Schedule({name}: {days} trading days from {} to {})", self.first, self.last)
    }
}
