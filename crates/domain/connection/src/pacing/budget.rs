//! The scheduler: what may go now, what must wait, and for what.
//!
//! One budget is of one session of the broker's program, with all its connections. It is told the time and tells what may
//! go; it sends nothing, and never waits.
//!
//! A request that only lacks room under a limit that many share stays in its caller's queue, and the others of its kind
//! behind it. One that lacks room under a limit of its own key is parked until then, and those behind it go on.

use super::charge::Kind;
use super::connections::Connections;
use super::gauges::Counters;
use super::lanes::Lanes;
use super::meters::Meters;
use super::request::{Class, ConnectionId, Priority, Request};
use super::settings::{QueueSettings, RetrySettings};
use super::tickets::{State, Ticket, Tickets};
use super::{Limits, Rule};
use std::collections::BTreeSet;
use tradeport_kernel::Timestamp;

/// So many single requests may pass by one for bid and ask that waits for twice the room; then the room is saved for it.
const PASSES: u32 = 16;

/// What came of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Send it now. Its ticket is open until it is said to be done, failed or cancelled.
    Go(Ticket),
    /// It did not go by its deadline. Its ticket has ended.
    TimedOut(Ticket),
    /// Its connection is gone. Its ticket has ended.
    Lost(Ticket),
}

/// Why a request cannot even wait.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The connection is not open.
    #[error("the connection is not open")]
    NoConnection,
    /// There are as many connections as the broker lets in.
    #[error("{most} connections are open: the broker lets no more in")]
    TooManyConnections {
        /// How many there are at most.
        most: u32,
    },
    /// As many orders as may be work on this side of the contract.
    #[error("{most} orders work on this side of the contract: the broker takes no more")]
    SideIsFull {
        /// How many there are at most.
        most: u32,
    },
    /// The queue of the priority is full.
    #[error("{most} requests of priority {priority:?} wait already")]
    QueueIsFull {
        /// Of which priority.
        priority: Priority,
        /// How many may wait.
        most: u32,
    },
    /// The caller has as many requests waiting as one may have.
    #[error("{most} requests of this caller wait already")]
    CallerIsFull {
        /// How many may wait.
        most: u32,
    },
    /// As many tickets as may be are open.
    #[error("{most} requests are open already")]
    TooManyOpen {
        /// How many there may be.
        most: u32,
    },
    /// The order that was to be adopted is open here.
    #[error("the order is counted already")]
    IsCounted,
    /// Its deadline is over.
    #[error("the deadline is over")]
    TooLate,
}

/// The ticket has ended before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the request has ended before")]
pub struct HasEnded;

/// The scheduler of one session.
#[derive(Clone, Debug)]
pub struct PacingBudget {
    pub(super) tickets: Tickets,
    pub(super) lanes: Lanes,
    pub(super) meters: Meters,
    pub(super) connections: Connections,
    pub(super) queues: QueueSettings,
    pub(super) retry: RetrySettings,
    /// When parked tickets are looked at again: time, order of asking, place.
    parked: BTreeSet<(Timestamp, u64, u32)>,
    /// When tickets that wait time out.
    deadlines: BTreeSet<(Timestamp, u32)>,
    /// How many single requests passed by one that counts twice.
    passed_twice: u32,
    now: Timestamp,
    pub(super) counters: Counters,
}

impl PacingBudget {
    /// A budget with these limits, in which nothing was sent yet.
    #[must_use]
    pub fn new(limits: Limits, queues: QueueSettings, retry: RetrySettings) -> Self {
        Self {
            tickets: Tickets::default(),
            lanes: Lanes::default(),
            connections: Connections::new(&limits),
            meters: Meters::new(limits),
            queues,
            retry,
            parked: BTreeSet::new(),
            deadlines: BTreeSet::new(),
            passed_twice: 0,
            now: Timestamp::MIN,
            counters: Counters::default(),
        }
    }

    /// The limits that it keeps.
    #[must_use]
    pub const fn limits(&self) -> &Limits {
        self.meters.limits()
    }

