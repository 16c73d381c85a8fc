//! Drives a budget through virtual time as a shell would, and keeps a log of what left and what became of every ticket.

use crate::checker::{Allowed, Arrival};
use std::collections::BTreeMap;
use std::time::Duration;
use tradeport_connection::NoticeClass;
use tradeport_connection::pacing::{
    CallerId, Class, ConnectionId, Counts, Effect, Failure, HistoryPace, Limits, PacingBudget, Priority,
    QueueSettings, Refused, Request, RequestKey, RetrySettings, Rule, Ticket,
};
use tradeport_kernel::Timestamp;

pub(crate) fn at(millis: i64) -> Timestamp {
    Timestamp::from_nanos(millis * 1_000_000)
}

/// The limits of the table, with this jitter.
pub(crate) fn limits(allowed: &Allowed, jitter: u64) -> Limits {
    let ms = |millis: i64| Some(Duration::from_millis(millis.unsigned_abs()));
    let rates = [
        (Rule::HistoryTotal, allowed.history_total),
        (Rule::HistorySeries, allowed.history_series),
        (Rule::HistoryIdentical, allowed.history_identical),
        (Rule::RealTimeBars, allowed.real_time_bars),
        (Rule::TickByTickAgain, allowed.tick_by_tick_again),
        (Rule::Previews, allowed.previews),
        (Rule::RegulatorySnapshots, allowed.regulatory),
    ];
    let counts = [
        (Rule::HistoryOpen, allowed.history_open),
        (Rule::Lines, allowed.lines),
        (Rule::Depth, allowed.depth),
        (Rule::TickByTick, allowed.tick_by_tick),
        (Rule::Scanners, allowed.scanners),
        (Rule::AccountSummaries, allowed.summaries),
        (Rule::OrdersPerSide, allowed.per_side),
    ];
    let mut limits = Limits::documented(100).with_jitter(Duration::from_millis(jitter)).unwrap();
    limits = limits.with_messages(allowed.messages.0).unwrap();
    for (rule, (most, span)) in rates {
        limits = limits.with(rule, most, ms(span)).unwrap();
    }
    for (rule, most) in counts {
        limits = limits.with(rule, most, None).unwrap();
    }
    limits
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Waits,
    Went,
    Ended,
}

/// What is known of a ticket from outside.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) request: Request,
    pub(crate) fate: Fate,
    pub(crate) asked: i64,
    /// When it went, each time.
    pub(crate) went: Vec<i64>,
    /// When what each of them opened was closed.
    pub(crate) closed: Vec<i64>,
    /// May go again from then on.
    pub(crate) not_before: i64,
}

/// How a driver asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asking {
    /// What may go does with the next step.
    Only,
    /// A step after each.
    Stepped,
    /// At once where that is possible, with a step otherwise.
    AtOnce,
}

pub(crate) struct Driver {
    pub(crate) budget: PacingBudget,
    pub(crate) asking: Asking,
    /// How many went without a place in any queue.
    pub(crate) at_once: usize,
    pub(crate) now: i64,
    pub(crate) seen: BTreeMap<Ticket, Seen>,
    /// Tickets in the order in which they went.
    pub(crate) log: Vec<Ticket>,
    out: Vec<Effect>,
}

impl Driver {
    pub(crate) fn new(limits: Limits) -> Self {
        Self::with(limits, QueueSettings::default())
    }

    pub(crate) fn with(limits: Limits, queues: QueueSettings) -> Self {
        let budget = PacingBudget::new(limits, queues, RetrySettings::default());
        let (seen, log, out) = (BTreeMap::new(), Vec::new(), Vec::new());
        Self { budget, asking: Asking::Only, at_once: 0, now: 0, seen, log, out }
    }

    pub(crate) fn connect(&mut self) -> ConnectionId {
        self.budget.connect().unwrap()
    }

