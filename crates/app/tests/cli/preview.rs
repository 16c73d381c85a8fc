//! Asking what an order would cost and whether it would go: nothing is sent, nothing is kept.

use crate::support::{Place, Ran};
use serde_json::{Value, json};

fn amount(value: &Value) -> f64 {
    value["amount"].as_str().unwrap_or_else(|| panic!("no money in {value}")).parse().unwrap()
}

#[test]
fn a_preview_tells_cost_margins_risk_and_sends_nothing() {
    let place = Place::new();
    let limit = place.price("AAPL", 1.01);
    for typed in [
        format!("order preview buy AAPL 10 --limit {limit}"),
        format!("order buy AAPL 10 --limit {limit} --preview"),
    ] {
        let preview = place.json(&typed);
        assert_eq!(preview["would_go"], true, "{preview}");
        assert_eq!(preview["order"]["type"], "LMT");
        assert_eq!(preview["risk"]["verdict"], "approved");
        assert_eq!(preview["validation"], json!({"accepted": true, "refusals": [], "warnings": []}));
        assert_eq!(
            (&preview["cost"]["price"], &preview["cost"]["price_from"]),
            (&json!(limit), &json!("limit"))
        );
        let what_if = &preview["broker"]["what_if"];
        let worth = amount(&preview["cost"]["worth"]);
        assert!((worth - 10.0 * limit.parse::<f64>().unwrap()).abs() < 0.01);
        let commission = amount(&preview["cost"]["commission"]);
        assert!(commission > 0.0 && (amount(&preview["cost"]["total"]) - worth - commission).abs() < 0.001);
        for margin in ["initial_margin", "maintenance_margin"] {
            let of = |word: &str| amount(&what_if[margin][word]);
            assert!(of("after") > of("before") && (of("before") + of("change") - of("after")).abs() < 0.01);
        }
    }
    assert_eq!(place.json("order list --all"), json!([]), "something was kept");
    assert_eq!(place.json("positions"), json!([]));
    let ran = place.run("order preview SELL AAPL 10");
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    for word in [
        "sell 10 AAPL MKT",
        "the bid",
        "to receive",
        "commission",
        "initial margin",
        "approved: max_daily_trades",
        "would take it",
    ] {
        assert!(ran.out.contains(word), "{word:?} is missing in {}", ran.out);
    }
    assert!(!ran.err.contains("key "), "a key that means nothing: {}", ran.err);
}

#[test]
fn of_two_prices_each_has_its_name() {
    let place = Place::new();
    let ran = place.run("order preview buy AAPL 10 --stop 470 --limit 472");
    assert!(ran.out.contains("buy 10 AAPL STP LMT stop 470, limit 472\n"), "{}", ran.out);
    let ran = place.run("order preview buy AAPL 10 --stop 470 --limit 472.001");
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    let said = "error: buy 10 AAPL STP LMT stop 470, limit 472.001 would not be taken: the limit of 472.001 is not on the \
                price step of 0.01: 472 or 472.01 would be accepted\ntry: correct what is named\n";
    assert_eq!(ran.err, said);
}

#[test]
fn what_would_be_refused_is_told_with_its_own_exit_code() {
    let place = Place::new();
    let ran = place.run("--json order preview buy GOOG 1000");
    assert_eq!(ran.code, Some(3), "{}", ran.err);
    let preview = ran.json();
    assert_eq!(
        (&preview["would_go"], &preview["risk"]["rule"]),
        (&json!(false), &json!("max_position_share"))
    );
    assert!(preview["broker"]["what_if"].is_object(), "risk does not keep the broker from being asked");
    place
        .run("order preview buy GOOG 1000")
        .fails(3, &["would be stopped by the risk gate", "max_position_share"]);

    let ran = place.run("--json order preview buy AAPL 10 --limit 100.001");
    assert_eq!(ran.code, Some(2), "as sending it would end: {}", ran.err);
    assert_eq!(place.run("order buy AAPL 10 --limit 100.001").code, Some(2));
    let refusals = &ran.json()["validation"]["refusals"];
    assert_eq!(refusals[0]["rule"], "price");
    assert!(refusals[0]["words"].as_str().unwrap().contains("100 or 100.01 would be accepted"), "{refusals}");
    assert!(ran.json()["broker"].is_null(), "the broker was asked in vain");

    let refused = place.run("order preview buy AAPL 10 --algo Vwap");
    refused.fails(1, &["the broker would refuse", "an algo"]);
    place.run("order preview buy AAPL 10 --type rel").fails(2, &["takes no REL orders", "STP LMT"]);
    place.run("order preview buy AAPL 10 --type lmt").fails(2, &["needs --limit"]);
    place.run("order preview hold AAPL 10").fails(2, &["hold", "buy", "sell"]);
    assert_eq!(place.json("order list --all"), json!([]));
}

#[test]
fn the_table_of_a_preview_is_what_it_was() {
    let place = Place::new();
    let ran = place.run("order preview buy AAPL 10 --limit 1 --key shown");
    // What the account would be worth follows from the market, which moves.
    let moves =
        |line: &str| ["margin", "equity", "price_collar", "max_position"].iter().any(|it| line.contains(it));
    let still = |line: &str| -> String {
        let words = line.split(' ').map(|word| {
            let amount = word.starts_with(|c: char| c.is_ascii_digit() || "+-".contains(c));
            if amount && moves(line) { "AMOUNT" } else { word }
        });
        words.collect::<Vec<_>>().join(" ")
    };
    let lines: Vec<String> = ran.out.lines().map(|line| still(line.trim_end())).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn every_word_of_an_order_reaches_the_broker() {
    let place = Place::new();
    // The built-in broker says what it cannot do, rather than leave it out.
    for (words, refused) in [
        ("--algo Vwap --algo-param maxPctVol=10%", "an algo"),
        ("--when SPY<=1", "conditions"),
        ("--limit 1 --display-size 5", "showing itself"),
        ("--limit 1 --good-after 2090-01-01", "a time of its own"),
    ] {
        let ran = place.run(&format!("order buy AAPL 10 --key k {words} --preview"));
        assert_eq!(ran.code, Some(1), "{words}: {}", ran.err);
        assert!(ran.err.contains(refused), "{words}: {}", ran.err);
    }
    let ran = Ran::of(place.command("order buy AAPL 10 --preview --when").arg("ZZQA <= 5"));
    ran.fails(1, &["no contract is known for ZZQA"]);
    let ran = place.run("order buy AAPL --cash 500 --preview");
    assert!(ran.code.is_some_and(|code| code != 2), "{}", ran.err);
}
