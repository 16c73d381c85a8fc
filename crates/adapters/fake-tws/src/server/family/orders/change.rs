//! Changes: an order that comes again under the number of a live one.
//!
//! The exchange changes quantities and prices. What it cannot change is taken away from it and given to it anew, unless
//! the order has a family there.

use super::held::{Held, PermId, Place, Status};
use super::place::Understood;
use super::send::traded_kind;
use crate::server::error::{ApiError, Code};
use crate::server::family::parts::Parts;
use crate::wire::proto;
use tradeport_fake_broker::exchange::Input;
use tradeport_kernel::Quantity;
use tradeport_orders::{OrderChange, OrderIntent, OrderSize};

impl Parts<'_> {
    /// A client changes one of its orders.
    pub(super) fn change(
        &mut self,
        perm_id: PermId,
        id: i32,
        order: &proto::Order,
        asked: &proto::Contract,
    ) -> Result<(), ApiError> {
        let Some(held) = self.shared.orders.live(perm_id) else { return Ok(()) };
        let (client_id, key, place) = (held.client_id, held.key.clone(), held.place);
        if held.status == Status::PendingCancel {
            let text = "Order is being cancelled.";
            return Err(ApiError::about(id, Code::CannotModify, text));
        }
        let order = keep_account(order, held);
        let it = self.understand(client_id, id, &order, asked, None, &key)?;
        let Some(held) = self.shared.orders.live(perm_id) else { return Ok(()) };
        check_same(id, held, &it)?;
        let transmit = order.transmit.unwrap_or_default();
        match place {
            Place::Untransmitted => {
                self.reword(perm_id, it);
                if transmit {
                    self.transmit(perm_id);
                } else {
                    self.tell_order(perm_id);
                }
            }
            Place::Resting => {
                self.reword(perm_id, it);
                self.reconsider(perm_id);
            }
            Place::Exchange => return self.change_at_exchange(perm_id, id, it),
        }
        Ok(())
    }

    fn reword(&mut self, perm_id: PermId, it: Understood) {
        let Some(held) = self.shared.orders.live_mut(perm_id) else { return };
        if let OrderSize::Units(quantity) = it.wording.intent.size() {
            held.total = quantity.as_decimal();
        }
        held.ends = super::send::end_of(&it.wording.intent, &it.contract, self.world.now());
        (held.wording, held.shares) = (it.wording, it.shares);
        held.told = None;
    }

    /// What rests may be for the exchange now.
    fn reconsider(&mut self, perm_id: PermId) {
        self.tell_order(perm_id);
        if self.for_exchange(perm_id).is_some() {
            self.send(perm_id);
        }
    }

    fn change_at_exchange(&mut self, perm_id: PermId, id: i32, it: Understood) -> Result<(), ApiError> {
        let Some(held) = self.shared.orders.live_mut(perm_id) else { return Ok(()) };
        let (old, new) = (&held.wording.intent, &it.wording.intent);
        if new.quantity().is_some_and(|quantity| quantity.as_decimal() <= held.filled) {
            let text = "Order rejected - reason:The new quantity is not above what has traded.";
            return Err(ApiError::about(id, Code::OrderRefused, text));
        }
        // A scale works in steps of its own.
        if held.steps_are_none() && only_size_and_prices(old, new) {
            // Of what traded under an earlier key the exchange knows nothing any more.
            let quantity = new.quantity().map(|quantity| quantity.as_decimal() - held.before);
            let quantity = quantity.and_then(|quantity| Quantity::new(quantity).ok());
            let change = OrderChange {
                quantity: quantity.filter(|_| new.quantity().map(Quantity::as_decimal) != Some(held.total)),
                kind: if old.kind() == new.kind() { None } else { traded_kind(new.kind()) },
                ..OrderChange::default()
            };
            let key = held.key.clone();
            if change == OrderChange::default() {
                self.reword(perm_id, it);
                self.tell_order(perm_id);
            } else {
                held.change = Some(it.wording);
                self.world.input(Input::Change { key, change: Box::new(change) });
            }
            return Ok(());
        }
        self.replace(perm_id, id, it)
    }

    /// Takes an order away from the exchange and gives it there anew.
    fn replace(&mut self, perm_id: PermId, id: i32, it: Understood) -> Result<(), ApiError> {
        let Some(held) = self.shared.orders.live(perm_id) else { return Ok(()) };
        // A child whose parent has filled still ends with its siblings.
        let intent = &held.wording.intent;
        let has_family = intent.parent().is_some() || !self.shared.orders.children(perm_id).is_empty();
        if has_family || intent.oca().is_some() {
            let text = "Order modify failed. Cannot change to the new order type.";
            return Err(ApiError::about(id, Code::CannotChangeType, text));
        }
        let key = held.key.clone();
        self.renew_key(perm_id);
        self.world.input(Input::Cancel { key });
        self.reword(perm_id, it);
        self.send(perm_id);
        Ok(())
    }

    /// The exchange has made the change.
    pub(super) fn changed(&mut self, perm_id: PermId) {
        let Some(held) = self.shared.orders.live_mut(perm_id) else { return };
        held.adjusts = false;
        if let Some(wording) = held.change.take() {
            if let OrderSize::Units(quantity) = wording.intent.size() {
                held.total = quantity.as_decimal();
            }
            held.ends = super::send::end_of(&wording.intent, &held.contract, self.world.now());
            held.wording = wording;
        } else if super::follow::follows(held.wording.intent.kind()) {
            // Its price has followed the market, which is told to nobody.
            return;
        }
        // Whatever comes next is told, also when it sounds the same.
        held.told = None;
    }

    /// The exchange has not made the change.
    pub(super) fn change_refused(&mut self, perm_id: PermId, reason: &str) {
        let Some(held) = self.shared.orders.live_mut(perm_id) else { return };
        held.change = None;
        if std::mem::take(&mut held.adjusts) {
            // Nobody has asked for anything.
            return;
        }
        self.tell_error(perm_id, Code::OrderRefused, &format!("Order rejected - reason:{reason}"));
    }
}

