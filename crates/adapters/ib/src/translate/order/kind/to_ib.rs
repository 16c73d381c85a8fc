//! From a kind to the library's fields.

use super::VOLATILITY_PEGS;
use crate::translate::ToIbError;
use crate::translate::order::field::{contract_out, number_out, number_out_opt, price_out};
use ibapi::orders::{Order, ReferencePriceType, VolatilityType};
use tradeport_kernel::{Decimal, Price};
use tradeport_orders::{
    Benchmark, Compete, MidOffsets, MidPeg, OffsetBy, OrderKind, PegDirection, ReferencePrice, StockPeg,
    StockRange, TrailBy, TrailingLimit, VolatilityBasis, VolatilityTerms,
};

type Sent = Result<(), ToIbError>;

/// Sets the order type and everything that the kind says.
pub(in crate::translate::order) fn kind_to_ib(kind: &OrderKind, order: &mut Order) -> Sent {
    wire_name(kind).clone_into(&mut order.order_type);
    order.limit_price = price_out("limit price", kind.limit_price())?;
    match *kind {
        OrderKind::Stop { stop } | OrderKind::StopProtected { stop } | OrderKind::StopLimit { stop, .. } => {
            aux(order, stop.as_decimal())
        }
        OrderKind::MarketIfTouched { trigger } | OrderKind::LimitIfTouched { trigger, .. } => {
            aux(order, trigger.as_decimal())
        }
        OrderKind::Relative { offset: Some(OffsetBy::Fraction(fraction)), .. } => {
            order.percent_offset = Some(number_out("offset", fraction)?);
            Ok(())
        }
        OrderKind::Relative { offset: Some(OffsetBy::Amount(offset)), .. } => aux(order, offset),
        OrderKind::PassiveRelative { offset, .. }
        | OrderKind::PegMarket { offset, .. }
        | OrderKind::FixPegged { offset, .. }
        | OrderKind::SnapMid { offset }
        | OrderKind::SnapMarket { offset }
        | OrderKind::SnapPrimary { offset }
        | OrderKind::RelativePlusLimit { offset, .. }
        | OrderKind::RelativePlusMarket { offset } => aux_opt(order, offset),
        OrderKind::PegPrimary { offset, discretionary, .. } => {
            order.discretionary_up_to_limit_price = discretionary;
            aux_opt(order, offset)
        }
        OrderKind::PegMid { by, .. } => mid_peg(order, by),
        OrderKind::PegBest { compete, .. } => compete_to_ib(order, compete),
        OrderKind::PegStock(peg) => stock_peg(order, &peg),
        OrderKind::PegBenchmark(benchmark) => benchmark_to_ib(order, &benchmark),
        OrderKind::Volatility(volatility) => {
            order.volatility = Some(number_out("volatility", volatility.percent)?);
            volatility_terms(order, &volatility.terms)
        }
        OrderKind::PegVolatility { offset, ref terms, .. } => {
            aux_opt(order, offset)?;
            volatility_terms(order, terms)
        }
        _ => trailing(order, kind),
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

fn aux(order: &mut Order, number: Decimal) -> Sent {
    aux_opt(order, Some(number))
}

fn aux_opt(order: &mut Order, number: Option<Decimal>) -> Sent {
    order.aux_price = number_out_opt("auxiliary price", number)?;
    Ok(())
}

fn trailing(order: &mut Order, kind: &OrderKind) -> Sent {
    let Some(by) = kind.trail() else { return Ok(()) };
    match by {
        TrailBy::Amount(amount) => aux(order, amount)?,
        TrailBy::Percent(percent) => order.trailing_percent = Some(number_out("trail", percent)?),
    }
    order.trail_stop_price = price_out("stop", kind.trigger_price())?;
    match *kind {
        OrderKind::TrailLimit { limit_offset, .. } => limit_at(order, TrailingLimit::Offset(limit_offset)),
        OrderKind::TrailLimitFrom { limit, .. } => limit_at(order, TrailingLimit::At(limit)),
        OrderKind::TrailLimitIfTouched { limit, .. } | OrderKind::TrailLimitPlusMarket { limit, .. } => {
            limit_at(order, limit)
        }
        _ => Ok(()),
    }
}

fn limit_at(order: &mut Order, limit: TrailingLimit) -> Sent {
    match limit {
        TrailingLimit::Offset(offset) => order.limit_price_offset = Some(number_out("limit offset", offset)?),
        TrailingLimit::At(price) => order.limit_price = Some(number_out("limit price", price.as_decimal())?),
    }
    Ok(())
}

fn mid_peg(order: &mut Order, by: MidPeg) -> Sent {
    match by {
        MidPeg::At => Ok(()),
        MidPeg::Offset(offset) => aux(order, offset),
        MidPeg::BySpread(offsets) => mid_offsets(order, offsets),
    }
}

fn mid_offsets(order: &mut Order, offsets: MidOffsets) -> Sent {
    order.mid_offset_at_whole = Some(number_out("offset at a whole cent", offsets.at_whole)?);
    order.mid_offset_at_half = Some(number_out("offset at half a cent", offsets.at_half)?);
    Ok(())
}

fn compete_to_ib(order: &mut Order, compete: Compete) -> Sent {
    match compete {
        Compete::Default => Ok(()),
        Compete::Offset(offset) => {
            order.compete_against_best_offset = Some(number_out("offset", offset)?);
            Ok(())
        }
        Compete::UpToMidpoint(offsets) => {
            order.compete_against_best_offset = Some(f64::INFINITY);
            mid_offsets(order, offsets)
        }
    }
}

fn range(order: &mut Order, range: StockRange) -> Sent {
    order.stock_range_lower = price_out("lower end of the range", range.lower)?;
    order.stock_range_upper = price_out("upper end of the range", range.upper)?;
    Ok(())
}

fn stock_peg(order: &mut Order, peg: &StockPeg) -> Sent {
    order.delta = Some(number_out("delta", peg.delta)?);
    starting(order, peg.starting_price, peg.reference_price)?;
    range(order, peg.range)
}

fn starting(order: &mut Order, price: Option<Price>, reference: Option<Price>) -> Sent {
    order.starting_price = price_out("starting price", price)?;
    order.stock_ref_price = price_out("reference price", reference)?;
    Ok(())
}

fn benchmark_to_ib(order: &mut Order, benchmark: &Benchmark) -> Sent {
    order.reference_contract_id = contract_out("benchmark", benchmark.contract)?;
    benchmark.venue.as_str().clone_into(&mut order.reference_exchange);
    order.is_pegged_change_amount_decrease = benchmark.direction == PegDirection::Opposite;
    order.pegged_change_amount = Some(number_out("step", benchmark.step)?);
    order.reference_change_amount = Some(number_out("benchmark step", benchmark.benchmark_step)?);
    starting(order, benchmark.starting_price, benchmark.reference_price)?;
    range(order, benchmark.range)
}

fn volatility_terms(order: &mut Order, terms: &VolatilityTerms) -> Sent {
    order.volatility_type = terms.basis.map(|basis| match basis {
        VolatilityBasis::Daily => VolatilityType::Daily,
        VolatilityBasis::Annual => VolatilityType::Annual,
    });
    order.reference_price_type = terms.reference.map(|reference| match reference {
        ReferencePrice::Midpoint => ReferencePriceType::AverageOfNBBO,
        ReferencePrice::BySide => ReferencePriceType::NBBO,
    });
    order.continuous_update = terms.continuous;
    order.stock_ref_price = price_out("stock price", terms.stock_price)?;
    range(order, terms.range)
}
