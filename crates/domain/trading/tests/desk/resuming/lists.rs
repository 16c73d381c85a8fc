//! What the lists of a new epoch prove, and what they do not.

use super::*;
use tradeport_kernel::{PermId, Timestamp};
use tradeport_orders::{BrokerOrder, CancelError, JournalEntry, OrderInput, OrderJournal};

fn numbered(number: i64) -> BrokerStatus {
    let perm_id = Some(PermId::new(number));
    BrokerStatus { perm_id, ..held_by_broker("a", BrokerPhase::Working).status }
}

/// Something traded meanwhile, and the broker was asked once more: that was after the cancel had left.
#[test]
fn a_cancel_that_left_before_the_broker_was_asked_once_more_is_found_lost() {
    block_on(async {
        let house = House::new();
        let (desk, resuming) = asked(&house).await;
        desk.cancel(&key("a"), CancelTag::default()).now_or_never().unwrap().unwrap();
        four_trade(&house, &desk).await;
        answers(&house);
        resuming.await.unwrap();
        assert_eq!(state(&desk).await, OrderState::Working);
    });
}

#[test]
fn another_order_under_a_key_that_is_told_meanwhile_is_not_gone_by_a_list_of_before() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        desk.submit(buy("a", 10)).await.unwrap();
        house.broker.say(Some("a"), BrokerNews::Status(numbered(7)));
        desk.pump().await.unwrap();
        let resuming = asking(&house, &desk).await;
        house.broker.say(Some("a"), BrokerNews::Status(numbered(8)));
        desk.pump().await.unwrap();
        answers(&house);
        resuming.await.unwrap();
        assert!(desk.order(&key("a")).await.unwrap().has_live_twin(), "it may trade");
        // What is asked from here on does prove it.
        desk.resume().await.unwrap();
        assert!(!desk.order(&key("a")).await.unwrap().has_live_twin());
    });
}

/// The process died after it had written down what it wanted, and before it was judged.
#[test]
fn an_order_that_was_written_down_and_no_more_has_not_been_sent() {
    block_on(async {
        let house = House::new();
        house.journal.append(&[JournalEntry::intended(buy("a", 10), Timestamp::EPOCH)]).await.unwrap();
        let desk = house.desk().await;
        assert_eq!((state(&desk).await, sent(&house.broker)), (OrderState::NotSent, 0));
    });
}

#[test]
fn a_list_of_ended_orders_of_an_earlier_epoch_proves_nothing_gone() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        house.broker.script(|script| {
            script.answers.push_back(Err(unknown()));
            script.completed_of_an_earlier_epoch = true;
        });
        desk.submit(buy("a", 10)).await.unwrap();
        desk.resume().await.unwrap();
        assert_eq!(state(&desk).await, OrderState::Unknown, "it may have traded");
        house.broker.script(|script| script.completed_of_an_earlier_epoch = false);
        desk.resume().await.unwrap();
        assert_eq!(state(&desk).await, OrderState::NotSent);
    });
}

#[test]
fn what_a_list_repeats_of_an_order_that_has_ended_is_not_written_down_again() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        desk.submit(buy("a", 10)).await.unwrap();
        says(&house, BrokerPhase::Cancelled);
        desk.pump().await.unwrap();
        let row = BrokerOrder { perm_id: None, ..held_by_broker("a", BrokerPhase::Cancelled) };
        let status = BrokerStatus { perm_id: None, ..row.status.clone() };
        house.broker.script(|script| script.completed = vec![BrokerOrder { status, ..row }]);
        let before = house.inputs("a").await.len();
        desk.resume().await.unwrap();
        assert_eq!(house.inputs("a").await.len(), before);
    });
}

/// Under a killed switch nothing waits for the lists: what is known to be open is cancelled before the broker is asked.
#[test]
fn under_a_killed_switch_cancels_leave_before_the_broker_is_asked() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        desk.submit(buy("a", 10)).await.unwrap();
        house.broker.script(|script| {
            script.cancel_answers.push_back(Err(CancelError::NotSent("no link".into())));
        });
        desk.kill("ada", SwitchReason::of_words("stop")).await.unwrap();
        desk.tend_switch().await;
        let cancels = || house.broker.script(|script| script.cancels.len());
        let before = cancels();
        let resuming = asking(&house, &desk).await;
        assert_eq!(cancels(), before + 1);
        answers(&house);
        resuming.await.unwrap();
    });
}

#[test]
fn under_a_killed_switch_what_the_lists_bring_to_light_is_cancelled() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        desk.submit(buy("a", 10)).await.unwrap();
        says(&house, BrokerPhase::Refused);
        desk.pump().await.unwrap();
        desk.kill("ada", SwitchReason::of_words("stop")).await.unwrap();
        desk.tend_switch().await;
        assert_eq!(house.broker.script(|script| script.cancels.len()), 0, "it has ended");
        house.clock.advance(std::time::Duration::from_secs(1));
        house.broker.script(|script| script.open = vec![held_by_broker("a", BrokerPhase::Working)]);
        desk.resume().await.unwrap();
        assert_eq!(house.broker.script(|script| script.cancels.clone()), [key("a")]);
    });
}

/// A desk of an order of which the broker has told two numbers, in a new epoch that lists these of them.
async fn two_of_one_key(listed: &[i64]) -> OrderDesk {
    let house = House::new();
    let desk = house.desk().await;
    desk.submit(buy("a", 10)).await.unwrap();
    for number in [7, 8] {
        house.broker.say(Some("a"), BrokerNews::Status(numbered(number)));
    }
    desk.pump().await.unwrap();
    let row = |number: &i64| {
        let (perm_id, status) = (Some(PermId::new(*number)), numbered(*number));
        BrokerOrder { perm_id, status, ..held_by_broker("a", BrokerPhase::Working) }
    };
    house.broker.script(|script| script.open = listed.iter().map(row).collect());
    desk.resume().await.unwrap();
    desk
}

#[test]
fn of_two_orders_under_a_key_the_one_is_gone_that_is_not_listed_beside_the_other() {
    block_on(async {
        for (listed, both) in [(&[7, 8][..], true), (&[7], false), (&[8], false), (&[], true)] {
            let order = two_of_one_key(listed).await.order(&key("a")).await.unwrap();
            assert_eq!((order.has_live_twin(), order.state()), (both, OrderState::Working), "{listed:?}");
        }
    });
}

#[test]
fn what_a_list_shows_is_not_found_absent_and_what_is_unknown_of_a_change_is_so_once() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        house.broker.script(|script| {
            script.answers.push_back(Err(unknown()));
            script.change_answers.push_back(Err(unknown()));
        });
        desk.submit(buy("a", 10)).await.unwrap();
        house.broker.script(|script| script.open = vec![held_by_broker("a", BrokerPhase::Working)]);
        desk.resume().await.unwrap();
        let found = house.inputs("a").await;
        assert!(!found.iter().any(|input| matches!(input, OrderInput::ProvenAbsent)), "{found:?}");
        desk.change(&key("a"), OrderChange::to_quantity(quantity(12))).await.unwrap();
        // Nothing is listed that would say which of both it is.
        house.broker.script(|script| script.silent = true);
        let before = house.inputs("a").await.len();
        assert!(desk.resume().await.is_err());
        assert_eq!(house.inputs("a").await.len(), before);
    });
}
