//! `TickStore` in the market file.
//!
//! The caller's thread turns quotes into rows; the writing thread only numbers and inserts them. A range of time is
//! found through the blocks: they say which sequences can hold it, whatever the order of the moments.

use crate::database::Database;
use crate::decimal::{self, Digits};
use crate::error::{store_error, unreadable};
use crate::insert::{Row, comma, insert_rows};
use crate::market_memory::{Batch, MarketMemory, find_symbol};
use crate::schema::{symbols, tick_blocks, tick_gaps, ticks};
use crate::{FileKind, OpenError};
use async_trait::async_trait;
use diesel::prelude::*;
use diesel::query_builder::AstPass;
use diesel::sql_types::BigInt;
use diesel::sqlite::Sqlite;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use tradeport_kernel::{Cause, Clock, Decimal, Price, Quantity, StoreError, Symbol, TimeRange, Timestamp};
use tradeport_market_data::{Gap, GapCause, Level, Quote, RecordedQuote, TickQuery, TickStore};

/// Threads that read a file which nobody writes here: whoever reads it alone asks one question after the other.
const READERS_ALONE: usize = 1;

/// Ticks in the market file. Cheap to clone; all clones are one store.
#[derive(Clone)]
pub struct SqliteTicks {
    database: Arc<Database<MarketMemory>>,
    clock: Arc<dyn Clock>,
}

/// A quote on its way in. Its symbol is first the place in the batch's list, then the id in the file.
struct TickRow {
    place: usize,
    symbol: i64,
    sequence: i64,
    at: i64,
    scales: i64,
    digits: [Option<Digits>; 4],
}

type Loaded = (i64, i64, i64, Option<Digits>, Option<Digits>, Option<Digits>, Option<Digits>);

impl Row for TickRow {
    const INSERT_VALUES: &'static str = "INSERT OR FAIL INTO ticks VALUES ";

    fn bind<'b>(&'b self, pass: &mut AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        pass.push_bind_param::<BigInt, i64>(&self.symbol)?;
        comma(pass);
        pass.push_bind_param::<BigInt, i64>(&self.sequence)?;
        comma(pass);
        pass.push_bind_param::<BigInt, i64>(&self.at)?;
        comma(pass);
        pass.push_bind_param::<BigInt, i64>(&self.scales)?;
        for digits in &self.digits {
            comma(pass);
            decimal::bind(pass, digits)?;
        }
        Ok(())
    }
}

impl SqliteTicks {
    /// Opens one market file for reading alone, whether or not an orders file lies beside it, and beside a process
    /// that writes it if there is one. Every write is answered with `ReadOnly`.
    ///
    /// Errors say what to do: there is no such file, it is no market database, damaged, or of another schema.
    pub fn open_read_only(market: &Path, clock: Arc<dyn Clock>) -> Result<Self, OpenError> {
        let database = Database::open_read_only(market, FileKind::Market, READERS_ALONE)?;
        Ok(Self::new(Arc::new(database), clock))
    }

    pub(crate) const fn new(database: Arc<Database<MarketMemory>>, clock: Arc<dyn Clock>) -> Self {
        Self { database, clock }
    }
}

#[async_trait]
impl TickStore for SqliteTicks {
    async fn append(&self, quotes: &[Quote]) -> Result<(), StoreError> {
        let (Some(first_at), Some(last_at)) = (
            quotes.iter().map(|quote| quote.at().nanos()).min(),
            quotes.iter().map(|quote| quote.at().nanos()).max(),
        ) else {
            return Ok(());
        };
        let rows = i64::try_from(quotes.len()).map_err(|error| StoreError::Full(Box::new(error)))?;
        let batch = Batch { rows, first_at, last_at, recorded_at: self.clock.now().nanos() };
        let (names, mut rows) = to_rows(quotes);
        self.database
            .write(move |session| {
                let (connection, memory) = (&mut session.connection, &mut session.memory);
                let ids = names
                    .iter()
                    .map(|name| memory.symbol_id(connection, *name))
                    .collect::<Result<Vec<i64>, StoreError>>()?;
                let first = memory.reserve(connection, batch)?;
                for (sequence, row) in (first..).zip(&mut rows) {
                    row.symbol = ids[row.place];
                    row.sequence = sequence;
                }
                insert_rows(connection, &rows).map_err(store_error)
            })
            .await
    }

