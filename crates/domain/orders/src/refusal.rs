//! Why the fields of an order cannot mean anything together: one variant a rule, each with its own words.

use crate::Venue;
use tradeport_kernel::{Decimal, Money, OrderKey, Price, Symbol, Timestamp};

/// The fields contradict each other.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAnIntent {
    /// A trailing distance of zero or below, or of 100 percent or more.
    #[error("a trail of {0} is not a distance: it must be above zero, and below 100 in percent")]
    Trail(Decimal),
    /// The limit would lie on the wrong side of the stop.
    #[error("a limit offset of {0} is below zero")]
    LimitOffset(Decimal),
    /// Auction orders are for one auction of one day.
    #[error("{kind} orders are for one day: time in force {time_in_force} does not fit, use DAY")]
    TimeInForce {
        /// The kind of order.
        kind: &'static str,
        /// What was asked for.
        time_in_force: &'static str,
    },
    /// A time in force that belongs to one kind.
    #[error("time in force {time_in_force} is for {takes} orders, not for {kind} orders")]
    TimeInForceOfKind {
        /// What was asked for.
        time_in_force: &'static str,
        /// The kinds that it is for.
        takes: &'static str,
        /// The kind of order.
        kind: &'static str,
    },
    /// Only in an auction does a market-to-limit order have a limit of its own.
    #[error(
        "an MTL order has a limit of its own only in an auction: use time in force AUC, or leave out the limit"
    )]
    LimitOutsideAuction,
    /// An order cannot wait for itself.
    #[error("order {0} names itself as its parent")]
    OwnParent(OrderKey),
    /// A name and another instrument.
    #[error("an order of {symbol} says that it is for {found}: say it of the instrument that is named")]
    OtherInstrument {
        /// The order's.
        symbol: Symbol,
        /// The instrument's.
        found: Symbol,
    },
    /// A route that it cannot have.
    #[error("an order of {symbol} cannot be routed to {route}: {why}")]
    Route {
        /// The order's.
        symbol: Symbol,
        /// Where it was to go.
        route: Venue,
        /// Why not.
        why: String,
    },
    /// Cash below or at zero.
    #[error("a size of {0} is not an amount to trade for: it must be above zero")]
    Cash(Money),
    /// A size that only a hedge and a percent change have.
    #[error("only a hedge or an allocation by percent change is sized by others: give a quantity")]
    FollowsWithoutHedge,
    /// A hedge that was given a size.
    #[error("a hedge is sized by its parent's fills: its size must be left to them")]
    HedgeWithSize,
    /// A hedge of zero units, zero beta or a ratio of zero.
    #[error("a hedge of zero hedges nothing: beta, ratio and largest size must not be zero")]
    HedgeOfNothing,
    /// Something that only children are.
    #[error("{0} needs a parent: name the order that it belongs to")]
    NeedsParent(&'static str),
    /// A key of a preset child that is taken.
    #[error("the key {0} of a preset child is taken: parent and children need keys of their own")]
    PresetKey(OrderKey),
    /// An attribute that this kind does not take.
    #[error("{kind} orders cannot have {what}: only {takes} can")]
    KindTakesNot {
        /// The attribute.
        what: &'static str,
        /// The kind of order.
        kind: &'static str,
        /// What takes it.
        takes: &'static str,
    },
    /// A pegged distance below zero.
    #[error("an offset of {offset} of a {kind} order is below zero")]
    Offset {
        /// The kind of order.
        kind: &'static str,
        /// What was asked for.
        offset: Decimal,
    },
    /// A fraction beyond its range.
    #[error(
        "an offset by a fraction of {0} is out of range: it must be from 0 to 1, where 0.01 is one percent"
    )]
    Fraction(Decimal),
    /// An offset from the midpoint between the steps.
    #[error("an offset of {offset} at a midpoint of {at} is not a multiple of {step}")]
    MidOffset {
        /// What was asked for.
        offset: Decimal,
        /// For which midpoint.
        at: &'static str,
        /// What it must be a multiple of.
        step: Decimal,
    },
    /// A delta that no option has.
    #[error("a delta of {0} is out of range: it must not be zero, and at most 100 either way")]
    Delta(Decimal),
    /// A benchmark step of zero or below.
    #[error("a step of {0} moves nothing: it must be above zero")]
    BenchmarkStep(Decimal),
    /// A contract number of zero or below.
    #[error("{what} has the number {number}: the broker's numbers are above zero")]
    ContractNumber {
        /// Whose number.
        what: &'static str,
        /// The number.
        number: i64,
    },
    /// A range that holds no price.
    #[error("a stock price from {lower} to {upper} cannot be: the lower end must be below the upper")]
    StockRange {
        /// The lower end.
        lower: Price,
        /// The upper end.
        upper: Price,
    },
    /// A volatility of zero or below.
    #[error("a volatility of {0} percent is not one: it must be above zero")]
    Volatility(Decimal),
    /// No condition, or more than a broker takes.
    #[error("{0} conditions were given: there must be 1 to 100")]
    ConditionCount(usize),
    /// More than is reasonable.
    #[error("{count} {what} were given: there may be {most} at most")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many.
        count: usize,
        /// How many there may be.
        most: usize,
    },
    /// A scale that does not say how it is worked.
    #[error("a scale needs a first size and an increment, or a table")]
    ScaleWithoutSteps,
    /// A number of a scale that is zero or below.
    #[error("the {field} of a scale is {number}: it must be above zero")]
    Scale {
        /// Which number.
        field: &'static str,
        /// What was asked for.
        number: Decimal,
    },
    /// A scale that is ordered again but never closed.
    #[error("a scale is reset only when it takes profits: give a profit offset")]
    ScaleReset,
    /// A price for each leg was promised.
    #[error("an order by leg prices needs the price of one leg at least")]
    NoLegPrices,
    /// A price of the combo and prices of its legs.
    #[error("leg prices stand in place of the combo's price: use the kind that has them, or leave them out")]
    LegPricesBesideLimit,
    /// Hidden and shown at once.
    #[error("a hidden order shows nothing: leave out the display size")]
    HiddenAndShown,
    /// A size or time of zero.
    #[error("a {0} of zero means nothing: it must be above zero, or absent")]
    ZeroSize(&'static str),
    /// A discretion of zero or below.
    #[error("a discretionary amount of {0} must be above zero")]
    Discretion(Decimal),
    /// It would end before it starts.
    #[error("it would start at {from} and end at {until}: the start must be before the end")]
    EndsBeforeItStarts {
        /// When it would start.
        from: Timestamp,
        /// When it would end.
        until: Timestamp,
    },
    /// A change of positions by nothing.
    #[error("a change of positions by zero percent trades nothing")]
    NoPercentChange,
    /// Something that only sales say.
    #[error("{0} is for sales: a buy order cannot have one")]
    ForSales(&'static str),
}
