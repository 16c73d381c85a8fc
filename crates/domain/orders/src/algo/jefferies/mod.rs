//! Jefferies' algos, for US stocks. An order for one of them is routed to `JEFFALGO`; live accounts only.
//!
//! Its manual is of the broker's interface of version 9.71; parameters are spelled as the broker's sample program does.

pub(super) mod liquidity;
pub(super) mod pairs;
pub(super) mod schedule;
mod words;

pub use liquidity::{Blitz, DarkSeek, MultiScale, Patience, Post, Seek, Strike, Trader};
pub use pairs::{PairArb, PairNetReturn, PairRatio};
pub use schedule::{Finale, Opener, Portfolio, Twap, VolPart, Vwap};
pub use words::{
    Auctions, Benchmark, BuyBack, CloseUnit, PairBalance, PairBenchmark, PairObjective, PairStyle,
    PortfolioStyle, PortfolioUrgency, PriceLimitType, SeekUrgency, SpreadOperator, Tactic, TraderAction,
    TradingSession, TradingStyle, Urgency, WowMode, WowReference, YesNo,
};
