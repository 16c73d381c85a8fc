//! Series that are empty, short, constant, full of gaps or ruinous: what is undefined, zero or infinite.

use crate::data::{assert_close, document, figure};
use serde_json::Value;
use tradeport_analytics::{
    AnnualRate, Basis, PairedReturns, Performance, PerformanceAccumulator, PeriodsPerYear,
    RelativePerformance, Returns, TailProbability,
};

const RTOL: f64 = 1e-10;

fn cells(values: &Value) -> Vec<Option<f64>> {
    values.as_array().unwrap().iter().map(figure).collect()
}

fn basis() -> Basis {
    Basis::new(PeriodsPerYear::DAILY, AnnualRate::ZERO)
}

fn atol(case: &str) -> f64 {
    if case == "tiny_values" { 1e-15 } else { 1e-14 }
}

fn assert_figures(case: &Value, how: &str, actual: &Performance) {
    let name = case["case"].as_str().unwrap();
    let figures = [
        ("total_return", actual.total_return),
        ("cagr", actual.cagr),
        ("annual_volatility", actual.annual_volatility),
        ("sharpe_rf0", actual.sharpe),
        ("sortino_mar0", actual.sortino),
        ("downside_risk", actual.downside_risk),
        ("max_drawdown", actual.max_drawdown),
        ("omega_rf0", actual.omega),
        ("var_historical_05", actual.var_historical),
        ("cvar_historical_05", actual.cvar_historical),
        ("calmar", actual.calmar),
    ];
    let expected = case["recommended"].as_object().unwrap();
    assert!(expected.keys().all(|key| figures.iter().any(|(figure, _)| key == figure)), "{name}: new figure");
    for (key, actual) in figures {
        let what = format!("{key} of {name}, {how}");
        let expected = expected.get(key).unwrap_or_else(|| panic!("{what} is not in the data"));
        assert_close(&what, actual, figure(expected), RTOL, atol(name));
    }
}

#[test]
fn every_edge_case_agrees_at_once_and_one_by_one() {
    let all = document("edge_cases.json");
    let cases = all["cases"].as_array().unwrap();
    assert!(!cases.is_empty());
    for case in cases {
        let returns = Returns::with_gaps(&cells(&case["returns"])).unwrap();
        let at_once = Performance::of(&returns, basis(), TailProbability::FIVE_PERCENT);
        assert_figures(case, "at once", &at_once);
        let mut growing = PerformanceAccumulator::new(basis(), TailProbability::FIVE_PERCENT);
        returns.as_slice().iter().for_each(|r| growing.push(*r).unwrap());
        assert_figures(case, "one by one", &growing.performance());
    }
}

/// The packages agree with our rules on beta and alpha wherever the benchmark moves and the series is finite.
#[test]
fn benchmarks_agree_on_short_and_gapped_series() {
    let all = document("edge_cases.json");
    let mut compared = 0;
    for case in all["cases"].as_array().unwrap().iter().filter(|case| case.get("benchmark").is_some()) {
        let name = case["case"].as_str().unwrap();
        let paired = PairedReturns::with_gaps(&cells(&case["returns"]), &cells(&case["benchmark"])).unwrap();
        let actual = RelativePerformance::of(&paired, basis());
        let expected = &case["empyrical_0_7_1"];
        let ratio = figure(&expected["excess_sharpe"]).map(|ratio| ratio * 252.0_f64.sqrt());
        // The other side's rounding leaves 1e-16 where a covariance is exactly zero.
        assert_close(&format!("beta of {name}"), actual.beta, figure(&expected["beta"]), RTOL, 1e-14);
        assert_close(&format!("alpha of {name}"), actual.alpha, figure(&expected["alpha"]), RTOL, 1e-12);
        assert_close(&format!("information of {name}"), actual.information_ratio, ratio, RTOL, 1e-12);
        compared += 1;
    }
    assert!(compared > 0, "no case has a benchmark");
}
