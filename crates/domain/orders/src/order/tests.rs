//! The laws of an order's life.

mod amounts;
mod answers;
mod changes;
mod twins;

use super::*;
use crate::{
    BrokerPhase, BrokerStatus, CancelTag, Commission, ExecutedPart, Execution, ExecutionId, OrderChange,
    OrderDraft, OrderKind, OrderSize, RefusedBy, Side, TimeInForce,
};
use tradeport_kernel::{AccountId, Currency, Money, OrderKey, Symbol};

fn order(quantity: u32) -> Order {
    let draft = OrderDraft::new(
        OrderKey::new("k").unwrap(),
        AccountId::new("DU1").unwrap(),
        Symbol::new("AAPL").unwrap(),
        Side::Buy,
        Quantity::new(quantity.into()).unwrap(),
        OrderKind::Market,
    );
    Order::open(draft.check().unwrap(), Timestamp::EPOCH)
}

fn execution(root: &str, revision: u32, quantity: u32) -> OrderInput {
    OrderInput::Executed {
        execution: Execution {
            id: ExecutionId::new(root, revision),
            key: None,
            perm_id: PermId::new(7),
            account: AccountId::new("DU1").unwrap(),
            symbol: Symbol::new("AAPL").unwrap(),
            side: Side::Buy,
            quantity: Quantity::new(quantity.into()).unwrap(),
            price: "10".parse().unwrap(),
            at: Timestamp::EPOCH,
            part: ExecutedPart::Whole,
        },
    }
}

fn status(phase: BrokerPhase) -> OrderInput {
    OrderInput::Status { status: BrokerStatus { phase, filled: Decimal::ZERO, perm_id: None, reason: None } }
}

fn after(quantity: u32, inputs: &[OrderInput]) -> (Order, Option<Anomaly>) {
    let mut order = order(quantity);
    let mut anomaly = None;
    for input in inputs {
        anomaly = order.apply(input, Timestamp::EPOCH).anomaly.or(anomaly);
    }
    (order, anomaly)
}

#[test]
fn an_execution_counts_once_however_often_it_is_told() {
    let (order, anomaly) = after(10, &[OrderInput::Sent, execution("a", 1, 4), execution("a", 1, 4)]);
    assert_eq!((order.filled(), order.state(), anomaly), (Decimal::from(4), OrderState::Working, None));
}

#[test]
fn a_correction_replaces_what_it_corrects() {
    let mut order = order(10);
    order.apply(&execution("a", 1, 4), Timestamp::EPOCH);
    let applied = order.apply(&execution("a", 2, 3), Timestamp::EPOCH);
    assert!(applied.replaced.is_some() && applied.executed.is_some());
    assert_eq!(order.filled(), Decimal::from(3));
    order.apply(&execution("a", 1, 4), Timestamp::EPOCH);
    assert_eq!(order.filled(), Decimal::from(3), "an older revision came back");
}

#[test]
fn money_beats_status() {
    let (order, _) = after(10, &[OrderInput::Sent, status(BrokerPhase::Cancelled), execution("a", 1, 10)]);
    assert_eq!(order.state(), OrderState::Filled);
    let (order, _) = after(10, &[OrderInput::Sent, status(BrokerPhase::Cancelled), execution("a", 1, 4)]);
    assert_eq!((order.state(), order.filled()), (OrderState::Cancelled, Decimal::from(4)));
}

#[test]
fn a_status_of_filled_waits_for_the_money() {
    let (order, _) = after(10, &[OrderInput::Sent, status(BrokerPhase::Filled)]);
    assert_eq!(order.state(), OrderState::Working);
    let (order, _) = after(10, &[OrderInput::Sent, status(BrokerPhase::Filled), execution("a", 1, 10)]);
    assert_eq!(order.state(), OrderState::Filled);
}

