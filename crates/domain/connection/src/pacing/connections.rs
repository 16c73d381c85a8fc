//! The connections of a session, and what each may say in a second.
//!
//! Some messages of each window are kept for cancels, and some more for orders, so that a back-fill never stands in their
//! way. The more orders there have been of late, the more is kept from the past for them: what went within a window
//! cannot be called back. The others are spread over slices of the window. So that nobody starves, every so many messages one goes to who was
//! passed by so often, out of what is kept for orders too.

use super::request::{ConnectionId, Priority};
use super::window::Window;
use super::{Limits, Rule};
use std::time::Duration;
use tradeport_kernel::Timestamp;

/// So many messages may pass by a less urgent one; the next is its own.
const PASSES: u32 = 16;

/// How many windows the orders of late are counted over.
const LATE: u32 = 8;
/// For so many orders of a window, on average of late, ...
const ORDERS: u32 = 2;
/// ... so many messages are kept: orders come in clumps.
const KEPT: u32 = 3;

const PRIORITIES: usize = Priority::ALL.len();

#[derive(Clone, Debug)]
pub(super) struct Connection {
    turn: u32,
    is_open: bool,
    messages: Window,
    slice: Window,
    /// Orders and cancels of late.
    orders: Window,
    /// What stands in queues, by priority.
    pub(super) ready: [u32; PRIORITIES],
    /// How many messages of the more urgent went while it stood there.
    passed: [u32; PRIORITIES],
    /// Until when only orders and cancels go, after the broker said: too fast.
    cooling: Timestamp,
}

#[derive(Clone, Debug)]
pub(super) struct Connections {
    all: Vec<Connection>,
    messages: Option<(u32, Duration)>,
    slice: Option<(u32, Duration)>,
    /// How many messages of a window each priority may fill.
    most: [u32; PRIORITIES],
    most_open: u32,
    /// All of it counts until then, at least.
    counts_until: Timestamp,
}

impl Connections {
    pub(super) fn new(limits: &Limits) -> Self {
        let messages = limits.kept(Rule::Messages);
        let all = messages.map_or(u32::MAX, |(most, _)| most);
        let orders = all.saturating_sub(limits.kept_for_cancels());
        let others = orders.saturating_sub(limits.kept_for_orders());
        Self {
            all: Vec::new(),
            messages,
            slice: limits.kept(Rule::Slice),
            most: [all, orders, others, others, others],
            most_open: limits.get(Rule::Connections).map_or(u32::MAX, super::Limit::most),
            counts_until: Timestamp::MAX,
        }
    }

