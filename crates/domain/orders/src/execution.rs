//! Executions and what they cost.

use crate::Side;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;
use tradeport_kernel::{AccountId, Money, OrderKey, PermId, Price, Quantity, Symbol, Timestamp};

/// The identity of an execution: a root, and a revision that grows when the exchange corrects it. The highest revision
/// of a root is the one that counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ExecutionId {
    root: Arc<str>,
    revision: u32,
}

impl ExecutionId {
    /// The execution `root` in its `revision`, 1 for the first.
    #[must_use]
    pub fn new(root: &str, revision: u32) -> Self {
        Self { root: Arc::from(root), revision }
    }

    /// What all revisions share.
    #[must_use]
    pub fn root(&self) -> &str {
        &self.root
    }

    /// Which version it is.
    #[must_use]
    pub const fn revision(&self) -> u32 {
        self.revision
    }
}

impl fmt::Display for ExecutionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.root, self.revision)
    }
}

/// A trade that happened: money. It counts whatever the order's status says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Execution {
    /// Its identity.
    pub id: ExecutionId,
    /// The order of ours that it belongs to; `None` for an order that we did not send.
    pub key: Option<OrderKey>,
    /// The broker's number of the order.
    pub perm_id: PermId,
    /// Whose.
    pub account: AccountId,
    /// Of what.
    pub symbol: Symbol,
    /// Which way.
    pub side: Side,
    /// How much.
    pub quantity: Quantity,
    /// At what price.
    pub price: Price,
    /// When, by the broker's clock.
    pub at: Timestamp,
}

/// What an execution cost; it may come long after the execution, or never.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commission {
    /// For which execution.
    pub execution: ExecutionId,
    /// How much was charged; negative for a rebate.
    pub amount: Money,
}
