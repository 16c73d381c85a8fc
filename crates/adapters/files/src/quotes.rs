//! Recorded quotes.

use crate::error::FileError;
use crate::row::Row;
use crate::source::Source;
use crate::table::{Shape, Table};
use tradeport_market_data::{Level, Quote};

const SHAPE: Shape = Shape {
    header: "timestamp,symbol,bid,ask,bid_size,ask_size",
    columns: &["timestamp", "symbol", "bid", "ask", "bid_size", "ask_size"],
};
const BID: usize = 2;
const ASK: usize = 3;

/// The rows of a file with the header `timestamp,symbol,bid,ask,bid_size,ask_size`: times in RFC 3339
/// (`2025-03-01T14:30:00Z`), prices above zero. A side without a price is an empty field; so is a size that is not
/// known. The order of the rows is kept, and not judged. A refused row does not end the iteration, a broken file does.
pub struct Quotes {
    table: Table,
}

impl Quotes {
    /// Checks the header. Errors: [`FileError::Header`] and those of reading.
    pub fn read(source: Source) -> Result<Self, FileError> {
        Ok(Self { table: Table::open(source, SHAPE)? })
    }

    /// The line of the last quote, from 1, for whoever finds fault with it later.
    #[must_use]
    pub const fn line(&self) -> u64 {
        self.table.line()
    }
}

impl Iterator for Quotes {
    type Item = Result<Quote, FileError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.table.next_row(quote)
    }
}

fn quote(row: &Row<'_>) -> Result<Quote, FileError> {
    let at = row.parsed(0)?;
    let symbol = row.symbol(1)?;
    let (bid, ask) = (level(row, BID)?, level(row, ASK)?);
    Quote::new(symbol, at, bid, ask)
        .map_err(|reason| row.contradiction(format!("{reason}: give one of them or remove the line")))
}

/// The side whose price is in `column` and whose size stands two columns further.
fn level(row: &Row<'_>, column: usize) -> Result<Option<Level>, FileError> {
    let size = row.optional_size(column + 2)?;
    match (row.optional_price(column)?, size) {
        (Some(price), size) => Ok(Some(Level::new(price, size))),
        (None, None) => Ok(None),
        (None, Some(_)) => Err(row.refuse(column, "a size without a price: give both or neither")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Cursor;

    fn read(text: impl Into<Vec<u8>>) -> Result<Vec<Quote>, FileError> {
        Quotes::read(Source::new("quotes.csv".to_owned(), Box::new(Cursor::new(text.into())))?)?.collect()
    }

    fn rows(lines: &str) -> Result<Vec<Quote>, FileError> {
        read(format!("{}\n{lines}", SHAPE.header))
    }

    #[test]
    fn both_sides_one_side_and_unknown_sizes_are_quotes() {
        let quotes = rows(
            "2025-03-01T14:30:00Z,AAPL,187.20,187.25,300,\n2025-03-01T14:30:00Z,AAPL,,187.25,0,5\n\
             2025-03-01T09:30:00-05:00,BRK B,1,2,3,4\n",
        )
        .unwrap();
        assert_eq!(quotes[0].bid().unwrap().size(), "300".parse().ok());
        assert_eq!(quotes[0].ask().unwrap().size(), None);
        assert_eq!(quotes[1].bid(), None);
        assert_eq!(quotes[2].at(), quotes[0].at());
    }

    #[test]
    fn each_kind_of_bad_row_is_named() {
        let table = [
            (
                "2025-03-01 14:30,AAPL,1,2,3,4",
                r#"quotes.csv:2: column "timestamp" holds "2025-03-01 14:30": "#,
            ),
            ("2025-03-01T14:30:00Z,AAPL,,,,", "has neither bid nor ask"),
            ("2025-03-01T14:30:00Z,AAPL,-1,2,3,4", r#"column "bid" holds "-1""#),
            ("2025-03-01T14:30:00Z,AAPL,1,NaN,3,4", r#"column "ask" holds "NaN""#),
            ("2025-03-01T14:30:00Z,AAPL,1,2,-3,4", r#"column "bid_size" holds "-3""#),
            ("2025-03-01T14:30:00Z,AAPL,,2,3,4", "a size without a price"),
            ("2025-03-01T14:30:00Z,AAPL,1", "the file ends within this line"),
        ];
        for (line, expected) in table {
            let error = rows(line).unwrap_err().to_string();
            assert!(error.contains(expected), "{line:?} gave {error:?}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
            drop(read(bytes.clone()));
            drop(read([SHAPE.header.as_bytes(), b"\n", &bytes].concat()));
        }
    }
}
