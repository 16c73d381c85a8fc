//! Kinds: the order type, its prices, and the time in force that belongs to it.

use super::field::{
    Read, contract, contract_out, flag, float, needed, nonzero, number, own_price, price, refused, said,
    venue,
};
use crate::wire::proto::Order;
use tradeport_kernel::{Decimal, Price};
use tradeport_orders::{
    Benchmark, Compete, MidOffsets, MidPeg, OffsetBy, OrderKind, PegDirection, ReferencePrice, StockPeg,
    StockRange, TrailBy, TrailingLimit, Volatility, VolatilityBasis, VolatilityPeg, VolatilityTerms,
};

/// The types of orders pegged to a volatility.
const VOLATILITY_PEGS: [(&str, VolatilityPeg); 4] = [
    ("PPV", VolatilityPeg::Primary),
    ("PDV", VolatilityPeg::Midpoint),
    ("PMV", VolatilityPeg::Market),
    ("PSV", VolatilityPeg::Surface),
];

/// The kind of an order; `per_leg` when the legs of its combo have prices of their own.
pub(super) fn kind_in(order: &Order, per_leg: bool) -> Read<OrderKind> {
    let name = said(order.order_type.as_ref()).unwrap_or_default();
    if said(order.tif.as_ref()) == Some("OPG") {
        return match name {
            "MKT" | "MOO" => Ok(OrderKind::MarketOnOpen),
            "LMT" | "LOO" => Ok(OrderKind::LimitOnOpen { limit: limit(order)? }),
            _ => Err(refused("tif", "OPG", format!("it is for MKT and LMT orders, not for {name}"))),
        };
    }
    if let Some(kind) = simple(order, name, per_leg)? {
        return Ok(kind);
    }
    if let Some(kind) = trailing(order, name)? {
        return Ok(kind);
    }
    pegged(order, name)?.ok_or_else(|| refused("orderType", name, "no order type that is known"))
}

fn simple(order: &Order, name: &str, per_leg: bool) -> Read<Option<OrderKind>> {
    let cap = || own_price("lmtPrice", order.lmt_price);
    Ok(Some(match name {
        "MKT" => OrderKind::Market,
        "MKT PRT" => OrderKind::MarketProtected,
        "MTL" => OrderKind::MarketToLimit { limit: cap()? },
        "LMT" if per_leg => OrderKind::LimitPerLeg,
        "LMT" => OrderKind::Limit { limit: limit(order)? },
        "STP" => OrderKind::Stop { stop: aux_price(order)? },
        "STP PRT" => OrderKind::StopProtected { stop: aux_price(order)? },
        "STP LMT" => OrderKind::StopLimit { stop: aux_price(order)?, limit: limit(order)? },
        "MOC" => OrderKind::MarketOnClose,
        "LOC" => OrderKind::LimitOnClose { limit: limit(order)? },
        "MIT" => OrderKind::MarketIfTouched { trigger: aux_price(order)? },
        "LIT" => OrderKind::LimitIfTouched { trigger: aux_price(order)?, limit: limit(order)? },
        "MIDPRICE" => OrderKind::MidPrice { cap: cap()? },
        "BOX TOP" => OrderKind::BoxTop,
        "VWAP" => OrderKind::Vwap,
        "QUOTE" => OrderKind::Quote,
        "LMT + MKT" => OrderKind::LimitPlusMarket { limit: limit(order)? },
        "REL + LMT" => OrderKind::RelativePlusLimit { offset: aux(order)?, limit: limit(order)? },
        "REL + MKT" => OrderKind::RelativePlusMarket { offset: aux(order)? },
        "SNAP MID" => OrderKind::SnapMid { offset: aux(order)? },
        "SNAP MKT" => OrderKind::SnapMarket { offset: aux(order)? },
        "SNAP PRIM" => OrderKind::SnapPrimary { offset: aux(order)? },
        _ => return Ok(None),
    }))
}

