//! When an order is alive.

use crate::translate::order::Surroundings;
use crate::translate::order::conditions::{trigger_in, trigger_out};
use crate::translate::order::field::{count_out_opt, nonzero_count_in};
use crate::translate::order::time::{time_in_opt, time_out_opt};
use crate::translate::{FromIbError, ToIbError};
use ibapi::orders::Order;
use tradeport_orders::Timing;

pub(super) fn to_ib(timing: &Timing, around: &Surroundings<'_>, order: &mut Order) -> Result<(), ToIbError> {
    order.good_after_time = time_out_opt(timing.good_after, around.times);
    order.active_start_time = time_out_opt(timing.active_from, around.times);
    order.active_stop_time = time_out_opt(timing.active_until, around.times);
    order.auto_cancel_date = time_out_opt(timing.auto_cancel, around.times);
    order.duration = count_out_opt("duration", timing.duration_seconds)?;
    order.include_overnight = timing.overnight;
    order.allow_pre_open = timing.pre_open;
    order.ignore_open_auction = timing.skip_open_auction;
    order.trigger_method = trigger_out(timing.trigger_method);
    Ok(())
}

pub(super) fn from_ib(order: &Order, around: &Surroundings<'_>) -> Result<Timing, FromIbError> {
    Ok(Timing {
        good_after: time_in_opt("goodAfterTime", &order.good_after_time, around.times)?,
        active_from: time_in_opt("activeStartTime", &order.active_start_time, around.times)?,
        active_until: time_in_opt("activeStopTime", &order.active_stop_time, around.times)?,
        duration_seconds: nonzero_count_in("duration", order.duration)?,
        auto_cancel: time_in_opt("autoCancelDate", &order.auto_cancel_date, around.times)?,
        overnight: order.include_overnight,
        pre_open: order.allow_pre_open,
        skip_open_auction: order.ignore_open_auction,
        trigger_method: trigger_in("triggerMethod", order.trigger_method)?,
    })
}
