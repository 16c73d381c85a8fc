//! The promises of [`BarStore`].

use crate::fixtures::{self, symbol};
use crate::same::assert_same;
use std::future::Future;
use tradeport_kernel::{Symbol, TimeRange};
use tradeport_market_data::{Bar, BarRequest, BarSize, BarStore};

/// What a team supplies to test its store.
pub trait Harness: Sized {
    /// The store under test.
    type Store: BarStore + ?Sized;

    /// An empty store, isolated from every other.
    fn fresh() -> impl Future<Output = Self>;
    /// The store.
    fn store(&self) -> &Self::Store;
    /// The same store, as after a restart.
    fn reopen(self) -> impl Future<Output = Self>;
}

crate::cases::port_cases! { $
    bar_store, bar_store_conformance:
    a_bar_of_the_same_symbol_size_and_start_replaces_the_one_before [] =
        "a bar of the same symbol, size and start replaces the one before",
    bars_that_were_acknowledged_survive_reopening [] = "bars that were acknowledged survive reopening",
    a_bar_comes_back_exactly_as_it_was_given [] = "a bar comes back exactly as it was given",
    only_the_wanted_symbol_size_and_range_come_back [] = "only the wanted symbol, size and range come back",
    nothing_kept_is_empty_not_an_error [] = "nothing kept is empty, not an error",
    the_span_of_nothing_is_none [] = "the span of nothing is `None`",
}

fn hour() -> BarSize {
    "1h".parse().expect("brokers serve bars of an hour")
}

const fn everything(symbol: Symbol, size: BarSize) -> BarRequest {
    BarRequest { symbol, size, range: TimeRange::ALL }
}

async fn save<H: Harness>(harness: &H, bars: &[Bar]) {
    harness.store().save(bars).await.expect("a store with room keeps bars");
}

async fn read<H: Harness>(harness: &H, request: BarRequest) -> Vec<Bar> {
    harness.store().read(&request).await.expect("a store reads what it keeps")
}

/// Promise: a bar of the same symbol, size and start replaces the one before.
pub async fn a_bar_of_the_same_symbol_size_and_start_replaces_the_one_before<H: Harness>() {
    let harness = H::fresh().await;
    let old = fixtures::plain_bars(symbol("AAPL"), BarSize::DAY, 5);
    let new = fixtures::repriced(&old[1..3]);
    save(&harness, &old).await;
    save(&harness, &new).await;
    let wanted = [old[0], new[0], new[1], old[3], old[4]];
    assert_eq!(read(&harness, everything(symbol("AAPL"), BarSize::DAY)).await, wanted, "in a later batch");
    let newest = fixtures::repriced(&new);
    save(&harness, &[new[0], newest[0]]).await;
    let found = read(&harness, everything(symbol("AAPL"), BarSize::DAY)).await;
    assert_eq!(found.get(1), newest.first(), "within one batch the last of them stays");
}

/// Promise: bars that were acknowledged survive reopening.
pub async fn bars_that_were_acknowledged_survive_reopening<H: Harness>() {
    let mut harness = H::fresh().await;
    let wanted = fixtures::plain_bars(symbol("AAPL"), BarSize::MINUTE, 50);
    for batch in wanted.chunks(6).rev() {
        save(&harness, batch).await;
    }
    save(&harness, &[]).await;
    harness = harness.reopen().await;
    let found = read(&harness, everything(symbol("AAPL"), BarSize::MINUTE)).await;
    assert_same(&found, &wanted, "bars after reopening");
    let span = harness.store().span(symbol("AAPL"), BarSize::MINUTE).await.expect("a span is told");
    assert_eq!(span, Some((wanted[0].start(), wanted[49].start())));
}

/// Promise: a bar comes back exactly as it was given.
pub async fn a_bar_comes_back_exactly_as_it_was_given<H: Harness>() {
    let mut harness = H::fresh().await;
    for size in BarSize::all() {
        save(&harness, &fixtures::awkward_bars(symbol("BRK B"), size)).await;
    }
    harness = harness.reopen().await;
    for size in BarSize::all() {
        let found = read(&harness, everything(symbol("BRK B"), size)).await;
        assert_same(&found, &fixtures::awkward_bars(symbol("BRK B"), size), &format!("bars of {size}"));
    }
}

/// Promise: only the wanted symbol, size and range come back.
pub async fn only_the_wanted_symbol_size_and_range_come_back<H: Harness>() {
    let harness = H::fresh().await;
    let wanted = fixtures::plain_bars(symbol("AAPL"), BarSize::DAY, 20);
    save(&harness, &wanted).await;
    save(&harness, &fixtures::plain_bars(symbol("MSFT"), BarSize::DAY, 20)).await;
    // Hours of the same days.
    save(&harness, &fixtures::plain_bars(symbol("AAPL"), hour(), 480)).await;
    let range = TimeRange::new(wanted[3].start(), wanted[8].start());
    let request = BarRequest { range, ..everything(symbol("AAPL"), BarSize::DAY) };
    let found = read(&harness, request).await;
    assert_same(&found, &wanted[3..8], "bars from the start of a range to before its end");
    let backwards = BarRequest { range: TimeRange::new(range.end(), range.start()), ..request };
    assert_eq!(read(&harness, backwards).await, [], "a range that ends before it starts holds nothing");
}

/// Promise: nothing kept is empty, not an error.
pub async fn nothing_kept_is_empty_not_an_error<H: Harness>() {
    let harness = H::fresh().await;
    assert_eq!(read(&harness, everything(symbol("AAPL"), BarSize::DAY)).await, []);
    save(&harness, &fixtures::plain_bars(symbol("AAPL"), BarSize::DAY, 2)).await;
    assert_eq!(read(&harness, everything(symbol("MSFT"), BarSize::DAY)).await, []);
    assert_eq!(read(&harness, everything(symbol("AAPL"), BarSize::MINUTE)).await, []);
}

/// Promise: the span of nothing is `None`.
pub async fn the_span_of_nothing_is_none<H: Harness>() {
    let harness = H::fresh().await;
    save(&harness, &fixtures::plain_bars(symbol("AAPL"), BarSize::DAY, 2)).await;
    for (name, size) in [("MSFT", BarSize::DAY), ("AAPL", BarSize::MINUTE)] {
        let span = harness.store().span(symbol(name), size).await.expect("a span of nothing is no error");
        assert_eq!(span, None, "of {name} in bars of {size}");
    }
}
