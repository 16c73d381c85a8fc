//! One contract of the catalog, by what it is made from, and the id that stands for it.
//!
//! Every contract has a number of this house, computed, not drawn: the same on every run and every machine, no two
//! contracts share one, and a number leads back to its contract without a list of all of them. It is the contract's id,
//! unless the broker's own id is [known](super::broker_ids): then that is, and the number is understood as well. Ids fit
//! 31 bits, as a broker's do:
//!
//! | number | contract |
//! | --- | --- |
//! | 1,001 to 9,999 | a share, a fund, an index, a coin, a bond and the like |
//! | 10,000 and up | a pair: 10,000 + 100 x the base's number + the quote's |
//! | from 2^29 | a future: 2^29 + 2^12 x the product's number + months since 1999-12; no months: the continuous one |
//! | from 2^30 | an option: 2^30 + 2^24 x its class + 2^13 x its week + 2^12 for a put + its strike in units |
//! | from 2^30 + 58 x 2^24 | an option on a future, by its place |

use super::Catalog;
use super::asset::{self, Asset, NONE};
use super::broker_ids;
use super::currency::{Coinage, Pair};
use super::future_option::FutureOptionOf;
use super::hours::close_of;
use super::option_class::{MOST_UNITS, MOST_WEEKS, OptionClass, Week};
use super::product::Product;
use time::Month;
use tradeport_contracts::futures::ContractMonth;
use tradeport_contracts::{
    Bond, Cfd, Commodity, ContractId, Crypto, EventContract, Expiry, Forex, Fund, Index, Instrument,
    InstrumentKind, NotAnInstrument, OptionContract, Right, Stock, StockBorrow, StructuredProduct, Warrant,
};
use tradeport_kernel::{Currency, Decimal, Timestamp};

const PAIRS: i64 = 10_000;
const FUTURES: i64 = 1 << 29;
const OPTIONS: i64 = 1 << 30;
const FUTURE_OPTIONS: i64 = OPTIONS + (58 << 24);
const END: i64 = 1 << 31;
const MONTHS: i64 = 1 << 12;
const FIRST_YEAR: i32 = 2000;

/// A contract of the catalog, listed today or not.
#[derive(Clone, Copy, Debug)]
pub(in crate::house) enum Listed {
    Security(&'static Asset),
    Pair(Pair),
    Future(Product, ContractMonth),
    Continuous(Product),
    Option(OptionOf),
    FutureOption(FutureOptionOf),
}

/// One option.
#[derive(Clone, Copy, Debug)]
pub(in crate::house) struct OptionOf {
    pub(in crate::house) class: &'static OptionClass,
    pub(in crate::house) week: Week,
    pub(in crate::house) right: Right,
    pub(in crate::house) units: i64,
}

impl OptionOf {
    pub(in crate::house) fn strike(&self) -> Decimal {
        self.class.strike(self.units)
    }

    pub(in crate::house) fn right(&self) -> Right {
        self.right
    }

    pub(in crate::house) fn underlying(&self) -> &'static Asset {
        self.class.underlying()
    }
}

impl Listed {
    /// Its id.
    pub(in crate::house) fn id(&self) -> ContractId {
        let number = self.number();
        ContractId::new(broker_ids::of_number(number).unwrap_or(number))
    }

    /// Its number in this house.
    pub(in crate::house) fn number(&self) -> i64 {
        match self {
            Self::Security(asset) => asset.number,
            Self::Pair(pair) => PAIRS + 100 * pair.base.number + pair.quote.number,
            Self::Continuous(product) => FUTURES + MONTHS * product.number,
            Self::Future(product, month) => FUTURES + MONTHS * product.number + months_of(*month),
            Self::Option(it) => {
                let put = i64::from(it.right == Right::Put);
                OPTIONS
                    + it.class.number * (MOST_WEEKS * 2 * MOST_UNITS)
                    + it.week.0 * (2 * MOST_UNITS)
                    + put * MOST_UNITS
                    + it.units
            }
            Self::FutureOption(it) => FUTURE_OPTIONS + it.number(),
        }
    }

    /// What an id stands for, whether it is listed today or not.
    pub(in crate::house) fn of_id(id: ContractId) -> Option<Self> {
        match broker_ids::number_of(id.number()).unwrap_or(id.number()) {
            number @ ..PAIRS => asset::all().find(|asset| asset.number == number).map(Self::Security),
            number @ PAIRS..FUTURES => Pair::all().map(Self::Pair).find(|pair| pair.number() == number),
            number @ FUTURES..OPTIONS => of_future(number - FUTURES),
            number @ OPTIONS..FUTURE_OPTIONS => of_option(number - OPTIONS),
            number @ FUTURE_OPTIONS..END => {
                FutureOptionOf::of_number(number - FUTURE_OPTIONS).map(Self::FutureOption)
            }
            _ => None,
        }
    }