    async fn read(&self, query: &TickQuery) -> Result<Vec<RecordedQuote>, StoreError> {
        let query = *query;
        self.database.read(move |connection| read(connection, &query)).await
    }

    async fn count(&self, symbol: Symbol) -> Result<u64, StoreError> {
        let count = self.database.read(move |connection| {
            let Some(id) = find_symbol(connection, symbol)? else { return Ok(0) };
            ticks::table.filter(ticks::symbol.eq(id)).count().get_result(connection).map_err(store_error)
        });
        u64::try_from(count.await?).map_err(unreadable)
    }

    async fn symbols(&self) -> Result<Vec<Symbol>, StoreError> {
        let found = self.database.read(|connection| {
            let of_symbol = ticks::table.filter(ticks::symbol.eq(symbols::id));
            symbols::table
                .filter(diesel::dsl::exists(of_symbol))
                .order(symbols::name)
                .select(symbols::name)
                .load::<String>(connection)
                .map_err(store_error)
        });
        found.await?.iter().map(|name| Symbol::new(name).map_err(unreadable)).collect()
    }

    async fn note_gap(&self, gap: &Gap) -> Result<(), StoreError> {
        let gap = gap.clone();
        let cause = serde_json::to_string(&gap.cause).map_err(unreadable)?;
        self.database
            .write(move |session| {
                let id = session.memory.symbol_id(&mut session.connection, gap.symbol)?;
                let row = (
                    tick_gaps::symbol.eq(id),
                    tick_gaps::start_at.eq(gap.range.start().nanos()),
                    tick_gaps::end_at.eq(gap.range.end().nanos()),
                    tick_gaps::cause.eq(&cause),
                );
                let insert = diesel::insert_into(tick_gaps::table).values(row);
                insert.execute(&mut session.connection).map(|_| ()).map_err(store_error)
            })
            .await
    }

    async fn gaps(&self, symbol: Symbol) -> Result<Vec<Gap>, StoreError> {
        self.database.read(move |connection| gaps(connection, symbol)).await
    }
}

fn to_rows(quotes: &[Quote]) -> (Vec<Symbol>, Vec<TickRow>) {
    let mut names = Vec::new();
    let mut places = BTreeMap::new();
    let rows = quotes.iter().map(|quote| {
        let place = *places.entry(quote.symbol()).or_insert_with(|| {
            names.push(quote.symbol());
            names.len() - 1
        });
        let price = |level: Option<Level>| level.map(|level| level.price().as_decimal());
        let size = |level: Option<Level>| level.and_then(|level| level.size()).map(Quantity::as_decimal);
        let (bid, ask) = (quote.bid(), quote.ask());
        let (scales, digits) = decimal::pack([price(bid), size(bid), price(ask), size(ask)]);
        TickRow { place, symbol: 0, sequence: 0, at: quote.at().nanos(), scales, digits }
    });
    let rows = rows.collect();
    (names, rows)
}

