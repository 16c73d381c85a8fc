//! Groups and brackets.

use super::stage::{Stage, key, limit, number, price, units};
use crate::exchange::{Exchange, Input};
use std::time::Duration;
use tradeport_orders::{BrokerPhase, OcaEffect, OcaGroup, OrderDraft, OrderKind, Side, TimeInForce};

fn child(stage: &mut Stage, name: &str, kind: OrderKind) {
    stage.order_with(name, Side::Sell, kind, |draft| {
        draft.parent = Some(key("parent"));
        draft.account = super::stage::account("CASH");
        draft.size = units("50").into();
        draft.time_in_force = TimeInForce::GoodTillCancelled;
    });
}

fn bracket(stage: &mut Stage, parent: OrderKind) {
    stage.order_with("parent", Side::Buy, parent, |draft| {
        draft.account = super::stage::account("CASH");
        draft.size = units("50").into();
    });
    child(stage, "profit", limit("101.00"));
    child(stage, "stop", OrderKind::Stop { stop: price("99.00") });
}

#[test]
fn children_sleep_until_the_parent_has_filled_in_full() {
    let mut stage = Stage::open();
    stage.sized("99.99", "1000", "100.01", "20");
    bracket(&mut stage, limit("100.01"));
    assert_eq!(stage.fills("parent"), ["20@100.01"]);
    stage.sized("101.50", "1000", "101.52", "20");
    assert!(stage.fills("profit").is_empty(), "it would trade at 101.50, but its parent has not filled");
    stage.quote("99.99", "100.01");
    assert_eq!(stage.phase("parent"), BrokerPhase::Filled);
    assert_eq!((stage.phase("profit"), stage.phase("stop")), (BrokerPhase::Working, BrokerPhase::Held));
}

#[test]
fn one_child_cancels_the_other() {
    let mut stage = Stage::open();
    bracket(&mut stage, OrderKind::Market);
    stage.quote("101.00", "101.02");
    assert_eq!(stage.fills("profit"), ["50@101.00"]);
    assert_eq!(stage.phase("stop"), BrokerPhase::Cancelled);
    assert_eq!(stage.held("CASH"), number("0"));
}

#[test]
fn children_die_with_their_parent() {
    let mut stage = Stage::open();
    bracket(&mut stage, limit("98.00"));
    stage.cancel("parent");
    for name in ["profit", "stop"] {
        let status = stage.status(name);
        assert_eq!(status.phase, BrokerPhase::Cancelled);
        assert_eq!(status.reason.as_deref(), Some("its parent order has ended"));
    }
    child(&mut stage, "late", limit("101.00"));
    assert_eq!(stage.refusal(), "the parent order parent has ended without filling");
}

#[test]
fn a_child_of_a_filled_parent_comes_alive_at_once_and_one_of_nobody_is_refused() {
    let mut stage = Stage::open();
    child(&mut stage, "orphan", limit("101.00"));
    assert_eq!(stage.refusal(), "the parent order parent is not known");
    bracket(&mut stage, OrderKind::Market);
    child(&mut stage, "late", limit("102.00"));
    assert_eq!(stage.phase("late"), BrokerPhase::Working);
}

#[test]
fn a_long_line_of_children_falls_one_by_one() {
    let mut stage = Stage::open();
    stage.order("child-0", Side::Buy, limit("98.00"));
    for number in 1..2_000 {
        stage.order_with(&format!("child-{number}"), Side::Buy, limit("98.00"), |draft| {
            draft.parent = Some(key(&format!("child-{}", number - 1)));
        });
    }
    stage.cancel("child-0");
    assert!(stage.exchange.open_orders().is_empty());
}

#[test]
fn filling_one_of_a_group_cancels_the_others() {
    let mut stage = Stage::open();
    stage.grouped("low", Side::Buy, limit("99.00"), "100");
    stage.grouped("high", Side::Sell, limit("101.00"), "100");
    stage.grouped("now", Side::Buy, limit("100.01"), "100");
    assert_eq!(stage.phase("now"), BrokerPhase::Filled);
    assert_eq!((stage.phase("low"), stage.phase("high")), (BrokerPhase::Cancelled, BrokerPhase::Cancelled));
}

#[test]
fn two_of_a_group_never_both_trade_on_one_quote() {
    let mut stage = Stage::open();
    stage.grouped("first", Side::Buy, limit("99.50"), "100");
    stage.grouped("second", Side::Buy, limit("99.40"), "100");
    stage.quote("98.00", "98.02");
    assert_eq!(stage.fills("first"), ["100@99.50"]);
    assert!(stage.fills("second").is_empty());
}

#[test]
fn a_part_shrinks_the_others_by_the_same_share() {
    let mut stage = Stage::open();
    stage.grouped("large", Side::Buy, limit("99.00"), "100");
    stage.grouped("small", Side::Buy, limit("98.00"), "30");
    stage.sized("99.99", "1000", "100.01", "40");
    stage.grouped("part", Side::Buy, limit("100.01"), "100");
    assert_eq!((left(&stage, "large"), left(&stage, "small")), (units("60"), units("18")));
    stage.sized("99.99", "1000", "100.01", "60");
    assert_eq!(stage.phase("part"), BrokerPhase::Filled);
    assert_eq!(
        (stage.phase("small"), stage.phase("large")),
        (BrokerPhase::Cancelled, BrokerPhase::Cancelled)
    );
}

