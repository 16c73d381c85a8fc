//! Drafts of orders, put together from the other generators.

use super::{attributes, kind, moment, quantity};
use crate::fixtures::{account, key, symbol};
use proptest::prelude::*;
use tradeport_kernel::{Currency, Money, Timestamp};
use tradeport_orders::{OcaEffect, OcaGroup, OrderDraft, OrderKind, OrderSize, Side, TimeInForce, Venue};

fn size() -> impl Strategy<Value = OrderSize> {
    prop_oneof![
        4 => quantity().prop_map(OrderSize::Units),
        1 => quantity().prop_map(|cash| OrderSize::Cash(Money::new(cash.as_decimal(), Currency::USD))),
    ]
}

/// A time in force that fits the kind.
fn time_in_force(kind: &OrderKind, which: usize, end: Timestamp) -> TimeInForce {
    use TimeInForce as T;
    let market_to_limit = matches!(kind, OrderKind::MarketToLimit { .. });
    match which {
        _ if kind.is_auction() => T::Day,
        _ if market_to_limit && kind.limit_price().is_some() => T::Auction,
        0 => T::GoodTillCancelled,
        1 => T::ImmediateOrCancel,
        2 => T::FillOrKill,
        3 => T::GoodTillCrossing,
        4 => T::DayTillCancelled,
        5 if market_to_limit => T::Auction,
        5 if matches!(kind, OrderKind::Limit { .. }) => T::Minutes,
        6 => T::GoodTillDate(end),
        7 => T::GoodTillTime(end),
        _ => T::Day,
    }
}

fn group() -> impl Strategy<Value = Option<OcaGroup>> {
    let group = || OcaGroup::new("group-1".parse().expect("made within the rules"));
    let effects = [OcaEffect::CancelWithBlock, OcaEffect::ReduceWithBlock, OcaEffect::ReduceWithoutBlock];
    let mut groups = vec![None, None, Some(group())];
    groups.extend(effects.map(|effect| Some(group().with_effect(effect))));
    prop::sample::select(groups)
}

/// Its instrument's own is nearly always meant.
fn route() -> impl Strategy<Value = Option<Venue>> {
    let venues = ["ISLAND", "ARCA", "BATS"].map(|code| code.parse().expect("it is a venue"));
    prop::option::weighted(0.2, prop::sample::select(venues.to_vec()))
}

/// An order of the kind with that place in [`KINDS`](super::KINDS): either side, any size and time in force, with one group of
/// attributes. Its key is `own`, its account `DU1`, its symbol `AAPL`, sometimes at one exchange; its parent, if it has one, is `parent`, and its preset
/// children are `stop` and `target`. Sometimes it contradicts itself: its check says so.
pub fn draft(which: usize) -> impl Strategy<Value = OrderDraft> {
    let side = prop_oneof![Just(Side::Buy), Just(Side::Sell)];
    let time = (0..9_usize, moment());
    (kind(which), side, size(), any::<[bool; 2]>(), group(), attributes(), time, route()).prop_map(
        |(kind, side, size, [outside, child], oca, said, (which, end), route)| {
            let mut draft = OrderDraft::new(key("own"), account("DU1"), symbol("AAPL"), side, size, kind);
            draft.parent = child.then(|| key("parent"));
            draft.time_in_force = time_in_force(&kind, which, end);
            (draft.outside_sessions, draft.oca) = (outside, oca);
            said.put_on(&mut draft);
            // Where it goes says whose algo it names.
            draft.route = route.filter(|_| draft.attributes.algo.is_none());
            draft
        },
    )
}
