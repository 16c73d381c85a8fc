//! The futures products that are listed, and what their prices move around.
//!
//! Ticks, multipliers, months and last days of trading are the platform's own facts of each product; here is only what
//! the simulation adds.
//!
//! **Carry.** A future is worth its underlying times `1 + carry x years until its last trade`: 2 percent a year for
//! share indices (interest less dividends), 1 for metals and energy, 6 for volatility, which is dearer the longer it is
//! bought for; none for the rest.
//!
//! **A user's products** come from a file that is read once, before anything is listed; until the process ends the table is
//! what it was then. A product that the list has already keeps its number and its price and gets the facts of the file;
//! another one gets the next free number, in the order of the exchanges' codes, and a price around 1,000 price steps.

use std::sync::OnceLock;
use tradeport_contracts::futures::{ContractMonth, FuturesSpec, FuturesSpecs};
use tradeport_contracts::{Future, Instrument};
use tradeport_kernel::Decimal;

/// The products of a user's file are numbered from here.
const FIRST_ADDED: i64 = 160;
/// The last number of a product.
const LAST: i64 = 255;
/// A made-up price: so many price steps.
const PRICE_STEPS: i64 = 1_000;

/// All facts, and the products that the list lacks.
struct Table {
    specs: FuturesSpecs,
    /// Number, code, price, in ascending order of numbers.
    added: Vec<(i64, String, String)>,
}

/// Set once at the start of the process, if a user has a file; the bundled products alone otherwise.
static TABLE: OnceLock<Table> = OnceLock::new();

/// A user's products cannot be listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotListed {
    /// More than there are numbers for.
    #[error("{given} products are added, and {most} is the most")]
    TooMany {
        /// How many there are.
        given: usize,
        /// How many there may be.
        most: usize,
    },
    /// Others were listed before.
    #[error("other products were listed before in this process")]
    Twice,
}

/// Lists the products of `specs` from here on. Doing so twice with the same ones is nothing new.
pub fn list_futures(specs: FuturesSpecs) -> Result<(), NotListed> {
    let added = added(&specs)?;
    let table = TABLE.get_or_init(|| Table { specs: specs.clone(), added });
    if table.specs == specs { Ok(()) } else { Err(NotListed::Twice) }
}

/// The products that the list lacks, with their numbers and prices. Products that come with the platform and are not listed
/// stay so, unless the file has other facts of them.
fn added(specs: &FuturesSpecs) -> Result<Vec<(i64, String, String)>, NotListed> {
    let most = usize::try_from(LAST - FIRST_ADDED + 1).unwrap_or_default();
    let listed = |spec: &FuturesSpec| PRODUCTS.iter().any(|(_, code, ..)| *code == spec.exchange_code());
    let bundled = |spec: &FuturesSpec| FuturesSpecs::bundled().find(spec.exchange_code()) == Some(spec);
    let new: Vec<&FuturesSpec> = specs.iter().filter(|spec| !listed(spec) && !bundled(spec)).collect();
    if new.len() > most {
        return Err(NotListed::TooMany { given: new.len(), most });
    }
    let price = |spec: &FuturesSpec| {
        let step = spec.price_step();
        step.checked_mul(Decimal::from(PRICE_STEPS)).unwrap_or(step).normalize().to_string()
    };
    let row = |(number, spec): (i64, &FuturesSpec)| (number, spec.exchange_code().to_owned(), price(spec));
    Ok((FIRST_ADDED..).zip(new).map(row).collect())
}

/// The platform's facts of all products, the user's among them.
fn specs() -> &'static FuturesSpecs {
    TABLE.get().map_or_else(FuturesSpecs::bundled, |table| &table.specs)
}

/// A product.
#[derive(Clone, Copy, Debug)]
pub(in crate::house) struct Product {
    /// Part of the contract ids: from 1 to 255, never changed.
    pub(in crate::house) number: i64,
    /// The exchange's code.
    pub(in crate::house) code: &'static str,
    pub(in crate::house) name: &'static str,
    /// What its underlying moves around, in quoted units.
    pub(in crate::house) reference: &'static str,
    /// Whose movement it follows.
    pub(in crate::house) driver: &'static str,
    /// Percent a year.
    pub(in crate::house) volatility: u8,
    /// Percent a year.
    pub(in crate::house) carry: u8,
}

type Row = (i64, &'static str, &'static str, &'static str, &'static str, u8, u8);

