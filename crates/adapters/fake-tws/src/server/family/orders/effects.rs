//! What the exchange says, as the clients are told it.
//!
//! | the exchange | the clients |
//! | --- | --- |
//! | an order is taken | openOrder and orderStatus PreSubmitted |
//! | it works | openOrder and orderStatus Submitted |
//! | it trades | execDetails, then openOrder and orderStatus, then commissionReport |
//! | it is cancelled | orderStatus PendingCancel if that takes time, orderStatus Cancelled, error 202 |
//! | it is refused | orderStatus Inactive, error 201 |

use super::held::{PermId, Status};
use crate::server::family::parts::Parts;
use tradeport_fake_broker::exchange::{Effect, ExchangeEvent};
use tradeport_kernel::OrderKey;
use tradeport_orders::{BrokerPhase, BrokerStatus, Commission, Execution};

/// Tells what the exchange has said.
pub(crate) fn on_effects(parts: &mut Parts<'_>, effects: &[Effect]) {
    parts.begin_day();
    // What a trade cost is told behind the status that it brought.
    let mut costs: Vec<(OrderKey, Commission)> = Vec::new();
    for effect in effects {
        match &effect.event {
            ExchangeEvent::Charged { key, commission } => costs.push((key.clone(), commission.clone())),
            ExchangeEvent::Executed { execution } => {
                parts.executed(execution, cost_of(execution, effects));
            }
            ExchangeEvent::Busted { execution } => parts.busted(execution),
            ExchangeEvent::Status { key, status } => {
                if let Some(perm_id) = parts.shared.orders.of_key(key) {
                    parts.status(perm_id, status);
                }
                let (now, later) = costs.into_iter().partition(|(of, _)| of == key);
                costs = later;
                parts.tell_costs(&now);
            }
            // What is confirmed at once was never pending.
            ExchangeEvent::CancelTaken { key } if ends(key, effects) => {}
            event => parts.answered(event),
        }
    }
    parts.tell_costs(&costs);
}

/// Do these effects end an order?
fn ends(of: &OrderKey, effects: &[Effect]) -> bool {
    effects.iter().any(|effect| match &effect.event {
        ExchangeEvent::Status { key, status } => key == of && status.phase == BrokerPhase::Cancelled,
        _ => false,
    })
}

/// What an execution cost, which the exchange says in the same breath.
fn cost_of(execution: &Execution, effects: &[Effect]) -> Option<Commission> {
    effects.iter().find_map(|effect| match &effect.event {
        ExchangeEvent::Charged { commission, .. } if commission.execution == execution.id => {
            Some(commission.clone())
        }
        _ => None,
    })
}

impl Parts<'_> {
    /// The exchange's answer to something that it was given.
    fn answered(&mut self, event: &ExchangeEvent) {
        let (ExchangeEvent::Taken { key, .. }
        | ExchangeEvent::Refused { key, .. }
        | ExchangeEvent::Changed { key }
        | ExchangeEvent::ChangeRefused { key, .. }
        | ExchangeEvent::CancelTaken { key }) = event
        else {
            return;
        };
        let Some(perm_id) = self.shared.orders.of_key(key) else { return };
        match event {
            ExchangeEvent::Taken { .. } => {
                self.settle_size(perm_id);
                // Of a scale that goes on nobody hears with which component it does.
                let held = self.shared.orders.live(perm_id);
                if held.is_none_or(|held| held.generation == 0 || held.steps_are_none()) {
                    self.stands(perm_id, Status::PreSubmitted);
                }
                self.warn_of_closed_market(perm_id);
            }
            ExchangeEvent::Refused { reason, .. } => self.refused(perm_id, key, reason),
            ExchangeEvent::Changed { .. } => self.changed(perm_id),
            ExchangeEvent::ChangeRefused { reason, .. } => self.change_refused(perm_id, reason),
            _ => {
                if let Some(held) = self.shared.orders.live_mut(perm_id) {
                    held.status = Status::PendingCancel;
                    self.tell_status(perm_id);
                }
            }
        }
    }

    /// An order was not taken; scripted corrections that were not made are told in the same words and concern nobody.
    fn refused(&mut self, perm_id: PermId, key: &OrderKey, reason: &str) {
        if self.phase_at_exchange(key).is_none() {
            self.end_order(perm_id, Status::Inactive, reason);
        }
    }

    fn status(&mut self, perm_id: PermId, status: &BrokerStatus) {
        self.settle_size(perm_id);
        let reason = status.reason.as_deref().unwrap_or_default();
        match status.phase {
            BrokerPhase::Held => self.stands(perm_id, Status::PreSubmitted),
            BrokerPhase::Working => self.stands(perm_id, Status::Submitted),
            BrokerPhase::CancelPending => self.stands(perm_id, Status::PendingCancel),
            BrokerPhase::Filled if self.step_scale(perm_id) || self.hedge_goes_on(perm_id) => {}
            BrokerPhase::Filled => {
                self.close_group(perm_id);
                self.end_order(perm_id, Status::Filled, "");
            }
            BrokerPhase::Cancelled => self.end_order(perm_id, Status::Cancelled, reason),
            BrokerPhase::Expired => self.expire(perm_id),
            BrokerPhase::Refused => self.end_order(perm_id, Status::Inactive, reason),
        }
    }

    /// An order of a group has filled: what of the group rests here ends as well.
    fn close_group(&mut self, perm_id: PermId) {
        let Some(held) = self.shared.orders.live(perm_id) else { return };
        let Some(group) = held.wording.intent.oca().map(|group| group.name().to_owned()) else { return };
        let account = held.account().clone();
        let others: Vec<PermId> = self
            .shared
            .orders
            .all_live()
            .filter(|other| {
                other.perm_id != perm_id
                    && other.place != super::held::Place::Exchange
                    && *other.account() == account
                    && other.wording.intent.oca().is_some_and(|it| it.name() == group)
            })
            .map(|other| other.perm_id)
            .collect();
        for other in others {
            self.end_order(other, Status::Cancelled, "another order of its group has filled");
        }
    }
}
