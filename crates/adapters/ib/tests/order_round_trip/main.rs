//! Orders of every kind go out and come back as they were, and no foreign order breaks the way back.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic is how a test fails, and its figures are read"
)]

mod garbage;
#[path = "../support/order_kinds.rs"]
#[macro_use]
mod order_kinds;

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
    let route = intent.route().map_or_else(|| "SMART".to_owned(), |route| route.to_string());
    let around = Surroundings { route: &route, ..around(&numbers, times) };
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

for_each_order_kind!(all_come_back);

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
