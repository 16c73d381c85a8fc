//! Why a broker would not take an order: one variant a rule, each with what was given and what would be accepted.

use super::Field;
use crate::{AlgoRefusal, TriggerMethod};
use std::fmt;
use time::Date;
use tradeport_contracts::InstrumentKind;
use tradeport_kernel::{Currency, Decimal, Money, Price, Quantity, Symbol, Timestamp};

/// The family of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// Prices and distances between them.
    Price,
    /// How much.
    Size,
    /// The kind of order.
    Kind,
    /// How long it stands.
    TimeInForce,
    /// Whether the market is open for it.
    Session,
    /// Everything else that it says.
    Attribute,
}

impl Rule {
    /// As it is written: `time_in_force`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Price => "price",
            Self::Size => "size",
            Self::Kind => "kind",
            Self::TimeInForce => "time_in_force",
            Self::Session => "session",
            Self::Attribute => "attribute",
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The accepted numbers next to one that was not: the next below, and the next above.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Accepted {
    /// The next below; `None` when there is none.
    pub below: Option<Decimal>,
    /// The next above; `None` when there is none.
    pub above: Option<Decimal>,
}

impl fmt::Display for Accepted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.below, self.above) {
            (Some(below), Some(above)) => write!(f, "{below} or {above} would be accepted"),
            (Some(next), None) | (None, Some(next)) => write!(f, "{next} would be accepted"),
            (None, None) => f.write_str("nothing next to it would be accepted"),
        }
    }
}

