//! What a parameter of a listed algo takes: its type, range or choices.

use super::value::ParamValue;
use std::fmt;
use tradeport_kernel::{Decimal, Price};

/// What a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Yes or no.
    Flag,
    /// A whole number between these, both included.
    Integer {
        /// The least.
        min: i64,
        /// The most.
        max: i64,
    },
    /// A number in a range.
    Number(Range),
    /// One of these, in this spelling.
    Choice(&'static [&'static str]),
    /// A moment: a time of day, and a dated one where `dated`.
    Time {
        /// Are the forms with a date or in UTC taken too?
        dated: bool,
    },
    /// The name of a time zone.
    Zone,
    /// Text of 1 to [`TEXT_MAX`](super::TEXT_MAX) characters, none of them a control character.
    Text,
}

/// A range of numbers, both ends included unless said otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    min: Decimal,
    max: Decimal,
    above_min: bool,
    besides: Option<Decimal>,
}

impl Range {
    /// Any number that can be a price or an offset.
    pub(super) const ANY: Self = Self::new(Decimal::from_parts(0xD4A5_1000, 0xE8, 0, true, 0), Price::MAX);
    /// Zero or above.
    pub(super) const AMOUNT: Self = Self::new(Decimal::ZERO, Price::MAX);
    /// Above zero.
    pub(super) const POSITIVE: Self = Self { above_min: true, ..Self::AMOUNT };
    /// A part of a whole.
    pub(super) const FRACTION: Self = Self::new(Decimal::ZERO, Decimal::ONE);
    /// The share of the volume that the broker's own algos take: 1 % to 50 %. Its guide's tables say from 10 %, but its
    /// prose, its terminal and its own sample program go down to 1 %.
    pub(super) const VOLUME_SHARE: Self =
        Self::new(Decimal::from_parts(1, 0, 0, false, 2), Decimal::from_parts(5, 0, 0, false, 1));
    /// Minutes, or -99 for until the exchange closes.
    pub(super) const MINUTES: Self =
        Self { besides: Some(Decimal::from_parts(99, 0, 0, true, 0)), ..Self::AMOUNT };

    const fn new(min: Decimal, max: Decimal) -> Self {
        Self { min, max, above_min: false, besides: None }
    }

    /// The least number.
    #[must_use]
    pub const fn min(&self) -> Decimal {
        self.min
    }

    /// The greatest number.
    #[must_use]
    pub const fn max(&self) -> Decimal {
        self.max
    }

    /// Is [`min`](Self::min) itself left out?
    #[must_use]
    pub const fn is_above_min(&self) -> bool {
        self.above_min
    }

    /// A number outside that is taken too, with a meaning of its own.
    #[must_use]
    pub const fn besides(&self) -> Option<Decimal> {
        self.besides
    }

    /// Is `number` in it?
    #[must_use]
    pub fn contains(&self, number: Decimal) -> bool {
        let low = number < self.min || self.above_min && number == self.min;
        !low && number <= self.max || self.besides == Some(number)
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.above_min, self.min == Self::ANY.min, self.max == Self::ANY.max) {
            (_, true, true) => f.write_str("a number")?,
            (true, _, true) => write!(f, "a number above {}", self.min)?,
            (false, _, true) => write!(f, "a number of {} or above", self.min)?,
            (true, ..) => write!(f, "a number above {}, up to {}", self.min, self.max)?,
            (false, ..) => write!(f, "a number from {} to {}", self.min, self.max)?,
        }
        self.besides.map_or(Ok(()), |number| write!(f, ", or {number}"))
    }
}

impl Takes {
    /// Does it take `value`? [`ParamValue::Blank`] is taken everywhere.
    #[must_use]
    pub fn accepts(&self, value: &ParamValue) -> bool {
        match (self, value) {
            (_, ParamValue::Blank) | (Self::Flag, ParamValue::Flag(_)) => true,
            (Self::Integer { min, max }, ParamValue::Integer(number)) => (min..=max).contains(&number),
            // Some programs send counts with zeros after the point.
            (Self::Integer { min, max }, ParamValue::Number(number)) => {
                number.fract().is_zero() && *number >= Decimal::from(*min) && *number <= Decimal::from(*max)
            }
            (Self::Number(range), ParamValue::Number(number)) => range.contains(*number),
            (Self::Choice(choices), ParamValue::Choice(choice)) => choices.contains(&choice.as_ref()),
            (Self::Time { dated }, ParamValue::Time(time)) => *dated || time.date().is_none(),
            (Self::Zone, ParamValue::Text(name)) => super::Zone::new(name).is_ok(),
            (Self::Text, ParamValue::Text(text)) => super::checks::is_text(text),
            _ => false,
        }
    }
}

impl fmt::Display for Takes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag => f.write_str("yes or no"),
            Self::Integer { min, max } => match (*min, *max) {
                (0, max) if max == i64::from(u32::MAX) => f.write_str("a whole number of 0 or above"),
                (min, max) => write!(f, "a whole number from {min} to {max}"),
            },
            Self::Number(range) => range.fmt(f),
            Self::Choice(choices) => {
                let quoted: Vec<String> = choices.iter().map(|choice| format!("{choice:?}")).collect();
                write!(f, "one of {}", quoted.join(", "))
            }
            Self::Time { dated: true } => f.write_str(super::time::FORMS),
            Self::Time { dated: false } => f.write_str("a time of day such as 09:30:00 US/Eastern"),
            Self::Zone => f.write_str("the name of a time zone such as US/Eastern"),
            Self::Text => {
                write!(f, "text of 1 to {} characters, none of them a control character", super::TEXT_MAX)
            }
        }
    }
}
