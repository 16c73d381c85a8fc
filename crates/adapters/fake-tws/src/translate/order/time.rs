//! Moments as clients write them.
//!
//! | text | means |
//! | --- | --- |
//! | `20260630-20:00:00` | UTC |
//! | `20260630 16:00:00 US/Eastern` | the time of that zone; of an hour that comes twice, the first |
//! | `20260630 16:00:00` | UTC, the zone of this server |
//! | `20260630` | the last second of that day |

use super::field::{Read, refused};
use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};
use time_tz::{OffsetResult, PrimitiveDateTimeExt, Tz, timezones};
use tradeport_kernel::Timestamp;

/// The moment that a text of `field` means.
///
/// # Errors
/// When it is no time.
pub fn moment(field: &'static str, text: &str) -> Read<Timestamp> {
    let found = parse(text).and_then(|at| Timestamp::try_from(at).ok());
    found.ok_or_else(|| refused(field, text, "not a time such as 20260630-20:00:00"))
}

pub(super) fn moment_opt(field: &'static str, text: Option<&String>) -> Read<Option<Timestamp>> {
    match text.map(|text| text.trim()).filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) => moment(field, text).map(Some),
    }
}

/// A moment in UTC, cut to its second.
pub(super) fn moment_out(at: Timestamp) -> String {
    let at = at.to_utc();
    let (hour, minute, second) = at.time().as_hms();
    let (year, month, day) = (at.year(), u8::from(at.month()), at.day());
    format!("{year:04}{month:02}{day:02}-{hour:02}:{minute:02}:{second:02}")
}

fn parse(text: &str) -> Option<OffsetDateTime> {
    let mut words = text.split_ascii_whitespace();
    let first = words.next()?;
    let (day, clock) = match first.split_once('-') {
        Some((day, clock)) => (day, Some(clock)),
        None => (first, words.next()),
    };
    let clock = clock.map_or_else(|| Time::from_hms(23, 59, 59).ok(), time_of_day)?;
    let local = PrimitiveDateTime::new(date(day)?, clock);
    match (words.next(), words.next()) {
        (None, _) => Some(local.assume_offset(UtcOffset::UTC)),
        (Some(zone), None) => in_zone(local, timezones::get_by_name(zone)?),
        _ => None,
    }
}

fn in_zone(local: PrimitiveDateTime, zone: &Tz) -> Option<OffsetDateTime> {
    match local.assume_timezone(zone) {
        OffsetResult::Some(at) => Some(at),
        OffsetResult::Ambiguous(one, other) => Some(one.min(other)),
        OffsetResult::None => None,
    }
}

fn date(text: &str) -> Option<Date> {
    let digits = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    let number: i32 = digits.then(|| text.parse().ok()).flatten()?;
    let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    Date::from_calendar_date(year, month, u8::try_from(day).ok()?).ok()
}

fn time_of_day(text: &str) -> Option<Time> {
    let mut parts = text.split(':').map(|part| {
        let plain = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| part.parse::<u8>().ok()).flatten()
    });
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
    if parts.next().is_some() { None } else { Time::from_hms(hour, minute, second).ok() }
}
