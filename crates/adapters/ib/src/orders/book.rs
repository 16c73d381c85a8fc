//! What we know of our orders in TWS: a pure book that takes in what TWS says and gives what is to be told.
//!
//! | law | |
//! | --- | --- |
//! | one key, one number | a key that was ever sent, or that TWS lists, is not sent again |
//! | numbers only grow | above all that TWS has ever told us of |
//! | a status is told when it changes | TWS repeats itself |
//! | an execution is told once, its cost once and after it | in whatever order they come |
//! | what is held back is alive | whatever TWS calls it, until it says why not |
//! | a wish ends with proof | or with the connection; after a time-out it may still be answered |
//!
//! Left out: sockets, waiting, and how an order is written.

mod entry;

pub(crate) use entry::is_final;

use super::wish::{Answer, Terms, Wish, WishId};
use crate::notices::{Meaning, Said};
use crate::numbers::LAST_NUMBER;
use crate::translate::OrderNumbers;
use entry::Entry;
use foldhash::{HashMap, HashSet};
use ibapi::orders::OrderState;
use std::collections::{BTreeMap, BTreeSet};
use tradeport_kernel::{OrderKey, PermId, Timestamp};
use tradeport_orders::{
    BrokerNews, BrokerPhase, BrokerStatus, Commission, Execution, ExecutionId, OrderIntent,
};

/// So many costs may wait for their executions.
const MOST_EARLY: usize = 10_000;

/// What is to be done about something that TWS said.
#[derive(Debug)]
pub(crate) enum Effect {
    /// Tell whoever listens.
    Tell { key: Option<OrderKey>, at: Timestamp, news: BrokerNews },
    /// Tell whoever wished for something.
    Answer(WishId, Answer),
}

#[derive(Debug, Default)]
pub(crate) struct Book {
    numbers: OrderNumbers,
    entries: BTreeMap<i32, Entry>,
    /// Those that TWS holds until the last of their family is there: few, while entries are as many as there ever were.
    held: BTreeSet<i32>,
    /// Those that have ended by a word of TWS, and that its last list showed as ones that may trade.
    awake: BTreeSet<i32>,
    /// Keys that TWS lists under numbers that are not ours, or without any.
    elsewhere: HashSet<OrderKey>,
    /// Executions that were told, and whose.
    executed: HashMap<ExecutionId, Option<OrderKey>>,
    /// Executions that were seen in answers, and whose.
    seen: HashMap<ExecutionId, Option<OrderKey>>,
    charged: HashSet<ExecutionId>,
    early: HashMap<ExecutionId, Commission>,
    next_number: i32,
    /// Numbers below this one were set aside for us.
    set_aside: i32,
    next_wish: u64,
}

/// An order as TWS describes it, as far as the book cares.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Described<'a> {
    pub(crate) number: i32,
    pub(crate) key: Option<&'a OrderKey>,
    pub(crate) phase: Option<BrokerPhase>,
    pub(crate) terms: Option<&'a Terms>,
    pub(crate) what_if: Option<&'a OrderState>,
}

impl Book {
    /// Numbers begin here at the earliest.
    pub(crate) fn begin_at(&mut self, number: i32) {
        self.next_number = self.next_number.max(number).max(1);
    }

    /// TWS shows an order under a number, whosever it is: ours go on above it.
    pub(crate) fn saw_number(&mut self, number: i32) {
        if (1..LAST_NUMBER).contains(&number) {
            self.begin_at(number + 1);
        }
    }

    pub(crate) const fn numbers(&self) -> &OrderNumbers {
        &self.numbers
    }

    /// The number of a key, and whether its order has ended.
    pub(crate) fn find(&self, key: &OrderKey) -> Option<(i32, bool)> {
        let number = self.numbers.number(key)?;
        Some((number, self.is_over(number) && !self.awake.contains(&number)))
    }

    /// Has TWS said of an order that it has ended?
    pub(crate) fn is_over(&self, number: i32) -> bool {
        self.entries.get(&number).is_some_and(|entry| entry.is_final() && !entry.may_revive())
    }

    /// These have ended by a word of TWS, and its list shows them as ones that may trade: one of both is wrong.
    pub(crate) fn note_awake(&mut self, listed: BTreeSet<i32>) {
        self.awake = listed;
    }

    /// Was this key ever sent, or listed by TWS?
    pub(crate) fn knows(&self, key: &OrderKey) -> bool {
        self.numbers.number(key).is_some() || self.elsewhere.contains(key)
    }

