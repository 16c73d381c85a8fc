//! How often what is known is held against the broker, and how long a difference may stand.

use super::numbers;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use tradeport_trading::reconciliation::Patience;

/// Reconciliation of a service. In each new epoch of the link everything is held against the broker as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReconciliationConfig {
    /// So often a service does it, in seconds.
    #[serde(deserialize_with = "numbers::seconds")]
    pub every_seconds: u64,
    /// A difference in orders or positions that stands for so long, in seconds, is a break.
    #[serde(deserialize_with = "numbers::seconds")]
    pub patience_seconds: u64,
    /// The same for cash, which the broker tells anew every few minutes only.
    #[serde(deserialize_with = "numbers::seconds")]
    pub cash_patience_seconds: u64,
}

impl Default for ReconciliationConfig {
    fn default() -> Self {
        let patience = Patience::default();
        Self {
            every_seconds: 300,
            patience_seconds: patience.orders.as_secs(),
            cash_patience_seconds: patience.cash.as_secs(),
        }
    }
}

impl ReconciliationConfig {
    /// So often.
    #[must_use]
    pub const fn every(&self) -> Duration {
        Duration::from_secs(self.every_seconds)
    }

    /// As the desk takes it.
    #[must_use]
    pub const fn patience(&self) -> Patience {
        let usual = Duration::from_secs(self.patience_seconds);
        Patience { orders: usual, positions: usual, cash: Duration::from_secs(self.cash_patience_seconds) }
    }
}
