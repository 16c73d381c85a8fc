//! Placing, changing and cancelling while a service has the orders: it does it, on both brokers, and says what became of it.

use crate::serve::{Served, command};
use crate::support::{Place, Ran, Running};
use crate::wire::{served, stopped};
use serde_json::{Value, json};

/// A service with three resting orders.
struct Busy {
    place: Place,
    port: Option<u16>,
    service: Served,
}

impl Busy {
    fn begin(house: &Place, port: Option<u16>) -> Self {
        let place = Place::new();
        for (symbol, key) in [("AAPL", "one"), ("AAPL", "two"), ("IBM", "three")] {
            let limit = house.price(symbol, 0.8);
            let order = format!("order buy {symbol} 1 --limit {limit} --tif gtc --key {key}");
            let ran = Ran::of(&mut command(&place, &order, port));
            assert_eq!(ran.code, Some(0), "{}", ran.err);
        }
        let service = Served::start(&place, "", port);
        service.until(&place, "three orders", |status| status["service"]["orders"]["working"] == 3);
        Self { place, port, service }
    }

    fn run(&self, typed: &str) -> Ran {
        Ran::of(&mut command(&self.place, typed, self.port))
    }

    fn json(&self, typed: &str) -> Value {
        let ran = self.run(&format!("--json {typed}"));
        assert_eq!(ran.code, Some(0), "{typed}: {}", ran.err);
        ran.json()
    }

    fn cancels(self) {
        let one = self.json("order cancel one");
        crate::json_keys::told("`order buy`, `sell`, `target-percent`, `cancel`", &one);
        assert_eq!(one["order"]["state"], "cancelled", "{one}");
        self.run("order cancel one").fails(1, &["order one has ended: it is cancelled"]);
        self.run("order cancel nobody").fails(1, &["no order has the key nobody", "order list --all"]);
        self.run("order cancel-all --account XX").fails(1, &["account XX is not known"]);
        self.run("order cancel-all --symbol QQQQZ").fails(1, &["QQQQZ"]);

        let of_ibm = self.json("order cancel-all --symbol IBM");
        let keys = |answer: &Value| {
            let of = |it: &Value| it["key"].as_str().unwrap().to_owned();
            answer["cancelled"].as_array().unwrap().iter().map(of).collect::<Vec<_>>()
        };
        assert_eq!((keys(&of_ibm), &of_ibm["failed"]), (vec!["three".to_owned()], &json!([])), "{of_ibm}");
        assert_eq!(keys(&self.json("order cancel-all")), ["two"]);
        let none = self.run("order cancel-all");
        assert!(none.code == Some(0) && none.err.contains("nothing to cancel"), "{}", none.err);
        assert_eq!(self.json("order list"), json!([]));

        let ran = stopped(self.service.running);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        let log = Ran::of(&mut command(&self.place, "--json audit show", self.port)).json();
        let asked = |it: &&Value| it["action"] == "cancel asked";
        let asked: Vec<&Value> = log.as_array().unwrap().iter().filter(asked).collect();
        assert!(asked.len() >= 5, "{log:#}");
        assert!(asked.iter().all(|it| it["actor"].as_str().unwrap().starts_with("command line, run ")));
        let verified = Ran::of(&mut command(&self.place, "--json audit verify", self.port));
        assert_eq!((verified.code, &verified.json()["whole"]), (Some(0), &json!(true)), "{}", verified.err);
    }
}

/// A service without orders, and whoever trades by it from another command line.
fn trades(house: &Place, port: Option<u16>) {
    let place = Place::new();
    let service = Served::start(&place, "", port);
    let ready = |status: &Value| status["service"]["links"][0]["standing"]["standing"] == "ready";
    service.until(&place, "a link and the orders", |status| {
        ready(status) && status["service"]["orders"].is_object()
    });
    let run = |typed: &str| Ran::of(&mut command(&place, typed, port));
    let json = |typed: &str| {
        let ran = run(&format!("--json {typed}"));
        assert_eq!(ran.code, Some(0), "{typed}: {}", ran.err);
        ran.json()
    };
    let (low, lower) = (house.price("AAPL", 0.8), house.price("AAPL", 0.75));

    let rests = json(&format!("order buy AAPL 5 --limit {low} --tif gtc --key rests"));
    crate::json_keys::told("`order buy`, `sell`, `target-percent`, `cancel`", &rests);
    assert_eq!((&rests["order"]["state"], &rests["repeat"]), (&json!("working"), &json!(false)), "{rests}");
    let again = run(&format!("order buy AAPL 5 --limit {low} --tif gtc --key rests"));
    assert!(again.code == Some(0) && again.err.contains("this key was placed before"), "{}", again.err);
    run("order buy AAPL 6 --key rests").fails(2, &["rests was used before"]);
    let changed = json(&format!("order change rests --limit {lower}"));
    assert_eq!((&changed["change"], &changed["order"]["kind"]["limit"]), (&json!("made"), &json!(lower)));

    let listed = run("order list");
    assert!(listed.code == Some(0) && listed.out.contains("rests"), "{}", listed.out);
    assert_eq!(listed.err, "", "that the service has the orders is nothing to be told of");

    let bought = run("order buy AAPL 1");
    assert_eq!(bought.code, Some(0), "{}", bought.err);
    let key = bought.err.lines().find_map(|line| line.strip_prefix("key ")).expect("a key was said");
    assert!(bought.out.contains("filled") && bought.out.contains(key), "{} {}", bought.out, bought.err);
    run("order buy AAPL 1000000").fails_with(3, &["was stopped by the risk gate"]);
    run("order buy AAPL 1 --limit 5.001").fails(2, &["5.01"]);
    run("order buy QQQQZ 1").fails(1, &["QQQQZ"]);
    let seen = json("order preview buy AAPL 1 --limit 5");
    assert!(seen["order"].is_object(), "{seen}");
    let family = json(&format!("order bracket buy AAPL 1 --limit {low} --trail 5% --key family"));
    assert_eq!(
        (&family["orders"][0]["order"]["key"], &family["orders"][0]["order"]["state"]),
        (&json!("family"), &json!("working"))
    );
    let spread = run("order spread straddle AAPL 30d atm --limit 1 --key combo");
    assert!(spread.code == Some(0) && spread.out.contains("straddle"), "{} {}", spread.out, spread.err);
    run("--env testing order buy AAPL 1")
        .fails_with(2, &["the environment of the service is development", "testing"]);

    let ran = stopped(service.running);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let asked = std::fs::read_dir(place.data().join("asked")).unwrap().count();
    assert_eq!(asked, 0, "nothing is left");
    let shown = json("order show rests");
    assert_eq!((&shown["state"], &shown["kind"]["limit"]), (&json!("working"), &json!(lower)), "{shown}");
    let verified = run("--json audit verify");
    assert_eq!((verified.code, &verified.json()["whole"]), (Some(0), &json!(true)), "{}", verified.err);
}

