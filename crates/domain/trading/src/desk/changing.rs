//! Changing an order that the broker holds: its new terms are judged as those of a new order, in the place of the old.
//!
//! Whatever stops a change leaves the order as it was, in the book as in the journal. A change whose answer is lost is a
//! state of the order ([`tradeport_orders::PendingChange`]): both wordings count until the broker proves one of them.

use super::exposure::Supposing;
use super::judging::{Described, Judgement, Stop, stopped, valid};
use super::to_send::{Errand, ToSend};
use super::{ChangeOutcome, Changed, DeskError, DeskState, OrderDesk};
use std::collections::BTreeMap;
use tradeport_kernel::{Decimal, OrderKey, Timestamp};
use tradeport_orders::validation::Warning;
use tradeport_orders::{
    BrokerOrder, ChangeRefusal, ClearedChange, JournalEntry, OcaGroup, Order, OrderChange, OrderInput,
    OrderIntent, OrderKind, RefusedBy, Side, SubmitError,
};
use tradeport_risk::Switch;

const EPOCH_ENDED: &str = "the link was lost before it left";

/// What the first half of a change decided.
enum Admission {
    Cleared(ClearedChange, ToSend, Vec<Warning>),
    Stopped(Stop, Vec<Warning>),
}

impl OrderDesk {
    /// Changes an order: what may be changed, risk on the new terms, validation of them, journal, gateway, state.
    ///
    /// Of a family all of it is read back from the broker afterwards.
    ///
    /// Errors: [`DeskError::Change`] when the order may not be changed like this at all; nothing is kept of that.
    pub async fn change(&self, key: &OrderKey, change: OrderChange) -> Result<Changed, DeskError> {
        let order = self.find(key).await?.ok_or_else(|| DeskError::UnknownOrder(key.clone()))?;
        let described = self.describe(order.intent()).await?;
        self.hear_of_group(order.wording()).await?;
        let (outcome, warnings) = match self.admit_change(key, &change, &described).await? {
            Admission::Stopped(stop, warnings) => {
                let outcome = match stop {
                    Stop::Risk(refusal) => ChangeOutcome::StoppedByRisk(refusal),
                    Stop::Validation(refusals) => ChangeOutcome::Invalid(refusals),
                };
                (outcome, warnings)
            }
            Admission::Cleared(cleared, to_send, warnings) => {
                let outcome = self.send_change(&cleared, to_send).await?;
                self.read_back(&order).await;
                (outcome, warnings)
            }
        };
        let order = self.order(key).await.ok_or_else(|| DeskError::UnknownOrder(key.clone()))?;
        Ok(Changed { order, outcome, warnings })
    }

    /// Under the lock: judge, keep, and only then clear.
    async fn admit_change(
        &self,
        key: &OrderKey,
        change: &OrderChange,
        described: &Described,
    ) -> Result<Admission, DeskError> {
        let now = self.ports.clock.now();
        let mut state = self.to_judge().await;
        let order = state.book().get(key).ok_or_else(|| DeskError::UnknownOrder(key.clone()))?;
        let wanted = change.check(order).map_err(|cause| DeskError::Change { key: key.clone(), cause })?;
        let exits = state.check_exits(order, &wanted);
        exits.map_err(|cause| DeskError::Change { key: key.clone(), cause })?;
        let switch = self.switch().await;
        let judgement = self.judge_change(&state, order, change, &wanted, (described, &switch), now);
        let happened = |input| JournalEntry::happened(key.clone(), input, now);
        let mut lines = vec![happened(OrderInput::ChangeRequested { change: change.clone() })];
        lines.extend(judgement.inputs_of_change().into_iter().map(happened));
        if let Some(stop) = judgement.stop {
            self.keep(&mut state, &lines).await?;
            self.tell_stop(key, &stop);
            return Ok(Admission::Stopped(stop, judgement.warnings));
        }
        let (wording, errands) = (order.wording().clone(), vec![(key.clone(), Errand::Change)]);
        let (receipts, mut to_send) = self.keep_to_send(&mut state, lines, errands).await?;
        let kept = receipts.first().zip(to_send.pop());
        let (receipt, to_send) = kept.ok_or_else(|| DeskError::UnknownOrder(key.clone()))?;
        let cleared = ClearedChange::by_desk(key.clone(), change.clone(), receipt)?.of(wording);
        Ok(Admission::Cleared(cleared, to_send, judgement.warnings))
    }

