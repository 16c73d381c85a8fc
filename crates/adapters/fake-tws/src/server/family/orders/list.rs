//! Lists of orders, and binding what persons enter.

use super::executions::local_day;
use super::held::{Held, PermId};
use super::tell::{completed_order, open_order, order_status};
use crate::server::context::Context;
use crate::server::error::{ApiError, Code, NO_REQUEST};
use crate::server::family::parts::Parts;
use crate::wire::proto;

/// The live orders of who asks. Client 0 gets those that persons entered too, and they are bound to it.
pub(crate) fn open(context: &mut Context<'_>) {
    let client_id = context.client_id();
    if client_id == 0 {
        context.parts().bind_all();
    }
    tell(context, |held| held.client_id == client_id);
}

/// The live orders of everybody.
pub(crate) fn all_open(context: &mut Context<'_>) {
    tell(context, |_| true);
}

fn tell(context: &mut Context<'_>, wanted: impl Fn(&Held) -> bool) {
    let found: Vec<_> = context
        .shared
        .orders
        .all_live()
        .filter(|held| wanted(held))
        .map(|held| (open_order(held), order_status(held)))
        .collect();
    for (order, status) in found {
        context.say(order);
        context.say(status);
    }
    context.say(proto::OpenOrdersEnd {});
}

/// Client 0 begins or ceases to bind what persons enter.
pub(crate) fn auto_open(context: &mut Context<'_>, request: &proto::AutoOpenOrdersRequest) {
    if context.client_id() != 0 {
        let text = "Only the default client (i.e 0) can auto bind orders";
        return context.refuse(ApiError::about(NO_REQUEST, Code::CannotBind, text));
    }
    let binds = request.auto_bind.unwrap_or_default();
    context.shared.orders.binds = binds;
    if binds {
        context.parts().bind_all();
    }
}

/// The orders that have ended today, by the calendar of New York; without those that persons entered if only the API's are wanted.
pub(crate) fn completed(context: &mut Context<'_>, request: &proto::CompletedOrdersRequest) {
    let api_only = request.api_only.unwrap_or_default();
    let today = local_day(context.world.now());
    let is_of_today = |held: &&Held| held.ended.is_some_and(|at| local_day(at) == today);
    let wanted = |held: &&Held| is_of_today(held) && (!api_only || !held.is_manual());
    let found: Vec<_> = context.shared.orders.all_ended().filter(wanted).map(completed_order).collect();
    for order in found {
        context.say(order);
    }
    context.say(proto::CompletedOrdersEnd {});
}

impl Parts<'_> {
    /// Gives every order without a number one of client 0's, and says so.
    pub(super) fn bind_all(&mut self) {
        let free = |held: &&Held| held.client_id == 0 && held.order_id == 0;
        let found: Vec<PermId> =
            self.shared.orders.all_live().filter(free).map(|held| held.perm_id).collect();
        for perm_id in found {
            let order_id = self.shared.orders.next_bound_id();
            self.shared.orders.bind(perm_id, order_id);
            let to = self.hearers(0);
            let bound =
                proto::OrderBound { perm_id: Some(perm_id.0), client_id: Some(0), order_id: Some(order_id) };
            self.say(&to, bound);
        }
    }
}
