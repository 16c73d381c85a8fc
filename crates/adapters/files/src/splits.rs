//! Splits, as whoever uses the data states them.

use crate::error::FileError;
use crate::row::Row;
use crate::sessions::us_stock_day_start;
use crate::source::Source;
use crate::table::{Shape, Table};
use time::Date;
use tradeport_contracts::CorporateAction;

const SHAPE: Shape = Shape {
    header: "symbol,effective_date,new,old,note",
    columns: &["symbol", "effective_date", "new", "old", "note"],
};
/// More rows than this in one file are a mistake.
const MAX_ROWS: usize = 10_000;

/// A split with the words that explain it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    action: CorporateAction,
    day: Date,
    note: String,
}

impl Split {
    /// The split, in force from the first moment of its day in New York.
    #[must_use]
    pub const fn action(&self) -> &CorporateAction {
        &self.action
    }

    /// The first day on which the new shares traded.
    #[must_use]
    pub const fn day(&self) -> Date {
        self.day
    }

    /// What the file says about it.
    #[must_use]
    pub fn note(&self) -> &str {
        &self.note
    }
}

/// Reads a whole file with the header `symbol,effective_date,new,old,note`, in its order. `new` shares replace `old`
/// ones from the effective date on. Errors: the first row that is refused, or a symbol with two splits on one day.
pub fn read_splits(source: Source) -> Result<Vec<Split>, FileError> {
    let mut table = Table::open(source, SHAPE)?;
    let mut splits: Vec<Split> = Vec::new();
    while let Some(split) = table.next_row(|row| split(row, &splits)) {
        splits.push(split?);
    }
    Ok(splits)
}

fn split(row: &Row<'_>, before: &[Split]) -> Result<Split, FileError> {
    let symbol = row.symbol(0)?;
    let day = row.date(1)?;
    if before.iter().any(|split| split.day == day && split.action.symbol() == symbol) {
        return Err(
            row.refuse(1, format_args!("{symbol} has a split on this day already: remove one of the two"))
        );
    }
    if before.len() >= MAX_ROWS {
        return Err(row.contradiction(format_args!("more than {MAX_ROWS} splits: divide the file")));
    }
    let effective = us_stock_day_start(day).map_err(|reason| row.refuse(1, reason))?;
    let action = CorporateAction::split(symbol, effective, row.parsed(2)?, row.parsed(3)?)
        .map_err(|reason| row.contradiction(reason))?;
    Ok(Split { action, day, note: row.text(4).to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Cursor;

    fn read(text: impl Into<Vec<u8>>) -> Result<Vec<Split>, FileError> {
        read_splits(Source::new("splits.csv".to_owned(), Box::new(Cursor::new(text.into())))?)
    }

    fn rows(lines: &str) -> Result<Vec<Split>, FileError> {
        read(format!("{}\n{lines}", SHAPE.header))
    }

    #[test]
    fn a_split_is_in_force_before_the_open_of_its_day() {
        let splits = rows("AAPL,2000-06-21,2,1,\"two for one, announced in April\"\n").unwrap();
        assert_eq!(splits[0].action().effective().to_string(), "2000-06-21T04:00:00Z");
        assert_eq!(splits[0].action().ratio(), 2.into());
        assert_eq!(splits[0].note(), "two for one, announced in April");
    }

    #[test]
    fn impossible_splits_are_named() {
        let table = [
            ("AAPL,2000-06-21,0,1,", "is not a split"),
            ("AAPL,2000-06-21,two,1,", r#"column "new" holds "two""#),
            ("AAPL,2000-06-21,2,1,a\nAAPL,2000-06-21,3,1,b", "splits.csv:3: column \"effective_date\""),
            ("AAPL,2000-06-21,2", "3 columns instead of 5"),
        ];
        for (lines, expected) in table {
            let error = rows(lines).unwrap_err().to_string();
            assert!(error.contains(expected), "{lines:?} gave {error:?}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
            drop(read([SHAPE.header.as_bytes(), b"\n", &bytes].concat()));
        }
    }
}
