//! The part of an order's life in which a change of it is under way.

use super::{Anomaly, Applied, Order};
use crate::{OrderChange, OrderIntent};
use tradeport_kernel::{Decimal, Quantity};

/// A change that was asked for, while it is not known whether the broker took it. Until that is known both wordings count:
/// the order may be as large as the larger of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingChange {
    change: OrderChange,
    unknown: bool,
}

impl PendingChange {
    /// What is to be different.
    #[must_use]
    pub const fn change(&self) -> &OrderChange {
        &self.change
    }

    /// Was the answer lost? Then only proof from the broker tells which wording holds; it is never sent again.
    #[must_use]
    pub const fn is_unknown(&self) -> bool {
        self.unknown
    }
}

impl Order {
    pub(super) fn change_requested(&mut self, change: &OrderChange, applied: &mut Applied) {
        if self.state.is_final() || self.pending.is_some() {
            applied.anomaly = Some(Anomaly::OutOfPlace);
            return;
        }
        self.pending = Some(PendingChange { change: change.clone(), unknown: false });
    }

    /// Is a verdict one on a change? It has been asked for, and has not left yet as far as anybody knows.
    pub(super) fn is_change_judged(&self) -> bool {
        self.pending.as_ref().is_some_and(|pending| !pending.unknown)
    }

    pub(super) fn change_made(&mut self, change: &OrderChange) {
        (self.pending, self.overtaken) = (None, None);
        self.units = change.quantity.or(self.units);
        // The broker took it: what it says counts, even where we would have refused.
        self.changed = Some(OrderIntent::checked(change.onto(self.wording().to_draft())));
        self.settle_fill();
    }

    /// The change is not made: what stands is the wording before it.
    pub(super) fn change_refused(&mut self) {
        self.pending = None;
        self.settle_fill();
    }

    /// The answer to the change was lost.
    pub(super) const fn change_unknown(&mut self, applied: &mut Applied) {
        match &mut self.pending {
            Some(pending) => pending.unknown = true,
            None => applied.anomaly = Some(Anomaly::OutOfPlace),
        }
    }

    /// The broker says that all of it has traded: as much as that was ordered, whichever wording it is.
    pub(super) fn conclude_change(&mut self, filled: Decimal) {
        let Some(PendingChange { change, .. }) = self.pending.clone() else { return };
        match change.quantity {
            Some(quantity) if quantity.as_decimal() == filled => self.change_made(&change),
            Some(_) => self.pending = None,
            None => {}
        }
        self.settle_fill();
    }

    /// More has traded than the wording before the change allows: the broker has taken it, whatever became of the answer.
    pub(super) fn note_growth(&mut self) {
        let Some(units) = self.units.filter(|units| self.filled_here() > units.as_decimal()) else { return };
        let unanswered = self.pending.as_ref().map(PendingChange::change).or(self.overtaken.as_ref());
        let growth = unanswered.filter(|change| change.quantity.is_some_and(|asked| asked > units)).cloned();
        if let Some(change) = growth {
            self.change_made(&change);
        }
    }

    /// The order has ended: nobody waits for an answer any more. What trades late may still prove that it had grown.
    pub(super) fn overtake_change(&mut self) {
        if let Some(PendingChange { change, .. }) = self.pending.take() {
            self.overtaken = Some(change);
        }
    }

    /// How many units the change under way asks for.
    pub(super) fn asked_units(&self) -> Option<Quantity> {
        self.pending.as_ref().and_then(|pending| pending.change.quantity)
    }
}
