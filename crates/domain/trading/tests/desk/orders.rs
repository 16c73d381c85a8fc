//! Placing orders, following them, and what is proven about them.

use crate::breaks::held;
use crate::support::{
    House, account, apple, audit_with_room, buy, execution, held_by_broker, key, quantity, sent, unknown,
};
use futures::executor::block_on;
use futures::{FutureExt, StreamExt};
use std::sync::Arc;
use std::time::Duration;
use tradeport_conformance::mocks::MockOrderJournal;
use tradeport_kernel::{Clock, Currency, Decimal, Money, StoreError, Symbol};
use tradeport_orders::{
    BrokerNews, BrokerPhase, CancelTag, Commission, Execution, ExecutionId, JournalError, OrderDraft,
    OrderJournal, OrderKind, OrderSize, OrderState, Side, WhatIf,
};
use tradeport_portfolio::{TargetPercent, TargetRules};
use tradeport_risk::Rule;
use tradeport_trading::{DeskError, DeskPorts, OnItsWay, PlatformEvent};

#[test]
fn an_order_is_in_the_journal_before_the_broker_sees_it() {
    block_on(async {
        let house = House::new();
        let placed = house.desk().await.submit(buy("a", 10)).await.unwrap();
        assert_eq!(placed.order.state(), OrderState::Working);
        let before = house.broker.script(|script| script.written_when_sent.clone());
        assert_eq!(before, [3], "intent, verdict and sending are kept first");
    });
}

#[test]
fn what_the_journal_cannot_keep_is_not_sent() {
    block_on(async {
        let house = House::new();
        let mut journal = MockOrderJournal::new();
        journal.expect_checkpoint().returning(|| Ok(None));
        journal.expect_read().returning(|_, _| Ok(Vec::new()));
        journal.expect_append().returning(|_| Err(JournalError::Store(StoreError::Full("disk full".into()))));
        let ports = DeskPorts { journal: Arc::new(journal), ..house.ports() };
        let desk = House::desk_on(ports).await;
        assert!(matches!(desk.submit(buy("a", 10)).await, Err(DeskError::Journal(_))));
        assert_eq!(sent(&house.broker), 0);
        assert!(desk.order(&key("a")).await.is_none(), "what is not kept did not happen");
    });
}

/// A gateway makes an order of what the desk places, whatever it says of itself.
#[test]
fn a_question_is_never_placed_alone_or_in_a_family_and_can_be_asked() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        let question = |name: &str| buy(name, 10).to_draft().what_if(WhatIf::MarginOnly);
        let alone = desk.submit(question("a").check().unwrap()).await.unwrap_err();
        assert_eq!(alone.to_string(), "order a is a question: it is never placed");
        let child = question("c").child_of(key("b")).check().unwrap();
        let family = desk.submit_family(vec![buy("b", 10), child]).await;
        assert!(matches!(family, Err(DeskError::Question(it)) if it == key("c")));
        assert_eq!(sent(&house.broker), 0);
        assert_eq!(desk.orders().await, [], "nothing of it is kept");
        desk.preview(question("a").check().unwrap()).await.unwrap();
        assert_eq!(house.broker.script(|script| script.previewed.len()), 1);
    });
}

#[test]
fn the_same_key_is_one_order_for_ever() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        desk.submit(buy("a", 10)).await.unwrap();
        assert!(desk.submit(buy("a", 10)).await.unwrap().repeat);
        assert!(matches!(desk.submit(buy("a", 11)).await, Err(DeskError::KeyReused(_))));
        let reopened = house.desk().await;
        assert!(reopened.submit(buy("a", 10)).await.unwrap().repeat);
        assert_eq!(sent(&house.broker), 1);
    });
}

#[test]
fn what_risk_stops_is_kept_and_not_sent() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        let placed = desk.submit(buy("a", 101)).await.unwrap();
        assert_eq!(placed.order.state(), OrderState::Refused);
        assert_eq!(placed.refusal.unwrap().rule, Rule::MaxPositionShare);
        assert_eq!((sent(&house.broker), house.written("a").await.len()), (0, 2));
    });
}

