//! The order that is sent in the underlying with each fill of a volatility order.

use super::clearing::{intent_in, intent_out, source_in, source_out};
use crate::translate::order::field::{
    contract_in_opt, contract_out, number_in, number_out, refused, text_in, text_out,
};
use crate::translate::{FromIbError, ToIbError};
use ibapi::orders::Order;
use tradeport_orders::{DeltaNeutral, DeltaNeutralKind, PositionEffect};

pub(super) fn to_ib(neutral: Option<&DeltaNeutral>, order: &mut Order) -> Result<(), ToIbError> {
    let Some(neutral) = neutral else { return Ok(()) };
    let (name, aux) = match neutral.kind {
        DeltaNeutralKind::None => ("NONE", None),
        DeltaNeutralKind::Market => ("MKT", None),
        DeltaNeutralKind::MarketToLimit => ("MTL", None),
        DeltaNeutralKind::Limit { limit } => ("LMT", Some(limit)),
        DeltaNeutralKind::Relative { offset } => ("REL", Some(offset)),
    };
    name.clone_into(&mut order.delta_neutral_order_type);
    order.delta_neutral_aux_price = aux.map(|aux| number_out("delta-neutral price", aux)).transpose()?;
    if let Some(contract) = neutral.contract {
        order.delta_neutral_con_id = contract_out("delta-neutral instrument", contract)?;
    }
    order.delta_neutral_settling_firm = text_out(neutral.settling_firm.as_ref());
    order.delta_neutral_clearing_account = text_out(neutral.clearing_account.as_ref());
    order.delta_neutral_clearing_intent = intent_out(neutral.clearing_intent);
    order.delta_neutral_open_close = match neutral.effect {
        None => "",
        Some(PositionEffect::Open) => "O",
        Some(PositionEffect::Close) => "C",
    }
    .to_owned();
    order.delta_neutral_short_sale = neutral.short_sale;
    let (slot, place) = source_out(neutral.short_source.as_ref());
    (order.delta_neutral_short_sale_slot, order.delta_neutral_designated_location) = (slot, place);
    Ok(())
}

pub(super) fn from_ib(order: &Order) -> Result<Option<DeltaNeutral>, FromIbError> {
    let aux = number_in("deltaNeutralAuxPrice", order.delta_neutral_aux_price)?;
    let needed = || {
        aux.ok_or_else(|| {
            let value = order.delta_neutral_aux_price;
            refused("deltaNeutralAuxPrice", value, "this delta-neutral order needs it")
        })
    };
    let kind = match order.delta_neutral_order_type.as_str() {
        // The broker reports `None` for orders that were sent without one.
        "" | "None" => return Ok(None),
        "NONE" => DeltaNeutralKind::None,
        "MKT" => DeltaNeutralKind::Market,
        "MTL" => DeltaNeutralKind::MarketToLimit,
        "LMT" => DeltaNeutralKind::Limit { limit: needed()? },
        "REL" => DeltaNeutralKind::Relative { offset: needed()? },
        other => return Err(refused("deltaNeutralOrderType", other, "no delta-neutral order that is known")),
    };
    let effect = match order.delta_neutral_open_close.as_str() {
        "" | "?" => None,
        "O" => Some(PositionEffect::Open),
        "C" => Some(PositionEffect::Close),
        other => return Err(refused("deltaNeutralOpenClose", other, "neither O nor C")),
    };
    let (slot, place) = (order.delta_neutral_short_sale_slot, &order.delta_neutral_designated_location);
    Ok(Some(DeltaNeutral {
        kind,
        contract: contract_in_opt("deltaNeutralConId", order.delta_neutral_con_id)?,
        settling_firm: text_in("deltaNeutralSettlingFirm", &order.delta_neutral_settling_firm)?,
        clearing_account: text_in("deltaNeutralClearingAccount", &order.delta_neutral_clearing_account)?,
        clearing_intent: intent_in("deltaNeutralClearingIntent", &order.delta_neutral_clearing_intent)?,
        effect,
        short_sale: order.delta_neutral_short_sale,
        short_source: source_in("deltaNeutralDesignatedLocation", slot, place)?,
    }))
}
