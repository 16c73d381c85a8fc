//! What the broker, or the way to it, says of an order itself: accepted, refused, where it stands, that there is none.
//!
//! Left out: what it says of money ([`super::traded`]), and of several orders under one key ([`super::twinned`]).

use super::{Anomaly, Applied, Order};
use crate::twins::is_live;
use crate::{BrokerPhase, BrokerStatus, OrderState};
use tradeport_kernel::{BrokerOrderId, Decimal, PermId};

impl Order {
    /// The broker has it.
    pub(super) fn accepted(
        &mut self,
        perm_id: Option<PermId>,
        broker_order_id: Option<BrokerOrderId>,
        applied: &mut Applied,
    ) {
        use OrderState as S;
        self.is_there(applied);
        self.perm_id = perm_id.or(self.perm_id);
        self.broker_order_id = broker_order_id.or(self.broker_order_id);
        if matches!(self.state, S::Sent | S::Unknown | S::Recorded) {
            self.is_asleep = self.held_back;
            self.state = if self.held_back { S::Held } else { S::Working };
        }
    }

    pub(super) fn end(&mut self, state: OrderState, reason: &str, applied: &mut Applied) {
        if self.state.is_final() && !self.may_revive() {
            if self.state != state {
                applied.anomaly = Some(Anomaly::StatusAfterEnd);
            }
            return;
        }
        self.state = state;
        self.reason = Some(reason.to_owned());
    }

    /// A send that failed for certain, unless the broker has shown the order already: proof beats our own belief.
    pub(super) fn not_sent(&mut self, reason: &str, applied: &mut Applied) {
        if matches!(self.state, OrderState::Recorded | OrderState::Sent) && self.fills.is_empty() {
            self.end(OrderState::NotSent, reason, applied);
        } else {
            applied.anomaly = Some(Anomaly::OutOfPlace);
        }
    }

    pub(super) fn proven_absent(&mut self, applied: &mut Applied) {
        match self.state {
            OrderState::Recorded | OrderState::Sent | OrderState::Unknown if self.fills.is_empty() => {
                self.end(OrderState::NotSent, "the broker has no trace of it", applied);
            }
            state if state.is_final() => {}
            _ => applied.anomaly = Some(Anomaly::AbsentAfterSeen),
        }
    }

    /// Lists that tell of a day or a week no more are no proof of what became of it: a person has looked it up. What the broker
    /// has counted and not told stays counted.
    pub(super) fn given_up(&mut self, by: &str, reason: &str, applied: &mut Applied) {
        use OrderState as S;
        if self.state.is_at_broker() {
            self.end(S::Cancelled, &format!("given up by {by}: {reason}"), applied);
            self.is_given_up = true;
        } else {
            applied.anomaly = Some(Anomaly::OutOfPlace);
        }
    }

    /// What the broker says of an order is stronger than that it was not there: where it stands is open again.
    pub(super) fn is_there(&mut self, applied: &mut Applied) {
        if self.state == OrderState::NotSent {
            (self.state, self.reason) = (OrderState::Unknown, None);
            applied.anomaly = Some(Anomaly::SeenAfterAbsent);
        }
    }

    /// A person may be wrong as well: by the broker's word it lives. What has traded of it says only that it did.
    fn is_told_after_all(&mut self, phase: BrokerPhase, applied: &mut Applied) {
        if std::mem::take(&mut self.is_given_up) && is_live(phase) && self.state == OrderState::Cancelled {
            (self.state, self.reason) = (OrderState::Unknown, None);
            applied.anomaly = Some(Anomaly::SeenAfterAbsent);
        }
    }

    pub(super) fn status(&mut self, status: &BrokerStatus, applied: &mut Applied) {
        self.is_there(applied);
        if let Some(number) = self.other_number(status.perm_id) {
            self.twin_status(number, status, applied);
            return;
        }
        if self.goes_on_as_twin(status) {
            return;
        }
        self.is_told_after_all(status.phase, applied);
        // Zero is what brokers say before they have given a number.
        self.perm_id = status.perm_id.filter(|it| it.number() != 0).or(self.perm_id);
        self.reported_filled = self.reported_filled.max(status.filled);
        let reason = status.reason.as_deref().unwrap_or_default();
        match status.phase {
            BrokerPhase::Cancelled => self.end(OrderState::Cancelled, reason, applied),
            BrokerPhase::Expired => self.end(OrderState::Expired, reason, applied),
            BrokerPhase::Refused => self.end(OrderState::Refused, reason, applied),
            // Money decides when it is filled: until the executions are here, it is alive.
            BrokerPhase::Filled if self.state.is_final() => {
                if self.state != OrderState::Filled {
                    applied.anomaly = Some(Anomaly::StatusAfterEnd);
                }
            }
            BrokerPhase::Filled => {
                (self.state, self.is_asleep) = (OrderState::Working, false);
                self.learn_units();
                self.conclude_change(status.filled);
                self.called_filled = Some(status.filled).filter(|filled| *filled > Decimal::ZERO);
                self.settle_fill();
            }
            BrokerPhase::Held => self.alive(OrderState::Held, status.filled, applied),
            BrokerPhase::Working => self.alive(OrderState::Working, status.filled, applied),
            BrokerPhase::CancelPending => self.alive(OrderState::CancelPending, status.filled, applied),
        }
    }

    fn alive(&mut self, state: OrderState, filled: Decimal, applied: &mut Applied) {
        let cancel_was_told = std::mem::replace(&mut self.cancel_told, state == OrderState::CancelPending);
        if self.state == OrderState::Filled && !self.is_short_at(filled) {
            // A late word about an order that has traded in full says nothing new.
        } else if self.state.is_final() && self.state != OrderState::Filled && !self.may_revive() {
            applied.anomaly = Some(Anomaly::StatusAfterEnd);
        } else {
            // Whatever becomes of a cancel: where it stands without one.
            self.is_asleep =
                if state == OrderState::CancelPending { self.is_asleep } else { state == OrderState::Held };
            // A word that was on its way when we asked to cancel says nothing of the cancel; one that follows the broker's own
            // word on it says that it was not cancelled.
            if self.state != OrderState::CancelPending || cancel_was_told {
                self.state = state;
            }
        }
    }
}
