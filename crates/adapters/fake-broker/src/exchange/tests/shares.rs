//! Orders that several accounts share.

use super::stage::{Stage, account, key, limit, number, symbol, units};
use crate::commission::CommissionSchedule;
use crate::exchange::{Exchange, ExchangeEvent, Input, share_out};
use proptest::prelude::*;
use tradeport_kernel::{AccountId, Decimal};
use tradeport_orders::{BrokerPhase, Execution, OrderDraft, OrderKind, Side};

fn weights(weights: &[(&str, &str)]) -> Vec<(AccountId, Decimal)> {
    weights.iter().map(|(id, weight)| (account(id), number(weight))).collect()
}

fn shared(stage: &mut Stage, name: &str, kind: OrderKind, quantity: &str, by: &[(&str, &str)]) {
    let draft = OrderDraft::new(key(name), account("RICH"), symbol(), Side::Buy, units(quantity), kind);
    stage.input(Input::SubmitShared { intent: draft.check().unwrap(), shares: weights(by) });
}

/// What has traded of an order, as `account quantity`.
fn parts(stage: &Stage, name: &str) -> Vec<String> {
    let ours = |execution: &&Execution| execution.key == Some(key(name));
    let told = |execution: &Execution| format!("{} {}", execution.account, execution.quantity);
    stage.exchange.executions().iter().filter(ours).map(told).collect()
}

#[test]
fn one_trade_is_one_execution_for_each_account() {
    let mut stage = Stage::open();
    shared(&mut stage, "all", OrderKind::Market, "100", &[("RICH", "2"), ("MARGIN", "1"), ("CASH", "1")]);
    assert_eq!(parts(&stage, "all"), ["RICH 50", "MARGIN 25", "CASH 25"]);
    assert_eq!(stage.phase("all"), BrokerPhase::Filled);
    assert_eq!((stage.held("RICH"), stage.held("MARGIN"), stage.held("CASH")), {
        (number("50"), number("25"), number("25"))
    });
    assert_eq!(stage.cash("CASH"), number("10000") - number("2500.25"));
    let told = stage.said.iter().filter(|effect| matches!(effect.event, ExchangeEvent::Charged { .. }));
    assert_eq!(told.count(), 3, "each part is charged for");
}

#[test]
fn each_part_is_charged_as_an_order_of_its_own() {
    let mut stage = Stage::with(|config| config.commission = CommissionSchedule::ib_us_stocks_fixed().into());
    stage.at(110);
    stage.sized("99.99", "1000", "100.01", "10");
    shared(&mut stage, "all", limit("100.01"), "20", &[("RICH", "1"), ("MARGIN", "1")]);
    stage.sized("99.99", "1000", "100.01", "10");
    stage.sized("99.90", "1000", "100.00", "10");
    let paid = |id: &str| stage.exchange.commissions(&account(id)).unwrap().amount();
    assert_eq!((paid("RICH"), paid("MARGIN")), (Decimal::ONE, Decimal::ONE), "the minimum, once each");
}

#[test]
fn parts_follow_the_whole_and_end_at_their_targets() {
    let mut stage = Stage::open();
    stage.sized("99.99", "1000", "100.01", "1");
    shared(&mut stage, "all", limit("100.01"), "7", &[("RICH", "1"), ("MARGIN", "1"), ("CASH", "1")]);
    for _ in 0..6 {
        // Through its limit, one share each time.
        stage.sized("99.80", "1000", "99.90", "1");
    }
    let each = ["RICH 1", "MARGIN 1", "CASH 1", "RICH 1", "MARGIN 1", "CASH 1", "RICH 1"];
    assert_eq!(parts(&stage, "all"), each);
    assert_eq!(stage.phase("all"), BrokerPhase::Filled);
}

