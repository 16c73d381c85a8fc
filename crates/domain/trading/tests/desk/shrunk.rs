//! Exits that the broker makes smaller since another of their bracket has traded.

use crate::support::{House, buy, execution, held_by_broker, key, limit, quantity};
use futures::executor::block_on;
use tradeport_kernel::{Decimal, PermId, Quantity};
use tradeport_orders::{
    Bracket, BrokerNews, BrokerOrder, BrokerPhase, BrokerStatus, Execution, OcaEffect, OrderChange,
    OrderDraft, OrderIntent, OrderKind, OrderState, Side, TrailBy,
};
use tradeport_trading::reconciliation::{Cause, Patience};
use tradeport_trading::{OrderDesk, ProtectionPolicy};

/// A bid for 10, with a target at 120 and a stop at 80: `a`, `a.target1`, `a.stop1`.
fn bracket() -> Vec<OrderIntent> {
    let entry = OrderDraft { kind: limit("99"), ..buy("a", 10).to_draft() };
    Bracket::around(entry).target("120".parse().unwrap()).stop("80".parse().unwrap()).build().unwrap()
}

fn number(name: &str) -> PermId {
    PermId::new(match name {
        "a" => 1,
        "a.target1" => 2,
        _ => 3,
    })
}

fn trades(house: &House, name: &str, units: u32) {
    let side = if name == "a" { Side::Buy } else { Side::Sell };
    let traded =
        Execution { side, perm_id: number(name), ..execution(&format!("{name}-{units}"), Some(name), units) };
    house.broker.say(Some(name), BrokerNews::Executed(traded));
}

fn says(house: &House, name: &str, phase: BrokerPhase, filled: u32) {
    let status =
        BrokerStatus { phase, filled: Decimal::from(filled), perm_id: Some(number(name)), reason: None };
    house.broker.say(Some(name), BrokerNews::Status(status));
}

/// An exit as the broker lists it.
fn listed(name: &str, phase: BrokerPhase, units: u32, filled: u32) -> BrokerOrder {
    let row = held_by_broker(name, phase);
    let perm_id = Some(number(name));
    let status = BrokerStatus { filled: Decimal::from(filled), perm_id, ..row.status };
    BrokerOrder { perm_id, side: Side::Sell, size: quantity(units).into(), status, ..row }
}

/// A bracket that has brought in 10, of which its target has sold `sold`.
async fn sold(house: &House, orders: Vec<OrderIntent>, sold: u32) -> OrderDesk {
    let desk = house.desk().await;
    desk.submit_family(orders).await.unwrap();
    trades(house, "a", 10);
    for name in ["a.target1", "a.stop1"] {
        says(house, name, BrokerPhase::Working, 0);
    }
    if sold > 0 {
        trades(house, "a.target1", sold);
    }
    desk.pump().await.unwrap();
    desk
}

async fn stop_of(desk: &OrderDesk) -> (OrderState, Option<Quantity>, Decimal) {
    let stop = desk.order(&key("a.stop1")).await.unwrap();
    (stop.state(), stop.quantity(), stop.open_quantity().unwrap())
}

#[test]
fn an_exit_that_its_group_has_made_smaller_ends_when_it_has_filled() {
    block_on(async {
        for word_first in [true, false] {
            let house = House::new();
            let desk = sold(&house, bracket(), 4).await;
            if word_first {
                says(&house, "a.stop1", BrokerPhase::Filled, 6);
                desk.pump().await.unwrap();
                let waits = (OrderState::Working, Some(quantity(6)), Decimal::from(6));
                assert_eq!(stop_of(&desk).await, waits, "money decides");
            }
            trades(&house, "a.stop1", 6);
            says(&house, "a.stop1", BrokerPhase::Filled, 6);
            says(&house, "a.target1", BrokerPhase::Cancelled, 4);
            desk.pump().await.unwrap();
            for desk in [desk, house.desk().await] {
                let filled = (OrderState::Filled, Some(quantity(6)), Decimal::ZERO);
                assert_eq!(stop_of(&desk).await, filled, "nothing of it is left anywhere");
                assert_eq!(desk.live_orders().await.len(), 0);
            }
        }
    });
}

