//! TWS cannot be reached: what was placed has its answer all the same.

use super::support::{Place, Ran};
use super::tws::{Tws, number};
use serde_json::Value;

/// A command where nobody listens at the broker's port.
fn away(place: &Place, typed: &str) -> Ran {
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut command = place.command(&format!("--broker tws {typed}"));
    Ran::of(command.env("IB_PORT", gone.to_string()).env("LOG_LEVEL", "error"))
}

/// What was placed has its answer while nobody listens at the broker's port, and nothing else has.
#[test]
fn what_was_placed_is_told_while_the_broker_cannot_be_reached() {
    let tws = Tws::start();
    let low = format!("{:.2}", number(&tws.json("quote AAPL")["mid"]) * 0.8);
    let order = format!("order buy AAPL@NASDAQ 1 --limit {low} --tif gtc --key k");
    let placed = tws.json(&order);
    tws.run("order buy AAPL 1000000 --key much").fails_with(3, &["risk gate"]);
    let place = tws.stop();
    let run = |typed: &str| away(&place, typed);
    let again = run(&format!("--json {order}"));
    assert_eq!(again.code, Some(0), "{}", again.err);
    let again = again.json();
    assert_eq!(again["repeat"], true, "{again}");
    for key in ["perm_id", "state", "route", "created_at"] {
        assert_eq!(again["order"][key], placed["order"][key], "{key}");
    }
    let said = run(&order);
    let words = ["this key was placed before", "as of ", "the broker could not be asked: "];
    assert!(words.iter().all(|it| said.err.contains(it)), "{}", said.err);
    run("order buy AAPL 1000000 --key much").fails_with(3, &["risk gate"]);
    run("order buy AAPL 2 --key much").fails(2, &["much was used before for another intent"]);
    run("order buy AAPL 2 --key k").fails_with(1, &[]);
    run("order buy AAPL 2 --key new").fails_with(1, &[]);
}

fn keys_of(document: &Value) -> Vec<&String> {
    document.as_object().unwrap().keys().collect()
}

/// So it is with families, combos and targets; what only the broker can tell apart is told as that.
#[test]
fn families_combos_and_targets_are_told_while_the_broker_cannot_be_reached() {
    let tws = Tws::start();
    let mid = number(&tws.json("quote AAPL")["mid"]);
    let at = |share: f64| format!("{:.2}", mid * share);
    let exits = format!("--target {} --stop {} --tif gtc", at(1.5), at(0.5));
    let bracket = format!("order bracket buy AAPL@NASDAQ 4 --entry {} {exits}", at(0.8));
    let spread = "order spread vertical AAPL 30d call atm atm+2 2";
    let target = "order target-percent IBM 0.01";
    let all = [(bracket.as_str(), "b"), (spread, "s"), (target, "t")];
    let placed = all.map(|(words, key)| tws.json(&format!("{words} --key {key}")));
    let place = tws.stop();
    let run = |typed: &str| away(&place, typed);
    for ((words, key), placed) in all.into_iter().zip(placed) {
        let again = run(&format!("--json {words} --key {key}"));
        assert_eq!(again.code, Some(0), "{words}: {}", again.err);
        let again = again.json();
        assert_eq!(again["repeat"], true, "{again}");
        assert_eq!(keys_of(&again), keys_of(&placed), "{words}");
        let [was, is] = [&placed, &again].map(|it| if key == "b" { &it["orders"] } else { it });
        let of = |told: &Value, at: usize| told.get(at).unwrap_or(told)["order"].clone();
        for at in 0..3 {
            for name in ["key", "perm_id", "symbol", "kind", "created_at"] {
                assert_eq!(of(is, at)[name], of(was, at)[name], "{words}: {name}");
            }
        }
        let said = run(&format!("{words} --key {key}"));
        assert!(
            ["placed before", "as of ", "the broker could not be asked: "]
                .iter()
                .all(|it| said.err.contains(it)),
            "{}",
            said.err
        );
        run(&format!("{words} --key new")).fails_with(1, &["nobody listens at"]);
    }
    let dearer = format!("order bracket buy AAPL@NASDAQ 4 --entry {} {exits} --key b", at(0.7));
    let reused = [
        dearer,
        format!("{bracket} --account DU7654321 --key b"),
        format!("{spread} --tif gtc --key s"),
        format!("{spread} --limit 0.01 --key s"),
        "order spread vertical AAPL 30d call atm atm+2 3 --key s".to_owned(),
        "order spread straddle AAPL 30d atm 2 --key s".to_owned(),
        format!("{target} --account DU7654321 --key t"),
        bracket.replace("AAPL@NASDAQ", "IBM") + " --key t",
    ];
    for words in reused {
        run(&words).fails(2, &["was used before for another intent"]);
    }
    let only_the_broker = [
        bracket.replace("@NASDAQ", "") + " --key b",
        "order target-percent IBM@NYSE 0.01 --key t".to_owned(),
        spread.replace("30d call atm atm+2", "2030-01-18 call 100 110") + " --key s",
    ];
    for words in only_the_broker {
        run(&words).fails(1, &["only the broker can say", "nobody listens at"]);
    }
}
