//! How an order shows itself, when it is alive, where it goes, and whether it is worked in steps.

use crate::translate::order::conditions::{trigger_in, trigger_out};
use crate::translate::order::field::{
    Read, count, count_out, flag, float, nonzero, nonzero_count, number, refused, tag_out, text, text_out,
};
use crate::translate::order::time::{moment_opt, moment_out};
use crate::wire::proto::{Order, TagValue};
use tradeport_orders::{Handling, MiscOption, Routing, Scale, ScaleDrift, Text, Timing};

pub(super) fn handling_in(order: &Order) -> Read<Handling> {
    Ok(Handling {
        discretionary_amount: nonzero("discretionaryAmt", order.discretionary_amt)?,
        display_size: nonzero_count("displaySize", order.display_size)?,
        hidden: order.hidden.unwrap_or_default(),
        all_or_none: order.all_or_none.unwrap_or_default(),
        min_quantity: nonzero_count("minQty", order.min_qty)?,
        sweep_to_fill: order.sweep_to_fill.unwrap_or_default(),
        block: order.block_order.unwrap_or_default(),
        not_held: order.not_held.unwrap_or_default(),
        post_only: order.post_only.unwrap_or_default(),
        randomize_size: order.randomize_size.unwrap_or_default(),
        randomize_price: order.randomize_price.unwrap_or_default(),
        min_trade_quantity: nonzero_count("minTradeQty", order.min_trade_qty)?,
        min_compete_size: nonzero_count("minCompeteSize", order.min_compete_size)?,
    })
}

pub(super) fn handling_out(it: &Handling, order: &mut Order) {
    order.discretionary_amt = it.discretionary_amount.map(float);
    order.display_size = it.display_size.map(count_out);
    order.hidden = flag(it.hidden);
    order.all_or_none = flag(it.all_or_none);
    order.min_qty = it.min_quantity.map(count_out);
    order.sweep_to_fill = flag(it.sweep_to_fill);
    order.block_order = flag(it.block);
    order.not_held = flag(it.not_held);
    order.post_only = flag(it.post_only);
    order.randomize_size = flag(it.randomize_size);
    order.randomize_price = flag(it.randomize_price);
    order.min_trade_qty = it.min_trade_quantity.map(count_out);
    order.min_compete_size = it.min_compete_size.map(count_out);
}

pub(super) fn timing_in(order: &Order) -> Read<Timing> {
    Ok(Timing {
        good_after: moment_opt("goodAfterTime", order.good_after_time.as_ref())?,
        active_from: moment_opt("activeStartTime", order.active_start_time.as_ref())?,
        active_until: moment_opt("activeStopTime", order.active_stop_time.as_ref())?,
        duration_seconds: nonzero_count("duration", order.duration)?,
        auto_cancel: moment_opt("autoCancelDate", order.auto_cancel_date.as_ref())?,
        overnight: order.include_overnight.unwrap_or_default(),
        pre_open: order.allow_pre_open.unwrap_or_default(),
        skip_open_auction: order.ignore_open_auction.unwrap_or_default(),
        trigger_method: trigger_in("triggerMethod", order.trigger_method)?,
    })
}

pub(super) fn timing_out(it: &Timing, order: &mut Order) {
    order.good_after_time = it.good_after.map(moment_out);
    order.active_start_time = it.active_from.map(moment_out);
    order.active_stop_time = it.active_until.map(moment_out);
    order.auto_cancel_date = it.auto_cancel.map(moment_out);
    order.duration = it.duration_seconds.map(count_out);
    order.include_overnight = flag(it.overnight);
    order.allow_pre_open = flag(it.pre_open);
    order.ignore_open_auction = flag(it.skip_open_auction);
    order.trigger_method = it.trigger_method.map(|method| trigger_out(Some(method)));
}

