//! Orders for money, and what this exchange cannot do and says so.

use super::stage::{Stage, limit, number, units};
use tradeport_kernel::{Currency, Money, Timestamp};
use tradeport_orders::{
    BrokerPhase, Condition, Conditions, MidPeg, OrderDraft, OrderKind, OrderSize, Side, Threshold,
    TimeInForce,
};

fn usd(amount: &str) -> OrderSize {
    OrderSize::Cash(Money::new(number(amount), Currency::USD))
}

fn for_money(stage: &mut Stage, name: &str, side: Side, kind: OrderKind, amount: &str) {
    stage.order_with(name, side, kind, |draft| draft.size = usd(amount));
}

#[test]
fn money_buys_the_whole_lots_that_it_pays_for() {
    let mut stage = Stage::open();
    for_money(&mut stage, "market", Side::Buy, OrderKind::Market, "1000");
    let status = stage.status("market");
    assert_eq!((status.phase, status.filled), (BrokerPhase::Filled, number("9")), "at 100.01 each");
    for_money(&mut stage, "limit", Side::Buy, limit("99.00"), "1000");
    stage.quote("98.90", "98.95");
    assert_eq!(stage.status("limit").filled, number("10"), "as many as its own price pays for");
    for_money(&mut stage, "sell", Side::Sell, OrderKind::Market, "500");
    assert_eq!(stage.status("sell").filled, number("5"), "at 98.90 each");
}

#[test]
fn money_that_buys_nothing_is_refused() {
    let mut stage = Stage::open();
    for_money(&mut stage, "little", Side::Buy, OrderKind::Market, "100");
    assert_eq!(stage.refusal(), "100.00 USD buys less than one lot at 100.01");
    let euro = OrderSize::Cash(Money::new(number("100"), "EUR".parse().unwrap()));
    stage.order_with("foreign", Side::Buy, OrderKind::Market, |draft| draft.size = euro);
    assert_eq!(stage.refusal(), "100.00 EUR is not in USD, in which AAPL is priced");
    let mut blind = Stage::closed();
    blind.at(110);
    for_money(&mut blind, "blind", Side::Buy, OrderKind::Market, "1000");
    assert_eq!(blind.refusal(), "no quote of AAPL has been seen, so what it costs is unknown");
}

#[test]
fn what_money_has_sized_keeps_its_size() {
    let mut stage = Stage::open();
    for_money(&mut stage, "a", Side::Buy, limit("99.00"), "1000");
    stage.change("a", Some("5"), None);
    assert_eq!(
        stage.refusal(),
        "this exchange does not support another quantity for an order that money sizes"
    );
}

#[test]
fn what_cannot_be_done_is_refused_by_name() {
    let mut stage = Stage::open();
    let mut refused = |kind: OrderKind, change: &dyn Fn(OrderDraft) -> OrderDraft| {
        stage.order_with("a", Side::Buy, kind, |draft| *draft = change(draft.clone()));
        stage.refusal().to_owned()
    };
    let pegged = OrderKind::PegMid { limit: None, by: MidPeg::At };
    assert_eq!(refused(pegged, &|draft| draft), "this exchange does not trade PEG MID orders");
    assert_eq!(
        refused(limit("99"), &|draft| draft.with_time_in_force(TimeInForce::GoodTillCrossing)),
        "this exchange does not know the time in force GTX"
    );
    let late = Condition::Time { side: Threshold::Above, at: Timestamp::EPOCH };
    assert_eq!(
        refused(limit("99"), &|draft| draft.under(Conditions::when(late.clone()))),
        "this exchange does not support conditions"
    );
    assert_eq!(
        refused(limit("99"), &|draft| draft.hidden()),
        "this exchange does not support a way of showing itself or filling"
    );
}

#[test]
fn who_entered_an_order_changes_nothing() {
    let mut stage = Stage::open();
    stage.order_with("a", Side::Buy, OrderKind::Market, |draft| {
        draft.size = units("10").into();
        draft.attributes.compliance.tag.operator = Some("desk-7".parse().unwrap());
    });
    assert_eq!(stage.phase("a"), BrokerPhase::Filled);
}

#[test]
fn a_good_till_time_order_ends_like_a_good_till_date_order() {
    let mut stage = Stage::open();
    stage.lasting("a", Side::Buy, limit("99.00"), TimeInForce::GoodTillTime(Timestamp::from_seconds(120)));
    assert_eq!(stage.phase("a"), BrokerPhase::Working);
    stage.at(120);
    assert_eq!(stage.phase("a"), BrokerPhase::Expired);
}
