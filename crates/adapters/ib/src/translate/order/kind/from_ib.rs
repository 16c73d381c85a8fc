//! From the library's fields to a kind, and whether a field says something that the kind has no use for.

use super::{VOLATILITY_PEGS, kind_to_ib};
use crate::translate::FromIbError;
use crate::translate::kind_names::sent_name;
use crate::translate::order::field::{contract_in, number_in, price_in, refused, venue_in};
use ibapi::orders::{Order, ReferencePriceType, TimeInForce, VolatilityType};
use tradeport_kernel::{Decimal, Price};
use tradeport_orders::{
    Benchmark, Compete, MidOffsets, MidPeg, OffsetBy, OrderKind, PegDirection, ReferencePrice, StockPeg,
    StockRange, TrailBy, TrailingLimit, Volatility, VolatilityBasis, VolatilityTerms,
};

type Read<T> = Result<T, FromIbError>;

/// The kind of an order, and nothing beside it.
pub(in crate::translate::order) fn kind_from_ib(order: &Order) -> Read<OrderKind> {
    let kind = read(order)?;
    nothing_else(order, &kind)?;
    Ok(kind)
}

fn read(order: &Order) -> Read<OrderKind> {
    let name = sent_name(&order.order_type);
    if order.tif == TimeInForce::OnOpen {
        return match name {
            "MKT" => Ok(OrderKind::MarketOnOpen),
            "LMT" => Ok(OrderKind::LimitOnOpen { limit: limit(order)? }),
            _ => Err(refused("tif", &order.tif, format!("OPG is for MKT and LMT orders, not for {name}"))),
        };
    }
    if let Some(kind) = simple(order, name)? {
        return Ok(kind);
    }
    if let Some(kind) = trailing(order, name)? {
        return Ok(kind);
    }
    if let Some(kind) = pegged(order, name)? {
        return Ok(kind);
    }
    Err(refused("orderType", name, "no order type that is known"))
}

