//! A strategy on one underlying, and the constructors by its names.

use super::{NotAStrategy, Shape, StrategyKind, StrategyLeg};
use serde::{Deserialize, Serialize};
use time::Date;
use tradeport_contracts::Right;
use tradeport_kernel::{Currency, Decimal, Price, Symbol};

/// Shares behind one option where nothing else is said, as in the United States.
const USUAL_MULTIPLIER: Decimal = Decimal::ONE_HUNDRED;

/// Legs on one underlying that are traded together.
///
/// **Meaning.** Each constructor has a name that traders use, and makes what is *bought* under it: a vertical call spread from
/// the lower strike to the higher one is a debit. Who wants the other side sells the combo.
///
/// **Units.** Strikes and prices are for one share. A unit has one contract of each leg, or so many as its ratio says; how many
/// shares stand behind a contract is 100 unless it is said.
///
/// **Errors.** [`NotAStrategy`]: strikes that do not rise where they must, days in the wrong order, too many legs.
///
/// ```
/// use time::macros::date;
/// use tradeport_contracts::Right;
/// use tradeport_kernel::Symbol;
/// use tradeport_orders::strategy::Strategy;
///
/// let spy = Symbol::new("SPY")?;
/// let spread = Strategy::vertical(spy, date!(2026 - 12 - 18), Right::Call, "600".parse()?, "610".parse()?)?;
/// assert_eq!(spread.to_string(), "vertical SPY 2026-12-18 call 600/610");
/// assert_eq!(spread.legs().len(), 2);
///
/// // What it costs at most, and where it breaks even, when it is bought at 4.20.
/// let risk = spread.risk_at("4.20".parse()?)?;
/// assert_eq!(risk.break_evens, Some(vec!["604.2".parse()?]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Draft", into = "Draft")]
pub struct Strategy {
    draft: Draft,
    legs: Vec<StrategyLeg>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Draft {
    underlying: Symbol,
    shape: Shape,
    reversed: bool,
    multiplier: Decimal,
    currency: Currency,
}

impl TryFrom<Draft> for Strategy {
    type Error = NotAStrategy;
    fn try_from(draft: Draft) -> Result<Self, Self::Error> {
        draft.shape.check()?;
        let legs = draft.shape.legs(shares_of(&draft)?)?;
        let legs = if draft.reversed { legs.into_iter().map(StrategyLeg::reversed).collect() } else { legs };
        Ok(Self { draft, legs })
    }
}

impl From<Strategy> for Draft {
    fn from(strategy: Strategy) -> Self {
        strategy.draft
    }
}

/// How many shares stand for one option. Without shares among the legs any multiplier above zero will do.
fn shares_of(draft: &Draft) -> Result<u32, NotAStrategy> {
    let refused = || NotAStrategy::Multiplier(draft.multiplier);
    if draft.multiplier <= Decimal::ZERO {
        return Err(refused());
    }
    if !draft.shape.has_stock() {
        return Ok(1);
    }
    let shares = draft.multiplier.normalize();
    let whole = if shares.scale() == 0 { u32::try_from(shares).ok() } else { None };
    whole.filter(|shares| *shares <= super::MAX_RATIO).ok_or_else(refused)
}

impl Strategy {
    /// Of this shape, on 100 units of an underlying in US dollars.
    /// Errors: strikes or expiries in the wrong order, strikes not above zero, legs that repeat each other.
    pub fn new(underlying: Symbol, shape: Shape) -> Result<Self, NotAStrategy> {
        let (multiplier, currency) = (USUAL_MULTIPLIER, Currency::USD);
        Draft { underlying, shape, reversed: false, multiplier, currency }.try_into()
    }

    /// `long` bought and `short` sold, of one right and expiry.
    pub fn vertical(
        underlying: Symbol,
        expiry: Date,
        right: Right,
        long: Price,
        short: Price,
    ) -> Result<Self, NotAStrategy> {
        Self::new(underlying, Shape::Vertical { expiry, right, long, short })
    }

    /// The `far` option bought and the `near` one sold, of one strike.
    pub fn calendar(
        underlying: Symbol,
        right: Right,
        strike: Price,
        near: Date,
        far: Date,
    ) -> Result<Self, NotAStrategy> {
        Self::new(underlying, Shape::Calendar { right, strike, near, far })
    }

