//! What belongs to whose house: allocation, clearing, short sales, presets, questions, exchanges for physical.

use crate::translate::order::field::{
    Read, contract, contract_out, count_out, refused, said, text, text_out,
};
use crate::translate::order::{Around, action_in};
use crate::wire::proto::{AttachedOrders, Order};
use tradeport_kernel::{Decimal, OrderKey};
use tradeport_orders::{
    Allocation, AllocationMethod, Clearing, ClearingIntent, OrderAttributes, PhysicalExchange,
    PositionEffect, PresetChildren, ShortSaleSource, Text, WhatIf,
};

/// The kind of the children that are made from presets.
const PRESET: &str = "PRESET";
const PERCENT_CHANGE: &str = "PctChange";
/// No exemption from the uptick rule.
const NOT_EXEMPT: i32 = -1;

/// The methods that need no number.
const METHODS: [(&str, AllocationMethod); 8] = [
    ("Equal", AllocationMethod::Equal),
    ("AvailableEquity", AllocationMethod::AvailableEquity),
    ("NetLiq", AllocationMethod::NetLiquidation),
    ("ContractsOrShares", AllocationMethod::Units),
    ("Ratio", AllocationMethod::Ratio),
    ("Percent", AllocationMethod::Percent),
    ("MonetaryAmount", AllocationMethod::Money),
    ("EqualQuantity", AllocationMethod::EqualQuantity),
];

pub(super) fn allocation_in(order: &Order) -> Read<Option<Allocation>> {
    let Some(group) = text("faGroup", order.fa_group.as_ref())? else { return Ok(None) };
    let percent = said(order.fa_percentage.as_ref()).unwrap_or_default();
    let method = match said(order.fa_method.as_ref()) {
        None => None,
        Some(PERCENT_CHANGE) => {
            let number = Decimal::from_str_exact(percent);
            let number = number.map_err(|_| refused("faPercentage", percent, "a percent change needs it"))?;
            Some(AllocationMethod::PercentChange(number))
        }
        Some(name) => {
            let found = METHODS.iter().find(|(code, _)| *code == name);
            Some(found.ok_or_else(|| refused("faMethod", name, "no method that is known"))?.1)
        }
    };
    Ok(Some(Allocation { group, method }))
}

pub(super) fn allocation_out(it: &Allocation, order: &mut Order) {
    order.fa_group = text_out(Some(&it.group));
    order.fa_method = match it.method {
        None => None,
        Some(AllocationMethod::PercentChange(percent)) => {
            order.fa_percentage = Some(percent.to_string());
            Some(PERCENT_CHANGE.to_owned())
        }
        Some(method) => {
            METHODS.iter().find(|(_, known)| *known == method).map(|(code, _)| (*code).to_owned())
        }
    };
}

pub(super) fn intent_in(field: &'static str, text: Option<&String>) -> Read<Option<ClearingIntent>> {
    Ok(Some(match said(text) {
        None => return Ok(None),
        Some("IB") => ClearingIntent::Broker,
        Some("Away") => ClearingIntent::Away,
        Some("PTA") => ClearingIntent::PostTradeAllocation,
        Some(other) => return Err(refused(field, other, "no clearing intent that is known")),
    }))
}

pub(super) fn intent_out(intent: Option<ClearingIntent>) -> Option<String> {
    let code = match intent? {
        ClearingIntent::Broker => "IB",
        ClearingIntent::Away => "Away",
        ClearingIntent::PostTradeAllocation => "PTA",
    };
    Some(code.to_owned())
}

pub(super) fn source_in(
    field: &'static str,
    slot: Option<i32>,
    place: Option<&str>,
) -> Read<Option<ShortSaleSource>> {
    match (slot.unwrap_or_default(), place) {
        (0 | i32::MAX, _) => Ok(None),
        (1, None) => Ok(Some(ShortSaleSource::ClearingBroker)),
        (2, Some(place)) => match Text::new(place) {
            Ok(place) => Ok(Some(ShortSaleSource::Elsewhere(place))),
            Err(error) => Err(refused(field, place, error)),
        },
        (1, Some(place)) => Err(refused(field, place, "only shares from elsewhere have a place")),
        (2, None) => Err(refused(field, 2, "shares from elsewhere need a place")),
        (slot, _) => Err(refused(field, slot, "no short sale slot that is known")),
    }
}

/// A slot's number and its place.
pub(super) fn source_out(source: Option<&ShortSaleSource>) -> (Option<i32>, Option<String>) {
    match source {
        None => (None, None),
        Some(ShortSaleSource::ClearingBroker) => (Some(1), None),
        Some(ShortSaleSource::Elsewhere(place)) => (Some(2), text_out(Some(place))),
    }
}

