//! [`QuoteFeed`]: every quote, tick by tick; where TWS has no such ticks, or no line for them left, the top of the book as it
//! samples it.
//!
//! One line of ticks at TWS serves every reader of an instrument; it is cancelled there when the last reader goes. Of the top
//! of a book every reader has a line of its own, which begins with how things stand. A reader polls what the library has
//! received, without a task in between: a reader that falls behind loses the oldest messages and is told how many. Sides
//! without a price are left out: TWS marks them by a price of zero or -1 without a size.
//!
//! Left out: everything that TWS tells beside bid and ask.

mod following;
mod options;
mod reader;
mod snapshot;
mod ticks;

pub(crate) use ticks::TickLines;

use crate::broker::{IbBroker, Inner};
use crate::directory::Known;
use crate::notices::Meaning;
use crate::session::{Lack, Session, Stream};
use async_trait::async_trait;
use futures::{FutureExt, StreamExt};
use ibapi::market_data::IgnoreSize;
use reader::{LineReader, QuoteReader, Source};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use tradeport_connection::pacing::Class;
use tradeport_contracts::CatalogError;
use tradeport_kernel::{Cause, ConnectionEpoch, Symbol};
use tradeport_market_data::{FeedError, Quote, QuoteFeed, Subscription};

/// One stream of TWS; readers have clones of its subscription.
pub(crate) struct Line {
    stream: Stream<Source>,
}

/// The lines that stand, by the instrument, while somebody reads them.
#[derive(Default)]
pub(crate) struct Lines(Mutex<HashMap<Symbol, (ConnectionEpoch, Weak<Line>)>>);

impl Lines {
    fn lock(&self) -> MutexGuard<'_, HashMap<Symbol, (ConnectionEpoch, Weak<Line>)>> {
        // Every change is one insert or one removal.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn standing(&self, epoch: ConnectionEpoch, symbol: Symbol) -> Option<Arc<Line>> {
        let lines = self.lock();
        let (of, line) = lines.get(&symbol)?;
        line.upgrade().filter(|_| *of == epoch)
    }

    fn keep(&self, epoch: ConnectionEpoch, symbol: Symbol, line: &Arc<Line>) {
        let mut lines = self.lock();
        lines.retain(|_, (_, line)| line.strong_count() > 0);
        lines.insert(symbol, (epoch, Arc::downgrade(line)));
    }
}

#[async_trait]
impl QuoteFeed for IbBroker {
    async fn subscribe(&self, symbols: &[Symbol]) -> Result<Subscription, FeedError> {
        let session = self.session().map_err(unavailable)?;
        let mut wanted: Vec<(Symbol, Arc<Known>)> = Vec::new();
        for symbol in symbols {
            if !wanted.iter().any(|(named, _)| named == symbol) {
                wanted.push((*symbol, self.quoted(&session, *symbol).await?));
            }
        }
        let clock = &session.tools.clock;
        let mut readers = Vec::new();
        for (symbol, known) in &wanted {
            let (line, own) = self.inner.line_or_top(&session, *symbol, known).await?;
            readers.push(LineReader::new(*symbol, Arc::clone(clock), own, line));
        }
        self.hear_refusals(&session).await?;
        let mut is_sampled = false;
        for ((symbol, known), reader) in wanted.iter().zip(&mut readers) {
            let Some(refusal) = reader.refusal().now_or_never().flatten() else { continue };
            let lack = session.lack(refusal);
            if !is_about_ticks(&lack) {
                return Err(not_now(lack, Some(*symbol)));
            }
            tracing::info!(%symbol, %lack, "its quotes are sampled");
            let (line, own) = self.inner.top_line(&session, *symbol, known).await?;
            *reader = LineReader::new(*symbol, Arc::clone(clock), own, line);
            is_sampled = true;
        }
        if is_sampled {
            self.hear_refusals(&session).await?;
            for reader in &mut readers {
                if let Some(refusal) = reader.refusal().now_or_never().flatten() {
                    return Err(not_now(session.lack(refusal), Some(reader.symbol())));
                }
            }
        }
        Ok(Subscription { epoch: session.epoch, events: QuoteReader::new(session.epoch, readers).boxed() })
    }

