//! Why a description is not an instrument: which rule, what was given, what would be accepted.

use super::InstrumentKind;
use super::kind::article;
use crate::{Expiry, NotALeg, NotAnExpiry, NotAnIdentifier};
use tradeport_kernel::Decimal;

/// The description cannot be an instrument.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAnInstrument {
    /// The symbol is empty, overlong, begins or ends with a blank, or is not printable.
    #[error(
        "the symbol {0:?} is unusable: expected 1 to 64 printable ASCII characters, no blank at either end"
    )]
    Symbol(String),
    /// The exchange is not a code.
    #[error(
        "{0:?} is not an exchange: expected 1 to 24 capital letters, digits, '.', '-' or '_', such as SMART"
    )]
    Exchange(String),
    /// A local symbol, a trading class or an issuer is empty, overlong, begins or ends with a blank, or is not
    /// printable.
    #[error(
        "the {field} {given:?} is unusable: expected 1 to 64 printable ASCII characters, no blank at either end"
    )]
    Text {
        /// Which one.
        field: &'static str,
        /// What was given.
        given: String,
    },
    /// The contract id is not above zero.
    #[error("{0} is not a contract id: it must be above zero")]
    ContractId(i64),
    /// Nothing says which one is meant.
    #[error(
        "{} {kind} without a name: expected a symbol, a local symbol, a contract id or an identifier",
        kind.article()
    )]
    Unnamed {
        /// What it would be.
        kind: InstrumentKind,
    },
    /// Nothing says what it is, and a symbol alone does not tell.
    #[error("nothing says what it is: expected a kind, a contract id, an identifier or an issuer")]
    NoKind,
    /// Something that this kind cannot do without.
    #[error("{} {kind} needs {missing}", kind.article())]
    Missing {
        /// What it would be.
        kind: InstrumentKind,
        /// What is missing.
        missing: &'static str,
    },
    /// Something that means nothing for this kind.
    #[error("{} {kind} has no {field}, and {given} was given", kind.article())]
    Superfluous {
        /// What it would be.
        kind: InstrumentKind,
        /// What it does not have.
        field: &'static str,
        /// What was given.
        given: String,
    },
    /// The strike is zero or below, or below zero where zero is a strike.
    #[error("the strike of {} {kind} is {given}: expected {expected}", kind.article())]
    Strike {
        /// What it would be.
        kind: InstrumentKind,
        /// The strike.
        given: Decimal,
        /// What would be accepted.
        expected: &'static str,
    },
    /// The multiplier is zero or below.
    #[error("the multiplier is {0}: it must be above zero")]
    Multiplier(Decimal),
    /// A number is larger or finer than any market's.
    #[error("the {field} {given} is beyond reason: expected up to 1,000,000,000 and at most 15 digits")]
    Digits {
        /// Which number.
        field: &'static str,
        /// What was given.
        given: Decimal,
    },
    /// Exchanges are closed on the day that it would end.
    #[error("{} {kind} cannot expire on {expiry}, a weekend: expected Monday to Friday", kind.article())]
    Weekend {
        /// What it would be.
        kind: InstrumentKind,
        /// The day.
        expiry: Expiry,
    },
    /// The product has no contract of that month.
    #[error("{product} has no contract of {expiry}: its months are {months}")]
    Cycle {
        /// The product's symbol.
        product: String,
        /// What was given.
        expiry: Expiry,
        /// What would be accepted.
        months: String,
    },
    /// No contract of the product ends on that day.
    #[error("{product} has no contract that ends on {expiry}: expected {expected}")]
    LastDay {
        /// The product's symbol.
        product: String,
        /// What was given.
        expiry: Expiry,
        /// What would be accepted: the last days of trading nearest to it.
        expected: String,
    },
    /// Its exchange is closed on the day that it would end.
    #[error(
        "{} {kind} cannot expire on {expiry}, a holiday of its exchange: expected {expected}, the trading day before",
        kind.article()
    )]
    Holiday {
        /// What it would be.
        kind: InstrumentKind,
        /// What was given.
        expiry: Expiry,
        /// When such a contract ends.
        expected: Expiry,
    },
    /// A pair of one currency.
    #[error("{0} against {0} is no pair: expected two different currencies")]
    SameCurrency(String),
    /// The symbol of a pair is not a currency.
    #[error("a currency pair of {0:?}: expected three capital letters such as EUR")]
    NotACurrency(String),
    /// A yes-or-no contract must be described as one, and nothing else as one.
    #[error("{0}")]
    Event(&'static str),
    /// A combo without legs.
    #[error("a combo without legs: expected at least one")]
    NoLegs,
    /// A leg cannot be.
    #[error(transparent)]
    Leg(#[from] NotALeg),
    /// An identifier is not of its scheme.
    #[error(transparent)]
    Identifier(#[from] NotAnIdentifier),
    /// An expiry is no date.
    #[error(transparent)]
    Expiry(#[from] NotAnExpiry),
    /// It is an instrument, but of another kind.
    #[error("{given} is not {} {expected}", article(expected))]
    OtherKind {
        /// What was expected.
        expected: &'static str,
        /// What it is.
        given: String,
    },
    /// The text is not in the notation of instruments.
    #[error("{text:?} is not the notation of an instrument: {reason}")]
    Notation {
        /// The text.
        text: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// As much of a text as is worth showing.
pub(super) fn shown(text: &str) -> String {
    text.chars().take(80).collect()
}
