//! Every refusal of an order's fields, with its message. The list of variants is exhaustive: a new one does not compile here
//! until it is named, and fails until a case shows its message.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::collections::BTreeSet;
use tradeport_contracts::ContractId;
use tradeport_kernel::{Currency, Decimal, Money, OrderKey, Price, Timestamp};
use tradeport_orders::{
    Allocation, AllocationMethod, Benchmark, ComboRouting, Compete, Condition, Conditions, Hedge, HedgeKind,
    MidOffsets, MiscOption, NotAnIntent, OffsetBy, OrderDraft, OrderKind, OrderSize, PegDirection, Scale,
    Side, StockPeg, StockRange, Text, Threshold, TimeInForce, TrailBy, Volatility, VolatilityTerms, Watched,
};

macro_rules! variants {
    ($($name:ident),+ $(,)?) => {
        const ALL: &[&str] = &[$(stringify!($name)),+];

        /// Exhaustive on purpose.
        fn name_of(refusal: &NotAnIntent) -> &'static str {
            match refusal {
                $(NotAnIntent::$name { .. } => stringify!($name)),+
            }
        }
    };
}
variants!(
    Trail,
    LimitOffset,
    TimeInForce,
    TimeInForceOfKind,
    LimitOutsideAuction,
    OwnParent,
    OtherInstrument,
    Route,
    Cash,
    FollowsWithoutHedge,
    HedgeWithSize,
    HedgeOfNothing,
    NeedsParent,
    PresetKey,
    KindTakesNot,
    Offset,
    Fraction,
    MidOffset,
    Delta,
    BenchmarkStep,
    ContractNumber,
    StockRange,
    Volatility,
    ConditionCount,
    TooMany,
    ScaleWithoutSteps,
    Scale,
    ScaleReset,
    NoLegPrices,
    LegPricesBesideLimit,
    HiddenAndShown,
    ZeroSize,
    Discretion,
    EndsBeforeItStarts,
    NoPercentChange,
    ForSales,
);