#[test]
fn silence_is_unknown_and_only_proof_ends_it() {
    let (order, _) = after(10, &[OrderInput::Sent, OrderInput::LinkLost]);
    assert_eq!(order.state(), OrderState::Unknown);
    let (order, _) = after(10, &[OrderInput::Sent, OrderInput::LinkLost, OrderInput::ProvenAbsent]);
    assert_eq!(order.state(), OrderState::NotSent);
    let (order, _) = after(10, &[OrderInput::Sent, OrderInput::LinkLost, status(BrokerPhase::Working)]);
    assert_eq!(order.state(), OrderState::Working);
    let (order, anomaly) = after(10, &[OrderInput::Sent, execution("a", 1, 1), OrderInput::ProvenAbsent]);
    assert_eq!((order.state(), anomaly), (OrderState::Working, Some(Anomaly::AbsentAfterSeen)));
}

#[test]
fn too_much_money_is_counted_and_shown() {
    let (order, anomaly) = after(10, &[OrderInput::Sent, execution("a", 1, 10), execution("b", 1, 5)]);
    assert_eq!((order.filled(), anomaly), (Decimal::from(15), Some(Anomaly::Overfilled)));
    assert_eq!(order.open_quantity(), Some(Decimal::ZERO));
}

#[test]
fn a_refused_cancel_leaves_the_order_alive() {
    let accepted = OrderInput::Accepted { perm_id: None, broker_order_id: None };
    let refused = OrderInput::CancelRefused { reason: "too late".into(), by: RefusedBy::Broker };
    let (order, _) = after(
        10,
        &[OrderInput::Sent, accepted, OrderInput::CancelRequested { tag: CancelTag::default() }, refused],
    );
    assert_eq!(order.state(), OrderState::Working);
}

#[test]
fn a_commission_needs_its_execution() {
    let charge = |root: &str| OrderInput::Charged {
        commission: Commission {
            execution: ExecutionId::new(root, 1),
            amount: Money::new(Decimal::ONE, Currency::USD),
        },
    };
    let (order, anomaly) = after(10, &[execution("a", 1, 10), charge("a"), charge("a")]);
    assert_eq!((order.commissions().count(), anomaly), (1, None));
    let charged: Vec<_> =
        order.charged_executions().map(|(it, cost)| (it.id.root(), cost.amount())).collect();
    assert_eq!(charged, [("a", Decimal::ONE)]);
    let (_, anomaly) = after(10, &[execution("a", 1, 10), charge("b")]);
    assert_eq!(anomaly, Some(Anomaly::UnknownExecution));
}

#[test]
fn no_input_revives_a_dead_order_without_money() {
    let all = [
        OrderInput::Sent,
        OrderInput::Accepted { perm_id: None, broker_order_id: None },
        OrderInput::CancelRequested { tag: CancelTag::default() },
        OrderInput::LinkLost,
        OrderInput::ProvenAbsent,
        status(BrokerPhase::Working),
        status(BrokerPhase::Held),
        status(BrokerPhase::Filled),
    ];
    for end in [BrokerPhase::Cancelled, BrokerPhase::Expired, BrokerPhase::Refused] {
        for input in &all {
            let ended =
                BrokerStatus { phase: end, filled: Decimal::ZERO, perm_id: None, reason: Some("why".into()) };
            let ended = OrderInput::Status { status: ended };
            let (order, _) = after(10, &[OrderInput::Sent, ended, input.clone()]);
            assert!(order.state().is_final(), "{input:?} revived an order that was {end:?}");
        }
    }
}