fn left(stage: &Stage, name: &str) -> tradeport_kernel::Quantity {
    let open = stage.exchange.open_orders();
    open.iter().find(|(order, _)| *order.intent.key() == key(name)).unwrap().0.quantity
}

fn of_effect(stage: &mut Stage, name: &str, effect: OcaEffect, kind: OrderKind, size: &str) {
    stage.order_with(name, Side::Buy, kind, |draft| {
        draft.oca = Some(OcaGroup::new(key("group")).with_effect(effect));
        draft.size = units(size).into();
    });
}

#[test]
fn a_group_that_cancels_ends_with_the_first_trade() {
    let mut stage = Stage::open();
    of_effect(&mut stage, "other", OcaEffect::CancelWithBlock, limit("99.00"), "100");
    stage.sized("99.99", "1000", "100.01", "40");
    of_effect(&mut stage, "part", OcaEffect::CancelWithBlock, limit("100.01"), "100");
    assert_eq!(stage.phase("other"), BrokerPhase::Cancelled);
    assert_eq!((stage.phase("part"), left(&stage, "part")), (BrokerPhase::Working, units("100")));
}

#[test]
fn only_a_block_keeps_a_quote_from_filling_two() {
    for (effect, second) in
        [(OcaEffect::CancelWithBlock, 0), (OcaEffect::ReduceWithBlock, 0), (OcaEffect::ReduceWithoutBlock, 1)]
    {
        let mut stage = Stage::open();
        of_effect(&mut stage, "first", effect, limit("99.50"), "100");
        of_effect(&mut stage, "second", effect, limit("99.40"), "100");
        of_effect(&mut stage, "third", effect, limit("90.00"), "100");
        stage.quote("98.00", "98.02");
        assert_eq!(stage.fills("first"), ["100@99.50"]);
        assert_eq!(stage.fills("second").len(), second, "{effect:?}");
        assert_eq!(stage.phase("third"), BrokerPhase::Cancelled);
    }
}

#[test]
fn what_one_of_a_group_kept_for_all_is_kept_by_the_next() {
    let mut stage = Stage::open();
    let cash = |draft: &mut OrderDraft| {
        draft.account = super::stage::account("CASH");
        draft.size = units("50").into();
    };
    let grouped = |draft: &mut OrderDraft| {
        cash(draft);
        draft.oca = Some(OcaGroup::new(key("group")));
    };
    stage.order_with("buy", Side::Buy, OrderKind::Market, cash);
    stage.order_with("first", Side::Sell, limit("101.00"), grouped);
    stage.order_with("second", Side::Sell, limit("102.00"), grouped);
    stage.cancel("first");
    stage.order_with("other", Side::Sell, limit("103.00"), cash);
    assert!(stage.refusal().contains("of which 50 are for sale"), "{}", stage.refusal());
    stage.cancel("second");
    stage.order_with("again", Side::Sell, limit("103.00"), cash);
    assert_eq!(stage.phase("again"), BrokerPhase::Working);
}

/// A bracket that comes order by order, but for its last one.
fn held(stage: &mut Stage) {
    for (name, side, kind) in
        [("parent", Side::Buy, OrderKind::Market), ("profit", Side::Sell, limit("101.00"))]
    {
        let account = super::stage::account("CASH");
        let symbol = super::stage::symbol();
        let draft = OrderDraft::new(key(name), account, symbol, side, units("50"), kind);
        let parent = (side == Side::Sell).then(|| key("parent"));
        stage.input(Input::Hold { intent: OrderDraft { parent, ..draft }.check().unwrap() });
    }
}

#[test]
fn a_family_that_is_held_back_sets_out_with_its_last_order() {
    for mut stage in [Stage::open(), Stage::slow(Duration::from_secs(1))] {
        held(&mut stage);
        let kept = serde_json::to_string(&stage.exchange).unwrap();
        assert_eq!(serde_json::from_str::<Exchange>(&kept).unwrap(), stage.exchange, "a sound state");
        for second in [115, 120] {
            stage.at(second);
            stage.quote("99.99", "100.01");
            assert_eq!(
                (stage.phase("parent"), stage.phase("profit")),
                (BrokerPhase::Held, BrokerPhase::Held)
            );
        }
        child(&mut stage, "stop", OrderKind::Stop { stop: price("99.00") });
        stage.at(130);
        assert_eq!(stage.fills("parent"), ["50@100.01"]);
        assert_eq!((stage.phase("profit"), stage.phase("stop")), (BrokerPhase::Working, BrokerPhase::Held));
        stage.quote("101.00", "101.02");
        stage.at(140);
        assert_eq!((stage.fills("profit").len(), stage.phase("stop")), (1, BrokerPhase::Cancelled));
        assert_eq!(stage.held("CASH"), number("0"));
    }
}

#[test]
fn a_family_that_never_gets_its_last_order_is_cancelled_with_its_parent() {
    let mut stage = Stage::open();
    held(&mut stage);
    stage.change("parent", Some("40"), None);
    stage.cancel("parent");
    stage.quote("99.99", "100.01");
    assert_eq!(
        (stage.phase("parent"), stage.phase("profit")),
        (BrokerPhase::Cancelled, BrokerPhase::Cancelled)
    );
    assert!(stage.fills("parent").is_empty());
    assert_eq!(stage.exchange.reserved(&super::stage::account("CASH")), Some(number("0")));
}
