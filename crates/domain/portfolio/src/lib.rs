//! What is held and what it is worth: positions at average cost, cash, the broker's account, targets.
//!
//! A [`Portfolio`] is a pure value: executions, commissions and corporate actions go in, positions and money come out,
//! exact to the last cent. A [`TargetPercent`] becomes the trade that reaches it.
//!
//! Left out: whether a trade is allowed (`risk`) and how good the result is (`analytics`).

mod account;
mod balances;
mod payment;
mod pnl;
mod portfolio;
mod ports;
mod position;
mod snapshot;
mod statement;
mod target;

pub use account::{AccountEvent, AccountSummary};
pub use balances::Balances;
pub use payment::{Payment, TradeTerms};
pub use pnl::{AccountPnl, Gains, PnlEvent, PositionPnl};
pub use portfolio::{Portfolio, PortfolioError, Valuation};
pub use ports::{
    AccountEvents, AccountFeed, AccountFeedError, PnlFeed, PnlFeedError, PnlStream, PortfolioStore,
};
pub use position::{Position, PositionError};
pub use snapshot::{PerformanceRecord, PortfolioSnapshot, SnapshotPosition};
pub use statement::{StatedCash, StatedPosition, StatedTrade, Statement};
pub use target::{NotATarget, TargetInputs, TargetPercent, TargetRules};
