//! How well a portfolio did: returns, drawdowns, ratios, tail losses, and the comparison with a benchmark.
//!
//! Values become [`Returns`] once ([`simple_returns`]); after that the type is the proof that every number is finite
//! and that nothing is missing. Each metric is a function of `Returns` (or [`PairedReturns`] for a benchmark);
//! [`Performance`] and [`RelativePerformance`] hold all of them, [`PerformanceAccumulator`] keeps the same figures
//! while returns arrive one by one.
//!
//! One convention everywhere:
//! - returns, drawdowns, value at risk and its shortfall are fractions, and a loss is negative;
//! - the risk-free rate is an [`AnnualRate`], turned into a [`PeriodRate`] by compounding, never by division;
//! - `None` means undefined (too short, no loss to divide by), an infinite ratio is `f64::INFINITY`.
//!
//! ```
//! use tradeport_analytics::{AnnualRate, Basis, Performance, PeriodsPerYear, TailProbability, simple_returns};
//!
//! let returns = simple_returns(&[100_000.0, 101_000.0, 98_980.0, 100_500.0])?;
//! let basis = Basis::new(PeriodsPerYear::DAILY, AnnualRate::new(0.05)?);
//! let performance = Performance::of(&returns, basis, TailProbability::FIVE_PERCENT);
//! assert!((performance.max_drawdown.unwrap_or(0.0) + 0.02).abs() < 1e-12);
//! assert!(performance.cvar_in_money(100_500.0).is_some_and(|loss| loss < 0.0));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Left out on purpose: money with a currency, dates, and where the values come from. Numbers are `f64` here and
//! nowhere else in the domain.

mod accumulator;
mod basis;
mod drawdown;
mod performance;
mod ratios;
mod relative;
mod returns;
mod serial;
mod stats;
mod tail;
mod tail_heap;
mod wealth;

pub use accumulator::PerformanceAccumulator;
pub use basis::{AnnualRate, Basis, NotABasis, PeriodRate, PeriodsPerYear};
pub use drawdown::{Drawdown, drawdown_series, drawdowns, max_drawdown, worst_drawdown};
pub use performance::{Performance, RelativePerformance};
pub use ratios::{annual_volatility, calmar, downside_risk, omega, sharpe, sortino};
pub use relative::{alpha, beta, excess_total_return, information_ratio, tracking_error};
pub use returns::{NotReturns, PairedReturns, Returns, simple_returns};
pub use tail::{NotATailProbability, TailProbability, cvar_historical, in_money, var_historical};
pub use wealth::{cagr, total_return, wealth};
