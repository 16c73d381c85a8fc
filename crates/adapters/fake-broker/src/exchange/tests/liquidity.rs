//! Displayed sizes, priority and the queue; changes, latency and scripted faults.

use super::stage::{Stage, key, limit, number, price, units};
use crate::exchange::{ExchangeEvent, Input};
use crate::fault::Fault;
use std::time::Duration;
use tradeport_orders::{BrokerPhase, OrderKind, Side};

#[test]
fn a_size_is_used_up_until_the_next_quote() {
    let mut stage = Stage::open();
    stage.sized("99.99", "1000", "100.01", "150");
    stage.order("first", Side::Buy, OrderKind::Market);
    stage.order("second", Side::Buy, OrderKind::Market);
    assert_eq!(stage.fills("second"), ["50@100.01"]);
    assert_eq!(stage.phase("second"), BrokerPhase::Working);
    stage.quote("100.00", "100.02");
    assert_eq!(stage.fills("second"), ["50@100.01", "50@100.02"]);
}

#[test]
fn the_better_price_goes_first_then_the_earlier_order() {
    let mut stage = Stage::open();
    stage.order("low", Side::Buy, limit("99.80"));
    stage.order("early", Side::Buy, limit("99.90"));
    stage.order("late", Side::Buy, limit("99.90"));
    stage.sized("99.60", "1000", "99.70", "150");
    assert_eq!(stage.fills("early"), ["100@99.90"]);
    assert_eq!(stage.fills("late"), ["50@99.90"]);
    assert!(stage.fills("low").is_empty());
}

#[test]
fn who_joins_a_price_waits_behind_what_is_displayed_there() {
    let mut stage = Stage::open();
    stage.sized("99.99", "300", "100.01", "1000");
    stage.order("joins", Side::Buy, limit("99.99"));
    // 250 come to the price: all of them meet those ahead, of whom 50 are left.
    stage.sized("99.99", "300", "99.99", "250");
    assert!(stage.fills("joins").is_empty());
    stage.sized("99.99", "300", "99.99", "90");
    assert_eq!(stage.fills("joins"), ["40@99.99"]);
    stage.sized("99.98", "300", "99.99", "30");
    assert_eq!(
        stage.fills("joins"),
        ["40@99.99", "30@99.99"],
        "the bid is lower now: nobody else is left there"
    );
}

#[test]
fn the_queue_shrinks_with_what_is_displayed() {
    let mut stage = Stage::open();
    stage.sized("99.99", "300", "100.01", "1000");
    stage.order("joins", Side::Buy, limit("99.99"));
    stage.sized("99.99", "20", "100.01", "1000");
    stage.sized("99.99", "900", "99.99", "70");
    assert_eq!(stage.fills("joins"), ["50@99.99"], "70 come, 20 are ahead; who came later is behind");
}

#[test]
fn a_price_that_is_gone_through_leaves_no_queue() {
    let mut stage = Stage::open();
    stage.sized("99.99", "300", "100.01", "1000");
    stage.order("joins", Side::Buy, limit("99.99"));
    stage.sized("99.90", "300", "99.98", "60");
    assert_eq!(stage.fills("joins"), ["60@99.99"]);
}

#[test]
fn a_larger_quantity_loses_its_place_and_a_smaller_one_keeps_it() {
    let mut stage = Stage::open();
    for name in ["grows", "shrinks", "last"] {
        stage.order(name, Side::Buy, limit("99.90"));
    }
    stage.change("grows", Some("150"), None);
    stage.change("shrinks", Some("50"), None);
    stage.sized("99.60", "1000", "99.70", "100");
    assert_eq!(
        (stage.fills("shrinks"), stage.fills("last")),
        (vec!["50@99.90".into()], vec!["50@99.90".into()])
    );
    assert!(stage.fills("grows").is_empty());
}

#[test]
fn a_change_of_price_can_trade_at_once() {
    let mut stage = Stage::open();
    stage.order("moves", Side::Buy, limit("99.00"));
    stage.change("moves", None, Some(limit("100.01")));
    assert_eq!(stage.fills("moves"), ["100@100.01"]);
}

#[test]
fn a_refused_change_leaves_the_order_as_it_was() {
    let mut stage = Stage::open();
    stage.sized("99.99", "1000", "100.01", "60");
    stage.order("part", Side::Buy, limit("100.01"));
    for (quantity, kind, why) in [
        (None, Some(OrderKind::MarketOnClose), "LMT orders cannot become MOC orders"),
        (Some("60"), None, "60 have traded already: a quantity of 60 is too little"),
        (Some("1000000"), None, "insufficient funds"),
        (None, Some(limit("100.015")), "a limit of 100.015 is not a whole number of price steps"),
    ] {
        stage.change("part", quantity, kind);
        assert!(stage.refusal().starts_with(why), "{}", stage.refusal());
    }
    stage.quote("100.00", "100.01");
    assert_eq!(stage.fills("part"), ["60@100.01", "40@100.01"]);
    stage.change("part", Some("200"), None);
    assert_eq!(stage.refusal(), "there is no live order part");
}

