//! The kinds of parameters that a table of algos names, as three macros: what a kind takes, what its setter asks for,
//! and how that is held.
//!
//! | kind | takes | setter's argument |
//! | --- | --- | --- |
//! | `share` | the broker's share of volume, 0.01 to 0.5 | [`Share`](super::Share) or a decimal |
//! | `fraction` | a number from 0 to 1 | [`Share`](super::Share) or a decimal |
//! | `number`, `amount`, `minutes` | any number; from 0; from 0 or -99 | decimal or integer |
//! | `price`, `positive` | a price; one above 0 | `Price` |
//! | `count`, `percent`, `whole` | from 0; 0 to 99; of either sign | `u32`, `u8`, `i32` |
//! | `flag` | yes or no | `bool` |
//! | `choice(E)` | the names of `E` | `E` |
//! | `time`, `clock` | any form; times of day | [`AlgoTime`](super::AlgoTime) |
//! | `zone`, `text` | a time zone; free text | [`Zone`](super::Zone), text |

/// What a kind of parameter takes.
macro_rules! takes {
    (share) => {
        Takes::Number(Range::VOLUME_SHARE)
    };
    (fraction) => {
        Takes::Number(Range::FRACTION)
    };
    (number) => {
        Takes::Number(Range::ANY)
    };
    (amount) => {
        Takes::Number(Range::AMOUNT)
    };
    (positive) => {
        Takes::Number(Range::POSITIVE)
    };
    (minutes) => {
        Takes::Number(Range::MINUTES)
    };
    (price) => {
        Takes::Number(Range::ANY)
    };
    (count) => {
        Takes::Integer { min: 0, max: u32::MAX as i64 }
    };
    (percent) => {
        Takes::Integer { min: 0, max: 99 }
    };
    (whole) => {
        Takes::Integer { min: i32::MIN as i64, max: i32::MAX as i64 }
    };
    (flag) => {
        Takes::Flag
    };
    (choice $choice:ident) => {
        Takes::Choice($choice::NAMES)
    };
    (time) => {
        Takes::Time { dated: true }
    };
    (clock) => {
        Takes::Time { dated: false }
    };
    (zone) => {
        Takes::Zone
    };
    (text) => {
        Takes::Text
    };
}

/// The type of a setter's argument.
macro_rules! argument {
    (share) => { impl Into<Share> };
    (fraction) => { impl Into<Share> };
    (number) => { impl Into<Decimal> };
    (amount) => { impl Into<Decimal> };
    (positive) => { Price };
    (minutes) => { impl Into<Decimal> };
    (price) => { Price };
    (count) => { u32 };
    (percent) => { u8 };
    (whole) => { i32 };
    (flag) => { bool };
    (choice $choice:ident) => { $choice };
    (time) => { AlgoTime };
    (clock) => { AlgoTime };
    (zone) => { Zone };
    (text) => { impl Into<String> };
}

/// A setter's argument as a value.
macro_rules! held {
    (share $given:ident) => {
        ParamValue::Number($given.into().as_decimal())
    };
    (fraction $given:ident) => {
        ParamValue::Number($given.into().as_decimal())
    };
    (number $given:ident) => {
        ParamValue::Number($given.into())
    };
    (amount $given:ident) => {
        ParamValue::Number($given.into())
    };
    (positive $given:ident) => {
        ParamValue::Number($given.as_decimal())
    };
    (minutes $given:ident) => {
        ParamValue::Number($given.into())
    };
    (price $given:ident) => {
        ParamValue::Number($given.as_decimal())
    };
    (count $given:ident) => {
        ParamValue::Integer(i64::from($given))
    };
    (percent $given:ident) => {
        ParamValue::Integer(i64::from($given))
    };
    (whole $given:ident) => {
        ParamValue::Integer(i64::from($given))
    };
    (flag $given:ident) => {
        ParamValue::Flag($given)
    };
    (choice $choice:ident $given:ident) => {
        ParamValue::Choice($given.name().into())
    };
    (time $given:ident) => {
        ParamValue::Time($given)
    };
    (clock $given:ident) => {
        ParamValue::Time($given)
    };
    (zone $given:ident) => {
        ParamValue::Text($given.to_string())
    };
    (text $given:ident) => {
        ParamValue::Text($given.into())
    };
}

pub(super) use {argument, held, takes};