const PRODUCTS: &[Row] = &[
    (1, "ES", "E-mini S&P 500", "1518.20", "SPX", 16, 2),
    (2, "MES", "Micro E-mini S&P 500", "1518.20", "SPX", 16, 2),
    (3, "NQ", "E-mini NASDAQ 100", "2747.74", "NDX", 20, 2),
    (4, "MNQ", "Micro E-mini NASDAQ 100", "2747.74", "NDX", 20, 2),
    (5, "RTY", "E-mini Russell 2000", "914.73", "RUT", 20, 2),
    (6, "M2K", "Micro E-mini Russell 2000", "914.73", "RUT", 20, 2),
    (7, "YM", "E-mini Dow Jones Industrial Average", "14089.66", "INDU", 15, 2),
    (8, "MYM", "Micro E-mini Dow Jones Industrial Average", "14089.66", "INDU", 15, 2),
    (9, "FDAX", "DAX", "7708.16", "DAX", 18, 2),
    (10, "FDXM", "Mini-DAX", "7708.16", "DAX", 18, 2),
    (11, "FDXS", "Micro-DAX", "7708.16", "DAX", 18, 2),
    (12, "FESX", "Euro STOXX 50", "2616.75", "ESTX50", 19, 2),
    (13, "Z", "FTSE 100", "6378.60", "Z", 15, 2),
    (14, "FCE", "CAC 40", "3699.91", "CAC40", 18, 2),
    (15, "HSI", "Hang Seng", "22880.22", "HSI", 20, 2),
    (16, "MHI", "Mini Hang Seng", "22880.22", "HSI", 20, 2),
    (17, "NK225", "Nikkei 225", "11606.38", "N225", 22, 2),
    (18, "VX", "Cboe Volatility Index", "15.36", "VIX", 60, 6),
    (19, "VXM", "Mini Cboe Volatility Index", "15.36", "VIX", 60, 6),
    (30, "CL", "WTI crude oil", "90.70", "CL", 30, 1),
    (31, "MCL", "Micro WTI crude oil", "90.70", "CL", 30, 1),
    (32, "QM", "E-mini crude oil", "90.70", "CL", 30, 1),
    (33, "NG", "Henry Hub natural gas", "3.456", "NG", 45, 1),
    (34, "QG", "E-mini natural gas", "3.456", "NG", 45, 1),
    (35, "RB", "RBOB gasoline", "3.1310", "RB", 32, 1),
    (36, "HO", "NY Harbor ULSD", "2.9310", "HO", 28, 1),
    (37, "BZ", "Brent crude oil last day", "110.40", "BZ", 28, 1),
    (38, "BRN", "Brent crude oil", "110.40", "BZ", 28, 1),
    (50, "GC", "Gold", "1572.30", "GC", 15, 1),
    (51, "MGC", "Micro gold", "1572.30", "GC", 15, 1),
    (52, "SI", "Silver", "28.490", "SI", 28, 1),
    (53, "SIL", "Micro silver", "28.490", "SI", 28, 1),
    (54, "HG", "Copper", "3.5000", "HG", 22, 1),
    (55, "MHG", "Micro copper", "3.5000", "HG", 22, 1),
    (56, "PL", "Platinum", "1574.00", "PL", 22, 1),
    (57, "PA", "Palladium", "717.00", "PA", 30, 1),
    (70, "ZB", "30-year US treasury bond", "143.75", "ZB", 10, 0),
    (71, "UB", "Ultra US treasury bond", "158.00", "ZB", 10, 0),
    (72, "ZN", "10-year US treasury note", "131.50", "ZN", 6, 0),
    (73, "TN", "Ultra 10-year US treasury note", "131.50", "ZN", 6, 0),
    (74, "ZF", "5-year US treasury note", "124.00", "ZF", 4, 0),
    (75, "ZT", "2-year US treasury note", "110.25", "ZT", 2, 0),
    (76, "ZQ", "30-day federal funds", "99.850", "ZQ", 1, 0),
    (77, "SR3", "3-month SOFR", "99.700", "ZQ", 1, 0),
    (78, "FGBL", "Euro-Bund", "144.80", "FGBL", 6, 0),
    (79, "FGBM", "Euro-Bobl", "126.50", "FGBM", 4, 0),
    (80, "FGBS", "Euro-Schatz", "110.700", "FGBS", 2, 0),
    (90, "6E", "Euro", "1.3020", "EUR", 8, 0),
    (91, "6B", "British pound", "1.5030", "GBP", 9, 0),
    (92, "6J", "Japanese yen", "0.010688", "JPY", 10, 0),
    (93, "6A", "Australian dollar", "1.0200", "AUD", 10, 0),
    (94, "6S", "Swiss franc", "1.0590", "CHF", 8, 0),
    (95, "6N", "New Zealand dollar", "0.8250", "NZD", 11, 0),
    (96, "6M", "Mexican peso", "0.0783", "MXN", 12, 0),
    (97, "6C", "Canadian dollar", "0.9730", "CAD", 7, 0),
    (98, "M6E", "Micro euro", "1.3020", "EUR", 8, 0),
    (99, "DX", "US dollar index", "82.320", "DX", 7, 0),
    (110, "ZC", "Corn", "708.50", "ZC", 28, 0),
    (111, "ZS", "Soybeans", "1444.00", "ZS", 22, 0),
    (112, "ZW", "Wheat", "713.00", "ZW", 28, 0),
    (113, "ZL", "Soybean oil", "49.50", "ZL", 22, 0),
    (114, "ZM", "Soybean meal", "430.00", "ZM", 25, 0),
    (115, "LE", "Live cattle", "129.00", "LE", 14, 0),
    (116, "HE", "Lean hogs", "81.00", "HE", 22, 0),
    (117, "KC", "Coffee", "143.00", "KC", 30, 0),
    (118, "SB", "Sugar No. 11", "18.00", "SB", 28, 0),
    (119, "CT", "Cotton No. 2", "85.00", "CT", 25, 0),
    (120, "CC", "Cocoa", "2100", "CC", 28, 0),
    (140, "BTC", "Bitcoin", "60000", "BTC", 60, 2),
    (141, "MBT", "Micro bitcoin", "60000", "BTC", 60, 2),
    (142, "ETH", "Ether", "3000", "ETH", 60, 2),
];

