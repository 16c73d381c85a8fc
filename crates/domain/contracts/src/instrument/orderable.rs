//! Whether an instrument says enough to be ordered.
//!
//! Left out: whether the broker lists it, and what kinds of orders it takes.

use super::kind::Strikes;
use super::{Description, Instrument, InstrumentKind};
use crate::{Cusip, Isin};

/// An instrument that can be asked for, but not ordered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotOrderable {
    /// Nothing of this kind is traded.
    #[error("{instrument} cannot be ordered: {} {kind} is only {purpose}", kind.article())]
    Kind {
        /// Which instrument.
        instrument: String,
        /// Its kind.
        kind: InstrumentKind,
        /// What it is for.
        purpose: &'static str,
    },
    /// Several contracts fit it.
    #[error("{instrument} means several contracts: expected {expected}")]
    Several {
        /// Which instrument.
        instrument: String,
        /// What would make it one.
        expected: &'static str,
    },
    /// Nothing says where an order would go.
    #[error("{instrument} is routed nowhere: expected an exchange such as SMART")]
    NoRoute {
        /// Which instrument.
        instrument: String,
    },
}

impl Instrument {
    /// Refuses what can be quoted or asked for, but not ordered: indices, news, continuous futures, chains and other
    /// questions that mean several contracts, and what is routed nowhere.
    ///
    /// ```
    /// use tradeport_contracts::Instrument;
    /// let chain: Instrument = "option:FISV *".parse()?;
    /// assert_eq!(
    ///     chain.check_orderable().unwrap_err().to_string(),
    ///     "option:FISV * means several contracts: expected an expiry, a strike and call or put"
    /// );
    /// assert!("AAPL".parse::<Instrument>()?.check_orderable().is_ok());
    /// # Ok::<(), tradeport_contracts::NotAnInstrument>(())
    /// ```
    pub fn check_orderable(&self) -> Result<(), NotOrderable> {
        let it = self.description();
        let instrument = || self.to_string();
        if let Some((kind, purpose)) = it.kind.and_then(|kind| Some((kind, purpose_without_orders(kind)?))) {
            return Err(NotOrderable::Kind { instrument: instrument(), kind, purpose });
        }
        if let Some(expected) = what_is_missing(self, it) {
            return Err(NotOrderable::Several { instrument: instrument(), expected });
        }
        match it.exchange {
            Some(_) => Ok(()),
            None => Err(NotOrderable::NoRoute { instrument: instrument() }),
        }
    }
}

/// What a kind is for that nobody trades.
const fn purpose_without_orders(kind: InstrumentKind) -> Option<&'static str> {
    match kind {
        InstrumentKind::Index => Some("quoted"),
        InstrumentKind::NewsFeed => Some("read"),
        InstrumentKind::ContinuousFuture => Some("for history"),
        InstrumentKind::AnyFuture => Some("asked for"),
        _ => None,
    }
}

/// What would make it one contract.
fn what_is_missing(instrument: &Instrument, it: &Description) -> Option<&'static str> {
    if matches!(instrument, Instrument::Issued(_)) {
        return Some("one bond, by its contract id, CUSIP or ISIN");
    }
    if it.id.is_some() || it.identifier.is_some() || it.local_symbol.is_some() {
        return None;
    }
    let kind = it.kind?;
    if kind == InstrumentKind::Bond {
        let is_number = |symbol: &str| Cusip::new(symbol).is_ok() || Isin::new(symbol).is_ok();
        let is_one = it.symbol.as_deref().is_some_and(is_number);
        return (!is_one).then_some("one bond, by its contract id, CUSIP or ISIN");
    }
    if kind.strikes() != Strikes::None {
        let is_one = it.expiry.is_some() && it.strike.is_some() && it.right.is_some();
        return (!is_one).then_some("an expiry, a strike and call or put");
    }
    (kind.has_terms() && it.expiry.is_none()).then_some("an expiry")
}
