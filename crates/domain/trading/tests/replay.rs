//! A replay tells every recorded quote once, in the order of recording.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use futures::executor::block_on;
use proptest::prelude::*;
use std::num::NonZeroUsize;
use std::sync::Arc;
use tradeport_conformance::mocks::MockTickStore;
use tradeport_kernel::{StoreError, Symbol, TimeRange, Timestamp};
use tradeport_market_data::{Level, Quote, RecordedQuote, TickStore};
use tradeport_memory::MemoryTicks;
use tradeport_trading::QuoteReplay;

const SYMBOLS: [&str; 3] = ["AAPL", "IBM", "MSFT"];

fn symbol(place: usize) -> Symbol {
    Symbol::new(SYMBOLS[place]).unwrap()
}

fn quote(place: usize, second: i64) -> Quote {
    let level = Level::new("10".parse().unwrap(), None);
    Quote::new(symbol(place), Timestamp::from_seconds(second), Some(level), None).unwrap()
}

fn told(mut replay: QuoteReplay) -> Vec<Quote> {
    let mut quotes = Vec::new();
    while let Some(RecordedQuote { quote, .. }) = block_on(replay.next()).unwrap() {
        quotes.push(quote);
    }
    quotes
}

proptest! {
    #[test]
    fn every_quote_is_told_once_in_the_order_of_recording(
        recorded in prop::collection::vec((0..3_usize, 0_i64..20), 0..80),
        page in 1_usize..12,
        (from, until) in (0_i64..20, 0_i64..25),
    ) {
        let store = MemoryTicks::default();
        let quotes: Vec<_> = recorded.into_iter().map(|(place, second)| quote(place, second)).collect();
        block_on(store.append(&quotes)).unwrap();
        let range = TimeRange::new(Timestamp::from_seconds(from), Timestamp::from_seconds(until));
        let replay = QuoteReplay::new(Arc::new(store), &[symbol(0), symbol(2), symbol(0)], range)
            .with_page(NonZeroUsize::new(page).unwrap());
        let wanted = |quote: &Quote| quote.symbol() != symbol(1) && range.contains(quote.at());
        prop_assert_eq!(told(replay), quotes.into_iter().filter(wanted).collect::<Vec<_>>());
    }
}

#[test]
fn an_error_skips_nothing() {
    let mut store = MockTickStore::new();
    let mut calls = 0;
    store.expect_read().returning(move |query| {
        calls += 1;
        match (calls, query.after) {
            (2, _) => Err(StoreError::Unavailable("busy".into())),
            (_, None) => Ok(vec![RecordedQuote { sequence: 1, quote: quote(0, 1) }]),
            (_, Some(_)) => Ok(vec![]),
        }
    });
    let mut replay =
        QuoteReplay::new(Arc::new(store), &[symbol(0)], TimeRange::ALL).with_page(NonZeroUsize::MIN);
    assert_eq!(block_on(replay.next()).unwrap().map(|quote| quote.sequence), Some(1));
    assert!(block_on(replay.next()).is_err());
    assert_eq!(block_on(replay.next()).unwrap(), None);
}