#[test]
fn latency_delays_orders_and_cancels() {
    let mut stage = Stage::slow(Duration::from_secs(2));
    stage.order("slow", Side::Buy, limit("100.01"));
    stage.at(111);
    assert_eq!((stage.phase("slow"), stage.fills("slow").len()), (BrokerPhase::Held, 0));
    stage.at(112);
    assert_eq!(stage.fills("slow"), ["100@100.01"]);
    stage.order("rests", Side::Buy, limit("99.00"));
    stage.at(120);
    stage.cancel("rests");
    assert_eq!(stage.phase("rests"), BrokerPhase::CancelPending);
    stage.quote("98.80", "98.90");
    assert_eq!(stage.fills("rests"), ["100@99.00"], "the market was faster than the cancel");
    stage.at(130);
    assert_eq!(stage.phase("rests"), BrokerPhase::Filled);
}

#[test]
fn the_same_key_is_the_same_order() {
    let mut stage = Stage::open();
    stage.order("one", Side::Buy, limit("99"));
    stage.order("one", Side::Buy, limit("99"));
    assert_eq!(stage.exchange.open_orders().len(), 1);
    let taken = stage.said.iter().filter_map(|effect| match effect.event {
        ExchangeEvent::Taken { perm_id, .. } => Some(perm_id),
        _ => None,
    });
    assert_eq!(taken.collect::<std::collections::BTreeSet<_>>().len(), 1);
    stage.order("one", Side::Buy, limit("98"));
    assert_eq!(stage.refusal(), "another order has the key one");
}

#[test]
fn armed_refusals_are_used_up() {
    let mut stage = Stage::open();
    stage.arm(Fault::RefuseNext { count: 1, reason: "no locate".to_owned() });
    stage.order("first", Side::Buy, OrderKind::Market);
    assert_eq!(stage.refusal(), "no locate");
    stage.order("second", Side::Buy, OrderKind::Market);
    assert_eq!(stage.phase("second"), BrokerPhase::Filled);
}

fn statuses_of(stage: &Stage, name: &str) -> Vec<BrokerPhase> {
    let status = |effect: &crate::exchange::Effect| match &effect.event {
        ExchangeEvent::Status { key: of, status } if *of == key(name) => Some(status.phase),
        _ => None,
    };
    stage.said.iter().filter_map(status).collect()
}

#[test]
fn a_delayed_status_comes_late_and_a_silent_order_ends_aloud() {
    let mut stage = Stage::open();
    stage.arm(Fault::DelayStatus { by: Duration::from_secs(5) });
    stage.order("delayed", Side::Buy, limit("99"));
    stage.arm(Fault::Silent);
    stage.order("silent", Side::Buy, limit("99.50"));
    stage.at(114);
    assert!(statuses_of(&stage, "delayed").is_empty());
    stage.at(115);
    assert_eq!(statuses_of(&stage, "delayed"), [BrokerPhase::Working]);
    stage.quote("99.20", "99.30");
    assert_eq!(statuses_of(&stage, "silent"), [BrokerPhase::Filled]);
}

#[test]
fn slices_trade_bit_by_bit_and_repeats_come_twice() {
    let mut stage = Stage::open();
    stage.arm(Fault::Slices { quantity: units("40") });
    stage.arm(Fault::RepeatExecutions);
    stage.order("sliced", Side::Buy, OrderKind::Market);
    stage.quote("99.99", "100.01");
    stage.quote("99.99", "100.02");
    assert_eq!(stage.fills("sliced"), ["40@100.01", "40@100.01", "20@100.02"]);
    let reports = stage.said.iter().filter(|effect| matches!(effect.event, ExchangeEvent::Executed { .. }));
    assert_eq!(reports.count(), 6);
    assert_eq!(stage.held("RICH"), number("100"), "a repeated report is no second trade");
}

#[test]
fn a_correction_is_a_new_revision_and_moves_the_cash() {
    let mut stage = Stage::open();
    stage.order("buy", Side::Buy, OrderKind::Market);
    stage.input(Input::Correct { key: key("buy"), price: price("100.00") });
    assert_eq!(stage.fills("buy"), ["100@100.00"]);
    assert_eq!(stage.exchange.executions()[0].id.revision(), 2);
    assert_eq!(stage.cash("RICH"), number("990000"));
    assert_eq!(stage.held("RICH"), number("100"));
}
