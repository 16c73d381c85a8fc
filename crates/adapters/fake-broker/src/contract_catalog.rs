//! [`ContractCatalog`] over the contracts of the exchange.

use crate::FakeBroker;
use async_trait::async_trait;
use tradeport_contracts::{CatalogError, Contract, ContractCatalog, ContractId, Instrument};

#[async_trait]
impl ContractCatalog for FakeBroker {
    async fn resolve(&self, instrument: &Instrument) -> Result<Contract, CatalogError> {
        let state = self.linked().map_err(CatalogError::Unavailable)?;
        let mut fitting = state.exchange.contracts().filter(|contract| contract.instrument() == instrument);
        let wanted = instrument.to_string();
        let found = fitting.next().ok_or_else(|| CatalogError::NotFound(wanted.clone()))?;
        let others: Vec<String> = fitting.map(|contract| contract.symbol().to_string()).collect();
        if others.is_empty() {
            return Ok(found.clone());
        }
        let candidates = std::iter::once(found.symbol().to_string()).chain(others).collect();
        Err(CatalogError::Ambiguous { wanted, candidates })
    }

    async fn by_id(&self, id: ContractId) -> Result<Contract, CatalogError> {
        let state = self.linked().map_err(CatalogError::Unavailable)?;
        let found = state.exchange.contracts().find(|contract| contract.id() == id).cloned();
        found.ok_or_else(|| CatalogError::NotFound(format!("id {}", id.number())))
    }

    async fn search(&self, pattern: &str) -> Result<Vec<Contract>, CatalogError> {
        let state = self.linked().map_err(CatalogError::Unavailable)?;
        let pattern = pattern.to_lowercase();
        let rank = |contract: &Contract| {
            let symbol = contract.symbol().as_str().to_lowercase();
            if symbol == pattern {
                return Some(0);
            }
            let by_symbol = symbol.starts_with(&pattern).then_some(1);
            by_symbol.or_else(|| contract.name().to_lowercase().starts_with(&pattern).then_some(2))
        };
        let ranked = state.exchange.contracts().filter_map(|contract| Some((rank(contract)?, contract)));
        let mut found: Vec<(u8, Contract)> =
            ranked.map(|(rank, contract)| (rank, contract.clone())).collect();
        found.sort_by_key(|(rank, _)| *rank);
        Ok(found.into_iter().map(|(_, contract)| contract).collect())
    }
}
