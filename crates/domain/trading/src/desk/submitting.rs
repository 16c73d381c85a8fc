//! Placing one order: judged, kept, and only then sent.

use super::exposure::group_of;
use super::judging::Stop;
use super::to_send::ToSend;
use super::{DeskError, DeskState, OrderDesk, Placed};
use crate::PlatformEvent;
use tradeport_kernel::OrderKey;
use tradeport_orders::validation::Warning;
use tradeport_orders::{BrokenRule, ClearedOrder, Order, OrderInput, OrderIntent, SubmitError};
use tradeport_risk::RiskRefusal;

/// What the first half of a submission decided, all of it in the journal.
pub(super) enum Admission {
    /// In the journal and approved; to be sent.
    Cleared(ClearedOrder, ToSend, Vec<Warning>),
    /// In the journal, and stopped.
    Stopped(Stop, Vec<Warning>),
    /// The key was there before.
    Repeat,
}

impl OrderDesk {
    /// Places an order: risk verdict, validation, journal and audit log, gateway, state.
    ///
    /// The same intent under the same key is placed once, whatever happens in between: a repeat returns what became of
    /// the first. An outcome that nobody knows is `Ok` with the state `Unknown`; it is never sent again. What risk or
    /// validation stops is `Ok` as well: an order that was refused, kept with the reasons.
    pub async fn submit(&self, intent: OrderIntent) -> Result<Placed, DeskError> {
        check_order(&intent)?;
        let key = intent.key().clone();
        let (order, repeat, stop, warnings) = match self.decide(intent).await? {
            Admission::Repeat => (None, true, None, Vec::new()),
            Admission::Stopped(stop, warnings) => {
                self.kill_for(&stop).await;
                (None, false, Some(stop), warnings)
            }
            Admission::Cleared(order, to_send, warnings) => {
                let (order, refusal) = self.hand_over(&order, to_send).await?;
                (Some(order), false, refusal.map(Stop::Risk), warnings)
            }
        };
        let order = match order {
            Some(order) => order,
            None => self.order(&key).await.ok_or(DeskError::UnknownOrder(key))?,
        };
        let (refusal, invalid) = stop.map(Stop::into_parts).unwrap_or_default();
        Ok(Placed { order, repeat, refusal, invalid, warnings })
    }

    /// The first half: what the order is for, what the broker says of it where that is wanted, and what follows from both.
    async fn decide(&self, intent: OrderIntent) -> Result<Admission, DeskError> {
        let intents = std::slice::from_ref(&intent);
        let Some(described) = self.describe_new(intents).await?.and_then(|mut all| all.pop()) else {
            return Ok(Admission::Repeat);
        };
        let _told = self.ask_before(intents).await?;
        self.hear_of_group(&intent).await?;
        self.admit(intent, described).await
    }

    /// What of its group has traded makes an order no smaller that comes, or grows, after that: it counts beside it, once it was
    /// heard of.
    pub(super) async fn hear_of_group(&self, intent: &OrderIntent) -> Result<(), DeskError> {
        match group_of(intent.oca()) {
            Some(_) => self.take_in_waiting().await,
            None => Ok(()),
        }
    }

    /// Hands a cleared order to the gateway and keeps what became of it. The switch is looked at once more: what was
    /// killed since the order was judged stops it here, and so does the end of its epoch: then it stands as the broker's lists prove.
    /// The order with that, and what stopped it.
    pub(super) async fn hand_over(
        &self,
        order: &ClearedOrder,
        mut to_send: ToSend,
    ) -> Result<(Order, Option<RiskRefusal>), DeskError> {
        let key = order.intent().key();
        if let Err(refusal) = self.switch().await.check() {
            let noted = self.happened(key, OrderInput::NotSent { reason: refusal.to_string() }).await?;
            self.tell_stop(key, &Stop::Risk(refusal.clone()));
            return Ok((noted.order, Some(refusal)));
        }
        if to_send.is_lost(self.settling.losses()) {
            drop(to_send);
            let order = self.order(key).await.ok_or_else(|| DeskError::UnknownOrder(key.clone()))?;
            return Ok((order, None));
        }
        to_send.leaves();
        let outcome = outcome_of(self.ports.gateway.submit(order).await);
        to_send.told();
        let kept = self.happened(key, outcome).await;
        let noted =
            kept.map_err(|cause| DeskError::AnswerNotKept { key: key.clone(), cause: Box::new(cause) })?;
        Ok((noted.order, None))
    }

    /// Was this very intent placed before? One key is one intent, and its account must be known.
    pub(super) fn is_repeat(&self, state: &DeskState, intent: &OrderIntent) -> Result<bool, DeskError> {
        match state.book().get(intent.key()) {
            Some(known) if known.intent() == intent => Ok(true),
            Some(_) => Err(DeskError::KeyReused(intent.key().clone())),
            None if state.portfolio(intent.account()).is_none() => {
                Err(DeskError::UnknownAccount(intent.account().clone()))
            }
            None => Ok(false),
        }
    }

    /// Were these very intents placed before? They are placed together, or not at all.
    pub(super) fn are_repeats(&self, state: &DeskState, intents: &[OrderIntent]) -> Result<bool, DeskError> {
        let mut repeats = 0;
        for intent in intents {
            repeats += usize::from(self.is_repeat(state, intent)?);
        }
        let used = intents.iter().find(|intent| state.book().get(intent.key()).is_some());
        match used.filter(|_| repeats < intents.len()) {
            Some(used) => Err(DeskError::KeyReused(used.key().clone())),
            None => Ok(repeats == intents.len()),
        }
    }

    /// The same, however long ago that was.
    pub(super) async fn were_placed(&self, intents: &[OrderIntent]) -> Result<bool, DeskError> {
        let keys: Vec<OrderKey> = intents.iter().map(|intent| intent.key().clone()).collect();
        let mut state = self.state().await;
        self.recall(&mut state, &keys).await?;
        self.are_repeats(&state, intents)
    }

    pub(super) fn tell_stop(&self, key: &OrderKey, stop: &Stop) {
        let key = key.clone();
        self.bus.publish(&match stop {
            Stop::Risk(refusal) => PlatformEvent::RiskRefused { key, refusal: refusal.clone() },
            Stop::Validation(refusals) => {
                PlatformEvent::ValidationRefused { key, broken: BrokenRule::all_of(refusals) }
            }
        });
    }
}

/// What is placed is an order, whatever it says of itself: a question is asked by a preview.
pub(super) fn check_order(intent: &OrderIntent) -> Result<(), DeskError> {
    match intent.said().and_then(|said| said.what_if) {
        Some(_) => Err(DeskError::Question(intent.key().clone())),
        None => Ok(()),
    }
}

/// An order in one line, for the audit log.
pub(super) fn detail_of(intent: &OrderIntent) -> String {
    format!("{} {} {} {}", intent.side(), intent.size(), intent.symbol(), intent.kind().name())
}

fn outcome_of(result: Result<tradeport_orders::Accepted, SubmitError>) -> OrderInput {
    match result {
        Ok(accepted) => OrderInput::Accepted {
            perm_id: accepted.perm_id,
            broker_order_id: Some(accepted.broker_order_id),
        },
        Err(SubmitError::Refused { reason }) => OrderInput::Refused { reason },
        Err(SubmitError::NotSent(cause)) => OrderInput::NotSent { reason: cause.to_string() },
        Err(SubmitError::OutcomeUnknown(cause)) => OrderInput::OutcomeUnknown { reason: cause.to_string() },
        Err(error @ SubmitError::Unsupported(_)) => OrderInput::NotSent { reason: error.to_string() },
    }
}
