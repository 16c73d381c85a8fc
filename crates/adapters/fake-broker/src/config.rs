//! What a [`FakeBroker`](crate::FakeBroker) is built from.

use crate::exchange::{AccountConfig, ConfigError, ExchangeConfig};
use std::sync::Arc;
use tradeport_contracts::Contract;
use tradeport_kernel::Clock;
use tradeport_market_data::Bar;

/// The exchange, and what stands between it and its subscribers.
#[derive(Clone)]
pub struct FakeBrokerConfig {
    /// Seed, accounts, contracts, commissions, margins, liquidity and latency.
    pub exchange: ExchangeConfig,
    /// How many events wait for a subscriber to quotes before quotes are dropped; at least 1.
    pub quote_queue: usize,
    /// With a full queue `publish` refuses instead of dropping.
    pub lossless: bool,
    /// What the broker knows of the past.
    pub bars: Vec<Bar>,
    /// Where the time comes from. Without one it is the latest moment that `advance_to` or `publish` was told.
    pub clock: Option<Arc<dyn Clock>>,
}

impl FakeBrokerConfig {
    /// These accounts and contracts, with fixed commissions, no latency, no clock and no past.
    #[must_use]
    pub fn new(seed: u64, accounts: Vec<AccountConfig>, contracts: Vec<Contract>) -> Self {
        Self {
            exchange: ExchangeConfig::new(seed, accounts, contracts),
            quote_queue: 4_096,
            lossless: false,
            bars: Vec::new(),
            clock: None,
        }
    }

    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        if self.quote_queue == 0 {
            return Err(ConfigError::NoQueue);
        }
        self.exchange.check()
    }
}

impl std::fmt::Debug for FakeBrokerConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FakeBrokerConfig")
            .field("exchange", &self.exchange)
            .field("quote_queue", &self.quote_queue)
            .field("lossless", &self.lossless)
            .field("bars", &self.bars.len())
            .field("clock", &self.clock.is_some())
            .finish()
    }
}