#[test]
fn an_exit_is_as_large_as_the_brokers_list_shows_once_another_has_traded() {
    block_on(async {
        let house = House::new();
        let desk = sold(&house, bracket(), 4).await;
        let rows =
            [listed("a.target1", BrokerPhase::Working, 10, 4), listed("a.stop1", BrokerPhase::Working, 6, 0)];
        house.broker.script(|script| script.open = rows.to_vec());
        desk.reconcile(Some(Patience::NONE)).await.unwrap();
        for desk in [desk, house.desk().await] {
            assert_eq!(stop_of(&desk).await, (OrderState::Working, Some(quantity(6)), Decimal::from(6)));
            assert!(!desk.breaks().await.iter().any(|it| it.cause() == Cause::OtherTerms));
        }
        // The next process is the first to hear of it, and that the stop has traded as well.
        let house = House::new();
        drop(sold(&house, bracket(), 4).await);
        house.broker.script(|script| script.completed = vec![listed("a.stop1", BrokerPhase::Filled, 6, 6)]);
        let desk = house.desk().await;
        trades(&house, "a.stop1", 6);
        desk.pump().await.unwrap();
        assert_eq!(stop_of(&desk).await.0, OrderState::Filled);
    });
}

#[test]
fn what_nothing_of_its_group_explains_keeps_the_size_in_which_it_was_ordered() {
    block_on(async {
        let kept = (OrderState::Working, Some(quantity(10)), Decimal::TEN);
        let cancelling = |it: OrderIntent| {
            let group = it.oca().cloned().map(|group| group.with_effect(OcaEffect::CancelWithBlock));
            OrderDraft { oca: group, ..it.to_draft() }.check().unwrap()
        };
        let cases = [(0, bracket()), (4, bracket().into_iter().map(cancelling).collect())];
        for (units, orders) in cases {
            let house = House::new();
            let desk = sold(&house, orders, units).await;
            says(&house, "a.stop1", BrokerPhase::Filled, 6);
            let row = listed("a.stop1", BrokerPhase::Working, 6, 0);
            house.broker.script(|script| script.open = vec![row]);
            desk.reconcile(Some(Patience::NONE)).await.unwrap();
            assert_eq!(stop_of(&desk).await, kept, "{units} sold");
            assert!(desk.breaks().await.iter().any(|it| it.cause() == Cause::OtherTerms), "a person looks");
        }
        // A change is under way: which of the two the broker shows, its answer says.
        let house = House::new();
        let desk = sold(&house, bracket(), 4).await;
        house.broker.script(|script| script.change_answers.push_back(Err(crate::support::unknown())));
        desk.change(&key("a.stop1"), OrderChange::to_quantity(quantity(5))).await.unwrap();
        house.broker.script(|script| script.open = vec![listed("a.stop1", BrokerPhase::Working, 6, 0)]);
        desk.reconcile(Some(Patience::NONE)).await.unwrap();
        assert_eq!(stop_of(&desk).await, kept);
    });
}

#[test]
fn a_change_of_the_price_is_proven_whatever_the_group_has_made_of_the_size() {
    block_on(async {
        for price in ["85", "80"] {
            let house = House::new();
            let desk = sold(&house, bracket(), 4).await;
            house.broker.script(|script| script.change_answers.push_back(Err(crate::support::unknown())));
            let to = |price: &str| OrderKind::Stop { stop: price.parse().unwrap() };
            desk.change(&key("a.stop1"), OrderChange::to_kind(to("85"))).await.unwrap();
            let row = listed("a.stop1", BrokerPhase::Working, 6, 0);
            let time_in_force = Some(desk.order(&key("a.stop1")).await.unwrap().wording().time_in_force());
            house.broker.script(|script| {
                script.open = vec![BrokerOrder { kind: Some(to(price)), time_in_force, ..row }];
            });
            desk.resume().await.unwrap();
            let stop = desk.order(&key("a.stop1")).await.unwrap();
            assert_eq!((*stop.kind(), stop.pending_change()), (to(price), None));
            desk.reconcile(Some(Patience::NONE)).await.unwrap();
            assert_eq!(stop_of(&desk).await, (OrderState::Working, Some(quantity(6)), Decimal::from(6)));
        }
    });
}

