//! Returns one by one give the figures of the whole series.

use proptest::prelude::*;
use tradeport_analytics::{
    AnnualRate, Basis, NotReturns, Performance, PerformanceAccumulator, PeriodsPerYear, Returns,
    TailProbability,
};

/// Relative; beside it 1e-12 for figures near zero, where a mean cancels.
const TOLERANCE: f64 = 1e-9;

fn same(name: &str, one_by_one: Option<f64>, at_once: Option<f64>) -> Result<(), TestCaseError> {
    match (one_by_one, at_once) {
        (Some(a), Some(b)) if a.is_finite() && b.is_finite() => {
            prop_assert!((a - b).abs() <= TOLERANCE * b.abs() + 1e-12, "{}: {} and {}", name, a, b);
        }
        (a, b) => prop_assert_eq!(a, b, "{}", name),
    }
    Ok(())
}

fn all_same(a: &Performance, b: &Performance) -> Result<(), TestCaseError> {
    prop_assert_eq!(a.observations, b.observations);
    same("total return", a.total_return, b.total_return)?;
    same("cagr", a.cagr, b.cagr)?;
    same("volatility", a.annual_volatility, b.annual_volatility)?;
    same("sharpe", a.sharpe, b.sharpe)?;
    same("sortino", a.sortino, b.sortino)?;
    same("downside risk", a.downside_risk, b.downside_risk)?;
    same("omega", a.omega, b.omega)?;
    same("maximum drawdown", a.max_drawdown, b.max_drawdown)?;
    same("calmar", a.calmar, b.calmar)?;
    same("value at risk", a.var_historical, b.var_historical)?;
    same("tail", a.cvar_historical, b.cvar_historical)
}

/// Days that move, days that do not, steady runs, ties, and now and then ruin.
fn a_return() -> impl Strategy<Value = f64> {
    prop_oneof![
        8 => -0.1_f64..0.1,
        2 => Just(0.0),
        2 => Just(0.01),
        1 => -1.2_f64..2.0,
    ]
}

fn a_basis() -> impl Strategy<Value = Basis> {
    let periods =
        prop_oneof![Just(PeriodsPerYear::DAILY), Just(PeriodsPerYear::WEEKLY), Just(PeriodsPerYear::MONTHLY)];
    (periods, 0.0_f64..0.1)
        .prop_map(|(periods, rate)| Basis::new(periods, AnnualRate::new(rate).expect("in range")))
}

proptest! {
    #[test]
    fn one_by_one_is_the_same_as_at_once_after_every_return(
        values in prop::collection::vec(a_return(), 0..70),
        basis in a_basis(),
        tail in 0.001_f64..0.999,
    ) {
        let tail = TailProbability::new(tail).unwrap();
        let mut growing = PerformanceAccumulator::new(basis, tail);
        for length in 0..=values.len() {
            let whole = Returns::new(values[..length].to_vec()).unwrap();
            all_same(&growing.performance(), &Performance::of(&whole, basis, tail))?;
            if let Some(next) = values.get(length) {
                growing.push(*next).unwrap();
            }
        }
    }

    #[test]
    fn equal_returns_have_exactly_no_deviation(value in -0.5_f64..0.5, times in 2_usize..300, basis in a_basis()) {
        let mut growing = PerformanceAccumulator::new(basis, TailProbability::FIVE_PERCENT);
        (0..times).for_each(|_| growing.push(value).unwrap());
        let performance = growing.performance();
        prop_assert_eq!(performance.annual_volatility, Some(0.0));
        prop_assert!(performance.sharpe.is_none_or(f64::is_infinite));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn a_long_series_does_not_drift(seed in prop::collection::vec(-0.03_f64..0.031, 50..100), basis in a_basis()) {
        let values: Vec<f64> = seed.iter().cycle().take(seed.len() * 97).copied().collect();
        let mut growing = PerformanceAccumulator::new(basis, TailProbability::FIVE_PERCENT);
        values.iter().for_each(|value| growing.push(*value).unwrap());
        let whole = Performance::of(&Returns::new(values).unwrap(), basis, TailProbability::FIVE_PERCENT);
        all_same(&growing.performance(), &whole)?;
    }
}

#[test]
fn a_bad_return_is_refused_and_changes_nothing() {
    let basis = Basis::new(PeriodsPerYear::DAILY, AnnualRate::ZERO);
    let mut growing = PerformanceAccumulator::new(basis, TailProbability::FIVE_PERCENT);
    growing.push(0.01).unwrap();
    let before = growing.performance();
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert!(matches!(growing.push(bad), Err(NotReturns::NotFinite { index: 1, .. })), "{bad}");
    }
    assert_eq!(growing.performance(), before);
    assert_eq!(growing.observations(), 1);
}
