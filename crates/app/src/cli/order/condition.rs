//! Conditions as they are typed: `SPY <= 600 and time >= 2026-06-30T19:00:00Z`.
//!
//! | condition | holds when |
//! | --- | --- |
//! | `SPY <= 600` | the price of an instrument is there; any instrument's notation may stand on the left |
//! | `change(SPY) >= 2.5%` | its price has changed by so much since the last close |
//! | `volume(SPY) >= 1000000` | so many units have traded today |
//! | `time >= 2026-06-30T19:00:00Z` | it is that late |
//! | `margin <= 30%` | the account's margin cushion is there |
//! | `traded(IBM)` | the account has traded in it |
//!
//! They are joined by `and` and `or` from left to right.

use super::known::Known;
use super::time::TriggerBy;
use crate::cli::{Spec, UtcMoment};
use clap::Args;
use std::str::FromStr;
use tradeport_contracts::InstrumentKind;
use tradeport_kernel::{Decimal, Price, Timestamp};
use tradeport_orders::{Condition, Conditions, Connector, Link, Text, Threshold};

/// What must happen before it lives or dies.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Conditions")]
pub struct ConditionArgs {
    /// It waits until this holds: "SPY <= 600", "time >= 2026-06-30T19:00:00Z", "change(SPY) >= 2.5%",
    /// "volume(SPY) >= 1000000", "margin <= 30%", "traded(IBM)"; joined by and / or from left to right
    #[arg(long, value_name = "CONDITIONS", hide_short_help = true, conflicts_with = "cancel_when")]
    pub when: Option<WhenText>,
    /// It is cancelled when this holds; worded as --when
    #[arg(long, value_name = "CONDITIONS", hide_short_help = true)]
    pub cancel_when: Option<WhenText>,
    /// Which prices count for prices of conditions [default: the broker's choice]
    #[arg(long, value_enum, value_name = "PRICES", hide_short_help = true)]
    pub when_by: Option<TriggerBy>,
    /// Conditions may come to hold outside of regular sessions
    #[arg(long, hide_short_help = true)]
    pub when_outside_rth: bool,
}

/// One thing that must happen, with its instrument still as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
enum When {
    Price(Spec, Threshold, Price),
    Change(Spec, Threshold, Decimal),
    Volume(Spec, Threshold, u32),
    Time(Threshold, Timestamp),
    Margin(Threshold, u32),
    Traded(Spec),
}

/// Conditions as they are typed, each with what joins it to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhenText(Vec<(When, Connector)>);

impl WhenText {
    /// The instruments that are watched.
    pub fn specs(&self) -> impl Iterator<Item = &Spec> {
        self.0.iter().filter_map(|(when, _)| match when {
            When::Price(spec, ..) | When::Change(spec, ..) | When::Volume(spec, ..) => Some(spec),
            When::Time(..) | When::Margin(..) | When::Traded(_) => None,
        })
    }

    fn conditions(&self, known: &Known, by: Option<TriggerBy>) -> Result<Conditions, String> {
        let link = |(when, connector): &(When, Connector)| {
            Ok(Link { condition: when.condition(known, by)?, connector: *connector })
        };
        let links = self.0.iter().map(link).collect::<Result<Vec<_>, String>>()?;
        Conditions::from_links(links).map_err(|error| error.to_string())
    }
}

impl ConditionArgs {
    /// The instruments that are watched.
    pub fn specs(&self) -> impl Iterator<Item = &Spec> {
        self.when.iter().chain(&self.cancel_when).flat_map(WhenText::specs)
    }

    /// As orders have them; none where none were given.
    pub fn conditions(&self, known: &Known) -> Result<Option<Conditions>, String> {
        let conditions = match (&self.when, &self.cancel_when) {
            (Some(when), _) => when.conditions(known, self.when_by)?,
            (None, Some(when)) => when.conditions(known, self.when_by)?.cancel_order(),
            (None, None) if self.when_by.is_some() || self.when_outside_rth => {
                return Err("there are no conditions: give them by --when or --cancel-when".to_owned());
            }
            (None, None) => return Ok(None),
        };
        Ok(Some(if self.when_outside_rth { conditions.outside_sessions() } else { conditions }))
    }
}

impl When {
    fn condition(&self, known: &Known, by: Option<TriggerBy>) -> Result<Condition, String> {
        Ok(match self {
            Self::Price(spec, side, price) => Condition::Price {
                watched: known.watched(spec),
                side: *side,
                price: *price,
                method: by.map(TriggerBy::method),
            },
            Self::Change(spec, side, percent) => {
                Condition::PercentChange { watched: known.watched(spec), side: *side, percent: *percent }
            }
            Self::Volume(spec, side, volume) => {
                Condition::Volume { watched: known.watched(spec), side: *side, volume: *volume }
            }
            Self::Time(side, at) => Condition::Time { side: *side, at: *at },
            Self::Margin(side, percent) => Condition::Margin { side: *side, percent: *percent },
            Self::Traded(spec) => {
                let ticker = spec.instrument().description().symbol.clone();
                let ticker =
                    ticker.ok_or_else(|| format!("traded({spec}) names no ticker: expected traded(IBM)"))?;
                let symbol = Text::new(&ticker).map_err(|error| error.to_string())?;
                let kind = spec.instrument().kind().unwrap_or(InstrumentKind::Stock);
                Condition::Execution { symbol, kind, venue: known.watched(spec).venue }
            }
        })
    }
}

