//! Trading hours as Interactive Brokers writes them in contract details.
//!
//! ```text
//! days   := day (";" day)*                                  an empty piece is passed over
//! day    := DATE ":CLOSED" | stretch ("," stretch)*
//! stretch:= DATE ":" TIME "-" DATE ":" TIME                 today's form
//!         | [DATE ":"] TIME "-" TIME                        the older form: an open not before the close is the
//!                                                           evening before
//! DATE   := YYYYMMDD      TIME := HHMM, up to 2400
//! ```
//!
//! A stretch belongs to the trading day on whose date it ends; one that ends at midnight, to the day before. A date that
//! is not listed between two that are counts as closed.
//!
//! Left out: names of zones, which [`super::broker_zone`] knows.

use super::broker_zone::zone_of_broker;
use super::expand::{Frame, PlannedDay};
use super::market_calendar::Calendar;
use super::schedule::Schedule;
use super::table::{DayPlan, Stretch};
use std::collections::BTreeMap;
use time::{Date, Duration, Month};
use tradeport_kernel::{UnknownZone, Zone};

/// The broker sends some weeks; far more than any of its answers.
const LONGEST: usize = 64 * 1024;
/// The days that one string may span.
const MOST_DAYS: i64 = 800;
/// The minutes that one stretch may last: a weekend and more.
const LONGEST_STRETCH: i64 = 4 * 1_440;

/// The broker's hours cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotHours {
    /// The zone of the hours is not one that is known.
    #[error("the hours are in a zone that is not known")]
    Zone(#[from] UnknownZone),
    /// A piece does not follow the grammar.
    #[error("{0:?} is not a trading day such as 20260105:0930-20260105:1600 or 20260110:CLOSED")]
    Piece(String),
    /// A stretch ends before it begins, or lasts for many days.
    #[error("the stretch {0:?} is empty or longer than four days")]
    Stretch(String),
    /// Two stretches overlap.
    #[error("the hours of {0} overlap others")]
    Overlap(Date),
    /// There is no day at all.
    #[error("there are no hours: unknown is not the same as closed")]
    Empty,
    /// The text is too long, or its days too far apart.
    #[error("the hours are {0} long, more than any broker sends")]
    TooLong(String),
    /// A date lies beyond what can be held.
    #[error("the hours cannot be placed in time: {0}")]
    Beyond(String),
}

/// Stretches by trading day; a closed day has none.
type Days = BTreeMap<Date, DayPlan>;

impl Calendar {
    /// The calendar of a contract from its `tradingHours`, `liquidHours` and `timeZoneId`: the liquid hours are regular,
    /// the trading hours extended. Where one of the two is empty the other stands for both.
    ///
    /// ```
    /// use tradeport_contracts::calendar::{Calendar, Hours};
    /// let trading = "20260105:0400-20260105:2000;20260106:0400-20260106:2000;20260110:CLOSED";
    /// let liquid = "20260105:0930-20260105:1600;20260106:0930-20260106:1600;20260110:CLOSED";
    /// let apple = Calendar::from_broker("AAPL", trading, liquid, "US/Eastern")?;
    /// let evening = "2026-01-05T22:00:00Z".parse()?;
    /// assert!(!apple.is_open(evening)?);
    /// assert!(apple.hours(Hours::Extended)?.is_open(evening)?);
    /// assert!(apple.is_open("2026-02-01T15:00:00Z".parse()?).is_err(), "not known so far ahead");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_broker(name: &str, trading: &str, liquid: &str, zone: &str) -> Result<Self, NotHours> {
        let zone = zone_of_broker(zone)?;
        let (trading, liquid) = match (trading.trim(), liquid.trim()) {
            ("", only) | (only, "") => (only, only),
            both => both,
        };
        let (extended, regular) =
            (Schedule::from_broker(name, trading, zone)?, Schedule::from_broker(name, liquid, zone)?);
        Ok(Self {
            name: name.into(),
            source: "the broker".to_owned(),
            gaps: Vec::new(),
            zone,
            projected: None,
            regular,
            extended: Some(extended),
            overnight: None,
        })
    }
}

impl Schedule {
    /// One string of hours in a zone.
    pub fn from_broker(name: &str, text: &str, zone: Zone) -> Result<Self, NotHours> {
        let days = read(text)?;
        let (Some((first, _)), Some((last, _))) = (days.first_key_value(), days.last_key_value()) else {
            return Err(NotHours::Empty);
        };
        if (*last - *first).whole_days() > MOST_DAYS {
            return Err(NotHours::TooLong(format!("{} days", (*last - *first).whole_days())));
        }
        let opens = days.values().flat_map(|plan| &plan.stretches).map(|(open, _)| *open);
        let frame = Frame {
            calendar: name.into(),
            zone,
            first: *first,
            last: *last,
            projected: None,
            earliest_open: opens.min().unwrap_or(0),
        };
        let open = days.iter().filter(|(_, plan)| !plan.stretches.is_empty());
        let planned = open.map(|(date, plan)| PlannedDay { date: *date, plan });
        frame.schedule(planned).map_err(|error| NotHours::Beyond(error.what))
    }

