//! Time zones: which moment a local time is, daylight saving included.
//!
//! Left out: names of a broker's own making, and years that the bundled table does not have.

mod table;

use crate::Timestamp;
use std::fmt;
use table::ZoneData;
use time::{Date, Time};

/// The days from the origin of Julian days to 1970-01-01.
const JULIAN_DAY_OF_1970: i64 = 2_440_588;
const DAY: i64 = 86_400;

/// A time zone of the IANA database, known from 1990 to 2050.
///
/// ```
/// use time::macros::{date, time};
/// use tradeport_kernel::Zone;
/// let new_york = Zone::named("America/New_York")?;
/// let open = new_york.moment(date!(2025 - 03 - 10), time!(09:30))?.earlier();
/// assert_eq!(open.to_string(), "2025-03-10T13:30:00Z");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Zone(&'static ZoneData);

/// What a local time means in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocalMoment {
    /// It happens once: the usual case.
    Once(Timestamp),
    /// Clocks are set back and it happens twice.
    Twice {
        /// The first time, before the clocks are set back.
        earlier: Timestamp,
        /// The second time, after it.
        later: Timestamp,
    },
    /// Clocks are set forward and it never happens.
    Never {
        /// The moment that the old clock would have called so: as far behind the change as the time lies within the gap.
        shifted: Timestamp,
    },
}

/// There is no zone of this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a time zone: expected a name such as America/New_York")]
pub struct UnknownZone(String);

impl UnknownZone {
    /// Of this name; only its beginning is kept.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self(name.chars().take(60).collect())
    }
}

/// The time zones are known for some years only.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the clocks of {zone} are known from {first} to {last}, not in {year}")]
pub struct BeyondZone {
    zone: &'static str,
    year: i32,
    first: i32,
    last: i32,
}

impl LocalMoment {
    /// The only, the first, or the shifted moment: what calendars mean by an open or a close.
    #[must_use]
    pub const fn earlier(self) -> Timestamp {
        match self {
            Self::Once(at) | Self::Twice { earlier: at, .. } | Self::Never { shifted: at } => at,
        }
    }

    /// The only, the second, or the shifted moment.
    #[must_use]
    pub const fn later(self) -> Timestamp {
        match self {
            Self::Once(at) | Self::Twice { later: at, .. } | Self::Never { shifted: at } => at,
        }
    }
}

impl Zone {
    /// The zone with this IANA name, old names such as `US/Eastern` included; capitals matter.
    pub fn named(name: &str) -> Result<Self, UnknownZone> {
        table::find(name).map(Self).ok_or_else(|| UnknownZone::new(name))
    }

    /// Coordinated universal time.
    #[must_use]
    pub fn utc() -> Self {
        Self::named("UTC").expect("the bundled table has UTC, as a test shows")
    }

    /// The name by which it was asked for, or an equal one.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// Seconds by which local time is ahead of UTC at a moment; negative west of Greenwich.
    pub fn offset_at(self, at: Timestamp) -> Result<i32, BeyondZone> {
        let second = at.nanos().div_euclid(1_000_000_000);
        self.within(at.to_utc().year())?;
        Ok(self.0.offset_at(second))
    }

    /// The local date and time of day at a moment.
    pub fn local(self, at: Timestamp) -> Result<(Date, Time), BeyondZone> {
        let offset = i64::from(self.offset_at(at)?);
        let local = at.to_utc() + time::Duration::seconds(offset);
        Ok((local.date(), local.time()))
    }

    /// What a local date and time of day mean in UTC.
    pub fn moment(self, date: Date, time: Time) -> Result<LocalMoment, BeyondZone> {
        let (hours, minutes, seconds) = time.as_hms();
        let second = i64::from(hours) * 3_600 + i64::from(minutes) * 60 + i64::from(seconds);
        let whole = self.moment_of(date, second)?;
        let nanos = i64::from(time.nanosecond());
        let with_fraction = |at: Timestamp| Timestamp::from_nanos(at.nanos().saturating_add(nanos));
        Ok(match whole {
            LocalMoment::Once(at) => LocalMoment::Once(with_fraction(at)),
            LocalMoment::Never { shifted } => LocalMoment::Never { shifted: with_fraction(shifted) },
            LocalMoment::Twice { earlier, later } => {
                LocalMoment::Twice { earlier: with_fraction(earlier), later: with_fraction(later) }
            }
        })
    }