/// Random lives: whatever arrives, in whatever order.
mod any_life {
    use super::changes::{asked, to};
    use super::*;
    use crate::{JournalEntry, OrderBook};
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn any_input() -> impl Strategy<Value = OrderInput> {
        let phase = prop_oneof![
            Just(BrokerPhase::Held),
            Just(BrokerPhase::Working),
            Just(BrokerPhase::CancelPending),
            Just(BrokerPhase::Filled),
            Just(BrokerPhase::Cancelled),
            Just(BrokerPhase::Expired),
            Just(BrokerPhase::Refused),
        ];
        prop_oneof![
            Just(OrderInput::Sent),
            Just(OrderInput::RiskApproved { findings: Vec::new().into() }),
            Just(OrderInput::Accepted { perm_id: None, broker_order_id: None }),
            Just(OrderInput::Refused { reason: "no".into() }),
            Just(OrderInput::NotSent { reason: "no".into() }),
            Just(OrderInput::OutcomeUnknown { reason: "silence".into() }),
            Just(OrderInput::CancelRequested { tag: CancelTag::default() }),
            Just(OrderInput::CancelRefused { reason: "no".into(), by: RefusedBy::Broker }),
            Just(OrderInput::LinkLost),
            Just(OrderInput::ProvenAbsent),
            (1..20_u32).prop_map(asked),
            (1..20_u32).prop_map(|quantity| OrderInput::Changed { change: to(quantity) }),
            Just(OrderInput::ChangeRefused { reason: "no".into(), by: RefusedBy::Broker }),
            Just(OrderInput::ChangeOutcomeUnknown { reason: "silence".into() }),
            phase.prop_map(status),
            (0..4_u8, 1..4_u32, 1..6_u32).prop_map(|(root, revision, quantity)| execution(
                &root.to_string(),
                revision,
                quantity
            )),
        ]
    }

    proptest! {
        #[test]
        fn filled_is_the_sum_of_the_highest_revisions(inputs in prop::collection::vec(any_input(), 0..60)) {
            let (order, _) = after(10, &inputs);
            let mut highest: BTreeMap<String, (u32, Decimal)> = BTreeMap::new();
            for input in &inputs {
                if let OrderInput::Executed { execution } = input {
                    let row = highest.entry(execution.id.root().to_owned()).or_default();
                    if execution.id.revision() > row.0 {
                        *row = (execution.id.revision(), execution.quantity.as_decimal());
                    }
                }
            }
            prop_assert_eq!(order.filled(), highest.values().map(|row| row.1).sum::<Decimal>());
        }

        #[test]
        fn an_ended_order_comes_back_to_life_for_no_word(inputs in prop::collection::vec(any_input(), 0..60)) {
            let mut order = order(10);
            for input in &inputs {
                // What the broker calls inactive without a word why may; and what it was not believed to have.
                let believed_absent = order.state() == OrderState::NotSent;
                let ended = order.state().is_final() && !order.may_revive() && !believed_absent;
                order.apply(input, Timestamp::EPOCH);
                prop_assert!(!ended || order.state().is_final(), "{input:?} revived it");
            }
        }

        #[test]
        fn silence_never_ends_an_order(inputs in prop::collection::vec(any_input(), 0..60)) {
            let mut order = order(10);
            for input in &inputs {
                let before = order.state();
                order.apply(input, Timestamp::EPOCH);
                let silence = matches!(
                    input,
                    OrderInput::LinkLost
                        | OrderInput::OutcomeUnknown { .. }
                        | OrderInput::ChangeOutcomeUnknown { .. }
                );
                prop_assert!(!silence || before.is_final() || !order.state().is_final());
            }
        }

        #[test]
        fn replaying_the_written_journal_gives_the_same_book(inputs in prop::collection::vec(any_input(), 0..60)) {
            let intent = order(10).intent().clone();
            let key = intent.key().clone();
            let mut entries = vec![JournalEntry::intended(intent, Timestamp::EPOCH)];
            entries.extend(inputs.into_iter().map(|input| JournalEntry::happened(key.clone(), input, Timestamp::EPOCH)));
            let (mut live, mut replayed) = (OrderBook::default(), OrderBook::default());
            entries.iter().for_each(|entry| drop(live.apply(entry).unwrap()));
            for entry in &entries {
                let written = serde_json::to_string(entry).unwrap();
                replayed.apply(&serde_json::from_str(&written).unwrap()).unwrap();
            }
            prop_assert_eq!(live, replayed);
        }
    }
}

