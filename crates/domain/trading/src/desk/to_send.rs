//! What is kept and is to be sent next, by whoever asked for it.
//!
//! A caller may be stopped between the two, by a timeout or an abort. What they drop then puts itself down: as never sent while the
//! gateway was not called, and as of unknown outcome once it was, since nobody can tell how far it came. It is kept by whoever
//! takes the state next, unless more is known of the order by then.
//!
//! Law: nothing is put down as never sent once the gateway may have been called, and what was taken for lost never leaves.

use super::state::DeskState;
use super::together::Queue;
use std::sync::Arc;
use tradeport_kernel::OrderKey;
use tradeport_orders::{OrderInput, OrderState, RefusedBy};

/// What is to be sent of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Errand {
    Order,
    Change,
    Cancel,
}

/// Something is to be sent; dropped before its outcome is told, it says what is known of that.
pub(super) struct ToSend {
    dropped: Dropped,
    is_told: bool,
    queue: Arc<Queue>,
    /// How often, when it was kept, all that was on its way had been taken for lost.
    losses: u64,
}

/// Whoever was to send something was stopped.
#[derive(Clone, Debug)]
pub(super) struct Dropped {
    key: OrderKey,
    errand: Errand,
    /// The gateway may have been called.
    left: bool,
}

impl ToSend {
    pub(super) const fn new(key: OrderKey, errand: Errand, queue: Arc<Queue>, losses: u64) -> Self {
        Self { dropped: Dropped { key, errand, left: false }, is_told: false, queue, losses }
    }

    /// Was it taken for lost meanwhile, since its epoch of the link has ended? Then it must not leave in the next one, whose
    /// lists may have proven already that the broker has it not.
    pub(super) const fn is_lost(&self, losses: u64) -> bool {
        self.losses != losses
    }

    /// The gateway is called next.
    pub(super) const fn leaves(&mut self) {
        self.dropped.left = true;
    }

    /// What became of it is known, and whoever knows it says so at once.
    pub(super) fn told(mut self) {
        self.is_told = true;
    }
}

impl Drop for ToSend {
    fn drop(&mut self) {
        if !self.is_told {
            self.queue.owe(self.dropped.clone());
        }
    }
}

impl Dropped {
    pub(super) const fn key(&self) -> &OrderKey {
        &self.key
    }

    /// What is known of it; nothing, where the order has moved on.
    pub(super) fn input(&self, state: &DeskState) -> Option<OrderInput> {
        let order = state.book().get(&self.key)?;
        let stopped = |when: &str| format!("whoever asked for it was stopped {when}");
        let unsent = || stopped("before it left");
        let unknown = || stopped("before its answer came");
        match self.errand {
            Errand::Order if order.state() != OrderState::Sent => None,
            Errand::Order if self.left => Some(OrderInput::OutcomeUnknown { reason: unknown() }),
            Errand::Order => Some(OrderInput::NotSent { reason: unsent() }),
            Errand::Change if order.pending_change().is_none_or(|pending| pending.is_unknown()) => None,
            Errand::Change if self.left => Some(OrderInput::ChangeOutcomeUnknown { reason: unknown() }),
            Errand::Change => Some(OrderInput::ChangeRefused { reason: unsent(), by: RefusedBy::Us }),
            // Once it may be there, a cancel is under way until the broker says otherwise.
            Errand::Cancel if self.left || order.state() != OrderState::CancelPending => None,
            Errand::Cancel => Some(OrderInput::CancelRefused { reason: unsent(), by: RefusedBy::Us }),
        }
    }
}
