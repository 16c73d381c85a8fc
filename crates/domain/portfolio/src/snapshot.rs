//! What is kept of a portfolio over time.

use serde::{Deserialize, Serialize};
use tradeport_kernel::{AccountId, Money, Price, SignedQuantity, Symbol, Timestamp};

/// A portfolio at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortfolioSnapshot {
    /// Whose.
    pub account: AccountId,
    /// When.
    pub at: Timestamp,
    /// Cash and positions together.
    pub total_value: Money,
    /// Cash.
    pub cash: Money,
    /// Gains and losses of closed positions, before commissions, since the beginning.
    pub realized_pnl: Money,
    /// Gains and losses of open positions.
    pub unrealized_pnl: Money,
    /// Commissions paid since the beginning.
    pub commissions: Money,
    /// What is held, in the order of the symbols.
    pub positions: Vec<SnapshotPosition>,
}

/// One position in a snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotPosition {
    /// Of what.
    pub symbol: Symbol,
    /// How much; negative when short.
    pub quantity: SignedQuantity,
    /// What it cost on average.
    pub average_price: Option<Price>,
    /// At what price it is valued.
    pub price: Price,
    /// What it is worth.
    pub value: Money,
}

/// How good a portfolio has been up to one moment. Ratios; `None` where a figure is undefined. Drawdown and CVaR are
/// returns, so losses are negative.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PerformanceRecord {
    /// Whose.
    pub account: AccountId,
    /// When.
    pub at: Timestamp,
    /// Over how many returns.
    pub observations: u64,
    /// Total return since the beginning.
    pub total_return: Option<f64>,
    /// Annualised Sharpe ratio.
    pub sharpe_ratio: Option<f64>,
    /// Largest fall from a peak.
    pub max_drawdown: Option<f64>,
    /// Annualised volatility.
    pub volatility: Option<f64>,
    /// Omega ratio.
    pub omega_ratio: Option<f64>,
    /// Mean of the worst 5 % of returns.
    pub cvar: Option<f64>,
    /// The same in money.
    pub cvar_money: Option<f64>,
}
