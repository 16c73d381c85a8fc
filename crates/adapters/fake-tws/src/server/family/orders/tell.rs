//! What is told of an order, and to whom.

use super::held::{Held, PermId, Status};
use crate::server::chaos::Note;
use crate::server::error::{ApiError, Code};
use crate::server::family::parts::Parts;
use crate::server::session::SessionId;
use crate::server::settings::date_time;
use crate::translate::number::to_float;
use crate::wire::proto;
use tradeport_kernel::{Decimal, Timestamp};

/// How the children of a parent go together: the others become smaller, without a block.
const FAMILY_TYPE: i32 = 3;

/// A moment as the API writes it, with the zone of this server.
pub(crate) fn zoned(at: Timestamp) -> String {
    format!("{} UTC", date_time(at))
}

/// An order as it stands.
pub(crate) fn open_order(held: &Held) -> proto::OpenOrder {
    let state =
        proto::OrderState { status: Some(held.status.text().to_owned()), ..proto::OrderState::default() };
    proto::OpenOrder {
        order_id: Some(held.order_id),
        contract: Some(held.asked.clone()),
        order: Some(numbered(held)),
        order_state: Some(state),
    }
}

fn numbered(held: &Held) -> proto::Order {
    let mut order = proto::Order {
        client_id: Some(held.client_id),
        order_id: Some(held.order_id),
        perm_id: Some(held.perm_id.0),
        parent_perm_id: held.parent.map(|parent| parent.0),
        ..held.wording.wire.clone()
    };
    if let Some(group) = family_of(held).filter(|_| is_blank(order.oca_group.as_ref())) {
        (order.oca_group, order.oca_type) = (Some(group), Some(FAMILY_TYPE));
    }
    order
}

/// The group that TWS makes of the children of one parent: one ends the others, or makes them smaller. A hedge is in none.
pub(super) fn family_of(held: &Held) -> Option<String> {
    let hedges = held.wording.intent.attributes().hedge.is_some();
    held.parent.filter(|_| !hedges).map(|parent| parent.0.to_string())
}

fn is_blank(text: Option<&String>) -> bool {
    text.is_none_or(String::is_empty)
}

/// How far an order has come.
pub(crate) fn order_status(held: &Held) -> proto::OrderStatus {
    proto::OrderStatus {
        order_id: Some(held.order_id),
        status: Some(held.status.text().to_owned()),
        filled: Some(held.filled.normalize().to_string()),
        remaining: Some(held.remaining().normalize().to_string()),
        avg_fill_price: Some(to_float(held.average_price())),
        perm_id: Some(held.perm_id.0),
        parent_id: Some(held.wording.wire.parent_id.unwrap_or_default()),
        last_fill_price: Some(to_float(held.last_price)),
        client_id: Some(held.client_id),
        why_held: Some(why_held(held)),
        mkt_cap_price: Some(0.0),
    }
}

/// What keeps an order from its exchange: its parent, its trigger, or both.
fn why_held(held: &Held) -> String {
    if held.status != Status::PreSubmitted {
        return String::new();
    }
    let kind = held.wording.intent.kind();
    let child = held.parent.map(|_| "child");
    let trigger = kind.trigger_price().map(|_| "trigger").or(kind.trail().map(|_| "trigger"));
    child.into_iter().chain(trigger).collect::<Vec<_>>().join(",")
}

/// An order that has ended, as the list of those tells it.
pub(crate) fn completed_order(held: &Held) -> proto::CompletedOrder {
    let how = match held.status {
        Status::Filled => format!("Filled Size: {}", held.filled.normalize()),
        Status::Inactive => "Rejected".to_owned(),
        _ if held.has_expired => "Cancelled by System:\n".to_owned(),
        _ => "Cancelled by Trader".to_owned(),
    };
    let order = proto::Order {
        order_id: None,
        client_id: None,
        filled_quantity: Some(held.filled.normalize().to_string()),
        ..numbered(held)
    };
    let state = proto::OrderState {
        status: Some(held.status.text().to_owned()),
        completed_time: held.ended.map(zoned),
        completed_status: Some(how),
        ..proto::OrderState::default()
    };
    proto::CompletedOrder { contract: Some(held.asked.clone()), order: Some(order), order_state: Some(state) }
}

