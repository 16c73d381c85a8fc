//! The platform's name of an instrument.

use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

const CAPACITY: usize = 31;
/// So many first bytes tell most symbols apart, and compare as one number.
const HEAD: usize = 8;

/// The platform's own, unique name of one instrument: `AAPL`, `EUR.USD`, `AAPL  250117C00150000`.
///
/// Up to 31 printable ASCII characters, kept inline: it is copied with every tick, so it costs no allocation and no
/// reference count.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Symbol {
    bytes: [u8; CAPACITY],
    length: u8,
}

/// The text cannot be a symbol.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a symbol: expected 1 to 31 printable ASCII characters, no space at either end")]
pub struct NotASymbol(String);

impl Symbol {
    /// Refuses empty and overlong texts, control characters and spaces at either end.
    pub fn new(text: &str) -> Result<Self, NotASymbol> {
        let printable = text.bytes().all(|c| c == b' ' || c.is_ascii_graphic());
        if text.is_empty() || text.len() > CAPACITY || !printable || text.trim() != text {
            return Err(NotASymbol(text.chars().take(80).collect()));
        }
        let mut bytes = [0; CAPACITY];
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        let length = u8::try_from(text.len()).expect("at most 31 bytes were let in");
        Ok(Self { bytes, length })
    }

    /// The symbol as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..usize::from(self.length)]).expect("a symbol holds only ASCII")
    }
}

impl Symbol {
    fn head(&self) -> u64 {
        let mut head = [0; HEAD];
        head.copy_from_slice(&self.bytes[..HEAD]);
        u64::from_be_bytes(head)
    }
}

/// In the order of their texts. Symbols are looked up with every tick, so the common case costs one comparison.
impl Ord for Symbol {
    fn cmp(&self, other: &Self) -> Ordering {
        self.head().cmp(&other.head()).then_with(|| self.bytes[HEAD..].cmp(&other.bytes[HEAD..]))
    }
}

impl PartialOrd for Symbol {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl FromStr for Symbol {
    type Err = NotASymbol;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::new(text)
    }
}

impl TryFrom<String> for Symbol {
    type Error = NotASymbol;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::new(&text)
    }
}

impl From<Symbol> for String {
    fn from(symbol: Symbol) -> Self {
        symbol.as_str().to_owned()
    }
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_are_in_the_order_of_their_texts() {
        let longest = "X".repeat(31);
        let texts = ["A", "AAPL", "AAPL  250117C00150000", "AAPL  250117C00150001", "AAPL B", "B", &longest];
        for (a, b) in texts.iter().flat_map(|a| texts.map(move |b| (*a, b))) {
            assert_eq!(Symbol::new(a).unwrap().cmp(&Symbol::new(b).unwrap()), a.cmp(b), "{a:?} and {b:?}");
        }
    }

    #[test]
    fn a_symbol_keeps_its_text() {
        for text in ["AAPL", "BRK B", "EUR.USD", "AAPL  250117C00150000", &"X".repeat(31)] {
            assert_eq!(Symbol::new(text).unwrap().as_str(), text);
        }
        for bad in ["", " AAPL", "AAPL ", "A\tB", "Ä", &"X".repeat(32)] {
            assert!(Symbol::new(bad).is_err(), "{bad:?} was taken for a symbol");
        }
    }
}