    /// A change that takes units away and does nothing else only shrinks what is at stake: no limit stops it. What others of
    /// its group have traded may have made it smaller already, and then it may grow.
    fn judge_change(
        &self,
        state: &DeskState,
        order: &Order,
        change: &OrderChange,
        wanted: &OrderIntent,
        (described, switch): (&Described, &Switch),
        now: Timestamp,
    ) -> Judgement {
        // Only a cancel passes a killed switch: a smaller order is still one that may trade.
        if let Err(refusal) = switch.check() {
            return stopped(refusal);
        }
        let smaller = change.quantity.filter(|wanted| order.quantity().is_some_and(|has| *wanted <= has));
        if let Some(quantity) = smaller
            && *change == OrderChange::to_quantity(quantity)
            && !state.has_traded_beside(order)
        {
            return valid(described, wanted, now, Vec::new());
        }
        let supposing = Supposing { without: Some(order.intent().key()), with: &[] };
        self.judge(state, wanted, described, now, supposing, switch)
    }

    /// Sends a change whose wish is kept, and keeps what became of it.
    async fn send_change(
        &self,
        cleared: &ClearedChange,
        mut to_send: ToSend,
    ) -> Result<ChangeOutcome, DeskError> {
        let key = cleared.key();
        // Again, right before it leaves: somebody may have killed the switch meanwhile.
        if let Err(refusal) = self.switch().await.check() {
            self.happened(key, OrderInput::ChangeRefused { reason: refusal.to_string(), by: RefusedBy::Us })
                .await?;
            return Ok(ChangeOutcome::StoppedByRisk(refusal));
        }
        if to_send.is_lost(self.settling.losses()) {
            // What becomes of the wish is told by the broker's lists.
            return Ok(ChangeOutcome::NotSent { reason: EPOCH_ENDED.to_owned() });
        }
        to_send.leaves();
        let answer = self.ports.gateway.change(cleared).await;
        to_send.told();
        let (input, outcome) = match answer {
            Ok(()) => (OrderInput::Changed { change: cleared.change().clone() }, ChangeOutcome::Made),
            Err(SubmitError::Refused { reason }) => (
                OrderInput::ChangeRefused { reason: reason.clone(), by: RefusedBy::Broker },
                ChangeOutcome::Refused { reason },
            ),
            Err(SubmitError::OutcomeUnknown(cause)) => {
                let reason = cause.to_string();
                (
                    OrderInput::ChangeOutcomeUnknown { reason: reason.clone() },
                    ChangeOutcome::Unknown { reason },
                )
            }
            Err(SubmitError::NotSent(cause)) => not_sent(cause.to_string()),
            Err(error @ SubmitError::Unsupported(_)) => not_sent(error.to_string()),
        };
        let kept = self.happened(key, input).await;
        kept.map_err(|cause| DeskError::AnswerNotKept { key: key.clone(), cause: Box::new(cause) })?;
        Ok(outcome)
    }
}

