//! Placing orders that belong together: a parent, and the children that come alive when it fills.
//!
//! All of them are judged together before any is sent, and kept in one durable append. Then the parent goes first. The
//! broker holds back all but the last of them, so that none trades before all are there: whatever is cut off in between,
//! nothing of it trades, and what the broker holds of it is cancelled once the link is back.
//!
//! | what happens | what follows |
//! | --- | --- |
//! | risk or validation stops one of them | none is sent |
//! | the parent is refused, or never left | no child is sent |
//! | nobody knows whether the broker has the parent | no child is sent, and the parent is asked to be cancelled: it stays unknown until the broker proves what it is |
//! | a child is refused, never left, or unknown | the parent is asked to be cancelled, and no further child is sent |
//! | the same, and the parent has traded (some broker held nothing back) | the parent stands, and the other children are sent: they protect what it brought in |
//!
//! A child that is not sent has the state `NotSent`, with the reason. Nothing that is unknown is taken for dead.

use super::exposure::Supposing;
use super::judging::{Described, Judgement, Stop, entries};
use super::state::{head_of, waits};
use super::submitting::check_order;
use super::to_send::{Errand, ToSend};
use super::{CalledOff, DeskError, NotAFamily, OrderDesk, ParentFate, Placed, PlacedFamily};
use std::sync::Arc;
use tradeport_kernel::{Decimal, OrderKey};
use tradeport_orders::validation::Warning;
use tradeport_orders::{
    CancelError, CancelTag, ClearedOrder, JournalEntry, JournalReceipt, Order, OrderInput, OrderIntent,
    OrderState,
};

/// What the first half decided.
enum Admission {
    /// All in the journal and approved.
    Cleared(Vec<(ClearedOrder, ToSend)>),
    /// All in the journal, and none to be sent.
    Stopped(OrderKey),
    /// All of them were there before.
    Repeat,
}

/// Orders that wait at the broker for the last of their families.
#[derive(Default)]
pub(super) struct HeldBack {
    /// It is there: the entries that let go of them.
    pub(super) whole: Vec<JournalEntry>,
    /// It never will be.
    pub(super) broken: Vec<OrderKey>,
    /// It is on its way, or nobody knows: then its key.
    pub(super) waiting: Vec<(OrderKey, Option<OrderKey>)>,
}

/// What was found about each member: what stopped it, and what is to be known.
type Findings = Vec<(Option<Stop>, Vec<Warning>)>;

impl OrderDesk {
    /// Places a parent with its children; see the module for what follows when one of them does not get through. The
    /// same family under the same keys is placed once.
    ///
    /// Errors: [`DeskError::Family`] when they do not belong together, [`DeskError::KeyReused`] when some of the keys were
    /// used before; nothing was sent then.
    pub async fn submit_family(&self, intents: Vec<OrderIntent>) -> Result<PlacedFamily, DeskError> {
        check_family(&intents)?;
        intents.iter().try_for_each(check_order)?;
        let (admission, mut findings) = self.decide_family(&intents).await?;
        let repeat = matches!(admission, Admission::Repeat);
        let called_off = match admission {
            Admission::Repeat => None,
            Admission::Stopped(because_of) => {
                self.tell_stopped(&intents, &findings).await;
                Some(CalledOff { because_of, parent: ParentFate::NotThere })
            }
            Admission::Cleared(orders) => {
                let sending = self.sending();
                let called_off = self.send_family(orders, &mut findings).await?;
                if self.is_settled(&intents, called_off.as_ref()).await {
                    sending.settled();
                }
                called_off
            }
        };
        let members = self.members(&intents, repeat, findings).await?;
        Ok(PlacedFamily { members, repeat, called_off })
    }

