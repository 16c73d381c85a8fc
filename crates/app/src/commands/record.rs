//! `tradeport record`: quotes into the database, until the time is up or somebody stops it.

use crate::Session;
use crate::cli::RecordArgs;
use crate::exit::Exit;
use crate::fault::Fault;
use crate::output::Grid;
use crate::wiring::{self, Access, Broker};
use futures::StreamExt;
use futures::stream::unfold;
use indicatif::ProgressBar;
use serde::Serialize;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tradeport_market_data::{FeedEvent, QuoteRules, Subscription};
use tradeport_trading::{Ended, Recorder, RecorderReport, RecorderSettings};

#[derive(Serialize)]
struct View {
    stored: u64,
    marked: u64,
    refused: u64,
    dropped: u64,
    gaps: u64,
    ended: &'static str,
    database: PathBuf,
}

/// Records until the first of: time up, rows full, somebody stops it. Errors: the link was lost before.
pub(super) async fn run(arguments: &RecordArgs, session: &Session) -> anyhow::Result<Exit> {
    let broker = Broker::open(session).await?;
    // A symbol that nobody knows is told before a database is made for it.
    let mut symbols = Vec::new();
    for spec in &arguments.symbols {
        symbols.push(broker.list(spec.instrument()).await?.symbol());
    }
    let subscription = broker.feed().subscribe(&symbols).await?;
    let stores = wiring::open_stores(session.config(), session.clock(), Access::Write)?;
    let settings = settings(arguments, session);
    let names: Vec<_> = symbols.iter().map(ToString::to_string).collect();
    session.output().say(&format!(
        "recording {} for at most {} s; Ctrl-C ends it in good order",
        names.join(", "),
        settings.max_duration.as_secs()
    ));
    let progress = session.output().progress(arguments.max_rows, "quotes");
    let recorder = Recorder::new(Arc::new(stores.ticks()), session.clock(), settings);
    let market = broker.start_market();
    let stop = session.stop().clone();
    let subscription = limited(subscription, arguments.max_rows, progress.clone());
    let recorded = recorder.run(subscription, async move { stop.asked().await }).await;
    drop(market);
    progress.finish_and_clear();
    let report = recorded?;
    show(&report, session)?;
    match report.ended {
        Ended::Stopped => Ok(Exit::Interrupted),
        Ended::FeedEnded | Ended::TimeUp => Ok(Exit::Done),
        // What was recorded is kept; it is not all that was asked for.
        Ended::EpochLost => Err(Fault::failed(
            "the link to the broker was lost: what came before is recorded",
            "the same command again; tradeport serve records on by itself",
        )
        .into()),
    }
}

fn settings(arguments: &RecordArgs, session: &Session) -> RecorderSettings {
    let config = &session.config().recorder;
    let longest = Duration::from_secs(config.max_seconds);
    RecorderSettings {
        batch: config.batch,
        linger: Duration::from_millis(config.linger_ms),
        max_duration: arguments.length.map_or(longest, |length| length.duration()),
        rules: QuoteRules::default(),
    }
}

/// The subscription, ending with the last of `most` quotes.
pub(crate) fn limited(subscription: Subscription, most: Option<u64>, progress: ProgressBar) -> Subscription {
    let left = most.unwrap_or(u64::MAX);
    let events =
        unfold((subscription.events, left, progress), |(mut events, mut left, progress)| async move {
            if left == 0 {
                return None;
            }
            let event = events.next().await?;
            if matches!(event, FeedEvent::Quote(_)) {
                progress.inc(1);
                left -= 1;
            }
            Some((event, (events, left, progress)))
        });
    Subscription { epoch: subscription.epoch, events: events.boxed() }
}

fn show(report: &RecorderReport, session: &Session) -> anyhow::Result<()> {
    let view = View {
        stored: report.stored,
        marked: report.marked,
        refused: report.refused,
        dropped: report.dropped,
        gaps: report.gaps,
        ended: match report.ended {
            Ended::FeedEnded => "complete",
            Ended::EpochLost => "link_lost",
            Ended::Stopped => "stopped",
            Ended::TimeUp => "time_up",
        },
        database: session.storage()?.market,
    };
    if session.output().is_json() {
        return session.output().document(&view);
    }
    let mut grid = Grid::facts();
    grid.fact("stored", view.stored.to_string());
    grid.fact("of these marked", view.marked.to_string());
    grid.fact("refused", view.refused.to_string());
    grid.fact("dropped", view.dropped.to_string());
    grid.fact("gaps", view.gaps.to_string());
    grid.fact("ended", view.ended.replace('_', " "));
    grid.fact("database", view.database.display().to_string());
    session.output().grid(&grid)
}
