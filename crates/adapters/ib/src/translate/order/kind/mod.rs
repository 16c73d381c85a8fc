//! Kinds: the order type, its prices, and the time in force that belongs to it.

mod from_ib;
mod to_ib;

pub(super) use from_ib::kind_from_ib;
pub(super) use to_ib::kind_to_ib;

use tradeport_orders::VolatilityPeg;

/// The type of an order pegged to a volatility.
const VOLATILITY_PEGS: [(&str, VolatilityPeg); 4] = [
    ("PPV", VolatilityPeg::Primary),
    ("PDV", VolatilityPeg::Midpoint),
    ("PMV", VolatilityPeg::Market),
    ("PSV", VolatilityPeg::Surface),
];
