//! What the broker documents for an order and the library has no field for.
//!
//! The library follows the broker's newest messages, which have no place for an auction strategy any more, and it tells
//! *off* and *unsaid* apart for neither price management nor routing to the best bid or offer.

use ibapi::orders::Order;

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

impl From<Order> for IbOrder {
    /// An order as the library gives it.
    fn from(order: Order) -> Self {
        Self { order, unsent: Unsent::default() }
    }
}
