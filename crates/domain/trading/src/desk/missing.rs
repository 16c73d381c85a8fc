//! Executions that the broker has counted and nobody told: which orders lack some, and when they are to be asked for.
//!
//! A status says how much of an order has traded, executions say what. The one mostly comes moments before the other; where the
//! executions do not follow, they were lost on the way, and waiting for the next reconciliation would leave a position wrong for
//! minutes. So they are asked for: first after a few seconds, then later each time, and a few times only. What is missing even
//! then is the reconciliation's to tell as a break.
//!
//! Law: as long as nothing is missing, nothing is asked.

use std::collections::BTreeMap;
use std::time::Duration;
use tradeport_kernel::{Decimal, OrderKey, Timestamp};
use tradeport_orders::Order;

/// So long the executions may come later than the status that counts them.
pub(super) const EXECUTIONS_FOLLOW_WITHIN: Duration = Duration::from_secs(3);
/// So often they are asked for.
pub(super) const MOST_ASKED: u32 = 5;

/// The orders of which executions are missing.
#[derive(Debug, Default)]
pub(super) struct MissingExecutions(BTreeMap<OrderKey, Missing>);

#[derive(Debug)]
struct Missing {
    /// How much, at its most.
    most: Decimal,
    /// So often they were asked for.
    asked: u32,
    due: Timestamp,
}

impl MissingExecutions {
    /// Takes note of how an order stands now.
    pub(super) fn note(&mut self, order: &Order, now: Timestamp) {
        let (key, missing) = (order.intent().key(), order.reported_filled() - order.filled());
        if missing <= Decimal::ZERO {
            self.0.remove(key);
            return;
        }
        let first = || Missing { most: missing, asked: 0, due: now.after(EXECUTIONS_FOLLOW_WITHIN) };
        match self.0.get_mut(key) {
            // More than ever: something was lost anew.
            Some(known) if missing > known.most && known.asked >= MOST_ASKED => *known = first(),
            Some(known) => known.most = known.most.max(missing),
            None => drop(self.0.insert(key.clone(), first())),
        }
    }

    /// An order that is looked after no more.
    pub(super) fn forget(&mut self, is_known: impl Fn(&OrderKey) -> bool) {
        self.0.retain(|key, _| is_known(key));
    }

    /// The orders whose executions are to be asked for now; the next time is later, whatever comes of it.
    pub(super) fn take_due(&mut self, now: Timestamp) -> Vec<OrderKey> {
        let mut due = Vec::new();
        for (key, missing) in &mut self.0 {
            if missing.asked < MOST_ASKED && now >= missing.due {
                missing.asked += 1;
                missing.due = now.after(EXECUTIONS_FOLLOW_WITHIN.saturating_mul(1 << missing.asked));
                due.push(key.clone());
            }
        }
        due
    }
}
