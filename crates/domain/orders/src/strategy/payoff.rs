//! What a position in options and shares of one underlying earns when the options expire, at any price of the underlying.
//!
//! At expiry an option is worth its intrinsic value (max(S - K, 0) for a call, max(K - S, 0) for a put), so the profit is
//! a broken line in S with its corners at the strikes; all that is asked of it (most, least, zeros) is read off the
//! corners and the slope beyond the last one. Computed in decimals, so a break-even is exact to the last digit that a
//! decimal holds.
//!
//! Left out: commissions, interest, early exercise, and what an option is worth before it expires (`analytics`).

use tradeport_contracts::Right;
use tradeport_kernel::{Decimal, Price};

/// What a leg holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holding {
    /// Units of the underlying itself.
    Underlying,
    /// An option on one unit.
    Option {
        /// Call or put.
        right: Right,
        /// The price at which it may be exercised; zero or above.
        strike: Price,
    },
}

/// One part of a position: how much of what, and what was paid for a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PricedLeg {
    /// What is held.
    pub holding: Holding,
    /// Units of the underlying that it stands for, below zero when sold: 100 for one bought US stock option.
    pub units: Decimal,
    /// Paid for a unit when bought, received when sold.
    pub price: Price,
}

/// The largest or smallest profit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extreme {
    /// This much, in the currency of the prices; below zero is a loss.
    Amount(Decimal),
    /// It grows without end as the underlying rises.
    Unbounded,
}

/// The legs make no position whose payoff can be told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAPayoff {
    /// Nothing is held.
    #[error("a payoff needs at least one leg")]
    NoLegs,
    /// A strike below zero.
    #[error("a strike of {0} is below zero")]
    Strike(Price),
    /// The numbers exceed what a decimal holds.
    #[error("the payoff of these legs is too large to compute: use fewer units or smaller prices")]
    TooLarge,
}

/// The profit at expiry as a function of the underlying's price, from zero upwards.
///
/// ```
/// use tradeport_contracts::Right;
/// use tradeport_orders::strategy::{Extreme, Holding, Payoff, PricedLeg};
///
/// let call = |strike: &str, units: i64, price: &str| PricedLeg {
///     holding: Holding::Option { right: Right::Call, strike: strike.parse().unwrap() },
///     units: units.into(),
///     price: price.parse().unwrap(),
/// };
/// let spread = Payoff::at_expiry(&[call("100", 100, "4.20"), call("110", -100, "1.35")])?;
/// assert_eq!(spread.cost(), 285.into());
/// assert_eq!(spread.max_profit(), Extreme::Amount(715.into()));
/// assert_eq!(spread.max_loss(), Extreme::Amount((-285).into()));
/// assert_eq!(spread.break_evens(), ["102.85".parse().unwrap()]);
/// # Ok::<(), tradeport_orders::strategy::NotAPayoff>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payoff {
    cost: Decimal,
    /// Price and profit, in the order of prices, from zero; never empty.
    corners: Vec<(Decimal, Decimal)>,
    /// Profit gained for each unit of price beyond the last corner.
    slope: Decimal,
}

impl Payoff {
    /// Adds the legs up. Errors: no leg, a negative strike, numbers beyond a decimal.
    pub fn at_expiry(legs: &[PricedLeg]) -> Result<Self, NotAPayoff> {
        let held: Vec<_> = legs.iter().map(|leg| (leg.holding, leg.units)).collect();
        let paid = legs.iter().map(|leg| leg.units.checked_mul(leg.price.as_decimal()));
        Self::of(&held, total(paid)?)
    }

    /// The same when only what the whole costs is known. Errors: as above.
    pub fn of(held: &[(Holding, Decimal)], cost: Decimal) -> Result<Self, NotAPayoff> {
        if held.is_empty() {
            return Err(NotAPayoff::NoLegs);
        }
        let mut prices = vec![Decimal::ZERO];
        for (holding, _) in held {
            if let Holding::Option { strike, .. } = holding {
                if strike.as_decimal() < Decimal::ZERO {
                    return Err(NotAPayoff::Strike(*strike));
                }
                prices.push(strike.as_decimal());
            }
        }
        prices.sort_unstable();
        prices.dedup();
        let profit = |at: Decimal| {
            let worth = held.iter().map(|(holding, units)| units.checked_mul(intrinsic(*holding, at)?));
            total(worth)?.checked_sub(cost).ok_or(NotAPayoff::TooLarge)
        };
        let corners =
            prices.into_iter().map(|at| Ok((at, profit(at)?))).collect::<Result<_, NotAPayoff>>()?;
        let rising = held.iter().filter(|(holding, _)| rises_for_ever(*holding));
        let slope = total(rising.map(|(_, units)| Some(*units)))?;
        Ok(Self { cost, corners, slope })
    }

    /// What entering costs; below zero is what it brings in.
    #[must_use]
    pub const fn cost(&self) -> Decimal {
        self.cost
    }

    /// The corners of the line as (price of the underlying, profit), from price zero.
    #[must_use]
    pub fn corners(&self) -> &[(Decimal, Decimal)] {
        &self.corners
    }

