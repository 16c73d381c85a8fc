//! The rules that every algo keeps, listed or not.

use super::PARAMS_MAX;
use super::provider::Provider;
use super::refusal::{AlgoRefusal, shown};
use super::spec::AlgoSpec;
use super::takes::Takes;
use super::value::{AlgoParam, ParamValue};
use super::{NAME_MAX, TEXT_MAX};

/// Pairs of parameters of which the first is never above the second.
const ORDERED: [(&str, &str); 5] = [
    ("startTime", "endTime"),
    ("activeTimeStart", "activeTimeEnd"),
    ("minPctVol4Px", "maxPctVol4Px"),
    ("MinPercent", "MaxPercent"),
    ("MinBlockSize", "MaxBlockSize"),
];

/// Text that a broker reads back as it was sent.
pub(super) fn is_text(text: &str) -> bool {
    !text.is_empty() && text.chars().count() <= TEXT_MAX && !text.chars().any(char::is_control)
}

/// A name of a strategy or a parameter.
pub(super) fn name(what: &'static str, text: &str) -> Result<(), AlgoRefusal> {
    let printable = text.bytes().all(|c| c == b' ' || c.is_ascii_graphic());
    if text.trim().len() == text.len() && !text.is_empty() && text.len() <= NAME_MAX && printable {
        return Ok(());
    }
    let accepted = "1 to 64 printable ASCII characters without spaces around them";
    Err(AlgoRefusal::Name { what, given: shown(text), accepted })
}

/// All parameters of an algo: each known or free text, none twice, not too many, no contradiction.
pub(super) fn params(
    algo: &str,
    spec: Option<&AlgoSpec>,
    params: &mut [AlgoParam],
) -> Result<(), AlgoRefusal> {
    if params.len() > PARAMS_MAX {
        let (algo, given) = (algo.to_owned(), params.len());
        return Err(AlgoRefusal::TooMany { algo, given, accepted: PARAMS_MAX });
    }
    for at in 0..params.len() {
        let (before, rest) = params.split_at_mut(at);
        if before.iter().any(|param| param.name() == rest[0].name()) {
            return Err(AlgoRefusal::Twice { algo: algo.to_owned(), param: rest[0].name().to_owned() });
        }
        one(algo, spec, &mut rest[0])?;
    }
    ORDERED.iter().try_for_each(|(low, high)| ordered(algo, params, low, high))
}

fn one(algo: &str, spec: Option<&AlgoSpec>, param: &mut AlgoParam) -> Result<(), AlgoRefusal> {
    name("the name of an algo's parameter", param.name())?;
    let takes = spec.and_then(|spec| spec.param(param.name())).map_or(Takes::Text, |known| known.takes());
    if let Some(value) = same_to_the_broker(&takes, param.value()) {
        param.set(value);
    }
    if takes.accepts(param.value()) {
        return Ok(());
    }
    Err(AlgoRefusal::Value {
        algo: algo.to_owned(),
        param: param.name().to_owned(),
        given: param.value().to_string(),
        accepted: takes.to_string(),
    })
}

/// The value that the broker could not tell from `held`, and that is kept in its place.
fn same_to_the_broker(takes: &Takes, held: &ParamValue) -> Option<ParamValue> {
    match (takes, held) {
        (Takes::Choice(choices), ParamValue::Blank) if choices.contains(&"") => {
            Some(ParamValue::Choice("".into()))
        }
        (Takes::Integer { .. }, ParamValue::Number(number)) if number.scale() == 0 => {
            i64::try_from(*number).ok().map(ParamValue::Integer)
        }
        _ => None,
    }
}

fn ordered(
    algo: &str,
    params: &[AlgoParam],
    low: &'static str,
    high: &'static str,
) -> Result<(), AlgoRefusal> {
    let find = |name| params.iter().find(|param| param.name() == name).map(AlgoParam::value);
    let (Some(lower), Some(upper)) = (find(low), find(high)) else { return Ok(()) };
    let contradict = match (lower, upper) {
        (ParamValue::Integer(lower), ParamValue::Integer(upper)) => lower > upper,
        (ParamValue::Number(lower), ParamValue::Number(upper)) => lower > upper,
        (ParamValue::Time(start), ParamValue::Time(end)) => start.is_after(end),
        _ => false,
    };
    if !contradict {
        return Ok(());
    }
    let (low_given, high_given) = (lower.to_string(), upper.to_string());
    Err(AlgoRefusal::Contradiction { algo: algo.to_owned(), low, low_given, high, high_given })
}

/// A custom algo must not take the name of one of the broker's own under another route: nobody could tell the two apart
/// when the broker reports the order.
pub(super) fn not_the_brokers_own(provider: &Provider, strategy: &str) -> Result<(), AlgoRefusal> {
    match provider {
        Provider::Other(route) if AlgoSpec::find(&Provider::Ib, strategy).is_some() => {
            Err(AlgoRefusal::BrokersOwn { route: route.as_str().to_owned(), strategy: strategy.to_owned() })
        }
        _ => Ok(()),
    }
}
