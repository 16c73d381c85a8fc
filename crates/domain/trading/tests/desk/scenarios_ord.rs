//! What goes wrong between an order's sending and its end, at the desk.

use crate::support::*;
use futures::executor::block_on;
use std::sync::Arc;
use tradeport_kernel::Decimal;
use tradeport_orders::{
    BrokerNews, BrokerPhase, BrokerStatus, CancelError, CancelTag, OrderState, SubmitError,
};
use tradeport_trading::{DeskError, DeskPorts};

fn cancelled() -> BrokerNews {
    let status =
        BrokerStatus { phase: BrokerPhase::Cancelled, filled: Decimal::ZERO, perm_id: None, reason: None };
    BrokerNews::Status(status)
}

#[test]
fn scenario_ord_14_an_order_that_a_cancel_does_not_find_is_not_taken_for_dead() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        desk.submit(buy("a", 10)).await.unwrap();
        let not_found = || Err(CancelError::NoSuchOrder(key("a")));
        house.broker.script(|script| script.cancel_answers.push_back(not_found()));
        let answer = desk.cancel(&key("a"), CancelTag::default()).await;
        assert!(matches!(answer, Err(DeskError::Cancel(CancelError::NoSuchOrder(_)))));
        assert!(desk.order(&key("a")).await.unwrap().state().may_trade(), "its word on a cancel is no proof");
        assert_eq!(
            house.broker.script(|script| script.cancels.len()),
            1,
            "and it is not asked again by itself"
        );
        house.broker.say(Some("a"), BrokerNews::Executed(execution("x", Some("a"), 10)));
        desk.pump().await.unwrap();
        assert_eq!(desk.order(&key("a")).await.unwrap().state(), OrderState::Filled, "it had filled");
    });
}

#[test]
fn scenario_ord_22_a_bracket_that_a_dying_process_left_half_sent_is_called_off_by_the_next() {
    block_on(async {
        let house = House::new();
        let journal = Arc::new(journal_with_room(&house.journal, 2));
        let desk = House::desk_on(DeskPorts { journal, ..house.ports() }).await;
        let entry = tradeport_orders::OrderDraft { kind: limit("99"), ..buy("a", 10).to_draft() };
        let bracket = tradeport_orders::Bracket::around(entry)
            .target("120".parse().unwrap())
            .stop("80".parse().unwrap())
            .build()
            .unwrap();
        assert!(desk.submit_family(bracket).await.is_err(), "the process dies");
        let before = sent(&house.broker);
        // The broker holds the parent and one child; the last, which lets them go, never came.
        house.broker.script(|script| {
            script.open = ["a", "a.target1"].map(|name| held_by_broker(name, BrokerPhase::Held)).to_vec();
        });
        let desk = house.desk().await;
        assert_eq!(house.broker.script(|script| script.cancels.clone()), [key("a"), key("a.target1")]);
        assert_eq!(desk.order(&key("a.stop1")).await.unwrap().state(), OrderState::NotSent);
        assert_eq!((before, sent(&house.broker)), (2, 2), "nothing is sent again");
    });
}

#[test]
fn scenario_ord_24_a_refusal_is_final_and_nobody_tries_again() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        let closed = || Err(SubmitError::Refused { reason: "Exchange is closed".to_owned() });
        house.broker.script(|script| script.answers.push_back(closed()));
        let placed = desk.submit(buy("a", 10)).await.unwrap();
        assert_eq!(placed.order.state(), OrderState::Refused);
        desk.pump().await.unwrap();
        desk.resume().await.unwrap();
        let again = desk.submit(buy("a", 10)).await.unwrap();
        assert!(again.repeat && again.order.state() == OrderState::Refused);
        assert_eq!(sent(&house.broker), 1);
    });
}

#[test]
fn scenario_ord_25_a_refusal_keeps_the_brokers_words() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        let words = "451: the value is above the limit of the presets";
        let refused = Err(SubmitError::Refused { reason: words.to_owned() });
        house.broker.script(|script| script.answers.push_back(refused));
        desk.submit(buy("a", 10)).await.unwrap();
        let reopened = house.desk().await.order(&key("a")).await.unwrap();
        assert_eq!((reopened.state(), reopened.reason()), (OrderState::Refused, Some(words)));
    });
}

#[test]
fn scenario_ord_30_when_everything_is_cancelled_each_order_is_done_when_it_is_proven() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        for name in ["a", "b", "c"] {
            desk.submit(buy(name, 10)).await.unwrap();
        }
        let asked = desk.cancel_all(None, CancelTag::default()).await.unwrap();
        assert_eq!(asked.len(), 3, "one answer for each");
        house.broker.say(Some("a"), cancelled());
        house.broker.say(Some("b"), BrokerNews::Executed(execution("x", Some("b"), 10)));
        // An order that is not ours goes, too: it is none of our business.
        house.broker.say(None, cancelled());
        desk.pump().await.unwrap();
        let mut states = Vec::new();
        for name in ["a", "b", "c"] {
            states.push(desk.order(&key(name)).await.unwrap().state());
        }
        assert_eq!(states, [OrderState::Cancelled, OrderState::Filled, OrderState::CancelPending]);
        assert_eq!(desk.live_orders().await.len(), 1, "the one without an answer may still trade");
    });
}