fn trailing(order: &Order, name: &str) -> Read<Option<OrderKind>> {
    if !name.starts_with("TRAIL") {
        return Ok(None);
    }
    let by = trail_by(order)?;
    let stop = price("trailStopPrice", order.trail_stop_price)?;
    Ok(Some(match name {
        "TRAIL" => OrderKind::Trail { by, stop },
        "TRAIL LIMIT" => match trailing_limit(order)? {
            TrailingLimit::Offset(limit_offset) => OrderKind::TrailLimit { by, stop, limit_offset },
            TrailingLimit::At(limit) => OrderKind::TrailLimitFrom { by, stop, limit },
        },
        "TRAIL MIT" => OrderKind::TrailMarketIfTouched { by, trigger: stop },
        "TRAIL LIT" => OrderKind::TrailLimitIfTouched { by, trigger: stop, limit: trailing_limit(order)? },
        "TRAIL LMT + MKT" => OrderKind::TrailLimitPlusMarket { by, stop, limit: trailing_limit(order)? },
        "TRAIL REL + MKT" => OrderKind::TrailRelativePlusMarket { by, stop },
        _ => return Ok(None),
    }))
}

fn pegged(order: &Order, name: &str) -> Read<Option<OrderKind>> {
    if let Some((_, to)) = VOLATILITY_PEGS.iter().find(|(known, _)| *known == name) {
        let terms = volatility_terms(order)?;
        return Ok(Some(OrderKind::PegVolatility { to: *to, offset: aux(order)?, terms }));
    }
    let cap = || own_price("lmtPrice", order.lmt_price);
    Ok(Some(match name {
        "REL" => OrderKind::Relative { offset: relative_offset(order)?, cap: cap()? },
        "PASSV REL" => OrderKind::PassiveRelative { offset: aux(order)?, cap: cap()? },
        "PEG MKT" => OrderKind::PegMarket { offset: aux(order)?, cap: cap()? },
        "PEG PRIM" => {
            let discretionary = order.discretionary_up_to_limit_price.unwrap_or_default();
            OrderKind::PegPrimary { offset: aux(order)?, cap: cap()?, discretionary }
        }
        "PEG MID" => OrderKind::PegMid { limit: cap()?, by: mid_peg(order)? },
        "PEG BEST" => OrderKind::PegBest { limit: cap()?, compete: compete(order)? },
        "PEG STK" => OrderKind::PegStock(stock_peg(order)?),
        "PEG BENCH" => OrderKind::PegBenchmark(benchmark(order)?),
        "FIX PEGGED" => OrderKind::FixPegged { offset: aux(order)?, limit: cap()? },
        "VOL" => {
            let percent = needed("volatility", number("volatility", order.volatility)?)?;
            OrderKind::Volatility(Volatility { percent, terms: volatility_terms(order)? })
        }
        _ => return Ok(None),
    }))
}

fn limit(order: &Order) -> Read<Price> {
    needed("lmtPrice", price("lmtPrice", order.lmt_price)?)
}

fn aux(order: &Order) -> Read<Option<Decimal>> {
    number("auxPrice", order.aux_price)
}

fn aux_price(order: &Order) -> Read<Price> {
    needed("auxPrice", price("auxPrice", order.aux_price)?)
}

fn trail_by(order: &Order) -> Read<TrailBy> {
    let percent = nonzero("trailingPercent", order.trailing_percent)?;
    match (nonzero("auxPrice", order.aux_price)?, percent) {
        (Some(amount), None) => Ok(TrailBy::Amount(amount)),
        (None, Some(percent)) => Ok(TrailBy::Percent(percent)),
        (Some(_), Some(percent)) => {
            Err(refused("trailingPercent", percent, "the trail is given by an amount too"))
        }
        (None, None) => {
            Err(refused("auxPrice", "not set", "a trailing order needs an amount or a percentage"))
        }
    }
}