/// A broker tells where the stop of a trailing order stands by now.
#[test]
fn a_change_of_a_trailing_stop_is_proven_wherever_it_stands() {
    block_on(async {
        let trailing = |amount: &str, stop: Option<&str>| OrderKind::Trail {
            by: TrailBy::Amount(amount.parse().unwrap()),
            stop: stop.map(|it| it.parse().unwrap()),
        };
        let to_quantity = || OrderChange::to_quantity(quantity(8));
        let farther = || OrderChange::to_kind(trailing("2", None));
        let cases = [
            (farther(), trailing("2", Some("98.5")), 10, true),
            (farther(), trailing("1", Some("99.5")), 10, false),
            (to_quantity(), trailing("1", Some("99.5")), 8, true),
            (to_quantity(), trailing("1", Some("99.5")), 10, false),
        ];
        for (change, kind, units, is_made) in cases {
            let house = House::new();
            let desk = house.desk().await;
            let stop = OrderDraft { side: Side::Sell, kind: trailing("1", None), ..buy("s", 10).to_draft() };
            desk.submit(stop.check().unwrap()).await.unwrap();
            house.broker.script(|script| script.change_answers.push_back(Err(crate::support::unknown())));
            desk.change(&key("s"), change.clone()).await.unwrap();
            let row = BrokerOrder { kind: Some(kind), ..listed("s", BrokerPhase::Working, units, 0) };
            house.broker.script(|script| script.open = vec![row]);
            desk.resume().await.unwrap();
            let order = desk.order(&key("s")).await.unwrap();
            assert_eq!(order.pending_change(), None, "{change:?}, shown as {kind:?}");
            let wanted = change.onto(order.intent().to_draft()).check().unwrap();
            assert_eq!(*order.wording() == wanted, is_made);
        }
    });
}

/// An exit that sells what a part of its entry has brought in is as large as that part: the broker calls it filled, and has it no more.
#[test]
fn an_exit_of_what_came_in_in_part_ends_when_it_has_filled() {
    block_on(async {
        for is_late in [false, true] {
            let house = House::new();
            let desk = house.desk().await;
            desk.submit_family(bracket()).await.unwrap();
            trades(&house, "a", 4);
            says(&house, "a.stop1", BrokerPhase::Working, 0);
            if is_late {
                // The rest has come in before anybody heard of the stop: a list of what has ended says it.
                trades(&house, "a", 6);
            }
            trades(&house, "a.stop1", 4);
            says(&house, "a.stop1", BrokerPhase::Filled, 4);
            desk.pump().await.unwrap();
            if is_late {
                let row = listed("a.stop1", BrokerPhase::Filled, 4, 4);
                house.broker.script(|script| script.completed = vec![row]);
                desk.reconcile(None).await.unwrap();
            } else {
                trades(&house, "a", 6);
            }
            says(&house, "a.target1", BrokerPhase::Cancelled, 0);
            desk.pump().await.unwrap();
            assert_eq!(stop_of(&desk).await, (OrderState::Filled, Some(quantity(4)), Decimal::ZERO));
            let gaps = desk.cover_gaps(&ProtectionPolicy::default()).await;
            let bare: Vec<Decimal> = gaps.iter().map(|gap| gap.bare).collect();
            assert_eq!(bare, [6.into()], "what came in after it has no stop");
        }
    });
}

