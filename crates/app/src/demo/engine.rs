//! The run: one loop over the sessions, and the recorder beside it.
//!
//! The loop moves the clock, publishes quotes, lets the desk take in what the broker says, and puts the portfolio right
//! once a month. Marked quotes are published and recorded, and nothing of ours trades on them. It is the only one that acts, so the same data and seed give the same orders, fills and figures. The
//! recorder reads the same quotes at its own pace; when its queue is full, the market waits.

use super::data::{Market, MarketDay};
use super::outcome::{Outcome, Rows};
use super::rebalance::Rebalancing;
use super::settings::RunSettings;
use super::source::QuoteSource;
use super::strategy::begins_a_month;
use super::venue;
use crate::stop::Stop;
use anyhow::{Context, bail, ensure};
use futures::{FutureExt, StreamExt};
use indicatif::ProgressBar;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use time::Date;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tradeport_fake_broker::FakeBroker;
use tradeport_files::Split;
use tradeport_kernel::{Clock, Decimal, Price, Symbol, Timestamp};
use tradeport_market_data::{Quote, QuoteFeed, QuoteRules, QuoteTally, Verdict};
use tradeport_memory::{MemoryBreaks, MemorySwitch, VirtualClock};
use tradeport_portfolio::{AccountFeed, PortfolioSnapshot, PortfolioStore};
use tradeport_sqlite::SqliteStores;
use tradeport_trading::{
    DeskPorts, DeskSettings, EventBus, OrderDesk, PerformanceLoop, PerformanceSettings, PlatformEvent,
    PlatformEvents, Recorder, RecorderError, RecorderReport, RecorderSettings,
};

/// Snapshots are saved together in this number.
const SNAPSHOT_BATCH: usize = 500;
/// Longer than any run: it ends with its data.
const FOR_EVER: Duration = Duration::from_secs(u64::MAX / 2_000_000_000);
const ACTOR: &str = "demo";

/// Somebody asked to stop.
#[derive(Debug, thiserror::Error)]
#[error("stopped on {day} with {quotes} quotes recorded")]
pub(super) struct Interrupted {
    pub(super) day: Date,
    pub(super) quotes: u64,
}

/// How a session ended.
enum Ended {
    AtTheClose,
    /// Somebody asked to stop.
    Stopped,
    /// Nobody records any more.
    WithoutRecorder,
}

/// A run in progress.
pub(super) struct Engine<'a> {
    market: &'a Market,
    settings: &'a RunSettings,
    clock: VirtualClock,
    broker: Arc<FakeBroker>,
    quotes: QuoteSource,
    tally: QuoteTally,
    desk: OrderDesk,
    performance: PerformanceLoop,
    happened: PlatformEvents,
    recording: JoinHandle<Result<RecorderReport, RecorderError>>,
    last_quote_out: oneshot::Sender<()>,
    /// The last official close of each instrument, in today's shares.
    closes: HashMap<Symbol, Price>,
    outcome: Vec<(Date, Decimal)>,
    rebalancings: usize,
    snapshots: u64,
}

impl<'a> Engine<'a> {
    /// Opens broker, desk and recorder on the day before the first session, and notes what the account begins with.
    pub(super) async fn open(
        market: &'a Market,
        settings: &'a RunSettings,
        quotes: QuoteSource,
        clock: VirtualClock,
        stores: &SqliteStores,
    ) -> anyhow::Result<Self> {
        let broker = venue::open(market, settings, &clock).await?;
        let bus = EventBus::default();
        let happened = bus.subscribe();
        let ports = DeskPorts {
            journal: Arc::new(stores.journal().audited(ACTOR)),
            gateway: Arc::clone(&broker) as _,
            accounts: Arc::clone(&broker) as _,
            catalog: Arc::clone(&broker) as _,
            clock: Arc::new(clock.clone()),
            audit: Arc::new(stores.audit()),
            switch: Arc::new(MemorySwitch::default()),
            breaks: Arc::new(MemoryBreaks::default()),
        };
        let desk_settings = DeskSettings {
            policy: settings.policy.clone(),
            actor: ACTOR.to_owned(),
            ..DeskSettings::default()
        };
        let desk = OrderDesk::open(ports, desk_settings, bus.clone()).await?;
        let portfolio: Arc<dyn PortfolioStore> = Arc::new(stores.portfolio());
        let performance_settings = PerformanceSettings {
            interval: settings.interval,
            risk_free_rate: settings.risk_free_rate,
            batch: SNAPSHOT_BATCH,
        };
        let symbols: Vec<Symbol> =
            venue::contracts(market)?.iter().map(|contract| contract.symbol()).collect();
        let (last_quote_out, last) = oneshot::channel();
        let subscription = venue::ending(broker.subscribe(&symbols).await?, last);
        let engine = Self {
            market,
            settings,
            performance: PerformanceLoop::new(performance_settings, Arc::clone(&portfolio), bus)?,
            recording: tokio::spawn(record(recorder(stores, &clock), subscription)),
            quotes,
            tally: QuoteTally::default(),
            clock,
            broker,
            desk,
            happened,
            last_quote_out,
            closes: HashMap::new(),
            outcome: Vec::with_capacity(market.days.len()),
            rebalancings: 0,
            snapshots: 1,
        };
        portfolio.save_snapshots(&[engine.snapshot(&|_| None).await?]).await?;
        Ok(engine)
    }

