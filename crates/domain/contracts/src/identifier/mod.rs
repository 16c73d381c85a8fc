//! Public identifiers of securities, each proven by its check digit.
//!
//! | scheme | form | check digit |
//! | --- | --- | --- |
//! | [`Isin`] | 2 letters of a country, 9 letters or digits, 1 digit | ISO 6166, annex: letters become two digits, then Luhn |
//! | [`Cusip`] | 8 letters, digits, `*`, `@` or `#`, 1 digit | ANSI X9.6: modulus 10 double add double |
//! | [`Sedol`] | 6 digits or consonants, 1 digit | London Stock Exchange: weights 1, 3, 1, 7, 3, 9 |
//! | [`Figi`] | 2 consonants, `G`, 8 digits or consonants, 1 digit | OMG FIGI 1.0, 6.1.2: as CUSIP |
//! | [`Ric`] | as its owner writes it | none |
//!
//! Left out: whether anything was ever issued under a number. Only a catalog knows.

mod check_digit;
mod scheme;

pub use scheme::{Identifier, Scheme};

use check_digit::{double_add_double, luhn_of_letters, weighted};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The text is not an identifier of its scheme.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAnIdentifier {
    /// Its length or its characters are not those of the scheme.
    #[error("{given:?} is not a valid {scheme}: expected {expected}")]
    Form {
        /// Which scheme.
        scheme: Scheme,
        /// What was given.
        given: String,
        /// What would be accepted.
        expected: &'static str,
    },
    /// Its first letters stand for something else.
    #[error(
        "{given:?} is not a valid {scheme}: it must not begin with {prefix}, which countries use for ISINs"
    )]
    Prefix {
        /// Which scheme.
        scheme: Scheme,
        /// What was given.
        given: String,
        /// What it begins with.
        prefix: String,
    },
    /// Its last digit does not follow from the others: it was mistyped.
    #[error("{given:?} is not a valid {scheme}: its check digit should be {expected}")]
    CheckDigit {
        /// Which scheme.
        scheme: Scheme,
        /// What was given.
        given: String,
        /// The digit that the others ask for.
        expected: char,
    },
}

