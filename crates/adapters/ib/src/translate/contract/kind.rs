//! Kinds of instruments and the broker's codes of security types.

use ibapi::contracts::SecurityType;
use tradeport_contracts::{Description, InstrumentKind as Kind};

/// Where forecast contracts trade; the broker models them as options there.
const FORECAST: &str = "FORECASTX";

/// The security type of a description; an empty one where no kind is said.
pub(super) fn to_ib(description: &Description) -> SecurityType {
    match description.kind {
        None => SecurityType::Other(String::new()),
        Some(Kind::EventContract) if description.exchange.as_deref() == Some(FORECAST) => {
            SecurityType::Option
        }
        Some(Kind::EventContract | Kind::FuturesOption) => SecurityType::FuturesOption,
        Some(Kind::Stock) => SecurityType::Stock,
        Some(Kind::Option) => SecurityType::Option,
        Some(Kind::Future) => SecurityType::Future,
        Some(Kind::ContinuousFuture) => SecurityType::ContinuousFuture,
        Some(Kind::Forex) => SecurityType::ForexPair,
        Some(Kind::Cfd) => SecurityType::CFD,
        Some(Kind::Bond) => SecurityType::Bond,
        Some(Kind::Fund) => SecurityType::MutualFund,
        Some(Kind::Commodity) => SecurityType::Commodity,
        Some(Kind::Crypto) => SecurityType::Crypto,
        Some(Kind::Index) => SecurityType::Index,
        Some(Kind::Warrant) => SecurityType::Warrant,
        Some(Kind::Combo) => SecurityType::Spread,
        Some(Kind::NewsFeed) => SecurityType::News,
        Some(Kind::AnyFuture) => other("FUT+CONTFUT"),
        Some(Kind::Bill) => other("BILL"),
        Some(Kind::FixedIncome) => other("FIXED"),
        Some(Kind::StructuredProduct) => other("IOPT"),
        Some(Kind::StockBorrow) => other("SBL"),
        Some(Kind::SecuritiesLending) => other("SLB"),
        Some(Kind::Forward) => other("FWD"),
        Some(Kind::Basket) => other("BSK"),
        Some(Kind::Icu) => other("ICU"),
        Some(Kind::Ics) => other("ICS"),
    }
}

fn other(code: &str) -> SecurityType {
    SecurityType::Other(code.to_owned())
}

/// What a security type means: `Ok(None)` where none is said, the code where it is not known.
pub(super) fn from_ib(code: &str, exchange: &str, trading_class: &str) -> Result<Option<Kind>, String> {
    let is_event_class = trading_class.len() >= 4 && trading_class.starts_with("EC");
    Ok(Some(match code {
        "" => return Ok(None),
        "OPT" if exchange == FORECAST => Kind::EventContract,
        "FOP" if is_event_class => Kind::EventContract,
        "STK" => Kind::Stock,
        "OPT" => Kind::Option,
        "FUT" => Kind::Future,
        "CONTFUT" => Kind::ContinuousFuture,
        "FUT+CONTFUT" => Kind::AnyFuture,
        "FOP" => Kind::FuturesOption,
        "CASH" => Kind::Forex,
        "CFD" => Kind::Cfd,
        "BOND" => Kind::Bond,
        "BILL" => Kind::Bill,
        "FIXED" => Kind::FixedIncome,
        "FUND" => Kind::Fund,
        "CMDTY" => Kind::Commodity,
        "CRYPTO" => Kind::Crypto,
        "IND" => Kind::Index,
        "WAR" => Kind::Warrant,
        "IOPT" => Kind::StructuredProduct,
        "SBL" => Kind::StockBorrow,
        "SLB" => Kind::SecuritiesLending,
        "FWD" => Kind::Forward,
        "BSK" => Kind::Basket,
        "ICU" => Kind::Icu,
        "ICS" => Kind::Ics,
        "BAG" => Kind::Combo,
        "NEWS" => Kind::NewsFeed,
        unknown => return Err(unknown.to_owned()),
    }))
}
