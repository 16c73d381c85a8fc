//! Orders that belong together: groups of which one cancels the others, and children of one parent.

use super::order::{LiveOrder, Reserve, Slot, Stage};
use super::{Effect, Exchange, Work};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tradeport_kernel::{Decimal, OrderKey, Quantity};
use tradeport_orders::{BrokerPhase, OcaEffect, OcaGroup, OrderIntent};

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
                || matches!(order.stage, Stage::Parent | Stage::HeldBack)
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

    /// An order of a group has traded, all that was left of it or some.
    pub(super) fn shrink_group(&mut self, slot: Slot, traded: Traded, out: &mut Vec<Effect>) {
        let order = &self.orders[slot];
        let Some(group) = order.group.clone() else { return };
        let key = order.intent.key().clone();
        match order.intent.oca().and_then(OcaGroup::effect) {
            Some(OcaEffect::ReduceWithoutBlock) => self.work.push_back(Work::Shrink(group, key, traded)),
            Some(OcaEffect::CancelWithBlock) => self.shrink(&group, &key, Traded::ALL, out),
            Some(OcaEffect::ReduceWithBlock) | None => self.shrink(&group, &key, traded, out),
        }
    }

    /// The orders of a group but one shrink by the share of it that has traded.
    pub(super) fn shrink(&mut self, group: &str, by: &OrderKey, traded: Traded, out: &mut Vec<Effect>) {
        let members = self.groups.get(group).map(Vec::as_slice).unwrap_or_default();
        let others: Vec<Slot> =
            members.iter().copied().filter(|member| self.orders[*member].intent.key() != by).collect();
        for other in others {
            let order = &self.orders[other];
            let rest = self.markets[order.market].in_lots(traded.rest_of(order.open()));
            if rest <= Decimal::ZERO {
                self.end(other, BrokerPhase::Cancelled, Some("another order of its group has filled"), out);
                continue;
            }
            self.release(other);
            let order = &mut self.orders[other];
            order.quantity = Quantity::new(order.filled + rest).expect("at most what it was, and above zero");
            self.share_anew(other);
            self.keep(other);
            if self.orders[other].stage == Stage::Working {
                self.tell(other, out);
            }
        }
    }
}

/// How much of an order has traded, and how much of it was open before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Traded {
    units: Decimal,
    of: Decimal,
}

impl Traded {
    /// All of it.
    const ALL: Self = Self { units: Decimal::ONE, of: Decimal::ONE };

    /// `units` of the `open` ones.
    pub(super) const fn new(units: Decimal, open: Decimal) -> Self {
        Self { units, of: open }
    }

    /// What is left of another order's `open` units.
    fn rest_of(self, open: Decimal) -> Decimal {
        if self.units >= self.of {
            return Decimal::ZERO;
        }
        if open == self.of {
            return open - self.units;
        }
        let left = open.checked_mul(self.of - self.units).and_then(|it| it.checked_div(self.of));
        left.unwrap_or(open).min(open)
    }
}
