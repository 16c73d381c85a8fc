//! When a contract trades, as whole seconds of trading days: what quotes, bars and ticks go by.
//!
//! The hours are those of the market's calendar. A world that is always open has two sorts: the regular hours stay those
//! of the calendar, and outside of them every moment is open; its days are then those of the market's own clock.
//!
//! Left out: the hours of orders, which are the exchange's.

use time::{Date, Duration, Time};
use tradeport_contracts::Contract;
use tradeport_contracts::calendar::{Calendar, Hours, Schedule, Zone};
use tradeport_fake_broker::house::{Catalog, FakeHours};
use tradeport_kernel::Timestamp;

/// So many days are looked back for the last day of trading.
const MOST_DAYS_BACK: i64 = 15;

/// A stretch of trading: from a second up to, but not including, another.
pub(crate) type Stretch = (i64, i64);

/// A day of trading under the date that it is settled by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Day {
    pub(crate) date: Date,
    /// In order, at least one.
    pub(crate) stretches: Vec<Stretch>,
}

impl Day {
    pub(crate) fn open(&self) -> i64 {
        self.stretches.first().map_or(0, |(open, _)| *open)
    }

    pub(crate) fn close(&self) -> i64 {
        self.stretches.last().map_or(0, |(_, close)| *close)
    }

    /// What of it lies before a second; `None` when nothing does.
    pub(crate) fn until(&self, second: i64) -> Option<Self> {
        self.within(i64::MIN, second)
    }

    /// What of it lies within; `None` when nothing does.
    pub(crate) fn within(&self, from: i64, to: i64) -> Option<Self> {
        let clipped = |(open, close): &Stretch| ((*open).max(from), (*close).min(to));
        let stretches: Vec<_> = self.stretches.iter().map(clipped).filter(|(a, b)| a < b).collect();
        (!stretches.is_empty()).then_some(Self { date: self.date, stretches })
    }
}

/// The hours of one contract.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MarketHours {
    calendar: Option<&'static Calendar>,
    zone: Zone,
    always: bool,
    /// The second after its last trade.
    end: i64,
}

impl MarketHours {
    pub(crate) fn of(contract: &Contract, hours: FakeHours) -> Self {
        let calendar = Catalog::calendar(contract);
        let always = hours == FakeHours::Always;
        let last = contract.sessions().as_slice().last().map(|session| session.close);
        // Known sessions end somewhere; only those of a contract that ends say when it does.
        let ends = contract.details().expiry.is_some();
        let end = last.filter(|_| ends).map_or(i64::MAX, |at| at.nanos().div_euclid(1_000_000_000));
        Self { calendar, zone: calendar.map_or_else(Zone::utc, Calendar::zone), always, end }
    }

    /// Where its clock hangs.
    pub(crate) const fn zone(&self) -> Zone {
        self.zone
    }

    /// Is it open then? In regular hours or in all.
    pub(crate) fn is_open(&self, second: i64, regular: bool) -> bool {
        if self.always {
            return second < self.end;
        }
        self.day_at(second, regular)
            .is_some_and(|day| day.stretches.iter().any(|(open, close)| (*open..*close).contains(&second)))
    }

    /// The last day of trading that has begun by a second.
    pub(crate) fn day_at(&self, second: i64, regular: bool) -> Option<Day> {
        let second = second.min(self.end.saturating_sub(1));
        let date = self.local_day(second) + Duration::days(1);
        let days = self.days(date - Duration::days(MOST_DAYS_BACK), date, regular);
        days.into_iter().rev().find(|day| day.open() <= second)
    }

    /// The days of trading from one date to another, both included.
    pub(crate) fn days(&self, first: Date, last: Date, regular: bool) -> Vec<Day> {
        let days = match self.schedule(regular) {
            Some(schedule) => scheduled(schedule, first, last),
            None => self.whole_days(first, last),
        };
        days.into_iter().filter_map(|day| day.until(self.end)).collect()
    }

    /// Does the market itself trade on a date? Where that is not known, it does.
    pub(crate) fn trades_on(&self, date: Date) -> bool {
        self.calendar.is_none_or(|calendar| !matches!(calendar.regular().trading_day_on(date), Ok(None)))
    }

    /// The date on its clock.
    pub(crate) fn local_day(&self, second: i64) -> Date {
        let at = Timestamp::from_seconds(second);
        self.zone.local(at).map_or_else(|_| at.to_utc().date(), |(day, _)| day)
    }

    /// The second at which a date begins on its clock.
    pub(crate) fn midnight(&self, date: Date) -> i64 {
        let moment = self.zone.moment(date, Time::MIDNIGHT).map(|it| it.earlier());
        let at = moment.unwrap_or_else(|_| {
            Timestamp::try_from(date.midnight().assume_utc()).unwrap_or(Timestamp::EPOCH)
        });
        at.nanos().div_euclid(1_000_000_000)
    }

    /// The first date of which it is known when it trades; `None` when it always was.
    pub(crate) fn known_from(&self, regular: bool) -> Option<Date> {
        self.schedule(regular).map(|schedule| schedule.known_days().0)
    }

    fn schedule(&self, regular: bool) -> Option<&'static Schedule> {
        let calendar = self.calendar?;
        match (regular, self.always) {
            (true, _) => Some(calendar.regular()),
            (false, true) => None,
            (false, false) => Some(calendar.hours(Hours::Extended).unwrap_or(calendar.regular())),
        }
    }

    fn whole_days(&self, first: Date, last: Date) -> Vec<Day> {
        let mut days = Vec::new();
        let mut date = first;
        while date <= last {
            let Some(next) = date.next_day() else { break };
            days.push(Day { date, stretches: vec![(self.midnight(date), self.midnight(next))] });
            date = next;
        }
        days
    }
}

fn scheduled(schedule: &Schedule, first: Date, last: Date) -> Vec<Day> {
    let (known_first, known_last) = schedule.known_days();
    let (first, last) = (first.max(known_first), last.min(known_last));
    if first > last {
        return Vec::new();
    }
    let second = |at: Timestamp| at.nanos().div_euclid(1_000_000_000);
    let Ok(days) = schedule.trading_days(first, last) else { return Vec::new() };
    days.map(|day| Day {
        date: day.date(),
        stretches: day.sessions().iter().map(|it| (second(it.open), second(it.close))).collect(),
    })
    .collect()
}