fn for_money() -> Order {
    let cash = tradeport_kernel::Money::new(Decimal::from(500), Currency::USD);
    let draft = OrderDraft { size: OrderSize::Cash(cash), ..order(1).intent().to_draft() };
    Order::open(draft.check().unwrap(), Timestamp::EPOCH)
}

fn filled(quantity: u32) -> OrderInput {
    let filled = Decimal::from(quantity);
    OrderInput::Status {
        status: BrokerStatus { phase: BrokerPhase::Filled, filled, perm_id: None, reason: None },
    }
}

#[test]
fn an_order_for_money_is_filled_when_the_broker_says_so() {
    let mut order = for_money();
    order.apply(&OrderInput::Sent, Timestamp::EPOCH);
    order.apply(&execution("a", 1, 30), Timestamp::EPOCH);
    assert_eq!((order.state(), order.quantity(), order.open_quantity()), (OrderState::Working, None, None));
    let applied = order.apply(&execution("b", 1, 20), Timestamp::EPOCH);
    assert_eq!((order.state(), applied.anomaly), (OrderState::Working, None));
    order.apply(&filled(50), Timestamp::EPOCH);
    assert_eq!(
        (order.state(), order.quantity()),
        (OrderState::Filled, Quantity::new(Decimal::from(50)).ok())
    );
    assert_eq!(order.open_quantity(), Some(Decimal::ZERO));
}

#[test]
fn the_word_filled_may_come_before_the_money() {
    let mut order = for_money();
    order.apply(&OrderInput::Sent, Timestamp::EPOCH);
    order.apply(&filled(50), Timestamp::EPOCH);
    assert_eq!((order.state(), order.open_quantity()), (OrderState::Working, Some(Decimal::from(50))));
    order.apply(&execution("a", 1, 20), Timestamp::EPOCH);
    assert_eq!(order.state(), OrderState::Working);
    order.apply(&execution("b", 1, 30), Timestamp::EPOCH);
    assert_eq!(order.state(), OrderState::Filled);
}

#[test]
fn an_order_for_money_that_ends_early_has_no_size_to_fall_short_of() {
    let mut order = for_money();
    order.apply(&OrderInput::Sent, Timestamp::EPOCH);
    order.apply(&execution("a", 1, 20), Timestamp::EPOCH);
    let applied = order.apply(&status(BrokerPhase::Cancelled), Timestamp::EPOCH);
    assert_eq!((order.state(), order.quantity(), applied.anomaly), (OrderState::Cancelled, None, None));
    assert_eq!((order.filled(), order.open_quantity()), (Decimal::from(20), Some(Decimal::ZERO)));
}

/// Orders on a combo of one bought and two sold units: each trade of it is told as a whole and leg by leg.
mod combos {
    use super::*;
    use proptest::prelude::*;

    const LEGS: [(&str, Side, u32); 2] = [("AAPL", Side::Buy, 1), ("MSFT", Side::Sell, 2)];

    fn combo_order(quantity: u32) -> Order {
        let draft =
            OrderDraft { symbol: Symbol::new("combo:X").unwrap(), ..order(quantity).intent().to_draft() };
        Order::open(draft.check().unwrap(), Timestamp::EPOCH)
    }

    fn told(root: &str, symbol: &str, side: Side, quantity: u32, part: ExecutedPart) -> OrderInput {
        let OrderInput::Executed { execution } = execution(root, 1, quantity) else { unreachable!() };
        let symbol = Symbol::new(symbol).unwrap();
        OrderInput::Executed { execution: Execution { symbol, side, part, ..execution } }
    }

    /// One trade of the combo, as IB tells it.
    fn trade(root: &str, units: u32) -> Vec<OrderInput> {
        let leg = |(symbol, side, ratio): &(&str, Side, u32)| {
            told(&format!("{root}.{symbol}"), symbol, *side, ratio * units, ExecutedPart::Leg)
        };
        let whole = told(root, "combo:X", Side::Buy, units, ExecutedPart::Combo);
        std::iter::once(whole).chain(LEGS.iter().map(leg)).collect()
    }

