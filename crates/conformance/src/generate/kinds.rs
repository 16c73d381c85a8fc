//! Kinds, each with prices of its own.

use super::numbers::{above_zero, count, number, percent, price};
use proptest::prelude::*;
use tradeport_contracts::ContractId;
use tradeport_kernel::{Decimal, Price};
use tradeport_orders::{
    Benchmark, Compete, MidOffsets, MidPeg, OffsetBy, OrderKind, PegDirection, ReferencePrice, StockPeg,
    StockRange, TrailBy, TrailingLimit, Volatility, VolatilityBasis, VolatilityPeg, VolatilityTerms,
};

/// The kinds of orders, each with a name for its tests.
pub const KINDS: [&str; 42] = [
    "market",
    "market_protected",
    "market_to_limit",
    "limit",
    "limit_per_leg",
    "stop",
    "stop_protected",
    "stop_limit",
    "trail",
    "trail_limit",
    "trail_limit_from",
    "market_on_close",
    "limit_on_close",
    "market_on_open",
    "limit_on_open",
    "market_if_touched",
    "limit_if_touched",
    "trail_market_if_touched",
    "trail_limit_if_touched",
    "relative",
    "passive_relative",
    "peg_market",
    "peg_primary",
    "peg_mid",
    "peg_best",
    "peg_stock",
    "peg_benchmark",
    "fix_pegged",
    "snap_mid",
    "snap_market",
    "snap_primary",
    "mid_price",
    "box_top",
    "vwap",
    "quote",
    "volatility",
    "peg_volatility",
    "limit_plus_market",
    "relative_plus_limit",
    "relative_plus_market",
    "trail_limit_plus_market",
    "trail_relative_plus_market",
];

fn cap() -> impl Strategy<Value = Option<Price>> {
    prop::option::of(price())
}

fn offset() -> impl Strategy<Value = Option<Decimal>> {
    prop::option::of(prop_oneof![9 => above_zero(), 1 => Just(Decimal::ZERO)])
}

fn trail() -> impl Strategy<Value = TrailBy> {
    prop_oneof![above_zero().prop_map(TrailBy::Amount), percent().prop_map(TrailBy::Percent)]
}

fn trailing_limit() -> impl Strategy<Value = TrailingLimit> {
    prop_oneof![above_zero().prop_map(TrailingLimit::Offset), price().prop_map(TrailingLimit::At)]
}

fn range() -> impl Strategy<Value = StockRange> {
    let ordered = |lower: &StockRange| match (lower.lower, lower.upper) {
        (Some(lower), Some(upper)) => lower < upper,
        _ => true,
    };
    let sort = move |mut range: StockRange| {
        if !ordered(&range) {
            (range.lower, range.upper) = (range.upper, None);
        }
        range
    };
    (cap(), cap()).prop_map(move |(lower, upper)| sort(StockRange { lower, upper }))
}

fn mid_offsets() -> impl Strategy<Value = MidOffsets> {
    (-1_000..1_000_i64, -1_000..1_000_i64).prop_map(|(whole, half)| MidOffsets {
        at_whole: Decimal::new(whole, 2),
        at_half: Decimal::new(half * 5, 3),
    })
}

fn terms() -> impl Strategy<Value = VolatilityTerms> {
    let basis = prop::sample::select(vec![None, Some(VolatilityBasis::Daily), Some(VolatilityBasis::Annual)]);
    let reference =
        prop::sample::select(vec![None, Some(ReferencePrice::Midpoint), Some(ReferencePrice::BySide)]);
    (basis, reference, any::<bool>(), cap(), range()).prop_map(
        |(basis, reference, continuous, stock_price, range)| VolatilityTerms {
            basis,
            reference,
            continuous,
            stock_price,
            range,
        },
    )
}

fn stock_peg() -> impl Strategy<Value = OrderKind> {
    let delta = (1..100_i64, any::<bool>())
        .prop_map(|(part, below)| Decimal::new(if below { -part } else { part }, 2));
    (delta, cap(), cap(), range()).prop_map(|(delta, starting_price, reference_price, range)| {
        OrderKind::PegStock(StockPeg { delta, starting_price, reference_price, range })
    })
}

fn benchmark() -> impl Strategy<Value = OrderKind> {
    let direction = prop_oneof![Just(PegDirection::Same), Just(PegDirection::Opposite)];
    let to = (count(), prop_oneof![Just("SMART"), Just("ISLAND")]);
    (to, direction, above_zero(), above_zero(), cap(), cap(), range()).prop_map(
        |((contract, venue), direction, step, benchmark_step, starting_price, reference_price, range)| {
            OrderKind::PegBenchmark(Benchmark {
                contract: ContractId::new(i64::from(contract)),
                venue: venue.parse().expect("made within the rules"),
                direction,
                step,
                benchmark_step,
                starting_price,
                reference_price,
                range,
            })
        },
    )
}

fn relative() -> impl Strategy<Value = OrderKind> {
    let offset = prop::option::of(prop_oneof![
        above_zero().prop_map(OffsetBy::Amount),
        (0..=100_i64).prop_map(|part| OffsetBy::Fraction(Decimal::new(part, 2))),
    ]);
    (offset, cap()).prop_map(|(offset, cap)| OrderKind::Relative { offset, cap })
}

fn peg_mid() -> impl Strategy<Value = OrderKind> {
    let by = prop_oneof![
        Just(MidPeg::At),
        number().prop_map(MidPeg::Offset),
        mid_offsets().prop_map(MidPeg::BySpread)
    ];
    (cap(), by).prop_map(|(limit, by)| OrderKind::PegMid { limit, by })
}

