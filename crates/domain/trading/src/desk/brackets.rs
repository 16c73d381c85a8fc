//! Which brackets there are, and what has traded beside them: a fold over the journal, so that a restart comes to the same.
//!
//! What a bracket brought in is known by its own orders. How much of a position is not of brackets is known by what all other
//! orders have traded since there was one: a position that was closed by them and opened again is none of a bracket's, and what
//! closed a bracket's is no position of its own.

use std::collections::BTreeMap;
use std::time::Duration;
use tradeport_kernel::{AccountId, Decimal, OrderKey, Symbol, Timestamp};
use tradeport_orders::{
    Applied, ExecutedPart, Execution, JournalEntry, JournalEvent, Order, OrderBook, OrderIntent, Side,
};

/// So long after its last word a bracket of which nothing is left is looked at: the broker's late words may bring something in.
const LATE_WORDS: Duration = Duration::from_secs(86_400);

/// The brackets of each account in each instrument.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Brackets(BTreeMap<(AccountId, Symbol), Group>);

/// The brackets of an account in one instrument.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Group {
    exits: BTreeMap<OrderKey, Exits>,
    shares: Shares,
}

/// The children of an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Exits {
    keys: Vec<OrderKey>,
    has_stop: bool,
}

/// Whose the position is, by what has traded since there was a bracket: bought and not sold again, and sold and not bought again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Shares {
    /// By orders without a bracket.
    pub(super) beside: Sides,
    /// By brackets.
    pub(super) theirs: Sides,
}

/// Units on either side; never below zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sides {
    pub(super) bought: Decimal,
    pub(super) sold: Decimal,
}

impl Sides {
    fn of(&mut self, side: Side) -> &mut Decimal {
        if side == Side::Buy { &mut self.bought } else { &mut self.sold }
    }

    /// Takes out as many as there are; the rest.
    fn close(&mut self, side: Side, units: Decimal) -> Decimal {
        let open = self.of(side);
        let closed = units.min(*open);
        *open -= closed;
        units - closed
    }
}

impl Shares {
    /// What an order without a bracket has brought in on this side is of one from here on.
    fn become_bracket(&mut self, side: Side, units: Decimal) {
        self.beside.close(side, units);
        self.of_bracket(side, units);
    }

    /// An order of a bracket has traded, whose entry is on this side: its entry brings in, and its exits take out.
    fn of_bracket(&mut self, side: Side, brings_in: Decimal) {
        let open = self.theirs.of(side);
        *open = (*open + brings_in).max(Decimal::ZERO);
    }

    /// Another order has traded: it ends what others like it have opened, then what brackets have, and opens what is left.
    fn plain(&mut self, side: Side, units: Decimal) {
        let rest = self.beside.close(side.opposite(), units);
        *self.beside.of(side) += self.theirs.close(side.opposite(), rest);
    }
}

impl Group {
    /// Entries, each with its children.
    pub(super) fn brackets(&self) -> impl Iterator<Item = (&OrderKey, &[OrderKey])> {
        self.exits.iter().filter(|(_, exits)| exits.has_stop).map(|(entry, exits)| (entry, &*exits.keys))
    }

    /// How many units of a position of so many, which orders on this side opened, are of brackets.
    pub(super) fn theirs(&self, side: Side, held: Decimal) -> Decimal {
        let Shares { mut beside, mut theirs } = self.shares;
        (held - *beside.of(side)).max(Decimal::ZERO).min(*theirs.of(side))
    }

    /// Of this order or of its parent there is a bracket.
    fn has(&self, order: &OrderIntent) -> bool {
        let entry = order.parent().filter(|parent| self.exits.contains_key(parent)).unwrap_or(order.key());
        self.exits.get(entry).is_some_and(|exits| exits.has_stop)
    }

    fn forget_settled(&mut self, book: &OrderBook, at: Timestamp) {
        self.exits.retain(|entry, exits| {
            let orders = std::iter::once(entry).chain(&exits.keys).filter_map(|key| book.get(key));
            let orders: Vec<&Order> = orders.collect();
            let is_over =
                |order: &&Order| !order.state().may_trade() && order.updated_at().after(LATE_WORDS) < at;
            let side = book.get(entry).map(|entry| entry.side());
            let signed = |order: &&Order| {
                let filled = order.most_filled();
                if Some(order.side()) == side { filled } else { -filled }
            };
            !orders.iter().all(is_over) || orders.iter().map(signed).sum::<Decimal>() > Decimal::ZERO
        });
    }
}

