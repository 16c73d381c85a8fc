//! What happens to orders between the questions to the broker and its answers.
//!
//! The broker is asked without the state, so that cancels leave while it takes its time. What it answers is of some moment since
//! it was asked: it decides nothing about what was asked, sent or ended in between. That has an answer of its own. What is new
//! waits: it is judged by what is proven.

use super::{DeskState, OrderDesk};
use foldhash::{HashMap, HashSet};
use futures::lock::{Mutex as AsyncMutex, MutexGuard as AsyncMutexGuard};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tradeport_kernel::{OrderKey, Timestamp};
use tradeport_orders::{Order, OrderState};

/// Holding everything against the broker, as whoever works beside it sees it.
#[derive(Clone, Default)]
pub(super) struct Settling {
    underway: Arc<Mutex<Underway>>,
    /// Whoever does it has this; whoever is stopped lets it go.
    turn: Arc<AsyncMutex<()>>,
    /// So often what was on its way was taken for lost.
    lost: Arc<AtomicU64>,
}

#[derive(Default)]
struct Underway {
    /// Since when, if it is under way.
    since: Option<Timestamp>,
    /// Orders of which a cancel was asked for since the broker was asked.
    cancelled: HashSet<OrderKey>,
}

/// The orders that might trade when the broker was asked, as they stood.
pub(super) struct Before {
    orders: HashMap<OrderKey, Order>,
    /// Of these a cancel was asked for since.
    cancelled: HashSet<OrderKey>,
}

impl Settling {
    fn lock(&self) -> MutexGuard<'_, Underway> {
        // Every change is whole before the lock is let go.
        self.underway.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Since when it is under way, if it is.
    pub(super) fn since(&self) -> Option<Timestamp> {
        self.lock().since
    }

    /// Begins it, once another one is over.
    pub(super) async fn turn(&self) -> AsyncMutexGuard<'_, ()> {
        self.turn.lock().await
    }

    /// Waits until none is under way.
    pub(super) async fn over(&self) {
        if self.since().is_some() {
            drop(self.turn().await);
        }
    }

    /// What is on its way and has not left is taken for lost from here on, until the broker's lists prove what became of it;
    /// under the state.
    pub(super) fn loses_all(&self) {
        self.lost.fetch_add(1, Ordering::Release);
    }

    /// So often that was done: what was kept before must not leave any more.
    pub(super) fn losses(&self) -> u64 {
        self.lost.load(Ordering::Acquire)
    }

    /// It is under way since then, or over.
    pub(super) fn note(&self, since: Option<Timestamp>) {
        *self.lock() = Underway { since, ..Underway::default() };
    }

    /// A cancel of this order is kept, and leaves next.
    pub(super) fn cancels(&self, key: &OrderKey) {
        let mut underway = self.lock();
        if underway.since.is_some() {
            underway.cancelled.insert(key.clone());
        }
    }
}

impl OrderDesk {
    /// The orders as they stand right before the broker is asked.
    pub(super) fn before_asking(&self, state: &DeskState) -> Before {
        self.settling.lock().cancelled.clear();
        let live = state.live().into_iter().filter_map(|key| state.book().get(key));
        let orders = live.map(|order| (order.intent().key().clone(), order.clone())).collect();
        Before { orders, cancelled: HashSet::default() }
    }

    /// The same once it has answered; under the state.
    pub(super) fn after_asking(&self, before: Before) -> Before {
        Before { cancelled: std::mem::take(&mut self.settling.lock().cancelled), ..before }
    }
}

impl Before {
    /// Did nobody know whether the broker has it?
    pub(super) fn in_doubt(&self, key: &OrderKey) -> bool {
        let state = self.orders.get(key).map(Order::state);
        matches!(state, Some(OrderState::Unknown | OrderState::Recorded))
    }

    /// Has an order that is over ended only since?
    pub(super) fn ended_since(&self, order: &Order) -> bool {
        self.orders.contains_key(order.intent().key())
    }

    /// Was it being cancelled, and nobody asked for that again?
    pub(super) fn was_being_cancelled(&self, key: &OrderKey) -> bool {
        let state = self.orders.get(key).map(Order::state);
        state == Some(OrderState::CancelPending) && !self.cancelled.contains(key)
    }

    /// Was this very change of it waited for?
    pub(super) fn had_this_change(&self, order: &Order) -> bool {
        let before = self.orders.get(order.intent().key());
        before.is_some_and(|before| before.pending_change() == order.pending_change())
    }

    /// Were the same orders at the broker known under its key?
    pub(super) fn had_these_twins(&self, order: &Order) -> bool {
        let before = self.orders.get(order.intent().key());
        before.is_some_and(|before| before.perm_id() == order.perm_id() && before.twins().eq(order.twins()))
    }
}
