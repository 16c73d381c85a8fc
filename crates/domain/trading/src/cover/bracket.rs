//! The stops that brackets asked for: does what an entry brought in still have them?
//!
//! A broker ends the exits of an entry with it: one that is cancelled half filled leaves a position that nothing protects. So
//! whoever ordered a stop beside an entry demanded it for what that brings in, whatever the settings demand. What the exits
//! themselves have taken out again needs none any more.
//!
//! Left out: brackets of combos, whose positions are those of their legs; splits, after which orders are still for old shares.

use super::{least_open, protects_now, units};
use crate::StopDemand;
use tradeport_kernel::{Decimal, Timestamp};
use tradeport_orders::Order;

/// An entry with its exits, as they stand.
#[derive(Clone, Debug)]
pub struct Bracketed<'a> {
    entry: &'a Order,
    exits: Vec<&'a Order>,
    at: Timestamp,
}

impl<'a> Bracketed<'a> {
    /// The orders among `others` that take out what an entry brings in; `None` without a stop among them, since then nobody
    /// asked for one.
    #[must_use]
    pub fn of(entry: &'a Order, others: impl IntoIterator<Item = &'a Order>) -> Option<Self> {
        let (key, side) = (entry.intent().key(), entry.side());
        let is_exit = |order: &&Order| {
            let intent = order.intent();
            let same =
                intent.account() == entry.intent().account() && intent.symbol() == entry.intent().symbol();
            intent.parent() == Some(key) && same && order.side() != side
        };
        let exits: Vec<&Order> = others.into_iter().filter(is_exit).collect();
        exits.iter().any(|exit| exit.intent().kind().is_stop()).then_some(Self {
            entry,
            exits,
            at: Timestamp::MAX,
        })
    }

    /// The same at this moment: a stop whose time is still to come does not act. Without it the time of each has come.
    #[must_use]
    pub fn at(self, now: Timestamp) -> Self {
        Self { at: now, ..self }
    }

    /// The entry.
    #[must_use]
    pub const fn entry(&self) -> &'a Order {
        self.entry
    }

    /// How many units it has brought in that no exit has taken out again; never below zero. What the broker has counted of an
    /// exit is out, though its executions are still to come.
    #[must_use]
    pub fn brought_in(&self) -> Decimal {
        let out = self.exits.iter().map(|exit| exit.most_filled());
        (self.entry.filled() - out.sum::<Decimal>()).max(Decimal::ZERO)
    }

    /// How many of them its own stops do not protect. While the entry may bring in more its stops need not act yet, but for
    /// those that have ended: they never will.
    #[must_use]
    pub fn bare(&self) -> Decimal {
        // Stops for parts of it add up, though they are of one group.
        let own: Decimal = if self.entry.state().may_trade() {
            let live = self.exits.iter().filter(|exit| exit.kind().is_stop() && exit.state().may_trade());
            live.map(|stop| least_open(stop)).sum()
        } else {
            self.stops().map(least_open).sum()
        };
        (self.brought_in() - own).max(Decimal::ZERO)
    }

    /// How many units its stops would end beyond what it brought in.
    pub(crate) fn to_spare(&self) -> Decimal {
        if self.entry.state().may_trade() {
            return Decimal::ZERO;
        }
        (units(self.stops()) - self.brought_in()).max(Decimal::ZERO)
    }

    /// Is this one of its orders?
    pub(crate) fn has(&self, order: &Order) -> bool {
        self.exits.iter().any(|exit| exit.intent().key() == order.intent().key())
    }

    fn stops(&self) -> impl Iterator<Item = &'a Order> {
        self.exits.iter().copied().filter(|exit| protects_now(StopDemand::Any, exit, self.at))
    }
}
