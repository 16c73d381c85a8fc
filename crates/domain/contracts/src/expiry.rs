//! When a contract ends: on a day, or some time in a month.
//!
//! Left out: which days and months a product has. Futures have their cycles, options their chains.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use time::{Date, Month, Weekday};

/// The last day on which a contract trades, or the month that it is named after; years 1900 to 2199.
///
/// Written as `20250117` (a day) or `202501` (a month).
///
/// ```
/// use tradeport_contracts::Expiry;
/// let day: Expiry = "20250117".parse()?;
/// assert_eq!(day, Expiry::on(2025, 1, 17)?);
/// assert_eq!("202501".parse::<Expiry>()?, Expiry::in_month(2025, 1)?);
/// assert!("20250231".parse::<Expiry>().is_err(), "there is no such day");
/// # Ok::<(), tradeport_contracts::NotAnExpiry>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Expiry {
    year: u16,
    month: u8,
    /// 0 for a whole month.
    day: u8,
}

/// The text or the numbers are neither a day nor a month.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is not an expiry: expected a day such as 20250117 or a month such as 202501, years 1900 to 2199"
)]
pub struct NotAnExpiry(String);

impl Expiry {
    /// On a day; `month` from 1 to 12.
    pub fn on(year: i32, month: u8, day: u8) -> Result<Self, NotAnExpiry> {
        let refuse = || NotAnExpiry(format!("{year:04}{month:02}{day:02}"));
        let known = Month::try_from(month).map_err(|_| refuse())?;
        Date::from_calendar_date(year, known, day).map_err(|_| refuse())?;
        Ok(Self { year: checked_year(year).ok_or_else(refuse)?, month, day })
    }

    /// Some time in a month, from 1 to 12.
    pub fn in_month(year: i32, month: u8) -> Result<Self, NotAnExpiry> {
        let refuse = || NotAnExpiry(format!("{year:04}{month:02}"));
        if !(1..=12).contains(&month) {
            return Err(refuse());
        }
        Ok(Self { year: checked_year(year).ok_or_else(refuse)?, month, day: 0 })
    }

    /// The year.
    #[must_use]
    pub fn year(self) -> i32 {
        i32::from(self.year)
    }

    /// The month.
    #[must_use]
    pub fn month(self) -> Month {
        Month::try_from(self.month).expect("only 1 to 12 are let in")
    }

    /// The day; `None` when only the month is known.
    #[must_use]
    pub fn day(self) -> Option<Date> {
        Date::from_calendar_date(self.year(), self.month(), self.day).ok()
    }

    /// Whether it is a day on which exchanges do not trade: a Saturday or a Sunday.
    #[must_use]
    pub fn is_on_weekend(self) -> bool {
        self.day().is_some_and(|day| matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday))
    }
}

fn checked_year(year: i32) -> Option<u16> {
    u16::try_from(year).ok().filter(|year| (1900..=2199).contains(year))
}

impl TryFrom<Date> for Expiry {
    type Error = NotAnExpiry;

    /// That day; refuses years before 1900 and after 2199.
    fn try_from(day: Date) -> Result<Self, Self::Error> {
        Self::on(day.year(), day.month().into(), day.day())
    }
}

impl FromStr for Expiry {
    type Err = NotAnExpiry;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refuse = || NotAnExpiry(text.chars().take(40).collect());
        if !text.bytes().all(|c| c.is_ascii_digit()) || !matches!(text.len(), 6 | 8) {
            return Err(refuse());
        }
        let number = |from: usize, to: usize| text[from..to].parse::<u16>().map_err(|_| refuse());
        let part = |from, to| number(from, to).and_then(|n| u8::try_from(n).map_err(|_| refuse()));
        let (year, month) = (i32::from(number(0, 4)?), part(4, 6)?);
        if text.len() == 6 {
            return Self::in_month(year, month).map_err(|_| refuse());
        }
        Self::on(year, month, part(6, 8)?).map_err(|_| refuse())
    }
}

impl TryFrom<String> for Expiry {
    type Error = NotAnExpiry;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Expiry> for String {
    fn from(expiry: Expiry) -> Self {
        expiry.to_string()
    }
}

impl fmt::Display for Expiry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}{:02}", self.year, self.month)?;
        if self.day == 0 { Ok(()) } else { write!(f, "{:02}", self.day) }
    }
}

impl fmt::Debug for Expiry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_months_read_what_they_write() {
        for text in ["20250117", "202501", "20240229", "190001", "21991231"] {
            assert_eq!(text.parse::<Expiry>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for bad in ["", "2025", "20250", "202513", "202500", "20250230", "20230229", "18991231", "220001"] {
            assert!(bad.parse::<Expiry>().is_err(), "{bad:?} was taken for an expiry");
        }
        for bad in ["2025-01-17", "+20250117", " 202501", "2025011７", "20250117 08:30"] {
            assert!(bad.parse::<Expiry>().is_err(), "{bad:?} was taken for an expiry");
        }
        assert!(Expiry::on(2025, 1, 0).is_err());
        assert_eq!(
            "20250230".parse::<Expiry>().unwrap_err().to_string(),
            "\"20250230\" is not an expiry: expected a day such as 20250117 or a month such as 202501, \
             years 1900 to 2199"
        );
    }

    #[test]
    fn weekends_are_told_apart() {
        assert!(Expiry::on(2025, 1, 18).unwrap().is_on_weekend());
        assert!(!Expiry::on(2025, 1, 17).unwrap().is_on_weekend());
        assert!(!Expiry::in_month(2025, 1).unwrap().is_on_weekend());
    }
}
