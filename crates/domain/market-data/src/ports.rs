//! What this crate asks of the outside: feeds and history from a broker, and stores.

use crate::{
    Bar, BarSize, Following, Gap, OptionComputation, OptionComputations, Quote, Subscription, Tick, TickKind,
};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tradeport_kernel::{Cause, StoreError, Symbol, TimeRange, Timestamp};

/// Streams quotes as they happen.
#[async_trait]
pub trait QuoteFeed: Send + Sync {
    /// Subscribes to the quotes of these instruments, from now on.
    /// Promises: quotes of one instrument arrive in the order in which the source sent them; only the instruments
    /// asked for arrive; an unknown instrument is `UnknownSymbol` and subscribes to nothing; two subscriptions of one
    /// instrument both receive its quotes; a slow reader is told of what it missed by a gap; a lost link ends the
    /// stream with `EpochLost`.
    async fn subscribe(&self, symbols: &[Symbol]) -> Result<Subscription, FeedError>;

    /// One quote of now, without a subscription.
    /// Promises: an unknown instrument is `UnknownSymbol`; an instrument without a quote is `NoData`, never a zero.
    async fn snapshot(&self, symbol: Symbol) -> Result<Quote, FeedError>;
}

/// Why a feed gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// The broker knows no such instrument.
    #[error("no market data is known for {0}")]
    UnknownSymbol(Symbol),
    /// The instrument is known, but nothing was quoted yet.
    #[error("{0} has no quote yet")]
    NoData(Symbol),
    /// The account may not see this data; ask for delayed data or subscribe at the broker.
    #[error("the account has no permission for the data of {symbol}: {reason}")]
    NotPermitted {
        /// Whose data.
        symbol: Symbol,
        /// What the broker said.
        reason: String,
    },
    /// Every line of market data is taken; end a subscription.
    #[error("there is no line for {symbol}: {reason}")]
    NoLine {
        /// Whose data.
        symbol: Symbol,
        /// What the broker said.
        reason: String,
    },
    /// The source cannot be reached now; try again.
    #[error("the quote feed cannot be reached")]
    Unavailable(#[source] Cause),
    /// This adapter does not do that.
    #[error("this feed does not support {0}")]
    Unsupported(&'static str),
}

/// Streams ticks: every print, quote or mid as its source saw it, none put together with the next.
#[async_trait]
pub trait TickFeed: Send + Sync {
    /// Subscribes to one kind of ticks of one instrument, from now on. Their moments may be whole seconds.
    /// Promises: ticks arrive in the order in which the source sent them; several ticks of one moment all arrive;
    /// only the kind asked for arrives; two followers of the same ticks both receive them; an unknown instrument is
    /// `UnknownSymbol`; a kind that the instrument does not have is `NotOffered`; a slow reader is told of what it
    /// missed by a gap; a follower that is dropped takes no line at the source; a lost link ends the stream with
    /// `EpochLost`.
    async fn follow(&self, symbol: Symbol, kind: TickKind) -> Result<Following<Tick>, TickFeedError>;
}

/// Why there are no ticks.
#[derive(Debug, thiserror::Error)]
pub enum TickFeedError {
    /// The broker knows no such instrument.
    #[error("no ticks are known for {0}")]
    UnknownSymbol(Symbol),
    /// The instrument has no such ticks; its quotes may still be had.
    #[error("{symbol} has no ticks of {kind}")]
    NotOffered {
        /// Whose ticks.
        symbol: Symbol,
        /// Which.
        kind: TickKind,
    },
    /// The account may not see this data; subscribe at the broker.
    #[error("the account has no permission for the ticks of {symbol}: {reason}")]
    NotPermitted {
        /// Whose ticks.
        symbol: Symbol,
        /// What the broker said.
        reason: String,
    },
    /// The broker tells so many at once and no more, or not so soon again; end another, or wait.
    #[error("there is no line for the ticks of {symbol}: {reason}")]
    NoLine {
        /// Whose ticks.
        symbol: Symbol,
        /// What the broker said.
        reason: String,
    },
    /// The source cannot be reached now; try again.
    #[error("the tick feed cannot be reached")]
    Unavailable(#[source] Cause),
    /// This adapter does not do that.
    #[error("this tick feed does not support {0}")]
    Unsupported(&'static str),
}

/// Tells what the broker's own model makes of options.
#[async_trait]
pub trait OptionFeed: Send + Sync {
    /// Subscribes to the computations of one option, from now on; at a broker with lines of market data it takes one.
    /// Promises: computations of one price arrive in the order in which the source sent them; every computation names
    /// the price it began with; what is not computed is `None`, never a sentinel; an unknown option is `UnknownSymbol`;
    /// what is no option is `NotAnOption`; a slow reader is told by a gap that it missed some; a follower that is dropped
    /// takes no line at the source; a lost link ends the stream with `EpochLost`.
    async fn follow(&self, option: Symbol) -> Result<Following<OptionComputation>, OptionFeedError>;

    /// The computations of now; where the broker has none at once, the first that come.
    /// Promises: the snapshot has the last computation of each price; an option without any computation is `NoData`;
    /// a snapshot takes no line once it is answered.
    async fn snapshot(&self, option: Symbol) -> Result<OptionComputations, OptionFeedError>;
}

/// Why nothing is told of an option.
#[derive(Debug, thiserror::Error)]
pub enum OptionFeedError {
    /// The broker knows no such instrument.
    #[error("no option {0} is known")]
    UnknownSymbol(Symbol),
    /// The instrument is known, and no option.
    #[error("{0} is not an option")]
    NotAnOption(Symbol),
    /// The broker has computed nothing of it.
    #[error("nothing is computed of {0} yet")]
    NoData(Symbol),
    /// The account may not see this data, or not that of the underlying; subscribe at the broker.
    #[error("the account has no permission for the data of {symbol}: {reason}")]
    NotPermitted {
        /// Whose data.
        symbol: Symbol,
        /// What the broker said.
        reason: String,
    },
    /// Every line of market data is taken; end a subscription.
    #[error("there is no line for {symbol}: {reason}")]
    NoLine {
        /// Whose data.
        symbol: Symbol,
        /// What the broker said.
        reason: String,
    },
    /// The source cannot be reached now; try again.
    #[error("the option feed cannot be reached")]
    Unavailable(#[source] Cause),
    /// This adapter does not do that.
    #[error("this option feed does not support {0}")]
    Unsupported(&'static str),
}

/// Which bars are wanted: of one instrument and size, whose start lies within the range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BarRequest {
    /// Whose bars.
    pub symbol: Symbol,
    /// How long each is.
    pub size: BarSize,
    /// When they start.
    pub range: TimeRange,
}

/// An answer to a [`BarRequest`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BarPage {
    /// The bars, earliest first.
    pub bars: Vec<Bar>,
    /// Where to go on when the source had more than one answer holds; `None` when the range is complete.
    pub next: Option<Timestamp>,
}

/// Knows the past.
#[async_trait]
pub trait BarHistory: Send + Sync {
    /// Bars of the past.
    /// Promises: bars are in time order without repeats; every bar starts within the range; following `next` to its
    /// end gives every bar of the range; a range without data is an empty page, not an error; an unknown instrument
    /// is `UnknownSymbol`.
    async fn bars(&self, request: &BarRequest) -> Result<BarPage, HistoryError>;

    /// When the earliest bar of this size starts.
    /// Promises: the earliest start is that of the first bar of all time.
    async fn earliest(&self, symbol: Symbol, size: BarSize) -> Result<Option<Timestamp>, HistoryError>;
}

/// Why there is no history.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// The source knows no such instrument.
    #[error("no history is known for {0}")]
    UnknownSymbol(Symbol),
    /// The source does not serve bars of this size.
    #[error("bars of {size} are not served for {symbol}")]
    UnknownSize {
        /// Whose bars.
        symbol: Symbol,
        /// The size asked for.
        size: BarSize,
    },
    /// The broker asks to wait: too many requests.
    #[error("too many requests for history: {0}")]
    Paced(String),
    /// The source cannot be reached now; try again.
    #[error("the history cannot be reached")]
    Unavailable(#[source] Cause),
    /// This adapter does not do that.
    #[error("this history does not support {0}")]
    Unsupported(&'static str),
}

/// A quote as it was recorded: its place among all recorded quotes belongs to it, since several may share a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedQuote {
    /// Grows with each recorded quote; never used twice.
    pub sequence: u64,
    /// What was quoted.
    pub quote: Quote,
}

/// Which recorded quotes are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TickQuery {
    /// Whose.
    pub symbol: Symbol,
    /// When they were quoted.
    pub range: TimeRange,
    /// Only those recorded after this sequence.
    pub after: Option<u64>,
    /// At most so many.
    pub limit: usize,
}

/// Keeps quotes.
#[async_trait]
pub trait TickStore: Send + Sync {
    /// Keeps quotes, all or none of them.
    /// Promises: quotes that were acknowledged survive reopening; quotes of one moment are all kept, in the order
    /// given; an empty batch changes nothing; a quote comes back exactly as it was given.
    async fn append(&self, quotes: &[Quote]) -> Result<(), StoreError>;

    /// Quotes in the order of their sequence.
    /// Promises: only the wanted symbol and range come back; a symbol never seen is empty, not an error; paging by
    /// `after` and `limit` gives every quote once.
    async fn read(&self, query: &TickQuery) -> Result<Vec<RecordedQuote>, StoreError>;

    /// How many quotes of an instrument are kept.
    /// Promises: the count equals what reading everything gives.
    async fn count(&self, symbol: Symbol) -> Result<u64, StoreError>;

    /// Which instruments have quotes.
    /// Promises: symbols come in alphabetical order, each once.
    async fn symbols(&self) -> Result<Vec<Symbol>, StoreError>;

    /// Notes that data is missing.
    /// Promises: a noted gap survives reopening.
    async fn note_gap(&self, gap: &Gap) -> Result<(), StoreError>;

    /// The gaps of an instrument, in the order in which they were noted.
    /// Promises: only the gaps of the wanted symbol come back.
    async fn gaps(&self, symbol: Symbol) -> Result<Vec<Gap>, StoreError>;
}

/// Keeps bars.
#[async_trait]
pub trait BarStore: Send + Sync {
    /// Keeps bars, all or none of them.
    /// Promises: a bar of the same symbol, size and start replaces the one before; bars that were acknowledged
    /// survive reopening; a bar comes back exactly as it was given.
    async fn save(&self, bars: &[Bar]) -> Result<(), StoreError>;

    /// Bars in the order of their start.
    /// Promises: only the wanted symbol, size and range come back; nothing kept is empty, not an error.
    async fn read(&self, request: &BarRequest) -> Result<Vec<Bar>, StoreError>;

    /// The starts of the first and the last bar kept.
    /// Promises: the span of nothing is `None`.
    async fn span(&self, symbol: Symbol, size: BarSize)
    -> Result<Option<(Timestamp, Timestamp)>, StoreError>;
}