    /// The connections that are open.
    pub fn open_connections(&self) -> impl Iterator<Item = ConnectionId> + '_ {
        self.connections.ids()
    }

    /// Opens a connection. Messages are counted from zero on it; what its session shares is not forgotten.
    pub fn connect(&mut self) -> Result<ConnectionId, Refused> {
        self.connections.open().map_err(|most| Refused::TooManyConnections { most })
    }

    /// A connection is gone: all of its tickets end, and what they kept open is given back. Those of orders that went stay
    /// open: an order outlives its connection.
    pub fn disconnect(&mut self, connection: ConnectionId, now: Timestamp, out: &mut Vec<Effect>) {
        self.advance(now);
        let Some(place) = self.connections.find(connection) else { return };
        for ticket in self.tickets.places() {
            let entry = self.tickets.at(ticket);
            let outlives =
                entry.state == State::Sent && matches!(entry.request.class(), Class::PlaceOrder { .. });
            if entry.request.connection() == connection && !outlives {
                out.push(Effect::Lost(self.tickets.ticket(ticket)));
                self.counters.lost += 1;
                self.end(ticket);
            }
        }
        self.connections.close(place);
    }

    /// Takes a request in. It goes with one of the next steps, or ends another way.
    pub fn ask(&mut self, request: Request, now: Timestamp) -> Result<Ticket, Refused> {
        self.advance(now);
        let asked = self.admit(&request);
        match asked {
            Ok(_) => self.counters.asked += 1,
            Err(_) => self.counters.refused += 1,
        }
        let connection = asked?;
        let (kind, priority) = (Kind::of(request.class()), request.priority());
        let member = self.lanes.join((connection, priority, request.caller()), kind);
        let ticket = self.tickets.open(request, member);
        self.queue(ticket.place, false);
        if let Some(deadline) = request.deadline() {
            self.deadlines.insert((deadline, ticket.place));
        }
        Ok(ticket)
    }

    /// Takes a request in and lets it go, in one: what [`ask`](Self::ask) and the next step do where nobody waits, without
    /// a place in any queue. `None` where anything stands in the way: then it is to be asked for.
    pub fn go(&mut self, request: Request, now: Timestamp) -> Option<Ticket> {
        let now = self.advance(now);
        let (kind, priority) = (Kind::of(request.class()), request.priority());
        let place = self.connections.find(request.connection())?;
        let is_free = self.is_idle()
            && self.meters.kind_free_at(kind) <= now
            && self.meters.key_free_at(request.class()) <= now
            && self.connections.free_at(place, priority) <= now;
        // Last of all: it takes the order's place on its side.
        if !is_free || self.admit(&request).is_err() {
            return None;
        }
        let ticket = self.tickets.open(request, 0);
        self.tickets.at_mut(ticket.place).state = State::Sent;
        self.charge(&request);
        self.counters.asked += 1;
        Some(ticket)
    }

    /// Does nobody wait, in a queue or parked?
    fn is_idle(&self) -> bool {
        self.lanes.callers() == 0
    }

    /// Takes in what is open at the broker already, such as an order of an earlier run: it counts, and nothing is sent.
    /// It counts even above a limit, for it is a fact; but an order that has a ticket is refused, for it is counted.
    pub fn adopt(&mut self, request: Request, now: Timestamp) -> Result<Ticket, Refused> {
        self.advance(now);
        self.connections.find(request.connection()).ok_or(Refused::NoConnection)?;
        if matches!(request.class(), Class::PlaceOrder { .. }) && self.tickets.has(request.class()) {
            return Err(Refused::IsCounted);
        }
        self.meters.adopt(request.class());
        let ticket = self.tickets.open(request, 0);
        self.tickets.at_mut(ticket.place).state = State::Sent;
        self.counters.asked += 1;
        Ok(ticket)
    }

    fn admit(&mut self, request: &Request) -> Result<u32, Refused> {
        let connection = self.connections.find(request.connection()).ok_or(Refused::NoConnection)?;
        if request.deadline().is_some_and(|deadline| deadline < self.now) {
            return Err(Refused::TooLate);
        }
        let priority = request.priority();
        let most = self.queues.of_a_priority;
        if self.lanes.waiting(priority) >= most {
            return Err(Refused::QueueIsFull { priority, most });
        }
        let most = self.queues.of_a_caller;
        if self.lanes.waiting_of((connection, priority, request.caller())) >= most {
            return Err(Refused::CallerIsFull { most });
        }
        let urgent = priority <= Priority::Order;
        let most = if urgent { self.queues.open.saturating_mul(2) } else { self.queues.open };
        if self.tickets.open_count() >= usize::try_from(most).unwrap_or(usize::MAX) {
            return Err(Refused::TooManyOpen { most });
        }
        self.meters.take_side(request.class()).map_err(|most| Refused::SideIsFull { most })?;
        Ok(connection)
    }

    /// Lets go what may go now, the most urgent first, and ends what is too late.
    pub fn step(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        let now = self.advance(now);
        if self.is_idle() {
            return;
        }
        self.time_out(|deadline| deadline < now, out);
        while let Some((at, number, place)) = self.parked.first().copied().filter(|(at, ..)| *at <= now) {
            self.parked.remove(&(at, number, place));
            self.queue(place, true);
        }
        while let Some(place) = self.next() {
            let free = self.meters.key_free_at(self.tickets.at(place).request.class());
            if free > now {
                self.unqueue(place);
                self.park(place, free);
            } else {
                self.send(place);
                out.push(Effect::Go(self.tickets.ticket(place)));
            }
        }
        self.time_out(|deadline| deadline <= now, out);
    }

    /// A message had to go without asking. It is counted, so that the others wait for it.
    pub fn note(&mut self, connection: ConnectionId, now: Timestamp) {
        let now = self.advance(now);
        if let Some(place) = self.connections.find(connection) {
            self.connections.charge(place, Priority::Cancel, now);
            self.counters.sent += 1;
        }
    }

    /// A request has its answer, or its stream or order is over: the ticket ends.
    pub fn done(&mut self, ticket: Ticket, now: Timestamp) -> Result<(), HasEnded> {
        self.advance(now);
        let place = self.tickets.find(ticket).ok_or(HasEnded)?;
        self.counters.done += 1;
        self.end(place);
        Ok(())
    }

    /// The request is given up, wherever it stands: the ticket ends.
    pub fn cancel(&mut self, ticket: Ticket, now: Timestamp) -> Result<(), HasEnded> {
        self.advance(now);
        let place = self.tickets.find(ticket).ok_or(HasEnded)?;
        self.counters.cancelled += 1;
        self.end(place);
        Ok(())
    }

    pub(super) const fn now(&self) -> Timestamp {
        self.now
    }

    /// Time never goes back here, whatever the clock says.
    pub(super) fn advance(&mut self, now: Timestamp) -> Timestamp {
        if now > self.now {
            self.now = now;
            self.meters.prune(now);
            self.connections.prune(now);
        }
        self.now
    }

    /// Whose turn it is, when anybody may go at all.
    fn next(&self) -> Option<u32> {
        let overdue = self.connections.anybody_overdue();
        if overdue
            && let Some(place) =
                self.next_where(|place, priority| self.connections.is_overdue(place, priority))
        {
            return Some(place);
        }
        self.next_where(|_, _| true)
    }

    fn next_where(&self, counts: impl Fn(u32, Priority) -> bool) -> Option<u32> {
        Priority::ALL.into_iter().filter(|priority| self.lanes.anybody(*priority)).find_map(|priority| {
            let kinds = self.open_kinds(priority);
            let may_send =
                |place| counts(place, priority) && self.connections.free_at(place, priority) <= self.now;
            if kinds == 0 { None } else { self.lanes.pick(&self.tickets, priority, kinds, may_send) }
        })
    }

    fn open_kinds(&self, priority: Priority) -> u16 {
        let open = |kind: &Kind| {
            self.lanes.ready(priority, *kind) > 0
                && !self.is_saved_for_twice(*kind)
                && self.meters.kind_free_at(*kind) <= self.now
        };
        Kind::ALL.into_iter().filter(open).fold(0, |kinds, kind| kinds | kind.bit())
    }

    /// Is the room under the total saved for one that counts twice?
    fn is_saved_for_twice(&self, kind: Kind) -> bool {
        kind.is_single() && self.passed_twice >= PASSES && self.anybody_twice()
    }

    fn anybody_twice(&self) -> bool {
        Priority::ALL.into_iter().any(|priority| self.lanes.ready(priority, Kind::SmallTwice) > 0)
    }

    fn send(&mut self, place: u32) {
        self.unqueue(place);
        let entry = self.tickets.at_mut(place);
        entry.state = State::Sent;
        let (request, member) = (entry.request, entry.member);
        let kind = Kind::of(request.class());
        self.lanes.served(member, kind);
        self.lanes.leave(member, kind);
        self.charge(&request);
        if let Some(deadline) = request.deadline() {
            self.deadlines.remove(&(deadline, place));
        }
    }

    /// Counts a request that goes now.
    fn charge(&mut self, request: &Request) {
        self.meters.charge(request.class(), self.now);
        self.connections.charge(request.connection().place, request.priority(), self.now);
        match Kind::of(request.class()) {
            Kind::SmallTwice => self.passed_twice = 0,
            single if single.is_single() && self.anybody_twice() => {
                self.passed_twice = self.passed_twice.saturating_add(1)
            }
            _ => {}
        }
        self.counters.sent += 1;
    }

    fn queue(&mut self, place: u32, woken: bool) {
        let request = self.tickets.at(place).request;
        self.lanes.enqueue(&mut self.tickets, place, woken);
        self.connections.at_mut(request.connection().place).ready[request.priority().index()] += 1;
    }

    fn unqueue(&mut self, place: u32) {
        let request = self.tickets.at(place).request;
        self.lanes.dequeue(&mut self.tickets, place);
        self.connections.at_mut(request.connection().place).ready[request.priority().index()] -= 1;
    }

    fn park(&mut self, place: u32, until: Timestamp) {
        let entry = self.tickets.at_mut(place);
        entry.state = State::Parked(until);
        let number = entry.number;
        self.parked.insert((until, number, place));
    }

    /// One that went waits again until then.
    pub(super) fn wait_again(&mut self, place: u32, until: Timestamp) {
        let request = self.tickets.at(place).request;
        self.meters.give_back(request.class(), self.now);
        let key = (request.connection().place, request.priority(), request.caller());
        let member = self.lanes.join(key, Kind::of(request.class()));
        self.tickets.at_mut(place).member = member;
        self.park(place, until);
        if let Some(deadline) = request.deadline() {
            self.deadlines.insert((deadline, place));
        }
    }

    fn time_out(&mut self, is_over: impl Fn(Timestamp) -> bool, out: &mut Vec<Effect>) {
        while let Some((_, place)) = self.deadlines.first().copied().filter(|(at, _)| is_over(*at)) {
            out.push(Effect::TimedOut(self.tickets.ticket(place)));
            self.counters.timed_out += 1;
            self.end(place);
        }
    }

    /// Ends a ticket, wherever it stands.
    pub(super) fn end(&mut self, place: u32) {
        let entry = self.tickets.at(place);
        let (state, request, number, member) = (entry.state, entry.request, entry.number, entry.member);
        match state {
            State::Sent => self.meters.give_back(request.class(), self.now),
            State::Ready => self.unqueue(place),
            State::Parked(until) => {
                self.parked.remove(&(until, number, place));
            }
            State::Free => return,
        }
        if state != State::Sent {
            self.lanes.leave(member, Kind::of(request.class()));
            if let Some(deadline) = request.deadline() {
                self.deadlines.remove(&(deadline, place));
            }
        }
        self.meters.leave_side(request.class());
        self.tickets.close(place);
    }

    /// When the next step has something to do, if nothing else happens until then.
    #[must_use]
    pub fn next_wake(&self) -> Option<Timestamp> {
        if self.is_idle() {
            return None;
        }
        let parked = self.parked.first().map(|(at, ..)| *at);
        let deadline = self.deadlines.first().map(|(at, _)| *at);
        let standing = Priority::ALL.into_iter().flat_map(|priority| {
            let standing = self.lanes.standing(priority).filter(|(_, kind)| !self.is_saved_for_twice(*kind));
            standing.map(move |(connection, kind)| {
                self.connections.free_at(connection, priority).max(self.meters.kind_free_at(kind))
            })
        });
        let wake = standing.filter(|at| *at < Timestamp::MAX).chain(parked).chain(deadline).min();
        wake.map(|at| at.max(self.now))
    }

    /// How many connections are open, under [`Rule::Connections`].
    #[must_use]
    pub fn connections(&self) -> u32 {
        debug_assert!(
            self.limits().get(Rule::Connections).is_none_or(|limit| self.connections.count() <= limit.most())
        );
        self.connections.count()
    }
}
