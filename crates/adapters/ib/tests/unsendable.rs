//! Orders that the platform can say and the library's objects cannot hold: each refusal with its message.
//!
//! The sources of the translation are searched for the fields that they refuse: a new one fails here until a case shows it.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::fs;
use std::path::Path;
use tradeport_contracts::{ContractId, InstrumentKind};
use tradeport_ib::translate::{
    CANNOT_SAY, OrderNumbers, Surroundings, WrittenTime, algo_from_ib, order_to_ib,
};
use tradeport_kernel::{Currency, Decimal, Money, Price, Quantity};
use tradeport_orders::algo::Zone;
use tradeport_orders::{
    AdjustedStop, Benchmark, ComboRouting, Compete, Condition, Conditions, DeltaNeutral, DeltaNeutralKind,
    Hedge, HedgeKind, MidOffsets, MidPeg, OffsetBy, OrderAttributes, OrderDraft, OrderKind, OrderSize,
    PegDirection, PhysicalExchange, Scale, ScaleDrift, Side, StockPeg, StockRange, StopAdjustment, Threshold,
    TrailBy, Volatility, VolatilityTerms, Watched,
};

/// More digits than a float holds: a number below one, a price, and two steps from the midpoint.
const FINE: &str = "0.12345678901234567891";
const PRICE: &str = "98765.123456789012345";
const AT_WHOLE: &str = "12345678901234567.89";
const AT_HALF: &str = "12345678901234567.895";
/// The library's "not set", which no count and no contract may be.
const UNSET: u32 = 2_147_483_647;

fn fine() -> Decimal {
    FINE.parse().unwrap()
}

fn price() -> Price {
    PRICE.parse().unwrap()
}

fn far() -> ContractId {
    ContractId::new(i64::from(UNSET))
}

fn plain() -> Price {
    "30".parse().unwrap()
}

fn order(kind: OrderKind) -> OrderDraft {
    let (key, account) = ("own".parse().unwrap(), "DU1".parse().unwrap());
    let ten = "10".parse::<Quantity>().unwrap();
    OrderDraft::new(key, account, "AAPL".parse().unwrap(), Side::Buy, ten, kind)
}

fn said(draft: OrderDraft, times: WrittenTime) -> String {
    let mut numbers = OrderNumbers::new();
    for (key, number) in [("own", 7), ("parent", 8)] {
        assert!(numbers.give(&key.parse().unwrap(), number));
    }
    let symbol = "AAPL".parse().unwrap();
    let around = Surroundings {
        numbers: &numbers,
        times,
        symbol,
        instrument: None,
        currency: Currency::USD,
        route: "SMART",
    };
    order_to_ib(&draft.check().unwrap(), &around).unwrap_err().to_string()
}

/// The order, and what is said of it.
struct Case(OrderDraft, String);

/// A number of too many digits.
fn digits(field: &str, number: &str, draft: OrderDraft) -> Case {
    Case(draft, format!("{field} of {number} cannot be sent: a float cannot hold so many digits"))
}

fn count(field: &str, draft: OrderDraft) -> Case {
    Case(draft, format!("{field} of {UNSET} cannot be sent: beyond 2,147,483,646"))
}

fn contract(field: &str, draft: OrderDraft) -> Case {
    let words = "not a contract number from 1 to 2,147,483,646";
    Case(draft, format!("{field} of {UNSET} cannot be sent: {words}"))
}

fn limits_and_trails() -> Vec<Case> {
    use OrderKind as K;
    let by = TrailBy::Amount(Decimal::ONE);
    vec![
        digits("limit price", PRICE, order(K::Limit { limit: price() })),
        digits("auxiliary price", PRICE, order(K::Stop { stop: price() })),
        digits("auxiliary price", FINE, order(K::SnapMid { offset: Some(fine()) })),
        digits("auxiliary price", FINE, order(K::Trail { by: TrailBy::Amount(fine()), stop: None })),
        digits("trail", FINE, order(K::Trail { by: TrailBy::Percent(fine()), stop: None })),
        digits("stop", PRICE, order(K::Trail { by, stop: Some(price()) })),
        digits("limit offset", FINE, order(K::TrailLimit { by, stop: None, limit_offset: fine() })),
        digits("limit price", PRICE, order(K::TrailLimitFrom { by, stop: None, limit: price() })),
        digits("offset", FINE, order(K::Relative { offset: Some(OffsetBy::Fraction(fine())), cap: None })),
    ]
}