    /// The first half: what they are for, what the broker says of them where that is wanted, and what follows from both.
    async fn decide_family(&self, intents: &[OrderIntent]) -> Result<(Admission, Findings), DeskError> {
        let Some(described) = self.describe_new(intents).await? else { return Ok(repeated(intents)) };
        let _told = self.ask_before(intents).await?;
        let admitted = self.admit_family(intents, &described).await;
        if matches!(admitted, Err(DeskError::KeyReused(_) | DeskError::UnknownAccount(_)))
            && self.recall_family(intents).await?
        {
            return self.admit_family(intents, &described).await;
        }
        admitted
    }

    /// Is it known of each of them what became of it? Else it is looked after until it is, within this epoch of the link; and so
    /// is what goes on though it is not whole.
    async fn is_settled(&self, intents: &[OrderIntent], called_off: Option<&CalledOff>) -> bool {
        if called_off.is_some_and(|off| off.parent == ParentFate::Traded) {
            return false;
        }
        if called_off.is_some_and(|off| off.parent == ParentFate::CancelAsked) {
            self.note_asked(intents.iter().map(OrderIntent::key));
        }
        let state = self.state().await;
        let mut orders = intents.iter().filter_map(|intent| state.book().get(intent.key()));
        orders.all(|order| order.state() != OrderState::Unknown)
    }

    /// Brings back those of a family that ended long ago; whether there was one.
    async fn recall_family(&self, intents: &[OrderIntent]) -> Result<bool, DeskError> {
        let mut state = self.state().await;
        let keys: Vec<OrderKey> = intents.iter().map(|intent| intent.key().clone()).collect();
        self.recall(&mut state, &keys).await
    }

    async fn members(
        &self,
        intents: &[OrderIntent],
        repeat: bool,
        findings: Findings,
    ) -> Result<Vec<Placed>, DeskError> {
        let mut members = Vec::with_capacity(intents.len());
        for (intent, (stop, warnings)) in intents.iter().zip(findings) {
            let key = intent.key();
            let order = self.order(key).await.ok_or_else(|| DeskError::UnknownOrder(key.clone()))?;
            let (refusal, invalid) = stop.map(Stop::into_parts).unwrap_or_default();
            members.push(Placed { order, repeat, refusal, invalid, warnings });
        }
        Ok(members)
    }

    /// Under the lock: judge all, keep all, and only then clear.
    async fn admit_family(
        &self,
        intents: &[OrderIntent],
        described: &[Arc<Described>],
    ) -> Result<(Admission, Findings), DeskError> {
        let now = self.ports.clock.now();
        let mut state = self.to_judge().await;
        if self.are_repeats(&state, intents)? {
            return Ok(repeated(intents));
        }
        let switch = self.switch().await;
        let judged: Vec<Judgement> = (0..intents.len())
            .map(|at| {
                let supposing = Supposing { without: None, with: &intents[..at] };
                self.judge(&state, &intents[at], &described[at], now, supposing, &switch)
            })
            .collect();
        let last = intents[intents.len() - 1].key();
        let stopped = judged.iter().position(|judgement| judgement.stop.is_some());
        let mut lines: Vec<JournalEntry> =
            intents.iter().map(|intent| JournalEntry::intended(intent.clone(), now)).collect();
        for (intent, judgement) in intents.iter().zip(&judged) {
            let mut inputs = judgement.inputs();
            match stopped {
                None if intent.key() != last => inputs.extend([OrderInput::Sent, OrderInput::HeldBack]),
                None => inputs.push(OrderInput::Sent),
                Some(at) if judgement.stop.is_none() => {
                    let reason = format!("{} of its family was stopped", intents[at].key());
                    inputs.push(OrderInput::NotSent { reason });
                }
                Some(_) => {}
            }
            lines.extend(entries(intent.key(), inputs, now));
        }
        let admission = match stopped {
            Some(at) => {
                self.keep(&mut state, &lines).await?;
                Admission::Stopped(intents[at].key().clone())
            }
            None => {
                let errands = intents.iter().map(|intent| (intent.key().clone(), Errand::Order)).collect();
                let (receipts, to_send) = self.keep_to_send(&mut state, lines, errands).await?;
                Admission::Cleared(cleared(intents, &receipts)?.into_iter().zip(to_send).collect())
            }
        };
        let findings = judged.into_iter().map(|judgement| (judgement.stop, judgement.warnings)).collect();
        Ok((admission, findings))
    }

