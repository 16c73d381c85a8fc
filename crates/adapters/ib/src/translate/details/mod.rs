//! What the broker tells of contracts: descriptions, market rules, option chains.
//!
//! Left out: what the texts of trading hours mean. The caller reads them and gives the sessions.

mod quoted;
mod words;

use super::FromIbError;
use super::contract::contract_id_from_ib;
use super::number::to_decimal;
use ibapi::contracts as ib;
use quoted::Magnifier;
use std::collections::BTreeMap;
use std::str::FromStr;
use tradeport_contracts::{
    Contract, ContractDetails, ContractDraft, Expiry, Instrument, OptionChain, OptionChainDraft, PriceBand,
    TradingSessions,
};
use tradeport_kernel::{Currency, Decimal};
use words::order_words;

/// The price bands of market rules by the broker's numbers of them, in the broker's units: those of the currency.
pub type MarketRules = BTreeMap<i32, Vec<PriceBand>>;

fn refuse(field: &'static str, value: impl std::fmt::Debug, reason: impl std::fmt::Display) -> FromIbError {
    FromIbError::new("ContractDetails", field, value, reason)
}

/// The contract that the broker describes in answer to a question for `asked`. `rules` are the market rules that it
/// named, as far as they are known; `sessions` is what its trading hours mean.
///
/// Steps and bands become those of quoted prices, and the multiplier what one quoted unit is worth. The list of order
/// types is kept whole: what names a kind gets that kind's name, everything else stays as it is spelled.
///
/// Errors name the field: no number above zero, no currency, a price step that is none, a magnifier below zero, sizes
/// and bands that cannot be.
pub fn contract_details_from_ib(
    asked: &Instrument,
    details: &ib::ContractDetails,
    rules: &MarketRules,
    sessions: TradingSessions,
) -> Result<Contract, FromIbError> {
    let described = &details.contract;
    let id = contract_id_from_ib(described.contract_id)
        .ok_or_else(|| refuse("contract_id", described.contract_id, "it must be above zero"))?;
    let currency: Currency = read("currency", described.currency.as_str())?;
    let size_increment = size("size_increment", details.size_increment)?;
    let magnifier = Magnifier::new(details.price_magnifier)?;
    let name = [&details.long_name, &described.local_symbol].into_iter().find(|text| !text.is_empty());
    let draft = ContractDraft {
        id,
        symbol: asked.symbol(),
        instrument: asked.clone(),
        name: name.map_or_else(|| asked.to_string(), String::clone),
        currency,
        price_step: magnifier.price_step(details.min_tick)?,
        lot: size_increment.unwrap_or(Decimal::ONE),
        multiplier: magnifier.unit_value(&described.multiplier)?,
        sessions,
        details: further(details, rules, magnifier, size_increment)?,
    };
    draft.check().map_err(|error| refuse("contract_id", described.contract_id, error))
}

fn further(
    details: &ib::ContractDetails,
    rules: &MarketRules,
    magnifier: Magnifier,
    size_increment: Option<Decimal>,
) -> Result<ContractDetails, FromIbError> {
    let it = &details.contract;
    Ok(ContractDetails {
        local_symbol: text(&it.local_symbol),
        trading_class: text(&it.trading_class),
        primary_exchange: text(it.primary_exchange.as_str()),
        exchanges: said(&details.valid_exchanges),
        order_kinds: order_words(&details.order_types),
        price_bands: magnifier.bands(bands_at(it.exchange.as_str(), details, rules))?,
        minimum_size: size("min_size", details.min_size)?,
        size_increment,
        price_magnifier: magnifier.told(details.price_magnifier),
        underlying: contract_id_from_ib(details.under_contract_id),
        underlying_symbol: text(&details.under_symbol),
        expiry: expiry(details)?,
        time_zone: text(&details.time_zone_id),
        trading_hours: details.trading_hours.join(";"),
        liquid_hours: details.liquid_hours.join(";"),
    })
}

/// The bands at an exchange: the rules stand in the order of the exchanges. None where nothing is known of them.
fn bands_at<'a>(exchange: &str, details: &ib::ContractDetails, rules: &'a MarketRules) -> &'a [PriceBand] {
    let at = details.valid_exchanges.iter().position(|valid| valid == exchange);
    let rule = at.and_then(|at| details.market_rule_ids.get(at)?.trim().parse().ok());
    rule.and_then(|rule: i32| rules.get(&rule)).map(Vec::as_slice).unwrap_or_default()
}

