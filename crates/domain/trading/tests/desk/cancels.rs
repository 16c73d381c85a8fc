//! Cancels, and who asked for them.

use crate::support::{House, account, audit_down, buy, journal_with_room, key};
use futures::FutureExt;
use futures::executor::block_on;
use std::pin::pin;
use std::sync::Arc;
use tradeport_kernel::AccountId;
use tradeport_orders::{CancelError, CancelTag, Entry, OrderInput, OrderState};
use tradeport_trading::{DeskError, DeskPorts};

fn by_hand() -> CancelTag {
    let operator = Some("desk-7".parse().unwrap());
    CancelTag { entry: Some(Entry::Manual), operator, asked_at: None }
}

#[test]
fn who_cancelled_is_in_the_journal_in_the_audit_log_and_told_to_the_broker() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        desk.submit(buy("a", 10)).await.unwrap();
        desk.cancel(&key("a"), by_hand()).await.unwrap();
        assert_eq!(house.inputs("a").await.last(), Some(&OrderInput::CancelRequested { tag: by_hand() }));
        assert_eq!(house.broker.script(|script| script.tags.clone()), [by_hand()]);
        assert_eq!(house.audited().await.last().unwrap(), "cancel sent a: asked for by desk-7");
    });
}

#[test]
fn a_cancel_that_did_not_get_through_leaves_the_order_working() {
    block_on(async {
        for error in [
            CancelError::NotSent("no link".into()),
            CancelError::Refused { reason: "too late".into() },
            CancelError::NoSuchOrder(key("a")),
            CancelError::Unsupported("cancels"),
        ] {
            let house = House::new();
            let desk = house.desk().await;
            desk.submit(buy("a", 10)).await.unwrap();
            let words = error.to_string();
            house.broker.script(|script| script.cancel_answers.push_back(Err(error)));
            assert!(matches!(desk.cancel(&key("a"), by_hand()).await, Err(DeskError::Cancel(_))), "{words}");
            assert_eq!(desk.order(&key("a")).await.unwrap().state(), OrderState::Working, "{words}");
        }
    });
}

#[test]
fn all_cancels_leave_before_the_first_is_answered() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        for name in ["a", "b", "c"] {
            desk.submit(buy(name, 10)).await.unwrap();
        }
        house.broker.script(|script| script.cancels_together = 3);
        let mut all = pin!(desk.cancel_all(None, by_hand()));
        // The first is polled again once the last has come.
        let outcomes = (0..3).find_map(|_| all.as_mut().now_or_never()).expect("nobody waits").unwrap();
        let keys: Vec<_> = outcomes.iter().map(|cancelled| cancelled.key.as_str()).collect();
        assert_eq!(keys, ["a", "b", "c"]);
        assert!(outcomes.iter().all(|cancelled| cancelled.outcome.is_ok()));
    });
}

#[test]
fn a_cancel_without_an_answer_is_under_way() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        desk.submit(buy("a", 10)).await.unwrap();
        let lost = Err(CancelError::OutcomeUnknown("silence".into()));
        house.broker.script(|script| script.cancel_answers.push_back(lost));
        let answer = desk.cancel(&key("a"), by_hand()).await;
        assert!(matches!(answer, Err(DeskError::Cancel(CancelError::OutcomeUnknown(_)))));
        assert_eq!(desk.order(&key("a")).await.unwrap().state(), OrderState::CancelPending);
    });
}

#[test]
fn a_cancel_that_cannot_be_kept_is_not_sent() {
    block_on(async {
        let house = House::new();
        let journal = Arc::new(journal_with_room(&house.journal, 2));
        let desk = House::desk_on(DeskPorts { journal, ..house.ports() }).await;
        desk.submit(buy("a", 10)).await.unwrap();
        assert!(matches!(desk.cancel(&key("a"), by_hand()).await, Err(DeskError::Journal(_))));
        assert!(matches!(desk.cancel_all(None, by_hand()).await, Err(DeskError::Journal(_))));
        assert_eq!(house.broker.script(|script| script.cancels.len()), 0);
        assert_eq!(desk.order(&key("a")).await.unwrap().state(), OrderState::Working);
    });
}

#[test]
fn a_cancel_goes_out_even_when_the_audit_log_is_down() {
    block_on(async {
        let house = House::new();
        house.desk().await.submit(buy("a", 10)).await.unwrap();
        house.broker.script(|script| {
            let held = crate::support::held_by_broker("a", tradeport_orders::BrokerPhase::Working);
            script.open.push(held);
        });
        let desk = House::desk_on(DeskPorts { audit: audit_down(), ..house.ports() }).await;
        assert!(matches!(desk.cancel(&key("a"), by_hand()).await, Err(DeskError::Audit(_))));
        assert_eq!(house.broker.script(|script| script.cancels.clone()), [key("a")]);
    });
}

#[test]
fn cancel_all_asks_for_every_order_that_may_trade_and_for_no_other() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        let refused = tradeport_orders::SubmitError::Refused { reason: "no".into() };
        for (name, answer) in
            [("a", None), ("b", Some(refused)), ("c", Some(crate::support::unknown())), ("d", None)]
        {
            if let Some(error) = answer {
                house.broker.script(|script| script.answers.push_back(Err(error)));
            }
            desk.submit(buy(name, 1)).await.unwrap();
        }
        let fails = Err(CancelError::NotSent("no link".into()));
        house.broker.script(|script| script.cancel_answers.push_back(fails));
        let outcomes = desk.cancel_all(Some(&account()), by_hand()).await.unwrap();
        let states: Vec<_> = outcomes
            .iter()
            .map(|one| (one.key.to_string(), one.outcome.as_ref().map(|order| order.state()).ok()))
            .collect();
        let wanted = [
            ("a".to_owned(), None),
            ("c".to_owned(), Some(OrderState::Unknown)),
            ("d".to_owned(), Some(OrderState::CancelPending)),
        ];
        assert_eq!(states, wanted, "one that fails keeps no other back");
        assert_eq!(house.broker.script(|script| script.cancels.clone()), [key("a"), key("c"), key("d")]);
        let other = AccountId::new("DU9").unwrap();
        assert!(desk.cancel_all(Some(&other), by_hand()).await.unwrap().is_empty());
    });
}
