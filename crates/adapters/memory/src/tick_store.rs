//! Quotes in memory.

use crate::shared::Shared;
use async_trait::async_trait;
use std::collections::BTreeSet;
use tradeport_kernel::{StoreError, Symbol};
use tradeport_market_data::{Gap, Quote, RecordedQuote, TickQuery, TickStore};

/// Keeps quotes and gaps in the order in which they came.
#[derive(Clone, Debug, Default)]
pub struct MemoryTicks(Shared<Kept>);

#[derive(Debug, Default)]
struct Kept {
    quotes: Vec<RecordedQuote>,
    gaps: Vec<Gap>,
}

#[async_trait]
impl TickStore for MemoryTicks {
    async fn append(&self, quotes: &[Quote]) -> Result<(), StoreError> {
        let mut kept = self.0.lock();
        let first = kept.quotes.last().map_or(1, |last| last.sequence + 1);
        let recorded =
            (first..).zip(quotes).map(|(sequence, quote)| RecordedQuote { sequence, quote: *quote });
        kept.quotes.extend(recorded);
        Ok(())
    }

    async fn read(&self, query: &TickQuery) -> Result<Vec<RecordedQuote>, StoreError> {
        let after = query.after.unwrap_or(0);
        let wanted = |recorded: &&RecordedQuote| {
            let RecordedQuote { sequence, quote } = recorded;
            *sequence > after && quote.symbol() == query.symbol && query.range.contains(quote.at())
        };
        Ok(self.0.lock().quotes.iter().filter(wanted).take(query.limit).copied().collect())
    }

    async fn count(&self, symbol: Symbol) -> Result<u64, StoreError> {
        let of_symbol = |recorded: &&RecordedQuote| recorded.quote.symbol() == symbol;
        let count = self.0.lock().quotes.iter().filter(of_symbol).count();
        Ok(u64::try_from(count).expect("a count of what is in memory fits into 64 bits"))
    }

    async fn symbols(&self) -> Result<Vec<Symbol>, StoreError> {
        let symbols: BTreeSet<_> =
            self.0.lock().quotes.iter().map(|recorded| recorded.quote.symbol()).collect();
        Ok(symbols.into_iter().collect())
    }

    async fn note_gap(&self, gap: &Gap) -> Result<(), StoreError> {
        self.0.lock().gaps.push(gap.clone());
        Ok(())
    }

    async fn gaps(&self, symbol: Symbol) -> Result<Vec<Gap>, StoreError> {
        Ok(self.0.lock().gaps.iter().filter(|gap| gap.symbol == symbol).cloned().collect())
    }
}
