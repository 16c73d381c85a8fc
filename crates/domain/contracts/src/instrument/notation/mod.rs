//! The notation of instruments; its form is explained at [`Instrument`].
//!
//! Writing and reading meet at [`Description`]: what is written reads back as the same description, which a property
//! test holds for every kind.

mod escape;
mod legs;
mod read;
mod terms;
mod write;

use super::{Instrument, InstrumentKind, NotAnInstrument};
use std::fmt;
use std::str::FromStr;

/// What nothing is said of: beside the symbol, and for exchange and currency.
const UNSAID: &str = "*";
const NONE: &str = "-";

impl fmt::Display for Instrument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&write::instrument(self))
    }
}

impl FromStr for Instrument {
    type Err = NotAnInstrument;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        read::description(text)?.check()
    }
}

impl TryFrom<String> for Instrument {
    type Error = NotAnInstrument;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Instrument> for String {
    fn from(instrument: Instrument) -> Self {
        instrument.to_string()
    }
}

/// The kind that a text without a kind in front is read as.
fn kind_by_looks(body: &str) -> InstrumentKind {
    if let Some((symbol, last)) = body.rsplit_once(' ')
        && let Some(terms) = terms::read(last).filter(|_| !symbol.is_empty())
    {
        let is_option = terms.right.is_some() && terms.strike.is_some();
        match terms.expiry {
            Some(_) if is_option => return InstrumentKind::Option,
            Some(_) if terms.right.is_none() && terms.strike.is_none() => return InstrumentKind::Future,
            _ => {}
        }
    }
    let is_currency = |text: &str| text.len() == 3 && text.bytes().all(|c| c.is_ascii_uppercase());
    match body.split_once('.') {
        Some((base, quote)) if is_currency(base) && is_currency(quote) => InstrumentKind::Forex,
        _ => InstrumentKind::Stock,
    }
}
