//! Recorded quotes, once more: in the order in which they were recorded, whatever their own clocks said.
//!
//! Memory holds one page of each instrument, however long the recording is.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::sync::Arc;
use tradeport_kernel::{StoreError, Symbol, TimeRange};
use tradeport_market_data::{RecordedQuote, TickQuery, TickStore};

/// So many quotes of each instrument are read at once, unless said otherwise.
const PAGE: NonZeroUsize = NonZeroUsize::new(4_096).expect("4,096 is not zero");

/// Reads recorded quotes of several instruments as one story.
pub struct QuoteReplay {
    store: Arc<dyn TickStore>,
    range: TimeRange,
    page: NonZeroUsize,
    sources: Vec<Source>,
}

/// One instrument's quotes that were read and not told yet.
struct Source {
    symbol: Symbol,
    page: VecDeque<RecordedQuote>,
    after: Option<u64>,
    exhausted: bool,
}

impl QuoteReplay {
    /// A replay of these instruments' quotes whose moments lie in `range`.
    #[must_use]
    pub fn new(store: Arc<dyn TickStore>, symbols: &[Symbol], range: TimeRange) -> Self {
        let mut symbols = symbols.to_vec();
        symbols.sort_unstable();
        symbols.dedup();
        let source = |symbol| Source { symbol, page: VecDeque::new(), after: None, exhausted: false };
        Self { store, range, page: PAGE, sources: symbols.into_iter().map(source).collect() }
    }

    /// The same replay with pages of another size.
    #[must_use]
    pub fn with_page(self, page: NonZeroUsize) -> Self {
        Self { page, ..self }
    }

    /// The next quote; `None` once all have been told. After an error the same call may be tried again: nothing is
    /// skipped.
    pub async fn next(&mut self) -> Result<Option<RecordedQuote>, StoreError> {
        for source in &mut self.sources {
            source.fill(&*self.store, self.range, self.page).await?;
        }
        let next = |source: &&mut Source| source.page.front().map_or(u64::MAX, |quote| quote.sequence);
        let earliest = self.sources.iter_mut().filter(|source| !source.page.is_empty()).min_by_key(next);
        Ok(earliest.and_then(|source| source.page.pop_front()))
    }
}

impl Source {
    async fn fill(
        &mut self,
        store: &dyn TickStore,
        range: TimeRange,
        page: NonZeroUsize,
    ) -> Result<(), StoreError> {
        if !self.page.is_empty() || self.exhausted {
            return Ok(());
        }
        let query = TickQuery { symbol: self.symbol, range, after: self.after, limit: page.get() };
        self.page = store.read(&query).await?.into();
        self.exhausted = self.page.len() < page.get();
        self.after = self.page.back().map(|quote| quote.sequence).or(self.after);
        Ok(())
    }
}