fn pegs() -> Vec<Case> {
    use OrderKind as K;
    let peg_best = |compete| order(K::PegBest { limit: None, compete });
    let up_to = |at_whole: &str, at_half: &str| {
        peg_best(Compete::UpToMidpoint(MidOffsets {
            at_whole: at_whole.parse().unwrap(),
            at_half: at_half.parse().unwrap(),
        }))
    };
    let half = Decimal::new(5, 1);
    let plain_peg =
        StockPeg { delta: half, starting_price: None, reference_price: None, range: StockRange::default() };
    let peg = |change: fn(&mut StockPeg)| {
        let mut peg = plain_peg;
        change(&mut peg);
        order(K::PegStock(peg))
    };
    let volatile = |percent, stock_price| {
        let terms = VolatilityTerms { stock_price, ..VolatilityTerms::default() };
        order(K::Volatility(Volatility { percent, terms }))
    };
    vec![
        digits("auxiliary price", FINE, order(K::PegMid { limit: None, by: MidPeg::Offset(fine()) })),
        digits("offset", FINE, peg_best(Compete::Offset(fine()))),
        digits("offset at a whole cent", AT_WHOLE, up_to(AT_WHOLE, "0")),
        digits("offset at half a cent", AT_HALF, up_to("0", AT_HALF)),
        digits("delta", FINE, peg(|it| it.delta = fine())),
        digits("starting price", PRICE, peg(|it| it.starting_price = Some(price()))),
        digits("reference price", PRICE, peg(|it| it.reference_price = Some(price()))),
        digits("lower end of the range", PRICE, peg(|it| it.range.lower = Some(price()))),
        digits("upper end of the range", PRICE, peg(|it| it.range.upper = Some(price()))),
        digits("volatility", FINE, volatile(fine(), None)),
        digits("stock price", PRICE, volatile(Decimal::ONE, Some(price()))),
    ]
}

fn benchmarks() -> Vec<Case> {
    let of = |change: fn(&mut Benchmark)| {
        let mut benchmark = Benchmark {
            contract: ContractId::new(1),
            venue: "SMART".parse().unwrap(),
            direction: PegDirection::Same,
            step: Decimal::ONE,
            benchmark_step: Decimal::ONE,
            starting_price: None,
            reference_price: None,
            range: StockRange::default(),
        };
        change(&mut benchmark);
        order(OrderKind::PegBenchmark(benchmark))
    };
    vec![
        contract("benchmark", of(|it| it.contract = far())),
        digits("step", FINE, of(|it| it.step = fine())),
        digits("benchmark step", FINE, of(|it| it.benchmark_step = fine())),
    ]
}

fn with(kind: OrderKind, change: impl FnOnce(&mut OrderDraft)) -> OrderDraft {
    let mut draft = order(kind);
    change(&mut draft);
    draft
}

fn limit(change: impl FnOnce(&mut OrderAttributes)) -> OrderDraft {
    with(OrderKind::Limit { limit: plain() }, |draft| {
        let mut said = OrderAttributes::default();
        change(&mut said);
        draft.attributes = said.into();
    })
}

fn sizes() -> Vec<Case> {
    let of = |size: OrderSize| with(OrderKind::Market, |draft| draft.size = size);
    let cash =
        |amount: Decimal, currency: &str| of(OrderSize::Cash(Money::new(amount, currency.parse().unwrap())));
    let most = "123456789012.123456789012";
    let stranger = with(OrderKind::Market, |draft| draft.parent = Some("stranger".parse().unwrap()));
    vec![
        digits("quantity", most, of(OrderSize::Units(most.parse().unwrap()))),
        digits("cash", FINE, cash(fine(), "USD")),
        Case(
            cash(Decimal::from(500), "EUR"),
            "cash of 500.00 EUR cannot be sent: the instrument is priced in another currency".to_owned(),
        ),
        Case(stranger, "parent of stranger cannot be sent: it has no number in this connection".to_owned()),
        Case(
            limit(|it| it.presets.stop_loss = Some("stranger".parse().unwrap())),
            "preset child of stranger cannot be sent: it has no number in this connection".to_owned(),
        ),
    ]
}

fn conditions() -> Vec<Case> {
    let when = |condition| limit(|it| it.conditions = Some(Conditions::when(condition)));
    let side = Threshold::Above;
    let at = |id: i64| Watched::new(ContractId::new(id), "SMART".parse().unwrap());
    let watched = || at(1);
    let far_one = || at(i64::from(UNSET));
    let kind = InstrumentKind::StockBorrow;
    vec![
        digits(
            "condition's price",
            PRICE,
            when(Condition::Price { watched: watched(), side, price: price(), method: None }),
        ),
        contract(
            "condition's instrument",
            when(Condition::Price { watched: far_one(), side, price: plain(), method: None }),
        ),
        contract(
            "condition's instrument",
            when(Condition::PercentChange { watched: far_one(), side, percent: Decimal::ONE }),
        ),
        contract("condition's instrument", when(Condition::Volume { watched: far_one(), side, volume: 1 })),
        count("condition's margin", when(Condition::Margin { side, percent: UNSET })),
        digits(
            "condition's change",
            FINE,
            when(Condition::PercentChange { watched: watched(), side, percent: fine() }),
        ),
        count("condition's volume", when(Condition::Volume { watched: watched(), side, volume: UNSET })),
        Case(
            when(Condition::Execution {
                symbol: "IBM".parse().unwrap(),
                kind,
                venue: "SMART".parse().unwrap(),
            }),
            format!(
                "condition's kind of instrument of {} cannot be sent: no code is known for its trades",
                kind.name()
            ),
        ),
    ]
}