#[test]
fn two_intents_at_once_do_not_pass_a_limit_together() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        let (first, second) = futures::join!(desk.submit(buy("a", 60)), desk.submit(buy("b", 60)));
        let states = [first.unwrap().order.state(), second.unwrap().order.state()];
        assert!(states.contains(&OrderState::Working) && states.contains(&OrderState::Refused), "{states:?}");
    });
}

#[test]
fn a_stale_quote_refuses() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        house.clock.advance(Duration::from_secs(61));
        let placed = desk.submit(buy("a", 1)).await.unwrap();
        assert_eq!(placed.refusal.unwrap().rule, Rule::KnownInputs);
    });
}

#[test]
fn what_the_broker_would_not_take_costs_no_round_trip_and_is_kept() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        let limit = |price: &str| OrderKind::Limit { limit: price.parse().unwrap() };
        let of = |name: &str, kind, size: &str| {
            let size = OrderSize::Units(size.parse().unwrap());
            OrderDraft { kind, size, ..buy(name, 1).to_draft() }.check().unwrap()
        };
        for (name, kind, size, words) in [
            (
                "a",
                limit("100.005"),
                "1",
                "the limit of 100.005 is not on the price step of 0.01: 100 or 100.01",
            ),
            ("b", limit("-1"), "1", "the limit of -1 is not a price of AAPL: it must be above zero, 0.01"),
            ("c", OrderKind::Market, "0.5", "a size of 0.5 is not on the size step of 1: 1"),
        ] {
            let placed = desk.submit(of(name, kind, size)).await.unwrap();
            assert_eq!((placed.order.state(), placed.refusal), (OrderState::Refused, None));
            let expected = format!("{words} would be accepted");
            assert_eq!(placed.invalid.unwrap().to_string(), expected);
            assert_eq!(placed.order.reason(), Some(expected.as_str()), "the journal keeps why");
            assert!(desk.submit(of(name, kind, size)).await.unwrap().repeat);
        }
        let nowhere = OrderDraft { symbol: Symbol::new("NOPE").unwrap(), ..buy("d", 1).to_draft() };
        let nowhere = desk.submit(nowhere.check().unwrap()).await;
        assert!(matches!(nowhere, Err(DeskError::UnknownSymbol(_))));
        assert_eq!(
            (sent(&house.broker), house.written("a").await.len(), house.written("d").await.len()),
            (0, 3, 0)
        );
        let reopened = house.desk().await.order(&key("a")).await.unwrap();
        assert_eq!(reopened, desk.order(&key("a")).await.unwrap(), "replay gives the same order");
    });
}

#[test]
fn silence_is_unknown_counts_against_the_limits_and_is_never_sent_again() {
    block_on(async {
        let house = House::new();
        house.broker.script(|script| script.answers.push_back(Err(unknown())));
        let desk = house.desk().await;
        let placed = desk.submit(buy("a", 60)).await.unwrap();
        assert_eq!(placed.order.state(), OrderState::Unknown);
        assert!(desk.submit(buy("a", 60)).await.unwrap().repeat);
        let more = desk.submit(buy("b", 60)).await.unwrap();
        assert_eq!(more.refusal.unwrap().rule, Rule::MaxPositionShare);
        assert_eq!(sent(&house.broker), 1);
    });
}

#[test]
fn an_unknown_order_is_decided_by_proof_alone() {
    block_on(async {
        let lost = || async {
            let house = House::new();
            house.broker.script(|script| script.answers.push_back(Err(unknown())));
            house.desk().await.submit(buy("a", 10)).await.unwrap();
            house
        };
        let house = lost().await;
        let absent = house.desk().await.order(&key("a")).await.unwrap();
        assert_eq!(absent.state(), OrderState::NotSent, "three whole snapshots show no trace");

        let house = lost().await;
        house.broker.script(|script| script.open.push(held_by_broker("a", BrokerPhase::Working)));
        assert_eq!(house.desk().await.order(&key("a")).await.unwrap().state(), OrderState::Working);

        let house = lost().await;
        house.broker.script(|script| script.executions.push(execution("x", Some("a"), 10)));
        assert_eq!(house.desk().await.order(&key("a")).await.unwrap().state(), OrderState::Filled);

        let house = lost().await;
        house.broker.script(|script| script.completed.push(held_by_broker("a", BrokerPhase::Cancelled)));
        assert_eq!(house.desk().await.order(&key("a")).await.unwrap().state(), OrderState::Cancelled);
    });
}

