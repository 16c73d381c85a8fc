//! `Instrument` and the wire's `Contract`.
//!
//! - An absent field and an empty one say the same: nothing.
//! - A strike of zero is none; an event contract's threshold of zero is told from none by its right.
//! - A right of `0` or `?` is none, as real answers have it, which clients send back.
//! - A last day may come with a time and a zone after it (`20281115 08:30 CST`); only the day is kept.
//! - A leg's exempt code of -1 is none.
//!
//! Not carried: `description`, `comboLegsDescrip` and `lastTradeDate`, which only the server fills.

mod kind;
mod legs;

pub use kind::code as security_type;

use super::Unreadable;
use super::number::{to_decimal, to_float};
use crate::wire::proto;
use tradeport_contracts::{
    ContractId, Description, Expiry, Identifier, Instrument, InstrumentKind, NotAnInstrument, Right, Scheme,
};
use tradeport_kernel::{Currency, Decimal};

/// What the wire says of an instrument.
///
/// Errors: a contract id beyond 2,147,483,647, of the instrument or of a leg. Everything else can be said.
pub fn instrument_to_wire(instrument: &Instrument) -> Result<proto::Contract, Unreadable> {
    let it = instrument.description();
    let identifier = it.identifier.as_ref();
    Ok(proto::Contract {
        con_id: it.id.map(number_of).transpose()?,
        symbol: it.symbol.clone(),
        sec_type: kind::code_of(it).map(str::to_owned),
        last_trade_date_or_contract_month: it.expiry.map(String::from),
        strike: it.strike.map(to_float),
        right: it.right.map(|right| right.letter().to_string()),
        multiplier: it.multiplier.map(to_float),
        exchange: it.exchange.clone(),
        primary_exch: it.primary_exchange.clone(),
        currency: it.currency.map(String::from),
        local_symbol: it.local_symbol.clone(),
        trading_class: it.trading_class.clone(),
        sec_id_type: identifier.map(|it| it.scheme().to_string()),
        sec_id: identifier.map(|it| it.as_str().to_owned()),
        issuer_id: it.issuer.clone(),
        include_expired: it.include_expired.then_some(true),
        combo_legs: it.legs.iter().map(legs::leg_to_wire).collect::<Result<_, _>>()?,
        delta_neutral_contract: it.delta_neutral.as_ref().map(legs::hedge_to_wire).transpose()?,
        description: None,
        combo_legs_descrip: None,
        last_trade_date: None,
    })
}

/// The instrument that the wire means.
///
/// Errors name the field that cannot be: a security type, a right or a numbering that nobody knows, numbers that are
/// none, and whatever no instrument of the kind has.
pub fn instrument_of(contract: &proto::Contract) -> Result<Instrument, Unreadable> {
    let said = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let exchange = said(&contract.exchange);
    let kind = kind::kind_of(
        contract.sec_type.as_deref().unwrap_or_default(),
        exchange.as_deref().unwrap_or_default(),
        contract.trading_class.as_deref().unwrap_or_default(),
    );
    let kind = kind.map_err(|code| Unreadable::new("secType", code, "Please enter a valid security type"))?;
    let right = right_of(contract.right.as_deref().unwrap_or_default())?;
    let description = Description {
        kind,
        symbol: said(&contract.symbol),
        expiry: expiry_of(contract.last_trade_date_or_contract_month.as_deref().unwrap_or_default())?,
        strike: strike_of(contract.strike.unwrap_or_default(), kind, right)?,
        right,
        multiplier: multiplier_of(contract.multiplier)?,
        exchange,
        primary_exchange: said(&contract.primary_exch),
        currency: currency_of(contract.currency.as_deref().unwrap_or_default())?,
        local_symbol: said(&contract.local_symbol),
        trading_class: said(&contract.trading_class),
        include_expired: contract.include_expired.unwrap_or_default(),
        id: id_of(contract.con_id)?,
        identifier: identifier_of(contract)?,
        issuer: said(&contract.issuer_id),
        legs: contract.combo_legs.iter().map(legs::leg_of).collect::<Result<_, _>>()?,
        delta_neutral: contract.delta_neutral_contract.as_ref().map(legs::hedge_of).transpose()?,
    };
    description.check().map_err(|error| refusal(contract, &error))
}

