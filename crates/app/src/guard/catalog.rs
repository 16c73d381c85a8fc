//! What can be traded.

use super::Guard;
use async_trait::async_trait;
use std::future::Future;
use std::sync::Arc;
use tradeport_connection::breaker::{Capability, Report};
use tradeport_connection::pacing::Class;
use tradeport_contracts::{CatalogError, Contract, ContractCatalog, ContractId, Instrument, OptionChain};

/// A catalog behind the breaker of reference data.
#[derive(Clone)]
pub struct GuardedCatalog {
    inner: Arc<dyn ContractCatalog>,
    guard: Guard,
}

impl GuardedCatalog {
    /// This catalog, behind these breakers.
    #[must_use]
    pub const fn new(inner: Arc<dyn ContractCatalog>, guard: Guard) -> Self {
        Self { inner, guard }
    }

    async fn ask<T>(
        &self,
        question: impl Future<Output = Result<T, CatalogError>> + Send,
    ) -> Result<T, CatalogError> {
        let going = self.guard.go_as(Some(Capability::Reference), Class::Message).await;
        let going = going.map_err(CatalogError::Unavailable)?;
        let outcome = question.await;
        going.ended(match &outcome {
            Ok(_) | Err(CatalogError::NotFound(_) | CatalogError::Ambiguous { .. }) => Report::Worked,
            Err(CatalogError::Unavailable(_)) => Report::Failed,
            Err(CatalogError::Unsupported(_)) => Report::Nothing,
        });
        outcome
    }
}

#[async_trait]
impl ContractCatalog for GuardedCatalog {
    async fn resolve(&self, instrument: &Instrument) -> Result<Contract, CatalogError> {
        self.ask(self.inner.resolve(instrument)).await
    }

    async fn by_id(&self, id: ContractId) -> Result<Contract, CatalogError> {
        self.ask(self.inner.by_id(id)).await
    }

    async fn search(&self, pattern: &str) -> Result<Vec<Contract>, CatalogError> {
        self.ask(self.inner.search(pattern)).await
    }

    async fn option_chains(&self, underlying: &Instrument) -> Result<Vec<OptionChain>, CatalogError> {
        self.ask(self.inner.option_chains(underlying)).await
    }
}
