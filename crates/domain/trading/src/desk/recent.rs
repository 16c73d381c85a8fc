//! Orders that were sent lately: how many in a minute, and whether one of them is alike.
//!
//! It is a projection of the journal: replaying it after a restart gives the same.

use foldhash::HashMap;
use std::collections::VecDeque;
use std::time::Duration;
use tradeport_kernel::{AccountId, OrderKey, Symbol, Timestamp};
use tradeport_orders::OrderIntent;
use tradeport_risk::PolicyDraft;

const MINUTE: Duration = Duration::from_secs(60);
/// No policy looks back further.
const KEPT: Duration = Duration::from_secs(PolicyDraft::LONGEST_WINDOW as u64);

/// Orders of the last hour, in the order in which they were sent.
#[derive(Default)]
pub(super) struct Recent {
    /// By instrument: those that are alike are of one.
    of: HashMap<Symbol, VecDeque<(Timestamp, OrderIntent)>>,
    /// Of which instrument each is.
    all: VecDeque<(Timestamp, Symbol)>,
    /// By account.
    keys: HashMap<AccountId, SentLately>,
}

/// Keys of orders of the last hour, in the order in which they were sent.
#[derive(Debug, Default)]
pub(super) struct SentLately(VecDeque<(Timestamp, OrderKey)>);

impl SentLately {
    pub(super) fn note(&mut self, key: &OrderKey, at: Timestamp) {
        // A clock that is put back does not make orders earlier than those before them.
        let at = self.0.back().map_or(at, |(last, _)| at.max(*last));
        while self.0.front().is_some_and(|(sent, _)| *sent < at.before(KEPT)) {
            self.0.pop_front();
        }
        self.0.push_back((at, key.clone()));
    }

    /// Takes back the last, if it is this one.
    pub(super) fn take_back(&mut self, key: &OrderKey) {
        if self.0.back().is_some_and(|(_, last)| last == key) {
            self.0.pop_back();
        }
    }

    /// How many were sent within the last minute, without one of them.
    pub(super) fn of_minute(&self, now: Timestamp, without: Option<&OrderKey>) -> u32 {
        let first = self.0.partition_point(|(at, _)| *at <= now.before(MINUTE));
        let counted = self.0.len() - first;
        let again = without.is_some_and(|key| self.0.range(first..).any(|(_, one)| one == key));
        u32::try_from(counted - usize::from(again)).unwrap_or(u32::MAX)
    }
}

impl Recent {
    pub(super) fn note(&mut self, intent: &OrderIntent, at: Timestamp) {
        // A clock that is put back does not make orders earlier than those before them.
        let at = self.all.back().map_or(at, |(last, _)| at.max(*last));
        self.forget(at.before(KEPT));
        self.all.push_back((at, intent.symbol()));
        self.of.entry(intent.symbol()).or_default().push_back((at, intent.clone()));
        self.keys.entry(intent.account().clone()).or_default().note(intent.key(), at);
    }

    /// Takes back the last, if it is this one; was it?
    pub(super) fn take_back(&mut self, intent: &OrderIntent) -> bool {
        let symbol = intent.symbol();
        let is_last = |one: &(Timestamp, OrderIntent)| one.1.key() == intent.key();
        let Some(of) = self.of.get_mut(&symbol).filter(|of| of.back().is_some_and(is_last)) else {
            return false;
        };
        of.pop_back();
        if of.is_empty() {
            self.of.remove(&symbol);
        }
        self.all.pop_back();
        if let Some(keys) = self.keys.get_mut(intent.account()) {
            keys.take_back(intent.key());
        }
        true
    }

    fn forget(&mut self, horizon: Timestamp) {
        while let Some((_, symbol)) = self.all.pop_front_if(|(sent, _)| *sent < horizon) {
            if let Some(of) = self.of.get_mut(&symbol) {
                of.pop_front();
                if of.is_empty() {
                    self.of.remove(&symbol);
                }
            }
        }
    }

    /// These, which were noted before.
    pub(super) fn restored(sent: Vec<(Timestamp, OrderIntent)>) -> Self {
        let mut recent = Self::default();
        sent.iter().for_each(|(at, intent)| recent.note(intent, *at));
        recent
    }

    /// All of them, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &(Timestamp, OrderIntent)> {
        let mut taken: HashMap<Symbol, usize> = HashMap::default();
        self.all.iter().filter_map(move |(_, symbol)| {
            let next = taken.entry(*symbol).or_default();
            *next += 1;
            self.of.get(symbol)?.get(*next - 1)
        })
    }

    /// How many of an account were sent within the last minute, without one of them.
    pub(super) fn of_minute(&self, account: &AccountId, now: Timestamp, without: Option<&OrderKey>) -> u32 {
        self.keys.get(account).map_or(0, |sent| sent.of_minute(now, without))
    }

    /// How long ago the last order was sent that wants the same under another key.
    pub(super) fn alike(&self, intent: &OrderIntent, now: Timestamp) -> Option<Duration> {
        let horizon = now.before(KEPT);
        let mut lately = self.of.get(&intent.symbol())?.iter().rev().take_while(|(sent, _)| *sent >= horizon);
        let alike = |(_, other): &&(Timestamp, OrderIntent)| wants_the_same(other, intent);
        lately.find(alike).map(|(sent, _)| now.since(*sent))
    }
}

fn wants_the_same(one: &OrderIntent, other: &OrderIntent) -> bool {
    one.key() != other.key()
        && one.symbol() == other.symbol()
        && one.side() == other.side()
        && one.size() == other.size()
        && one.kind() == other.kind()
        && one.account() == other.account()
}

#[cfg(test)]
mod tests;
