//! How much has traded at most, and how much will at least.

use super::*;

fn told(phase: BrokerPhase, number: i64, filled: u32) -> OrderInput {
    let (filled, perm_id) = (Decimal::from(filled), Some(PermId::new(number)));
    OrderInput::Status { status: BrokerStatus { phase, filled, perm_id, reason: Some("why".to_owned()) } }
}

fn asked(units: u32) -> OrderInput {
    OrderInput::ChangeRequested { change: OrderChange::to_quantity(Quantity::new(units.into()).unwrap()) }
}

fn least(inputs: &[OrderInput]) -> Option<Decimal> {
    let begin = [OrderInput::Sent, told(BrokerPhase::Working, 7, 0)];
    after(10, &[&begin, inputs].concat()).0.least_open_quantity()
}

#[test]
fn executions_and_the_count_of_the_broker_may_each_be_ahead() {
    for (inputs, most) in [
        (vec![execution("a", 1, 4)], 4),
        (vec![told(BrokerPhase::Working, 7, 6)], 6),
        (vec![told(BrokerPhase::Working, 7, 6), execution("a", 1, 4)], 6),
        (vec![told(BrokerPhase::Working, 7, 3), execution("a", 1, 4)], 4),
    ] {
        assert_eq!(after(10, &inputs).0.most_filled(), most.into());
    }
}

#[test]
fn the_smaller_wording_less_what_has_traded_is_what_will_trade_at_least() {
    let units = |units: u32| Some(Decimal::from(units));
    assert_eq!(least(&[]), units(10));
    assert_eq!(least(&[execution("a", 1, 4)]), units(6));
    assert_eq!(least(&[asked(12)]), units(10), "it may not be made");
    assert_eq!(least(&[asked(7)]), units(7), "it may be made");
    assert_eq!(least(&[asked(7), execution("a", 1, 4)]), units(3));
    assert_eq!(least(&[asked(7), execution("a", 1, 8)]), units(0), "never below");
    assert_eq!(least(&[told(BrokerPhase::Cancelled, 7, 0)]), units(0), "it has ended");
}

/// What another order under its key has traded is none of this one.
#[test]
fn what_a_twin_has_traded_takes_nothing_off_what_will_trade_at_least() {
    let OrderInput::Executed { execution } = execution("a", 1, 4) else { unreachable!() };
    let of_twin = Execution { perm_id: PermId::new(8), ..execution };
    assert_eq!(least(&[OrderInput::Executed { execution: of_twin }]), Some(Decimal::TEN));
}

#[test]
fn nobody_knows_what_an_order_for_a_sum_of_money_will_trade_at_least() {
    let cash = OrderSize::Cash(Money::new(Decimal::from(500), Currency::USD));
    let draft = OrderDraft { size: cash, ..order(1).intent().to_draft() };
    let order = Order::open(draft.check().unwrap(), Timestamp::EPOCH);
    assert_eq!(order.least_open_quantity(), None);
}

/// The count is of before the correction, or of after it; never is there less than the executions come to.
#[test]
fn what_a_correction_takes_back_is_counted_no_more() {
    let counted = |inputs: &[OrderInput]| {
        let order = after(10, inputs).0;
        (order.reported_filled(), order.filled())
    };
    let all = |filled| told(BrokerPhase::Working, 7, filled);
    let (first, less) = (execution("a", 1, 8), execution("a", 2, 5));
    for (inputs, wanted) in [
        (vec![first.clone(), all(8), less.clone()], (5, 5)),
        (vec![all(10), first.clone(), less.clone()], (7, 5)),
        (vec![first.clone(), all(5), less.clone()], (5, 5)),
        (vec![first.clone(), less.clone(), all(5)], (5, 5)),
        (vec![first.clone(), less.clone()], (0, 5)),
        (vec![less, all(5), first], (5, 5)),
        (vec![execution("a", 1, 5), all(5), execution("a", 2, 8)], (5, 8)),
    ] {
        assert_eq!(counted(&inputs), (Decimal::from(wanted.0), Decimal::from(wanted.1)), "{inputs:?}");
    }
}

#[test]
fn some_of_an_order_has_traded_and_not_all() {
    for (inputs, is_part) in [
        (vec![], false),
        (vec![execution("a", 1, 4)], true),
        (vec![told(BrokerPhase::Working, 7, 4)], true),
        (vec![execution("a", 1, 10)], false),
        (vec![execution("a", 1, 4), told(BrokerPhase::Cancelled, 7, 4)], true),
    ] {
        assert_eq!(after(10, &inputs).0.has_traded_in_part(), is_part, "{inputs:?}");
    }
}
