//! Reading lines: quotes, what was missed, and the end.

use super::Line;
use super::snapshot::Sides;
use crate::session::ends_session;
use crate::translate::quote_from_ib;
use futures::stream::{SelectAll, Stream, StreamExt};
use ibapi::market_data::realtime::{BidAsk, TickTypes};
use ibapi::subscriptions::{Subscription, SubscriptionItem};
use ibapi::{Error, Notice, SUBSCRIPTION_LAG_CODE};
use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tradeport_kernel::{Clock, ConnectionEpoch, Symbol, TimeRange, Timestamp};
use tradeport_market_data::{FeedEvent, Gap, GapCause, Quote};

/// What a line reads from.
#[derive(Clone)]
pub(super) enum Source {
    /// Every quote.
    Ticks(Subscription<BidAsk>),
    /// Changes of the best bid and the best ask, as TWS samples them.
    Top(Subscription<TickTypes>),
}

/// One thing that a source says.
enum Heard {
    Tick(BidAsk),
    Part(TickTypes),
    Notice(Notice),
    End(Error),
}

impl Source {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Heard> {
        fn heard<T>(
            item: Option<Result<SubscriptionItem<T>, Error>>,
            data: impl FnOnce(T) -> Heard,
        ) -> Heard {
            match item {
                Some(Ok(SubscriptionItem::Data(it))) => data(it),
                Some(Ok(SubscriptionItem::Notice(notice))) => Heard::Notice(notice),
                Some(Err(error)) => Heard::End(error),
                None => Heard::End(Error::Shutdown),
            }
        }
        match self {
            Self::Ticks(ticks) => ticks.poll_next_unpin(context).map(|item| heard(item, Heard::Tick)),
            Self::Top(top) => top.poll_next_unpin(context).map(|item| heard(item, Heard::Part)),
        }
    }
}

/// One reader of one line.
pub(super) struct LineReader {
    symbol: Symbol,
    clock: Arc<dyn Clock>,
    own: Source,
    /// What was read before anybody asked.
    first: VecDeque<Heard>,
    last: Timestamp,
    /// So many messages were missed since the last quote.
    missed: u64,
    ready: Option<Quote>,
    /// How the book stands, where it is told side by side; is it news?
    sides: Sides,
    is_news: bool,
    has_ended: bool,
    _line: Arc<Line>,
}

/// What a line says.
#[derive(Debug)]
pub(super) enum Word {
    Event(FeedEvent),
    /// The connection is over.
    Lost,
}

impl LineReader {
    pub(super) fn new(symbol: Symbol, clock: Arc<dyn Clock>, own: Source, line: Arc<Line>) -> Self {
        Self {
            symbol,
            own,
            first: VecDeque::new(),
            last: clock.now(),
            clock,
            missed: 0,
            ready: None,
            sides: Sides::default(),
            is_news: false,
            has_ended: false,
            _line: line,
        }
    }

    pub(super) const fn symbol(&self) -> Symbol {
        self.symbol
    }

    /// Waits for a refusal of the line; what comes before is kept for later.
    pub(super) async fn refusal(&mut self) -> Option<Error> {
        loop {
            match std::future::poll_fn(|context| self.own.poll(context)).await {
                Heard::End(error) if !ends_session(&error) => return Some(error),
                Heard::End(error) => {
                    self.first.push_back(Heard::End(error));
                    return None;
                }
                heard => self.first.push_back(heard),
            }
        }
    }

    /// A quote, after the gap before it.
    fn tell(&mut self, quote: Quote) -> Word {
        let count = std::mem::take(&mut self.missed);
        let range = TimeRange::new(self.last, quote.at());
        self.last = quote.at();
        if count == 0 {
            return Word::Event(FeedEvent::Quote(quote));
        }
        self.ready = Some(quote);
        Word::Event(FeedEvent::Gap(Gap { symbol: self.symbol, range, cause: GapCause::Dropped { count } }))
    }

    /// What one message says; `None` for nothing yet.
    fn take(&mut self, heard: Heard) -> Option<Word> {
        match heard {
            Heard::Tick(tick) => match quote_from_ib(self.symbol, &tick) {
                Ok(quote) => quote.map(|quote| self.tell(quote)),
                Err(error) => {
                    tracing::warn!(symbol = %self.symbol, %error, "a quote cannot be read");
                    self.missed += 1;
                    None
                }
            },
            Heard::Part(tick) => {
                self.is_news |= self.sides.hear(&tick);
                None
            }
            Heard::Notice(notice) => {
                if notice.code == SUBSCRIPTION_LAG_CODE {
                    self.missed += dropped(&notice.message);
                } else {
                    tracing::info!(symbol = %self.symbol, code = notice.code, text = %notice.message);
                }
                None
            }
            Heard::End(error) => {
                self.has_ended = true;
                if ends_session(&error) {
                    return Some(Word::Lost);
                }
                tracing::warn!(symbol = %self.symbol, %error, "the quotes of an instrument have ended");
                let (symbol, range) = (self.symbol, TimeRange::new(self.last, Timestamp::MAX));
                Some(Word::Event(FeedEvent::Gap(Gap { symbol, range, cause: GapCause::LinkLost })))
            }
        }
    }
}

/// How many messages the library says that it has dropped; its words are its own, in one language.
pub(super) fn dropped(text: &str) -> u64 {
    let number = text.split(|c: char| !c.is_ascii_digit()).find(|digits| !digits.is_empty());
    number.and_then(|digits| digits.parse().ok()).unwrap_or(1)
}

impl Stream for LineReader {
    type Item = Word;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Word>> {
        let this = &mut *self;
        if let Some(quote) = this.ready.take() {
            return Poll::Ready(Some(Word::Event(FeedEvent::Quote(quote))));
        }
        while !this.has_ended {
            let heard = match this.first.pop_front() {
                Some(heard) => Poll::Ready(heard),
                None => this.own.poll(context),
            };
            let word = match heard {
                Poll::Ready(heard) => this.take(heard),
                Poll::Pending => {
                    // Both sides of a change have come by now.
                    let is_news = std::mem::take(&mut this.is_news);
                    let quote = this.sides.quote(this.symbol, this.clock.now()).filter(|_| is_news);
                    let Some(quote) = quote else { return Poll::Pending };
                    Some(this.tell(quote))
                }
            };
            if word.is_some() {
                return Poll::Ready(word);
            }
        }
        Poll::Ready(None)
    }
}

/// Several lines; the first that loses the connection speaks for all.
pub(super) struct QuoteReader {
    epoch: ConnectionEpoch,
    lines: SelectAll<LineReader>,
    has_ended: bool,
}

impl QuoteReader {
    pub(super) fn new(epoch: ConnectionEpoch, readers: Vec<LineReader>) -> Self {
        Self { epoch, lines: readers.into_iter().collect(), has_ended: false }
    }
}

impl Stream for QuoteReader {
    type Item = FeedEvent;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<FeedEvent>> {
        if self.has_ended {
            return Poll::Ready(None);
        }
        match std::task::ready!(self.lines.poll_next_unpin(context)) {
            Some(Word::Event(event)) => Poll::Ready(Some(event)),
            Some(Word::Lost) => {
                self.has_ended = true;
                self.lines.clear();
                Poll::Ready(Some(FeedEvent::EpochLost(self.epoch)))
            }
            None => {
                self.has_ended = true;
                Poll::Ready(None)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::dropped;

    #[test]
    fn the_librarys_count_is_read() {
        assert_eq!(dropped("subscription fell behind; 17 frames dropped (consumer lagged)"), 17);
        assert_eq!(dropped("no number: one at least"), 1);
    }
}
