//! The flags that price an order: their names, so that the table of kinds can say which of them a kind has.

/// A flag that prices an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flag {
    /// The worst price accepted.
    Limit,
    /// What wakes a stop.
    Stop,
    /// What wakes an order that waits for a better price.
    Trigger,
    /// A trail's distance in price units.
    TrailAmount,
    /// A trail's distance in percent.
    TrailPercent,
    /// A limit's distance from its stop.
    LimitOffset,
    /// A distance from what is followed.
    Offset,
    /// Two distances from the midpoint.
    MidOffsets,
    /// Trading up to the limit, unseen.
    Discretionary,
    /// How an option moves with its stock.
    Delta,
    /// An order's first price.
    StartingPrice,
    /// The first price of what is followed.
    ReferencePrice,
    /// Where what is followed must stay.
    Range,
    /// What is followed.
    Benchmark,
    /// By how much the order's price moves.
    Step,
    /// How much the benchmark moves for it.
    BenchmarkStep,
    /// Against the benchmark.
    Opposite,
    /// A volatility.
    Volatility,
    /// A day's or a year's.
    VolBasis,
    /// Which stock price is used.
    VolReference,
    /// Following all the time.
    Continuous,
    /// A stock price in place of the market's.
    StockPrice,
    /// A leg's limit.
    LegPrice,
}

impl Flag {
    /// As it is typed.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Limit => "--limit",
            Self::Stop => "--stop",
            Self::Trigger => "--trigger",
            Self::TrailAmount => "--trail-amount",
            Self::TrailPercent => "--trail-percent",
            Self::LimitOffset => "--limit-offset",
            Self::Offset => "--offset",
            Self::MidOffsets => "--mid-offsets",
            Self::Discretionary => "--discretionary",
            Self::Delta => "--delta",
            Self::StartingPrice => "--starting-price",
            Self::ReferencePrice => "--reference-price",
            Self::Range => "--range",
            Self::Benchmark => "--benchmark",
            Self::Step => "--step",
            Self::BenchmarkStep => "--benchmark-step",
            Self::Opposite => "--opposite",
            Self::Volatility => "--volatility",
            Self::VolBasis => "--volatility-of",
            Self::VolReference => "--volatility-from",
            Self::Continuous => "--continuous",
            Self::StockPrice => "--stock-price",
            Self::LegPrice => "--leg-price",
        }
    }
}