impl Product {
    pub(in crate::house) fn all() -> impl Iterator<Item = Self> {
        let listed = PRODUCTS.iter().map(|(number, code, name, reference, driver, volatility, carry)| Self {
            number: *number,
            code,
            name,
            reference,
            driver,
            volatility: *volatility,
            carry: *carry,
        });
        let added = TABLE.get().map_or(&[][..], |table| &table.added);
        listed.chain(added.iter().map(|(number, code, reference)| Self {
            number: *number,
            code,
            name: code,
            reference,
            driver: code,
            volatility: 20,
            carry: 0,
        }))
    }

    /// The platform's facts of it.
    pub(in crate::house) fn spec(self) -> &'static FuturesSpec {
        specs().find(self.code).expect("a test looks up every product of the list")
    }

    /// The future of a month; `None` for a month that it does not have.
    pub(in crate::house) fn future(self, month: ContractMonth) -> Option<Future> {
        specs().future(self.spec(), month).ok()
    }

    /// The front future, whichever that is.
    pub(in crate::house) fn continuous(self) -> Instrument {
        use tradeport_contracts::ContinuousFuture;
        let spec = self.spec();
        let it = ContinuousFuture::new(spec.broker_symbol(), spec.exchange());
        let it = it.expect("a test builds that of every product").in_currency(spec.currency());
        let shared = specs().by_broker_symbol(spec.broker_symbol(), spec.exchange()).count();
        if shared == 1 {
            return it.into();
        }
        it.with_trading_class(spec.trading_class()).expect("the classes of products are texts").into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_added_products_are_free_and_few() {
        assert!(PRODUCTS.iter().all(|(number, ..)| *number < FIRST_ADDED));
        let like = |code: String| {
            let mut draft = FuturesSpecs::bundled().find("ES").unwrap().draft().clone();
            draft.exchange_code = code;
            draft
        };
        let with = |count: i64| {
            let drafts = (0..count).map(|index| like(format!("Q{index:03}")));
            added(&FuturesSpecs::bundled().clone().extended_with(drafts).unwrap())
        };
        assert_eq!(
            with(2).unwrap(),
            [(160, "Q000".to_owned(), "250".to_owned()), (161, "Q001".to_owned(), "250".to_owned()),]
        );
        assert_eq!(with(96).unwrap().last().unwrap().0, LAST);
        let refused = with(97).unwrap_err();
        assert_eq!(refused.to_string(), "97 products are added, and 96 is the most");
        assert_eq!(added(FuturesSpecs::bundled()), Ok(Vec::new()));
    }
}
