//! The parts of an order that the request and both answers about orders share.

use super::contract::{leg_prices, legs};
use super::cursor::{Cursor, TextError};
use super::shared::{lay, pairs};
use crate::wire::proto::{Contract, Order, SoftDollarTier};

/// Order types with fields of their own; each has two spellings.
pub(super) const PEG_BENCHMARK: [&str; 2] = ["PEG BENCH", "PEGBENCH"];
/// Pegged to the best, in its two spellings.
pub(super) const PEG_BEST: [&str; 2] = ["PEG BEST", "PEGBEST"];
/// Pegged to the middle, in its two spellings.
pub(super) const PEG_MIDDLE: [&str; 2] = ["PEG MID", "PEGMID"];

/// Is the order of a type?
pub(super) fn is(order: &Order, spellings: [&str; 2]) -> bool {
    order.order_type.as_deref().is_some_and(|it| spellings.contains(&it))
}

/// Is a field of text set to something?
pub(super) fn filled(field: Option<&String>) -> bool {
    field.is_some_and(|text| !text.is_empty())
}

/// What is bought or sold, at what price.
pub(super) fn terms<C: Cursor>(cursor: &mut C, order: &mut Order) -> Result<(), TextError> {
    lay!(cursor, order:
        text action, size total_quantity, text order_type, double lmt_price, double aux_price, text tif, text oca_group,
        text account, text open_close, int_or_zero origin, text order_ref);
    Ok(())
}

/// A combination's legs, their prices, and how they are routed.
pub(super) fn combo<C: Cursor>(
    cursor: &mut C,
    contract: &mut Contract,
    order: &mut Order,
) -> Result<(), TextError> {
    legs(cursor, &mut contract.combo_legs)?;
    leg_prices(cursor, &mut contract.combo_legs)?;
    pairs(cursor, &mut order.smart_combo_routing_params)
}

/// What TWS writes for the kind of an order that is not there. What follows a kind follows this text, too.
const NO_KIND: &str = "None";

/// Writes a kind that is not there as TWS does. It may be left empty all the same, and is read as it came.
pub(super) fn name_no_kind<C: Cursor>(cursor: &C, kind: &mut Option<String>) {
    if !cursor.reads() && !filled(kind.as_ref()) {
        *kind = Some(NO_KIND.to_owned());
    }
}

/// The order that makes a volatility order neutral, in full.
pub(super) fn delta_neutral_order<C: Cursor>(cursor: &mut C, order: &mut Order) -> Result<(), TextError> {
    lay!(cursor, order: text delta_neutral_order_type, double delta_neutral_aux_price);
    if filled(order.delta_neutral_order_type.as_ref()) {
        lay!(cursor, order:
            int_or_zero delta_neutral_con_id, text delta_neutral_settling_firm, text delta_neutral_clearing_account,
            text delta_neutral_clearing_intent, text delta_neutral_open_close, flag delta_neutral_short_sale,
            int_or_zero delta_neutral_short_sale_slot, text delta_neutral_designated_location);
    }
    Ok(())
}

/// Sizes in which a scale order goes out, and seven fields more if it is one.
pub(super) fn scale<C: Cursor>(cursor: &mut C, order: &mut Order) -> Result<(), TextError> {
    // Official clients show an empty size as zero: the number for unset is what they know.
    if cursor.reads() || order.scale_init_level_size.is_some() || order.scale_subs_level_size.is_some() {
        lay!(cursor, order: int scale_init_level_size, int scale_subs_level_size);
    } else {
        lay!(cursor, order: int_or_max scale_init_level_size, int_or_max scale_subs_level_size);
    }
    cursor.double(&mut order.scale_price_increment)?;
    if order.scale_price_increment.is_some_and(|it| it > 0.0 && it < f64::MAX) {
        lay!(cursor, order:
            double scale_price_adjust_value, int scale_price_adjust_interval, double scale_profit_offset,
            flag scale_auto_reset, int scale_init_position, int scale_init_fill_qty, flag scale_random_percent);
    }
    Ok(())
}

/// What the order hedges, if it does.
pub(super) fn hedge<C: Cursor>(cursor: &mut C, order: &mut Order) -> Result<(), TextError> {
    cursor.text(&mut order.hedge_type)?;
    if filled(order.hedge_type.as_ref()) {
        cursor.text(&mut order.hedge_param)?;
    }
    Ok(())
}

/// The algo that works the order, if one does.
pub(super) fn algo<C: Cursor>(cursor: &mut C, order: &mut Order) -> Result<(), TextError> {
    cursor.text(&mut order.algo_strategy)?;
    if filled(order.algo_strategy.as_ref()) {
        pairs(cursor, &mut order.algo_params)?;
    }
    Ok(())
}

/// The contract and the steps of an order pegged to a benchmark; nothing for any other.
pub(super) fn peg_benchmark<C: Cursor>(cursor: &mut C, order: &mut Order) -> Result<(), TextError> {
    if is(order, PEG_BENCHMARK) {
        lay!(cursor, order:
            int_or_zero reference_contract_id, flag is_pegged_change_amount_decrease, double pegged_change_amount,
            double reference_change_amount, text reference_exchange_id);
    }
    Ok(())
}

/// The five fields of orders pegged to the best or the middle, which answers have for all orders.
pub(super) fn peg_offsets<C: Cursor>(cursor: &mut C, order: &mut Order) -> Result<(), TextError> {
    lay!(cursor, order:
        int min_trade_qty, int min_compete_size, double compete_against_best_offset, double mid_offset_at_whole,
        double mid_offset_at_half);
    Ok(())
}

/// Where shares that are sold short come from.
pub(super) fn short_sale<C: Cursor>(cursor: &mut C, order: &mut Order) -> Result<(), TextError> {
    lay!(cursor, order: int_or_zero short_sale_slot, text designated_location);
    cursor.int_or(&mut order.exempt_code, -1)
}

/// The prices of an order on an exchange that auctions, and the range of one pegged to a stock.
pub(super) fn auction_prices<C: Cursor>(cursor: &mut C, order: &mut Order) -> Result<(), TextError> {
    lay!(cursor, order:
        double starting_price, double stock_ref_price, double delta, double stock_range_lower, double stock_range_upper);
    Ok(())
}

/// Whose soft dollars pay: its name and value, and how it is shown where the layout has that.
pub(super) fn tier<C: Cursor>(
    cursor: &mut C,
    tier: &mut SoftDollarTier,
    shown: bool,
) -> Result<(), TextError> {
    lay!(cursor, tier: text name, text value);
    if shown { cursor.text(&mut tier.display_name) } else { Ok(()) }
}

/// For whom the order is placed.
pub(super) fn customer<C: Cursor>(cursor: &mut C, order: &mut Order) -> Result<(), TextError> {
    const CUSTOMER_ACCOUNT: i32 = 183;
    const PROFESSIONAL_CUSTOMER: i32 = 184;
    if cursor.since(CUSTOMER_ACCOUNT) {
        cursor.text(&mut order.customer_account)?;
    }
    if cursor.since(PROFESSIONAL_CUSTOMER) {
        cursor.flag(&mut order.professional_customer)?;
    }
    Ok(())
}

/// Accounts of an adviser that share the order.
pub(super) fn adviser<C: Cursor>(cursor: &mut C, order: &mut Order) -> Result<(), TextError> {
    const NO_PROFILES: i32 = 177;
    lay!(cursor, order: text fa_group, text fa_method, text fa_percentage);
    if cursor.since(NO_PROFILES) { Ok(()) } else { cursor.fixed("") }
}
