//! Short texts that travel with an order: a venue's code, and free words.
//!
//! Left out: what a venue is and when it is open (`contracts`).

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

const VENUE_CAPACITY: usize = 15;

/// The code of a place where things trade, as the broker writes it: `SMART`, `ISLAND`, `IDEALPRO`.
///
/// 1 to 15 letters, digits, `.`, `_` or `-`, kept inline so that an order's kind stays cheap to copy.
///
/// ```
/// use tradeport_orders::Venue;
/// assert_eq!(Venue::new("TSE.JPN")?.as_str(), "TSE.JPN");
/// assert_eq!(
///     Venue::new("A B").unwrap_err().to_string(),
///     "\"A B\" is not a venue: expected 1 to 15 letters, digits, '.', '_' or '-', such as SMART"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Venue {
    bytes: [u8; VENUE_CAPACITY],
    length: u8,
}

/// The text cannot be a venue.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a venue: expected 1 to 15 letters, digits, '.', '_' or '-', such as SMART")]
pub struct NotAVenue(String);

impl Venue {
    /// Refuses empty and overlong codes and other characters.
    pub fn new(code: &str) -> Result<Self, NotAVenue> {
        let good = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'.' | b'_' | b'-');
        if code.is_empty() || code.len() > VENUE_CAPACITY || !code.bytes().all(good) {
            return Err(NotAVenue(code.chars().take(40).collect()));
        }
        let mut bytes = [0; VENUE_CAPACITY];
        bytes[..code.len()].copy_from_slice(code.as_bytes());
        let length = u8::try_from(code.len()).expect("at most 15 bytes were let in");
        Ok(Self { bytes, length })
    }

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..usize::from(self.length)]).expect("a venue holds only ASCII")
    }
}

/// Words that a person or an institution puts on an order: 1 to 1,000 characters, no control characters.
///
/// ```
/// use tradeport_orders::Text;
/// assert_eq!(Text::new("as agreed on the telephone")?.as_str(), "as agreed on the telephone");
/// assert_eq!(
///     Text::new("two\nlines").unwrap_err().to_string(),
///     "\"two\\nlines\" cannot stand on an order: expected 1 to 1000 characters without control characters"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Text(Arc<str>);

/// The text cannot stand on an order.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} cannot stand on an order: expected 1 to 1000 characters without control characters")]
pub struct NotAText(String);

impl Text {
    /// The most characters.
    pub const MAX: usize = 1_000;

    /// Refuses empty and overlong texts and control characters.
    pub fn new(words: &str) -> Result<Self, NotAText> {
        let fits = !words.is_empty() && words.chars().nth(Self::MAX).is_none();
        if !fits || words.chars().any(char::is_control) {
            return Err(NotAText(words.chars().take(40).collect()));
        }
        Ok(Self(Arc::from(words)))
    }

    /// The words.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

macro_rules! text_value {
    ($name:ident, $error:ident) => {
        impl FromStr for $name {
            type Err = $error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::new(text)
            }
        }
        impl TryFrom<String> for $name {
            type Error = $error;
            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::new(&text)
            }
        }
        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.as_str().to_owned()
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}", self.as_str())
            }
        }
    };
}
text_value!(Venue, NotAVenue);
text_value!(Text, NotAText);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_venue_keeps_its_code_and_refuses_what_is_none() {
        for code in ["SMART", "IBKRATS", "TSE.JPN", "X"] {
            assert_eq!(Venue::new(code).unwrap().as_str(), code);
        }
        assert_eq!(
            Venue::new("A B").unwrap_err().to_string(),
            "\"A B\" is not a venue: expected 1 to 15 letters, digits, '.', '_' or '-', such as SMART"
        );
        assert!(Venue::new("").is_err() && Venue::new("1234567890123456").is_err());
    }

    #[test]
    fn a_text_has_no_control_characters() {
        assert_eq!(Text::new("Äußerst wichtig").unwrap().as_str(), "Äußerst wichtig");
        assert_eq!(
            Text::new("a\nb").unwrap_err().to_string(),
            "\"a\\nb\" cannot stand on an order: expected 1 to 1000 characters without control characters"
        );
        assert!(Text::new("").is_err() && Text::new(&"x".repeat(1_001)).is_err());
        assert!(Text::new(&"ä".repeat(1_000)).is_ok());
    }
}
