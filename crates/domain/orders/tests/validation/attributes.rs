//! Attributes.

use crate::support::*;
use tradeport_contracts::ContractId;
use tradeport_orders::algo::ib::Adaptive;
use tradeport_orders::validation::Rule;
use tradeport_orders::{
    Condition, Conditions, OcaEffect, OcaGroup, OrderKind, Scale, Threshold, TriggerMethod, Watched,
};

#[test]
fn trigger_methods() {
    let order = buy(stop("10")).triggered_by(TriggerMethod::Last);
    assert_eq!(refused(&order, &stock()), NONE);
    let said =
        "a currency pair is not triggered by last: double bid/ask, bid/ask, midpoint would be accepted";
    assert_eq!(refused(&order, &forex()), [said]);
    assert_eq!(found(&order, &forex()).refusals()[0].rule(), Rule::Attribute);
    let either = buy(stop("10")).triggered_by(TriggerMethod::LastOrBidAsk);
    let said = "an option is not triggered by last or bid/ask: double bid/ask, last, double last, bid/ask, midpoint would be accepted";
    assert_eq!(refused(&either, &option()), [said]);
}

#[test]
fn trigger_methods_of_conditions() {
    let watching = |id| {
        let watched = Watched::new(ContractId::new(id), "IDEALPRO".parse().unwrap());
        let method = Some(TriggerMethod::DoubleLast);
        let low = Condition::Price { watched, side: Threshold::Below, price: price("1"), method };
        buy(limit("10")).under(Conditions::when(low))
    };
    let said = "a currency pair is not triggered by double last: double bid/ask, bid/ask, midpoint would be accepted";
    assert_eq!(refused(&watching(7), &forex()), [said]);
    assert_eq!(refused(&watching(8), &forex()), NONE, "another instrument, of which nothing is known");
}

#[test]
fn conditions_that_cancel() {
    let under = |kind| {
        let watched = Watched::new(ContractId::new(7), "SMART".parse().unwrap());
        let low = Condition::Price { watched, side: Threshold::Below, price: price("1"), method: None };
        buy(kind).under(Conditions::when(low).cancel_order())
    };
    assert_eq!(refused(&under(limit("10")), &stock()), NONE);
    assert_eq!(refused(&under(OrderKind::MidPrice { cap: None }), &stock()), NONE);
    let said = "conditions cannot cancel MKT orders: LMT or MIDPRICE would be accepted";
    assert_eq!(refused(&under(OrderKind::Market), &stock()), [said]);
    let said = "conditions cannot cancel STP orders: LMT or MIDPRICE would be accepted";
    assert_eq!(refused(&under(stop("10")), &stock()), [said]);
}

#[test]
fn what_combos_cannot_say() {
    let order = buy(limit("1")).good_after(at("2026-07-01T00:00:00Z")).with_min_quantity(5);
    let said = [
        "a start at a moment is for single instruments: a combo was given",
        "a minimum quantity is for single instruments: a combo was given",
    ];
    assert_eq!(refused(&order, &combo(2)), said);
    let group = |effect| buy(limit("1")).in_group(OcaGroup::new("g".parse().unwrap()).with_effect(effect));
    let said =
        "orders for combos are grouped to reduce without block: that effect, or none, would be accepted";
    assert_eq!(refused(&group(OcaEffect::CancelWithBlock), &combo(2)), [said]);
    assert_eq!(refused(&group(OcaEffect::ReduceWithoutBlock), &combo(2)), NONE);
    assert_eq!(refused(&group(OcaEffect::CancelWithBlock), &stock()), NONE);
}

#[test]
fn shown_and_at_discretion() {
    let order = buy(limit("10")).showing(10).with_discretion(number("0.05"));
    let said = "an order with a display size has no discretionary amount: one of the two would be accepted";
    assert_eq!(refused(&order, &stock()), [said]);
}

#[test]
fn sweeps() {
    let order = buy(limit("10")).sweeping();
    assert_eq!(warned(&order, &stock()), NONE);
    let said = "sweep to fill has no effect but for US stocks that are routed by SMART";
    assert_eq!(warned(&order, &option()), [said]);
}

#[test]
fn algos() {
    let adaptive = || Adaptive::new().build().unwrap();
    assert_eq!(refused(&buy(limit("10")).worked_by(adaptive()), &stock()), NONE);
    let said = "ib Adaptive does not work with STP, expected one of MKT, LMT";
    assert_eq!(refused(&buy(stop("10")).worked_by(adaptive()), &stock()), [said]);
}

#[test]
fn what_the_brokers_list_does_not_name() {
    let list = "DAY,LMT";
    let order = buy(limit("10")).all_or_none().showing(10).scaled(Scale::steps(10, number("0.05")));
    let said = |word| format!("the broker's list for IT does not name {word}");
    assert_eq!(warned(&order, &with_kinds(stock(), list)), [said("AON"), said("ICE"), said("SCALE")]);
    let cash = tradeport_orders::OrderDraft { size: dollars("500"), ..buy(OrderKind::Market) };
    let hidden = cash.hidden();
    assert_eq!(warned(&hidden, &with_kinds(stock(), "DAY,MKT")), [said("HID"), said("CASHQTY")]);
    assert_eq!(warned(&hidden, &with_kinds(stock(), "DAY,MKT,HID,CASHQTY")), NONE);
}