fn scales() -> Vec<Case> {
    let of = |change: fn(&mut Scale)| {
        let mut scale = Scale::steps(100, Decimal::ONE);
        change(&mut scale);
        limit(|it| it.scale = Some(scale))
    };
    vec![
        count("first size", of(|it| it.first_size = Some(UNSET))),
        count("next size", of(|it| it.next_size = Some(UNSET))),
        digits("increment", FINE, of(|it| it.increment = Some(fine()))),
        digits("drift", FINE, of(|it| it.drift = Some(ScaleDrift { amount: fine(), interval_seconds: 60 }))),
        count(
            "drift interval",
            of(|it| it.drift = Some(ScaleDrift { amount: Decimal::ONE, interval_seconds: UNSET })),
        ),
        digits("profit offset", FINE, of(|it| it.profit_offset = Some(fine()))),
        Case(
            of(|it| it.first_position = Some(i32::MAX)),
            format!("first position of {UNSET} cannot be sent: the library takes this number for none"),
        ),
        count("first fill", of(|it| it.first_fill = Some(UNSET))),
    ]
}

fn combos_and_hedges() -> Vec<Case> {
    let routed = |word| limit(|it| it.combo.routing = vec![word]);
    let hedge = |kind, max_size| {
        with(OrderKind::Market, |draft| {
            let mut hedge = Hedge::new(kind);
            hedge.max_size = max_size;
            (draft.parent, draft.size) = (Some("parent".parse().unwrap()), OrderSize::FollowsParent);
            draft.attributes = OrderAttributes { hedge: Some(hedge), ..OrderAttributes::default() }.into();
        })
    };
    let taken = ComboRouting::Other { tag: "NonGuaranteed".parse().unwrap(), value: "1".parse().unwrap() };
    let legs = with(OrderKind::LimitPerLeg, |draft| {
        let mut said = OrderAttributes::default();
        said.combo.leg_prices = vec![Some(price())];
        draft.attributes = said.into();
    });
    vec![
        digits("leg price", PRICE, legs),
        digits("leg condition", PRICE, routed(ComboRouting::ConditionPriceMin(price()))),
        contract("leg condition", routed(ComboRouting::ConditionContract(far()))),
        count("segment size", routed(ComboRouting::MaxSegmentSize(UNSET))),
        Case(
            routed(taken),
            "combo routing of NonGuaranteed cannot be sent: it has a word of its own".to_owned(),
        ),
        digits("beta", FINE, hedge(HedgeKind::Beta { beta: Some(fine()) }, None)),
        digits("ratio", FINE, hedge(HedgeKind::Pair { ratio: fine() }, None)),
        count("largest hedge", hedge(HedgeKind::Delta, Some(UNSET))),
    ]
}

fn stops_and_neutrals() -> Vec<Case> {
    let adjusted = |trigger, into| {
        with(OrderKind::Stop { stop: plain() }, |draft| {
            let adjustment = Some(StopAdjustment::once_at(trigger, into));
            draft.attributes = OrderAttributes { adjustment, ..OrderAttributes::default() }.into();
        })
    };
    let neutral = |kind, contract| {
        let at = Volatility { percent: Decimal::ONE, terms: VolatilityTerms::default() };
        with(OrderKind::Volatility(at), |draft| {
            let delta_neutral = Some(DeltaNeutral { contract, ..DeltaNeutral::new(kind) });
            draft.attributes = OrderAttributes { delta_neutral, ..OrderAttributes::default() }.into();
        })
    };
    vec![
        digits("adjusted price", PRICE, adjusted(price(), AdjustedStop::Stop { stop: plain() })),
        digits(
            "adjusted trail",
            FINE,
            adjusted(plain(), AdjustedStop::Trail { stop: plain(), by: TrailBy::Amount(fine()) }),
        ),
        digits("delta-neutral price", FINE, neutral(DeltaNeutralKind::Limit { limit: fine() }, None)),
        contract("delta-neutral instrument", neutral(DeltaNeutralKind::Market, Some(far()))),
    ]
}

