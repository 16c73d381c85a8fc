//! Whose market data may be seen live.
//!
//! Left out: who pays for it, and permissions to trade.

use std::collections::BTreeSet;
use tradeport_contracts::Contract;

/// The exchanges whose market data may be seen live; of all others it is a quarter of an hour old.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Permissions {
    /// All of them.
    #[default]
    All,
    /// These, by the names that contracts are listed under: `NASDAQ`, `CME`.
    Only(BTreeSet<String>),
}

impl Permissions {
    /// May a contract's market data be seen live?
    #[must_use]
    pub fn allow(&self, contract: &Contract) -> bool {
        match self {
            Self::All => true,
            Self::Only(exchanges) => exchanges.contains(exchange_of(contract)),
        }
    }
}

/// Where a contract is listed, which is who sells its data.
pub(crate) fn exchange_of(contract: &Contract) -> &str {
    let details = contract.details();
    let listed = details.primary_exchange.as_deref();
    let route = || details.exchanges.iter().find(|it| *it != "SMART").or(details.exchanges.first());
    listed.or_else(|| route().map(String::as_str)).unwrap_or("SMART")
}