#[test]
fn an_interrupted_snapshot_proves_nothing() {
    block_on(async {
        let house = House::new();
        house.broker.script(|script| script.answers.push_back(Err(unknown())));
        house.desk().await.submit(buy("a", 10)).await.unwrap();
        house.broker.script(|script| script.silent = true);
        assert!(matches!(house.try_desk().await, Err(DeskError::Gateway(_))));
        house.broker.script(|script| {
            script.silent = false;
            script.open.push(held_by_broker("a", BrokerPhase::Working));
        });
        assert_eq!(house.desk().await.order(&key("a")).await.unwrap().state(), OrderState::Working);
    });
}

#[test]
fn snapshots_of_two_epochs_prove_no_absence() {
    block_on(async {
        let house = House::new();
        house.broker.script(|script| script.answers.push_back(Err(unknown())));
        house.desk().await.submit(buy("a", 10)).await.unwrap();
        house.broker.script(|script| script.executions_of_an_earlier_epoch = true);
        assert_eq!(house.desk().await.order(&key("a")).await.unwrap().state(), OrderState::Unknown);
        house.broker.script(|script| script.executions_of_an_earlier_epoch = false);
        assert_eq!(house.desk().await.order(&key("a")).await.unwrap().state(), OrderState::NotSent);
    });
}

#[test]
fn a_broker_whose_clock_lags_behind_ours_is_believed() {
    block_on(async {
        let lag = |hours: u64| Duration::from_secs(hours * 3_600);
        for (behind, state) in [
            (0, OrderState::Filled),
            (1, OrderState::Filled),
            (14, OrderState::Filled),
            (25, OrderState::NotSent),
        ] {
            let house = House::new();
            house.clock.advance(lag(1_000));
            house.broker.script(|script| script.answers.push_back(Err(unknown())));
            house.desk().await.submit(buy("a", 10)).await.unwrap();
            let at = house.clock.now().before(lag(behind));
            house.clock.advance(lag(1));
            let traded = Execution { at, ..execution("x", Some("a"), 10) };
            house.broker.script(|script| script.executions.push(traded));
            let order = house.desk().await.order(&key("a")).await.unwrap();
            assert_eq!(order.state(), state, "{behind} hours behind");
        }
    });
}

#[test]
fn accounts_are_read_again_when_a_lagging_broker_traded_meanwhile() {
    block_on(async {
        let house = House::new();
        house.clock.advance(Duration::from_secs(86_400));
        let at = house.clock.now().before(Duration::from_secs(7_200));
        let traded = Execution { at, ..execution("x", None, 10) };
        house.broker.script(|script| {
            script.late_executions.push(traded);
            script.trades_at_reading = Some(2);
        });
        house.desk().await;
        assert_eq!(house.broker.script(|script| script.readings), 3, "the second reading differed");
    });
}

#[test]
fn an_execution_told_twice_is_paid_once() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        desk.submit(buy("a", 10)).await.unwrap();
        let fee = Commission {
            execution: ExecutionId::new("x", 1),
            amount: Money::new(Decimal::ONE, Currency::USD),
        };
        for name in [Some("a"), None] {
            let traded = execution(if name.is_some() { "x" } else { "y" }, name, 10);
            let fee = Commission { execution: traded.id.clone(), ..fee.clone() };
            for _ in 0..2 {
                house.broker.say(name, BrokerNews::Executed(traded.clone()));
                house.broker.say(name, BrokerNews::Charged(fee.clone()));
            }
        }
        assert_eq!(desk.pump().await.unwrap(), 8);
        let portfolio = desk.portfolio(&account()).await.unwrap();
        assert_eq!(portfolio.position(apple()).unwrap().quantity().as_decimal(), Decimal::from(20));
        assert_eq!(portfolio.cash().amount(), Decimal::from(100_000 - 2_000 - 2));
        assert_eq!(desk.order(&key("a")).await.unwrap().state(), OrderState::Filled);
    });
}

