//! Whether the prices of a kind can mean anything.

use super::{Benchmark, Compete, MidOffsets, MidPeg, OffsetBy, OrderKind, StockPeg, StockRange, TrailBy};
use super::{TrailingLimit, VolatilityTerms};
use crate::NotAnIntent;
use tradeport_kernel::Decimal;

/// A whole cent, and half of one.
const CENT: Decimal = Decimal::from_parts(1, 0, 0, false, 2);
const HALF_CENT: Decimal = Decimal::from_parts(5, 0, 0, false, 3);

type Checked = Result<(), NotAnIntent>;

pub(crate) fn check_kind(kind: &OrderKind) -> Checked {
    if let Some(by) = kind.trail() {
        trail(by)?;
    }
    match *kind {
        OrderKind::TrailLimit { limit_offset, .. } => limit_offset_fits(limit_offset),
        OrderKind::TrailLimitIfTouched { limit: TrailingLimit::Offset(offset), .. }
        | OrderKind::TrailLimitPlusMarket { limit: TrailingLimit::Offset(offset), .. } => {
            limit_offset_fits(offset)
        }
        OrderKind::Relative { offset: Some(OffsetBy::Amount(offset)), .. } => distance(kind, offset),
        OrderKind::Relative { offset: Some(OffsetBy::Fraction(fraction)), .. } => {
            refuse_if(fraction < Decimal::ZERO || fraction > Decimal::ONE, || NotAnIntent::Fraction(fraction))
        }
        OrderKind::PassiveRelative { offset: Some(offset), .. }
        | OrderKind::RelativePlusLimit { offset: Some(offset), .. }
        | OrderKind::RelativePlusMarket { offset: Some(offset) } => distance(kind, offset),
        OrderKind::PegMid { by: MidPeg::BySpread(offsets), .. }
        | OrderKind::PegBest { compete: Compete::UpToMidpoint(offsets), .. } => mid_offsets(offsets),
        OrderKind::PegBest { compete: Compete::Offset(offset), .. } => distance(kind, offset),
        OrderKind::PegStock(peg) => stock_peg(&peg),
        OrderKind::PegBenchmark(benchmark) => benchmark_moves(&benchmark),
        OrderKind::Volatility(volatility) => {
            let percent = volatility.percent;
            refuse_if(percent <= Decimal::ZERO, || NotAnIntent::Volatility(percent))?;
            terms(&volatility.terms)
        }
        OrderKind::PegVolatility { terms: ref given, .. } => terms(given),
        _ => Ok(()),
    }
}

fn refuse_if(wrong: bool, refusal: impl FnOnce() -> NotAnIntent) -> Checked {
    if wrong { Err(refusal()) } else { Ok(()) }
}

fn trail(by: TrailBy) -> Checked {
    let (TrailBy::Amount(distance) | TrailBy::Percent(distance)) = by;
    let too_far = matches!(by, TrailBy::Percent(percent) if percent >= Decimal::ONE_HUNDRED);
    refuse_if(distance <= Decimal::ZERO || too_far, || NotAnIntent::Trail(distance))
}

fn limit_offset_fits(offset: Decimal) -> Checked {
    refuse_if(offset < Decimal::ZERO, || NotAnIntent::LimitOffset(offset))
}

fn distance(kind: &OrderKind, offset: Decimal) -> Checked {
    refuse_if(offset < Decimal::ZERO, || NotAnIntent::Offset { kind: kind.name(), offset })
}

fn mid_offsets(offsets: MidOffsets) -> Checked {
    let fits = |offset: Decimal, step: Decimal| offset.checked_rem(step).is_some_and(|rest| rest.is_zero());
    refuse_if(!fits(offsets.at_whole, CENT), || NotAnIntent::MidOffset {
        offset: offsets.at_whole,
        at: "a whole cent",
        step: CENT,
    })?;
    refuse_if(!fits(offsets.at_half, HALF_CENT), || NotAnIntent::MidOffset {
        offset: offsets.at_half,
        at: "half a cent",
        step: HALF_CENT,
    })
}

fn stock_peg(peg: &StockPeg) -> Checked {
    refuse_if(peg.delta.abs() > Decimal::ONE_HUNDRED || peg.delta.is_zero(), || {
        NotAnIntent::Delta(peg.delta)
    })?;
    range(peg.range)
}

fn benchmark_moves(benchmark: &Benchmark) -> Checked {
    for step in [benchmark.step, benchmark.benchmark_step] {
        refuse_if(step <= Decimal::ZERO, || NotAnIntent::BenchmarkStep(step))?;
    }
    refuse_if(benchmark.contract.number() <= 0, || NotAnIntent::ContractNumber {
        what: "the benchmark",
        number: benchmark.contract.number(),
    })?;
    range(benchmark.range)
}

fn terms(terms: &VolatilityTerms) -> Checked {
    range(terms.range)
}

fn range(range: StockRange) -> Checked {
    match (range.lower, range.upper) {
        (Some(lower), Some(upper)) => refuse_if(lower >= upper, || NotAnIntent::StockRange { lower, upper }),
        _ => Ok(()),
    }
}
