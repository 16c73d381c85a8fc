//! What this crate asks of the outside: the broker's catalog of contracts.

use crate::{Contract, ContractId, Instrument, OptionChain};
use async_trait::async_trait;
use tradeport_kernel::Cause;

/// Knows what the broker can trade.
#[async_trait]
pub trait ContractCatalog: Send + Sync {
    /// The one contract that the instrument means.
    /// Promises: an instrument that the broker does not know is `NotFound`; one that fits several contracts is
    /// `Ambiguous` and never a guess; the answer names the instrument that was asked for.
    async fn resolve(&self, instrument: &Instrument) -> Result<Contract, CatalogError>;

    /// The contract with this id.
    /// Promises: the id of a resolved contract leads back to the same contract; an unknown id is `NotFound`.
    async fn by_id(&self, id: ContractId) -> Result<Contract, CatalogError>;

    /// Contracts whose symbol or name begins with `pattern`, whatever its case, best match first.
    /// Promises: no match is an empty answer, not an error; an exact symbol comes first.
    async fn search(&self, pattern: &str) -> Result<Vec<Contract>, CatalogError>;

    /// The options on an underlying, one chain for each exchange and class, in the order of their names.
    /// Promises: an underlying that the broker does not know is `NotFound`; one without options has no chains, which is
    /// no error; every chain holds an option that resolves.
    async fn option_chains(&self, underlying: &Instrument) -> Result<Vec<OptionChain>, CatalogError>;
}

/// Why the catalog gave no contract.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// Certain: the broker has no such contract. Check the symbol, or search for it.
    #[error("no contract is known for {0}")]
    NotFound(String),
    /// Several contracts fit: say more.
    #[error("{wanted} fits several contracts: {}", candidates.join(", "))]
    Ambiguous {
        /// What was asked for.
        wanted: String,
        /// What fits it.
        candidates: Vec<String>,
    },
    /// The broker could not be asked; try again.
    #[error("the contract catalog cannot be reached")]
    Unavailable(#[source] Cause),
    /// This adapter does not do that.
    #[error("this catalog does not support {0}")]
    Unsupported(&'static str),
}
