//! The life of an order: a pure state machine.
//!
//! `apply` is total: every input has a defined effect in every state, and what does not fit is an [`Anomaly`] beside
//! the effect, never a panic and never a guess. Applying the same journal always gives the same order.

use crate::{
    BrokenRule, BrokerPhase, BrokerStatus, Commission, ExecutedPart, Execution, ExecutionId, Fills,
    OrderChange, OrderInput, OrderIntent, OrderKind, OrderSize, OrderState, PreviewedMargin, Side, Taken,
    Twin, twins::Twins,
};
use tradeport_kernel::{BrokerOrderId, Decimal, Money, PermId, Price, Quantity, Timestamp};

/// An order as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    intent: OrderIntent,
    /// The wording now, once a change was taken.
    changed: Option<OrderIntent>,
    /// A change that was asked for and not answered.
    pending: Option<PendingChange>,
    /// How many units, as far as that is known.
    units: Option<Quantity>,
    state: OrderState,
    fills: Fills,
    reported_filled: Decimal,
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
    reason: Option<String>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

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

/// What an input did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// The state it left and the one it entered, if they differ.
    pub moved: Option<(OrderState, OrderState)>,
    /// An execution that counts now and did not before.
    pub executed: Option<Execution>,
    /// An execution that counted before and does not any more, since a revision replaced it.
    pub replaced: Option<Execution>,
    /// What is to be paid on top of what was known: the whole cost the first time, the difference when it is corrected.
    pub charged: Option<(ExecutionId, Money)>,
    /// What did not fit.
    pub anomaly: Option<Anomaly>,
}

/// An input that does not fit the order; a person should see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Anomaly {
    /// The broker reports a phase for an order that had ended otherwise.
    StatusAfterEnd,
    /// More has traded than was ordered.
    Overfilled,
    /// It belongs to another order: other account, instrument or side.
    Foreign,
    /// The broker has another order under the same key.
    Twin,
    /// A commission for an execution that was never seen.
    UnknownExecution,
    /// A commission was corrected in another currency.
    OtherCurrency,
    /// Proof of absence for an order that the broker had shown.
    AbsentAfterSeen,
    /// The input makes no sense in this state and was ignored.
    OutOfPlace,
}

impl Order {
    /// A new order of this intent, in the journal since `at`.
    #[must_use]
    pub fn open(intent: OrderIntent, at: Timestamp) -> Self {
        Self {
            units: intent.quantity(),
            changed: None,
            pending: None,
            intent,
            state: OrderState::Recorded,
            fills: Fills::default(),
            reported_filled: Decimal::ZERO,
            perm_id: None,
            broker_order_id: None,
            twins: Twins::default(),
            held_back: false,
            margin: None,
            cancel_told: false,
            reason: None,
            created_at: at,
            updated_at: at,
        }
    }

    /// What it takes of its account's margins when it trades in full, by the broker's word before it was sent; `None` where
    /// nobody asked.
    #[must_use]
    pub const fn previewed_margin(&self) -> Option<PreviewedMargin> {
        self.margin
    }

    /// Applies one input that happened at `at`.
    pub fn apply(&mut self, input: &OrderInput, at: Timestamp) -> Applied {
        let before = self.state;
        let mut applied = Applied::default();
        self.dispatch(input, &mut applied);
        if self.state.is_final() {
            self.pending = None;
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
                self.perm_id = perm_id.or(self.perm_id);
                self.broker_order_id = broker_order_id.or(self.broker_order_id);
                if matches!(self.state, S::Sent | S::Unknown | S::Recorded) {
                    self.state = if self.held_back { S::Held } else { S::Working };
                }
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
            OrderInput::ChangeRefused { .. } => {
                self.pending = None;
                self.settle_fill();
            }
            OrderInput::ChangeOutcomeUnknown { .. } => match &mut self.pending {
                Some(pending) => pending.unknown = true,
                None => applied.anomaly = Some(Anomaly::OutOfPlace),
            },
            OrderInput::CancelRequested { .. } => {
                // What is in flight stays so: its answer, not our wish, says whether there is anything to cancel.
                if matches!(self.state, S::Held | S::Working) {
                    self.state = S::CancelPending;
                }
            }
            OrderInput::CancelRefused { .. } => {
                if self.state == S::CancelPending {
                    self.state = S::Working;
                }
            }
            OrderInput::LinkLost => {
                if self.state == S::Sent {
                    self.state = S::Unknown;
                }
            }
            OrderInput::ProvenAbsent => self.proven_absent(applied),
            OrderInput::TwinGone { perm_id } => self.number_gone(*perm_id, applied),
        }
    }

