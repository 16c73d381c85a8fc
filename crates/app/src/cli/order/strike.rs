//! Strikes and expiries as they are typed: given, or chosen from what is listed.

use crate::cli::DayOrMonth;
use std::str::FromStr;
use time::Date;
use tradeport_kernel::Price;

/// Chains are shorter, on either side of the money.
const MOST_STEPS: i32 = 500;
/// No option lives longer.
const MOST_DAYS: u16 = 2_000;

/// A strike: `600`, or counted in listed strikes from the one nearest to the price: `atm`, `atm+2`, `atm-1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StrikeText {
    /// This one.
    At(Price),
    /// So many steps above the money; below it with a number below zero.
    Steps(i32),
}

impl FromStr for StrikeText {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let expected = || format!("{text:?} is not a strike: expected such as 600, atm, atm+2 or atm-1");
        let Some(steps) = text.to_ascii_lowercase().strip_prefix("atm").map(str::to_owned) else {
            let price = text.parse::<Price>().ok().filter(|_| !text.starts_with('+')).ok_or_else(expected)?;
            return if price.is_positive() { Ok(Self::At(price)) } else { Err(expected()) };
        };
        if steps.is_empty() {
            return Ok(Self::Steps(0));
        }
        let signed = steps.starts_with(['+', '-']);
        let steps = steps.parse::<i32>().ok().filter(|steps| signed && steps.abs() <= MOST_STEPS);
        steps.map(Self::Steps).ok_or_else(expected)
    }
}

/// An expiry: a day (`2026-12-18`), a month with one expiry (`2026-12`), or the first listed one at least so many days
/// away (`30d`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpiryText {
    /// This day, or the one in this month.
    On(DayOrMonth),
    /// The first one at least so many days away.
    Days(u16),
}

impl ExpiryText {
    /// The day, where one was given.
    #[must_use]
    pub fn day(self) -> Option<Date> {
        match self {
            Self::On(day) => day.expiry().day(),
            Self::Days(_) => None,
        }
    }
}

impl FromStr for ExpiryText {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(days) = text.strip_suffix(['d', 'D']) {
            let days = days.parse::<u16>().ok().filter(|days| *days <= MOST_DAYS);
            return days
                .map(Self::Days)
                .ok_or_else(|| format!("{text:?} is not a number of days such as 30d"));
        }
        let expected = || format!("{text:?} is not an expiry: expected such as 2026-12-18, 2026-12 or 30d");
        text.parse().map(Self::On).map_err(|_| expected())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strikes_are_given_or_counted_from_the_money() {
        let read = |text: &str| text.parse::<StrikeText>();
        assert_eq!(read("600"), Ok(StrikeText::At("600".parse().unwrap())));
        assert_eq!(["atm", "ATM+2", "atm-1"].map(|it| read(it).unwrap()), [0, 2, -1].map(StrikeText::Steps));
        for bad in ["", "0", "-5", "atm2", "atm+", "atm++1", "atm+9999", "+2", "money"] {
            assert!(read(bad).unwrap_err().contains("atm+2"), "{bad:?}");
        }
    }

    #[test]
    fn expiries_are_days_months_or_so_far_away() {
        let read = |text: &str| text.parse::<ExpiryText>();
        assert_eq!(read("30d"), Ok(ExpiryText::Days(30)));
        assert!(read("2026-12-18").unwrap().day().is_some() && read("2026-12").unwrap().day().is_none());
        for bad in ["", "d", "-1d", "9999d", "tomorrow", "2026-13", "18-12-2026"] {
            assert!(read(bad).is_err(), "{bad:?}");
        }
    }
}
