//! What the broker, or the way to it, says of an order: late, twice, or of one that it has shown before.

use super::*;

fn not_sent() -> OrderInput {
    OrderInput::NotSent { reason: "no link".into() }
}

/// A word of the broker on one of its numbers.
fn told(number: i64, phase: BrokerPhase, filled: u32) -> OrderInput {
    let (filled, perm_id, reason) = (Decimal::from(filled), Some(PermId::new(number)), Some("why".into()));
    OrderInput::Status { status: BrokerStatus { phase, filled, perm_id, reason } }
}

fn traded(root: &str, number: i64, quantity: u32) -> OrderInput {
    let OrderInput::Executed { execution } = execution(root, 1, quantity) else { unreachable!() };
    OrderInput::Executed { execution: Execution { perm_id: PermId::new(number), ..execution } }
}

fn applied(mut order: Order, inputs: &[OrderInput]) -> (Order, Option<Anomaly>) {
    let mut anomaly = None;
    for input in inputs {
        anomaly = order.apply(input, Timestamp::EPOCH).anomaly;
    }
    (order, anomaly)
}

#[test]
fn a_send_that_failed_for_certain_ends_what_the_broker_has_not_shown() {
    let (order, anomaly) = after(10, &[OrderInput::Sent, not_sent()]);
    assert_eq!((order.state(), order.reason(), anomaly), (OrderState::NotSent, Some("no link"), None));
    let (order, anomaly) = after(10, &[OrderInput::Sent, status(BrokerPhase::Working), not_sent()]);
    assert_eq!((order.state(), anomaly), (OrderState::Working, Some(Anomaly::OutOfPlace)), "it was shown");
    let (order, anomaly) = after(10, &[OrderInput::Sent, OrderInput::LinkLost, not_sent()]);
    assert_eq!((order.state(), anomaly), (OrderState::Unknown, Some(Anomaly::OutOfPlace)), "it may be there");
}

#[test]
fn an_order_that_was_taken_for_absent_lives_when_the_broker_has_it() {
    let absent = [OrderInput::Sent, OrderInput::LinkLost, OrderInput::ProvenAbsent];
    for gone in [absent.to_vec(), vec![OrderInput::Sent, not_sent()]] {
        let then = |input: OrderInput| {
            let (order, anomaly) = after(10, &[&gone[..], &[input]].concat());
            assert_eq!(anomaly, Some(Anomaly::SeenAfterAbsent));
            (order.state(), order.open_quantity(), order.reason().map(str::to_owned))
        };
        let ten = Some(Decimal::TEN);
        let accepted = OrderInput::Accepted { perm_id: None, broker_order_id: None };
        assert_eq!(then(accepted), (OrderState::Working, ten, None), "its answer came late");
        assert_eq!(then(status(BrokerPhase::Held)), (OrderState::Held, ten, None));
        assert_eq!(then(told(7, BrokerPhase::Working, 0)), (OrderState::Working, ten, None));
        assert_eq!(then(told(7, BrokerPhase::Filled, 10)), (OrderState::Working, ten, None), "money decides");
        let ended = then(told(7, BrokerPhase::Cancelled, 0));
        assert_eq!(ended, (OrderState::Cancelled, Some(Decimal::ZERO), Some("why".to_owned())));
        assert_eq!(then(traded("a", 7, 4)), (OrderState::Working, Some(Decimal::from(6)), None));
    }
}

#[test]
fn only_another_end_after_the_end_is_odd() {
    let ends = |first, second| after(10, &[OrderInput::Sent, told(7, first, 0), told(7, second, 0)]);
    let (order, anomaly) = ends(BrokerPhase::Cancelled, BrokerPhase::Cancelled);
    assert_eq!((order.state(), anomaly), (OrderState::Cancelled, None), "the same word again");
    let (order, anomaly) = ends(BrokerPhase::Cancelled, BrokerPhase::Expired);
    assert_eq!((order.state(), anomaly), (OrderState::Cancelled, Some(Anomaly::StatusAfterEnd)));
    let (order, anomaly) = ends(BrokerPhase::Cancelled, BrokerPhase::Filled);
    assert_eq!((order.state(), anomaly), (OrderState::Cancelled, Some(Anomaly::StatusAfterEnd)));
    let (order, anomaly) =
        after(10, &[OrderInput::Sent, traded("a", 7, 10), told(7, BrokerPhase::Filled, 10)]);
    assert_eq!((order.state(), anomaly), (OrderState::Filled, None), "money said so before");
}

