//! Hedges, delta-neutral orders, and stops that turn into other stops.

use super::house::{intent_in, intent_out, source_in, source_out};
use crate::translate::order::field::{
    Read, contract, contract_out, count_out, flag, float, needed, nonzero_count, number, price, refused,
    said, text, text_out,
};
use crate::wire::proto::Order;
use tradeport_kernel::Decimal;
use tradeport_orders::{
    AdjustedStop, DeltaNeutral, DeltaNeutralKind, Hedge, HedgeForm, HedgeKind, PositionEffect,
    StopAdjustment, TrailBy,
};

/// The units of an adjusted trail.
const AMOUNT: i32 = 0;
const PERCENT: i32 = 100;

pub(super) fn hedge_in(order: &Order) -> Read<Option<Hedge>> {
    let param = said(order.hedge_param.as_ref()).unwrap_or_default();
    let figure = |name: &str| {
        let text = param.strip_prefix(name).and_then(|rest| rest.strip_prefix('=')).unwrap_or(param);
        let number = Decimal::from_str_exact(text);
        number.map_err(|_| refused("hedgeParam", param, format!("not a number or {name}=number")))
    };
    let kind = match said(order.hedge_type.as_ref()) {
        None => return Ok(None),
        Some("D") => HedgeKind::Delta,
        Some("B") if param.is_empty() => HedgeKind::Beta { beta: None },
        Some("B") => HedgeKind::Beta { beta: Some(figure("beta")?) },
        Some("F") => HedgeKind::Currency,
        Some("P") => HedgeKind::Pair { ratio: figure("ratio")? },
        Some(other) => return Err(refused("hedgeType", other, "no hedge that is known")),
    };
    let max_size = nonzero_count("hedgeMaxSize", order.hedge_max_size)?;
    let own_price = order.dont_use_auto_price_for_hedge.unwrap_or_default();
    let form = if param.contains('=') { HedgeForm::Named } else { HedgeForm::Bare };
    let mut hedge = Hedge::new(kind).written(form);
    (hedge.max_size, hedge.own_price) = (max_size, own_price);
    Ok(Some(hedge))
}

pub(super) fn hedge_out(hedge: &Hedge, order: &mut Order) {
    let written = |name: &str, number: Decimal| match hedge.form() {
        Some(HedgeForm::Named) => format!("{name}={number}"),
        _ => number.to_string(),
    };
    let (code, param) = match hedge.kind {
        HedgeKind::Delta => ("D", None),
        HedgeKind::Beta { beta } => ("B", beta.map(|beta| written("beta", beta))),
        HedgeKind::Currency => ("F", None),
        HedgeKind::Pair { ratio } => ("P", Some(written("ratio", ratio))),
    };
    (order.hedge_type, order.hedge_param) = (Some(code.to_owned()), param);
    order.hedge_max_size = hedge.max_size.map(count_out);
    order.dont_use_auto_price_for_hedge = flag(hedge.own_price);
}

pub(super) fn delta_neutral_in(order: &Order) -> Read<Option<DeltaNeutral>> {
    let field = "deltaNeutralAuxPrice";
    let aux = || needed(field, number(field, order.delta_neutral_aux_price)?);
    let kind = match said(order.delta_neutral_order_type.as_ref()) {
        None | Some("None") => return Ok(None),
        Some("NONE") => DeltaNeutralKind::None,
        Some("MKT") => DeltaNeutralKind::Market,
        Some("MTL") => DeltaNeutralKind::MarketToLimit,
        Some("LMT") => DeltaNeutralKind::Limit { limit: aux()? },
        Some("REL") => DeltaNeutralKind::Relative { offset: aux()? },
        Some(other) => {
            return Err(refused("deltaNeutralOrderType", other, "no delta-neutral order that is known"));
        }
    };
    let effect = match said(order.delta_neutral_open_close.as_ref()) {
        None | Some("?") => None,
        Some("O") => Some(PositionEffect::Open),
        Some("C") => Some(PositionEffect::Close),
        Some(other) => return Err(refused("deltaNeutralOpenClose", other, "neither O nor C")),
    };
    let place = said(order.delta_neutral_designated_location.as_ref());
    Ok(Some(DeltaNeutral {
        kind,
        contract: contract("deltaNeutralConId", order.delta_neutral_con_id)?,
        settling_firm: text("deltaNeutralSettlingFirm", order.delta_neutral_settling_firm.as_ref())?,
        clearing_account: text("deltaNeutralClearingAccount", order.delta_neutral_clearing_account.as_ref())?,
        clearing_intent: intent_in(
            "deltaNeutralClearingIntent",
            order.delta_neutral_clearing_intent.as_ref(),
        )?,
        effect,
        short_sale: order.delta_neutral_short_sale.unwrap_or_default(),
        short_source: source_in("deltaNeutralShortSaleSlot", order.delta_neutral_short_sale_slot, place)?,
    }))
}

