//! A time of day in a zone, on every day or on one of the week: `23:45 America/New_York`, `Sun 03:00 Europe/Zurich`.

use std::fmt;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{Date, OffsetDateTime, PrimitiveDateTime, Time, Weekday};
use time_tz::{OffsetDateTimeExt, OffsetResult, PrimitiveDateTimeExt, TimeZone as _, Tz, timezones};
use tradeport_kernel::Timestamp;

const LONG: &[BorrowedFormatItem<'_>] = format_description!("[hour]:[minute]:[second]");
const SHORT: &[BorrowedFormatItem<'_>] = format_description!("[hour]:[minute]");
const DAYS: [(&str, Weekday); 7] = [
    ("Mon", Weekday::Monday),
    ("Tue", Weekday::Tuesday),
    ("Wed", Weekday::Wednesday),
    ("Thu", Weekday::Thursday),
    ("Fri", Weekday::Friday),
    ("Sat", Weekday::Saturday),
    ("Sun", Weekday::Sunday),
];
/// A week, and one day more for one whose hour a change of clocks leaves out.
const LOOK_AHEAD: u8 = 15;

/// A time of day.
#[derive(Clone, Copy)]
pub struct TimeOfDay {
    weekday: Option<Weekday>,
    time: Time,
    zone: &'static Tz,
}

impl TimeOfDay {
    /// Reads `23:45 America/New_York`, with seconds or without, with a day of the week in front or without. The error says
    /// what is allowed.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "\"{}\" is no moment: expected a length of time since the start, such as \"90s\", or a time of day with its \
                 zone, such as \"23:45 America/New_York\" or \"Sun 03:00:00 Europe/Zurich\"",
                text.escape_debug()
            )
        };
        let words: Vec<&str> = text.split_whitespace().collect();
        let (day, time, zone) = match words.as_slice() {
            [time, zone] => (None, *time, *zone),
            [day, time, zone] => (Some(*day), *time, *zone),
            _ => return Err(wrong()),
        };
        let weekday = match day {
            None => None,
            Some(day) => {
                let found = DAYS.iter().find(|(name, _)| name.eq_ignore_ascii_case(day));
                Some(found.ok_or_else(wrong)?.1)
            }
        };
        let time = Time::parse(time, LONG).or_else(|_| Time::parse(time, SHORT)).map_err(|_| wrong())?;
        let zone = timezones::get_by_name(zone).ok_or_else(|| {
            format!("no zone is called \"{}\": expected a name such as America/New_York", zone.escape_debug())
        })?;
        Ok(Self { weekday, time, zone })
    }

    /// The first such moment after another; `None` when the calendar ends before.
    #[must_use]
    pub fn after(&self, moment: Timestamp) -> Option<Timestamp> {
        let mut date = moment.to_utc().to_timezone(self.zone).date().previous_day()?;
        for _ in 0..LOOK_AHEAD {
            if let Some(at) = self.on(date).filter(|at| *at > moment) {
                return Some(at);
            }
            date = date.next_day()?;
        }
        None
    }

    /// The moment on a day. When the clock shows it twice, the first counts; a day on which it does not exist has none.
    fn on(&self, date: Date) -> Option<Timestamp> {
        if self.weekday.is_some_and(|weekday| weekday != date.weekday()) {
            return None;
        }
        let found = match PrimitiveDateTime::new(date, self.time).assume_timezone(self.zone) {
            OffsetResult::Some(at) => at,
            OffsetResult::Ambiguous(one, other) => one.min(other),
            OffsetResult::None => return None,
        };
        i64::try_from(OffsetDateTime::unix_timestamp_nanos(found)).ok().map(Timestamp::from_nanos)
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = DAYS.iter().find(|(_, it)| Some(*it) == self.weekday).map_or("", |(name, _)| name);
        let space = if day.is_empty() { "" } else { " " };
        let time = self.time.format(LONG).unwrap_or_default();
        write!(f, "{day}{space}{time} {}", self.zone.name())
    }
}

impl fmt::Debug for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl PartialEq for TimeOfDay {
    fn eq(&self, other: &Self) -> bool {
        (self.weekday, self.time, self.zone.name()) == (other.weekday, other.time, other.zone.name())
    }
}

impl Eq for TimeOfDay {}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(text: &str, from: i64) -> i64 {
        let after = TimeOfDay::parse(text).unwrap().after(Timestamp::from_seconds(from)).unwrap();
        after.nanos() / 1_000_000_000
    }

    #[test]
    fn the_clock_of_the_zone_counts() {
        // 2026-11-20 15:00 UTC, a Friday, ten in the morning in New York.
        let now = 1_795_186_800;
        assert_eq!(next("10:30 America/New_York", now), now + 1_800);
        assert_eq!(next("10:00 America/New_York", now), now + 86_400, "after the moment, not at it");
        assert_eq!(next("Sun 10:00:05 America/New_York", now), now + 2 * 86_400 + 5);
        assert_eq!(next("15:01 UTC", now), now + 60);
    }

    #[test]
    fn an_hour_that_does_not_exist_waits_for_the_next_day_and_one_that_comes_twice_is_the_first() {
        // 2026-03-08: New York goes from 02:00 to 03:00. 2026-03-08 05:00 UTC is midnight there.
        let midnight = 1_772_946_000;
        assert_eq!(next("02:30 America/New_York", midnight), 1_773_037_800, "on the 9th, at 06:30 UTC");
        // 2026-11-01: 01:30 comes twice, first at 05:30 UTC.
        assert_eq!(next("01:30 America/New_York", 1_793_505_600), 1_793_511_000);
    }

    #[test]
    fn what_is_none_says_what_would_be() {
        for wrong in
            ["23:45", "25:00 UTC", "Someday 23:45 UTC", "23:45 Mars/Olympus", "23:45 America New York"]
        {
            assert!(TimeOfDay::parse(wrong).unwrap_err().contains("America/New_York"), "{wrong}");
        }
    }
}
