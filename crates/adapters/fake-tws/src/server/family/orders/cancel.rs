//! Cancels, of one order and of all.

use super::held::{PermId, Place, Status};
use crate::server::context::Context;
use crate::server::error::{ApiError, Code};
use crate::server::family::parts::Parts;
use crate::wire::proto;
use tradeport_fake_broker::exchange::Input;

/// A client cancels one of its orders.
pub(crate) fn cancel(context: &mut Context<'_>, request: &proto::CancelOrderRequest) {
    let (id, client_id) = (request.order_id.unwrap_or_default(), context.client_id());
    let book = &context.shared.orders;
    let live = book.find(client_id, id);
    let ended = if live.is_none() { book.find_ended(client_id, id) } else { None };
    let error = match (live, ended) {
        (Some(held), _) if held.status == Status::PendingCancel => {
            let text = format!(
                "Cancel attempted when order is not in a cancellable state.  Order permId ={}",
                held.perm_id.0
            );
            ApiError::about(id, Code::NotCancellable, text)
        }
        (Some(held), _) => {
            let perm_id = held.perm_id;
            return context.parts().cancel(perm_id);
        }
        (None, Some(ended)) => {
            let state = ended.status.text();
            let text =
                format!("OrderId {id} that needs to be cancelled cannot be cancelled, state: {state}.");
            ApiError::about(id, Code::CannotCancelEnded, text)
        }
        (None, None) if id <= 0 => {
            ApiError::about(id, Code::InvalidOrderId, format!("Invalid order id: {id}"))
        }
        (None, None) => {
            let text = format!("OrderId {id} that needs to be cancelled is not found.");
            ApiError::about(id, Code::UnknownOrderToCancel, text)
        }
    };
    context.refuse(error);
}

/// A client cancels everything, whoever placed it.
pub(crate) fn global(context: &mut Context<'_>) {
    let all: Vec<PermId> = context.shared.orders.all_live().map(|held| held.perm_id).collect();
    let mut parts = context.parts();
    for perm_id in all {
        // What hangs on an order that went may have gone with it.
        parts.cancel_unless_ending(perm_id);
    }
}

impl Parts<'_> {
    /// Cancels an order that lives and is not being cancelled already.
    pub(super) fn cancel_unless_ending(&mut self, perm_id: PermId) {
        let status = self.shared.orders.live(perm_id).map(|held| held.status);
        if status.is_some_and(|status| status != Status::PendingCancel) {
            self.cancel(perm_id);
        }
    }

    /// Cancels a live order.
    pub(crate) fn cancel(&mut self, perm_id: PermId) {
        let Some(held) = self.shared.orders.live(perm_id) else { return };
        if held.place == Place::Exchange {
            let key = held.key.clone();
            return self.world.input(Input::Cancel { key });
        }
        self.end_order(perm_id, Status::Cancelled, "");
    }
}
