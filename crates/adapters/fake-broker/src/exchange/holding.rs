//! Families that arrive order by order: all but the last are held back, and set out for the book together with it.
//!
//! Left out: what children wait for after that, and what becomes of them when their parent ends.

use super::order::{Slot, Stage};
use super::{Effect, Exchange};
use tradeport_kernel::OrderKey;

/// When does an order that arrives set out for the book?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Haste {
    /// At once, and what waits for it with it.
    Now,
    /// With the last of its family.
    Held,
}

impl Exchange {
    /// An order was taken: it waits, or it sets out and takes along what waited for it.
    pub(super) fn set_out(&mut self, slot: Slot, haste: Haste, out: &mut Vec<Effect>) {
        if haste == Haste::Held {
            self.orders[slot].stage = Stage::HeldBack;
            return self.tell(slot, out);
        }
        let waiting = self.held_with(slot);
        self.send_to_book(slot, out);
        for key in waiting {
            let held = self.live(&key).filter(|slot| self.orders[*slot].stage == Stage::HeldBack);
            if let Some(slot) = held {
                self.send_to_book(slot, out);
            }
        }
    }

    /// The orders of its family that are held back, those that hang on others before these: so a parent that trades at
    /// once finds its children asleep, not held.
    fn held_with(&self, slot: Slot) -> Vec<OrderKey> {
        let mut head = slot;
        while let Some(parent) = self.orders[head].intent.parent().and_then(|parent| self.live(parent)) {
            head = parent;
        }
        let mut family = vec![head];
        let mut at = 0;
        while let Some(member) = family.get(at) {
            let children: Vec<Slot> =
                self.orders[*member].children.iter().filter_map(|child| self.live(child)).collect();
            family.extend(children);
            at += 1;
        }
        let held = family.into_iter().rev().map(|member| &self.orders[member]);
        held.filter(|order| order.stage == Stage::HeldBack).map(|order| order.intent.key().clone()).collect()
    }
}
