//! [`BarHistory`] from the bars that the broker was given.

use crate::FakeBroker;
use async_trait::async_trait;
use tradeport_kernel::{Symbol, Timestamp};
use tradeport_market_data::{BarHistory, BarPage, BarRequest, BarSize, HistoryError};

/// So many bars fit one answer.
const PAGE: usize = 1_000;

#[async_trait]
impl BarHistory for FakeBroker {
    async fn bars(&self, request: &BarRequest) -> Result<BarPage, HistoryError> {
        let state = self.linked().map_err(HistoryError::Unavailable)?;
        if state.exchange.contract(request.symbol).is_none() {
            return Err(HistoryError::UnknownSymbol(request.symbol));
        }
        let (start, end) = (request.range.start(), request.range.end());
        let known = state.bars.get(&(request.symbol, request.size)).filter(|_| start < end);
        let mut wanted = known.into_iter().flat_map(|bars| bars.range(start..end));
        let bars = wanted.by_ref().take(PAGE).map(|(_, bar)| *bar).collect();
        Ok(BarPage { bars, next: wanted.next().map(|(start, _)| *start) })
    }

    async fn earliest(&self, symbol: Symbol, size: BarSize) -> Result<Option<Timestamp>, HistoryError> {
        let state = self.linked().map_err(HistoryError::Unavailable)?;
        if state.exchange.contract(symbol).is_none() {
            return Err(HistoryError::UnknownSymbol(symbol));
        }
        Ok(state.bars.get(&(symbol, size)).and_then(|bars| bars.keys().next().copied()))
    }
}
