use crate::catching::catches;
use async_trait::async_trait;
use tradeport_conformance::break_store::Harness;
use tradeport_kernel::StoreError;
use tradeport_memory::MemoryBreaks;
use tradeport_trading::BreakStore;
use tradeport_trading::reconciliation::Break;

catches! { break_store, break_store_conformance:
    ForgetsOnReopen: what_is_kept_survives_reopening,
    AddsToWhatIsKept: of_several_calls_the_last_one_counts,
    SortsThem: breaks_come_back_exactly_as_they_were_given_in_their_order,
    FailsWhenEmpty: nothing_kept_is_empty_not_an_error,
    TakesGarbageForNothing: what_cannot_be_read_is_an_error_never_an_empty_answer,
}

struct Broken {
    honest: MemoryBreaks,
    fault: Fault,
}

struct Fixture<const FAULT: usize>(Broken);

impl<const FAULT: usize> Harness for Fixture<FAULT> {
    type Store = Broken;
    async fn fresh() -> Self {
        Self(Broken { honest: MemoryBreaks::default(), fault: FAULTS[FAULT] })
    }
    fn store(&self) -> &Broken {
        &self.0
    }
    async fn reopen(self) -> Self {
        if self.0.fault == Fault::ForgetsOnReopen { Self::fresh().await } else { self }
    }
    async fn garble(&self) {
        self.0.honest.garble();
    }
}

#[async_trait]
impl BreakStore for Broken {
    async fn keep(&self, breaks: &[Break]) -> Result<(), StoreError> {
        let mut all = match self.fault {
            Fault::AddsToWhatIsKept => self.honest.kept().await?,
            _ => Vec::new(),
        };
        all.extend_from_slice(breaks);
        if self.fault == Fault::SortsThem {
            all.sort_by_key(Break::first_seen);
        }
        self.honest.keep(&all).await
    }

    async fn kept(&self) -> Result<Vec<Break>, StoreError> {
        match (self.fault, self.honest.kept().await) {
            (Fault::FailsWhenEmpty, Ok(kept)) if kept.is_empty() => {
                Err(StoreError::Unavailable("there is nothing".into()))
            }
            (Fault::TakesGarbageForNothing, Err(_)) => Ok(Vec::new()),
            (_, answer) => answer,
        }
    }
}
