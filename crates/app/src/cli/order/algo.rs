//! Algos as they are typed: `--algo Vwap --algo-param maxPctVol=10%`.

use clap::Args;
use std::str::FromStr;
use tradeport_kernel::Decimal;
use tradeport_orders::Algo;
use tradeport_orders::algo::{AlgoParam, AlgoSpec, ParamSpec, ParamValue, Provider, Takes};

/// Who works it, and how.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Algo")]
pub struct AlgoArgs {
    /// The algo that works it: Vwap, or jefferies:VWAP; tradeport order algos lists them
    #[arg(long, value_name = "NAME", hide_short_help = true)]
    pub algo: Option<AlgoName>,
    /// A parameter of the algo, once for each: maxPctVol=10%
    #[arg(long, value_name = "NAME=VALUE", requires = "algo", hide_short_help = true)]
    pub algo_param: Vec<ParamText>,
    /// Take an algo or a parameter that is newer than this program's list, as it is typed
    #[arg(long, requires = "algo", hide_short_help = true)]
    pub algo_new: bool,
}

/// Provider and name of an algo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlgoName {
    provider: Provider,
    name: String,
}

impl FromStr for AlgoName {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let (provider, name) = text.split_once(':').unwrap_or(("ib", text));
        let provider = provider.parse::<Provider>().map_err(|error| error.to_string())?;
        if name.is_empty() {
            return Err("expected the name of an algo such as Vwap or jefferies:VWAP".to_owned());
        }
        Ok(Self { provider, name: name.to_owned() })
    }
}

impl AlgoName {
    /// What is known of it: in its provider's spelling, or in another where that is unique.
    #[must_use]
    pub fn spec(&self) -> Option<&'static AlgoSpec> {
        AlgoSpec::find(&self.provider, &self.name).or_else(|| {
            let mut alike = AlgoSpec::all().filter(|spec| {
                *spec.provider() == self.provider && spec.strategy().eq_ignore_ascii_case(&self.name)
            });
            alike.next().filter(|_| alike.next().is_none())
        })
    }

    /// That there is none, with those that there are.
    #[must_use]
    pub fn unknown(&self) -> String {
        let listed: Vec<&str> = AlgoSpec::all()
            .filter(|spec| *spec.provider() == self.provider)
            .map(AlgoSpec::strategy)
            .collect();
        let Self { provider, name } = self;
        if listed.is_empty() {
            return format!("no algos of {provider} are listed: --algo-new takes {name} as it is typed");
        }
        format!(
            "{provider} has no algo {name}: expected one of {}; --algo-new takes one that is newer",
            listed.join(", ")
        )
    }
}

/// A parameter and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParamText {
    name: String,
    value: String,
}

impl FromStr for ParamText {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((name, value)) if !name.is_empty() => {
                Ok(Self { name: name.to_owned(), value: value.to_owned() })
            }
            _ => Err("expected a parameter and its value such as maxPctVol=10%".to_owned()),
        }
    }
}

impl AlgoArgs {
    /// The algo, checked as its builder checks it.
    pub fn algo(&self) -> Result<Option<Algo>, String> {
        let Some(name) = &self.algo else { return Ok(None) };
        let Some(spec) = name.spec() else {
            if !self.algo_new {
                return Err(name.unknown());
            }
            let params = self.algo_param.iter().map(|param| (param.name.as_str(), param.value.as_str()));
            let algo = Algo::custom(name.provider.clone(), &name.name, params);
            return algo.map(Some).map_err(|error| error.to_string());
        };
        let params = self.algo_param.iter().map(|param| param.held(spec, self.algo_new));
        let params = params.collect::<Result<Vec<_>, _>>()?;
        let algo = Algo::new(spec.provider().clone(), spec.strategy(), params);
        algo.map(Some).map_err(|error| error.to_string())
    }
}

impl ParamText {
    fn held(&self, spec: &'static AlgoSpec, may_be_new: bool) -> Result<AlgoParam, String> {
        let param = spec.param(&self.name).or_else(|| {
            let mut alike = spec.params().iter().filter(|it| it.name().eq_ignore_ascii_case(&self.name));
            alike.next().filter(|_| alike.next().is_none())
        });
        let Some(param) = param else {
            if may_be_new {
                return Ok(AlgoParam::new(self.name.clone(), ParamValue::Text(self.value.clone())));
            }
            return Err(no_such(spec, &self.name));
        };
        Ok(AlgoParam::new(param.name(), self.value(param.takes()).ok_or_else(|| self.misfit(spec, param))?))
    }

