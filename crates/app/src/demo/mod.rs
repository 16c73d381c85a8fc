//! `tradeport demo`: years of prices through the whole platform, with no account and no network.
//!
//! Feed, recorder, SQLite, target portfolio, risk gate, journal, broker, fills, positions, figures, report: the same
//! parts as in earnest, with virtual time and a simulated broker. The same arguments give the same standard output and
//! the same report, byte for byte; whatever depends on the machine (times, sizes of files) goes to standard error.

mod benchmark;
mod data;
mod engine;
mod folder;
mod now;
mod origin;
mod outcome;
mod quotes;
mod rebalance;
mod recording;
mod settings;
mod source;
mod strategy;
mod survey;
mod venue;

use crate::Session;
use crate::config::BrokerChoice;
use crate::exit::Exit;
use crate::fault::Fault;
use crate::report::{self, DemoReport};
use crate::stop::Stop;
use anyhow::Context;
use clap::{ArgGroup, Args};
use data::Market;
use engine::{Engine, Interrupted};
use folder::RunFolder;
use indicatif::ProgressBar;
use origin::Origin;
use outcome::Outcome;
use recording::Recording;
use settings::RunSettings;
use source::QuoteSource;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use time::Date;
use time::macros::format_description;
use tradeport_memory::VirtualClock;
use tradeport_sqlite::{SqliteConfig, SqliteStores};

/// What to run.
#[derive(Clone, Debug, Args)]
#[command(group = ArgGroup::new("own_prices").args(["bars", "replay"]))]
pub struct DemoArgs {
    /// Where chance begins: the same seed gives the same figures
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Daily bars of your own instead of the bundled ones: a CSV file, plain or gzip, with the header
    /// Ticker,Date,Open,High,Low,Close,Volume,Adj Close
    #[arg(long, value_name = "FILE")]
    pub bars: Option<PathBuf>,
    /// Recorded quotes instead of bars: a folder in which quotes were recorded, its market.db, or a CSV file, plain or
    /// gzip, with the header timestamp,symbol,bid,ask,bid_size,ask_size
    #[arg(long, value_name = "PATH", conflicts_with = "bars")]
    pub replay: Option<PathBuf>,
    /// Splits in your own bars or recorded quotes: a CSV file with the header symbol,effective_date,new,old,note
    #[arg(long, value_name = "FILE", requires = "own_prices")]
    pub splits: Option<PathBuf>,
    /// The first day in New York, such as 2005-01-01 [default: the first of the data, 2000-03-01 in the bundled one]
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub from: Option<Date>,
    /// The last day in New York, such as 2010-12-31 [default: the last of the data, 2013-03-01 in the bundled one]
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub to: Option<Date>,
    /// Where the HTML report goes [default: report.html beside the databases]
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Trade on the broker's market of now instead: record, buy one of each of three shares, sell them again, report;
    /// this is what --broker tws does, with a paper account
    #[arg(long)]
    pub now: bool,
}

fn day(text: &str) -> Result<Date, String> {
    let form = format_description!("[year]-[month]-[day]");
    Date::parse(text, form).map_err(|_| format!("{text:?} is not a day: expected such as 2005-01-31"))
}

/// Runs the demo to its end.
pub async fn run(arguments: &DemoArgs, session: &Session) -> anyhow::Result<Exit> {
    let broker = session.config().broker;
    if arguments.now || broker == BrokerChoice::Tws {
        now::refuse_history(arguments, broker)?;
        return now::run(session).await;
    }
    check_report_place(arguments)?;
    let Some((market, recorded)) = prices(arguments, session).await? else {
        session.output().say("stopped while the recording was read; nothing was done");
        return Ok(Exit::Interrupted);
    };
    let performance = session.config().performance;
    let interval = Duration::from_secs(performance.interval_seconds);
    let settings =
        RunSettings::new(&market, arguments.seed, performance.risk_free_rate.fraction(), interval)?;
    let folder = RunFolder::begin(&session.storage()?.folder)?;
    let quotes = match recorded {
        Some(recorded) => recorded,
        None => QuoteSource::made(&market, &settings)?,
    };
    introduce(&market, &settings, &folder, session);
    let sqlite = databases(&folder.working(), session)?;
    let progress = session.output().progress(Some(quotes.quotes()), "quotes");
    // The source ends with the run: its file may lie where this run will.
    let played = play(&market, &settings, quotes, &sqlite, session.stop(), &progress).await;
    progress.finish_and_clear();
    let outcome = match played {
        Err(error) if error.is::<Interrupted>() => return interrupted(&error, &folder, session),
        played => played?,
    };
    let report = outcome::report(&market, &settings, &outcome, &folder.finished())?;
    let page = report::to_html(&report);
    let inside = RunFolder::report_in(&folder.working());
    write(arguments.report.as_deref().unwrap_or(&inside), &page)?;
    let finished = folder.finished();
    folder.finish(session.clock().as_ref()).await?;
    let page_at = arguments.report.clone().unwrap_or_else(|| RunFolder::report_in(&finished));
    show(&report, &page_at, session)
}

