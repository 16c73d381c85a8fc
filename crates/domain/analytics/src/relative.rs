//! Against a benchmark: how much moved with it, how much was added, how far apart the two ran.

use crate::basis::{Basis, PeriodRate, PeriodsPerYear};
use crate::ratios::{annual_volatility, sharpe};
use crate::returns::{PairedReturns, Returns};
use crate::stats::{defined, mean, sum};
use crate::wealth::total_return;

/// Slope against the benchmark, `cov(r, b) / var(b)`; a fixed risk-free rate drops out of both. `None` below two
/// periods and for a benchmark that never changes.
#[must_use]
pub fn beta(paired: &PairedReturns) -> Option<f64> {
    let (ours, theirs) = (paired.strategy().as_slice(), paired.benchmark().as_slice());
    let (our_mean, their_mean) = (mean(ours)?, mean(theirs)?);
    let together = sum(ours.iter().zip(theirs).map(|(r, b)| (r - our_mean) * (b - their_mean)));
    let alone = sum(theirs.iter().map(|b| (b - their_mean).powi(2)));
    if alone == 0.0 { None } else { defined(together / alone) }
}

/// What was added beyond the benchmark's risk, compounded to a year:
/// `(1 + mean((r - f) - beta * (b - f)))^A - 1`. `None` where beta is, and for less than nothing left.
#[must_use]
pub fn alpha(paired: &PairedReturns, basis: Basis) -> Option<f64> {
    let (beta, free) = (beta(paired)?, basis.risk_free().as_f64());
    let sides = paired.strategy().as_slice().iter().zip(paired.benchmark().as_slice());
    let added: Vec<f64> = sides.map(|(r, b)| (r - free) - beta * (b - free)).collect();
    let grown = 1.0 + mean(&added).filter(|mean| mean.is_finite())?;
    // An even number of periods would make a meaningless base positive again.
    if grown < 0.0 { None } else { defined(grown.powf(basis.periods().as_f64()) - 1.0) }
}

/// `mean(r - b) / std(r - b) * sqrt(A)`: annualised. A constant difference is infinite by its sign, none at all is
/// `None`. `None` below two periods.
#[must_use]
pub fn information_ratio(paired: &PairedReturns, periods: PeriodsPerYear) -> Option<f64> {
    sharpe(&differences(paired)?, Basis::with_period_rate(periods, PeriodRate::ZERO))
}

/// `std(r - b) * sqrt(A)` with divisor n - 1. `None` below two periods.
#[must_use]
pub fn tracking_error(paired: &PairedReturns, periods: PeriodsPerYear) -> Option<f64> {
    annual_volatility(&differences(paired)?, periods)
}

/// The strategy's total return less the benchmark's over the shared periods, in fractions of the start. `None` for
/// no periods.
#[must_use]
pub fn excess_total_return(paired: &PairedReturns) -> Option<f64> {
    defined(total_return(paired.strategy())? - total_return(paired.benchmark())?)
}

/// `None` if a difference leaves floating point.
fn differences(paired: &PairedReturns) -> Option<Returns> {
    let sides = paired.strategy().as_slice().iter().zip(paired.benchmark().as_slice());
    Returns::new(sides.map(|(r, b)| r - b).collect()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::basis::AnnualRate;

    fn paired(strategy: &[f64], benchmark: &[f64]) -> PairedReturns {
        let returns = |values: &[f64]| Returns::new(values.to_vec()).unwrap();
        PairedReturns::new(returns(strategy), returns(benchmark)).unwrap()
    }

    #[test]
    fn a_benchmark_against_itself_adds_nothing() {
        let basis = Basis::new(PeriodsPerYear::MONTHLY, AnnualRate::new(0.03).unwrap());
        let same = paired(&[0.01, -0.02, 0.03], &[0.01, -0.02, 0.03]);
        assert_eq!(beta(&same), Some(1.0));
        assert_eq!(alpha(&same, basis), Some(0.0));
        assert_eq!(tracking_error(&same, basis.periods()), Some(0.0));
        assert_eq!(information_ratio(&same, basis.periods()), None);
        assert_eq!(excess_total_return(&same), Some(0.0));
    }

    #[test]
    fn a_benchmark_that_never_changes_explains_nothing() {
        let basis = Basis::new(PeriodsPerYear::MONTHLY, AnnualRate::ZERO);
        let flat = paired(&[0.01, -0.02, 0.03], &[0.002; 3]);
        assert_eq!(beta(&flat), None);
        assert_eq!(alpha(&flat, basis), None);
    }

    #[test]
    fn less_than_nothing_left_has_no_alpha() {
        let ruin = paired(&[-3.0, -3.0], &[0.01, -0.01]);
        assert_eq!(beta(&ruin), Some(0.0));
        assert_eq!(alpha(&ruin, Basis::new(PeriodsPerYear::MONTHLY, AnnualRate::ZERO)), None);
    }

    #[test]
    fn a_constant_lead_is_infinitely_informative() {
        let ahead = paired(&[0.5, 0.5, 0.5], &[0.25; 3]);
        assert_eq!(information_ratio(&ahead, PeriodsPerYear::DAILY), Some(f64::INFINITY));
    }

    #[test]
    fn nothing_is_known_of_no_periods() {
        let none = PairedReturns::default();
        assert_eq!(beta(&none), None);
        assert_eq!(excess_total_return(&none), None);
        assert_eq!(tracking_error(&none, PeriodsPerYear::DAILY), None);
    }
}
