//! What the fields of an order refuse, rule by rule, and that documents keep them.

use super::*;
use crate::{
    AdjustedStop, AllocationMethod, Benchmark, Compete, Condition, DeltaNeutralKind, HedgeKind, MidOffsets,
    MidPeg, OffsetBy, PegDirection, SaleKind, ScaleDrift, ShortSaleSource, StockPeg, StockRange, Threshold,
    TrailBy, TrailingLimit, Volatility, VolatilityTerms, Watched,
};
use tradeport_contracts::ContractId;
use tradeport_kernel::{Currency, Money, Price};

fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn price(text: &str) -> Price {
    text.parse().unwrap()
}

fn limit() -> OrderKind {
    OrderKind::Limit { limit: price("30") }
}

fn draft(kind: OrderKind) -> OrderDraft {
    let ten = OrderSize::Units("10".parse().unwrap());
    let (key, account) = ("a".parse().unwrap(), "DU1".parse().unwrap());
    OrderDraft::new(key, account, "AAPL".parse().unwrap(), Side::Buy, ten, kind)
}

fn with(change: impl Fn(&mut OrderDraft)) -> OrderDraft {
    let mut draft = draft(limit());
    change(&mut draft);
    draft
}

fn mid(whole: &str, half: &str) -> MidOffsets {
    MidOffsets { at_whole: dec(whole), at_half: dec(half) }
}

fn peg(delta: &str, lower: &str, upper: &str) -> OrderKind {
    OrderKind::PegStock(StockPeg {
        delta: dec(delta),
        starting_price: None,
        reference_price: None,
        range: StockRange { lower: Some(price(lower)), upper: Some(price(upper)) },
    })
}

fn benchmark(contract: i64, step: &str) -> OrderKind {
    OrderKind::PegBenchmark(Benchmark {
        contract: ContractId::new(contract),
        venue: "SMART".parse().unwrap(),
        direction: PegDirection::Same,
        step: dec(step),
        benchmark_step: dec("1"),
        starting_price: None,
        reference_price: None,
        range: StockRange::default(),
    })
}

fn kind_cases() -> Vec<(OrderKind, &'static str)> {
    let stop = None;
    vec![
        (
            OrderKind::Trail { by: TrailBy::Amount(dec("0")), stop },
            "a trail of 0 is not a distance: it must be above zero, and below 100 in percent",
        ),
        (
            OrderKind::TrailRelativePlusMarket { by: TrailBy::Percent(dec("100")), stop },
            "a trail of 100 is not a distance: it must be above zero, and below 100 in percent",
        ),
        (
            OrderKind::TrailLimit { by: TrailBy::Amount(dec("1")), stop, limit_offset: dec("-1") },
            "a limit offset of -1 is below zero",
        ),
        (
            OrderKind::TrailLimitPlusMarket {
                by: TrailBy::Amount(dec("1")),
                stop,
                limit: TrailingLimit::Offset(dec("-2")),
            },
            "a limit offset of -2 is below zero",
        ),
        (
            OrderKind::PassiveRelative { offset: Some(dec("-0.5")), cap: None },
            "an offset of -0.5 of a PASSV REL order is below zero",
        ),
        (
            OrderKind::Relative { offset: Some(OffsetBy::Fraction(dec("1.5"))), cap: None },
            "an offset by a fraction of 1.5 is out of range: it must be from 0 to 1, where 0.01 is one percent",
        ),
        (
            OrderKind::PegMid { limit: None, by: MidPeg::BySpread(mid("0.015", "0")) },
            "an offset of 0.015 at a midpoint of a whole cent is not a multiple of 0.01",
        ),
        (
            OrderKind::PegBest { limit: None, compete: Compete::UpToMidpoint(mid("0.02", "0.022")) },
            "an offset of 0.022 at a midpoint of half a cent is not a multiple of 0.005",
        ),
        (peg("0", "1", "2"), "a delta of 0 is out of range: it must not be zero, and at most 100 either way"),
        (
            peg("0.5", "90", "80"),
            "a stock price from 90 to 80 cannot be: the lower end must be below the upper",
        ),
        (benchmark(5, "0"), "a step of 0 moves nothing: it must be above zero"),
        (benchmark(0, "1"), "the benchmark has the number 0: the broker's numbers are above zero"),
        (
            OrderKind::Volatility(Volatility { percent: dec("-5"), terms: VolatilityTerms::default() }),
            "a volatility of -5 percent is not one: it must be above zero",
        ),
        (OrderKind::LimitPerLeg, "an order by leg prices needs the price of one leg at least"),
        (
            OrderKind::MarketToLimit { limit: Some(price("30")) },
            "an MTL order has a limit of its own only in an auction: use time in force AUC, or leave out the limit",
        ),
    ]
}

