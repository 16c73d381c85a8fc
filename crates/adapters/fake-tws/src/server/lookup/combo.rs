//! Combos: contracts that exist by being asked for.

use super::{NOTHING, of_number, readable};
use crate::server::error::{ApiError, Code};
use crate::server::world::World;
use crate::wire::proto;
use tradeport_contracts::{
    Combo, ComboTerms, Contract, ContractDetails, ContractDraft, ContractId, Instrument,
};
use tradeport_kernel::{Currency, Decimal};

/// The combo that a client means, as it is traded already, or as its legs make it.
pub(super) fn resolve(world: &World, id: i32, asked: &proto::Contract) -> Result<Contract, ApiError> {
    // All combos share one number: it says nothing.
    let instrument = readable(id, &proto::Contract { con_id: None, ..asked.clone() })?;
    if let Some(traded) = world.traded(instrument.symbol()) {
        return Ok(traded.clone());
    }
    let Instrument::Combo(combo) = &instrument else {
        return Err(ApiError::about(id, Code::NoContract, NOTHING));
    };
    let legs = legs_of(world, id, combo)?;
    let draft = match ComboTerms::of(combo, &legs) {
        Ok(terms) => terms.contract(combo),
        Err(_) => untraded(&instrument, combo, &legs),
    };
    draft.check().map_err(|error| ApiError::invalid(id, error))
}

fn legs_of(world: &World, id: i32, combo: &Combo) -> Result<Vec<Contract>, ApiError> {
    let leg = |leg: &tradeport_contracts::ComboLeg| {
        let number = i32::try_from(leg.contract().number()).ok();
        number.and_then(|number| of_number(world, number))
    };
    let found: Option<Vec<Contract>> = combo.legs().iter().map(leg).collect();
    found.ok_or_else(|| ApiError::about(id, Code::NoContract, NOTHING))
}

/// What is more than its legs has no terms: it can be asked about, and orders on it rest. In the finest step and for the
/// hours of its legs; for so many units as each of them, when they agree.
fn untraded(instrument: &Instrument, combo: &Combo, legs: &[Contract]) -> ContractDraft {
    let first = legs.first();
    let multiplier = first.map_or(Decimal::ONE, Contract::multiplier);
    let same = legs.iter().all(|leg| leg.multiplier() == multiplier);
    ContractDraft {
        id: ContractId::of_combo(combo),
        symbol: instrument.symbol(),
        instrument: instrument.clone(),
        name: combo.description().symbol.clone().unwrap_or_default(),
        currency: combo.currency().or_else(|| first.map(Contract::currency)).unwrap_or(Currency::USD),
        price_step: legs.iter().map(Contract::price_step).min().unwrap_or(Decimal::new(1, 2)),
        lot: Decimal::ONE,
        multiplier: if same { multiplier } else { Decimal::ONE },
        sessions: first
            .map_or_else(tradeport_contracts::TradingSessions::always, |leg| leg.sessions().clone()),
        details: ContractDetails {
            exchanges: combo.exchange().map(str::to_owned).into_iter().collect(),
            order_kinds: first.map(|leg| leg.details().order_kinds.clone()).unwrap_or_default(),
            minimum_size: Some(Decimal::ONE),
            size_increment: Some(Decimal::ONE),
            time_zone: first.and_then(|leg| leg.details().time_zone.clone()),
            ..ContractDetails::default()
        },
    }
}
