//! Daily bars of US stocks.

use crate::error::FileError;
use crate::row::Row;
use crate::sessions::us_stock_session;
use crate::source::Source;
use crate::table::{Shape, Table};
use std::collections::HashMap;
use time::Date;
use tradeport_contracts::Session;
use tradeport_kernel::{Price, Symbol};
use tradeport_market_data::{Bar, BarPrices, BarSize};

const SHAPE: Shape = Shape {
    header: "Ticker,Date,Open,High,Low,Close,Volume,Adj Close",
    columns: &["Ticker", "Date", "Open", "High", "Low", "Close", "Volume", "Adj Close"],
};
/// More instruments in one file than this are a mistake, and would grow memory without bound.
const MAX_SYMBOLS: usize = 100_000;

/// One day of one stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DailyBar {
    bar: Bar,
    day: Date,
    session: Session,
    adjusted_close: Price,
}

impl DailyBar {
    /// Prices as they were traded, starting at the session's open.
    #[must_use]
    pub const fn bar(&self) -> &Bar {
        &self.bar
    }

    /// The day in New York.
    #[must_use]
    pub const fn day(&self) -> Date {
        self.day
    }

    /// The regular session of that day; a half day counts as a whole one.
    #[must_use]
    pub const fn session(&self) -> Session {
        self.session
    }

    /// The close as the source adjusted it for later splits and dividends. A check for both, never a traded price.
    #[must_use]
    pub const fn adjusted_close(&self) -> Price {
        self.adjusted_close
    }
}

/// The rows of a file with the header `Ticker,Date,Open,High,Low,Close,Volume,Adj Close`. The days of each ticker must
/// ascend; tickers may follow each other or alternate. A refused row does not end the iteration, a broken file does.
pub struct DailyBars {
    table: Table,
    last: HashMap<Symbol, Date>,
}

impl DailyBars {
    /// Checks the header. Errors: [`FileError::Header`] and those of reading.
    pub fn read(source: Source) -> Result<Self, FileError> {
        Ok(Self { table: Table::open(source, SHAPE)?, last: HashMap::new() })
    }
}

impl Iterator for DailyBars {
    type Item = Result<DailyBar, FileError>;

    fn next(&mut self) -> Option<Self::Item> {
        let last = &mut self.last;
        self.table.next_row(|row| daily_bar(row, last))
    }
}

fn daily_bar(row: &Row<'_>, last: &mut HashMap<Symbol, Date>) -> Result<DailyBar, FileError> {
    let symbol = row.symbol(0)?;
    let day = row.date(1)?;
    let session = us_stock_session(day).map_err(|reason| row.refuse(1, reason))?;
    let prices =
        BarPrices { open: row.price(2)?, high: row.price(3)?, low: row.price(4)?, close: row.price(5)? };
    let volume = row.count(6)?;
    let adjusted_close = row.price(7)?;
    let bar = Bar::new(symbol, BarSize::DAY, session.open, prices, Some(volume))
        .map_err(|reason| row.contradiction(format!("{reason}; correct the line or remove it")))?;
    check_order(row, symbol, day, last)?;
    Ok(DailyBar { bar, day, session, adjusted_close })
}

fn check_order(
    row: &Row<'_>,
    symbol: Symbol,
    day: Date,
    last: &mut HashMap<Symbol, Date>,
) -> Result<(), FileError> {
    match last.get(&symbol) {
        Some(&before) if before == day => {
            return Err(
                row.refuse(1, format_args!("{symbol} has this day already: remove one of the two lines"))
            );
        }
        Some(&before) if before > day => {
            let advice = format_args!("{symbol} is at {before} already: sort the file by ticker and date");
            return Err(row.refuse(1, advice));
        }
        None if last.len() >= MAX_SYMBOLS => {
            return Err(row.refuse(0, format_args!("more than {MAX_SYMBOLS} tickers: split the file")));
        }
        _ => {}
    }
    last.insert(symbol, day);
    Ok(())
}

#[cfg(test)]
mod tests;
