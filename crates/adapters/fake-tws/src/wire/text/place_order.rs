//! The request to place or change an order.

use super::conditions::conditions;
use super::contract::{COMBO, asked, delta_neutral};
use super::cursor::{Cursor, Layout, TextError};
use super::order::{self, PEG_BEST, PEG_MIDDLE, is};
use super::shared::{lay, part, tags};
use crate::wire::proto::{Contract, Order, PlaceOrderRequest};

/// The exchange on which an order may have a least quantity of a trade.
const IB_ATS: &str = "IBKRATS";

/// What came with which version.
mod since {
    pub(super) const DURATION: i32 = 158;
    pub(super) const POST_TO_ATS: i32 = 160;
    pub(super) const AUTO_CANCEL_PARENT: i32 = 162;
    pub(super) const ERROR_OVERRIDE: i32 = 166;
    pub(super) const MANUAL_TIME: i32 = 169;
    pub(super) const PEG_OFFSETS: i32 = 170;
    pub(super) const QUOTE_REQUEST: i32 = 187;
    pub(super) const INCLUDE_OVERNIGHT: i32 = 189;
    pub(super) const NO_QUOTE_REQUEST: i32 = 190;
    pub(super) const MANUAL_INDICATOR: i32 = 192;
    pub(super) const IMBALANCE_ONLY: i32 = 199;
}

impl Layout for PlaceOrderRequest {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        cursor.int_or_zero(&mut self.order_id)?;
        asked(cursor, &mut self.contract)?;
        let contract = self.contract.get_or_insert_default();
        let order = self.order.get_or_insert_default();
        lay!(cursor, contract: text sec_id_type, text sec_id);
        order::terms(cursor, order)?;
        lay!(cursor, order:
            flag transmit, int_or_zero parent_id, flag block_order, flag sweep_to_fill, int display_size,
            int_or_zero trigger_method, flag outside_rth, flag hidden);
        if contract.sec_type.as_deref() == Some(COMBO) {
            order::combo(cursor, contract, order)?;
        }
        restrictions(cursor, order)?;
        volatility(cursor, order)?;
        routing(cursor, contract, order)?;
        conditions(cursor, order)?;
        adjustments(cursor, order)?;
        regulation(cursor, order)?;
        newer(cursor, contract, order)
    }
}

fn restrictions<C: Cursor>(cursor: &mut C, order: &mut Order) -> Result<(), TextError> {
    // Shares for each account, which nobody sends any more.
    cursor.fixed("")?;
    lay!(cursor, order: double_or_zero discretionary_amt, text good_after_time, text good_till_date);
    order::adviser(cursor, order)?;
    cursor.text(&mut order.model_code)?;
    order::short_sale(cursor, order)?;
    lay!(cursor, order:
        int_or_zero oca_type, text rule80_a, text settling_firm, flag all_or_none, int min_qty, double percent_offset);
    lay!(cursor, order:
        flag e_trade_only, flag firm_quote_only, double nbbo_price_cap, int_or_zero auction_strategy);
    order::auction_prices(cursor, order)?;
    cursor.flag(&mut order.override_percentage_constraints)
}

fn volatility<C: Cursor>(cursor: &mut C, order: &mut Order) -> Result<(), TextError> {
    lay!(cursor, order: double volatility, int volatility_type);
    order::delta_neutral_order(cursor, order)?;
    lay!(cursor, order:
        flag continuous_update, int reference_price_type, double trail_stop_price, double trailing_percent);
    order::scale(cursor, order)?;
    lay!(cursor, order: text scale_table, text active_start_time, text active_stop_time);
    order::hedge(cursor, order)
}

fn routing<C: Cursor>(cursor: &mut C, contract: &mut Contract, order: &mut Order) -> Result<(), TextError> {
    lay!(cursor, order: flag opt_out_smart_routing, text clearing_account, text clearing_intent, flag not_held);
    delta_neutral(cursor, &mut contract.delta_neutral_contract)?;
    order::algo(cursor, order)?;
    lay!(cursor, order: text algo_id, flag what_if);
    tags(cursor, &mut order.order_misc_options)?;
    lay!(cursor, order: flag solicited, flag randomize_size, flag randomize_price);
    order::peg_benchmark(cursor, order)
}

fn adjustments<C: Cursor>(cursor: &mut C, order: &mut Order) -> Result<(), TextError> {
    lay!(cursor, order:
        text adjusted_order_type, double_or_max trigger_price, double_or_max lmt_price_offset,
        double_or_max adjusted_stop_price, double_or_max adjusted_stop_limit_price,
        double_or_max adjusted_trailing_amount, int_or_zero adjustable_trailing_unit);
    Ok(())
}

fn regulation<C: Cursor>(cursor: &mut C, order: &mut Order) -> Result<(), TextError> {
    cursor.text(&mut order.ext_operator)?;
    part(&mut order.soft_dollar_tier, |tier| order::tier(cursor, tier, false))?;
    lay!(cursor, order:
        double_or_max cash_qty, text mifid2_decision_maker, text mifid2_decision_algo, text mifid2_execution_trader,
        text mifid2_execution_algo, flag dont_use_auto_price_for_hedge, flag is_oms_container,
        flag discretionary_up_to_limit_price, int use_price_mgmt_algo);
    Ok(())
}

fn newer<C: Cursor>(cursor: &mut C, contract: &Contract, order: &mut Order) -> Result<(), TextError> {
    if cursor.since(since::DURATION) {
        cursor.int_or_max(&mut order.duration)?;
    }
    if cursor.since(since::POST_TO_ATS) {
        cursor.int_or_max(&mut order.post_to_ats)?;
    }
    if cursor.since(since::AUTO_CANCEL_PARENT) {
        cursor.flag(&mut order.auto_cancel_parent)?;
    }
    if cursor.since(since::ERROR_OVERRIDE) {
        cursor.text(&mut order.advanced_error_override)?;
    }
    if cursor.since(since::MANUAL_TIME) {
        cursor.text(&mut order.manual_order_time)?;
    }
    if cursor.since(since::PEG_OFFSETS) {
        pegs(cursor, contract, order)?;
    }
    order::customer(cursor, order)?;
    if cursor.since(since::QUOTE_REQUEST) && !cursor.since(since::NO_QUOTE_REQUEST) {
        cursor.fixed("")?;
        cursor.fixed("2147483647")?;
    }
    if cursor.since(since::INCLUDE_OVERNIGHT) {
        cursor.flag(&mut order.include_overnight)?;
    }
    if cursor.since(since::MANUAL_INDICATOR) {
        cursor.int_or_max(&mut order.manual_order_indicator)?;
    }
    if cursor.since(since::IMBALANCE_ONLY) {
        cursor.flag(&mut order.imbalance_only)?;
    }
    Ok(())
}

/// The offsets of pegged orders, as far as the order is one.
fn pegs<C: Cursor>(cursor: &mut C, contract: &Contract, order: &mut Order) -> Result<(), TextError> {
    if contract.exchange.as_deref() == Some(IB_ATS) {
        cursor.int(&mut order.min_trade_qty)?;
    }
    let mut has_offsets = is(order, PEG_MIDDLE);
    if is(order, PEG_BEST) {
        lay!(cursor, order: int min_compete_size, double compete_against_best_offset);
        has_offsets = order.compete_against_best_offset == Some(f64::INFINITY);
    }
    if has_offsets {
        lay!(cursor, order: double mid_offset_at_whole, double mid_offset_at_half);
    }
    Ok(())
}
