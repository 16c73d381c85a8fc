//! Prices as they were seen: quotes, bars, what is wrong with them, and where they are missing.
//!
//! A quote that arrives is judged first ([`QuoteRules`]): accepted, marked or refused, and always counted. What could
//! not be recorded is a [`Gap`], never a silence.
//!
//! Left out: who sends prices and who keeps them. Those are ports.

mod bar;
mod board;
mod computation;
mod feed;
mod gap;
mod ports;
mod quote;
mod tick;
mod validity;

pub use bar::{Bar, BarPrices, BarSize, NotABar, NotABarSize};
pub use board::{QuoteBoard, QuoteUnusable};
pub use computation::{OptionBasis, OptionComputation, OptionComputations, OptionValues};
pub use feed::{FeedEvent, Following, OptionEvent, QuoteStream, Subscription, TickEvent, Told};
pub use gap::{Gap, GapCause};
pub use ports::{
    BarHistory, BarPage, BarRequest, BarStore, FeedError, HistoryError, OptionFeed, OptionFeedError,
    QuoteFeed, RecordedQuote, TickFeed, TickFeedError, TickQuery, TickStore,
};
pub use quote::{Level, NotAQuote, Quote};
pub use tick::{Mid, Print, PrintMarks, Tick, TickKind};
pub use validity::{Mark, QuoteRules, QuoteTally, Refusal, Verdict};
