//! The recorder: a feed's quotes, judged and kept in batches.
//!
//! While one batch is being written the next is collected, so the store and the feed work side by side; one batch in
//! flight and one in the making is all that memory holds. When the store is slower than the feed, the feed's own
//! bounded queue fills, and what it drops comes back as a gap.

use futures::future::{BoxFuture, FusedFuture, FutureExt};
use futures::stream::{FusedStream, StreamExt};
use std::sync::Arc;
use std::time::Duration;
use tradeport_kernel::{Clock, StoreError, TimeRange, Timestamp};
use tradeport_market_data::{
    FeedEvent, Gap, GapCause, Quote, QuoteRules, QuoteTally, Subscription, TickStore, Verdict,
};

/// How to record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecorderSettings {
    /// A batch is written once it holds so many quotes.
    pub batch: usize,
    /// Or once its first quote has waited for so long.
    pub linger: Duration,
    /// Recording ends by itself after this time.
    pub max_duration: Duration,
    /// What quotes must satisfy.
    pub rules: QuoteRules,
}

impl Default for RecorderSettings {
    fn default() -> Self {
        Self {
            batch: 1_000,
            linger: Duration::from_millis(100),
            max_duration: Duration::from_secs(23_400),
            rules: QuoteRules::default(),
        }
    }
}

/// Why recording ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The feed had no more to say.
    FeedEnded,
    /// The link was lost; subscribe again.
    EpochLost,
    /// Somebody asked.
    Stopped,
    /// The time was up.
    TimeUp,
}

/// What was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecorderReport {
    /// Quotes that the store acknowledged.
    pub stored: u64,
    /// Those among the stored that were marked as strange.
    pub marked: u64,
    /// Quotes that could not be true and were not stored.
    pub refused: u64,
    /// Quotes that a full queue dropped before they came here.
    pub dropped: u64,
    /// Gaps that were noted.
    pub gaps: u64,
    /// Why it ended.
    pub ended: Ended,
}

/// Recording had to stop; what the report counts as stored is safe.
#[derive(Debug, thiserror::Error)]
#[error("recording stopped: {} quotes are stored, {lost} are not", report.stored)]
pub struct RecorderError {
    /// What was recorded until then.
    pub report: RecorderReport,
    /// How many quotes had arrived and could not be stored.
    pub lost: u64,
    /// Why.
    #[source]
    pub source: StoreError,
}

/// Records subscriptions into a store.
#[derive(Clone)]
pub struct Recorder {
    store: Arc<dyn TickStore>,
    clock: Arc<dyn Clock>,
    settings: RecorderSettings,
}

type Write = BoxFuture<'static, (Result<(), StoreError>, Vec<Quote>)>;

/// One recording in progress.
struct Session<'a> {
    recorder: &'a Recorder,
    tally: QuoteTally,
    pending: Vec<Quote>,
    spare: Vec<Quote>,
    write: futures::future::Fuse<Write>,
    report: RecorderReport,
}

enum Wake {
    Events(Vec<FeedEvent>),
    Written((Result<(), StoreError>, Vec<Quote>)),
    Linger,
    End(Ended),
}

impl Recorder {
    /// A recorder into `store`.
    #[must_use]
    pub fn new(store: Arc<dyn TickStore>, clock: Arc<dyn Clock>, settings: RecorderSettings) -> Self {
        Self { store, clock, settings: RecorderSettings { batch: settings.batch.max(1), ..settings } }
    }

    /// Records until the feed ends, `stop` completes, or the time is up; everything that had arrived by then is
    /// written before it returns.
    pub async fn run(
        &self,
        subscription: Subscription,
        stop: impl Future<Output = ()> + Send,
    ) -> Result<RecorderReport, RecorderError> {
        let mut session = Session::new(self);
        let mut events = subscription.events.ready_chunks(self.settings.batch).fuse();
        let mut stop = std::pin::pin!(stop.fuse());
        let mut time_up = self.clock.sleep_until(self.clock.now().after(self.settings.max_duration)).fuse();
        let mut linger = futures::future::Fuse::terminated();
        let ended = loop {
            let mut chunk = session.next_chunk(&mut events);
            let wake = futures::select_biased! {
                () = stop => Wake::End(Ended::Stopped),
                written = &mut session.write => Wake::Written(written),
                () = time_up => Wake::End(Ended::TimeUp),
                () = linger => Wake::Linger,
                chunk = chunk => chunk.map_or(Wake::End(Ended::FeedEnded), Wake::Events),
            };
            match wake {
                Wake::Events(chunk) => {
                    if session.take_in(chunk).await {
                        break Ended::EpochLost;
                    }
                    if session.pending.len() >= self.settings.batch {
                        session.start_write();
                    }
                }
                Wake::Written(written) => session.written(written).await?,
                Wake::Linger => session.start_write(),
                Wake::End(ended) => break ended,
            }
            if session.pending.is_empty() {
                linger = futures::future::Fuse::terminated();
            } else if linger.is_terminated() {
                linger = self.clock.sleep_until(self.clock.now().after(self.settings.linger)).fuse();
            }
        };
        session.finish(ended).await
    }
}

