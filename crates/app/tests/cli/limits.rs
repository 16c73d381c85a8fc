//! Limits of a strategy, and of margin by the broker's what-if, by the built program.

use crate::support::{Place, Ran};
use crate::tws::Tws;
use serde_json::{Value, json};

fn kinds(shown: &Value) -> Vec<&str> {
    let moments = shown["timeline"].as_array().unwrap().iter();
    moments.map(|moment| moment["what"].as_str().unwrap()).collect()
}

#[test]
fn a_strategy_has_limits_of_its_own_over_many_runs() {
    let place = Place::new();
    let own = "[risk]\nmin_excess_liquidity = 1\n[risk.strategies.pairs]\nmax_position_quantity = 5\nmax_daily_trades = 3\n";
    let file = place.file("limits.toml", own).display().to_string();
    let run = |typed: &str| place.run(&format!("--config {file} --json {typed}"));
    let bought = run("order buy AAPL 3 --strategy pairs --key a");
    assert_eq!(bought.code, Some(0), "{}", bought.err);
    assert_eq!(bought.json()["order"]["strategy"], "pairs");
    let many = run("order buy AAPL 3 --strategy pairs --key b");
    many.fails_with(3, &["strategies.pairs.max_position_quantity", "6 against a limit of 5"]);
    assert_eq!(many.json()["refusal"]["of"], json!({ "strategy": "pairs" }));
    let others = run("order buy AAPL 3 --key c");
    assert_eq!((others.code, &others.json()["order"]["strategy"]), (Some(0), &Value::Null), "{}", others.err);
    let slip = run("order buy AAPL 1 --strategy pair --key d");
    slip.fails_with(3, &["strategies: pair against a limit of pairs"]);
    let out = run("order sell AAPL 3 --strategy pairs --key e");
    assert_eq!(out.code, Some(0), "{}", out.err);
    run("order buy AAPL 1 --strategy pairs --key f");
    run("order buy AAPL 1 --strategy pairs --key g").fails_with(3, &["strategies.pairs.max_daily_trades"]);
    let target = place.run(&format!("--config {file} order target-percent AAPL 0.01 --strategy pairs"));
    target.fails(2, &["leave out --strategy"]);

    let shown = run("risk show").json();
    let limits = shown["limits"].as_array().unwrap();
    let row =
        limits.iter().find(|row| row["strategy"] == "pairs" && row["rule"] == "max_daily_trades").unwrap();
    assert_eq!((&row["limit"], &row["used"]), (&json!("3"), &json!("3")));
    let text = place.run(&format!("--config {file} risk show")).out;
    assert!(text.contains("strategies.pairs.max_position_quantity"), "{text}");
    assert!(place.run(&format!("--config {file} order show a")).out.contains("strategy"));
    assert_eq!(place.json("audit verify")["whole"], true);
}

#[test]
fn a_limit_that_a_strategy_cannot_have_is_refused_with_words() {
    let place = Place::new();
    let file = place.file("bad.toml", "[risk.strategies.pairs]\nmax_drawdown = 0.1\n");
    let ran = place.run(&format!("config check {}", file.display()));
    ran.fails(2, &["strategies.pairs.max_drawdown", "a strategy has no equity of its own"]);
}

/// The same on each broker: asked and let go, asked and stopped.
fn margins(place: &Place, run: impl Fn(&str) -> Ran) {
    let enough = place.file("enough.toml", "[risk]\nmin_excess_liquidity = 1\nmax_margin_share = 0.9\n");
    let ran = run(&format!("--config {} --json order buy AAPL 1 --key a", enough.display()));
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let shown = run("--json order show a").json();
    assert_eq!(kinds(&shown)[..4], ["wanted", "previewed", "approved", "sent"], "{shown:#}");
    let much = place.file("much.toml", "[risk]\nmin_excess_liquidity = 1000000000\n");
    let config = format!("--config {}", much.display());
    let stopped = run(&format!("{config} --json order buy AAPL 1 --key b"));
    stopped.fails_with(3, &["min_excess_liquidity", "against a limit of 1000000000"]);
    let foreseen = run(&format!("{config} --json order preview buy AAPL 1"));
    assert_eq!((foreseen.code, &foreseen.json()["risk"]["rule"]), (Some(3), &json!("min_excess_liquidity")));
    let out = run(&format!("{config} --json order sell AAPL 1 --key c"));
    assert_eq!(out.code, Some(0), "whoever wants out gets out: {}", out.err);
    assert_eq!(run("--json audit verify").json()["whole"], true);
}

#[test]
fn the_simulated_broker_is_asked_before_an_order_leaves() {
    let place = Place::new();
    margins(&place, |typed| place.run(typed));
}

#[test]
fn the_simulated_tws_is_asked_before_an_order_leaves() {
    let tws = Tws::start();
    margins(tws.place(), |typed| tws.run(typed));
}

/// What the account is worth before anything trades is what its day begins with.
#[test]
fn the_first_order_of_a_fresh_folder_is_judged_by_losses_like_the_second() {
    let place = Place::new();
    let limited = place.file("limited.toml", "[risk]\nmax_daily_loss = 5000\nmax_drawdown = 0.1\n");
    for key in ["first", "second"] {
        let placed = place.json(&format!("--config {} order buy AAPL 1 --key {key}", limited.display()));
        assert_eq!(placed["order"]["state"], "filled", "{placed}");
    }
}
