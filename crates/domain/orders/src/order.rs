//! The life of an order: a pure state machine.
//!
//! `apply` is total: every input has a defined effect in every state, and what does not fit is an [`Anomaly`] beside
//! the effect, never a panic and never a guess. Applying the same journal always gives the same order.

use crate::{
    BrokenRule, Fills, OrderChange, OrderInput, OrderIntent, OrderState, PreviewedMargin, twins::Twins,
};
use tradeport_kernel::{BrokerOrderId, Decimal, PermId, Quantity, Timestamp};

mod amounts;
mod answered;
mod applied;
mod changing;
mod known;
mod traded;
mod twinned;

pub use applied::{Anomaly, Applied};
pub use changing::PendingChange;

/// An order as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    intent: OrderIntent,
    /// The wording now, once a change was taken.
    changed: Option<OrderIntent>,
    /// A change that was asked for and not answered.
    pending: Option<PendingChange>,
    /// A change that was not answered when the order ended.
    overtaken: Option<OrderChange>,
    /// How many units, as far as that is known.
    units: Option<Quantity>,
    state: OrderState,
    fills: Fills,
    reported_filled: Decimal,
    /// What had traded of it when the broker last called it filled.
    called_filled: Option<Decimal>,
    perm_id: Option<PermId>,
    broker_order_id: Option<BrokerOrderId>,
    /// Other orders at the broker under its key.
    twins: Twins,
    /// It is to wait at the broker for the last of its family.
    held_back: bool,
    /// What it takes of the margins, if the broker was asked.
    margin: Option<PreviewedMargin>,
    /// The broker's last word was that a cancel is under way.
    cancel_told: bool,
    /// By the last word on where it stands beside any cancel it waits at the broker.
    is_asleep: bool,
    /// It has ended by a person's word alone.
    is_given_up: bool,
    reason: Option<String>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl Order {
    /// A new order of this intent, in the journal since `at`.
    #[must_use]
    pub fn open(intent: OrderIntent, at: Timestamp) -> Self {
        Self {
            units: intent.quantity(),
            changed: None,
            pending: None,
            overtaken: None,
            intent,
            state: OrderState::Recorded,
            fills: Fills::default(),
            reported_filled: Decimal::ZERO,
            called_filled: None,
            perm_id: None,
            broker_order_id: None,
            twins: Twins::default(),
            held_back: false,
            margin: None,
            cancel_told: false,
            is_asleep: false,
            is_given_up: false,
            reason: None,
            created_at: at,
            updated_at: at,
        }
    }

    /// Applies one input that happened at `at`.
    pub fn apply(&mut self, input: &OrderInput, at: Timestamp) -> Applied {
        let before = self.state;
        let mut applied = Applied::default();
        self.dispatch(input, &mut applied);
        if self.state.is_final() {
            self.overtake_change();
        }
        if self.state != before {
            applied.moved = Some((before, self.state));
        }
        self.updated_at = self.updated_at.max(at);
        applied
    }

    fn dispatch(&mut self, input: &OrderInput, applied: &mut Applied) {
        use OrderState as S;
        match input {
            // Of a change that was asked for: the order stands as it was.
            OrderInput::RiskApproved { .. } if self.is_change_judged() => {}
            OrderInput::RiskRefused { .. } if self.is_change_judged() => self.change_refused(),
            OrderInput::RiskApproved { .. } => self.only_from(&[S::Recorded], S::Recorded, applied),
            OrderInput::RiskRefused { rule, number, limit } => {
                self.reason = Some(match limit.as_str() {
                    "" => format!("{rule}: {number}"),
                    limit => format!("{rule}: {number} against a limit of {limit}"),
                });
                self.only_from(&[S::Recorded], S::Refused, applied);
            }
            OrderInput::ValidationRefused { broken } => self.invalid(broken, applied),
            OrderInput::Previewed { margin } => {
                self.margin = Some(*margin);
                self.only_from(&[S::Recorded], S::Recorded, applied);
            }
            OrderInput::Sent => self.only_from(&[S::Recorded], S::Sent, applied),
            OrderInput::Accepted { perm_id, broker_order_id } => {
                self.accepted(*perm_id, *broker_order_id, applied)
            }
            OrderInput::HeldBack => {
                self.held_back = matches!(self.state, S::Recorded | S::Sent);
                if !self.held_back {
                    applied.anomaly = Some(Anomaly::OutOfPlace);
                }
            }
            OrderInput::Released => self.held_back = false,
            OrderInput::Refused { reason } => self.end(S::Refused, reason, applied),
            OrderInput::NotSent { reason } => self.not_sent(reason, applied),
            OrderInput::OutcomeUnknown { reason } => {
                self.reason = Some(reason.clone());
                self.only_from(&[S::Recorded, S::Sent, S::Unknown], S::Unknown, applied);
            }
            OrderInput::Status { status } => self.status(status, applied),
            OrderInput::Executed { execution } => self.executed(execution, applied),
            OrderInput::Charged { commission } => self.charged(commission, applied),
            OrderInput::ChangeRequested { change } => self.change_requested(change, applied),
            OrderInput::Changed { change } => self.change_made(change),
            OrderInput::ChangeRefused { .. } => self.change_refused(),
            OrderInput::ChangeOutcomeUnknown { .. } => self.change_unknown(applied),
            OrderInput::CancelRequested { .. } => {
                // What is in flight stays so: its answer, not our wish, says whether there is anything to cancel.
                if matches!(self.state, S::Held | S::Working) {
                    self.state = S::CancelPending;
                }
            }
            OrderInput::CancelRefused { .. } => {
                if self.state == S::CancelPending {
                    self.state = if self.is_asleep { S::Held } else { S::Working };
                }
            }
            OrderInput::LinkLost => {
                if self.state == S::Sent {
                    self.state = S::Unknown;
                }
            }
            OrderInput::ProvenAbsent => self.proven_absent(applied),
            OrderInput::TwinGone { perm_id } => self.number_gone(*perm_id, applied),
            OrderInput::GivenUp { by, reason } => self.given_up(by, reason, applied),
        }
    }

    fn only_from(&mut self, from: &[OrderState], to: OrderState, applied: &mut Applied) {
        if from.contains(&self.state) {
            self.state = to;
        } else {
            applied.anomaly = Some(Anomaly::OutOfPlace);
        }
    }

    fn invalid(&mut self, broken: &[BrokenRule], applied: &mut Applied) {
        let words: Vec<&str> = broken.iter().map(|one| one.words.as_str()).collect();
        self.reason = Some(words.join("; "));
        self.only_from(&[OrderState::Recorded], OrderState::Refused, applied);
    }
}

#[cfg(test)]
mod tests;