impl<'a> Session<'a> {
    fn new(recorder: &'a Recorder) -> Self {
        let batch = recorder.settings.batch;
        let report =
            RecorderReport { stored: 0, marked: 0, refused: 0, dropped: 0, gaps: 0, ended: Ended::FeedEnded };
        Self {
            recorder,
            tally: QuoteTally::default(),
            pending: Vec::with_capacity(batch),
            spare: Vec::with_capacity(batch),
            write: futures::future::Fuse::terminated(),
            report,
        }
    }

    /// The next events of the feed; waits for ever while a full batch waits for the store, so that memory stays small.
    fn next_chunk<'s, S>(
        &self,
        events: &'s mut S,
    ) -> futures::future::Fuse<BoxFuture<'s, Option<Vec<FeedEvent>>>>
    where
        S: FusedStream<Item = Vec<FeedEvent>> + Unpin + Send,
    {
        let full = self.pending.len() >= self.recorder.settings.batch && !self.write.is_terminated();
        if full { futures::future::Fuse::terminated() } else { events.next().boxed().fuse() }
    }

    /// Judges events; true when the epoch was lost.
    async fn take_in(&mut self, chunk: Vec<FeedEvent>) -> bool {
        let now = self.recorder.clock.now();
        for event in chunk {
            match event {
                FeedEvent::Quote(quote) => self.judge(quote, now),
                FeedEvent::Gap(gap) => self.gap(&gap).await,
                FeedEvent::EpochLost(_) => return true,
            }
        }
        false
    }

    fn judge(&mut self, quote: Quote, now: Timestamp) {
        if !matches!(self.tally.judge(&self.recorder.settings.rules, &quote, now), Verdict::Refused(_)) {
            self.pending.push(quote);
        }
    }

    async fn gap(&mut self, gap: &Gap) {
        if let GapCause::Dropped { count } = gap.cause {
            self.report.dropped += count;
        }
        match self.recorder.store.note_gap(gap).await {
            Ok(()) => self.report.gaps += 1,
            Err(error) => tracing::error!(symbol = %gap.symbol, %error, "a gap could not be noted"),
        }
    }

    /// Hands the pending quotes to the store, unless it is still busy with the ones before.
    fn start_write(&mut self) {
        if self.pending.is_empty() || !self.write.is_terminated() {
            return;
        }
        let batch = std::mem::replace(&mut self.pending, std::mem::take(&mut self.spare));
        let store = Arc::clone(&self.recorder.store);
        self.write = async move { (store.append(&batch).await, batch) }.boxed().fuse();
    }

    async fn written(&mut self, written: (Result<(), StoreError>, Vec<Quote>)) -> Result<(), RecorderError> {
        let (result, mut batch) = written;
        match result {
            Ok(()) => {
                self.report.stored += batch.len() as u64;
                batch.clear();
                self.spare = batch;
                if self.pending.len() >= self.recorder.settings.batch {
                    self.start_write();
                }
                Ok(())
            }
            Err(source) => {
                batch.append(&mut self.pending);
                Err(self.fail(&batch, source).await)
            }
        }
    }

    /// Everything that is not stored becomes a gap, if the store can still keep that much.
    async fn fail(&mut self, lost: &[Quote], source: StoreError) -> RecorderError {
        let mut symbols: Vec<_> = lost.iter().map(Quote::symbol).collect();
        symbols.sort_unstable();
        symbols.dedup();
        for symbol in symbols {
            let of_symbol = || lost.iter().filter(|quote| quote.symbol() == symbol);
            let first = of_symbol().map(Quote::at).min().unwrap_or(Timestamp::EPOCH);
            let last = of_symbol().map(Quote::at).max().unwrap_or(first);
            let count = of_symbol().count() as u64;
            let range = TimeRange::new(first, last.after(Duration::from_nanos(1)));
            self.gap(&Gap { symbol, range, cause: GapCause::StoreFailed { count } }).await;
        }
        RecorderError { report: self.counted(Ended::Stopped), lost: lost.len() as u64, source }
    }

    async fn finish(mut self, ended: Ended) -> Result<RecorderReport, RecorderError> {
        if !self.write.is_terminated() {
            let written = (&mut self.write).await;
            self.written(written).await?;
        }
        while !self.pending.is_empty() || !self.write.is_terminated() {
            self.start_write();
            let written = (&mut self.write).await;
            self.written(written).await?;
        }
        Ok(self.counted(ended))
    }

    fn counted(&self, ended: Ended) -> RecorderReport {
        RecorderReport { marked: self.tally.marked(), refused: self.tally.refused(), ended, ..self.report }
    }
}