    /// The far option bought and the near one sold, each as (expiry, strike).
    pub fn diagonal(
        underlying: Symbol,
        right: Right,
        near: (Date, Price),
        far: (Date, Price),
    ) -> Result<Self, NotAStrategy> {
        let ((near, near_strike), (far, far_strike)) = (near, far);
        Self::new(underlying, Shape::Diagonal { right, near, near_strike, far, far_strike })
    }

    /// Call and put of one strike bought.
    pub fn straddle(underlying: Symbol, expiry: Date, strike: Price) -> Result<Self, NotAStrategy> {
        Self::new(underlying, Shape::Straddle { expiry, strike })
    }

    /// A put and a call above it bought.
    pub fn strangle(underlying: Symbol, expiry: Date, put: Price, call: Price) -> Result<Self, NotAStrategy> {
        Self::new(underlying, Shape::Strangle { expiry, put, call })
    }

    /// The outer strikes bought, the middle one sold twice.
    pub fn butterfly(
        underlying: Symbol,
        expiry: Date,
        right: Right,
        [low, middle, high]: [Price; 3],
    ) -> Result<Self, NotAStrategy> {
        Self::new(underlying, Shape::Butterfly { expiry, right, low, middle, high })
    }

    /// The inner put and call sold and the outer ones bought, the four strikes from the lowest: long put, short put,
    /// short call, long call.
    pub fn iron_condor(
        underlying: Symbol,
        expiry: Date,
        [put_long, put_short, call_short, call_long]: [Price; 4],
    ) -> Result<Self, NotAStrategy> {
        Self::new(underlying, Shape::IronCondor { expiry, put_long, put_short, call_short, call_long })
    }

    /// Put and call of the middle strike sold, a lower put and a higher call bought.
    pub fn iron_butterfly(
        underlying: Symbol,
        expiry: Date,
        [low, middle, high]: [Price; 3],
    ) -> Result<Self, NotAStrategy> {
        Self::new(underlying, Shape::IronButterfly { expiry, low, middle, high })
    }

    /// Shares and a put bought, a higher call sold.
    pub fn collar(underlying: Symbol, expiry: Date, put: Price, call: Price) -> Result<Self, NotAStrategy> {
        Self::new(underlying, Shape::Collar { expiry, put, call })
    }

    /// Shares bought, a call sold against them.
    pub fn covered_call(underlying: Symbol, expiry: Date, strike: Price) -> Result<Self, NotAStrategy> {
        Self::new(underlying, Shape::CoveredCall { expiry, strike })
    }

    /// Any legs.
    pub fn custom(underlying: Symbol, legs: Vec<StrategyLeg>) -> Result<Self, NotAStrategy> {
        Self::new(underlying, Shape::Custom { legs })
    }

    /// The same with every leg the other way: a short straddle from a straddle.
    #[must_use]
    pub fn reversed(mut self) -> Self {
        self.draft.reversed = !self.draft.reversed;
        self.legs.iter_mut().for_each(|leg| *leg = leg.reversed());
        self
    }

    /// The same with another number of shares behind one option.
    /// Errors: not above zero; beside shares also a fraction, or more than 10,000.
    pub fn with_multiplier(mut self, multiplier: Decimal) -> Result<Self, NotAStrategy> {
        self.draft.multiplier = multiplier;
        self.draft.try_into()
    }

    /// The same, priced in another currency.
    #[must_use]
    pub fn in_currency(mut self, currency: Currency) -> Self {
        self.draft.currency = currency;
        self
    }

    /// Which strategy.
    #[must_use]
    pub const fn kind(&self) -> StrategyKind {
        self.draft.shape.kind()
    }

    /// What makes it.
    #[must_use]
    pub const fn shape(&self) -> &Shape {
        &self.draft.shape
    }

    /// Is every leg the other way?
    #[must_use]
    pub const fn is_reversed(&self) -> bool {
        self.draft.reversed
    }

    /// On what.
    #[must_use]
    pub const fn underlying(&self) -> Symbol {
        self.draft.underlying
    }

    /// Shares behind one option.
    #[must_use]
    pub const fn multiplier(&self) -> Decimal {
        self.draft.multiplier
    }

    /// What it is priced in.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.draft.currency
    }

    /// Its legs, as they trade when one unit of it is bought.
    #[must_use]
    pub fn legs(&self) -> &[StrategyLeg] {
        &self.legs
    }
}
