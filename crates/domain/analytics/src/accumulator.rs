//! The figures of [`Performance`] while returns arrive one by one.
//!
//! Left out: forgetting old returns (a rolling window), and the benchmark.

use crate::basis::Basis;
use crate::drawdown::Peak;
use crate::performance::Performance;
use crate::ratios::{calmar_of, downside_of, omega_of, sharpe_of, shortfall, sortino_of, surplus};
use crate::returns::NotReturns;
use crate::stats::{Sum, defined};
use crate::tail::TailProbability;
use crate::tail_heap::TailHeap;
use crate::wealth::{growth, total};

/// Takes returns one by one and knows all figures of the series so far.
///
/// A return costs O(log n), a [`performance`](Self::performance) time linear in the tail (5 % of the returns by
/// default). Memory is one number per return: an exact tail needs them all.
#[derive(Clone, Debug)]
pub struct PerformanceAccumulator {
    basis: Basis,
    observations: usize,
    wealth: f64,
    peak: Peak,
    mean: f64,
    squares: Sum,
    gains: Sum,
    losses: Sum,
    squared_losses: Sum,
    tail: TailHeap,
}

impl PerformanceAccumulator {
    /// Before the first return.
    #[must_use]
    pub fn new(basis: Basis, tail: TailProbability) -> Self {
        Self {
            basis,
            observations: 0,
            wealth: 1.0,
            peak: Peak::at_start(),
            mean: 0.0,
            squares: Sum::default(),
            gains: Sum::default(),
            losses: Sum::default(),
            squared_losses: Sum::default(),
            tail: TailHeap::new(tail),
        }
    }

    /// Takes the next return, a fraction. Errors: [`NotReturns::NotFinite`] with its place; nothing changes then.
    pub fn push(&mut self, value: f64) -> Result<(), NotReturns> {
        if !value.is_finite() {
            return Err(NotReturns::NotFinite { index: self.observations, value });
        }
        self.observations += 1;
        self.wealth *= 1.0 + value;
        self.peak.observe(self.wealth);
        self.observe_spread(value);
        let short = shortfall(value, self.basis);
        self.gains.add(surplus(value, self.basis));
        self.losses.add(short);
        self.squared_losses.add(short * short);
        self.tail.push(value);
        Ok(())
    }

    /// Mean and squared deviations by Welford's recurrence: equal returns keep a deviation of exactly zero, and no
    /// large sums are subtracted from each other.
    fn observe_spread(&mut self, value: f64) {
        if self.observations == 1 {
            self.mean = value;
            return;
        }
        let step = value - self.mean;
        self.mean += step / self.observations as f64;
        self.squares.add(step * (value - self.mean));
    }

    /// How many returns so far.
    #[must_use]
    pub const fn observations(&self) -> usize {
        self.observations
    }

    /// All figures of the returns so far: the same as [`Performance::of`] on the whole series, up to rounding.
    #[must_use]
    pub fn performance(&self) -> Performance {
        let count = self.observations as f64;
        let some = self.observations > 0;
        let several = self.observations > 1;
        let excess = self.mean - self.basis.risk_free().as_f64();
        let deviation = several.then(|| (self.squares.value() / (count - 1.0)).sqrt()).and_then(defined);
        let total_return = some.then(|| total(self.wealth)).flatten();
        let cagr = total_return.and_then(|total| growth(total, count, self.basis.periods()));
        let max_drawdown = some.then(|| defined(self.peak.deepest())).flatten();
        let downside_risk =
            some.then(|| downside_of(self.squared_losses.value(), count, self.basis)).flatten();
        Performance {
            observations: self.observations,
            total_return,
            cagr,
            annual_volatility: deviation.and_then(|deviation| defined(deviation * self.basis.sqrt_periods())),
            sharpe: deviation.and_then(|deviation| sharpe_of(excess, deviation, self.basis)),
            sortino: downside_risk
                .filter(|_| several)
                .and_then(|downside| sortino_of(excess, downside, self.basis)),
            downside_risk,
            omega: several.then(|| omega_of(self.gains.value(), self.losses.value())).flatten(),
            max_drawdown,
            calmar: cagr.zip(max_drawdown).and_then(|(cagr, deepest)| calmar_of(cagr, deepest)),
            var_historical: self.tail.var(),
            cvar_historical: self.tail.cvar(),
        }
    }
}
