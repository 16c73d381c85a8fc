//! Orders of every kind go out and come back as they were, and no foreign order breaks the way back.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic is how a test fails, and its figures are read"
)]

mod garbage;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use tradeport_conformance::generate::{KINDS, draft, moment, words};
use tradeport_ib::translate::{
    CancelWords, OrderNumbers, Surroundings, WrittenTime, cancel_from_ib, cancel_to_ib, order_from_ib,
    order_to_ib,
};
use tradeport_kernel::{Currency, OrderKey};
use tradeport_orders::algo::Zone;
use tradeport_orders::{CancelTag, Entry, OrderIntent};

const CASES: u32 = 10_000;

/// Some of the keys that orders name, with their numbers.
pub(crate) fn family() -> OrderNumbers {
    let mut numbers = OrderNumbers::new();
    for (key, number) in [("own", 7), ("parent", 8), ("stop", 9), ("target", 10)] {
        assert!(numbers.give(&OrderKey::new(key).unwrap(), number));
    }
    numbers
}

pub(crate) fn around(numbers: &OrderNumbers, times: WrittenTime) -> Surroundings<'_> {
    let symbol = "AAPL".parse().unwrap();
    Surroundings { numbers, times, symbol, instrument: None, currency: Currency::USD, route: "SMART" }
}

pub(crate) fn written() -> impl Strategy<Value = WrittenTime> {
    let zone = |name| Zone::new(name).unwrap();
    prop::sample::select(vec![
        WrittenTime::Utc,
        WrittenTime::In(zone("US/Eastern")),
        WrittenTime::In(zone("Australia/Lord_Howe")),
        WrittenTime::Bare(zone("Europe/London")),
    ])
}

fn comes_back(intent: &OrderIntent, times: WrittenTime) -> Result<(), TestCaseError> {
    let numbers = family();
    let around = around(&numbers, times);
    let fail = |error: &dyn std::fmt::Display| TestCaseError::fail(format!("{error} in {intent:?}"));
    let sent = order_to_ib(intent, &around).map_err(|error| fail(&error))?;
    let back = order_from_ib(&sent, &around).map_err(|error| fail(&error))?;
    prop_assert_eq!(&back.intent, intent, "{:?}", sent);
    prop_assert_eq!(back.number, 7);
    Ok(())
}

fn all_come_back(which: usize) {
    let mut runner = TestRunner::new(ProptestConfig {
        cases: CASES,
        max_global_rejects: CASES,
        ..ProptestConfig::default()
    });
    let held = runner.run(&(draft(which), written()), |(draft, times)| match draft.check() {
        Ok(intent) => comes_back(&intent, times),
        Err(_) => Err(TestCaseError::reject("it contradicts itself")),
    });
    held.unwrap_or_else(|error| panic!("{}: {error}", KINDS[which]));
}

/// One test a kind, so that they run side by side.
macro_rules! kinds {
    ($($test:ident: $which:literal),+ $(,)?) => {
        $(#[test]
        fn $test() {
            all_come_back($which);
        })+

        /// A kind without a test would be a kind without a proof.
        #[test]
        fn no_kind_is_left_out() {
            assert_eq!(vec![$($which),+], (0..KINDS.len()).collect::<Vec<usize>>());
        }
    };
}

kinds! {
    market: 0, market_protected: 1, market_to_limit: 2, limit: 3, limit_per_leg: 4, stop: 5, stop_protected: 6,
    stop_limit: 7, trail: 8, trail_limit: 9, trail_limit_from: 10, market_on_close: 11, limit_on_close: 12,
    market_on_open: 13, limit_on_open: 14, market_if_touched: 15, limit_if_touched: 16, trail_market_if_touched: 17,
    trail_limit_if_touched: 18, relative: 19, passive_relative: 20, peg_market: 21, peg_primary: 22, peg_mid: 23,
    peg_best: 24, peg_stock: 25, peg_benchmark: 26, fix_pegged: 27, snap_mid: 28, snap_market: 29, snap_primary: 30,
    mid_price: 31, box_top: 32, vwap: 33, quote: 34, volatility: 35, peg_volatility: 36, limit_plus_market: 37,
    relative_plus_limit: 38, relative_plus_market: 39, trail_limit_plus_market: 40, trail_relative_plus_market: 41,
}

/// The journal keeps orders as documents: none of their words is lost there either.
#[test]
fn a_document_keeps_every_order() {
    let kinds: Vec<_> = (0..KINDS.len()).map(|which| draft(which).boxed()).collect();
    let mut runner = TestRunner::new(ProptestConfig::with_cases(CASES));
    let held = runner.run(&prop::strategy::Union::new(kinds), |draft| {
        let Ok(intent) = draft.check() else { return Ok(()) };
        let text = serde_json::to_string(&intent).unwrap();
        prop_assert_eq!(serde_json::from_str::<OrderIntent>(&text).unwrap(), intent, "{}", text);
        Ok(())
    });
    held.unwrap();
}

#[test]
fn a_cancel_comes_back() {
    let entry = prop::option::of(prop_oneof![Just(Entry::Manual), Just(Entry::Automated)]);
    let operator = prop::option::of(words());
    let cancel = (entry, operator, prop::option::of(moment()))
        .prop_map(|(entry, operator, asked_at)| CancelTag { entry, operator, asked_at });
    let mut runner = TestRunner::new(ProptestConfig::with_cases(CASES));
    let held = runner.run(&cancel, |tag| {
        prop_assert_eq!(cancel_from_ib(&cancel_to_ib(&tag)).unwrap(), tag);
        Ok(())
    });
    held.unwrap();
}

#[test]
fn a_foreign_cancel_is_read_or_refused() {
    let text = || prop::string::string_regex(".{0,30}").unwrap();
    let foreign = (text(), text(), any::<Option<i32>>());
    let mut runner = TestRunner::new(ProptestConfig::with_cases(CASES));
    let held = runner.run(&foreign, |(time, operator, indicator)| {
        let words = CancelWords {
            manual_order_cancel_time: time,
            ext_operator: operator,
            manual_order_indicator: indicator,
        };
        if let Ok(tag) = cancel_from_ib(&words) {
            prop_assert_eq!(cancel_from_ib(&cancel_to_ib(&tag)).unwrap(), tag);
        }
        Ok(())
    });
    held.unwrap();
}
