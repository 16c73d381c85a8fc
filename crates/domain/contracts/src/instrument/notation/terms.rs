//! Expiry, right, strike and multiplier in one word: `20250117C150x100`, `202503`, `*`.

use super::UNSAID;
use crate::{Expiry, Right};
use std::fmt::Write as _;
use tradeport_kernel::Decimal;

/// What stands beside a symbol.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Terms {
    pub(super) expiry: Option<Expiry>,
    pub(super) right: Option<Right>,
    pub(super) strike: Option<Decimal>,
    pub(super) multiplier: Option<Decimal>,
}

pub(super) fn write(terms: &Terms) -> String {
    let mut text = terms.expiry.map_or_else(|| UNSAID.to_owned(), |expiry| expiry.to_string());
    match terms.right {
        Some(right) => text.push(right.letter()),
        None if terms.strike.is_some() => text.push_str(UNSAID),
        None => {}
    }
    if let Some(strike) = terms.strike {
        append(&mut text, strike);
    }
    if let Some(multiplier) = terms.multiplier {
        text.push('x');
        append(&mut text, multiplier);
    }
    text
}

fn append(text: &mut String, number: Decimal) {
    write!(text, "{}", number.normalize()).expect("a string takes everything");
}

pub(super) fn read(text: &str) -> Option<Terms> {
    let (text, multiplier) = match text.split_once('x') {
        Some((before, multiplier)) => (before, Some(number(multiplier)?)),
        None => (text, None),
    };
    let (expiry, rest) = if let Some(rest) = text.strip_prefix('*') {
        (None, rest)
    } else {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        (Some(text[..digits].parse().ok()?), &text[digits..])
    };
    let mut characters = rest.chars();
    let right = match characters.next() {
        None => return Some(Terms { expiry, multiplier, ..Terms::default() }),
        Some('C') => Some(Right::Call),
        Some('P') => Some(Right::Put),
        Some('*') => None,
        Some(_) => return None,
    };
    let strike = match characters.as_str() {
        "" if right.is_some() => None,
        text => Some(number(text)?),
    };
    Some(Terms { expiry, right, strike, multiplier })
}

/// A decimal number, written plainly.
pub(super) fn number(text: &str) -> Option<Decimal> {
    let plain = text.bytes().all(|c| c.is_ascii_digit() || matches!(c, b'.' | b'-'));
    let ends = text.bytes().last().is_some_and(|c| c.is_ascii_digit());
    if plain && ends && text.len() <= 40 { Decimal::from_str_exact(text).ok() } else { None }
}