#[test]
fn every_refusal_of_a_kind_says_what_would_be_accepted() {
    for (kind, wanted) in kind_cases() {
        assert_eq!(draft(kind).check().unwrap_err().to_string(), wanted);
    }
}

#[test]
fn every_refusal_of_time_size_and_family_says_what_would_be_accepted() {
    let usd = |amount: &str| OrderSize::Cash(Money::new(dec(amount), Currency::USD));
    let hedge = |kind| with(|draft| *draft = draft.clone().hedging("p".parse().unwrap(), Hedge::new(kind)));
    let cases = [
        (
            draft(OrderKind::MarketOnClose).good_till_cancelled(),
            "MOC orders are for one day: time in force GTC does not fit, use DAY",
        ),
        (
            draft(limit()).with_time_in_force(TimeInForce::Auction),
            "time in force AUC is for MTL orders, not for LMT orders",
        ),
        (
            draft(OrderKind::Market).with_time_in_force(TimeInForce::Minutes),
            "time in force Minutes is for LMT orders, not for MKT orders",
        ),
        (draft(limit()).child_of("a".parse().unwrap()), "order a names itself as its parent"),
        (
            with(|draft| draft.size = usd("-5")),
            "a size of -5.00 USD is not an amount to trade for: it must be above zero",
        ),
        (
            with(|draft| draft.size = OrderSize::FollowsParent),
            "only a hedge or an allocation by percent change is sized by others: give a quantity",
        ),
        (
            hedge(HedgeKind::Pair { ratio: dec("0") }),
            "a hedge of zero hedges nothing: beta, ratio and largest size must not be zero",
        ),
        (
            with(|draft| {
                draft.attributes.hedge = Some(Hedge::new(HedgeKind::Delta));
                draft.parent = Some("p".parse().unwrap());
            }),
            "a hedge is sized by its parent's fills: its size must be left to them",
        ),
        (
            OrderDraft { parent: None, ..hedge(HedgeKind::Delta) },
            "a hedge needs a parent: name the order that it belongs to",
        ),
        (
            with(|draft| draft.attributes.cancels_parent = true),
            "an order that cancels its parent needs a parent: name the order that it belongs to",
        ),
        (
            with(|draft| draft.attributes.presets.stop_loss = Some("a".parse().unwrap())),
            "the key a of a preset child is taken: parent and children need keys of their own",
        ),
    ];
    for (draft, wanted) in cases {
        assert_eq!(draft.check().unwrap_err().to_string(), wanted);
    }
}

#[test]
fn every_refusal_of_an_attribute_says_what_would_be_accepted() {
    let scale = |scale: Scale| with(|draft| draft.attributes.scale = Some(scale.clone()));
    let steps = || Scale::steps(100, dec("0.05"));
    let drift = ScaleDrift { amount: dec("1"), interval_seconds: 0 };
    let moment = |seconds| Some(Timestamp::from_seconds(seconds));
    let cases = [
        (with(|draft| draft.attributes.combo.leg_prices = vec![None]), LEG_PRICES),
        (scale(Scale::default()), "a scale needs a first size and an increment, or a table"),
        (scale(Scale::steps(0, dec("1"))), "the first size of a scale is 0: it must be above zero"),
        (scale(Scale::steps(1, dec("-1"))), "the increment of a scale is -1: it must be above zero"),
        (
            scale(Scale { drift: Some(drift), ..steps() }),
            "the drift interval of a scale is 0: it must be above zero",
        ),
        (
            scale(Scale { auto_reset: true, ..steps() }),
            "a scale is reset only when it takes profits: give a profit offset",
        ),
        (draft(limit()).hidden().showing(5), "a hidden order shows nothing: leave out the display size"),
        (draft(limit()).showing(0), "a display size of zero means nothing: it must be above zero, or absent"),
        (draft(limit()).with_discretion(dec("0")), "a discretionary amount of 0 must be above zero"),
        (
            with(|draft| {
                draft.attributes.timing.active_from = moment(60);
                draft.attributes.timing.active_until = moment(60);
            }),
            "it would start at 1970-01-01T00:01:00Z and end at 1970-01-01T00:01:00Z: the start must be before the end",
        ),
        (
            draft(limit()).good_after(Timestamp::from_seconds(9)).good_till(Timestamp::from_seconds(5)),
            "it would start at 1970-01-01T00:00:09Z and end at 1970-01-01T00:00:05Z: the start must be before the end",
        ),
        (
            draft(limit())
                .allocated(Allocation::by("g".parse().unwrap(), AllocationMethod::PercentChange(dec("0")))),
            "a change of positions by zero percent trades nothing",
        ),
        (
            with(|draft| draft.attributes.clearing.sale = Some(SaleKind::Short)),
            "a kind of sale is for sales: a buy order cannot have one",
        ),
        (
            with(|draft| draft.attributes.clearing.short_source = Some(ShortSaleSource::ClearingBroker)),
            "a source of shares is for sales: a buy order cannot have one",
        ),
        (
            with(|draft| draft.attributes.routing.misc = vec![misc(); 101]),
            "101 options were given: there may be 100 at most",
        ),
        (
            draft(limit()).under(Conditions::when(volume_of(0))),
            "a condition's instrument has the number 0: the broker's numbers are above zero",
        ),
    ];
    for (draft, wanted) in cases {
        assert_eq!(draft.check().unwrap_err().to_string(), wanted);
    }
    assert_eq!(
        Conditions::from_links(Vec::new()).unwrap_err().to_string(),
        "0 conditions were given: there must be 1 to 100"
    );
}

