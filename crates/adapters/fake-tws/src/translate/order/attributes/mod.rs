//! Attributes, group by group; each file does its groups both ways.

mod combo;
mod compliance;
mod hedging;
mod house;
mod working;

use super::Around;
use super::algo::{algo_in, algo_out};
use super::conditions::{conditions_in, conditions_out};
use super::field::{Read, flag, text, text_out};
use crate::wire::proto::{AttachedOrders, Order};
use tradeport_kernel::OrderKey;
use tradeport_orders::OrderAttributes;

pub(super) fn attributes_in(
    order: &Order,
    attached: Option<&AttachedOrders>,
    around: &Around<'_>,
) -> Read<OrderAttributes> {
    Ok(OrderAttributes {
        conditions: conditions_in(order)?,
        handling: working::handling_in(order)?,
        timing: working::timing_in(order)?,
        routing: working::routing_in(order)?,
        combo: combo::combo_in(order, around.legs)?,
        algo: algo_in(order, around)?,
        algo_id: text("algoId", order.algo_id.as_ref())?,
        scale: working::scale_in(order)?,
        hedge: hedging::hedge_in(order)?,
        delta_neutral: hedging::delta_neutral_in(order)?,
        adjustment: hedging::adjustment_in(order)?,
        allocation: house::allocation_in(order)?,
        model: text("modelCode", order.model_code.as_ref())?,
        clearing: house::clearing_in(order)?,
        compliance: compliance::compliance_in(order)?,
        presets: house::presets_in(attached, around)?,
        what_if: house::what_if_in(order)?,
        physical: house::physical_in(order)?,
        cancels_parent: order.auto_cancel_parent.unwrap_or_default(),
        deactivated: order.deactivate.unwrap_or_default(),
    })
}

pub(super) fn attributes_out(
    it: &OrderAttributes,
    number_of: &dyn Fn(&OrderKey) -> Option<i32>,
    order: &mut Order,
) -> Option<AttachedOrders> {
    if let Some(conditions) = &it.conditions {
        conditions_out(conditions, order);
    }
    if let Some(algo) = &it.algo {
        algo_out(algo, order);
    }
    order.algo_id = text_out(it.algo_id.as_ref());
    order.model_code = text_out(it.model.as_ref());
    order.auto_cancel_parent = flag(it.cancels_parent);
    order.deactivate = flag(it.deactivated);
    working::handling_out(&it.handling, order);
    working::timing_out(&it.timing, order);
    working::routing_out(&it.routing, order);
    combo::combo_out(&it.combo, order);
    if let Some(scale) = &it.scale {
        working::scale_out(scale, order);
    }
    if let Some(hedge) = &it.hedge {
        hedging::hedge_out(hedge, order);
    }
    if let Some(neutral) = &it.delta_neutral {
        hedging::delta_neutral_out(neutral, order);
    }
    if let Some(adjustment) = &it.adjustment {
        hedging::adjustment_out(adjustment, order);
    }
    if let Some(allocation) = &it.allocation {
        house::allocation_out(allocation, order);
    }
    house::clearing_out(&it.clearing, order);
    compliance::compliance_out(&it.compliance, order);
    house::rest_out(it, order);
    house::presets_out(&it.presets, number_of)
}
