//! Brackets, groups and hedges.

use crate::around::key_of;
use crate::hand::{keyed, limit, numbered, price, sample_key, units};
use tradeport_orders::{
    Bracket, Hedge, HedgeKind, OcaEffect, OcaGroup, OrderDraft, OrderIntent, OrderKind, Side,
};

type Orders = Vec<OrderIntent>;

/// Children have keys of their own making; the samples number them, so here they get the numbers' keys.
fn renumbered(orders: Vec<OrderIntent>, first: i32) -> Orders {
    let rename = |(order, number): (OrderIntent, i32)| {
        OrderDraft { key: key_of(number), ..order.to_draft() }.check().unwrap()
    };
    orders.into_iter().zip(first..).map(rename).collect()
}

fn bracket(first: i32, side: Side, target: &str, stop: &str) -> Orders {
    let entry = numbered(first, side, units("100"), limit("30"));
    let bracket = Bracket::around(entry).target(price(target)).stop(price(stop)).ungrouped();
    renumbered(bracket.build().unwrap(), first)
}

pub(crate) fn bracket_long() -> Orders {
    bracket(1001, Side::Buy, "40", "20")
}

pub(crate) fn bracket_short() -> Orders {
    bracket(2001, Side::Sell, "20", "40")
}

pub(crate) fn one_cancels_all() -> Orders {
    let group = OcaGroup::new("TestOCA_3001".parse().unwrap()).with_effect(OcaEffect::ReduceWithBlock);
    let member = |(number, at): (usize, &str)| {
        keyed(sample_key(number), Side::Buy, units("1"), limit(at)).in_group(group.clone()).check().unwrap()
    };
    [(1, "10"), (2, "11"), (3, "12")].map(member).to_vec()
}

pub(crate) fn beta_hedge() -> Orders {
    let hedge = Hedge::new(HedgeKind::Beta { beta: Some("0.5".parse().unwrap()) }).at_most(100);
    let draft = keyed(sample_key(1), Side::Sell, units("1"), OrderKind::Market).hedging(key_of(1001), hedge);
    vec![draft.check().unwrap()]
}

pub(crate) fn pair_hedge() -> Orders {
    let parent = numbered(1001, Side::Buy, units("1"), OrderKind::Market);
    let hedge = Hedge::new(HedgeKind::Pair { ratio: "5".parse().unwrap() });
    let child = numbered(1002, Side::Sell, units("1"), OrderKind::Market).hedging(key_of(1001), hedge);
    [parent, child].map(|draft| draft.check().unwrap()).to_vec()
}
