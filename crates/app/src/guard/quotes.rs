//! Quotes as they happen, and the past.

use super::Guard;
use async_trait::async_trait;
use futures::StreamExt;
use std::sync::Arc;
use tradeport_connection::breaker::{Capability, Report};
use tradeport_connection::pacing::{Class, Counts, HistoryPace, RequestKey};
use tradeport_kernel::{Symbol, Timestamp};
use tradeport_market_data::{
    BarHistory, BarPage, BarRequest, BarSize, FeedError, HistoryError, Quote, QuoteFeed, Subscription,
};

/// A feed of quotes behind the breaker of live data.
#[derive(Clone)]
pub struct GuardedQuotes {
    inner: Arc<dyn QuoteFeed>,
    guard: Guard,
}

impl GuardedQuotes {
    /// This feed, behind these breakers.
    #[must_use]
    pub const fn new(inner: Arc<dyn QuoteFeed>, guard: Guard) -> Self {
        Self { inner, guard }
    }
}

/// An instrument that is not known, or may not be seen, and lines that others hold say nothing about the feed.
fn report_of<T>(outcome: &Result<T, FeedError>) -> Report {
    match outcome {
        Ok(_) => Report::Worked,
        Err(FeedError::Unavailable(_)) => Report::Failed,
        Err(
            FeedError::UnknownSymbol(_)
            | FeedError::NoData(_)
            | FeedError::NotPermitted { .. }
            | FeedError::NoLine { .. }
            | FeedError::Unsupported(_),
        ) => Report::Nothing,
    }
}

#[async_trait]
impl QuoteFeed for GuardedQuotes {
    async fn subscribe(&self, symbols: &[Symbol]) -> Result<Subscription, FeedError> {
        let mut permits = Vec::new();
        let mut going = self.guard.go(Class::MarketData).await.map_err(FeedError::Unavailable)?;
        // Each instrument is a line of its own.
        for _ in symbols.iter().skip(1) {
            let line = self.guard.go_as(None, Class::MarketData).await.map_err(FeedError::Unavailable)?;
            permits.extend(line.ended(Report::Nothing));
        }
        let outcome = self.inner.subscribe(symbols).await;
        permits.extend(going.permit.take());
        going.ended(report_of(&outcome));
        let subscription = outcome?;
        // The lines are open for as long as somebody listens.
        let events = subscription.events.map(move |event| {
            let _open = &permits;
            event
        });
        Ok(Subscription { epoch: subscription.epoch, events: events.boxed() })
    }

    async fn snapshot(&self, symbol: Symbol) -> Result<Quote, FeedError> {
        let going = self.guard.go(Class::MarketData).await.map_err(FeedError::Unavailable)?;
        let outcome = self.inner.snapshot(symbol).await;
        going.ended(report_of(&outcome));
        outcome
    }
}

/// A history behind its breaker.
#[derive(Clone)]
pub struct GuardedHistory {
    inner: Arc<dyn BarHistory>,
    guard: Guard,
}

impl GuardedHistory {
    /// This history, behind these breakers.
    #[must_use]
    pub const fn new(inner: Arc<dyn BarHistory>, guard: Guard) -> Self {
        Self { inner, guard }
    }
}

fn report_of_past<T>(outcome: &Result<T, HistoryError>) -> Report {
    match outcome {
        Ok(_) => Report::Worked,
        Err(HistoryError::Unavailable(_) | HistoryError::Paced(_)) => Report::Failed,
        Err(
            HistoryError::UnknownSymbol(_) | HistoryError::UnknownSize { .. } | HistoryError::Unsupported(_),
        ) => Report::Nothing,
    }
}

#[async_trait]
impl BarHistory for GuardedHistory {
    async fn bars(&self, request: &BarRequest) -> Result<BarPage, HistoryError> {
        let range = format!("{}-{}", request.range.start(), request.range.end());
        let size = request.size.to_string();
        let class = Class::History {
            pace: HistoryPace::of_bars(request.size.length()),
            series: RequestKey::of(&[request.symbol.as_str(), &size]),
            whole: RequestKey::of(&[request.symbol.as_str(), &size, &range]),
            counts: Counts::Once,
        };
        let going = self.guard.go(class).await.map_err(HistoryError::Unavailable)?;
        let outcome = self.inner.bars(request).await;
        going.ended(report_of_past(&outcome));
        outcome
    }

    async fn earliest(&self, symbol: Symbol, size: BarSize) -> Result<Option<Timestamp>, HistoryError> {
        let going = self.guard.go_as(Some(Capability::History), Class::Message).await;
        let going = going.map_err(HistoryError::Unavailable)?;
        let outcome = self.inner.earliest(symbol, size).await;
        going.ended(report_of_past(&outcome));
        outcome
    }
}
