//! What goes wrong with the words that a broker has for an order, and where the order stands after them.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use tradeport_kernel::{AccountId, Decimal, OrderKey, PermId, Quantity, Symbol, Timestamp};
use tradeport_orders::{
    Anomaly, BrokerPhase, BrokerStatus, CancelTag, ExecutedPart, Execution, ExecutionId, Order, OrderDraft,
    OrderInput, OrderKind, OrderState, Side,
};

fn order(units: u32) -> Order {
    let (key, account) = (OrderKey::new("a").unwrap(), AccountId::new("DU1").unwrap());
    let (symbol, units) = (Symbol::new("AAPL").unwrap(), Quantity::new(units.into()).unwrap());
    let draft = OrderDraft::new(key, account, symbol, Side::Buy, units, OrderKind::Market);
    let mut order = Order::open(draft.check().unwrap(), Timestamp::EPOCH);
    order.apply(&OrderInput::Sent, Timestamp::EPOCH);
    order
}

fn executed(root: &str, units: u32, price: &str) -> OrderInput {
    OrderInput::Executed {
        execution: Execution {
            id: ExecutionId::new(root, 1),
            key: None,
            perm_id: PermId::new(7),
            account: AccountId::new("DU1").unwrap(),
            symbol: Symbol::new("AAPL").unwrap(),
            side: Side::Buy,
            quantity: units.to_string().parse().unwrap(),
            price: price.parse().unwrap(),
            at: Timestamp::EPOCH,
            part: ExecutedPart::Whole,
        },
    }
}

fn told(phase: BrokerPhase, filled: u32) -> OrderInput {
    let (filled, reason) = (Decimal::from(filled), Some("locate".to_owned()));
    OrderInput::Status { status: BrokerStatus { phase, filled, perm_id: None, reason } }
}

fn cancel() -> OrderInput {
    OrderInput::CancelRequested { tag: CancelTag::default() }
}

/// The state after each of these, one after another.
fn states(order: &mut Order, inputs: &[OrderInput]) -> Vec<OrderState> {
    let state = |input| {
        order.apply(input, Timestamp::EPOCH);
        order.state()
    };
    inputs.iter().map(state).collect()
}

#[test]
fn scenario_ord_02_prices_are_those_of_executions_whatever_statuses_say() {
    let mut order = order(124);
    let inputs = [executed("x", 24, "119.59"), told(BrokerPhase::Filled, 24), told(BrokerPhase::Filled, 124)];
    states(&mut order, &inputs);
    assert_eq!(order.average_price().unwrap().to_string(), "119.59", "a status has no price to say");
    assert_eq!((order.filled(), order.reported_filled()), (Decimal::from(24), Decimal::from(124)));
    assert!(order.state().may_trade(), "a hundred are said to have traded, and nobody has shown them");
    states(&mut order, &[executed("y", 100, "119.60")]);
    assert_eq!((order.state(), order.filled()), (OrderState::Filled, Decimal::from(124)));
}

#[test]
fn scenario_ord_03_an_order_that_only_ever_trades_is_filled_without_any_status() {
    let mut order = order(10);
    let inputs = [executed("x", 4, "100"), executed("y", 6, "101")];
    assert_eq!(states(&mut order, &inputs), [OrderState::Working, OrderState::Filled]);
}

#[test]
fn scenario_ord_05_an_order_that_waits_behind_a_window_is_unknown_until_it_is_shown() {
    let mut order = order(10);
    let silence = OrderInput::OutcomeUnknown { reason: "no answer within 5 s".to_owned() };
    assert_eq!(states(&mut order, std::slice::from_ref(&silence)), [OrderState::Unknown]);
    assert!(order.state().may_trade() && order.open_quantity() == Some(Decimal::TEN), "it counts");
    // Somebody closes the window.
    assert_eq!(states(&mut order, &[told(BrokerPhase::Working, 0)]), [OrderState::Working]);
}

#[test]
fn scenario_ord_06_an_inactive_order_without_a_reason_counts_for_dead_and_may_come_alive() {
    let inactive = || OrderInput::Status {
        status: BrokerStatus {
            phase: BrokerPhase::Refused,
            filled: Decimal::ZERO,
            perm_id: None,
            reason: None,
        },
    };
    let refused = || OrderInput::Refused { reason: "201: no margin".to_owned() };
    let mut revived = order(10);
    let alive = [inactive(), told(BrokerPhase::Working, 0), inactive(), told(BrokerPhase::Held, 0)];
    assert_eq!(
        states(&mut revived, &alive),
        [OrderState::Refused, OrderState::Working, OrderState::Refused, OrderState::Held]
    );
    assert_eq!(revived.open_quantity(), Some(Decimal::TEN), "it counts again");
    // The words of a refusal come before it, or after: then it is dead.
    for inputs in [[refused(), inactive()], [inactive(), refused()]] {
        let mut dead = order(10);
        states(&mut dead, &inputs);
        assert_eq!((dead.reason(), dead.may_revive()), (Some("201: no margin"), false));
        let late = dead.apply(&told(BrokerPhase::Working, 0), Timestamp::EPOCH);
        assert_eq!((late.anomaly, dead.state()), (Some(Anomaly::StatusAfterEnd), OrderState::Refused));
    }
    let mut cancelled = order(10);
    let ends = states(&mut cancelled, &[inactive(), told(BrokerPhase::Cancelled, 0)]);
    assert_eq!(ends, [OrderState::Refused, OrderState::Cancelled]);
    assert!(!cancelled.may_revive());
}

