//! Brackets and what they refuse.

use super::*;
use proptest::prelude::*;

fn price(text: &str) -> Price {
    text.parse().unwrap()
}

fn units(text: &str) -> Quantity {
    text.parse().unwrap()
}

fn entry(side: Side, key: &str) -> OrderDraft {
    let limit = OrderKind::Limit { limit: price("30") };
    let (key, account) = (key.parse().unwrap(), "DU1".parse().unwrap());
    OrderDraft::new(key, account, "AAPL".parse().unwrap(), side, units("100"), limit)
}

fn long() -> Bracket {
    Bracket::around(entry(Side::Buy, "morning"))
}

fn refusal(bracket: Bracket) -> String {
    bracket.build().unwrap_err().to_string()
}

#[test]
fn children_go_where_their_parent_goes() {
    let direct = entry(Side::Buy, "morning").routed_to("ISLAND".parse().unwrap());
    let orders = Bracket::around(direct).target(price("40")).stop(price("20")).build().unwrap();
    assert!(orders.iter().all(|order| order.ordered().unwrap().to_string() == "AAPL@ISLAND"));
    let spread: tradeport_contracts::Instrument = "combo:IBM;leg=+1x1@SMART;leg=-1x2@SMART".parse().unwrap();
    let combo = entry(Side::Buy, "spread").of(spread.clone());
    let orders = Bracket::around(combo).target(price("40")).stop(price("20")).build().unwrap();
    assert!(orders.iter().all(|order| order.instrument().as_ref() == Some(&spread)));
}

#[test]
fn children_are_opposite_grouped_and_named_after_their_parent() {
    let trail = OrderKind::Trail { by: crate::TrailBy::Percent(Decimal::TEN), stop: None };
    let orders = long().target(price("40")).stop(price("20")).stop_by(trail).build().unwrap();
    let keys: Vec<_> = orders.iter().map(|order| order.key().as_str()).collect();
    assert_eq!(keys, ["morning", "morning.target1", "morning.stop1", "morning.stop2"]);
    for child in &orders[1..] {
        assert_eq!((child.side(), child.parent().unwrap().as_str()), (Side::Sell, "morning"));
        let group = child.oca().unwrap();
        assert_eq!((group.name(), group.effect()), ("morning.exits", Some(OcaEffect::ReduceWithBlock)));
    }
    let sizes: Vec<_> = orders.iter().map(|order| order.quantity().unwrap().to_string()).collect();
    assert_eq!(sizes, ["100"; 4]);
    assert!(orders[0].oca().is_none() && orders[0].parent().is_none());
}

/// Each exit as its key, its size and its group.
fn exits(bracket: Bracket) -> Vec<String> {
    let words = |order: &OrderIntent| {
        let short = |name: &str| name.strip_prefix("morning.").unwrap().to_owned();
        let group = short(order.oca().unwrap().name());
        format!("{} {} {group}", short(order.key().as_str()), order.quantity().unwrap())
    };
    bracket.build().unwrap()[1..].iter().map(words).collect()
}

#[test]
fn exits_for_parts_are_grouped_with_what_is_for_the_same_units() {
    let halves = || long().target_for(units("60"), price("40")).target_for(units("40"), price("50"));
    let stop = |price_of: &str| OrderKind::Stop { stop: price(price_of) };
    assert_eq!(
        exits(halves().stop(price("20"))),
        ["target1 60 exits1", "target2 40 exits2", "stop1 60 exits1", "stop2 40 exits2"]
    );
    // Each kind is cut where the other is.
    assert_eq!(
        exits(halves().stop_for(units("50"), stop("20")).stop_by(stop("10"))),
        [
            "target1 50 exits1",
            "target2 10 exits2",
            "target3 40 exits3",
            "stop1 50 exits1",
            "stop2 10 exits2",
            "stop3 40 exits3"
        ]
    );
    // What is not said to be a part takes what is left; two of them, the same.
    assert_eq!(
        exits(
            long()
                .target_for(units("60"), price("40"))
                .target(price("50"))
                .stop(price("20"))
                .stop(price("19"))
        ),
        [
            "target1 60 exits1",
            "target2 40 exits2",
            "stop1 60 exits1",
            "stop2 40 exits2",
            "stop3 60 exits1",
            "stop4 40 exits2"
        ]
    );
    assert_eq!(exits(long().stop_for(units("30"), stop("20"))), ["stop1 30 exits1"]);
    assert_eq!(
        exits(long().target_for(units("100"), price("40")).stop(price("20"))),
        ["target1 100 exits", "stop1 100 exits"]
    );
}

proptest! {
    /// Whatever is filled, the stops that are left are for what is left.
    #[test]
    fn targets_and_stops_for_all_of_it_stay_of_one_size(
        targets in prop::collection::vec(1..40_u32, 1..5), stops in prop::collection::vec(1..40_u32, 1..5),
    ) {
        let size = targets.iter().sum::<u32>().max(stops.iter().sum());
        let entry = OrderDraft { size: OrderSize::Units(units(&size.to_string())), ..entry(Side::Buy, "e") };
        let part = |number: &u32| units(&number.to_string());
        let mut bracket = Bracket::around(entry);
        bracket = targets.iter().fold(bracket, |it, of| it.target_for(part(of), price("40")));
        bracket = stops.iter().fold(bracket, |it, of| it.stop_for(part(of), OrderKind::Stop { stop: price("20") }));
        let orders = bracket.build().unwrap();
        let mut groups: std::collections::BTreeMap<&str, Vec<Decimal>> = Default::default();
        for exit in &orders[1..] {
            groups.entry(exit.oca().unwrap().name()).or_default().push(exit.quantity().unwrap().as_decimal());
        }
        prop_assert!(groups.values().all(|sizes| sizes.len() <= 2 && sizes.iter().all(|it| *it == sizes[0])));
        for (name, wanted) in [("LMT", &targets), ("STP", &stops)] {
            let of_kind = orders[1..].iter().filter(|it| it.kind().name() == name);
            let sum: Decimal = of_kind.map(|it| it.quantity().unwrap().as_decimal()).sum();
            prop_assert_eq!(sum, Decimal::from(wanted.iter().sum::<u32>()));
        }
    }
}

