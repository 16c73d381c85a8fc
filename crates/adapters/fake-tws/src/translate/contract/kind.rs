//! Kinds of instruments and the wire's codes of security types.

use tradeport_contracts::{Description, InstrumentKind as Kind};

/// Where forecast contracts trade; on the wire they are options there.
const FORECAST: &str = "FORECASTX";

/// One code for each kind that has one of its own.
const CODES: &[(Kind, &str)] = &[
    (Kind::Stock, "STK"),
    (Kind::Option, "OPT"),
    (Kind::Future, "FUT"),
    (Kind::ContinuousFuture, "CONTFUT"),
    (Kind::AnyFuture, "FUT+CONTFUT"),
    (Kind::FuturesOption, "FOP"),
    (Kind::Forex, "CASH"),
    (Kind::Cfd, "CFD"),
    (Kind::Bond, "BOND"),
    (Kind::Bill, "BILL"),
    (Kind::FixedIncome, "FIXED"),
    (Kind::Fund, "FUND"),
    (Kind::Commodity, "CMDTY"),
    (Kind::Crypto, "CRYPTO"),
    (Kind::Index, "IND"),
    (Kind::Warrant, "WAR"),
    (Kind::StructuredProduct, "IOPT"),
    (Kind::StockBorrow, "SBL"),
    (Kind::SecuritiesLending, "SLB"),
    (Kind::Forward, "FWD"),
    (Kind::Basket, "BSK"),
    (Kind::Icu, "ICU"),
    (Kind::Ics, "ICS"),
    (Kind::Combo, "BAG"),
    (Kind::NewsFeed, "NEWS"),
];

/// The security type of a description; nothing where no kind is said.
pub(super) fn code_of(description: &Description) -> Option<&'static str> {
    let kind = description.kind?;
    if kind == Kind::EventContract {
        let is_forecast = description.exchange.as_deref() == Some(FORECAST);
        return Some(if is_forecast { "OPT" } else { "FOP" });
    }
    code(kind)
}

/// The security type of a kind; nothing for event contracts, whose place decides.
#[must_use]
pub fn code(kind: Kind) -> Option<&'static str> {
    CODES.iter().find(|(known, _)| *known == kind).map(|(_, code)| *code)
}

/// What a security type means: `Ok(None)` where none is said. The error is the code, which is not known.
pub(super) fn kind_of(code: &str, exchange: &str, trading_class: &str) -> Result<Option<Kind>, String> {
    let is_event_class = trading_class.len() >= 4 && trading_class.starts_with("EC");
    match code {
        "" => Ok(None),
        "OPT" if exchange == FORECAST => Ok(Some(Kind::EventContract)),
        "FOP" if is_event_class => Ok(Some(Kind::EventContract)),
        _ => {
            let known = CODES.iter().find(|(_, known)| *known == code);
            known.map(|(kind, _)| Some(*kind)).ok_or_else(|| code.to_owned())
        }
    }
}