pub(super) fn clearing_in(order: &Order) -> Read<Clearing> {
    let effect = match said(order.open_close.as_ref()) {
        None | Some("?") => None,
        Some("O") => Some(PositionEffect::Open),
        Some("C") => Some(PositionEffect::Close),
        Some(other) => return Err(refused("openClose", other, "neither O nor C")),
    };
    let exempt_code = match order.exempt_code.unwrap_or(NOT_EXEMPT) {
        NOT_EXEMPT | i32::MAX => None,
        code => Some(u32::try_from(code).map_err(|_| refused("exemptCode", code, "below zero"))?),
    };
    let (side, sale) = action_in(order)?;
    let place = said(order.designated_location.as_ref());
    Ok(Clearing {
        settling_firm: text("settlingFirm", order.settling_firm.as_ref())?,
        account: text("clearingAccount", order.clearing_account.as_ref())?,
        intent: intent_in("clearingIntent", order.clearing_intent.as_ref())?,
        effect,
        sale,
        short_source: source_in("shortSaleSlot", order.short_sale_slot, place)?,
        // Some clients send a zero with every order; a purchase needs no exemption.
        exempt_code: exempt_code.filter(|code| *code != 0 || side == tradeport_orders::Side::Sell),
    })
}

pub(super) fn clearing_out(it: &Clearing, order: &mut Order) {
    order.settling_firm = text_out(it.settling_firm.as_ref());
    order.clearing_account = text_out(it.account.as_ref());
    order.clearing_intent = intent_out(it.intent);
    order.open_close = it.effect.map(|effect| match effect {
        PositionEffect::Open => "O".to_owned(),
        PositionEffect::Close => "C".to_owned(),
    });
    (order.short_sale_slot, order.designated_location) = source_out(it.short_source.as_ref());
    order.exempt_code = it.exempt_code.map(count_out);
}

pub(super) fn presets_in(attached: Option<&AttachedOrders>, around: &Around<'_>) -> Read<PresetChildren> {
    let child = |field: &'static str, number: Option<i32>| {
        let Some(number) = number.filter(|it| *it != 0 && *it != i32::MAX) else { return Ok(None) };
        let known = (around.key_of)(number);
        known.map(Some).ok_or_else(|| refused(field, number, "no order has this number"))
    };
    Ok(PresetChildren {
        stop_loss: child("slOrderId", attached.and_then(|it| it.sl_order_id))?,
        profit_taker: child("ptOrderId", attached.and_then(|it| it.pt_order_id))?,
    })
}

pub(super) fn presets_out(
    it: &PresetChildren,
    number_of: &dyn Fn(&OrderKey) -> Option<i32>,
) -> Option<AttachedOrders> {
    let number = |key: &Option<OrderKey>| key.as_ref().and_then(number_of);
    let (sl_order_id, pt_order_id) = (number(&it.stop_loss), number(&it.profit_taker));
    let preset = |child: Option<i32>| child.map(|_| PRESET.to_owned());
    (sl_order_id.is_some() || pt_order_id.is_some()).then(|| AttachedOrders {
        sl_order_id,
        sl_order_type: preset(sl_order_id),
        pt_order_id,
        pt_order_type: preset(pt_order_id),
    })
}

pub(super) fn what_if_in(order: &Order) -> Read<Option<WhatIf>> {
    if order.what_if != Some(true) {
        return Ok(None);
    }
    match order.what_if_type {
        None | Some(i32::MAX) => Ok(Some(WhatIf::Default)),
        Some(0) => Ok(Some(WhatIf::WholeOrder)),
        Some(1) => Ok(Some(WhatIf::MarginOnly)),
        Some(other) => Err(refused("whatIfType", other, "neither the whole order (0) nor the margin (1)")),
    }
}

pub(super) fn physical_in(order: &Order) -> Read<Option<PhysicalExchange>> {
    let future = contract("refFuturesConId", order.ref_futures_con_id)?;
    Ok(future.map(|future| PhysicalExchange {
        basis_points: None,
        basis_points_type: None,
        future: Some(future),
    }))
}

pub(super) fn rest_out(it: &OrderAttributes, order: &mut Order) {
    order.what_if = it.what_if.map(|_| true);
    order.what_if_type = match it.what_if {
        None | Some(WhatIf::Default) => None,
        Some(WhatIf::WholeOrder) => Some(0),
        Some(WhatIf::MarginOnly) => Some(1),
    };
    order.ref_futures_con_id = it.physical.and_then(|it| it.future).and_then(contract_out);
}
