//! How much of the journal is in memory, and what a checkpoint says of it.

use super::super::checkpoint::{Checkpoint, Misfit};
use super::super::recent::Recent;
use super::super::tallies::Tallies;
use super::DeskState;
use std::collections::HashSet;
use tradeport_kernel::{OrderKey, Timestamp};
use tradeport_orders::{Order, OrderBook};

/// How far the journal was taken in, and what of it is not in memory.
#[derive(Default)]
pub(super) struct Reach {
    /// The last record.
    pub(super) last: u64,
    /// The record that the last checkpoint stands for.
    checkpoint: u64,
    /// Orders that have ended are not in memory; none of them was touched after that.
    forgotten: Option<Timestamp>,
}

impl DeskState {
    /// The last record of the journal that was taken in.
    pub(crate) const fn last(&self) -> u64 {
        self.reach.last
    }

    /// How many records came after the last checkpoint.
    pub(crate) const fn since_checkpoint(&self) -> u64 {
        self.reach.last.saturating_sub(self.reach.checkpoint)
    }

    /// A checkpoint stands for everything up to this record.
    pub(crate) const fn note_checkpoint(&mut self, sequence: u64) {
        self.reach.checkpoint = sequence;
    }

    /// Are orders that have ended missing, of which one was touched at this moment or later?
    pub(crate) fn has_forgotten_since(&self, at: Timestamp) -> bool {
        self.reach.forgotten.is_some_and(|until| until >= at)
    }

    /// Is every order of the journal in memory?
    pub(crate) const fn is_whole(&self) -> bool {
        self.reach.forgotten.is_none()
    }

    /// Takes in an order that was left out.
    pub(crate) fn recall(&mut self, order: Order) {
        let key = order.intent().key().clone();
        self.book.recall(order);
        self.note_life(&key);
    }

    /// The book of every order in place of the part that is in memory.
    pub(crate) fn recall_all(&mut self, book: OrderBook) {
        self.book = book;
        self.reach.forgotten = None;
    }

    /// What is to be in memory when a desk is opened where this one stands: of the orders that have ended so many at most, those
    /// that were touched last, beside those that somebody waits for.
    pub(crate) fn checkpoint(&self, ended_kept: usize) -> Checkpoint {
        let mut kept = self.families_waited_for();
        kept.extend(self.recent.iter().map(|(_, intent)| intent.key()));
        // What is odd about them is a break, and stands until it is seen to be gone.
        let odd = |order: &&Order| {
            order.overfilled().is_some() || order.has_live_twin() || order.reported_filled() > order.filled()
        };
        kept.extend(self.book.iter().filter(odd).map(|order| order.intent().key()));
        // What they brought in may need a stop for as long as it is held.
        kept.extend(self.brackets.orders().filter(|key| self.book.get(key).is_some()));
        kept.retain(|key| !self.is_alive(key));
        let mut others: Vec<&Order> = self
            .book
            .iter()
            .filter(|order| order.state().is_final() && !kept.contains(order.intent().key()))
            .collect();
        // The latest first; keys make it the same every time.
        others.sort_unstable_by(|a, b| {
            let by = |order: &Order| (order.updated_at(), order.intent().key().clone());
            by(b).cmp(&by(a))
        });
        let dropped = others.get(ended_kept).map(|order| order.updated_at());
        kept.extend(others.iter().take(ended_kept).map(|order| order.intent().key()));
        let mut ended: Vec<OrderKey> = kept.into_iter().cloned().collect();
        ended.sort_unstable();
        Checkpoint {
            sequence: self.reach.last,
            forgotten: self.reach.forgotten.max(dropped),
            traded: self.tallies.traded(),
            days: self.tallies.days(),
            orders_of_day: self.orders_of_day.iter().map(|(id, counted)| (id.clone(), *counted)).collect(),
            recent: self.recent.iter().map(|(at, intent)| (*at, intent.key().clone())).collect(),
            live: self.live().into_iter().cloned().collect(),
            ended,
            brackets: self.brackets.kept(),
        }
    }

    /// Do both count the same?
    #[cfg(test)]
    pub(crate) fn same_counts(&self, other: &Self) -> bool {
        use foldhash::HashMap;
        use std::collections::{BTreeMap, BTreeSet};
        use tradeport_kernel::AccountId;
        let by_instrument = |state: &Self| -> BTreeSet<_> {
            let of = |(account, symbols): (&AccountId, &HashMap<_, _>)| {
                format!("{account} {:?}", symbols.iter().collect::<BTreeMap<_, _>>())
            };
            state.live_of.iter().filter(|(_, symbols)| !symbols.is_empty()).map(of).collect()
        };
        by_instrument(self) == by_instrument(other)
            && self.recent.iter().eq(other.recent.iter())
            && self.orders_of_day == other.orders_of_day
            && self.tallies.days() == other.tallies.days()
            && self.brackets == other.brackets
            && self.tallies.traded() == other.tallies.traded()
            && self.reach.last == other.reach.last
    }

    /// The families of orders that are held back: what became of their last says what becomes of them.
    fn families_waited_for(&self) -> HashSet<&OrderKey> {
        let waiting = self.book.iter().filter(|order| waits(order));
        let heads: HashSet<&OrderKey> = waiting.map(|order| head_of(&self.book, order)).collect();
        if heads.is_empty() {
            return heads;
        }
        let members = self.book.iter().filter(|order| heads.contains(head_of(&self.book, order)));
        members.map(|order| order.intent().key()).collect()
    }

    /// The orders of a checkpoint were replayed; now what it counts, if they are what it says of them.
    pub(crate) fn restore(mut self, checkpoint: Checkpoint) -> Result<Self, Misfit> {
        let mut wanted = checkpoint.live.iter().chain(&checkpoint.ended);
        if let Some(missing) = wanted.find(|key| self.book.get(key).is_none()) {
            return Err(Misfit::OtherOrder(missing.clone()));
        }
        let said: HashSet<&OrderKey> = checkpoint.live.iter().collect();
        let other = |order: &&Order| order.state().may_trade() != said.contains(order.intent().key());
        if let Some(other) = self.book.iter().find(other) {
            return Err(Misfit::OtherOrder(other.intent().key().clone()));
        }
        let intent = |(at, key): &(Timestamp, OrderKey)| {
            let order = self.book.get(key).ok_or_else(|| Misfit::OtherOrder(key.clone()))?;
            Ok((*at, order.intent().clone()))
        };
        let recent = checkpoint.recent.iter().map(intent).collect::<Result<_, _>>()?;
        self.recent = Recent::restored(recent);
        self.tallies = Tallies::restored(checkpoint.traded, checkpoint.days, self.recent.iter());
        self.orders_of_day = checkpoint.orders_of_day.into_iter().collect();
        self.brackets.restore(&checkpoint.brackets);
        self.reach = Reach {
            last: checkpoint.sequence,
            checkpoint: checkpoint.sequence,
            forgotten: checkpoint.forgotten,
        };
        Ok(self)
    }
}

/// Does it wait at the broker for the last of its family, for all that is known? What the broker calls inactive without a word may.
pub(in super::super) fn waits(order: &Order) -> bool {
    order.is_held_back() && (order.state().may_trade() || order.may_revive())
}

/// The key of the order that heads the family of another.
pub(in super::super) fn head_of<'a>(book: &'a OrderBook, order: &'a Order) -> &'a OrderKey {
    let mut head = order.intent();
    // A parent comes before its children, so this ends.
    while let Some(parent) = head.parent().and_then(|key| book.get(key)) {
        head = parent.intent();
    }
    head.key()
}
