use crate::catching::catches;
use async_trait::async_trait;
use std::sync::Mutex;
use tradeport_conformance::bar_history::{Claims, Harness};
use tradeport_conformance::fixtures::symbol;
use tradeport_kernel::{Symbol, Timestamp};
use tradeport_market_data::{Bar, BarHistory, BarPage, BarRequest, BarSize, HistoryError};

catches! { bar_history, bar_history_conformance:
    RepeatsTheLastOfAPage: bars_are_in_time_order_without_repeats,
    IncludesTheEnd: every_bar_starts_within_the_range,
    StopsAfterOnePage: following_next_to_its_end_gives_every_bar_of_the_range,
    NoDataIsAnError: a_range_without_data_is_an_empty_page_not_an_error,
    UnknownIsEmpty: an_unknown_instrument_is_unknown_symbol,
    EarliestIsTheLatest: the_earliest_start_is_that_of_the_first_bar_of_all_time,
}

const LIMIT: usize = 10;

struct Scripted {
    fault: Fault,
    past: Mutex<Vec<Bar>>,
}

impl Scripted {
    fn of(&self, symbol: Symbol, size: BarSize) -> Result<Vec<Bar>, HistoryError> {
        if symbol.as_str() == "NOPE" && self.fault != Fault::UnknownIsEmpty {
            return Err(HistoryError::UnknownSymbol(symbol));
        }
        let past = self.past.lock().unwrap();
        Ok(past.iter().copied().filter(|bar| bar.symbol() == symbol && bar.size() == size).collect())
    }
}

#[async_trait]
impl BarHistory for Scripted {
    async fn bars(&self, request: &BarRequest) -> Result<BarPage, HistoryError> {
        let mut bars = self.of(request.symbol, request.size)?;
        bars.retain(|bar| {
            let at_the_end = bar.start() == request.range.end() && self.fault == Fault::IncludesTheEnd;
            request.range.contains(bar.start()) || at_the_end
        });
        if bars.is_empty() && self.fault == Fault::NoDataIsAnError {
            return Err(HistoryError::Unavailable("HMDS query returned no data".into()));
        }
        let mut next = bars.get(LIMIT).map(Bar::start);
        bars.truncate(LIMIT);
        match self.fault {
            Fault::RepeatsTheLastOfAPage => next = next.and(bars.last().map(Bar::start)),
            Fault::StopsAfterOnePage => next = None,
            _ => {}
        }
        Ok(BarPage { bars, next })
    }

    async fn earliest(&self, symbol: Symbol, size: BarSize) -> Result<Option<Timestamp>, HistoryError> {
        let bars = self.of(symbol, size)?;
        let bar = if self.fault == Fault::EarliestIsTheLatest { bars.last() } else { bars.first() };
        Ok(bar.map(Bar::start))
    }
}

struct Fixture<const FAULT: usize>(Scripted);

impl<const FAULT: usize> Harness for Fixture<FAULT> {
    type History = Scripted;
    const CLAIMS: Claims = Claims::ALL;
    async fn fresh() -> Self {
        Self(Scripted { fault: FAULTS[FAULT], past: Mutex::default() })
    }
    fn history(&self) -> &Scripted {
        &self.0
    }
    fn symbols(&self) -> [Symbol; 2] {
        ["AAPL", "MSFT"].map(symbol)
    }
    fn unknown_symbol(&self) -> Symbol {
        symbol("NOPE")
    }
    fn size(&self) -> BarSize {
        BarSize::DAY
    }
    fn page_limit(&self) -> Option<u32> {
        Some(u32::try_from(LIMIT).unwrap())
    }
    async fn seed(&self, bars: &[Bar]) {
        self.0.past.lock().unwrap().extend(bars);
    }
}