const LEG_PRICES: &str =
    "leg prices stand in place of the combo's price: use the kind that has them, or leave them out";

fn misc() -> crate::MiscOption {
    crate::MiscOption { tag: "a".parse().unwrap(), value: "b".parse().unwrap() }
}

fn volume_of(contract: i64) -> Condition {
    let watched = Watched::new(ContractId::new(contract), "SMART".parse().unwrap());
    Condition::Volume { watched, side: Threshold::Above, volume: 1 }
}

#[test]
fn every_attribute_that_a_kind_does_not_take_is_refused_by_name() {
    let adjustment = StopAdjustment::once_at(price("1"), AdjustedStop::Stop { stop: price("2") });
    let market = || draft(OrderKind::Market);
    let random = |which: fn(&mut crate::Handling) -> &mut bool| {
        let mut draft = market();
        *which(&mut draft.attributes.handling) = true;
        draft
    };
    let cases = [
        (market().with_discretion(dec("1")), "MKT orders cannot have a discretionary amount: only LMT can"),
        (market().post_only(), "MKT orders cannot have post only: only a kind with a limit can"),
        (
            draft(OrderKind::MarketOnOpen).sweeping(),
            "MOO orders cannot have sweep to fill: only a kind that is no auction order can",
        ),
        (
            market().adjusting(adjustment),
            "MKT orders cannot have an adjustable stop: only a stop or a trailing stop can",
        ),
        (
            market().hedged_by(DeltaNeutral::new(DeltaNeutralKind::Market)),
            "MKT orders cannot have a delta-neutral order: only a volatility kind can",
        ),
        (
            random(|it| &mut it.randomize_size),
            "MKT orders cannot have a random size: only a volatility kind can",
        ),
        (
            random(|it| &mut it.randomize_price),
            "MKT orders cannot have a random price: only a volatility kind can",
        ),
    ];
    for (draft, wanted) in cases {
        assert_eq!(draft.check().unwrap_err().to_string(), wanted);
    }
}

#[test]
fn a_plain_order_stays_plain_in_documents() {
    let intent = draft(limit()).check().unwrap();
    let text = serde_json::to_string(&intent).unwrap();
    assert!(!text.contains("attributes"), "{text}");
    assert_eq!(serde_json::from_str::<OrderIntent>(&text).unwrap(), intent);
    let older = text.replace("\"size\"", "\"quantity\"");
    assert_eq!(serde_json::from_str::<OrderIntent>(&older).unwrap(), intent);
    let unknown = text.replace("\"size\"", "\"colour\":1,\"size\"");
    assert!(serde_json::from_str::<OrderIntent>(&unknown).is_err());
}

