//! The simulated broker's catalog as a port: what the exchange trades already, then everything that could be listed.
//!
//! What the exchange trades is answered as the exchange has it, ended contracts that somebody still holds included.

use super::Catalog;
use crate::config::FakeHours;
use async_trait::async_trait;
use std::sync::Arc;
use tradeport_contracts::{CatalogError, Contract, ContractCatalog, ContractId, Instrument, OptionChain};
use tradeport_fake_broker::FakeBroker;
use tradeport_kernel::Clock;

/// Everything that the simulated broker lists.
#[derive(Clone)]
pub struct FakeCatalog {
    broker: FakeBroker,
    hours: FakeHours,
    clock: Arc<dyn Clock>,
}

impl FakeCatalog {
    /// That of this broker, with these hours.
    #[must_use]
    pub fn new(broker: FakeBroker, hours: FakeHours, clock: Arc<dyn Clock>) -> Self {
        Self { broker, hours, clock }
    }

    /// What is listed now.
    #[must_use]
    pub fn now(&self) -> Catalog {
        Catalog::at(self.hours, self.clock.now())
    }
}

#[async_trait]
impl ContractCatalog for FakeCatalog {
    async fn resolve(&self, instrument: &Instrument) -> Result<Contract, CatalogError> {
        match self.broker.resolve(instrument).await {
            Err(CatalogError::NotFound(_)) => {}
            answer => return answer,
        }
        let listed = self.now().resolve(instrument)?;
        // Another wording of what the exchange trades already.
        match self.broker.by_id(listed.id()).await {
            Ok(traded) => Ok(traded),
            Err(_) => Ok(listed),
        }
    }

    async fn by_id(&self, id: ContractId) -> Result<Contract, CatalogError> {
        match self.broker.by_id(id).await {
            Err(CatalogError::NotFound(_)) => self.now().by_id(id),
            answer => answer,
        }
    }

    async fn search(&self, pattern: &str) -> Result<Vec<Contract>, CatalogError> {
        let traded = self.broker.search(pattern).await?;
        let mut found = self.now().search(pattern);
        for contract in traded {
            match found.iter_mut().find(|known| known.id() == contract.id()) {
                Some(known) => *known = contract,
                None => found.push(contract),
            }
        }
        Ok(found)
    }

    async fn option_chains(&self, underlying: &Instrument) -> Result<Vec<OptionChain>, CatalogError> {
        let contract = self.resolve(underlying).await?;
        self.now().option_chains(contract.instrument())
    }
}

impl std::fmt::Debug for FakeCatalog {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FakeCatalog").field("hours", &self.hours).finish_non_exhaustive()
    }
}