fn trailing_limit(order: &Order) -> Read<TrailingLimit> {
    let offset = number("lmtPriceOffset", order.lmt_price_offset)?;
    match (offset, own_price("lmtPrice", order.lmt_price)?) {
        (Some(offset), None) => Ok(TrailingLimit::Offset(offset)),
        (None, Some(price)) => Ok(TrailingLimit::At(price)),
        (Some(offset), Some(_)) => {
            Err(refused("lmtPriceOffset", offset, "the limit is given as a price too"))
        }
        (None, None) => Err(refused("lmtPriceOffset", "not set", "it needs an offset or a limit price")),
    }
}

fn relative_offset(order: &Order) -> Read<Option<OffsetBy>> {
    let fraction = number("percentOffset", order.percent_offset)?;
    match (aux(order)?, fraction) {
        (None, None) => Ok(None),
        (Some(amount), None) => Ok(Some(OffsetBy::Amount(amount))),
        (Some(amount), Some(fraction)) if fraction.is_zero() => Ok(Some(OffsetBy::Amount(amount))),
        (Some(amount), Some(fraction)) if amount.is_zero() => Ok(Some(OffsetBy::Fraction(fraction))),
        (None, Some(fraction)) => Ok(Some(OffsetBy::Fraction(fraction))),
        (Some(_), Some(fraction)) => {
            Err(refused("percentOffset", fraction, "the offset is given as an amount too"))
        }
    }
}

fn mid_offsets(order: &Order) -> Read<Option<MidOffsets>> {
    let whole = number("midOffsetAtWhole", order.mid_offset_at_whole)?;
    match (whole, number("midOffsetAtHalf", order.mid_offset_at_half)?) {
        (None, None) => Ok(None),
        (Some(at_whole), Some(at_half)) => Ok(Some(MidOffsets { at_whole, at_half })),
        _ => Err(refused("midOffsetAtHalf", "alone", "the two offsets from the midpoint come together")),
    }
}

fn mid_peg(order: &Order) -> Read<MidPeg> {
    match (aux(order)?, mid_offsets(order)?) {
        (None, None) => Ok(MidPeg::At),
        (Some(offset), None) => Ok(MidPeg::Offset(offset)),
        (None, Some(offsets)) => Ok(MidPeg::BySpread(offsets)),
        (Some(offset), Some(offsets)) if offset.is_zero() => Ok(MidPeg::BySpread(offsets)),
        (Some(offset), Some(_)) => Err(refused("auxPrice", offset, "the offset is given by the spread too")),
    }
}

fn compete(order: &Order) -> Read<Compete> {
    let field = "competeAgainstBestOffset";
    let given = order.compete_against_best_offset;
    let up_to_mid = given.is_some_and(|offset| offset.is_infinite() && offset > 0.0);
    match (up_to_mid, mid_offsets(order)?) {
        (true, Some(offsets)) => Ok(Compete::UpToMidpoint(offsets)),
        (true, None) => Err(refused(field, "infinity", "up to the midpoint needs the offsets from it")),
        (false, Some(_)) => Err(refused("midOffsetAtWhole", "set", "it is for competing up to the midpoint")),
        (false, None) => Ok(number(field, given)?.map_or(Compete::Default, Compete::Offset)),
    }
}

fn range(order: &Order) -> Read<StockRange> {
    Ok(StockRange {
        lower: own_price("stockRangeLower", order.stock_range_lower)?,
        upper: own_price("stockRangeUpper", order.stock_range_upper)?,
    })
}

fn stock_peg(order: &Order) -> Read<StockPeg> {
    Ok(StockPeg {
        delta: needed("delta", number("delta", order.delta)?)?,
        starting_price: own_price("startingPrice", order.starting_price)?,
        reference_price: own_price("stockRefPrice", order.stock_ref_price)?,
        range: range(order)?,
    })
}