#[test]
fn a_target_counts_what_is_in_flight_as_done() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        let target = TargetPercent::new("0.05".parse().unwrap()).unwrap();
        let rules = TargetRules::default();
        let first = desk.target(key("a"), &account(), apple(), target, &rules).await.unwrap().unwrap();
        assert_eq!(first.order.quantity(), Some(quantity(50)));
        assert_eq!(desk.target(key("b"), &account(), apple(), target, &rules).await.unwrap(), None);
    });
}

#[test]
fn a_target_below_what_is_held_sells_what_is_not_being_sold_yet() {
    block_on(async {
        let house = House::new();
        house.broker.script(|script| script.positions = vec![held(50)]);
        let desk = house.desk().await;
        let selling = OrderDraft { side: Side::Sell, ..buy("a", 20).to_draft() };
        desk.submit(selling.check().unwrap()).await.unwrap();
        let (nothing, rules) = (TargetPercent::new(Decimal::ZERO).unwrap(), TargetRules::default());
        let rest = desk.target(key("b"), &account(), apple(), nothing, &rules).await.unwrap().unwrap();
        assert_eq!((rest.order.intent().side(), rest.order.quantity()), (Side::Sell, Some(quantity(30))));
        assert_eq!(desk.target(key("c"), &account(), apple(), nothing, &rules).await.unwrap(), None);
    });
}

/// A stop for all of it may sell all of it: what was to be held is held all the same, and not bought a second time.
#[test]
fn a_target_counts_on_nothing_that_may_trade_the_other_way() {
    block_on(async {
        let house = House::new();
        house.broker.script(|script| script.positions = vec![held(50)]);
        let desk = house.desk().await;
        let stop = OrderKind::Stop { stop: "80".parse().unwrap() };
        let stop = OrderDraft { side: Side::Sell, kind: stop, ..buy("stop", 50).to_draft() };
        desk.submit(stop.check().unwrap()).await.unwrap();
        // With its cash of 100,000 the account is worth 105,000.
        let target = |share: &str| TargetPercent::new(share.parse().unwrap()).unwrap();
        let rules = TargetRules::default();
        let asked = async |name: &str, share: &str| {
            let placed = desk.target(key(name), &account(), apple(), target(share), &rules).await.unwrap();
            placed.map(|placed| (placed.order.intent().side(), placed.order.quantity()))
        };
        assert_eq!(asked("same", "0.048").await, None);
        assert_eq!(asked("none", "0").await, None, "the stop may sell all of it");
        let on_its_way =
            async |share: &str| desk.on_its_way(&account(), apple(), target(share), &rules).await.unwrap();
        assert_eq!(
            on_its_way("0").await,
            [OnItsWay::Ours(Box::new(desk.order(&key("stop")).await.unwrap()))]
        );
        assert_eq!(on_its_way("0.048").await, [], "it is held");
        assert_eq!(on_its_way("0.08").await, [], "the stop trades the other way");
        let (side, more) = asked("more", "0.08").await.unwrap();
        assert!(
            side == Side::Buy && more.unwrap() < quantity(50),
            "{more:?}: not the 50 of the stop as well"
        );
        assert_eq!(asked("again", "0.08").await, None, "it is on its way");
    });
}

#[test]
fn a_cancel_is_a_wish_until_the_broker_confirms_it() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        desk.submit(buy("a", 10)).await.unwrap();
        assert_eq!(
            desk.cancel(&key("a"), CancelTag::default()).await.unwrap().state(),
            OrderState::CancelPending
        );
        house.broker.say(Some("a"), BrokerNews::Executed(execution("x", Some("a"), 4)));
        house.broker.say(Some("a"), BrokerNews::Status(held_by_broker("a", BrokerPhase::Cancelled).status));
        desk.pump().await.unwrap();
        let order = desk.order(&key("a")).await.unwrap();
        assert_eq!((order.state(), order.filled()), (OrderState::Cancelled, Decimal::from(4)));
        assert!(matches!(desk.cancel(&key("a"), CancelTag::default()).await, Err(DeskError::Ended { .. })));
        assert!(matches!(
            desk.cancel(&key("z"), CancelTag::default()).await,
            Err(DeskError::UnknownOrder(_))
        ));
    });
}