/// A broker would not take the order.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A price between two steps (error 110).
    #[error("the {field} of {price} is not on the price step of {step}: {accepted}")]
    PriceStep {
        /// Which price.
        field: Field,
        /// What it is.
        price: Price,
        /// The step of its band.
        step: Decimal,
        /// The prices next to it.
        accepted: Accepted,
    },
    /// A price of zero or below of something that has no such prices.
    #[error("the {field} of {price} is not a price of {symbol}: it must be above zero, {accepted}")]
    NotAboveZero {
        /// Which price.
        field: Field,
        /// What it is.
        price: Price,
        /// Of which contract.
        symbol: Symbol,
        /// The lowest price.
        accepted: Accepted,
    },
    /// A price beyond those that the instrument knows (error 10344).
    #[error("the {field} of {price} is out of range: {lowest} to {highest} would be accepted")]
    PriceRange {
        /// Which price.
        field: Field,
        /// What it is.
        price: Price,
        /// The lowest.
        lowest: Decimal,
        /// The highest.
        highest: Decimal,
    },
    /// A distance between two steps (errors 158, 168, 364, 408, 418, 10305).
    #[error("the {field} of {distance} is not a multiple of {step}: {accepted}")]
    DistanceStep {
        /// Which distance.
        field: Field,
        /// What it is.
        distance: Decimal,
        /// The smallest step.
        step: Decimal,
        /// The distances next to it.
        accepted: Accepted,
    },
    /// A percentage out of range (error 159).
    #[error("a {what} of {percent} percent is out of range: 0 to 100 would be accepted")]
    Percent {
        /// Of what.
        what: &'static str,
        /// What it is.
        percent: Decimal,
    },
    /// Prices of legs for a combo of more or fewer than two.
    #[error("prices of legs are for combos of 2 legs, and this one has {legs}: give it one limit instead")]
    LegCount {
        /// How many legs it has.
        legs: usize,
    },
    /// Prices of legs for a combo whose legs fill together.
    #[error("prices of legs are for combos whose legs may fill apart: say that it is not guaranteed")]
    LegsGuaranteed,
    /// More prices than legs.
    #[error("{prices} prices were given for {legs} legs: one for each leg at most would be accepted")]
    LegPrices {
        /// How many prices.
        prices: usize,
        /// How many legs.
        legs: usize,
    },
    /// Less than the smallest order (error 355).
    #[error("a size of {size} is below the smallest order: {minimum} or more would be accepted")]
    BelowMinimum {
        /// What was given.
        size: Quantity,
        /// The smallest.
        minimum: Decimal,
    },
    /// Between two sizes (errors 355 and 10250).
    #[error("a size of {size} is not on the size step of {step}: {accepted}")]
    SizeStep {
        /// What was given.
        size: Quantity,
        /// The step.
        step: Decimal,
        /// The sizes next to it.
        accepted: Accepted,
    },
    /// A part of a unit of something that has no parts (error 10245).
    #[error("a size of {size} has a fraction, and {} is traded in whole units: {accepted}", a(*what))]
    Fraction {
        /// What was given.
        size: Quantity,
        /// What it is of.
        what: InstrumentKind,
        /// The whole sizes next to it.
        accepted: Accepted,
    },
    /// A part of a share at an exchange of its own (error 10247).
    #[error("a size of {size} has a fraction, and only SMART takes those: {given} was given")]
    FractionRoute {
        /// What was given.
        size: Quantity,
        /// Where it would go.
        given: String,
    },
    /// A part of a unit for a group of accounts (error 10251).
    #[error(
        "a size of {size} has a fraction, which cannot be spread over accounts: whole units would be accepted"
    )]
    FractionAllocated {
        /// What was given.
        size: Quantity,
    },
    /// Money for something that is ordered in units (error 10244).
    #[error(
        "a size of {cash} is money, and {} is ordered in units: US stocks, currency pairs and crypto take money",
        a(*what)
    )]
    Cash {
        /// What was given.
        cash: Money,
        /// What it is of.
        what: InstrumentKind,
    },
    /// Money of another currency.
    #[error(
        "a size of {cash} is not in the currency of the contract: an amount in {expected} would be accepted"
    )]
    CashCurrency {
        /// What was given.
        cash: Money,
        /// The contract's.
        expected: Currency,
    },
    /// Coins bought at the market by their number (error 10289).
    #[error(
        "crypto is bought at the market for money, not by {size} units: an amount of money would be accepted"
    )]
    BuyByCash {
        /// What was given.
        size: Quantity,
    },
    /// Coins sold at the market for an amount of money.
    #[error("crypto is sold at the market by units, not for {cash}: a number of units would be accepted")]
    SellByUnits {
        /// What was given.
        cash: Money,
    },
    /// A part of the order that is larger than the order (error 10020).
    #[error("a {what} of {part} is above the order's size of {size}: {size} at most would be accepted")]
    PartAboveSize {
        /// Which part.
        what: &'static str,
        /// What was given.
        part: u32,
        /// The size of the order.
        size: Decimal,
    },
    /// A block order of few units (error 117).
    #[error("a block order of {size} is too small: 50 or more would be accepted")]
    Block {
        /// What was given.
        size: Decimal,
    },
    /// Something that is quoted or asked for, but not traded (error 412).
    #[error("{symbol} is {}, which is not traded: a contract on it would be accepted", a(*what))]
    NotTraded {
        /// The contract.
        symbol: Symbol,
        /// What it is.
        what: InstrumentKind,
    },
    /// A contract that has ended (error 392).
    #[error("{symbol} ended on {day}: a contract that still trades would be accepted")]
    Expired {
        /// The contract.
        symbol: Symbol,
        /// Its last day.
        day: Date,
    },
    /// A kind that does not go with the instrument (errors 114 and 387).
    #[error("{kind} orders do not go with {}: {} would be accepted", a(*what), accepted.join(", "))]
    KindOfInstrument {
        /// The kind of order.
        kind: &'static str,
        /// What the contract is.
        what: InstrumentKind,
        /// The kinds that go with it.
        accepted: Vec<&'static str>,
    },
    /// A kind that the broker's list for the contract does not name (error 387).
    #[error("the broker takes no {kind} orders for {symbol}: {} would be accepted", accepted.join(", "))]
    KindNotListed {
        /// The kind of order.
        kind: &'static str,
        /// The contract.
        symbol: Symbol,
        /// The kinds that it names.
        accepted: Vec<&'static str>,
    },
    /// A kind that one venue alone takes (errors 115, 118 and 342).
    #[error("{kind} orders go to {needs}: {given} was given")]
    KindVenue {
        /// The kind of order.
        kind: &'static str,
        /// Where it goes.
        needs: &'static str,
        /// Where it would have gone.
        given: String,
    },
    /// A venue that takes one kind alone (error 119).
    #[error("{venue} takes {takes} orders alone: {kind} was given")]
    VenueKind {
        /// The venue.
        venue: &'static str,
        /// The kind that it takes.
        takes: &'static str,
        /// The kind of order.
        kind: &'static str,
    },
    /// A kind for instruments of one currency.
    #[error("{kind} orders are for instruments in {needs}: {given} was given")]
    KindCurrency {
        /// The kind of order.
        kind: &'static str,
        /// The currency.
        needs: Currency,
        /// The contract's.
        given: Currency,
    },
    /// A sale of a yes-or-no contract (error 10343).
    #[error("{symbol} is an event contract, which cannot be sold: buying its opposite would be accepted")]
    SoldEvent {
        /// The contract.
        symbol: Symbol,
    },
    /// An order of the broker's own book that leaves it no freedom (error 10297).
    #[error("{kind} orders at IBKRATS leave the price to the broker: one that is not held would be accepted")]
    Held {
        /// The kind of order.
        kind: &'static str,
    },
    /// An attribute that one venue alone understands (errors 340, 10302 and 10306).
    #[error("{what} is for orders at {needs}: {given} was given")]
    AttributeVenue {
        /// The attribute.
        what: &'static str,
        /// Where it is understood.
        needs: &'static str,
        /// Where the order would go.
        given: String,
    },
    /// An attribute of other instruments (errors 349 and 350).
    #[error("{attribute} is for {takes}: {} was given", a(*what))]
    AttributeOfInstrument {
        /// The attribute.
        attribute: &'static str,
        /// What takes it.
        takes: &'static str,
        /// What the contract is.
        what: InstrumentKind,
    },
    /// A group of combos with an effect that it cannot have (error 359).
    #[error("orders for combos are grouped to reduce without block: that effect, or none, would be accepted")]
    ComboGroup,
    /// An order that shows a part and trades beyond its limit (error 157).
    #[error("an order with a display size has no discretionary amount: one of the two would be accepted")]
    ShownAtDiscretion,
    /// A trigger method that the instrument does not know (error 146).
    #[error("{} is not triggered by {}: {} would be accepted", a(*what), words(*method), list(accepted))]
    TriggerMethod {
        /// The method.
        method: TriggerMethod,
        /// What the contract is.
        what: InstrumentKind,
        /// The methods that it knows.
        accepted: Vec<TriggerMethod>,
    },
    /// An algo that does not work with the order (errors 441 and 442).
    #[error(transparent)]
    Algo(AlgoRefusal),
    /// At once or never, for a kind that waits (error 111).
    #[error("{kind} orders wait, and {time_in_force} orders do not: DAY, GTC or GTD would be accepted")]
    TimeInForceOfKind {
        /// The kind of order.
        kind: &'static str,
        /// The time in force.
        time_in_force: &'static str,
    },
    /// A time in force of other instruments.
    #[error("time in force {time_in_force} is for {takes}, not for {}: DAY or GTC would be accepted", a(*what))]
    TimeInForceOfInstrument {
        /// The time in force.
        time_in_force: &'static str,
        /// What the contract is.
        what: InstrumentKind,
        /// What takes it.
        takes: &'static str,
    },
    /// A time in force that event contracts do not have.
    #[error("time in force {time_in_force} is not for event contracts: DAY, GTC or IOC would be accepted")]
    TimeInForceOfEvent {
        /// The time in force.
        time_in_force: &'static str,
    },
    /// An end that has passed (error 334).
    #[error("the {what} of the order at {at} has passed: a moment after {now} would be accepted")]
    Past {
        /// What has passed.
        what: &'static str,
        /// When it was.
        at: Timestamp,
        /// What time it is.
        now: Timestamp,
    },
    /// At once or never, while the market is closed (error 201).
    #[error("{time_in_force} orders trade at once, and the market is closed at {at}: {}", when(*opens))]
    ClosedNow {
        /// The time in force.
        time_in_force: &'static str,
        /// When it would trade.
        at: Timestamp,
        /// When the market opens, if that is known.
        opens: Option<Timestamp>,
    },
    /// It ends before it could trade.
    #[error("the order ends at {ends}, and the market opens at {opens}: a later end would be accepted")]
    EndsBeforeOpen {
        /// When it ends.
        ends: Timestamp,
        /// When the market opens.
        opens: Timestamp,
    },
}