    proptest! {
        #[test]
        fn a_combo_order_is_filled_by_its_own_trades_in_whatever_order_they_are_told(
            (units, places) in prop::collection::vec(1..5_u32, 1..6)
                .prop_flat_map(|units| (Just(units.clone()), Just((0..units.len() * 3).collect::<Vec<_>>()).prop_shuffle())),
        ) {
            let inputs: Vec<OrderInput> =
                units.iter().enumerate().flat_map(|(at, units)| trade(&at.to_string(), *units)).collect();
            let whole: u32 = units.iter().sum();
            let mut order = combo_order(whole);
            for place in places {
                let applied = order.apply(&inputs[place], Timestamp::EPOCH);
                prop_assert_eq!(applied.anomaly, None);
                prop_assert!(applied.executed.is_some(), "whoever keeps positions is told of every part");
                let parts = order.executions().filter(|it| it.part == ExecutedPart::Combo);
                let sum: Decimal = parts.map(|it| it.quantity.as_decimal()).sum();
                prop_assert_eq!(order.filled(), sum);
                prop_assert_eq!(order.state() == OrderState::Filled, sum == Decimal::from(whole));
            }
            prop_assert_eq!(order.average_price(), Some("10".parse().unwrap()));
        }
    }

    #[test]
    fn what_an_order_costs_is_what_its_legs_cost() {
        let mut order = combo_order(2);
        trade("a", 2).iter().for_each(|input| drop(order.apply(input, Timestamp::EPOCH)));
        for (leg, cents) in [("a.AAPL", 65), ("a.MSFT", 130)] {
            let amount = Money::new(Decimal::new(cents, 2), Currency::USD);
            let commission = Commission { execution: ExecutionId::new(leg, 1), amount };
            let applied = order.apply(&OrderInput::Charged { commission }, Timestamp::EPOCH);
            assert_eq!(applied.charged.map(|(_, more)| more), Some(amount));
        }
        assert_eq!(order.commissions().map(|it| it.amount()).sum::<Decimal>(), Decimal::new(195, 2));
    }

    #[test]
    fn a_leg_proves_that_the_order_lives_and_is_not_taken_for_another() {
        let mut order = combo_order(2);
        let leg = told("a", "MSFT", Side::Sell, 4, ExecutedPart::Leg);
        order.apply(&OrderInput::Sent, Timestamp::EPOCH);
        order.apply(&OrderInput::LinkLost, Timestamp::EPOCH);
        order.apply(&leg, Timestamp::EPOCH);
        assert_eq!((order.state(), order.filled()), (OrderState::Working, Decimal::ZERO));
        assert_eq!(order.average_price(), None);
        let absent = order.apply(&OrderInput::ProvenAbsent, Timestamp::EPOCH);
        assert_eq!(absent.anomaly, Some(Anomaly::AbsentAfterSeen));
        // The combo itself is no leg of it, and a leg that is told as a whole trade is another order's.
        for (symbol, part) in [("combo:X", ExecutedPart::Leg), ("MSFT", ExecutedPart::Whole)] {
            let applied = order.apply(&told("b", symbol, Side::Buy, 1, part), Timestamp::EPOCH);
            assert_eq!(applied.anomaly, Some(Anomaly::Foreign), "{symbol} {part:?}");
        }
    }

    #[test]
    fn documents_of_plain_trades_are_as_they_were() {
        let OrderInput::Executed { execution } = execution("a", 1, 4) else { unreachable!() };
        let document = serde_json::to_value(&execution).unwrap();
        assert!(document.get("part").is_none(), "{document}");
        assert_eq!(serde_json::from_value::<Execution>(document).unwrap(), execution);
        let leg = Execution { part: ExecutedPart::Leg, ..execution };
        let document = serde_json::to_value(&leg).unwrap();
        assert_eq!(document["part"], "leg");
        assert_eq!(serde_json::from_value::<Execution>(document).unwrap(), leg);
    }
}
