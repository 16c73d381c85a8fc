//! Combos whose legs have prices of their own: when every leg can trade at its price, and what the whole then costs.
//!
//! A leg that is bought has its price once it is offered for no more, one that is sold once somebody bids no less; a leg
//! without a price has it always. The whole is then a limit order at the net of these prices. Left out: legs that are worked
//! one by one.

use super::held::Held;
use crate::server::world::World;
use tradeport_kernel::{Decimal, Price};
use tradeport_orders::Side;

/// The limit of the whole; `None` while a leg has not its price.
pub(super) fn net_limit(held: &Held, world: &World) -> Option<Price> {
    let prices = &held.wording.intent.said()?.combo.leg_prices;
    let mut net = Decimal::ZERO;
    for (at, (ratio, leg)) in world.legs(&held.contract).into_iter().enumerate() {
        let buys = (ratio > 0) == (held.side() == Side::Buy);
        let quote = world.quote(&leg)?;
        let shown = if buys { quote.ask()?.price() } else { quote.bid()?.price() };
        let limit = prices.get(at).copied().flatten().unwrap_or(shown);
        let has_its_price = if buys { shown <= limit } else { shown >= limit };
        if !has_its_price {
            return None;
        }
        net = net.checked_add(limit.as_decimal().checked_mul(Decimal::from(ratio))?)?;
    }
    Price::new(net).ok()
}
