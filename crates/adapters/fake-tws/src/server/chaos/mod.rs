//! How scenarios are played: what sets their rules off, and what becomes of messages, requests and connections then.
//!
//! | part | knows |
//! | --- | --- |
//! | `standing` | a rule: when it acts next, how often it has |
//! | `events` | which rules something that happens sets off |
//! | `line` | a connection: what waits on it, and why |
//! | `sending`, `alter` | what becomes of messages |
//! | `asking` | what becomes of requests |
//! | `outage` | connectivity and farms, and what does not work without them |
//! | `perform`, `links`, `upheaval` | the acts, done to the server |
//!
//! Everything that waits is bounded. Without a scenario nothing here is done at all.

mod alter;
mod asking;
mod events;
mod line;
mod links;
mod outage;
mod perform;
mod sending;
mod standing;
mod upheaval;

use super::outbox::{Item, Outbox};
use super::session::SessionId;
use crate::chaos::{Act, Language, Port, Scenario};
use crate::wire::Request;
use line::{Line, Parcel};
use outage::Outage;
use standing::Standing;
use std::collections::BTreeMap;
use tradeport_kernel::Timestamp;

/// So many messages are late at once; further ones are in time.
const MOST_LATE: usize = 10_000;
/// So many acts are to come; further ones are left out.
const MOST_TO_COME: usize = 10_000;
/// So many requests are held at once; further ones are answered at once.
const MOST_HELD: usize = 1_000;

/// Something that the families say has happened.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Note {
    /// An order has come to a status.
    Order {
        /// Its durable number.
        perm_id: i64,
        /// Whose it is.
        client_id: i32,
        /// Which status.
        status: &'static str,
    },
    /// An order has traded.
    Execution {
        /// Its durable number.
        perm_id: i64,
        /// Whose it is.
        client_id: i32,
    },
    /// Somebody has connected.
    Connection(SessionId),
    /// A client has started.
    Start(SessionId, i32),
}

/// To whom an act is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whom {
    Everyone,
    Client(i32),
    Session(SessionId),
}

/// What an act is about.
#[derive(Clone, Copy, Debug, Default)]
struct Subject {
    order: Option<i64>,
    /// The id of the request or the order.
    number: Option<i32>,
}

/// An act that is to be done.
#[derive(Clone, Debug)]
struct Due {
    act: Act,
    whom: Whom,
    subject: Subject,
}

/// The server is restarting.
#[derive(Clone, Copy, Debug)]
struct Down {
    until: Timestamp,
    port: Port,
}

/// What is being played.
#[derive(Debug)]
pub(crate) struct Chaos {
    is_quiet: bool,
    seed: u64,
    rules: Vec<Standing>,
    to_come: BTreeMap<(Timestamp, u64), Due>,
    late: BTreeMap<(Timestamp, u64), (SessionId, Parcel)>,
    held: BTreeMap<(Timestamp, u64), (SessionId, Request)>,
    lines: BTreeMap<SessionId, Line>,
    /// What may be sent now.
    ready: Vec<(SessionId, Item)>,
    /// Connections that end as soon as what is going on is done.
    cut: Vec<SessionId>,
    outage: Outage,
    down: Option<Down>,
    language: Language,
    /// So many milliseconds its clock is ahead.
    clock_off: i64,
    counter: u64,
}

impl Chaos {
    pub(super) fn new(seed: u64, scenario: &Scenario, now: Timestamp) -> Self {
        let mut chaos = Self {
            is_quiet: true,
            seed,
            rules: Vec::new(),
            to_come: BTreeMap::new(),
            late: BTreeMap::new(),
            held: BTreeMap::new(),
            lines: BTreeMap::new(),
            ready: Vec::new(),
            cut: Vec::new(),
            outage: Outage::default(),
            down: None,
            language: Language::default(),
            clock_off: 0,
            counter: 0,
        };
        chaos.play(scenario, now);
        chaos
    }

