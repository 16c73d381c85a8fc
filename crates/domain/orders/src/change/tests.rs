//! What may be changed, and when.

use super::*;
use crate::{BrokerPhase, BrokerStatus, Condition, OrderInput, Side, Threshold, TrailBy};
use tradeport_kernel::{Currency, Money, Price, Timestamp};

fn price(text: &str) -> Price {
    text.parse().unwrap()
}

fn units(text: &str) -> Quantity {
    text.parse().unwrap()
}

fn limit(text: &str) -> OrderKind {
    OrderKind::Limit { limit: price(text) }
}

fn order(kind: OrderKind, size: OrderSize, phases: &[BrokerPhase]) -> Order {
    let (key, account) = ("a".parse().unwrap(), "DU1".parse().unwrap());
    let draft = OrderDraft::new(key, account, "AAPL".parse().unwrap(), Side::Buy, size, kind);
    let mut order = Order::open(draft.check().unwrap(), Timestamp::EPOCH);
    order.apply(&OrderInput::Sent, Timestamp::EPOCH);
    for phase in phases {
        let status = BrokerStatus { phase: *phase, filled: Decimal::from(4), perm_id: None, reason: None };
        order.apply(&OrderInput::Status { status }, Timestamp::EPOCH);
    }
    order
}

fn working() -> Order {
    order(limit("30"), OrderSize::Units(units("10")), &[BrokerPhase::Working])
}

#[test]
fn prices_quantity_time_sessions_and_conditions_may_change() {
    let late = Condition::Time { side: Threshold::Above, at: Timestamp::EPOCH };
    let change = OrderChange {
        quantity: Some(units("5")),
        kind: Some(limit("31")),
        time_in_force: Some(TimeInForce::GoodTillCancelled),
        outside_sessions: Some(true),
        conditions: Some(ConditionChange::To(Conditions::when(late))),
    };
    let mut order = working();
    let changed = change.check(&order).unwrap();
    assert_eq!((changed.quantity(), changed.kind()), (Some(units("5")), &limit("31")));
    assert!(changed.outside_sessions() && changed.attributes().conditions.is_some());
    assert_eq!(changed.key(), order.intent().key());

    order.apply(&OrderInput::Changed { change }, Timestamp::EPOCH);
    assert_eq!((order.wording(), order.quantity()), (&changed, Some(units("5"))));
    assert_eq!(order.intent().quantity(), Some(units("10")), "what was wanted first stays");
    let remove = OrderChange::default().with_conditions(ConditionChange::Remove);
    assert!(remove.check(&order).unwrap().attributes().conditions.is_none());
}

#[test]
fn an_order_may_become_a_market_order_and_nothing_else() {
    let to_market = OrderChange::to_kind(OrderKind::Market);
    assert_eq!(to_market.check(&working()).unwrap().kind(), &OrderKind::Market);
    let auction = order(OrderKind::MarketOnClose, OrderSize::Units(units("10")), &[BrokerPhase::Held]);
    assert_eq!(
        to_market.check(&auction).unwrap_err().to_string(),
        "a MOC order cannot become a MKT order: cancel it and place another"
    );
    assert_eq!(
        OrderChange::to_kind(OrderKind::Stop { stop: price("29") })
            .check(&working())
            .unwrap_err()
            .to_string(),
        "a LMT order cannot become a STP order: cancel it and place another"
    );
}

