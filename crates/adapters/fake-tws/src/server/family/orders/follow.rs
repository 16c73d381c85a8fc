//! Orders whose price follows the market: what they would be at this moment.
//!
//! | kind | its price to buy, the other way round to sell |
//! | --- | --- |
//! | relative, pegged to primary | the best bid, and the offset above it |
//! | passive relative | the best bid, less the offset |
//! | pegged to market | the best ask, less the offset |
//! | pegged to midpoint, midprice, pegged to best | the middle, less the offset if there is one |
//! | snap to market, primary or midpoint | the same when it is sent, and that for good |
//! | pegged to a stock | its starting price, and what its delta makes of the movement of the stock |
//! | in volatility | what the option is worth at that volatility, once or at every moment |
//! | pegged to volatility | the price that it is pegged to, without an offset |
//! | pegged to a benchmark | its starting price, and its step for each of the benchmark's |
//!
//! None is worse than the limit that the order names, and all lie on the price step, on the order's side of it. Left out:
//! the ranges in which a benchmark must stay, and the two offsets of a midpoint peg by the width of the spread.

use crate::server::lookup;
use crate::server::world::World;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};
use tradeport_contracts::{Contract, ContractId, InstrumentKind};
use tradeport_fake_broker::house::OptionModel;
use tradeport_kernel::{Decimal, Price};
use tradeport_market_data::Quote;
use tradeport_orders::{
    MidPeg, OffsetBy, OrderIntent, OrderKind, PegDirection, Side, Volatility, VolatilityBasis, VolatilityPeg,
};

/// Of a year.
const TRADING_DAYS: f64 = 252.0;

/// Does the price of this kind move with the market once the order is sent?
pub(super) const fn follows(kind: &OrderKind) -> bool {
    if let OrderKind::Volatility(it) = kind {
        return it.terms.continuous;
    }
    matches!(
        kind,
        OrderKind::PegVolatility { offset: None, .. }
            | OrderKind::Relative { .. }
            | OrderKind::PassiveRelative { .. }
            | OrderKind::PegMarket { .. }
            | OrderKind::PegPrimary { .. }
            | OrderKind::PegMid { .. }
            | OrderKind::PegBest { .. }
            | OrderKind::MidPrice { .. }
            | OrderKind::PegStock(_)
            | OrderKind::PegBenchmark(_)
    )
}

/// The limit that an order has at this moment; `None` for kinds that follow nothing, and while there is no price.
pub(super) fn limit_now(intent: &OrderIntent, contract: &Contract, world: &World) -> Option<Price> {
    let quote = world.quote(contract)?;
    let raw = raw_price(intent, &quote, contract, world)?;
    let (cap, buys) = (cap_of(intent.kind()), intent.side() == Side::Buy);
    let capped = cap.map_or(raw, |cap| if buys { raw.min(cap) } else { raw.max(cap) });
    let rough = Price::new(capped.round_dp(Price::MAX_SCALE)).ok()?;
    let step = contract.price_step_at(rough);
    let steps = capped.checked_div(step)?;
    let whole = if buys { steps.floor() } else { steps.ceil() };
    let price = whole.checked_mul(step)?;
    Price::new(price).ok().filter(|price| price.as_decimal() > Decimal::ZERO)
}

