//! Changes under way, what validation stops, and cancels that say who asked for them.

use super::*;

pub(super) fn to(quantity: u32) -> OrderChange {
    OrderChange::to_quantity(Quantity::new(quantity.into()).unwrap())
}

pub(super) fn asked(quantity: u32) -> OrderInput {
    OrderInput::ChangeRequested { change: to(quantity) }
}

#[test]
fn while_a_change_is_under_way_the_larger_wording_counts() {
    let working = [OrderInput::Sent, status(BrokerPhase::Working)];
    for (wanted, open) in [(25, 25), (5, 10)] {
        let (order, _) = after(10, &[&working[..], &[asked(wanted)]].concat());
        assert_eq!(order.open_quantity(), Some(Decimal::from(open)));
        assert_eq!(order.quantity(), Quantity::new(Decimal::TEN).ok(), "nothing is different yet");
        let pending = order.pending_change().unwrap();
        assert_eq!((pending.change(), pending.is_unknown()), (&to(wanted), false));
        let refused = to(7).check(&order).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "another change of the order is not answered yet: wait for the broker's answer"
        );
    }
}

#[test]
fn a_verdict_on_a_change_leaves_the_order_as_it_was() {
    let begin = [OrderInput::Sent, status(BrokerPhase::Working), asked(25)];
    let with = |input: OrderInput| after(10, &[&begin[..], &[input]].concat());
    let refused = || OrderInput::RiskRefused { rule: "r".into(), number: "2".into(), limit: "1".into() };
    let (order, anomaly) = with(OrderInput::RiskApproved { findings: Vec::new().into() });
    assert_eq!((order.state(), anomaly), (OrderState::Working, None));
    assert_eq!(order.pending_change().map(|pending| pending.change()), Some(&to(25)), "it goes on");
    let (order, anomaly) = with(refused());
    assert_eq!((order.state(), order.pending_change(), order.reason()), (OrderState::Working, None, None));
    assert_eq!((anomaly, order.open_quantity()), (None, Some(Decimal::TEN)));
    // Nothing is judged any more once its answer is lost.
    let lost = OrderInput::ChangeOutcomeUnknown { reason: "silence".into() };
    let (order, anomaly) = after(10, &[&begin[..], &[lost, refused()]].concat());
    assert_eq!(anomaly, Some(Anomaly::OutOfPlace));
    assert!(order.pending_change().is_some());
}

#[test]
fn an_answer_ends_a_change_and_the_lack_of_one_does_not() {
    let begin = [OrderInput::Sent, status(BrokerPhase::Working), asked(25)];
    let with = |input: OrderInput| after(10, &[&begin[..], &[input]].concat()).0;
    let made = with(OrderInput::Changed { change: to(25) });
    assert_eq!((made.pending_change(), made.open_quantity()), (None, Some(Decimal::from(25))));
    let refused = with(OrderInput::ChangeRefused { reason: "no".into(), by: RefusedBy::Broker });
    assert_eq!((refused.pending_change(), refused.open_quantity()), (None, Some(Decimal::TEN)));
    let unknown = with(OrderInput::ChangeOutcomeUnknown { reason: "silence".into() });
    assert!(unknown.pending_change().unwrap().is_unknown());
    assert_eq!((unknown.state(), unknown.open_quantity()), (OrderState::Working, Some(Decimal::from(25))));
    let ended = with(status(BrokerPhase::Cancelled));
    assert_eq!((ended.pending_change(), ended.open_quantity()), (None, Some(Decimal::ZERO)));
}

#[test]
fn an_order_that_may_have_grown_is_not_filled_by_what_it_was() {
    let begin = [OrderInput::Sent, status(BrokerPhase::Working), asked(25), execution("a", 1, 10)];
    let (order, anomaly) = after(10, &begin);
    assert_eq!((order.state(), anomaly), (OrderState::Working, None));
    let with = |input: OrderInput| after(10, &[&begin[..], &[input]].concat());
    assert_eq!(
        with(OrderInput::ChangeRefused { reason: "no".into(), by: RefusedBy::Broker }).0.state(),
        OrderState::Filled
    );
    assert_eq!(with(filled(10)).0.state(), OrderState::Filled);
    let (grown, anomaly) = with(execution("b", 1, 15));
    assert_eq!((grown.state(), anomaly), (OrderState::Filled, None), "25 were asked for");
    let (_, anomaly) = with(execution("b", 1, 16));
    assert_eq!(anomaly, Some(Anomaly::Overfilled));
}

