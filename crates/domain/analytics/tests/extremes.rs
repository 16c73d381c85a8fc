//! Any finite series, however absurd, gets figures or `None`: never NaN, never a panic.

use proptest::prelude::*;
use tradeport_analytics::{
    AnnualRate, Basis, PairedReturns, Performance, PerformanceAccumulator, PeriodsPerYear,
    RelativePerformance, Returns, TailProbability, drawdowns, simple_returns,
};

fn absurd() -> impl Strategy<Value = f64> {
    let finite = any::<f64>().prop_filter("finite", |value| value.is_finite());
    prop_oneof![
        4 => finite,
        1 => Just(f64::MAX),
        1 => Just(f64::MIN),
        1 => Just(-1.0),
        1 => Just(-0.0),
        1 => Just(f64::MIN_POSITIVE),
    ]
}

fn figures(performance: &Performance) -> [Option<f64>; 11] {
    let Performance {
        observations: _,
        total_return,
        cagr,
        annual_volatility,
        sharpe,
        sortino,
        downside_risk,
        omega,
        max_drawdown,
        calmar,
        var_historical,
        cvar_historical,
    } = *performance;
    [
        total_return,
        cagr,
        annual_volatility,
        sharpe,
        sortino,
        downside_risk,
        omega,
        max_drawdown,
        calmar,
        var_historical,
        cvar_historical,
    ]
}

proptest! {
    #[test]
    fn no_figure_is_ever_nan(
        pairs in prop::collection::vec((absurd(), absurd()), 0..40),
        rate in -0.999_f64..1e6,
        periods in 1e-3_f64..1e6,
    ) {
        let basis = Basis::new(PeriodsPerYear::new(periods).unwrap(), AnnualRate::new(rate).unwrap());
        let (ours, theirs): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
        let (ours, theirs) = (Returns::new(ours).unwrap(), Returns::new(theirs).unwrap());
        let mut growing = PerformanceAccumulator::new(basis, TailProbability::FIVE_PERCENT);
        ours.as_slice().iter().for_each(|r| growing.push(*r).unwrap());
        let at_once = Performance::of(&ours, basis, TailProbability::FIVE_PERCENT);
        let mut all = [figures(&at_once), figures(&growing.performance())].concat();
        prop_assert!(drawdowns(&ours).iter().all(|fall| fall.depth() < 0.0));
        let relative = RelativePerformance::of(&PairedReturns::new(ours, theirs).unwrap(), basis);
        all.extend([relative.beta, relative.alpha, relative.information_ratio]);
        all.extend([relative.tracking_error, relative.excess_total_return]);
        prop_assert!(all.iter().flatten().all(|figure| !figure.is_nan()), "{all:?}");
    }

    #[test]
    fn values_become_finite_returns_or_an_error(values in prop::collection::vec(any::<f64>(), 0..20)) {
        if let Ok(returns) = simple_returns(&values) {
            prop_assert_eq!(returns.len(), values.len().saturating_sub(1));
            prop_assert!(returns.as_slice().iter().all(|r| r.is_finite()));
        }
    }
}
