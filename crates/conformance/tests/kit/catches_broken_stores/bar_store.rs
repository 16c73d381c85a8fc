use crate::catching::catches;
use async_trait::async_trait;
use tradeport_conformance::bar_store::Harness;
use tradeport_kernel::{StoreError, Symbol, TimeRange, Timestamp};
use tradeport_market_data::{Bar, BarRequest, BarSize, BarStore};
use tradeport_memory::MemoryBars;

catches! { bar_store, bar_store_conformance:
    KeepsTheFirst: a_bar_of_the_same_symbol_size_and_start_replaces_the_one_before,
    ForgetsOnReopen: bars_that_were_acknowledged_survive_reopening,
    LosesVolumes: a_bar_comes_back_exactly_as_it_was_given,
    MixesSizes: only_the_wanted_symbol_size_and_range_come_back,
    NothingIsAnError: nothing_kept_is_empty_not_an_error,
    SpanOfNothingIsTheEpoch: the_span_of_nothing_is_none,
}

struct Broken {
    honest: MemoryBars,
    fault: Fault,
}

struct Fixture<const FAULT: usize>(Broken);

impl<const FAULT: usize> Harness for Fixture<FAULT> {
    type Store = Broken;
    async fn fresh() -> Self {
        Self(Broken { honest: MemoryBars::default(), fault: FAULTS[FAULT] })
    }
    fn store(&self) -> &Broken {
        &self.0
    }
    async fn reopen(self) -> Self {
        if self.0.fault == Fault::ForgetsOnReopen { Self::fresh().await } else { self }
    }
}

#[async_trait]
impl BarStore for Broken {
    async fn save(&self, bars: &[Bar]) -> Result<(), StoreError> {
        let mut bars = bars.to_vec();
        if self.fault == Fault::LosesVolumes {
            let bare =
                |bar: &Bar| Bar::new(bar.symbol(), bar.size(), bar.start(), bar.prices(), None).unwrap();
            bars = bars.iter().map(bare).collect();
        }
        if let (Fault::KeepsTheFirst, Some(first)) = (self.fault, bars.first()) {
            let request = BarRequest { symbol: first.symbol(), size: first.size(), range: TimeRange::ALL };
            let kept = self.honest.read(&request).await?;
            bars.retain(|bar| kept.iter().all(|kept| kept.start() != bar.start()));
        }
        self.honest.save(&bars).await
    }
    async fn read(&self, request: &BarRequest) -> Result<Vec<Bar>, StoreError> {
        let mut found = self.honest.read(request).await?;
        if self.fault == Fault::MixesSizes {
            for size in BarSize::all().filter(|size| *size != request.size) {
                found.extend(self.honest.read(&BarRequest { size, ..*request }).await?);
            }
        }
        if self.fault == Fault::NothingIsAnError && found.is_empty() {
            return Err(StoreError::Corrupt("no such table".into()));
        }
        Ok(found)
    }
    async fn span(
        &self,
        symbol: Symbol,
        size: BarSize,
    ) -> Result<Option<(Timestamp, Timestamp)>, StoreError> {
        let span = self.honest.span(symbol, size).await?;
        let epoch =
            (self.fault == Fault::SpanOfNothingIsTheEpoch).then_some((Timestamp::EPOCH, Timestamp::EPOCH));
        Ok(span.or(epoch))
    }
}
