//! What the simulated broker lists: shares, funds, indices, coins, bonds, currency pairs, futures and options, and a few
//! of most other kinds.
//!
//! Hundreds of thousands of contracts follow from some hundred rows and the rules of their kinds. None is made before
//! somebody asks for it. What is listed depends on the day alone: front months and expiries move on.
//!
//! Left out: event contracts at the CME group, whose names are longer than a symbol may be; combos, which follow from their legs; and what happens to a
//! position when its contract ends.

mod asset;
mod broker_ids;
mod build;
mod currency;
mod facts;
mod fitting;
mod future_option;
mod futures_hours;
mod hours;
mod listed;
mod option_class;
mod product;
mod search;

pub(super) use asset::Asset;
pub(super) use currency::currencies;
pub(super) use future_option::FutureOptionOf;
pub(super) use listed::{Listed, OptionOf};

pub use product::{NotListed, list_futures};

use crate::house::FakeHours;
use option_class::OptionClass;
use std::collections::BTreeSet;
use time::Date;
use tradeport_contracts::calendar::{Calendar, Zone};
use tradeport_contracts::{
    CatalogError, Contract, ContractId, Expiry, Instrument, OptionChain, OptionChainDraft,
};
use tradeport_kernel::{Cause, Decimal, Symbol, Timestamp};

/// So many candidates are named when several contracts fit.
const CANDIDATES: usize = 8;

/// What is listed at a moment.
#[derive(Clone, Copy, Debug)]
pub struct Catalog {
    hours: FakeHours,
    now: Timestamp,
    today: Date,
}

impl Catalog {
    /// What a broker with these hours lists at `now`.
    #[must_use]
    pub fn at(hours: FakeHours, now: Timestamp) -> Self {
        let zone = Zone::named("America/New_York").unwrap_or_else(|_| Zone::utc());
        Self { hours, now, today: hours::local_day(zone, now) }
    }

    /// The shares whose prices are bundled: always traded, whoever asked for what.
    pub fn bundled(&self) -> impl Iterator<Item = Contract> {
        asset::BUNDLED.iter().map(|asset| self.contract(Listed::Security(asset)))
    }

    /// The one contract that an instrument means, under its own name, which may be worded in another way than was
    /// asked. Errors: [`CatalogError::NotFound`]; [`CatalogError::Ambiguous`] with some of those that fit;
    /// [`CatalogError::Unsupported`] for kinds that nobody trades here.
    pub fn resolve(&self, instrument: &Instrument) -> Result<Contract, CatalogError> {
        let found = self.fitting(instrument, CANDIDATES + 1)?;
        match found.as_slice() {
            [] => Err(CatalogError::NotFound(instrument.to_string())),
            [one] => Ok(self.contract(*one)),
            several => {
                Err(CatalogError::Ambiguous { wanted: instrument.to_string(), candidates: names(several) })
            }
        }
    }

    /// The contract with this id. Errors: [`CatalogError::NotFound`] for numbers that stand for none, or for one that is
    /// not listed today.
    pub fn by_id(&self, id: ContractId) -> Result<Contract, CatalogError> {
        let found = Listed::of_id(id).filter(|listed| self.lists(listed));
        found
            .map(|listed| self.contract(listed))
            .ok_or_else(|| CatalogError::NotFound(format!("id {}", id.number())))
    }

    /// The options on an instrument, a chain for each class. Errors: as [`Self::resolve`].
    pub fn option_chains(&self, underlying: &Instrument) -> Result<Vec<OptionChain>, CatalogError> {
        let contract = self.resolve(underlying)?;
        let Some(Listed::Security(asset)) = Listed::of_id(contract.id()) else { return Ok(Vec::new()) };
        let chains = OptionClass::on(asset).map(|class| self.chain(class, &contract));
        let checked: Result<Vec<_>, _> = chains.map(OptionChainDraft::check).collect();
        checked.map_err(|error| CatalogError::Unavailable(Cause::from(error)))
    }

    fn chain(&self, class: &OptionClass, underlying: &Contract) -> OptionChainDraft {
        let weeks = class.weeks(self.today);
        let expiries = weeks.iter().filter_map(|week| Expiry::try_from(week.expiry()?).ok()).collect();
        let strikes: BTreeSet<Decimal> =
            weeks.iter().flat_map(|week| class.strikes(*week)).map(|units| class.strike(units)).collect();
        OptionChainDraft {
            underlying: class.asset.to_owned(),
            exchange: "SMART".to_owned(),
            trading_class: class.class.to_owned(),
            currency: underlying.currency(),
            multiplier: Decimal::ONE_HUNDRED,
            expiries,
            strikes,
        }
    }

    /// The calendar of a contract's market; `None` where none is known.
    #[must_use]
    pub fn calendar(contract: &Contract) -> Option<&'static Calendar> {
        Self::market(&Listed::of_id(contract.id())?).0
    }
}

/// Their names, the first of many.
fn names(found: &[Listed]) -> Vec<String> {
    let mut names: Vec<String> =
        found.iter().take(CANDIDATES).map(|listed| listed.instrument().to_string()).collect();
    if found.len() > CANDIDATES {
        names.push("and others".to_owned());
    }
    names
}

/// The platform's name of a listed contract.
fn symbol(listed: &Listed) -> Symbol {
    listed.instrument().symbol()
}

#[cfg(test)]
mod tests;