#[test]
fn every_refusal_says_why() {
    use BrokerPhase as P;
    let ten = OrderSize::Units(units("10"));
    let cash = OrderSize::Cash(Money::new(Decimal::from(500), Currency::USD));
    let five = OrderChange::to_quantity(units("5"));
    let trail = OrderKind::Trail { by: TrailBy::Amount(Decimal::ONE), stop: None };
    let backwards = OrderKind::Trail { by: TrailBy::Amount(Decimal::NEGATIVE_ONE), stop: None };
    let cases = [
        (
            working(),
            OrderChange::default(),
            "nothing is to be changed: give a quantity, prices, a time in force, sessions or conditions",
        ),
        (
            order(limit("30"), ten, &[P::Working, P::Cancelled]),
            five.clone(),
            "the order is cancelled: an order that has ended cannot be changed, place another",
        ),
        (
            order(limit("30"), ten, &[P::CancelPending]),
            five.clone(),
            "the order is being cancelled: wait for the broker's answer",
        ),
        (
            order(limit("30"), ten, &[]),
            five.clone(),
            "the order is sent: it can be changed once the broker has taken it",
        ),
        (
            working(),
            OrderChange::to_quantity(units("4")),
            "4 have traded already: a quantity of 4 is too little, cancel the rest instead",
        ),
        (
            order(limit("30"), cash, &[P::Working]),
            five,
            "the order is for 500.00 USD: its quantity is the broker's to say",
        ),
        (
            order(trail, ten, &[P::Working]),
            OrderChange::to_kind(backwards),
            "the changed order would not do: a trail of -1 is not a distance: it must be above zero, and below 100 in \
             percent",
        ),
    ];
    for (order, change, wanted) in cases {
        assert_eq!(change.check(&order).unwrap_err().to_string(), wanted);
    }
}

/// The execution is here, and the broker's word on the order is of before it.
#[test]
fn what_has_traded_by_the_executions_bounds_a_change_as_well() {
    let mut order = order(limit("30"), OrderSize::Units(units("10")), &[BrokerPhase::Working]);
    let execution = crate::Execution {
        id: crate::ExecutionId::new("x", 1),
        key: None,
        perm_id: tradeport_kernel::PermId::new(7),
        account: "DU1".parse().unwrap(),
        symbol: "AAPL".parse().unwrap(),
        side: Side::Buy,
        quantity: units("6"),
        price: price("30"),
        at: Timestamp::EPOCH,
        part: crate::ExecutedPart::Whole,
    };
    order.apply(&OrderInput::Executed { execution }, Timestamp::EPOCH);
    let refused = OrderChange::to_quantity(units("6")).check(&order).unwrap_err();
    assert!(matches!(refused, ChangeRefusal::BelowFilled { filled, .. } if filled == Decimal::from(6)));
    assert!(OrderChange::to_quantity(units("7")).check(&order).is_ok());
}

#[test]
fn nothing_changes_while_it_waits_for_the_rest_of_its_family() {
    let (key, account) = ("a".parse().unwrap(), "DU1".parse().unwrap());
    let size = OrderSize::Units(units("10"));
    let draft = OrderDraft::new(key, account, "AAPL".parse().unwrap(), Side::Buy, size, limit("30"));
    let mut order = Order::open(draft.check().unwrap(), Timestamp::EPOCH);
    let accepted = OrderInput::Accepted { perm_id: None, broker_order_id: None };
    for input in [OrderInput::Sent, OrderInput::HeldBack, accepted] {
        order.apply(&input, Timestamp::EPOCH);
    }
    let five = OrderChange::to_quantity(units("5"));
    assert_eq!(five.check(&order).unwrap_err(), ChangeRefusal::HeldBack);
    order.apply(&OrderInput::Released, Timestamp::EPOCH);
    assert!(five.check(&order).is_ok());
}

#[test]
fn nothing_changes_while_a_cancel_is_under_way() {
    let mut order = working();
    order.apply(&OrderInput::CancelRequested { tag: crate::CancelTag::default() }, Timestamp::EPOCH);
    let refused = OrderChange::to_quantity(units("5")).check(&order).unwrap_err();
    assert_eq!(refused.to_string(), "the order is being cancelled: wait for the broker's answer");
}

#[test]
fn older_documents_of_changes_are_read() {
    let change: OrderChange = serde_json::from_str(r#"{"quantity":"7","kind":null}"#).unwrap();
    assert_eq!(change, OrderChange::to_quantity(units("7")));
    let text = serde_json::to_string(&change).unwrap();
    assert_eq!(text, r#"{"quantity":"7","kind":null}"#);
}

#[test]
fn more_that_is_to_be_different_is_added_to_what_was_asked_for() {
    let change = OrderChange::to_quantity(units("7"))
        .with_time_in_force(TimeInForce::GoodTillCancelled)
        .with_outside_sessions(true);
    let wanted = (Some(units("7")), Some(TimeInForce::GoodTillCancelled), Some(true));
    assert_eq!((change.quantity, change.time_in_force, change.outside_sessions), wanted);
}