fn number(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn price(text: &str) -> Price {
    text.parse().unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn key(text: &str) -> OrderKey {
    text.parse().unwrap()
}

fn text(words: &str) -> Text {
    words.parse().unwrap()
}

fn order(side: Side, kind: OrderKind) -> OrderDraft {
    let size = OrderSize::Units("100".parse().unwrap());
    OrderDraft::new(key("own"), "DU1".parse().unwrap(), "AAPL".parse().unwrap(), side, size, kind)
}

fn buy(kind: OrderKind) -> OrderDraft {
    order(Side::Buy, kind)
}

fn limit() -> OrderDraft {
    buy(OrderKind::Limit { limit: price("10") })
}

fn changed(mut draft: OrderDraft, change: impl FnOnce(&mut OrderDraft)) -> OrderDraft {
    change(&mut draft);
    draft
}

type Case = (OrderDraft, &'static str);

fn trails() -> Vec<Case> {
    let trail = |by| buy(OrderKind::Trail { by, stop: None });
    vec![
        (
            trail(TrailBy::Amount(Decimal::ZERO)),
            "a trail of 0 is not a distance: it must be above zero, and below 100 in percent",
        ),
        (
            trail(TrailBy::Percent(Decimal::ONE_HUNDRED)),
            "a trail of 100 is not a distance: it must be above zero, and below 100 in percent",
        ),
        (
            buy(OrderKind::TrailLimit {
                by: TrailBy::Amount(number("1")),
                stop: None,
                limit_offset: number("-0.5"),
            }),
            "a limit offset of -0.5 is below zero",
        ),
    ]
}

fn kinds() -> Vec<Case> {
    let benchmark = |step: &str, contract: i64| {
        buy(OrderKind::PegBenchmark(Benchmark {
            contract: ContractId::new(contract),
            venue: "ISLAND".parse().unwrap(),
            direction: PegDirection::Same,
            step: number(step),
            benchmark_step: number("1"),
            starting_price: None,
            reference_price: None,
            range: StockRange::default(),
        }))
    };
    let stock_peg = |delta: &str, range| {
        let peg = StockPeg { delta: number(delta), starting_price: None, reference_price: None, range };
        buy(OrderKind::PegStock(peg))
    };
    let range = StockRange { lower: Some(price("20")), upper: Some(price("10")) };
    let offsets = |whole: &str, half: &str| {
        let offsets = MidOffsets { at_whole: number(whole), at_half: number(half) };
        buy(OrderKind::PegBest { limit: None, compete: Compete::UpToMidpoint(offsets) })
    };
    vec![
        (
            buy(OrderKind::Relative { offset: Some(OffsetBy::Amount(number("-1"))), cap: None }),
            "an offset of -1 of a REL order is below zero",
        ),
        (
            buy(OrderKind::Relative { offset: Some(OffsetBy::Fraction(number("2"))), cap: None }),
            "an offset by a fraction of 2 is out of range: it must be from 0 to 1, where 0.01 is one percent",
        ),
        (offsets("0.015", "0"), "an offset of 0.015 at a midpoint of a whole cent is not a multiple of 0.01"),
        (
            offsets("0.01", "0.003"),
            "an offset of 0.003 at a midpoint of half a cent is not a multiple of 0.005",
        ),
        (
            stock_peg("0", StockRange::default()),
            "a delta of 0 is out of range: it must not be zero, and at most 100 either way",
        ),
        (
            stock_peg("0.5", range),
            "a stock price from 20 to 10 cannot be: the lower end must be below the upper",
        ),
        (benchmark("0", 1), "a step of 0 moves nothing: it must be above zero"),
        (benchmark("1", 0), "the benchmark has the number 0: the broker's numbers are above zero"),
        (
            buy(OrderKind::Volatility(Volatility {
                percent: number("-5"),
                terms: VolatilityTerms::default(),
            })),
            "a volatility of -5 percent is not one: it must be above zero",
        ),
    ]
}

fn named_otherwise() -> Vec<Case> {
    let other = |draft: &mut OrderDraft| draft.instrument = Some(Box::new("MSFT".parse().unwrap()));
    let nameless = changed(limit(), |draft| draft.symbol = "combo:X".parse().unwrap());
    vec![
        (
            changed(limit(), other),
            "an order of AAPL says that it is for MSFT: say it of the instrument that is named",
        ),
        (
            nameless.routed_to("ISLAND".parse().unwrap()),
            "an order of combo:X cannot be routed to ISLAND: nothing says what it is",
        ),
    ]
}

fn times_and_sizes() -> Vec<Case> {
    let capped = OrderKind::MarketToLimit { limit: Some(price("10")) };
    let sized = |size| changed(limit(), |draft| draft.size = size);
    vec![
        (
            buy(OrderKind::MarketOnClose).good_till_cancelled(),
            "MOC orders are for one day: time in force GTC does not fit, use DAY",
        ),
        (
            limit().with_time_in_force(TimeInForce::Auction),
            "time in force AUC is for MTL orders, not for LMT orders",
        ),
        (
            buy(OrderKind::Market).with_time_in_force(TimeInForce::Minutes),
            "time in force Minutes is for LMT orders, not for MKT orders",
        ),
        (
            buy(capped),
            "an MTL order has a limit of its own only in an auction: use time in force AUC, or leave out the limit",
        ),
        (
            sized(OrderSize::Cash(Money::new(Decimal::ZERO, Currency::USD))),
            "a size of 0.00 USD is not an amount to trade for: it must be above zero",
        ),
        (
            sized(OrderSize::FollowsParent),
            "only a hedge or an allocation by percent change is sized by others: give a quantity",
        ),
        (
            limit().good_till(at("2026-06-30T20:00:00Z")).good_after(at("2026-07-01T20:00:00Z")),
            "it would start at 2026-07-01T20:00:00Z and end at 2026-06-30T20:00:00Z: the start must be before the end",
        ),
        (
            changed(limit(), |draft| draft.attributes.timing.duration_seconds = Some(0)),
            "a duration of zero means nothing: it must be above zero, or absent",
        ),
        (limit().showing(0), "a display size of zero means nothing: it must be above zero, or absent"),
        (
            changed(limit(), |draft| draft.attributes.routing.own_book_seconds = Some(0)),
            "a time in the broker's own book of zero means nothing: it must be above zero, or absent",
        ),
    ]
}

fn families() -> Vec<Case> {
    let pair = |ratio: &str| Hedge::new(HedgeKind::Pair { ratio: number(ratio) });
    let presets = |stop: &str, target: &str| {
        changed(limit(), |draft| {
            draft.attributes.presets.stop_loss = Some(key(stop));
            draft.attributes.presets.profit_taker = Some(key(target));
        })
    };
    let taken = "of a preset child is taken: parent and children need keys of their own";
    assert!(presets("own", "b").check().unwrap_err().to_string().ends_with(taken));
    vec![
        (limit().child_of(key("own")), "order own names itself as its parent"),
        (
            changed(limit().hedging(key("parent"), pair("5")), |draft| draft.size = limit().size),
            "a hedge is sized by its parent's fills: its size must be left to them",
        ),
        (
            limit().hedging(key("parent"), pair("0")),
            "a hedge of zero hedges nothing: beta, ratio and largest size must not be zero",
        ),
        (
            limit().hedging(key("parent"), pair("5").at_most(0)),
            "a hedge of zero hedges nothing: beta, ratio and largest size must not be zero",
        ),
        (
            changed(limit().hedging(key("parent"), pair("5")), |draft| draft.parent = None),
            "a hedge needs a parent: name the order that it belongs to",
        ),
        (
            changed(limit(), |draft| draft.attributes.cancels_parent = true),
            "an order that cancels its parent needs a parent: name the order that it belongs to",
        ),
        (
            presets("b", "b"),
            "the key b of a preset child is taken: parent and children need keys of their own",
        ),
    ]
}

fn attributes() -> Vec<Case> {
    let per_leg = |prices: Vec<Option<Price>>| {
        changed(buy(OrderKind::LimitPerLeg), |draft| draft.attributes.combo.leg_prices = prices)
    };
    let scale = |scale: Scale| limit().scaled(scale);
    let steps = || Scale::steps(100, number("0.05"));
    let watched = Watched::new(ContractId::new(0), "SMART".parse().unwrap());
    let volume = Condition::Volume { watched, side: Threshold::Above, volume: 1 };
    let allocation =
        Allocation { group: text("Group1"), method: Some(AllocationMethod::PercentChange(Decimal::ZERO)) };
    vec![
        (limit().hidden().showing(10), "a hidden order shows nothing: leave out the display size"),
        (limit().with_discretion(Decimal::ZERO), "a discretionary amount of 0 must be above zero"),
        (
            buy(OrderKind::Market).post_only(),
            "MKT orders cannot have post only: only a kind with a limit can",
        ),
        (per_leg(vec![None, None]), "an order by leg prices needs the price of one leg at least"),
        (buy(OrderKind::LimitPerLeg), "an order by leg prices needs the price of one leg at least"),
        (
            changed(limit(), |draft| draft.attributes.combo.leg_prices = vec![Some(price("1"))]),
            "leg prices stand in place of the combo's price: use the kind that has them, or leave them out",
        ),
        (per_leg(vec![Some(price("1")); 101]), "101 combo terms were given: there may be 100 at most"),
        (
            changed(limit(), |draft| {
                draft.attributes.combo.routing = vec![ComboRouting::NonGuaranteed(true); 102];
            }),
            "102 combo terms were given: there may be 100 at most",
        ),
        (
            changed(limit(), |draft| {
                let option = MiscOption { tag: text("Key"), value: text("1") };
                draft.attributes.routing.misc = vec![option; 101];
            }),
            "101 options were given: there may be 100 at most",
        ),
        (scale(Scale::default()), "a scale needs a first size and an increment, or a table"),
        (
            scale(Scale { increment: Some(number("-0.05")), ..steps() }),
            "the increment of a scale is -0.05: it must be above zero",
        ),
        (
            scale(Scale { next_size: Some(0), ..steps() }),
            "the next size of a scale is 0: it must be above zero",
        ),
        (
            scale(Scale { auto_reset: true, ..steps() }),
            "a scale is reset only when it takes profits: give a profit offset",
        ),
        (limit().allocated(allocation), "a change of positions by zero percent trades nothing"),
        (
            changed(limit(), |draft| draft.attributes.clearing.exempt_code = Some(1)),
            "an exemption from the uptick rule is for sales: a buy order cannot have one",
        ),
        (
            limit().under(Conditions::when(volume)),
            "a condition's instrument has the number 0: the broker's numbers are above zero",
        ),
    ]
}

#[test]
fn every_refusal_has_its_message() {
    let mut seen = BTreeSet::new();
    let cases = [kinds(), trails(), times_and_sizes(), named_otherwise(), families(), attributes()].concat();
    for (draft, message) in cases {
        let refusal = draft.check().unwrap_err();
        assert_eq!(refusal.to_string(), message);
        seen.insert(name_of(&refusal));
    }
    for (links, count) in [(Vec::new(), 0), (vec![link(); 101], 101)] {
        let refusal = Conditions::from_links(links).unwrap_err();
        assert_eq!(refusal.to_string(), format!("{count} conditions were given: there must be 1 to 100"));
        seen.insert(name_of(&refusal));
    }
    let without: Vec<_> = ALL.iter().filter(|name| !seen.contains(*name)).collect();
    assert!(without.is_empty(), "no case shows the message of {without:?}");
}

fn link() -> tradeport_orders::Link {
    Conditions::when(Condition::Margin { side: Threshold::Above, percent: 30 }).links()[0].clone()
}
