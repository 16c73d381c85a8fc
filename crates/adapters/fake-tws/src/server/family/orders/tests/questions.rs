//! Questions and corrections.

use super::stage::{Stage, apple, cancel, error_text, limit, market, place, words};
use crate::wire::{Answer, proto};
use tradeport_fake_broker::exchange::Input;
use tradeport_kernel::OrderKey;

#[test]
fn a_question_is_answered_with_margins_and_a_cost_and_leaves_nothing_behind() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    let question = proto::Order { what_if: Some(true), ..market("BUY", "1000") };
    let told = stage.ask(1, place(1, question));
    let [Answer::OpenOrder(open)] = told.as_slice() else { panic!("one order: {told:?}") };
    let state = open.order_state.as_ref().unwrap();
    assert_eq!(state.status.as_deref(), Some("PreSubmitted"));
    // Half, and a quarter, of what a thousand shares are worth at the last price.
    assert_eq!(state.init_margin_change, Some(215_025.0));
    assert_eq!(state.maint_margin_change, Some(107_512.5));
    assert_eq!(state.equity_with_loan_before, Some(1_000_000.0));
    assert_eq!(state.commission_and_fees, Some(5.0));
    assert_eq!(state.commission_and_fees_currency.as_deref(), Some("USD"));
    assert_eq!((state.min_commission_and_fees, state.max_commission_and_fees), (None, None));
    assert_eq!(open.order.as_ref().unwrap().what_if, Some(true));
    assert_eq!(words(&stage.ask(1, proto::OpenOrdersRequest {})), ["OPEN_ORDER_END"]);
    assert_eq!(words(&stage.ask(1, cancel(1))), ["error 1 10147"]);
    // The question did not use the number up.
    assert_eq!(words(&stage.ask(1, place(1, market("BUY", "10"))))[0], "open 1 PreSubmitted");
}

#[test]
fn a_limit_bounds_what_an_order_costs() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    let mut cost = |id, action| {
        let question = proto::Order { what_if: Some(true), ..limit(action, "1000", 431.0) };
        let it = state_of(&stage.ask(1, place(id, question)));
        [it.min_commission_and_fees, it.commission_and_fees, it.max_commission_and_fees]
    };
    assert_eq!(cost(1, "BUY"), [None, Some(5.0), Some(5.0)]);
    let [least, expected, most] = cost(2, "SELL");
    assert!(least.is_some() && least <= expected && most.is_none());
}

/// The state of the account that a question is answered with.
fn state_of(told: &[Answer]) -> proto::OrderState {
    let [Answer::OpenOrder(open)] = told else { panic!("one order: {told:?}") };
    open.order_state.clone().unwrap()
}

#[test]
fn what_a_question_is_answered_with_then_happens() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    let question = |order| proto::Order { what_if: Some(true), ..order };
    for (id, order) in
        [(1, market("BUY", "1000")), (2, limit("SELL", "400", 430.0)), (3, market("SELL", "900"))]
    {
        let foreseen = state_of(&stage.ask(1, place(id, question(order.clone()))));
        let told = stage.ask(1, place(id, order));
        let cost = told.iter().find_map(|answer| match answer {
            Answer::CommissionAndFeesReport(it) => it.commission_and_fees,
            _ => None,
        });
        assert_eq!(cost, foreseen.commission_and_fees, "order {id}");
        let now = state_of(&stage.ask(1, place(id + 10, question(market("BUY", "1")))));
        assert_eq!(now.init_margin_before, foreseen.init_margin_after, "order {id}");
        assert_eq!(now.maint_margin_before, foreseen.maint_margin_after, "order {id}");
        assert_eq!(now.equity_with_loan_before, foreseen.equity_with_loan_after, "order {id}");
    }
}

#[test]
fn a_question_that_would_be_refused_says_why() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    let question = proto::Order { what_if: Some(true), ..market("BUY", "1000000") };
    let told = stage.ask(1, place(1, question));
    assert_eq!(words(&told), ["error 1 201"]);
    assert!(error_text(&told).starts_with("Order rejected - reason:"), "{}", error_text(&told));
}

/// The exchange's key of the first order that was placed.
fn first() -> OrderKey {
    OrderKey::new("1000000001-0").unwrap()
}

#[test]
fn a_correction_is_a_revision_of_the_execution() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    stage.ask(1, place(1, market("BUY", "10")));
    let price = "430.05".parse().unwrap();
    stage.server.world_mut().input(Input::Correct { key: first(), price });
    stage.pass(0);
    let told = stage.told(1);
    let [Answer::ExecutionDetails(details)] = told.as_slice() else { panic!("one execution: {told:?}") };
    let it = details.execution.as_ref().unwrap();
    assert_eq!((it.exec_id.as_deref(), it.price), (Some("00000001.00000002.01.02"), Some(430.05)));
    let done = words(&stage.ask(1, proto::ExecutionRequest::default()));
    assert_eq!(done, ["exec 1 BOT 10 @430.05", "cost 1", "EXECUTION_DATA_END"]);
}

#[test]
fn an_execution_that_is_busted_is_gone() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    stage.ask(1, proto::PositionsRequest {});
    stage.ask(1, place(1, market("BUY", "10")));
    stage.server.world_mut().input(Input::Bust { key: first(), left: None });
    stage.pass(0);
    let told = stage.told(1);
    let [Answer::Position(row)] = told.as_slice() else { panic!("one position: {told:?}") };
    assert_eq!(row.position.as_deref(), Some("0"));
    assert_eq!(words(&stage.ask(1, proto::ExecutionRequest::default())), ["EXECUTION_DATA_END"]);
}

#[test]
fn only_options_that_are_held_can_be_exercised() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    let request = proto::ExerciseOptionsRequest {
        order_id: Some(5),
        contract: Some(apple()),
        exercise_action: Some(1),
        exercise_quantity: Some(1),
        ..proto::ExerciseOptionsRequest::default()
    };
    assert_eq!(words(&stage.ask(1, request)), ["error 5 321"]);
}
