//! When an algo starts and ends.

use super::refusal::{AlgoRefusal, shown};
use super::zone::Zone;
use serde::{Deserialize, Serialize};
use std::fmt;
use time::{Date, Month, Time};
use tradeport_kernel::Timestamp;

/// A moment in an algo's life, in whole seconds, in one of the forms that brokers read. The form is part of the value:
/// a broker takes the day's session for a time of day, but not for a date.
///
/// | form | text | built by |
/// | --- | --- | --- |
/// | time of day in a zone | `09:30:00 US/Eastern` | [`daily`](Self::daily) |
/// | time of day in the zone of the broker's session | `09:30:00` | [`in_login_zone`](Self::in_login_zone) |
/// | moment in UTC | `20260926-13:30:00` | [`utc`](Self::utc) |
/// | date and time in a zone | `20260926-09:30:00 US/Eastern` | [`dated`](Self::dated) |
///
/// Text is read in these forms, and in two that some write: with a space for the dash of the dated ones, and with an
/// hour below ten without its zero. What was read is written in the same form again. The broker honours a zone's name
/// surely after a time of day only: prefer [`daily`](Self::daily) or [`utc`](Self::utc).
///
/// ```
/// use tradeport_orders::algo::AlgoTime;
/// let open: AlgoTime = "09:30:00 US/Eastern".parse().unwrap();
/// assert_eq!(open, AlgoTime::daily(9, 30, 0, "US/Eastern").unwrap());
/// assert!("09:30:00 US/Estern".parse::<AlgoTime>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AlgoTime {
    day: Option<Day>,
    time: Time,
    bare_hour: bool,
    zone: Option<Zone>,
}

/// A date, and the character that stands between it and the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Day {
    date: Date,
    dashed: bool,
}

pub(super) const FORMS: &str = "hh:mm:ss ZONE, hh:mm:ss, YYYYMMDD-hh:mm:ss (UTC) or YYYYMMDD-hh:mm:ss ZONE";

impl AlgoTime {
    /// A time of day in a zone: `09:30:00 US/Eastern`.
    ///
    /// # Errors
    /// [`AlgoRefusal::Name`] when the clock never shows it or nobody knows the zone.
    pub fn daily(hour: u8, minute: u8, second: u8, zone: &str) -> Result<Self, AlgoRefusal> {
        Ok(Self { zone: Some(Zone::new(zone)?), ..Self::in_login_zone(hour, minute, second)? })
    }

    /// A time of day in the zone that the broker's session was logged in with: `09:30:00`. Prefer
    /// [`daily`](Self::daily), which means the same everywhere.
    ///
    /// # Errors
    /// [`AlgoRefusal::Name`] when the clock never shows it.
    pub fn in_login_zone(hour: u8, minute: u8, second: u8) -> Result<Self, AlgoRefusal> {
        let time = Time::from_hms(hour, minute, second)
            .map_err(|_| not_a_time(&format!("{hour:02}:{minute:02}:{second:02}")))?;
        Ok(Self { day: None, time, bare_hour: false, zone: None })
    }

    /// A moment: `20260926-13:30:00`. Parts of a second are dropped.
    #[must_use]
    pub fn utc(moment: Timestamp) -> Self {
        let utc = moment.to_utc();
        let time = utc.time().replace_nanosecond(0).expect("no nanoseconds are a count of nanoseconds");
        Self { day: Some(Day { date: utc.date(), dashed: true }), time, bare_hour: false, zone: None }
    }

    /// A date and time in a zone: `20260926-09:30:00 US/Eastern`.
    ///
    /// # Errors
    /// [`AlgoRefusal::Name`] when nobody knows the zone, or the year is not of four digits.
    pub fn dated(date: Date, time: Time, zone: &str) -> Result<Self, AlgoRefusal> {
        if !(1000..=9999).contains(&date.year()) {
            return Err(not_a_time(&date.to_string()));
        }
        let time = time.replace_nanosecond(0).expect("no nanoseconds are a count of nanoseconds");
        let day = Some(Day { date, dashed: true });
        Ok(Self { day, time, bare_hour: false, zone: Some(Zone::new(zone)?) })
    }

