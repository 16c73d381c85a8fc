//! One breaker: closed, open, half open.

use super::{BreakerSettings, Capability, Report};
use std::collections::VecDeque;
use tradeport_kernel::Timestamp;

/// Where a breaker stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BreakerState {
    /// It works: everything passes.
    Closed,
    /// It does not: nothing passes until then.
    Open {
        /// When it may be tried again.
        until: Timestamp,
    },
    /// It is tried: one at a time passes.
    HalfOpen,
}

/// The right to use a capability once.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "what came of it is to be reported"]
pub struct Pass {
    pub(super) capability: Capability,
    /// Which state of the breaker gave it: what comes later says nothing about another.
    pub(super) turn: u64,
    /// Which trial it is.
    pub(super) trial: Option<u64>,
}

impl Pass {
    /// What it is for.
    #[must_use]
    pub const fn capability(&self) -> Capability {
        self.capability
    }
}

/// It rests, or is being tried by somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{capability:?} failed too often and rests until {until}")]
pub struct Rests {
    /// What.
    pub capability: Capability,
    /// When to ask again, at the latest.
    pub until: Timestamp,
}

/// A breaker changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It opened: something keeps failing.
    Opened {
        /// What.
        capability: Capability,
        /// Until when it rests.
        until: Timestamp,
    },
    /// It closed: all is well again.
    Closed {
        /// What.
        capability: Capability,
    },
}

#[derive(Clone, Debug)]
pub(super) struct Breaker {
    settings: BreakerSettings,
    inner: Inner,
    /// Counts states: each opening and closing begins a new one.
    turn: u64,
    /// How often it opened in a row, without having closed in between.
    openings: u32,
    trials: u64,
}

#[derive(Clone, Debug)]
enum Inner {
    /// When the last failures were.
    Closed(VecDeque<Timestamp>),
    Open(Timestamp),
    Half {
        worked: u32,
        trial: Option<Trial>,
    },
}

/// What is tried at present.
#[derive(Clone, Copy, Debug)]
struct Trial {
    number: u64,
    until: Timestamp,
}

impl Breaker {
    pub(super) fn new(settings: BreakerSettings) -> Self {
        Self { settings, inner: Inner::Closed(VecDeque::new()), turn: 0, openings: 0, trials: 0 }
    }

    pub(super) fn reset(&mut self) {
        self.openings = 0;
        self.turn += 1;
        self.inner = Inner::Closed(VecDeque::new());
    }

    pub(super) fn state(&self, now: Timestamp) -> BreakerState {
        match &self.inner {
            Inner::Closed(_) => BreakerState::Closed,
            Inner::Open(until) if *until > now => BreakerState::Open { until: *until },
            Inner::Half { trial: Some(trial), .. } if trial.until <= now => {
                // Nobody said what came of it: it has failed, though nobody has asked since.
                let until = trial.until.after(self.settings.rest(self.openings.saturating_add(1)));
                if until > now { BreakerState::Open { until } } else { BreakerState::HalfOpen }
            }
            Inner::Open(_) | Inner::Half { .. } => BreakerState::HalfOpen,
        }
    }

    pub(super) fn ask(&mut self, capability: Capability, now: Timestamp) -> Result<Pass, Rests> {
        self.catch_up(now);
        let rests = |until| Err(Rests { capability, until });
        match &mut self.inner {
            Inner::Closed(_) => Ok(Pass { capability, turn: self.turn, trial: None }),
            Inner::Open(until) => rests(*until),
            Inner::Half { trial: Some(trial), .. } => rests(trial.until),
            Inner::Half { trial, .. } => {
                self.trials += 1;
                *trial = Some(Trial { number: self.trials, until: now.after(self.settings.trial()) });
                Ok(Pass { capability, turn: self.turn, trial: Some(self.trials) })
            }
        }
    }

    /// Goes to where time alone has brought it.
    fn catch_up(&mut self, now: Timestamp) {
        if let Inner::Half { trial: Some(trial), .. } = self.inner
            && trial.until <= now
        {
            self.open(trial.until);
        }
        if let Inner::Open(until) = self.inner
            && until <= now
        {
            self.inner = Inner::Half { worked: 0, trial: None };
        }
    }

    fn open(&mut self, at: Timestamp) -> Timestamp {
        self.openings = self.openings.saturating_add(1);
        self.turn += 1;
        let until = at.after(self.settings.rest(self.openings));
        self.inner = Inner::Open(until);
        until
    }

    pub(super) fn report(&mut self, pass: Pass, report: Report, now: Timestamp) -> Option<Change> {
        self.catch_up(now);
        if pass.turn != self.turn {
            return None;
        }
        let capability = pass.capability;
        match &mut self.inner {
            Inner::Closed(failures) if report == Report::Failed => {
                let within = self.settings.within();
                while failures.front().is_some_and(|at| at.after(within) <= now) {
                    failures.pop_front();
                }
                failures.push_back(now);
                let enough = u32::try_from(failures.len()).unwrap_or(u32::MAX) >= self.settings.failures();
                enough.then(|| Change::Opened { capability, until: self.open(now) })
            }
            Inner::Half { worked, trial } if trial.is_some_and(|trial| Some(trial.number) == pass.trial) => {
                *trial = None;
                match report {
                    Report::Nothing => None,
                    Report::Failed => Some(Change::Opened { capability, until: self.open(now) }),
                    Report::Worked => {
                        *worked = worked.saturating_add(1);
                        let enough = *worked >= self.settings.trials();
                        enough.then(|| self.close(capability))
                    }
                }
            }
            Inner::Closed(_) | Inner::Open(_) | Inner::Half { .. } => None,
        }
    }

    fn close(&mut self, capability: Capability) -> Change {
        self.reset();
        Change::Closed { capability }
    }
}