    async fn snapshot(&self, symbol: Symbol) -> Result<Quote, FeedError> {
        let session = self.session().map_err(unavailable)?;
        let known = self.quoted(&session, symbol).await?;
        let limit = self.inner.settings.waits().answer;
        let ticks =
            session.ask(Class::MarketData, limit, || snapshot::ticks(&session.client, &known.wire)).await;
        let sides = ticks.map_err(|lack| not_now(lack, Some(symbol)))?;
        sides.quote(symbol, session.tools.clock.now()).ok_or(FeedError::NoData(symbol))
    }
}

/// Ticks one by one are refused: for want of a line, or because there are none of such an instrument.
const fn is_about_ticks(lack: &Lack) -> bool {
    matches!(lack, Lack::Said(said) if matches!(said.meaning, Meaning::Lines | Meaning::NoPermission))
}

impl IbBroker {
    /// TWS answers in order: what it refuses at once is here when the time is.
    async fn hear_refusals(&self, session: &Arc<Session>) -> Result<(), FeedError> {
        let limit = self.inner.settings.waits().answer;
        let told = session.server_time(limit).await;
        told.map(drop).map_err(|lack| not_now(lack, None))
    }

    async fn quoted(&self, session: &Session, symbol: Symbol) -> Result<Arc<Known>, FeedError> {
        self.contract_of(session, symbol, None).await.map_err(|error| match error {
            CatalogError::NotFound(_) | CatalogError::Ambiguous { .. } => FeedError::UnknownSymbol(symbol),
            other => unavailable(other),
        })
    }
}

impl Inner {
    /// The line of an instrument; the top of its book, when there is no room for its ticks.
    async fn line_or_top(
        &self,
        session: &Session,
        symbol: Symbol,
        known: &Known,
    ) -> Result<(Arc<Line>, Source), FeedError> {
        let stands = self.lines.standing(session.epoch, symbol).is_some();
        if !stands && session.pace.lacks_ticks(ticks::class_of(known)) {
            tracing::info!(%symbol, "its quotes are sampled: there is no room for its ticks");
            return self.top_line(session, symbol, known).await;
        }
        self.line(session, symbol, known).await
    }

    /// The line of an instrument, made if nobody reads it, and a reader's own handle. Whoever makes a line hears it from its
    /// first word on, everybody else from now on.
    async fn line(
        &self,
        session: &Session,
        symbol: Symbol,
        known: &Known,
    ) -> Result<(Arc<Line>, Source), FeedError> {
        if let Some(line) = self.lines.standing(session.epoch, symbol) {
            let own = line.stream.get().clone();
            return Ok((line, own));
        }
        let limit = self.settings.waits().answer;
        let asked = || session.client.tick_by_tick(&known.wire, 0).bid_ask(IgnoreSize::No);
        let ticks = session.open(ticks::class_of(known), limit, asked).await;
        let (ticks, place) = ticks.map_err(|lack| not_now(lack, Some(symbol)))?;
        let own = Source::Ticks(ticks);
        let line = Arc::new(Line { stream: Stream::placed((own.clone(), place), session) });
        self.lines.keep(session.epoch, symbol, &line);
        Ok((line, own))
    }

    /// The top of the book of an instrument, for one reader.
    async fn top_line(
        &self,
        session: &Session,
        symbol: Symbol,
        known: &Known,
    ) -> Result<(Arc<Line>, Source), FeedError> {
        let limit = self.settings.waits().answer;
        let asked = || session.client.market_data(&known.wire).subscribe();
        let top = session.open(Class::MarketData, limit, asked).await;
        let (top, place) = top.map_err(|lack| not_now(lack, Some(symbol)))?;
        let own = Source::Top(top);
        Ok((Arc::new(Line { stream: Stream::placed((own.clone(), place), session) }), own))
    }
}

fn unavailable(cause: impl Into<Cause>) -> FeedError {
    FeedError::Unavailable(cause.into())
}

fn not_now(lack: Lack, symbol: Option<Symbol>) -> FeedError {
    match (lack, symbol) {
        (Lack::NotNow(why), Some(symbol)) => FeedError::NoLine { symbol, reason: why.to_string() },
        (Lack::Said(said), Some(symbol)) => match said.meaning {
            Meaning::UnknownContract | Meaning::AmbiguousContract => FeedError::UnknownSymbol(symbol),
            Meaning::NoPermission | Meaning::Delayed => {
                FeedError::NotPermitted { symbol, reason: said.to_string() }
            }
            Meaning::Lines | Meaning::Pacing => FeedError::NoLine { symbol, reason: said.to_string() },
            Meaning::NoData => FeedError::NoData(symbol),
            _ => unavailable(said),
        },
        (lack, _) => unavailable(lack),
    }
}