    /// The date, for the forms that have one.
    #[must_use]
    pub fn date(&self) -> Option<Date> {
        self.day.map(|day| day.date)
    }

    /// The time, in [`zone`](Self::zone).
    #[must_use]
    pub const fn time(&self) -> Time {
        self.time
    }

    /// The zone, when one is named. Without one a dated time is in UTC, and a time of day in the zone of the broker's
    /// session.
    #[must_use]
    pub const fn zone(&self) -> Option<Zone> {
        self.zone
    }

    /// Is this surely later than `other`? Only dated times in one zone can be compared: a session may cross midnight.
    #[must_use]
    pub fn is_after(&self, other: &Self) -> bool {
        match (self.day, other.day) {
            (Some(mine), Some(theirs)) if self.zone == other.zone && mine.dashed == theirs.dashed => {
                (mine.date, self.time) > (theirs.date, other.time)
            }
            _ => false,
        }
    }
}

impl fmt::Display for AlgoTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(Day { date, dashed }) = self.day {
            let mark = if dashed { '-' } else { ' ' };
            write!(f, "{:04}{:02}{:02}{mark}", date.year(), u8::from(date.month()), date.day())?;
        }
        let width = if self.bare_hour { 1 } else { 2 };
        write!(f, "{:0width$}:{:02}:{:02}", self.time.hour(), self.time.minute(), self.time.second())?;
        self.zone.map_or(Ok(()), |zone| write!(f, " {zone}"))
    }
}

impl std::str::FromStr for AlgoTime {
    type Err = AlgoRefusal;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (day, rest) = match text.split_at_checked(9) {
            Some((day, rest)) if day.ends_with(['-', ' ']) && !day.contains(':') => {
                (Some(parse_day(day).ok_or_else(|| not_a_time(text))?), rest)
            }
            _ => (None, text),
        };
        let (clock, zone) = rest.split_once(' ').map_or((rest, None), |(clock, zone)| (clock, Some(zone)));
        let time = parse_clock(clock).ok_or_else(|| not_a_time(text))?;
        let bare_hour = clock.find(':') == Some(1);
        Ok(Self { day, time, bare_hour, zone: zone.map(Zone::new).transpose()? })
    }
}

/// `20260926-` or `20260926 `.
fn parse_day(text: &str) -> Option<Day> {
    let year = digits(text.get(..4)?)?;
    let month = Month::try_from(u8::try_from(digits(text.get(4..6)?)?).ok()?).ok()?;
    let day = u8::try_from(digits(text.get(6..8)?)?).ok()?;
    let date = Date::from_calendar_date(i32::from(year), month, day).ok()?;
    (year >= 1000).then_some(Day { date, dashed: text.ends_with('-') })
}

/// `09:30:00` or `9:30:00`.
fn parse_clock(text: &str) -> Option<Time> {
    let (hour, rest) = text.split_once(':')?;
    let (minute, second) = rest.split_once(':')?;
    let lengths = (hour.len(), minute.len(), second.len());
    if !matches!(lengths, (1 | 2, 2, 2)) {
        return None;
    }
    let number = |part| u8::try_from(digits(part)?).ok();
    Time::from_hms(number(hour)?, number(minute)?, number(second)?).ok()
}

fn digits(text: &str) -> Option<u16> {
    if text.bytes().all(|c| c.is_ascii_digit()) { text.parse().ok() } else { None }
}

fn not_a_time(text: &str) -> AlgoRefusal {
    AlgoRefusal::Name { what: "a time of an algo", given: shown(text), accepted: FORMS }
}

impl TryFrom<String> for AlgoTime {
    type Error = AlgoRefusal;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<AlgoTime> for String {
    fn from(time: AlgoTime) -> Self {
        time.to_string()
    }
}
