//! [`BarHistory`]: bars of trades, in pieces that TWS answers.
//!
//! A question is asked piece by piece, each as long as TWS allows for the size of the bars. What a piece brings beyond the
//! range is cut off. Pieces without any bar are passed over, so that an empty page means that nothing follows.
//!
//! A question waits for the pacing budget as long as the settings say; after a longer wait it would be [`HistoryError::Paced`].

use crate::broker::IbBroker;
use crate::directory::Known;
use crate::notices::Meaning;
use crate::session::{Lack, Session};
use crate::translate::{bar_from_ib, bar_size_to_ib};
use async_trait::async_trait;
use ibapi::market_data::TradingHours;
use ibapi::market_data::historical::{Duration as Span, WhatToShow};
use std::sync::Arc;
use std::time::Duration;
use tradeport_connection::pacing::{Class, Counts, HistoryPace, RequestKey};
use tradeport_contracts::CatalogError;
use tradeport_kernel::{Cause, Symbol, TimeRange, Timestamp};
use tradeport_market_data::{Bar, BarHistory, BarPage, BarRequest, BarSize, HistoryError};

const DAY: Duration = Duration::from_secs(86_400);

#[async_trait]
impl BarHistory for IbBroker {
    async fn bars(&self, request: &BarRequest) -> Result<BarPage, HistoryError> {
        let session = self.session().map_err(unavailable)?;
        let known = self.with_history(&session, request.symbol).await?;
        let now = session.tools.clock.now();
        let end = request.range.end().min(now.after(request.size.length()));
        let mut start = request.range.start();
        if start >= end {
            return Ok(BarPage { bars: vec![], next: None });
        }
        // Before the beginning of all there is nothing to ask for.
        match self.beginning(&session, &known, request.symbol).await? {
            Some(first) => start = start.max(first.before(request.size.length())),
            None => return Ok(BarPage { bars: vec![], next: None }),
        }
        while start < end {
            let piece_end = start.after(piece(request.size).length).min(end);
            let piece = BarRequest { range: TimeRange::new(start, piece_end), ..*request };
            let bars = self.piece(&session, &known, &piece).await?;
            if !bars.is_empty() {
                return Ok(BarPage { bars, next: (piece_end < end).then_some(piece_end) });
            }
            start = piece_end;
        }
        Ok(BarPage { bars: vec![], next: None })
    }

    async fn earliest(&self, symbol: Symbol, size: BarSize) -> Result<Option<Timestamp>, HistoryError> {
        let session = self.session().map_err(unavailable)?;
        let known = self.with_history(&session, symbol).await?;
        let Some(first) = self.beginning(&session, &known, symbol).await? else { return Ok(None) };
        // The beginning is that of the first trade; the bar around it starts before.
        let from = first.before(size.length());
        let range = TimeRange::new(from, from.after(piece(size).length));
        let bars = self.piece(&session, &known, &BarRequest { symbol, size, range }).await?;
        Ok(Some(bars.first().map_or(first, Bar::start)))
    }
}

/// How much may be asked for at once.
struct Piece {
    length: Duration,
    span: Span,
}

/// TWS's table of sizes and durations.
fn piece(size: BarSize) -> Piece {
    let seconds = |count: u32| {
        let span = i32::try_from(count).map_or(Span::DAY, Span::seconds);
        Piece { length: Duration::from_secs(count.into()), span }
    };
    match size.length().as_secs() {
        0..=1 => seconds(1_800),
        2..=5 => seconds(3_600),
        6..=15 => seconds(14_400),
        16..=30 => seconds(28_800),
        31..=120 => Piece { length: DAY, span: Span::days(2) },
        121..=1_799 => Piece { length: DAY * 6, span: Span::days(7) },
        1_800..=86_399 => Piece { length: DAY * 28, span: Span::months(1) },
        _ => Piece { length: DAY * 360, span: Span::years(1) },
    }
}

