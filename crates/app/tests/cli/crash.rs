//! A process that is killed at any moment: journal and broker agree afterwards, and the same key is still one order.

use crate::support::{Place, Running};
use std::process::Stdio;

#[test]
fn a_killed_order_is_placed_once_or_not_at_all() {
    let place = Place::new();
    place.json("order buy AAPL 1 --key before");
    for delay in 0..12 {
        let killed = Running::start(place.command(&format!("order buy AAPL 1 --key k{delay}")));
        // Other runs of the program are the delay: a little longer each time.
        for _ in 0..delay {
            place.command("--version").stdout(Stdio::null()).status().unwrap();
        }
        killed.signal("KILL");
        killed.end();
        let again = place.run(&format!("--json order buy AAPL 1 --key k{delay}"));
        let answer = again.json();
        let state = answer["order"]["state"].as_str().unwrap();
        // Killed between journal and broker, it is proven absent; else it has traded, now or before.
        assert!(
            matches!((state, again.code), ("filled", Some(0)) | ("not_sent", Some(1))),
            "{state}: {}",
            again.err
        );
        assert_eq!(filled(&place), held(&place), "after {delay}");
    }
}

fn filled(place: &Place) -> usize {
    let orders = place.json("order list --all");
    orders.as_array().unwrap().iter().filter(|order| order["state"] == "filled").count()
}

fn held(place: &Place) -> usize {
    place.json("positions")[0]["quantity"].as_str().unwrap().parse().unwrap()
}