fn read(connection: &mut SqliteConnection, query: &TickQuery) -> Result<Vec<RecordedQuote>, StoreError> {
    let TickQuery { symbol, range, .. } = *query;
    let after = query.after.map_or(0, |sequence| i64::try_from(sequence).unwrap_or(i64::MAX));
    let limit = i64::try_from(query.limit).unwrap_or(i64::MAX);
    let Some(id) = find_symbol(connection, symbol)? else { return Ok(Vec::new()) };
    let Some((first, last)) = sequences(connection, range, after).map_err(store_error)? else {
        return Ok(Vec::new());
    };
    let rows: Vec<Loaded> = ticks::table
        .filter(ticks::symbol.eq(id))
        .filter(ticks::sequence.gt(after))
        .filter(ticks::sequence.between(first, last))
        .filter(ticks::at.ge(range.start().nanos()))
        .filter(ticks::at.lt(range.end().nanos()))
        .order(ticks::sequence)
        .limit(limit)
        .select((
            ticks::sequence,
            ticks::at,
            ticks::scales,
            ticks::bid,
            ticks::bid_size,
            ticks::ask,
            ticks::ask_size,
        ))
        .load(connection)
        .map_err(store_error)?;
    rows.into_iter().map(|row| to_quote(symbol, row).map_err(StoreError::Corrupt)).collect()
}

/// The first and last sequence that can lie in the range and after `after`.
fn sequences(
    connection: &mut SqliteConnection,
    range: TimeRange,
    after: i64,
) -> QueryResult<Option<(i64, i64)>> {
    let holds = |at_least: i64| {
        tick_blocks::table
            .filter(tick_blocks::first_sequence.ge(at_least))
            .filter(tick_blocks::last_at.ge(range.start().nanos()))
            .filter(tick_blocks::first_at.lt(range.end().nanos()))
    };
    let block_of_after: Option<i64> = tick_blocks::table
        .filter(tick_blocks::first_sequence.le(after))
        .order(tick_blocks::first_sequence.desc())
        .select(tick_blocks::first_sequence)
        .first(connection)
        .optional()?;
    let least = block_of_after.unwrap_or(0);
    let first = holds(least)
        .order(tick_blocks::first_sequence)
        .select(tick_blocks::first_sequence)
        .first(connection)
        .optional()?;
    let last = holds(least)
        .order(tick_blocks::first_sequence.desc())
        .select(tick_blocks::last_sequence)
        .first(connection)
        .optional()?;
    Ok(first.zip(last))
}

fn to_quote(symbol: Symbol, row: Loaded) -> Result<RecordedQuote, Cause> {
    let (sequence, at, scales, bid, bid_size, ask, ask_size) = row;
    let decimal = |place, digits: Option<Digits>| -> Result<Option<Decimal>, Cause> {
        digits.map(|digits| decimal::unpack(scales, place, &digits)).transpose()
    };
    let level = |price: Option<Decimal>, size: Option<Decimal>| -> Result<Option<Level>, Cause> {
        let size = size.map(Quantity::new).transpose()?;
        price.map(|price| Ok(Level::new(Price::new(price)?, size))).transpose()
    };
    let bid = level(decimal(0, bid)?, decimal(1, bid_size)?)?;
    let ask = level(decimal(2, ask)?, decimal(3, ask_size)?)?;
    let quote = Quote::new(symbol, Timestamp::from_nanos(at), bid, ask)?;
    Ok(RecordedQuote { sequence: u64::try_from(sequence)?, quote })
}

fn gaps(connection: &mut SqliteConnection, symbol: Symbol) -> Result<Vec<Gap>, StoreError> {
    let Some(id) = find_symbol(connection, symbol)? else { return Ok(Vec::new()) };
    let rows: Vec<(i64, i64, String)> = tick_gaps::table
        .filter(tick_gaps::symbol.eq(id))
        .order(tick_gaps::id)
        .select((tick_gaps::start_at, tick_gaps::end_at, tick_gaps::cause))
        .load(connection)
        .map_err(store_error)?;
    let gap = |(start, end, cause): (i64, i64, String)| {
        let range = TimeRange::new(Timestamp::from_nanos(start), Timestamp::from_nanos(end));
        let cause: GapCause = serde_json::from_str(&cause).map_err(unreadable)?;
        Ok(Gap { symbol, range, cause })
    };
    rows.into_iter().map(gap).collect()
}