    /// What it is called: the one wording of those that mean it which the platform uses.
    pub(in crate::house) fn instrument(&self) -> Instrument {
        self.worded().expect("a test words every contract of the catalog")
    }

    fn worded(&self) -> Result<Instrument, NotAnInstrument> {
        Ok(match self {
            Self::Security(asset) => security(asset)?,
            Self::Pair(pair) => Forex::new(currency(pair.base.code), currency(pair.quote.code))?.into(),
            Self::Continuous(product) => product.continuous(),
            Self::Future(product, month) => match product.future(*month) {
                Some(future) => future.into(),
                None => return Err(NotAnInstrument::NoKind),
            },
            Self::Option(it) => option(it)?,
            Self::FutureOption(it) => it.instrument()?,
        })
    }

    /// When it trades for the last time; `None` for what does not end.
    pub(in crate::house) fn last_moment(&self) -> Option<Timestamp> {
        let (calendar, last) = Catalog::market(self);
        Some(close_of(calendar, last?))
    }

    /// Its name for people.
    pub(in crate::house) fn name(&self) -> String {
        match self {
            Self::Security(asset) => asset.name.to_owned(),
            Self::Pair(pair) => pair.name(),
            Self::Continuous(product) => format!("{}, front month", product.name),
            Self::Future(product, month) => format!("{} {} {}", product.name, month.month(), month.year()),
            Self::Option(it) => {
                let right = if it.right == Right::Call { "call" } else { "put" };
                format!("{} {right} {}", it.underlying().name, it.strike())
            }
            Self::FutureOption(it) => {
                let right = if it.right == Right::Call { "call" } else { "put" };
                format!("{} {right} {}", it.product().name, it.strike())
            }
        }
    }
}

/// Months since 1999-12: 1 for January 2000.
fn months_of(month: ContractMonth) -> i64 {
    i64::from(month.year() - FIRST_YEAR) * 12 + i64::from(u8::from(month.month()))
}

fn of_future(number: i64) -> Option<Listed> {
    let product = Product::all().find(|product| product.number == number / MONTHS)?;
    let months = number % MONTHS;
    if months == 0 {
        return Some(Listed::Continuous(product));
    }
    let years = i32::try_from((months - 1) / 12).ok()?;
    let month = Month::try_from(u8::try_from((months - 1) % 12 + 1).ok()?).ok()?;
    let month = ContractMonth::new(FIRST_YEAR + years, month).ok()?;
    product.future(month).map(|_| Listed::Future(product, month))
}

fn of_option(number: i64) -> Option<Listed> {
    let (class, rest) = (number / (MOST_WEEKS * 2 * MOST_UNITS), number % (MOST_WEEKS * 2 * MOST_UNITS));
    let (week, rest) = (Week(rest / (2 * MOST_UNITS)), rest % (2 * MOST_UNITS));
    let right = if rest >= MOST_UNITS { Right::Put } else { Right::Call };
    let units = rest % MOST_UNITS;
    let class = OptionClass::all().find(|it| it.number == class)?;
    class.knows_strike(week, units).then_some(Listed::Option(OptionOf { class, week, right, units }))
}

/// Currencies of the tables are tested, each of them.
pub(in crate::house) fn currency(code: &str) -> Currency {
    code.parse().expect("a test reads every currency of the catalog")
}

fn security(asset: &Asset) -> Result<Instrument, NotAnInstrument> {
    Ok(match asset.kind {
        InstrumentKind::Index => {
            Index::new(asset.symbol, asset.exchange)?.in_currency(currency(asset.currency)).into()
        }
        InstrumentKind::Crypto => Crypto::new(asset.symbol)?.into(),
        InstrumentKind::Bond => Bond::new(asset.symbol)?.into(),
        InstrumentKind::Cfd => Cfd::new(asset.symbol)?.in_currency(currency(asset.currency)).into(),
        InstrumentKind::Fund => Fund::new(asset.symbol)?.on(asset.exchange)?.into(),
        InstrumentKind::Commodity => Commodity::new(asset.symbol)?.into(),
        InstrumentKind::StockBorrow => StockBorrow::new(asset.symbol)?.into(),
        InstrumentKind::Warrant => warrant(asset)?,
        InstrumentKind::EventContract => event(asset)?,
        InstrumentKind::StructuredProduct => {
            let it = StructuredProduct::chain(asset.symbol, asset.exchange)?;
            it.in_currency(currency(asset.currency)).into()
        }
        _ if asset.currency == "USD" => Stock::new(asset.symbol)?.into(),
        _ => Stock::new(asset.symbol)?.listed_on(asset.primary)?.in_currency(currency(asset.currency)).into(),
    })
}