    /// The same for seconds from the midnight that starts a date, which may lie days before or after it.
    pub fn moment_of(self, date: Date, second_of_day: i64) -> Result<LocalMoment, BeyondZone> {
        self.within(date.year())?;
        let days = i64::from(date.to_julian_day()) - JULIAN_DAY_OF_1970;
        Ok(self.resolve(days * DAY + second_of_day))
    }

    fn within(self, year: i32) -> Result<(), BeyondZone> {
        let (first, last) = table::years();
        if (first..=last).contains(&year) {
            return Ok(());
        }
        Err(BeyondZone { zone: self.name(), year, first, last })
    }

    fn resolve(self, local: i64) -> LocalMoment {
        let at = |second| Timestamp::from_seconds(second);
        let mut found: [Option<i64>; 2] = [None, None];
        let mut shifted = local;
        for (start, end, offset) in self.0.spans_around(local) {
            let second = local - i64::from(offset);
            if second < start {
                continue;
            }
            shifted = second;
            if second < end {
                let free = usize::from(found[0].is_some());
                found[free] = Some(second);
            }
        }
        match found {
            [Some(earlier), Some(later)] => LocalMoment::Twice { earlier: at(earlier), later: at(later) },
            [Some(only), None] => LocalMoment::Once(at(only)),
            [None, _] => LocalMoment::Never { shifted: at(shifted) },
        }
    }
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for Zone {}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({})", self.name())
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::{date, time};

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn clocks_set_forward_skip_an_hour() {
        let zone = Zone::named("America/New_York").unwrap();
        let moment = |time| zone.moment(date!(2025 - 03 - 09), time).unwrap();
        assert_eq!(moment(time!(01:59)), LocalMoment::Once(at("2025-03-09T06:59:00Z")));
        assert_eq!(moment(time!(02:30)), LocalMoment::Never { shifted: at("2025-03-09T07:30:00Z") });
        assert_eq!(moment(time!(03:00)), LocalMoment::Once(at("2025-03-09T07:00:00Z")));
    }

    #[test]
    fn clocks_set_back_repeat_an_hour() {
        let zone = Zone::named("Europe/London").unwrap();
        let moment = |time| zone.moment(date!(2025 - 10 - 26), time).unwrap();
        assert_eq!(moment(time!(00:59)), LocalMoment::Once(at("2025-10-25T23:59:00Z")));
        let twice =
            LocalMoment::Twice { earlier: at("2025-10-26T00:30:00Z"), later: at("2025-10-26T01:30:00Z") };
        assert_eq!(moment(time!(01:30)), twice);
        assert_eq!(moment(time!(02:00)), LocalMoment::Once(at("2025-10-26T02:00:00Z")));
    }

    #[test]
    fn local_time_is_told_on_both_sides_of_the_equator() {
        let local = |zone, text| Zone::named(zone).unwrap().local(at(text)).unwrap();
        assert_eq!(local("Australia/Sydney", "2025-01-01T00:00:00Z"), (date!(2025 - 01 - 01), time!(11:00)));
        assert_eq!(local("Asia/Kolkata", "1990-01-01T00:00:00Z"), (date!(1990 - 01 - 01), time!(05:30)));
        assert_eq!(
            local("America/Mexico_City", "2024-07-01T06:30:00Z"),
            (date!(2024 - 07 - 01), time!(00:30))
        );
    }

    #[test]
    fn unknown_names_and_years_are_refused_in_words() {
        let error = Zone::named("Mars/Olympus").unwrap_err().to_string();
        assert_eq!(error, "\"Mars/Olympus\" is not a time zone: expected a name such as America/New_York");
        let beyond = Zone::utc().moment(date!(2051 - 01 - 01), time!(00:00)).unwrap_err().to_string();
        assert_eq!(beyond, "the clocks of UTC are known from 1990 to 2050, not in 2051");
    }
}
