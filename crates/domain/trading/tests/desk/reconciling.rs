//! Reconciliation by the desk: what is found, what it holds back, and what it leaves alone.

mod accounts;
mod called_off;
mod currencies;
mod in_one_sum;
mod unread;

use crate::support::{House, account, apple, buy, execution, held_by_broker, key, quantity, sent, unknown};
use futures::FutureExt;
use futures::executor::block_on;
use std::time::Duration;
use tradeport_conformance::mocks::MockAccountFeed;
use tradeport_kernel::{
    AccountId, Currency, Decimal, Money, PermId, SignedQuantity, Snapshot, Symbol, Timestamp,
};
use tradeport_orders::{
    BrokerNews, BrokerOrder, BrokerPhase, BrokerStatus, Commission, Execution, ExecutionId, OrderInput,
    OrderState, PlacedBy, Side,
};
use tradeport_portfolio::{AccountFeed, AccountFeedError, Position};
use tradeport_risk::Rule;
use tradeport_trading::reconciliation::{Cause, Origin, Patience};
use tradeport_trading::{DeskPorts, OrderDesk};

fn held_of(symbol: Symbol, units: i64) -> Position {
    let quantity = SignedQuantity::new(units.into()).unwrap();
    let nothing = Money::zero(Currency::USD);
    Position::reported(symbol, quantity, nothing, Decimal::ONE, nothing)
}

fn held(units: i64) -> Position {
    held_of(apple(), units)
}

fn status(phase: BrokerPhase, number: i64, filled: u32) -> BrokerStatus {
    BrokerStatus { phase, filled: filled.into(), perm_id: Some(PermId::new(number)), reason: None }
}

fn shown(name: &str, number: i64) -> BrokerOrder {
    BrokerOrder {
        perm_id: Some(PermId::new(number)),
        status: status(BrokerPhase::Working, number, 0),
        ..held_by_broker(name, BrokerPhase::Working)
    }
}

async fn causes(desk: &OrderDesk) -> Vec<Cause> {
    desk.breaks().await.iter().map(tradeport_trading::reconciliation::Break::cause).collect()
}

async fn look(desk: &OrderDesk) -> Vec<Cause> {
    desk.reconcile(Some(Patience::NONE)).await.unwrap();
    causes(desk).await
}

/// An order of 10 that works under number 7, and a broker that says so.
async fn working() -> (House, OrderDesk) {
    let house = House::new();
    let desk = house.desk().await;
    desk.submit(buy("a", 10)).await.unwrap();
    house.broker.say(Some("a"), BrokerNews::Status(status(BrokerPhase::Working, 7, 0)));
    desk.pump().await.unwrap();
    house.broker.script(|script| script.open = vec![shown("a", 7)]);
    (house, desk)
}

#[test]
fn scenario_oid_09_two_live_orders_under_one_number_count_both_until_each_is_proven_dead() {
    block_on(async {
        let (house, desk) = working().await;
        assert_eq!(look(&desk).await, []);
        // A change in bad connectivity left the old one alive beside the new one.
        house.broker.say(Some("a"), BrokerNews::Status(status(BrokerPhase::Working, 8, 0)));
        desk.pump().await.unwrap();
        assert_eq!(causes(&desk).await, [Cause::SeveralOrders], "at once, not at the next look");
        let order = desk.order(&key("a")).await.unwrap();
        assert_eq!(order.open_quantity(), Some(20.into()), "both may trade");
        let audited = house.audited().await;
        assert!(
            audited.iter().any(|line| line.starts_with("several orders under one key order a")),
            "{audited:?}"
        );
        let refused = desk.submit(buy("b", 1)).await.unwrap().refusal.unwrap();
        assert_eq!(refused.rule, Rule::UnsolvedBreak, "nothing more of the contract");

        // One of them trades, and the other is cancelled: money of either counts, and an end ends one of them.
        let first = Execution { perm_id: PermId::new(8), ..execution("x", Some("a"), 4) };
        house.broker.say(Some("a"), BrokerNews::Executed(first));
        house.broker.say(Some("a"), BrokerNews::Status(status(BrokerPhase::Cancelled, 7, 0)));
        desk.pump().await.unwrap();
        let order = desk.order(&key("a")).await.unwrap();
        assert_eq!((order.state(), order.filled()), (OrderState::Working, 4.into()), "the other one lives");
        assert_eq!((order.perm_id(), order.open_quantity()), (Some(PermId::new(8)), Some(6.into())));
        assert_eq!(causes(&desk).await, [Cause::SeveralOrders], "until a whole answer shows it gone");
        house.broker.script(|script| {
            script.open = vec![shown("a", 8)];
            script.positions = vec![held(4)];
            script.executions = vec![Execution { perm_id: PermId::new(8), ..execution("x", Some("a"), 4) }];
        });
        assert_eq!(look(&desk).await, []);
        assert!(desk.submit(buy("c", 1)).await.unwrap().refusal.is_none());
        let last = Execution { perm_id: PermId::new(8), ..execution("y", Some("a"), 6) };
        house.broker.say(Some("a"), BrokerNews::Executed(last));
        desk.pump().await.unwrap();
        assert_eq!(desk.order(&key("a")).await.unwrap().state(), OrderState::Filled);
    });
}