/// What is listed while more may come in is as large as what has, and grows with it.
#[test]
fn an_exit_keeps_its_size_while_its_entry_may_bring_in_more() {
    block_on(async {
        for sold in [0, 2] {
            let house = House::new();
            let desk = house.desk().await;
            desk.submit_family(bracket()).await.unwrap();
            trades(&house, "a", 4);
            for name in ["a.target1", "a.stop1"] {
                says(&house, name, BrokerPhase::Working, 0);
            }
            if sold > 0 {
                trades(&house, "a.target1", sold);
            }
            let row = listed("a.stop1", BrokerPhase::Working, 4 - sold, 0);
            house.broker.script(|script| script.open = vec![row]);
            desk.reconcile(Some(Patience::NONE)).await.unwrap();
            assert_eq!(
                stop_of(&desk).await,
                (OrderState::Working, Some(quantity(10)), Decimal::TEN),
                "{sold}"
            );
            assert!(!desk.breaks().await.iter().any(|it| it.cause() == Cause::OtherTerms), "nobody did it");
            // No more comes in: it is as large as the broker has it.
            says(&house, "a", BrokerPhase::Cancelled, 4);
            desk.reconcile(Some(Patience::NONE)).await.unwrap();
            let left = quantity(4 - sold);
            assert_eq!(stop_of(&desk).await, (OrderState::Working, Some(left), left.as_decimal()), "{sold}");
        }
    });
}

/// The same lists tell of what has traded and of what that has made smaller.
#[test]
fn what_traded_while_nobody_listened_makes_exits_smaller_at_once() {
    block_on(async {
        for (phase, filled) in [(BrokerPhase::Working, 0), (BrokerPhase::Filled, 6)] {
            let house = House::new();
            drop(sold(&house, bracket(), 0).await);
            let told = |name: &str, units| Execution {
                side: Side::Sell,
                perm_id: number(name),
                ..execution(name, Some(name), units)
            };
            house.broker.script(|script| {
                script.executions = vec![told("a.target1", 4)];
                let row = vec![listed("a.stop1", phase, 6, filled)];
                if filled > 0 {
                    script.executions.push(told("a.stop1", filled));
                    script.completed = row;
                } else {
                    script.open = row;
                }
            });
            let desk = house.desk().await;
            let state = if filled > 0 { OrderState::Filled } else { OrderState::Working };
            assert_eq!(stop_of(&desk).await, (state, Some(quantity(6)), Decimal::from(6 - filled)));
            assert!(!desk.breaks().await.iter().any(|it| it.cause() == Cause::OtherTerms));
        }
    });
}

/// Words that come faster than they are kept are taken in together.
#[test]
fn what_has_made_an_exit_smaller_may_be_told_in_the_same_breath() {
    block_on(async {
        for word_first in [true, false] {
            let house = House::new();
            let desk = sold(&house, bracket(), 0).await;
            if word_first {
                says(&house, "a.stop1", BrokerPhase::Filled, 6);
            }
            trades(&house, "a.target1", 4);
            trades(&house, "a.stop1", 6);
            if !word_first {
                says(&house, "a.stop1", BrokerPhase::Filled, 6);
            }
            desk.pump().await.unwrap();
            assert_eq!(stop_of(&desk).await, (OrderState::Filled, Some(quantity(6)), Decimal::ZERO));
        }
    });
}

/// What somebody has made larger since the broker was asked is not made smaller by its answer.
#[test]
fn a_list_that_is_older_than_a_change_makes_nothing_smaller() {
    block_on(async {
        let house = House::new();
        let desk = sold(&house, bracket(), 4).await;
        house.broker.script(|script| script.open = vec![listed("a.stop1", BrokerPhase::Working, 6, 0)]);
        desk.reconcile(Some(Patience::NONE)).await.unwrap();
        house.broker.script(|script| script.open_hangs = true);
        let mut asking = Box::pin(desk.reconcile(None));
        assert!(futures::poll!(&mut asking).is_pending());
        house.clock.advance(std::time::Duration::from_millis(1));
        house.quote(&desk);
        let stop = key("a.stop1");
        let mut changing = Box::pin(desk.change(&stop, OrderChange::to_quantity(quantity(8))));
        assert!(futures::poll!(&mut changing).is_pending(), "it is read back");
        assert_eq!(stop_of(&desk).await.1, Some(quantity(8)));
        house.broker.script(|script| script.open_hangs = false);
        asking.await.unwrap();
        assert_eq!(stop_of(&desk).await.1, Some(quantity(8)));
    });
}
