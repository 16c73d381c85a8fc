//! Cancels.

use super::attributes::{entry_in, entry_out};
use super::field::{text_in, text_out};
use super::time::{WrittenTime, time_in_opt, time_out_opt};
use crate::translate::FromIbError;
use tradeport_orders::CancelTag;

/// The words of a cancel, as the broker documents them. The library sends the time alone: a cancel that says more must
/// not be sent without telling so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CancelWords {
    /// When a person asked for it, in UTC; empty for none.
    pub manual_order_cancel_time: String,
    /// Who operates the system; empty for nobody.
    pub ext_operator: String,
    /// 1 by a person, 0 by a machine.
    pub manual_order_indicator: Option<i32>,
}

/// What a cancel says, as the broker documents it.
#[must_use]
pub fn cancel_to_ib(tag: &CancelTag) -> CancelWords {
    CancelWords {
        manual_order_cancel_time: time_out_opt(tag.asked_at, WrittenTime::Utc),
        ext_operator: text_out(tag.operator.as_ref()),
        manual_order_indicator: entry_out(tag.entry),
    }
}

/// What a cancel says, in the platform's words.
///
/// # Errors
/// When a field holds no time, an unusable text or an unknown indicator.
pub fn cancel_from_ib(words: &CancelWords) -> Result<CancelTag, FromIbError> {
    Ok(CancelTag {
        entry: entry_in(words.manual_order_indicator)?,
        operator: text_in("extOperator", &words.ext_operator)?,
        asked_at: time_in_opt("manualOrderCancelTime", &words.manual_order_cancel_time, WrittenTime::Utc)?,
    })
}
