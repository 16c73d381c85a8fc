//! `Instrument` and `ibapi`'s `Contract`.
//!
//! What the client library does that matters here, as of 5.5.0:
//!
//! - Its default contract is a stock in US dollars on `SMART`; here every field is set, to empty where nothing is said.
//!   An empty security type is `SecurityType::Other("")`, which is not sent.
//! - A strike of zero is its sign for none: it never sends one. An event contract's threshold of zero is therefore
//!   told from none by its right, which such a contract has and a question for all of them has not.
//! - A multiplier is a text that it sends as a number; here it is the plain decimal, with the zeros that it was given.
//! - A last day may come back with a time and a zone after it (`20281115 08:30 CST`); only the day is kept.
//! - A leg's exempt code of -1 is none, as with the broker's own clients.
//!
//! Not carried: `description`, `combo_legs_description` and `last_trade_date`, which only the broker fills.

mod kind;
mod legs;

use super::number::{to_decimal, to_float};
use super::{FromIbError, ToIbError};
use ibapi::contracts as ib;
use tradeport_contracts::{
    ContractId, Description, Expiry, Identifier, Instrument, InstrumentKind, NotAnInstrument, Right, Scheme,
};
use tradeport_kernel::{Currency, Decimal};

/// The foreign object of an instrument.
///
/// Errors: a contract id beyond 2,147,483,647, of the instrument or of a leg. Everything else can be said.
pub fn contract_to_ib(instrument: &Instrument) -> Result<ib::Contract, ToIbError> {
    let it = instrument.description();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let (security_id_type, security_id) = match &it.identifier {
        None => (None, String::new()),
        Some(identifier) => (Some(scheme_to_ib(identifier.scheme())), identifier.as_str().to_owned()),
    };
    Ok(ib::Contract {
        contract_id: it.id.map_or(Ok(0), contract_id_to_ib)?,
        symbol: ib::Symbol(text(&it.symbol)),
        security_type: kind::to_ib(it),
        last_trade_date_or_contract_month: it.expiry.map_or_else(String::new, |expiry| expiry.to_string()),
        strike: it.strike.map_or(0.0, to_float),
        right: it.right.map(right_to_ib),
        multiplier: it.multiplier.map_or_else(String::new, |by| by.to_string()),
        exchange: ib::Exchange(text(&it.exchange)),
        currency: ib::Currency(it.currency.map_or_else(String::new, String::from)),
        local_symbol: text(&it.local_symbol),
        primary_exchange: ib::Exchange(text(&it.primary_exchange)),
        trading_class: text(&it.trading_class),
        include_expired: it.include_expired,
        security_id_type,
        security_id,
        combo_legs_description: String::new(),
        combo_legs: it.legs.iter().map(legs::leg_to_ib).collect::<Result<_, _>>()?,
        delta_neutral_contract: it.delta_neutral.as_ref().map(legs::hedge_to_ib).transpose()?,
        last_trade_date: None,
        issuer_id: text(&it.issuer),
        description: String::new(),
    })
}

/// The instrument that a foreign object means.
///
/// Errors name the field that cannot be: a security type, a right or a numbering that we do not know, numbers that
/// are none, and whatever no instrument of the kind has.
pub fn contract_from_ib(contract: &ib::Contract) -> Result<Instrument, FromIbError> {
    let exchange = contract.exchange.as_str();
    let kind = kind::from_ib(contract.security_type.as_str(), exchange, &contract.trading_class)
        .map_err(|code| refuse("security_type", code, "a security type that is not known"))?;
    let right = contract.right.map(right_from_ib);
    // Of a continuous future TWS tells when its front month ends: of the contract itself that says nothing.
    let is_continuous = kind == Some(InstrumentKind::ContinuousFuture);
    let expiry = expiry_from_ib(&contract.last_trade_date_or_contract_month)?.filter(|_| !is_continuous);
    let description = Description {
        kind,
        symbol: text(contract.symbol.as_str()),
        expiry,
        strike: strike_from_ib(contract.strike, kind, right)?,
        right,
        multiplier: multiplier_from_ib(&contract.multiplier)?,
        exchange: text(exchange),
        primary_exchange: text(contract.primary_exchange.as_str()),
        currency: currency_from_ib(contract.currency.as_str())?,
        local_symbol: text(&contract.local_symbol),
        trading_class: text(&contract.trading_class),
        include_expired: contract.include_expired,
        id: id_from_ib(contract.contract_id)?,
        identifier: identifier_from_ib(contract)?,
        issuer: text(&contract.issuer_id),
        legs: contract.combo_legs.iter().map(legs::leg_from_ib).collect::<Result<_, _>>()?,
        delta_neutral: contract.delta_neutral_contract.as_ref().map(legs::hedge_from_ib).transpose()?,
    };
    description.check().map_err(|error| refusal(contract, &error))
}