#[test]
fn a_document_is_checked_on_the_way_in() {
    let good = draft(limit()).showing(5).under(Conditions::when(volume_of(7))).check().unwrap();
    let text = serde_json::to_string(&good).unwrap();
    assert_eq!(serde_json::from_str::<OrderIntent>(&text).unwrap(), good);
    for (good, bad) in [
        ("\"display_size\":5", "\"display_size\":0"),
        ("\"display_size\":5", "\"display_sise\":5"),
        ("\"contract\":7", "\"contract\":-7"),
    ] {
        assert!(text.contains(good), "{text}");
        assert!(serde_json::from_str::<OrderIntent>(&text.replace(good, bad)).is_err(), "{bad}");
    }
}

#[test]
fn attributes_that_say_nothing_are_none() {
    let mut said = draft(limit());
    said.attributes.handling.hidden = true;
    said.attributes.handling.hidden = false;
    assert_eq!(said.attributes, Attributes::NONE);
    assert_eq!(said.check().unwrap().said(), None);
}

mod of_an_instrument {
    use super::*;

    const SPREAD: &str = "combo:IBM;leg=+1x43645865@SMART;leg=-1x43645866@SMART";

    #[test]
    fn what_a_name_does_not_say_is_kept_with_the_order() {
        let spread: Instrument = SPREAD.parse().unwrap();
        let intent = draft(limit()).of(spread.clone()).check().unwrap();
        assert_eq!((intent.symbol(), intent.instrument()), (spread.symbol(), Some(spread)));
        let document = serde_json::to_value(&intent).unwrap();
        assert_eq!(document["instrument"], SPREAD);
        assert_eq!(serde_json::from_value::<OrderIntent>(document).unwrap(), intent);
    }

    #[test]
    fn what_a_name_says_is_not_said_twice() {
        let said = draft(limit()).of("AAPL".parse().unwrap()).check().unwrap();
        let unsaid = draft(limit()).check().unwrap();
        assert_eq!(said, unsaid);
        assert!(serde_json::to_value(&said).unwrap().get("instrument").is_none());
        assert_eq!(unsaid.instrument(), "AAPL".parse().ok());
    }

    #[test]
    fn a_route_is_of_the_order_and_not_of_its_symbol() {
        let direct = draft(limit()).routed_to("ISLAND".parse().unwrap()).check().unwrap();
        assert_eq!((direct.symbol().as_str(), direct.route().unwrap().as_str()), ("AAPL", "ISLAND"));
        assert_eq!(direct.ordered().unwrap().to_string(), "AAPL@ISLAND");
        let document = serde_json::to_value(&direct).unwrap();
        assert_eq!(document["route"], "ISLAND");
        assert_eq!(serde_json::from_value::<OrderIntent>(document).unwrap(), direct);
        // Where it would go by itself.
        let best = draft(limit()).routed_to("SMART".parse().unwrap()).check().unwrap();
        assert_eq!((&best, best.route()), (&draft(limit()).check().unwrap(), None));
        assert_eq!(best.ordered(), best.instrument());
    }

    #[test]
    fn a_route_that_nobody_can_take_is_refused() {
        let to = |draft: OrderDraft, venue: &str| {
            draft.routed_to(venue.parse().unwrap()).check().unwrap_err().to_string()
        };
        let spread: Instrument = SPREAD.parse().unwrap();
        let (combo, name) = (draft(limit()).of(spread.clone()), spread.symbol());
        let of_combo = format!("an order of {name} cannot be routed to ISLAND: ");
        assert_eq!(to(combo, "ISLAND"), format!("{of_combo}a combo says its exchange itself"));
        let unknown = OrderDraft { symbol: name, ..draft(limit()) };
        assert_eq!(to(unknown, "ISLAND"), format!("{of_combo}nothing says what it is"));
        let small = to(draft(limit()), "island");
        let wanted = "an order of AAPL cannot be routed to island: \"island\" is not an exchange";
        assert!(small.starts_with(wanted), "{small}");
    }

    #[test]
    fn another_instrument_than_the_named_one_is_refused() {
        let other =
            OrderDraft { symbol: "AAPL".parse().unwrap(), ..draft(limit()).of(SPREAD.parse().unwrap()) };
        let name = SPREAD.parse::<Instrument>().unwrap().symbol();
        let wanted =
            format!("an order of AAPL says that it is for {name}: say it of the instrument that is named");
        assert_eq!(other.check().unwrap_err().to_string(), wanted);
        let unknown = OrderDraft { symbol: name, ..draft(limit()) };
        assert_eq!(unknown.check().unwrap().instrument(), None);
    }
}
