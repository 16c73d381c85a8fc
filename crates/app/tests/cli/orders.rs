//! Orders from one command to the next.

use crate::support::Place;

#[test]
fn an_order_trades_and_another_process_sees_the_position() {
    let place = Place::new();
    let placed = place.json("order buy AAPL 10 --key first");
    assert_eq!(placed["order"]["state"], "filled");
    assert_eq!(placed["order"]["filled"], "10");
    assert_eq!(placed["repeat"], false);
    let positions = place.json("positions");
    assert_eq!(positions[0]["symbol"], "AAPL");
    assert_eq!(positions[0]["quantity"], "10");
    let account = place.json("account");
    assert_eq!(account["account"], "DU1000001");
    let cash: f64 = account["cash"]["amount"].as_str().unwrap().parse().unwrap();
    assert!(cash < 1_000_000.0 && cash > 990_000.0, "{cash}");
    // What was kept of it is in the journal, the audit log and the views.
    assert_eq!(place.number("orders.db", "SELECT count(*) FROM orders WHERE status = 'filled'"), 1);
    assert!(place.number("orders.db", "SELECT count(*) FROM audit") > 0);
}

#[test]
fn the_same_key_again_sends_nothing_and_gives_the_first_answer() {
    let place = Place::new();
    let first = place.json("order buy IBM 7 --key once");
    let again = place.json("order buy IBM 7 --key once");
    assert_eq!(again["repeat"], true);
    assert_eq!(again["order"]["perm_id"], first["order"]["perm_id"]);
    assert_eq!(again["order"]["executions"], first["order"]["executions"]);
    assert_eq!(place.json("positions")[0]["quantity"], "7");
    place.run("order buy IBM 8 --key once").fails(2, &["once", "was used before"]);
    assert_eq!(place.json("positions")[0]["quantity"], "7");
}

#[test]
fn a_resting_order_stays_across_processes_until_it_is_cancelled() {
    let place = Place::new();
    let limit = place.price("AAPL", 0.8);
    let placed = place.json(&format!("order buy AAPL 5 --limit {limit} --tif gtc --key rests"));
    assert_eq!(placed["order"]["state"], "working");
    assert_eq!(placed["order"]["kind"]["limit"], limit);
    assert_eq!(place.json("order list")[0]["key"], "rests");
    assert_eq!(place.json("order cancel rests")["order"]["state"], "cancelled");
    assert_eq!(place.json("order list"), serde_json::json!([]));
    assert_eq!(place.json("order list --all")[0]["state"], "cancelled");
    place.run("order cancel rests").fails(1, &["rests", "has ended", "cancelled"]);
    place.run("order cancel nobody").fails(1, &["nobody", "order list --all"]);
}

#[test]
fn a_trailing_order_sleeps_and_says_how_far_behind_it_stays() {
    let place = Place::new();
    let placed = place.json("order sell AAPL 5 --trail-percent 2.5 --tif gtc --key trails");
    assert_eq!(placed["order"]["kind"]["by"]["percent"], "2.5");
    assert_eq!(placed["order"]["state"], "held");
    let listed = place.run("order list");
    assert!(listed.out.contains("sell 5 AAPL TRAIL by 2.5 %"), "{}", listed.out);
}

#[test]
fn what_the_broker_refuses_fails_with_its_reason() {
    let place = Place::new();
    for _ in 0..2 {
        let ran = place.run("--json order buy IBM 1 --algo Vwap --key strange");
        assert_eq!(ran.code, Some(1), "{}", ran.err);
        assert_eq!(ran.json()["order"]["state"], "refused");
        assert!(ran.err.contains("an algo"), "{}", ran.err);
    }
}

#[test]
fn what_surely_would_not_be_taken_is_wrong_usage_and_not_kept() {
    let place = Place::new();
    let limit = place.price("IBM", 0.9);
    let late =
        place.run(&format!("order buy IBM 1 --limit {limit} --tif gtd:2020-01-01T00:00:00Z --key late"));
    late.fails(2, &["has passed", "a moment after", "would be accepted"]);
    assert_eq!(place.json("order list --all"), serde_json::json!([]));
    // The key is still free.
    assert_eq!(place.json("order buy IBM 1 --key late")["order"]["state"], "filled");
}

#[test]
fn what_cannot_trade_at_once_is_cancelled_when_it_may_not_wait() {
    let place = Place::new();
    let (below, above) = (place.price("IBM", 0.8), place.price("IBM", 1.05));
    for tif in ["ioc", "fok"] {
        let placed = place.json(&format!("order buy IBM 1 --limit {below} --tif {tif}"));
        assert_eq!(
            (placed["order"]["state"].as_str(), placed["order"]["filled"].as_str()),
            (Some("cancelled"), Some("0"))
        );
    }
    assert_eq!(place.json(&format!("order buy IBM 1 --limit {above} --tif ioc"))["order"]["state"], "filled");
}

