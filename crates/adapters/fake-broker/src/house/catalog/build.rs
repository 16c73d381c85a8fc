//! From a listed contract to all that the broker says of it.

use super::Catalog;
use super::asset::{Asset, NONE};
use super::currency::Pair;
use super::future_option::FutureOptionOf;
use super::futures_hours;
use super::hours;
use super::listed::{Listed, OptionOf, currency, local_symbol};
use super::option_class::Steps;
use super::product::Product;
use crate::house::FakeHours;
use time::Date;
use tradeport_contracts::calendar::{Calendar, Listing, Market};
use tradeport_contracts::futures::ContractMonth;
use tradeport_contracts::{Contract, ContractDetails, ContractDraft, Expiry, InstrumentKind, PriceBand};
use tradeport_kernel::{Currency, Decimal};

/// What the kinds of contracts differ in.
struct Terms {
    currency: Currency,
    price_step: Decimal,
    lot: Decimal,
    multiplier: Decimal,
    calendar: Option<&'static Calendar>,
    last_day: Option<Date>,
    details: ContractDetails,
}

/// The kinds of orders that the simulated exchange takes.
const ORDER_KINDS: &[&str] = &[
    "MKT",
    "LMT",
    "STP",
    "STP LMT",
    "TRAIL",
    "TRAIL LIMIT",
    "TRAIL MIT",
    "TRAIL LIT",
    "MOC",
    "LOC",
    "MOO",
    "LOO",
    "MIT",
    "LIT",
];

fn number(text: &str) -> Decimal {
    text.parse().expect("a test reads every number of the catalog")
}

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(|text| (*text).to_owned()).collect()
}

impl Catalog {
    /// The contract as the broker describes it on this day.
    pub(super) fn contract(&self, listed: Listed) -> Contract {
        let terms = Terms::of(&listed);
        let mut details = ContractDetails { local_symbol: local_symbol(&listed), ..terms.details };
        details.expiry = terms.last_day.and_then(|day| Expiry::try_from(day).ok());
        if let Some(calendar) = terms.calendar {
            details.time_zone = Some(hours::broker_zone(calendar.zone()).to_owned());
            // At every moment means at every moment: the broker then names no hours.
            if self.hours != FakeHours::Always {
                (details.trading_hours, details.liquid_hours) =
                    hours::told(calendar, self.now, terms.last_day);
            }
        }
        let instrument = listed.instrument();
        let draft = ContractDraft {
            id: listed.id(),
            symbol: instrument.symbol(),
            instrument,
            name: listed.name(),
            currency: terms.currency,
            price_step: terms.price_step,
            lot: terms.lot,
            multiplier: terms.multiplier,
            sessions: hours::sessions(self.hours, terms.calendar, self.now, terms.last_day),
            details,
        };
        draft.check().expect("a test describes every contract of the catalog")
    }

    /// The calendar of a contract's market, and its last day of trading.
    pub(super) fn market(listed: &Listed) -> (Option<&'static Calendar>, Option<Date>) {
        let terms = Terms::of(listed);
        (terms.calendar, terms.last_day)
    }
}

impl Terms {
    fn of(listed: &Listed) -> Self {
        match listed {
            Listed::Security(asset) => security(asset),
            Listed::Pair(it) => pair(*it),
            Listed::Future(product, month) => future(*product, Some(*month)),
            Listed::Continuous(product) => future(*product, None),
            Listed::Option(it) => option(it),
            Listed::FutureOption(it) => future_option(it),
        }
    }
}

/// What one quoted unit is worth: a bond is priced in percent of a thousand, a warrant is on a hundredth of a share.
pub(super) fn multiplier(asset: &Asset) -> Decimal {
    match asset.kind {
        InstrumentKind::Bond => Decimal::TEN,
        InstrumentKind::Warrant => Decimal::new(1, 2),
        _ => Decimal::ONE,
    }
}

fn security(asset: &Asset) -> Terms {
    let exchanges = match asset.primary {
        NONE => texts(&[asset.exchange]),
        primary => texts(&[asset.exchange, primary]),
    };
    let coin = asset.is_coin();
    Terms {
        currency: currency(asset.currency),
        price_step: number(asset.step),
        lot: if coin { Decimal::new(1, 8) } else { Decimal::ONE },
        multiplier: multiplier(asset),
        calendar: Calendar::named(asset.calendar).ok(),
        last_day: asset.terms.and_then(|(_, day)| day.parse::<Expiry>().ok()?.day()),
        details: ContractDetails {
            trading_class: Some(asset.symbol.to_owned()),
            primary_exchange: (asset.primary != NONE).then(|| asset.primary.to_owned()),
            exchanges,
            // An index is quoted, not traded.
            order_kinds: if asset.is_index() { Vec::new() } else { texts(ORDER_KINDS) },
            minimum_size: Some(if coin { Decimal::new(1, 8) } else { Decimal::ONE }),
            size_increment: Some(if coin { Decimal::new(1, 8) } else { Decimal::ONE }),
            ..ContractDetails::default()
        },
    }
}

