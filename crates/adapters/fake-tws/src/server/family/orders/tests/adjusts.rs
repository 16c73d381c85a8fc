//! Stops that turn into other stops.

use super::stage::{Stage, limit, market, place, words};
use crate::wire::{Answer, proto};

fn stop(parent: Option<i32>, into: &str) -> proto::Order {
    proto::Order {
        parent_id: parent,
        order_type: Some("STP".to_owned()),
        aux_price: Some(420.0),
        adjusted_order_type: Some(into.to_owned()),
        trigger_price: Some(435.0),
        adjusted_stop_price: Some(433.0),
        adjusted_stop_limit_price: Some(432.0),
        adjusted_trailing_amount: Some(2.0),
        adjustable_trailing_unit: Some(0),
        ..market("SELL", "100")
    }
}

fn told_order(told: &[Answer]) -> proto::Order {
    let found = told.iter().find_map(|answer| match answer {
        Answer::OpenOrder(it) => it.order.clone(),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("{:?}", words(told)))
}

#[test]
fn a_stop_is_adjusted_once_the_market_reaches_its_trigger() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    stage.ask(1, place(1, stop(None, "STP")));
    stage.quote("434.00", "434.10");
    stage.pass(2);
    assert!(stage.told(1).is_empty());
    stage.quote("435.00", "435.10");
    stage.pass(2);
    let told = stage.told(1);
    let order = told_order(&told);
    assert_eq!((order.order_type.as_deref(), order.aux_price), (Some("STP"), Some(433.0)));
    assert_eq!(order.adjusted_order_type, None);
    stage.quote("433.00", "433.10");
    let told = words(&stage.told(1));
    assert!(told.contains(&"exec 1 SLD 100 @433".to_owned()), "{told:?}");
}

#[test]
fn a_child_may_become_a_trail_and_stays_in_its_family() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    stage.ask(1, place(1, limit("BUY", "100", 425.0)));
    let profit = proto::Order {
        order_type: Some("LMT".to_owned()),
        lmt_price: Some(450.0),
        parent_id: Some(1),
        ..market("SELL", "100")
    };
    stage.ask(1, place(2, profit));
    stage.ask(1, place(3, stop(Some(1), "TRAIL")));
    stage.quote("424.90", "425.00");
    stage.told(1);
    stage.quote("435.00", "435.10");
    stage.pass(2);
    let order = told_order(&stage.told(1));
    assert_eq!((order.order_type.as_deref(), order.trail_stop_price), (Some("TRAIL"), Some(433.0)));
    // It follows by two dollars from now on.
    stage.quote("440.00", "440.10");
    stage.quote("438.00", "438.10");
    let told = words(&stage.told(1));
    assert!(told.contains(&"exec 3 SLD 100 @438".to_owned()), "{told:?}");
    assert!(told.contains(&"status 2 Cancelled 0/100".to_owned()), "{told:?}");
}

#[test]
fn a_stop_limit_gets_its_limit() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    stage.ask(1, place(1, stop(None, "STP LMT")));
    stage.quote("435.50", "435.60");
    stage.pass(2);
    let order = told_order(&stage.told(1));
    assert_eq!(
        (order.order_type.as_deref(), order.aux_price, order.lmt_price),
        (Some("STP LMT"), Some(433.0), Some(432.0))
    );
}
