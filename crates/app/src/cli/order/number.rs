//! Distances, ranges and shares of a size, as people type them.

use std::str::FromStr;
use tradeport_kernel::{Decimal, Price, Quantity, read_decimal};
use tradeport_orders::{MidOffsets, OffsetBy, StockRange, TrailBy};

/// A distance in price units (`0.05`), or in percent (`1%`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OffsetText {
    /// In price units.
    Amount(Decimal),
    /// In percent.
    Percent(Decimal),
}

impl OffsetText {
    /// As a relative order has it.
    #[must_use]
    pub fn by(self) -> OffsetBy {
        match self {
            Self::Amount(amount) => OffsetBy::Amount(amount),
            Self::Percent(percent) => OffsetBy::Fraction((percent / Decimal::ONE_HUNDRED).normalize()),
        }
    }

    /// As a trailing order has it.
    #[must_use]
    pub const fn trail(self) -> TrailBy {
        match self {
            Self::Amount(amount) => TrailBy::Amount(amount),
            Self::Percent(percent) => TrailBy::Percent(percent),
        }
    }
}

impl FromStr for OffsetText {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let expected = || format!("{text:?} is not a distance: expected such as 0.05 or 1%");
        let (digits, percent) = text.strip_suffix('%').map_or((text, false), |digits| (digits, true));
        let number = number(digits).ok_or_else(expected)?;
        Ok(if percent { Self::Percent(number) } else { Self::Amount(number) })
    }
}

/// Distances from the midpoint when it is a whole cent and when it is half a cent: `0.01/0.005`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MidOffsetsText(pub MidOffsets);

impl FromStr for MidOffsetsText {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let offsets = || {
            let (whole, half) = text.split_once('/')?;
            Some(MidOffsets { at_whole: number(whole)?, at_half: number(half)? })
        };
        let expected = || format!("{text:?} are not two distances: expected such as 0.01/0.005");
        offsets().map(Self).ok_or_else(expected)
    }
}

/// A range of prices, open at either end: `100..120`, `100..`, `..120`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RangeText(pub StockRange);

impl FromStr for RangeText {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let expected =
            || format!("{text:?} is not a range of prices: expected such as 100..120, 100.. or ..120");
        let (lower, upper) = text.split_once("..").ok_or_else(expected)?;
        let end = |text: &str| -> Result<Option<Price>, String> {
            if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(|_| expected()) }
        };
        match (end(lower)?, end(upper)?) {
            (None, None) => Err(expected()),
            (Some(lower), Some(upper)) if lower > upper => {
                Err(format!("the range {text} ends before it begins"))
            }
            (lower, upper) => Ok(Self(StockRange { lower, upper })),
        }
    }
}

/// A leg's limit, or `-` for a leg without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LegPriceText(pub Option<Price>);

impl FromStr for LegPriceText {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        if text == "-" {
            return Ok(Self(None));
        }
        let expected = || format!("{text:?} is not a leg's price: expected such as 1.25, or - for none");
        text.parse().map(|price| Self(Some(price))).map_err(|_| expected())
    }
}

/// A part of an order's size: units (`50`), or a share (`50%`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// So many units.
    Units(Quantity),
    /// So many percent, above 0 and up to 100.
    Percent(Decimal),
}

impl FromStr for Part {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let expected = || format!("{text:?} is not a part of a size: expected such as 50 or 50%");
        match text.strip_suffix('%') {
            None => text.parse().map(Self::Units).map_err(|_| expected()),
            Some(digits) => {
                let percent = number(digits).filter(|it| *it > Decimal::ZERO && *it <= Decimal::ONE_HUNDRED);
                percent.map(Self::Percent).ok_or_else(expected)
            }
        }
    }
}

/// An amount of money, with its currency or without: `5000`, `5000 EUR`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CashText {
    /// How much.
    pub amount: Decimal,
    /// Of what; the instrument's own currency when absent.
    pub currency: Option<tradeport_kernel::Currency>,
}

impl FromStr for CashText {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let expected =
            || format!("{text:?} is not an amount of money above zero: expected such as 5000 or 5000EUR");
        let end = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
        let (digits, code) = text.split_at(end);
        let currency = if code.is_empty() { None } else { Some(code.parse().map_err(|_| expected())?) };
        let amount = number(digits.trim_end()).filter(|amount| *amount > Decimal::ZERO);
        amount.map(|amount| Self { amount, currency }).ok_or_else(expected)
    }
}

/// A plain number, neither in scientific notation nor beyond what a price may be.
pub(super) fn number(text: &str) -> Option<Decimal> {
    let number = read_decimal(text)?;
    (number.abs() <= Price::MAX).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_they_are_typed_and_nonsense_is_refused() {
        assert_eq!("1%".parse::<OffsetText>().unwrap().by(), OffsetBy::Fraction(Decimal::new(1, 2)));
        assert_eq!("-0.05".parse::<OffsetText>().unwrap().by(), OffsetBy::Amount(Decimal::new(-5, 2)));
        assert_eq!("2.5%".parse::<OffsetText>().unwrap().trail(), TrailBy::Percent(Decimal::new(25, 1)));
        assert!(
            ["", "%", "x", "1%%", "1e5", "1_5", "NaN"].iter().all(|text| text.parse::<OffsetText>().is_err())
        );

        let range = "100..120".parse::<RangeText>().unwrap().0;
        assert_eq!((range.lower, range.upper), ("100".parse().ok(), "120".parse().ok()));
        assert_eq!("100..".parse::<RangeText>().unwrap().0.upper, None);
        assert!(["", "..", "100", "120..100", "a..b"].iter().all(|text| text.parse::<RangeText>().is_err()));

        assert_eq!("0.01/0.005".parse::<MidOffsetsText>().unwrap().0.at_half, Decimal::new(5, 3));
        assert!("0.01".parse::<MidOffsetsText>().is_err());
        assert_eq!("-".parse::<LegPriceText>(), Ok(LegPriceText(None)));
        assert!("--".parse::<LegPriceText>().is_err());
    }

    #[test]
    fn parts_and_cash_are_above_zero() {
        assert_eq!("50%".parse::<Part>(), Ok(Part::Percent(50.into())));
        assert_eq!("50".parse::<Part>(), Ok(Part::Units("50".parse().unwrap())));
        assert!(["0%", "101%", "0", "-1", "%"].iter().all(|text| text.parse::<Part>().is_err()));
        let cash: CashText = "5000 EUR".parse().unwrap();
        assert_eq!((cash.amount, cash.currency), (5000.into(), "EUR".parse().ok()));
        assert_eq!("5000".parse::<CashText>().unwrap().currency, None);
        assert!(
            ["", "0", "-5", "EUR", "5 EURO", "5000 5"].iter().all(|text| text.parse::<CashText>().is_err())
        );
    }
}
