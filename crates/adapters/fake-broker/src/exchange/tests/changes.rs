//! Changes of how long an order stands, of where it trades, and into a market order: what IB allows.

use super::stage::{Stage, key, limit, number, price, trail, units};
use crate::exchange::Input;
use tradeport_kernel::Timestamp;
use tradeport_orders::{BrokerPhase, ConditionChange, OrderChange, OrderKind, Side, TimeInForce};

fn at(second: i64) -> Timestamp {
    Timestamp::from_seconds(second)
}

fn until(second: i64) -> TimeInForce {
    TimeInForce::GoodTillDate(at(second))
}

fn stands(stage: &Stage, name: &str) -> TimeInForce {
    let open = stage.exchange.open_orders();
    let found = open.iter().find(|(order, _)| *order.intent.key() == key(name));
    found.expect("it is open").0.time_in_force
}

fn make(stage: &mut Stage, name: &str, change: OrderChange) {
    stage.input(Input::Change { key: key(name), change: Box::new(change) });
}

fn last(stage: &mut Stage, name: &str, time: TimeInForce) {
    make(stage, name, OrderChange::default().with_time_in_force(time));
}

#[test]
fn a_day_order_may_stand_until_it_is_cancelled_and_the_other_way_round() {
    let mut stage = Stage::open();
    stage.order("longer", Side::Buy, limit("99.00"));
    stage.lasting("shorter", Side::Buy, limit("99.00"), TimeInForce::GoodTillCancelled);
    last(&mut stage, "longer", TimeInForce::GoodTillCancelled);
    last(&mut stage, "shorter", TimeInForce::Day);
    assert_eq!(stands(&stage, "longer"), TimeInForce::GoodTillCancelled);
    assert_eq!(stands(&stage, "shorter"), TimeInForce::Day);
    stage.at(310);
    assert_eq!(stage.phase("longer"), BrokerPhase::Working);
    assert_eq!(stage.phase("shorter"), BrokerPhase::Expired);
    let ended = stage.exchange.ended_orders().find(|(order, _)| *order.intent.key() == key("shorter"));
    assert_eq!(ended.unwrap().0.time_in_force, TimeInForce::Day);
    stage.quote("98.00", "99.00");
    assert_eq!(stage.fills("longer"), ["100@99.00"]);
}

#[test]
fn another_end_takes_the_place_of_the_one_before() {
    let mut stage = Stage::open();
    for name in ["later", "sooner", "never"] {
        stage.lasting(name, Side::Buy, limit("99.00"), until(150));
    }
    last(&mut stage, "later", until(160));
    last(&mut stage, "sooner", until(140));
    last(&mut stage, "never", TimeInForce::GoodTillCancelled);
    let phases = |stage: &Stage| ["later", "sooner", "never"].map(|name| stage.phase(name));
    use BrokerPhase::{Expired, Working};
    stage.at(145);
    assert_eq!(phases(&stage), [Working, Expired, Working]);
    stage.at(155);
    assert_eq!(phases(&stage), [Working, Expired, Working]);
    stage.at(165);
    assert_eq!(phases(&stage), [Expired, Expired, Working]);
}

#[test]
fn a_time_in_force_keeps_the_place_in_time_and_one_that_is_over_changes_nothing() {
    let mut stage = Stage::open();
    stage.order("first", Side::Buy, limit("99.00"));
    stage.order("second", Side::Buy, limit("99.00"));
    last(&mut stage, "first", TimeInForce::GoodTillCancelled);
    stage.sized("98.00", "1000", "99.00", "100");
    assert_eq!((stage.fills("first").len(), stage.fills("second").len()), (1, 0));
    last(&mut stage, "second", until(110));
    assert!(stage.refusal().contains("its time ran out"), "{}", stage.refusal());
    last(&mut stage, "second", TimeInForce::Minutes);
    assert!(stage.refusal().contains("time in force"), "{}", stage.refusal());
    assert_eq!(stands(&stage, "second"), TimeInForce::Day);
}

#[test]
fn what_is_to_trade_at_once_or_never_does() {
    let mut stage = Stage::open();
    stage.order("now", Side::Buy, limit("99.00"));
    last(&mut stage, "now", TimeInForce::ImmediateOrCancel);
    assert_eq!(stage.phase("now"), BrokerPhase::Cancelled);
}

#[test]
fn an_order_may_trade_outside_of_sessions_from_now_on_or_no_more() {
    let mut stage = Stage::open();
    stage.at(250);
    stage.lasting("waits", Side::Buy, limit("99.00"), TimeInForce::GoodTillCancelled);
    assert_eq!(stage.phase("waits"), BrokerPhase::Held);
    make(&mut stage, "waits", OrderChange::default().with_outside_sessions(true));
    assert_eq!(stage.phase("waits"), BrokerPhase::Working);
    make(&mut stage, "waits", OrderChange::default().with_outside_sessions(false));
    assert_eq!(stage.phase("waits"), BrokerPhase::Held);
    stage.at(310);
    assert_eq!(stage.phase("waits"), BrokerPhase::Working);
}

#[test]
fn a_stop_and_a_limit_may_go_to_the_market_and_an_auction_order_may_not() {
    let mut stage = Stage::open();
    stage.order("limit", Side::Buy, limit("99.00"));
    stage.order("stop", Side::Buy, OrderKind::Stop { stop: price("110.00") });
    stage.order("trail", Side::Sell, trail("5"));
    stage.order("close", Side::Buy, OrderKind::LimitOnClose { limit: price("99.00") });
    for name in ["limit", "stop", "trail"] {
        stage.change(name, None, Some(OrderKind::Market));
        assert_eq!(stage.phase(name), BrokerPhase::Filled, "{name}");
    }
    stage.change("close", None, Some(OrderKind::Market));
    assert!(stage.refusal().contains("cannot become"), "{}", stage.refusal());
    assert_eq!(stage.held("RICH"), number("100"));
}

#[test]
fn conditions_are_not_known_here_and_none_is_what_every_order_has() {
    let mut stage = Stage::open();
    stage.order("a", Side::Buy, limit("99.00"));
    let remove = OrderChange { conditions: Some(ConditionChange::Remove), ..OrderChange::default() };
    make(&mut stage, "a", OrderChange { quantity: Some(units("50")), ..remove });
    assert_eq!(stage.exchange.open_orders()[0].0.quantity, units("50"));
}

#[test]
fn what_is_wanted_of_time_is_in_the_state_that_is_kept() {
    let mut stage = Stage::open();
    stage.order("a", Side::Buy, limit("99.00"));
    last(&mut stage, "a", until(390));
    make(&mut stage, "a", OrderChange::default().with_outside_sessions(true));
    let kept = serde_json::to_string(&stage.exchange).unwrap();
    let again: crate::exchange::Exchange = serde_json::from_str(&kept).unwrap();
    assert_eq!(again, stage.exchange);
    assert_eq!(again.open_orders()[0].0.time_in_force, until(390));
}
