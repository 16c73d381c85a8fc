//! Legs and hedges of combos.

use super::{contract_id_from_ib, contract_id_to_ib};
use crate::translate::number::{to_decimal, to_float};
use crate::translate::{FromIbError, ToIbError};
use ibapi::contracts as ib;
use tradeport_contracts::{ComboLeg, DeltaNeutral, LegAction, LegEffect, ShortSale};
use tradeport_kernel::Price;

/// What the broker's clients send for a leg without an exemption.
const NO_EXEMPTION: i32 = -1;

pub(super) fn leg_to_ib(leg: &ComboLeg) -> Result<ib::ComboLeg, ToIbError> {
    let (short_sale_slot, designated_location) = match leg.short_sale() {
        None => (0, String::new()),
        Some(ShortSale::HeldByBroker) => (1, String::new()),
        Some(ShortSale::HeldAt(place)) => (2, place.clone()),
    };
    Ok(ib::ComboLeg {
        contract_id: contract_id_to_ib(leg.contract())?,
        ratio: i32::try_from(leg.ratio()).expect("a ratio is at most 2,147,483,647"),
        action: match leg.action() {
            LegAction::Buy => ib::LegAction::Buy,
            LegAction::Sell => ib::LegAction::Sell,
            LegAction::SellShort => ib::LegAction::SellShort,
        },
        exchange: leg.exchange().unwrap_or_default().to_owned(),
        open_close: match leg.effect() {
            LegEffect::Same => ib::ComboLegOpenClose::Same,
            LegEffect::Open => ib::ComboLegOpenClose::Open,
            LegEffect::Close => ib::ComboLegOpenClose::Close,
            LegEffect::Unknown => ib::ComboLegOpenClose::Unknown,
        },
        short_sale_slot,
        designated_location,
        exempt_code: leg.exemption().map_or(NO_EXEMPTION, i32::from),
    })
}

pub(super) fn leg_from_ib(leg: &ib::ComboLeg) -> Result<ComboLeg, FromIbError> {
    let ratio = u32::try_from(leg.ratio).map_err(|_| refuse("ratio", leg.ratio, "it must be above zero"))?;
    let id = contract_id_from_ib(leg.contract_id)
        .ok_or_else(|| refuse("contract_id", leg.contract_id, "it must be above zero"))?;
    let action = match leg.action {
        ib::LegAction::Buy => LegAction::Buy,
        ib::LegAction::Sell => LegAction::Sell,
        ib::LegAction::SellShort => LegAction::SellShort,
    };
    let mut ours = ComboLeg::new(id, ratio, action).map_err(|error| refuse("ratio", ratio, error))?;
    if !leg.exchange.is_empty() {
        ours = ours.on(&leg.exchange).map_err(|error| refuse("exchange", &leg.exchange, error))?;
    }
    ours = ours.with_effect(match leg.open_close {
        ib::ComboLegOpenClose::Same => LegEffect::Same,
        ib::ComboLegOpenClose::Open => LegEffect::Open,
        ib::ComboLegOpenClose::Close => LegEffect::Close,
        ib::ComboLegOpenClose::Unknown => LegEffect::Unknown,
    });
    if let Some(short_sale) = short_sale_from_ib(leg)? {
        ours = ours
            .with_short_sale(short_sale)
            .map_err(|error| refuse("designated_location", &leg.designated_location, error))?;
    }
    if leg.exempt_code == NO_EXEMPTION {
        return Ok(ours);
    }
    let code = u16::try_from(leg.exempt_code)
        .map_err(|_| refuse("exempt_code", leg.exempt_code, "expected -1 for none, or 0 to 65535"))?;
    Ok(ours.with_exemption(code))
}

fn short_sale_from_ib(leg: &ib::ComboLeg) -> Result<Option<ShortSale>, FromIbError> {
    let place = &leg.designated_location;
    match (leg.short_sale_slot, place.is_empty()) {
        (0, true) => Ok(None),
        (1, true) => Ok(Some(ShortSale::HeldByBroker)),
        (2, false) => Ok(Some(ShortSale::HeldAt(place.clone()))),
        (2, true) => Err(refuse("designated_location", place, "slot 2 says that another holds the shares")),
        (0 | 1, false) => Err(refuse("designated_location", place, "only slot 2 has a place")),
        (slot, _) => Err(refuse("short_sale_slot", slot, "expected 0, 1 or 2")),
    }
}

fn refuse(field: &'static str, value: impl std::fmt::Debug, reason: impl std::fmt::Display) -> FromIbError {
    FromIbError::new("ComboLeg", field, value, reason)
}

pub(super) fn hedge_to_ib(hedge: &DeltaNeutral) -> Result<ib::DeltaNeutralContract, ToIbError> {
    Ok(ib::DeltaNeutralContract {
        contract_id: contract_id_to_ib(hedge.contract())?,
        delta: to_float(hedge.delta()),
        price: hedge.price().map_or(0.0, |price| to_float(price.as_decimal())),
    })
}

pub(super) fn hedge_from_ib(hedge: &ib::DeltaNeutralContract) -> Result<DeltaNeutral, FromIbError> {
    let refuse = |field, value: &dyn std::fmt::Debug, reason: String| {
        FromIbError::new("DeltaNeutralContract", field, value, reason)
    };
    let id = contract_id_from_ib(hedge.contract_id);
    let id =
        id.ok_or_else(|| refuse("contract_id", &hedge.contract_id, "it must be above zero".to_owned()))?;
    let delta = to_decimal(hedge.delta);
    let delta = delta.ok_or_else(|| refuse("delta", &hedge.delta, "not a number of ours".to_owned()))?;
    let ours =
        DeltaNeutral::new(id, delta).map_err(|error| refuse("delta", &hedge.delta, error.to_string()))?;
    let price = to_decimal(hedge.price).and_then(|price| Price::new(price).ok());
    let price = price.ok_or_else(|| refuse("price", &hedge.price, "not a price".to_owned()))?;
    ours.at(price).map_err(|error| refuse("price", &hedge.price, error.to_string()))
}
