//! The orders of all clients, and what names them.

use super::held::{Held, PermId};
use super::ids::Ids;
use super::reports::Reports;
use std::collections::{BTreeMap, VecDeque};
use tradeport_kernel::OrderKey;

/// So many ended orders are remembered.
const MOST_ENDED: usize = 10_000;
/// The first durable number.
const FIRST_PERM_ID: i64 = 1_000_000_001;

/// What is kept for all connections.
#[derive(Debug)]
pub(crate) struct Book {
    live: BTreeMap<PermId, Held>,
    ended: VecDeque<Held>,
    by_id: BTreeMap<(i32, i32), PermId>,
    by_key: BTreeMap<OrderKey, PermId>,
    /// Every order id that a client has used.
    used: BTreeMap<i32, Ids>,
    next_perm_id: i64,
    next_bound_id: i32,
    pub(crate) reports: Reports,
    /// The client that hears of everybody's orders.
    pub(crate) master: Option<i32>,
    /// Does client 0 bind what persons enter?
    pub(crate) binds: bool,
}

impl Default for Book {
    fn default() -> Self {
        Self {
            live: BTreeMap::new(),
            ended: VecDeque::new(),
            by_id: BTreeMap::new(),
            by_key: BTreeMap::new(),
            used: BTreeMap::new(),
            next_perm_id: FIRST_PERM_ID,
            next_bound_id: -1,
            reports: Reports::default(),
            master: None,
            binds: false,
        }
    }
}

impl Book {
    pub(crate) fn next_perm_id(&mut self) -> PermId {
        self.next_perm_id += 1;
        PermId(self.next_perm_id - 1)
    }

    /// A number for an order that a person entered.
    pub(crate) fn next_bound_id(&mut self) -> i32 {
        self.next_bound_id = self.next_bound_id.saturating_sub(1);
        self.next_bound_id.saturating_add(1)
    }

    /// Has the client used this id?
    pub(crate) fn was_used(&self, client_id: i32, order_id: i32) -> bool {
        self.used.get(&client_id).is_some_and(|ids| ids.contains(order_id))
    }

    /// The client has used this id.
    pub(crate) fn use_id(&mut self, client_id: i32, order_id: i32) {
        self.used.entry(client_id).or_default().insert(order_id);
    }

    /// Order ids from this one on are as if nobody had used them, but for those of live orders.
    pub(crate) fn forget_ids(&mut self, from: i32) {
        let Self { used, by_id, .. } = self;
        used.values_mut().for_each(|ids| ids.forget(from));
        for (client, id) in by_id.keys().filter(|(_, id)| *id >= from) {
            used.entry(*client).or_default().insert(*id);
        }
        used.retain(|_, ids| !ids.is_empty());
    }

    pub(crate) fn insert(&mut self, held: Held) {
        if held.order_id != 0 {
            self.by_id.insert((held.client_id, held.order_id), held.perm_id);
        }
        self.by_key.insert(held.key.clone(), held.perm_id);
        self.live.insert(held.perm_id, held);
    }

    /// An order gets a number of its client.
    pub(crate) fn bind(&mut self, perm_id: PermId, order_id: i32) {
        if let Some(held) = self.live.get_mut(&perm_id) {
            held.order_id = order_id;
            self.by_id.insert((held.client_id, order_id), perm_id);
        }
    }

    /// An order gets another key at the exchange; what the exchange says of the old one concerns nobody any more.
    pub(crate) fn rekey(&mut self, perm_id: PermId, key: OrderKey) {
        if let Some(held) = self.live.get_mut(&perm_id) {
            self.by_key.remove(&held.key);
            self.by_key.insert(key.clone(), perm_id);
            held.key = key;
        }
    }

    pub(crate) fn live(&self, perm_id: PermId) -> Option<&Held> {
        self.live.get(&perm_id)
    }

    pub(crate) fn live_mut(&mut self, perm_id: PermId) -> Option<&mut Held> {
        self.live.get_mut(&perm_id)
    }

    /// All that live, the oldest first.
    pub(crate) fn all_live(&self) -> impl Iterator<Item = &Held> {
        self.live.values()
    }

    /// Those that have ended, in that order.
    pub(crate) fn all_ended(&self) -> impl Iterator<Item = &Held> {
        self.ended.iter()
    }

    /// The live order that a client calls so.
    pub(crate) fn find(&self, client_id: i32, order_id: i32) -> Option<&Held> {
        self.by_id.get(&(client_id, order_id)).and_then(|perm_id| self.live.get(perm_id))
    }

    /// The order that a client called so, if it has ended.
    pub(crate) fn find_ended(&self, client_id: i32, order_id: i32) -> Option<&Held> {
        let same = |held: &&Held| (held.client_id, held.order_id) == (client_id, order_id);
        self.ended.iter().rev().find(same)
    }

    pub(crate) fn of_key(&self, key: &OrderKey) -> Option<PermId> {
        self.by_key.get(key).copied()
    }

    /// The live children of an order, the oldest first.
    pub(crate) fn children(&self, parent: PermId) -> Vec<PermId> {
        self.live.values().filter(|held| held.parent == Some(parent)).map(|held| held.perm_id).collect()
    }

    /// How many things are kept, each sort by itself; for the live, of ids, keys, ended ones, ranges of ids, executions.
    #[cfg(test)]
    pub(crate) fn kept(&self) -> [usize; 7] {
        let ranges = self.used.values().map(Ids::ranges).sum();
        let [rows, roots] = self.reports.kept();
        [self.live.len(), self.by_id.len(), self.by_key.len(), self.ended.len(), ranges, rows, roots]
    }

    /// An order lives no more.
    pub(crate) fn end(&mut self, perm_id: PermId) {
        let Some(held) = self.live.remove(&perm_id) else { return };
        let name = (held.client_id, held.order_id);
        // A second order of the same id keeps it.
        if self.by_id.get(&name) == Some(&perm_id) {
            self.by_id.remove(&name);
        }
        self.by_key.remove(&held.key);
        self.ended.push_back(held);
        if self.ended.len() > MOST_ENDED {
            self.ended.pop_front();
        }
    }
}
