//! The answer that shows an order that is done.

use super::conditions::conditions;
use super::contract::{delta_neutral, told};
use super::cursor::{Cursor, Layout, TextError};
use super::order::{self, filled};
use super::shared::lay;
use crate::wire::proto::{CompletedOrder, Contract, Order, OrderState};

/// From here on pegged orders have offsets.
const PEG_OFFSETS: i32 = 170;
/// From here on it is told who submitted an order.
const SUBMITTER: i32 = 198;

impl Layout for CompletedOrder {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        told(cursor, &mut self.contract)?;
        let contract = self.contract.get_or_insert_default();
        let order = self.order.get_or_insert_default();
        let state = self.order_state.get_or_insert_default();
        order::terms(cursor, order)?;
        restrictions(cursor, order)?;
        volatility(cursor, order)?;
        cursor.text(&mut contract.combo_legs_descrip)?;
        order::combo(cursor, contract, order)?;
        order::scale(cursor, order)?;
        routing(cursor, contract, order)?;
        cursor.text(&mut state.status)?;
        lay!(cursor, order: flag randomize_size, flag randomize_price);
        order::peg_benchmark(cursor, order)?;
        conditions(cursor, order)?;
        outcome(cursor, order, state)
    }
}

fn restrictions<C: Cursor>(cursor: &mut C, order: &mut Order) -> Result<(), TextError> {
    lay!(cursor, order:
        long_or_zero perm_id, flag outside_rth, flag hidden, double_or_zero discretionary_amt, text good_after_time);
    order::adviser(cursor, order)?;
    lay!(cursor, order: text model_code, text good_till_date, text rule80_a, double percent_offset, text settling_firm);
    order::short_sale(cursor, order)?;
    order::auction_prices(cursor, order)?;
    lay!(cursor, order:
        int_or_max display_size, flag sweep_to_fill, flag all_or_none, int min_qty, int_or_zero oca_type,
        int_or_zero trigger_method);
    Ok(())
}

fn volatility<C: Cursor>(cursor: &mut C, order: &mut Order) -> Result<(), TextError> {
    order::name_no_kind(cursor, &mut order.delta_neutral_order_type);
    lay!(cursor, order:
        double volatility, int_or_zero volatility_type, text delta_neutral_order_type, double delta_neutral_aux_price);
    if filled(order.delta_neutral_order_type.as_ref()) {
        lay!(cursor, order:
            int_or_zero delta_neutral_con_id, flag delta_neutral_short_sale, int_or_zero delta_neutral_short_sale_slot,
            text delta_neutral_designated_location);
    }
    lay!(cursor, order:
        flag continuous_update, int_or_zero reference_price_type, double trail_stop_price, double trailing_percent);
    Ok(())
}

fn routing<C: Cursor>(cursor: &mut C, contract: &mut Contract, order: &mut Order) -> Result<(), TextError> {
    order::hedge(cursor, order)?;
    lay!(cursor, order: text clearing_account, text clearing_intent, flag not_held);
    delta_neutral(cursor, &mut contract.delta_neutral_contract)?;
    order::algo(cursor, order)?;
    cursor.flag(&mut order.solicited)
}

fn outcome<C: Cursor>(cursor: &mut C, order: &mut Order, state: &mut OrderState) -> Result<(), TextError> {
    lay!(cursor, order:
        double_or_max trail_stop_price, double_or_max lmt_price_offset, double cash_qty,
        flag dont_use_auto_price_for_hedge, flag is_oms_container, text auto_cancel_date, size filled_quantity,
        int_or_max ref_futures_con_id, flag auto_cancel_parent, text shareholder, flag imbalance_only,
        int_or_zero route_marketable_to_bbo, long parent_perm_id);
    lay!(cursor, state: text completed_time, text completed_status);
    if cursor.since(PEG_OFFSETS) {
        order::peg_offsets(cursor, order)?;
    }
    order::customer(cursor, order)?;
    if cursor.since(SUBMITTER) { cursor.text(&mut order.submitter) } else { Ok(()) }
}