fn attributes() -> Vec<Case> {
    let physical = |change: fn(&mut PhysicalExchange)| {
        let mut terms = PhysicalExchange { basis_points: None, basis_points_type: None, future: None };
        change(&mut terms);
        limit(|it| it.physical = Some(terms))
    };
    let sold_short = with(OrderKind::Market, |draft| {
        draft.side = Side::Sell;
        let mut said = OrderAttributes::default();
        said.clearing.exempt_code = Some(UNSET);
        draft.attributes = said.into();
    });
    vec![
        digits("basis points", FINE, physical(|it| it.basis_points = Some(fine()))),
        count("basis points type", physical(|it| it.basis_points_type = Some(UNSET))),
        contract("reference future", physical(|it| it.future = Some(far()))),
        count("exempt code", sold_short),
        count("time in the broker's own book", limit(|it| it.routing.own_book_seconds = Some(UNSET))),
        digits("discretionary amount", FINE, limit(|it| it.handling.discretionary_amount = Some(fine()))),
        count("display size", limit(|it| it.handling.display_size = Some(UNSET))),
        count("minimum quantity", limit(|it| it.handling.min_quantity = Some(UNSET))),
        count("minimum trade quantity", limit(|it| it.handling.min_trade_quantity = Some(UNSET))),
        count("minimum compete size", limit(|it| it.handling.min_compete_size = Some(UNSET))),
        count("duration", limit(|it| it.timing.duration_seconds = Some(UNSET))),
    ]
}

fn cases() -> Vec<Case> {
    let groups = [
        limits_and_trails(),
        pegs(),
        benchmarks(),
        sizes(),
        conditions(),
        scales(),
        combos_and_hedges(),
        stops_and_neutrals(),
        attributes(),
    ];
    groups.into_iter().flatten().collect()
}

#[test]
fn every_field_that_cannot_be_sent_is_named_with_its_value_and_the_reason() {
    for Case(draft, words) in cases() {
        assert_eq!(said(draft, WrittenTime::Utc), words);
    }
}

#[test]
fn times_are_written_in_a_zone_whose_offsets_are_known() {
    let nowhere = Zone::new("JST").unwrap();
    assert_eq!(
        said(order(OrderKind::Market), WrittenTime::In(nowhere)),
        "times of JST cannot be sent: no offsets are known of this zone"
    );
}

/// The fields that the sources refuse to send, by the calls that say so.
fn fields_in_sources(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            fields_in_sources(&path, found);
            continue;
        }
        let text: String =
            fs::read_to_string(&path).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
        for call in ["_out(", "_out_opt(", "ToIbError::new(", "number_of("] {
            let after = text.split(call).skip(1).map(str::trim_start);
            let names = after.filter_map(|rest| rest.strip_prefix('"')?.split('"').next());
            found.extend(names.map(str::to_owned));
        }
    }
}

#[test]
fn no_field_of_an_order_is_without_its_case() {
    let mut fields = Vec::new();
    let order = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/translate/order");
    fields_in_sources(&order, &mut fields);
    assert!(fields.len() > 40, "{fields:?}");
    let words: Vec<String> = cases().into_iter().map(|Case(_, words)| words).collect();
    for field in fields.iter().filter(|field| *field != "times") {
        assert!(words.iter().any(|words| words.starts_with(&format!("{field} of "))), "{field} has no case");
    }
}

#[test]
fn what_the_library_leaves_out_has_a_name_and_a_reason() {
    let said = CANNOT_SAY.map(|(name, reason)| format!("{name}: {reason}"));
    let flag = "the library sends it as a flag that is there or not: on, or not said";
    assert_eq!(
        said,
        [
            "auction strategy: the broker's newest messages have no field for it".to_owned(),
            format!("price management off: {flag}"),
            format!("marketable to best bid or offer off: {flag}"),
            "basis points: the broker's newest messages have no field for them".to_owned(),
            "a tag twice: parameters, routing words and options are a map on the wire".to_owned(),
        ]
    );
}

#[test]
fn a_tag_of_an_algo_that_holds_what_it_cannot_is_refused_in_words_of_the_wire() {
    let said = |tag: &str, value: &str| {
        let tag = ibapi::contracts::TagValue { tag: tag.to_owned(), value: value.to_owned() };
        algo_from_ib("Vwap", &[tag], "SMART").unwrap_err().to_string()
    };
    let cases = [
        ("noTakeLiq", "yes", "0 or 1"),
        ("maxPctVol", "much", "a number from 0.01 to 0.5"),
        ("startTime", "soon", "hh:mm:ss ZONE, hh:mm:ss, YYYYMMDD-hh:mm:ss (UTC) or YYYYMMDD-hh:mm:ss ZONE"),
    ];
    for (tag, value, accepted) in cases {
        let whole =
            format!("Order.algoStrategy is \"Vwap\": ib Vwap: {tag} is {value:?}, expected {accepted}");
        assert_eq!(said(tag, value), whole);
    }
}
