//! The promises of [`BarHistory`].

use crate::fixtures;
use crate::same::assert_same;
use std::future::Future;
use tradeport_kernel::{Symbol, TimeRange, Timestamp};
use tradeport_market_data::{Bar, BarHistory, BarPage, BarRequest, BarSize, HistoryError};

/// What histories differ in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claims {
    /// The earliest start can be asked for.
    pub tells_earliest: bool,
}

impl Claims {
    /// Everything.
    pub const ALL: Self = Self { tells_earliest: true };
}

/// What a team supplies to test its history: a source whose past the case decides.
pub trait Harness: Sized {
    /// The history under test.
    type History: BarHistory + ?Sized;
    /// What it claims to do.
    const CLAIMS: Claims;

    /// A history with a link, without any bar, isolated from every other.
    fn fresh() -> impl Future<Output = Self>;
    /// The history.
    fn history(&self) -> &Self::History;
    /// Two instruments that the source knows.
    fn symbols(&self) -> [Symbol; 2];
    /// An instrument that the source does not know.
    fn unknown_symbol(&self) -> Symbol;
    /// A size that the source serves.
    fn size(&self) -> BarSize;
    /// How many bars one answer holds at most; `None` when it holds all there are.
    fn page_limit(&self) -> Option<u32>;

    /// Lever: makes these the whole past of their instrument and size; they are in time order.
    fn seed(&self, bars: &[Bar]) -> impl Future<Output = ()>;
}

crate::cases::port_cases! { $
    bar_history, bar_history_conformance:
    bars_are_in_time_order_without_repeats [] = "bars are in time order without repeats",
    every_bar_starts_within_the_range [] = "every bar starts within the range",
    following_next_to_its_end_gives_every_bar_of_the_range [] =
        "following `next` to its end gives every bar of the range",
    a_range_without_data_is_an_empty_page_not_an_error [] =
        "a range without data is an empty page, not an error",
    an_unknown_instrument_is_unknown_symbol [] = "an unknown instrument is `UnknownSymbol`",
    the_earliest_start_is_that_of_the_first_bar_of_all_time [tells_earliest] =
        "the earliest start is that of the first bar of all time",
}

async fn page<H: Harness>(harness: &H, request: &BarRequest) -> BarPage {
    harness.history().bars(request).await.expect("a linked history answers")
}

/// Follows `next` to its end.
async fn follow<H: Harness>(harness: &H, request: BarRequest) -> Vec<Bar> {
    let (mut bars, mut request) = (Vec::new(), request);
    for _ in 0..10_000 {
        let page = page(harness, &request).await;
        bars.extend(page.bars);
        let Some(next) = page.next else { return bars };
        assert!(next > request.range.start(), "`next` does not lead on from {}", request.range.start());
        request.range = TimeRange::new(next, request.range.end());
    }
    assert!(bars.is_empty(), "`next` never ends");
    bars
}

/// A past of the first instrument that takes several answers, and another past of the second.
async fn seeded<H: Harness>(harness: &H) -> (Vec<Bar>, BarRequest) {
    let ([symbol, other], size) = (harness.symbols(), harness.size());
    let count = harness.page_limit().map_or(100, |limit| limit * 2 + 3);
    let past = fixtures::plain_bars(symbol, size, count);
    harness.seed(&past).await;
    harness.seed(&fixtures::repriced(&fixtures::plain_bars(other, size, 7))).await;
    let end = past.last().map_or(Timestamp::EPOCH, Bar::start).after(size.length());
    let range = TimeRange::new(past[0].start(), end);
    (past, BarRequest { symbol, size, range })
}

/// Promise: bars are in time order without repeats.
pub async fn bars_are_in_time_order_without_repeats<H: Harness>() {
    let harness = H::fresh().await;
    let (_, request) = seeded(&harness).await;
    let one = page(&harness, &request).await.bars;
    assert!(!one.is_empty(), "the range has bars, the first answer none");
    let all = follow(&harness, request).await;
    for bars in [one, all] {
        assert!(bars.is_sorted_by(|a, b| a.start() < b.start()), "starts must grow from bar to bar");
    }
}

/// Promise: every bar starts within the range.
pub async fn every_bar_starts_within_the_range<H: Harness>() {
    let harness = H::fresh().await;
    let (past, whole) = seeded(&harness).await;
    let between = past[4].start().before(harness.size().length() / 2);
    for range in [
        TimeRange::new(past[2].start(), past[6].start()),
        TimeRange::new(between, past[5].start()),
        TimeRange::new(past[0].start(), past[1].start()),
    ] {
        let bars = follow(&harness, BarRequest { range, ..whole }).await;
        let wanted: Vec<_> = past.iter().copied().filter(|bar| range.contains(bar.start())).collect();
        assert_same(&bars, &wanted, &format!("bars from {} to before {}", range.start(), range.end()));
    }
}

/// Promise: following `next` to its end gives every bar of the range.
pub async fn following_next_to_its_end_gives_every_bar_of_the_range<H: Harness>() {
    let harness = H::fresh().await;
    let (past, request) = seeded(&harness).await;
    if harness.page_limit().is_some() {
        let first = page(&harness, &request).await;
        assert!(first.next.is_some(), "the range has more than one answer holds, and `next` is None");
    }
    assert_same(&follow(&harness, request).await, &past, "bars of the range");
}

/// Promise: a range without data is an empty page, not an error.
pub async fn a_range_without_data_is_an_empty_page_not_an_error<H: Harness>() {
    let harness = H::fresh().await;
    let (past, request) = seeded(&harness).await;
    let year = std::time::Duration::from_secs(365 * 86_400);
    let (start, end) = (past[0].start(), request.range.end());
    for range in [
        TimeRange::new(start.before(year * 2), start.before(year)),
        TimeRange::new(end.after(year), end.after(year * 2)),
        TimeRange::new(end, start),
    ] {
        let page = page(&harness, &BarRequest { range, ..request }).await;
        assert_eq!(page, BarPage { bars: vec![], next: None });
    }
}

/// Promise: an unknown instrument is `UnknownSymbol`.
pub async fn an_unknown_instrument_is_unknown_symbol<H: Harness>() {
    let harness = H::fresh().await;
    let (_, request) = seeded(&harness).await;
    let symbol = harness.unknown_symbol();
    let answer = harness.history().bars(&BarRequest { symbol, ..request }).await;
    assert!(
        matches!(&answer, Err(HistoryError::UnknownSymbol(found)) if *found == symbol),
        "{symbol} is not known, and the history says {answer:?}"
    );
}

/// Promise: the earliest start is that of the first bar of all time.
pub async fn the_earliest_start_is_that_of_the_first_bar_of_all_time<H: Harness>() {
    let harness = H::fresh().await;
    let [symbol, _] = harness.symbols();
    let nothing = harness.history().earliest(symbol, harness.size()).await.expect("a linked history answers");
    assert_eq!(nothing, None, "nothing is known of {symbol} yet");
    let (past, request) = seeded(&harness).await;
    let earliest =
        harness.history().earliest(symbol, harness.size()).await.expect("a linked history answers");
    assert_eq!(earliest, Some(past[0].start()));
    let wide = TimeRange::new(past[0].start().before(harness.size().length() * 3), request.range.end());
    let first = follow(&harness, BarRequest { range: wide, ..request }).await.first().map(Bar::start);
    assert_eq!(first, earliest, "asking for more of the past gives no earlier bar");
}
