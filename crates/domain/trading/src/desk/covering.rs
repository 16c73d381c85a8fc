//! Which positions have not the stops that they should have: by the policy, and by the brackets that brought them in.

use super::brackets::Group;
use super::{DeskState, OrderDesk};
use crate::cover::{cover_gaps, exit_side, protects_now, units};
use crate::{Bracketed, CoverGap, ProtectionPolicy, StopDemand};
use std::collections::HashSet;
use tradeport_kernel::{Decimal, Symbol, Timestamp};
use tradeport_orders::{Order, Side};
use tradeport_portfolio::Portfolio;

impl OrderDesk {
    /// The positions, of every account, whose cover is not what the policy demands, or that have lost the stop of the bracket that
    /// brought them in. The policy's exceptions need neither.
    pub async fn cover_gaps(&self, policy: &ProtectionPolicy) -> Vec<CoverGap> {
        let now = self.ports.clock.now();
        let state = self.state().await;
        let live: Vec<&Order> = match policy.stop {
            StopDemand::Off => Vec::new(),
            _ => state.live().into_iter().filter_map(|key| state.book().get(key)).collect(),
        };
        let mut all = Vec::new();
        for portfolio in state.portfolios() {
            let by_policy = cover_gaps(policy, portfolio, live.iter().copied(), now);
            let by_brackets = state.bare_brackets(portfolio, now);
            let told: HashSet<Symbol> = by_policy.iter().map(|gap| gap.symbol).collect();
            let is_told = |gap: &CoverGap| told.contains(&gap.symbol) || policy.except.contains(&gap.symbol);
            all.extend(by_policy);
            all.extend(by_brackets.into_iter().filter(|gap| !is_told(gap)));
        }
        all
    }
}

impl DeskState {
    /// The positions of an account that have lost the stops of brackets, in the order of their instruments.
    fn bare_brackets(&self, portfolio: &Portfolio, now: Timestamp) -> Vec<CoverGap> {
        let groups = self.brackets().groups_of(portfolio.account());
        groups.filter_map(|(symbol, group)| self.bare_in(portfolio, (symbol, group), now)).collect()
    }

    fn bare_in(
        &self,
        portfolio: &Portfolio,
        (symbol, group): (Symbol, &Group),
        now: Timestamp,
    ) -> Option<CoverGap> {
        let held = portfolio.position(symbol)?.quantity().as_decimal();
        let entry_side = exit_side(held).opposite();
        let brackets = self.bracketed(group, entry_side, now);
        if held.is_zero() || brackets.iter().all(|it| it.bare().is_zero()) {
            return None;
        }
        let stops = self.stops(portfolio, (symbol, entry_side.opposite()), now);
        let loose = stops.iter().filter(|stop| !brackets.iter().any(|it| it.has(stop)));
        let to_spare = brackets.iter().map(Bracketed::to_spare).sum::<Decimal>() + units(loose.copied());
        // What is not held any more was closed by something else; what others bought beside it is not of brackets.
        let theirs = group.theirs(entry_side, held.abs());
        let brought_in: Decimal = brackets.iter().map(Bracketed::brought_in).sum();
        let mut solved = to_spare + (brought_in - theirs).max(Decimal::ZERO);
        let (mut bare, mut keys) = (Decimal::ZERO, Vec::new());
        // The oldest first.
        for bracket in brackets {
            let rest = (bracket.bare() - solved).max(Decimal::ZERO);
            solved -= bracket.bare() - rest;
            bare += rest;
            keys.extend((rest > Decimal::ZERO).then(|| bracket.entry().intent().key().clone()));
        }
        let (account, covered) = (portfolio.account().clone(), units(stops.into_iter()));
        (bare > Decimal::ZERO).then_some(CoverGap { account, symbol, held, covered, bare, brackets: keys })
    }

    fn bracketed<'a>(&'a self, group: &'a Group, entry_side: Side, now: Timestamp) -> Vec<Bracketed<'a>> {
        let of = |(entry, exits): (&'a _, &'a [_])| {
            let entry = self.book().get(entry).filter(|entry| entry.side() == entry_side)?;
            let exits = exits.iter().filter_map(|exit| self.book().get(exit));
            Bracketed::of(entry, exits).map(|it| it.at(now))
        };
        let mut brackets: Vec<_> = group.brackets().filter_map(of).collect();
        brackets.sort_by_key(|it| it.entry().created_at());
        brackets
    }

    /// The stops that protect a position now: of children those whose parents have ended.
    fn stops(&self, portfolio: &Portfolio, (symbol, side): (Symbol, Side), now: Timestamp) -> Vec<&Order> {
        let live =
            self.live_orders(portfolio.account(), symbol).filter_map(|open| self.book().get(open.key()));
        let waits = |order: &Order| order.intent().parent().is_some_and(|parent| self.is_alive(parent));
        let acts = |order: &&Order| {
            order.side() == side && protects_now(StopDemand::Any, order, now) && !waits(order)
        };
        live.filter(acts).collect()
    }
}
