//! All figures of a series at once, for reports and stores.

use crate::basis::Basis;
use crate::drawdown::max_drawdown;
use crate::ratios::{annual_volatility, calmar, downside_risk, omega, sharpe, sortino};
use crate::relative::{alpha, beta, excess_total_return, information_ratio, tracking_error};
use crate::returns::{PairedReturns, Returns};
use crate::serial::figure;
use crate::tail::{TailProbability, cvar_historical, in_money, var_historical};
use crate::wealth::{cagr, total_return};
use serde::Serialize;

/// How a series of returns did. `None` is undefined, a ratio may be infinite; losses are negative fractions.
///
/// In a document, undefined is null and an infinity is the text `inf` or `-inf`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Performance {
    /// How many returns the figures rest on.
    pub observations: usize,
    /// See [`crate::total_return`].
    #[serde(serialize_with = "figure")]
    pub total_return: Option<f64>,
    /// See [`crate::cagr`].
    #[serde(serialize_with = "figure")]
    pub cagr: Option<f64>,
    /// See [`crate::annual_volatility`].
    #[serde(serialize_with = "figure")]
    pub annual_volatility: Option<f64>,
    /// See [`crate::sharpe`].
    #[serde(serialize_with = "figure")]
    pub sharpe: Option<f64>,
    /// See [`crate::sortino`].
    #[serde(serialize_with = "figure")]
    pub sortino: Option<f64>,
    /// See [`crate::downside_risk`].
    #[serde(serialize_with = "figure")]
    pub downside_risk: Option<f64>,
    /// See [`crate::omega`].
    #[serde(serialize_with = "figure")]
    pub omega: Option<f64>,
    /// See [`crate::max_drawdown`].
    #[serde(serialize_with = "figure")]
    pub max_drawdown: Option<f64>,
    /// See [`crate::calmar`].
    #[serde(serialize_with = "figure")]
    pub calmar: Option<f64>,
    /// See [`crate::var_historical`].
    #[serde(serialize_with = "figure")]
    pub var_historical: Option<f64>,
    /// See [`crate::cvar_historical`].
    #[serde(serialize_with = "figure")]
    pub cvar_historical: Option<f64>,
}

impl Performance {
    /// Computes every figure.
    #[must_use]
    pub fn of(returns: &Returns, basis: Basis, tail: TailProbability) -> Self {
        Self {
            observations: returns.len(),
            total_return: total_return(returns),
            cagr: cagr(returns, basis.periods()),
            annual_volatility: annual_volatility(returns, basis.periods()),
            sharpe: sharpe(returns, basis),
            sortino: sortino(returns, basis),
            downside_risk: downside_risk(returns, basis),
            omega: omega(returns, basis),
            max_drawdown: max_drawdown(returns),
            calmar: calmar(returns, basis.periods()),
            var_historical: var_historical(returns, tail),
            cvar_historical: cvar_historical(returns, tail),
        }
    }

    /// What the mean bad period costs a portfolio of this value, in its unit; negative for a loss.
    #[must_use]
    pub fn cvar_in_money(&self, portfolio_value: f64) -> Option<f64> {
        in_money(self.cvar_historical?, portfolio_value)
    }
}

/// How a series of returns did against a benchmark. `None` is undefined, a ratio may be infinite.
///
/// In a document, undefined is null and an infinity is the text `inf` or `-inf`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct RelativePerformance {
    /// How many shared periods the figures rest on.
    pub observations: usize,
    /// See [`crate::beta`].
    #[serde(serialize_with = "figure")]
    pub beta: Option<f64>,
    /// See [`crate::alpha`].
    #[serde(serialize_with = "figure")]
    pub alpha: Option<f64>,
    /// See [`crate::information_ratio`].
    #[serde(serialize_with = "figure")]
    pub information_ratio: Option<f64>,
    /// See [`crate::tracking_error`].
    #[serde(serialize_with = "figure")]
    pub tracking_error: Option<f64>,
    /// See [`crate::excess_total_return`].
    #[serde(serialize_with = "figure")]
    pub excess_total_return: Option<f64>,
}

impl RelativePerformance {
    /// Computes every figure.
    #[must_use]
    pub fn of(paired: &PairedReturns, basis: Basis) -> Self {
        Self {
            observations: paired.strategy().len(),
            beta: beta(paired),
            alpha: alpha(paired, basis),
            information_ratio: information_ratio(paired, basis.periods()),
            tracking_error: tracking_error(paired, basis.periods()),
            excess_total_return: excess_total_return(paired),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::basis::{AnnualRate, PeriodsPerYear};

    #[test]
    fn a_document_tells_undefined_from_infinite() {
        let basis = Basis::new(PeriodsPerYear::MONTHLY, AnnualRate::ZERO);
        let steady = Returns::new(vec![0.5; 2]).unwrap();
        let performance = Performance::of(&steady, basis, TailProbability::FIVE_PERCENT);
        let document = serde_json::to_value(performance).unwrap();
        assert_eq!(document["sharpe"], "inf");
        assert_eq!(document["omega"], serde_json::Value::Null);
        assert_eq!(document["total_return"], 1.25);
        assert_eq!(performance.cvar_in_money(1_000.0), Some(500.0));
    }
}
