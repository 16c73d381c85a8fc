//! How much may still trade: what risk counts beside what is held.
//!
//! Working, in flight and unknown count alike, and so do orders of others ([`super::others`]) and what is counted of ours that have
//! ended and not told yet ([`super::owed`]). Orders of one group count as the
//! largest of them, since one of them fills and the others go; but where the group leaves all of them at the exchange, each
//! counts. Children that take out what their parent brings in count only beyond what it still has to bring to all of them: they
//! come alive when it has filled.

pub(super) mod adding;

use super::open_orders::OpenOrders;
use super::state::DeskState;
use adding::{Adding, Share};
use std::sync::Arc;
use tradeport_kernel::{AccountId, Decimal, OrderKey, StrategyId, Symbol};
use tradeport_orders::{OcaEffect, OcaGroup, Order, OrderIntent, Side};

/// The book that an order is judged beside: as it would be, rather than as it is.
#[derive(Clone, Copy, Default)]
pub(super) struct Supposing<'a> {
    /// This order is not there: it is the one that is judged again.
    pub(super) without: Option<&'a OrderKey>,
    /// These are there as well: the earlier orders of a family.
    pub(super) with: &'a [OrderIntent],
}

impl Supposing<'_> {
    /// The book is as it is.
    pub(super) const fn is_nothing(&self) -> bool {
        self.without.is_none() && self.with.is_empty()
    }
}

/// How much may still be bought and sold; `None` when an order is among them of which nobody knows how many units it
/// is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OpenUnits {
    pub(super) buys: Option<Decimal>,
    pub(super) sells: Option<Decimal>,
}

impl OpenUnits {
    pub(super) const NONE: Self = Self { buys: Some(Decimal::ZERO), sells: Some(Decimal::ZERO) };

    /// Both together.
    pub(super) fn plus(self, more: Self) -> Self {
        Self { buys: plus(self.buys, more.buys), sells: plus(self.sells, more.sells) }
    }

    /// The largest position that it may make of what is held, long or short; `None` when that is not known.
    pub(super) fn worst_of(self, held: Decimal) -> Option<Decimal> {
        let longest = held.checked_add(self.buys?)?;
        let shortest = held.checked_sub(self.sells?)?;
        Some(longest.abs().max(shortest.abs()))
    }
}

/// An order that may still trade, as far as its units go. One stands beside each live order, so that a verdict reads a few of
/// these and no whole orders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Open {
    key: OrderKey,
    symbol: Symbol,
    side: Side,
    parent: Option<OrderKey>,
    group: Option<Arc<str>>,
    strategy: Option<StrategyId>,
    /// The broker was asked what it ties up.
    previewed: bool,
    units: Option<Decimal>,
    /// So many will trade whichever wording holds, while a change is under way: what it brings in for its children.
    least: Option<Decimal>,
}

impl Open {
    pub(super) fn of(order: &Order) -> Self {
        let previewed = order.previewed_margin().is_some();
        let (units, least) = (order.open_quantity(), order.least_open_quantity());
        Self { units, least, previewed, ..Self::worded(order.wording()) }
    }

    /// Is it what an order has become? Asked with each word about an order, and nearly always so.
    pub(super) fn is_still(&self, order: &Order) -> bool {
        let wording = order.wording();
        let is_same = self.units == order.open_quantity()
            && self.least == order.least_open_quantity()
            && self.previewed == order.previewed_margin().is_some()
            && self.strategy.as_ref() == wording.strategy()
            && self.side == wording.side()
            && self.symbol == wording.symbol()
            && self.parent.as_ref() == wording.parent()
            && self.group.as_deref() == group_of(wording.oca());
        debug_assert_eq!(is_same, *self == Self::of(order));
        is_same
    }

    fn worded(wording: &OrderIntent) -> Self {
        let units = wording.quantity().map(|units| units.as_decimal());
        Self {
            key: wording.key().clone(),
            symbol: wording.symbol(),
            side: wording.side(),
            parent: wording.parent().cloned(),
            group: group_of(wording.oca()).map(Into::into),
            strategy: wording.strategy().cloned(),
            previewed: false,
            units,
            least: units,
        }
    }
}

impl Open {
    pub(super) const fn key(&self) -> &OrderKey {
        &self.key
    }

    pub(super) fn is_of(&self, strategy: &StrategyId) -> bool {
        self.strategy.as_ref() == Some(strategy)
    }

    pub(super) const fn is_previewed(&self) -> bool {
        self.previewed
    }

    pub(super) const fn side(&self) -> Side {
        self.side
    }

    pub(super) const fn units(&self) -> Option<Decimal> {
        self.units
    }

    /// Does it take out what this order brings in?
    pub(super) fn is_exit_of(&self, entry: &Order) -> bool {
        self.parent.as_ref() == Some(entry.intent().key()) && self.side == entry.side().opposite()
    }

    /// It counts in full, whatever becomes of other orders.
    pub(super) const fn stands_for_itself(&self) -> bool {
        self.parent.is_none() && self.group.is_none()
    }
}

impl DeskState {
    fn open_of(&self, key: &OrderKey, supposing: Supposing<'_>) -> Option<Open> {
        let supposed = supposing.with.iter().find(|intent| intent.key() == key);
        if let Some(wording) = supposed {
            return Some(Open::worded(wording));
        }
        let order = self.book().get(key).filter(|order| order.state().may_trade())?;
        Some(Open::of(order))
    }