    /// The broker's number of an order, if it was told.
    pub(crate) fn perm_id(&self, number: i32) -> Option<PermId> {
        self.entries.get(&number)?.told.as_ref()?.perm_id
    }

    /// What an order of ours says.
    pub(crate) fn intent(&self, number: i32) -> Option<&OrderIntent> {
        self.entries.get(&number)?.intent.as_ref()
    }

    /// From where on numbers must be set aside before the next order; `None` while there are some. Where nobody keeps them,
    /// only the end of all numbers matters.
    pub(crate) fn wants_numbers(&self, kept: bool) -> Option<i32> {
        let next = self.next_number.max(1);
        let short = if kept { next >= self.set_aside } else { next >= LAST_NUMBER };
        short.then_some(next)
    }

    /// These numbers are ours, and durably nobody else's.
    pub(crate) fn numbers_set_aside(&mut self, first: i32, until: i32) {
        self.begin_at(first);
        self.set_aside = until;
    }

    /// A number that was never used.
    pub(crate) fn new_number(&mut self) -> i32 {
        let number = self.next_number.max(1);
        self.next_number = number.saturating_add(1);
        number
    }

    /// An order is about to be sent under a new number; `None` when its key was used.
    pub(crate) fn enter(&mut self, intent: &OrderIntent) -> Option<i32> {
        if self.knows(intent.key()) {
            return None;
        }
        let number = self.new_number();
        self.numbers.give(intent.key(), number).then(|| {
            self.entries.insert(number, Entry { intent: Some(intent.clone()), ..Entry::default() });
            number
        })
    }

    /// An order was not sent after all.
    pub(crate) fn withdraw(&mut self, number: i32) {
        self.entries.remove(&number);
        self.held.remove(&number);
        self.numbers.take(number);
    }

    /// These orders are held back until the last of their family is sent.
    pub(crate) fn hold(&mut self, numbers: &[i32]) {
        let known = numbers.iter().filter(|number| self.entries.contains_key(number));
        self.held.extend(known);
    }

    /// The last of a family is sent: none of it is held back any more. Gives those that were.
    pub(crate) fn release(&mut self, last: i32) -> Vec<i32> {
        let head = self.head(last);
        let held: Vec<i32> = self.held.iter().copied().filter(|number| self.head(*number) == head).collect();
        for number in &held {
            self.held.remove(number);
        }
        held
    }

    /// Has TWS called an order inactive, and not said why?
    pub(crate) fn is_inactive(&self, number: i32) -> bool {
        self.entries.get(&number).is_some_and(Entry::may_revive)
    }

    /// TWS lists an order as one that is being cancelled.
    pub(crate) fn is_being_cancelled(&mut self, number: i32) {
        if let Some(entry) = self.entries.get_mut(&number).filter(|entry| !entry.is_final()) {
            entry.is_ending = true;
        }
    }

    /// Is an order held back?
    pub(crate) fn is_held(&self, number: i32) -> bool {
        self.held.contains(&number)
    }

    /// The number of the order that heads the family of another.
    fn head(&self, number: i32) -> i32 {
        let mut head = number;
        // A parent had its number before its children, so this ends.
        while let Some(parent) = self.intent(head).and_then(OrderIntent::parent)
            && let Some(above) = self.numbers.number(parent).filter(|above| *above < head)
        {
            head = above;
        }
        head
    }

    /// What an order says from now on.
    pub(crate) fn reword(&mut self, number: i32, intent: OrderIntent) {
        if let Some(entry) = self.entries.get_mut(&number) {
            entry.intent = Some(intent);
        }
    }

    /// Somebody waits for an answer about a number.
    pub(crate) fn wish(&mut self, number: i32, wish: Wish) -> WishId {
        self.next_wish += 1;
        let id = WishId(self.next_wish);
        self.entries.entry(number).or_default().wishes.insert(id, wish);
        id
    }

    /// Nobody waits any more; a change may still be answered.
    pub(crate) fn give_up(&mut self, number: i32, id: WishId) {
        let Some(entry) = self.entries.get_mut(&number) else { return };
        if let Some(Wish::Change(_)) = entry.wishes.remove(&id) {
            entry.open_change = true;
        }
    }

