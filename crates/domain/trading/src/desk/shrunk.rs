//! What the broker has taken off an order since another of its group has traded, or since no more than a part of its parent has.
//!
//! A broker makes such orders smaller, and says so by their size alone: in its list, or by calling one filled that has traded less
//! than was ordered. What it has taken off trades no more; here it would protect, and count as open, for ever.
//!
//! While more of its parent may trade a broker lists an order as large as what has come in, and makes it larger with it. Until then it
//! counts in full.
//!
//! Left out: groups of which one cancels the others, whose orders keep their size; and what has become smaller though nothing of
//! its group has traded and all of its parent has, which somebody has done by hand.

use super::others::is_live;
use super::state::DeskState;
use tradeport_kernel::{Decimal, OrderKey, PermId, Quantity, Timestamp};
use tradeport_orders::{
    BrokerEvent, BrokerNews, BrokerOrder, BrokerPhase, BrokerStatus, JournalEntry, OcaEffect, OcaGroup,
    Order, OrderChange, OrderInput,
};

/// An order in a size of the broker's.
#[derive(Clone, Copy)]
struct Told {
    number: Option<PermId>,
    size: Quantity,
    by: By,
}

/// What tells of a size.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    /// A list shows the order as one that may trade.
    Open,
    /// A list shows it as filled.
    Ended,
    /// A word says that it is.
    Word,
}

impl DeskState {
    /// The rows of orders of which nothing was said here since the broker was asked for its lists: a change that was made since is
    /// not in these.
    pub(super) fn not_heard_of_since<'a>(
        &self,
        asked: Timestamp,
        rows: impl Iterator<Item = &'a BrokerOrder>,
    ) -> Vec<&'a BrokerOrder> {
        let order = |row: &BrokerOrder| row.key.as_ref().and_then(|key| self.book().get(key));
        rows.filter(|row| order(row).is_some_and(|order| order.updated_at() <= asked)).collect()
    }

    /// Orders in the sizes in which the broker shows them, where others have made them smaller, each once. What the same lists tell of
    /// what has traded is to be taken in before.
    pub(super) fn shrunk_in_lists(&self, rows: &[&BrokerOrder], now: Timestamp) -> Vec<JournalEntry> {
        each_once(rows.iter().filter_map(|row| self.shrunk_in_list(row, now)))
    }

    fn shrunk_in_list(&self, row: &BrokerOrder, now: Timestamp) -> Option<JournalEntry> {
        let (size, by) = match row.status.phase {
            phase if is_live(phase) => (row.size.quantity(), By::Open),
            _ => (size_of(&row.status), By::Ended),
        };
        self.shrunk(row.key.as_ref()?, Told { number: row.perm_id, size: size?, by }, now)
    }

    /// The same of orders that these words call filled, once they were taken in.
    pub(super) fn shrunk_by(&self, events: &[BrokerEvent], now: Timestamp) -> Vec<JournalEntry> {
        let by_word = |event: &BrokerEvent| {
            let BrokerNews::Status(status) = &event.news else { return None };
            let told = Told { number: status.perm_id, size: size_of(status)?, by: By::Word };
            self.shrunk(event.key.as_ref()?, told, now)
        };
        each_once(events.iter().filter_map(by_word))
    }

    fn shrunk(&self, key: &OrderKey, told: Told, now: Timestamp) -> Option<JournalEntry> {
        let Told { number, size, by } = told;
        let order = self.book().get(key).filter(|order| order.state().is_at_broker())?;
        let is_it = number.zip(order.perm_id()).is_none_or(|(told, known)| told == known);
        let is_one = order.pending_change().is_none() && order.twins().next().is_none();
        let smaller = size < order.quantity()? && size.as_decimal() >= order.filled();
        // What money or its parent's fills size has no size that it was ordered in.
        let in_units = order.intent().quantity().is_some();
        let is_shrunk = is_it && is_one && smaller && in_units && self.is_made_smaller(order, by);
        let input = || OrderInput::Changed { change: OrderChange::to_quantity(size) };
        is_shrunk.then(|| JournalEntry::happened(key.clone(), input(), now))
    }

    /// May others have made it smaller, for good?
    fn is_made_smaller(&self, order: &Order, by: By) -> bool {
        let parent = order.wording().parent().and_then(|key| self.book().get(key));
        let parent = parent.filter(|parent| parent.intent().account() == order.intent().account());
        let brings_in_more = |parent: &Order| parent.state().may_trade() && parent.has_traded_in_part();
        if by == By::Open && parent.is_some_and(brings_in_more) {
            return false;
        }
        // By the time of a list more may have come in than when it filled.
        let came_in_in_part =
            |parent: &Order| parent.has_traded_in_part() || by == By::Ended && trades_of(parent) > 1;
        parent.is_some_and(came_in_in_part) || self.has_traded_beside(order)
    }

    /// Has another order traded that makes this one smaller? Whatever their groups, a broker may tie the children of one parent
    /// together.
    pub(super) fn has_traded_beside(&self, order: &Order) -> bool {
        let (parent, account) = (order.wording().parent(), order.wording().account());
        let is_sibling = |other: &&Order| {
            let its = other.wording();
            its.parent() == parent && its.account() == account && its.key() != order.wording().key()
        };
        let is_tied = parent.is_some() && !keeps_its_size(order);
        let siblings = self.book().iter().filter(|_| is_tied).filter(is_sibling);
        self.beside(order).chain(siblings).any(|other| other.most_filled() > Decimal::ZERO)
    }

    /// How much others have traded that make this one smaller by as much; the broker may have said so, or not yet.
    pub(super) fn traded_beside(&self, order: &Order) -> Decimal {
        let of = |order: &Order| (order.intent().symbol(), order.side());
        self.beside(order).filter(|other| of(other) == of(order)).map(Order::most_filled).sum()
    }

    /// The orders that make this one smaller when they trade.
    fn beside<'a>(&'a self, order: &'a Order) -> impl Iterator<Item = &'a Order> {
        let wording = order.wording();
        let group = wording.oca().map(OcaGroup::name);
        let is_of_some = !keeps_its_size(order) && (group.is_some() || wording.parent().is_some());
        let all = is_of_some.then(|| self.book().iter());
        all.into_iter().flatten().filter(move |other| {
            let its = other.wording();
            let is_of_it = match group {
                Some(name) => its.oca().is_some_and(|group| group.name() == name),
                None => its.oca().is_none() && its.parent() == wording.parent(),
            };
            is_of_it && its.key() != wording.key() && its.account() == wording.account()
        })
    }
}

/// Is it of a group of which one cancels the others?
fn keeps_its_size(order: &Order) -> bool {
    order.wording().oca().and_then(OcaGroup::effect) == Some(OcaEffect::CancelWithBlock)
}

/// What is called filled is as large as what has traded of it.
fn size_of(status: &BrokerStatus) -> Option<Quantity> {
    Some(status.filled).filter(|_| status.phase == BrokerPhase::Filled).and_then(|it| Quantity::new(it).ok())
}

/// The first of each order.
fn each_once(entries: impl Iterator<Item = JournalEntry>) -> Vec<JournalEntry> {
    let mut once: Vec<JournalEntry> = Vec::new();
    for entry in entries {
        if !once.iter().any(|it| it.key == entry.key) {
            once.push(entry);
        }
    }
    once
}

/// How many trades there were of it, each leg of a combo not by itself.
fn trades_of(order: &Order) -> usize {
    order.executions().filter(|execution| execution.part.fills_order()).count()
}
