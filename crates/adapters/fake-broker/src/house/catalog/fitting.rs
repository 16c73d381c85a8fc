//! Which contracts a description fits. What is not said fits everything; what is said must agree.

use super::Catalog;
use super::asset::{self, Asset};
use super::build::{last_trade, multiplier};
use super::currency::Pair;
use super::listed::{Listed, OptionOf, has_number, local_symbol, pair};
use super::option_class::{OptionClass, Week};
use super::product::Product;
use tradeport_contracts::futures::{Besides, ContractMonth};
use tradeport_contracts::{
    CatalogError, Description, Expiry, Instrument, InstrumentKind, Right, calendar::Calendar,
};

/// So many contracts are listed of a product with months in every month, and of one with fewer.
const EVERY_MONTH: usize = 12;
const FEWER_MONTHS: usize = 8;

/// What is not said agrees with everything.
fn agrees(said: Option<&str>, fact: &str) -> bool {
    said.is_none_or(|said| said == fact)
}

impl Catalog {
    /// Up to `most` contracts that an instrument fits.
    pub(super) fn fitting(&self, instrument: &Instrument, most: usize) -> Result<Vec<Listed>, CatalogError> {
        let wanted = instrument.description();
        if let Some(id) = wanted.id {
            let found = Listed::of_id(id).filter(|listed| self.lists(listed));
            let same = |listed: &Listed| wanted.kind.is_none() || listed.instrument().kind() == wanted.kind;
            return Ok(found.filter(same).into_iter().collect());
        }
        Ok(match instrument.kind() {
            None if wanted.identifier.is_some() => securities(wanted, most),
            Some(kind) if asset::all().any(|asset| asset.kind == kind) => securities(wanted, most),
            Some(InstrumentKind::Forex) => pairs(wanted, most),
            Some(InstrumentKind::Future) => self.futures(wanted, most),
            Some(InstrumentKind::ContinuousFuture) => {
                products(wanted).map(Listed::Continuous).take(most).collect()
            }
            Some(InstrumentKind::AnyFuture) => self.any_futures(wanted, most),
            Some(InstrumentKind::Option) => self.options(wanted, most),
            Some(InstrumentKind::FuturesOption) => self.future_options(wanted, most),
            Some(InstrumentKind::Combo) => {
                return Err(CatalogError::Unsupported("combos: ask for their legs one by one"));
            }
            Some(InstrumentKind::NewsFeed) => return Err(CatalogError::Unsupported("feeds of news")),
            _ => Vec::new(),
        })
    }

    /// Is it listed today?
    pub(super) fn lists(&self, listed: &Listed) -> bool {
        match listed {
            Listed::Security(_) | Listed::Pair(_) | Listed::Continuous(_) => true,
            Listed::Future(product, month) => self.months(*product).contains(month),
            Listed::FutureOption(it) => self.months(it.product()).contains(&it.month),
            Listed::Option(it) => {
                it.class.lists(it.week, self.today) && it.class.knows_strike(it.week, it.units)
            }
        }
    }

    /// The months of a product that are listed, the front one first.
    pub(super) fn months(&self, product: Product) -> Vec<ContractMonth> {
        let spec = product.spec();
        let Some(Ok(calendar)) = spec.business_calendar().map(Calendar::named) else { return Vec::new() };
        let every =
            spec.months().to_string().starts_with("F-Z") && spec.months().besides() != Besides::NearMonths;
        let count = if every { EVERY_MONTH } else { FEWER_MONTHS };
        spec.schedule(calendar).chain(self.today, count).unwrap_or_default()
    }

    fn futures(&self, wanted: &Description, most: usize) -> Vec<Listed> {
        let all = products(wanted).flat_map(|product| {
            self.months(product).into_iter().map(move |month| Listed::Future(product, month))
        });
        all.filter(|listed| is_meant_future(wanted, listed)).take(most).collect()
    }

    fn any_futures(&self, wanted: &Description, most: usize) -> Vec<Listed> {
        let continuous = products(wanted).map(Listed::Continuous);
        continuous.chain(self.futures(wanted, most)).take(most).collect()
    }

    fn options(&self, wanted: &Description, most: usize) -> Vec<Listed> {
        let currency = wanted.currency.is_none_or(|currency| currency.as_str() == "USD");
        let routed =
            agrees(wanted.exchange.as_deref(), "SMART") || agrees(wanted.exchange.as_deref(), "CBOE");
        let hundred =
            wanted.multiplier.is_none_or(|multiplier| multiplier == tradeport_kernel::Decimal::ONE_HUNDRED);
        if !currency || !routed || !hundred {
            return Vec::new();
        }
        let classes = OptionClass::all().filter(|class| {
            agrees(wanted.symbol.as_deref(), class.asset)
                && agrees(wanted.trading_class.as_deref(), class.class)
        });
        let all = classes.flat_map(|class| {
            let weeks = class.weeks(self.today).into_iter().filter(|week| expires(wanted.expiry, *week));
            weeks.flat_map(move |week| of_week(class, week, wanted))
        });
        all.filter(|listed| is_called(wanted, listed)).take(most).collect()
    }
}

