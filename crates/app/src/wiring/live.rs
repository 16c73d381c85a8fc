//! Quotes of a broker that sends them by subscription, handed to the desk as they come.

use crate::fault::Fault;
use futures::StreamExt;
use futures::future::{Either, select};
use std::collections::HashMap;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::task::JoinHandle;
use tradeport_kernel::{Clock, Symbol};
use tradeport_market_data::{FeedError, FeedEvent, Quote, QuoteFeed, QuoteStream};
use tradeport_trading::OrderDesk;

/// So long the first quote of an instrument is waited for. Without one the risk gate lets no order through.
const FIRST_QUOTE: Duration = Duration::from_secs(10);

/// Subscriptions that feed the desk; dropping this ends them.
pub(super) struct LiveQuotes {
    feed: Arc<dyn QuoteFeed>,
    desk: OrderDesk,
    clock: Arc<dyn Clock>,
    followed: Mutex<HashMap<Symbol, Follower>>,
}

/// Follows one instrument until it is dropped.
struct Follower(JoinHandle<()>);

impl Drop for Follower {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl LiveQuotes {
    pub(super) fn new(feed: Arc<dyn QuoteFeed>, desk: OrderDesk, clock: Arc<dyn Clock>) -> Self {
        Self { feed, desk, clock, followed: Mutex::default() }
    }

    /// Follows an instrument, and waits for its first quote. One that is not quoted in time is followed all the same.
    /// Errors: it cannot be subscribed to.
    pub(super) async fn follow(&self, symbol: Symbol) -> Result<(), FeedError> {
        if self.is_followed(symbol) {
            return Ok(());
        }
        let mut events = self.feed.subscribe(&[symbol]).await?.events;
        let late = self.clock.sleep_until(self.clock.now().after(FIRST_QUOTE));
        match select(pin!(first_quote(&mut events)), pin!(late)).await {
            Either::Left((Some(quote), _)) => self.desk.note_quote(quote),
            Either::Left((None, _)) => return Ok(()),
            Either::Right(_) => tracing::warn!(%symbol, "no quote came yet"),
        }
        let desk = self.desk.clone();
        let follower = Follower(tokio::spawn(async move {
            while let Some(quote) = first_quote(&mut events).await {
                desk.note_quote(quote);
            }
        }));
        self.followed.lock().unwrap_or_else(PoisonError::into_inner).insert(symbol, follower);
        Ok(())
    }

    /// Follows whatever it can of these, all at once.
    pub(super) async fn follow_all(&self, symbols: impl IntoIterator<Item = Symbol>) {
        let follow = symbols.into_iter().map(async |symbol| {
            if let Err(error) = self.follow(symbol).await {
                tracing::warn!(%symbol, %error, "an instrument that is held or ordered has no quotes");
            }
        });
        futures::future::join_all(follow).await;
    }

    /// A follower whose stream has ended follows nothing any more.
    fn is_followed(&self, symbol: Symbol) -> bool {
        let followed = self.followed.lock().unwrap_or_else(PoisonError::into_inner);
        followed.get(&symbol).is_some_and(|follower| !follower.0.is_finished())
    }
}

/// The next quote; `None` when there will be none, since the link is lost.
async fn first_quote(events: &mut QuoteStream) -> Option<Quote> {
    loop {
        match events.next().await? {
            FeedEvent::Quote(quote) => return Some(quote),
            FeedEvent::Gap(_) => {}
            FeedEvent::EpochLost(_) => return None,
        }
    }
}

/// Why an instrument has no price to trade on.
pub(super) fn unquoted(error: FeedError) -> anyhow::Error {
    match error {
        FeedError::NotPermitted { .. } => Fault::failed(
            error.to_string(),
            "subscribe to its market data at the broker, or trade what the account may see",
        )
        .into(),
        error => error.into(),
    }
}