#[test]
fn scenario_oid_09_the_brokers_list_alone_shows_two_orders_after_a_restart() {
    block_on(async {
        let (house, desk) = working().await;
        drop(desk);
        house.broker.script(|script| script.open.push(shown("a", 8)));
        let desk = house.desk().await;
        assert_eq!(causes(&desk).await, [Cause::SeveralOrders]);
        assert_eq!(desk.order(&key("a")).await.unwrap().open_quantity(), Some(20.into()));
        // One that has no number in the list may be either of them.
        let before = house.broker.script(|script| script.open.clone());
        house.broker.script(|script| script.open[0].perm_id = None);
        desk.resume().await.unwrap();
        assert_eq!(desk.order(&key("a")).await.unwrap().open_quantity(), Some(20.into()));
        house.broker.script(|script| script.open = before);
        // One of them is gone from every list by the next epoch: whole snapshots prove it.
        house.broker.script(|script| script.open.retain(|it| it.perm_id == Some(PermId::new(8))));
        desk.resume().await.unwrap();
        assert_eq!(causes(&desk).await, []);
        assert_eq!(desk.order(&key("a")).await.unwrap().open_quantity(), Some(10.into()));
    });
}

#[test]
fn scenario_exe_14_more_than_was_ordered_blocks_the_contract_until_a_person_ends_it() {
    block_on(async {
        let (house, desk) = working().await;
        for (root, units) in [("x", 10), ("y", 1)] {
            house.broker.say(Some("a"), BrokerNews::Executed(execution(root, Some("a"), units)));
        }
        desk.pump().await.unwrap();
        assert_eq!(
            desk.portfolio(&account()).await.unwrap().position(apple()).unwrap().quantity().as_decimal(),
            11.into()
        );
        let refused = desk.submit(buy("b", 1)).await.unwrap().refusal.unwrap();
        assert_eq!(refused.rule, Rule::UnsolvedBreak, "{refused}");
        house.broker.script(|script| {
            script.open.clear();
            script.positions = vec![held(11)];
            script.executions = vec![execution("x", Some("a"), 10), execution("y", Some("a"), 1)];
        });
        assert_eq!(look(&desk).await, [Cause::Overfilled], "no answer of the broker ends it");
        drop(desk);
        let desk = house.desk().await;
        assert_eq!(causes(&desk).await, [Cause::Overfilled], "nor does a restart");
        assert!(desk.submit(buy("c", 1)).await.unwrap().refusal.is_some());

        let name = desk.breaks().await[0].id();
        assert!(desk.solve_break("nobody", "ada", "why not").await.is_err());
        desk.solve_break(&name, "ada", "sold one by hand").await.unwrap();
        assert!(desk.submit(buy("d", 1)).await.unwrap().refusal.is_none());
        let audited = house.audited().await;
        let ended = "break acknowledged order a: more filled than ordered: sold one by hand";
        assert!(audited.iter().any(|line| line == ended), "{audited:?}");
        drop(desk);
        assert_eq!(causes(&house.desk().await).await, [], "her word holds");
    });
}

#[test]
fn scenario_exe_12_a_missing_execution_is_a_break_until_it_comes() {
    block_on(async {
        let (house, desk) = working().await;
        house.broker.say(Some("a"), BrokerNews::Status(status(BrokerPhase::Working, 7, 4)));
        desk.pump().await.unwrap();
        desk.reconcile(None).await.unwrap();
        assert_eq!(causes(&desk).await, [], "it may be on its way");
        house.clock.advance(Duration::from_secs(31));
        desk.reconcile(None).await.unwrap();
        assert_eq!(causes(&desk).await, [Cause::ExecutionMissing]);
        assert_eq!(desk.order(&key("a")).await.unwrap().filled(), Decimal::ZERO, "nothing is invented");
        house.broker.script(|script| {
            script.executions = vec![execution("x", Some("a"), 4)];
            script.positions = vec![held(4)];
        });
        assert_eq!(look(&desk).await, []);
    });
}

