//! What else the catalog tells: everything that fits a description, numbers, and what the market quotes.
//!
//! Left out: prices.

use super::asset::{self, NONE};
use super::build::last_trade;
use super::currency::Pair;
use super::listed::Listed;
use super::option_class::OptionClass;
use super::product::Product;
use super::{Catalog, CatalogError};
use time::Date;
use tradeport_contracts::calendar::Calendar;
use tradeport_contracts::futures::ContractMonth;
use tradeport_contracts::{Contract, ContractId, Instrument, InstrumentKind, Isin};
use tradeport_kernel::Decimal;

/// Futures that have ended stay known for so long.
const DAYS_KNOWN: i64 = 730;
/// No product has more contracts within that time and the months ahead of it.
const MOST_ENDED: usize = 40;

impl Catalog {
    /// Up to `most` contracts that an instrument fits, in the order of the catalog; futures that ended within the last
    /// two years too, where the instrument asks for what has ended. Errors: [`CatalogError::Unsupported`] for combos and
    /// feeds of news.
    pub fn all_fitting(&self, instrument: &Instrument, most: usize) -> Result<Vec<Contract>, CatalogError> {
        let mut found = Vec::new();
        if instrument.description().include_expired && instrument.kind() == Some(InstrumentKind::Future) {
            found = self.ended_futures(instrument, most);
        }
        found.extend(self.fitting(instrument, most)?);
        found.truncate(most);
        Ok(found.into_iter().map(|listed| self.contract(listed)).collect())
    }

    /// The contract with this id, a future that ended within the last two years too.
    #[must_use]
    pub fn known(&self, id: ContractId) -> Option<Contract> {
        let listed = Listed::of_id(id)?;
        let is_known = match &listed {
            Listed::Future(product, month) => self.lists(&listed) || self.has_ended(*product, *month),
            other => self.lists(other),
        };
        is_known.then(|| self.contract(listed))
    }

    /// The ISIN of a security, if it has one here.
    #[must_use]
    pub fn isin(contract: &Contract) -> Option<Isin> {
        match Listed::of_id(contract.id())? {
            Listed::Security(asset) if asset.isin != NONE => Isin::new(asset.isin).ok(),
            _ => None,
        }
    }

    /// What a bond pays a year, in percent; nothing for what is none.
    #[must_use]
    pub fn coupon(contract: &Contract) -> Option<Decimal> {
        match Listed::of_id(contract.id())? {
            Listed::Security(asset) if asset.is_bond() => asset.terms?.0.parse().ok(),
            _ => None,
        }
    }

    /// Is it a fund that is traded like a share?
    #[must_use]
    pub fn is_fund(contract: &Contract) -> bool {
        matches!(Listed::of_id(contract.id()), Some(Listed::Security(asset)) if asset.is_fund())
    }

    /// What a contract is derived from, where that is listed: the asset of an option, the index or the coin of a future.
    #[must_use]
    pub fn underlying(&self, contract: &Contract) -> Option<Contract> {
        let under = match Listed::of_id(contract.id())? {
            Listed::Option(it) => Listed::Security(it.underlying()),
            Listed::FutureOption(it) => Listed::Future(it.product(), it.month),
            Listed::Future(product, _) | Listed::Continuous(product) => {
                Listed::Security(asset::all().find(|asset| asset.symbol == product.driver)?)
            }
            Listed::Security(_) | Listed::Pair(_) => return None,
        };
        Some(self.contract(under))
    }

    /// The kinds of contracts that are listed on a security.
    #[must_use]
    pub fn derived(contract: &Contract) -> Vec<InstrumentKind> {
        let Some(Listed::Security(asset)) = Listed::of_id(contract.id()) else { return Vec::new() };
        let options = OptionClass::on(asset).next().map(|_| InstrumentKind::Option);
        let futures =
            Product::all().any(|product| product.driver == asset.symbol).then_some(InstrumentKind::Future);
        options.into_iter().chain(futures).collect()
    }

    /// The front future of a product, by its own continuous one; `None` for anything else.
    #[must_use]
    pub fn front(&self, continuous: &Contract) -> Option<Contract> {
        let Listed::Continuous(product) = Listed::of_id(continuous.id())? else { return None };
        let month = *self.months(product).first()?;
        Some(self.contract(Listed::Future(product, month)))
    }

    /// The month that a future is named after, which is not always that of its last day.
    #[must_use]
    pub fn contract_month(contract: &Contract) -> Option<ContractMonth> {
        match Listed::of_id(contract.id())? {
            Listed::Future(_, month) => Some(month),
            _ => None,
        }
    }

    /// What has a price of its own: shares, funds, indices, coins and bonds, pairs, and the front future of each product.
    pub fn quoted(&self) -> impl Iterator<Item = Contract> {
        let assets = asset::all().map(Listed::Security);
        let pairs = Pair::all().map(Listed::Pair);
        let front = |product| self.months(product).first().map(|month| Listed::Future(product, *month));
        let fronts = Product::all().filter_map(front);
        assets.chain(pairs).chain(fronts).map(|listed| self.contract(listed))
    }

    fn ended_futures(&self, instrument: &Instrument, most: usize) -> Vec<Listed> {
        let wanted = instrument.description();
        let of =
            |product: Product| self.ended(product).into_iter().map(move |it| Listed::Future(product, it));
        let all = super::fitting::products(wanted).flat_map(of);
        all.filter(|listed| super::fitting::is_meant_future(wanted, listed)).take(most).collect()
    }

    fn has_ended(&self, product: Product, month: ContractMonth) -> bool {
        last_trade(product, month).is_some_and(|day| day < self.today && day >= self.known_from())
    }

    /// The months of a product that have ended, as far as they are known; the oldest first.
    fn ended(&self, product: Product) -> Vec<ContractMonth> {
        let spec = product.spec();
        let Some(Ok(calendar)) = spec.business_calendar().map(Calendar::named) else { return Vec::new() };
        let months = spec.schedule(calendar).chain(self.known_from(), MOST_ENDED).unwrap_or_default();
        months.into_iter().filter(|month| self.has_ended(product, *month)).collect()
    }

    fn known_from(&self) -> Date {
        self.today.checked_sub(time::Duration::days(DAYS_KNOWN)).unwrap_or(Date::MIN)
    }
}