    /// TWS lists an order of ours, or one that has ended.
    pub(crate) fn listed(&mut self, number: Option<i32>, key: &OrderKey) {
        let Some(number) = number.filter(|number| *number > 0) else {
            if self.numbers.number(key).is_none() {
                self.elsewhere.insert(key.clone());
            }
            return;
        };
        self.saw_number(number);
        if self.numbers.give(key, number) {
            self.entries.entry(number).or_default();
        } else if self.numbers.number(key) != Some(number) {
            self.elsewhere.insert(key.clone());
        }
    }

    /// Does anybody wait for an order to be described by other terms?
    pub(crate) fn awaits_terms(&self, number: i32) -> bool {
        let wishes = self.entries.get(&number).map(|entry| &entry.wishes);
        wishes.is_some_and(|wishes| wishes.values().any(|wish| matches!(wish, Wish::Change(_))))
    }

    /// TWS describes an order.
    pub(crate) fn described(&mut self, it: Described<'_>, out: &mut Vec<Effect>) {
        if let Some(state) = it.what_if {
            if let Some(entry) = self.entries.get_mut(&it.number) {
                let previewed = || Answer::Previewed(Box::new(state.clone()));
                entry.settle(out, |wish| matches!(wish, Wish::Preview).then(previewed));
            }
            return;
        }
        if let Some(key) = it.key {
            self.listed(Some(it.number), key);
        }
        let Some(entry) = self.entries.get_mut(&it.number) else { return };
        let lives = it.phase.is_some_and(|phase| phase != BrokerPhase::Refused);
        let mut changed = false;
        entry.settle(out, |wish| match wish {
            Wish::Submit if lives => Some(Answer::Taken),
            Wish::Change(wanted) if it.terms.is_some_and(|is| wanted.are_met_by(is)) => {
                changed = true;
                Some(Answer::Taken)
            }
            _ => None,
        });
        if changed {
            (entry.open_change, entry.has_changed) = (false, true);
        }
    }

    /// TWS says where an order stands.
    pub(crate) fn stands(
        &mut self,
        number: i32,
        key: Option<&OrderKey>,
        mut status: BrokerStatus,
        at: Timestamp,
        out: &mut Vec<Effect>,
    ) {
        let own = self.numbers.key(number).cloned();
        // A number means something only within one client: the broker's own number tells orders apart.
        let is_it =
            |entry: &&mut Entry| match (entry.told.as_ref().and_then(|told| told.perm_id), status.perm_id) {
                (Some(known), Some(told)) => known == told,
                _ => true,
            };
        let Some(entry) = self.entries.get_mut(&number).filter(is_it) else {
            return out.push(Effect::Tell { key: key.cloned(), at, news: BrokerNews::Status(status) });
        };
        let is_inactive = status.phase == BrokerPhase::Refused;
        // Nobody has passed on what is held back, so it does not work; and it may be called inactive: a refusal comes with
        // words of its own.
        if self.held.contains(&number) && matches!(status.phase, BrokerPhase::Working | BrokerPhase::Refused)
        {
            status.phase = BrokerPhase::Held;
        }
        let phase = status.phase;
        if is_final(phase) && status.reason.is_none() {
            status.reason.clone_from(&entry.words);
        }
        let same = |told: &BrokerStatus| {
            (told.phase, told.filled, told.perm_id) == (status.phase, status.filled, status.perm_id)
        };
        let ordered = entry.intent.as_ref().and_then(OrderIntent::quantity);
        // An order that has ended does not come alive by a word that was late.
        let is_late = entry.is_final() && !entry.may_revive() && !is_final(phase);
        entry.is_ending = phase == BrokerPhase::CancelPending;
        if !is_late && !entry.told.as_ref().is_some_and(same) {
            entry.note(&status);
            let at = entry.moment(at);
            out.push(Effect::Tell { key: own, at, news: BrokerNews::Status(status.clone()) });
        }
        entry.settle(out, |wish| match (wish, phase) {
            // Without words it is not refused for certain: they may follow.
            (Wish::Submit, BrokerPhase::Refused) => status.reason.clone().map(Answer::Refused),
            // Held back, or refused in a moment: what comes next tells.
            (Wish::Submit, BrokerPhase::Held) if is_inactive => None,
            (Wish::Submit, _) => Some(Answer::Taken),
            (Wish::Cancel, BrokerPhase::CancelPending | BrokerPhase::Cancelled | BrokerPhase::Expired) => {
                Some(Answer::Taken)
            }
            (Wish::Cancel, BrokerPhase::Filled | BrokerPhase::Refused) => Some(Answer::NoSuchOrder),
            // Made as small as what had traded by then, it is over by that.
            (Wish::Change(wanted), BrokerPhase::Filled)
                if wanted.quantity() != ordered && wanted.is_for(status.filled) =>
            {
                Some(Answer::Taken)
            }
            (Wish::Change(_), phase) if is_final(phase) => {
                Some(Answer::Refused("the order has ended".to_owned()))
            }
            _ => None,
        });
    }

