//! Numbers of verdicts.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;
use tradeport_kernel::Decimal;

/// A number that a rule saw, or the limit that it holds it against: kept as it was found, and written as text only when it
/// is stored or shown. A text that writes a number is that number, so that what is read back equals what was kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Figure(Said);

#[derive(Clone, PartialEq, Eq)]
enum Said {
    /// Written without zeros at its end.
    Number(Decimal),
    Word(Cow<'static, str>),
}

impl Figure {
    fn said(word: Cow<'static, str>) -> Self {
        let is_written = |number: &Decimal| number.normalize().to_string() == word;
        match word.parse::<Decimal>().ok().filter(is_written) {
            Some(number) => Self::from(number),
            None => Self(Said::Word(word)),
        }
    }
}

impl From<u32> for Figure {
    fn from(count: u32) -> Self {
        Self(Said::Number(count.into()))
    }
}

impl From<u64> for Figure {
    fn from(count: u64) -> Self {
        Self(Said::Number(count.into()))
    }
}

impl From<Decimal> for Figure {
    fn from(amount: Decimal) -> Self {
        Self(Said::Number(amount))
    }
}

impl From<&'static str> for Figure {
    fn from(word: &'static str) -> Self {
        Self::said(word.into())
    }
}

impl From<String> for Figure {
    fn from(word: String) -> Self {
        Self::said(word.into())
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Said::Number(number) => write!(f, "{}", number.normalize()),
            Said::Word(word) => f.write_str(word),
        }
    }
}

impl fmt::Debug for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Figure {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_back(figure: &Figure) -> Figure {
        serde_json::from_str(&serde_json::to_string(figure).unwrap()).unwrap()
    }

    #[test]
    fn what_is_read_back_equals_what_was_kept() {
        let decimal = |text: &str| text.parse::<Decimal>().unwrap();
        let numbers =
            ["0", "5", "-5", "0.10", "1000", "-0.000001", "79228162514264337593543950335"].map(decimal);
        for number in numbers {
            let figure = Figure::from(number);
            assert_eq!(read_back(&figure), figure);
            assert_eq!(figure.to_string(), number.normalize().to_string());
        }
        for word in ["", "none alike", "5", "5.0", "05", "+5", "1e3", "LMT", "60 s"] {
            let figure = Figure::from(word);
            assert_eq!(read_back(&figure), figure);
            assert_eq!(figure.to_string(), word, "nothing is written otherwise than it was said");
        }
        assert_eq!(Figure::from("5"), Figure::from(5_u32));
        assert_eq!(Figure::from(decimal("-0")), Figure::from(decimal("0")));
        assert_eq!(read_back(&Figure::from(decimal("-0"))), Figure::from(0_u64));
    }
}
