//! What a strategy can earn and lose, told before it is ordered.
//!
//! With one expiry everything follows from the payoff then. With several, it is looked at when the first option expires:
//! what later options are worth by then depends on volatility, so only what holds for every volatility is told. A
//! bought option is worth at least its intrinsic value (so for American style; a European put deep in the money may
//! lie below it by interest), a sold call at most the price of the underlying and a sold put at most its strike.

use super::{Extreme, Holding, LegOf, NotAPayoff, Payoff, PricedLeg, Strategy, StrategyLeg};
use crate::Side;
use std::collections::BTreeSet;
use time::Date;
use tradeport_contracts::Right;
use tradeport_kernel::{Decimal, Price};

/// The most that a strategy earns or loses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Estimate {
    /// This much, in the currency of the strategy; below zero is a loss.
    Amount(Decimal),
    /// It grows without end as the underlying rises.
    Unbounded,
    /// Later options outlive the first expiry, and what they are worth then is not known now.
    DependsOnVolatility,
}

impl From<Extreme> for Estimate {
    fn from(extreme: Extreme) -> Self {
        match extreme {
            Extreme::Amount(amount) => Self::Amount(amount),
            Extreme::Unbounded => Self::Unbounded,
        }
    }
}

/// What is known of a strategy before it is ordered; amounts are for one unit, before commissions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StrategyRisk {
    /// What one unit costs; below zero is a credit.
    pub cost: Decimal,
    /// The most that it earns.
    pub max_profit: Estimate,
    /// The most that it loses, below zero; above zero if a profit is certain.
    pub max_loss: Estimate,
    /// Where it breaks even at expiry; nothing when that depends on volatility.
    pub break_evens: Option<Vec<Decimal>>,
    /// The day on which the first option expires, for which all of this is told.
    pub at: Option<Date>,
}

/// The prices do not fit the strategy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotPriced {
    /// One price a leg is needed.
    #[error("{given} prices for {legs} legs: give one for each, in their order")]
    Count {
        /// How many were given.
        given: usize,
        /// How many are needed.
        legs: usize,
    },
    /// The numbers exceed what is computable, or the net price what a price may be.
    #[error("these prices are too large to compute with: give smaller ones, or a smaller multiplier")]
    TooLarge,
    /// The payoff cannot be told.
    #[error("the payoff cannot be told")]
    Payoff(#[from] NotAPayoff),
}