/// The options of a week that fit, without trying every strike when one is said.
fn of_week(class: &'static OptionClass, week: Week, wanted: &Description) -> Vec<Listed> {
    let units: Vec<i64> = match wanted.strike {
        Some(strike) => {
            class.units_of(strike).filter(|units| class.knows_strike(week, *units)).into_iter().collect()
        }
        None => class.strikes(week).collect(),
    };
    let rights = Right::ALL.into_iter().filter(|right| wanted.right.is_none_or(|wanted| wanted == *right));
    let option = |(units, right)| Listed::Option(OptionOf { class, week, right, units });
    rights.flat_map(|right| units.iter().map(move |units| (*units, right))).map(option).collect()
}

fn expires(wanted: Option<Expiry>, week: Week) -> bool {
    let Some(wanted) = wanted else { return true };
    let Some(day) = week.expiry() else { return false };
    match wanted.day() {
        Some(wanted) => wanted == day,
        None => (wanted.year(), wanted.month()) == (day.year(), day.month()),
    }
}

/// A month is the one that the contract is named after; a day is its last one of trading.
fn ends(wanted: Option<Expiry>, listed: &Listed) -> bool {
    let (Some(wanted), Listed::Future(product, month)) = (wanted, listed) else { return true };
    match wanted.day() {
        Some(day) => last_trade(*product, *month) == Some(day),
        None => (wanted.year(), wanted.month()) == (month.year(), month.month()),
    }
}

/// Is a future of a product that fits the one that is meant?
pub(super) fn is_meant_future(wanted: &Description, listed: &Listed) -> bool {
    ends(wanted.expiry, listed) && is_called(wanted, listed)
}

pub(super) fn is_called(wanted: &Description, listed: &Listed) -> bool {
    wanted.local_symbol.is_none() || wanted.local_symbol == local_symbol(listed)
}

fn securities(wanted: &Description, most: usize) -> Vec<Listed> {
    asset::all().filter(|asset| is_meant(wanted, asset)).map(Listed::Security).take(most).collect()
}

fn is_meant(wanted: &Description, asset: &'static Asset) -> bool {
    let number = wanted.identifier.as_ref();
    let numbered = number.is_none_or(|number| has_number(asset, number.scheme(), number.as_str()));
    let exchange = wanted.exchange.as_deref();
    let routed = agrees(exchange, asset.exchange) || agrees(exchange, asset.primary);
    numbered
        && routed
        && wanted.kind.is_none_or(|kind| kind == asset.kind)
        && (agrees(wanted.symbol.as_deref(), asset.symbol)
            || (asset.is_bond() && agrees(wanted.symbol.as_deref(), asset.isin))
            || (asset.is_bond() && wanted.symbol.as_deref() == asset.issuer()))
        && has_terms(wanted, asset)
        && agrees(wanted.primary_exchange.as_deref(), asset.primary)
        && agrees(wanted.trading_class.as_deref(), asset.symbol)
        && wanted.multiplier.is_none_or(|it| it == multiplier(asset) || asset.is_bond())
        && currency_agrees(wanted, asset)
        && is_called(wanted, &Listed::Security(asset))
}

/// The strike, the right and the last day of a warrant or an event contract; a bond is not asked for by any of them.
fn has_terms(wanted: &Description, asset: &Asset) -> bool {
    let (Some((strike, last)), Some(right)) = (asset.terms, asset.right()) else { return true };
    wanted.strike.is_none_or(|it| strike.parse() == Ok(it))
        && wanted.right.is_none_or(|it| it == right)
        && wanted.expiry.is_none_or(|it| last.starts_with(&String::from(it)))
}

/// What a number names alone is in whatever currency it is.
fn currency_agrees(wanted: &Description, asset: &Asset) -> bool {
    wanted.currency.is_none_or(|currency| currency.as_str() == asset.currency)
}

fn pairs(wanted: &Description, most: usize) -> Vec<Listed> {
    if !matches!(wanted.exchange.as_deref(), None | Some("IDEALPRO")) {
        return Vec::new();
    }
    match (wanted.symbol.as_deref(), wanted.currency) {
        (Some(base), Some(quote)) => {
            pair(base, quote.as_str()).filter(|it| is_called(wanted, it)).into_iter().collect()
        }
        _ => Pair::all().map(Listed::Pair).filter(|it| is_called(wanted, it)).take(most).collect(),
    }
}

/// By the broker's symbol, or by the exchange's.
pub(super) fn products(wanted: &Description) -> impl Iterator<Item = Product> {
    let wanted = wanted.clone();
    Product::all().filter(move |product| {
        let spec = product.spec();
        let symbol = wanted.symbol.as_deref();
        let exchange = wanted.exchange.as_deref();
        (agrees(symbol, spec.broker_symbol()) || agrees(symbol, spec.exchange_code()))
            && (agrees(exchange, spec.exchange()) || agrees(exchange, spec.exchange_before_2022()))
            && agrees(wanted.trading_class.as_deref(), spec.trading_class())
            && wanted.currency.is_none_or(|currency| currency == spec.currency())
            && wanted.multiplier.is_none_or(|multiplier| multiplier == spec.multiplier())
    })
}