fn simple(order: &Order, name: &str) -> Read<Option<OrderKind>> {
    Ok(Some(match name {
        "MKT" => OrderKind::Market,
        "MKT PRT" => OrderKind::MarketProtected,
        "MTL" => OrderKind::MarketToLimit { limit: own_price(limit_opt(order)?) },
        "LMT" if !order.order_combo_legs.is_empty() => OrderKind::LimitPerLeg,
        "LMT" => OrderKind::Limit { limit: limit(order)? },
        "STP" => OrderKind::Stop { stop: aux_price(order)? },
        "STP PRT" => OrderKind::StopProtected { stop: aux_price(order)? },
        "STP LMT" => OrderKind::StopLimit { stop: aux_price(order)?, limit: limit(order)? },
        "MOC" => OrderKind::MarketOnClose,
        "LOC" => OrderKind::LimitOnClose { limit: limit(order)? },
        "MIT" => OrderKind::MarketIfTouched { trigger: aux_price(order)? },
        "LIT" => OrderKind::LimitIfTouched { trigger: aux_price(order)?, limit: limit(order)? },
        "MIDPRICE" => OrderKind::MidPrice { cap: own_price(limit_opt(order)?) },
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
    let stop = price_in("trailStopPrice", order.trail_stop_price)?;
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
        return Ok(Some(OrderKind::PegVolatility {
            to: *to,
            offset: aux(order)?,
            terms: volatility_terms(order)?,
        }));
    }
    let cap = || limit_opt(order).map(own_price);
    Ok(Some(match name {
        "REL" => OrderKind::Relative { offset: relative_offset(order)?, cap: cap()? },
        "PASSV REL" => OrderKind::PassiveRelative { offset: aux(order)?, cap: cap()? },
        "PEG MKT" => OrderKind::PegMarket { offset: aux(order)?, cap: cap()? },
        "PEG PRIM" => {
            let discretionary = order.discretionary_up_to_limit_price;
            OrderKind::PegPrimary { offset: aux(order)?, cap: cap()?, discretionary }
        }
        "PEG MID" => OrderKind::PegMid { limit: cap()?, by: mid_peg(order)? },
        "PEG BEST" => OrderKind::PegBest { limit: cap()?, compete: compete(order)? },
        "PEG STK" => OrderKind::PegStock(stock_peg(order)?),
        "PEG BENCH" => OrderKind::PegBenchmark(benchmark(order)?),
        "FIX PEGGED" => OrderKind::FixPegged { offset: aux(order)?, limit: cap()? },
        "VOL" => {
            let percent = number_in("volatility", order.volatility)?;
            let percent =
                percent.ok_or_else(|| refused("volatility", order.volatility, "a VOL order needs it"))?;
            OrderKind::Volatility(Volatility { percent, terms: volatility_terms(order)? })
        }
        _ => return Ok(None),
    }))
}

/// The broker reports zero for a price that was not given.
fn own_price(price: Option<Price>) -> Option<Price> {
    price.filter(|price| !price.as_decimal().is_zero())
}

fn limit_opt(order: &Order) -> Read<Option<Price>> {
    price_in("lmtPrice", order.limit_price)
}

fn limit(order: &Order) -> Read<Price> {
    let missing = || refused("lmtPrice", order.limit_price, format!("{} orders need it", order.order_type));
    limit_opt(order)?.ok_or_else(missing)
}

fn aux(order: &Order) -> Read<Option<Decimal>> {
    number_in("auxPrice", order.aux_price)
}

fn aux_price(order: &Order) -> Read<Price> {
    let missing = || refused("auxPrice", order.aux_price, format!("{} orders need it", order.order_type));
    price_in("auxPrice", order.aux_price)?.ok_or_else(missing)
}

fn trail_by(order: &Order) -> Read<TrailBy> {
    let percent = number_in("trailingPercent", order.trailing_percent)?.filter(|percent| !percent.is_zero());
    match (aux(order)?.filter(|amount| !amount.is_zero()), percent) {
        (Some(amount), None) => Ok(TrailBy::Amount(amount)),
        (None, Some(percent)) => Ok(TrailBy::Percent(percent)),
        (Some(_), Some(_)) => {
            Err(refused("trailingPercent", order.trailing_percent, "the trail is given by an amount too"))
        }
        (None, None) => {
            Err(refused("auxPrice", order.aux_price, "a trailing order needs an amount or a percentage"))
        }
    }
}

fn trailing_limit(order: &Order) -> Read<TrailingLimit> {
    match (number_in("lmtPriceOffset", order.limit_price_offset)?, own_price(limit_opt(order)?)) {
        (Some(offset), None) => Ok(TrailingLimit::Offset(offset)),
        (None, Some(price)) => Ok(TrailingLimit::At(price)),
        (Some(_), Some(_)) => {
            Err(refused("lmtPriceOffset", order.limit_price_offset, "the limit is given as a price too"))
        }
        (None, None) => {
            Err(refused("lmtPriceOffset", order.limit_price_offset, "it needs an offset or a limit price"))
        }
    }
}

fn relative_offset(order: &Order) -> Read<Option<OffsetBy>> {
    match (aux(order)?, number_in("percentOffset", order.percent_offset)?) {
        (None, None) => Ok(None),
        (Some(amount), None) => Ok(Some(OffsetBy::Amount(amount))),
        (None, Some(fraction)) => Ok(Some(OffsetBy::Fraction(fraction))),
        (Some(_), Some(_)) => {
            Err(refused("percentOffset", order.percent_offset, "the offset is given as an amount too"))
        }
    }
}

fn mid_offsets(order: &Order) -> Read<Option<MidOffsets>> {
    let whole = number_in("midOffsetAtWhole", order.mid_offset_at_whole)?;
    let half = number_in("midOffsetAtHalf", order.mid_offset_at_half)?;
    match (whole, half) {
        (None, None) => Ok(None),
        (Some(at_whole), Some(at_half)) => Ok(Some(MidOffsets { at_whole, at_half })),
        _ => Err(refused(
            "midOffsetAtHalf",
            order.mid_offset_at_half,
            "the two offsets from the midpoint come together",
        )),
    }
}

fn mid_peg(order: &Order) -> Read<MidPeg> {
    match (aux(order)?, mid_offsets(order)?) {
        (None, None) => Ok(MidPeg::At),
        (Some(offset), None) => Ok(MidPeg::Offset(offset)),
        (None, Some(offsets)) => Ok(MidPeg::BySpread(offsets)),
        (Some(_), Some(_)) => {
            Err(refused("auxPrice", order.aux_price, "the offset is given by the spread too"))
        }
    }
}

fn compete(order: &Order) -> Read<Compete> {
    let up_to_mid =
        order.compete_against_best_offset.is_some_and(|offset| offset.is_infinite() && offset > 0.0);
    match (up_to_mid, mid_offsets(order)?) {
        (true, Some(offsets)) => Ok(Compete::UpToMidpoint(offsets)),
        (true, None) => {
            let field = "competeAgainstBestOffset";
            Err(refused(
                field,
                order.compete_against_best_offset,
                "up to the midpoint needs the offsets from it",
            ))
        }
        (false, Some(_)) => Err(refused(
            "midOffsetAtWhole",
            order.mid_offset_at_whole,
            "it is for competing up to the midpoint",
        )),
        (false, None) => {
            let offset = number_in("competeAgainstBestOffset", order.compete_against_best_offset)?;
            Ok(offset.map_or(Compete::Default, Compete::Offset))
        }
    }
}

fn range(order: &Order) -> Read<StockRange> {
    Ok(StockRange {
        lower: own_price(price_in("stockRangeLower", order.stock_range_lower)?),
        upper: own_price(price_in("stockRangeUpper", order.stock_range_upper)?),
    })
}

fn stock_peg(order: &Order) -> Read<StockPeg> {
    let delta = number_in("delta", order.delta)?;
    Ok(StockPeg {
        delta: delta.ok_or_else(|| refused("delta", order.delta, "PEG STK orders need it"))?,
        starting_price: own_price(price_in("startingPrice", order.starting_price)?),
        reference_price: own_price(price_in("stockRefPrice", order.stock_ref_price)?),
        range: range(order)?,
    })
}

fn benchmark(order: &Order) -> Read<Benchmark> {
    let step = |field, value| {
        number_in(field, value)?.ok_or_else(|| refused(field, value, "PEG BENCH orders need it"))
    };
    let opposite = order.is_pegged_change_amount_decrease;
    Ok(Benchmark {
        contract: contract_in("referenceContractId", order.reference_contract_id)?,
        venue: venue_in("referenceExchangeId", &order.reference_exchange)?,
        direction: if opposite { PegDirection::Opposite } else { PegDirection::Same },
        step: step("peggedChangeAmount", order.pegged_change_amount)?,
        benchmark_step: step("referenceChangeAmount", order.reference_change_amount)?,
        starting_price: own_price(price_in("startingPrice", order.starting_price)?),
        reference_price: own_price(price_in("stockRefPrice", order.stock_ref_price)?),
        range: range(order)?,
    })
}

fn volatility_terms(order: &Order) -> Read<VolatilityTerms> {
    let basis = match order.volatility_type {
        None | Some(VolatilityType::Unknown(0 | i32::MAX)) => None,
        Some(VolatilityType::Daily) => Some(VolatilityBasis::Daily),
        Some(VolatilityType::Annual) => Some(VolatilityBasis::Annual),
        Some(other) => return Err(refused("volatilityType", other, "neither daily (1) nor annual (2)")),
    };
    let reference = match order.reference_price_type {
        None | Some(ReferencePriceType::Unknown(0 | i32::MAX)) => None,
        Some(ReferencePriceType::AverageOfNBBO) => Some(ReferencePrice::Midpoint),
        Some(ReferencePriceType::NBBO) => Some(ReferencePrice::BySide),
        Some(other) => {
            return Err(refused("referencePriceType", other, "neither the average (1) nor the side (2)"));
        }
    };
    Ok(VolatilityTerms {
        basis,
        reference,
        continuous: order.continuous_update,
        stock_price: own_price(price_in("stockRefPrice", order.stock_ref_price)?),
        range: range(order)?,
    })
}

/// A price or flag that the kind has no use for means that the order is not what its type says. The broker reports a
/// stop for orders that do not trail, and zero for prices that were not given: those say nothing.
fn nothing_else(order: &Order, kind: &OrderKind) -> Read<()> {
    let mut own = Order::default();
    kind_to_ib(kind, &mut own).map_err(|error| refused("orderType", &order.order_type, error))?;
    let prices = [
        ("lmtPrice", order.limit_price, own.limit_price),
        ("auxPrice", order.aux_price, own.aux_price),
        ("trailingPercent", order.trailing_percent, own.trailing_percent),
        ("lmtPriceOffset", order.limit_price_offset, own.limit_price_offset),
        ("percentOffset", order.percent_offset, own.percent_offset),
        ("startingPrice", order.starting_price, own.starting_price),
        ("stockRefPrice", order.stock_ref_price, own.stock_ref_price),
        ("delta", order.delta, own.delta),
        ("stockRangeLower", order.stock_range_lower, own.stock_range_lower),
        ("stockRangeUpper", order.stock_range_upper, own.stock_range_upper),
        ("volatility", order.volatility, own.volatility),
        ("peggedChangeAmount", order.pegged_change_amount, own.pegged_change_amount),
        ("referenceChangeAmount", order.reference_change_amount, own.reference_change_amount),
        ("competeAgainstBestOffset", order.compete_against_best_offset, own.compete_against_best_offset),
        ("midOffsetAtWhole", order.mid_offset_at_whole, own.mid_offset_at_whole),
        ("midOffsetAtHalf", order.mid_offset_at_half, own.mid_offset_at_half),
    ];
    let said = |field, number| Ok(number_in(field, number)?.is_some_and(|number| !number.is_zero()));
    for (field, given, used) in prices {
        let up_to_midpoint = used.is_some_and(f64::is_infinite);
        if !up_to_midpoint && said(field, given)? && !said(field, used)? {
            return Err(refused(field, given, format!("{} orders have none", order.order_type)));
        }
    }
    let flags = [
        ("continuousUpdate", order.continuous_update && !own.continuous_update),
        (
            "discretionaryUpToLimitPrice",
            order.discretionary_up_to_limit_price && !own.discretionary_up_to_limit_price,
        ),
        ("referenceContractId", order.reference_contract_id != 0 && own.reference_contract_id == 0),
    ];
    match flags.into_iter().find(|(_, beside)| *beside) {
        Some((field, _)) => Err(refused(field, true, format!("{} orders have none", order.order_type))),
        None => Ok(()),
    }
}
