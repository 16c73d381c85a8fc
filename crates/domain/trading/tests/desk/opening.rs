//! What a desk makes of the broker's lists when it opens.

use crate::breaks::held;
use crate::statements::{APPLE, described};
use crate::support::{House, account, apple, buy, execution, held_by_broker, key, unknown};
use futures::executor::block_on;
use tradeport_contracts::ContractDraft;
use tradeport_kernel::{AccountId, Decimal, Timestamp};
use tradeport_orders::{
    BrokerNews, BrokerPhase, CancelTag, Execution, ExecutionId, OrderInput, OrderJournal, OrderState,
};
use tradeport_trading::OrderDesk;
use tradeport_trading::reconciliation::Patience;

#[test]
fn what_traded_since_the_oldest_live_order_is_asked_for_however_long_ago() {
    block_on(async {
        let house = House::new();
        house.desk().await.submit(buy("a", 10)).await.unwrap();
        house.clock.advance_to(Timestamp::from_seconds(5 * 86_400));
        let on_the_second_day = Timestamp::from_seconds(2 * 86_400);
        let bought = Execution { at: on_the_second_day, ..execution("x", Some("a"), 10) };
        house.broker.script(|script| script.executions = vec![bought]);
        let order = house.desk().await.order(&key("a")).await.unwrap();
        assert_eq!((order.state(), order.filled()), (OrderState::Filled, 10.into()));
    });
}

/// What it has filled, and what its strategy has, would be wrong for ever: nothing tells of it again.
#[test]
fn what_an_order_that_has_ended_traded_while_nobody_listened_reaches_it_once() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        for name in ["cancelled", "filled"] {
            desk.submit(buy(name, 10)).await.unwrap();
        }
        let cancelled = held_by_broker("cancelled", BrokerPhase::Cancelled).status;
        house.broker.say(Some("cancelled"), BrokerNews::Status(cancelled));
        house.broker.say(Some("filled"), BrokerNews::Executed(execution("y", Some("filled"), 10)));
        desk.pump().await.unwrap();
        let states = desk.orders().await.iter().map(tradeport_orders::Order::state).collect::<Vec<_>>();
        assert_eq!(states, [OrderState::Cancelled, OrderState::Filled]);
        drop(desk);
        house.broker.script(|script| {
            let corrected = ExecutionId::new("y", 2);
            script.executions = vec![
                execution("x", Some("cancelled"), 4),
                Execution { id: corrected, ..execution("y", Some("filled"), 8) },
            ];
            script.positions = vec![held(12)];
        });
        let mut written = Vec::new();
        for _ in 0..2 {
            let desk = house.desk().await;
            let filled = async |name: &str| desk.order(&key(name)).await.unwrap().filled();
            assert_eq!((filled("cancelled").await, filled("filled").await), (4.into(), 8.into()));
            let has = desk.portfolio(&account()).await.unwrap();
            assert_eq!(
                has.position(apple()).unwrap().quantity().as_decimal(),
                12.into(),
                "it has them already"
            );
            written.push(house.journal.last().await.unwrap());
        }
        assert_eq!(written[0], written[1], "the second time it is known");
    });
}

/// Another login tells nothing of it: neither that it is not there, nor that it is gone.
#[test]
fn a_login_without_its_account_proves_nothing_about_an_order() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        house.broker.script(|script| script.answers.push_back(Err(unknown())));
        for name in ["unknown", "works"] {
            desk.submit(buy(name, 10)).await.unwrap();
        }
        drop(desk);
        house.broker.script(|script| script.managed = vec![AccountId::new("DU2").unwrap()]);
        let state = async |desk: &OrderDesk, name: &str| desk.order(&key(name)).await.unwrap().state();
        let desk = house.desk().await;
        let reconciled = desk.reconcile(Some(Patience::NONE)).await.unwrap();
        assert_eq!(state(&desk, "unknown").await, OrderState::Unknown, "its account was not looked at");
        assert_eq!(state(&desk, "works").await, OrderState::Working);
        assert_eq!(desk.breaks().await, []);
        let said = "DU1 is no account of this login: nothing tells what became of 2 orders of it";
        assert!(reconciled.open_questions.iter().any(|it| it == said), "{:?}", reconciled.open_questions);
        drop(desk);
        house.broker.script(|script| script.managed = vec![account()]);
        let desk = house.desk().await;
        assert_eq!(state(&desk, "unknown").await, OrderState::NotSent, "its own login proves it");
    });
}

#[test]
fn what_a_live_order_is_of_is_known_before_it_trades() {
    block_on(async {
        let house = House::new();
        let contract = ContractDraft { multiplier: Decimal::TEN, ..described(APPLE, apple()) };
        house.broker.script(|script| script.listed = vec![contract.check().unwrap()]);
        assert_eq!(house.desk().await.submit(buy("a", 1)).await.unwrap().refusal, None);
        house.broker.script(|script| script.open = vec![held_by_broker("a", BrokerPhase::Working)]);
        let desk = house.desk().await;
        house.broker.say(Some("a"), BrokerNews::Executed(execution("x", Some("a"), 1)));
        desk.pump().await.unwrap();
        let cash = desk.portfolio(&account()).await.unwrap().cash().amount();
        assert_eq!(cash, 99_000.into(), "ten units at 100");
    });
}

/// Only a cancel that was asked for, and that the broker knows nothing of, never reached it.
#[test]
fn a_cancel_is_taken_for_lost_only_where_one_was_asked_for_and_the_broker_knows_of_none() {
    let cases = [
        (false, BrokerPhase::Working, OrderState::Working, 0),
        (true, BrokerPhase::CancelPending, OrderState::CancelPending, 0),
        (true, BrokerPhase::Working, OrderState::Working, 1),
    ];
    for (asked, phase, state, lost) in cases {
        block_on(async {
            let house = House::new();
            let desk = house.desk().await;
            desk.submit(buy("a", 10)).await.unwrap();
            if asked {
                desk.cancel(&key("a"), CancelTag::default()).await.unwrap();
            }
            drop(desk);
            house.broker.script(|script| script.open = vec![held_by_broker("a", phase)]);
            assert_eq!(house.desk().await.order(&key("a")).await.unwrap().state(), state);
            let inputs = house.inputs("a").await;
            let refused = inputs.iter().filter(|it| matches!(it, OrderInput::CancelRefused { .. })).count();
            assert_eq!(refused, lost, "asked for: {asked}, shown as {phase:?}");
        });
    }
}
