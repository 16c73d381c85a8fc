//! Moments as the broker writes them.
//!
//! | text | means |
//! | --- | --- |
//! | `20260630-20:00:00` | UTC |
//! | `20260630 16:00:00 US/Eastern` | the time of that zone |
//! | `20260630 16:00:00` | the time of the zone that is given with the order; UTC without one |
//! | `20260630` | the last second of that day there |
//!
//! An hour that a zone has twice is written in UTC, so that it stays one moment; read, it is the first of the two.

use crate::translate::{FromIbError, ToIbError};
use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};
use time_tz::{OffsetDateTimeExt, OffsetResult, PrimitiveDateTimeExt, TimeZone, Tz};
use tradeport_kernel::Timestamp;
use tradeport_orders::algo::Zone;

/// How the moments of an order are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrittenTime {
    /// In UTC.
    Utc,
    /// In the time of a zone, with its name.
    In(Zone),
    /// In the time of the zone that the broker's session was logged in with, without its name.
    Bare(Zone),
}

impl WrittenTime {
    fn zone(self) -> Option<(&'static Tz, String)> {
        let (Self::In(zone) | Self::Bare(zone)) = self else { return None };
        let name = zone.to_string();
        time_tz::timezones::get_by_name(&name).map(|found| (found, name))
    }
}

/// A moment, cut to its whole second.
pub(super) fn time_out(at: Timestamp, written: WrittenTime) -> String {
    let utc = at.to_utc();
    if let Some((zone, name)) = written.zone() {
        let bare = matches!(written, WrittenTime::Bare(_));
        let clock = digits(utc.to_timezone(zone), ' ');
        let text = if bare { clock } else { format!("{clock} {name}") };
        if moment(&text, written).is_some_and(|read| read.unix_timestamp() == utc.unix_timestamp()) {
            return text;
        }
    }
    digits(utc, '-')
}

fn digits(at: OffsetDateTime, between: char) -> String {
    let (date, time) = (at.date(), at.time());
    let (month, day) = (u8::from(date.month()), date.day());
    let (hour, minute, second) = time.as_hms();
    format!("{:04}{month:02}{day:02}{between}{hour:02}:{minute:02}:{second:02}", date.year())
}

pub(super) fn time_out_opt(at: Option<Timestamp>, written: WrittenTime) -> String {
    at.map(|at| time_out(at, written)).unwrap_or_default()
}

pub(super) fn time_in(field: &'static str, text: &str, given: WrittenTime) -> Result<Timestamp, FromIbError> {
    moment(text, given).and_then(|at| Timestamp::try_from(at).ok()).ok_or_else(|| {
        FromIbError::new(
            "Order",
            field,
            text,
            "not a time such as 20260630-20:00:00 or 20260630 16:00:00 US/Eastern",
        )
    })
}

pub(super) fn time_in_opt(
    field: &'static str,
    text: &str,
    given: WrittenTime,
) -> Result<Option<Timestamp>, FromIbError> {
    if text.trim().is_empty() { Ok(None) } else { time_in(field, text, given).map(Some) }
}

fn moment(text: &str, given: WrittenTime) -> Option<OffsetDateTime> {
    let mut words = text.split_ascii_whitespace();
    let first = words.next()?;
    if let Some((day, clock)) = first.split_once('-') {
        let local = PrimitiveDateTime::new(date(day)?, time_of_day(clock)?);
        return match (words.next(), words.next()) {
            (None, _) => Some(local.assume_offset(UtcOffset::UTC)),
            (Some(zone), None) => in_zone(local, time_tz::timezones::get_by_name(zone)?),
            _ => None,
        };
    }
    let day = date(first)?;
    let clock = match words.next() {
        Some(clock) => time_of_day(clock)?,
        None => Time::from_hms(23, 59, 59).ok()?,
    };
    let local = PrimitiveDateTime::new(day, clock);
    match (words.next(), words.next(), given.zone()) {
        (Some(zone), None, _) => in_zone(local, time_tz::timezones::get_by_name(zone)?),
        (None, _, Some((zone, _))) => in_zone(local, zone),
        (None, _, None) => Some(local.assume_offset(UtcOffset::UTC)),
        _ => None,
    }
}

