//! The tickets that are open, and lists of them. A list is linked through the tickets, so that one that is given up leaves
//! it at once, wherever it stands.
//!
//! Left out: what a ticket waits for.

use super::request::{Class, Request};
use tradeport_kernel::Timestamp;

/// A request's place in the budget, from its question to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket {
    pub(super) place: u32,
    /// Which user of the place it is: a ticket that has ended is never taken for a later one.
    turn: u32,
}

const NOBODY: u32 = u32::MAX;

/// Where a ticket stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Free,
    /// In its caller's queue.
    Ready,
    /// Not in a queue until then.
    Parked(Timestamp),
    /// It went.
    Sent,
}

#[derive(Clone, Debug)]
pub(super) struct Entry {
    turn: u32,
    pub(super) state: State,
    pub(super) request: Request,
    /// The order in which they were asked for.
    pub(super) number: u64,
    /// How often it went and failed.
    pub(super) attempts: u32,
    pub(super) member: u32,
    /// Which of its caller's two lists it is in.
    pub(super) woken: bool,
    before: u32,
    behind: u32,
}

/// A list of tickets.
#[derive(Clone, Copy, Debug)]
pub(super) struct List {
    first: u32,
    last: u32,
}

impl Default for List {
    fn default() -> Self {
        Self { first: NOBODY, last: NOBODY }
    }
}

impl List {
    pub(super) const fn first(self) -> Option<u32> {
        if self.first == NOBODY { None } else { Some(self.first) }
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct Tickets {
    entries: Vec<Entry>,
    free: Vec<u32>,
    asked: u64,
}

impl Tickets {
    pub(super) fn open(&mut self, request: Request, member: u32) -> Ticket {
        self.asked += 1;
        let entry = |turn, number| Entry {
            turn,
            state: State::Ready,
            request,
            number,
            attempts: 0,
            member,
            woken: false,
            before: NOBODY,
            behind: NOBODY,
        };
        if let Some(place) = self.free.pop() {
            let turn = self.at(place).turn.wrapping_add(1);
            *self.at_mut(place) = entry(turn, self.asked);
            return Ticket { place, turn };
        }
        let place = u32::try_from(self.entries.len()).expect("queues are bounded far below");
        self.entries.push(entry(0, self.asked));
        Ticket { place, turn: 0 }
    }

    pub(super) fn close(&mut self, place: u32) {
        self.at_mut(place).state = State::Free;
        self.free.push(place);
    }

    /// The place of a ticket that is open.
    pub(super) fn find(&self, ticket: Ticket) -> Option<u32> {
        let entry = self.entries.get(usize::try_from(ticket.place).ok()?)?;
        (entry.turn == ticket.turn && entry.state != State::Free).then_some(ticket.place)
    }

    pub(super) fn ticket(&self, place: u32) -> Ticket {
        Ticket { place, turn: self.at(place).turn }
    }

    pub(super) fn at(&self, place: u32) -> &Entry {
        &self.entries[place as usize]
    }

    pub(super) fn at_mut(&mut self, place: u32) -> &mut Entry {
        &mut self.entries[place as usize]
    }

    /// How many are open.
    pub(super) fn open_count(&self) -> usize {
        self.entries.len() - self.free.len()
    }

    /// Is a request of the very same class open? For what is rare: it looks at every one.
    pub(super) fn has(&self, class: &Class) -> bool {
        self.entries.iter().any(|entry| entry.state != State::Free && entry.request.class() == class)
    }

    /// The places of all that are open.
    pub(super) fn places(&self) -> impl Iterator<Item = u32> + use<> {
        let open: Vec<u32> = (0_u32..)
            .zip(&self.entries)
            .filter(|(_, entry)| entry.state != State::Free)
            .map(|(place, _)| place)
            .collect();
        open.into_iter()
    }

    pub(super) fn push_back(&mut self, list: &mut List, place: u32) {
        let before = list.last;
        let entry = self.at_mut(place);
        (entry.before, entry.behind) = (before, NOBODY);
        if before == NOBODY {
            list.first = place;
        } else {
            self.at_mut(before).behind = place;
        }
        list.last = place;
    }

    /// Takes one out of the list that it is in.
    pub(super) fn unlink(&mut self, list: &mut List, place: u32) {
        let (before, behind) = (self.at(place).before, self.at(place).behind);
        match before {
            NOBODY => list.first = behind,
            _ => self.at_mut(before).behind = behind,
        }
        match behind {
            NOBODY => list.last = before,
            _ => self.at_mut(behind).before = before,
        }
    }
}