fn refuse(field: &'static str, value: impl std::fmt::Debug, reason: impl std::fmt::Display) -> FromIbError {
    FromIbError::new("Contract", field, value, reason)
}

/// A refusal of the domain, with the foreign field that it is about.
fn refusal(contract: &ib::Contract, error: &NotAnInstrument) -> FromIbError {
    let it = contract;
    let date = &it.last_trade_date_or_contract_month;
    match error {
        NotAnInstrument::Symbol(_) | NotAnInstrument::SameCurrency(_) | NotAnInstrument::NotACurrency(_) => {
            refuse("symbol", it.symbol.as_str(), error)
        }
        NotAnInstrument::Exchange(given) if given == it.primary_exchange.as_str() => {
            refuse("primary_exchange", given, error)
        }
        NotAnInstrument::Exchange(_) => refuse("exchange", it.exchange.as_str(), error),
        NotAnInstrument::Text { field: "local symbol", .. } => {
            refuse("local_symbol", &it.local_symbol, error)
        }
        NotAnInstrument::Text { field: "trading class", .. } => {
            refuse("trading_class", &it.trading_class, error)
        }
        NotAnInstrument::Text { .. } => refuse("issuer_id", &it.issuer_id, error),
        NotAnInstrument::ContractId(_) => refuse("contract_id", it.contract_id, error),
        NotAnInstrument::Unnamed { .. } => refuse("symbol", it.symbol.as_str(), error),
        NotAnInstrument::Strike { .. } => refuse("strike", it.strike, error),
        NotAnInstrument::Digits { field: "strike", .. } => refuse("strike", it.strike, error),
        NotAnInstrument::Multiplier(_) | NotAnInstrument::Digits { .. } => {
            refuse("multiplier", &it.multiplier, error)
        }
        NotAnInstrument::Weekend { .. }
        | NotAnInstrument::Cycle { .. }
        | NotAnInstrument::LastDay { .. }
        | NotAnInstrument::Holiday { .. }
        | NotAnInstrument::Expiry(_) => refuse("last_trade_date_or_contract_month", date, error),
        NotAnInstrument::Superfluous { field: "expiry", .. } => {
            refuse("last_trade_date_or_contract_month", date, error)
        }
        NotAnInstrument::Superfluous { field: "strike", .. } => refuse("strike", it.strike, error),
        NotAnInstrument::Superfluous { field: "right", .. } => refuse("right", it.right, error),
        NotAnInstrument::Superfluous { .. } | NotAnInstrument::NoLegs | NotAnInstrument::Leg(_) => {
            refuse("combo_legs", it.combo_legs.len(), error)
        }
        NotAnInstrument::Identifier(_) => refuse("security_id", &it.security_id, error),
        NotAnInstrument::Missing { kind: InstrumentKind::Forex, .. } => {
            refuse("currency", it.currency.as_str(), error)
        }
        NotAnInstrument::Missing { .. } => refuse("exchange", it.exchange.as_str(), error),
        NotAnInstrument::NoKind
        | NotAnInstrument::Event(_)
        | NotAnInstrument::OtherKind { .. }
        | NotAnInstrument::Notation { .. } => refuse("security_type", it.security_type.as_str(), error),
    }
}