pub(super) fn routing_in(order: &Order) -> Read<Routing> {
    let field = "orderMiscOptions";
    if order.order_misc_options.len() > Routing::MAX_MISC {
        return Err(refused(field, order.order_misc_options.len(), "more than 100"));
    }
    let words = |text: Option<&String>| {
        let text = text.map_or("", String::as_str);
        Text::new(text).map_err(|error| refused(field, text, error))
    };
    let option =
        |tag: &TagValue| Ok(MiscOption { tag: words(tag.key.as_ref())?, value: words(tag.value.as_ref())? });
    Ok(Routing {
        opt_out_smart_routing: order.opt_out_smart_routing.unwrap_or_default(),
        marketable_to_best: switch("routeMarketableToBbo", order.route_marketable_to_bbo)?,
        seek_price_improvement: switch("seekPriceImprovement", order.seek_price_improvement)?,
        price_management: switch("usePriceMgmtAlgo", order.use_price_mgmt_algo)?,
        own_book_seconds: nonzero_count("postToAts", order.post_to_ats)?,
        auction: None,
        imbalance_only: order.imbalance_only.unwrap_or_default(),
        misc: order.order_misc_options.iter().map(option).collect::<Read<_>>()?,
    })
}

fn switch(field: &'static str, number: Option<i32>) -> Read<Option<bool>> {
    match number {
        None | Some(i32::MAX) => Ok(None),
        Some(0) => Ok(Some(false)),
        Some(1) => Ok(Some(true)),
        Some(other) => Err(refused(field, other, "neither off (0) nor on (1)")),
    }
}

pub(super) fn routing_out(it: &Routing, order: &mut Order) {
    order.opt_out_smart_routing = flag(it.opt_out_smart_routing);
    order.route_marketable_to_bbo = it.marketable_to_best.map(i32::from);
    order.seek_price_improvement = it.seek_price_improvement.map(i32::from);
    order.use_price_mgmt_algo = it.price_management.map(i32::from);
    order.post_to_ats = it.own_book_seconds.map(count_out);
    order.imbalance_only = flag(it.imbalance_only);
    let tag = |option: &MiscOption| tag_out(option.tag.as_str(), option.value.as_str());
    order.order_misc_options = it.misc.iter().map(tag).collect();
}

pub(super) fn scale_in(order: &Order) -> Read<Option<Scale>> {
    let amount = number("scalePriceAdjustValue", order.scale_price_adjust_value)?;
    let interval = nonzero_count("scalePriceAdjustInterval", order.scale_price_adjust_interval)?;
    let drift = match (amount, interval) {
        (Some(amount), Some(interval_seconds)) => Some(ScaleDrift { amount, interval_seconds }),
        (Some(amount), None) if !amount.is_zero() => {
            return Err(refused("scalePriceAdjustInterval", "not set", "a price adjustment needs it"));
        }
        (None, Some(interval)) => {
            return Err(refused("scalePriceAdjustValue", interval, "a price adjustment needs it"));
        }
        _ => None,
    };
    let scale = Scale {
        first_size: nonzero_count("scaleInitLevelSize", order.scale_init_level_size)?,
        next_size: nonzero_count("scaleSubsLevelSize", order.scale_subs_level_size)?,
        increment: nonzero("scalePriceIncrement", order.scale_price_increment)?,
        drift,
        profit_offset: nonzero("scaleProfitOffset", order.scale_profit_offset)?,
        auto_reset: order.scale_auto_reset.unwrap_or_default(),
        random_sizes: order.scale_random_percent.unwrap_or_default(),
        first_position: order.scale_init_position.filter(|position| *position != i32::MAX),
        first_fill: count("scaleInitFillQty", order.scale_init_fill_qty)?,
        table: text("scaleTable", order.scale_table.as_ref())?,
    };
    // Zeros beside nothing else are how some clients say that there is no scale.
    let bare = Scale { first_position: None, first_fill: None, ..scale.clone() } == Scale::default();
    let silent = bare && scale.first_position.unwrap_or(0) == 0 && scale.first_fill.unwrap_or(0) == 0;
    Ok((!silent).then_some(scale))
}

pub(super) fn scale_out(it: &Scale, order: &mut Order) {
    order.scale_init_level_size = it.first_size.map(count_out);
    order.scale_subs_level_size = it.next_size.map(count_out);
    order.scale_price_increment = it.increment.map(float);
    order.scale_price_adjust_value = it.drift.map(|drift| float(drift.amount));
    order.scale_price_adjust_interval = it.drift.map(|drift| count_out(drift.interval_seconds));
    order.scale_profit_offset = it.profit_offset.map(float);
    order.scale_auto_reset = flag(it.auto_reset);
    order.scale_random_percent = flag(it.random_sizes);
    order.scale_init_position = it.first_position;
    order.scale_init_fill_qty = it.first_fill.map(count_out);
    order.scale_table = text_out(it.table.as_ref());
}