    /// The trading days in the broker's words, today's form; what [`Self::from_broker`] reads back.
    ///
    /// ```
    /// use tradeport_contracts::calendar::{Schedule, zone_of_broker};
    /// let text = "20260104:1700-20260105:1600;20260105:1700-20260106:1600";
    /// let schedule = Schedule::from_broker("ES", text, zone_of_broker("US/Central")?)?;
    /// assert_eq!(schedule.to_broker(zone_of_broker("US/Central")?)?, text);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn to_broker(&self, zone: Zone) -> Result<String, super::BeyondZone> {
        let (mut day, last) = self.known_days();
        let mut pieces = Vec::new();
        while day <= last {
            let plain =
                |date: Date| format!("{:04}{:02}{:02}", date.year(), u8::from(date.month()), date.day());
            let spelled = |at| {
                let (date, time) = zone.local(at)?;
                Ok(format!("{}:{:02}{:02}", plain(date), time.hour(), time.minute()))
            };
            match self.trading_day_on(day).expect("the day lies within the known days") {
                None => pieces.push(format!("{}:CLOSED", plain(day))),
                Some(open) => {
                    for session in open.sessions() {
                        pieces.push(format!("{}-{}", spelled(session.open)?, spelled(session.close)?));
                    }
                }
            }
            let Some(next) = day.next_day() else { break };
            day = next;
        }
        Ok(pieces.join(";"))
    }
}

fn read(text: &str) -> Result<Days, NotHours> {
    if text.len() > LONGEST {
        return Err(NotHours::TooLong(format!("{} bytes", text.len())));
    }
    let mut days = Days::new();
    for piece in text.split(';').map(str::trim).filter(|piece| !piece.is_empty()) {
        let mut date = None;
        for stretch in piece.split(',').map(str::trim) {
            take(stretch, &mut date, &mut days)?;
        }
    }
    for (date, plan) in &mut days {
        plan.stretches.sort_unstable();
        plan.stretches.dedup();
        if plan.stretches.windows(2).any(|pair| pair[1].0 < pair[0].1) {
            return Err(NotHours::Overlap(*date));
        }
    }
    apart(&days)?;
    Ok(days)
}

/// One stretch, or a closed day. `date` is the day of the piece, for stretches of the older form that do not repeat it.
fn take(text: &str, date: &mut Option<Date>, days: &mut Days) -> Result<(), NotHours> {
    let refuse = || NotHours::Piece(text.chars().take(60).collect());
    if let Some(closed) = text.strip_suffix(":CLOSED") {
        days.entry(parse_date(closed).ok_or_else(refuse)?).or_default();
        return Ok(());
    }
    let (from, to) = text.split_once('-').ok_or_else(refuse)?;
    let (opened_on, open) = dated(from).ok_or_else(refuse)?;
    let (closed_on, close) = dated(to).ok_or_else(refuse)?;
    if opened_on.is_some() {
        *date = opened_on;
    }
    let listed = date.ok_or_else(refuse)?;
    let too_long = || NotHours::Stretch(text.chars().take(60).collect());
    let (trading_day, stretch) = match closed_on {
        Some(closed_on) => placed(listed, open, closed_on, close),
        None => Some((listed, (if open < close { open } else { open - 1_440 }, close))),
    }
    .ok_or_else(too_long)?;
    if stretch.1 <= stretch.0 {
        return Err(too_long());
    }
    days.entry(trading_day).or_default().stretches.push(stretch);
    Ok(())
}

/// The trading day of a stretch in today's form, and its minutes from that day's midnight.
fn placed(opened_on: Date, open: i32, closed_on: Date, close: i32) -> Option<(Date, Stretch)> {
    let (day, close) = if close == 0 { (closed_on.previous_day()?, 1_440) } else { (closed_on, close) };
    let away = (opened_on - day).whole_days().checked_mul(1_440)?;
    let open = away + i64::from(open);
    let lasts = i64::from(close) - open;
    (lasts > 0 && lasts <= LONGEST_STRETCH).then_some(())?;
    Some((day, (i32::try_from(open).ok()?, close)))
}

/// No stretch reaches into that of another day.
fn apart(days: &Days) -> Result<(), NotHours> {
    let mut free: Option<(Date, i32)> = None;
    for (date, plan) in days {
        for (open, close) in &plan.stretches {
            if let Some((before, closed)) = free
                && (*date - before) + Duration::minutes(i64::from(*open))
                    < Duration::minutes(i64::from(closed))
            {
                return Err(NotHours::Overlap(*date));
            }
            free = Some((*date, *close));
        }
    }
    Ok(())
}

/// `20260105:0930` or `0930`.
fn dated(text: &str) -> Option<(Option<Date>, i32)> {
    match text.split_once(':') {
        Some((date, time)) => Some((Some(parse_date(date)?), minutes(time)?)),
        None => Some((None, minutes(text)?)),
    }
}

fn parse_date(text: &str) -> Option<Date> {
    let number = digits(text, 8)?;
    let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    Date::from_calendar_date(year, month, u8::try_from(day).ok()?).ok()
}

fn minutes(text: &str) -> Option<i32> {
    let number = digits(text, 4)?;
    let (hours, minutes) = (number / 100, number % 100);
    (minutes < 60 && hours * 60 + minutes <= 1_440).then_some(hours * 60 + minutes)
}

fn digits(text: &str, count: usize) -> Option<i32> {
    let good = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    good.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
#[path = "broker_hours_tests.rs"]
mod tests;
