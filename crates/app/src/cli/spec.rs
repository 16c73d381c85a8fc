//! Instruments and the days on which they end, as people type them.

use std::str::FromStr;
use tradeport_contracts::{Expiry, Instrument};
use tradeport_kernel::Symbol;

/// A combo of many legs is shorter.
const LONGEST: usize = 1_000;

/// An instrument in the platform's notation: `AAPL`, `"AAPL 20261218C450"`, `"ES 202612@CME"`, `EUR.USD`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spec(Instrument);

/// Not the notation of an instrument.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotASpec {
    /// It cannot be typed on every terminal.
    #[error("{0:?} is not a symbol: expected up to 1,000 printable ASCII characters, no space at either end")]
    Text(String),
    /// It is not of the form.
    #[error("{0}")]
    Notation(String),
}

impl Spec {
    /// What is meant.
    #[must_use]
    pub const fn instrument(&self) -> &Instrument {
        &self.0
    }

    /// Its name as it was typed; that of the contract may be another.
    #[must_use]
    pub fn symbol(&self) -> Symbol {
        self.0.symbol()
    }
}

impl FromStr for Spec {
    type Err = NotASpec;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let printable = text.bytes().all(|c| c == b' ' || c.is_ascii_graphic());
        if text.is_empty() || text.len() > LONGEST || !printable || text.trim() != text {
            return Err(NotASpec::Text(text.chars().take(80).collect()));
        }
        text.parse().map(Self).map_err(|error: tradeport_contracts::NotAnInstrument| {
            NotASpec::Notation(format!(
                "{error}; such as AAPL, \"AAPL 20261218C450\", \"ES 202612@CME\" or EUR.USD"
            ))
        })
    }
}

impl std::fmt::Display for Spec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A day (`2026-12-18` or `20261218`) or a month (`202612`, `2026-12`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayOrMonth(Expiry);

impl DayOrMonth {
    /// As the platform has it.
    #[must_use]
    pub const fn expiry(self) -> Expiry {
        self.0
    }

    /// Is it this day, or does the day lie in the month?
    #[must_use]
    pub fn includes(self, expiry: Expiry) -> bool {
        match self.0.day() {
            Some(day) => expiry.day() == Some(day),
            None => (self.0.year(), self.0.month()) == (expiry.year(), expiry.month()),
        }
    }
}

impl FromStr for DayOrMonth {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts: Vec<&str> = text.split('-').collect();
        let plain = match parts.as_slice() {
            [whole] => (*whole).to_owned(),
            [year, rest @ ..]
                if year.len() == 4 && rest.len() <= 2 && rest.iter().all(|it| it.len() == 2) =>
            {
                parts.concat()
            }
            _ => String::new(),
        };
        let expected = || format!("{text:?} is neither a day such as 2026-12-18 nor a month such as 2026-12");
        plain.parse().map(Self).map_err(|_| expected())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_notation_is_read_and_nonsense_is_refused_with_an_example() {
        for text in
            ["AAPL", "AAPL 20261218C450", "ES 202612@CME", "EUR.USD", "crypto:BTC", "isin:US0378331005"]
        {
            assert_eq!(text.parse::<Spec>().unwrap().to_string(), text);
        }
        let said = |text: &str| text.parse::<Spec>().unwrap_err().to_string();
        assert!(said("\u{e4}").contains("is not a symbol"));
        assert!(said("AAPL 20261219C450").contains("weekend"));
        assert!(said("isin:US0378331006").contains("check digit"));
        assert!(said("AAPL;x=y").contains("such as AAPL"));
    }

    #[test]
    fn days_and_months_are_read_with_and_without_hyphens() {
        let read = |text: &str| text.parse::<DayOrMonth>().map(|it| it.expiry().to_string());
        assert_eq!(read("2026-12-18"), read("20261218"));
        assert_eq!(read("2026-12").unwrap(), "202612");
        for bad in ["", "18-12-2026", "2026-1-1", "2026-13", "20261-18", "2026-02-30", "2026--12"] {
            assert!(read(bad).is_err(), "{bad:?}");
        }
        let month: DayOrMonth = "2026-12".parse().unwrap();
        assert!(month.includes("20261218".parse().unwrap()) && !month.includes("20270115".parse().unwrap()));
    }
}