    /// How much of a symbol may still be bought and sold for an account.
    pub(super) fn open(&self, account: &AccountId, symbol: Symbol, supposing: Supposing<'_>) -> OpenUnits {
        self.open_beside(account, symbol, supposing, None)
    }

    /// The same beside one order: without its parent, and without those that go when it fills.
    pub(super) fn open_beside(
        &self,
        account: &AccountId,
        symbol: Symbol,
        supposing: Supposing<'_>,
        judged: Option<&OrderIntent>,
    ) -> OpenUnits {
        let untold = self.others.open(account, symbol).plus(self.owed.units(account, symbol));
        self.ours_beside(account, symbol, supposing, judged).plus(untold)
    }

    fn ours_beside(
        &self,
        account: &AccountId,
        symbol: Symbol,
        supposing: Supposing<'_>,
        judged: Option<&OrderIntent>,
    ) -> OpenUnits {
        let add_up = || self.open_where(account, symbol, supposing, judged, |_| true);
        if !supposing.is_nothing() || judged.is_some_and(|intent| intent.parent().is_some()) {
            return add_up();
        }
        let told = self.open_orders(account, symbol).map_or(Some(OpenUnits::NONE), OpenOrders::told);
        debug_assert!(told.is_none_or(|told| told == add_up()));
        told.unwrap_or_else(add_up)
    }

    /// The same, of some orders of ours alone.
    pub(super) fn open_where(
        &self,
        account: &AccountId,
        symbol: Symbol,
        supposing: Supposing<'_>,
        judged: Option<&OrderIntent>,
        counts: impl Fn(&Open) -> bool,
    ) -> OpenUnits {
        let (mut buys, mut sells) = (Adding::nothing(), Adding::nothing());
        let parent = judged.and_then(OrderIntent::parent);
        let group = judged.and_then(|intent| group_of(intent.oca()));
        let of_it = |it: &&OrderIntent| it.account() == account && it.symbol() == symbol;
        let supposed: Vec<Open> = supposing.with.iter().filter(of_it).map(Open::worded).collect();
        let there = self.live_orders(account, symbol).filter(|open| Some(&open.key) != supposing.without);
        for open in there.chain(&supposed) {
            let name = open.group.as_deref();
            if Some(&open.key) == parent || !counts(open) || name.is_some_and(|name| Some(name) == group) {
                continue;
            }
            let brings = open.parent.as_ref().map(|key| (key, self.brought_for(open, account, supposing)));
            // What its own parent brings in is there when the judged order comes alive: its siblings take that out beside it.
            let of_other = |(key, brings): &(&OrderKey, Decimal)| Some(*key) != parent && !brings.is_zero();
            let share = Share { units: open.units, parent: brings.filter(of_other) };
            let side = if open.side == Side::Buy { &mut buys } else { &mut sells };
            side.add(share, name);
        }
        OpenUnits { buys: buys.sum(), sells: sells.sum() }
    }

    /// The parent of an order, where it may still trade for the same account.
    fn parent_in(&self, account: &AccountId, key: &OrderKey, supposing: Supposing<'_>) -> Option<Open> {
        let supposed = supposing.with.iter().find(|intent| intent.key() == key);
        let of = supposed.or_else(|| self.book().get(key).map(Order::intent))?.account();
        if of == account { self.open_of(key, supposing) } else { None }
    }

    /// What the parent of an order still brings in for it; nothing when there is no such parent.
    fn brought_for(&self, child: &Open, account: &AccountId, supposing: Supposing<'_>) -> Decimal {
        let parent = child.parent.as_ref().and_then(|key| self.parent_in(account, key, supposing));
        // What another strategy brings in is not this one's to take out.
        let fits = |parent: &Open| {
            parent.symbol == child.symbol
                && parent.side == child.side.opposite()
                && parent.strategy == child.strategy
        };
        parent.filter(fits).and_then(|parent| parent.least).unwrap_or(Decimal::ZERO)
    }

    /// By how much the position will have moved before an order comes alive: by its parent's rest, whatever its side; that of
    /// one strategy, if one is named.
    pub(super) fn moved_before(
        &self,
        judged: &OrderIntent,
        supposing: Supposing<'_>,
        strategy: Option<&StrategyId>,
    ) -> Option<Decimal> {
        let parent = judged.parent().and_then(|key| self.parent_in(judged.account(), key, supposing));
        let moves = |parent: &Open| {
            parent.symbol == judged.symbol() && (strategy.is_none() || parent.strategy.as_ref() == strategy)
        };
        let Some(parent) = parent.filter(moves) else {
            return Some(Decimal::ZERO);
        };
        // Either way the worse: an exit takes out of no more than what is brought in for sure.
        let units = if parent.side == judged.side() { parent.units? } else { parent.least? };
        Some(if parent.side == Side::Buy { units } else { -units })
    }
}

/// The group of which one order fills and the others go. One whose orders are all at the exchange at once is none, since more
/// than one of them may fill; nor is one of which nothing is said, which the broker takes as it likes.
pub(super) fn group_of(group: Option<&OcaGroup>) -> Option<&str> {
    let one_fills = |effect| matches!(effect, Some(OcaEffect::CancelWithBlock | OcaEffect::ReduceWithBlock));
    group.filter(|group| one_fills(group.effect())).map(OcaGroup::name)
}

fn plus(sum: Option<Decimal>, more: Option<Decimal>) -> Option<Decimal> {
    sum.zip(more).and_then(|(sum, more)| sum.checked_add(more))
}

#[cfg(test)]
mod tests;
