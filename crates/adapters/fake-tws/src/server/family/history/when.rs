//! Dates and times of history, as requests have them and as answers do.

use time::{Date, Time};
use tradeport_contracts::calendar::{Zone, zone_of_broker};
use tradeport_kernel::Timestamp;

/// From here on answers name the instrument's zone.
const INSTRUMENT_ZONE: i32 = 174;

/// What TWS says of a date that it cannot read.
pub(crate) const BAD_DATE_TIME: &str = "The date, time, or time-zone entered is invalid. The correct format is \
    yyyymmdd hh:mm:ss xx/xxxx where yyyymmdd and xx/xxxx are optional. E.g.: 20031126 15:59:00 US/Eastern  Note that \
    there is a space between the date and time, and between the time and time-zone.  If no date is specified, current \
    date is assumed. If no time-zone is specified, local time-zone is assumed(deprecated).  You can also provide \
    yyyymmddd-hh:mm:ss time is in UTC. Note that there is a dash between the date and time in UTC notation.";

/// The second that a request means; `None` for what is no date and time. Without a zone, the server's own (UTC) is meant.
pub(crate) fn parse(text: &str, now: i64) -> Option<i64> {
    let text = text.trim();
    if let Some((date, clock)) = text.split_once('-')
        && date.len() == 8
    {
        return second(Zone::utc(), day(date)?, clock_of(clock)?);
    }
    let mut words = text.split_whitespace();
    let first = words.next()?;
    let (date, clock) = if first.contains(':') {
        (Timestamp::from_seconds(now).to_utc().date(), clock_of(first)?)
    } else {
        (day(first)?, words.next().map_or(Some(Time::MIDNIGHT), clock_of)?)
    };
    let zone: Vec<&str> = words.collect();
    let zone = if zone.is_empty() { Zone::utc() } else { zone_of_broker(&zone.join(" ")).ok()? };
    second(zone, date, clock)
}

/// Before and after the years for which clocks are known, every one of them is taken to show UTC.
fn second(zone: Zone, date: Date, clock: Time) -> Option<i64> {
    let known = zone.moment(date, clock).ok().map(|it| it.earlier());
    let at = known.or_else(|| Timestamp::try_from(date.with_time(clock).assume_utc()).ok())?;
    Some(at.nanos().div_euclid(1_000_000_000))
}

fn day(text: &str) -> Option<Date> {
    let is_digits = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits {
        return None;
    }
    let month = time::Month::try_from(text.get(4..6)?.parse::<u8>().ok()?).ok()?;
    Date::from_calendar_date(text.get(..4)?.parse().ok()?, month, text.get(6..)?.parse().ok()?).ok()
}

fn clock_of(text: &str) -> Option<Time> {
    let mut parts = text.split(':').map(|part| {
        let is_digits = (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        if is_digits { part.parse::<u8>().ok() } else { None }
    });
    let (hour, minute) = (parts.next()??, parts.next()??);
    let seconds = parts.next().unwrap_or(Some(0))?;
    if parts.next().is_some() {
        return None;
    }
    Time::from_hms(hour, minute, seconds).ok()
}

/// How one client wants its dates.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Format {
    /// 1 for text, 2 for seconds.
    pub(crate) number: i32,
    pub(crate) version: i32,
    /// The instrument's.
    pub(crate) zone: Zone,
}

impl Format {
    /// The start of a bar that is shorter than a day.
    pub(crate) fn moment(&self, second: i64) -> String {
        if self.number == 2 {
            return second.to_string();
        }
        self.text(second)
    }

    /// Always as text: where a request begins and ends.
    pub(crate) fn text(&self, second: i64) -> String {
        if self.version < INSTRUMENT_ZONE {
            return local(Zone::utc(), second, "  ");
        }
        format!("{} {}", local(self.zone, second, " "), broker_zone(self.zone))
    }
}

/// `20260102-15:04:05` on the clock of a zone.
pub(crate) fn dashed(zone: Zone, second: i64) -> String {
    local(zone, second, "-")
}

/// `20260102`.
pub(crate) fn digits(date: Date) -> String {
    format!("{:04}{:02}{:02}", date.year(), u8::from(date.month()), date.day())
}

/// The zone as the broker writes it.
pub(crate) fn broker_zone(zone: Zone) -> &'static str {
    match zone.name() {
        "America/New_York" => "US/Eastern",
        "America/Chicago" => "US/Central",
        other => other,
    }
}

fn local(zone: Zone, second: i64, between: &str) -> String {
    let at = Timestamp::from_seconds(second);
    let (date, time) = zone.local(at).unwrap_or_else(|_| (at.to_utc().date(), at.to_utc().time()));
    format!("{}{between}{:02}:{:02}:{:02}", digits(date), time.hour(), time.minute(), time.second())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOON: i64 = 1_767_355_200;

    #[test]
    fn every_way_to_say_a_moment_is_read() {
        for text in [
            "20260102 12:00:00 UTC",
            "20260102-12:00:00",
            "20260102 07:00:00 US/Eastern",
            "20260102 07:00:00 America/New_York",
            "20260102 07:00:00 EST",
            "20260102 13:00:00 Europe/Berlin",
            "20260102  12:00:00",
            "20260102 12:00:00",
            "12:00:00",
        ] {
            assert_eq!(parse(text, NOON + 600), Some(NOON), "{text}");
        }
        for bad in
            ["x", "20260230 12:00:00", "20260102 25:00:00", "20260102 12:00:00 Mars/Base", "2026010212:00:00"]
        {
            assert_eq!(parse(bad, NOON), None, "{bad}");
        }
    }

    #[test]
    fn answers_follow_the_version_and_the_format() {
        let zone = Zone::named("America/New_York").expect("a known zone");
        let format = |number, version| Format { number, version, zone }.moment(NOON);
        assert_eq!(format(1, 173), "20260102  12:00:00");
        assert_eq!(format(1, 174), "20260102 07:00:00 US/Eastern");
        assert_eq!(format(2, 226), "1767355200");
        assert_eq!(dashed(zone, NOON), "20260102-07:00:00");
    }

    proptest! {
        #[test]
        fn any_text_is_a_moment_or_none(text in ".{0,40}") {
            let _ = parse(&text, NOON);
        }

        #[test]
        fn what_is_said_is_read(second in 700_000_000..2_100_000_000_i64) {
            let zone = Zone::named("Asia/Tokyo").expect("a known zone");
            let said = Format { number: 1, version: 226, zone }.text(second);
            prop_assert_eq!(parse(&said, 0), Some(second));
            prop_assert_eq!(parse(&dashed(Zone::utc(), second), 0), Some(second));
        }
    }
}
