//! Prices as they were seen: quotes, bars, what is wrong with them, and where they are missing.
//!
//! A quote that arrives is judged first ([`QuoteRules`]): accepted, marked or refused, and always counted. What could
//! not be recorded is a [`Gap`], never a silence.
//!
//! Left out: who sends prices and who keeps them. Those are ports.

mod bar;
mod board;
mod feed;
mod gap;
mod ports;
mod quote;
mod validity;

pub use bar::{Bar, BarPrices, BarSize, NotABar, NotABarSize};
pub use board::{QuoteBoard, QuoteUnusable};
pub use feed::{FeedEvent, QuoteStream, Subscription};
pub use gap::{Gap, GapCause};
pub use ports::{
    BarHistory, BarPage, BarRequest, BarStore, FeedError, HistoryError, QuoteFeed, RecordedQuote, TickQuery,
    TickStore,
};
pub use quote::{Level, NotAQuote, Quote};
pub use validity::{Mark, QuoteRules, QuoteTally, Refusal, Verdict};