/// Defines an identifier of fixed length that is kept inline and checked on the way in.
macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident, $length:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name([u8; $length]);

        impl $name {
            /// Refuses what does not have the scheme's form or check digit.
            pub fn new(text: &str) -> Result<Self, NotAnIdentifier> {
                let refuse = || NotAnIdentifier::Form {
                    scheme: Scheme::$name,
                    given: text.chars().take(40).collect(),
                    expected: Self::FORM,
                };
                let bytes = <[u8; $length]>::try_from(text.as_bytes()).map_err(|_| refuse())?;
                if !Self::has_form(&bytes) {
                    return Err(refuse());
                }
                Self::refuse_prefix(text)?;
                let digit = Self::check_digit(&bytes[..$length - 1]);
                if bytes[$length - 1] != b'0' + digit {
                    let expected = char::from(b'0' + digit);
                    return Err(NotAnIdentifier::CheckDigit {
                        scheme: Scheme::$name, given: text.to_owned(), expected,
                    });
                }
                Ok(Self(bytes))
            }

            /// The identifier as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                std::str::from_utf8(&self.0).expect("an identifier holds only ASCII")
            }
        }

        identifier!(@text $name);
    };
    (@text $name:ident) => {
        impl FromStr for $name {
            type Err = NotAnIdentifier;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::new(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotAnIdentifier;
            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::new(&text)
            }
        }

        impl From<$name> for String {
            fn from(identifier: $name) -> Self {
                identifier.as_str().to_owned()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

identifier! {
    /// An International Securities Identification Number (ISO 6166), such as Apple's `US0378331005`.
    ///
    /// ```
    /// use tradeport_contracts::Isin;
    /// assert_eq!(Isin::new("US0378331005")?.country(), "US");
    /// let mistyped = Isin::new("US0378331006").unwrap_err();
    /// assert_eq!(mistyped.to_string(), "\"US0378331006\" is not a valid ISIN: its check digit should be 5");
    /// # Ok::<(), tradeport_contracts::NotAnIdentifier>(())
    /// ```
    Isin, 12
}

identifier! {
    /// A number of the Committee on Uniform Securities Identification Procedures (ANSI X9.6), such as Apple's
    /// `037833100`.
    ///
    /// ```
    /// use tradeport_contracts::Cusip;
    /// assert!(Cusip::new("037833100").is_ok());
    /// assert!(Cusip::new("037833109").is_err());
    /// ```
    Cusip, 9
}

identifier! {
    /// A Stock Exchange Daily Official List number, such as Vodafone's `BH4HKS3`.
    ///
    /// ```
    /// use tradeport_contracts::Sedol;
    /// assert!(Sedol::new("BH4HKS3").is_ok());
    /// assert!(Sedol::new("AH4HKS3").is_err(), "vowels are not used");
    /// ```
    Sedol, 7
}

identifier! {
    /// A Financial Instrument Global Identifier (OMG), such as Apple's `BBG000B9XRY4` at New York.
    ///
    /// ```
    /// use tradeport_contracts::Figi;
    /// assert!(Figi::new("BBG000B9XRY4").is_ok());
    /// assert!(Figi::new("BBG000B9XRY5").is_err());
    /// ```
    Figi, 12
}

fn is_consonant(c: u8) -> bool {
    c.is_ascii_uppercase() && !b"AEIOU".contains(&c)
}

fn is_digit_or_consonant(c: u8) -> bool {
    c.is_ascii_digit() || is_consonant(c)
}

impl Isin {
    const FORM: &'static str =
        "2 capital letters, 9 capital letters or digits and a check digit, such as US0378331005";

    /// The two letters in front: a country, or `XS` and the like for those of no country.
    #[must_use]
    pub fn country(&self) -> &str {
        &self.as_str()[..2]
    }

    /// The CUSIP inside an American, Canadian or Bermudan ISIN; `None` elsewhere, where other numbers are inside.
    #[must_use]
    pub fn cusip(&self) -> Option<Cusip> {
        if matches!(self.country(), "US" | "CA" | "BM") {
            Cusip::new(&self.as_str()[2..11]).ok()
        } else {
            None
        }
    }

    fn has_form(bytes: &[u8; 12]) -> bool {
        bytes[..2].iter().all(u8::is_ascii_uppercase)
            && bytes[2..11].iter().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
            && bytes[11].is_ascii_digit()
    }

    const fn refuse_prefix(_: &str) -> Result<(), NotAnIdentifier> {
        Ok(())
    }

    fn check_digit(body: &[u8]) -> u8 {
        luhn_of_letters(body)
    }
}

impl Cusip {
    const FORM: &'static str =
        "8 capital letters, digits, '*', '@' or '#' and a check digit, such as 037833100";

    fn has_form(bytes: &[u8; 9]) -> bool {
        let good = |c: &u8| c.is_ascii_uppercase() || c.is_ascii_digit() || b"*@#".contains(c);
        bytes[..8].iter().all(good) && bytes[8].is_ascii_digit()
    }

    const fn refuse_prefix(_: &str) -> Result<(), NotAnIdentifier> {
        Ok(())
    }

    fn check_digit(body: &[u8]) -> u8 {
        double_add_double(body)
    }
}

impl Sedol {
    const FORM: &'static str = "6 digits or capital consonants and a check digit, such as BH4HKS3";

    fn has_form(bytes: &[u8; 7]) -> bool {
        bytes[..6].iter().copied().all(is_digit_or_consonant) && bytes[6].is_ascii_digit()
    }

    const fn refuse_prefix(_: &str) -> Result<(), NotAnIdentifier> {
        Ok(())
    }

    fn check_digit(body: &[u8]) -> u8 {
        weighted(body, &[1, 3, 1, 7, 3, 9])
    }
}

impl Figi {
    const FORM: &'static str =
        "2 capital consonants, G, 8 digits or capital consonants and a check digit, such as BBG000B9XRY4";
    /// A third letter `G` after these would read as an ISIN.
    const TAKEN: [&'static str; 7] = ["BS", "BM", "GG", "GB", "GH", "KY", "VG"];

    fn has_form(bytes: &[u8; 12]) -> bool {
        bytes[..2].iter().copied().all(is_consonant)
            && bytes[2] == b'G'
            && bytes[3..11].iter().copied().all(is_digit_or_consonant)
            && bytes[11].is_ascii_digit()
    }

    fn refuse_prefix(text: &str) -> Result<(), NotAnIdentifier> {
        match Self::TAKEN.iter().find(|prefix| text.starts_with(**prefix)) {
            None => Ok(()),
            Some(prefix) => Err(NotAnIdentifier::Prefix {
                scheme: Scheme::Figi,
                given: text.to_owned(),
                prefix: (*prefix).to_owned(),
            }),
        }
    }

    fn check_digit(body: &[u8]) -> u8 {
        double_add_double(body)
    }
}

/// A Reuters Instrument Code, such as `VOD.L`: 1 to 32 printable ASCII characters without blanks. It has no check
/// digit.
///
/// ```
/// use tradeport_contracts::{Identified, Ric};
/// assert_eq!(Identified::new(Ric::new("VOD.L")?).to_string(), "ric:VOD.L");
/// assert!(Ric::new("VOD L").is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Ric(Box<str>);

impl Ric {
    /// Refuses empty and overlong codes, blanks and what is not printable ASCII.
    pub fn new(text: &str) -> Result<Self, NotAnIdentifier> {
        if text.is_empty() || text.len() > 32 || !text.bytes().all(|c| c.is_ascii_graphic()) {
            return Err(NotAnIdentifier::Form {
                scheme: Scheme::Ric,
                given: text.chars().take(40).collect(),
                expected: "1 to 32 printable characters without blanks, such as VOD.L",
            });
        }
        Ok(Self(text.into()))
    }

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

identifier!(@text Ric);

#[cfg(test)]
mod tests;