#[test]
fn orders_of_others_are_told_apart_and_left_alone() {
    block_on(async {
        let (house, desk) = working().await;
        house.broker.script(|script| {
            let other = |number, key: Option<&str>, by| BrokerOrder {
                key: key.map(crate::support::key),
                placed_by: Some(by),
                ..shown("other", number)
            };
            script.open.push(other(20, None, PlacedBy::Hand));
            script.open.push(other(21, Some("theirs"), PlacedBy::OtherClient));
            script.open.push(other(22, Some("lost"), PlacedBy::ThisClient));
        });
        let reconciled = desk.reconcile(Some(Patience::NONE)).await.unwrap();
        let origins: Vec<_> =
            reconciled.others.iter().map(|it| (it.perm_id.unwrap().number(), it.origin)).collect();
        assert_eq!(origins, [(20, Origin::ByHand), (21, Origin::OtherClient), (22, Origin::Orphan)]);
        assert_eq!(reconciled.ours, 1);
        assert_eq!(causes(&desk).await, [Cause::OrphanOrder]);
        assert_eq!(desk.orders().await.len(), 1, "none of them becomes ours");
        let (cancels, changes) = house.broker.script(|script| (script.cancels.len(), script.changes.len()));
        assert_eq!((sent(&house.broker), cancels, changes), (1, 0, 0), "nothing is asked about them");
        assert_eq!(desk.last_reconciliation().await, Some(reconciled));
        house.broker.script(|script| script.open.truncate(1));
        assert_eq!(look(&desk).await, []);
    });
}

#[test]
fn a_timer_that_finds_nothing_new_writes_nothing_down() {
    block_on(async {
        let (house, desk) = working().await;
        desk.reconcile(None).await.unwrap();
        let before = (house.written("a").await.len(), house.audited().await.len());
        for _ in 0..5 {
            house.clock.advance(Duration::from_secs(300));
            desk.reconcile(None).await.unwrap();
        }
        assert_eq!((house.written("a").await.len(), house.audited().await.len()), before);
    });
}

#[test]
fn executions_that_are_known_are_not_written_down_again_and_corrections_are() {
    block_on(async {
        let (house, desk) = working().await;
        let foreign = Execution { key: None, ..execution("f", None, 1) };
        house.broker.script(|script| {
            script.executions = vec![execution("x", Some("a"), 4), foreign];
            script.positions = vec![held(5)];
        });
        let written = async || (house.written("a").await.len(), house.audited().await.len());
        desk.reconcile(None).await.unwrap();
        let before = written().await;
        assert_eq!(desk.order(&key("a")).await.unwrap().filled(), 4.into());
        desk.reconcile(None).await.unwrap();
        assert_eq!(written().await, before, "nothing new was told");
        let corrected = Execution { id: ExecutionId::new("x", 2), ..execution("x", Some("a"), 3) };
        house.broker.script(|script| script.executions[0] = corrected);
        desk.reconcile(None).await.unwrap();
        assert_eq!(desk.order(&key("a")).await.unwrap().filled(), 3.into());
    });
}

#[test]
fn a_list_that_says_more_has_filled_is_news_of_an_order_that_stays_where_it_is() {
    block_on(async {
        let (house, desk) = working().await;
        let row = BrokerOrder { status: status(BrokerPhase::Working, 7, 4), ..shown("a", 7) };
        house.broker.script(|script| script.open = vec![row]);
        desk.reconcile(None).await.unwrap();
        let order = desk.order(&key("a")).await.unwrap();
        assert_eq!((order.state(), order.reported_filled()), (OrderState::Working, 4.into()));
    });
}

#[test]
fn what_the_lists_tell_first_takes_the_usual_way_in() {
    block_on(async {
        let (house, desk) = working().await;
        house.broker.script(|script| {
            script.open.clear();
            script.executions = vec![execution("x", Some("a"), 10)];
            script.positions = vec![held(10)];
            script.completed =
                vec![BrokerOrder { status: status(BrokerPhase::Filled, 7, 10), ..shown("a", 7) }];
        });
        assert_eq!(look(&desk).await, []);
        assert_eq!(desk.order(&key("a")).await.unwrap().state(), OrderState::Filled);
        let portfolio = desk.portfolio(&account()).await.unwrap();
        assert_eq!(portfolio.position(apple()).unwrap().quantity().as_decimal(), 10.into(), "with its money");
        let written = house.inputs("a").await;
        assert_eq!(written.iter().filter(|it| matches!(it, OrderInput::Executed { .. })).count(), 1);
    });
}

#[test]
fn an_order_whose_answer_is_out_is_not_ended_by_a_list_without_it() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        house.broker.script(|script| script.answers.push_back(Err(unknown())));
        desk.submit(buy("a", 10)).await.unwrap();
        assert_eq!(look(&desk).await, []);
        let order = desk.order(&key("a")).await.unwrap();
        assert_eq!(
            (order.state(), order.open_quantity()),
            (OrderState::Unknown, Some(quantity(10).as_decimal()))
        );
    });
}
