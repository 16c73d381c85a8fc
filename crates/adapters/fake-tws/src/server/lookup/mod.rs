//! Which contracts a client means, and how they are told to it.
//!
//! | question | function | answer |
//! | --- | --- | --- |
//! | what is there that fits? | [`resolve`] | every contract, at least one |
//! | which one is to be traded or quoted? | [`resolve_one`] | one, on the exchange that was named |
//! | how does a contract look on the wire? | [`contract_of`], [`contract_as_asked`] | as the server fills it |
//!
//! Left out: prices, and orders for it.

mod combo;
mod told;
pub(crate) mod venues;

pub(crate) use told::{contract_as_asked, contract_of, product};

use super::error::{ApiError, Code};
use super::world::World;
use crate::translate::instrument_of;
use crate::wire::proto;
use tradeport_contracts::{CatalogError, Contract, ContractId, Instrument, InstrumentKind};

/// No question is answered with more contracts than this: far above the longest chain of options.
const MOST: usize = 20_000;

/// What a number that stands for nothing, and a description that fits nothing, are answered with.
const NOTHING: &str = "No security definition has been found for the request";

/// All contracts that a client means: by its number, or by whatever it says. What it does not say fits everything.
///
/// Errors: 200 for what is not listed; 321 for what cannot be read, and for a number beside words that contradict it.
pub(crate) fn resolve(world: &World, id: i32, asked: &proto::Contract) -> Result<Vec<Contract>, ApiError> {
    let is_combo = asked.sec_type.as_deref() == Some("BAG");
    let found = match asked.con_id {
        _ if is_combo => vec![combo::resolve(world, id, asked)?],
        Some(number @ 1..) => vec![by_number(world, id, number, asked)?],
        _ => by_words(world, id, asked)?,
    };
    let at = asked.exchange.as_deref().unwrap_or_default();
    let found: Vec<Contract> =
        found.into_iter().filter(|it| at.is_empty() || venues::trades_at(it, at)).collect();
    if found.is_empty() { Err(ApiError::about(id, Code::NoContract, NOTHING)) } else { Ok(found) }
}

/// The one contract that a client means, for what needs one: an order, a price, a history.
///
/// Errors: as [`resolve`]; 200 when several fit; 321 when no exchange is named.
pub(crate) fn resolve_one(world: &World, id: i32, asked: &proto::Contract) -> Result<Contract, ApiError> {
    if asked.exchange.as_deref().unwrap_or_default().is_empty() {
        return Err(ApiError::invalid(id, "Please enter exchange"));
    }
    let mut found = resolve(world, id, asked)?;
    match found.pop() {
        Some(one) if found.is_empty() => Ok(one),
        _ => {
            let name = [&asked.symbol, &asked.local_symbol].into_iter().flatten().find(|it| !it.is_empty());
            let name = name.map_or("the request", String::as_str);
            let text = format!("The contract description specified for {name} is ambiguous.");
            Err(ApiError::about(id, Code::NoContract, text))
        }
    }
}

/// The contract with a number, whatever else is said of it; `None` where nothing is listed under it.
pub(crate) fn of_number(world: &World, number: i32) -> Option<Contract> {
    let id = ContractId::new(i64::from(number));
    world.catalog().by_id(id).ok()
}

fn by_number(world: &World, id: i32, number: i32, asked: &proto::Contract) -> Result<Contract, ApiError> {
    let ended_too = asked.include_expired.unwrap_or_default();
    let found = match of_number(world, number) {
        None if ended_too => world.catalog().known(ContractId::new(i64::from(number))),
        found => found,
    };
    let found = found.ok_or_else(|| ApiError::about(id, Code::NoContract, NOTHING))?;
    match contradiction(&contract_of(&found), asked) {
        None => Ok(found),
        Some((field, is, given)) => {
            let cause = format!("Contract id {number} has {field} {is}, not {given}");
            Err(ApiError::invalid(id, cause))
        }
    }
}

/// What is said beside a number and is not so: the field, what it is, and what was given.
fn contradiction(known: &proto::Contract, asked: &proto::Contract) -> Option<(&'static str, String, String)> {
    let texts = [
        ("symbol", &known.symbol, &asked.symbol),
        ("security type", &known.sec_type, &asked.sec_type),
        ("currency", &known.currency, &asked.currency),
        ("local symbol", &known.local_symbol, &asked.local_symbol),
    ];
    for (field, is, given) in texts {
        let (is, given) = (is.as_deref().unwrap_or_default(), given.as_deref().unwrap_or_default());
        if !given.is_empty() && !is.eq_ignore_ascii_case(given) {
            return Some((field, is.to_owned(), given.to_owned()));
        }
    }
    let given = asked.right.as_deref().and_then(|text| text.get(..1)).unwrap_or_default();
    let is = known.right.as_deref().unwrap_or_default();
    if matches!(given, "C" | "P") && is != given {
        return Some(("right", is.to_owned(), given.to_owned()));
    }
    None
}

fn by_words(world: &World, id: i32, asked: &proto::Contract) -> Result<Vec<Contract>, ApiError> {
    let instrument = anywhere(&readable(id, &venues::plain(asked))?);
    match world.catalog().all_fitting(&instrument, MOST) {
        Ok(found) => Ok(venues::of_class(found, asked)),
        Err(CatalogError::NotFound(_) | CatalogError::Unsupported(_)) => Ok(Vec::new()),
        Err(error) => {
            Err(ApiError::about(id, Code::Processing, format!("Error processing request: {error}")))
        }
    }
}

/// The same without its exchange, which is compared with all where the contract trades. Some kinds are nothing without
/// theirs.
fn anywhere(instrument: &Instrument) -> Instrument {
    let mut description = instrument.description().clone();
    if matches!(description.kind, Some(InstrumentKind::EventContract | InstrumentKind::NewsFeed)) {
        return instrument.clone();
    }
    description.exchange = None;
    description.check().unwrap_or_else(|_| instrument.clone())
}

fn readable(id: i32, asked: &proto::Contract) -> Result<Instrument, ApiError> {
    instrument_of(asked).map_err(|error| ApiError::invalid(id, error))
}

#[cfg(test)]
mod tests;
