//! Single fields: numbers that must survive as floats, counts, texts.

use crate::translate::number::{short_to_float, to_decimal, to_float};
use crate::translate::{FromIbError, ToIbError};
use tradeport_contracts::ContractId;
use tradeport_kernel::{Decimal, Price};
use tradeport_orders::{Text, Venue};

/// The library's integers and floats for "not set".
pub(super) const UNSET_COUNT: i32 = i32::MAX;
const UNSET_NUMBER: f64 = f64::MAX;

pub(super) fn refused(
    field: &'static str,
    value: impl std::fmt::Debug,
    reason: impl std::fmt::Display,
) -> FromIbError {
    FromIbError::new("Order", field, value, reason)
}

/// A number, if a float can hold it.
pub(super) fn number_out(field: &'static str, number: Decimal) -> Result<f64, ToIbError> {
    if let Some(float) = short_to_float(number) {
        return Ok(float);
    }
    let float = to_float(number);
    if to_decimal(float) == Some(number.normalize()) {
        return Ok(float);
    }
    Err(ToIbError::new(field, number, "a float cannot hold so many digits"))
}

pub(super) fn number_out_opt(field: &'static str, number: Option<Decimal>) -> Result<Option<f64>, ToIbError> {
    number.map(|number| number_out(field, number)).transpose()
}

pub(super) fn price_out(field: &'static str, price: Option<Price>) -> Result<Option<f64>, ToIbError> {
    number_out_opt(field, price.map(Price::as_decimal))
}

/// A number; none where nothing is set.
pub(super) fn number_in(field: &'static str, float: Option<f64>) -> Result<Option<Decimal>, FromIbError> {
    let Some(float) = float.filter(|float| float.total_cmp(&UNSET_NUMBER).is_ne()) else { return Ok(None) };
    to_decimal(float).map(Some).ok_or_else(|| refused(field, float, "not a number that can be"))
}

pub(super) fn price_in(field: &'static str, float: Option<f64>) -> Result<Option<Price>, FromIbError> {
    let number = number_in(field, float)?;
    number.map(|number| Price::new(number).map_err(|error| refused(field, float, error))).transpose()
}

/// A number that zero stands for the absence of.
pub(super) fn nonzero_in(field: &'static str, float: Option<f64>) -> Result<Option<Decimal>, FromIbError> {
    Ok(number_in(field, float)?.filter(|number| !number.is_zero()))
}

pub(super) fn count_out(field: &'static str, count: u32) -> Result<i32, ToIbError> {
    i32::try_from(count)
        .ok()
        .filter(|count| *count != UNSET_COUNT)
        .ok_or_else(|| ToIbError::new(field, count, "beyond 2,147,483,646"))
}

pub(super) fn count_out_opt(field: &'static str, count: Option<u32>) -> Result<Option<i32>, ToIbError> {
    count.map(|count| count_out(field, count)).transpose()
}

pub(super) fn count_in(field: &'static str, count: Option<i32>) -> Result<Option<u32>, FromIbError> {
    let Some(count) = count.filter(|count| *count != UNSET_COUNT) else { return Ok(None) };
    u32::try_from(count).map(Some).map_err(|_| refused(field, count, "below zero"))
}

/// A count that zero stands for the absence of.
pub(super) fn nonzero_count_in(field: &'static str, count: Option<i32>) -> Result<Option<u32>, FromIbError> {
    Ok(count_in(field, count)?.filter(|count| *count != 0))
}

pub(super) fn contract_out(field: &'static str, contract: ContractId) -> Result<i32, ToIbError> {
    i32::try_from(contract.number()).ok().filter(|number| *number > 0 && *number != UNSET_COUNT).ok_or_else(
        || ToIbError::new(field, contract.number(), "not a contract number from 1 to 2,147,483,646"),
    )
}

pub(super) fn contract_in(field: &'static str, number: i32) -> Result<ContractId, FromIbError> {
    if number > 0 && number != UNSET_COUNT {
        return Ok(ContractId::new(i64::from(number)));
    }
    Err(refused(field, number, "not a contract number above zero"))
}

/// A contract's number; none for zero and for unset.
pub(super) fn contract_in_opt(field: &'static str, number: i32) -> Result<Option<ContractId>, FromIbError> {
    if number == 0 || number == UNSET_COUNT { Ok(None) } else { contract_in(field, number).map(Some) }
}

pub(super) fn text_out(text: Option<&Text>) -> String {
    text.map(|text| text.as_str().to_owned()).unwrap_or_default()
}

pub(super) fn text_in(field: &'static str, text: &str) -> Result<Option<Text>, FromIbError> {
    if text.is_empty() {
        return Ok(None);
    }
    Text::new(text).map(Some).map_err(|error| refused(field, text, error))
}

pub(super) fn venue_in(field: &'static str, text: &str) -> Result<Venue, FromIbError> {
    Venue::new(text).map_err(|error| refused(field, text, error))
}
