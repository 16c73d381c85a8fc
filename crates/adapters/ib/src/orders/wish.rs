//! What somebody waits for, and how it may end.

use crate::translate::OrderTerms;
use ibapi::orders::OrderState;
use tradeport_kernel::{Decimal, Quantity};
use tradeport_orders::OrderKind;

/// Which wish.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct WishId(pub(crate) u64);

/// What was asked of TWS about an order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Wish {
    Submit,
    Preview,
    Change(Box<Terms>),
    Cancel,
}

/// What TWS describes an order by, as far as it can be changed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Terms(pub(crate) OrderTerms);

impl From<OrderTerms> for Terms {
    fn from(it: OrderTerms) -> Self {
        Self(it)
    }
}

impl Terms {
    pub(crate) const fn quantity(&self) -> Option<Quantity> {
        self.0.quantity
    }

    /// Is it for so many units?
    pub(crate) fn is_for(&self, units: Decimal) -> bool {
        self.0.quantity.is_some_and(|quantity| quantity.as_decimal() == units)
    }

    /// Is this what was wished for? Prices that follow the market are not compared: TWS moves them.
    pub(crate) fn are_met_by(&self, is: &Self) -> bool {
        let (wanted, is) = (&self.0, &is.0);
        let prices = |it: &OrderKind| (it.limit_price(), it.trigger_price());
        let kind = wanted.kind.is_told_as(&is.kind)
            || std::mem::discriminant(&wanted.kind) == std::mem::discriminant(&is.kind)
                && prices(&wanted.kind) == prices(&is.kind);
        kind && wanted.quantity == is.quantity
            && wanted.outside_sessions == is.outside_sessions
            && std::mem::discriminant(&wanted.time_in_force) == std::mem::discriminant(&is.time_in_force)
    }
}

/// How a wish ends.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Answer {
    /// It is granted, or under way.
    Taken,
    /// What the order would do.
    Previewed(Box<OrderState>),
    /// It is not granted, in the broker's words.
    Refused(String),
    /// There is no such order, or it has ended.
    NoSuchOrder,
    /// The connection ended first.
    Lost,
}
