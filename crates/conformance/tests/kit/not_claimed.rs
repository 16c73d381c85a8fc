//! What is not claimed is not reported as passed: its cases are ignored tests, and the others run.

use crate::scripted::{Fault, Fixture, Script};
use std::process::Command;
use tradeport_conformance::order_gateway::Claims;

struct Modest;
impl Script for Modest {
    const FAULT: Fault = Fault::None;
    const CLAIMS: Claims =
        Claims { changes_working_orders: false, tells_completed_orders: false, ..Claims::ALL };
}
tradeport_conformance::order_gateway_conformance!(
    Fixture<Modest>,
    not_claimed: [changes_working_orders, tells_completed_orders]
);

fn listed(only: &[&str]) -> Vec<String> {
    let this = std::env::current_exe().unwrap();
    let answer = Command::new(this).args(["--list", "--format", "terse"]).args(only).output().unwrap();
    let text = String::from_utf8(answer.stdout).unwrap();
    text.lines().filter(|line| line.starts_with("not_claimed::order_gateway::")).map(str::to_owned).collect()
}

#[test]
fn the_cases_of_claims_that_are_not_made_are_ignored_tests() {
    let ignored = [
        "not_claimed::order_gateway::a_change_that_names_no_quantity_leaves_an_order_as_large_as_its_group_has_made_it: test",
        "not_claimed::order_gateway::a_changed_time_in_force_shows_there_as_well: test",
        "not_claimed::order_gateway::a_refused_change_leaves_the_order_as_it_was: test",
        "not_claimed::order_gateway::an_accepted_change_shows_in_the_open_orders: test",
        "not_claimed::order_gateway::an_order_that_ended_shows_up_with_its_last_status: test",
    ];
    assert_eq!(listed(&["--ignored"]), ignored);
    assert_eq!(listed(&[]).len(), tradeport_conformance::order_gateway::CASES.len());
}

#[test]
fn an_ignored_case_that_is_run_all_the_same_does_not_pass() {
    let this = std::env::current_exe().unwrap();
    let answer = Command::new(this)
        .args(["--ignored", "not_claimed::order_gateway::an_accepted_change"])
        .output()
        .unwrap();
    assert!(!answer.status.success());
    assert!(String::from_utf8(answer.stdout).unwrap().contains("not claimed"));
}