impl DeskState {
    /// Would the exits of an entry that becomes smaller still take out no more than it brings in? They were judged by what it
    /// would bring in; beyond that they would open a position that nobody asked for.
    fn check_exits(&self, entry: &Order, wanted: &OrderIntent) -> Result<(), ChangeRefusal> {
        let (Some(before), Some(after)) = (entry.quantity(), wanted.quantity()) else { return Ok(()) };
        if after >= before {
            return Ok(());
        }
        let exits = self.exits_of(entry, wanted.side());
        let taken_out: Decimal = exits.iter().map(|exit| exit.filled()).sum();
        let live: Vec<&Order> = exits.into_iter().filter(|exit| exit.state().may_trade()).collect();
        // Of a group one fills and the others go, as of those that have no other group than their parent.
        let mut groups: BTreeMap<Option<&str>, Decimal> = BTreeMap::new();
        for exit in &live {
            let largest = groups.entry(exit.wording().oca().map(OcaGroup::name)).or_default();
            *largest = exit.open_quantity().unwrap_or_default().max(*largest);
        }
        let exits = groups.into_values().fold(taken_out, |sum, units| sum.saturating_add(units));
        let entry = after.as_decimal();
        if exits <= entry {
            return Ok(());
        }
        let keys = live.iter().map(|exit| exit.intent().key().to_string()).collect::<Vec<_>>().join(", ");
        Err(ChangeRefusal::BelowItsExits { entry, exits, keys })
    }

    /// The children of an entry that take out what it brings in, those that have ended among them.
    fn exits_of(&self, entry: &Order, entry_side: Side) -> Vec<&Order> {
        let (key, symbol) = (entry.intent().key(), entry.intent().symbol());
        let is_exit = |order: &&Order| {
            let wording = order.wording();
            wording.parent() == Some(key) && wording.symbol() == symbol && wording.side() != entry_side
        };
        self.book().iter().filter(is_exit).collect()
    }
}

fn not_sent(reason: String) -> (OrderInput, ChangeOutcome) {
    let kept = format!("it never left this process: {reason}");
    (OrderInput::ChangeRefused { reason: kept, by: RefusedBy::Us }, ChangeOutcome::NotSent { reason })
}

/// Is the size all that would be another, if that?
fn names_nothing_else(change: &OrderChange, now: &OrderIntent) -> bool {
    let OrderChange { quantity: _, kind, time_in_force, outside_sessions, conditions } = change;
    kind.is_none_or(|kind| kind == *now.kind())
        && time_in_force.is_none_or(|time| time == now.time_in_force())
        && outside_sessions.is_none()
        && conditions.is_none()
}

/// What the broker's snapshot proves about a change that was not answered: the order stands there in one wording or the
/// other. `None` when it shows neither, or when it does not tell the two apart.
///
/// What others of its group have traded may have made it smaller since, from either of its sizes. Where one explains what is
/// shown, that is the one; where both do, it is as large as it is shown, whichever it had been.
pub(super) fn proven_change(order: &Order, row: &BrokerOrder, is_beside_traded: bool) -> Option<OrderInput> {
    let (change, now) = (order.pending_change()?.change(), order.wording());
    // By each thing that it names: is it made, and does the order stand there as it did? What it does not name may have become
    // another by itself, as the size of what belongs to a group and the price of what trails the market.
    let sizes = change.quantity.zip(order.quantity()).zip(row.size.quantity());
    let size = change.quantity.map(|_| match sizes {
        Some(((new, was), shown)) if is_beside_traded && shown != new && shown != was => {
            (shown < new, shown < was)
        }
        Some(((new, was), shown)) => (shown == new, shown == was),
        None => (row.size.quantity() == change.quantity, false),
    });
    let kind = change.kind.map(|new| {
        let is = |kind: &OrderKind| row.kind.is_some_and(|shown| kind.is_told_as(&shown));
        (is(&new), is(now.kind()))
    });
    let time = change
        .time_in_force
        .map(|new| (row.time_in_force == Some(new), row.time_in_force == Some(now.time_in_force())));
    let named = [size, kind, time].into_iter().flatten();
    let proof = named.fold((true, true), |all, one| (all.0 && one.0, all.1 && one.1));
    match proof {
        (true, was) if !was || names_nothing_else(change, now) => {
            let quantity = change.quantity.and(row.size.quantity());
            Some(OrderInput::Changed { change: OrderChange { quantity, ..change.clone() } })
        }
        (false, true) => {
            let reason = "the change did not reach the broker".to_owned();
            Some(OrderInput::ChangeRefused { reason, by: RefusedBy::Snapshots })
        }
        _ => None,
    }
}
