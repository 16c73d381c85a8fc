//! Signs of life: when to ask for the next, and whether the last is fresh enough to trade on.
//!
//! A socket whose other end is gone says nothing for hours. So the broker is asked now and then, and more often while
//! orders work. Silence alone is never a reason to end a connection: an unanswered question is.

use super::PulseSettings;
use tradeport_kernel::Timestamp;

/// Where the questions of one epoch stand.
#[derive(Clone, Debug)]
pub(super) struct Pulse {
    asked: Option<Question>,
    next: Timestamp,
    last_life: Option<Timestamp>,
    fresh_until: Option<Timestamp>,
    number: u64,
    missed: u32,
    busy: bool,
}

#[derive(Clone, Copy, Debug)]
struct Question {
    number: u64,
    until: Timestamp,
}

/// What has come of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beat {
    /// Nothing.
    Rest,
    /// Ask, under this number.
    Ask(u64),
    /// The other end is gone.
    Gone,
}

impl Pulse {
    /// The first question is due at once.
    pub(super) const fn new(now: Timestamp, busy: bool) -> Self {
        Self { asked: None, next: now, last_life: None, fresh_until: None, number: 0, missed: 0, busy }
    }

    /// Orders work, or none does. The first order is reason to ask at once; until that answer must be there, the last
    /// sign of life still counts.
    pub(super) fn set_busy(&mut self, busy: bool, now: Timestamp, settings: &PulseSettings) {
        if busy && !self.busy {
            self.next = now;
            let limit = now.after(settings.busy_limit);
            self.fresh_until = self.fresh_until.map(|until| until.min(limit));
        }
        self.busy = busy;
    }

    /// An answer to what was asked before is worth nothing now: ask anew.
    pub(super) const fn ask_anew(&mut self, now: Timestamp) {
        self.asked = None;
        self.next = now;
    }

    /// Ask at once.
    pub(super) fn hurry(&mut self, now: Timestamp) {
        self.next = self.next.min(now);
    }

    /// An answer; true when it was waited for.
    pub(super) fn answered(&mut self, number: u64, now: Timestamp, settings: &PulseSettings) -> bool {
        if self.asked.is_none_or(|it| it.number != number) {
            return false;
        }
        self.asked = None;
        self.missed = 0;
        self.last_life = Some(now);
        self.next = now.after(settings.every(self.busy));
        self.fresh_until = Some(self.next.after(settings.limit(self.busy)));
        true
    }

    /// An answer that will not come.
    pub(super) fn unanswered(&mut self, number: u64, now: Timestamp, settings: &PulseSettings) -> Beat {
        if self.asked.is_none_or(|it| it.number != number) {
            return Beat::Rest;
        }
        self.miss(now, settings)
    }

    pub(super) fn beat(&mut self, now: Timestamp, settings: &PulseSettings) -> Beat {
        match self.asked {
            Some(question) if question.until <= now => self.miss(now, settings),
            None if self.next <= now => {
                self.number += 1;
                self.asked =
                    Some(Question { number: self.number, until: now.after(settings.limit(self.busy)) });
                Beat::Ask(self.number)
            }
            _ => Beat::Rest,
        }
    }

    fn miss(&mut self, now: Timestamp, settings: &PulseSettings) -> Beat {
        self.asked = None;
        self.missed += 1;
        self.next = now;
        if self.missed >= settings.misses(self.busy) { Beat::Gone } else { Beat::Rest }
    }

    /// When the last sign of life is too old to trade on.
    pub(super) const fn fresh_until(&self) -> Option<Timestamp> {
        self.fresh_until
    }

    pub(super) const fn last_life(&self) -> Option<Timestamp> {
        self.last_life
    }

    pub(super) fn next_deadline(&self) -> Timestamp {
        self.asked.map_or(self.next, |it| it.until)
    }
}