fn peg_best() -> impl Strategy<Value = OrderKind> {
    let compete = prop_oneof![
        Just(Compete::Default),
        above_zero().prop_map(Compete::Offset),
        mid_offsets().prop_map(Compete::UpToMidpoint)
    ];
    (cap(), compete).prop_map(|(limit, compete)| OrderKind::PegBest { limit, compete })
}

fn peg_volatility() -> impl Strategy<Value = OrderKind> {
    let to = prop::sample::select(vec![
        VolatilityPeg::Primary,
        VolatilityPeg::Midpoint,
        VolatilityPeg::Market,
        VolatilityPeg::Surface,
    ]);
    (to, offset(), terms()).prop_map(|(to, offset, terms)| OrderKind::PegVolatility { to, offset, terms })
}

/// An order kind with prices of its own: the one with that place in [`KINDS`].
pub fn kind(which: usize) -> BoxedStrategy<OrderKind> {
    match which {
        0..=18 => sleeping_and_plain(which),
        19..=36 => pegged(which),
        _ => legs(which),
    }
}

fn sleeping_and_plain(which: usize) -> BoxedStrategy<OrderKind> {
    use OrderKind as K;
    match which {
        0 => Just(K::Market).boxed(),
        1 => Just(K::MarketProtected).boxed(),
        2 => cap().prop_map(|limit| K::MarketToLimit { limit }).boxed(),
        3 => prop_oneof![9 => price(), 1 => Just(Price::new(Decimal::ZERO).expect("made within the rules"))]
            .prop_map(|limit| K::Limit { limit })
            .boxed(),
        4 => Just(K::LimitPerLeg).boxed(),
        5 => price().prop_map(|stop| K::Stop { stop }).boxed(),
        6 => price().prop_map(|stop| K::StopProtected { stop }).boxed(),
        7 => (price(), price()).prop_map(|(stop, limit)| K::StopLimit { stop, limit }).boxed(),
        8 => (trail(), cap()).prop_map(|(by, stop)| K::Trail { by, stop }).boxed(),
        9 => (trail(), cap(), above_zero())
            .prop_map(|(by, stop, limit_offset)| K::TrailLimit { by, stop, limit_offset })
            .boxed(),
        10 => (trail(), cap(), price())
            .prop_map(|(by, stop, limit)| K::TrailLimitFrom { by, stop, limit })
            .boxed(),
        11 => Just(K::MarketOnClose).boxed(),
        12 => price().prop_map(|limit| K::LimitOnClose { limit }).boxed(),
        13 => Just(K::MarketOnOpen).boxed(),
        14 => price().prop_map(|limit| K::LimitOnOpen { limit }).boxed(),
        15 => price().prop_map(|trigger| K::MarketIfTouched { trigger }).boxed(),
        16 => (price(), price()).prop_map(|(trigger, limit)| K::LimitIfTouched { trigger, limit }).boxed(),
        17 => (trail(), cap()).prop_map(|(by, trigger)| K::TrailMarketIfTouched { by, trigger }).boxed(),
        _ => (trail(), cap(), trailing_limit())
            .prop_map(|(by, trigger, limit)| K::TrailLimitIfTouched { by, trigger, limit })
            .boxed(),
    }
}

fn pegged(which: usize) -> BoxedStrategy<OrderKind> {
    use OrderKind as K;
    match which {
        19 => relative().boxed(),
        20 => (offset(), cap()).prop_map(|(offset, cap)| K::PassiveRelative { offset, cap }).boxed(),
        21 => (offset(), cap()).prop_map(|(offset, cap)| K::PegMarket { offset, cap }).boxed(),
        22 => (offset(), cap(), any::<bool>())
            .prop_map(|(offset, cap, discretionary)| K::PegPrimary { offset, cap, discretionary })
            .boxed(),
        23 => peg_mid().boxed(),
        24 => peg_best().boxed(),
        25 => stock_peg().boxed(),
        26 => benchmark().boxed(),
        27 => (offset(), cap()).prop_map(|(offset, limit)| K::FixPegged { offset, limit }).boxed(),
        28 => offset().prop_map(|offset| K::SnapMid { offset }).boxed(),
        29 => offset().prop_map(|offset| K::SnapMarket { offset }).boxed(),
        30 => offset().prop_map(|offset| K::SnapPrimary { offset }).boxed(),
        31 => cap().prop_map(|cap| K::MidPrice { cap }).boxed(),
        32 => Just(K::BoxTop).boxed(),
        33 => Just(K::Vwap).boxed(),
        34 => Just(K::Quote).boxed(),
        35 => (above_zero(), terms())
            .prop_map(|(percent, terms)| K::Volatility(Volatility { percent, terms }))
            .boxed(),
        _ => peg_volatility().boxed(),
    }
}

fn legs(which: usize) -> BoxedStrategy<OrderKind> {
    use OrderKind as K;
    match which {
        37 => price().prop_map(|limit| K::LimitPlusMarket { limit }).boxed(),
        38 => (offset(), price()).prop_map(|(offset, limit)| K::RelativePlusLimit { offset, limit }).boxed(),
        39 => offset().prop_map(|offset| K::RelativePlusMarket { offset }).boxed(),
        40 => (trail(), cap(), trailing_limit())
            .prop_map(|(by, stop, limit)| K::TrailLimitPlusMarket { by, stop, limit })
            .boxed(),
        _ => (trail(), cap()).prop_map(|(by, stop)| K::TrailRelativePlusMarket { by, stop }).boxed(),
    }
}
