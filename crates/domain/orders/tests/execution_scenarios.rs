//! What goes wrong with executions, and that each of them counts once whatever does.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use tradeport_kernel::{AccountId, Currency, Decimal, Money, OrderKey, PermId, Symbol, Timestamp};
use tradeport_orders::{
    Anomaly, BrokerPhase, BrokerStatus, Commission, ExecutedPart, Execution, ExecutionId, Order, OrderChange,
    OrderDraft, OrderInput, OrderKind, OrderState, Side,
};

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn order(quantity: &str) -> Order {
    let (key, account) = (OrderKey::new("a").unwrap(), AccountId::new("DU1").unwrap());
    let quantity: tradeport_kernel::Quantity = quantity.parse().unwrap();
    let draft =
        OrderDraft::new(key, account, Symbol::new("AAPL").unwrap(), Side::Buy, quantity, OrderKind::Market);
    Order::open(draft.check().unwrap(), Timestamp::EPOCH)
}

fn execution(root: &str, revision: u32, quantity: &str, price: &str) -> OrderInput {
    OrderInput::Executed {
        execution: Execution {
            id: ExecutionId::new(root, revision),
            key: None,
            perm_id: PermId::new(7),
            account: AccountId::new("DU1").unwrap(),
            symbol: Symbol::new("AAPL").unwrap(),
            side: Side::Buy,
            quantity: quantity.parse().unwrap(),
            price: price.parse().unwrap(),
            at: Timestamp::EPOCH,
            part: ExecutedPart::Whole,
        },
    }
}

fn charged(root: &str, amount: &str) -> OrderInput {
    let amount = Money::new(decimal(amount), Currency::USD);
    OrderInput::Charged { commission: Commission { execution: ExecutionId::new(root, 1), amount } }
}

fn status(phase: BrokerPhase, filled: &str) -> OrderInput {
    OrderInput::Status {
        status: BrokerStatus { phase, filled: decimal(filled), perm_id: None, reason: None },
    }
}

/// What the last of these inputs found strange, and the order after them.
fn lived(quantity: &str, inputs: &[OrderInput]) -> (Order, Option<Anomaly>) {
    let mut order = order(quantity);
    let anomalies = inputs.iter().map(|input| order.apply(input, Timestamp::EPOCH).anomaly).last().flatten();
    (order, anomalies)
}

fn average(order: &Order) -> Decimal {
    order.average_price().unwrap().as_decimal()
}

#[test]
fn an_execution_is_named_by_its_root_and_its_revision() {
    assert_eq!(ExecutionId::new("0001f4e8", 2).to_string(), "0001f4e8.02");
}

#[test]
fn scenario_exe_01_an_execution_before_any_status_counts_and_proves_that_it_lives() {
    let (order, anomaly) = lived("10", &[OrderInput::Sent, execution("x", 1, "4", "100")]);
    assert_eq!((order.state(), order.filled(), anomaly), (OrderState::Working, decimal("4"), None));
    assert_eq!(order.perm_id(), Some(PermId::new(7)), "the broker's number comes with it");
}

#[test]
fn scenario_exe_03_a_correction_replaces_what_it_corrects() {
    let corrected = [execution("x", 1, "4", "100"), execution("x", 2, "3", "101")];
    let (order, anomaly) = lived("10", &corrected);
    assert_eq!((order.filled(), average(&order), anomaly), (decimal("3"), decimal("101"), None));
    assert_eq!(order.executions().count(), 1);
}

#[test]
fn scenario_exe_03_an_order_that_is_called_filled_ends_with_what_its_corrections_leave() {
    // All of it was learned afterwards: the corrected execution alone, before or after the broker's word.
    let (traded, told) = (execution("x", 2, "8", "100"), status(BrokerPhase::Filled, "8"));
    for inputs in [[traded.clone(), told.clone()], [told.clone(), traded]] {
        let (order, anomaly) = lived("10", &inputs);
        assert_eq!((order.filled(), order.state(), anomaly), (decimal("8"), OrderState::Filled, None));
    }
    let (order, _) = lived("10", &[told, execution("x", 2, "7", "100")]);
    assert_eq!(order.state(), OrderState::Working, "an execution is not here yet");
    let (order, _) = lived("10", &[status(BrokerPhase::Filled, "0"), execution("x", 2, "8", "100")]);
    assert_eq!(order.state(), OrderState::Working, "a word that counts nothing says nothing of what is left");
}

