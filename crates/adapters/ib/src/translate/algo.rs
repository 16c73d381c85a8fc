//! Algos: a strategy's name and its tags, all of them text on the wire.
//!
//! | value | text |
//! | --- | --- |
//! | flag | `1`, `0` |
//! | number | plain decimal, with the zeros it was given: `0.10` |
//! | choice | as it is spelled |
//! | time | in the form it was given: `09:30:00 US/Eastern`, `20260926-13:30:00` |
//! | blank | nothing |
//!
//! Left out: the route. The broker tells providers apart by the exchange of the order's contract, so reading needs it.

use super::error::FromIbError;
use ibapi::contracts::TagValue;
use tradeport_kernel::Decimal;
use tradeport_orders::algo::{
    Algo, AlgoParam, AlgoRefusal, AlgoSpec, PARAMS_MAX, ParamValue, Provider, Takes,
};

/// The longest text that is read as a number.
const NUMBER_MAX: usize = 64;

/// The name of the strategy and its tags, in their order. The order's contract must name the algo's
/// [`route`](Provider::route).
#[must_use]
pub fn algo_to_ib(algo: &Algo) -> (String, Vec<TagValue>) {
    let tag = |param: &AlgoParam| TagValue { tag: param.name().to_owned(), value: text(param.value()) };
    (algo.strategy().to_owned(), algo.params().iter().map(tag).collect())
}

/// The algo of that strategy for an order at `exchange`. A strategy or a tag that is not known is kept as text.
///
/// # Errors
/// When a known tag holds what it cannot, when a tag comes twice, or when a name is unusable.
pub fn algo_from_ib(strategy: &str, tags: &[TagValue], exchange: &str) -> Result<Algo, FromIbError> {
    read(strategy, tags, exchange)
        .map_err(|refusal| FromIbError::new("Order", "algoStrategy", strategy, refusal))
}

fn read(strategy: &str, tags: &[TagValue], exchange: &str) -> Result<Algo, AlgoRefusal> {
    let provider = provider(strategy, exchange);
    let spec = AlgoSpec::find(&provider, strategy);
    let param = |tag: &TagValue| {
        let takes = spec.and_then(|spec| spec.param(&tag.tag)).map_or(Takes::Text, |known| known.takes());
        let value = value(&takes, &tag.value).ok_or_else(|| AlgoRefusal::Value {
            algo: format!("{provider} {strategy}"),
            param: tag.tag.chars().take(NUMBER_MAX).collect(),
            given: format!("{:?}", tag.value.chars().take(NUMBER_MAX).collect::<String>()),
            accepted: accepted(&takes),
        })?;
        Ok(AlgoParam::new(tag.tag.clone(), value))
    };
    // One more than may be is enough to be refused.
    let params = tags.iter().take(PARAMS_MAX + 1).map(param).collect::<Result<_, AlgoRefusal>>()?;
    Algo::new(provider.clone(), strategy.to_owned(), params)
}

/// Who runs `strategy` at `exchange`: the broker, unless the exchange is a provider's route, or the strategy is none of
/// the broker's and the exchange may be the route of somebody new.
fn provider(strategy: &str, exchange: &str) -> Provider {
    match Provider::at_route(exchange) {
        Ok(Provider::Other(_)) if AlgoSpec::find(&Provider::Ib, strategy).is_some() => Provider::Ib,
        found => found.unwrap_or(Provider::Ib),
    }
}

fn text(value: &ParamValue) -> String {
    match value {
        ParamValue::Flag(flag) => if *flag { "1" } else { "0" }.to_owned(),
        ParamValue::Integer(number) => number.to_string(),
        ParamValue::Number(number) => number.to_string(),
        ParamValue::Choice(choice) => choice.clone().into_owned(),
        ParamValue::Time(time) => time.to_string(),
        ParamValue::Text(text) => text.clone(),
        ParamValue::Blank => String::new(),
    }
}

fn value(takes: &Takes, text: &str) -> Option<ParamValue> {
    if text.is_empty() {
        return Some(ParamValue::Blank);
    }
    match takes {
        Takes::Flag => match text {
            "0" => Some(ParamValue::Flag(false)),
            "1" => Some(ParamValue::Flag(true)),
            _ => None,
        },
        // A whole number without a point becomes a count where one is taken.
        Takes::Integer { .. } | Takes::Number(_) => number(text).map(ParamValue::Number),
        Takes::Choice(choices) => {
            choices.iter().find(|choice| **choice == text).map(|choice| ParamValue::Choice((*choice).into()))
        }
        Takes::Time { .. } => text.parse().ok().map(ParamValue::Time),
        Takes::Zone | Takes::Text => Some(ParamValue::Text(text.to_owned())),
    }
}

/// A decimal as programs write it: digits, perhaps a sign, a point, an exponent.
fn number(text: &str) -> Option<Decimal> {
    let usual = |c: u8| c.is_ascii_digit() || matches!(c, b'+' | b'-' | b'.' | b'e' | b'E');
    if text.len() > NUMBER_MAX || !text.bytes().all(usual) {
        return None;
    }
    if text.contains(['e', 'E']) {
        return Decimal::from_scientific(text).ok();
    }
    Decimal::from_str_exact(text).ok()
}

/// What a tag takes, in the words of the wire.
fn accepted(takes: &Takes) -> String {
    if *takes == Takes::Flag { "0 or 1".to_owned() } else { takes.to_string() }
}
