//! The figures of real and of generated series against values from public packages and exact arithmetic.
//!
//! Any other `tests/data/metrics.json` of the same shape works as well: metrics that are not computed here are
//! skipped, but each one that is must be met at least once.

use crate::data::{assert_close, column, document, figure};
use serde_json::Value;
use std::collections::BTreeSet;
use tradeport_analytics::{
    AnnualRate, Basis, Drawdown, PairedReturns, Performance, PeriodRate, PeriodsPerYear, RelativePerformance,
    Returns, TailProbability, drawdown_series, drawdowns, simple_returns, wealth, worst_drawdown,
};

/// The absolute tolerance that goes with every relative one, for values near zero.
const ATOL: f64 = 1e-12;

fn returns_of(input: &Value, column_key: &str) -> Option<Vec<Option<f64>>> {
    let cells = column(input["file"].as_str().unwrap(), input.get(column_key)?.as_str().unwrap());
    Some(match input["kind"].as_str().unwrap() {
        "return" => cells,
        "price" => {
            let prices: Vec<f64> =
                cells.into_iter().map(|price| price.expect("a price on every row")).collect();
            simple_returns(&prices).unwrap().as_slice().iter().copied().map(Some).collect()
        }
        other => panic!("unknown kind {other}"),
    })
}

struct Case {
    name: String,
    expected: Value,
    returns: Returns,
    paired: Option<PairedReturns>,
    periods: PeriodsPerYear,
    basis: Basis,
}

fn cases() -> Vec<Case> {
    let all = document("metrics.json");
    let cases = all["cases"].as_array().unwrap();
    assert!(!cases.is_empty());
    cases.iter().map(Case::read).collect()
}

impl Case {
    fn read(expected: &Value) -> Self {
        let cells = returns_of(&expected["input"], "column").unwrap();
        let benchmark = returns_of(&expected["input"], "benchmark_column");
        let periods = PeriodsPerYear::new(expected["periods_per_year"].as_f64().unwrap()).unwrap();
        let annual = AnnualRate::new(expected["risk_free_annual"].as_f64().unwrap()).unwrap();
        Self {
            name: expected["case"].as_str().unwrap().to_owned(),
            returns: Returns::with_gaps(&cells).unwrap(),
            paired: benchmark.map(|benchmark| PairedReturns::with_gaps(&cells, &benchmark).unwrap()),
            expected: expected.clone(),
            periods,
            basis: Basis::new(periods, annual),
        }
    }

    fn without_risk_free(&self) -> Basis {
        Basis::new(self.periods, AnnualRate::ZERO)
    }

    /// Every figure that this crate computes, under its name in the reference data.
    fn figures(&self) -> Vec<(&'static str, Option<f64>)> {
        let five = Performance::of(&self.returns, self.basis, TailProbability::FIVE_PERCENT);
        let one = Performance::of(&self.returns, self.without_risk_free(), TailProbability::ONE_PERCENT);
        let mut figures = vec![
            ("count", Some(five.observations as f64)),
            ("total_return", five.total_return),
            ("cagr", five.cagr),
            ("annual_volatility", five.annual_volatility),
            ("sharpe", five.sharpe),
            ("sharpe_rf0", one.sharpe),
            ("sortino", five.sortino),
            ("downside_risk", five.downside_risk),
            ("omega", five.omega),
            ("omega_rf0", one.omega),
            ("max_drawdown", five.max_drawdown),
            ("calmar", five.calmar),
            ("var_historical_05", five.var_historical),
            ("var_historical_01", one.var_historical),
            ("cvar_historical_05", five.cvar_historical),
            ("cvar_historical_01", one.cvar_historical),
        ];
        if let Some(paired) = &self.paired {
            let relative = RelativePerformance::of(paired, self.basis);
            figures.extend([
                ("beta", relative.beta),
                ("alpha", relative.alpha),
                ("tracking_error", relative.tracking_error),
                ("information_ratio", relative.information_ratio),
                ("excess_total_return", relative.excess_total_return),
            ]);
        }
        figures
    }
}

