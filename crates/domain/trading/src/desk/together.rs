//! Many at once: what comes while the journal writes is kept with one append.
//!
//! The journal answers once an entry is durable, and until then the state stands still, so that the journal's order is the order
//! in which things happened. What comes meanwhile waits here. Whoever gets the state next judges all of it, each order
//! beside those before it, and keeps it in one append: a burst of orders costs a few syncs, and not one for each.

use super::exposure::Supposing;
use super::judging::{Described, Judgement, entries};
use super::keeping::Money;
use super::state::DeskState;
use super::submitting::Admission;
use super::to_send::{Dropped, Errand, ToSend};
use super::{DeskError, OrderDesk};
use foldhash::HashSet;
use futures::channel::oneshot;
use futures::{FutureExt, select_biased};
use std::collections::VecDeque;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tradeport_kernel::{OrderKey, StoreError, Timestamp};
use tradeport_orders::{
    ClearedOrder, JournalEntry, JournalError, JournalReceipt, Order, OrderInput, OrderIntent,
};
use tradeport_risk::Switch;

/// So many pieces of work are kept in one append at most.
const MOST_AT_ONCE: usize = 256;
/// An order that goes: its intent, what the broker would take of the margins, its verdict, that it is sent.
const MOST_LINES: usize = 4;

/// What waits to be kept, the first first.
#[derive(Default)]
pub(super) struct Queue(Mutex<VecDeque<Job>>);

/// Tells whoever waits for it.
type Teller<T> = oneshot::Sender<Result<T, DeskError>>;

enum Job {
    /// An order to be judged.
    Admit(OrderIntent, Arc<Described>, Teller<Admission>),
    /// Something that happened to an order.
    Note(OrderKey, Box<OrderInput>, Teller<Noted>),
    /// Something that nobody is going to send, or to hear the answer of.
    Drop(Dropped),
}

/// Lines that are kept, and what is to be sent by them.
type Outbound = (Vec<JournalReceipt>, Vec<ToSend>);

/// An input that is kept.
pub(super) struct Noted {
    pub(super) receipt: JournalReceipt,
    /// The order with it.
    pub(super) order: Order,
    /// The cancel that is to be sent, if it is the wish for one.
    pub(super) cancel: Option<ToSend>,
}

/// The lines of one round, and who waits for which of them.
struct Round {
    lines: Vec<JournalEntry>,
    waiting: Waiting,
    keys: HashSet<OrderKey>,
}

/// Who waits for which lines.
pub(super) type Waiting = Vec<(Range<usize>, Wanted)>;

pub(super) enum Wanted {
    Admission(OrderIntent, Judgement, Teller<Admission>),
    Noted(Option<Errand>, Teller<Noted>),
    Outbound(Vec<(OrderKey, Errand)>, Teller<Outbound>),
}

/// The state as if the orders that were judged so far were kept: the next is judged beside them. They are taken back,
/// whatever becomes of the round, and come in with what the journal has kept.
struct Ahead<'a> {
    state: &'a mut DeskState,
    keys: Vec<OrderKey>,
}

impl Ahead<'_> {
    fn suppose(&mut self, lines: &[JournalEntry]) -> Result<(), DeskError> {
        for entry in lines {
            self.state.suppose(entry)?;
            if self.keys.last() != Some(&entry.key) {
                self.keys.push(entry.key.clone());
            }
        }
        Ok(())
    }
}

impl Drop for Ahead<'_> {
    fn drop(&mut self) {
        self.keys.drain(..).rev().for_each(|key| self.state.take_back(&key));
    }
}

/// What was taken out of the queue; it goes back when whoever took it is stopped before it was begun.
struct InHand<'a> {
    queue: &'a Queue,
    jobs: Vec<Job>,
}

impl Drop for InHand<'_> {
    fn drop(&mut self) {
        self.queue.put_back(self.jobs.drain(..));
    }
}

impl Queue {
    fn put_back(&self, jobs: impl DoubleEndedIterator<Item = Job>) {
        let mut waiting = self.jobs();
        jobs.rev().for_each(|job| waiting.push_front(job));
    }

