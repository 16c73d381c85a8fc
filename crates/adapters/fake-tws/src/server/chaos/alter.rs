//! Messages that say less than they should, or what cannot be: as they have been seen in the field.

use crate::chaos::Alteration;
use crate::wire::Answer;

/// What the API writes for an amount that is not known.
const UNSET: f64 = f64::MAX;
/// What the API writes for a commission that is still to come, and for a price that there is not.
const NONE: f64 = -1.0;
/// Tick types of prices with a size: bid, ask, last, and the same delayed.
const SIZED: [i32; 6] = [1, 2, 4, 66, 67, 68];

/// Alters a message, if it has what is altered.
pub(super) fn alter(answer: &mut Answer, how: Alteration) {
    match how {
        Alteration::NoPermId => no_perm_id(answer),
        Alteration::NoOrderRef => no_order_ref(answer),
        Alteration::NoAveragePrice => {
            if let Answer::OrderStatus(it) = answer {
                (it.avg_fill_price, it.last_fill_price) = (Some(0.0), Some(0.0));
            }
        }
        Alteration::CommissionPending => {
            if let Answer::CommissionAndFeesReport(it) = answer {
                (it.commission_and_fees, it.realized_pnl) = (Some(NONE), Some(UNSET));
            }
        }
        Alteration::NoQuote => {
            if let Answer::TickPrice(it) = answer
                && SIZED.contains(&it.tick_type.unwrap_or_default())
            {
                (it.price, it.size) = (Some(NONE), Some("0".to_owned()));
            }
        }
        Alteration::TenfoldPrice => {
            if let Answer::TickPrice(it) = answer {
                it.price = it.price.map(|price| price * 10.0);
            }
        }
        Alteration::UnsetAmounts => unset_amounts(answer),
    }
}

fn no_perm_id(answer: &mut Answer) {
    match answer {
        Answer::OrderStatus(it) => it.perm_id = Some(0),
        Answer::OpenOrder(it) => {
            if let Some(order) = &mut it.order {
                order.perm_id = Some(0);
            }
        }
        Answer::ExecutionDetails(it) => {
            if let Some(execution) = &mut it.execution {
                execution.perm_id = Some(0);
            }
        }
        _ => {}
    }
}

fn no_order_ref(answer: &mut Answer) {
    let order = match answer {
        Answer::OpenOrder(it) => it.order.as_mut(),
        Answer::CompletedOrder(it) => it.order.as_mut(),
        _ => None,
    };
    if let Some(order) = order {
        order.order_ref = None;
    }
    if let Answer::ExecutionDetails(it) = answer
        && let Some(execution) = &mut it.execution
    {
        execution.order_ref = None;
    }
}

fn unset_amounts(answer: &mut Answer) {
    match answer {
        Answer::Pnl(it) => {
            (it.daily_pnl, it.unrealized_pnl, it.realized_pnl) = (Some(UNSET), Some(UNSET), Some(UNSET));
        }
        Answer::PnlSingle(it) => {
            (it.daily_pnl, it.unrealized_pnl, it.realized_pnl) = (Some(UNSET), Some(UNSET), Some(UNSET));
            it.value = Some(UNSET);
        }
        Answer::CommissionAndFeesReport(it) => it.realized_pnl = Some(UNSET),
        _ => {}
    }
}