    /// Trades every session. Errors: what any part of the platform could not do, or [`Interrupted`].
    pub(super) async fn run(mut self, stop: &Stop, progress: &ProgressBar) -> anyhow::Result<Outcome> {
        let market = self.market;
        let mut before = None;
        for day in &market.days {
            self.split(day.day).await?;
            match self.session(day, begins_a_month(before, day.day), stop, progress).await? {
                Ended::AtTheClose => {}
                Ended::Stopped => return Err(self.interrupted(day.day).await?.into()),
                Ended::WithoutRecorder => {
                    stop_recording(self.last_quote_out, self.recording).await?;
                    bail!("recording ended before the quotes did");
                }
            }
            before = Some(day.day);
        }
        self.finish().await
    }

    async fn session(
        &mut self,
        day: &MarketDay,
        rebalances: bool,
        stop: &Stop,
        progress: &ProgressBar,
    ) -> anyhow::Result<Ended> {
        let mut rebalancing = if rebalances { Some(Rebalancing::of(day)?) } else { None };
        self.rebalancings += usize::from(rebalances);
        self.quotes.begin(day)?;
        let mut next = self.quotes.next().await?;
        while let Some(quote) = next {
            if stop.is_asked() {
                return Ok(Ended::Stopped);
            }
            if self.recording.is_finished() {
                return Ok(Ended::WithoutRecorder);
            }
            let (told, after) = self.publish(quote).await?;
            progress.inc(told);
            next = after;
            if let Some(rebalancing) = &mut rebalancing {
                rebalancing.step(&self.desk, self.settings, self.clock.now()).await?;
            }
            if self.performance.is_due(self.clock.now()) {
                let snapshot = self.snapshot(&|symbol| self.price_now(symbol)).await?;
                self.observe(snapshot).await?;
            }
            self.check_events()?;
        }
        self.close(day).await?;
        Ok(Ended::AtTheClose)
    }

    /// A quote and the others of its moment: the clock moves there, orders trade against them, and the desk hears what
    /// came of it. Returns how many there were, and the first quote of the next moment.
    async fn publish(&mut self, first: Quote) -> anyhow::Result<(u64, Option<Quote>)> {
        self.clock.advance_to(first.at());
        let now = self.clock.now();
        let (mut told, mut next) = (0, Some(first));
        while let Some(quote) = next.filter(|quote| quote.at() <= now) {
            self.broker.publish_lossless(quote).await?;
            if self.tally.judge(&QuoteRules::default(), &quote, now) == Verdict::Accepted {
                self.desk.note_quote(quote);
            }
            told += 1;
            next = self.quotes.next().await?;
        }
        self.desk.pump().await?;
        Ok((told, next))
    }

    /// Day orders end, and the portfolio is valued at the official closes.
    async fn close(&mut self, day: &MarketDay) -> anyhow::Result<()> {
        self.clock.advance_to(day.session.close);
        self.broker.advance_to(day.session.close);
        self.desk.pump().await?;
        self.closes.extend(day.bars.iter().map(|bar| (bar.symbol(), bar.prices().close)));
        let snapshot = self.snapshot(&|symbol| self.closes.get(&symbol).copied()).await?;
        self.outcome.push((day.day, snapshot.total_value.amount()));
        self.observe(snapshot).await?;
        self.check_events()
    }

