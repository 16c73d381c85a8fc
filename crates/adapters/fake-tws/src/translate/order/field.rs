//! Single fields: what counts as not said, and numbers that are binary floats on the wire.

pub(super) use crate::translate::number::to_float as float;

use crate::translate::number::to_decimal;
use crate::wire::proto::TagValue;
use tradeport_contracts::ContractId;
use tradeport_kernel::{Decimal, Price};
use tradeport_orders::{NotAnIntent, Text, Venue};

/// Why an order of the wire is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAnOrder {
    /// A field that cannot be.
    #[error("{field} is {value}: {reason}")]
    Field {
        /// Which, in the API's spelling.
        field: &'static str,
        /// What it holds, cut to 80 characters.
        value: String,
        /// Why not.
        reason: String,
    },
    /// Fields that make no order together.
    #[error(transparent)]
    Intent(#[from] NotAnIntent),
}

pub(super) type Read<T> = Result<T, NotAnOrder>;

pub(super) fn refused(
    field: &'static str,
    value: impl std::fmt::Display,
    reason: impl std::fmt::Display,
) -> NotAnOrder {
    let value = value.to_string().chars().take(80).collect();
    NotAnOrder::Field { field, value, reason: reason.to_string() }
}

/// A text that says something.
pub(super) fn said(text: Option<&String>) -> Option<&str> {
    text.map(String::as_str).filter(|text| !text.is_empty())
}

/// A decimal that travels as text; `Some(None)` for the spellings of not said, `None` for what is no number.
pub(crate) fn decimal_text(text: &str) -> Option<Option<Decimal>> {
    const UNSET: [&str; 3] = ["2147483647", "9223372036854775807", "-9223372036854775808"];
    if text.is_empty() || UNSET.contains(&text) || text.parse::<f64>().is_ok_and(|it| it >= f64::MAX) {
        return Some(None);
    }
    let number = Decimal::from_str_exact(text).or_else(|_| Decimal::from_scientific(text)).ok()?;
    Some(Some(number.normalize()))
}

pub(super) fn number(field: &'static str, float: Option<f64>) -> Read<Option<Decimal>> {
    let Some(float) = float.filter(|float| *float < f64::MAX || float.is_nan()) else { return Ok(None) };
    to_decimal(float).map(Some).ok_or_else(|| refused(field, float, "not a number that can be"))
}

pub(super) fn nonzero(field: &'static str, float: Option<f64>) -> Read<Option<Decimal>> {
    Ok(number(field, float)?.filter(|number| !number.is_zero()))
}

pub(super) fn price(field: &'static str, float: Option<f64>) -> Read<Option<Price>> {
    let number = number(field, float)?;
    number.map(|number| Price::new(number).map_err(|error| refused(field, number, error))).transpose()
}

/// A price of which zero says nothing.
pub(super) fn own_price(field: &'static str, float: Option<f64>) -> Read<Option<Price>> {
    Ok(price(field, float)?.filter(|price| !price.as_decimal().is_zero()))
}

pub(super) fn needed<T>(field: &'static str, found: Option<T>) -> Read<T> {
    found.ok_or_else(|| refused(field, "not set", "this order needs it"))
}

pub(super) fn count(field: &'static str, count: Option<i32>) -> Read<Option<u32>> {
    let Some(count) = count.filter(|count| *count != i32::MAX) else { return Ok(None) };
    u32::try_from(count).map(Some).map_err(|_| refused(field, count, "below zero"))
}

pub(super) fn nonzero_count(field: &'static str, number: Option<i32>) -> Read<Option<u32>> {
    Ok(count(field, number)?.filter(|count| *count != 0))
}

pub(super) fn count_out(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX - 1)
}

pub(super) fn text(field: &'static str, text: Option<&String>) -> Read<Option<Text>> {
    let Some(text) = said(text) else { return Ok(None) };
    Text::new(text).map(Some).map_err(|error| refused(field, text, error))
}

pub(super) fn text_out(text: Option<&Text>) -> Option<String> {
    text.map(|text| text.as_str().to_owned())
}

pub(super) fn venue(field: &'static str, text: Option<&String>) -> Read<Venue> {
    let text = said(text).unwrap_or_default();
    Venue::new(text).map_err(|error| refused(field, text, error))
}

pub(super) fn contract(field: &'static str, number: Option<i32>) -> Read<Option<ContractId>> {
    match number.unwrap_or_default() {
        0 | i32::MAX => Ok(None),
        number if number > 0 => Ok(Some(ContractId::new(i64::from(number)))),
        number => Err(refused(field, number, "not a contract number above zero")),
    }
}

pub(super) fn contract_out(id: ContractId) -> Option<i32> {
    i32::try_from(id.number()).ok()
}

pub(super) fn flag(on: bool) -> Option<bool> {
    on.then_some(true)
}

pub(super) fn tag_out(key: &str, value: impl Into<String>) -> TagValue {
    TagValue { key: Some(key.to_owned()), value: Some(value.into()) }
}