    /// Is there something that happened, and nobody waits for it to be kept?
    pub(super) fn owes(&self) -> bool {
        self.jobs().iter().any(|job| match job {
            Job::Note(.., told) => told.is_canceled(),
            Job::Drop(_) => true,
            Job::Admit(..) => false,
        })
    }

    /// Somebody was stopped who was to send something.
    pub(super) fn owe(&self, dropped: Dropped) {
        self.jobs().push_back(Job::Drop(dropped));
    }

    fn jobs(&self) -> MutexGuard<'_, VecDeque<Job>> {
        // A job is in it or not: nothing is half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self) -> InHand<'_> {
        let mut jobs = self.jobs();
        let most = jobs.len().min(MOST_AT_ONCE);
        // An order that nobody waits for any more was not wanted in time; what has happened has happened.
        let is_wanted = |job: &Job| !matches!(job, Job::Admit(.., told) if told.is_canceled());
        let jobs = jobs.drain(..most).filter(is_wanted).collect();
        InHand { queue: self, jobs }
    }
}

impl OrderDesk {
    /// Judges an order and keeps it with what was found.
    pub(super) async fn admit(
        &self,
        intent: OrderIntent,
        described: Arc<Described>,
    ) -> Result<Admission, DeskError> {
        self.settling.over().await;
        self.together(|told| Job::Admit(intent, described, told)).await
    }

    /// Keeps what happened to an order, and lets it take effect.
    pub(super) async fn happened(&self, key: &OrderKey, input: OrderInput) -> Result<Noted, DeskError> {
        self.together(|told| Job::Note(key.clone(), Box::new(input), told)).await
    }

    /// Waits until it is done: by whoever has the state, or by ourselves once we have it.
    async fn together<T>(&self, job: impl FnOnce(Teller<T>) -> Job) -> Result<T, DeskError> {
        let (told, mut answer) = oneshot::channel();
        self.queue.jobs().push_back(job(told));
        let mut state = select_biased! {
            done = answer => return done.unwrap_or_else(|_| Err(gone())),
            state = self.state.lock().fuse() => state,
        };
        self.finish(&mut state).await;
        loop {
            match answer.try_recv() {
                Ok(Some(done)) => return done,
                Ok(None) => self.round(&mut state).await,
                Err(oneshot::Canceled) => return Err(gone()),
            }
        }
    }

    /// Does the first of what waits.
    pub(super) async fn round(&self, state: &mut DeskState) {
        let mut taken = self.queue.take();
        for job in &taken.jobs {
            self.recall_for(state, job).await;
        }
        // What has happened is kept whatever the switch says: without an admission nothing is judged by it.
        let switch = match taken.jobs.iter().any(|job| matches!(job, Job::Admit(..))) {
            true => self.switch().await,
            false => Switch::Open,
        };
        let jobs = std::mem::take(&mut taken.jobs);
        let (Round { lines, waiting, .. }, again) = self.judge_all(state, jobs, &switch);
        self.queue.put_back(again.into_iter());
        if !lines.is_empty() {
            self.begin(lines, Some(waiting), Money::Moves);
            self.finish(state).await;
        }
    }

    /// The lines of all jobs; and those that are to wait for another one's.
    fn judge_all(&self, state: &mut DeskState, jobs: Vec<Job>, switch: &Switch) -> (Round, Vec<Job>) {
        let now = self.ports.clock.now();
        let (mut round, mut again) = (Round::for_jobs(jobs.len()), Vec::new());
        let mut ahead = Ahead { state, keys: Vec::new() };
        let mut left = jobs.len();
        for job in jobs {
            left -= 1;
            match job {
                // Whether it is the same order is told once the first is kept.
                Job::Admit(intent, described, told) if round.keys.contains(intent.key()) => {
                    again.push(Job::Admit(intent, described, told));
                }
                Job::Admit(intent, described, told) => {
                    match self.judge_next(ahead.state, &intent, &described, now, switch) {
                        Ok(Some(judgement)) => {
                            let lines = round.admit(intent, judgement, now, told);
                            // The last is beside nobody.
                            let supposed = if left > 0 { ahead.suppose(lines) } else { Ok(()) };
                            if let Err(error) = supposed {
                                tracing::error!(%error, "an order was judged without one before it");
                            }
                        }
                        Ok(None) => tell(told, Ok(Admission::Repeat)),
                        Err(error) => tell(told, Err(error)),
                    }
                }
                Job::Note(key, input, told) => round.note(key, *input, now, told),
                Job::Drop(dropped) => {
                    if let Some(input) = dropped.input(ahead.state) {
                        round.note(dropped.key().clone(), input, now, oneshot::channel().0);
                    }
                }
            }
        }
        (round, again)
    }

