//! Which name of ours means which contract of theirs: what was learned from the catalog, and how contracts that nobody
//! asked for are named.

use crate::translate::{FromIbError, MarketRules, contract_from_ib, multiplier_from_ib};
use foldhash::HashMap;
use ibapi::contracts as ib;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tradeport_contracts::{CatalogError, Contract, ContractId, Description, Instrument, InstrumentKind};
use tradeport_kernel::{ConnectionEpoch, Decimal, Symbol, Timestamp};

/// A contract that the broker knows, in our words and in its own.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) contract: Contract,
    /// As orders and questions name it.
    pub(crate) wire: ib::Contract,
}

/// Held by whoever asks what a name means; those who wait for it take what was found.
pub(crate) type LookUp = futures::lock::Mutex<Option<Result<Arc<Known>, CatalogError>>>;

#[derive(Default)]
pub(crate) struct Directory(Mutex<Entries>);

#[derive(Default)]
struct Entries {
    by_symbol: HashMap<Symbol, Arc<Known>>,
    by_id: HashMap<ContractId, Symbol>,
    rules: MarketRules,
    /// What is being looked up: many want to know a new name at once, and TWS is asked once.
    looking: HashMap<Symbol, Arc<LookUp>>,
    /// Held while it is asked since when anything is known of a contract: many want to know it at once, and TWS is asked once.
    asking: HashMap<ContractId, Arc<futures::lock::Mutex<()>>>,
    /// Since when anything is known of a contract, as it was told in one connection: another may tell more.
    beginnings: HashMap<ContractId, (ConnectionEpoch, Timestamp)>,
}

impl Directory {
    fn lock(&self) -> MutexGuard<'_, Entries> {
        // Every change is a few inserts, in any state good to read.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a contract in under its everyday name: answers are named by it, whatever anybody asked by.
    pub(crate) fn learn(&self, known: Known) -> Arc<Known> {
        let (symbol, id) = (known.contract.symbol(), known.contract.id());
        let known = self.learn_alias(known);
        self.lock().by_id.insert(id, symbol);
        known
    }

    /// Takes a contract in under another name of it.
    pub(crate) fn learn_alias(&self, known: Known) -> Arc<Known> {
        let known = Arc::new(known);
        self.lock().by_symbol.insert(known.contract.symbol(), Arc::clone(&known));
        known
    }

    pub(crate) fn known(&self, symbol: Symbol) -> Option<Arc<Known>> {
        self.lock().by_symbol.get(&symbol).cloned()
    }

    /// What the number was resolved as, if it was.
    pub(crate) fn of_id(&self, id: ContractId) -> Option<Arc<Known>> {
        let entries = self.lock();
        entries.by_id.get(&id).and_then(|symbol| entries.by_symbol.get(symbol)).cloned()
    }

    pub(crate) fn rules(&self) -> MarketRules {
        self.lock().rules.clone()
    }

    pub(crate) fn learn_rules(&self, rules: MarketRules) {
        self.lock().rules.extend(rules);
    }

    /// Who looks this name up at present, or will.
    pub(crate) fn looking(&self, symbol: Symbol) -> Arc<LookUp> {
        Arc::clone(self.lock().looking.entry(symbol).or_default())
    }

    /// Whoever asks from now on looks anew.
    pub(crate) fn looked_up(&self, symbol: Symbol, look_up: &Arc<LookUp>) {
        let mut entries = self.lock();
        if entries.looking.get(&symbol).is_some_and(|it| Arc::ptr_eq(it, look_up)) {
            entries.looking.remove(&symbol);
        }
    }

    /// To be held while TWS is asked since when anything is known of a contract.
    pub(crate) fn asking(&self, id: ContractId) -> Arc<futures::lock::Mutex<()>> {
        Arc::clone(self.lock().asking.entry(id).or_default())
    }

    /// Since when anything is known of a contract, if that was told in this connection.
    pub(crate) fn beginning(&self, id: ContractId, epoch: ConnectionEpoch) -> Option<Timestamp> {
        self.lock().beginnings.get(&id).filter(|(told_in, _)| *told_in == epoch).map(|(_, first)| *first)
    }

    pub(crate) fn learn_beginning(&self, id: ContractId, epoch: ConnectionEpoch, first: Timestamp) {
        self.lock().beginnings.insert(id, (epoch, first));
    }

    /// What a contract in an answer is called here, and what its prices are multiplied by.
    pub(crate) fn name(&self, contract: &ib::Contract) -> Result<Named, FromIbError> {
        let id = ContractId::new(i64::from(contract.contract_id));
        let is_combo = contract.security_type == ib::SecurityType::Spread;
        if let Some(known) = self.of_id(id).filter(|_| !is_combo) {
            return Ok(Named {
                symbol: known.contract.symbol(),
                instrument: known.contract.instrument().clone(),
                multiplier: known.contract.multiplier(),
            });
        }
        let full = match contract_from_ib(contract) {
            Ok(full) => full,
            // Accounts hold, and people order, what we have no word for: it has a number all the same.
            Err(error) => return numbered(contract, id).ok_or(error),
        };
        let multiplier = full.description().multiplier.unwrap_or(Decimal::ONE);
        let instrument = everyday_name(&full, true);
        Ok(Named { symbol: instrument.symbol(), instrument, multiplier })
    }
}

/// A contract of an answer in our words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) symbol: Symbol,
    pub(crate) instrument: Instrument,
    pub(crate) multiplier: Decimal,
}

