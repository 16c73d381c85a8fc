//! Brackets: an entry and its exits as one family.

use crate::serve::LOOKS;
use crate::support::{Place, Ran, Running};
use crate::wire::stopped;
use serde_json::json;

#[test]
fn a_bracket_is_one_family_with_keys_of_its_own() {
    let place = Place::new();
    let at = |share| place.price("AAPL", share);
    let (limit, near, far, stop) = (at(0.8), at(1.2), at(1.3), at(0.7));
    let typed = format!(
        "order bracket buy AAPL 25 --entry {limit} --target {near}:50% --target {far}:50% --stop {stop} --tif gtc --key b1"
    );
    let placed = place.json(&typed);
    let of = |word: &str| -> Vec<String> {
        let orders = placed["orders"].as_array().unwrap();
        orders.iter().map(|it| it["order"][word].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(of("key"), ["b1", "b1.target1", "b1.target2", "b1.stop1", "b1.stop2"]);
    assert_eq!(of("quantity"), ["25", "12", "13", "12", "13"]);
    assert_eq!(of("type"), ["LMT", "LMT", "LMT", "STP", "STP"]);
    assert_eq!(of("side"), ["buy", "sell", "sell", "sell", "sell"]);
    assert_eq!(of("state"), ["working", "held", "held", "held", "held"]);
    assert_eq!((&placed["repeat"], &placed["called_off"]), (&json!(false), &json!(null)));

    let again = place.json(&typed);
    assert_eq!(again["repeat"], true);
    assert_eq!(again["orders"][3]["order"]["perm_id"], placed["orders"][3]["order"]["perm_id"]);
    place.json("order cancel b1");
    let left = place.json("order list");
    assert_eq!(left, json!([]), "the exits live without their entry");
}

#[test]
fn the_exits_come_alive_when_the_entry_fills() {
    let place = Place::new();
    let (target, stop) = (place.price("IBM", 1.2), place.price("IBM", 0.8));
    let ran = place.run(&format!(
        "order bracket BUY IBM 5 --target {target} --stop {stop} --trail 9% --tif gtc --key e"
    ));
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    for word in
        ["role", "entry", "target1", "stop1", "stop2", "e.target1", "filled", "sell 5 IBM TRAIL by 9 %"]
    {
        assert!(ran.out.contains(word), "{word:?} is missing in {}", ran.out);
    }
    assert!(ran.err.contains("exits e.target1 e.stop1 e.stop2"), "{}", ran.err);
    let open = place.json("order list");
    let target = open.as_array().unwrap().iter().find(|it| it["key"] == "e.target1").unwrap();
    assert_eq!(target["state"], "working");
    let all = place.json("order cancel-all");
    assert_eq!(all["cancelled"].as_array().unwrap().len(), 3, "{all}");
    assert_eq!(all["failed"], json!([]));
    assert_eq!(place.json("order list"), json!([]));
}

/// Sold by hand, the position is gone and its stop is not: what is left opens another.
#[test]
fn an_exit_beside_the_exits_of_a_bracket_says_that_they_are_left() {
    let place = Place::new();
    let (target, stop) = (place.price("IBM", 1.2), place.price("IBM", 0.8));
    let bracket =
        |key| format!("order bracket buy IBM 5 --target {target} --stop {stop} --tif gtc --key {key}");
    for key in ["a", "b"] {
        let placed = place.json(&bracket(key));
        for member in placed["orders"].as_array().unwrap() {
            assert_eq!(member["warnings"], json!([]), "a bracket's own exits: {placed}");
        }
    }
    let words = "other orders may still sell 10 IBM: with this one that is more than is held, and turns the position; \
                 cancel what is no longer wanted";
    let preview = place.json("order preview sell IBM 10");
    assert_eq!(preview["validation"]["warnings"], json!([words]), "{preview}");
    assert_eq!(preview["risk"]["beside"], "10", "{preview}");
    let sold = place.json("order sell IBM 10 --key out");
    assert_eq!((&sold["order"]["state"], &sold["warnings"]), (&json!("filled"), &json!([words])), "{sold}");
    place.json("order cancel-all");
    let bought = place.json("order buy IBM 5");
    assert_eq!(bought["warnings"], json!([]), "{bought}");
    let ran = place.run("order sell IBM 5");
    assert!(!ran.err.contains("note:"), "nothing is left: {}", ran.err);
}

#[test]
fn a_bracket_that_cannot_be_is_told_before_anything_is_sent() {
    let place = Place::new();
    let refused = |typed: &str, words: &[&str]| place.run(&format!("order bracket {typed}")).fails(2, words);
    refused("buy AAPL 10 --limit 100", &["give one exit at least"]);
    refused("buy AAPL 10 --limit 100 --target 90", &["target of 90", "above"]);
    refused("sell AAPL 10 --limit 100 --stop 90", &["stop at 90", "above"]);
    refused("buy AAPL 10 --limit 100 --target 110 --target 120", &["say how much each takes"]);
    refused("buy AAPL 10 --limit 100 --target 110:8 --target 120:8", &["take out 16", "brings in 10"]);
    refused("buy AAPL 10 --limit 100 --target 110:150%", &["is not a part"]);
    refused(
        "buy AAPL 10 --limit 100 --target 110.001 --stop 90",
        &["110.001", "110 or 110.01 would be accepted"],
    );
    refused(
        "buy AAPL 10 --limit 100 --target 110 --key a-key-of-more-than-thirty-one-letters",
        &["too long"],
    );
    assert_eq!(place.json("order list --all"), json!([]));
}

#[test]
fn a_bracket_that_risk_stops_sends_nothing() {
    let place = Place::new();
    let limit = place.price("GOOG", 0.99);
    let target = place.price("GOOG", 1.2);
    let ran = place.run(&format!("order bracket buy GOOG 1000 --limit {limit} --target {target} --key big"));
    assert_eq!(ran.code, Some(3), "{}", ran.err);
    assert!(ran.err.contains("max_position_share"), "{}", ran.err);
    assert!(place.json("order list").as_array().unwrap().is_empty());
    let ran = place.run(&format!("order bracket buy GOOG 1000 --limit {limit} --target {target} --preview"));
    ran.fails(3, &["would be stopped by the risk gate"]);
    let preview =
        place.json(&format!("order bracket buy GOOG 1 --limit {limit} --target {target} --preview"));
    assert_eq!(preview["orders"][0]["would_go"], true);
    assert_eq!(preview["orders"][1]["order"]["side"], "sell");
    assert!(preview["orders"][1]["risk"].is_null());
}

/// The broker ends the exits of an entry with it: what that has brought in is told at once, by a service for as long as it is
/// bare, and no more once it has a stop.
#[cfg(unix)]
#[test]
fn what_half_an_entry_brought_in_is_told_until_it_has_a_stop() {
    let place = Place::new();
    // More than is ever on display, and little for such an account.
    place.file("tradeport.toml", "[fake]\ncash = 1000000000\n");
    let (limit, target, stop) =
        (place.price("AAPL", 1.005), place.price("AAPL", 1.05), place.price("AAPL", 0.9));
    let bracket = |key: &str| {
        let typed = format!(
            "order bracket buy AAPL 20000 --entry {limit} --target {target} --stop {stop} --tif gtc --key {key}"
        );
        let placed = place.json(&typed);
        assert_eq!(placed["orders"][0]["order"]["state"], "working", "{placed}");
    };
    let told = |answer: &serde_json::Value| {
        let filled = answer["order"]["filled"].as_str().unwrap();
        let words = answer["warnings"][0].as_str().unwrap_or_else(|| panic!("nothing is told: {answer}"));
        let expected = format!("tradeport order sell \"AAPL\" {filled} --stop PRICE --tif gtc");
        assert!(words.starts_with("no stop protects") && words.ends_with(&expected), "{words}");
        filled.to_owned()
    };
    bracket("a");
    let held = told(&place.json("order cancel a"));

    let mut service = Running::start(place.command("--json serve"));
    service.line();
    let until = |what: &str, so: &dyn Fn(&serde_json::Value) -> bool| {
        let mut last = json!(null);
        for _ in 0..LOOKS {
            last = Ran::of(&mut place.command("--json status")).json()["service"].take();
            if so(&last) {
                return last;
            }
        }
        panic!("{what} never came: {last:#}")
    };
    let status = until("the gap", &|service| service["cover_gaps"][0]["bare"] == json!(held));
    crate::json_keys::told("each of its `cover_gaps`", &status["cover_gaps"][0]);
    assert_eq!(status["cover_gaps"][0]["brackets"], json!(["a"]));
    let ran = place.run("status");
    assert!(
        ran.err.contains("a position has no cover") && ran.out.contains("that a wanted"),
        "{} {}",
        ran.out,
        ran.err
    );
    place.json(&format!("order sell AAPL {held} --stop {stop} --tif gtc --key s"));
    until("its end", &|service| service["cover_gaps"] == json!([]));
    bracket("b");
    let more = told(&place.json("order cancel b"));
    until("the next", &|service| {
        service["cover_gaps"][0]["bare"] == json!(more)
            && service["cover_gaps"][0]["brackets"] == json!(["b"])
    });
    stopped(service);
}

/// Whoever cancels everything has taken the stops away as well, of each position of which a bracket gave one.
#[cfg(unix)]
#[test]
fn what_cancel_all_leaves_without_its_stop_is_told_of_each_bracket() {
    let place = Place::new();
    let bracket = |symbol: &str, key: &str| {
        let (limit, target, stop) =
            (place.price(symbol, 1.005), place.price(symbol, 1.05), place.price(symbol, 0.9));
        let typed = format!(
            "order bracket buy {symbol} 2 --entry {limit} --target {target} --stop {stop} --tif gtc --key {key}"
        );
        assert_eq!(place.json(&typed)["orders"][0]["order"]["state"], "filled", "{typed}");
    };
    let words = |symbol: &str, key: &str| {
        format!(
            "no stop protects 2 {symbol} that {key} has brought in: tradeport order sell \"{symbol}\" 2 --stop PRICE --tif gtc"
        )
    };
    let rests =
        |key: &str| place.json(&format!("order buy AAPL 1 --limit {} --key {key}", place.price("AAPL", 0.8)));
    bracket("AAPL", "a");
    bracket("IBM", "b");
    rests("r");
    let told = place.json("order cancel-all");
    assert_eq!(told["cancelled"].as_array().map(Vec::len), Some(5), "{told}");
    assert_eq!(told["warnings"], json!([words("AAPL", "a"), words("IBM", "b")]));
    rests("s");
    assert_eq!(place.json("order cancel-all")["warnings"], json!([]), "it was told");

    let mut service = Running::start(place.command("--json serve"));
    service.line();
    bracket("AAPL", "c");
    bracket("IBM", "d");
    rests("t");
    let of_one = place.run("order cancel-all --symbol IBM");
    assert_eq!(of_one.code, Some(0), "{}", of_one.err);
    assert!(of_one.err.contains(&format!("note: {}", words("IBM", "d"))), "{}", of_one.err);
    assert!(!of_one.err.contains("AAPL"), "{}", of_one.err);
    assert_eq!(place.json("order cancel-all")["warnings"], json!([words("AAPL", "c")]));
    stopped(service);
}