    /// Keeps entries, under the caller's lock, by which something is to be sent: each by whoever is told of it.
    pub(super) async fn keep_to_send(
        &self,
        state: &mut DeskState,
        lines: Vec<JournalEntry>,
        errands: Vec<(OrderKey, Errand)>,
    ) -> Result<Outbound, DeskError> {
        let (told, mut answer) = oneshot::channel();
        let waiting = vec![(0..lines.len(), Wanted::Outbound(errands, told))];
        self.begin(lines, Some(waiting), Money::Moves);
        self.finish(state).await;
        answer.try_recv().ok().flatten().unwrap_or_else(|| Err(gone()))
    }

    /// Judges an order on the state as it is; `None` for one that was placed before.
    fn judge_next(
        &self,
        state: &mut DeskState,
        intent: &OrderIntent,
        described: &Described,
        now: Timestamp,
        switch: &Switch,
    ) -> Result<Option<Judgement>, DeskError> {
        if self.is_repeat(state, intent)? {
            return Ok(None);
        }
        self.add_up(state);
        Ok(Some(self.judge(state, intent, described, now, Supposing::default(), switch)))
    }

    /// Tells everybody who waits for these lines what became of them.
    pub(super) async fn tell_all(
        &self,
        state: &mut DeskState,
        lines: &[JournalEntry],
        waiting: Waiting,
        kept: Result<Vec<JournalReceipt>, DeskError>,
    ) {
        match kept {
            Ok(receipts) => {
                for (range, wanted) in waiting {
                    self.answer(state, &receipts[range], wanted);
                }
            }
            // One of them is to blame: each is kept by itself.
            Err(DeskError::KeyReused(_)) if waiting.len() > 1 => {
                for (range, wanted) in waiting {
                    match self.keep(state, &lines[range]).await {
                        Ok(receipts) => self.answer(state, &receipts, wanted),
                        Err(error) => self.refuse(state, wanted, error).await,
                    }
                }
            }
            Err(error @ DeskError::KeyReused(_)) => {
                for (_, wanted) in waiting {
                    self.refuse(state, wanted, error.again()).await;
                }
            }
            Err(error) => {
                let again: Vec<DeskError> = waiting.iter().skip(1).map(|_| error.again()).collect();
                let errors = again.into_iter().chain([error]);
                waiting.into_iter().zip(errors).for_each(|((_, wanted), error)| wanted.fail(error));
            }
        }
    }

    /// An account that is not known any more may have an order of this key; and what the parent of an order has brought in is looked at
    /// with it, however long ago that ended.
    async fn recall_for(&self, state: &mut DeskState, job: &Job) {
        let Job::Admit(intent, ..) = job else { return };
        let is_known = state.portfolio(intent.account()).is_some();
        let named = Some(intent.key()).filter(|_| !is_known);
        let keys: Vec<OrderKey> = named.into_iter().chain(intent.parent()).cloned().collect();
        if let Err(error) = self.recall(state, &keys).await {
            tracing::warn!(%error, "the journal could not be asked for an order");
        }
    }

    /// The journal knows every key for ever, memory those of late: what it knows already may be this very order.
    async fn refuse(&self, state: &mut DeskState, wanted: Wanted, error: DeskError) {
        let Wanted::Admission(intent, _, told) = wanted else { return wanted.fail(error) };
        let repeat = match self.recall(state, std::slice::from_ref(intent.key())).await {
            Ok(true) => self.is_repeat(state, &intent),
            Ok(false) => Err(error),
            Err(error) => Err(error),
        };
        tell(told, repeat.map(|_| Admission::Repeat));
    }

