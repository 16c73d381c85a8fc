//! The contracts that an order names besides its own: looked up once all is typed, and stood in for before that, so that
//! what is wrong in itself is told before anything is opened.

use crate::cli::Spec;
use std::collections::BTreeMap;
use tradeport_contracts::{Contract, ContractId};
use tradeport_orders::{Venue, Watched};

/// Contracts by what was typed for them.
#[derive(Clone, Debug, Default)]
pub struct Known(BTreeMap<String, Watched>);

impl Known {
    /// Takes note of the contract that was meant.
    pub fn note(&mut self, spec: &Spec, contract: &Contract) {
        let description = contract.instrument().description();
        let exchange = description.exchange.as_deref().unwrap_or("SMART");
        let venue = Venue::new(exchange).unwrap_or_else(|_| smart());
        self.0.insert(spec.to_string(), Watched::new(contract.id(), venue));
    }

    /// The contract of what was typed; one that stands in for it until it was looked up.
    #[must_use]
    pub fn watched(&self, spec: &Spec) -> Watched {
        let found = self.0.get(&spec.to_string()).copied();
        found.unwrap_or_else(|| Watched::new(ContractId::new(1), smart()))
    }
}

fn smart() -> Venue {
    Venue::new("SMART").expect("five capital letters are a venue")
}