#[test]
fn the_risk_gate_stops_with_its_own_exit_code_again_and_again() {
    let place = Place::new();
    for _ in 0..2 {
        let ran = place.run("order buy GOOG 1000 --key greedy");
        ran.fails(3, &["max_position_share", "0.1", "[risk]"]);
        assert!(ran.out.contains("refused"));
    }
    let ran = place.run("--json order buy GOOG 1000 --key greedy-too");
    assert_eq!(ran.code, Some(3));
    assert_eq!(ran.json()["refusal"]["rule"], "max_position_share");
    let error: serde_json::Value = serde_json::from_str(ran.err.trim()).unwrap();
    assert_eq!(error["error"]["exit_code"], 3);
    assert!(error["error"]["try"].is_string());
    assert_eq!(place.json("positions"), serde_json::json!([]));
}

#[test]
fn a_limit_of_the_environment_reaches_the_risk_gate() {
    let place = Place::new();
    let ran = crate::support::Ran::of(place.command("order buy AAPL 6").env("MAX_ORDER_SIZE", "5"));
    ran.fails(3, &["max_order_quantity", "6", "5"]);
}

/// Nothing is sent, and whoever asks is told what may bring it about.
#[test]
fn a_target_that_an_open_order_may_reach_names_that_order() {
    let place = Place::new();
    place.json("order buy AAPL 10 --key bought");
    let stop = place.price("AAPL", 0.8);
    place.json(&format!("order sell AAPL 10 --stop {stop} --tif gtc --key protects"));
    let counted = "counted as done: protects, sell 10 AAPL STP ";
    let told = place.json("order target-percent AAPL 0");
    assert!(told["order"].is_null());
    let warning = told["warnings"][0].as_str().unwrap();
    assert!(warning.starts_with(counted), "{warning}");
    let ran = place.run("order target-percent AAPL 0");
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.out.contains("nothing to do") && ran.out.contains(counted), "{}", ran.out);
}

#[test]
fn a_target_is_reached_and_then_there_is_nothing_to_do() {
    let place = Place::new();
    let placed = place.json("order target-percent MSFT 0.05 --key target");
    assert_eq!(placed["order"]["state"], "filled");
    let value: f64 = place.json("positions")[0]["value"]["amount"].as_str().unwrap().parse().unwrap();
    assert!((value - 50_000.0).abs() < 500.0, "{value}");
    assert!(place.json("order target-percent MSFT 0.05")["order"].is_null());
    let again = place.json("order target-percent MSFT 0.08 --key target");
    assert_eq!(again["repeat"], true, "the key had been used");
    assert_eq!(place.json("order target-percent MSFT 0")["order"]["side"], "sell");
    assert_eq!(place.json("positions"), serde_json::json!([]));
}

#[test]
fn a_generated_key_is_printed_and_leads_back_to_the_order() {
    let place = Place::new();
    let key = place.json("order sell FB 3")["order"]["key"].as_str().unwrap().to_owned();
    let shown = place.json(&format!("order show {key}"));
    assert_eq!((shown["side"].as_str(), shown["quantity"].as_str()), (Some("sell"), Some("3")));
    assert_eq!(shown["executions"][0]["quantity"], "3");
    let text = place.run(&format!("order show {key}"));
    assert!(text.out.contains("sell 3 FB MKT") && text.out.contains("filled"), "{}", text.out);
    assert_eq!(place.json("positions")[0]["quantity"], "-3");
}

#[test]
fn what_the_portfolio_is_worth_is_kept_with_every_order() {
    let place = Place::new();
    assert_eq!(place.json("metrics")["snapshots"], 0);
    place.json("order buy AAPL 10");
    place.json("order sell AAPL 10");
    let metrics = place.json("metrics");
    assert_eq!(metrics["snapshots"], 2);
    assert!(metrics["value"]["amount"].as_str().unwrap().starts_with("9999"), "{metrics}");
    assert_eq!(place.json("metrics --to 2020-01-01")["snapshots"], 0);
    place.run("metrics --from 2025-01-02 --to 2025-01-01").fails(2, &["--from", "not before"]);
}

#[test]
fn another_seed_is_another_market_and_the_same_one_the_same() {
    let place = Place::new();
    let mid = |seed: &str| {
        let file = place.file("seed.toml", &format!("[fake]\nseed = {seed}\n"));
        let quote = place.json(&format!("--config {} quote AAPL", file.display()));
        quote["mid"].as_str().unwrap().parse::<f64>().unwrap()
    };
    // A few ticks may pass between two commands, but a market does not leap.
    assert!((mid("1") - mid("1")).abs() < 5.0);
    let first = mid("1");
    assert!(["2", "3", "4", "5"].into_iter().any(|seed| (first - mid(seed)).abs() > 5.0));
}