#[test]
fn an_account_that_cannot_bear_its_part_stops_the_order() {
    let mut stage = Stage::open();
    shared(&mut stage, "dear", OrderKind::Market, "300", &[("RICH", "1"), ("CASH", "1")]);
    assert!(stage.refusal().contains("insufficient funds"), "{}", stage.refusal());
    assert!(parts(&stage, "dear").is_empty());
    for (by, why) in [
        (vec![("RICH", "1"), ("RICH", "1")], "cannot share"),
        (vec![("RICH", "0")], "cannot share"),
        (vec![("RICH", "-1"), ("CASH", "2")], "cannot share"),
        (vec![("NOBODY", "1")], "there is no account"),
    ] {
        shared(&mut stage, "odd", OrderKind::Market, "10", &by);
        assert!(stage.refusal().contains(why), "{}", stage.refusal());
    }
}

#[test]
fn a_change_moves_the_targets_and_takes_nothing_back() {
    let mut stage = Stage::open();
    stage.sized("99.99", "1000", "100.01", "30");
    shared(&mut stage, "all", limit("100.01"), "100", &[("RICH", "3"), ("MARGIN", "1")]);
    assert_eq!(parts(&stage, "all"), ["RICH 23", "MARGIN 7"]);
    stage.change("all", Some("40"), None);
    stage.sized("99.80", "1000", "99.90", "100");
    assert_eq!(parts(&stage, "all")[2..], ["RICH 7", "MARGIN 3"]);
    assert_eq!((stage.held("RICH"), stage.held("MARGIN")), (number("30"), number("10")));
}

#[test]
fn a_shared_order_is_written_down_whole() {
    let mut stage = Stage::open();
    stage.sized("99.99", "1000", "100.01", "30");
    shared(&mut stage, "all", limit("100.01"), "100", &[("RICH", "3"), ("MARGIN", "1")]);
    let text = serde_json::to_string(&stage.exchange).unwrap();
    let mut again: Exchange = serde_json::from_str(&text).unwrap();
    assert_eq!(again, stage.exchange);
    let forged = text.replace("\"target\":\"75\"", "\"target\":\"76\"");
    assert_ne!(forged, text);
    assert!(serde_json::from_str::<Exchange>(&forged).is_err(), "targets that do not add up");
    again.step(Input::Advance, again.now(), &mut Vec::new());
}

fn sum(all: &[Decimal]) -> Decimal {
    all.iter().sum()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]
    /// Whatever comes in whichever pieces: all of it is handed out, in whole lots, never taken back, nobody is further
    /// than the number of accounts in lots from his part, and in the end everybody has what one hand-out would give.
    #[test]
    fn what_trades_is_handed_out(
        weights in proptest::collection::vec(0..1_000_u32, 1..8),
        pieces in proptest::collection::vec(1..500_u32, 1..20),
        lot in prop_oneof![Just(1_u32), Just(5), Just(100)],
    ) {
        let weights: Vec<Decimal> = weights.into_iter().map(Decimal::from).collect();
        let lot = Decimal::from(lot);
        let whole: Decimal = pieces.iter().map(|piece| Decimal::from(*piece) * lot).sum();
        let none = vec![Decimal::ZERO; weights.len()];
        let Some(targets) = share_out(&weights, &none, whole, lot) else {
            prop_assert!(sum(&weights).is_zero());
            return Ok(());
        };
        prop_assert_eq!(sum(&targets), whole);
        let mut got = none;
        for piece in pieces {
            let piece = Decimal::from(piece) * lot;
            let given = share_out(&targets, &got, piece, lot).unwrap();
            prop_assert_eq!(sum(&given), piece);
            prop_assert!(given.iter().all(|units| *units >= Decimal::ZERO && (*units % lot).is_zero()));
            got.iter_mut().zip(&given).for_each(|(got, given)| *got += *given);
            let so_far = sum(&got);
            for (got, target) in got.iter().zip(&targets) {
                prop_assert!(got <= target, "{} beyond the target {}", got, target);
                let part = so_far * *target / whole;
                prop_assert!((*got - part).abs() <= lot * Decimal::from(weights.len()), "{} of {}", got, part);
            }
        }
        prop_assert_eq!(got, targets);
    }
}