fn benchmark(order: &Order) -> Read<Benchmark> {
    let step = |field, value| needed(field, number(field, value)?);
    let opposite = order.is_pegged_change_amount_decrease.unwrap_or_default();
    let watched = contract("referenceContractId", order.reference_contract_id)?;
    Ok(Benchmark {
        contract: needed("referenceContractId", watched)?,
        venue: venue("referenceExchangeId", order.reference_exchange_id.as_ref())?,
        direction: if opposite { PegDirection::Opposite } else { PegDirection::Same },
        step: step("peggedChangeAmount", order.pegged_change_amount)?,
        benchmark_step: step("referenceChangeAmount", order.reference_change_amount)?,
        starting_price: own_price("startingPrice", order.starting_price)?,
        reference_price: own_price("stockRefPrice", order.stock_ref_price)?,
        range: range(order)?,
    })
}

fn volatility_terms(order: &Order) -> Read<VolatilityTerms> {
    let basis = match order.volatility_type.unwrap_or_default() {
        0 | i32::MAX => None,
        1 => Some(VolatilityBasis::Daily),
        2 => Some(VolatilityBasis::Annual),
        other => return Err(refused("volatilityType", other, "neither daily (1) nor annual (2)")),
    };
    let reference = match order.reference_price_type.unwrap_or_default() {
        0 | i32::MAX => None,
        1 => Some(ReferencePrice::Midpoint),
        2 => Some(ReferencePrice::BySide),
        other => {
            return Err(refused("referencePriceType", other, "neither the average (1) nor the side (2)"));
        }
    };
    Ok(VolatilityTerms {
        basis,
        reference,
        continuous: order.continuous_update.unwrap_or_default(),
        stock_price: own_price("stockRefPrice", order.stock_ref_price)?,
        range: range(order)?,
    })
}

/// Sets the order type and everything that the kind says.
pub(super) fn kind_out(kind: &OrderKind, order: &mut Order) {
    order.order_type = Some(wire_name(kind).to_owned());
    order.lmt_price = price_out(kind.limit_price());
    match *kind {
        OrderKind::Stop { stop } | OrderKind::StopProtected { stop } | OrderKind::StopLimit { stop, .. } => {
            order.aux_price = price_out(Some(stop));
        }
        OrderKind::MarketIfTouched { trigger } | OrderKind::LimitIfTouched { trigger, .. } => {
            order.aux_price = price_out(Some(trigger));
        }
        OrderKind::Relative { offset: Some(OffsetBy::Fraction(fraction)), .. } => {
            order.percent_offset = Some(float(fraction));
        }
        OrderKind::Relative { offset: Some(OffsetBy::Amount(offset)), .. } => {
            order.aux_price = Some(float(offset));
        }
        OrderKind::PassiveRelative { offset, .. }
        | OrderKind::PegMarket { offset, .. }
        | OrderKind::FixPegged { offset, .. }
        | OrderKind::SnapMid { offset }
        | OrderKind::SnapMarket { offset }
        | OrderKind::SnapPrimary { offset }
        | OrderKind::RelativePlusLimit { offset, .. }
        | OrderKind::RelativePlusMarket { offset } => order.aux_price = offset.map(float),
        OrderKind::PegPrimary { offset, discretionary, .. } => {
            order.discretionary_up_to_limit_price = flag(discretionary);
            order.aux_price = offset.map(float);
        }
        OrderKind::PegMid { by: MidPeg::Offset(offset), .. } => order.aux_price = Some(float(offset)),
        OrderKind::PegMid { by: MidPeg::BySpread(offsets), .. } => offsets_out(order, offsets),
        OrderKind::PegBest { compete, .. } => compete_out(order, compete),
        OrderKind::PegStock(peg) => {
            order.delta = Some(float(peg.delta));
            starting_out(order, peg.starting_price, peg.reference_price, peg.range);
        }
        OrderKind::PegBenchmark(benchmark) => benchmark_out(order, &benchmark),
        OrderKind::Volatility(volatility) => {
            order.volatility = Some(float(volatility.percent));
            terms_out(order, &volatility.terms);
        }
        OrderKind::PegVolatility { offset, ref terms, .. } => {
            order.aux_price = offset.map(float);
            terms_out(order, terms);
        }
        _ => trail_out(order, kind),
    }
}