fn pair(pair: Pair) -> Terms {
    Terms {
        currency: currency(pair.quote.code),
        price_step: number(pair.step()),
        lot: Decimal::ONE,
        multiplier: Decimal::ONE,
        calendar: Calendar::named("FX").ok(),
        last_day: None,
        details: ContractDetails {
            trading_class: Some(format!("{}.{}", pair.base.code, pair.quote.code)),
            exchanges: texts(&["IDEALPRO"]),
            order_kinds: texts(ORDER_KINDS),
            minimum_size: Some(Decimal::ONE),
            size_increment: Some(Decimal::ONE),
            ..ContractDetails::default()
        },
    }
}

/// Prices of some products are in hundredths of the currency: there the multiplier is what one quoted unit is worth, so
/// that price times quantity times multiplier is money for every contract alike.
fn future(product: Product, month: Option<ContractMonth>) -> Terms {
    let spec = product.spec();
    let code = spec.currency().to_string();
    let listing =
        Listing::new(spec.exchange(), &code, Market::Future).product(spec.broker_symbol()).calendar().ok();
    let calendar = listing.or_else(|| futures_hours::calendar(spec.exchange()));
    let calendar = calendar.or_else(|| Calendar::named(spec.business_calendar()?).ok());
    Terms {
        currency: spec.currency(),
        price_step: spec.price_step(),
        lot: Decimal::ONE,
        multiplier: spec.unit_value().amount(),
        calendar,
        last_day: month.and_then(|month| last_trade(product, month)),
        details: ContractDetails {
            trading_class: Some(spec.trading_class().to_owned()),
            exchanges: texts(&[spec.exchange()]),
            // The continuous one is for prices, not for orders.
            order_kinds: if month.is_some() { texts(ORDER_KINDS) } else { Vec::new() },
            minimum_size: Some(Decimal::ONE),
            size_increment: Some(Decimal::ONE),
            price_magnifier: Some(spec.price_magnifier()),
            underlying_symbol: Some(spec.broker_symbol().to_owned()),
            ..ContractDetails::default()
        },
    }
}

/// The last day of trading of a month.
pub(super) fn last_trade(product: Product, month: ContractMonth) -> Option<Date> {
    let spec = product.spec();
    let calendar = Calendar::named(spec.business_calendar()?).ok()?;
    spec.schedule(calendar).last_trade(month).ok()
}

/// As its future, which it ends with and brings.
fn future_option(it: &FutureOptionOf) -> Terms {
    let terms = future(it.product(), Some(it.month));
    let under = Listed::Future(it.product(), it.month);
    let details = ContractDetails {
        underlying: Some(under.id()),
        underlying_symbol: local_symbol(&under),
        ..terms.details
    };
    Terms { details, ..terms }
}

fn option(it: &OptionOf) -> Terms {
    let asset = it.underlying();
    let listing = Listing::new("SMART", asset.currency, Market::Option).product(asset.symbol);
    let bands = |below: i64, from: i64| {
        let band = |from, step| PriceBand { from, step: Decimal::new(step, 2) };
        vec![band(Decimal::ZERO, below), band(Decimal::from(3), from)]
    };
    let (price_step, price_bands) = match it.class.steps {
        Steps::Penny => (Decimal::new(1, 2), Vec::new()),
        Steps::Nickel => (Decimal::new(1, 2), bands(1, 5)),
        Steps::Dime => (Decimal::new(5, 2), bands(5, 10)),
    };
    Terms {
        currency: currency(asset.currency),
        price_step,
        lot: Decimal::ONE,
        multiplier: Decimal::ONE_HUNDRED,
        calendar: listing.calendar().ok(),
        last_day: it.week.expiry(),
        details: ContractDetails {
            trading_class: Some(it.class.class.to_owned()),
            exchanges: texts(&["SMART", "CBOE"]),
            order_kinds: texts(ORDER_KINDS),
            price_bands,
            minimum_size: Some(Decimal::ONE),
            size_increment: Some(Decimal::ONE),
            underlying: Some(Listed::Security(asset).id()),
            underlying_symbol: Some(asset.symbol.to_owned()),
            ..ContractDetails::default()
        },
    }
}
