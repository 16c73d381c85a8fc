//! Is an order acceptable for a contract at a moment? Asked before anything is sent: a refusal here costs nothing, one
//! from the broker costs a round trip, and for a change it may cost the order.
//!
//! [`validate`] is pure: it reads an [`OrderIntent`], the broker's description of what it is for (a [`Contract`]) and the
//! time, and gives back everything that it found at once:
//!
//! * **refusals** ([`Refusal`]): the broker would not take the order. Each says which [`Rule`] it breaks, what was given and
//!   what would be accepted.
//! * **warnings** ([`Warning`]): it would be taken, but does not do at once, or not quite, what it says; or something is not
//!   known and was not judged. What is unknown is never refused.
//!
//! ```
//! use tradeport_contracts::{Contract, ContractDraft, ContractId, Instrument, Stock, TradingSessions};
//! use tradeport_kernel::{Currency, Decimal, Quantity, Timestamp};
//! use tradeport_orders::validation::validate;
//! use tradeport_orders::{OrderDraft, OrderKind, Side};
//!
//! let apple: Contract = ContractDraft {
//!     id: ContractId::new(265_598),
//!     symbol: "AAPL".parse()?,
//!     instrument: Instrument::from(Stock::new("AAPL")?),
//!     name: "APPLE INC".to_owned(),
//!     currency: Currency::USD,
//!     price_step: Decimal::new(1, 2),
//!     lot: Decimal::ONE,
//!     multiplier: Decimal::ONE,
//!     sessions: TradingSessions::always(),
//!     details: Default::default(),
//! }
//! .check()?;
//!
//! let size: Quantity = "10.5".parse()?;
//! let limit = OrderKind::Limit { limit: "187.253".parse()? };
//! let order = OrderDraft::new("a-1".parse()?, "DU1".parse()?, "AAPL".parse()?, Side::Buy, size, limit).check()?;
//! let found = validate(&order, &apple, Timestamp::EPOCH);
//! let refusals: Vec<String> = found.refusals().iter().map(ToString::to_string).collect();
//! assert_eq!(
//!     refusals,
//!     [
//!         "the limit of 187.253 is not on the price step of 0.01: 187.25 or 187.26 would be accepted",
//!         "a size of 10.5 is not on the size step of 1: 10 or 11 would be accepted",
//!     ]
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The rules
//!
//! | [`Rule`] | what must hold |
//! | --- | --- |
//! | [`Price`](Rule::Price) | every price lies on the step of its own price band, every distance on the smallest step; no price is zero or below where the instrument knows none |
//! | [`Size`](Rule::Size) | smallest size, size step, fractions, orders by cash, parts of a size no larger than it |
//! | [`Kind`](Rule::Kind) | the order kind goes with the instrument, its exchange and currency |
//! | [`TimeInForce`](Rule::TimeInForce) | the time in force goes with kind and instrument, and no end lies in the past |
//! | [`Session`](Rule::Session) | the market is open, or the order may wait until it is |
//! | [`Attribute`](Rule::Attribute) | trigger methods, algos and other attributes go with the instrument and with each other |
//!
//! They come from three places, in this order: what the broker says of the contract itself ([`ContractDetails`]); the
//! products that its guide to order types names for each kind; the errors that its documentation lists. Where a rule stands
//! on one of those errors, its number is in the documentation of the [`Refusal`], as `(error 110)`.
//!
//! What an order can never mean, whatever it is for, [`OrderDraft::check`](crate::OrderDraft::check) has refused already:
//! an auction order that is not for the day, a trail of 100 percent, a hidden order that
//! shows a part.
//!
//! # Families and changes
//!
//! The children of a bracket are orders of their own: validate each. Of a change, validate the order that it would make.
//!
//! The legs of a combo are contracts of their own; give them to [`Validator::with_legs`], so that prices of legs can be
//! judged.
//!
//! [`ContractDetails`]: tradeport_contracts::ContractDetails
//!
//! Left out: whether an order is wise or allowed for the account (`risk`), prices of other instruments that it names
//! (conditions, benchmarks, the stock of a volatility order), and halts.