fn in_zone(local: PrimitiveDateTime, zone: &impl TimeZone) -> Option<OffsetDateTime> {
    match local.assume_timezone(zone) {
        OffsetResult::Some(at) => Some(at),
        OffsetResult::Ambiguous(one, other) => Some(one.min(other)),
        OffsetResult::None => None,
    }
}

fn date(text: &str) -> Option<Date> {
    if text.len() != 8 || !text.bytes().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let month = Month::try_from(text[4..6].parse::<u8>().ok()?).ok()?;
    Date::from_calendar_date(text[..4].parse().ok()?, month, text[6..].parse().ok()?).ok()
}

fn time_of_day(text: &str) -> Option<Time> {
    let mut parts = text.split(':').map(|part| {
        let plain = part.len() == 2 && part.bytes().all(|c| c.is_ascii_digit());
        plain.then(|| part.parse::<u8>().ok()).flatten()
    });
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
    if parts.next().is_some() {
        return None;
    }
    Time::from_hms(hour, minute, second).ok()
}

/// A zone that the platform knows may be one that the table of offsets does not: then the moment could not be read back.
pub(super) fn check_zone(written: WrittenTime) -> Result<(), ToIbError> {
    match written {
        WrittenTime::In(zone) | WrittenTime::Bare(zone) if written.zone().is_none() => {
            Err(ToIbError::new("times", zone, "no offsets are known of this zone"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn eastern() -> WrittenTime {
        WrittenTime::In(Zone::new("US/Eastern").unwrap())
    }

    #[test]
    fn every_form_means_its_moment() {
        let cases = [
            ("20260630-20:00:00", "2026-06-30T20:00:00Z"),
            ("20260630 16:00:00 US/Eastern", "2026-06-30T20:00:00Z"),
            ("20260630-16:00:00 US/Eastern", "2026-06-30T20:00:00Z"),
            ("20260630  16:00:00 America/New_York", "2026-06-30T20:00:00Z"),
            ("20260630 16:00:00", "2026-06-30T20:00:00Z"),
            ("20260630", "2026-07-01T03:59:59Z"),
            ("20261101 01:30:00 US/Eastern", "2026-11-01T05:30:00Z"),
        ];
        for (text, wanted) in cases {
            assert_eq!(time_in("goodTillDate", text, eastern()).unwrap(), wanted.parse().unwrap(), "{text}");
        }
    }

    #[test]
    fn a_doubled_hour_is_written_in_utc() {
        let texts = ["2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z"]
            .map(|at| time_out(at.parse().unwrap(), eastern()));
        assert_eq!(texts, ["20261101 01:30:00 US/Eastern", "20261101-06:30:00"]);
    }

    #[test]
    fn what_is_no_time_is_refused_by_name() {
        for bad in [
            "tomorrow",
            "20261301-00:00:00",
            "20260630 16:00",
            "20260308 02:30:00 US/Eastern",
            "20260630 16:00:00 US/Estern",
        ] {
            let error = time_in("goodTillDate", bad, eastern()).unwrap_err();
            assert_eq!(
                error.to_string(),
                format!(
                    "Order.goodTillDate is {bad:?}: not a time such as 20260630-20:00:00 or 20260630 16:00:00 US/Eastern"
                )
            );
        }
    }

    #[test]
    fn scenario_exe_19_a_time_of_an_exchange_is_read_in_its_zone_on_both_sides_of_a_change_of_the_clocks() {
        let read = |text: &str| time_in("execution time", text, WrittenTime::Utc);
        for (text, utc) in [
            ("20250820 09:30:01 US/Eastern", "20250820-13:30:01"),
            ("20251031 15:59:59 US/Eastern", "20251031-19:59:59"),
            ("20251103 09:30:00 US/Eastern", "20251103-14:30:00"),
            ("20260306 09:30:00 US/Eastern", "20260306-14:30:00"),
            ("20260309 09:30:00 US/Eastern", "20260309-13:30:00"),
        ] {
            assert_eq!(read(text), read(utc), "{text}");
            assert!(read(text).is_ok());
        }
        let skipped = read("20260308 02:30:00 US/Eastern").unwrap_err();
        assert!(skipped.to_string().contains("20260308 02:30:00"), "no such moment, and the text is kept");
    }
}
