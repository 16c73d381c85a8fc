//! Ranges of time are found through blocks of sequences; whatever the order of the moments, the answer is that of
//! looking at every quote.
#![expect(clippy::unwrap_used, reason = "tests may unwrap")]

mod support;

use futures::executor::block_on;
use proptest::prelude::*;
use support::{open, second, symbol};
use tradeport_kernel::{Price, Symbol, TimeRange};
use tradeport_market_data::{Level, Quote, RecordedQuote, TickQuery, TickStore};

const NAMES: [&str; 3] = ["AAPL", "IBM", "MSFT"];
const SECONDS: i64 = 500;

fn quotes() -> impl Strategy<Value = Vec<Vec<Quote>>> {
    let one = (0..NAMES.len(), 0..SECONDS, 1..10_000_u32).prop_map(|(name, at, price)| {
        let level = Level::new(Price::new(price.into()).unwrap(), None);
        Quote::new(symbol(NAMES[name]), second(at), Some(level), None).unwrap()
    });
    // Batches on both sides of what fits a block.
    let batch =
        prop_oneof![prop::collection::vec(one.clone(), 0..40), prop::collection::vec(one, 900..1_100)];
    prop::collection::vec(batch, 1..5)
}

/// The model: every quote in the order of recording, numbered from 1.
fn wanted(all: &[Quote], query: &TickQuery) -> Vec<RecordedQuote> {
    (1..)
        .zip(all)
        .map(|(sequence, quote)| RecordedQuote { sequence, quote: *quote })
        .filter(|tick| tick.quote.symbol() == query.symbol && query.range.contains(tick.quote.at()))
        .filter(|tick| query.after.is_none_or(|after| tick.sequence > after))
        .take(query.limit)
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn a_query_answers_as_if_every_quote_were_looked_at(
        batches in quotes(),
        queries in prop::collection::vec(
            (0..NAMES.len(), 0..SECONDS, 0..SECONDS, prop::option::of(0..4_000_u64), 0..2_000_usize), 1..12),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let mut ticks = open(folder.path()).ticks();
        for (place, batch) in batches.iter().enumerate() {
            block_on(ticks.append(batch)).unwrap();
            if place % 2 == 1 {
                drop(ticks);
                ticks = open(folder.path()).ticks();
            }
        }
        let all: Vec<Quote> = batches.concat();
        for (name, start, end, after, limit) in queries {
            let range = TimeRange::new(second(start), second(end));
            let query = TickQuery { symbol: symbol(NAMES[name]), range, after, limit };
            prop_assert_eq!(block_on(ticks.read(&query)).unwrap(), wanted(&all, &query));
        }
        for name in NAMES.map(symbol) {
            let count = all.iter().filter(|quote| Quote::symbol(quote) == Symbol::new(name.as_str()).unwrap()).count();
            prop_assert_eq!(block_on(ticks.count(name)).unwrap(), count as u64);
        }
    }
}
