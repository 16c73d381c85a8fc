//! How an order shows itself and may fill.

use crate::translate::order::field::{count_out_opt, nonzero_count_in, nonzero_in, number_out};
use crate::translate::{FromIbError, ToIbError};
use ibapi::orders::Order;
use tradeport_kernel::Decimal;
use tradeport_orders::Handling;

pub(super) fn to_ib(handling: &Handling, order: &mut Order) -> Result<(), ToIbError> {
    let amount = handling.discretionary_amount.unwrap_or(Decimal::ZERO);
    order.discretionary_amt = number_out("discretionary amount", amount)?;
    if handling.display_size.is_some() {
        order.display_size = count_out_opt("display size", handling.display_size)?;
    }
    order.hidden = handling.hidden;
    order.all_or_none = handling.all_or_none;
    order.min_qty = count_out_opt("minimum quantity", handling.min_quantity)?;
    order.sweep_to_fill = handling.sweep_to_fill;
    order.block_order = handling.block;
    order.not_held = handling.not_held;
    order.post_only = handling.post_only;
    order.randomize_size = handling.randomize_size;
    order.randomize_price = handling.randomize_price;
    order.min_trade_qty = count_out_opt("minimum trade quantity", handling.min_trade_quantity)?;
    order.min_compete_size = count_out_opt("minimum compete size", handling.min_compete_size)?;
    Ok(())
}

pub(super) fn from_ib(order: &Order) -> Result<Handling, FromIbError> {
    Ok(Handling {
        discretionary_amount: nonzero_in("discretionaryAmt", Some(order.discretionary_amt))?,
        display_size: nonzero_count_in("displaySize", order.display_size)?,
        hidden: order.hidden,
        all_or_none: order.all_or_none,
        min_quantity: nonzero_count_in("minQty", order.min_qty)?,
        sweep_to_fill: order.sweep_to_fill,
        block: order.block_order,
        not_held: order.not_held,
        post_only: order.post_only,
        randomize_size: order.randomize_size,
        randomize_price: order.randomize_price,
        min_trade_quantity: nonzero_count_in("minTradeQty", order.min_trade_qty)?,
        min_compete_size: nonzero_count_in("minCompeteSize", order.min_compete_size)?,
    })
}
