//! Orders worked in steps.

use crate::translate::order::field::{
    UNSET_COUNT, count_in, count_out, count_out_opt, nonzero_count_in, nonzero_in, number_in, number_out,
    number_out_opt, refused, text_in, text_out,
};
use crate::translate::{FromIbError, ToIbError};
use ibapi::orders::Order;
use tradeport_orders::{Scale, ScaleDrift};

pub(super) fn to_ib(scale: Option<&Scale>, order: &mut Order) -> Result<(), ToIbError> {
    let Some(scale) = scale else { return Ok(()) };
    order.scale_init_level_size = count_out_opt("first size", scale.first_size)?;
    order.scale_subs_level_size = count_out_opt("next size", scale.next_size)?;
    order.scale_price_increment = number_out_opt("increment", scale.increment)?;
    if let Some(drift) = scale.drift {
        order.scale_price_adjust_value = Some(number_out("drift", drift.amount)?);
        order.scale_price_adjust_interval = Some(count_out("drift interval", drift.interval_seconds)?);
    }
    order.scale_profit_offset = number_out_opt("profit offset", scale.profit_offset)?;
    order.scale_auto_reset = scale.auto_reset;
    order.scale_random_percent = scale.random_sizes;
    if scale.first_position == Some(UNSET_COUNT) {
        return Err(ToIbError::new("first position", UNSET_COUNT, "the library takes this number for none"));
    }
    order.scale_init_position = scale.first_position;
    order.scale_init_fill_qty = count_out_opt("first fill", scale.first_fill)?;
    order.scale_table = text_out(scale.table.as_ref());
    Ok(())
}

pub(super) fn from_ib(order: &Order) -> Result<Option<Scale>, FromIbError> {
    let amount = number_in("scalePriceAdjustValue", order.scale_price_adjust_value)?;
    let interval = nonzero_count_in("scalePriceAdjustInterval", order.scale_price_adjust_interval)?;
    let drift = match (amount, interval) {
        (Some(amount), Some(interval_seconds)) => Some(ScaleDrift { amount, interval_seconds }),
        (Some(amount), None) if !amount.is_zero() => {
            let value = order.scale_price_adjust_interval;
            return Err(refused("scalePriceAdjustInterval", value, "a price adjustment needs it"));
        }
        (None, Some(_)) => {
            let value = order.scale_price_adjust_value;
            return Err(refused("scalePriceAdjustValue", value, "a price adjustment needs it"));
        }
        _ => None,
    };
    let scale = Scale {
        first_size: nonzero_count_in("scaleInitLevelSize", order.scale_init_level_size)?,
        next_size: nonzero_count_in("scaleSubsLevelSize", order.scale_subs_level_size)?,
        increment: nonzero_in("scalePriceIncrement", order.scale_price_increment)?,
        drift,
        profit_offset: nonzero_in("scaleProfitOffset", order.scale_profit_offset)?,
        auto_reset: order.scale_auto_reset,
        random_sizes: order.scale_random_percent,
        first_position: order.scale_init_position.filter(|position| *position != UNSET_COUNT),
        first_fill: count_in("scaleInitFillQty", order.scale_init_fill_qty)?,
        table: text_in("scaleTable", &order.scale_table)?,
    };
    // Zeros beside nothing else are how the broker reports that there is no scale.
    let silent = Scale { first_position: None, first_fill: None, ..scale.clone() } == Scale::default()
        && scale.first_position.unwrap_or(0) == 0
        && scale.first_fill.unwrap_or(0) == 0;
    Ok((!silent).then_some(scale))
}