#[test]
fn a_cancel_that_never_arrived_leaves_the_order_as_the_broker_has_it() {
    block_on(async {
        for (phase, state) in [
            (BrokerPhase::Working, OrderState::Working),
            (BrokerPhase::Held, OrderState::Held),
            (BrokerPhase::CancelPending, OrderState::CancelPending),
            (BrokerPhase::Cancelled, OrderState::Cancelled),
        ] {
            let house = House::new();
            let desk = house.desk().await;
            desk.submit(buy("a", 10)).await.unwrap();
            desk.cancel(&key("a"), CancelTag::default()).await.unwrap();
            house.broker.script(|script| script.open.push(held_by_broker("a", phase)));
            desk.resume().await.unwrap();
            assert_eq!(desk.order(&key("a")).await.unwrap().state(), state, "{phase:?}");
        }
    });
}

#[test]
fn everything_that_happens_is_told_in_order() {
    block_on(async {
        let house = House::new();
        let mut events = house.bus.subscribe();
        let desk = house.desk().await;
        desk.submit(buy("a", 10)).await.unwrap();
        house.broker.say(Some("a"), BrokerNews::Executed(execution("x", Some("a"), 10)));
        desk.pump().await.unwrap();
        let heard: Vec<_> = std::iter::from_fn(|| events.next().now_or_never().flatten())
            .filter_map(|event| match event {
                PlatformEvent::OrderMoved { to, .. } => Some(to),
                PlatformEvent::Executed { .. } => None,
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(heard, [OrderState::Sent, OrderState::Working, OrderState::Filled]);
    });
}

#[test]
fn what_happened_while_the_link_was_down_is_found_in_the_next_epoch() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        desk.submit(buy("a", 10)).await.unwrap();
        desk.submit(buy("b", 10)).await.unwrap();
        house.broker.script(|script| {
            script.executions.push(execution("x", Some("a"), 10));
            script.open.push(held_by_broker("b", BrokerPhase::Working));
        });
        desk.resume().await.unwrap();
        assert_eq!(desk.order(&key("a")).await.unwrap().state(), OrderState::Filled);
        assert_eq!(desk.order(&key("b")).await.unwrap().state(), OrderState::Working);
        house.broker.say(Some("b"), BrokerNews::Executed(execution("y", Some("b"), 10)));
        desk.pump().await.unwrap();
        assert_eq!(desk.order(&key("b")).await.unwrap().state(), OrderState::Filled);
    });
}

#[test]
fn an_answer_that_cannot_be_kept_is_told_as_such() {
    block_on(async {
        let house = House::new();
        let memory = house.journal.clone();
        let mut journal = MockOrderJournal::new();
        journal.expect_checkpoint().returning(|| Ok(None));
        journal.expect_read().returning(|_, _| Ok(Vec::new()));
        let mut room = 1;
        journal.expect_append().returning(move |entries| {
            room -= 1;
            if room < 0 {
                return Err(JournalError::Store(StoreError::Full("disk full".into())));
            }
            memory.append(entries).now_or_never().unwrap()
        });
        let ports = DeskPorts { journal: Arc::new(journal), ..house.ports() };
        let desk = House::desk_on(ports).await;
        assert!(matches!(desk.submit(buy("a", 10)).await, Err(DeskError::AnswerNotKept { .. })));
        assert_eq!(sent(&house.broker), 1);
        let reopened = house.desk().await.order(&key("a")).await.unwrap();
        assert_eq!(reopened.state(), OrderState::NotSent, "the broker's snapshots show no trace of it");
    });
}

#[test]
fn what_the_audit_log_cannot_keep_is_not_sent() {
    block_on(async {
        let house = House::new();
        let desk = House::desk_on(house.ports_telling(audit_with_room(0))).await;
        assert!(matches!(desk.submit(buy("a", 10)).await, Err(DeskError::Journal(_))));
        assert_eq!((sent(&house.broker), desk.order(&key("a")).await), (0, None));
        assert_eq!(house.desk().await.order(&key("a")).await.unwrap().state(), OrderState::NotSent);
    });
}