mod attributes;
mod fields;
mod hours;
mod kinds;
mod legs;
mod prices;
mod refusal;
mod session;
mod sizes;
mod steps;
mod table;
mod times;
mod warning;

pub use fields::Field;
pub use hours::{MarketHours, Phase};
pub use refusal::{
    Accepted, AttributeRefusal, KindRefusal, PriceRefusal, Refusal, Refusals, Rule, SessionRefusal,
    SizeRefusal, TimeInForceRefusal,
};
pub use steps::PriceSteps;
pub use warning::Warning;

use crate::OrderIntent;
use std::borrow::Cow;
use tradeport_contracts::{Contract, InstrumentKind};
use tradeport_kernel::Timestamp;

/// Everything that was found about one order. Without a refusal the order may go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "an order that was refused must not go"]
pub struct Validation {
    refusals: Vec<Refusal>,
    warnings: Vec<Warning>,
}

impl Validation {
    /// Why the broker would not take the order; empty when it would.
    #[must_use]
    pub fn refusals(&self) -> &[Refusal] {
        &self.refusals
    }

    /// What the order does not do at once, or what could not be judged.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// May the order go?
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.refusals.is_empty()
    }

    /// The warnings of an order that may go.
    /// Errors: all refusals.
    pub fn verdict(self) -> Result<Vec<Warning>, Refusals> {
        match Refusals::new(self.refusals) {
            Some(refusals) => Err(refusals),
            None => Ok(self.warnings),
        }
    }

    fn refuse(&mut self, refusal: impl Into<Refusal>) {
        self.refusals.push(refusal.into());
    }

    fn refuse_if<R: Into<Refusal>>(&mut self, wrong: bool, refusal: impl FnOnce() -> R) {
        if wrong {
            self.refuse(refusal());
        }
    }

    fn warn(&mut self, warning: Warning) {
        self.warnings.push(warning);
    }

    fn warn_if(&mut self, given: bool, warning: impl FnOnce() -> Warning) {
        if given {
            self.warn(warning());
        }
    }
}

/// Judges one order for its contract at a moment, by the hours that the contract itself knows.
///
/// See [the module](self) for the rules, and [`Validator`] for orders of which more is known.
pub fn validate(intent: &OrderIntent, contract: &Contract, now: Timestamp) -> Validation {
    Validator::new(contract).check(intent, now)
}

/// Judges orders for one contract; made once, asked often.
///
/// ```
/// # use tradeport_contracts::{Contract, ContractDraft, ContractId, Instrument, Stock, TradingSessions};
/// # use tradeport_kernel::{Currency, Decimal, Quantity};
/// use tradeport_contracts::calendar::Calendar;
/// use tradeport_orders::validation::{MarketHours, Validator};
/// use tradeport_orders::{OrderDraft, OrderKind, Side};
/// # let apple: Contract = ContractDraft {
/// #     id: ContractId::new(265_598), symbol: "AAPL".parse()?, instrument: Instrument::from(Stock::new("AAPL")?),
/// #     name: "APPLE INC".to_owned(), currency: Currency::USD, price_step: Decimal::new(1, 2), lot: Decimal::ONE,
/// #     multiplier: Decimal::ONE, sessions: TradingSessions::always(), details: Default::default(),
/// # }.check()?;
/// # let size: Quantity = "10".parse()?;
/// # let limit = OrderKind::Limit { limit: "187.25".parse()? };
/// # let draft = OrderDraft::new("a-1".parse()?, "DU1".parse()?, "AAPL".parse()?, Side::Buy, size, limit);
///
/// let validator = Validator::new(&apple).with_hours(MarketHours::of_calendar(Calendar::named("XNYS")?));
/// let christmas = "2024-12-25T15:00:00Z".parse()?;
///
/// let day_order = validator.check(&draft.clone().check()?, christmas);
/// assert!(day_order.is_accepted());
/// assert_eq!(day_order.warnings()[0].to_string(), "the market is closed: the order waits until 2024-12-26T14:30:00Z");
///
/// let at_once = validator.check(&draft.immediate_or_cancel().check()?, christmas).verdict();
/// assert_eq!(
///     at_once.unwrap_err().to_string(),
///     "IOC orders trade at once, and the market is closed at 2024-12-25T15:00:00Z: it opens at 2024-12-26T14:30:00Z"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Validator<'a> {
    contract: &'a Contract,
    legs: &'a [Contract],
    hours: Cow<'a, MarketHours>,
}

