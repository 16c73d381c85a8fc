//! What the broker documents for an order and the library has no field for.
//!
//! The library follows the broker's newest messages, which have no place for an auction strategy any more, and it tells
//! *off* and *unsaid* apart for neither price management nor routing to the best bid or offer.

use ibapi::contracts::TagValue;
use ibapi::orders::Order;
use std::collections::BTreeSet;

/// The library's order, and what it has no field for.
#[derive(Clone, Debug, PartialEq)]
pub struct IbOrder {
    /// What can be sent.
    pub order: Order,
    /// What cannot: an order with any of it must not be sent without saying so.
    pub unsent: Unsent,
}

/// What an order says and the library cannot send. The default says nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unsent {
    /// 0 for none, 1 to match, 2 to improve, 3 to show itself.
    pub auction_strategy: i32,
    /// The broker may not manage the price. (That it may can be sent.)
    pub price_management_off: bool,
    /// What is marketable does not go to the best bid or offer. (That it does can be sent.)
    pub marketable_to_best_off: bool,
}

impl Unsent {
    /// Can everything be sent?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl IbOrder {
    /// What the order says and the library would leave out without a word, by the names of [`CANNOT_SAY`]. An order with any
    /// of it must not be sent.
    #[must_use]
    pub fn cannot_say(&self) -> Vec<&'static str> {
        let Unsent { auction_strategy, price_management_off, marketable_to_best_off } = self.unsent;
        let points = self.order.basis_points.is_some_and(|points| points.abs() > 0.0);
        let basis_points = points || self.order.basis_points_type.is_some_and(|kind| kind != 0);
        let order = &self.order;
        let maps = [&order.algo_params, &order.smart_combo_routing_params, &order.order_misc_options];
        let twice = maps.into_iter().any(|tags| has_twice(tags));
        let said = [auction_strategy != 0, price_management_off, marketable_to_best_off, basis_points, twice];
        CANNOT_SAY.iter().zip(said).filter(|(_, said)| *said).map(|((name, _), _)| *name).collect()
    }
}

/// What an order may say and the library cannot send: the name, and why.
pub const CANNOT_SAY: [(&str, &str); 5] = [
    ("auction strategy", "the broker's newest messages have no field for it"),
    ("price management off", "the library sends it as a flag that is there or not: on, or not said"),
    (
        "marketable to best bid or offer off",
        "the library sends it as a flag that is there or not: on, or not said",
    ),
    ("basis points", "the broker's newest messages have no field for them"),
    ("a tag twice", "parameters, routing words and options are a map on the wire"),
];

impl From<Order> for IbOrder {
    /// An order as the library gives it.
    fn from(order: Order) -> Self {
        Self { order, unsent: Unsent::default() }
    }
}

fn has_twice(tags: &[TagValue]) -> bool {
    let mut seen = BTreeSet::new();
    !tags.iter().all(|tag| seen.insert(&tag.tag))
}