    /// Those that are open.
    pub(super) fn ids(&self) -> impl Iterator<Item = ConnectionId> + '_ {
        let open = self.all.iter().enumerate().filter(|(_, one)| one.is_open);
        open.filter_map(|(place, one)| {
            Some(ConnectionId { place: u32::try_from(place).ok()?, turn: one.turn })
        })
    }

    /// One more connection; an error is how many there are at most.
    pub(super) fn open(&mut self) -> Result<ConnectionId, u32> {
        if self.count() >= self.most_open {
            return Err(self.most_open);
        }
        let fresh = |turn| Connection {
            turn,
            is_open: true,
            messages: Window::default(),
            orders: Window::default(),
            slice: Window::default(),
            ready: [0; PRIORITIES],
            passed: [0; PRIORITIES],
            cooling: Timestamp::MIN,
        };
        let (place, turn) = match self.all.iter().position(|one| !one.is_open) {
            Some(place) => {
                let turn = self.all[place].turn.wrapping_add(1);
                self.all[place] = fresh(turn);
                (place, turn)
            }
            None => {
                self.all.push(fresh(0));
                (self.all.len() - 1, 0)
            }
        };
        Ok(ConnectionId { place: u32::try_from(place).unwrap_or(u32::MAX), turn })
    }

    pub(super) fn close(&mut self, place: u32) {
        self.at_mut(place).is_open = false;
    }

    /// The place of a connection that is open.
    pub(super) fn find(&self, id: ConnectionId) -> Option<u32> {
        let one = self.all.get(usize::try_from(id.place).ok()?)?;
        (one.is_open && one.turn == id.turn).then_some(id.place)
    }

    pub(super) fn count(&self) -> u32 {
        u32::try_from(self.all.iter().filter(|one| one.is_open).count()).unwrap_or(u32::MAX)
    }

    pub(super) fn at(&self, place: u32) -> &Connection {
        &self.all[place as usize]
    }

    pub(super) fn at_mut(&mut self, place: u32) -> &mut Connection {
        &mut self.all[place as usize]
    }

    /// Forgets what no longer counts.
    pub(super) fn prune(&mut self, now: Timestamp) {
        if now >= self.counts_until {
            let all = self.all.iter_mut().flat_map(|it| [&mut it.messages, &mut it.orders, &mut it.slice]);
            self.counts_until = all.map(|window| window.prune(now)).fold(Timestamp::MAX, Ord::min);
        }
    }

    /// Was anybody passed by so often that it is its turn?
    pub(super) fn anybody_overdue(&self) -> bool {
        self.all.iter().any(|one| (0..PRIORITIES).any(|priority| one.is_overdue(priority)))
    }

    pub(super) fn is_overdue(&self, place: u32, priority: Priority) -> bool {
        self.at(place).is_overdue(priority.index())
    }

    /// When a message of this priority may go; [`Timestamp::MIN`] at once.
    pub(super) fn free_at(&self, place: u32, priority: Priority) -> Timestamp {
        let one = self.at(place);
        let overdue = one.is_overdue(priority.index());
        let most = if overdue { self.most[0] } else { self.most(one, priority) };
        let free = one.messages.free_for_one(most);
        if priority <= Priority::Order {
            return free;
        }
        let slice = self.slice.map_or(Timestamp::MIN, |(most, _)| one.slice.free_for_one(most));
        free.max(slice).max(one.cooling)
    }

    /// How many messages of a window this priority may fill now.
    fn most(&self, one: &Connection, priority: Priority) -> u32 {
        let most = self.most[priority.index()];
        if priority < Priority::History {
            return most;
        }
        let kept = (one.orders.used() * KEPT).div_ceil(LATE * ORDERS);
        most.min(self.most[Priority::Order.index()].saturating_sub(kept)).max(1)
    }

    /// Counts a message that goes now.
    pub(super) fn charge(&mut self, place: u32, priority: Priority, now: Timestamp) {
        let (messages, slice) = (self.messages, self.slice.filter(|_| priority > Priority::Order));
        // What counts longest counts as long as a message, at least.
        for (_, span) in messages.into_iter().chain(slice) {
            self.counts_until = self.counts_until.min(now.after(span));
        }
        let one = self.at_mut(place);
        if let Some((_, span)) = messages {
            one.messages.charge(now, span, 1);
            if priority <= Priority::Order {
                one.orders.charge(now, span.saturating_mul(LATE), 1);
            }
        }
        if let Some((_, span)) = slice {
            one.slice.charge(now, span, 1);
        }
        one.passed[priority.index()] = 0;
        for other in priority.index() + 1..PRIORITIES {
            one.passed[other] = if one.ready[other] > 0 { one.passed[other].saturating_add(1) } else { 0 };
        }
    }

    /// About when the last of `units` messages of this priority will have gone.
    pub(super) fn reaches(&self, place: u32, priority: Priority, units: u32, now: Timestamp) -> Timestamp {
        let one = self.at(place);
        let messages = self
            .messages
            .map_or(now, |(_, span)| one.messages.reaches(self.most(one, priority), span, units, now));
        if priority <= Priority::Order {
            return messages;
        }
        let slice = self.slice.map_or(now, |(most, span)| one.slice.reaches(most, span, units, now));
        messages.max(slice).max(one.cooling)
    }

    /// Only orders and cancels go until then.
    pub(super) fn cool(&mut self, place: u32, until: Timestamp) {
        let one = self.at_mut(place);
        one.cooling = until.max(one.cooling);
    }

    /// Every open connection, with how many messages and how much of a slice count.
    pub(super) fn used(&self) -> impl Iterator<Item = (ConnectionId, u32, u32)> + '_ {
        (0_u32..).zip(&self.all).filter(|(_, one)| one.is_open).map(|(place, one)| {
            (ConnectionId { place, turn: one.turn }, one.messages.used(), one.slice.used())
        })
    }
}

impl Connection {
    /// How many messages count on it.
    pub(super) const fn used(&self) -> u32 {
        self.messages.used()
    }

    const fn is_overdue(&self, priority: usize) -> bool {
        self.passed[priority] >= PASSES && self.ready[priority] > 0
    }
}
