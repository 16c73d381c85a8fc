//! Expiries and strikes of the options on something.

use crate::server::context::Context;
use crate::server::error::{ApiError, NO_REQUEST};
use crate::server::lookup::{self, venues};
use crate::translate::contract::security_type;
use crate::translate::number::to_float;
use crate::wire::proto::{SecDefOptParameter, SecDefOptParameterEnd, SecDefOptParamsRequest};
use tradeport_contracts::{Contract, Option as OptionContract, OptionChain};

/// The chains on an underlying: each class at each exchange where it trades, then the end. What has no options has no
/// chains. Of a future they are told at the exchange that is asked for, or at any.
pub(crate) fn option_chains(context: &mut Context<'_>, request: &SecDefOptParamsRequest) {
    let id = request.req_id.unwrap_or(NO_REQUEST);
    let number = request.underlying_con_id.unwrap_or_default();
    let found = match underlying(context, id, number, request) {
        Ok(found) => found,
        Err(error) => return context.refuse(error),
    };
    let exchange = request.fut_fop_exchange.as_deref().unwrap_or_default();
    if let Some(told) = on_future(context, &found, exchange, request.req_id) {
        context.say(told);
    }
    let chains = if exchange.is_empty() { chains(context, &found) } else { Vec::new() };
    for chain in &chains {
        for exchange in exchanges(context, chain) {
            context.say(told(request.req_id, number, &exchange, chain));
        }
    }
    context.say(SecDefOptParameterEnd { req_id: request.req_id });
}

/// The one chain on a future.
fn on_future(
    context: &Context<'_>,
    future: &Contract,
    exchange: &str,
    req_id: Option<i32>,
) -> Option<SecDefOptParameter> {
    let calls = context.world.catalog().calls_on(future);
    let lowest = calls.first()?;
    let (first, last_day) = (lookup::contract_of(lowest), lowest.details().expiry?);
    let fits = exchange.is_empty() || first.exchange.as_deref() == Some(exchange);
    let strike = |call: &Contract| call.instrument().description().strike.map(to_float);
    fits.then(|| SecDefOptParameter {
        req_id,
        exchange: first.exchange,
        underlying_con_id: i32::try_from(future.id().number()).ok(),
        trading_class: first.trading_class,
        multiplier: Some(lowest.multiplier().normalize().to_string()),
        expirations: vec![String::from(last_day)],
        strikes: calls.iter().filter_map(strike).collect(),
    })
}

fn underlying(
    context: &Context<'_>,
    id: i32,
    number: i32,
    request: &SecDefOptParamsRequest,
) -> Result<Contract, ApiError> {
    let found = lookup::of_number(context.world, number);
    let found = found.ok_or_else(|| ApiError::invalid(id, format!("Invalid contract id {number}")))?;
    let same = |said: &Option<String>, is: Option<&str>| {
        said.as_deref().is_none_or(|said| said.is_empty() || Some(said) == is)
    };
    let is = found.instrument().description();
    let kind = is.kind.and_then(security_type);
    if same(&request.underlying_symbol, is.symbol.as_deref()) && same(&request.underlying_sec_type, kind) {
        return Ok(found);
    }
    Err(ApiError::invalid(id, format!("Contract id {number} is not the underlying that was named")))
}

fn chains(context: &Context<'_>, underlying: &Contract) -> Vec<OptionChain> {
    context.world.catalog().option_chains(underlying.instrument()).unwrap_or_default()
}

/// Where the options of a chain trade: all of them at the same exchanges.
fn exchanges(context: &Context<'_>, chain: &OptionChain) -> Vec<String> {
    let any =
        OptionContract::chain(chain.underlying()).and_then(|it| it.with_trading_class(chain.trading_class()));
    let one = any.ok().and_then(|any| context.world.catalog().all_fitting(&any.into(), 1).ok()?.pop());
    one.map_or_else(|| vec![chain.exchange().to_owned()], |option| venues::exchanges(&option))
}

fn told(req_id: Option<i32>, number: i32, exchange: &str, chain: &OptionChain) -> SecDefOptParameter {
    SecDefOptParameter {
        req_id,
        exchange: Some(exchange.to_owned()),
        underlying_con_id: Some(number),
        trading_class: Some(chain.trading_class().to_owned()),
        multiplier: Some(chain.multiplier().normalize().to_string()),
        expirations: chain.expiries().map(String::from).collect(),
        strikes: chain.strikes().map(to_float).collect(),
    }
}