impl Brackets {
    /// Takes in an entry of the journal, which this book has taken in.
    pub(super) fn note(&mut self, book: &OrderBook, entry: &JournalEntry, applied: &Applied) {
        if let JournalEvent::Intended { intent } = &entry.event {
            self.begin(book, intent, entry.at);
        }
        if applied.executed.is_none() && applied.replaced.is_none() {
            return;
        }
        let Some(order) = book.get(&entry.key) else { return };
        for (execution, sign) in [(&applied.replaced, -Decimal::ONE), (&applied.executed, Decimal::ONE)] {
            if let Some(execution) = execution {
                self.trade(order.intent(), execution, sign);
            }
        }
    }

    fn begin(&mut self, book: &OrderBook, intent: &OrderIntent, at: Timestamp) {
        let Some(parent) = intent.parent() else { return };
        let group = self.0.entry((intent.account().clone(), intent.symbol())).or_default();
        if !group.exits.contains_key(parent) {
            group.forget_settled(book, at);
        }
        let exits = group.exits.entry(parent.clone()).or_default();
        exits.keys.push(intent.key().clone());
        if intent.kind().is_stop() && !std::mem::replace(&mut exits.has_stop, true) {
            let is_it = |entry: &&Order| {
                let its = entry.intent();
                (its.account(), its.symbol()) == (intent.account(), intent.symbol())
            };
            let entry = book.get(parent).filter(is_it);
            let before = entry.map(|entry| (entry.side(), brought_in(book, entry, &exits.keys)));
            before.into_iter().for_each(|(side, units)| group.shares.become_bracket(side, units));
        }
    }

    fn trade(&mut self, order: &OrderIntent, execution: &Execution, sign: Decimal) {
        // That of a combo moves nothing by itself: its legs do.
        if execution.part == ExecutedPart::Combo {
            return;
        }
        let is_of_bracket = self.group(order.account(), order.symbol(), |it| it.has(order));
        let Some(group) = self.0.get_mut(&(execution.account.clone(), execution.symbol)) else { return };
        let units = execution.quantity.as_decimal();
        let (side, is_undone) = (execution.side, sign.is_sign_negative());
        match order.parent().filter(|_| is_of_bracket) {
            Some(_) => group.shares.of_bracket(side.opposite(), -units * sign),
            None if is_of_bracket => group.shares.of_bracket(side, units * sign),
            None => group.shares.plain(if is_undone { side.opposite() } else { side }, units),
        }
    }

    fn group(&self, account: &AccountId, symbol: Symbol, is_so: impl Fn(&Group) -> bool) -> bool {
        self.0.get(&(account.clone(), symbol)).is_some_and(is_so)
    }

    /// Those of an account, by their instruments.
    pub(super) fn groups_of(&self, account: &AccountId) -> impl Iterator<Item = (Symbol, &Group)> {
        let of_it = self.0.iter().filter(move |((of, _), _)| of == account);
        of_it.map(|((_, symbol), group)| (*symbol, group))
    }

    /// All of their orders.
    pub(super) fn orders(&self) -> impl Iterator<Item = &OrderKey> {
        let all = self.0.values().flat_map(|group| &group.exits);
        all.flat_map(|(entry, exits)| std::iter::once(entry).chain(&exits.keys))
    }

    /// Whose positions are, and the entries of each.
    pub(super) fn kept(&self) -> BTreeMap<(AccountId, Symbol), (Shares, Vec<OrderKey>)> {
        let of = |group: &Group| (group.shares, group.exits.keys().cloned().collect());
        self.0.iter().map(|(name, group)| (name.clone(), of(group))).collect()
    }

    /// These are all that there are, of those that a part of the journal came to.
    pub(super) fn restore(&mut self, kept: &BTreeMap<(AccountId, Symbol), (Shares, Vec<OrderKey>)>) {
        self.0.retain(|name, _| kept.contains_key(name));
        for (name, (shares, entries)) in kept {
            let group = self.0.entry(name.clone()).or_default();
            group.shares = *shares;
            group.exits.retain(|entry, _| entries.contains(entry));
        }
    }
}

/// What an entry has brought in by its executions, and none of these has taken out again.
fn brought_in(book: &OrderBook, entry: &Order, exits: &[OrderKey]) -> Decimal {
    let out = exits.iter().filter_map(|key| book.get(key)).map(Order::filled);
    (entry.filled() - out.sum::<Decimal>()).max(Decimal::ZERO)
}

#[cfg(test)]
mod tests;