/// The shortest name that a person would use for a contract that the broker describes in full; its number, where there is
/// none. `is_routed`: can the broker find the exchange of a share or an option by itself?
pub(crate) fn everyday_name(full: &Instrument, is_routed: bool) -> Instrument {
    let it = full.description();
    let Some(kind) = it.kind else { return full.clone() };
    let usual = Description::of(kind);
    if matches!(kind, InstrumentKind::Combo) {
        // Its legs are what it is: one number of the broker stands for every combo.
        let legs = Description {
            kind: Some(kind),
            symbol: it.symbol.clone(),
            exchange: it.exchange.clone().or(usual.exchange),
            currency: it.currency.or(usual.currency),
            legs: it.legs.clone(),
            delta_neutral: it.delta_neutral,
            ..Description::default()
        };
        return legs.check().unwrap_or_else(|_| full.clone());
    }
    let is_routed = is_routed && matches!(kind, InstrumentKind::Stock | InstrumentKind::Option);
    let exchange = if is_routed { usual.exchange } else { it.exchange.clone().or(usual.exchange) };
    let short = Description {
        kind: Some(kind),
        symbol: it.symbol.clone(),
        expiry: it.expiry,
        strike: it.strike,
        right: it.right,
        exchange,
        currency: it.currency.or(usual.currency),
        multiplier: it
            .multiplier
            .filter(|_| matches!(kind, InstrumentKind::Future | InstrumentKind::FuturesOption)),
        ..Description::default()
    };
    let classed = Description {
        trading_class: it.trading_class.clone().filter(|class| it.symbol.as_ref() != Some(class)),
        ..short.clone()
    };
    let is_option = matches!(kind, InstrumentKind::Option | InstrumentKind::FuturesOption);
    let chosen = if is_option { classed } else { short };
    chosen.check().unwrap_or_else(|_| by_number(full))
}

/// The same with the exchange where it is at home, for a name that several contracts would have; else its number.
pub(crate) fn name_at_home(full: &Instrument, everyday: &Instrument) -> Instrument {
    let home = full.description().primary_exchange.clone();
    let told = Description { primary_exchange: home, ..everyday.description().clone() };
    let named = told.check().ok().filter(|name| name != everyday);
    named.unwrap_or_else(|| name_by_number(full, everyday))
}

/// Its number, which always finds it, routed as its everyday name is.
pub(crate) fn name_by_number(full: &Instrument, everyday: &Instrument) -> Instrument {
    let named = by_number(full);
    let route = everyday.description().exchange.as_deref();
    route.and_then(|route| named.routed_to(route).ok()).unwrap_or(named)
}

fn by_number(full: &Instrument) -> Instrument {
    full.description().id.and_then(of_number).unwrap_or_else(|| full.clone())
}

/// What is named by nothing but its number.
fn of_number(id: ContractId) -> Option<Instrument> {
    Description { id: Some(id), ..Description::default() }.check().ok()
}

/// A contract that is named by nothing but its number; `None` where it has none, or where it is not told what its prices are
/// multiplied by.
fn numbered(contract: &ib::Contract, id: ContractId) -> Option<Named> {
    let instrument = of_number(id)?;
    let multiplier = multiplier_from_ib(&contract.multiplier).ok()?.unwrap_or(Decimal::ONE);
    Some(Named { symbol: instrument.symbol(), instrument, multiplier })
}

/// The rules of a contract's exchange that are not known yet.
pub(crate) fn missing_rules(details: &ib::ContractDetails, known: &MarketRules) -> Vec<i32> {
    let exchange = details.contract.exchange.as_str();
    let places = details.valid_exchanges.iter().zip(&details.market_rule_ids);
    let here = places.filter(|(valid, _)| valid.as_str() == exchange);
    let rules: BTreeMap<i32, ()> =
        here.filter_map(|(_, rule)| Some((rule.trim().parse().ok()?, ()))).collect();
    rules.into_keys().filter(|rule| !known.contains_key(rule)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(change: impl FnOnce(&mut ib::Contract)) -> Result<(String, Decimal), String> {
        let mut contract = ib::Contract {
            contract_id: 77,
            symbol: "XYZ".into(),
            security_type: ib::SecurityType::Stock,
            exchange: "SMART".into(),
            currency: "USD".into(),
            ..ib::Contract::default()
        };
        change(&mut contract);
        let named = Directory::default().name(&contract).map_err(|error| error.to_string())?;
        Ok((named.symbol.to_string(), named.multiplier))
    }

    #[test]
    fn what_we_have_no_word_for_is_named_by_its_number() {
        assert_eq!(named(|_| {}).unwrap().0, "XYZ");
        let other = |it: &mut ib::Contract| {
            it.security_type = ib::SecurityType::Other("ZZZ".to_owned());
            it.multiplier = "50".to_owned();
        };
        let (name, multiplier) = named(other).unwrap();
        assert!(name.contains("77"), "{name}");
        assert_eq!(multiplier, Decimal::from(50));
        // The day of an option of long ago on which no option ends today.
        let old = |it: &mut ib::Contract| {
            it.security_type = ib::SecurityType::Option;
            it.last_trade_date_or_contract_month = "20150117".to_owned();
            it.strike = 100.0;
            it.right = Some(ib::OptionRight::Call);
            it.multiplier = "100".to_owned();
        };
        assert!(named(old).is_ok());
        let unnumbered = |it: &mut ib::Contract| {
            other(it);
            it.contract_id = 0;
        };
        assert!(named(unnumbered).unwrap_err().contains("security_type"));
        let odd = |it: &mut ib::Contract| {
            other(it);
            it.multiplier = "many".to_owned();
        };
        assert!(named(odd).is_err(), "what it is worth cannot be told");
    }
}
