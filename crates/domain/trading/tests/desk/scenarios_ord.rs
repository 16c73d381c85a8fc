//! What goes wrong between an order's sending and its end, at the desk.

use crate::support::*;
use futures::executor::block_on;
use futures::{FutureExt, StreamExt};
use std::sync::Arc;
use tradeport_kernel::{Clock, Decimal};
use tradeport_orders::{
    Bracket, BrokerNews, BrokerPhase, BrokerStatus, CancelError, CancelTag, OrderChange, OrderDraft,
    OrderState, SubmitError,
};
use tradeport_trading::{DeskError, DeskPorts, OrderDesk, PlatformEvent};

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

fn news(phase: BrokerPhase) -> BrokerNews {
    BrokerNews::Status(BrokerStatus { phase, filled: Decimal::ZERO, perm_id: None, reason: None })
}

#[test]
fn scenario_ord_06_an_order_that_is_inactive_may_be_cancelled_and_whoever_listens_hears_that_it_revives() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        let mut events = house.bus.subscribe();
        desk.submit(buy("a", 10)).await.unwrap();
        house.broker.say(Some("a"), news(BrokerPhase::Refused));
        desk.pump().await.unwrap();
        assert_eq!(
            (desk.order(&key("a")).await.unwrap().state(), desk.live_orders().await.len()),
            REFUSED_AND_GONE
        );
        desk.cancel(&key("a"), CancelTag::default()).await.unwrap();
        assert_eq!(
            house.broker.script(|script| script.cancels.clone()),
            [key("a")],
            "it is not dead for certain"
        );
        house.broker.say(Some("a"), news(BrokerPhase::Working));
        desk.pump().await.unwrap();
        assert_eq!(desk.live_orders().await.len(), 1, "it counts");
        let mut moves = Vec::new();
        while let Some(Some(event)) = events.next().now_or_never() {
            if let PlatformEvent::OrderMoved { from, to, .. } = event {
                moves.push((from, to));
            }
        }
        use OrderState::{Refused, Working};
        assert!(moves.ends_with(&[(Working, Refused), (Refused, Working)]), "{moves:?}");
        // A new start replays the same.
        assert_eq!(house.desk().await.live_orders().await.len(), 1);
    });
}

/// What a refused order says, and how many could still trade.
const REFUSED_AND_GONE: (OrderState, usize) = (OrderState::Refused, 0);

#[test]
fn scenario_ord_19_an_order_that_works_in_spite_of_its_cancel_is_cancelled_again() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        desk.submit(buy("a", 10)).await.unwrap();
        desk.cancel(&key("a"), CancelTag::default()).await.unwrap();
        let cancels = || house.broker.script(|script| script.cancels.len());
        // On its way before the broker heard of the cancel.
        house.broker.say(Some("a"), news(BrokerPhase::Working));
        desk.pump().await.unwrap();
        assert_eq!(cancels(), 1);
        house.broker.say(Some("a"), news(BrokerPhase::CancelPending));
        house.broker.say(Some("a"), news(BrokerPhase::CancelPending));
        desk.pump().await.unwrap();
        assert_eq!((cancels(), desk.live_orders().await.len()), (1, 1), "called off, and not confirmed");
        house.broker.say(Some("a"), news(BrokerPhase::Working));
        desk.pump().await.unwrap();
        assert_eq!(cancels(), 2);
        assert_eq!(desk.order(&key("a")).await.unwrap().state(), OrderState::CancelPending);
        house.broker.say(Some("a"), news(BrokerPhase::Cancelled));
        desk.pump().await.unwrap();
        assert_eq!((cancels(), desk.order(&key("a")).await.unwrap().state()), (2, OrderState::Cancelled));
    });
}

/// A bracket of 10, all of it at the broker.
async fn bracket(desk: &OrderDesk) {
    let entry = OrderDraft { kind: limit("99"), ..buy("a", 10).to_draft() };
    let bracket = Bracket::around(entry).target("120".parse().unwrap()).stop("80".parse().unwrap());
    assert!(desk.submit_family(bracket.build().unwrap()).await.unwrap().called_off.is_none());
}

#[test]
fn scenario_ord_21_after_a_change_of_a_bracket_every_leg_is_read_back() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        bracket(&desk).await;
        // The broker tells nothing by itself: cancelling the parent has taken a leg with it, and left the other.
        let gone = held_by_broker("a.target1", BrokerPhase::Cancelled);
        house.broker.script(|script| {
            script.open = vec![held_by_broker("a.stop1", BrokerPhase::Working)];
            script.completed = vec![gone];
        });
        desk.cancel(&key("a"), CancelTag::default()).await.unwrap();
        let state = async |name| desk.order(&key(name)).await.unwrap().state();
        assert_eq!(state("a.target1").await, OrderState::Cancelled);
        assert_eq!(state("a.stop1").await, OrderState::Working, "it stays at the broker, and here");
        assert_eq!(desk.live_orders().await.len(), 2, "the parent is being cancelled, and the stop works");
    });
}

#[test]
fn scenario_ord_21_a_leg_that_is_told_to_be_cancelled_and_works_is_a_break() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        bracket(&desk).await;
        house.broker.script(|script| {
            script.open =
                ["a", "a.target1", "a.stop1"].map(|name| held_by_broker(name, BrokerPhase::Held)).to_vec();
        });
        house.broker.say(Some("a.stop1"), news(BrokerPhase::Cancelled));
        let to_eleven = OrderChange::to_quantity(quantity(11));
        desk.change(&key("a.target1"), to_eleven).await.unwrap();
        assert_eq!(desk.breaks().await, [], "lists and words may cross");
        let later = house.clock.now().after(std::time::Duration::from_secs(3_600));
        house.clock.advance_to(later);
        desk.change(&key("a.target1"), OrderChange::to_quantity(quantity(10))).await.unwrap();
        let told: Vec<String> = desk.breaks().await.iter().map(ToString::to_string).collect();
        assert!(told.iter().any(|it| it.contains("a.stop1")), "{told:?}");
    });
}

#[test]
fn scenario_ord_21_a_change_of_an_order_without_a_family_asks_the_broker_nothing_more() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        desk.submit(buy("a", 10)).await.unwrap();
        house.broker.script(|script| script.completed = vec![held_by_broker("a", BrokerPhase::Cancelled)]);
        desk.cancel(&key("a"), CancelTag::default()).await.unwrap();
        assert_eq!(desk.order(&key("a")).await.unwrap().state(), OrderState::CancelPending);
    });
}

#[test]
fn scenario_exe_02_an_execution_of_an_order_that_nobody_knows_moves_the_position_and_is_kept() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        // Placed by somebody else, or by us before the map was lost: with a key that nobody knows, and with none.
        for (root, name) in [("x", Some("lost")), ("y", None)] {
            house.broker.say(name, BrokerNews::Executed(execution(root, name, 10)));
            house.broker.say(name, BrokerNews::Executed(execution(root, name, 10)));
        }
        desk.pump().await.unwrap();
        let held = desk.portfolio(&account()).await.unwrap();
        assert_eq!(held.position(apple()).unwrap().quantity().as_decimal(), Decimal::from(20), "each once");
        assert_eq!(desk.orders().await.len(), 0, "no order is made up");
        let audited = house.audited().await;
        assert_eq!(audited.iter().filter(|line| line.contains("AAPL")).count(), 2, "{audited:#?}");
    });
}
