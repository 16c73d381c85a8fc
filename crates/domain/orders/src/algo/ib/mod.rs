//! The broker's own algos. An order for one of them is routed to `SMART`, or to a native exchange.
//!
//! A share of the volume is taken from 1 % to 50 %: the broker's tables say from 10 %, its prose, its terminal and its
//! own sample program go down to 1 %.
//!
//! Left out: scaled orders and midprice orders, which are no algos but attributes and a kind of an order.

pub(super) mod benchmark;
pub(super) mod sliced;
pub(super) mod volume;
mod words;

pub use benchmark::{Adaptive, ArrivalPx, BalanceImpactRisk, ClosePx, MinImpact, Twap, Vwap};
pub use sliced::{AccuDistr, AccumulateDistribute, DarkIce};
pub use volume::{PctVol, PctVolPx, PctVolSz, PctVolTm};
pub use words::{AdaptivePriority, RiskAversion, RouteOrderType, TwapStyle};
