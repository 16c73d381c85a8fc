//! Cancelling while a service has the orders: it does it, on both brokers, and says what became of it.

use crate::serve::{Served, command};
use crate::support::{Place, Ran};
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
        self.run("order buy AAPL 1").fails(1, &["has the orders", "cancel", "in use"]);

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
