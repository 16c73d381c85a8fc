//! Algos: a strategy's name and its parameters, which are all text on the wire.

use super::Around;
use super::field::{Read, refused, said, tag_out};
use crate::wire::proto;
use tradeport_kernel::Decimal;
use tradeport_orders::algo::{Algo, AlgoParam, AlgoSpec, PARAMS_MAX, ParamValue, Provider, Takes};

/// The longest text that is read as a number.
const NUMBER_MAX: usize = 64;

pub(super) fn algo_in(order: &proto::Order, around: &Around<'_>) -> Read<Option<Algo>> {
    let Some(strategy) = said(order.algo_strategy.as_ref()) else { return Ok(None) };
    let provider = match Provider::at_route(around.route) {
        // Who is new to us may be no route of anybody at all.
        Ok(Provider::Other(_)) if AlgoSpec::find(&Provider::Ib, strategy).is_some() => Provider::Ib,
        found => found.unwrap_or(Provider::Ib),
    };
    let spec = AlgoSpec::find(&provider, strategy);
    let mut params = Vec::new();
    for tag in order.algo_params.iter().take(PARAMS_MAX + 1) {
        let (name, text) = (tag.key.clone().unwrap_or_default(), tag.value.as_deref().unwrap_or_default());
        let takes = spec.and_then(|spec| spec.param(&name)).map_or(Takes::Text, |known| known.takes());
        let value = value(&takes, text)
            .ok_or_else(|| refused("algoParams", format!("{name}={text}"), format!("it takes {takes}")))?;
        params.push(AlgoParam::new(name, value));
    }
    let made = Algo::new(provider, strategy.to_owned(), params);
    made.map(Some).map_err(|error| refused("algoStrategy", strategy, error))
}

pub(super) fn algo_out(algo: &Algo, order: &mut proto::Order) {
    order.algo_strategy = Some(algo.strategy().to_owned());
    let tag = |param: &AlgoParam| tag_out(param.name(), text(param.value()));
    order.algo_params = algo.params().iter().map(tag).collect();
}

fn text(value: &ParamValue) -> String {
    match value {
        ParamValue::Flag(on) => u8::from(*on).to_string(),
        ParamValue::Integer(number) => number.to_string(),
        ParamValue::Number(number) => number.to_string(),
        ParamValue::Choice(choice) => choice.to_string(),
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
        Takes::Integer { .. } | Takes::Number(_) => number(text).map(ParamValue::Number),
        Takes::Choice(choices) => {
            choices.iter().find(|choice| **choice == text).map(|choice| ParamValue::Choice((*choice).into()))
        }
        Takes::Time { .. } => text.parse().ok().map(ParamValue::Time),
        Takes::Zone | Takes::Text => Some(ParamValue::Text(text.to_owned())),
    }
}

fn number(text: &str) -> Option<Decimal> {
    let usual = |c: u8| c.is_ascii_digit() || matches!(c, b'+' | b'-' | b'.' | b'e' | b'E');
    if text.len() > NUMBER_MAX || !text.bytes().all(usual) {
        return None;
    }
    let scientific = text.contains(['e', 'E']);
    if scientific { Decimal::from_scientific(text).ok() } else { Decimal::from_str_exact(text).ok() }
}
