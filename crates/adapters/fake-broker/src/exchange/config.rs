//! What an exchange is built from: accounts, contracts, margins, liquidity and latency, all as data.
//!
//! Left out: queues, the link and clocks, which belong to the broker around the exchange.

use super::currency::Rates;
use crate::commission::Tariffs;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::time::Duration;
use tradeport_contracts::Contract;
use tradeport_kernel::{AccountId, Decimal, Money, Quantity, Symbol};

/// How an account may trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    /// Buys only with cash that is there, and never sells what it does not hold.
    Cash,
    /// Borrows against its positions, and may be short.
    Margin,
}

/// An account as it begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountConfig {
    /// Its name.
    pub id: AccountId,
    /// Its cash, and with it the currency that its figures are in.
    pub cash: Money,
    /// How it may trade.
    pub kind: AccountKind,
}

/// How much of a position's value a margin account must cover with its own money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MarginRules {
    /// Share needed to open a position; above 0, at most 1.
    pub initial: Decimal,
    /// Share needed to keep it; above 0, at most 1.
    pub maintenance: Decimal,
}

impl Default for MarginRules {
    /// 50 % to open, 25 % to keep: Regulation T of the US Federal Reserve Board (12 CFR 220.12) and FINRA rule 4210.
    fn default() -> Self {
        Self { initial: Decimal::new(50, 2), maintenance: Decimal::new(25, 2) }
    }
}

/// How long it takes until an order, a change or a cancel reaches the book: `fixed` plus a seeded, evenly spread part
/// of up to `jitter`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Latency {
    /// The least that it takes.
    pub fixed: Duration,
    /// The most that is added.
    pub jitter: Duration,
}

/// How much can be traded against, where quotes do not say so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LiquidityRules {
    /// The displayed size of a quote that states none.
    pub default_size: Quantity,
    /// How much an opening or closing auction trades on each side, at its one price.
    pub auction_size: Quantity,
    /// Which share of the displayed size at its price stands ahead of a limit order that joins it; 0 to 1.
    pub queue_share: Decimal,
}

impl Default for LiquidityRules {
    fn default() -> Self {
        let lots = |number: u32| Quantity::new(Decimal::from(number)).expect("a positive number of units");
        Self { default_size: lots(1_000), auction_size: lots(1_000_000), queue_share: Decimal::ONE }
    }
}

/// Everything that an exchange is built from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExchangeConfig {
    /// Where chance begins: the same seed and inputs give the same effects.
    pub seed: u64,
    /// The accounts, each id once, at least one.
    pub accounts: Vec<AccountConfig>,
    /// What is traded, each symbol and each id once.
    pub contracts: Vec<Contract>,
    /// What trading costs.
    pub commission: Tariffs,
    /// What margin accounts must cover.
    pub margin: MarginRules,
    /// What quotes leave open.
    pub liquidity: LiquidityRules,
    /// How long the way to the book is.
    pub latency: Latency,
    /// What other currencies are worth: what is priced in one that is not known here is not traded.
    #[serde(default)]
    pub rates: Rates,
}

/// The configuration contradicts itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// Nobody could trade.
    #[error("a broker needs at least one account")]
    NoAccount,
    /// One name, two accounts.
    #[error("account {0} is configured twice")]
    AccountTwice(AccountId),
    /// One name or number, two contracts.
    #[error("contract {0} is configured twice, by its symbol or by its id")]
    ContractTwice(Symbol),
    /// A combo whose legs are not there, or make none.
    #[error("combo {symbol} cannot be traded: {reason}")]
    Combo {
        /// Which.
        symbol: Symbol,
        /// Why.
        reason: String,
    },
    /// A share that is none.
    #[error("{name} is {value}: it must lie between 0 and 1")]
    Share {
        /// Of what.
        name: &'static str,
        /// What was given.
        value: Decimal,
    },
    /// A queue that holds nothing.
    #[error("a quote queue must hold at least one quote")]
    NoQueue,
}

impl ExchangeConfig {
    /// These accounts and contracts, with fixed commissions, usual margins and no latency.
    #[must_use]
    pub fn new(seed: u64, accounts: Vec<AccountConfig>, contracts: Vec<Contract>) -> Self {
        Self {
            seed,
            accounts,
            contracts,
            commission: Tariffs::ib_fixed(),
            margin: MarginRules::default(),
            liquidity: LiquidityRules::default(),
            latency: Latency::default(),
            rates: Rates::default(),
        }
    }

    /// Refuses what contradicts itself.
    pub fn check(&self) -> Result<(), ConfigError> {
        if self.accounts.is_empty() {
            return Err(ConfigError::NoAccount);
        }
        let mut seen = BTreeSet::new();
        if let Some(twice) = self.accounts.iter().find(|account| !seen.insert(&account.id)) {
            return Err(ConfigError::AccountTwice(twice.id.clone()));
        }
        let (mut symbols, mut ids) = (BTreeSet::new(), BTreeSet::new());
        let mut known_once =
            |contract: &&Contract| symbols.insert(contract.symbol()) & ids.insert(contract.id());
        if let Some(twice) = self.contracts.iter().find(|contract| !known_once(contract)) {
            return Err(ConfigError::ContractTwice(twice.symbol()));
        }
        let (rules, queue) = (self.margin, self.liquidity.queue_share);
        let shares = [
            ("the initial margin", rules.initial, rules.initial > Decimal::ZERO),
            ("the maintenance margin", rules.maintenance, rules.maintenance > Decimal::ZERO),
            ("the queue share", queue, queue >= Decimal::ZERO),
        ];
        match shares.into_iter().find(|(_, value, good)| !good || *value > Decimal::ONE) {
            Some((name, value, _)) => Err(ConfigError::Share { name, value }),
            None => Ok(()),
        }
    }
}
