//! Files in, domain values out: market data as CSV, plain or compressed with gzip, and statements of the broker as XML.
//!
//! | file | columns | gives |
//! | --- | --- | --- |
//! | [`DailyBars`] | `Ticker,Date,Open,High,Low,Close,Volume,Adj Close` | [`DailyBar`] |
//! | [`Quotes`] | `timestamp,symbol,bid,ask,bid_size,ask_size` | `Quote` |
//! | [`read_futures`] | those of a table of futures products | `FuturesSpecs` |
//! | [`read_splits`] | `symbol,effective_date,new,old,note` | [`Split`] |
//! | [`read_flex`] | none: a Flex statement of IB, as XML | `Statement` |
//!
//! Beside them [`FileSwitch`] holds the port `SwitchStore`: the kill switch as a file that any process can make; and
//! [`FileBreaks`] the port `BreakStore`: what does not fit, as a file that anybody can read.
//!
//! [`replace_file`] is how anything small is kept: whole at every moment, and durable; [`read_file`] how it is read.
//!
//! Files are read line by line, with a bound on every line, whatever their size. A line that is not what it should be
//! is an error that names the file, the line, the column and the text found there, and says what to do.
//!
//! Left out: repairing data. A wrong row is reported, never corrected or skipped.

mod break_store;
mod daily;
mod durable;
mod error;
mod flex;
mod futures;
mod quotes;
mod row;
mod sessions;
mod source;
mod splits;
mod switch_store;
mod table;

pub use break_store::FileBreaks;
pub use daily::{DailyBar, DailyBars};
pub use durable::{NotRead, read_file, rename_over, replace_file};
pub use error::FileError;
pub use flex::{FlexError, MAX_FLEX_BYTES, parse_flex, read_flex};
pub use futures::read_futures;
pub use quotes::Quotes;
pub use sessions::{OutsideCalendar, us_stock_day, us_stock_day_start, us_stock_session};
pub use source::{MAX_LINE_BYTES, Source};
pub use splits::{Split, read_splits};
pub use switch_store::FileSwitch;