fn raw_price(intent: &OrderIntent, quote: &Quote, contract: &Contract, world: &World) -> Option<Decimal> {
    let buys = intent.side() == Side::Buy;
    let (bid, ask) = (quote.bid().map(|it| it.price()), quote.ask().map(|it| it.price()));
    let (own, other) = if buys { (bid, ask) } else { (ask, bid) };
    let (own, other) = (own.map(Price::as_decimal), other.map(Price::as_decimal));
    let middle = quote.mid().map(Price::as_decimal);
    let zero = |offset: Option<Decimal>| offset.unwrap_or_default();
    // Towards the other side of the market, or away from it.
    let ahead = |price: Option<Decimal>, by: Decimal| price.map(|it| if buys { it + by } else { it - by });
    let behind = |price: Option<Decimal>, by: Decimal| ahead(price, -by);
    match *intent.kind() {
        OrderKind::Relative { offset, .. } => match offset {
            Some(OffsetBy::Fraction(share)) => ahead(own, own?.checked_mul(share)?),
            Some(OffsetBy::Amount(amount)) => ahead(own, amount),
            None => own,
        },
        OrderKind::PegPrimary { offset, .. } => ahead(own, zero(offset)),
        OrderKind::PassiveRelative { offset, .. } => behind(own, zero(offset)),
        OrderKind::PegMarket { offset, .. } | OrderKind::SnapMarket { offset } => behind(other, zero(offset)),
        OrderKind::SnapPrimary { offset } => ahead(own, zero(offset)),
        OrderKind::SnapMid { offset } => behind(middle, zero(offset)),
        OrderKind::PegMid { by: MidPeg::Offset(offset), .. } => behind(middle, offset),
        OrderKind::PegMid { .. } | OrderKind::PegBest { .. } | OrderKind::MidPrice { .. } => middle,
        OrderKind::Volatility(it) => worth(&it, contract, world),
        OrderKind::PegVolatility { to, offset: None, .. } => match to {
            VolatilityPeg::Primary => own,
            VolatilityPeg::Market => other,
            VolatilityPeg::Midpoint | VolatilityPeg::Surface => middle,
        },
        OrderKind::PegStock(peg) => {
            let stock = world.catalog().underlying(contract).filter(|_| is_option(contract))?;
            let now = world.quote(&stock)?.mid()?.as_decimal();
            let moved = now - peg.reference_price.map_or(now, Price::as_decimal);
            let start = peg.starting_price.map(Price::as_decimal).or(middle)?;
            start.checked_add(moved.checked_mul(peg.delta)?)
        }
        OrderKind::PegBenchmark(peg) => {
            let now = world.quote(&known(peg.contract, world)?)?.mid()?.as_decimal();
            let moved = now - peg.reference_price.map_or(now, Price::as_decimal);
            let steps = moved.checked_div(peg.benchmark_step)?.trunc();
            let by = steps.checked_mul(peg.step)?;
            let start = peg.starting_price.map(Price::as_decimal).or(middle)?;
            Some(if peg.direction == PegDirection::Same { start + by } else { start - by })
        }
        _ => None,
    }
}

/// What an option is worth at a volatility, by the market's model.
fn worth(it: &Volatility, contract: &Contract, world: &World) -> Option<Decimal> {
    let (model, _) = world.tape(contract)?.option(world.now())?;
    let spot = it.terms.stock_price.map_or(Some(model.spot), |price| price.as_decimal().to_f64())?;
    let days = if it.terms.basis == Some(VolatilityBasis::Daily) { TRADING_DAYS.sqrt() } else { 1.0 };
    let yearly = it.percent.to_f64()? / 100.0 * days;
    Decimal::from_f64(OptionModel { spot, ..model }.value(yearly))
}

fn is_option(contract: &Contract) -> bool {
    contract.instrument().kind() == Some(InstrumentKind::Option)
}

fn known(id: ContractId, world: &World) -> Option<Contract> {
    lookup::of_number(world, i32::try_from(id.number()).ok()?)
}

/// The worst price that a kind names.
fn cap_of(kind: &OrderKind) -> Option<Decimal> {
    let cap = match *kind {
        OrderKind::Relative { cap, .. }
        | OrderKind::PassiveRelative { cap, .. }
        | OrderKind::PegMarket { cap, .. }
        | OrderKind::PegPrimary { cap, .. }
        | OrderKind::MidPrice { cap } => cap,
        OrderKind::PegMid { limit, .. } | OrderKind::PegBest { limit, .. } => limit,
        _ => None,
    };
    cap.map(Price::as_decimal)
}