/// An order that names no account stays with its own.
fn keep_account(order: &proto::Order, held: &Held) -> proto::Order {
    if !held.shares.is_empty() {
        return order.clone();
    }
    let named = order.account.clone().filter(|name| !name.is_empty());
    proto::Order { account: named.or_else(|| Some(held.account().as_str().to_owned())), ..order.clone() }
}

/// Side, contract and account never change, nor what an order belongs to.
fn check_same(id: i32, held: &Held, it: &Understood) -> Result<(), ApiError> {
    let (old, new) = (&held.wording.intent, &it.wording.intent);
    let same =
        held.contract.id() == it.contract.id() && old.side() == new.side() && old.account() == new.account();
    if !same {
        let text = "Order being modified does not match the original order.";
        return Err(ApiError::about(id, Code::ModifyMismatch, text));
    }
    if held.place != Place::Untransmitted && held.parent != it.parent {
        return Err(ApiError::about(id, Code::ParentChanged, "Parent order id cannot be changed."));
    }
    if held.place != Place::Untransmitted && old.oca() != new.oca() {
        return Err(ApiError::about(id, Code::GroupChanged, "OCA group cannot be changed."));
    }
    Ok(())
}

fn only_size_and_prices(old: &OrderIntent, new: &OrderIntent) -> bool {
    let mut like_old = new.to_draft();
    like_old.size = old.size();
    like_old.kind = *old.kind();
    // A parent that has filled is nobody's parent any more.
    like_old.parent = old.parent().cloned();
    // A hedge that has its size is an order like any other.
    let was_hedge = old.attributes().hedge;
    if was_hedge.is_some() {
        like_old.attributes.hedge = was_hedge;
    }
    let same_sort = old.kind().name() == new.kind().name();
    let both_in_units = was_hedge.is_some() || old.quantity().is_some() == new.quantity().is_some();
    same_sort && both_in_units && like_old == old.to_draft()
}