    pub(crate) fn ask(&mut self, request: Request) -> Result<Ticket, Refused> {
        let now = at(self.now);
        let gone = if self.asking == Asking::AtOnce { self.budget.go(request, now) } else { None };
        let ticket = gone.map_or_else(|| self.budget.ask(request, now), Ok)?;
        let (fate, asked) = (Fate::Waits, self.now);
        let seen = Seen { request, fate, asked, went: Vec::new(), closed: Vec::new(), not_before: self.now };
        assert!(self.seen.insert(ticket, seen).is_none(), "a ticket was given out twice");
        if gone.is_some() {
            self.at_once += 1;
            self.digest(&[Effect::Go(ticket)]);
        } else if self.asking != Asking::Only {
            self.step();
        }
        Ok(ticket)
    }

    /// Asks, and lets go what may.
    pub(crate) fn send(&mut self, connection: ConnectionId, caller: u32, class: Class) -> Ticket {
        let ticket = self.ask(Request::new(connection, CallerId::new(caller), class)).unwrap();
        self.step();
        ticket
    }

    pub(crate) fn step(&mut self) -> usize {
        let mut out = std::mem::take(&mut self.out);
        self.budget.step(at(self.now), &mut out);
        let went = self.digest(&out);
        out.clear();
        self.out = out;
        went
    }

    fn digest(&mut self, effects: &[Effect]) -> usize {
        let mut went = 0;
        for effect in effects {
            let (Effect::Go(ticket) | Effect::TimedOut(ticket) | Effect::Lost(ticket)) = effect;
            let seen = self.seen.get_mut(ticket).unwrap();
            let deadline = seen.request.deadline().unwrap_or(Timestamp::MAX);
            match effect {
                Effect::Go(_) => {
                    assert_eq!(seen.fate, Fate::Waits);
                    assert!(at(self.now) <= deadline, "went after its deadline");
                    assert!(self.now >= seen.not_before, "went again too early");
                    seen.fate = Fate::Went;
                    seen.went.push(self.now);
                    self.log.push(*ticket);
                    went += 1;
                }
                Effect::TimedOut(_) => {
                    assert_eq!(seen.fate, Fate::Waits);
                    assert!(at(self.now) >= deadline, "timed out before its deadline");
                    seen.fate = Fate::Ended;
                }
                Effect::Lost(_) => seen.lose(self.now),
            }
        }
        went
    }

    /// Lets time pass up to there, with a step whenever the budget asks for one.
    pub(crate) fn run_to(&mut self, then: i64) {
        self.step();
        while let Some(wake) = self.wake().filter(|wake| *wake <= then) {
            assert!(wake > self.now, "asked for a step that had nothing to do");
            self.now = wake;
            self.step();
        }
        self.now = then;
    }

    /// The first millisecond of the next wake.
    pub(crate) fn wake(&self) -> Option<i64> {
        let wake = self.budget.next_wake()?.nanos();
        Some(wake.div_euclid(1_000_000) + i64::from(wake.rem_euclid(1_000_000) != 0))
    }

    pub(crate) fn done(&mut self, ticket: Ticket) -> bool {
        let now = at(self.now);
        self.ended(ticket, |budget| budget.done(ticket, now).is_ok())
    }

    pub(crate) fn cancel(&mut self, ticket: Ticket) -> bool {
        let now = at(self.now);
        self.ended(ticket, |budget| budget.cancel(ticket, now).is_ok())
    }

    fn ended(&mut self, ticket: Ticket, end: impl FnOnce(&mut PacingBudget) -> bool) -> bool {
        let was_open = end(&mut self.budget);
        let seen = self.seen.get_mut(&ticket).unwrap();
        assert_eq!(was_open, seen.fate != Fate::Ended, "a ticket ends once");
        seen.lose(self.now);
        was_open
    }