pub(super) fn delta_neutral_out(it: &DeltaNeutral, order: &mut Order) {
    let (name, aux) = match it.kind {
        DeltaNeutralKind::None => ("NONE", None),
        DeltaNeutralKind::Market => ("MKT", None),
        DeltaNeutralKind::MarketToLimit => ("MTL", None),
        DeltaNeutralKind::Limit { limit } => ("LMT", Some(limit)),
        DeltaNeutralKind::Relative { offset } => ("REL", Some(offset)),
    };
    order.delta_neutral_order_type = Some(name.to_owned());
    order.delta_neutral_aux_price = aux.map(float);
    order.delta_neutral_con_id = it.contract.and_then(contract_out);
    order.delta_neutral_settling_firm = text_out(it.settling_firm.as_ref());
    order.delta_neutral_clearing_account = text_out(it.clearing_account.as_ref());
    order.delta_neutral_clearing_intent = intent_out(it.clearing_intent);
    order.delta_neutral_open_close = it.effect.map(|effect| match effect {
        PositionEffect::Open => "O".to_owned(),
        PositionEffect::Close => "C".to_owned(),
    });
    order.delta_neutral_short_sale = flag(it.short_sale);
    let (slot, place) = source_out(it.short_source.as_ref());
    (order.delta_neutral_short_sale_slot, order.delta_neutral_designated_location) = (slot, place);
}

pub(super) fn adjustment_in(order: &Order) -> Read<Option<StopAdjustment>> {
    let Some(name) = said(order.adjusted_order_type.as_ref()).filter(|name| *name != "None") else {
        return Ok(None);
    };
    let stop = needed("adjustedStopPrice", price("adjustedStopPrice", order.adjusted_stop_price)?)?;
    let limit = || {
        let field = "adjustedStopLimitPrice";
        needed(field, price(field, order.adjusted_stop_limit_price)?)
    };
    let into = match name {
        "STP" => AdjustedStop::Stop { stop },
        "STP LMT" => AdjustedStop::StopLimit { stop, limit: limit()? },
        "TRAIL" => AdjustedStop::Trail { stop, by: adjusted_trail(order)? },
        "TRAIL LIMIT" => AdjustedStop::TrailLimit { stop, limit: limit()?, by: adjusted_trail(order)? },
        other => return Err(refused("adjustedOrderType", other, "no stop that an order can be adjusted to")),
    };
    let trigger = needed("triggerPrice", price("triggerPrice", order.trigger_price)?)?;
    Ok(Some(StopAdjustment::once_at(trigger, into)))
}

fn adjusted_trail(order: &Order) -> Read<TrailBy> {
    let field = "adjustedTrailingAmount";
    let distance = needed(field, number(field, order.adjusted_trailing_amount)?)?;
    match order.adjustable_trailing_unit.unwrap_or_default() {
        AMOUNT | i32::MAX => Ok(TrailBy::Amount(distance)),
        PERCENT => Ok(TrailBy::Percent(distance)),
        other => {
            Err(refused("adjustableTrailingUnit", other, "neither an amount (0) nor a percentage (100)"))
        }
    }
}

pub(super) fn adjustment_out(it: &StopAdjustment, order: &mut Order) {
    let (name, stop, limit, by) = match it.into {
        AdjustedStop::Stop { stop } => ("STP", stop, None, None),
        AdjustedStop::StopLimit { stop, limit } => ("STP LMT", stop, Some(limit), None),
        AdjustedStop::Trail { stop, by } => ("TRAIL", stop, None, Some(by)),
        AdjustedStop::TrailLimit { stop, limit, by } => ("TRAIL LIMIT", stop, Some(limit), Some(by)),
    };
    order.adjusted_order_type = Some(name.to_owned());
    order.trigger_price = Some(float(it.trigger.as_decimal()));
    order.adjusted_stop_price = Some(float(stop.as_decimal()));
    order.adjusted_stop_limit_price = limit.map(|limit| float(limit.as_decimal()));
    let (distance, unit) = match by {
        None => return,
        Some(TrailBy::Amount(amount)) => (amount, AMOUNT),
        Some(TrailBy::Percent(percent)) => (percent, PERCENT),
    };
    (order.adjusted_trailing_amount, order.adjustable_trailing_unit) = (Some(float(distance)), Some(unit));
}