    fn only_from(&mut self, from: &[OrderState], to: OrderState, applied: &mut Applied) {
        if from.contains(&self.state) {
            self.state = to;
        } else {
            applied.anomaly = Some(Anomaly::OutOfPlace);
        }
    }

    fn end(&mut self, state: OrderState, reason: &str, applied: &mut Applied) {
        if self.state.is_final() && !self.may_revive() {
            if self.state != state {
                applied.anomaly = Some(Anomaly::StatusAfterEnd);
            }
            return;
        }
        self.state = state;
        self.reason = Some(reason.to_owned());
    }

    fn invalid(&mut self, broken: &[BrokenRule], applied: &mut Applied) {
        let words: Vec<&str> = broken.iter().map(|one| one.words.as_str()).collect();
        self.reason = Some(words.join("; "));
        self.only_from(&[OrderState::Recorded], OrderState::Refused, applied);
    }

    fn change_requested(&mut self, change: &OrderChange, applied: &mut Applied) {
        if self.state.is_final() || self.pending.is_some() {
            applied.anomaly = Some(Anomaly::OutOfPlace);
            return;
        }
        self.pending = Some(PendingChange { change: change.clone(), unknown: false });
    }

    fn change_made(&mut self, change: &OrderChange) {
        self.pending = None;
        self.units = change.quantity.or(self.units);
        // The broker took it: what it says counts, even where we would have refused.
        self.changed = Some(OrderIntent::checked(change.onto(self.wording().to_draft())));
        self.settle_fill();
    }

    /// The broker says that all of it has traded: as much as that was ordered, whichever wording it is.
    fn conclude_change(&mut self, filled: Decimal) {
        let Some(PendingChange { change, .. }) = self.pending.clone() else { return };
        match change.quantity {
            Some(quantity) if quantity.as_decimal() == filled => self.change_made(&change),
            Some(_) => self.pending = None,
            None => {}
        }
        self.settle_fill();
    }

    /// A send that failed for certain, unless the broker has shown the order already: proof beats our own belief.
    fn not_sent(&mut self, reason: &str, applied: &mut Applied) {
        if matches!(self.state, OrderState::Recorded | OrderState::Sent) && self.fills.is_empty() {
            self.end(OrderState::NotSent, reason, applied);
        } else {
            applied.anomaly = Some(Anomaly::OutOfPlace);
        }
    }

    fn proven_absent(&mut self, applied: &mut Applied) {
        match self.state {
            OrderState::Recorded | OrderState::Sent | OrderState::Unknown if self.fills.is_empty() => {
                self.end(OrderState::NotSent, "the broker has no trace of it", applied);
            }
            state if state.is_final() => {}
            _ => applied.anomaly = Some(Anomaly::AbsentAfterSeen),
        }
    }

