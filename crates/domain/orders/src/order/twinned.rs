//! The part of an order's life in which the broker has more than one under its key.
//!
//! One of them is followed; the others stand beside it. When the one that is followed ends while another could still
//! trade, that other is followed from then on: the order ends when the last of them has ended.

use super::{Anomaly, Applied, Order};
use crate::twins::is_live;
use crate::{BrokerPhase, BrokerStatus, OrderState, Twin};
use tradeport_kernel::{Decimal, PermId, Quantity};

impl Order {
    /// The number that something is said of, where it is another than the one that is followed. Zero is no number.
    pub(super) fn other_number(&self, told: Option<PermId>) -> Option<PermId> {
        let followed = self.perm_id?;
        told.filter(|number| *number != followed && number.number() != 0 && followed.number() != 0)
    }

    /// A twin is as large as the order ever was, as far as that is remembered.
    fn largest(&self) -> Option<Quantity> {
        let most = self.most_units()?;
        Some(self.intent.quantity().map_or(most, |first| first.max(most)))
    }

    pub(super) fn note_twin(&mut self, number: PermId, applied: &mut Applied) {
        let units = self.largest();
        if self.twins.note(number, units) {
            applied.anomaly = Some(Anomaly::Twin);
        }
    }

    pub(super) fn twin_status(&mut self, number: PermId, status: &BrokerStatus, applied: &mut Applied) {
        self.note_twin(number, applied);
        self.twins.status(number, status);
        if self.state.is_final() && is_live(status.phase) {
            // The one that was followed has ended, and this one lives.
            self.follow_live_twin(phase_of(self.state));
        }
    }

    /// The one that is followed has ended: is another followed from here on?
    pub(super) fn goes_on_as_twin(&mut self, status: &BrokerStatus) -> bool {
        let ended = match status.phase {
            BrokerPhase::Cancelled | BrokerPhase::Expired | BrokerPhase::Refused => true,
            BrokerPhase::Filled => self.filled_here() >= status.filled && status.filled > Decimal::ZERO,
            BrokerPhase::Held | BrokerPhase::Working | BrokerPhase::CancelPending => false,
        };
        if !ended || self.twins.is_empty() {
            return false;
        }
        self.reported_filled = self.reported_filled.max(status.filled);
        if self.follow_live_twin(status.phase) {
            return true;
        }
        if status.phase == BrokerPhase::Filled && !self.state.is_final() {
            // By its number and by money alike: how large it was nobody needs to remember.
            self.state = OrderState::Filled;
            return true;
        }
        false
    }

    /// Proof by whole snapshots that the broker has one of the numbers no more.
    pub(super) fn number_gone(&mut self, number: PermId, applied: &mut Applied) {
        let gone = BrokerPhase::Cancelled;
        if self.perm_id == Some(number) {
            if !self.follow_live_twin(gone) {
                applied.anomaly = Some(Anomaly::AbsentAfterSeen);
            }
            return;
        }
        let (perm_id, reason, filled) = (Some(number), None, Decimal::ZERO);
        self.twins.status(number, &BrokerStatus { phase: gone, filled, perm_id, reason });
    }

    /// Follows a twin that could still trade in the place of the one that ended in this phase; was there one?
    pub(super) fn follow_live_twin(&mut self, ended: BrokerPhase) -> bool {
        let Some(before) = self.perm_id else { return false };
        let Some((number, twin)) = self.twins.take_live() else { return false };
        let (units, reported_filled) = (self.units, self.reported_filled);
        self.twins.put(before, Twin { phase: ended, reported_filled, units });
        self.perm_id = Some(number);
        self.broker_order_id = None;
        self.reported_filled = twin.reported_filled;
        self.called_filled = None;
        self.units = twin.units.or(units);
        self.is_asleep = twin.phase == BrokerPhase::Held;
        self.state = match twin.phase {
            BrokerPhase::Held => OrderState::Held,
            BrokerPhase::CancelPending => OrderState::CancelPending,
            _ => OrderState::Working,
        };
        true
    }

    /// How much of the one that is followed has traded.
    pub(super) fn filled_here(&self) -> Decimal {
        match self.perm_id {
            Some(number) if !self.twins.is_empty() => self.fills.quantity_of(number),
            _ => self.filled(),
        }
    }
}

const fn phase_of(state: OrderState) -> BrokerPhase {
    match state {
        OrderState::Filled => BrokerPhase::Filled,
        OrderState::Expired => BrokerPhase::Expired,
        OrderState::Refused => BrokerPhase::Refused,
        _ => BrokerPhase::Cancelled,
    }
}