    fn value(&self, takes: Takes) -> Option<ParamValue> {
        let text = self.value.as_str();
        if text.is_empty() {
            return Some(ParamValue::Blank);
        }
        let small = text.to_ascii_lowercase();
        match takes {
            Takes::Flag => match small.as_str() {
                "yes" | "true" | "1" => Some(ParamValue::Flag(true)),
                "no" | "false" | "0" => Some(ParamValue::Flag(false)),
                _ => None,
            },
            Takes::Integer { .. } => text.parse().ok().map(ParamValue::Integer),
            Takes::Number(_) => match text.strip_suffix('%') {
                Some(digits) => super::number::number(digits)
                    .map(|it| ParamValue::Number((it / Decimal::ONE_HUNDRED).normalize())),
                None => super::number::number(text).map(ParamValue::Number),
            },
            Takes::Choice(choices) => {
                let found = choices.iter().find(|choice| choice.eq_ignore_ascii_case(text));
                found.map(|choice| ParamValue::Choice((*choice).into()))
            }
            Takes::Time { .. } => text.parse().ok().map(ParamValue::Time),
            Takes::Zone | Takes::Text => Some(ParamValue::Text(self.value.clone())),
        }
    }

    fn misfit(&self, spec: &AlgoSpec, param: &ParamSpec) -> String {
        let (provider, strategy, name) = (spec.provider(), spec.strategy(), param.name());
        format!("{provider} {strategy}: {name} is {:?}, expected {}", self.value, param.takes())
    }
}

fn no_such(spec: &AlgoSpec, name: &str) -> String {
    let known: Vec<&str> = spec.params().iter().map(ParamSpec::name).collect();
    let (provider, strategy) = (spec.provider(), spec.strategy());
    if known.is_empty() {
        return format!("{provider} {strategy} has no parameters: leave out {name}");
    }
    format!(
        "{provider} {strategy} has no parameter {name}: expected one of {}; --algo-new takes one that is newer",
        known.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, params: &[&str], algo_new: bool) -> Result<String, String> {
        let algo_param = params.iter().map(|text| text.parse()).collect::<Result<_, _>>()?;
        let args = AlgoArgs { algo: Some(name.parse()?), algo_param, algo_new };
        Ok(args.algo()?.unwrap().to_string())
    }

    #[test]
    fn an_algo_is_checked_as_its_builder_checks_it() {
        let vwap = read("vwap", &["maxPctVol=20%", "starttime=09:30:00 US/Eastern", "noTakeLiq=yes"], false);
        assert_eq!(vwap.unwrap(), "ib Vwap maxPctVol=0.2 startTime=09:30:00 US/Eastern noTakeLiq=yes");
        assert!(read("jefferies:VWAP", &[], false).is_ok());
        let refusals = [
            ("Vwap", &["maxPctVol=75%"][..], "maxPctVol is 0.75, expected a number from 0.01 to 0.5"),
            ("Vwap", &["noTakeLiq=perhaps"], "expected yes or no"),
            ("Vwap", &["speed=9"], "has no parameter speed: expected one of maxPctVol"),
            ("Vwop", &[], "ib has no algo Vwop: expected one of"),
            ("Vwap", &["maxPctVol"], "expected a parameter and its value"),
            ("nobody:", &[], "not a route"),
            ("NEWALGO:Stealth", &[], "--algo-new"),
        ];
        for (name, params, words) in refusals {
            let said = read(name, params, false).unwrap_err();
            assert!(said.contains(words), "{said}");
        }
    }

    #[test]
    fn what_is_newer_than_the_list_goes_as_it_is_typed() {
        assert_eq!(read("NEWALGO:Stealth", &["Haste=3"], true).unwrap(), "NEWALGO Stealth Haste=\"3\"");
        assert!(read("Vwap", &["speed=9"], true).unwrap().contains("speed"));
    }

    #[test]
    fn every_listed_algo_is_found_by_its_name() {
        for spec in AlgoSpec::all() {
            let name: AlgoName = format!("{}:{}", spec.provider(), spec.strategy()).parse().unwrap();
            assert_eq!(name.spec().unwrap().title(), spec.title());
        }
    }
}
