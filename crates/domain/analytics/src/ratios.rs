//! Risk and reward in one number: volatility, Sharpe, Sortino, Omega, Calmar.
//!
//! The `*_of` functions say each formula once, in the sums it needs; the public functions and the accumulator both
//! use them, so the two cannot drift apart.

use crate::basis::{Basis, PeriodsPerYear};
use crate::drawdown::max_drawdown;
use crate::returns::Returns;
use crate::stats::{count, defined, deviation, mean, ratio, sum};
use crate::wealth::cagr;

/// `std(r) * sqrt(A)` with divisor n - 1. `None` below two returns; exactly zero for equal returns.
#[must_use]
pub fn annual_volatility(returns: &Returns, periods: PeriodsPerYear) -> Option<f64> {
    defined(deviation(returns.as_slice())? * periods.as_f64().sqrt())
}

/// `(mean(r) - f) / std(r) * sqrt(A)`. Equal returns: infinite by the sign of the mean, `None` if that is zero too.
/// `None` below two returns.
#[must_use]
pub fn sharpe(returns: &Returns, basis: Basis) -> Option<f64> {
    sharpe_of(excess(returns.as_slice(), basis)?, deviation(returns.as_slice())?, basis)
}

/// `sqrt(mean(min(r - f, 0)^2)) * sqrt(A)`, the mean over all returns. `None` for no returns.
#[must_use]
pub fn downside_risk(returns: &Returns, basis: Basis) -> Option<f64> {
    if returns.is_empty() {
        return None;
    }
    let squares = sum(returns.as_slice().iter().map(|r| shortfall(*r, basis).powi(2)));
    downside_of(squares, count(returns.as_slice()), basis)
}

/// `A * mean(r - f) / downside risk`. Without downside: infinite for a positive mean, else `None`. `None` below two
/// returns.
#[must_use]
pub fn sortino(returns: &Returns, basis: Basis) -> Option<f64> {
    if returns.len() < 2 {
        return None;
    }
    sortino_of(excess(returns.as_slice(), basis)?, downside_risk(returns, basis)?, basis)
}

/// The sum of what exceeds the risk-free rate, divided by the sum of what falls short of it. `None` without a
/// shortfall, and below two returns.
#[must_use]
pub fn omega(returns: &Returns, basis: Basis) -> Option<f64> {
    if returns.len() < 2 {
        return None;
    }
    let gains = sum(returns.as_slice().iter().map(|r| surplus(*r, basis)));
    let losses = sum(returns.as_slice().iter().map(|r| shortfall(*r, basis)));
    omega_of(gains, losses)
}

/// Annual growth divided by the depth of the worst drawdown. `None` without a drawdown or without a growth rate.
#[must_use]
pub fn calmar(returns: &Returns, periods: PeriodsPerYear) -> Option<f64> {
    calmar_of(cagr(returns, periods)?, max_drawdown(returns)?)
}

pub(crate) fn surplus(r: f64, basis: Basis) -> f64 {
    (r - basis.risk_free().as_f64()).max(0.0)
}

pub(crate) fn shortfall(r: f64, basis: Basis) -> f64 {
    (basis.risk_free().as_f64() - r).max(0.0)
}

fn excess(returns: &[f64], basis: Basis) -> Option<f64> {
    Some(mean(returns)? - basis.risk_free().as_f64())
}

pub(crate) fn sharpe_of(excess: f64, deviation: f64, basis: Basis) -> Option<f64> {
    defined(ratio(excess, deviation)? * basis.sqrt_periods())
}

pub(crate) fn downside_of(squares: f64, observations: f64, basis: Basis) -> Option<f64> {
    defined((squares / observations).sqrt() * basis.sqrt_periods())
}

pub(crate) fn sortino_of(excess: f64, downside: f64, basis: Basis) -> Option<f64> {
    if downside == 0.0 {
        // Rounding of the mean alone cannot make an all-gain series infinitely bad.
        return (excess > 0.0).then_some(f64::INFINITY);
    }
    defined(basis.periods().as_f64() * excess / downside)
}

pub(crate) fn omega_of(gains: f64, losses: f64) -> Option<f64> {
    if losses == 0.0 { None } else { defined(gains / losses) }
}

pub(crate) fn calmar_of(cagr: f64, max_drawdown: f64) -> Option<f64> {
    if max_drawdown == 0.0 { None } else { defined(cagr / max_drawdown.abs()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::basis::AnnualRate;

    #[test]
    fn equal_returns_at_the_risk_free_rate_have_no_sharpe_ratio() {
        let basis = Basis::new(PeriodsPerYear::DAILY, AnnualRate::new(0.05).unwrap());
        let riskless = Returns::new(vec![basis.risk_free().as_f64(); 30]).unwrap();
        assert_eq!(sharpe(&riskless, basis), None);
        assert_eq!(sortino(&riskless, basis), None);
        assert_eq!(omega(&riskless, basis), None);
    }

    #[test]
    fn equal_returns_are_infinitely_good_or_bad() {
        let basis = Basis::new(PeriodsPerYear::DAILY, AnnualRate::new(0.05).unwrap());
        let steady = |r: f64| Returns::new(vec![r; 7]).unwrap();
        assert_eq!(sharpe(&steady(0.1), basis), Some(f64::INFINITY));
        assert_eq!(sharpe(&steady(0.0001), basis), Some(f64::NEG_INFINITY));
        assert_eq!(annual_volatility(&steady(0.1), PeriodsPerYear::DAILY), Some(0.0));
    }
}