fn event(asset: &Asset) -> Result<Instrument, NotAnInstrument> {
    let (threshold, last) = asset.terms.ok_or(NotAnInstrument::NoKind)?;
    let (Ok(threshold), Ok(last)) = (threshold.parse(), last.parse()) else {
        return Err(NotAnInstrument::NoKind);
    };
    let it = match asset.right() {
        Some(Right::Put) => EventContract::no(asset.symbol, last, threshold)?,
        _ => EventContract::yes(asset.symbol, last, threshold)?,
    };
    Ok(it.into())
}

fn warrant(asset: &Asset) -> Result<Instrument, NotAnInstrument> {
    let (strike, last) = asset.terms.ok_or(NotAnInstrument::NoKind)?;
    // By its month: with its day it would not fit the name of a contract.
    let month = last.get(..6).and_then(|month| month.parse::<Expiry>().ok());
    let (Ok(strike), Some(month)) = (strike.parse(), month) else { return Err(NotAnInstrument::NoKind) };
    let it = Warrant::new(asset.symbol, month, strike, Right::Call, asset.exchange)?;
    Ok(it.in_currency(currency(asset.currency)).into())
}

fn option(it: &OptionOf) -> Result<Instrument, NotAnInstrument> {
    let expiry = it.week.expiry().and_then(|day| Expiry::try_from(day).ok());
    let expiry = expiry.ok_or(NotAnInstrument::NoKind)?;
    let option = OptionContract::new(it.class.asset, expiry, it.strike(), it.right)?;
    if it.class.class == it.class.asset {
        return Ok(option.into());
    }
    Ok(option.with_trading_class(it.class.class)?.into())
}

/// The symbol at the exchange: `ESZ6`, `AAPL  261218C00450000`, `EUR.USD`.
pub(in crate::house) fn local_symbol(listed: &Listed) -> Option<String> {
    Some(match listed {
        Listed::Security(asset) if asset.is_coin() => format!("{}.{}", asset.symbol, asset.currency),
        Listed::Security(asset) if asset.kind == InstrumentKind::EventContract => {
            let (threshold, last) = asset.terms?;
            let side = if asset.right() == Some(Right::Put) { "NO" } else { "YES" };
            format!("{}_{}_{threshold}_{side}", asset.symbol, last.get(2..)?)
        }
        Listed::Security(asset) => asset.symbol.to_owned(),
        Listed::Pair(pair) => format!("{}.{}", pair.base.code, pair.quote.code),
        Listed::Continuous(_) => return None,
        Listed::Future(product, month) => format!("{}{}", product.code, month.short_code()),
        Listed::Option(it) => {
            let day = it.week.expiry()?;
            let thousandths = (it.strike() * Decimal::ONE_THOUSAND).normalize();
            let (year, month) = (day.year() % 100, u8::from(day.month()));
            let right = it.right.letter();
            format!("{:<6}{year:02}{month:02}{:02}{right}{thousandths:0>8}", it.class.class, day.day())
        }
        Listed::FutureOption(it) => {
            format!("{}{} {}{}", it.product().code, it.month.short_code(), it.right.letter(), it.strike())
        }
    })
}

/// The FIGIs of some securities, by their numbers in this house.
const FIGIS: &[(i64, &str)] = &[
    (1_001, "BBG000B9XRY4"),
    (1_004, "BBG000BLNNH6"),
    (1_005, "BBG000BPH459"),
    (1_006, "BBG000BVPV84"),
    (1_030, "BBG000N9MNX3"),
    (1_031, "BBG000BBJQV0"),
    (2_001, "BBG000BDTBL9"),
];

/// Is it named by this ISIN, by the CUSIP that is part of it, or by this FIGI?
pub(in crate::house) fn has_number(asset: &Asset, scheme: tradeport_contracts::Scheme, code: &str) -> bool {
    use tradeport_contracts::Scheme;
    let isin = asset.isin;
    match scheme {
        Scheme::Figi => FIGIS.contains(&(asset.number, code)),
        _ if isin == NONE => false,
        Scheme::Isin => isin == code,
        Scheme::Cusip => isin.starts_with("US") && isin.get(2..11) == Some(code),
        Scheme::Sedol => isin.starts_with("GB") && isin.get(4..11) == Some(code),
        _ => false,
    }
}

impl PartialEq for Listed {
    fn eq(&self, other: &Self) -> bool {
        self.id() == other.id()
    }
}

impl Eq for Listed {}

/// The pair of two currencies, if it is traded.
pub(in crate::house) fn pair(base: &str, quote: &str) -> Option<Listed> {
    let (base, quote) = (Coinage::find(base)?, Coinage::find(quote)?);
    Pair::all()
        .find(|pair| pair.base.number == base.number && pair.quote.number == quote.number)
        .map(Listed::Pair)
}
