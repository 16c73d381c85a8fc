use crate::catching::{catches, fails};
use async_trait::async_trait;
use std::sync::atomic::{AtomicUsize, Ordering};
use tradeport_conformance::fixtures::symbol;
use tradeport_conformance::tick_store::{self as kit, Harness};
use tradeport_kernel::{Price, StoreError, Symbol, TimeRange};
use tradeport_market_data::{Gap, Level, Quote, RecordedQuote, TickQuery, TickStore};
use tradeport_memory::MemoryTicks;

catches! { tick_store, tick_store_conformance, also DropsEverySecondSave KeepsOneOfAMoment:
    ForgetsOnReopen: quotes_that_were_acknowledged_survive_reopening,
    Reorders: quotes_of_one_moment_are_all_kept_in_the_order_given,
    RecordsEmptyBatches: an_empty_batch_changes_nothing,
    RoundsPrices: a_quote_comes_back_exactly_as_it_was_given,
    IncludesTheEnd: only_the_wanted_symbol_and_range_come_back,
    NeverSeenIsAnError: a_symbol_never_seen_is_empty_not_an_error,
    RepeatsTheLastOfAPage: paging_by_after_and_limit_gives_every_quote_once,
    CountsOneMore: the_count_equals_what_reading_everything_gives,
    TellsSymbolsBackwards: symbols_come_in_alphabetical_order_each_once,
    ForgetsGaps: a_noted_gap_survives_reopening,
    MixesGaps: only_the_gaps_of_the_wanted_symbol_come_back,
}

struct Broken {
    honest: MemoryTicks,
    fault: Fault,
    saves: AtomicUsize,
}

struct Fixture<const FAULT: usize>(Broken);

impl<const FAULT: usize> Harness for Fixture<FAULT> {
    type Store = Broken;
    async fn fresh() -> Self {
        Self(Broken { honest: MemoryTicks::default(), fault: FAULTS[FAULT], saves: AtomicUsize::new(0) })
    }
    fn store(&self) -> &Broken {
        &self.0
    }
    async fn reopen(self) -> Self {
        if self.0.fault == Fault::ForgetsOnReopen { Self::fresh().await } else { self }
    }
}

fn rounded(quote: &Quote) -> Quote {
    let level =
        |level: Level| Level::new(Price::new(level.price().as_decimal().round_dp(4)).unwrap(), level.size());
    Quote::new(quote.symbol(), quote.at(), quote.bid().map(level), quote.ask().map(level)).unwrap()
}

#[async_trait]
impl TickStore for Broken {
    async fn append(&self, quotes: &[Quote]) -> Result<(), StoreError> {
        let mut quotes = quotes.to_vec();
        match self.fault {
            Fault::Reorders => quotes.sort_by_key(|quote| quote.bid().map(|bid| bid.price())),
            Fault::RoundsPrices => quotes = quotes.iter().map(rounded).collect(),
            Fault::RecordsEmptyBatches if quotes.is_empty() => {
                let query =
                    TickQuery { symbol: symbol("AAPL"), range: TimeRange::ALL, after: None, limit: 1 };
                quotes.extend(self.honest.read(&query).await?.first().map(|recorded| recorded.quote));
            }
            Fault::KeepsOneOfAMoment => quotes.dedup_by_key(|quote| quote.at()),
            Fault::DropsEverySecondSave if self.saves.fetch_add(1, Ordering::Relaxed) % 2 == 1 => {
                quotes.clear()
            }
            _ => {}
        }
        self.honest.append(&quotes).await
    }
    async fn read(&self, query: &TickQuery) -> Result<Vec<RecordedQuote>, StoreError> {
        let mut query = *query;
        if self.fault == Fault::IncludesTheEnd {
            let end = query.range.end().after(std::time::Duration::from_nanos(1));
            query.range = TimeRange::new(query.range.start(), end);
        }
        if self.fault == Fault::RepeatsTheLastOfAPage {
            query.after = query.after.map(|after| after - 1);
        }
        let found = self.honest.read(&query).await?;
        if self.fault == Fault::NeverSeenIsAnError && found.is_empty() {
            return Err(StoreError::Corrupt("no such table".into()));
        }
        Ok(found)
    }
    async fn count(&self, symbol: Symbol) -> Result<u64, StoreError> {
        Ok(self.honest.count(symbol).await? + u64::from(self.fault == Fault::CountsOneMore))
    }
    async fn symbols(&self) -> Result<Vec<Symbol>, StoreError> {
        let mut symbols = self.honest.symbols().await?;
        if self.fault == Fault::TellsSymbolsBackwards {
            symbols.reverse();
        }
        Ok(symbols)
    }
    async fn note_gap(&self, gap: &Gap) -> Result<(), StoreError> {
        if self.fault == Fault::ForgetsGaps { Ok(()) } else { self.honest.note_gap(gap).await }
    }
    async fn gaps(&self, of: Symbol) -> Result<Vec<Gap>, StoreError> {
        let mut gaps = self.honest.gaps(of).await?;
        if self.fault == Fault::MixesGaps {
            gaps.extend(self.honest.gaps(symbol("MSFT")).await?);
        }
        Ok(gaps)
    }
}

#[test]
fn a_store_that_drops_every_second_save_is_caught() {
    type Dropping = Fixture<{ Fault::DropsEverySecondSave as usize }>;
    assert!(fails(kit::quotes_that_were_acknowledged_survive_reopening::<Dropping>));
    assert!(fails(kit::quotes_of_one_moment_are_all_kept_in_the_order_given::<Dropping>));
}

/// As with a key of moment and symbol.
#[test]
fn a_store_that_keeps_one_quote_of_a_moment_is_caught() {
    type OneOfAMoment = Fixture<{ Fault::KeepsOneOfAMoment as usize }>;
    assert!(fails(kit::quotes_of_one_moment_are_all_kept_in_the_order_given::<OneOfAMoment>));
    assert!(!fails(kit::quotes_that_were_acknowledged_survive_reopening::<OneOfAMoment>));
}