    /// Tells whoever waits for lines that they are kept.
    fn answer(&self, state: &DeskState, receipts: &[JournalReceipt], wanted: Wanted) {
        let first = receipts.first().ok_or_else(gone);
        match wanted {
            Wanted::Noted(errand, told) => {
                tell(told, first.and_then(|receipt| self.noted(state, receipt, errand)));
            }
            Wanted::Outbound(errands, told) => {
                let to_send = errands.into_iter().map(|(key, errand)| self.to_send(key, errand)).collect();
                tell(told, Ok((receipts.to_vec(), to_send)));
            }
            Wanted::Admission(intent, judgement, told) => {
                if let Some(stop) = &judgement.stop {
                    self.tell_stop(intent.key(), stop);
                }
                tell(told, first.and_then(|receipt| self.admission(intent, judgement, receipt)));
            }
        }
    }

    fn admission(
        &self,
        intent: OrderIntent,
        judgement: Judgement,
        receipt: &JournalReceipt,
    ) -> Result<Admission, DeskError> {
        if let Some(stop) = judgement.stop {
            return Ok(Admission::Stopped(stop, judgement.warnings));
        }
        let to_send = self.to_send(intent.key().clone(), Errand::Order);
        Ok(Admission::Cleared(ClearedOrder::by_desk(intent, receipt)?, to_send, judgement.warnings))
    }

    fn noted(
        &self,
        state: &DeskState,
        receipt: &JournalReceipt,
        errand: Option<Errand>,
    ) -> Result<Noted, DeskError> {
        // Whatever comes of the rest: the wish is kept.
        let cancel = errand.map(|errand| self.to_send(receipt.key().clone(), errand));
        let key = receipt.key();
        let order = state.book().get(key).cloned().ok_or_else(|| DeskError::UnknownOrder(key.clone()))?;
        Ok(Noted { receipt: receipt.clone(), order, cancel })
    }

    fn to_send(&self, key: OrderKey, errand: Errand) -> ToSend {
        if let Errand::Cancel = errand {
            self.settling.cancels(&key);
        }
        ToSend::new(key, errand, Arc::clone(&self.queue), self.settling.losses())
    }
}

impl Round {
    fn for_jobs(jobs: usize) -> Self {
        Self {
            lines: Vec::with_capacity(jobs * MOST_LINES),
            waiting: Vec::with_capacity(jobs),
            keys: HashSet::default(),
        }
    }

    /// Takes in an order that was judged; its lines.
    fn admit(
        &mut self,
        intent: OrderIntent,
        judgement: Judgement,
        now: Timestamp,
        told: Teller<Admission>,
    ) -> &[JournalEntry] {
        let first = self.lines.len();
        let mut inputs = judgement.inputs();
        if judgement.stop.is_none() {
            inputs.push(OrderInput::Sent);
        }
        let key = intent.key().clone();
        self.lines.push(JournalEntry::intended(intent.clone(), now));
        self.lines.extend(entries(&key, inputs, now));
        self.keys.insert(key);
        self.waiting.push((first..self.lines.len(), Wanted::Admission(intent, judgement, told)));
        &self.lines[first..]
    }

    fn note(&mut self, key: OrderKey, input: OrderInput, now: Timestamp, told: Teller<Noted>) {
        let first = self.lines.len();
        let errand = matches!(input, OrderInput::CancelRequested { .. }).then_some(Errand::Cancel);
        self.lines.push(JournalEntry::happened(key, input, now));
        self.waiting.push((first..first + 1, Wanted::Noted(errand, told)));
    }
}

impl Wanted {
    fn fail(self, error: DeskError) {
        match self {
            Self::Admission(.., told) => tell(told, Err(error)),
            Self::Noted(_, told) => tell(told, Err(error)),
            Self::Outbound(_, told) => tell(told, Err(error)),
        }
    }
}

fn tell<T>(told: Teller<T>, result: Result<T, DeskError>) {
    if told.send(result).is_err() {
        tracing::warn!("whoever wanted an entry to be kept does not wait for it any more");
    }
}

/// Whoever was keeping it with others was stopped meanwhile.
pub(super) fn gone() -> DeskError {
    let why = "whoever was keeping it among others was stopped: whether it is kept, the journal knows";
    DeskError::Journal(JournalError::Store(StoreError::Unavailable(why.into())))
}