#[test]
fn scenario_ord_07_an_order_that_is_held_for_a_locate_counts_until_it_fills() {
    let mut order = order(10);
    for phase in [BrokerPhase::Held, BrokerPhase::Working] {
        states(&mut order, &[told(phase, 0)]);
        assert!(order.state().may_trade() && order.open_quantity() == Some(Decimal::TEN), "{phase:?}");
    }
    assert_eq!(states(&mut order, &[executed("x", 10, "100")]), [OrderState::Filled]);
}

#[test]
fn scenario_ord_18_a_cancel_that_is_never_answered_stays_under_way_and_executions_count() {
    let mut order = order(10);
    let asked = states(&mut order, &[told(BrokerPhase::Held, 0), cancel(), cancel()]);
    assert_eq!(asked, [OrderState::Held, OrderState::CancelPending, OrderState::CancelPending]);
    states(&mut order, &[executed("x", 4, "100")]);
    assert_eq!((order.state(), order.filled()), (OrderState::CancelPending, Decimal::from(4)));
    assert_eq!(order.open_quantity(), Some(Decimal::from(6)), "the rest may still trade");
}

#[test]
fn scenario_ord_19_what_works_after_the_broker_told_of_its_cancel_was_not_cancelled() {
    let mut order = order(10);
    let (working, pending) = (|| told(BrokerPhase::Working, 0), || told(BrokerPhase::CancelPending, 0));
    // The first word after our wish may have been on its way before it.
    let asked = states(&mut order, &[working(), cancel(), working()]);
    assert_eq!(asked[1..], [OrderState::CancelPending, OrderState::CancelPending]);
    assert_eq!(states(&mut order, &[pending()]), [OrderState::CancelPending], "not final by that");
    assert_eq!(order.open_quantity(), Some(Decimal::TEN), "it counts until it is confirmed");
    assert_eq!(states(&mut order, &[working()]), [OrderState::Working]);
    let again = states(&mut order, &[cancel(), pending(), told(BrokerPhase::Cancelled, 0)]);
    assert_eq!(again.last(), Some(&OrderState::Cancelled));
}

#[test]
fn scenario_ord_20_what_is_refused_at_once_is_dead_with_its_reason() {
    let mut order = order(10);
    let refused = OrderInput::Refused { reason: "no security definition".to_owned() };
    assert_eq!(states(&mut order, &[refused]), [OrderState::Refused]);
    assert_eq!(order.reason(), Some("no security definition"));
    let late = order.apply(&told(BrokerPhase::Working, 0), Timestamp::EPOCH);
    assert_eq!((late.anomaly, order.state()), (Some(Anomaly::StatusAfterEnd), OrderState::Refused));
}

#[test]
fn scenario_ord_29_an_order_that_flips_between_held_and_working_is_alive_all_the_time() {
    let mut order = order(10);
    for phase in [BrokerPhase::Working, BrokerPhase::Held, BrokerPhase::Working, BrokerPhase::Working] {
        let applied = order.apply(&told(phase, 0), Timestamp::EPOCH);
        assert_eq!(applied.anomaly, None);
        assert!(order.state().may_trade());
    }
    let again = order.apply(&told(BrokerPhase::Working, 0), Timestamp::EPOCH);
    assert_eq!(again.moved, None, "what is known is no news");
}

fn numbered(number: Option<i64>, phase: BrokerPhase, filled: u32) -> OrderInput {
    let (filled, perm_id) = (Decimal::from(filled), number.map(PermId::new));
    OrderInput::Status { status: BrokerStatus { phase, filled, perm_id, reason: None } }
}

#[test]
fn scenario_oid_06_a_number_is_bound_when_it_comes_and_never_taken_back() {
    let mut order = order(10);
    states(&mut order, &[numbered(None, BrokerPhase::Held, 0), numbered(Some(0), BrokerPhase::Working, 0)]);
    assert_eq!(order.perm_id().filter(|it| it.number() != 0), None);
    states(&mut order, &[executed("x", 4, "100")]);
    assert_eq!(order.perm_id(), Some(PermId::new(7)), "an execution may be the first to tell it");
    for late in [Some(0), None] {
        states(&mut order, &[numbered(late, BrokerPhase::Working, 4)]);
        assert_eq!((order.perm_id(), order.twins().count()), (Some(PermId::new(7)), 0), "{late:?}");
    }
}

#[test]
fn scenario_oid_15_what_a_list_leaves_out_takes_nothing_of_what_is_known() {
    let mut order = order(10);
    states(&mut order, &[numbered(Some(7), BrokerPhase::Working, 4), executed("x", 4, "100")]);
    states(&mut order, &[numbered(Some(7), BrokerPhase::Cancelled, 0)]);
    assert_eq!((order.state(), order.filled()), (OrderState::Cancelled, Decimal::from(4)));
    assert_eq!((order.reported_filled(), order.quantity()), (Decimal::from(4), "10".parse().ok()));
    states(&mut order, &[numbered(None, BrokerPhase::Cancelled, 0)]);
    assert_eq!(order.perm_id(), Some(PermId::new(7)));
}
