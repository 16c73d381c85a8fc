//! [`TickFeed`]: prints, quotes and mids, tick by tick.
//!
//! TWS tells few instruments so at once, and the same ticks not twice within seconds: one line serves every reader of a
//! kind, quotes those of the quote feed, too; it is cancelled when the last reader goes. TWS stamps ticks in whole seconds,
//! so several share a moment; they come in its order. Options and combos have no ticks, and pairs no prints.

use super::following::Reader;
use super::reader::{LineReader, QuoteReader};
use crate::broker::IbBroker;
use crate::directory::Known;
use crate::notices::Meaning;
use crate::session::{Lack, Session, Stream};
use crate::translate::{FromIbError, mid_from_ib, print_from_ib};
use async_trait::async_trait;
use futures::{FutureExt, StreamExt};
use ibapi::market_data::realtime::{MidPoint, Trade};
use ibapi::subscriptions::Subscription;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use tradeport_connection::pacing::{Class, RequestKey};
use tradeport_contracts::{CatalogError, InstrumentKind};
use tradeport_kernel::{Cause, ConnectionEpoch, Symbol, Timestamp};
use tradeport_market_data::{FeedError, FeedEvent, Following, Tick, TickFeed, TickFeedError, TickKind, Told};

/// The lines of one sort that stand, by the instrument and the kind, while somebody reads them.
pub(crate) struct Shared<S: Send + 'static>(Mutex<Standing<S>>);

type Standing<S> = HashMap<(Symbol, TickKind), (ConnectionEpoch, Weak<Stream<S>>)>;

impl<S: Send + 'static> Default for Shared<S> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<S: Send + 'static> Shared<S> {
    fn standing(&self, epoch: ConnectionEpoch, of: (Symbol, TickKind)) -> Option<Arc<Stream<S>>> {
        // Every change is one insert or one removal.
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (begun, line) = lines.get(&of)?;
        line.upgrade().filter(|_| *begun == epoch)
    }

    fn keep(&self, epoch: ConnectionEpoch, of: (Symbol, TickKind), line: &Arc<Stream<S>>) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.retain(|_, (_, line)| line.strong_count() > 0);
        lines.insert(of, (epoch, Arc::downgrade(line)));
    }
}

/// The lines of prints and of mids.
#[derive(Default)]
pub(crate) struct TickLines {
    prints: Shared<Subscription<Trade>>,
    mids: Shared<Subscription<MidPoint>>,
}

/// Does TWS tell this kind of ticks of such an instrument at all?
fn has(known: &Known, kind: TickKind) -> bool {
    match known.contract.instrument().kind() {
        Some(InstrumentKind::Option | InstrumentKind::FuturesOption | InstrumentKind::Combo) => false,
        Some(InstrumentKind::Forex) => !kind.is_of_prints(),
        _ => true,
    }
}

#[async_trait]
impl TickFeed for IbBroker {
    async fn follow(&self, symbol: Symbol, kind: TickKind) -> Result<Following<Tick>, TickFeedError> {
        let session = self.session().map_err(unavailable)?;
        let known = self.contract_of(&session, symbol, None).await.map_err(|error| match error {
            CatalogError::NotFound(_) | CatalogError::Ambiguous { .. } => {
                TickFeedError::UnknownSymbol(symbol)
            }
            other => unavailable(other),
        })?;
        if !has(&known, kind) {
            return Err(TickFeedError::NotOffered { symbol, kind });
        }
        match kind {
            TickKind::Prints | TickKind::AllPrints => self.prints(&session, &known, kind).await,
            TickKind::Quotes => self.quote_ticks(&session, symbol, &known).await,
            TickKind::Mids => self.mids(&session, &known).await,
        }
    }
}

impl IbBroker {
    async fn prints(
        &self,
        session: &Arc<Session>,
        known: &Known,
        kind: TickKind,
    ) -> Result<Following<Tick>, TickFeedError> {
        let asked = async || {
            let asked = session.client.tick_by_tick(&known.wire, 0);
            if kind == TickKind::Prints { asked.last().await } else { asked.all_last().await }
        };
        let symbol = known.contract.symbol();
        let read = move |it: Trade| Ok(Some(tick(Tick::Print(print_from_ib(symbol, &it)?))));
        let of = (symbol, kind, class_of(known));
        self.line_of(session, &self.inner.tick_lines.prints, of, asked, read).await
    }

    async fn mids(&self, session: &Arc<Session>, known: &Known) -> Result<Following<Tick>, TickFeedError> {
        let asked = async || session.client.tick_by_tick(&known.wire, 0).mid_point().await;
        let symbol = known.contract.symbol();
        let read = move |it: MidPoint| Ok(Some(tick(Tick::Mid(mid_from_ib(symbol, &it)?))));
        let of = (symbol, TickKind::Mids, class_of(known));
        self.line_of(session, &self.inner.tick_lines.mids, of, asked, read).await
    }

