//! What orders are of: the contracts of their instruments, and the legs of combos.
//!
//! A symbol reads back as its instrument, or an order of the journal says what it stands for; a combo's name alone says
//! nothing. Executions of a combo's legs are money in the legs' own multipliers, so a combo is known with its legs.

use super::state::{DeskState, anomaly};
use super::{DeskError, OrderDesk};
use std::collections::BTreeMap;
use tradeport_contracts::{CatalogError, Contract, Instrument};
use tradeport_kernel::Symbol;
use tradeport_orders::OrderIntent;

impl OrderDesk {
    /// The contract of an instrument, as the catalog knows it; asked once. From then on the desk knows it by its name,
    /// and of a combo the contracts of its legs.
    pub async fn learn(&self, instrument: &Instrument) -> Result<Contract, DeskError> {
        let catalog = &self.ports.catalog;
        let contract = match catalog.resolve(instrument).await {
            Ok(contract) => contract,
            Err(CatalogError::NotFound(_)) => return Err(DeskError::UnknownSymbol(instrument.symbol())),
            Err(other) => return Err(DeskError::Catalog(other)),
        };
        let mut known = Vec::new();
        for leg in &instrument.description().legs {
            known.push(catalog.by_id(leg.contract()).await.map_err(DeskError::Catalog)?);
        }
        known.push(contract.clone());
        let mut state = self.state().await;
        known.into_iter().for_each(|contract| state.know(contract));
        Ok(contract)
    }

    /// The contract that an intent is for: by what it says of its instrument, or by its symbol.
    pub async fn contract_of(&self, intent: &OrderIntent) -> Result<Contract, DeskError> {
        if let Some(contract) = self.state().await.contract(intent.symbol()) {
            return Ok(contract.clone());
        }
        match intent.instrument() {
            Some(instrument) => self.learn(&instrument).await,
            None => self.contract(intent.symbol()).await,
        }
    }

    /// What a symbol stands for, by an order of the journal or by itself.
    pub(super) async fn instrument_named(&self, symbol: Symbol) -> Result<Instrument, DeskError> {
        let mut state = self.state().await;
        let said =
            |state: &DeskState| state.instrument_named(symbol).or_else(|| symbol.as_str().parse().ok());
        if said(&state).is_none() {
            // An order that ended long ago may say it.
            self.recall_all(&mut state).await?;
        }
        said(&state).ok_or(DeskError::UnknownSymbol(symbol))
    }

    /// Makes the instruments of all live orders known: their executions are money in their contracts' multipliers. What
    /// the catalog does not tell is shown, and asked for again with the next order.
    pub(super) async fn learn_live(&self) {
        let wanted = self.state().await.instruments_of_live();
        for (symbol, instrument) in wanted {
            let learned = match instrument {
                Some(instrument) => self.learn(&instrument).await.map(drop),
                None => Err(DeskError::UnknownSymbol(symbol)),
            };
            if let Err(error) = learned {
                let text =
                    format!("the contract of {symbol}, of which orders are open, is not known: {error}");
                self.bus.publish(&anomaly(None, &text));
            }
        }
    }
}

impl DeskState {
    /// What an order says that its symbol stands for, the last one first.
    fn instrument_named(&self, symbol: Symbol) -> Option<Instrument> {
        let mut orders: Vec<_> = self.book().iter().collect();
        orders.reverse();
        orders
            .into_iter()
            .find_map(|order| Some(order.intent()).filter(|intent| intent.symbol() == symbol)?.instrument())
    }

    /// The instruments of live orders whose contracts are not known, by their names.
    fn instruments_of_live(&self) -> BTreeMap<Symbol, Option<Instrument>> {
        let live = self.live().into_iter().filter_map(|key| self.book().get(key)).map(|order| order.intent());
        let unknown = live.filter(|intent| self.contract(intent.symbol()).is_none());
        unknown.map(|intent| (intent.symbol(), intent.instrument())).collect()
    }
}
