//! An identifier of any scheme.

use super::{Cusip, Figi, Isin, NotAnIdentifier, Ric, Sedol};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Which numbering an identifier belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// ISO 6166, the world's.
    Isin,
    /// North America's.
    Cusip,
    /// The United Kingdom's and Ireland's.
    Sedol,
    /// The Object Management Group's.
    Figi,
    /// Reuters'.
    Ric,
}

impl Scheme {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Isin, Self::Cusip, Self::Sedol, Self::Figi, Self::Ric];

    /// Its name in lower case, as in the notation of instruments: `isin`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Isin => "isin",
            Self::Cusip => "cusip",
            Self::Sedol => "sedol",
            Self::Figi => "figi",
            Self::Ric => "ric",
        }
    }

    /// Reads an identifier of this scheme.
    pub fn read(self, text: &str) -> Result<Identifier, NotAnIdentifier> {
        Ok(match self {
            Self::Isin => Identifier::Isin(Isin::new(text)?),
            Self::Cusip => Identifier::Cusip(Cusip::new(text)?),
            Self::Sedol => Identifier::Sedol(Sedol::new(text)?),
            Self::Figi => Identifier::Figi(Figi::new(text)?),
            Self::Ric => Identifier::Ric(Ric::new(text)?),
        })
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Isin => "ISIN",
            Self::Cusip => "CUSIP",
            Self::Sedol => "SEDOL",
            Self::Figi => "FIGI",
            Self::Ric => "RIC",
        })
    }
}

/// An identifier of a security in one of the schemes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Identifier {
    /// An ISIN.
    Isin(Isin),
    /// A CUSIP.
    Cusip(Cusip),
    /// A SEDOL.
    Sedol(Sedol),
    /// A FIGI.
    Figi(Figi),
    /// A RIC.
    Ric(Ric),
}

impl Identifier {
    /// Its scheme.
    #[must_use]
    pub const fn scheme(&self) -> Scheme {
        match self {
            Self::Isin(_) => Scheme::Isin,
            Self::Cusip(_) => Scheme::Cusip,
            Self::Sedol(_) => Scheme::Sedol,
            Self::Figi(_) => Scheme::Figi,
            Self::Ric(_) => Scheme::Ric,
        }
    }

    /// The identifier alone, without its scheme.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Isin(isin) => isin.as_str(),
            Self::Cusip(cusip) => cusip.as_str(),
            Self::Sedol(sedol) => sedol.as_str(),
            Self::Figi(figi) => figi.as_str(),
            Self::Ric(ric) => ric.as_str(),
        }
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.scheme().word(), self.as_str())
    }
}

macro_rules! from_each {
    ($($name:ident),+) => { $(
        impl From<$name> for Identifier {
            fn from(identifier: $name) -> Self {
                Self::$name(identifier)
            }
        }
    )+ };
}
from_each!(Isin, Cusip, Sedol, Figi, Ric);
