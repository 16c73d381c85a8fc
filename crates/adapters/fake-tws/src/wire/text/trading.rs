//! What is asked and told about orders besides the orders themselves: cancels, statuses, executions, costs.

use super::contract::told;
use super::cursor::{Cursor, Layout, TextError};
use super::shared::{MOST, lay, layouts, part};
use crate::wire::proto::{
    AllOpenOrdersRequest, AutoOpenOrdersRequest, CancelOrderRequest, CommissionAndFeesReport,
    CompletedOrdersEnd, CompletedOrdersRequest, ExecutionDetails, ExecutionDetailsEnd, ExecutionRequest,
    ExerciseOptionsRequest, GlobalCancelRequest, OpenOrdersEnd, OpenOrdersRequest, OrderBound, OrderCancel,
    OrderStatus,
};

/// What came with which version.
mod since {
    pub(super) const MANUAL_TIME: i32 = 169;
    pub(super) const PRICE_REVISION: i32 = 178;
    pub(super) const MANUAL_EXERCISE_TIME: i32 = 180;
    pub(super) const CUSTOMER_ACCOUNT: i32 = 183;
    pub(super) const PROFESSIONAL_CUSTOMER: i32 = 184;
    pub(super) const QUOTE_REQUEST: i32 = 187;
    pub(super) const NO_QUOTE_REQUEST: i32 = 190;
    /// And no version of its own any more.
    pub(super) const OPERATOR: i32 = 192;
    pub(super) const SUBMITTER: i32 = 198;
    pub(super) const DAYS: i32 = 200;
}

impl Layout for CancelOrderRequest {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        if !cursor.since(since::OPERATOR) {
            cursor.fixed("1")?;
        }
        cursor.int(&mut self.order_id)?;
        part(&mut self.order_cancel, |cancel| {
            if cursor.since(since::MANUAL_TIME) {
                cursor.text(&mut cancel.manual_order_cancel_time)?;
            }
            if cursor.since(since::QUOTE_REQUEST) && !cursor.since(since::NO_QUOTE_REQUEST) {
                for obsolete in ["", "", "2147483647"] {
                    cursor.fixed(obsolete)?;
                }
            }
            operator(cursor, cancel)
        })
    }
}

fn operator<C: Cursor>(cursor: &mut C, cancel: &mut OrderCancel) -> Result<(), TextError> {
    if cursor.since(since::OPERATOR) {
        lay!(cursor, cancel: text ext_operator, int_or_max manual_order_indicator);
    }
    Ok(())
}

impl Layout for GlobalCancelRequest {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        if !cursor.since(since::OPERATOR) {
            return cursor.fixed("1");
        }
        part(&mut self.order_cancel, |cancel| operator(cursor, cancel))
    }
}

impl Layout for ExecutionRequest {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        cursor.fixed("3")?;
        cursor.int(&mut self.req_id)?;
        let filter = self.execution_filter.get_or_insert_default();
        lay!(cursor, filter:
            int client_id, text acct_code, text time, text symbol, text sec_type, text exchange, text side);
        if !cursor.since(since::DAYS) {
            return Ok(());
        }
        cursor.int_or_max(&mut filter.last_n_days)?;
        cursor.list(&mut filter.specific_dates, MOST, |cursor, date| {
            let mut field = Some(*date);
            cursor.int_or_zero(&mut field)?;
            *date = field.unwrap_or_default();
            Ok(())
        })
    }
}

impl Layout for ExerciseOptionsRequest {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        cursor.fixed("2")?;
        cursor.int(&mut self.order_id)?;
        told(cursor, &mut self.contract)?;
        lay!(cursor, self: int exercise_action, int exercise_quantity, text account, flag r#override);
        if cursor.since(since::MANUAL_EXERCISE_TIME) {
            cursor.text(&mut self.manual_order_time)?;
        }
        if cursor.since(since::CUSTOMER_ACCOUNT) {
            cursor.text(&mut self.customer_account)?;
        }
        if cursor.since(since::PROFESSIONAL_CUSTOMER) {
            cursor.flag(&mut self.professional_customer)?;
        }
        Ok(())
    }
}

impl Layout for ExecutionDetails {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        cursor.int_or(&mut self.req_id, -1)?;
        let it = self.execution.get_or_insert_default();
        cursor.int_or_zero(&mut it.order_id)?;
        told(cursor, &mut self.contract)?;
        lay!(cursor, it:
            text exec_id, text time, text acct_number, text exchange, text side, size shares, double_or_zero price,
            long_or_zero perm_id, int_or_zero client_id, flag is_liquidation, size cum_qty, double_or_zero avg_price,
            text order_ref, text ev_rule, double ev_multiplier, text model_code, int_or_zero last_liquidity);
        if cursor.since(since::PRICE_REVISION) {
            cursor.flag(&mut it.is_price_revision_pending)?;
        }
        if cursor.since(since::SUBMITTER) {
            cursor.text(&mut it.submitter)?;
        }
        Ok(())
    }
}

impl Layout for CompletedOrdersEnd {
    fn lay<C: Cursor>(&mut self, _cursor: &mut C) -> Result<(), TextError> {
        Ok(())
    }
}

layouts! {
    OpenOrdersRequest v "1" {}
    AllOpenOrdersRequest v "1" {}
    AutoOpenOrdersRequest v "1" { flag auto_bind }
    CompletedOrdersRequest { flag api_only }
    OpenOrdersEnd v "1" {}
    OrderStatus {
        int_or_zero order_id, text status, size filled, size remaining, double_or_zero avg_fill_price,
        long_or_zero perm_id, int_or_zero parent_id, double_or_zero last_fill_price, int_or_zero client_id,
        text why_held, double_or_zero mkt_cap_price,
    }
    OrderBound { long_or_zero perm_id, int_or_zero client_id, int_or_zero order_id }
    ExecutionDetailsEnd v "1" { int_or_zero req_id }
    CommissionAndFeesReport v "1" { text exec_id, double_or_zero commission_and_fees, text currency, double_or_max realized_pnl,
        double_or_max bond_yield, text yield_redemption_date,
    }
}