fn text(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

pub(crate) fn contract_id_to_ib(id: ContractId) -> Result<i32, ToIbError> {
    i32::try_from(id.number())
        .map_err(|_| ToIbError::new("contract id", id.number(), "the broker's numbers end at 2147483647"))
}

/// The id with this number, if it is above zero.
pub(crate) fn contract_id_from_ib(number: i32) -> Option<ContractId> {
    (number > 0).then(|| ContractId::new(i64::from(number)))
}

fn id_from_ib(number: i32) -> Result<Option<ContractId>, FromIbError> {
    if number < 0 {
        return Err(refuse("contract_id", number, "it must be zero for none, or above"));
    }
    Ok(contract_id_from_ib(number))
}

const fn right_to_ib(right: Right) -> ib::OptionRight {
    match right {
        Right::Call => ib::OptionRight::Call,
        Right::Put => ib::OptionRight::Put,
    }
}

const fn right_from_ib(right: ib::OptionRight) -> Right {
    match right {
        ib::OptionRight::Call => Right::Call,
        ib::OptionRight::Put => Right::Put,
    }
}

fn scheme_to_ib(scheme: Scheme) -> ib::SecurityIdType {
    match scheme {
        Scheme::Isin => ib::SecurityIdType::Isin,
        Scheme::Cusip => ib::SecurityIdType::Cusip,
        Scheme::Sedol => ib::SecurityIdType::Sedol,
        Scheme::Figi => ib::SecurityIdType::Figi,
        Scheme::Ric => ib::SecurityIdType::Ric,
    }
}

fn identifier_from_ib(contract: &ib::Contract) -> Result<Option<Identifier>, FromIbError> {
    let code = contract.security_id.as_str();
    let scheme = match &contract.security_id_type {
        None if code.is_empty() => return Ok(None),
        None => return Err(refuse("security_id", code, "nothing says which numbering it belongs to")),
        Some(ib::SecurityIdType::Unknown(raw)) if raw.is_empty() && code.is_empty() => return Ok(None),
        Some(ib::SecurityIdType::Unknown(raw)) => {
            return Err(refuse("security_id_type", raw, "a numbering that is not known"));
        }
        Some(ib::SecurityIdType::Isin) => Scheme::Isin,
        Some(ib::SecurityIdType::Cusip) => Scheme::Cusip,
        Some(ib::SecurityIdType::Sedol) => Scheme::Sedol,
        Some(ib::SecurityIdType::Figi) => Scheme::Figi,
        Some(ib::SecurityIdType::Ric) => Scheme::Ric,
    };
    scheme.read(code).map(Some).map_err(|error| refuse("security_id", code, error))
}

/// The date in front, where the broker appends a time and a zone to it.
pub(crate) fn date_of(text: &str) -> &str {
    text.split([' ', '-']).next().unwrap_or_default()
}

fn expiry_from_ib(text: &str) -> Result<Option<Expiry>, FromIbError> {
    if text.is_empty() {
        return Ok(None);
    }
    date_of(text).parse().map(Some).map_err(|error| refuse("last_trade_date_or_contract_month", text, error))
}

/// Zero is no strike, except that an event contract with a right has one.
fn strike_from_ib(
    strike: f64,
    kind: Option<InstrumentKind>,
    right: Option<Right>,
) -> Result<Option<Decimal>, FromIbError> {
    let is_threshold = kind == Some(InstrumentKind::EventContract) && right.is_some();
    match to_decimal(strike) {
        Some(strike) if strike.is_zero() && !is_threshold => Ok(None),
        Some(strike) => Ok(Some(strike)),
        None if strike >= f64::MAX => Ok(None),
        None => Err(refuse("strike", strike, "not a number of ours")),
    }
}

/// An empty text, and zero, is none.
pub(crate) fn multiplier_from_ib(text: &str) -> Result<Option<Decimal>, FromIbError> {
    if text.is_empty() {
        return Ok(None);
    }
    let number = text.parse::<Decimal>().map_err(|_| refuse("multiplier", text, "not a number"))?;
    Ok(Some(number).filter(|number| !number.is_zero()))
}

fn currency_from_ib(text: &str) -> Result<Option<Currency>, FromIbError> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|error| refuse("currency", text, error))
}