    /// Plays one more scenario, which begins now.
    pub(super) fn play(&mut self, scenario: &Scenario, now: Timestamp) {
        self.rules.retain(|standing| !standing.is_spent());
        for rule in scenario.rules() {
            let number = self.count();
            self.rules.push(Standing::new(rule.clone(), number, now));
        }
        self.is_quiet &= self.rules.is_empty();
    }

    /// Does an act at the next occasion, to all connections.
    pub(super) fn act(&mut self, act: Act, now: Timestamp) {
        self.come(now, Due { act, whom: Whom::Everyone, subject: Subject::default() });
        self.is_quiet = false;
    }

    /// Is there nothing to play?
    pub(super) const fn is_quiet(&self) -> bool {
        self.is_quiet
    }

    /// Looks whether there is still anything to play.
    fn rest(&mut self) {
        self.is_quiet = self.rules.iter().all(Standing::is_spent)
            && self.to_come.is_empty()
            && self.late.is_empty()
            && self.held.is_empty()
            && self.lines.values().all(Line::is_plain)
            && self.outage.is_over()
            && self.down.is_none()
            && self.language == Language::English
            && self.clock_off == 0;
        if self.is_quiet {
            self.lines.clear();
        }
    }

    /// When it wants to be called again.
    pub(super) fn next_due(&self) -> Option<Timestamp> {
        if self.is_quiet {
            return None;
        }
        let first = |at: Option<&(Timestamp, u64)>| at.map(|(at, _)| *at);
        let queues = [
            first(self.to_come.keys().next()),
            first(self.late.keys().next()),
            first(self.held.keys().next()),
            self.down.map(|down| down.until),
        ];
        let rules = self.rules.iter().filter_map(Standing::next);
        let lines = self.lines.values().filter_map(Line::next);
        queues.into_iter().flatten().chain(rules).chain(lines).min()
    }

    /// Does the port take connections?
    pub(super) fn listens(&self) -> bool {
        self.down.is_none_or(|down| down.port != Port::Refuses)
    }

    /// Is a connection going to be closed by what was said on it?
    pub(super) fn closes(&self, id: SessionId) -> bool {
        self.lines.get(&id).is_some_and(|line| line.closes)
    }

    /// Is nothing read on a connection now?
    pub(super) fn is_still(&self, id: SessionId) -> bool {
        !self.is_quiet && self.lines.get(&id).is_some_and(Line::is_still)
    }

    /// Is nothing ever read on a connection any more?
    pub(super) fn is_deaf(&self, id: SessionId) -> bool {
        !self.is_quiet && self.lines.get(&id).is_some_and(|line| line.is_deaf)
    }

    /// Has only a part of a frame been sent on a connection?
    pub(super) fn is_torn(&self, id: SessionId) -> bool {
        !self.is_quiet && self.lines.get(&id).is_some_and(Line::is_torn)
    }

    /// Is the exchange out of reach?
    pub(super) const fn is_offline(&self) -> bool {
        self.outage.is_offline()
    }

    /// A connection is gone, and with it all that waited for it.
    pub(super) fn forget(&mut self, id: SessionId) {
        if self.is_quiet {
            return;
        }
        self.lines.remove(&id);
        self.late.retain(|_, (to, _)| *to != id);
        self.held.retain(|_, (from, _)| *from != id);
        self.outage.forget(id);
        self.ready.retain(|(to, _)| *to != id);
    }

    /// Gives back what may be sent now.
    pub(super) fn hand_over(&mut self, outbox: &mut Outbox) {
        if !self.ready.is_empty() {
            outbox.put_first(&mut self.ready);
        }
    }

    fn count(&mut self) -> u64 {
        self.counter += 1;
        self.counter
    }

    fn come(&mut self, at: Timestamp, due: Due) {
        if self.to_come.len() < MOST_TO_COME {
            let key = (at, self.count());
            self.to_come.insert(key, due);
        }
    }
}

#[cfg(test)]
mod tests;