#[test]
fn children_stand_as_long_as_their_parent_and_may_be_ungrouped() {
    let draft = entry(Side::Sell, "short").good_till_cancelled().with_outside_sessions();
    let orders = Bracket::around(draft).target(price("20")).stop(price("40")).ungrouped().build().unwrap();
    for child in &orders[1..] {
        assert_eq!(child.time_in_force(), crate::TimeInForce::GoodTillCancelled);
        assert!(child.outside_sessions() && child.oca().is_none() && child.side() == Side::Buy);
    }
}

#[test]
fn without_another_word_nothing_of_it_outlives_the_session() {
    let orders = long().target(price("40")).stop(price("20")).build().unwrap();
    assert!(orders.iter().all(|order| order.time_in_force() == crate::TimeInForce::Day));
}

#[test]
fn every_refusal_says_what_would_be_accepted() {
    let many = (0..21).fold(long(), |bracket, _| bracket.stop(price("20")));
    let long_key = Bracket::around(entry(Side::Buy, &"k".repeat(36))).stop(price("20"));
    let cash = OrderDraft {
        size: OrderSize::Cash(tradeport_kernel::Money::new(Decimal::TEN, tradeport_kernel::Currency::USD)),
        ..entry(Side::Buy, "cash")
    };
    let moo = OrderDraft { kind: OrderKind::Market, ..entry(Side::Buy, "market") };
    let cases = [
        (long(), "a bracket without a target or a stop is a plain order: give one exit at least"),
        (many, "21 exits were given: a bracket has at most 20"),
        (
            long().target(price("29")),
            "a target of 29 does not gain on an entry at 30: to buy there, it must be above it",
        ),
        (
            long().stop(price("31")),
            "a stop at 31 does not limit the loss of an entry at 30: to buy there, it must be below it",
        ),
        (
            Bracket::around(entry(Side::Sell, "s")).stop(price("29")),
            "a stop at 29 does not limit the loss of an entry at 30: to sell there, it must be above it",
        ),
        (
            Bracket::around(moo).target(price("20")).stop(price("21")),
            "a stop at 21 lies beyond the target at 20: both would wake at once",
        ),
        (
            long().target_for(units("60"), price("40")).target_for(units("50"), price("41")),
            "the targets take out 110, the entry brings in 100",
        ),
        (
            long().stop(price("20")).stop_for(units("100"), OrderKind::Stop { stop: price("19") }),
            "nothing is left for a stop that says nothing of a part: the others take all of it",
        ),
        (
            Bracket::around(cash).target_for(units("1"), price("40")),
            "an exit for a part needs an entry that is sized in units",
        ),
        (
            long_key,
            "the key kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk is too long: at most 31 characters, so that the children's \
             keys fit",
        ),
        (
            long().stop_by(OrderKind::Trail { by: crate::TrailBy::Amount(Decimal::ZERO), stop: None }),
            "the order morning.stop1 would not do",
        ),
    ];
    for (bracket, wanted) in cases {
        assert_eq!(refusal(bracket), wanted);
    }
}

#[test]
fn an_exit_at_the_entry_neither_gains_nor_loses_and_is_refused() {
    for side in [Side::Buy, Side::Sell] {
        let built = |target: &str, stop: &str| {
            Bracket::around(entry(side, "e")).target(price(target)).stop(price(stop)).build().is_ok()
        };
        let (above, below) = if side == Side::Buy { ("31", "29") } else { ("29", "31") };
        assert!(built(above, below), "{side}");
        assert!(!built("30", below) && !built(above, "30"), "{side}");
    }
}

#[test]
fn a_bracket_has_as_many_exits_as_it_may() {
    let with = |count: usize| {
        let part = units("1");
        let draft = OrderDraft { size: OrderSize::Units(units("100")), ..entry(Side::Buy, "e") };
        (0..count)
            .fold(Bracket::around(draft), |it, _| it.stop_for(part, OrderKind::Stop { stop: price("20") }))
    };
    assert!(with(Bracket::MAX_EXITS).build().is_ok());
    assert!(matches!(with(Bracket::MAX_EXITS + 1).build(), Err(NotABracket::TooManyExits(_))));
}

proptest! {
    #[test]
    fn a_bracket_that_is_built_gains_at_its_target_and_loses_at_its_stop(
        buys: bool, target in 1..100_i64, stop in 1..100_i64,
    ) {
        let side = if buys { Side::Buy } else { Side::Sell };
        let at = |number: i64| Price::new(Decimal::from(number)).unwrap();
        let bracket = Bracket::around(entry(side, "e")).target(at(target)).stop(at(stop));
        let good = if buys { target > 30 && stop < 30 } else { target < 30 && stop > 30 };
        prop_assert_eq!(bracket.build().is_ok(), good);
    }
}
