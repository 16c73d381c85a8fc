//! How far beyond the market the limit of an order lies: a slip of the pen, where that is too far.
//!
//! What sleeps is held against the market that it meets once it is awake: that of its trigger, or that of now where it is awake
//! already. A stop waits for a worse market, so one that protects may lie far from that of now; what waits to be touched waits
//! for a better one.

use super::record::{Record, missing};
use super::size::{Sized, worst_limit};
use crate::ratio::ratio;
use crate::{RiskRefusal, Rule};
use tradeport_kernel::{Decimal, Price};
use tradeport_orders::{OrderIntent, OrderKind, Side, TrailingLimit};

/// Nothing is asked of an order without a limit.
pub(super) fn check(
    collar: Option<Decimal>,
    sized: &Sized,
    intent: &OrderIntent,
    record: &mut Record<'_>,
) -> Result<(), RiskRefusal> {
    let Some(collar) = collar else { return Ok(()) };
    let meets = || market_met(intent, sized.mid());
    let beyond = match intent.kind().trailing_limit() {
        Some(TrailingLimit::Offset(offset)) => Some(offset),
        // It moves with what wakes it, and so stays as far beyond it.
        Some(TrailingLimit::At(limit)) => between(intent.side(), meets(), limit.as_decimal()),
        None => match worst_limit(intent) {
            Some(limit) => between(intent.side(), meets(), limit),
            None => return Ok(()),
        },
    };
    let share = beyond.and_then(|beyond| ratio(beyond, sized.scale()));
    let share = share.ok_or_else(|| missing("a computable distance"))?;
    record.at_most(Rule::PriceCollar, share, Some(collar))
}

/// How much worse a limit is than the market.
fn between(side: Side, market: Decimal, limit: Decimal) -> Option<Decimal> {
    match side {
        Side::Buy => limit.checked_sub(market),
        Side::Sell => market.checked_sub(limit),
    }
}

/// The middle of the market that an order trades in.
fn market_met(intent: &OrderIntent, mid: Decimal) -> Decimal {
    let wakes = intent.kind().trigger_price().map_or(mid, Price::as_decimal);
    match (intent.side(), waits_to_be_touched(intent.kind())) {
        (Side::Buy, false) | (Side::Sell, true) => mid.max(wakes),
        (Side::Sell, false) | (Side::Buy, true) => mid.min(wakes),
    }
}

const fn waits_to_be_touched(kind: &OrderKind) -> bool {
    matches!(
        kind,
        OrderKind::MarketIfTouched { .. }
            | OrderKind::LimitIfTouched { .. }
            | OrderKind::TrailMarketIfTouched { .. }
            | OrderKind::TrailLimitIfTouched { .. }
    )
}
