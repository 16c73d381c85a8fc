//! Exercising and lapsing options.
//!
//! A request becomes an order that stands until it is cancelled. Left out: the delivery, which comes with the night.

use super::place::exchange_key;
use crate::server::context::Context;
use crate::server::error::{ApiError, Code};
use crate::server::lookup;
use crate::wire::proto;
use tradeport_contracts::InstrumentKind;
use tradeport_kernel::Decimal;

/// A client exercises options that it holds, or lets them lapse.
pub(crate) fn exercise(context: &mut Context<'_>, request: &proto::ExerciseOptionsRequest) {
    if let Err(error) = try_exercise(context, request) {
        context.refuse(error);
    }
}

fn try_exercise(context: &mut Context<'_>, it: &proto::ExerciseOptionsRequest) -> Result<(), ApiError> {
    let id = it.order_id.unwrap_or_default();
    let asked = it.contract.clone().unwrap_or_default();
    let contract = lookup::resolve_one(context.world, id, &asked)?;
    let kind = contract.instrument().kind();
    if !matches!(kind, Some(InstrumentKind::Option | InstrumentKind::FuturesOption)) {
        return Err(ApiError::invalid(id, "Only options can be exercised or lapsed"));
    }
    if !matches!(it.exercise_action, Some(1 | 2)) {
        return Err(ApiError::invalid(id, "The action must be 1 to exercise or 2 to lapse"));
    }
    let quantity = Decimal::from(it.exercise_quantity.unwrap_or_default());
    let order = proto::Order {
        action: Some("SELL".to_owned()),
        total_quantity: Some(quantity.to_string()),
        // Never sent: it stands for the request in lists.
        order_type: Some("MKT".to_owned()),
        account: it.account.clone(),
        deactivate: Some(true),
        customer_account: it.customer_account.clone(),
        professional_customer: it.professional_customer,
        ..proto::Order::default()
    };
    let client_id = context.client_id();
    let mut parts = context.parts();
    let perm_id = parts.shared.orders.next_perm_id();
    let key = exchange_key(perm_id, 0);
    let mut understood = parts.understand(client_id, id, &order, &asked, None, &key)?;
    understood.wording.wire.deactivate = None;
    let account = understood.wording.intent.account().clone();
    let held = parts.world.exchange().positions(&account).unwrap_or_default();
    let held = held.iter().find(|position| position.symbol() == contract.symbol());
    if held.is_none_or(|position| position.quantity().as_decimal() < quantity) {
        let text = format!(
            "Error processing request.-'bT' : cause - No unlapsed position exists in this option in account {account}."
        );
        return Err(ApiError::about(id, Code::Processing, text));
    }
    if id <= 0 || parts.shared.orders.was_used(client_id, id) {
        return Err(ApiError::about(id, Code::DuplicateOrderId, "Duplicate order id"));
    }
    parts.shared.orders.use_id(client_id, id);
    let next = &mut parts.shared.connection.next_order_id;
    *next = (*next).max(id.saturating_add(1));
    parts.take_in(client_id, id, (perm_id, key), understood);
    parts.transmit(perm_id);
    Ok(())
}
