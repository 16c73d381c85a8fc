//! The figures of a curve: portfolio and benchmark by the same formulas, from daily closes.

use super::DayValue;
use serde::Serialize;
use tradeport_analytics::{
    AnnualRate, Basis, NotReturns, PairedReturns, Performance, PeriodsPerYear, RelativePerformance, Returns,
    TailProbability, drawdown_series, simple_returns,
};

/// How both did, and how they relate.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Comparison {
    pub(crate) portfolio: Performance,
    pub(crate) benchmark: Performance,
    pub(crate) relative: RelativePerformance,
    /// What the mean of the worst 5 % of days costs at the last value.
    pub(crate) portfolio_cvar_money: Option<f64>,
    pub(crate) benchmark_cvar_money: Option<f64>,
    /// The risk-free rate of a year that ratios are measured against.
    pub(crate) risk_free_rate: f64,
    /// The drawdown of both at each close.
    #[serde(skip)]
    pub(crate) drawdowns: Vec<(f64, f64)>,
}

impl Comparison {
    /// Computes every figure. Both start at `start` before the first day. Errors: a value that no curve can have.
    pub(crate) fn of(curve: &[DayValue], start: f64, risk_free: AnnualRate) -> Result<Self, NotReturns> {
        let portfolio = returns(start, curve.iter().map(|day| day.portfolio))?;
        let benchmark = returns(start, curve.iter().map(|day| day.benchmark))?;
        let basis = Basis::new(PeriodsPerYear::DAILY, risk_free);
        let tail = TailProbability::FIVE_PERCENT;
        let drawdowns = drawdown_series(&portfolio).into_iter().zip(drawdown_series(&benchmark)).collect();
        let figures = |returns: &Returns| Performance::of(returns, basis, tail);
        let (ours, theirs) = (figures(&portfolio), figures(&benchmark));
        let last = curve.last();
        Ok(Self {
            portfolio_cvar_money: last.and_then(|day| ours.cvar_in_money(day.portfolio)),
            benchmark_cvar_money: last.and_then(|day| theirs.cvar_in_money(day.benchmark)),
            portfolio: ours,
            benchmark: theirs,
            relative: RelativePerformance::of(&PairedReturns::new(portfolio, benchmark)?, basis),
            risk_free_rate: risk_free.as_f64(),
            drawdowns,
        })
    }
}

fn returns(start: f64, values: impl Iterator<Item = f64>) -> Result<Returns, NotReturns> {
    simple_returns(&std::iter::once(start).chain(values).collect::<Vec<_>>())
}
