//! A rule that is being played: when it acts next, and how often it has.

use crate::chaos::{Often, Rule, Trigger};
use tradeport_fake_broker::house::mix;
use tradeport_kernel::Timestamp;

/// A chance of one.
const CERTAIN: u64 = 1_000_000;

#[derive(Debug)]
pub(super) struct Standing {
    rule: Rule,
    number: u64,
    begins: Timestamp,
    /// How often its event has happened.
    seen: u64,
    drawn: u64,
    acted: u32,
    next: Option<Timestamp>,
}

impl Standing {
    pub(super) fn new(rule: Rule, number: u64, begins: Timestamp) -> Self {
        let next = match rule.trigger {
            Trigger::After(span) | Trigger::Every(span) => Some(begins.after(span)),
            Trigger::Daily(time) => time.after(begins),
            Trigger::On(_) => None,
        };
        Self { rule, number, begins, seen: 0, drawn: 0, acted: 0, next }
    }

    pub(super) const fn rule(&self) -> &Rule {
        &self.rule
    }

    /// When its clock strikes next.
    pub(super) fn next(&self) -> Option<Timestamp> {
        if self.is_spent() { None } else { self.next }
    }

    /// Will it never act again?
    pub(super) fn is_spent(&self) -> bool {
        let by_clock = !matches!(self.rule.trigger, Trigger::On(_));
        self.is_done() || (by_clock && self.next.is_none())
    }

    /// Its event has happened: does it act?
    pub(super) fn happens(&mut self, now: Timestamp, seed: u64) -> bool {
        if !self.holds(now) {
            return false;
        }
        self.seen += 1;
        self.seen >= u64::from(self.rule.nth) && self.draws(seed)
    }

    /// Does its clock strike, and does it act?
    pub(super) fn strikes(&mut self, now: Timestamp, seed: u64) -> bool {
        let Some(at) = self.next().filter(|at| *at <= now) else { return false };
        self.next = match self.rule.trigger {
            Trigger::Every(period) => Some(at.after(period)),
            Trigger::Daily(time) => time.after(at),
            Trigger::After(_) | Trigger::On(_) => None,
        };
        self.holds(at) && {
            self.seen += 1;
            self.seen >= u64::from(self.rule.nth) && self.draws(seed)
        }
    }

    fn holds(&self, now: Timestamp) -> bool {
        let from = self.rule.from.is_none_or(|from| now >= self.begins.after(from));
        let until = self.rule.until.is_none_or(|until| now < self.begins.after(until));
        from && until && !self.is_done()
    }

    fn is_done(&self) -> bool {
        matches!(self.rule.often(), Often::Times(times) if self.acted >= times)
    }

    /// Draws, if it acts by chance.
    fn draws(&mut self, seed: u64) -> bool {
        let chance = u64::from(self.rule.chance);
        if chance < CERTAIN {
            self.drawn += 1;
            if mix(seed ^ mix(self.number) ^ mix(self.drawn).rotate_left(1)) % CERTAIN >= chance {
                return false;
            }
        }
        self.acted = self.acted.saturating_add(1);
        true
    }
}
