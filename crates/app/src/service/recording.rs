//! Recording over every epoch of a link, until the service ends.

use super::alarms::AlarmBook;
use super::board::{self, Counted};
use crate::Session;
use crate::stop::Stop;
use crate::wiring::Plant;
use futures::StreamExt;
use std::sync::Arc;
use std::time::Duration;
use tradeport_kernel::{Clock, ConnectionEpoch, Symbol};
use tradeport_market_data::{FeedEvent, QuoteFeed, QuoteRules, Subscription};
use tradeport_trading::{Recorder, RecorderSettings, SessionHandle, lasting_quotes};

/// A recording of the service has no end of its own; no machine runs for longer.
const LONGEST: Duration = Duration::from_secs(100 * 366 * 86_400);
/// A store that failed is tried again after so long.
const PAUSE: Duration = Duration::from_secs(10);

/// What is to be recorded, and where to.
pub(super) struct Recording {
    symbols: Vec<Symbol>,
    feed: Arc<dyn QuoteFeed>,
    handle: SessionHandle,
    recorder: Recorder,
    silence: Duration,
    clock: Arc<dyn Clock>,
    counted: Arc<Counted>,
}

impl Recording {
    pub(super) fn new(
        symbols: Vec<Symbol>,
        feed: Arc<dyn QuoteFeed>,
        handle: SessionHandle,
        session: &Session,
        plant: &Plant,
    ) -> Self {
        let config = &session.config().recorder;
        let settings = RecorderSettings {
            batch: config.batch,
            linger: Duration::from_millis(config.linger_ms),
            max_duration: LONGEST,
            rules: QuoteRules::default(),
        };
        let recorder = Recorder::new(Arc::new(plant.stores.ticks()), session.clock(), settings);
        let silence = Duration::from_secs(session.config().link.silence_seconds);
        Self { symbols, feed, handle, recorder, silence, clock: session.clock(), counted: Arc::default() }
    }

    /// As reports show it.
    pub(super) fn shown(&self) -> board::Recording {
        let symbols = self.symbols.iter().map(ToString::to_string).collect();
        board::Recording { symbols, counted: Arc::clone(&self.counted) }
    }

    /// Records until somebody asks to stop; what had come by then is written.
    pub(super) async fn run(&self, stop: Stop, alarms: &AlarmBook) {
        while !stop.is_asked() {
            let ending = stop.clone();
            let recorded = self.recorder.run(self.quotes(), async move { ending.asked().await }).await;
            match recorded {
                Ok(report) => tracing::info!(stored = report.stored, gaps = report.gaps, "recorded"),
                Err(error) => {
                    alarms.note("recording stopped", format!("{error}: {}", error.source), self.clock.now());
                }
            }
            tokio::select! {
                () = stop.asked() => {}
                () = self.clock.sleep_until(self.clock.now().after(PAUSE)) => {}
            }
        }
    }

    /// One stream for each instrument: one that fails holds no other up.
    fn quotes(&self) -> Subscription {
        let streams = self.symbols.iter().map(|symbol| {
            lasting_quotes(Arc::clone(&self.feed), &self.handle, vec![*symbol], Some(self.silence))
        });
        let (counted, clock) = (Arc::clone(&self.counted), Arc::clone(&self.clock));
        let events = futures::stream::select_all(streams).inspect(move |event| {
            if matches!(event, FeedEvent::Quote(_)) {
                counted.one_more(clock.now());
            }
        });
        Subscription { epoch: ConnectionEpoch::default(), events: events.boxed() }
    }
}
