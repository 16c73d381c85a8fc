//! What the broker says about an open order: its status, margins and costs.

use super::cursor::{Cursor, TextError};
use super::shared::{MOST, lay};
use crate::wire::proto::OrderState;

/// From here on a preview tells margins outside regular hours, and what each account gets.
const FULL_PREVIEW: i32 = 195;

/// The state of an open order.
pub(super) fn state<C: Cursor>(cursor: &mut C, state: &mut OrderState) -> Result<(), TextError> {
    // Clients show margins as they stand, and know the number for unset.
    lay!(cursor, state:
        text status, double_or_max init_margin_before, double_or_max maint_margin_before,
        double_or_max equity_with_loan_before, double_or_max init_margin_change, double_or_max maint_margin_change,
        double_or_max equity_with_loan_change, double_or_max init_margin_after, double_or_max maint_margin_after,
        double_or_max equity_with_loan_after, double commission_and_fees, double min_commission_and_fees,
        double max_commission_and_fees, text commission_and_fees_currency);
    if cursor.since(FULL_PREVIEW) {
        outside_hours(cursor, state)?;
    }
    cursor.text(&mut state.warning_text)
}

fn outside_hours<C: Cursor>(cursor: &mut C, state: &mut OrderState) -> Result<(), TextError> {
    lay!(cursor, state:
        text margin_currency, double_or_max init_margin_before_outside_rth,
        double_or_max maint_margin_before_outside_rth, double_or_max equity_with_loan_before_outside_rth,
        double_or_max init_margin_change_outside_rth, double_or_max maint_margin_change_outside_rth,
        double_or_max equity_with_loan_change_outside_rth, double_or_max init_margin_after_outside_rth,
        double_or_max maint_margin_after_outside_rth, double_or_max equity_with_loan_after_outside_rth,
        text suggested_size, text reject_reason);
    cursor.list(&mut state.order_allocations, MOST, |cursor, it| {
        lay!(cursor, it:
            text account, text position, text position_desired, text position_after, text desired_alloc_qty,
            text allowed_alloc_qty, flag is_monetary);
        Ok(())
    })
}
