//! Recorded quotes to be told again: our own database of quotes, or a CSV file of them.
//!
//! However much was recorded, memory holds a page of it. Left out: what the quotes mean for a market (`survey`).

use crate::fault::Fault;
use anyhow::Context;
use std::fs::{self, File};
use std::io::Read;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use time::Date;
use tradeport_files::{Quotes, Source, us_stock_day, us_stock_day_start};
use tradeport_kernel::{Clock, Symbol, TimeRange, Timestamp};
use tradeport_market_data::{Quote, TickStore};
use tradeport_sqlite::{OpenError, SqliteTicks};
use tradeport_trading::QuoteReplay;

/// What the platform calls its database of quotes.
const MARKET_FILE: &str = "market.db";
const DATABASE_ENDINGS: [&str; 3] = ["db", "sqlite", "sqlite3"];
const SQLITE_MAGIC: &[u8] = b"SQLite format 3\0";
/// So many quotes of a database are in memory at once, of all instruments together; at least `LEAST_PAGE` of each.
const IN_MEMORY: usize = 40_000;
const LEAST_PAGE: usize = 16;
/// In a database quotes stand as they came, and some come late. What is later than this was not recorded as it came.
const LATENESS: Duration = Duration::from_secs(3_600);
/// What can be done about most of what can be wrong.
const NAME_ANOTHER: &str =
    "name a folder with a market.db, such a file, or a CSV file of quotes: --replay PATH";

/// Quotes that were recorded, of a period. Cheap to clone.
#[derive(Clone)]
pub(super) struct Recording {
    name: String,
    place: Place,
    period: TimeRange,
}

#[derive(Clone)]
enum Place {
    Database { ticks: Arc<dyn TickStore>, symbols: Vec<Symbol> },
    File(PathBuf),
}

impl Recording {
    /// Opens what lies at a path: a folder with our database of quotes, that database alone, or a CSV file. Errors: it
    /// is none of these, or a database without quotes.
    pub(super) async fn open(path: &Path, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        let (path, is_database) = sorted(path)?;
        let place = if is_database {
            let ticks =
                SqliteTicks::open_read_only(&path, clock).map_err(|error| not_opened(&path, error))?;
            let symbols = ticks.symbols().await?;
            Place::Database { ticks: Arc::new(ticks), symbols }
        } else {
            Place::File(path.clone())
        };
        Ok(Self { name: path.display().to_string(), place, period: TimeRange::ALL })
    }

    /// What a store holds, under a name.
    #[cfg(test)]
    pub(super) fn of_store(name: &str, ticks: Arc<dyn TickStore>, symbols: Vec<Symbol>) -> Self {
        Self { name: name.to_owned(), place: Place::Database { ticks, symbols }, period: TimeRange::ALL }
    }

    /// The same recording, but only the quotes of these days in New York, both included.
    pub(super) fn within(&self, from: Option<Date>, to: Option<Date>) -> Self {
        let start = from.map_or(Timestamp::MIN, start_of);
        let end = to.map_or(Timestamp::MAX, |day| day.next_day().map_or(Timestamp::MAX, start_of));
        Self { period: TimeRange::new(start, end), ..self.clone() }
    }

    /// Where it lies.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Its quotes from the first on.
    pub(super) fn tell(&self) -> anyhow::Result<Telling> {
        let source = match &self.place {
            Place::Database { ticks, symbols } => {
                let page = (IN_MEMORY / symbols.len().max(1)).max(LEAST_PAGE);
                let page = NonZeroUsize::new(page).unwrap_or(NonZeroUsize::MIN);
                let replay = QuoteReplay::new(Arc::clone(ticks), symbols, self.period);
                TellingSource::Database(replay.with_page(page))
            }
            Place::File(path) => TellingSource::File(Quotes::read(Source::open(path)?)?),
        };
        Ok(Telling { name: self.name.clone(), source, period: self.period, moment: Timestamp::MIN })
    }
}

/// A day before or after all that we can tell begins with the first or the last moment.
fn start_of(day: Date) -> Timestamp {
    let beyond = if day < us_stock_day(Timestamp::EPOCH) { Timestamp::MIN } else { Timestamp::MAX };
    us_stock_day_start(day).unwrap_or(beyond)
}