#[test]
fn scenario_exe_03_an_order_that_a_correction_leaves_short_lives_on_when_the_broker_says_so() {
    let corrected = [execution("x", 1, "10", "100"), execution("x", 2, "9", "100")];
    let after = |inputs: &[OrderInput]| lived("10", &[&corrected[..], inputs].concat()).0;
    assert_eq!(after(&[]).state(), OrderState::Filled, "what was taken back is mostly not traded again");
    let alive = after(&[status(BrokerPhase::Working, "9")]);
    assert_eq!((alive.state(), alive.open_quantity()), (OrderState::Working, Some(decimal("1"))));
    // A word from before, and one of an order that the broker has called filled, are late.
    assert_eq!(after(&[status(BrokerPhase::Working, "3")]).state(), OrderState::Filled);
    let called = [status(BrokerPhase::Filled, "10"), status(BrokerPhase::Working, "9")];
    assert_eq!(lived("10", &[&called[..1], &corrected, &called[1..]].concat()).0.state(), OrderState::Filled);
    // And so is one of an order that its correction has made whole.
    let whole =
        [execution("x", 1, "8", "100"), execution("x", 2, "10", "100"), status(BrokerPhase::Working, "10")];
    assert_eq!(lived("10", &whole).0.state(), OrderState::Filled);
}

#[test]
fn scenario_exe_04_the_highest_revision_wins_in_whatever_order_they_come() {
    let late = [execution("x", 2, "3", "101"), execution("x", 1, "4", "100"), execution("x", 2, "3", "101")];
    let (order, anomaly) = lived("10", &late);
    assert_eq!((order.filled(), average(&order), anomaly), (decimal("3"), decimal("101"), None));
}

#[test]
fn scenario_exe_05_executions_told_again_after_a_reconnect_count_once_and_say_nothing() {
    let (mut order, _) = lived("10", &[execution("x", 1, "4", "100"), execution("y", 1, "2", "100")]);
    for root in ["x", "y", "x"] {
        let applied =
            order.apply(&execution(root, 1, if root == "x" { "4" } else { "2" }, "100"), Timestamp::EPOCH);
        assert_eq!(applied, tradeport_orders::Applied::default(), "nobody is told of it");
    }
    assert_eq!(order.filled(), decimal("6"));
}

#[test]
fn scenario_exe_08_what_it_cost_may_come_late_even_after_the_end() {
    let (mut order, _) = lived("4", &[execution("x", 1, "4", "100")]);
    assert_eq!((order.state(), order.commissions().count()), (OrderState::Filled, 0), "unknown is not zero");
    let applied = order.apply(&charged("x", "1.25"), Timestamp::EPOCH);
    assert!(applied.charged.is_some() && applied.anomaly.is_none());
    assert_eq!(order.commissions().next(), Some(Money::new(decimal("1.25"), Currency::USD)));
}

#[test]
fn scenario_exe_09_a_cost_that_comes_before_its_execution_counts_once_that_is_there() {
    let (mut order, anomaly) = lived("4", &[charged("x", "1.25"), charged("x", "1.30"), charged("y", "9")]);
    assert_eq!((order.commissions().count(), anomaly), (0, Some(Anomaly::UnknownExecution)), "it is shown");
    let applied = order.apply(&execution("x", 1, "4", "100"), Timestamp::EPOCH);
    let cost = Money::new(decimal("1.30"), Currency::USD);
    assert_eq!(
        applied.charged.map(|(execution, cost)| (execution.root().to_owned(), cost)),
        Some(("x".to_owned(), cost))
    );
    assert_eq!(
        order.commissions().collect::<Vec<_>>(),
        [cost],
        "the last word, and none of what never traded"
    );
    let again = order.apply(&charged("x", "1.30"), Timestamp::EPOCH);
    assert_eq!((again.charged, again.anomaly), (None, None), "told again it costs nothing more");
}

/// A broker that tells of nothing but costs fills no memory.
#[test]
fn scenario_exe_09_of_a_thousand_costs_that_wait_the_oldest_makes_room() {
    let costs: Vec<_> = (0..1_001).map(|number| charged(&format!("x{number}"), "1")).collect();
    let (mut order, _) = lived("2", &costs);
    for (number, is_known) in [(0, false), (1, true), (1_000, true)] {
        let applied = order.apply(&execution(&format!("x{number}"), 1, "0.5", "100"), Timestamp::EPOCH);
        assert_eq!(applied.charged.is_some(), is_known, "x{number}");
    }
}

