//! Legs and hedges of combos: `+1x43645865@SMART`, `265598:35:123.4`.
//!
//! After the exchange of a leg, in this order and each behind a `|`: `open`, `close` or `unknown`; `held` or
//! `held:PLACE`; `exempt:CODE`.

use super::NONE;
use super::escape::{escape, unescape};
use super::terms::number;
use crate::{ComboLeg, ContractId, DeltaNeutral, LegAction, LegEffect, ShortSale};
use tradeport_kernel::Price;

pub(super) fn write_leg(leg: &ComboLeg) -> String {
    let sign = leg.action().sign();
    let exchange = leg.exchange().unwrap_or(NONE);
    let mut text = format!("{sign}{}x{}@{exchange}", leg.ratio(), leg.contract().number());
    text.push_str(match leg.effect() {
        LegEffect::Same => "",
        LegEffect::Open => "|open",
        LegEffect::Close => "|close",
        LegEffect::Unknown => "|unknown",
    });
    match leg.short_sale() {
        None => {}
        Some(ShortSale::HeldByBroker) => text.push_str("|held"),
        Some(ShortSale::HeldAt(place)) => text.push_str(&format!("|held:{}", escape(place))),
    }
    if let Some(code) = leg.exemption() {
        text.push_str(&format!("|exempt:{code}"));
    }
    text
}

/// The leg; else what is wrong with it.
pub(super) fn read_leg(text: &str) -> Result<ComboLeg, String> {
    let form = || format!("{text:?} is no leg: expected such as +1x43645865@SMART");
    let mut parts = text.split('|');
    let (amount, exchange) = parts.next().and_then(|head| head.split_once('@')).ok_or_else(form)?;
    let action = amount.chars().next().and_then(|sign| LegAction::ALL.into_iter().find(|a| a.sign() == sign));
    let action = action.ok_or_else(form)?;
    let (ratio, contract) = amount[1..].split_once('x').ok_or_else(form)?;
    let ratio = plain(ratio).and_then(|ratio| ratio.parse().ok()).ok_or_else(form)?;
    let contract = plain(contract).and_then(|id| id.parse().ok()).ok_or_else(form)?;
    let mut leg = ComboLeg::new(ContractId::new(contract), ratio, action).map_err(|e| e.to_string())?;
    if exchange != NONE {
        leg = leg.on(exchange).map_err(|e| e.to_string())?;
    }
    for part in parts {
        leg = with_part(leg, part)?;
    }
    if write_leg(&leg) == text { Ok(leg) } else { Err(form()) }
}

fn with_part(leg: ComboLeg, part: &str) -> Result<ComboLeg, String> {
    let unknown = || format!("{part:?} says nothing of a leg: expected open, close, unknown, held or exempt");
    match part.split_once(':') {
        None => match part {
            "open" => Ok(leg.with_effect(LegEffect::Open)),
            "close" => Ok(leg.with_effect(LegEffect::Close)),
            "unknown" => Ok(leg.with_effect(LegEffect::Unknown)),
            "held" => leg.with_short_sale(ShortSale::HeldByBroker).map_err(|e| e.to_string()),
            _ => Err(unknown()),
        },
        Some(("held", place)) => {
            let place = unescape(place).ok_or_else(unknown)?;
            leg.with_short_sale(ShortSale::HeldAt(place)).map_err(|e| e.to_string())
        }
        Some(("exempt", code)) => {
            let code = plain(code).and_then(|code| code.parse().ok()).ok_or_else(unknown)?;
            Ok(leg.with_exemption(code))
        }
        Some(_) => Err(unknown()),
    }
}

/// Digits alone: no sign, as number parsers would allow.
fn plain(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit()))
}

pub(super) fn write_hedge(hedge: &DeltaNeutral) -> String {
    let mut text = format!("{}:{}", hedge.contract().number(), hedge.delta().normalize());
    if let Some(price) = hedge.price() {
        text.push_str(&format!(":{}", price.as_decimal().normalize()));
    }
    text
}

/// The hedge; else what is wrong with it.
pub(super) fn read_hedge(text: &str) -> Result<DeltaNeutral, String> {
    let form = || format!("{text:?} is no hedge: expected such as 265598:35 or 265598:35:123.40");
    let mut parts = text.split(':');
    let id = parts.next().and_then(plain).and_then(|id| id.parse().ok()).ok_or_else(form)?;
    let delta = parts.next().and_then(number).ok_or_else(form)?;
    let hedge = DeltaNeutral::new(ContractId::new(id), delta).map_err(|e| e.to_string())?;
    let hedge = match parts.next() {
        None => hedge,
        Some(price) => {
            let price = number(price).and_then(|price| Price::new(price).ok()).ok_or_else(form)?;
            hedge.at(price).map_err(|e| e.to_string())?
        }
    };
    if parts.next().is_some() { Err(form()) } else { Ok(hedge) }
}