#[test]
fn that_the_broker_has_no_trace_of_what_has_ended_is_as_it_should_be() {
    let (order, anomaly) =
        after(10, &[OrderInput::Sent, told(7, BrokerPhase::Cancelled, 0), OrderInput::ProvenAbsent]);
    assert_eq!((order.state(), anomaly), (OrderState::Cancelled, None));
}

#[test]
fn what_is_held_back_is_held_until_it_is_let_go_or_trades() {
    let accepted = OrderInput::Accepted { perm_id: None, broker_order_id: None };
    let begin = [OrderInput::HeldBack, OrderInput::Sent];
    let (order, anomaly) = after(10, &[&begin[..], std::slice::from_ref(&accepted)].concat());
    assert_eq!((order.state(), order.is_held_back(), anomaly), (OrderState::Held, true, None));
    for lets_go in [OrderInput::Released, traded("a", 7, 1)] {
        let (order, _) = after(10, &[&begin[..], &[lets_go]].concat());
        assert!(!order.is_held_back());
    }
    let (order, _) = after(10, &[OrderInput::Sent, accepted.clone()]);
    assert_eq!((order.state(), order.is_held_back()), (OrderState::Working, false));
    let (order, anomaly) = after(10, &[OrderInput::Sent, accepted, OrderInput::HeldBack]);
    assert_eq!((order.is_held_back(), anomaly), (false, Some(Anomaly::OutOfPlace)), "it works already");
}

#[test]
fn numbers_stay_until_another_is_told() {
    let numbers = |perm_id: Option<i64>, id: Option<i32>| OrderInput::Accepted {
        perm_id: perm_id.map(PermId::new),
        broker_order_id: id.map(|id| BrokerOrderId::new(id.into())),
    };
    let (order, _) = after(10, &[OrderInput::Sent, numbers(Some(7), Some(3)), numbers(None, None)]);
    assert_eq!(
        (order.perm_id(), order.broker_order_id()),
        (Some(PermId::new(7)), Some(BrokerOrderId::new(3)))
    );
    // Zero is what brokers say before they have given a number.
    let (order, _) = after(10, &[numbers(Some(7), None), traded("a", 0, 10)]);
    assert_eq!((order.perm_id(), order.state()), (Some(PermId::new(7)), OrderState::Filled));
    let (order, _) = after(10, &[numbers(Some(0), None), traded("a", 7, 1)]);
    assert_eq!(order.perm_id(), Some(PermId::new(7)));
}

#[test]
fn what_the_broker_says_has_traded_is_added_up_over_its_numbers() {
    let words = [told(1, BrokerPhase::Working, 3), told(2, BrokerPhase::Working, 4)];
    let (order, _) = after(10, &words);
    assert_eq!(order.reported_filled(), Decimal::from(7));
}

#[test]
fn a_number_that_is_proven_gone_no_longer_counts() {
    let both = [told(1, BrokerPhase::Working, 0), told(2, BrokerPhase::Working, 0)];
    let gone = |number| OrderInput::TwinGone { perm_id: PermId::new(number) };
    let (order, anomaly) = applied(order(10), &[&both[..], &[gone(2)]].concat());
    assert_eq!((order.perm_id(), order.has_live_twin(), anomaly), (Some(PermId::new(1)), false, None));
    assert_eq!(order.open_quantity(), Some(Decimal::TEN));
    let (order, anomaly) = applied(super::order(10), &[&both[..], &[gone(1)]].concat());
    assert_eq!((order.perm_id(), order.has_live_twin(), anomaly), (Some(PermId::new(2)), false, None));
    assert_eq!(order.open_quantity(), Some(Decimal::TEN));
    let (order, anomaly) = applied(super::order(10), &[both[0].clone(), gone(1)]);
    assert_eq!(
        (order.state(), anomaly),
        (OrderState::Working, Some(Anomaly::AbsentAfterSeen)),
        "the last one"
    );
}

#[test]
fn the_one_that_is_followed_next_stands_where_the_broker_put_it() {
    for (phase, state) in [
        (BrokerPhase::Held, OrderState::Held),
        (BrokerPhase::Working, OrderState::Working),
        (BrokerPhase::CancelPending, OrderState::CancelPending),
    ] {
        let words = [told(1, BrokerPhase::Working, 0), told(2, phase, 0), told(1, BrokerPhase::Cancelled, 0)];
        let (order, _) = after(10, &words);
        assert_eq!((order.perm_id(), order.state()), (Some(PermId::new(2)), state));
    }
}