    async fn tell_stopped(&self, intents: &[OrderIntent], findings: &Findings) {
        for (intent, (stop, _)) in intents.iter().zip(findings) {
            if let Some(stop) = stop {
                self.tell_stop(intent.key(), stop);
                self.kill_for(stop).await;
            }
        }
    }

    /// The parent first, then its children; what does not get through decides what follows.
    async fn send_family(
        &self,
        orders: Vec<(ClearedOrder, ToSend)>,
        findings: &mut Findings,
    ) -> Result<Option<CalledOff>, DeskError> {
        let mut called_off: Option<CalledOff> = None;
        let (orders, to_send): (Vec<_>, Vec<_>) = orders.into_iter().unzip();
        for (at, (order, to_send)) in orders.iter().zip(to_send).enumerate() {
            let key = order.intent().key();
            // An answer that cannot be kept ends it: nothing more may leave.
            if let (_, Some(refusal)) = self.hand_over(order, to_send).await? {
                findings[at].0 = Some(Stop::Risk(refusal));
            }
            if self.got_through(key).await {
                continue;
            }
            let fate = self.call_off(orders[0].intent().key()).await?;
            let stands = fate == ParentFate::Traded;
            called_off.get_or_insert(CalledOff { because_of: key.clone(), parent: fate });
            if !stands {
                let reason = format!("{key} of its family did not get through");
                self.not_sent(&orders[at + 1..], &reason).await?;
                break;
            }
        }
        self.released(&orders).await?;
        Ok(called_off)
    }

    /// Nothing is held back any more once the last is there.
    async fn released(&self, orders: &[ClearedOrder]) -> Result<(), DeskError> {
        let Some((last, held)) = orders.split_last().filter(|(_, held)| !held.is_empty()) else {
            return Ok(());
        };
        let key = last.intent().key();
        if !self.got_through(key).await {
            return Ok(());
        }
        let now = self.ports.clock.now();
        let line = |order: &ClearedOrder| {
            JournalEntry::happened(order.intent().key().clone(), OrderInput::Released, now)
        };
        let lines: Vec<JournalEntry> = held.iter().map(line).collect();
        let kept = {
            let mut state = self.state().await;
            self.keep(&mut state, &lines).await
        };
        kept.map_err(|cause| DeskError::AnswerNotKept { key: key.clone(), cause: Box::new(cause) })?;
        // What the broker says of them now is how they stand.
        self.take_in_waiting().await
    }

    /// The orders that are held back, by what their families say of them. What has traded the broker holds back no more, nor what
    /// belongs to it; what it calls inactive without a word may be one that it holds back.
    pub(super) async fn held_back(&self) -> HeldBack {
        let now = self.ports.clock.now();
        let state = self.state().await;
        let book = state.book();
        let mut held = HeldBack::default();
        for order in book.iter().filter(|order| waits(order)) {
            let key = order.intent().key().clone();
            let head = head_of(book, order);
            let lets_go = |other: &Order| !other.is_held_back() || has_traded(other);
            let is_last = |other: &&Order| lets_go(other) && head_of(book, other) == head;
            let lasts: Vec<&Order> = book.iter().filter(is_last).collect();
            if lasts.iter().any(|last| is_at_broker(last.state()) || has_traded(last)) {
                held.whole.push(JournalEntry::happened(key, OrderInput::Released, now));
            } else if lasts.iter().all(|last| last.state().is_final()) {
                held.broken.push(key);
            } else {
                let unknown = lasts.iter().find(|last| last.state() == OrderState::Unknown);
                held.waiting.push((key, unknown.map(|last| last.intent().key().clone())));
            }
        }
        held
    }

    /// Does the broker have the order, as far as that is proven?
    async fn got_through(&self, key: &OrderKey) -> bool {
        self.order(key).await.is_some_and(|order| is_at_broker(order.state()))
    }

