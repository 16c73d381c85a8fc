//! Strategies from what a chain lists: strikes counted from the money, and a check that every leg is listed.

use super::{LegOf, NotAStrategy, Strategy};
use time::Date;
use tradeport_contracts::{OptionChain, Right};
use tradeport_kernel::{Decimal, NotAPrice, NotASymbol, Price, Symbol};

/// The chain does not give the strategy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotFromChain {
    /// An expiry that is not listed.
    #[error("options on {underlying} do not expire on {wanted}: the nearest listed are {}", days(nearest))]
    Expiry {
        /// On what.
        underlying: String,
        /// What was asked for.
        wanted: Date,
        /// The listed days before and after, as far as there are any.
        nearest: Vec<Date>,
    },
    /// A strike that is not listed.
    #[error(
        "options on {underlying} have no strike of {wanted}: the nearest listed are {}",
        numbers(nearest)
    )]
    Strike {
        /// On what.
        underlying: String,
        /// What was asked for.
        wanted: Decimal,
        /// The listed strikes below and above, as far as there are any.
        nearest: Vec<Decimal>,
    },
    /// The chain is too short for so many steps.
    #[error("the chain of {underlying} has no strike {steps} steps from the money at {strike}")]
    TooFar {
        /// On what.
        underlying: String,
        /// The strike at the money.
        strike: Decimal,
        /// How many steps were asked for; below zero is below the money.
        steps: i32,
    },
    /// What the chain calls its underlying is no symbol.
    #[error("the chain's underlying cannot be named")]
    Underlying(#[from] NotASymbol),
    /// The chain lists a strike that no price can be.
    #[error("the chain lists a strike that is not a price")]
    NotAPrice(#[from] NotAPrice),
    /// The parts make no strategy.
    #[error("the listed options make no such strategy")]
    Strategy(#[from] NotAStrategy),
}

fn days(nearest: &[Date]) -> String {
    nearest.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ")
}

fn numbers(nearest: &[Decimal]) -> String {
    nearest.iter().map(|number| number.normalize().to_string()).collect::<Vec<_>>().join(" and ")
}

/// Builds strategies out of listed strikes, counted in steps from the one at the money.
///
/// ```
/// use time::macros::date;
/// use tradeport_contracts::{OptionChainDraft, Right};
/// use tradeport_kernel::Currency;
/// use tradeport_orders::strategy::FromChain;
///
/// let chain = OptionChainDraft {
///     underlying: "SPY".to_owned(),
///     exchange: "SMART".to_owned(),
///     trading_class: "SPY".to_owned(),
///     currency: Currency::USD,
///     multiplier: 100.into(),
///     expiries: ["20261218".parse()?].into(),
///     strikes: [590, 595, 600, 605, 610].map(Into::into).into(),
/// }
/// .check()?;
/// let near = FromChain::new(&chain, "601.20".parse()?)?;
/// let condor = near.iron_condor(date!(2026 - 12 - 18), 1, 2)?;
/// assert_eq!(condor.to_string(), "iron-condor SPY 2026-12-18 590/595/605/610");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct FromChain<'a> {
    chain: &'a OptionChain,
    underlying: Symbol,
    strikes: Vec<Price>,
    /// Which of the strikes lies next to the price of the underlying; the lower of two equally near.
    at_the_money: usize,
}

impl<'a> FromChain<'a> {
    /// Around what the underlying trades at now. Errors: a chain whose names or strikes are unusable.
    pub fn new(chain: &'a OptionChain, spot: Price) -> Result<Self, NotFromChain> {
        let strikes = chain.strikes().map(Price::new).collect::<Result<Vec<_>, _>>()?;
        let distance = |strike: &Price| (strike.as_decimal() - spot.as_decimal()).abs();
        let nearest = strikes.iter().enumerate().min_by_key(|(_, strike)| distance(strike));
        let at_the_money = nearest.map_or(0, |(index, _)| index);
        Ok(Self { chain, underlying: Symbol::new(chain.underlying())?, strikes, at_the_money })
    }

    /// The listed expiry that is nearest to a day, and not before it; nothing when all have passed.
    #[must_use]
    pub fn expiry_from(&self, day: Date) -> Option<Date> {
        self.listed().find(|expiry| *expiry >= day)
    }

    /// The strike so many steps from the money: above it, or below it with a number below zero.
    pub fn strike(&self, steps: i32) -> Result<Price, NotFromChain> {
        let index = i64::try_from(self.at_the_money).ok().map(|middle| middle + i64::from(steps));
        let found = index.and_then(|index| self.strikes.get(usize::try_from(index).ok()?).copied());
        found.ok_or_else(|| NotFromChain::TooFar {
            underlying: self.chain.underlying().to_owned(),
            strike: self.strikes.get(self.at_the_money).map_or(Decimal::ZERO, |strike| strike.as_decimal()),
            steps,
        })
    }

    /// The strikes bought and sold, in steps from the money.
    pub fn vertical(
        &self,
        expiry: Date,
        right: Right,
        long: i32,
        short: i32,
    ) -> Result<Strategy, NotFromChain> {
        let (long, short) = (self.strike(long)?, self.strike(short)?);
        self.listed_one(Strategy::vertical(self.underlying, expiry, right, long, short)?)
    }

    /// At the money: the far expiry bought, the near one sold.
    pub fn calendar(&self, right: Right, near: Date, far: Date) -> Result<Strategy, NotFromChain> {
        self.listed_one(Strategy::calendar(self.underlying, right, self.strike(0)?, near, far)?)
    }

    /// The far expiry at the money bought, the near one so many steps from it sold.
    pub fn diagonal(&self, right: Right, near: (Date, i32), far: Date) -> Result<Strategy, NotFromChain> {
        let (near, far) = ((near.0, self.strike(near.1)?), (far, self.strike(0)?));
        self.listed_one(Strategy::diagonal(self.underlying, right, near, far)?)
    }

    /// At the money.
    pub fn straddle(&self, expiry: Date) -> Result<Strategy, NotFromChain> {
        self.listed_one(Strategy::straddle(self.underlying, expiry, self.strike(0)?)?)
    }

    /// So many steps from the money on either side.
    pub fn strangle(&self, expiry: Date, steps: u16) -> Result<Strategy, NotFromChain> {
        let (put, call) = self.either_side(steps)?;
        self.listed_one(Strategy::strangle(self.underlying, expiry, put, call)?)
    }

    /// Sold at the money, bought so many steps from it on either side; the chain's steps there must be equal.
    pub fn butterfly(&self, expiry: Date, right: Right, wing: u16) -> Result<Strategy, NotFromChain> {
        let (low, high) = self.either_side(wing)?;
        self.listed_one(Strategy::butterfly(self.underlying, expiry, right, [low, self.strike(0)?, high])?)
    }

    /// Sold `inner` steps from the money on either side, bought `outer` steps from it.
    pub fn iron_condor(&self, expiry: Date, inner: u16, outer: u16) -> Result<Strategy, NotFromChain> {
        let ((put_short, call_short), (put_long, call_long)) =
            (self.either_side(inner)?, self.either_side(outer)?);
        let strikes = [put_long, put_short, call_short, call_long];
        self.listed_one(Strategy::iron_condor(self.underlying, expiry, strikes)?)
    }

    /// Sold at the money, bought so many steps from it on either side.
    pub fn iron_butterfly(&self, expiry: Date, wing: u16) -> Result<Strategy, NotFromChain> {
        let (low, high) = self.either_side(wing)?;
        self.listed_one(Strategy::iron_butterfly(self.underlying, expiry, [low, self.strike(0)?, high])?)
    }

    /// Shares, a put so many steps below and a call so many steps above.
    pub fn collar(&self, expiry: Date, steps: u16) -> Result<Strategy, NotFromChain> {
        let (put, call) = self.either_side(steps)?;
        self.listed_one(Strategy::collar(self.underlying, expiry, put, call)?)
    }

    /// Shares, and a call so many steps above the money sold.
    pub fn covered_call(&self, expiry: Date, steps: u16) -> Result<Strategy, NotFromChain> {
        let strike = self.strike(i32::from(steps))?;
        self.listed_one(Strategy::covered_call(self.underlying, expiry, strike)?)
    }

    fn either_side(&self, steps: u16) -> Result<(Price, Price), NotFromChain> {
        let steps = i32::from(steps);
        Ok((self.strike(-steps)?, self.strike(steps)?))
    }

    fn listed(&self) -> impl DoubleEndedIterator<Item = Date> {
        listed(self.chain)
    }

    /// With the chain's own multiplier and currency, once every leg is found to be listed.
    fn listed_one(&self, strategy: Strategy) -> Result<Strategy, NotFromChain> {
        let strategy = strategy.with_multiplier(self.chain.multiplier())?.in_currency(self.chain.currency());
        strategy.check_listed(self.chain)?;
        Ok(strategy)
    }
}

fn listed(chain: &OptionChain) -> impl DoubleEndedIterator<Item = Date> {
    chain.expiries().filter_map(tradeport_contracts::Expiry::day)
}

impl Strategy {
    /// Is every expiry and every strike in the chain? It is a grid: whether a certain option of it is listed only the
    /// catalog tells. Errors: the first that is not, with the nearest ones that are.
    pub fn check_listed(&self, chain: &OptionChain) -> Result<(), NotFromChain> {
        let underlying = || chain.underlying().to_owned();
        for leg in self.legs() {
            let LegOf::Option { expiry: wanted, strike, .. } = leg.of() else { continue };
            let days: Vec<Date> = listed(chain).collect();
            if let Err(nearest) = found(&days, wanted) {
                return Err(NotFromChain::Expiry { underlying: underlying(), wanted, nearest });
            }
            let strikes: Vec<Decimal> = chain.strikes().collect();
            if let Err(nearest) = found(&strikes, strike.as_decimal()) {
                return Err(NotFromChain::Strike {
                    underlying: underlying(),
                    wanted: strike.as_decimal(),
                    nearest,
                });
            }
        }
        Ok(())
    }
}

/// Errors: the neighbours of what is not among the sorted.
fn found<T: Ord + Copy>(sorted: &[T], wanted: T) -> Result<(), Vec<T>> {
    let after = sorted.partition_point(|one| *one < wanted);
    if sorted.get(after) == Some(&wanted) {
        return Ok(());
    }
    let before = after.checked_sub(1).and_then(|index| sorted.get(index));
    Err(before.into_iter().chain(sorted.get(after)).copied().collect())
}