impl<'a> Validator<'a> {
    /// For one contract, with the hours that it knows itself ([`MarketHours::of`]).
    #[must_use]
    pub fn new(contract: &'a Contract) -> Self {
        Self { contract, legs: &[], hours: Cow::Owned(MarketHours::of(contract)) }
    }

    /// For one contract, with hours that are there already: the contract's own are not read again.
    #[must_use]
    pub const fn by(contract: &'a Contract, hours: &'a MarketHours) -> Self {
        Self { contract, legs: &[], hours: Cow::Borrowed(hours) }
    }

    /// With the contracts of a combo's legs, in any order.
    #[must_use]
    pub const fn with_legs(mut self, legs: &'a [Contract]) -> Self {
        self.legs = legs;
        self
    }

    /// With hours from elsewhere, such as a bundled calendar.
    #[must_use]
    pub fn with_hours(mut self, hours: MarketHours) -> Self {
        self.hours = Cow::Owned(hours);
        self
    }

    /// Judges one order at a moment.
    pub fn check(&self, intent: &OrderIntent, now: Timestamp) -> Validation {
        let mut found = Validation::default();
        let case = Case {
            intent,
            contract: self.contract,
            legs: self.legs,
            hours: &self.hours,
            what: self.contract.instrument().kind(),
            now,
        };
        prices::check(&case, &mut found);
        legs::check(&case, &mut found);
        sizes::check(&case, &mut found);
        kinds::check(&case, &mut found);
        times::check(&case, &mut found);
        session::check(&case, &mut found);
        attributes::check(&case, &mut found);
        found
    }
}

/// What all rules look at.
struct Case<'a> {
    intent: &'a OrderIntent,
    contract: &'a Contract,
    legs: &'a [Contract],
    hours: &'a MarketHours,
    /// What the contract is, where that is known.
    what: Option<InstrumentKind>,
    now: Timestamp,
}

impl Case<'_> {
    /// Is the contract one of these? Not when it is unknown what it is.
    fn is(&self, kinds: &[InstrumentKind]) -> bool {
        self.what.is_some_and(|what| kinds.contains(&what))
    }

    /// Where the contract is routed to, if that is said.
    fn exchange(&self) -> Option<&str> {
        self.contract.instrument().description().exchange.as_deref()
    }

    /// Is it routed to this exchange? Not when that is unsaid.
    fn at(&self, exchange: &str) -> bool {
        self.exchange() == Some(exchange)
    }

    /// Is it known to be routed elsewhere?
    fn elsewhere_than(&self, exchange: &str) -> Option<&str> {
        self.exchange().filter(|given| *given != exchange)
    }

    /// A stock in US dollars.
    fn is_us_stock(&self) -> bool {
        self.is(&[InstrumentKind::Stock]) && self.contract.currency() == tradeport_kernel::Currency::USD
    }

    /// A yes-or-no contract at the broker's own exchange for them, which has rules of its own.
    fn is_forecast(&self) -> bool {
        self.is(&[InstrumentKind::EventContract]) && self.at("FORECASTX")
    }
}
