//! The conditions under which an order becomes active or is cancelled.

use super::cursor::{Cursor, TextError};
use super::shared::{MOST, lay};
use crate::wire::proto::{Order, OrderCondition};

/// Which condition it is.
mod kind {
    pub(super) const PRICE: i32 = 1;
    pub(super) const TIME: i32 = 3;
    pub(super) const MARGIN: i32 = 4;
    pub(super) const EXECUTION: i32 = 5;
    pub(super) const VOLUME: i32 = 6;
    pub(super) const PERCENT_CHANGE: i32 = 7;
}

/// How a condition joins the next: both must hold, or one is enough.
const AND: &str = "a";
const OR: &str = "o";

/// A count of conditions, each with the fields of its kind, and two flags if there are any.
pub(super) fn conditions<C: Cursor>(cursor: &mut C, order: &mut Order) -> Result<(), TextError> {
    cursor.list(&mut order.conditions, MOST, condition)?;
    if !order.conditions.is_empty() {
        lay!(cursor, order: flag conditions_ignore_rth, flag conditions_cancel_order);
    }
    Ok(())
}

fn condition<C: Cursor>(cursor: &mut C, it: &mut OrderCondition) -> Result<(), TextError> {
    cursor.int_or_zero(&mut it.r#type)?;
    conjunction(cursor, &mut it.is_conjunction_connection)?;
    match it.r#type {
        Some(kind::PRICE) => {
            lay!(cursor, it:
            flag is_more, double price, int con_id, text exchange, int_or_zero trigger_method);
        }
        Some(kind::TIME) => {
            lay!(cursor, it: flag is_more, text time);
        }
        Some(kind::MARGIN) => {
            lay!(cursor, it: flag is_more, int percent);
        }
        Some(kind::EXECUTION) => {
            lay!(cursor, it: text sec_type, text exchange, text symbol);
        }
        Some(kind::VOLUME) => {
            lay!(cursor, it: flag is_more, int volume, int con_id, text exchange);
        }
        Some(kind::PERCENT_CHANGE) => {
            lay!(cursor, it:
            flag is_more, double change_percent, int con_id, text exchange);
        }
        // How many fields it has is not known, so nothing behind it could be read.
        other if cursor.reads() => {
            let found = other.map(|kind| kind.to_string()).unwrap_or_default();
            return Err(TextError::Field { field: 0, expected: "a kind of condition", found });
        }
        _ => {}
    }
    Ok(())
}

fn conjunction<C: Cursor>(cursor: &mut C, is_and: &mut Option<bool>) -> Result<(), TextError> {
    let mut word = Some(if *is_and == Some(false) { OR } else { AND }.to_owned());
    cursor.text(&mut word)?;
    *is_and = word.map(|word| word != OR);
    Ok(())
}
