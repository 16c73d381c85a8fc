//! The promises of [`TickStore`].

use crate::fixtures::{self, moment, symbol};
use crate::same::assert_same;
use std::future::Future;
use tradeport_kernel::{Symbol, TimeRange};
use tradeport_market_data::{Quote, RecordedQuote, TickQuery, TickStore};

/// What a team supplies to test its store.
pub trait Harness: Sized {
    /// The store under test.
    type Store: TickStore + ?Sized;

    /// An empty store, isolated from every other.
    fn fresh() -> impl Future<Output = Self>;
    /// The store.
    fn store(&self) -> &Self::Store;
    /// The same store, as after a restart.
    fn reopen(self) -> impl Future<Output = Self>;
}

crate::cases::port_cases! { $
    tick_store, tick_store_conformance:
    quotes_that_were_acknowledged_survive_reopening [] = "quotes that were acknowledged survive reopening",
    quotes_of_one_moment_are_all_kept_in_the_order_given [] =
        "quotes of one moment are all kept, in the order given",
    an_empty_batch_changes_nothing [] = "an empty batch changes nothing",
    a_quote_comes_back_exactly_as_it_was_given [] = "a quote comes back exactly as it was given",
    only_the_wanted_symbol_and_range_come_back [] = "only the wanted symbol and range come back",
    a_symbol_never_seen_is_empty_not_an_error [] = "a symbol never seen is empty, not an error",
    paging_by_after_and_limit_gives_every_quote_once [] =
        "paging by `after` and `limit` gives every quote once",
    the_count_equals_what_reading_everything_gives [] = "the count equals what reading everything gives",
    symbols_come_in_alphabetical_order_each_once [] = "symbols come in alphabetical order, each once",
    a_noted_gap_survives_reopening [] = "a noted gap survives reopening",
    only_the_gaps_of_the_wanted_symbol_come_back [] = "only the gaps of the wanted symbol come back",
}

const fn everything(symbol: Symbol) -> TickQuery {
    TickQuery { symbol, range: TimeRange::ALL, after: None, limit: 1_000_000 }
}

async fn append<H: Harness>(harness: &H, quotes: &[Quote]) {
    harness.store().append(quotes).await.expect("a store with room keeps quotes");
}

async fn read<H: Harness>(harness: &H, query: TickQuery) -> Vec<RecordedQuote> {
    harness.store().read(&query).await.expect("a store reads what it keeps")
}

async fn kept<H: Harness>(harness: &H, symbol: Symbol) -> Vec<Quote> {
    read(harness, everything(symbol)).await.into_iter().map(|recorded| recorded.quote).collect()
}

/// Promise: quotes that were acknowledged survive reopening.
pub async fn quotes_that_were_acknowledged_survive_reopening<H: Harness>() {
    let mut harness = H::fresh().await;
    let wanted = fixtures::plain_quotes(symbol("AAPL"), 60);
    for batch in wanted.chunks(7) {
        append(&harness, batch).await;
    }
    harness = harness.reopen().await;
    assert_same(&kept(&harness, symbol("AAPL")).await, &wanted, "quotes after reopening");
    let more = fixtures::plain_quotes(symbol("AAPL"), 3);
    let last = read(&harness, everything(symbol("AAPL"))).await.last().map(|recorded| recorded.sequence);
    append(&harness, &more).await;
    harness = harness.reopen().await;
    let query = TickQuery { after: last, ..everything(symbol("AAPL")) };
    let added: Vec<_> = read(&harness, query).await.into_iter().map(|recorded| recorded.quote).collect();
    assert_same(&added, &more, "quotes recorded after reopening, after those recorded before");
}

/// Promise: quotes of one moment are all kept, in the order given.
pub async fn quotes_of_one_moment_are_all_kept_in_the_order_given<H: Harness>() {
    let harness = H::fresh().await;
    let wanted = fixtures::quotes_of_one_moment(symbol("AAPL"), 40);
    let (first, second) = wanted.split_at(25);
    append(&harness, first).await;
    append(&harness, second).await;
    assert_same(&kept(&harness, symbol("AAPL")).await, &wanted, "quotes of one moment");
}

/// Promise: an empty batch changes nothing.
pub async fn an_empty_batch_changes_nothing<H: Harness>() {
    let harness = H::fresh().await;
    append(&harness, &[]).await;
    assert_eq!(harness.store().symbols().await.expect("symbols are told"), []);
    append(&harness, &fixtures::plain_quotes(symbol("AAPL"), 2)).await;
    let before = read(&harness, everything(symbol("AAPL"))).await;
    append(&harness, &[]).await;
    assert_eq!(read(&harness, everything(symbol("AAPL"))).await, before);
    assert_eq!(harness.store().symbols().await.expect("symbols are told"), [symbol("AAPL")]);
}

/// Promise: a quote comes back exactly as it was given.
pub async fn a_quote_comes_back_exactly_as_it_was_given<H: Harness>() {
    let mut harness = H::fresh().await;
    for name in fixtures::SYMBOLS {
        append(&harness, &fixtures::awkward_quotes(symbol(name))).await;
    }
    harness = harness.reopen().await;
    for name in fixtures::SYMBOLS {
        assert_same(&kept(&harness, symbol(name)).await, &fixtures::awkward_quotes(symbol(name)), name);
    }
}

