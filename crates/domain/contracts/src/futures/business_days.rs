//! Days on which business is done, and counting them.
//!
//! A business day is one on which an exchange settles and clears. It is not every day with a session: CME's Globex
//! trades for some hours on American holidays, which count for no rule.
//!
//! Left out: the tables of holidays (`calendar`).

use super::month::ContractMonth;
use super::spec::FuturesSpec;
use crate::calendar::Calendar;
use time::{Date, Duration, Weekday};

/// A calendar that is closed for longer than this is not one of an exchange.
const LONGEST_CLOSURE: u32 = 40;

/// Says of each day whether the exchange does business on it. A [`Calendar`] does by its trading days, and so does
/// every `Fn(Date) -> bool`.
pub trait BusinessDays {
    /// Is it a business day? `None` when that is not known: the day lies beyond the calendar.
    fn is_business_day(&self, day: Date) -> Option<bool>;
}

impl<F: Fn(Date) -> bool> BusinessDays for F {
    fn is_business_day(&self, day: Date) -> Option<bool> {
        Some(self(day))
    }
}

impl BusinessDays for Calendar {
    fn is_business_day(&self, day: Date) -> Option<bool> {
        self.trading_day_on(day).ok().map(|found| found.is_some())
    }
}

impl FuturesSpec {
    /// The bundled calendar by whose days the product's rules are counted, for [`Calendar::named`]; `None` for
    /// exchanges that are not among the bundled products'. It is the calendar of business days, not of sessions.
    ///
    /// ```
    /// use time::macros::date;
    /// use tradeport_contracts::calendar::Calendar;
    /// use tradeport_contracts::futures::FuturesSpecs;
    /// let hogs = FuturesSpecs::bundled().find("HE").ok_or("no hogs")?;
    /// let calendar = Calendar::named(hogs.business_calendar().ok_or("no calendar")?)?;
    /// let last_trade = hogs.schedule(calendar).last_trade("202502".parse()?)?;
    /// assert_eq!(last_trade, date!(2025 - 02 - 14), "the tenth business day");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn business_calendar(&self) -> Option<&'static str> {
        match self.exchange() {
            // Brent's days are London's, wherever it trades.
            "NYMEX" if self.exchange_code() == "BZ" => Some("XLON"),
            "CME" | "CBOT" | "NYMEX" | "COMEX" => Some("CME_TradeDate"),
            "CFE" | "NYBOT" => Some("XNYS"),
            "EUREX" => Some("XEUR"),
            "ICEEU" | "IPE" => Some("XLON"),
            "MONEP" => Some("XPAR"),
            "HKFE" => Some("XHKG"),
            "OSE.JPN" => Some("XTKS"),
            "SNFE" => Some("XASX"),
            _ => None,
        }
    }
}

/// Monday to Friday, without holidays: for when no calendar is known. Dates counted with it can be late by as many
/// days as there are holidays in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weekdays;

impl BusinessDays for Weekdays {
    fn is_business_day(&self, day: Date) -> Option<bool> {
        Some(!matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday))
    }
}

/// No such day was found: the calendar ends, is closed for longer than any exchange, or the month has fewer business
/// days.
pub(crate) struct NoSuchDay;

/// The day itself, or the nearest business day before it.
pub(crate) fn at_or_before(calendar: &dyn BusinessDays, day: Date) -> Result<Date, NoSuchDay> {
    nearest(calendar, day, Duration::days(-1))
}

/// The day itself, or the nearest business day after it.
pub(crate) fn at_or_after(calendar: &dyn BusinessDays, day: Date) -> Result<Date, NoSuchDay> {
    nearest(calendar, day, Duration::days(1))
}

/// The `count`-th business day before `day`, which need not be one itself.
pub(crate) fn before(calendar: &dyn BusinessDays, day: Date, count: u8) -> Result<Date, NoSuchDay> {
    let mut day = day;
    for _ in 0..count {
        day = at_or_before(calendar, day.previous_day().ok_or(NoSuchDay)?)?;
    }
    Ok(day)
}

/// The `nth` business day of a month, from 1.
pub(crate) fn nth_of(calendar: &dyn BusinessDays, month: ContractMonth, nth: u8) -> Result<Date, NoSuchDay> {
    let mut day = at_or_after(calendar, month.first_day())?;
    for _ in 1..nth {
        day = at_or_after(calendar, day.next_day().ok_or(NoSuchDay)?)?;
    }
    within(month, day)
}

/// The `nth` business day of a month counted from its end, from 1.
pub(crate) fn nth_last_of(
    calendar: &dyn BusinessDays,
    month: ContractMonth,
    nth: u8,
) -> Result<Date, NoSuchDay> {
    let last = at_or_before(calendar, month.last_day())?;
    within(month, before(calendar, last, nth.saturating_sub(1))?)
}

fn within(month: ContractMonth, day: Date) -> Result<Date, NoSuchDay> {
    let inside = month.first_day() <= day && day <= month.last_day();
    if inside { Ok(day) } else { Err(NoSuchDay) }
}

fn nearest(calendar: &dyn BusinessDays, day: Date, step: Duration) -> Result<Date, NoSuchDay> {
    let mut day = day;
    for _ in 0..=LONGEST_CLOSURE {
        if calendar.is_business_day(day).ok_or(NoSuchDay)? {
            return Ok(day);
        }
        day = day.checked_add(step).ok_or(NoSuchDay)?;
    }
    Err(NoSuchDay)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn days_are_counted_around_weekends() {
        let monday = date!(2024 - 01 - 15);
        assert_eq!(before(&Weekdays, monday, 1).ok(), Some(date!(2024 - 01 - 12)));
        assert_eq!(before(&Weekdays, date!(2024 - 01 - 14), 1).ok(), Some(date!(2024 - 01 - 12)));
        assert_eq!(before(&Weekdays, monday, 0).ok(), Some(monday));
        let january: ContractMonth = "202401".parse().unwrap();
        assert_eq!(nth_of(&Weekdays, january, 10).ok(), Some(date!(2024 - 01 - 12)));
        assert_eq!(nth_last_of(&Weekdays, january, 3).ok(), Some(date!(2024 - 01 - 29)));
        assert!(nth_of(&Weekdays, january, 24).is_err());
    }

    #[test]
    fn a_calendar_that_never_opens_ends_the_search() {
        let never = |_day: Date| false;
        assert!(at_or_before(&never, date!(2024 - 01 - 15)).is_err());
        assert!(at_or_after(&never, Date::MAX).is_err());
        assert!(before(&Weekdays, Date::MIN, 1).is_err());
    }

    #[test]
    fn beyond_a_calendar_nothing_is_guessed() {
        let calendar = Calendar::named("XNYS").unwrap();
        assert_eq!(calendar.is_business_day(date!(2024 - 07 - 04)), Some(false));
        assert_eq!(calendar.is_business_day(date!(2024 - 07 - 05)), Some(true));
        assert_eq!(calendar.is_business_day(date!(2150 - 07 - 05)), None);
        assert!(at_or_before(calendar, date!(2150 - 07 - 05)).is_err());
    }
}
