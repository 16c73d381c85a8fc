//! How bad the bad periods are: value at risk and conditional value at risk, from the returns as they happened.
//!
//! No distribution is assumed. Both are returns: a loss is negative.

use crate::returns::Returns;
use crate::stats::{count, defined, sum};
use serde::{Deserialize, Serialize};

/// The share of periods that make up the tail, strictly between 0 and 1: 0.05 looks at the worst 5 %.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct TailProbability(f64);

/// The number is not a share of periods.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{0} is not a tail probability: expected a number between 0 and 1, such as 0.05")]
pub struct NotATailProbability(f64);

impl TailProbability {
    /// The worst twentieth.
    pub const FIVE_PERCENT: Self = Self(0.05);
    /// The worst hundredth.
    pub const ONE_PERCENT: Self = Self(0.01);

    /// Refuses 0, 1 and everything beyond.
    pub fn new(raw: f64) -> Result<Self, NotATailProbability> {
        if raw > 0.0 && raw < 1.0 { Ok(Self(raw)) } else { Err(NotATailProbability(raw)) }
    }

    /// The number.
    #[must_use]
    pub const fn as_f64(self) -> f64 {
        self.0
    }

    /// Where the quantile lies among `observations` (above zero) sorted returns: the place at or below it, counted
    /// from 0, and how far it is from there to the next place.
    pub(crate) fn place(self, observations: usize) -> (usize, f64) {
        let exact = (observations - 1) as f64 * self.0;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "cutting off is the rule; it lies in 0..observations because the probability is below 1"
        )]
        let below = exact as usize;
        (below, exact - exact.floor())
    }
}

impl TryFrom<f64> for TailProbability {
    type Error = NotATailProbability;
    fn try_from(raw: f64) -> Result<Self, Self::Error> {
        Self::new(raw)
    }
}

impl From<TailProbability> for f64 {
    fn from(tail: TailProbability) -> Self {
        tail.0
    }
}

/// Historical value at risk: the quantile of the returns, interpolated between neighbours (type 7 of Hyndman and
/// Fan). `None` for no returns.
#[must_use]
pub fn var_historical(returns: &Returns, tail: TailProbability) -> Option<f64> {
    let sorted = sorted(returns);
    let (below, part) = tail.place(sorted.len().max(1));
    quantile(*sorted.get(below)?, sorted.get(below + 1).copied(), part)
}

/// Historical conditional value at risk: the mean of the `floor((n - 1) * tail) + 1` smallest returns. `None` for no
/// returns.
///
/// The convention of common performance reports. Linear programs minimise a slightly different one (Rockafellar and
/// Uryasev), which counts a fraction of the next return.
#[must_use]
pub fn cvar_historical(returns: &Returns, tail: TailProbability) -> Option<f64> {
    let sorted = sorted(returns);
    let (below, _) = tail.place(sorted.len().max(1));
    shortfall(sorted.get(..=below)?)
}

/// A ratio of the portfolio (a return, a drawdown, a CVaR) as an amount: `ratio * portfolio_value`, in the unit of
/// the value. A loss stays negative. `None` if the product leaves floating point.
#[must_use]
pub fn in_money(ratio: f64, portfolio_value: f64) -> Option<f64> {
    let amount = ratio * portfolio_value;
    amount.is_finite().then_some(amount)
}

pub(crate) fn quantile(below: f64, above: Option<f64>, part: f64) -> Option<f64> {
    defined(above.map_or(below, |above| below + (above - below) * part))
}

/// The mean of the tail's returns (at least one).
pub(crate) fn shortfall(tail: &[f64]) -> Option<f64> {
    defined(sum(tail.iter().copied()) / count(tail))
}

fn sorted(returns: &Returns) -> Vec<f64> {
    let mut sorted = returns.as_slice().to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_tail_is_a_share_of_the_periods() {
        for bad in [0.0, 1.0, -0.05, 5.0, f64::NAN] {
            assert!(TailProbability::new(bad).is_err(), "{bad}");
        }
        assert!(serde_json::from_str::<TailProbability>("5").is_err());
        assert_eq!(TailProbability::new(0.05).unwrap(), TailProbability::FIVE_PERCENT);
    }

    #[test]
    fn twenty_one_returns_have_two_in_the_worst_twentieth() {
        let returns = |n: u8| Returns::new((0..n).map(f64::from).collect()).unwrap();
        assert_eq!(cvar_historical(&returns(20), TailProbability::FIVE_PERCENT), Some(0.0));
        assert_eq!(cvar_historical(&returns(21), TailProbability::FIVE_PERCENT), Some(0.5));
        assert_eq!(var_historical(&returns(21), TailProbability::FIVE_PERCENT), Some(1.0));
    }

    #[test]
    fn an_amount_is_the_ratio_of_the_value() {
        assert_eq!(in_money(-0.05, 200_000.0), Some(-10_000.0));
        assert_eq!(in_money(f64::NEG_INFINITY, 0.0), None);
        assert_eq!(in_money(-2.0, f64::MAX), None);
    }

    proptest! {
        #[test]
        fn the_tail_is_never_better_than_its_edge(
            values in prop::collection::vec(-0.5_f64..0.5, 1..300),
            tail in 0.001_f64..0.999,
        ) {
            let (returns, tail) = (Returns::new(values).unwrap(), TailProbability::new(tail).unwrap());
            let (var, cvar) = (var_historical(&returns, tail).unwrap(), cvar_historical(&returns, tail).unwrap());
            prop_assert!(cvar <= var + 1e-15, "{cvar} above {var}");
        }
    }
}