#[test]
fn how_the_one_before_ended_is_remembered() {
    let traded_in_full = traded("a", 1, 10);
    for (end, phase) in [
        (told(1, BrokerPhase::Cancelled, 0), BrokerPhase::Cancelled),
        (told(1, BrokerPhase::Expired, 0), BrokerPhase::Expired),
        (told(1, BrokerPhase::Refused, 0), BrokerPhase::Refused),
        (traded_in_full, BrokerPhase::Filled),
    ] {
        let begin = [told(1, BrokerPhase::Working, 0), end, told(2, BrokerPhase::Working, 0)];
        let (order, _) = after(10, &begin);
        assert_eq!(
            (order.perm_id(), order.state()),
            (Some(PermId::new(2)), OrderState::Working),
            "{phase:?}"
        );
        let twins: Vec<_> = order.twins().map(|(number, twin)| (number, twin.phase())).collect();
        assert_eq!(twins, [(PermId::new(1), phase)]);
    }
}

/// Nobody knows how large an order for money is, nor how large another of its numbers.
mod for_money_twice {
    use super::*;

    const BOTH: [(i64, BrokerPhase); 2] = [(1, BrokerPhase::Working), (2, BrokerPhase::Working)];

    fn both() -> Vec<OrderInput> {
        BOTH.iter().map(|(number, phase)| told(*number, *phase, 0)).collect()
    }

    #[test]
    fn the_word_filled_ends_one_number_once_its_money_is_here() {
        let filled = |inputs: &[OrderInput]| applied(for_money(), &[&both()[..], inputs].concat()).0;
        let order = filled(&[traded("a", 1, 30), told(1, BrokerPhase::Filled, 30)]);
        assert_eq!((order.perm_id(), order.state()), (Some(PermId::new(2)), OrderState::Working));
        assert_eq!(order.open_quantity(), None, "nobody knows how large the other is");
        let order = filled(&[traded("a", 1, 20), told(1, BrokerPhase::Filled, 30)]);
        assert_eq!(order.perm_id(), Some(PermId::new(1)), "10 are still to come");
        let order = filled(&[told(1, BrokerPhase::Filled, 0)]);
        assert_eq!(order.perm_id(), Some(PermId::new(1)), "filled by nothing is no end");
    }

    #[test]
    fn the_word_filled_does_not_undo_another_end() {
        let ends =
            [traded("a", 2, 4), told(1, BrokerPhase::Cancelled, 0), told(2, BrokerPhase::Cancelled, 4)];
        let (order, _) = applied(for_money(), &[&both()[..], &ends].concat());
        assert_eq!((order.perm_id(), order.state()), (Some(PermId::new(2)), OrderState::Cancelled));
        let (order, anomaly) = applied(order, &[told(2, BrokerPhase::Filled, 4)]);
        assert_eq!((order.state(), anomaly), (OrderState::Cancelled, Some(Anomaly::StatusAfterEnd)));
    }
}

#[test]
fn an_order_that_is_given_up_says_by_whom_and_why() {
    let gone = || OrderInput::GivenUp { by: "ada".to_owned(), reason: "it expired".to_owned() };
    let (order, anomaly) = after(10, &[OrderInput::Sent, told(7, BrokerPhase::Held, 0), gone()]);
    let why = (order.state(), order.reason(), anomaly);
    assert_eq!(why, (OrderState::Cancelled, Some("given up by ada: it expired"), None));
    let (order, anomaly) = after(10, &[OrderInput::Sent, gone()]);
    assert_eq!((order.state(), anomaly), (OrderState::Sent, Some(Anomaly::OutOfPlace)));
}

/// One of several has ended, and whatever is said of it the others may go on.
#[test]
fn an_order_beside_a_twin_does_not_live_again_by_a_word_without_a_reason() {
    let inactive = |number| {
        let (phase, filled, perm_id) = (BrokerPhase::Refused, Decimal::ZERO, Some(PermId::new(number)));
        OrderInput::Status { status: BrokerStatus { phase, filled, perm_id, reason: None } }
    };
    let (alone, _) = after(10, &[OrderInput::Sent, told(7, BrokerPhase::Working, 0), inactive(7)]);
    assert!(alone.may_revive());
    let both = [told(7, BrokerPhase::Working, 0), told(8, BrokerPhase::Working, 0)];
    let (order, _) = after(10, &[&both[..], &[told(8, BrokerPhase::Cancelled, 0), inactive(7)]].concat());
    assert_eq!((order.state(), order.may_revive()), (OrderState::Refused, false));
}