#[test]
fn what_trades_beyond_the_old_size_proves_the_change() {
    let begin = [OrderInput::Sent, status(BrokerPhase::Working), asked(25)];
    let (order, _) = after(10, &[&begin[..], &[execution("a", 1, 10)]].concat());
    assert!(order.pending_change().is_some(), "ten are of either size");
    for more in [1, 15] {
        let traded = [execution("a", 1, 10), execution("b", 1, more)];
        let (order, anomaly) = after(10, &[&begin[..], &traded].concat());
        assert_eq!((order.pending_change(), order.quantity()), (None, Quantity::new(25.into()).ok()));
        assert_eq!((order.overfilled(), anomaly), (None, None), "no more than was asked for");
    }
    let ended = [status(BrokerPhase::Cancelled), execution("a", 1, 25)];
    let (order, anomaly) = after(10, &[&begin[..], &ended].concat());
    assert_eq!((order.overfilled(), anomaly), (None, None), "it had grown before it was cancelled");
    let smaller = [OrderInput::Sent, status(BrokerPhase::Working), asked(5), execution("a", 1, 11)];
    assert_eq!(after(10, &smaller).1, Some(Anomaly::Overfilled), "smaller is not what made room for it");
    let longer = OrderChange::with_time_in_force(to(10), TimeInForce::GoodTillCancelled);
    let same = [OrderInput::ChangeRequested { change: longer }, execution("a", 1, 11)];
    let (order, anomaly) = after(10, &[&begin[..2], &same].concat());
    assert_eq!(
        (order.wording().time_in_force(), anomaly),
        (TimeInForce::Day, Some(Anomaly::Overfilled)),
        "nor as large"
    );
}

#[test]
fn the_word_filled_tells_which_wording_holds() {
    let begin = [OrderInput::Sent, status(BrokerPhase::Working), asked(25)];
    for (traded, quantity) in [(25, 25), (10, 10)] {
        let inputs = [&begin[..], &[filled(traded), execution("a", 1, traded)]].concat();
        let (order, anomaly) = after(10, &inputs);
        assert_eq!((order.state(), anomaly), (OrderState::Filled, None));
        assert_eq!(order.quantity(), Quantity::new(quantity.into()).ok());
    }
}

#[test]
fn a_second_change_while_one_is_under_way_makes_no_sense() {
    let begin = [OrderInput::Sent, status(BrokerPhase::Working), asked(25), asked(40)];
    let (order, anomaly) = after(10, &begin);
    assert_eq!((order.open_quantity(), anomaly), (Some(Decimal::from(25)), Some(Anomaly::OutOfPlace)));
    let lost = OrderInput::ChangeOutcomeUnknown { reason: "silence".into() };
    assert_eq!(after(10, &[OrderInput::Sent, lost]).1, Some(Anomaly::OutOfPlace), "nothing was asked for");
}

#[test]
fn what_validation_stops_is_refused_with_every_reason() {
    let rule = |rule: &str, words: &str| BrokenRule { rule: rule.into(), words: words.into() };
    let broken = vec![rule("price", "not a step"), rule("size", "not a lot")];
    let (order, anomaly) = after(10, &[OrderInput::ValidationRefused { broken: broken.clone() }]);
    assert_eq!(
        (order.state(), order.reason(), anomaly),
        (OrderState::Refused, Some("not a step; not a lot"), None)
    );
    let (sent, anomaly) = after(10, &[OrderInput::Sent, OrderInput::ValidationRefused { broken }]);
    assert_eq!((sent.state(), anomaly), (OrderState::Sent, Some(Anomaly::OutOfPlace)));
}

/// Journals that were written before cancels said who asked for them.
#[test]
fn a_cancel_without_a_word_reads_and_is_written_as_it_always_was() {
    let old = r#"{"input":"cancel_requested"}"#;
    let silent = OrderInput::CancelRequested { tag: CancelTag::default() };
    assert_eq!(serde_json::from_str::<OrderInput>(old).unwrap(), silent);
    assert_eq!(serde_json::to_string(&silent).unwrap(), old);
    let tag = CancelTag { operator: Some("desk-7".parse().unwrap()), ..CancelTag::default() };
    let told = OrderInput::CancelRequested { tag };
    let text = serde_json::to_string(&told).unwrap();
    assert_eq!(serde_json::from_str::<OrderInput>(&text).unwrap(), told, "{text}");
}
