//! Contracts of every kind: asked for, and told as the answer.

use crate::line::Line;
use crate::{CASES, holds_for};
use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestCaseResult};
use tradeport_conformance::generate;
use tradeport_contracts::{Instrument, InstrumentKind};
use tradeport_fake_tws::translate::{instrument_of, instrument_to_wire};
use tradeport_ib::translate::{contract_from_ib, contract_to_ib};

fn same_at_both_ends(line: &mut Line, instruments: &[Instrument]) -> TestCaseResult {
    let sent: Vec<_> = instruments.iter().map(|it| contract_to_ib(it).unwrap()).collect();
    let mut heard = Vec::new();
    let told = line.look_up(&sent, |asked| {
        heard.push(instrument_of(asked).map_err(|error| format!("{error} in {asked:?}")));
        let instrument = &instruments[heard.len() - 1];
        let is_bond = matches!(instrument.kind(), Some(InstrumentKind::Bond | InstrumentKind::Bill));
        (instrument_to_wire(instrument).unwrap(), is_bond)
    });
    for (heard, instrument) in heard.into_iter().zip(instruments) {
        prop_assert_eq!(&heard.map_err(TestCaseError::fail)?, instrument);
    }
    for (details, instrument) in told.iter().zip(instruments) {
        let read = contract_from_ib(&details.contract);
        let read = read.map_err(|error| TestCaseError::fail(format!("{error} in {:?}", details.contract)))?;
        prop_assert_eq!(&read, instrument, "{:?}", details.contract);
    }
    Ok(())
}

fn all_hold(what: &str, instruments: impl Strategy<Value = Instrument>) {
    holds_for(CASES, what, instruments, |it| Some(it.clone()), same_at_both_ends);
}

/// Contracts of all kinds.
#[test]
fn contracts() {
    let kinds = InstrumentKind::ALL.map(|kind| generate::instrument(kind).boxed());
    all_hold("contracts", prop::strategy::Union::new(kinds));
}

fn kind_holds(what: &str, kind: InstrumentKind) {
    all_hold(what, generate::instrument(kind));
}

// Each kind for itself, too.
for_each_contract_kind!(
    #[ignore = "all kinds by themselves take long without optimisation: cargo xtask ci --only laws"]
    kind_holds
);

#[test]
fn numbers_alone() {
    all_hold("numbers", generate::numbered_instrument());
}
