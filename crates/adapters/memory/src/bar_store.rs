//! Bars in memory.

use crate::shared::Shared;
use async_trait::async_trait;
use std::collections::BTreeMap;
use tradeport_kernel::{StoreError, Symbol, Timestamp};
use tradeport_market_data::{Bar, BarRequest, BarSize, BarStore};

/// Keeps bars by symbol, size and start.
#[derive(Clone, Debug, Default)]
pub struct MemoryBars(Shared<BTreeMap<(Symbol, BarSize, Timestamp), Bar>>);

#[async_trait]
impl BarStore for MemoryBars {
    async fn save(&self, bars: &[Bar]) -> Result<(), StoreError> {
        self.0.lock().extend(bars.iter().map(|bar| ((bar.symbol(), bar.size(), bar.start()), *bar)));
        Ok(())
    }

    async fn read(&self, request: &BarRequest) -> Result<Vec<Bar>, StoreError> {
        let BarRequest { symbol, size, range } = *request;
        let wanted = |bar: &&Bar| bar.symbol() == symbol && bar.size() == size && range.contains(bar.start());
        Ok(self.0.lock().values().filter(wanted).copied().collect())
    }

    async fn span(
        &self,
        symbol: Symbol,
        size: BarSize,
    ) -> Result<Option<(Timestamp, Timestamp)>, StoreError> {
        let kept = self.0.lock();
        let mut starts = kept
            .range((symbol, size, Timestamp::MIN)..=(symbol, size, Timestamp::MAX))
            .map(|((_, _, start), _)| *start);
        let Some(first) = starts.next() else { return Ok(None) };
        Ok(Some((first, starts.next_back().unwrap_or(first))))
    }
}