impl Strategy {
    /// The price of one unit for each share behind its options, as it is quoted and limited: what the legs at these
    /// prices (in their order) cost together, below zero for a credit.
    ///
    /// ```
    /// # use time::macros::date;
    /// # use tradeport_contracts::Right;
    /// # use tradeport_kernel::Symbol;
    /// # use tradeport_orders::strategy::Strategy;
    /// let covered = Strategy::covered_call(Symbol::new("IBM")?, date!(2026 - 12 - 18), "105".parse()?)?;
    /// assert_eq!(covered.net_price(&["98.50".parse()?, "2.10".parse()?])?, "96.40".parse()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn net_price(&self, prices: &[Price]) -> Result<Price, NotPriced> {
        if prices.len() != self.legs().len() {
            return Err(NotPriced::Count { given: prices.len(), legs: self.legs().len() });
        }
        let mut cost = Decimal::ZERO;
        for (leg, price) in self.legs().iter().zip(prices) {
            let units = leg.units(self.multiplier()).ok_or(NotPriced::TooLarge)?;
            let part = units.checked_mul(price.as_decimal()).ok_or(NotPriced::TooLarge)?;
            cost = cost.checked_add(part).ok_or(NotPriced::TooLarge)?;
        }
        let net = cost.checked_div(self.multiplier()).ok_or(NotPriced::TooLarge)?;
        Price::new(net.round_dp(Price::MAX_SCALE)).map_err(|_| NotPriced::TooLarge)
    }

    /// What one unit earns and loses when it is bought at `net`, the price as by [`net_price`](Self::net_price).
    ///
    /// ```
    /// # use time::macros::date;
    /// # use tradeport_kernel::Symbol;
    /// # use tradeport_orders::strategy::{Estimate, Strategy};
    /// let strikes = ["85".parse()?, "90".parse()?, "110".parse()?, "115".parse()?];
    /// let condor = Strategy::iron_condor(Symbol::new("XYZ")?, date!(2026 - 12 - 18), strikes)?;
    /// let risk = condor.risk_at("-1.50".parse()?)?; // a credit of 1.50 a share
    /// assert_eq!(risk.max_profit, Estimate::Amount(150.into()));
    /// assert_eq!(risk.max_loss, Estimate::Amount((-350).into()));
    /// assert_eq!(risk.break_evens, Some(vec!["88.5".parse()?, "111.5".parse()?]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn risk_at(&self, net: Price) -> Result<StrategyRisk, NotPriced> {
        let cost = net.as_decimal().checked_mul(self.multiplier()).ok_or(NotPriced::TooLarge)?;
        let held = self.held(self.legs())?;
        let expiries: BTreeSet<Date> = self.legs().iter().filter_map(StrategyLeg::expiry).collect();
        let at = expiries.first().copied();
        if expiries.len() < 2 {
            let payoff = Payoff::of(&held, cost)?;
            return Ok(StrategyRisk {
                cost,
                max_profit: payoff.max_profit().into(),
                max_loss: payoff.max_loss().into(),
                break_evens: Some(payoff.break_evens()),
                at,
            });
        }
        let max_loss = self.largest_loss_of_several_expiries(at, cost)?;
        Ok(StrategyRisk { cost, max_profit: Estimate::DependsOnVolatility, max_loss, break_evens: None, at })
    }

    /// The payoff when all options expire at once, from the prices of the legs in their order; nothing for a strategy
    /// of several expiries.
    pub fn payoff(&self, prices: &[Price]) -> Result<Option<Payoff>, NotPriced> {
        if prices.len() != self.legs().len() {
            return Err(NotPriced::Count { given: prices.len(), legs: self.legs().len() });
        }
        let expiries: BTreeSet<Date> = self.legs().iter().filter_map(StrategyLeg::expiry).collect();
        if expiries.len() > 1 {
            return Ok(None);
        }
        let held = self.held(self.legs())?;
        let legs: Vec<_> = held
            .into_iter()
            .zip(prices)
            .map(|((holding, units), price)| PricedLeg { holding, units, price: *price })
            .collect();
        Ok(Some(Payoff::at_expiry(&legs)?))
    }

    fn held(&self, legs: &[StrategyLeg]) -> Result<Vec<(Holding, Decimal)>, NotPriced> {
        let of = |leg: &StrategyLeg| Some((leg.holding(), leg.units(self.multiplier())?));
        legs.iter().map(of).collect::<Option<_>>().ok_or(NotPriced::TooLarge)
    }

    /// The least that is certain when the first options expire; without end if what is left then can lose so.
    fn largest_loss_of_several_expiries(
        &self,
        first: Option<Date>,
        cost: Decimal,
    ) -> Result<Estimate, NotPriced> {
        let (ending, left): (Vec<_>, Vec<_>) =
            self.legs().iter().partition(|leg| leg.expiry().is_some() && leg.expiry() == first);
        let left_alone = Payoff::of(&self.held(&left)?, Decimal::ZERO)?;
        if left_alone.max_loss() == Extreme::Unbounded {
            return Ok(Estimate::Unbounded);
        }
        let mut certain = self.held(&ending)?;
        for leg in left {
            certain.extend(self.worth_at_least(&leg)?);
        }
        Ok(Payoff::of(&certain, cost)?.max_loss().into())
    }

    /// Holdings at expiry that are worth no more than the leg is before its own: itself when bought; when sold, the
    /// underlying instead of a call, and a sure payment of its strike instead of a put (the put and call that add up
    /// to it whatever the price: K = max(K - S, 0) + S - max(S - K, 0)).
    fn worth_at_least(&self, leg: &StrategyLeg) -> Result<Vec<(Holding, Decimal)>, NotPriced> {
        let units = leg.units(self.multiplier()).ok_or(NotPriced::TooLarge)?;
        Ok(match (leg.side(), leg.of()) {
            (Side::Sell, LegOf::Option { right: Right::Call, .. }) => vec![(Holding::Underlying, units)],
            (Side::Sell, LegOf::Option { right: Right::Put, strike, .. }) => vec![
                (Holding::Option { right: Right::Put, strike }, units),
                (Holding::Underlying, units),
                (Holding::Option { right: Right::Call, strike }, -units),
            ],
            _ => vec![(leg.holding(), units)],
        })
    }
}
