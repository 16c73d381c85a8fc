//! Every price and every distance that an order names, each under its name.

use crate::{AdjustedStop, Compete, MidPeg, OffsetBy, OrderIntent, OrderKind, TrailBy, TrailingLimit};
use std::fmt;
use tradeport_kernel::{Decimal, Price};

/// Which number of an order is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// The worst price accepted.
    Limit,
    /// The price that wakes a stop.
    Stop,
    /// The price that wakes what is touched.
    Trigger,
    /// The worst price accepted by an order that follows the market.
    Cap,
    /// The price that a pegged order begins with.
    StartingPrice,
    /// The price at which a stop turns into another.
    AdjustmentTrigger,
    /// The stop that it turns into.
    AdjustedStop,
    /// The limit that it turns into.
    AdjustedLimit,
    /// The price of a leg of a combo, counted from 1.
    LegPrice(usize),
    /// How far a trailing order stays behind the market.
    Trail,
    /// How far beyond its stop a limit lies.
    LimitOffset,
    /// How far from what it follows an order stays.
    Offset,
    /// How much better than the best price an order competes.
    CompeteOffset,
    /// How far beyond its limit it trades at its discretion.
    Discretion,
    /// How far apart the components of a scale are.
    ScaleIncrement,
    /// How far from its fill a component is closed again.
    ProfitOffset,
    /// By how much a scale drifts.
    ScaleDrift,
    /// How far behind the market the stop that it turns into stays.
    AdjustedTrail,
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::Limit => "limit",
            Self::Stop => "stop",
            Self::Trigger => "trigger",
            Self::Cap => "price cap",
            Self::StartingPrice => "starting price",
            Self::AdjustmentTrigger => "trigger of the adjustment",
            Self::AdjustedStop => "adjusted stop",
            Self::AdjustedLimit => "adjusted limit",
            Self::LegPrice(leg) => return write!(f, "price of leg {leg}"),
            Self::Trail => "trail",
            Self::LimitOffset => "limit offset",
            Self::Offset => "offset",
            Self::CompeteOffset => "compete offset",
            Self::Discretion => "discretionary amount",
            Self::ScaleIncrement => "scale increment",
            Self::ProfitOffset => "profit offset",
            Self::ScaleDrift => "scale drift",
            Self::AdjustedTrail => "adjusted trail",
        };
        f.write_str(name)
    }
}

/// Every price of the contract itself that the order names; not those of legs and of other instruments.
pub(super) fn prices(intent: &OrderIntent) -> Vec<(Field, Price)> {
    let kind = intent.kind();
    let mut named = Vec::with_capacity(2);
    if let Some(price) = kind.trigger_price() {
        named.push((trigger_field(kind), price));
    }
    if let Some(price) = kind.limit_price().or(trailing_limit(kind)) {
        named.push((limit_field(kind), price));
    }
    let starting = match kind {
        OrderKind::PegStock(peg) => peg.starting_price,
        OrderKind::PegBenchmark(benchmark) => benchmark.starting_price,
        _ => None,
    };
    named.extend(starting.map(|price| (Field::StartingPrice, price)));
    if let Some(adjustment) = intent.said().and_then(|said| said.adjustment.as_ref()) {
        named.push((Field::AdjustmentTrigger, adjustment.trigger));
        let (stop, limit) = match adjustment.into {
            AdjustedStop::Stop { stop } | AdjustedStop::Trail { stop, .. } => (stop, None),
            AdjustedStop::StopLimit { stop, limit } | AdjustedStop::TrailLimit { stop, limit, .. } => {
                (stop, Some(limit))
            }
        };
        named.push((Field::AdjustedStop, stop));
        named.extend(limit.map(|limit| (Field::AdjustedLimit, limit)));
    }
    named
}