impl IbBroker {
    async fn with_history(&self, session: &Session, symbol: Symbol) -> Result<Arc<Known>, HistoryError> {
        self.contract_of(session, symbol, None).await.map_err(|error| match error {
            CatalogError::NotFound(_) | CatalogError::Ambiguous { .. } => HistoryError::UnknownSymbol(symbol),
            other => unavailable(other),
        })
    }

    /// When anything is known of it from, in bars of whatever size. Asked once in a connection, unless there is nothing.
    async fn beginning(
        &self,
        session: &Session,
        known: &Known,
        symbol: Symbol,
    ) -> Result<Option<Timestamp>, HistoryError> {
        let (directory, id) = (&self.inner.directory, known.contract.id());
        let asking = directory.asking(id);
        let _only_one = asking.lock().await;
        if let Some(first) = directory.beginning(id, session.epoch) {
            return Ok(Some(first));
        }
        let limit = self.inner.settings.waits().history;
        let asked = || session.client.head_timestamp(&known.wire, WhatToShow::Trades, TradingHours::Extended);
        // The head counts as small bars do, whatever is asked for after it.
        let class = past(HistoryPace::Small, known, "head");
        match session.ask(class, limit, asked).await {
            Ok(first) => {
                let first = Timestamp::try_from(first).map_err(unavailable)?;
                directory.learn_beginning(id, session.epoch, first);
                Ok(Some(first))
            }
            Err(Lack::Said(said)) if said.meaning == Meaning::NoData => Ok(None),
            Err(lack) => Err(not_now(lack, symbol)),
        }
    }

    /// The bars of one piece, those within its range.
    async fn piece(
        &self,
        session: &Session,
        known: &Known,
        wanted: &BarRequest,
    ) -> Result<Vec<Bar>, HistoryError> {
        let BarRequest { symbol, size, range } = *wanted;
        let unknown = || HistoryError::UnknownSize { symbol, size };
        let bar_size = bar_size_to_ib(size).ok_or_else(unknown)?;
        let span = piece(size).span;
        let end = range.end().to_utc();
        let asked = || {
            let asked =
                session.client.historical_data(&known.wire, bar_size).what_to_show(WhatToShow::Trades);
            asked.trading_hours(TradingHours::Extended).ending(end).duration(span).fetch()
        };
        let class = past(HistoryPace::of_bars(size.length()), known, &format!("{size:?} {span} to {end}"));
        let limit = self.inner.settings.waits().history;
        let rows = match session.ask(class, limit, asked).await {
            Ok(answer) => answer.bars,
            Err(Lack::Said(said)) if said.meaning == Meaning::NoData => Vec::new(),
            Err(lack) => return Err(not_now(lack, symbol)),
        };
        let bars = rows.iter().map(|row| bar_from_ib(symbol, size, row));
        let mut bars = bars.collect::<Result<Vec<_>, _>>().map_err(unavailable)?;
        bars.retain(|bar| range.contains(bar.start()));
        bars.sort_by_key(Bar::start);
        bars.dedup_by_key(|bar| bar.start());
        Ok(bars)
    }
}

/// A question about trades in the past, as the limits of history see it.
fn past(pace: HistoryPace, known: &Known, what: &str) -> Class {
    let (id, exchange) = (known.wire.contract_id.to_string(), known.wire.exchange.as_str());
    let series = RequestKey::of(&[&id, exchange, "trades"]);
    let whole = RequestKey::of(&[&id, exchange, "trades", what]);
    // Bid and ask together would count twice.
    Class::History { pace, series, whole, counts: Counts::Once }
}

fn unavailable(cause: impl Into<Cause>) -> HistoryError {
    HistoryError::Unavailable(cause.into())
}

fn not_now(lack: Lack, symbol: Symbol) -> HistoryError {
    match lack {
        Lack::Said(said) => match said.meaning {
            Meaning::Pacing | Meaning::Lines => HistoryError::Paced(said.to_string()),
            Meaning::UnknownContract => HistoryError::UnknownSymbol(symbol),
            _ => unavailable(said),
        },
        Lack::NotNow(why) => HistoryError::Paced(why.to_string()),
        lack => unavailable(lack),
    }
}