    /// Profit gained for each unit by which the underlying rises above the last corner.
    #[must_use]
    pub const fn final_slope(&self) -> Decimal {
        self.slope
    }

    /// The profit when the underlying ends at `price`; nothing below a price of zero, nor beyond a decimal.
    #[must_use]
    pub fn profit_at(&self, price: Price) -> Option<Decimal> {
        let at = price.as_decimal();
        if at < Decimal::ZERO {
            return None;
        }
        let next = self.corners.partition_point(|(corner, _)| *corner <= at);
        let (from, profit) = self.corners[next - 1];
        let beyond = at.checked_sub(from)?;
        let gained = match self.corners.get(next) {
            // Multiplied first: a slope of a third would lose its last digit.
            Some((to, reached)) => {
                let rise = reached.checked_sub(profit)?;
                rise.checked_mul(beyond)?.checked_div(to.checked_sub(from)?)?
            }
            None => self.slope.checked_mul(beyond)?,
        };
        profit.checked_add(gained)
    }

    /// The most that can be earned.
    #[must_use]
    pub fn max_profit(&self) -> Extreme {
        if self.slope > Decimal::ZERO {
            return Extreme::Unbounded;
        }
        Extreme::Amount(self.profits().max().expect("a payoff has a corner at zero"))
    }

    /// The least: the largest loss, below zero, or a profit that is certain.
    #[must_use]
    pub fn max_loss(&self) -> Extreme {
        if self.slope < Decimal::ZERO {
            return Extreme::Unbounded;
        }
        Extreme::Amount(self.profits().min().expect("a payoff has a corner at zero"))
    }

    /// The prices at which nothing is earned and nothing lost, in order; stretches of them are told by
    /// [`zero_stretches`](Self::zero_stretches) instead.
    #[must_use]
    pub fn break_evens(&self) -> Vec<Decimal> {
        let flat = self.zero_stretches();
        let in_flat = |at: Decimal| flat.iter().any(|(from, to)| *from <= at && to.is_none_or(|to| at <= to));
        let mut found: Vec<Decimal> = self
            .corners
            .iter()
            .filter(|(at, profit)| profit.is_zero() && !in_flat(*at))
            .map(|(at, _)| *at)
            .chain(self.corners.windows(2).filter_map(|pair| crossing(pair[0], pair[1])))
            .chain(self.crossing_beyond())
            .map(|at| at.normalize())
            .collect();
        found.sort_unstable();
        found
    }

    /// Stretches of prices over which the profit is exactly zero, as (from, to); an open end is `None`.
    #[must_use]
    pub fn zero_stretches(&self) -> Vec<(Decimal, Option<Decimal>)> {
        let mut stretches: Vec<_> = self
            .corners
            .windows(2)
            .filter(|pair| pair.iter().all(|(_, profit)| profit.is_zero()))
            .map(|pair| (pair[0].0, Some(pair[1].0)))
            .collect();
        let (last, profit) = self.last();
        if profit.is_zero() && self.slope.is_zero() {
            stretches.push((last, None));
        }
        stretches
    }

    fn profits(&self) -> impl Iterator<Item = Decimal> + '_ {
        self.corners.iter().map(|(_, profit)| *profit)
    }

    fn last(&self) -> (Decimal, Decimal) {
        *self.corners.last().expect("a payoff has a corner at zero")
    }

    fn crossing_beyond(&self) -> Option<Decimal> {
        let (last, profit) = self.last();
        let towards_zero = (profit > Decimal::ZERO && self.slope < Decimal::ZERO)
            || (profit < Decimal::ZERO && self.slope > Decimal::ZERO);
        if !towards_zero {
            return None;
        }
        last.checked_sub(profit.checked_div(self.slope)?)
    }
}

fn total(mut parts: impl Iterator<Item = Option<Decimal>>) -> Result<Decimal, NotAPayoff> {
    parts.try_fold(Decimal::ZERO, |sum, part| sum.checked_add(part?)).ok_or(NotAPayoff::TooLarge)
}

fn intrinsic(holding: Holding, at: Decimal) -> Option<Decimal> {
    match holding {
        Holding::Underlying => Some(at),
        Holding::Option { right: Right::Call, strike } => {
            at.checked_sub(strike.as_decimal()).map(|value| value.max(Decimal::ZERO))
        }
        Holding::Option { right: Right::Put, strike } => {
            strike.as_decimal().checked_sub(at).map(|value| value.max(Decimal::ZERO))
        }
    }
}

const fn rises_for_ever(holding: Holding) -> bool {
    matches!(holding, Holding::Underlying | Holding::Option { right: Right::Call, .. })
}

/// Where the line between two corners of opposite signs is zero.
fn crossing((from, before): (Decimal, Decimal), (to, after): (Decimal, Decimal)) -> Option<Decimal> {
    if before.is_zero() || after.is_zero() || before.is_sign_positive() == after.is_sign_positive() {
        return None;
    }
    let (width, fall) = (to.checked_sub(from)?, before.checked_sub(after)?);
    // Multiplied first: a share of a third would lose its last digit.
    from.checked_add(before.checked_mul(width)?.checked_div(fall)?)
}