    async fn observe(&mut self, snapshot: PortfolioSnapshot) -> anyhow::Result<()> {
        self.performance.observe(snapshot).await?;
        self.snapshots += 1;
        Ok(())
    }

    /// Splits of a day reach broker and desk before its first quote.
    async fn split(&mut self, day: Date) -> anyhow::Result<()> {
        for split in self.market.splits.iter().filter(|split| split.day() == day) {
            let action = Split::action(split);
            let close = self.closes.get(&action.symbol()).context("a split before the first close")?;
            let price = Price::new((close.as_decimal() / action.ratio()).round_dp(Price::MAX_SCALE))?;
            self.clock.advance_to(action.effective());
            self.broker.apply_corporate_action(action);
            self.desk.pump().await?;
            self.desk.note_split(action, price).await?;
            self.closes.insert(action.symbol(), price);
        }
        Ok(())
    }

    fn price_now(&self, symbol: Symbol) -> Option<Price> {
        self.desk
            .last_quote(symbol)
            .and_then(|quote| quote.mid())
            .or_else(|| self.closes.get(&symbol).copied())
    }

    async fn snapshot(
        &self,
        price_of: &dyn Fn(Symbol) -> Option<Price>,
    ) -> anyhow::Result<PortfolioSnapshot> {
        let portfolio = self.desk.portfolio(&self.settings.account).await.context("the account is gone")?;
        Ok(portfolio.snapshot(self.clock.now(), price_of)?)
    }

    /// What does not fit an order, or cannot be followed, ends the run: its figures would prove nothing.
    fn check_events(&mut self) -> anyhow::Result<()> {
        while let Some(Some(event)) = self.happened.next().now_or_never() {
            match event {
                PlatformEvent::Anomaly { key, text } => {
                    let key = key.map_or_else(|| "no order of ours".to_owned(), |key| key.to_string());
                    bail!("something does not fit {key}: {text}");
                }
                PlatformEvent::CutOff => bail!("the run could not follow its own events"),
                _ => {}
            }
        }
        Ok(())
    }

    async fn finish(mut self) -> anyhow::Result<Outcome> {
        let snapshot = self.snapshot(&|symbol| self.closes.get(&symbol).copied()).await?;
        let portfolio = self.desk.portfolio(&self.settings.account).await.context("the account is gone")?;
        let summary = self.broker.summary(&self.settings.account).await?;
        ensure!(
            summary.cash == portfolio.cash(),
            "the broker holds {} in cash, the desk reckons with {}",
            summary.cash,
            portfolio.cash(),
        );
        self.performance.finish().await?;
        let orders = self.desk.orders().await;
        let recording = stop_recording(self.last_quote_out, self.recording).await?;
        Ok(Outcome {
            snapshot,
            portfolio,
            orders,
            closes: self.outcome,
            rebalancings: self.rebalancings,
            recording,
            rows: Rows::with_snapshots(self.snapshots),
        })
    }

    /// Everything that is known by now is written before the run ends.
    async fn interrupted(mut self, day: Date) -> anyhow::Result<Interrupted> {
        self.performance.finish().await?;
        let report = stop_recording(self.last_quote_out, self.recording).await?;
        Ok(Interrupted { day, quotes: report.stored })
    }
}

fn recorder(stores: &SqliteStores, clock: &VirtualClock) -> Recorder {
    let settings = RecorderSettings { max_duration: FOR_EVER, ..RecorderSettings::default() };
    Recorder::new(Arc::new(stores.ticks()), Arc::new(clock.clone()), settings)
}

async fn record(
    recorder: Recorder,
    subscription: tradeport_market_data::Subscription,
) -> Result<RecorderReport, RecorderError> {
    recorder.run(subscription, std::future::pending()).await
}

async fn stop_recording(
    last_quote_out: oneshot::Sender<()>,
    recording: JoinHandle<Result<RecorderReport, RecorderError>>,
) -> anyhow::Result<RecorderReport> {
    // A recorder that is gone already says why when it is joined.
    drop(last_quote_out);
    Ok(recording.await.context("the recorder broke down")??)
}

/// When a run begins: at the close of the day before its first session, so that the first day has a day before it; in any
/// case before that session.
pub(super) fn beginning(market: &Market) -> anyhow::Result<Timestamp> {
    let first = market.days.first().context("no session to trade")?.session;
    let day_before = first.close.before(Duration::from_secs(86_400));
    Ok(day_before.min(first.open.before(Duration::from_secs(1))))
}
