//! A subscription to quotes that outlives epochs: it is asked for again whenever the supervisor says so.

use super::core::{SessionHandle, StreamCommand, WantedStream};
use futures::future::{Either, select};
use futures::stream::{BoxStream, StreamExt, unfold};
use std::collections::VecDeque;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tradeport_connection::Remedy;
use tradeport_connection::subscriptions::{Generation, StreamNeeds};
use tradeport_kernel::{Symbol, TimeRange, Timestamp};
use tradeport_market_data::{FeedError, FeedEvent, Gap, GapCause, QuoteFeed, QuoteStream};

/// The quotes of these instruments for as long as somebody listens, over every epoch. An interruption is a gap of each
/// instrument, told once it is over; it never says `EpochLost`. `max_silence` is how long they may be silent while they
/// work; `None` when silence says nothing.
#[must_use]
pub fn lasting_quotes(
    feed: Arc<dyn QuoteFeed>,
    session: &SessionHandle,
    symbols: Vec<Symbol>,
    max_silence: Option<Duration>,
) -> BoxStream<'static, FeedEvent> {
    let wanted = session.want(StreamNeeds::QUOTES, max_silence);
    let session = session.clone();
    let (standing, interrupted_at, words) = (None, None, VecDeque::new());
    let lasting = Lasting { feed, symbols, session, wanted, standing, interrupted_at, words };
    unfold(lasting, |mut lasting| async move { lasting.next().await.map(|event| (event, lasting)) }).boxed()
}

struct Lasting {
    feed: Arc<dyn QuoteFeed>,
    symbols: Vec<Symbol>,
    session: SessionHandle,
    wanted: WantedStream,
    standing: Option<(Generation, QuoteStream)>,
    interrupted_at: Option<Timestamp>,
    /// What is to be told before anything else.
    words: VecDeque<FeedEvent>,
}

impl Lasting {
    async fn next(&mut self) -> Option<FeedEvent> {
        loop {
            if let Some(word) = self.words.pop_front() {
                return Some(word);
            }
            let Some((generation, stream)) = &mut self.standing else {
                let command = self.wanted.next().await?;
                self.obey(command).await;
                continue;
            };
            let generation = *generation;
            // Commands come first: what is given up is not read any further.
            let heard = match select(pin!(self.wanted.next()), stream.next()).await {
                Either::Left((command, _)) => Either::Left(command),
                Either::Right((event, _)) => Either::Right(event),
            };
            match heard {
                Either::Left(None) => return None,
                Either::Left(Some(command)) => self.obey(command).await,
                Either::Right(None | Some(FeedEvent::EpochLost(_))) => {
                    self.interrupt();
                    self.wanted.failed(generation, Remedy::Resubscribe);
                }
                Either::Right(Some(event)) => {
                    if matches!(event, FeedEvent::Quote(_)) {
                        self.wanted.spoke(generation, false);
                    }
                    return Some(event);
                }
            }
        }
    }

    fn interrupt(&mut self) {
        if self.standing.take().is_some() {
            self.interrupted_at.get_or_insert(self.session.now());
        }
    }

    /// The interruption is over: a gap of each instrument.
    fn resume(&mut self) {
        let Some(from) = self.interrupted_at.take() else { return };
        let range = TimeRange::new(from, self.session.now());
        let gap = |symbol: &Symbol| FeedEvent::Gap(Gap { symbol: *symbol, range, cause: GapCause::LinkLost });
        self.words.extend(self.symbols.iter().map(gap));
    }

    async fn obey(&mut self, command: StreamCommand) {
        match command {
            StreamCommand::Drop(_) => self.interrupt(),
            StreamCommand::Open(generation) => {
                self.interrupt();
                match self.feed.subscribe(&self.symbols).await {
                    Ok(subscription) => {
                        self.standing = Some((generation, subscription.events));
                        self.resume();
                    }
                    Err(error) => {
                        tracing::warn!(%error, "quotes were not to be had");
                        self.wanted.failed(generation, remedy_of(&error));
                    }
                }
            }
        }
    }
}

const fn remedy_of(error: &FeedError) -> Remedy {
    match error {
        FeedError::Unavailable(_) | FeedError::NoData(_) | FeedError::NoLine { .. } => Remedy::Resubscribe,
        FeedError::UnknownSymbol(_) | FeedError::NotPermitted { .. } | FeedError::Unsupported(_) => {
            Remedy::Refuse
        }
    }
}
