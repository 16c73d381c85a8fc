//! The account as the broker sees it.

use crate::{Balances, Position};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tradeport_kernel::{AccountId, Currency, Decimal, Money, Timestamp};

/// The broker's own figures of an account, in its base currency but for the balances.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountSummary {
    /// Whose.
    pub account: AccountId,
    /// As of when.
    pub at: Timestamp,
    /// Cash and positions together, at market prices.
    pub net_liquidation: Money,
    /// Cash of all currencies, at their rates; negative when borrowed.
    pub cash: Money,
    /// Positions at market prices; negative when short.
    pub positions_value: Money,
    /// How much can still be bought.
    pub buying_power: Money,
    /// What the positions demand as margin to be kept.
    pub maintenance_margin: Money,
    /// Gains and losses of closed positions since the account's day began.
    pub realized_pnl: Money,
    /// Gains and losses of open positions at market prices.
    pub unrealized_pnl: Money,
    /// What one unit of each other currency is worth in the account's own, as far as the broker tells it: mostly of those
    /// that the account has something in.
    #[serde(default)]
    pub rates: BTreeMap<Currency, Decimal>,
    /// Cash by currency, its own among them: every one that there is. `None` where the broker does not tell that, or not as a
    /// whole.
    #[serde(default)]
    pub balances: Option<Balances>,
}

/// Something changed in an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum AccountEvent {
    /// New figures.
    Summary(AccountSummary),
    /// A position changed, or is gone (flat).
    Position {
        /// Whose.
        account: AccountId,
        /// What is held now.
        position: Position,
    },
}