#[test]
fn scenario_exe_10_a_rebate_is_a_cost_below_zero() {
    let (order, anomaly) = lived("4", &[execution("x", 1, "4", "100"), charged("x", "-0.40")]);
    assert_eq!(order.commissions().next(), Some(Money::new(decimal("-0.40"), Currency::USD)));
    assert_eq!(anomaly, None);
}

#[test]
fn scenario_exe_11_what_traded_while_the_socket_was_dead_counts_once() {
    let before = [execution("x", 1, "30", "100"), OrderInput::LinkLost, status(BrokerPhase::Working, "80")];
    let replayed = [execution("x", 1, "30", "100"), execution("y", 1, "50", "101")];
    let (order, anomaly) = lived("100", &[&before[..], &replayed].concat());
    assert_eq!((order.filled(), order.reported_filled()), (decimal("80"), decimal("80")));
    assert_eq!((order.open_quantity(), anomaly), (Some(decimal("20")), None));
}

#[test]
fn scenario_exe_12_a_missing_execution_shows_as_a_difference_and_is_not_invented() {
    let (order, _) = lived("100", &[status(BrokerPhase::Working, "80"), execution("y", 1, "50", "101")]);
    assert_eq!((order.filled(), order.reported_filled()), (decimal("50"), decimal("80")));
}

#[test]
fn scenario_exe_14_more_than_was_ordered_counts_and_is_shown() {
    let (order, anomaly) = lived("100", &[execution("x", 1, "100", "100"), execution("y", 1, "1", "100")]);
    assert_eq!((order.filled(), order.state()), (decimal("101"), OrderState::Filled));
    assert_eq!(anomaly, Some(Anomaly::Overfilled));
}

#[test]
fn scenario_exe_15_a_change_that_is_confirmed_forgets_no_execution() {
    let change = OrderChange::to_quantity("100".parse().unwrap());
    let inputs = [
        OrderInput::ChangeRequested { change: change.clone() },
        execution("x", 1, "16", "100"),
        OrderInput::Changed { change },
        status(BrokerPhase::Working, "0"),
    ];
    let (order, anomaly) = lived("50", &inputs);
    assert_eq!((order.filled(), order.open_quantity()), (decimal("16"), Some(decimal("84"))));
    assert_eq!(anomaly, None);
}

#[test]
fn scenario_exe_16_fractions_are_fractions() {
    let (order, _) = lived("2.5", &[execution("x", 1, "1.25", "100"), execution("y", 1, "0.5", "100")]);
    assert_eq!((order.filled(), order.open_quantity()), (decimal("1.75"), Some(decimal("0.75"))));
}

#[test]
fn scenario_exe_18_two_alike_in_everything_but_their_ids_both_count() {
    let (order, anomaly) = lived("10", &[execution("x", 1, "5", "100"), execution("y", 1, "5", "100")]);
    assert_eq!((order.filled(), order.state(), anomaly), (decimal("10"), OrderState::Filled, None));
}

#[test]
fn scenario_exe_07_a_combo_is_filled_by_its_own_execution_and_never_by_its_legs() {
    let part = |root: &str, part, symbol: &str, units: &str| {
        let OrderInput::Executed { execution } = execution(root, 1, units, "10") else { unreachable!() };
        let symbol = Symbol::new(symbol).unwrap();
        OrderInput::Executed { execution: Execution { part, symbol, ..execution } }
    };
    let legs = [part("x", ExecutedPart::Leg, "LEG1", "2"), part("y", ExecutedPart::Leg, "LEG2", "2")];
    let (order, anomaly) = lived("2", &legs);
    assert_eq!((order.filled(), order.executions().count(), anomaly), (Decimal::ZERO, 2, None));
    let whole = [&legs[..], &[part("z", ExecutedPart::Combo, "AAPL", "2")]].concat();
    let (order, anomaly) = lived("2", &whole);
    assert_eq!((order.state(), order.filled(), anomaly), (OrderState::Filled, decimal("2"), None));
    assert_eq!(order.overfilled(), None, "legs and combo are not added up");
}