#[test]
fn every_figure_of_every_case_agrees() {
    let (mut computed, mut met) = (BTreeSet::new(), BTreeSet::new());
    for case in cases() {
        for (name, actual) in case.figures() {
            computed.insert(name);
            let Some(expected) = case.expected["metrics"].get(name) else { continue };
            met.insert(name);
            let what = format!("{} of {}", name, case.name);
            assert_close(&what, actual, figure(&expected["value"]), expected["rtol"].as_f64().unwrap(), ATOL);
        }
    }
    // Only this one is ours alone; a foreign set need not have it.
    computed.remove("excess_total_return");
    met.remove("excess_total_return");
    assert_eq!(met, computed);
    assert!(computed.contains("beta"), "no case has a benchmark");
}

#[test]
fn the_rate_of_a_year_and_of_a_period_are_told_apart() {
    for case in cases() {
        let annual = AnnualRate::new(case.expected["risk_free_annual"].as_f64().unwrap()).unwrap();
        let expected = figure(&case.expected["risk_free_per_period"]);
        let actual = annual.per_period(case.periods).as_f64();
        assert_close(&case.name, Some(actual), expected, 1e-10, 0.0);
        for call in case.expected["seed_calls"].as_array().unwrap() {
            let rtol = call["rtol"].as_f64().unwrap();
            for (argument, expected) in call["values"].as_object().unwrap() {
                let Some(raw) = expected.get("risk_free_argument") else { continue };
                let rate = PeriodRate::new(raw.as_f64().unwrap()).unwrap();
                let basis = Basis::with_period_rate(case.periods, rate);
                let actual = Performance::of(&case.returns, basis, TailProbability::FIVE_PERCENT);
                let what = format!("{argument} of {}", case.name);
                assert_close(&what, actual.sharpe, figure(&expected["sharpe_ratio"]), rtol, ATOL);
                assert_close(&what, actual.omega, figure(&expected["omega_ratio"]), rtol, ATOL);
            }
        }
    }
}

#[test]
fn the_deepest_drawdowns_are_found_with_their_places() {
    for case in cases() {
        let mut found: Vec<Drawdown> = drawdowns(&case.returns);
        found.sort_by(|a, b| a.depth().total_cmp(&b.depth()));
        assert_eq!(worst_drawdown(&case.returns).as_ref(), found.first(), "{}", case.name);
        let expected = case.expected["drawdowns_top5"].as_array().unwrap();
        assert!(expected.len() == 5 || expected.len() == found.len(), "{}", case.name);
        for (fall, expected) in found.iter().zip(expected) {
            let what = format!("drawdown of {}", case.name);
            assert_close(&what, Some(fall.depth()), figure(&expected["depth"]), 1e-10, ATOL);
            // The reference counts returns, so that the start is -1; we count values.
            let place = |key: &str| expected[key].as_i64().map(|index| usize::try_from(index + 1).unwrap());
            assert_eq!(Some(fall.start()), place("peak_index"), "{what}");
            assert_eq!(Some(fall.trough()), place("valley_index"), "{what}");
            assert_eq!(fall.recovery(), place("recovery_index"), "{what}");
        }
    }
}

#[test]
fn wealth_and_drawdown_agree_row_by_row() {
    let file = "series_aapl_daily.csv";
    let prices: Vec<f64> = column("prices_us_daily.csv", "AAPL").into_iter().map(Option::unwrap).collect();
    let returns = simple_returns(&prices).unwrap();
    let (wealth, drawdown) = (wealth(&returns), drawdown_series(&returns));
    let rows: Vec<usize> =
        column(file, "row").iter().map(|row| format!("{}", row.unwrap()).parse().unwrap()).collect();
    assert_eq!(rows.last(), Some(&(returns.len() - 1)));
    let expected = |name| column(file, name);
    for (name, actual) in [("ret", returns.as_slice()), ("wealth", &wealth), ("drawdown", &drawdown)] {
        for (row, expected) in rows.iter().zip(expected(name)) {
            assert_close(&format!("{name} in row {row}"), Some(actual[*row]), expected, 1e-9, ATOL);
        }
    }
    for (row, expected) in rows.iter().zip(expected("cum_return")) {
        assert_close(&format!("cum_return in row {row}"), Some(wealth[*row] - 1.0), expected, 1e-9, ATOL);
    }
}
