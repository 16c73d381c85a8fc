//! Legs and hedges of combos.

use super::number_of;
use crate::translate::Unreadable;
use crate::translate::number::{to_decimal, to_float};
use crate::wire::proto;
use tradeport_contracts::{ComboLeg, ContractId, DeltaNeutral, LegAction, LegEffect, ShortSale};
use tradeport_kernel::Price;

/// What clients send for a leg without an exemption.
const NO_EXEMPTION: i32 = -1;

pub(super) fn leg_to_wire(leg: &ComboLeg) -> Result<proto::ComboLeg, Unreadable> {
    let (slot, place) = match leg.short_sale() {
        None => (0, None),
        Some(ShortSale::HeldByBroker) => (1, None),
        Some(ShortSale::HeldAt(place)) => (2, Some(place.clone())),
    };
    let action = match leg.action() {
        LegAction::Buy => "BUY",
        LegAction::Sell => "SELL",
        LegAction::SellShort => "SSHORT",
    };
    Ok(proto::ComboLeg {
        con_id: Some(number_of(leg.contract())?),
        ratio: Some(i32::try_from(leg.ratio()).expect("a ratio is at most 2,147,483,647")),
        action: Some(action.to_owned()),
        exchange: leg.exchange().map(str::to_owned),
        open_close: Some(match leg.effect() {
            LegEffect::Same => 0,
            LegEffect::Open => 1,
            LegEffect::Close => 2,
            LegEffect::Unknown => 3,
        }),
        short_sales_slot: Some(slot),
        designated_location: place,
        exempt_code: Some(leg.exemption().map_or(NO_EXEMPTION, i32::from)),
        per_leg_price: None,
    })
}

pub(super) fn leg_of(leg: &proto::ComboLeg) -> Result<ComboLeg, Unreadable> {
    let (number, ratio) = (leg.con_id.unwrap_or_default(), leg.ratio.unwrap_or_default());
    let above_zero = "it must be above zero";
    let id = id_of(leg.con_id).ok_or_else(|| refuse("conId", number, above_zero))?;
    let ratio = u32::try_from(ratio).map_err(|_| refuse("ratio", ratio, above_zero))?;
    let action = leg.action.as_deref().unwrap_or_default();
    let action = match action.to_ascii_uppercase().as_str() {
        "BUY" => LegAction::Buy,
        "SELL" => LegAction::Sell,
        "SSHORT" => LegAction::SellShort,
        _ => return Err(refuse("action", action, "expected BUY, SELL or SSHORT")),
    };
    let mut ours = ComboLeg::new(id, ratio, action).map_err(|error| refuse("ratio", ratio, error))?;
    if let Some(exchange) = leg.exchange.as_deref().filter(|text| !text.is_empty()) {
        ours = ours.on(exchange).map_err(|error| refuse("exchange", exchange, error))?;
    }
    ours = ours.with_effect(match leg.open_close.unwrap_or_default() {
        0 => LegEffect::Same,
        1 => LegEffect::Open,
        2 => LegEffect::Close,
        3 => LegEffect::Unknown,
        other => return Err(refuse("openClose", other, "expected 0, 1, 2 or 3")),
    });
    if let Some(short_sale) = short_sale_of(leg)? {
        ours = ours.with_short_sale(short_sale).map_err(|error| refuse("designatedLocation", leg, error))?;
    }
    match leg.exempt_code.unwrap_or(NO_EXEMPTION) {
        NO_EXEMPTION => Ok(ours),
        code => {
            let reason = "expected -1 for none, or 0 to 65535";
            let code = u16::try_from(code).map_err(|_| refuse("exemptCode", code, reason))?;
            Ok(ours.with_exemption(code))
        }
    }
}

fn short_sale_of(leg: &proto::ComboLeg) -> Result<Option<ShortSale>, Unreadable> {
    let place = leg.designated_location.clone().unwrap_or_default();
    match (leg.short_sales_slot.unwrap_or_default(), place.is_empty()) {
        (0, true) => Ok(None),
        (1, true) => Ok(Some(ShortSale::HeldByBroker)),
        (2, false) => Ok(Some(ShortSale::HeldAt(place))),
        (2, true) => Err(refuse("designatedLocation", place, "slot 2 says that another holds the shares")),
        (0 | 1, false) => Err(refuse("designatedLocation", place, "only slot 2 has a place")),
        (slot, _) => Err(refuse("shortSaleSlot", slot, "expected 0, 1 or 2")),
    }
}

pub(super) fn hedge_to_wire(hedge: &DeltaNeutral) -> Result<proto::DeltaNeutralContract, Unreadable> {
    Ok(proto::DeltaNeutralContract {
        con_id: Some(number_of(hedge.contract())?),
        delta: Some(to_float(hedge.delta())),
        price: Some(hedge.price().map_or(0.0, |price| to_float(price.as_decimal()))),
    })
}

pub(super) fn hedge_of(hedge: &proto::DeltaNeutralContract) -> Result<DeltaNeutral, Unreadable> {
    let number = hedge.con_id.unwrap_or_default();
    let id = id_of(hedge.con_id).ok_or_else(|| refuse("conId", number, "it must be above zero"))?;
    let given = hedge.delta.unwrap_or_default();
    let delta = to_decimal(given).ok_or_else(|| refuse("delta", given, "not a number of ours"))?;
    let ours = DeltaNeutral::new(id, delta).map_err(|error| refuse("delta", given, error))?;
    let given = hedge.price.unwrap_or_default();
    let price = to_decimal(given).and_then(|price| Price::new(price).ok());
    let price = price.ok_or_else(|| refuse("price", given, "not a price"))?;
    ours.at(price).map_err(|error| refuse("price", given, error))
}

/// The id with this number, if it is above zero.
pub(super) fn id_of(number: Option<i32>) -> Option<ContractId> {
    number.filter(|number| *number > 0).map(|number| ContractId::new(i64::from(number)))
}

fn refuse(field: &'static str, value: impl std::fmt::Debug, reason: impl std::fmt::Display) -> Unreadable {
    Unreadable::new(field, value, reason)
}