    fn status(&mut self, status: &BrokerStatus, applied: &mut Applied) {
        if let Some(number) = self.other_number(status.perm_id) {
            self.twin_status(number, status, applied);
            return;
        }
        if self.goes_on_as_twin(status) {
            return;
        }
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
                self.state = OrderState::Working;
                self.learn_units();
                self.conclude_change(status.filled);
            }
            BrokerPhase::Held => self.alive(OrderState::Held, applied),
            BrokerPhase::Working => self.alive(OrderState::Working, applied),
            BrokerPhase::CancelPending => self.alive(OrderState::CancelPending, applied),
        }
    }

    fn alive(&mut self, state: OrderState, applied: &mut Applied) {
        let cancel_was_told = std::mem::replace(&mut self.cancel_told, state == OrderState::CancelPending);
        if self.state == OrderState::Filled {
            // A late word about an order that has traded in full says nothing new.
        } else if self.state.is_final() && !self.may_revive() {
            applied.anomaly = Some(Anomaly::StatusAfterEnd);
        } else if self.state != OrderState::CancelPending || cancel_was_told {
            // A word that was on its way when we asked to cancel says nothing; one that follows the broker's own word on
            // the cancel says that it was not cancelled.
            self.state = state;
        }
    }

    fn executed(&mut self, execution: &Execution, applied: &mut Applied) {
        if !self.is_ours(execution) {
            applied.anomaly = Some(Anomaly::Foreign);
            return;
        }
        match self.other_number(Some(execution.perm_id)) {
            Some(number) => self.note_twin(number, applied),
            None => self.perm_id = self.perm_id.filter(|it| it.number() != 0).or(Some(execution.perm_id)),
        }
        match self.fills.take(execution) {
            Taken::Known => return,
            Taken::New => {}
            Taken::Replaces(earlier) => applied.replaced = Some(*earlier),
        }
        applied.executed = Some(execution.clone());
        // What trades is held back by nobody.
        self.held_back = false;
        // How much that is was never said where money or a parent's fills size the order.
        if execution.part.fills_order() && self.overfilled().is_some() {
            applied.anomaly = Some(Anomaly::Overfilled);
        }
        if matches!(
            self.state,
            OrderState::Recorded | OrderState::Sent | OrderState::Unknown | OrderState::Held
        ) {
            self.state = OrderState::Working;
        }
        self.settle_fill();
    }

    /// A leg is of another instrument than its combo, on either side: whose it is, account and broker's number say.
    fn is_ours(&self, execution: &Execution) -> bool {
        let of_the_order = match execution.part {
            ExecutedPart::Whole | ExecutedPart::Combo => {
                execution.symbol == self.intent.symbol() && execution.side == self.intent.side()
            }
            ExecutedPart::Leg => {
                execution.symbol != self.intent.symbol()
                    && self.perm_id.is_none_or(|perm_id| perm_id == execution.perm_id)
            }
        };
        of_the_order && execution.account == *self.intent.account()
    }

    fn settle_fill(&mut self) {
        let complete = self.most_units().is_some_and(|units| self.filled_here() >= units.as_decimal());
        if !self.fills.is_empty() && complete && !self.follow_live_twin(BrokerPhase::Filled) {
            self.state = OrderState::Filled;
        }
    }

    /// How many units it can be for: with a change under way, the larger of the two.
    fn most_units(&self) -> Option<Quantity> {
        let asked = self.pending.as_ref().and_then(|pending| pending.change.quantity);
        self.units.map(|units| asked.map_or(units, |asked| asked.max(units)))
    }

    /// An order that is not sized in units is as large as what has traded when the broker calls it filled.
    fn learn_units(&mut self) {
        if self.intent.quantity().is_none() {
            self.units = Quantity::new(self.reported_filled).ok().or(self.units);
            self.settle_fill();
        }
    }

    fn charged(&mut self, commission: &Commission, applied: &mut Applied) {
        match self.fills.charge(commission) {
            Ok(more) => applied.charged = more.map(|more| (commission.execution.clone(), more)),
            Err(anomaly) => applied.anomaly = Some(anomaly),
        }
    }

    /// What was wanted.
    #[must_use]
    pub const fn intent(&self) -> &OrderIntent {
        &self.intent
    }

    /// Where it stands.
    #[must_use]
    pub const fn state(&self) -> OrderState {
        self.state
    }

    /// How it is worded now, changes included.
    #[must_use]
    pub fn wording(&self) -> &OrderIntent {
        self.changed.as_ref().unwrap_or(&self.intent)
    }

    /// The change that was asked for and is not answered yet.
    #[must_use]
    pub const fn pending_change(&self) -> Option<&PendingChange> {
        self.pending.as_ref()
    }

    /// How much is ordered now, changes included.
    #[must_use]
    pub fn size(&self) -> OrderSize {
        self.wording().size()
    }

    /// How many units are ordered now, changes included; for an order that money or its parent's fills size, `None`
    /// until the broker calls it filled.
    #[must_use]
    pub const fn quantity(&self) -> Option<Quantity> {
        self.units
    }

    /// Its kind and prices now, changes included.
    #[must_use]
    pub fn kind(&self) -> &OrderKind {
        self.wording().kind()
    }

    /// Which way.
    #[must_use]
    pub fn side(&self) -> Side {
        self.intent.side()
    }

    /// How much has traded, by the executions that fill the order.
    #[must_use]
    pub fn filled(&self) -> Decimal {
        self.fills.quantity()
    }

    /// How much the broker says has traded; more than [`Self::filled`] while executions are missing.
    #[must_use]
    pub fn reported_filled(&self) -> Decimal {
        self.reported_filled + self.twins.reported_filled()
    }

    /// Other orders that the broker has under this key, by their durable numbers: mostly none.
    pub fn twins(&self) -> impl Iterator<Item = (PermId, &Twin)> {
        self.twins.iter()
    }

    /// Could several orders at the broker trade for this one intent?
    #[must_use]
    pub fn has_live_twin(&self) -> bool {
        self.twins.any_live()
    }

    /// How much more has traded than was ordered, by the larger wording while a change is under way; `None` when it is not
    /// more, or when nobody said how many units it is for.
    #[must_use]
    pub fn overfilled(&self) -> Option<Decimal> {
        let asked = self.pending.as_ref().and_then(|pending| pending.change.quantity);
        let ordered = self.intent.quantity().and(self.wording().quantity())?;
        let over = self.filled() - asked.map_or(ordered, |asked| asked.max(ordered)).as_decimal();
        (over > Decimal::ZERO).then_some(over)
    }

    /// How much could still trade, by the larger wording while a change is under way: zero once the order has ended, `None` while nobody knows how many units it is for.
    #[must_use]
    pub fn open_quantity(&self) -> Option<Decimal> {
        if self.state.is_final() {
            return Some(Decimal::ZERO);
        }
        let here = (self.most_units()?.as_decimal() - self.filled_here()).max(Decimal::ZERO);
        self.twins.live().try_fold(here, |sum, (number, twin)| {
            let rest = twin.units()?.as_decimal() - self.fills.quantity_of(number);
            sum.checked_add(rest.max(Decimal::ZERO))
        })
    }

    /// The average price of what has traded, rounded to 12 places; `None` while nothing has.
    #[must_use]
    pub fn average_price(&self) -> Option<Price> {
        self.fills.average_price()
    }

    /// The executions that count, in the order in which they arrived, the legs of combos among them.
    pub fn executions(&self) -> impl Iterator<Item = &Execution> {
        self.fills.executions()
    }

    /// What the executions cost, as far as it was told; of a combo those of its legs.
    pub fn commissions(&self) -> impl Iterator<Item = Money> {
        self.fills.commissions()
    }

    /// The executions of which it was told what they cost, each with its cost.
    pub fn charged_executions(&self) -> impl Iterator<Item = (&Execution, Money)> {
        self.fills.charged()
    }

    /// Was it sent to wait at the broker for the last of its family, and is nothing known of that one yet?
    #[must_use]
    pub const fn is_held_back(&self) -> bool {
        self.held_back
    }

    /// Does it not work now, by a word of the broker that gave no reason? Such an order is counted for dead, may still be
    /// cancelled, and lives again when the broker says so. (IB calls it inactive.)
    #[must_use]
    pub fn may_revive(&self) -> bool {
        self.state == OrderState::Refused && self.reason().is_none() && self.twins.is_empty()
    }

    /// The broker's durable number.
    #[must_use]
    pub const fn perm_id(&self) -> Option<PermId> {
        self.perm_id
    }

    /// Its number within the connection that sent it.
    #[must_use]
    pub const fn broker_order_id(&self) -> Option<BrokerOrderId> {
        self.broker_order_id
    }

    /// Why it stands where it stands, when somebody said so.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref().filter(|reason| !reason.is_empty())
    }

    /// When it was recorded.
    #[must_use]
    pub const fn created_at(&self) -> Timestamp {
        self.created_at
    }

    /// When something last happened to it.
    #[must_use]
    pub const fn updated_at(&self) -> Timestamp {
        self.updated_at
    }
}

mod twinned;

#[cfg(test)]
mod tests;