impl FromStr for WhenText {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let mut links = Vec::new();
        let mut rest = text;
        loop {
            if links.len() >= Conditions::MAX {
                return Err(format!("at most {} conditions can be given", Conditions::MAX));
            }
            let next = [(" and ", Connector::And), (" or ", Connector::Or)]
                .into_iter()
                .filter_map(|(word, connector)| Some((rest.find(word)?, word, connector)))
                .min_by_key(|(at, ..)| *at);
            let Some((at, word, connector)) = next else {
                links.push((rest.parse()?, Connector::And));
                return Ok(Self(links));
            };
            links.push((rest[..at].parse()?, connector));
            rest = &rest[at + word.len()..];
        }
    }
}

impl FromStr for When {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let expected = || {
            format!(
                "{text:?} is not a condition: expected such as \"SPY <= 600\", \"change(SPY) >= 2.5%\", \
                 \"volume(SPY) >= 1000000\", \"time >= 2026-06-30T19:00:00Z\", \"margin <= 30%\" or \"traded(IBM)\""
            )
        };
        if let Some(spec) = within(text, "traded") {
            return Ok(Self::Traded(spec.parse().map_err(|error: crate::cli::NotASpec| error.to_string())?));
        }
        let side = |word| text.split_once(word).map(|(left, right)| (left.trim(), right.trim()));
        let (what, side, value) = match (side(">="), side("<=")) {
            (Some((what, value)), None) => (what, Threshold::Above, value),
            (None, Some((what, value))) => (what, Threshold::Below, value),
            _ => return Err(expected()),
        };
        let spec = |text: &str| text.parse::<Spec>().map_err(|error| error.to_string());
        let percent = value.strip_suffix('%').unwrap_or(value).trim_end();
        Ok(match what {
            "time" => Self::Time(side, moment(value)?),
            "margin" => Self::Margin(side, percent.parse().map_err(|_| expected())?),
            _ => {
                if let Some(watched) = within(what, "change") {
                    Self::Change(spec(watched)?, side, super::number::number(percent).ok_or_else(expected)?)
                } else if let Some(watched) = within(what, "volume") {
                    Self::Volume(spec(watched)?, side, value.parse().map_err(|_| expected())?)
                } else {
                    let watched = within(what, "price").unwrap_or(what);
                    Self::Price(spec(watched)?, side, value.parse().map_err(|_| expected())?)
                }
            }
        })
    }
}

fn moment(text: &str) -> Result<Timestamp, String> {
    text.parse::<UtcMoment>().map(UtcMoment::timestamp).map_err(|error| error.to_string())
}

/// What stands within `word(…)`.
fn within<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    Some(text.strip_prefix(word)?.strip_prefix('(')?.strip_suffix(')')?.trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Conditions {
        text.parse::<WhenText>().unwrap().conditions(&Known::default(), None).unwrap()
    }

    #[test]
    fn every_condition_is_read_and_joined_from_left_to_right() {
        let text = "SPY <= 600 and change(ES 202612@CME)>=-2.5% or volume(SPY) >= 1000000 and \
                    time >= 2026-06-30T19:00:00Z or margin <= 30% and traded(IBM)";
        let conditions = read(text);
        let joined: Vec<_> = conditions.links().iter().map(|link| link.connector).collect();
        use Connector::{And, Or};
        assert_eq!(joined, [And, Or, And, Or, And, And]);
        let Condition::PercentChange { side: Threshold::Above, percent, .. } =
            conditions.links()[1].condition
        else {
            panic!("not a change")
        };
        assert_eq!(percent, Decimal::new(-25, 1));
        assert!(matches!(conditions.links()[5].condition, Condition::Execution { .. }));
        let watched: Vec<_> = text.parse::<WhenText>().unwrap().specs().map(ToString::to_string).collect();
        assert_eq!(watched, ["SPY", "ES 202612@CME", "SPY"]);
    }

    #[test]
    fn what_is_no_condition_is_refused_with_examples() {
        for bad in [
            "",
            "SPY",
            "SPY = 600",
            "SPY <= ",
            "SPY <= 600 and",
            "SPY <= 600 and ",
            "margin <= lots",
            "volume(SPY) >= 1.5",
        ] {
            let said = bad.parse::<WhenText>().unwrap_err();
            assert!(said.contains("is not a condition") && said.contains("SPY <= 600"), "{bad}: {said}");
        }
        assert!("time >= noon".parse::<WhenText>().unwrap_err().contains("is not a moment"));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "(SPY|time|margin|volume\\(|\\)|<=|>=| and | or |[0-9.%é -]){0,12}") {
            if let Ok(when) = text.parse::<WhenText>() {
                prop_assert!(when.conditions(&Known::default(), None).is_ok(), "{text}");
            }
        }
    }
}
