//! Preset children, questions, exchanges for physical.

use crate::translate::order::Surroundings;
use crate::translate::order::field::{
    contract_in_opt, contract_out, count_out, nonzero_count_in, nonzero_in, number_out, refused,
};
use crate::translate::{FromIbError, ToIbError};
use ibapi::orders::{Order, WhatIfType};
use tradeport_kernel::OrderKey;
use tradeport_orders::{OrderAttributes, PhysicalExchange, PresetChildren, WhatIf};

pub(super) fn to_ib(
    said: &OrderAttributes,
    around: &Surroundings<'_>,
    order: &mut Order,
) -> Result<(), ToIbError> {
    let number = |key: &Option<OrderKey>| match key {
        None => Ok(None),
        Some(key) => match around.numbers.number(key) {
            Some(number) => Ok(Some(number)),
            None => Err(ToIbError::new("preset child", key, "it has no number in this connection")),
        },
    };
    order.preset_stop_loss_order_id = number(&said.presets.stop_loss)?;
    order.preset_profit_taker_order_id = number(&said.presets.profit_taker)?;
    order.what_if = said.what_if.is_some();
    order.what_if_type = match said.what_if {
        None | Some(WhatIf::Default) => None,
        Some(WhatIf::WholeOrder) => Some(WhatIfType::FullOrderCheck),
        Some(WhatIf::MarginOnly) => Some(WhatIfType::MarginRequirements),
    };
    if let Some(physical) = &said.physical {
        if let Some(points) = physical.basis_points {
            order.basis_points = Some(number_out("basis points", points)?);
        }
        if let Some(kind) = physical.basis_points_type {
            order.basis_points_type = Some(count_out("basis points type", kind)?);
        }
        if let Some(future) = physical.future {
            order.ref_futures_con_id = Some(contract_out("reference future", future)?);
        }
    }
    Ok(())
}

pub(super) fn presets_from_ib(
    order: &Order,
    around: &Surroundings<'_>,
) -> Result<PresetChildren, FromIbError> {
    let key = |field: &'static str, number: Option<i32>| {
        let Some(number) = number.filter(|number| *number != i32::MAX && *number != 0) else {
            return Ok(None);
        };
        let known = around.numbers.key(number).cloned();
        known.map(Some).ok_or_else(|| refused(field, number, "no order of ours has this number"))
    };
    Ok(PresetChildren {
        stop_loss: key("slOrderId", order.preset_stop_loss_order_id)?,
        profit_taker: key("ptOrderId", order.preset_profit_taker_order_id)?,
    })
}

pub(super) fn what_if_from_ib(order: &Order) -> Result<Option<WhatIf>, FromIbError> {
    match (order.what_if, order.what_if_type) {
        (false, None | Some(WhatIfType::Unknown(i32::MAX))) => Ok(None),
        (true, None | Some(WhatIfType::Unknown(i32::MAX))) => Ok(Some(WhatIf::Default)),
        (true, Some(WhatIfType::FullOrderCheck)) => Ok(Some(WhatIf::WholeOrder)),
        (true, Some(WhatIfType::MarginRequirements)) => Ok(Some(WhatIf::MarginOnly)),
        (true, Some(WhatIfType::Unknown(code))) => {
            Err(refused("whatIfType", code, "neither the whole order (0) nor the margin (1)"))
        }
        (false, Some(kind)) => Err(refused("whatIfType", i32::from(kind), "the order is no what-if")),
    }
}

pub(super) fn physical_from_ib(order: &Order) -> Result<Option<PhysicalExchange>, FromIbError> {
    let physical = PhysicalExchange {
        basis_points: nonzero_in("basisPoints", order.basis_points)?,
        basis_points_type: nonzero_count_in("basisPointsType", order.basis_points_type)?,
        future: contract_in_opt("refFuturesConId", order.ref_futures_con_id.unwrap_or(0))?,
    };
    let said =
        physical.basis_points.is_some() || physical.basis_points_type.is_some() || physical.future.is_some();
    Ok(said.then_some(physical))
}
