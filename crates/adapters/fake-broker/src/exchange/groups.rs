//! Orders that belong together: groups of which one cancels the others, and children of one parent.

use super::order::{LiveOrder, Reserve, Slot, Stage};
use super::{Effect, Exchange};
use std::sync::Arc;
use tradeport_kernel::{Decimal, Quantity};
use tradeport_orders::{BrokerPhase, OrderIntent};

impl Exchange {
    /// The group that an order names, else that of its parent's children; groups are an account's own.
    pub(super) fn group_name(&self, intent: &OrderIntent, account: usize) -> Option<Arc<str>> {
        let name = match (intent.oca(), intent.parent()) {
            (Some(group), _) => format!("{account}/oca/{}", group.name()),
            (None, Some(parent)) => format!("{account}/children/{parent}"),
            (None, None) => return None,
        };
        Some(name.into())
    }

    /// The units that an order adds to its side's open orders, beyond what the others of its group add already. A
    /// child that waits for its parent adds none.
    pub(super) fn units_beside_group(&self, order: &LiveOrder) -> Decimal {
        if self.waits_for_parent(order) || !order.shares.is_empty() {
            return Decimal::ZERO;
        }
        let Some(members) = order.group.as_ref().and_then(|group| self.groups.get(group)) else {
            return order.open();
        };
        let alike = members.iter().map(|slot| &self.orders[*slot]).filter(|other| {
            other.side() == order.side() && other.market == order.market && other.perm_id != order.perm_id
        });
        let covered: Decimal = alike.map(|other| other.held_units).sum();
        (order.open() - covered).max(Decimal::ZERO)
    }

    /// An order that ends leaves its group; what it kept for all of them is kept by the others from now on.
    pub(super) fn leave_group(&mut self, slot: Slot) {
        let order = &self.orders[slot];
        let Some(name) = order.group.clone() else { return };
        let (side, market, reserve) = (order.side(), order.market, order.reserve);
        let mut freed = order.held_units;
        let Some(members) = self.groups.get_mut(&name) else { return };
        members.retain(|member| *member != slot);
        if members.is_empty() {
            self.groups.remove(&name);
            return;
        }
        for heir in members.clone() {
            let order = &self.orders[heir];
            let units = freed.min(order.open() - order.held_units);
            if units <= Decimal::ZERO
                || order.side() != side
                || order.market != market
                || order.stage == Stage::Parent
                || !order.shares.is_empty()
            {
                continue;
            }
            freed -= units;
            self.release(heir);
            let order = &mut self.orders[heir];
            order.held_units += units;
            if order.reserve.opening < reserve.opening {
                order.reserve = Reserve { opening: reserve.opening.min(order.open()), ..reserve };
            }
            self.keep(heir);
        }
    }

    /// An order of a group has traded `quantity`; `full` when nothing of it is left.
    pub(super) fn shrink_group(&mut self, slot: Slot, quantity: Decimal, full: bool, out: &mut Vec<Effect>) {
        let Some(members) = self.orders[slot].group.as_ref().and_then(|name| self.groups.get(name)) else {
            return;
        };
        let others: Vec<Slot> = members.iter().copied().filter(|member| *member != slot).collect();
        for other in others {
            let rest = self.orders[other].open() - quantity;
            if full || rest <= Decimal::ZERO {
                self.end(other, BrokerPhase::Cancelled, Some("another order of its group has filled"), out);
                continue;
            }
            self.release(other);
            let order = &mut self.orders[other];
            order.quantity = Quantity::new(order.filled + rest).expect("less than it was, and above zero");
            self.share_anew(other);
            self.keep(other);
            if self.orders[other].stage == Stage::Working {
                self.tell(other, out);
            }
        }
    }
}
