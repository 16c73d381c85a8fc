//! Placing one order: judged, kept, and only then sent.

use super::exposure::Supposing;
use super::judging::{Described, Stop, entries};
use super::{DeskError, DeskState, OrderDesk, Placed};
use crate::PlatformEvent;
use tradeport_kernel::OrderKey;
use tradeport_orders::validation::Warning;
use tradeport_orders::{
    BrokenRule, ClearedOrder, JournalEntry, JournalError, JournalReceipt, OrderInput, OrderIntent,
    SubmitError,
};
use tradeport_risk::RiskRefusal;

/// What the first half of a submission decided.
enum Admission {
    /// In the journal and approved; to be sent.
    Cleared(ClearedOrder, Vec<Warning>),
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
        let described = self.describe(&intent).await?;
        let key = intent.key().clone();
        let (repeat, stop, warnings) = match self.admit(intent, &described).await? {
            Admission::Repeat => (true, None, Vec::new()),
            Admission::Stopped(stop, warnings) => {
                self.kill_for(&stop).await;
                (false, Some(stop), warnings)
            }
            Admission::Cleared(order, warnings) => {
                let stop = self.hand_over(&order).await?.map(Stop::Risk);
                (false, stop, warnings)
            }
        };
        let order = self.order(&key).await.ok_or(DeskError::UnknownOrder(key))?;
        let (refusal, invalid) = stop.map(Stop::into_parts).unwrap_or_default();
        Ok(Placed { order, repeat, refusal, invalid, warnings })
    }

    /// Hands a cleared order to the gateway and keeps what became of it. The switch is looked at once more: what was
    /// killed since the order was judged stops it here.
    pub(super) async fn hand_over(&self, order: &ClearedOrder) -> Result<Option<RiskRefusal>, DeskError> {
        let key = order.intent().key();
        if let Err(refusal) = self.switch().await.check() {
            self.happened(key, OrderInput::NotSent { reason: refusal.to_string() }).await?;
            self.tell_stop(key, &Stop::Risk(refusal.clone()));
            return Ok(Some(refusal));
        }
        let outcome = outcome_of(self.ports.gateway.submit(order).await);
        let kept = self.happened(key, outcome).await;
        kept.map_err(|cause| DeskError::AnswerNotKept { key: key.clone(), cause: Box::new(cause) })?;
        Ok(None)
    }

    /// Under the lock: judge, keep, and only then clear.
    async fn admit(&self, intent: OrderIntent, described: &Described) -> Result<Admission, DeskError> {
        let now = self.ports.clock.now();
        let mut state = self.state.lock().await;
        if self.is_repeat(&state, &intent)? {
            return Ok(Admission::Repeat);
        }
        let switch = self.switch().await;
        let judgement = self.judge(&state, &intent, described, now, Supposing::default(), &switch);
        let key = intent.key().clone();
        let mut inputs = judgement.inputs();
        if judgement.stop.is_none() {
            inputs.push(OrderInput::Sent);
        }
        let mut lines = vec![JournalEntry::intended(intent.clone(), now)];
        lines.extend(entries(&key, inputs, now));
        let receipts = self.keep(&mut state, &lines).await?;
        if let Some(stop) = judgement.stop {
            self.tell_stop(&key, &stop);
            return Ok(Admission::Stopped(stop, judgement.warnings));
        }
        let receipt = receipts.first().ok_or(DeskError::UnknownOrder(key))?;
        Ok(Admission::Cleared(ClearedOrder::by_desk(intent, receipt)?, judgement.warnings))
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

    pub(super) fn tell_stop(&self, key: &OrderKey, stop: &Stop) {
        let key = key.clone();
        self.bus.publish(&match stop {
            Stop::Risk(refusal) => PlatformEvent::RiskRefused { key, refusal: refusal.clone() },
            Stop::Validation(refusals) => {
                PlatformEvent::ValidationRefused { key, broken: BrokenRule::all_of(refusals) }
            }
        });
    }

    /// Keeps entries, then lets them take effect, in this order and under the caller's lock.
    pub(super) async fn keep(
        &self,
        state: &mut DeskState,
        entries: &[JournalEntry],
    ) -> Result<Vec<JournalReceipt>, DeskError> {
        let receipts = self.ports.journal.append(entries).await.map_err(|error| match error {
            JournalError::DuplicateIntent(key) => DeskError::KeyReused(key),
            other => DeskError::Journal(other),
        })?;
        for entry in entries {
            let applied = state.apply(entry)?;
            for event in state.settle(entry, &applied) {
                self.bus.publish(&event);
            }
        }
        Ok(receipts)
    }

    pub(super) async fn happened(
        &self,
        key: &OrderKey,
        input: OrderInput,
    ) -> Result<Vec<JournalReceipt>, DeskError> {
        let entry = JournalEntry::happened(key.clone(), input, self.ports.clock.now());
        let mut state = self.state.lock().await;
        self.keep(&mut state, &[entry]).await
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