impl Parts<'_> {
    /// The connections that hear of a client's orders: its own, and the master's.
    pub(crate) fn hearers(&self, client_id: i32) -> Vec<SessionId> {
        let mut to: Vec<SessionId> = self.session_of(client_id).into_iter().collect();
        let master = self.shared.orders.master.filter(|master| *master != client_id);
        to.extend(master.and_then(|master| self.session_of(master)));
        to
    }

    /// Tells an order and its status to whom it concerns.
    pub(crate) fn tell_order(&mut self, perm_id: PermId) {
        let Some(held) = self.shared.orders.live(perm_id) else { return };
        let (order, to) = (open_order(held), self.hearers(held.client_id));
        self.say(&to, order);
        self.tell_status(perm_id);
    }

    /// Tells only the status of an order to whom it concerns.
    pub(crate) fn tell_status(&mut self, perm_id: PermId) {
        let Some(held) = self.shared.orders.live_mut(perm_id) else { return };
        let before = held.told.replace((held.status, held.filled));
        let (status, client_id) = (order_status(held), held.client_id);
        if before.is_none_or(|(before, _)| before != held.status) {
            let status = held.status.text();
            self.outbox.note(Note::Order { perm_id: perm_id.0, client_id, status });
        }
        let to = self.hearers(client_id);
        self.say(&to, status);
    }

    /// Sets a status and tells the order, unless just that was told.
    pub(crate) fn stands(&mut self, perm_id: PermId, status: Status) {
        let Some(held) = self.shared.orders.live_mut(perm_id) else { return };
        held.status = status;
        if held.told != Some((status, held.filled)) {
            self.tell_order(perm_id);
        }
    }

    /// Tells something about an order by its number.
    pub(crate) fn tell_error(&mut self, perm_id: PermId, code: Code, text: &str) {
        let Some(held) = self.shared.orders.live(perm_id) else { return };
        let (id, to) = (held.order_id, self.hearers(held.client_id));
        self.refuse(&to, ApiError::about(id, code, text));
    }

    /// An order's time has run out.
    pub(crate) fn expire(&mut self, perm_id: PermId) {
        if let Some(held) = self.shared.orders.live_mut(perm_id) {
            if held.is_delivery {
                held.ends = None;
                let exercised = held.is_exercise;
                return self.deliver(perm_id, exercised);
            }
            held.has_expired = true;
        }
        self.end_order(perm_id, Status::Cancelled, "");
    }

    /// Ends an order, tells it, and lets what hangs on it follow.
    pub(crate) fn end_order(&mut self, perm_id: PermId, status: Status, reason: &str) {
        let now = self.world.now();
        let Some(held) = self.shared.orders.live_mut(perm_id) else { return };
        (held.status, held.ended) = (status, Some(now));
        match status {
            Status::Filled => self.tell_order(perm_id),
            Status::Cancelled => {
                self.tell_status(perm_id);
                let text = format!("Order Canceled - reason:{reason}");
                self.tell_error(perm_id, Code::OrderCancelled, &text);
            }
            _ => {
                self.tell_status(perm_id);
                self.tell_error(perm_id, Code::OrderRefused, &format!("Order rejected - reason:{reason}"));
            }
        }
        let of_scale = held_profit(self.shared.orders.live(perm_id), status);
        let taken_along = parent_taken_along(self.shared.orders.live(perm_id), status);
        self.shared.orders.end(perm_id);
        self.follow_parent(perm_id, status == Status::Filled);
        if let Some((of, size)) = of_scale {
            self.reset_component(of, size);
        }
        if let Some(parent) = taken_along {
            self.cancel_unless_ending(parent);
        }
    }
}

/// The parent that a child takes along when it is cancelled.
fn parent_taken_along(held: Option<&Held>, status: Status) -> Option<PermId> {
    let held = held.filter(|_| status == Status::Cancelled)?;
    held.parent.filter(|_| held.wording.intent.attributes().cancels_parent)
}

/// The component that an order has closed with a profit, and its units.
fn held_profit(held: Option<&Held>, status: Status) -> Option<((PermId, u32), Decimal)> {
    let held = held.filter(|_| status == Status::Filled)?;
    Some((held.profit_of?, held.filled))
}

/// Zero or more, as text.
pub(crate) fn plain(number: Decimal) -> String {
    number.normalize().to_string()
}
