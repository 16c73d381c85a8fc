//! [`ContractCatalog`] over the contracts of the exchange.
//!
//! A combo of listed legs that is asked for is listed by that: from then on its name, which does not say what it is, and
//! its number lead to it.

use crate::FakeBroker;
use crate::state::State;
use async_trait::async_trait;
use std::collections::BTreeMap;
use tradeport_contracts::{
    CatalogError, Combo, ComboTerms, Contract, ContractCatalog, ContractId, Instrument, OptionChain,
    OptionChainDraft, OptionContract,
};
use tradeport_kernel::{Cause, Decimal};

#[async_trait]
impl ContractCatalog for FakeBroker {
    async fn resolve(&self, instrument: &Instrument) -> Result<Contract, CatalogError> {
        let mut state = self.linked().map_err(CatalogError::Unavailable)?;
        if let Instrument::Combo(combo) = instrument {
            return resolve_combo(&mut state, combo);
        }
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

    async fn option_chains(&self, underlying: &Instrument) -> Result<Vec<OptionChain>, CatalogError> {
        self.resolve(underlying).await?;
        let state = self.linked().map_err(CatalogError::Unavailable)?;
        let wanted = underlying.description();
        let mut chains: BTreeMap<(String, String, Decimal), OptionChainDraft> = BTreeMap::new();
        for contract in state.exchange.contracts() {
            let Instrument::Option(option) = contract.instrument() else { continue };
            let on_it = option.underlying().is_some() && option.underlying() == wanted.symbol.as_deref();
            if on_it && option.currency() == wanted.currency {
                add_to_chain(&mut chains, contract, option);
            }
        }
        let checked = chains.into_values().map(OptionChainDraft::check).collect::<Result<_, _>>();
        checked.map_err(|error| CatalogError::Unavailable(Cause::from(error)))
    }
}

/// The combo as it is listed, or is from now on. Errors: its legs make none, or one of them is not listed.
fn resolve_combo(state: &mut State, combo: &Combo) -> Result<Contract, CatalogError> {
    let instrument = Instrument::from(combo.clone());
    let symbol = instrument.symbol();
    if let Some(listed) = state.exchange.contract(symbol) {
        return Ok(listed.clone());
    }
    let legs: Vec<Contract> = state.exchange.contracts().cloned().collect();
    let unfit = |why: &dyn std::fmt::Display| CatalogError::NotFound(format!("{instrument}: {why}"));
    let terms = ComboTerms::of(combo, &legs).map_err(|why| unfit(&why))?;
    let contract = terms.contract(combo).check().map_err(|why| unfit(&why))?;
    state.list(contract).map_err(|why| unfit(&why))?;
    let listed = state.exchange.contract(symbol).cloned();
    listed.ok_or_else(|| unfit(&"its number is that of another contract"))
}

/// Enters one listed option into the chain of its exchange, class and multiplier.
fn add_to_chain(
    chains: &mut BTreeMap<(String, String, Decimal), OptionChainDraft>,
    contract: &Contract,
    option: &OptionContract,
) {
    let (Some(underlying), Some(expiry), Some(strike)) =
        (option.underlying(), option.expiry(), option.strike())
    else {
        return;
    };
    let exchange = option.exchange().unwrap_or_default().to_owned();
    let class = option.description().trading_class.clone().unwrap_or_else(|| underlying.to_owned());
    let key = (exchange.clone(), class.clone(), contract.multiplier());
    let chain = chains.entry(key).or_insert_with(|| OptionChainDraft {
        underlying: underlying.to_owned(),
        exchange,
        trading_class: class,
        currency: contract.currency(),
        multiplier: contract.multiplier(),
        expiries: [expiry].into(),
        strikes: [strike].into(),
    });
    chain.expiries.insert(expiry);
    chain.strikes.insert(strike);
}