const fn trigger_field(kind: &OrderKind) -> Field {
    match kind {
        OrderKind::MarketIfTouched { .. }
        | OrderKind::LimitIfTouched { .. }
        | OrderKind::TrailMarketIfTouched { .. }
        | OrderKind::TrailLimitIfTouched { .. } => Field::Trigger,
        _ => Field::Stop,
    }
}

const fn limit_field(kind: &OrderKind) -> Field {
    match kind {
        OrderKind::Relative { .. }
        | OrderKind::PassiveRelative { .. }
        | OrderKind::PegMarket { .. }
        | OrderKind::PegPrimary { .. }
        | OrderKind::MidPrice { .. } => Field::Cap,
        _ => Field::Limit,
    }
}

/// The limit that moves with a stop, where it is named as a price.
fn trailing_limit(kind: &OrderKind) -> Option<Price> {
    match kind.trailing_limit()? {
        TrailingLimit::At(limit) => Some(limit),
        TrailingLimit::Offset(_) => None,
    }
}

/// Every distance between prices of the contract that the order names. Distances from a midpoint are not among them: they
/// may be finer than any step.
pub(super) fn distances(intent: &OrderIntent) -> Vec<(Field, Decimal)> {
    let kind = intent.kind();
    let mut named = Vec::new();
    if let Some(TrailBy::Amount(amount)) = kind.trail() {
        named.push((Field::Trail, amount));
    }
    named.extend(own_distance(kind));
    let Some(said) = intent.said() else { return named };
    named.extend(said.handling.discretionary_amount.map(|amount| (Field::Discretion, amount)));
    if let Some(scale) = &said.scale {
        named.extend(scale.increment.map(|increment| (Field::ScaleIncrement, increment)));
        named.extend(scale.profit_offset.map(|offset| (Field::ProfitOffset, offset)));
        named.extend(scale.drift.map(|drift| (Field::ScaleDrift, drift.amount)));
    }
    let into = said.adjustment.map(|adjustment| adjustment.into);
    if let Some(AdjustedStop::Trail { by, .. } | AdjustedStop::TrailLimit { by, .. }) = into
        && let TrailBy::Amount(amount) = by
    {
        named.push((Field::AdjustedTrail, amount));
    }
    named
}

/// The distance that belongs to the kind itself, beside a trail.
const fn own_distance(kind: &OrderKind) -> Option<(Field, Decimal)> {
    match *kind {
        OrderKind::TrailLimit { limit_offset: offset, .. }
        | OrderKind::TrailLimitIfTouched { limit: TrailingLimit::Offset(offset), .. }
        | OrderKind::TrailLimitPlusMarket { limit: TrailingLimit::Offset(offset), .. } => {
            Some((Field::LimitOffset, offset))
        }
        OrderKind::Relative { offset: Some(OffsetBy::Amount(offset)), .. }
        | OrderKind::PassiveRelative { offset: Some(offset), .. }
        | OrderKind::PegMarket { offset: Some(offset), .. }
        | OrderKind::PegPrimary { offset: Some(offset), .. }
        | OrderKind::SnapMarket { offset: Some(offset) }
        | OrderKind::SnapPrimary { offset: Some(offset) }
        | OrderKind::RelativePlusLimit { offset: Some(offset), .. }
        | OrderKind::RelativePlusMarket { offset: Some(offset) } => Some((Field::Offset, offset)),
        _ => None,
    }
}

/// How much better than the best price the order competes, if it says so.
pub(super) const fn compete_offset(kind: &OrderKind) -> Option<Decimal> {
    match *kind {
        OrderKind::PegBest { compete: Compete::Offset(offset), .. } => Some(offset),
        _ => None,
    }
}

/// Does it name distances from the midpoint by the width of the spread?
pub(super) const fn has_mid_offsets(kind: &OrderKind) -> bool {
    matches!(
        kind,
        OrderKind::PegMid { by: MidPeg::BySpread(_), .. }
            | OrderKind::PegBest { compete: Compete::UpToMidpoint(_), .. }
    )
}
