//! Who waits, by priority and caller, and whose turn it is.
//!
//! Callers of one priority share by start-time fair queueing (Goyal, Vin, Cheng: "Start-time Fair Queuing", 1996): the
//! caller that has been served least goes next, and who had nothing to send, or could not, saves up nothing.
//!
//! Left out: whether a limit lets it go. That is asked of `meters` and `connections`.

use super::charge::Kind;
use super::request::{CallerId, Priority};
use super::tickets::{List, State, Tickets};
use std::collections::BTreeMap;

const KINDS: usize = Kind::ALL.len();
const PRIORITIES: usize = Priority::ALL.len();

/// A connection's place, a priority and a caller.
pub(super) type MemberKey = (u32, Priority, CallerId);

#[derive(Clone, Copy, Debug, Default)]
struct Queue {
    /// Had to wait for a key, and goes before the others.
    woken: List,
    fresh: List,
}

impl Queue {
    fn first(&self) -> Option<u32> {
        self.woken.first().or_else(|| self.fresh.first())
    }
}

/// One caller at one priority on one connection, while it has anything that waits.
#[derive(Clone, Debug)]
pub(super) struct Member {
    key: MemberKey,
    served: u64,
    /// In a queue or parked.
    waiting: u32,
    kinds: u16,
    queues: [Queue; KINDS],
}

#[derive(Clone, Debug, Default)]
pub(super) struct Lanes {
    members: Vec<Member>,
    free: Vec<u32>,
    by_key: BTreeMap<MemberKey, u32>,
    /// Those with a request in a queue.
    active: [Vec<u32>; PRIORITIES],
    /// How far the last one to be served had come.
    floor: [u64; PRIORITIES],
    ready: [[u32; KINDS]; PRIORITIES],
    waiting: [[u32; KINDS]; PRIORITIES],
}

impl Lanes {
    /// The member of this key, for one more request that waits.
    pub(super) fn join(&mut self, key: MemberKey, kind: Kind) -> u32 {
        self.waiting[key.1.index()][kind.index()] += 1;
        if let Some(place) = self.by_key.get(&key).copied() {
            self.member_mut(place).waiting += 1;
            return place;
        }
        let served = self.floor[key.1.index()];
        let member = Member { key, served, waiting: 1, kinds: 0, queues: [Queue::default(); KINDS] };
        let place = match self.free.pop() {
            Some(place) => {
                *self.member_mut(place) = member;
                place
            }
            None => {
                self.members.push(member);
                u32::try_from(self.members.len() - 1).expect("queues are bounded far below")
            }
        };
        self.by_key.insert(key, place);
        place
    }

    /// One of its requests no longer waits.
    pub(super) fn leave(&mut self, place: u32, kind: Kind) {
        let member = self.member_mut(place);
        member.waiting -= 1;
        let (key, waiting) = (member.key, member.waiting);
        self.waiting[key.1.index()][kind.index()] -= 1;
        if waiting == 0 {
            self.by_key.remove(&key);
            self.free.push(place);
        }
    }

    /// How many requests of a caller wait.
    pub(super) fn waiting_of(&self, key: MemberKey) -> u32 {
        self.by_key.get(&key).map_or(0, |place| self.member(*place).waiting)
    }

    /// How many requests of a priority wait.
    pub(super) fn waiting(&self, priority: Priority) -> u32 {
        self.waiting[priority.index()].iter().sum()
    }

    /// How many requests of a kind wait that are at least as urgent.
    pub(super) fn waiting_kind(&self, kind: Kind, priority: Priority) -> u32 {
        self.waiting[..=priority.index()].iter().map(|kinds| kinds[kind.index()]).sum()
    }

    pub(super) fn ready(&self, priority: Priority, kind: Kind) -> u32 {
        self.ready[priority.index()][kind.index()]
    }

    pub(super) fn anybody(&self, priority: Priority) -> bool {
        !self.active[priority.index()].is_empty()
    }

    /// Puts a ticket into its caller's queue.
    pub(super) fn enqueue(&mut self, tickets: &mut Tickets, place: u32, woken: bool) {
        let entry = tickets.at_mut(place);
        (entry.state, entry.woken) = (State::Ready, woken);
        let (number, kind) = (entry.member, Kind::of(entry.request.class()));
        let member = &mut self.members[number as usize];
        let queue = &mut member.queues[kind.index()];
        tickets.push_back(if woken { &mut queue.woken } else { &mut queue.fresh }, place);
        let priority = member.key.1.index();
        if member.kinds == 0 {
            self.active[priority].push(number);
        }
        member.kinds |= kind.bit();
        self.ready[priority][kind.index()] += 1;
    }

    /// Takes a ticket out of its caller's queue.
    pub(super) fn dequeue(&mut self, tickets: &mut Tickets, place: u32) {
        let entry = tickets.at(place);
        let (number, kind, woken) = (entry.member, Kind::of(entry.request.class()), entry.woken);
        let member = &mut self.members[number as usize];
        let queue = &mut member.queues[kind.index()];
        tickets.unlink(if woken { &mut queue.woken } else { &mut queue.fresh }, place);
        let priority = member.key.1.index();
        self.ready[priority][kind.index()] -= 1;
        if queue.first().is_none() {
            member.kinds &= !kind.bit();
            if member.kinds == 0 {
                self.active[priority].retain(|other| *other != number);
            }
        }
    }

    /// Whose turn it is: of those whose connection and kind may go, the caller that was served least; of equals, who
    /// asked first.
    pub(super) fn pick(
        &self,
        tickets: &Tickets,
        priority: Priority,
        kinds: u16,
        may_send: impl Fn(u32) -> bool,
    ) -> Option<u32> {
        let mut best: Option<(u64, u64, u32)> = None;
        for number in &self.active[priority.index()] {
            let member = self.member(*number);
            let open = member.kinds & kinds;
            if open == 0 || best.is_some_and(|(served, ..)| member.served > served) || !may_send(member.key.0)
            {
                continue;
            }
            for kind in Kind::ALL.into_iter().filter(|kind| open & kind.bit() != 0) {
                let Some(first) = member.queues[kind.index()].first() else { continue };
                let rank = (member.served, tickets.at(first).number, first);
                if best.is_none_or(|best| rank < best) {
                    best = Some(rank);
                }
            }
        }
        best.map(|(.., place)| place)
    }

    /// Counts a request that went to its caller's share.
    pub(super) fn served(&mut self, place: u32, kind: Kind) {
        let priority = self.member(place).key.1.index();
        // Who could not go for a while saves up nothing.
        let start = self.member(place).served.max(self.floor[priority]);
        self.floor[priority] = start;
        self.member_mut(place).served = start.saturating_add(kind.cost());
    }

    /// Every connection and kind in which something of a priority stands in a queue.
    pub(super) fn standing(&self, priority: Priority) -> impl Iterator<Item = (u32, Kind)> + '_ {
        self.active[priority.index()].iter().flat_map(|number| {
            let member = self.member(*number);
            let kinds = Kind::ALL.into_iter().filter(|kind| member.kinds & kind.bit() != 0);
            kinds.map(|kind| (member.key.0, kind))
        })
    }

    /// How many callers wait.
    pub(super) fn callers(&self) -> usize {
        self.by_key.len()
    }

    fn member(&self, place: u32) -> &Member {
        &self.members[place as usize]
    }

    fn member_mut(&mut self, place: u32) -> &mut Member {
        &mut self.members[place as usize]
    }
}