fn given_up() -> OrderInput {
    OrderInput::GivenUp { by: "me".into(), reason: "it expired".into() }
}

#[test]
fn an_order_that_was_given_up_lives_when_the_broker_says_so() {
    let gone = [OrderInput::Sent, told(7, BrokerPhase::Working, 0), given_up()];
    let then = |inputs: &[OrderInput]| {
        let (order, anomaly) = after(10, &[&gone[..], inputs].concat());
        (order.state(), order.open_quantity().unwrap(), order.reason().map(str::to_owned), anomaly)
    };
    let person = Some("given up by me: it expired".to_owned());
    let nothing = Decimal::ZERO;
    assert_eq!(then(&[]), (OrderState::Cancelled, nothing, person.clone(), None));
    let seen = Some(Anomaly::SeenAfterAbsent);
    let lives = [
        (BrokerPhase::Held, OrderState::Held),
        (BrokerPhase::Working, OrderState::Working),
        (BrokerPhase::CancelPending, OrderState::CancelPending),
    ];
    for (phase, state) in lives {
        let (now, open, _, anomaly) = then(&[told(7, phase, 4)]);
        assert_eq!((now, open, anomaly), (state, Decimal::TEN, seen));
    }
    // That some of it has traded says nothing of the rest, nor does that it was filled: both may be of long ago.
    assert_eq!(then(&[traded("a", 7, 4)]), (OrderState::Cancelled, nothing, person.clone(), None));
    assert_eq!(then(&[traded("a", 7, 10)]).0, OrderState::Filled);
    let filled = then(&[told(7, BrokerPhase::Filled, 10)]);
    assert_eq!(filled, (OrderState::Cancelled, nothing, person, Some(Anomaly::StatusAfterEnd)));
    // Once the broker has ended it, or it has lived again and ended, a late word brings nothing back.
    let late = told(7, BrokerPhase::Working, 0);
    for ended in [
        vec![told(7, BrokerPhase::Cancelled, 0)],
        vec![told(7, BrokerPhase::Working, 0), told(7, BrokerPhase::Cancelled, 0)],
    ] {
        assert_eq!(then(&[&ended[..], std::slice::from_ref(&late)].concat()).0, OrderState::Cancelled);
    }
}

#[test]
fn a_refused_cancel_leaves_the_order_where_it_stood() {
    let ask = || OrderInput::CancelRequested { tag: CancelTag::default() };
    let refused = || OrderInput::CancelRefused { reason: "too late".into(), by: RefusedBy::Broker };
    let accepted = OrderInput::Accepted { perm_id: None, broker_order_id: None };
    let says = |phase| told(7, phase, 0);
    let ends = |inputs: &[OrderInput]| {
        let all = [&[OrderInput::Sent, accepted.clone()], inputs].concat();
        after(10, &all).0.state()
    };
    let held = || says(BrokerPhase::Held);
    assert_eq!(ends(&[held(), ask(), refused()]), OrderState::Held);
    // What the broker said of it since counts: it woke, fell asleep, or traded.
    assert_eq!(ends(&[held(), ask(), says(BrokerPhase::Working), refused()]), OrderState::Working);
    assert_eq!(ends(&[ask(), held(), refused()]), OrderState::Held);
    assert_eq!(ends(&[held(), ask(), traded("a", 7, 4), refused()]), OrderState::Working);
    assert_eq!(ends(&[held(), says(BrokerPhase::CancelPending), refused()]), OrderState::Held);
    assert_eq!(ends(&[held(), ask(), says(BrokerPhase::Filled), refused()]), OrderState::Working);
    // One that waits for the last of its family sleeps by its answer alone.
    let family = [OrderInput::HeldBack, OrderInput::Sent, accepted.clone(), ask(), refused()];
    assert_eq!(after(10, &family).0.state(), OrderState::Held);
    // Of another number that it goes on as, nothing is known of the first.
    let twin =
        [held(), told(8, BrokerPhase::Working, 0), told(7, BrokerPhase::Cancelled, 0), ask(), refused()];
    assert_eq!(ends(&twin), OrderState::Working);
}