/// The market of a run, and its quotes if they were recorded; `None` when somebody asked to stop meanwhile.
async fn prices(
    arguments: &DemoArgs,
    session: &Session,
) -> anyhow::Result<Option<(Market, Option<QuoteSource>)>> {
    let (from, to) = (arguments.from, arguments.to);
    let splits = arguments.splits.as_deref();
    let Some(path) = &arguments.replay else {
        let market = match &arguments.bars {
            Some(bars) => Market::from_files(bars, splits)?,
            None => Market::bundled()?,
        };
        return Ok(Some((market.within(from, to)?, None)));
    };
    RunFolder::check_keeps(&session.storage()?.folder, path)?;
    let recording = Recording::open(path, session.clock()).await?;
    let progress = session.output().progress(None, "quotes read");
    let survey = survey::of_period(&recording, from, to, session.stop(), &progress).await;
    progress.finish_and_clear();
    let Some((recording, survey)) = survey? else { return Ok(None) };
    let counts = survey.counts.clone();
    let market = Market::recorded(recording.name().to_owned(), survey, splits)?;
    Ok(Some((market, Some(QuoteSource::recorded(&recording, counts)?))))
}

fn introduce(market: &Market, settings: &RunSettings, folder: &RunFolder, session: &Session) {
    let output = session.output();
    let (bars, sessions) = (market.days.iter().map(|day| day.bars.len()).sum::<usize>(), market.days.len());
    let prices = match &market.origin {
        Origin::Recording { recording, quotes, .. } => {
            format!(
                "{} quotes of {sessions} sessions are told again from {recording}",
                report::count(*quotes)
            )
        }
        Origin::Bundled | Origin::Files { .. } => {
            format!("{bars} daily bars of {sessions} sessions become quotes")
        }
    };
    output.say(&format!(
        "{prices}; they are recorded, traded on once a month and valued.\n\
         No account and no network is used. Seed {}; databases in {}.",
        settings.seed,
        folder.finished().display(),
    ));
    if folder.replaces_a_run() {
        output.say("The run that lies there is replaced once this one is through.");
    }
}

fn databases(folder: &Path, session: &Session) -> anyhow::Result<SqliteConfig> {
    let config = SqliteConfig::in_folder(folder)?;
    Ok(match session.config().storage.size_limit {
        Some(bytes) => config.with_size_limit(bytes)?,
        None => config,
    })
}

/// Runs, and closes the databases.
async fn play(
    market: &Market,
    settings: &RunSettings,
    quotes: QuoteSource,
    sqlite: &SqliteConfig,
    stop: &Stop,
    progress: &ProgressBar,
) -> anyhow::Result<Outcome> {
    let clock = VirtualClock::new(engine::beginning(market)?);
    let stores = SqliteStores::open(sqlite, Arc::new(clock.clone()))?;
    let engine = Engine::open(market, settings, quotes, clock, &stores).await?;
    engine.run(stop, progress).await?.with_row_counts(&stores, settings).await
}

fn interrupted(error: &anyhow::Error, folder: &RunFolder, session: &Session) -> anyhow::Result<Exit> {
    let place = folder.working();
    session.output().say(&format!(
        "{error}. The databases are whole up to then and lie in {}; the next run clears them away.",
        place.display()
    ));
    Ok(Exit::Interrupted)
}

/// Better told now than after the run.
fn check_report_place(arguments: &DemoArgs) -> anyhow::Result<()> {
    let Some(path) = &arguments.report else { return Ok(()) };
    let real = path.canonicalize().ok();
    let mut read = [&arguments.bars, &arguments.splits, &arguments.replay].into_iter().flatten();
    if let Some(file) = read.find(|file| real.is_some() && file.canonicalize().ok() == real) {
        let message = format!("the report would replace {}, which this run reads", file.display());
        return Err(Fault::usage(message, "name another file: --report FILE").into());
    }
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if path.is_dir() || !parent.is_dir() {
        let message = format!("the report cannot be written to {}", path.display());
        return Err(Fault::usage(message, "name a file in a folder that is there: --report FILE").into());
    }
    Ok(())
}

fn write(path: &Path, page: &str) -> anyhow::Result<()> {
    std::fs::write(path, page).map_err(|cause| {
        let message = format!("the report cannot be written to {}", path.display());
        Fault::failed(message, "name another file: --report FILE").because(cause).into()
    })
}

fn show(report: &DemoReport, page: &Path, session: &Session) -> anyhow::Result<Exit> {
    let output = session.output();
    if output.is_json() {
        output.document(report)?;
        return Ok(Exit::Done);
    }
    output.text(report::to_terminal(report).trim_end())?;
    output.text(&format!("\nThe same with charts: {}", page.display()))?;
    for file in &report.databases {
        let size = folder::size_of(Path::new(&file.path)).context("the databases were just closed")?;
        output.say(&format!("{}: {}", file.path, report::bytes(size)));
    }
    Ok(Exit::Done)
}

#[cfg(test)]
mod tests;
