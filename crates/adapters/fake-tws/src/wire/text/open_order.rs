//! The answer that shows an order as it stands.

use super::conditions::conditions;
use super::contract::{delta_neutral, told};
use super::cursor::{Cursor, Layout, TextError};
use super::order;
use super::order_state::state;
use super::shared::{lay, part};
use crate::wire::proto::{Contract, OpenOrder, Order};

/// What came with which version.
mod since {
    pub(super) const DURATION: i32 = 158;
    pub(super) const POST_TO_ATS: i32 = 160;
    pub(super) const AUTO_CANCEL_PARENT: i32 = 162;
    pub(super) const PEG_OFFSETS: i32 = 170;
    pub(super) const BOND_INTEREST: i32 = 185;
    pub(super) const INCLUDE_OVERNIGHT: i32 = 189;
    pub(super) const OPERATOR: i32 = 193;
    pub(super) const SUBMITTER: i32 = 198;
    pub(super) const IMBALANCE_ONLY: i32 = 199;
}

impl Layout for OpenOrder {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        cursor.int_or_zero(&mut self.order_id)?;
        told(cursor, &mut self.contract)?;
        let contract = self.contract.get_or_insert_default();
        let order = self.order.get_or_insert_default();
        order::terms(cursor, order)?;
        restrictions(cursor, order)?;
        volatility(cursor, order)?;
        // Basis points and their kind: no client sends them any more.
        cursor.fixed("")?;
        cursor.fixed("")?;
        cursor.text(&mut contract.combo_legs_descrip)?;
        order::combo(cursor, contract, order)?;
        order::scale(cursor, order)?;
        routing(cursor, contract, order)?;
        cursor.flag(&mut order.what_if)?;
        state(cursor, self.order_state.get_or_insert_default())?;
        lay!(cursor, order: flag randomize_size, flag randomize_price);
        order::peg_benchmark(cursor, order)?;
        conditions(cursor, order)?;
        adjustments(cursor, order)?;
        newer(cursor, order)
    }
}

fn restrictions<C: Cursor>(cursor: &mut C, order: &mut Order) -> Result<(), TextError> {
    lay!(cursor, order:
        int_or_zero client_id, long_or_zero perm_id, flag outside_rth, flag hidden, double_or_zero discretionary_amt,
        text good_after_time);
    // Shares for each account: obsolete.
    cursor.fixed("")?;
    order::adviser(cursor, order)?;
    lay!(cursor, order: text model_code, text good_till_date, text rule80_a, double percent_offset, text settling_firm);
    order::short_sale(cursor, order)?;
    cursor.int_or_zero(&mut order.auction_strategy)?;
    order::auction_prices(cursor, order)?;
    lay!(cursor, order:
        int_or_max display_size, flag block_order, flag sweep_to_fill, flag all_or_none, int min_qty,
        int_or_zero oca_type);
    lay!(cursor, order:
        flag e_trade_only, flag firm_quote_only, double nbbo_price_cap, int_or_zero parent_id,
        int_or_zero trigger_method);
    Ok(())
}

fn volatility<C: Cursor>(cursor: &mut C, order: &mut Order) -> Result<(), TextError> {
    lay!(cursor, order: double volatility, int_or_zero volatility_type);
    order::name_no_kind(cursor, &mut order.delta_neutral_order_type);
    order::delta_neutral_order(cursor, order)?;
    lay!(cursor, order:
        flag continuous_update, int_or_zero reference_price_type, double trail_stop_price, double trailing_percent);
    Ok(())
}

fn routing<C: Cursor>(cursor: &mut C, contract: &mut Contract, order: &mut Order) -> Result<(), TextError> {
    order::hedge(cursor, order)?;
    lay!(cursor, order: flag opt_out_smart_routing, text clearing_account, text clearing_intent, flag not_held);
    delta_neutral(cursor, &mut contract.delta_neutral_contract)?;
    order::algo(cursor, order)?;
    cursor.flag(&mut order.solicited)
}

fn adjustments<C: Cursor>(cursor: &mut C, order: &mut Order) -> Result<(), TextError> {
    order::name_no_kind(cursor, &mut order.adjusted_order_type);
    lay!(cursor, order:
        text adjusted_order_type, double_or_max trigger_price, double_or_max trail_stop_price,
        double_or_max lmt_price_offset, double_or_max adjusted_stop_price, double_or_max adjusted_stop_limit_price,
        double_or_max adjusted_trailing_amount, int_or_zero adjustable_trailing_unit);
    part(&mut order.soft_dollar_tier, |tier| order::tier(cursor, tier, true))?;
    lay!(cursor, order:
        double cash_qty, flag dont_use_auto_price_for_hedge, flag is_oms_container,
        flag discretionary_up_to_limit_price, int_or_zero use_price_mgmt_algo);
    Ok(())
}

fn newer<C: Cursor>(cursor: &mut C, order: &mut Order) -> Result<(), TextError> {
    if cursor.since(since::DURATION) {
        cursor.int(&mut order.duration)?;
    }
    if cursor.since(since::POST_TO_ATS) {
        cursor.int(&mut order.post_to_ats)?;
    }
    if cursor.since(since::AUTO_CANCEL_PARENT) {
        cursor.flag(&mut order.auto_cancel_parent)?;
    }
    if cursor.since(since::PEG_OFFSETS) {
        order::peg_offsets(cursor, order)?;
    }
    order::customer(cursor, order)?;
    if cursor.since(since::BOND_INTEREST) {
        cursor.text(&mut order.bond_accrued_interest)?;
    }
    if cursor.since(since::INCLUDE_OVERNIGHT) {
        cursor.flag(&mut order.include_overnight)?;
    }
    if cursor.since(since::OPERATOR) {
        lay!(cursor, order: text ext_operator, int manual_order_indicator);
    }
    if cursor.since(since::SUBMITTER) {
        cursor.text(&mut order.submitter)?;
    }
    if cursor.since(since::IMBALANCE_ONLY) {
        cursor.flag(&mut order.imbalance_only)?;
    }
    Ok(())
}
