//! Which brackets there are, and what has traded beside them: a fold over the journal, so that a restart comes to the same.
//!
//! What a bracket brought in is known by its own orders. How much of a position is not of brackets is known by what all other
//! orders have traded since there was one: a position that was closed by them and opened again is none of a bracket's.

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
    beside: Beside,
}

/// The children of an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Exits {
    keys: Vec<OrderKey>,
    has_stop: bool,
}

/// What orders without a bracket have bought and not sold again, and what they have sold and not bought again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Beside {
    pub(super) bought: Decimal,
    pub(super) sold: Decimal,
}

impl Beside {
    fn trade(&mut self, signed: Decimal) {
        self.bought = (self.bought + signed).max(Decimal::ZERO);
        self.sold = (self.sold - signed).max(Decimal::ZERO);
    }
}

impl Group {
    /// Entries, each with its children.
    pub(super) fn brackets(&self) -> impl Iterator<Item = (&OrderKey, &[OrderKey])> {
        self.exits.iter().filter(|(_, exits)| exits.has_stop).map(|(entry, exits)| (entry, &*exits.keys))
    }

    /// How many units of a position that orders on this side opened are of no bracket.
    pub(super) fn beside(&self, side: Side) -> Decimal {
        if side == Side::Buy { self.beside.bought } else { self.beside.sold }
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
                let filled = order.filled().max(order.reported_filled());
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
        exits.has_stop |= intent.kind().is_stop();
    }

    fn trade(&mut self, order: &OrderIntent, execution: &Execution, sign: Decimal) {
        // That of a combo moves nothing by itself: its legs do.
        if execution.part == ExecutedPart::Combo
            || self.group(order.account(), order.symbol(), |it| it.has(order))
        {
            return;
        }
        if let Some(group) = self.0.get_mut(&(execution.account.clone(), execution.symbol)) {
            let units = execution.quantity.as_decimal() * sign;
            group.beside.trade(if execution.side == Side::Buy { units } else { -units });
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

    /// What has traded beside them, and the entries of each.
    pub(super) fn kept(&self) -> BTreeMap<(AccountId, Symbol), (Beside, Vec<OrderKey>)> {
        let of = |group: &Group| (group.beside, group.exits.keys().cloned().collect());
        self.0.iter().map(|(name, group)| (name.clone(), of(group))).collect()
    }

    /// These are all that there are, of those that a part of the journal came to.
    pub(super) fn restore(&mut self, kept: &BTreeMap<(AccountId, Symbol), (Beside, Vec<OrderKey>)>) {
        self.0.retain(|name, _| kept.contains_key(name));
        for (name, (beside, entries)) in kept {
            let group = self.0.entry(name.clone()).or_default();
            group.beside = *beside;
            group.exits.retain(|entry, _| entries.contains(entry));
        }
    }
}
