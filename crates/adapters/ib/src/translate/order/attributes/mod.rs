//! Attributes, group by group; each file does one group both ways.

mod adjustment;
mod allocation;
mod clearing;
mod combo;
mod compliance;
mod delta_neutral;
mod handling;
mod hedge;
mod rest;
mod routing;
mod scale;
mod timing;

use super::Surroundings;
use super::conditions::{conditions_from_ib, conditions_to_ib};
use super::field::{text_in, text_out};
use super::unsent::IbOrder;
use crate::translate::{FromIbError, ToIbError, algo_from_ib, algo_to_ib};
use ibapi::orders::Order;
use tradeport_orders::OrderAttributes;

pub(super) use clearing::{action_in, action_out};
pub(super) use compliance::{entry_in, entry_out};
pub(super) use routing::unsent;

/// Sets everything that the attributes say.
pub(super) fn attributes_to_ib(
    said: &OrderAttributes,
    around: &Surroundings<'_>,
    order: &mut Order,
) -> Result<(), ToIbError> {
    if let Some(conditions) = &said.conditions {
        conditions_to_ib(conditions, around, order)?;
    }
    if let Some(algo) = &said.algo {
        (order.algo_strategy, order.algo_params) = algo_to_ib(algo);
    }
    order.algo_id = text_out(said.algo_id.as_ref());
    order.model_code = text_out(said.model.as_ref());
    order.auto_cancel_parent = said.cancels_parent;
    order.deactivate = said.deactivated;
    handling::to_ib(&said.handling, order)?;
    timing::to_ib(&said.timing, around, order)?;
    routing::to_ib(&said.routing, order)?;
    combo::to_ib(&said.combo, order)?;
    scale::to_ib(said.scale.as_ref(), order)?;
    hedge::to_ib(said.hedge.as_ref(), order)?;
    delta_neutral::to_ib(said.delta_neutral.as_ref(), order)?;
    adjustment::to_ib(said.adjustment.as_ref(), order)?;
    allocation::to_ib(said.allocation.as_ref(), order);
    clearing::to_ib(&said.clearing, order)?;
    compliance::to_ib(&said.compliance, order);
    rest::to_ib(said, around, order)
}

/// Reads everything that the attributes hold.
pub(super) fn attributes_from_ib(
    received: &IbOrder,
    around: &Surroundings<'_>,
) -> Result<OrderAttributes, FromIbError> {
    let order = &received.order;
    let worked = !order.algo_strategy.is_empty();
    let algo =
        worked.then(|| algo_from_ib(&order.algo_strategy, &order.algo_params, around.route)).transpose()?;
    Ok(OrderAttributes {
        conditions: conditions_from_ib(order, around)?,
        handling: handling::from_ib(order)?,
        timing: timing::from_ib(order, around)?,
        routing: routing::from_ib(order, received.unsent)?,
        combo: combo::from_ib(order)?,
        algo,
        algo_id: text_in("algoId", &order.algo_id)?,
        scale: scale::from_ib(order)?,
        hedge: hedge::from_ib(order)?,
        delta_neutral: delta_neutral::from_ib(order)?,
        adjustment: adjustment::from_ib(order)?,
        allocation: allocation::from_ib(order)?,
        model: text_in("modelCode", &order.model_code)?,
        clearing: clearing::from_ib(order)?,
        compliance: compliance::from_ib(order, around)?,
        presets: rest::presets_from_ib(order, around)?,
        what_if: rest::what_if_from_ib(order)?,
        physical: rest::physical_from_ib(order)?,
        cancels_parent: order.auto_cancel_parent,
        deactivated: order.deactivate,
    })
}