    pub(crate) fn fail(&mut self, ticket: Ticket, class: NoticeClass) -> Option<Failure> {
        let failure = self.budget.failed(ticket, class, at(self.now));
        let seen = self.seen.get_mut(&ticket).unwrap();
        assert_eq!(failure.is_ok(), seen.fate != Fate::Ended, "a ticket ends once");
        match failure {
            Ok(Failure::Again { at, .. }) => {
                assert_eq!(seen.fate, Fate::Went, "only what went goes again");
                assert!(seen.request.class().may_repeat());
                seen.lose(self.now);
                seen.fate = Fate::Waits;
                seen.not_before = at.nanos() / 1_000_000;
            }
            Ok(Failure::Final) => seen.lose(self.now),
            Err(_) => {}
        }
        failure.ok()
    }

    pub(crate) fn disconnect(&mut self, connection: ConnectionId) {
        let mut out = Vec::new();
        self.budget.disconnect(connection, at(self.now), &mut out);
        self.digest(&out);
    }

    /// Ends everything: what waits goes or times out, what went is done.
    pub(crate) fn drain(&mut self) {
        for _ in 0..100_000 {
            self.step();
            let went: Vec<Ticket> = self.with_fate(Fate::Went);
            for ticket in went {
                self.done(ticket);
            }
            match self.wake() {
                Some(wake) => {
                    assert!(wake >= self.now);
                    self.now = wake;
                }
                None if self.with_fate(Fate::Waits).is_empty() => return,
                None => panic!("something waits for ever"),
            }
        }
        panic!("no end");
    }

    pub(crate) fn with_fate(&self, fate: Fate) -> Vec<Ticket> {
        self.seen.iter().filter(|(_, seen)| seen.fate == fate).map(|(ticket, _)| *ticket).collect()
    }

    /// How everything arrived at the broker when the message of each number takes `delays` of it, in turn; messages of one
    /// connection keep their order.
    pub(crate) fn arrivals(&self, delays: &[i64]) -> Vec<Arrival> {
        let mut delays = delays.iter().copied().cycle();
        let mut delay = move || delays.next().unwrap_or(0);
        let mut places = BTreeMap::new();
        let mut last: BTreeMap<usize, i64> = BTreeMap::new();
        let mut times: BTreeMap<Ticket, usize> = BTreeMap::new();
        let mut all = Vec::new();
        for ticket in &self.log {
            let seen = &self.seen[ticket];
            let time = times.entry(*ticket).or_default();
            let many = places.len();
            let connection = *places.entry(seen.request.connection()).or_insert(many);
            let arrived =
                (seen.went[*time] + delay()).max(last.get(&connection).copied().unwrap_or(i64::MIN));
            last.insert(connection, arrived);
            // That an order is over is told by the broker; the end of anything else travels there.
            let travels = if matches!(seen.request.class(), Class::PlaceOrder { .. }) { 0 } else { delay() };
            let closed = seen.closed.get(*time).map_or(i64::MAX, |closed| closed + travels);
            *time += 1;
            all.push(Arrival { at: arrived, closed, connection, class: *seen.request.class() });
        }
        all
    }
}

impl Seen {
    fn lose(&mut self, now: i64) {
        if self.fate == Fate::Went {
            self.closed.push(now);
        }
        self.fate = Fate::Ended;
    }
}

/// Bars that are longer than half a minute: nothing but messages and what is open holds them back.
pub(crate) fn large(number: u64) -> Class {
    let (series, whole) = (RequestKey::new(number), RequestKey::new(number));
    Class::History { pace: HistoryPace::Large, series, whole, counts: Counts::Once }
}

/// Small bars of a series.
pub(crate) fn small(series: u64, whole: u64, counts: Counts) -> Class {
    let (series, whole) = (RequestKey::new(series), RequestKey::new(whole));
    Class::History { pace: HistoryPace::Small, series, whole, counts }
}

pub(crate) fn order(number: u64) -> Class {
    Class::PlaceOrder { order: RequestKey::new(number), side: RequestKey::new(number) }
}

pub(crate) fn request(connection: ConnectionId, caller: u32, class: Class) -> Request {
    Request::new(connection, CallerId::new(caller), class)
}

pub(crate) const PRIORITIES: [Priority; 5] = Priority::ALL;