fn wire_name(kind: &OrderKind) -> &'static str {
    match kind {
        OrderKind::MarketOnOpen => "MKT",
        OrderKind::LimitOnOpen { .. } => "LMT",
        OrderKind::PegVolatility { to, .. } => {
            VOLATILITY_PEGS.iter().find(|(_, peg)| peg == to).map_or("PPV", |(name, _)| name)
        }
        other => other.name(),
    }
}

fn price_out(price: Option<Price>) -> Option<f64> {
    price.map(|price| float(price.as_decimal()))
}

fn trail_out(order: &mut Order, kind: &OrderKind) {
    match kind.trail() {
        None => return,
        Some(TrailBy::Amount(amount)) => order.aux_price = Some(float(amount)),
        Some(TrailBy::Percent(percent)) => order.trailing_percent = Some(float(percent)),
    }
    order.trail_stop_price = price_out(kind.trigger_price());
    let limit = match *kind {
        OrderKind::TrailLimit { limit_offset, .. } => TrailingLimit::Offset(limit_offset),
        OrderKind::TrailLimitFrom { limit, .. } => TrailingLimit::At(limit),
        OrderKind::TrailLimitIfTouched { limit, .. } | OrderKind::TrailLimitPlusMarket { limit, .. } => limit,
        _ => return,
    };
    match limit {
        TrailingLimit::Offset(offset) => order.lmt_price_offset = Some(float(offset)),
        TrailingLimit::At(price) => order.lmt_price = price_out(Some(price)),
    }
}

fn offsets_out(order: &mut Order, offsets: MidOffsets) {
    order.mid_offset_at_whole = Some(float(offsets.at_whole));
    order.mid_offset_at_half = Some(float(offsets.at_half));
}

fn compete_out(order: &mut Order, compete: Compete) {
    match compete {
        Compete::Default => {}
        Compete::Offset(offset) => order.compete_against_best_offset = Some(float(offset)),
        Compete::UpToMidpoint(offsets) => {
            order.compete_against_best_offset = Some(f64::INFINITY);
            offsets_out(order, offsets);
        }
    }
}

fn starting_out(order: &mut Order, start: Option<Price>, reference: Option<Price>, range: StockRange) {
    order.starting_price = price_out(start);
    order.stock_ref_price = price_out(reference);
    order.stock_range_lower = price_out(range.lower);
    order.stock_range_upper = price_out(range.upper);
}

fn benchmark_out(order: &mut Order, benchmark: &Benchmark) {
    order.reference_contract_id = contract_out(benchmark.contract);
    order.reference_exchange_id = Some(benchmark.venue.as_str().to_owned());
    order.is_pegged_change_amount_decrease = flag(benchmark.direction == PegDirection::Opposite);
    order.pegged_change_amount = Some(float(benchmark.step));
    order.reference_change_amount = Some(float(benchmark.benchmark_step));
    starting_out(order, benchmark.starting_price, benchmark.reference_price, benchmark.range);
}

fn terms_out(order: &mut Order, terms: &VolatilityTerms) {
    order.volatility_type = terms.basis.map(|basis| match basis {
        VolatilityBasis::Daily => 1,
        VolatilityBasis::Annual => 2,
    });
    order.reference_price_type = terms.reference.map(|reference| match reference {
        ReferencePrice::Midpoint => 1,
        ReferencePrice::BySide => 2,
    });
    order.continuous_update = flag(terms.continuous);
    starting_out(order, None, terms.stock_price, terms.range);
}
