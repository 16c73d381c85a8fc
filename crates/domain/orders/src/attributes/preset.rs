//! Children that the broker makes from its presets, and orders that are questions.

use serde::{Deserialize, Serialize};
use tradeport_kernel::OrderKey;

/// Children that the broker attaches from the presets of the account, under keys of ours. Their prices are the presets'.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PresetChildren {
    /// The key of the stop that limits the loss.
    pub stop_loss: Option<OrderKey>,
    /// The key of the limit that takes the profit.
    pub profit_taker: Option<OrderKey>,
}

/// An order that is never placed: the broker tells what it would cost and what margin it would take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhatIf {
    /// As the broker does by default.
    Default,
    /// The whole order is checked.
    WholeOrder,
    /// The margin alone.
    MarginOnly,
}