/// Promise: only the wanted symbol and range come back.
pub async fn only_the_wanted_symbol_and_range_come_back<H: Harness>() {
    let harness = H::fresh().await;
    let (ours, others) =
        (fixtures::plain_quotes(symbol("AAPL"), 20), fixtures::plain_quotes(symbol("MSFT"), 20));
    for (our, other) in ours.iter().zip(&others) {
        append(&harness, &[*other, *our]).await;
    }
    let range = TimeRange::new(ours[5].at(), ours[9].at());
    let query = TickQuery { range, ..everything(symbol("AAPL")) };
    let found: Vec<_> = read(&harness, query).await.into_iter().map(|recorded| recorded.quote).collect();
    assert_same(&found, &ours[5..9], "quotes from the start of a range to before its end");
    let empty = TickQuery { range: TimeRange::new(ours[9].at(), ours[5].at()), ..query };
    assert_eq!(read(&harness, empty).await, [], "a range that ends before it starts holds nothing");
}

/// Promise: a symbol never seen is empty, not an error.
pub async fn a_symbol_never_seen_is_empty_not_an_error<H: Harness>() {
    let harness = H::fresh().await;
    append(&harness, &fixtures::plain_quotes(symbol("AAPL"), 2)).await;
    for name in ["MSFT", "aapl", "AAP", "AAPL.X"] {
        assert_eq!(kept(&harness, symbol(name)).await, [], "{name} was never recorded");
        assert_eq!(harness.store().gaps(symbol(name)).await.expect("no gaps are no error"), []);
    }
}

/// Promise: paging by `after` and `limit` gives every quote once.
pub async fn paging_by_after_and_limit_gives_every_quote_once<H: Harness>() {
    let harness = H::fresh().await;
    let mut wanted = fixtures::plain_quotes(symbol("AAPL"), 11);
    wanted.extend(fixtures::quotes_of_one_moment(symbol("AAPL"), 12));
    for quote in &wanted {
        append(&harness, &[*quote]).await;
        append(&harness, &fixtures::plain_quotes(symbol("MSFT"), 1)).await;
    }
    for limit in [1, 4, 23, 100] {
        let (mut after, mut found) = (None, Vec::new());
        for _ in 0..=wanted.len() {
            let page = read(&harness, TickQuery { after, limit, ..everything(symbol("AAPL")) }).await;
            assert!(page.len() <= limit, "a page of {} quotes is above the limit of {limit}", page.len());
            let Some(last) = page.last() else { break };
            after = Some(last.sequence);
            found.extend(page);
        }
        assert!(
            found.is_sorted_by(|a, b| a.sequence < b.sequence),
            "sequences grow and are never used twice"
        );
        let quotes: Vec<_> = found.iter().map(|recorded| recorded.quote).collect();
        assert_same(&quotes, &wanted, &format!("quotes in pages of {limit}"));
    }
}

/// Promise: the count equals what reading everything gives.
pub async fn the_count_equals_what_reading_everything_gives<H: Harness>() {
    let mut harness = H::fresh().await;
    assert_eq!(harness.store().count(symbol("AAPL")).await.expect("a count of nothing"), 0);
    append(&harness, &fixtures::quotes_of_one_moment(symbol("AAPL"), 17)).await;
    append(&harness, &fixtures::plain_quotes(symbol("MSFT"), 5)).await;
    append(&harness, &fixtures::awkward_quotes(symbol("AAPL"))).await;
    harness = harness.reopen().await;
    for name in ["AAPL", "MSFT", "IBM"] {
        let read = kept(&harness, symbol(name)).await.len();
        let counted = harness.store().count(symbol(name)).await.expect("a count is told");
        assert_eq!(usize::try_from(counted), Ok(read), "of {name}");
    }
    let counted = harness.store().count(symbol("MSFT")).await.expect("a count is told");
    assert_eq!(counted, 5);
}

/// Promise: symbols come in alphabetical order, each once.
pub async fn symbols_come_in_alphabetical_order_each_once<H: Harness>() {
    let mut harness = H::fresh().await;
    for name in ["MSFT", "AAPL", "brk b", "AAPL  250117C00150000", "MSFT", "A"] {
        append(&harness, &fixtures::plain_quotes(symbol(name), 2)).await;
    }
    let wanted = ["A", "AAPL", "AAPL  250117C00150000", "MSFT", "brk b"].map(symbol);
    assert_eq!(harness.store().symbols().await.expect("symbols are told"), wanted);
    harness = harness.reopen().await;
    assert_eq!(harness.store().symbols().await.expect("symbols are told"), wanted, "after reopening");
}

/// Promise: a noted gap survives reopening.
pub async fn a_noted_gap_survives_reopening<H: Harness>() {
    let mut harness = H::fresh().await;
    let wanted = fixtures::gaps(symbol("AAPL"));
    for gap in &wanted {
        harness.store().note_gap(gap).await.expect("a store with room notes gaps");
    }
    harness = harness.reopen().await;
    assert_eq!(harness.store().gaps(symbol("AAPL")).await.expect("gaps are told"), wanted);
}

/// Promise: only the gaps of the wanted symbol come back.
pub async fn only_the_gaps_of_the_wanted_symbol_come_back<H: Harness>() {
    let harness = H::fresh().await;
    let (ours, others) = (fixtures::gaps(symbol("AAPL")), fixtures::gaps(symbol("MSFT")));
    for (our, other) in ours.iter().zip(&others) {
        harness.store().note_gap(other).await.expect("a store with room notes gaps");
        harness.store().note_gap(our).await.expect("a store with room notes gaps");
    }
    assert_eq!(harness.store().gaps(symbol("AAPL")).await.expect("gaps are told"), ours);
    assert!(ours.iter().any(|gap| gap.range.start() == moment(0)), "the fixture holds a plain gap");
}