/// The path of the quotes themselves, and whether they are a database.
fn sorted(path: &Path) -> anyhow::Result<(PathBuf, bool)> {
    let shown = path.display();
    let file = fs::metadata(path).map_err(|cause| {
        Fault::failed(format!("there is nothing to replay at {shown}"), NAME_ANOTHER).because(cause)
    })?;
    if file.is_dir() {
        let market = path.join(MARKET_FILE);
        if market.is_file() {
            return Ok((market, true));
        }
        let message = format!("there is no {MARKET_FILE} in {shown}");
        let demo = path.join("demo");
        if demo.join(MARKET_FILE).is_file() {
            return Err(Fault::failed(message, format!("--replay {}", demo.display())).into());
        }
        return Err(Fault::failed(message, NAME_ANOTHER).into());
    }
    if !file.is_file() {
        let message = format!("{shown} is not a file, and a replay reads it twice");
        return Err(Fault::failed(message, "keep the quotes in a file first: --replay FILE").into());
    }
    let named = path.extension().and_then(|ending| ending.to_str());
    let named = named.is_some_and(|ending| DATABASE_ENDINGS.contains(&ending));
    Ok((path.to_owned(), named || begins_as_database(path)?))
}

fn begins_as_database(path: &Path) -> anyhow::Result<bool> {
    let mut start = Vec::new();
    File::open(path).and_then(|file| file.take(SQLITE_MAGIC.len() as u64).read_to_end(&mut start)).map_err(
        |cause| {
            let message = format!("{} cannot be read", path.display());
            Fault::failed(message, "look at its permissions, or name another: --replay PATH").because(cause)
        },
    )?;
    Ok(start == SQLITE_MAGIC)
}

fn not_opened(path: &Path, error: OpenError) -> Fault {
    let advice = match &error {
        OpenError::NewerSchema { .. } => {
            "update tradeport, or name another recording: --replay PATH".to_owned()
        }
        OpenError::Empty { .. } => {
            let folder = path.parent().unwrap_or(Path::new(".")).display();
            format!("record into it first: tradeport record AAPL --for 1s --data-dir {folder}")
        }
        OpenError::OlderSchema { .. } => {
            let folder = path.parent().unwrap_or(Path::new(".")).display();
            format!(
                "record into it once to bring it up to date: tradeport record AAPL --for 1s --data-dir {folder}"
            )
        }
        OpenError::Unavailable { .. } | OpenError::ReadOnly { .. } => {
            "look at its permissions and those of its folder, or name another: --replay PATH".to_owned()
        }
        _ => NAME_ANOTHER.to_owned(),
    };
    Fault::failed(format!("what was recorded in {} cannot be opened", path.display()), advice).because(error)
}

/// Recorded quotes, one after the other, each told once.
pub(super) struct Telling {
    name: String,
    source: TellingSource,
    period: TimeRange,
    /// The latest moment that was told.
    moment: Timestamp,
}

enum TellingSource {
    Database(QuoteReplay),
    File(Quotes),
}

impl Telling {
    /// The next quote; `None` once all have been told. Errors: the recording is damaged, or goes back in time further
    /// than quotes come late.
    pub(super) async fn next(&mut self) -> anyhow::Result<Option<Quote>> {
        let Some(quote) = self.read().await? else { return Ok(None) };
        let lateness = match &self.source {
            TellingSource::Database(_) => LATENESS,
            TellingSource::File(_) => Duration::ZERO,
        };
        if self.moment.since(quote.at()) > lateness {
            return Err(self.goes_back(&quote).into());
        }
        self.moment = self.moment.max(quote.at());
        Ok(Some(quote))
    }

    /// When the last quote is told: at its own moment, or with the one before it if it came late.
    pub(super) const fn moment(&self) -> Timestamp {
        self.moment
    }

    async fn read(&mut self) -> anyhow::Result<Option<Quote>> {
        match &mut self.source {
            TellingSource::Database(replay) => {
                let next = replay.next().await.with_context(|| format!("{} cannot be read", self.name))?;
                Ok(next.map(|recorded| recorded.quote))
            }
            TellingSource::File(quotes) => {
                for quote in quotes {
                    let quote = quote?;
                    if self.period.contains(quote.at()) {
                        return Ok(Some(quote));
                    }
                }
                Ok(None)
            }
        }
    }

    fn goes_back(&self, quote: &Quote) -> Fault {
        let (name, symbol, at, before) = (&self.name, quote.symbol(), quote.at(), self.moment);
        match &self.source {
            TellingSource::Database(_) => Fault::failed(
                format!("the quote of {symbol} at {at} was recorded after one at {before} in {name}"),
                "choose a period that was recorded as it came: --from DAY --to DAY",
            ),
            TellingSource::File(quotes) => Fault::failed(
                format!(
                    "{name}:{}: the quote of {symbol} at {at} stands after one at {before}",
                    quotes.line()
                ),
                "sort the lines by their time, all instruments together",
            ),
        }
    }
}
