//! Orders that have ended: how many of them are remembered, and which go first.
//!
//! IB tells the completed orders and the executions of the present day, and nothing of those before. Here the bound is a
//! number, so that a broker which somebody comes back to after weeks still tells what became of the orders: the oldest
//! days go first, each as a whole; of the present day only as much as must. The executions of an order go with it. What
//! has gone was never there: its key is new again, and it is no parent any more. Money is not touched by it.

use super::Exchange;
use super::order::{EndedOrder, Whereabouts};
use std::collections::HashSet;
use tradeport_kernel::{OrderKey, Timestamp};

/// So many ended orders are remembered at most.
pub const MOST_ENDED: usize = 10_000;
/// So many are left of them when the oldest go: the executions are gone through only now and then.
const LEFT: usize = MOST_ENDED / 4 * 3;

const NANOS_PER_DAY: i64 = 86_400_000_000_000;

const fn day_of(at: Timestamp) -> i64 {
    at.nanos().div_euclid(NANOS_PER_DAY)
}

impl Exchange {
    /// Remembers an order that has just ended.
    pub(super) fn remember(&mut self, order: EndedOrder) {
        let number = self.ended_before + self.ended.len();
        if let Some(place) = self.keys.get_mut(order.intent.key()) {
            *place = Whereabouts::Ended(number);
        }
        self.ended.push_back(order);
        if self.ended.len() > MOST_ENDED {
            self.forget_the_oldest();
        }
    }

    /// The ended order of a number, if it is still remembered.
    pub(super) fn ended(&self, number: usize) -> Option<&EndedOrder> {
        self.ended.get(number.checked_sub(self.ended_before)?)
    }

    pub(super) fn ended_mut(&mut self, key: &OrderKey) -> Option<&mut EndedOrder> {
        match self.keys.get(key)? {
            Whereabouts::Ended(number) => self.ended.get_mut(number.checked_sub(self.ended_before)?),
            Whereabouts::Live(_) => None,
        }
    }

    fn forget_the_oldest(&mut self) {
        let today = day_of(self.now);
        let mut gone = HashSet::new();
        let mut last = None;
        while let Some(oldest) = self.ended.front() {
            let day = day_of(oldest.at);
            let begun = last == Some(day) && day < today;
            if self.ended.len() <= LEFT && !begun {
                break;
            }
            last = Some(day);
            gone.insert(oldest.perm_id);
            let key = oldest.intent.key();
            if self.keys.get(key) == Some(&Whereabouts::Ended(self.ended_before)) {
                self.keys.remove(key);
            }
            self.ended.pop_front();
            self.ended_before += 1;
        }
        self.executions.retain(|execution| !gone.contains(&execution.perm_id));
    }
}
