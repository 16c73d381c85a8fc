//! [`QuoteFeed`]: subscriptions with bounded queues, and the last quote.

use crate::FakeBroker;
use crate::queue::{Room, Sender, queue};
use async_trait::async_trait;
use futures::StreamExt;
use std::collections::BTreeMap;
use tradeport_kernel::{ConnectionEpoch, Symbol, TimeRange, Timestamp};
use tradeport_market_data::{FeedError, FeedEvent, Gap, GapCause, Quote, QuoteFeed, Subscription};

/// One subscription: which instruments, and when the last quote of each went out.
pub(crate) struct QuoteSubscriber {
    last: BTreeMap<Symbol, Timestamp>,
    queue: Sender<FeedEvent>,
}

impl QuoteSubscriber {
    pub(crate) fn wants(&self, symbol: Symbol) -> bool {
        self.last.contains_key(&symbol)
    }

    pub(crate) fn symbols(&self) -> impl Iterator<Item = Symbol> {
        self.last.keys().copied()
    }

    pub(crate) fn is_full(&self, capacity: usize) -> bool {
        self.queue.len() >= capacity && self.queue.is_read()
    }

    pub(crate) fn is_read(&self) -> bool {
        self.queue.is_read()
    }

    pub(crate) fn room(&self, capacity: usize) -> Room<FeedEvent> {
        self.queue.room(capacity)
    }

    /// Puts the quote in, or counts it as dropped when there is no room.
    pub(crate) fn offer(&mut self, quote: Quote, capacity: usize) {
        let Some(last) = self.last.get_mut(&quote.symbol()) else { return };
        if self.queue.len() >= capacity {
            let from = *last;
            self.queue.leave_word(|words| note_drop(words, &quote, from));
            return;
        }
        // The gap ends with the first quote that is there again.
        self.queue.leave_word(|words| end_gap(words, &quote));
        *last = quote.at();
        self.queue.push(FeedEvent::Quote(quote));
    }

    pub(crate) fn cut(self, epoch: ConnectionEpoch) {
        self.queue.cut(Some(FeedEvent::EpochLost(epoch)));
    }
}

fn gap_of(words: &mut [FeedEvent], symbol: Symbol) -> Option<&mut Gap> {
    words.iter_mut().find_map(|word| match word {
        FeedEvent::Gap(gap) if gap.symbol == symbol => Some(gap),
        _ => None,
    })
}

fn note_drop(words: &mut Vec<FeedEvent>, quote: &Quote, from: Timestamp) {
    if let Some(gap) = gap_of(words, quote.symbol()) {
        if let GapCause::Dropped { count } = &mut gap.cause {
            *count += 1;
        }
        gap.range = TimeRange::new(gap.range.start(), quote.at());
        return;
    }
    let (range, cause) = (TimeRange::new(from, quote.at()), GapCause::Dropped { count: 1 });
    words.push(FeedEvent::Gap(Gap { symbol: quote.symbol(), range, cause }));
}

fn end_gap(words: &mut [FeedEvent], quote: &Quote) {
    if let Some(gap) = gap_of(words, quote.symbol()) {
        gap.range = TimeRange::new(gap.range.start(), quote.at());
    }
}

#[async_trait]
impl QuoteFeed for FakeBroker {
    async fn subscribe(&self, symbols: &[Symbol]) -> Result<Subscription, FeedError> {
        let mut state = self.linked().map_err(FeedError::Unavailable)?;
        if let Some(unknown) = symbols.iter().find(|symbol| state.exchange.contract(**symbol).is_none()) {
            return Err(FeedError::UnknownSymbol(*unknown));
        }
        let (sender, reader) = queue();
        let now = state.exchange.now();
        let last = symbols.iter().map(|symbol| (*symbol, now)).collect();
        state.quotes.push(QuoteSubscriber { last, queue: sender });
        Ok(Subscription { epoch: state.epoch, events: reader.boxed() })
    }

    async fn snapshot(&self, symbol: Symbol) -> Result<Quote, FeedError> {
        let state = self.linked().map_err(FeedError::Unavailable)?;
        if state.exchange.contract(symbol).is_none() {
            return Err(FeedError::UnknownSymbol(symbol));
        }
        state.exchange.last_quote(symbol).ok_or(FeedError::NoData(symbol))
    }
}
