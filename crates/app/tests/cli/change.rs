//! Changing orders that still work, and cancelling all of them.

use crate::support::Place;
use serde_json::json;

#[test]
fn a_working_order_gets_another_price_and_size() {
    let place = Place::new();
    let (low, higher) = (place.price("AAPL", 0.8), place.price("AAPL", 0.85));
    place.json(&format!("order buy AAPL 5 --limit {low} --tif gtc --key w"));
    let changed = place.json(&format!("order change w --limit {higher} --quantity 7"));
    assert_eq!(changed["change"], "made");
    assert_eq!(
        (&changed["order"]["kind"]["limit"], &changed["order"]["quantity"]),
        (&json!(higher), &json!("7"))
    );
    let shown = place.json("order show w");
    assert_eq!((&shown["kind"]["limit"], &shown["quantity"]), (&json!(higher), &json!("7")));
    assert_eq!(shown["perm_id"], changed["order"]["perm_id"], "it is another order");
    place
        .run("order change w --tif dtc")
        .fails(1, &["the broker refused the change", "the order stands as it was"]);
    assert_eq!(place.json("order change w --tif day")["change"], "made");
    let filled = place.json("order change w --type mkt");
    assert_eq!((&filled["order"]["state"], &filled["order"]["filled"]), (&json!("filled"), &json!("7")));
    place.run("order change w --quantity 9").fails(1, &["cannot be changed", "filled"]);
}

#[test]
fn what_cannot_be_changed_says_why_and_leaves_the_order_alone() {
    let place = Place::new();
    let low = place.price("IBM", 0.8);
    place.json(&format!("order buy IBM 5 --limit {low} --tif gtc --key w"));
    place.run("order change w").fails(2, &["nothing is to be changed"]);
    place.run("order change w --stop 5").fails(2, &["a LMT order has no --stop"]);
    place.run("order change w --type stp --stop 5").fails(2, &["cannot be changed to stp"]);
    place.run("order change nobody --limit 5").fails(1, &["nobody", "order list --all"]);
    place
        .run("order change w --limit 5.001")
        .fails(2, &["5 or 5.01 would be accepted", "the order stands as it was"]);
    place.run("order change w --quantity 100000").fails(3, &["risk gate", "the order stands as it was"]);
    let ran = place.run("--json order change w --quantity 100000");
    assert_eq!(ran.json()["change"], "stopped_by_risk");
    assert!(ran.json()["refusal"]["rule"].is_string());
    let shown = place.json("order show w");
    assert_eq!(
        (&shown["kind"]["limit"], &shown["quantity"], &shown["state"]),
        (&json!(low), &json!("5"), &json!("working"))
    );
}

#[test]
fn all_orders_are_cancelled_or_those_of_one_instrument() {
    let place = Place::new();
    for symbol in ["AAPL", "IBM", "MSFT"] {
        let low = place.price(symbol, 0.8);
        place.json(&format!("order buy {symbol} 5 --limit {low} --tif gtc --key {symbol}"));
    }
    let one = place.json("order cancel-all --symbol IBM");
    assert_eq!(one["cancelled"][0]["key"], "IBM");
    assert_eq!(one["cancelled"].as_array().unwrap().len(), 1);
    let rest = place.run("order cancel-all");
    assert_eq!(rest.code, Some(0), "{}", rest.err);
    assert!(
        rest.out.contains("buy 5 AAPL") && rest.out.contains("cancelled") && !rest.out.contains("IBM"),
        "{}",
        rest.out
    );
    let none = place.run("order cancel-all");
    assert!(none.code == Some(0) && none.err.contains("nothing to cancel"), "{}", none.err);
    assert_eq!(place.json("order cancel-all"), json!({"cancelled": [], "failed": [], "warnings": []}));
    for of in ["", " --symbol IBM"] {
        place.run(&format!("order cancel-all --account DU9{of}")).fails(1, &["DU9", "not known here"]);
    }
    place.run("order cancel-all --symbol ZZQA").fails(1, &["ZZQA"]);
}

#[test]
fn algos_are_listed_with_what_they_take() {
    let place = Place::new();
    let all = place.json("order algos");
    assert_eq!(all.as_array().unwrap().len(), 66);
    let vwap = place.json("order algos Vwap");
    assert_eq!((&vwap["provider"], &vwap["params"][0]["name"]), (&json!("ib"), &json!("maxPctVol")));
    let ran = place.run("order algos jefferies:VWAP");
    assert!(ran.code == Some(0) && ran.out.contains("parameter") && ran.out.contains("takes"), "{}", ran.out);
    place.run("order algos Vwop").fails(2, &["ib has no algo Vwop", "Vwap"]);
}

#[test]
fn a_change_that_validation_stops_here_is_no_word_of_the_broker() {
    let place = Place::new();
    let limit = place.price("AAPL", 0.8);
    place.json(&format!("order buy AAPL 1 --limit {limit} --tif gtc --key rests"));
    assert_ne!(place.run(&format!("order change rests --limit {limit}7")).code, Some(0));
    let shown = place.json("order show rests");
    let timeline = shown["timeline"].as_array().unwrap();
    let refused = timeline.iter().find(|it| it["what"] == "change refused").unwrap();
    assert_eq!(refused["proof"], "us", "{refused}");
}
