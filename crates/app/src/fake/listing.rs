//! The simulated broker's catalog as a port: what the exchange trades already, then everything that could be listed.
//!
//! What the exchange trades is answered as the exchange has it, ended contracts that somebody still holds included. A
//! combo is made of its legs: who asks for one has them listed, and it with them.

use super::Catalog;
use async_trait::async_trait;
use std::sync::Arc;
use tradeport_contracts::{
    CatalogError, Combo, Contract, ContractCatalog, ContractId, Instrument, OptionChain,
};
use tradeport_fake_broker::FakeBroker;
use tradeport_fake_broker::house::FakeHours;
use tradeport_kernel::{Cause, Clock};

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

impl FakeCatalog {
    /// The combo, listed with its legs. Errors: a leg is not known, or the legs make no combo.
    async fn resolve_combo(&self, combo: &Combo) -> Result<Contract, CatalogError> {
        for leg in combo.legs() {
            let contract = match self.by_id(leg.contract()).await {
                Err(CatalogError::NotFound(id)) => {
                    let text = format!("{id}, a leg of {combo}");
                    return Err(CatalogError::NotFound(text));
                }
                answer => answer?,
            };
            self.broker.list(contract).map_err(|why| CatalogError::Unavailable(Cause::from(why)))?;
        }
        self.broker.resolve(&combo.clone().into()).await
    }
}

#[async_trait]
impl ContractCatalog for FakeCatalog {
    async fn resolve(&self, instrument: &Instrument) -> Result<Contract, CatalogError> {
        if let Instrument::Combo(combo) = instrument {
            return self.resolve_combo(combo).await;
        }
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
