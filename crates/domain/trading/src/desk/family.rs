//! Placing orders that belong together: a parent, and the children that come alive when it fills.
//!
//! All of them are judged together before any is sent, and kept in one durable append. Then the parent goes first:
//!
//! | what happens | what follows |
//! | --- | --- |
//! | risk or validation stops one of them | none is sent |
//! | the parent is refused, or never left | no child is sent |
//! | nobody knows whether the broker has the parent | no child is sent, and the parent is asked to be cancelled: it stays unknown until the broker proves what it is |
//! | a child is refused, never left, or unknown | the parent is asked to be cancelled, and no further child is sent |
//! | the same, and the parent has traded | the parent stands, and the other children are sent: they protect what it brought in |
//!
//! A child that is not sent has the state `NotSent`, with the reason. Nothing that is unknown is taken for dead.

use super::exposure::Supposing;
use super::judging::{Described, Judgement, Stop, entries};
use super::submitting::detail_of;
use super::{CalledOff, DeskError, NotAFamily, OrderDesk, ParentFate, Placed, PlacedFamily};
use std::sync::Arc;
use tradeport_kernel::{Decimal, OrderKey};
use tradeport_orders::validation::Warning;
use tradeport_orders::{
    CancelError, CancelTag, ClearedOrder, JournalEntry, JournalReceipt, OrderInput, OrderIntent, OrderState,
};

/// What the first half decided.
enum Admission {
    /// All in the journal and approved.
    Cleared(Vec<ClearedOrder>),
    /// All in the journal, and none to be sent.
    Stopped(OrderKey),
    /// All of them were there before.
    Repeat,
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
        let mut described = Vec::with_capacity(intents.len());
        for intent in &intents {
            described.push(self.describe(intent).await?);
        }
        let (admission, findings) = self.admit_family(&intents, &described).await?;
        let called_off = match &admission {
            Admission::Repeat => None,
            Admission::Stopped(because_of) => {
                self.audit_stopped(&intents, &findings).await?;
                Some(CalledOff { because_of: because_of.clone(), parent: ParentFate::NotThere })
            }
            Admission::Cleared(orders) => self.send_family(orders).await?,
        };
        let repeat = matches!(admission, Admission::Repeat);
        let members = self.members(&intents, repeat, findings).await?;
        Ok(PlacedFamily { members, repeat, called_off })
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
        let mut state = self.state.lock().await;
        let mut repeats = 0;
        for intent in intents {
            repeats += usize::from(self.is_repeat(&state, intent)?);
        }
        if repeats == intents.len() {
            return Ok((Admission::Repeat, vec![(None, Vec::new()); intents.len()]));
        }
        if let Some(used) = intents.iter().find(|intent| state.book().get(intent.key()).is_some()) {
            return Err(DeskError::KeyReused(used.key().clone()));
        }
        let judged: Vec<Judgement> = (0..intents.len())
            .map(|at| {
                let supposing = Supposing { without: None, with: &intents[..at] };
                self.judge(&state, &intents[at], &described[at], now, supposing)
            })
            .collect();
        let stopped = judged.iter().position(|judgement| judgement.stop.is_some());
        let mut lines: Vec<JournalEntry> =
            intents.iter().map(|intent| JournalEntry::intended(intent.clone(), now)).collect();
        for (intent, judgement) in intents.iter().zip(&judged) {
            let mut inputs = judgement.inputs();
            match stopped {
                None => inputs.push(OrderInput::Sent),
                Some(at) if judgement.stop.is_none() => {
                    let reason = format!("{} of its family was stopped", intents[at].key());
                    inputs.push(OrderInput::NotSent { reason });
                }
                Some(_) => {}
            }
            lines.extend(entries(intent.key(), inputs, now));
        }
        let receipts = self.keep(&mut state, &lines).await?;
        let admission = match stopped {
            Some(at) => Admission::Stopped(intents[at].key().clone()),
            None => Admission::Cleared(cleared(intents, &receipts)?),
        };
        let findings = judged.into_iter().map(|judgement| (judgement.stop, judgement.warnings)).collect();
        Ok((admission, findings))
    }

    async fn audit_stopped(&self, intents: &[OrderIntent], findings: &Findings) -> Result<(), DeskError> {
        let mut entries = Vec::with_capacity(intents.len());
        for (intent, (stop, _)) in intents.iter().zip(findings) {
            let why = match stop {
                Some(stop) => {
                    self.tell_stop(intent.key(), stop);
                    stop.words()
                }
                None => "another order of its family was stopped".to_owned(),
            };
            let detail = format!("{}: {why}", detail_of(intent));
            entries.push(self.audit_entry("order stopped", intent.key(), detail));
        }
        self.audit_all(entries).await
    }

    /// The parent first, then its children; what does not get through decides what follows.
    async fn send_family(&self, orders: &[ClearedOrder]) -> Result<Option<CalledOff>, DeskError> {
        let of = |order: &ClearedOrder| {
            let intent = order.intent();
            self.audit_entry("order cleared", intent.key(), detail_of(intent))
        };
        if let Err(error) = self.audit_all(orders.iter().map(of).collect()).await {
            self.not_sent(orders, &error.to_string()).await?;
            return Err(error);
        }
        let mut called_off: Option<CalledOff> = None;
        for (at, order) in orders.iter().enumerate() {
            let key = order.intent().key();
            // An answer that cannot be kept ends it: nothing more may leave.
            self.hand_over(order).await?;
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
        Ok(called_off)
    }

    /// Does the broker have the order, as far as that is proven?
    async fn got_through(&self, key: &OrderKey) -> bool {
        let state = self.order(key).await.map(|order| order.state());
        !matches!(
            state,
            None | Some(OrderState::Unknown | OrderState::Refused | OrderState::NotSent | OrderState::Sent)
        )
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
        let mut state = self.state.lock().await;
        self.keep(&mut state, &lines).await.map(drop)
    }

    /// A family is not whole: its parent is asked to be cancelled, unless it has traded.
    async fn call_off(&self, parent: &OrderKey) -> Result<ParentFate, DeskError> {
        self.take_in_waiting().await?;
        match self.order(parent).await {
            None => return Ok(ParentFate::NotThere),
            Some(order) if has_traded(&order) => return Ok(ParentFate::Traded),
            Some(order) if order.state().is_final() => return Ok(ParentFate::NotThere),
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

fn has_traded(order: &tradeport_orders::Order) -> bool {
    order.filled() > Decimal::ZERO || order.reported_filled() > Decimal::ZERO
}

fn cleared(intents: &[OrderIntent], receipts: &[JournalReceipt]) -> Result<Vec<ClearedOrder>, DeskError> {
    let of =
        |(intent, receipt): (&OrderIntent, &JournalReceipt)| ClearedOrder::by_desk(intent.clone(), receipt);
    Ok(intents.iter().zip(receipts).map(of).collect::<Result<_, _>>()?)
}

/// A parent, then children that name it or one another, all of one account and each under a key of its own.
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
    }
    Ok(())
}