fn when(opens: Option<Timestamp>) -> String {
    opens.map_or_else(|| "it is not known when it opens".to_owned(), |opens| format!("it opens at {opens}"))
}

/// With its article.
fn a(what: InstrumentKind) -> String {
    let article = if what.name().starts_with(['e', 'i', 'o']) { "an" } else { "a" };
    format!("{article} {what}")
}

const fn words(method: TriggerMethod) -> &'static str {
    match method {
        TriggerMethod::DoubleBidAsk => "double bid/ask",
        TriggerMethod::Last => "last",
        TriggerMethod::DoubleLast => "double last",
        TriggerMethod::BidAsk => "bid/ask",
        TriggerMethod::LastOrBidAsk => "last or bid/ask",
        TriggerMethod::Midpoint => "midpoint",
    }
}

fn list(methods: &[TriggerMethod]) -> String {
    methods.iter().copied().map(words).collect::<Vec<_>>().join(", ")
}

impl Refusal {
    /// Its family.
    #[must_use]
    pub const fn rule(&self) -> Rule {
        match self {
            Self::PriceStep { .. }
            | Self::NotAboveZero { .. }
            | Self::PriceRange { .. }
            | Self::DistanceStep { .. }
            | Self::Percent { .. }
            | Self::LegCount { .. }
            | Self::LegsGuaranteed
            | Self::LegPrices { .. } => Rule::Price,
            Self::BelowMinimum { .. }
            | Self::SizeStep { .. }
            | Self::Fraction { .. }
            | Self::FractionRoute { .. }
            | Self::FractionAllocated { .. }
            | Self::Cash { .. }
            | Self::CashCurrency { .. }
            | Self::BuyByCash { .. }
            | Self::SellByUnits { .. }
            | Self::PartAboveSize { .. }
            | Self::Block { .. } => Rule::Size,
            Self::NotTraded { .. }
            | Self::Expired { .. }
            | Self::KindOfInstrument { .. }
            | Self::KindNotListed { .. }
            | Self::KindVenue { .. }
            | Self::VenueKind { .. }
            | Self::KindCurrency { .. }
            | Self::SoldEvent { .. } => Rule::Kind,
            Self::TimeInForceOfKind { .. }
            | Self::TimeInForceOfInstrument { .. }
            | Self::TimeInForceOfEvent { .. }
            | Self::Past { .. } => Rule::TimeInForce,
            Self::ClosedNow { .. } | Self::EndsBeforeOpen { .. } => Rule::Session,
            Self::Held { .. }
            | Self::AttributeVenue { .. }
            | Self::AttributeOfInstrument { .. }
            | Self::ComboGroup
            | Self::ShownAtDiscretion
            | Self::TriggerMethod { .. }
            | Self::Algo(_) => Rule::Attribute,
        }
    }
}

/// Everything for which an order was refused; at least one refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusals(Vec<Refusal>);

impl Refusals {
    /// `None` when nothing was refused.
    pub(super) fn new(refusals: Vec<Refusal>) -> Option<Self> {
        (!refusals.is_empty()).then_some(Self(refusals))
    }

    /// All of them.
    #[must_use]
    pub fn as_slice(&self) -> &[Refusal] {
        &self.0
    }
}

/// All of them, with a semicolon between.
impl fmt::Display for Refusals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, refusal) in self.0.iter().enumerate() {
            let between = if index == 0 { "" } else { "; " };
            write!(f, "{between}{refusal}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusals {}
