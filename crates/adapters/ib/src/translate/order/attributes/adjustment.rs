//! Stops that turn into other stops.

use crate::translate::kind_names::sent_name;
use crate::translate::order::field::{number_in, number_out, price_in, refused};
use crate::translate::{FromIbError, ToIbError};
use ibapi::orders::Order;
use tradeport_kernel::Price;
use tradeport_orders::{AdjustedStop, StopAdjustment, TrailBy};

/// The library's units of a trailing distance.
const AMOUNT: i32 = 0;
const PERCENT: i32 = 100;

pub(super) fn to_ib(adjustment: Option<&StopAdjustment>, order: &mut Order) -> Result<(), ToIbError> {
    let Some(adjustment) = adjustment else { return Ok(()) };
    let price = |price: Price| number_out("adjusted price", price.as_decimal()).map(Some);
    order.trigger_price = price(adjustment.trigger)?;
    let (name, stop, limit, by) = match adjustment.into {
        AdjustedStop::Stop { stop } => ("STP", stop, None, None),
        AdjustedStop::StopLimit { stop, limit } => ("STP LMT", stop, Some(limit), None),
        AdjustedStop::Trail { stop, by } => ("TRAIL", stop, None, Some(by)),
        AdjustedStop::TrailLimit { stop, limit, by } => ("TRAIL LIMIT", stop, Some(limit), Some(by)),
    };
    name.clone_into(&mut order.adjusted_order_type);
    order.adjusted_stop_price = price(stop)?;
    if let Some(limit) = limit {
        order.adjusted_stop_limit_price = price(limit)?;
    }
    if let Some(by) = by {
        let (distance, unit) = match by {
            TrailBy::Amount(amount) => (amount, AMOUNT),
            TrailBy::Percent(percent) => (percent, PERCENT),
        };
        order.adjusted_trailing_amount = Some(number_out("adjusted trail", distance)?);
        order.adjustable_trailing_unit = unit;
    }
    Ok(())
}

pub(super) fn from_ib(order: &Order) -> Result<Option<StopAdjustment>, FromIbError> {
    let name = sent_name(&order.adjusted_order_type);
    if name.is_empty() || name == "None" {
        return Ok(None);
    }
    let stop = needed("adjustedStopPrice", order.adjusted_stop_price, name)?;
    let limit = || needed("adjustedStopLimitPrice", order.adjusted_stop_limit_price, name);
    let into = match name {
        "STP" => AdjustedStop::Stop { stop },
        "STP LMT" => AdjustedStop::StopLimit { stop, limit: limit()? },
        "TRAIL" => AdjustedStop::Trail { stop, by: trail_by(order)? },
        "TRAIL LIMIT" => AdjustedStop::TrailLimit { stop, limit: limit()?, by: trail_by(order)? },
        other => return Err(refused("adjustedOrderType", other, "no stop that an order can be adjusted to")),
    };
    Ok(Some(StopAdjustment::once_at(needed("triggerPrice", order.trigger_price, name)?, into)))
}

fn needed(field: &'static str, float: Option<f64>, name: &str) -> Result<Price, FromIbError> {
    price_in(field, float)?.ok_or_else(|| refused(field, float, format!("an adjustment to {name} needs it")))
}

fn trail_by(order: &Order) -> Result<TrailBy, FromIbError> {
    let given = order.adjusted_trailing_amount;
    let distance = number_in("adjustedTrailingAmount", given)?
        .ok_or_else(|| refused("adjustedTrailingAmount", given, "an adjustment to a trail needs it"))?;
    match order.adjustable_trailing_unit {
        AMOUNT => Ok(TrailBy::Amount(distance)),
        PERCENT => Ok(TrailBy::Percent(distance)),
        other => {
            Err(refused("adjustableTrailingUnit", other, "neither an amount (0) nor a percentage (100)"))
        }
    }
}