/// The real last day where the broker tells it, else what the contract says.
fn expiry(details: &ib::ContractDetails) -> Result<Option<Expiry>, FromIbError> {
    let it = &details.contract;
    if let Some(day) = it.last_trade_date {
        return Expiry::try_from(day).map(Some).map_err(|error| refuse("last_trade_date", day, error));
    }
    let dates = [&details.real_expiration_date, &it.last_trade_date_or_contract_month];
    let date = dates.into_iter().map(|date| super::contract::date_of(date)).find(|date| !date.is_empty());
    date.map(|date| read("last_trade_date_or_contract_month", date)).transpose()
}

/// A size; zero is none.
fn size(field: &'static str, size: Option<f64>) -> Result<Option<Decimal>, FromIbError> {
    match size.map(|size| to_decimal(size).ok_or_else(|| refuse(field, size, "no number"))) {
        Some(size) => Ok(Some(size?).filter(|size| !size.is_zero())),
        None => Ok(None),
    }
}

fn read<T: FromStr<Err: std::fmt::Display>>(field: &'static str, text: &str) -> Result<T, FromIbError> {
    text.parse().map_err(|error| refuse(field, text, error))
}

fn text(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn said(texts: &[String]) -> Vec<String> {
    texts.iter().filter(|text| !text.is_empty()).cloned().collect()
}

/// The bands of a market rule, in the order of their prices and in the broker's units: those of the currency. Bands of
/// ours hold for prices on both sides of zero: of those that begin at zero or below, the nearest to zero holds.
///
/// Errors: an edge or an increment that is no number; an increment that is not above zero.
pub fn market_rule_from_ib(rule: &ib::MarketRule) -> Result<Vec<PriceBand>, FromIbError> {
    let refuse = |field, value: f64| FromIbError::new("MarketRule", field, value, "not a price of ours");
    let band = |it: &ib::PriceIncrement| {
        let step = to_decimal(it.increment).filter(|step| *step > Decimal::ZERO);
        Ok(PriceBand {
            from: to_decimal(it.low_edge).ok_or_else(|| refuse("low_edge", it.low_edge))?,
            step: step.ok_or_else(|| refuse("increment", it.increment))?,
        })
    };
    let mut bands = rule.price_increments.iter().map(band).collect::<Result<Vec<_>, FromIbError>>()?;
    bands.sort_by_key(|band| band.from);
    let first = bands.partition_point(|band| band.from <= Decimal::ZERO).saturating_sub(1);
    bands.drain(..first);
    if let Some(lowest) = bands.first_mut() {
        lowest.from = lowest.from.max(Decimal::ZERO);
    }
    Ok(bands)
}

/// The options on the underlying with this symbol, priced in `currency`, as far as one answer tells.
///
/// Errors name the field: dates, strikes and multipliers that are none.
pub fn option_chain_from_ib(
    underlying: &str,
    currency: Currency,
    chain: &ib::OptionChain,
) -> Result<OptionChain, FromIbError> {
    let refuse = |field, value: &dyn std::fmt::Debug, reason: &dyn std::fmt::Display| {
        FromIbError::new("OptionChain", field, value, reason)
    };
    let day = |text: &String| text.parse::<Expiry>().map_err(|error| refuse("expirations", text, &error));
    let strike = |it: &f64| to_decimal(*it).ok_or_else(|| refuse("strikes", it, &"not a number of ours"));
    let multiplier = chain.multiplier.parse::<Decimal>();
    let draft = OptionChainDraft {
        underlying: underlying.to_owned(),
        exchange: chain.exchange.clone(),
        trading_class: chain.trading_class.clone(),
        currency,
        multiplier: multiplier.map_err(|error| refuse("multiplier", &chain.multiplier, &error))?.normalize(),
        expiries: chain.expirations.iter().map(day).collect::<Result<_, _>>()?,
        strikes: chain.strikes.iter().map(strike).collect::<Result<_, _>>()?,
    };
    draft.check().map_err(|error| {
        let source = std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
        refuse("strikes", &chain.strikes.len(), &source)
    })
}