#[test]
fn a_service_on_the_simulated_broker_places_and_changes_for_whoever_asks() {
    trades(&Place::new(), None);
}

#[test]
fn a_service_on_tws_places_and_changes_for_whoever_asks() {
    let house = Place::new();
    let (tws, port) = served(&house, "fake-tws --port 0");
    trades(&house, Some(port));
    assert_eq!(stopped(tws).code, Some(130));
}

#[test]
fn a_service_on_the_simulated_broker_cancels_for_whoever_asks() {
    let house = Place::new();
    Busy::begin(&house, None).cancels();
}

#[test]
fn a_service_on_tws_cancels_for_whoever_asks() {
    let house = Place::new();
    let (tws, port) = served(&house, "fake-tws --port 0");
    Busy::begin(&house, Some(port)).cancels();
    assert_eq!(stopped(tws).code, Some(130));
}

/// A service that is killed once it has taken an order, while it waits for a TWS that answers in this way.
fn killed_before_it_answers(act: &str, arrived: bool) {
    let (house, place, other) = (Place::new(), Place::new(), Place::new());
    let rule = format!("[[rule]]\non = \"received\"\nmessage = \"placeOrder\"\ndo = [\"{act}\"]\n");
    house.file("lost.toml", &rule);
    let (tws, port) = served(&house, "fake-tws --port 0 --scenario lost.toml");
    let service = Served::start(&place, "", Some(port));
    service.until(&place, "a desk", |status| status["service"]["orders"].is_object());
    let run = |typed: &str| Ran::of(&mut command(&place, typed, Some(port)));
    let order = format!("--json order buy AAPL 1 --limit {} --tif gtc --key k", house.price("AAPL", 0.8));
    let asker = Running::start(command(&place, &order, Some(port)));
    // Whoever looks reads what the service has written down; whether it has arrived, another client of TWS can tell.
    until("it is sent", || run("--json order show k").out.contains("\"to\": \"sent\""));
    if arrived {
        let looks = || {
            let mut looks = command(&other, "--json reconcile", Some(port));
            Ran::of(looks.env("IB_CLIENT_ID", "50")).out.contains("\"key\": \"k\"")
        };
        until("it has arrived", looks);
    }
    service.running.signal("KILL");
    service.running.end();

    let told = asker.end();
    assert_eq!((told.code, told.out.as_str()), (Some(4), ""), "{}", told.err);
    let error: Value = serde_json::from_str(told.err.lines().last().unwrap()).unwrap();
    let words = error["error"].to_string();
    for part in ["may or may not have got k", "tradeport order show k", "do not send it under another key"] {
        assert!(words.contains(part), "{part:?} is missing in {words}");
    }
    let state = if arrived { "working" } else { "not_sent" };
    let shown = run("--json order show k");
    assert_eq!((shown.code, &shown.json()["state"]), (Some(0), &json!(state)), "{}", shown.err);
    let again = run(&order);
    let answer = again.json();
    assert_eq!(
        (&answer["repeat"], &answer["order"]["state"]),
        (&json!(true), &json!(state)),
        "{}",
        again.err
    );
    assert_eq!(again.code, Some(if arrived { 0 } else { 1 }), "{}", again.err);
    let open = run("--json order list").json();
    assert_eq!(open.as_array().unwrap().len(), usize::from(arrived), "one intent is one order: {open:#}");
    assert_eq!(stopped(tws).code, Some(130));
}

/// Asking again and again is the clock.
fn until(what: &str, so: impl Fn() -> bool) {
    assert!((0..crate::serve::LOOKS).any(|_| so()), "{what}: it never was");
}

#[test]
fn an_order_that_arrived_before_its_service_was_killed_is_found_and_is_one() {
    killed_before_it_answers("half_open", true);
}

#[test]
fn an_order_that_was_lost_before_its_service_was_killed_is_proven_absent() {
    killed_before_it_answers("ignore", false);
}
