//! Call or put.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What the holder of an option may do: buy (call) or sell (put) at the strike. Of an event contract a call says yes
/// and a put says no.
///
/// ```
/// use tradeport_contracts::Right;
/// assert_eq!("call".parse(), Ok(Right::Call));
/// assert_eq!(Right::Call.opposite(), Right::Put);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// To buy.
    Call,
    /// To sell.
    Put,
}

/// The text is neither a call nor a put.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is neither call nor put: expected C, CALL, P or PUT")]
pub struct NotARight(String);

impl Right {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Call, Self::Put];

    /// `C` or `P`.
    #[must_use]
    pub const fn letter(self) -> char {
        match self {
            Self::Call => 'C',
            Self::Put => 'P',
        }
    }

    /// The other one.
    #[must_use]
    pub const fn opposite(self) -> Self {
        match self {
            Self::Call => Self::Put,
            Self::Put => Self::Call,
        }
    }
}

impl FromStr for Right {
    type Err = NotARight;

    /// Reads `C`, `CALL`, `P` and `PUT`, whatever their case.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.to_ascii_uppercase().as_str() {
            "C" | "CALL" => Ok(Self::Call),
            "P" | "PUT" => Ok(Self::Put),
            _ => Err(NotARight(text.chars().take(40).collect())),
        }
    }
}

impl fmt::Display for Right {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Call => "call",
            Self::Put => "put",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_right_reads_what_it_writes() {
        for right in Right::ALL {
            assert_eq!(right.to_string().parse(), Ok(right));
            assert_eq!(right.letter().to_string().parse(), Ok(right));
        }
    }

    #[test]
    fn what_is_neither_is_refused_with_what_would_do() {
        for bad in ["", "0", "?", "X", "CALLS", " C"] {
            assert!(bad.parse::<Right>().is_err(), "{bad:?} was taken for a right");
        }
        let refusal = "X".parse::<Right>().unwrap_err();
        assert_eq!(refusal.to_string(), "\"X\" is neither call nor put: expected C, CALL, P or PUT");
    }
}