/// A refusal of the domain, with the field that it is about.
fn refusal(it: &proto::Contract, error: &NotAnInstrument) -> Unreadable {
    use NotAnInstrument as Not;
    let (field, value): (&'static str, &dyn std::fmt::Debug) = match error {
        Not::Symbol(_) | Not::SameCurrency(_) | Not::NotACurrency(_) | Not::Unnamed { .. } => {
            ("symbol", &it.symbol)
        }
        Not::Exchange(given) if Some(given) == it.primary_exch.as_ref() => {
            ("primaryExchange", &it.primary_exch)
        }
        Not::Exchange(_) => ("exchange", &it.exchange),
        Not::Text { field: "local symbol", .. } => ("localSymbol", &it.local_symbol),
        Not::Text { field: "trading class", .. } => ("tradingClass", &it.trading_class),
        Not::Text { .. } => ("issuerId", &it.issuer_id),
        Not::ContractId(_) => ("conId", &it.con_id),
        Not::Strike { .. } | Not::Digits { field: "strike", .. } => ("strike", &it.strike),
        Not::Multiplier(_) | Not::Digits { .. } => ("multiplier", &it.multiplier),
        Not::Weekend { .. }
        | Not::Cycle { .. }
        | Not::LastDay { .. }
        | Not::Holiday { .. }
        | Not::Expiry(_) => ("lastTradeDateOrContractMonth", &it.last_trade_date_or_contract_month),
        Not::Superfluous { field: "expiry", .. } => {
            ("lastTradeDateOrContractMonth", &it.last_trade_date_or_contract_month)
        }
        Not::Superfluous { field: "strike", .. } => ("strike", &it.strike),
        Not::Superfluous { field: "right", .. } => ("right", &it.right),
        Not::Superfluous { .. } | Not::NoLegs | Not::Leg(_) => ("comboLegs", &it.combo_legs),
        Not::Identifier(_) => ("secId", &it.sec_id),
        Not::Missing { kind: InstrumentKind::Forex, .. } => ("currency", &it.currency),
        Not::Missing { .. } => ("exchange", &it.exchange),
        Not::NoKind | Not::Event(_) | Not::OtherKind { .. } | Not::Notation { .. } => {
            ("secType", &it.sec_type)
        }
    };
    Unreadable::new(field, value, error)
}

fn number_of(id: ContractId) -> Result<i32, Unreadable> {
    let too_large = "the wire's numbers end at 2147483647";
    i32::try_from(id.number()).map_err(|_| Unreadable::new("conId", id.number(), too_large))
}

fn id_of(number: Option<i32>) -> Result<Option<ContractId>, Unreadable> {
    match number {
        Some(number @ ..0) => Err(Unreadable::new("conId", number, "it must be zero for none, or above")),
        number => Ok(legs::id_of(number)),
    }
}

fn right_of(text: &str) -> Result<Option<Right>, Unreadable> {
    match text {
        "" | "0" | "?" => Ok(None),
        text => text.parse().map(Some).map_err(|error| Unreadable::new("right", text, error)),
    }
}

fn identifier_of(contract: &proto::Contract) -> Result<Option<Identifier>, Unreadable> {
    let code = contract.sec_id.as_deref().unwrap_or_default();
    let scheme = match contract.sec_id_type.as_deref().unwrap_or_default() {
        "" if code.is_empty() => return Ok(None),
        "" => return Err(Unreadable::new("secId", code, "nothing says which numbering it belongs to")),
        name => {
            let known = Scheme::ALL.into_iter().find(|scheme| scheme.to_string() == name);
            known.ok_or_else(|| Unreadable::new("secIdType", name, "a numbering that is not known"))?
        }
    };
    scheme.read(code).map(Some).map_err(|error| Unreadable::new("secId", code, error))
}

fn expiry_of(text: &str) -> Result<Option<Expiry>, Unreadable> {
    if text.is_empty() {
        return Ok(None);
    }
    let day = text.split([' ', '-']).next().unwrap_or_default();
    day.parse().map(Some).map_err(|error| Unreadable::new("lastTradeDateOrContractMonth", text, error))
}

/// Zero is no strike, except that an event contract with a right has one.
fn strike_of(
    strike: f64,
    kind: Option<InstrumentKind>,
    right: Option<Right>,
) -> Result<Option<Decimal>, Unreadable> {
    let is_threshold = kind == Some(InstrumentKind::EventContract) && right.is_some();
    match to_decimal(strike) {
        Some(strike) if strike.is_zero() && !is_threshold => Ok(None),
        Some(strike) => Ok(Some(strike)),
        None if strike >= f64::MAX => Ok(None),
        None => Err(Unreadable::new("strike", strike, "not a number of ours")),
    }
}

/// Zero, and what stands for no number, is none.
fn multiplier_of(number: Option<f64>) -> Result<Option<Decimal>, Unreadable> {
    let Some(number) = number.filter(|number| *number < f64::MAX) else { return Ok(None) };
    let decimal = to_decimal(number).ok_or_else(|| Unreadable::new("multiplier", number, "not a number"))?;
    Ok(Some(decimal).filter(|decimal| !decimal.is_zero()))
}

fn currency_of(text: &str) -> Result<Option<Currency>, Unreadable> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|error| Unreadable::new("currency", text, error))
}

#[cfg(test)]
mod tests;
