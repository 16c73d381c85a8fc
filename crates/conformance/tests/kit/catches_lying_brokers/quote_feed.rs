use crate::catching::catches;
use async_trait::async_trait;
use futures::StreamExt;
use futures::stream::poll_fn;
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::{Arc, Mutex, Weak};
use std::task::Poll;
use tradeport_conformance::fixtures::symbol;
use tradeport_conformance::quote_feed::{Claims, Harness};
use tradeport_kernel::{ConnectionEpoch, Symbol, TimeRange, Timestamp};
use tradeport_market_data::{FeedError, FeedEvent, Gap, GapCause, Level, Quote, QuoteFeed, Subscription};

catches! { quote_feed, quote_feed_conformance:
    SwapsNeighbours: quotes_of_one_instrument_arrive_in_the_order_in_which_the_source_sent_them,
    SendsEverything: only_the_instruments_asked_for_arrive,
    SubscribesToTheRest: an_unknown_instrument_is_unknown_symbol_and_subscribes_to_nothing,
    FeedsTheLatestAlone: two_subscriptions_of_one_instrument_both_receive_its_quotes,
    DropsWithoutAWord: a_slow_reader_is_told_of_what_it_missed_by_a_gap,
    EndsWithoutAWord: a_lost_link_ends_the_stream_with_epoch_lost,
    UnknownHasNoData: an_unknown_instrument_is_unknown_symbol,
    NoDataIsZero: an_instrument_without_a_quote_is_no_data_never_a_zero,
}

const LIMIT: usize = 50;
const EPOCH: ConnectionEpoch = ConnectionEpoch::new(1);

#[derive(Default)]
struct Reader {
    symbols: Vec<Symbol>,
    events: VecDeque<FeedEvent>,
    missed: Option<Gap>,
    ended: bool,
}

impl Reader {
    fn next(&mut self) -> Poll<Option<FeedEvent>> {
        match self.events.pop_front().or_else(|| self.missed.take().map(FeedEvent::Gap)) {
            Some(event) => Poll::Ready(Some(event)),
            None if self.ended => Poll::Ready(None),
            None => Poll::Pending,
        }
    }

    fn take(&mut self, quote: Quote, fault: Fault) {
        if self.events.len() >= LIMIT {
            let missed = match self.missed.as_ref().map(|gap| gap.cause) {
                Some(GapCause::Dropped { count }) => count + 1,
                _ => 1,
            };
            let (symbol, range) = (quote.symbol(), TimeRange::new(quote.at(), quote.at()));
            let gap = Gap { symbol, range, cause: GapCause::Dropped { count: missed } };
            self.missed = Some(gap).filter(|_| fault != Fault::DropsWithoutAWord);
            return;
        }
        self.events.extend(self.missed.take().map(FeedEvent::Gap));
        self.events.push_back(FeedEvent::Quote(quote));
        if fault == Fault::SwapsNeighbours && self.events.len().is_multiple_of(4) {
            let last = self.events.len() - 1;
            self.events.swap(last, last - 2);
        }
    }
}

#[derive(Default)]
struct State {
    readers: Vec<Weak<Mutex<Reader>>>,
    forgotten: Vec<Arc<Mutex<Reader>>>,
    last: HashMap<Symbol, Quote>,
}

struct Scripted {
    fault: Fault,
    state: Mutex<State>,
}

impl Scripted {
    fn known(of: Symbol) -> bool {
        ["AAPL", "MSFT"].contains(&of.as_str())
    }

    fn readers(&self) -> Vec<Arc<Mutex<Reader>>> {
        self.state.lock().unwrap().readers.iter().filter_map(Weak::upgrade).collect()
    }

    fn add(&self, symbols: &[Symbol]) -> Arc<Mutex<Reader>> {
        let reader = Arc::new(Mutex::new(Reader { symbols: symbols.to_vec(), ..Reader::default() }));
        self.state.lock().unwrap().readers.push(Arc::downgrade(&reader));
        reader
    }
}

#[async_trait]
impl QuoteFeed for Scripted {
    async fn subscribe(&self, symbols: &[Symbol]) -> Result<Subscription, FeedError> {
        if let Some(unknown) = symbols.iter().find(|symbol| !Self::known(**symbol)) {
            if self.fault == Fault::SubscribesToTheRest {
                let reader = self.add(symbols);
                self.state.lock().unwrap().forgotten.push(reader);
            }
            return Err(FeedError::UnknownSymbol(*unknown));
        }
        let reader = self.add(symbols);
        let events = poll_fn(move |_| reader.lock().unwrap().next()).boxed();
        Ok(Subscription { epoch: EPOCH, events })
    }

    async fn snapshot(&self, of: Symbol) -> Result<Quote, FeedError> {
        if !Self::known(of) && self.fault != Fault::UnknownHasNoData {
            return Err(FeedError::UnknownSymbol(of));
        }
        if let Some(quote) = self.state.lock().unwrap().last.get(&of) {
            return Ok(*quote);
        }
        if self.fault == Fault::NoDataIsZero {
            let zero = Some(Level::new("0".parse().unwrap(), None));
            return Ok(Quote::new(of, Timestamp::EPOCH, zero, zero).unwrap());
        }
        Err(FeedError::NoData(of))
    }
}

struct Fixture<const FAULT: usize>(Scripted);

impl<const FAULT: usize> Harness for Fixture<FAULT> {
    type Feed = Scripted;
    const CLAIMS: Claims = Claims::ALL;
    async fn fresh() -> Self {
        Self(Scripted { fault: FAULTS[FAULT], state: Mutex::default() })
    }
    fn feed(&self) -> &Scripted {
        &self.0
    }
    fn symbols(&self) -> [Symbol; 2] {
        ["AAPL", "MSFT"].map(symbol)
    }
    fn unknown_symbol(&self) -> Symbol {
        symbol("NOPE")
    }
    fn reader_limit(&self) -> usize {
        LIMIT
    }
    async fn publish(&self, quote: &Quote) {
        let fault = self.0.fault;
        self.0.state.lock().unwrap().last.insert(quote.symbol(), *quote);
        let mut readers = self.0.readers();
        if fault == Fault::FeedsTheLatestAlone {
            readers.drain(..readers.len().saturating_sub(1));
        }
        for reader in readers {
            let mut reader = reader.lock().unwrap();
            if fault == Fault::SendsEverything || reader.symbols.contains(&quote.symbol()) {
                reader.take(*quote, fault);
            }
        }
    }
    async fn subscribed(&self) -> usize {
        let readers = self.0.readers();
        let symbols = readers.iter().flat_map(|reader| reader.lock().unwrap().symbols.clone());
        symbols.collect::<BTreeSet<_>>().len()
    }
    async fn drop_link(&self) {
        for reader in self.0.readers() {
            let mut reader = reader.lock().unwrap();
            reader.ended = true;
            if self.0.fault != Fault::EndsWithoutAWord {
                reader.events.push_back(FeedEvent::EpochLost(EPOCH));
            }
        }
    }
    async fn settle(&self) {}
}
