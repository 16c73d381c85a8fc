//! The orders of one instrument that may still trade, with the sums over those that stand for themselves.
//!
//! An order of a group or a family counts by what becomes of others: where there is one, all are added up each time. Of the
//! others only the sums are asked for, by every verdict, however many they are.

use super::exact_sum::Sum;
use super::exposure::{Open, OpenUnits};
use std::collections::BTreeMap;
use std::fmt;
use tradeport_kernel::{Decimal, OrderKey};
use tradeport_orders::{Order, Side};

/// Orders of one account for one instrument, by their keys.
#[derive(Default)]
pub(super) struct OpenOrders {
    orders: BTreeMap<OrderKey, Open>,
    buys: Sum,
    sells: Sum,
    /// How many do not stand for themselves.
    entangled: usize,
}

impl OpenOrders {
    /// An order as it is now, and may trade; is anything about it new?
    pub(super) fn note(&mut self, order: &Order) -> bool {
        let key = order.intent().key();
        match self.orders.get(key) {
            Some(open) if open.is_still(order) => return false,
            Some(_) => drop(self.remove(key)),
            None => {}
        }
        let open = Open::of(order);
        self.count(&open, Decimal::ZERO.into(), open.units());
        self.entangled += usize::from(!open.stands_for_itself());
        self.orders.insert(key.clone(), open);
        true
    }

    /// An order that may not trade any more; was it here?
    pub(super) fn remove(&mut self, key: &OrderKey) -> bool {
        let Some(open) = self.orders.remove(key) else { return false };
        self.count(&open, open.units(), Decimal::ZERO.into());
        self.entangled -= usize::from(!open.stands_for_itself());
        true
    }

    fn count(&mut self, open: &Open, before: Option<Decimal>, now: Option<Decimal>) {
        let sum = if open.side() == Side::Buy { &mut self.buys } else { &mut self.sells };
        if open.stands_for_itself() {
            sum.exchange(before, now);
        }
    }

    pub(super) fn has(&self, key: &OrderKey) -> bool {
        self.orders.contains_key(key)
    }

    pub(super) fn len(&self) -> usize {
        self.orders.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.orders.is_empty()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Open> {
        self.orders.values()
    }

    /// How much they may still buy and sell; `None` when that must be added up.
    pub(super) fn told(&self) -> Option<OpenUnits> {
        if self.entangled > 0 {
            return None;
        }
        Some(OpenUnits { buys: self.buys.told().ok()?, sells: self.sells.told().ok()? })
    }
}

/// The orders: the sums follow from them.
impl fmt::Debug for OpenOrders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.orders.fmt(f)
    }
}
