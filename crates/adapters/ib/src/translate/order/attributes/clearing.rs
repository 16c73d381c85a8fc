//! Clearing, short sales, opening and closing.

use crate::translate::order::field::{count_out, refused, text_in, text_out};
use crate::translate::{FromIbError, ToIbError};
use ibapi::orders::{Action, Order, OrderOpenClose, ShortSaleSlot};
use tradeport_orders::{Clearing, ClearingIntent, PositionEffect, SaleKind, ShortSaleSource, Side, Text};

/// No exemption from the uptick rule.
const NOT_EXEMPT: i32 = -1;

pub(in crate::translate::order) const fn action_out(side: Side, sale: Option<SaleKind>) -> Action {
    match (side, sale) {
        (Side::Buy, _) => Action::Buy,
        (Side::Sell, None) => Action::Sell,
        (Side::Sell, Some(SaleKind::Short)) => Action::SellShort,
        (Side::Sell, Some(SaleKind::Long)) => Action::SellLong,
    }
}

pub(in crate::translate::order) const fn action_in(action: Action) -> (Side, Option<SaleKind>) {
    match action {
        Action::Buy => (Side::Buy, None),
        Action::Sell => (Side::Sell, None),
        Action::SellShort => (Side::Sell, Some(SaleKind::Short)),
        Action::SellLong => (Side::Sell, Some(SaleKind::Long)),
    }
}

pub(super) fn intent_out(intent: Option<ClearingIntent>) -> String {
    match intent {
        None => "",
        Some(ClearingIntent::Broker) => "IB",
        Some(ClearingIntent::Away) => "Away",
        Some(ClearingIntent::PostTradeAllocation) => "PTA",
    }
    .to_owned()
}

pub(super) fn intent_in(field: &'static str, text: &str) -> Result<Option<ClearingIntent>, FromIbError> {
    Ok(Some(match text {
        "" => return Ok(None),
        "IB" => ClearingIntent::Broker,
        "Away" => ClearingIntent::Away,
        "PTA" => ClearingIntent::PostTradeAllocation,
        other => return Err(refused(field, other, "no clearing intent that is known")),
    }))
}

/// A slot's number and its place.
pub(super) fn source_out(source: Option<&ShortSaleSource>) -> (i32, String) {
    match source {
        None => (0, String::new()),
        Some(ShortSaleSource::ClearingBroker) => (1, String::new()),
        Some(ShortSaleSource::Elsewhere(place)) => (2, place.as_str().to_owned()),
    }
}

pub(super) fn source_in(
    field: &'static str,
    slot: i32,
    place: &str,
) -> Result<Option<ShortSaleSource>, FromIbError> {
    match (slot, place) {
        (0, "") => Ok(None),
        (1, "") => Ok(Some(ShortSaleSource::ClearingBroker)),
        (2, place) => match Text::new(place) {
            Ok(place) => Ok(Some(ShortSaleSource::Elsewhere(place))),
            Err(error) => Err(refused(field, place, error)),
        },
        (0 | 1, place) => Err(refused(field, place, "only shares from elsewhere have a place")),
        _ => Err(refused(field, slot, "no short sale slot that is known")),
    }
}

pub(super) fn to_ib(clearing: &Clearing, order: &mut Order) -> Result<(), ToIbError> {
    order.settling_firm = text_out(clearing.settling_firm.as_ref());
    order.clearing_account = text_out(clearing.account.as_ref());
    order.clearing_intent = intent_out(clearing.intent);
    order.open_close = clearing.effect.map(|effect| match effect {
        PositionEffect::Open => OrderOpenClose::Open,
        PositionEffect::Close => OrderOpenClose::Close,
    });
    let (slot, place) = source_out(clearing.short_source.as_ref());
    (order.short_sale_slot, order.designated_location) = (ShortSaleSlot::from(slot), place);
    order.exempt_code = match clearing.exempt_code {
        Some(code) => count_out("exempt code", code)?,
        None => NOT_EXEMPT,
    };
    Ok(())
}

pub(super) fn from_ib(order: &Order) -> Result<Clearing, FromIbError> {
    let effect = match &order.open_close {
        None => None,
        Some(OrderOpenClose::Open) => Some(PositionEffect::Open),
        Some(OrderOpenClose::Close) => Some(PositionEffect::Close),
        Some(OrderOpenClose::Unknown(text)) if text.is_empty() => None,
        Some(other) => return Err(refused("openClose", other.as_str(), "neither O nor C")),
    };
    let exempt_code = match order.exempt_code {
        NOT_EXEMPT => None,
        code => Some(u32::try_from(code).map_err(|_| refused("exemptCode", code, "below zero"))?),
    };
    Ok(Clearing {
        settling_firm: text_in("settlingFirm", &order.settling_firm)?,
        account: text_in("clearingAccount", &order.clearing_account)?,
        intent: intent_in("clearingIntent", &order.clearing_intent)?,
        effect,
        sale: action_in(order.action).1,
        short_source: source_in(
            "designatedLocation",
            order.short_sale_slot.into(),
            &order.designated_location,
        )?,
        exempt_code: exempt_code.filter(|code| *code != i32::MAX.unsigned_abs()),
    })
}