    /// The line of these ticks, made if nobody reads it. Whoever makes a line hears it from its first word on, everybody
    /// else from now on.
    async fn line_of<M, S, F, Q>(
        &self,
        session: &Arc<Session>,
        lines: &Shared<S>,
        (symbol, kind, class): (Symbol, TickKind, Class),
        asked: impl Fn() -> Q,
        read: F,
    ) -> Result<Following<Tick>, TickFeedError>
    where
        M: Send + Unpin + 'static,
        S: futures::Stream<Item = super::following::Item<M>> + Clone + Send + Sync + Unpin + 'static,
        F: FnMut(M) -> Result<Option<(Timestamp, Tick)>, FromIbError> + Send + Unpin + 'static,
        Q: Future<Output = Result<S, ibapi::Error>>,
    {
        let (of, now) = ((symbol, kind), session.tools.clock.now());
        let (line, own) = match lines.standing(session.epoch, of) {
            Some(line) => {
                let own = line.get().clone();
                (line, own)
            }
            None => {
                let limit = self.inner.settings.waits().answer;
                let asked = session.open(class, limit, asked).await;
                let (own, place) = asked.map_err(|lack| not_now(lack, symbol))?;
                let line = Arc::new(Stream::placed((own.clone(), place), session));
                lines.keep(session.epoch, of, &line);
                (line, own)
            }
        };
        let mut reader = Reader::new(symbol, (session.epoch, now), (own, line), read);
        self.all_heard(session, symbol).await?;
        if let Some(refusal) = reader.refusal().now_or_never().flatten() {
            return Err(not_now(session.lack(refusal), symbol));
        }
        Ok(Following { epoch: session.epoch, events: reader.boxed() })
    }

    /// TWS answers in order: what it refuses at once is here when the time is.
    async fn all_heard(&self, session: &Arc<Session>, symbol: Symbol) -> Result<(), TickFeedError> {
        let limit = self.inner.settings.waits().answer;
        let told = session.server_time(limit).await;
        told.map(drop).map_err(|lack| not_now(lack, symbol))
    }

    /// Quotes have the line of the quote feed.
    async fn quote_ticks(
        &self,
        session: &Arc<Session>,
        symbol: Symbol,
        known: &Known,
    ) -> Result<Following<Tick>, TickFeedError> {
        let (line, own) = self.inner.line(session, symbol, known).await.map_err(of_feed)?;
        let mut reader = LineReader::new(symbol, Arc::clone(&session.tools.clock), own, line);
        self.all_heard(session, symbol).await?;
        if let Some(refusal) = reader.refusal().now_or_never().flatten() {
            return Err(not_now(session.lack(refusal), symbol));
        }
        let events = QuoteReader::new(session.epoch, vec![reader]).map(|event| match event {
            FeedEvent::Quote(quote) => Told::Datum(Tick::Quote(quote)),
            FeedEvent::Gap(gap) => Told::Gap(gap),
            FeedEvent::EpochLost(epoch) => Told::EpochLost(epoch),
        });
        Ok(Following { epoch: session.epoch, events: events.boxed() })
    }
}

/// As the limits of tick-by-tick streams see an instrument.
pub(super) fn class_of(known: &Known) -> Class {
    Class::TickByTick { instrument: RequestKey::of(&[&known.wire.contract_id.to_string()]) }
}

fn tick(tick: Tick) -> (Timestamp, Tick) {
    (tick.at(), tick)
}

fn unavailable(cause: impl Into<Cause>) -> TickFeedError {
    TickFeedError::Unavailable(cause.into())
}

fn of_feed(error: FeedError) -> TickFeedError {
    match error {
        FeedError::UnknownSymbol(symbol) => TickFeedError::UnknownSymbol(symbol),
        FeedError::NotPermitted { symbol, reason } => TickFeedError::NotPermitted { symbol, reason },
        FeedError::Unsupported(what) => TickFeedError::Unsupported(what),
        error => unavailable(error),
    }
}

fn not_now(lack: Lack, symbol: Symbol) -> TickFeedError {
    let said = match lack {
        Lack::Said(said) => said,
        Lack::NotNow(why) => return TickFeedError::NoLine { symbol, reason: why.to_string() },
        lack => return unavailable(lack),
    };
    match said.meaning {
        Meaning::UnknownContract | Meaning::AmbiguousContract => TickFeedError::UnknownSymbol(symbol),
        Meaning::NoPermission => TickFeedError::NotPermitted { symbol, reason: said.to_string() },
        Meaning::Lines | Meaning::Pacing => TickFeedError::NoLine { symbol, reason: said.to_string() },
        _ => unavailable(said),
    }
}