    /// TWS says something about an order.
    pub(crate) fn said(&mut self, number: i32, said: &Said, at: Timestamp, out: &mut Vec<Effect>) {
        let key = self.numbers.key(number).cloned();
        let Some(entry) = self.entries.get_mut(&number) else { return };
        // A warning is no reason for an end that follows it.
        if said.meaning != Meaning::OrderWarning {
            entry.words = Some(said.to_string());
        }
        let (has_ended, is_ending) = (entry.is_final(), entry.is_ending);
        match said.meaning {
            Meaning::OrderCancelled => {
                entry.settle(out, |wish| match wish {
                    Wish::Cancel | Wish::Submit => Some(Answer::Taken),
                    Wish::Preview | Wish::Change(_) => Some(Answer::Refused(said.to_string())),
                });
                entry.end(key, BrokerPhase::Cancelled, said, at, out);
            }
            Meaning::NoSuchOrder | Meaning::CancelRefused => {
                entry.settle(out, |wish| match wish {
                    Wish::Cancel if has_ended || said.meaning == Meaning::NoSuchOrder => {
                        Some(Answer::NoSuchOrder)
                    }
                    // An earlier one is under way: what becomes of it is told as of that one.
                    Wish::Cancel if is_ending => Some(Answer::Taken),
                    Wish::Cancel => Some(Answer::Refused(said.to_string())),
                    Wish::Change(_) if said.meaning == Meaning::NoSuchOrder => {
                        Some(Answer::Refused(said.to_string()))
                    }
                    _ => None,
                });
            }
            meaning if meaning.refuses_order() => entry.refuse(key, said, at, out),
            _ => {}
        }
    }

    /// Some of an order has traded.
    pub(crate) fn executed(&mut self, number: i32, execution: Execution, out: &mut Vec<Effect>) {
        if self.executed.contains_key(&execution.id) {
            return;
        }
        let (id, key, mut at) = (execution.id.clone(), execution.key.clone(), execution.at);
        // Money belongs to the order whose key it bears, whatever its number.
        let is_it = self.numbers.key(number) == key.as_ref();
        if let Some(entry) = self.entries.get_mut(&number).filter(|_| is_it) {
            at = entry.moment(at);
            entry.settle(out, |wish| matches!(wish, Wish::Submit).then_some(Answer::Taken));
        }
        self.executed.insert(id.clone(), key.clone());
        out.push(Effect::Tell { key, at, news: BrokerNews::Executed(execution) });
        if let Some(commission) = self.early.remove(&id) {
            self.charged(commission, at, out);
        }
    }

    /// An execution was seen in an answer: it needs no telling, its cost may come yet.
    pub(crate) fn saw(&mut self, execution: &Execution) {
        if let Some(key) = &execution.key {
            self.listed(None, key);
        }
        self.seen.entry(execution.id.clone()).or_insert_with(|| execution.key.clone());
    }

    /// What an execution cost.
    pub(crate) fn charged(&mut self, commission: Commission, at: Timestamp, out: &mut Vec<Effect>) {
        let id = &commission.execution;
        if self.charged.contains(id) {
            return;
        }
        let Some(key) = self.executed.get(id).or_else(|| self.seen.get(id)).cloned() else {
            if self.early.len() < MOST_EARLY {
                self.early.insert(id.clone(), commission);
            }
            return;
        };
        self.charged.insert(id.clone());
        let number = key.as_ref().and_then(|key| self.numbers.number(key));
        let entry = number.and_then(|number| self.entries.get_mut(&number));
        let at = entry.map_or(at, |entry| entry.moment(at));
        out.push(Effect::Tell { key, at, news: BrokerNews::Charged(commission) });
    }

    /// The connection is over: nobody will be answered.
    pub(crate) fn lose(&mut self, out: &mut Vec<Effect>) {
        for entry in self.entries.values_mut() {
            entry.open_change |= entry.wishes.values().any(|wish| matches!(wish, Wish::Change(_)));
            entry.settle(out, |_| Some(Answer::Lost));
        }
    }
}

#[cfg(test)]
mod tests;
