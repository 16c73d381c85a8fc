//! What came of it, as the manual says.

use crate::naive::Naive;
use crate::ours::Ours;
use crate::scenarios::{ALL, Scenario};
use crate::stage::Trial;

const MANUAL: &str = include_str!("../../../../../docs/reliability.md");

fn by_us(scenario: &Scenario) -> Vec<String> {
    let mut trial = Trial::new(|street| Box::new(Ours::new(street)));
    (scenario.play)(&mut trial);
    trial.judge()
}

fn by_the_naive(scenario: &Scenario) -> Vec<String> {
    let mut trial = Trial::new(|street| Box::new(Naive::new(street)));
    (scenario.play)(&mut trial);
    trial.judge()
}

/// Our desk holds and believes what is true, at every moment of the scenario of this row.
pub(crate) fn ours_passes(row: &str) {
    let scenario = ALL.iter().find(|it| it.row == row).unwrap();
    assert_eq!(by_us(scenario), Vec::<String>::new(), "{row}: {}", scenario.what);
}

#[test]
fn the_naive_desk_fails_in_at_least_fifteen_of_them() {
    let failed = ALL.iter().filter(|it| !by_the_naive(it).is_empty()).count();
    assert!(failed >= 15, "only {failed}");
}

#[test]
fn the_manual_says_what_comes_of_each() {
    let first = |faults: Vec<String>| faults.into_iter().next().unwrap_or_else(|| "right".to_owned());
    let row = |it: &Scenario| {
        let (ours, naive) = (first(by_us(it)), first(by_the_naive(it)));
        format!("| {} | {} | {ours} | {naive} |\n", it.row, it.what)
    };
    let table: String = ALL.iter().map(row).collect();
    assert!(MANUAL.contains(&table), "docs/reliability.md should say:\n{table}");
}
