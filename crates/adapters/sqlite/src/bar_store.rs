//! `BarStore` in the market file.

use crate::database::Database;
use crate::decimal::{self, Digits};
use crate::error::{store_error, unreadable};
use crate::insert::{Row, comma, insert_rows};
use crate::market_memory::{MarketMemory, find_symbol};
use crate::schema::bars;
use async_trait::async_trait;
use diesel::dsl::{max, min};
use diesel::prelude::*;
use diesel::query_builder::AstPass;
use diesel::sql_types::BigInt;
use diesel::sqlite::Sqlite;
use std::sync::Arc;
use tradeport_kernel::{Cause, Price, StoreError, Symbol, Timestamp};
use tradeport_market_data::{Bar, BarPrices, BarRequest, BarSize, BarStore};

/// Bars in the market file. Cheap to clone; all clones are one store.
#[derive(Clone)]
pub struct SqliteBars {
    database: Arc<Database<MarketMemory>>,
}

struct BarRow {
    name: Symbol,
    symbol: i64,
    seconds: i64,
    start: i64,
    scales: i64,
    digits: [Option<Digits>; 5],
}

type Loaded = (i64, i64, Digits, Digits, Digits, Digits, Option<Digits>);

impl Row for BarRow {
    const INSERT_VALUES: &'static str = "INSERT OR REPLACE INTO bars VALUES ";

    fn bind<'b>(&'b self, pass: &mut AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        pass.push_bind_param::<BigInt, i64>(&self.symbol)?;
        comma(pass);
        pass.push_bind_param::<BigInt, i64>(&self.seconds)?;
        comma(pass);
        pass.push_bind_param::<BigInt, i64>(&self.start)?;
        comma(pass);
        pass.push_bind_param::<BigInt, i64>(&self.scales)?;
        for digits in &self.digits {
            comma(pass);
            decimal::bind(pass, digits)?;
        }
        Ok(())
    }
}

impl SqliteBars {
    pub(crate) const fn new(database: Arc<Database<MarketMemory>>) -> Self {
        Self { database }
    }
}

#[async_trait]
impl BarStore for SqliteBars {
    async fn save(&self, bars: &[Bar]) -> Result<(), StoreError> {
        if bars.is_empty() {
            return Ok(());
        }
        let mut rows: Vec<BarRow> = bars.iter().map(to_row).collect();
        self.database
            .write(move |session| {
                for row in &mut rows {
                    row.symbol = session.memory.symbol_id(&mut session.connection, row.name)?;
                }
                insert_rows(&mut session.connection, &rows).map_err(store_error)
            })
            .await
    }

    async fn read(&self, request: &BarRequest) -> Result<Vec<Bar>, StoreError> {
        let request = *request;
        self.database.read(move |connection| read(connection, &request)).await
    }

    async fn span(
        &self,
        symbol: Symbol,
        size: BarSize,
    ) -> Result<Option<(Timestamp, Timestamp)>, StoreError> {
        let found: Option<(Option<i64>, Option<i64>)> = self
            .database
            .read(move |connection| {
                let Some(id) = find_symbol(connection, symbol)? else { return Ok(None) };
                bars::table
                    .filter(bars::symbol.eq(id))
                    .filter(bars::seconds.eq(seconds(size)))
                    .select((min(bars::start), max(bars::start)))
                    .first(connection)
                    .optional()
                    .map_err(store_error)
            })
            .await?;
        let span = found.and_then(|(first, last)| first.zip(last));
        Ok(span.map(|(first, last)| (Timestamp::from_nanos(first), Timestamp::from_nanos(last))))
    }
}

fn seconds(size: BarSize) -> i64 {
    i64::try_from(size.length().as_secs()).expect("the longest bar is a month")
}

fn to_row(bar: &Bar) -> BarRow {
    let BarPrices { open, high, low, close } = bar.prices();
    let price = |price: Price| Some(price.as_decimal());
    let (scales, digits) = decimal::pack([price(open), price(high), price(low), price(close), bar.volume()]);
    let (seconds, start) = (seconds(bar.size()), bar.start().nanos());
    BarRow { name: bar.symbol(), symbol: 0, seconds, start, scales, digits }
}

fn read(connection: &mut SqliteConnection, request: &BarRequest) -> Result<Vec<Bar>, StoreError> {
    let Some(id) = find_symbol(connection, request.symbol)? else { return Ok(Vec::new()) };
    let rows: Vec<Loaded> = bars::table
        .filter(bars::symbol.eq(id))
        .filter(bars::seconds.eq(seconds(request.size)))
        .filter(bars::start.ge(request.range.start().nanos()))
        .filter(bars::start.lt(request.range.end().nanos()))
        .order(bars::start)
        .select((bars::start, bars::scales, bars::open, bars::high, bars::low, bars::close, bars::volume))
        .load(connection)
        .map_err(store_error)?;
    rows.into_iter().map(|row| to_bar(request, &row).map_err(unreadable)).collect()
}

fn to_bar(request: &BarRequest, row: &Loaded) -> Result<Bar, Cause> {
    let (start, scales, open, high, low, close, volume) = row;
    let price =
        |place, digits| -> Result<Price, Cause> { Ok(Price::new(decimal::unpack(*scales, place, digits)?)?) };
    let prices = BarPrices {
        open: price(0, open)?,
        high: price(1, high)?,
        low: price(2, low)?,
        close: price(3, close)?,
    };
    let volume = volume.as_ref().map(|digits| decimal::unpack(*scales, 4, digits)).transpose()?;
    Ok(Bar::new(request.symbol, request.size, Timestamp::from_nanos(*start), prices, volume)?)
}