    async fn not_sent(&self, orders: &[ClearedOrder], reason: &str) -> Result<(), DeskError> {
        let now = self.ports.clock.now();
        let line = |order: &ClearedOrder| {
            let input = OrderInput::NotSent { reason: reason.to_owned() };
            JournalEntry::happened(order.intent().key().clone(), input, now)
        };
        let lines: Vec<JournalEntry> = orders.iter().map(line).collect();
        if lines.is_empty() {
            return Ok(());
        }
        let mut state = self.state().await;
        self.keep(&mut state, &lines).await.map(drop)
    }

    /// A family is not whole: its parent is asked to be cancelled, unless it has traded.
    async fn call_off(&self, parent: &OrderKey) -> Result<ParentFate, DeskError> {
        self.take_in_waiting().await?;
        match self.order(parent).await {
            None => return Ok(ParentFate::NotThere),
            Some(order) if has_traded(&order) => return Ok(ParentFate::Traded),
            // What the broker calls inactive without a word may be one that it holds back.
            Some(order) if order.state().is_final() && !order.may_revive() => {
                return Ok(ParentFate::NotThere);
            }
            Some(_) => {}
        }
        match self.cancel(parent, CancelTag::default()).await {
            Ok(_) => Ok(ParentFate::CancelAsked),
            Err(DeskError::Cancel(why)) => {
                // It may have traded while it was being cancelled: that comes as an event.
                self.take_in_waiting().await?;
                let traded = self.order(parent).await.is_some_and(|order| has_traded(&order));
                let reason = match &why {
                    CancelError::NotSent(cause) | CancelError::OutcomeUnknown(cause) => {
                        format!("{why}: {cause}")
                    }
                    _ => why.to_string(),
                };
                Ok(if traded { ParentFate::Traded } else { ParentFate::NotCancelled { reason } })
            }
            Err(other) => Err(other),
        }
    }
}

/// All of them were placed before: nothing is found about any.
fn repeated(intents: &[OrderIntent]) -> (Admission, Findings) {
    (Admission::Repeat, vec![(None, Vec::new()); intents.len()])
}

/// Is it, or was it, at the broker beyond doubt?
const fn is_at_broker(state: OrderState) -> bool {
    !matches!(
        state,
        OrderState::Recorded
            | OrderState::Sent
            | OrderState::Unknown
            | OrderState::Refused
            | OrderState::NotSent
    )
}

fn has_traded(order: &Order) -> bool {
    order.most_filled() > Decimal::ZERO
}

fn cleared(intents: &[OrderIntent], receipts: &[JournalReceipt]) -> Result<Vec<ClearedOrder>, DeskError> {
    let last = intents.len().saturating_sub(1);
    let of = |(at, (intent, receipt)): (usize, (&OrderIntent, &JournalReceipt))| {
        let order = ClearedOrder::by_desk(intent.clone(), receipt)?;
        Ok(if at < last { order.held_back() } else { order })
    };
    intents.iter().zip(receipts).enumerate().map(of).collect()
}

/// A parent, then children that name it or one another, all of one account and strategy, and each under a key of its own.
fn check_family(intents: &[OrderIntent]) -> Result<(), NotAFamily> {
    let parent = intents.first().ok_or(NotAFamily::Empty)?;
    if parent.parent().is_some() {
        return Err(NotAFamily::ParentWithParent(parent.key().clone()));
    }
    for (at, child) in intents.iter().enumerate().skip(1) {
        let earlier = &intents[..at];
        let key = || child.key().clone();
        if earlier.iter().any(|other| other.key() == child.key()) {
            return Err(NotAFamily::KeyTwice(key()));
        }
        if !earlier.iter().any(|other| Some(other.key()) == child.parent()) {
            return Err(NotAFamily::Stranger(key()));
        }
        if child.account() != parent.account() {
            return Err(NotAFamily::OtherAccount(key()));
        }
        if child.strategy() != parent.strategy() {
            return Err(NotAFamily::OtherStrategy(key()));
        }
    }
    Ok(())
}
