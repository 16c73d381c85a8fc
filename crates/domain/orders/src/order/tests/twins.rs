//! Several orders at the broker under one key.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

const PHASES: [BrokerPhase; 6] = [
    BrokerPhase::Held,
    BrokerPhase::Working,
    BrokerPhase::CancelPending,
    BrokerPhase::Cancelled,
    BrokerPhase::Expired,
    BrokerPhase::Refused,
];

fn told(number: i64, phase: BrokerPhase) -> OrderInput {
    let (filled, perm_id) = (Decimal::ZERO, Some(PermId::new(number)));
    // A refusal without a word why may come alive again.
    let reason = (phase == BrokerPhase::Refused).then(|| "why".to_owned());
    OrderInput::Status { status: BrokerStatus { phase, filled, perm_id, reason } }
}

fn traded(root: &str, number: i64, quantity: u32) -> OrderInput {
    let OrderInput::Executed { execution } = execution(root, 1, quantity) else { unreachable!() };
    OrderInput::Executed { execution: Execution { perm_id: PermId::new(number), ..execution } }
}

const fn lives(phase: BrokerPhase) -> bool {
    matches!(phase, BrokerPhase::Held | BrokerPhase::Working | BrokerPhase::CancelPending)
}

proptest! {
    /// Whatever is said of several numbers in whatever order: the order may trade while one of them may, and each of those
    /// counts in full.
    #[test]
    fn an_order_ends_with_the_last_of_its_numbers(
        words in prop::collection::vec((1..4_i64, prop::sample::select(PHASES.to_vec())), 1..12),
    ) {
        let mut order = order(10);
        let mut numbers: BTreeMap<i64, bool> = BTreeMap::new();
        for (number, phase) in words {
            order.apply(&told(number, phase), Timestamp::EPOCH);
            // What has ended stays ended.
            let live = numbers.entry(number).or_insert(true);
            *live &= lives(phase);
            let live = numbers.values().filter(|live| **live).count();
            prop_assert_eq!(order.state().may_trade(), live > 0, "{:?}", numbers);
            prop_assert_eq!(order.open_quantity(), Some(Decimal::from(10 * live)));
        }
    }

    /// Money of any of them counts once, whichever ends first.
    #[test]
    fn what_traded_of_any_number_counts(of_first in 0..10_u32, of_second in 0..10_u32, first_ends in any::<bool>()) {
        let mut order = order(10);
        let mut apply = |input| order.apply(&input, Timestamp::EPOCH);
        apply(told(1, BrokerPhase::Working));
        prop_assert_eq!(apply(told(2, BrokerPhase::Working)).anomaly, Some(Anomaly::Twin));
        for (root, number, quantity) in [("a", 1, of_first), ("b", 2, of_second)] {
            if quantity > 0 {
                apply(traded(root, number, quantity));
            }
        }
        let (ends, lives, rest) = if first_ends { (1, 2, 10 - of_second) } else { (2, 1, 10 - of_first) };
        apply(told(ends, BrokerPhase::Cancelled));
        prop_assert_eq!(order.filled(), Decimal::from(of_first + of_second));
        prop_assert_eq!((order.state(), order.open_quantity()), (OrderState::Working, Some(rest.into())));
        prop_assert_eq!(order.perm_id(), Some(PermId::new(lives)));
        order.apply(&traded("c", lives, rest), Timestamp::EPOCH);
        prop_assert_eq!((order.state(), order.open_quantity()), (OrderState::Filled, Some(Decimal::ZERO)));
    }
}

#[test]
fn the_one_that_has_traded_in_full_does_not_end_the_other() {
    let words = [told(1, BrokerPhase::Working), told(2, BrokerPhase::Working), traded("a", 1, 10)];
    let (mut order, _) = after(10, &words);
    assert_eq!((order.state(), order.open_quantity()), (OrderState::Working, Some(Decimal::TEN)));
    assert_eq!(order.perm_id(), Some(PermId::new(2)), "it is the other that is followed now");
    order.apply(&OrderInput::TwinGone { perm_id: PermId::new(2) }, Timestamp::EPOCH);
    assert!(order.state().may_trade(), "the last one is not proven dead by this");
    order.apply(&told(2, BrokerPhase::Cancelled), Timestamp::EPOCH);
    assert_eq!((order.state(), order.filled()), (OrderState::Cancelled, Decimal::TEN));
}

#[test]
fn an_execution_alone_shows_that_there_is_another() {
    let (order, anomaly) = after(10, &[told(1, BrokerPhase::Working), traded("a", 2, 4)]);
    assert_eq!((order.filled(), anomaly), (Decimal::from(4), Some(Anomaly::Twin)));
    assert_eq!(order.open_quantity(), Some(Decimal::from(16)));
    assert!(order.has_live_twin());
    let (order, anomaly) = after(10, &[told(1, BrokerPhase::Working), traded("a", 0, 4)]);
    assert_eq!((order.has_live_twin(), anomaly), (false, None), "zero is no number");
}

#[test]
fn a_correction_takes_back_of_the_count_of_its_own_number() {
    let counted = |number: i64, filled: u32| {
        let OrderInput::Status { status } = told(number, BrokerPhase::Working) else { unreachable!() };
        OrderInput::Status { status: BrokerStatus { filled: filled.into(), ..status } }
    };
    let corrected = |number, quantity| {
        let OrderInput::Executed { execution } = traded("a", number, quantity) else { unreachable!() };
        OrderInput::Executed { execution: Execution { id: ExecutionId::new("a", 2), ..execution } }
    };
    for number in [1, 2] {
        let words = [counted(1, 6), counted(2, 6), traded("a", number, 6), corrected(number, 4)];
        let (order, _) = after(10, &words);
        assert_eq!((order.reported_filled(), order.filled()), (Decimal::TEN, Decimal::from(4)), "{number}");
        let of_twin = order.twins().map(|(_, twin)| twin.reported_filled).next();
        assert_eq!(of_twin, Some(Decimal::from(if number == 2 { 4 } else { 6 })));
    }
}
