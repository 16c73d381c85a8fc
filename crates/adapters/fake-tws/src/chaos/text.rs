//! Scenarios as documents.

use super::act::Act;
use super::daily::TimeOfDay;
use super::error::ScenarioError;
use super::event::{Asked, Event, Said};
use super::params::OrderState;
use super::rule::{Often, Rule, Trigger};
use super::scenario::{MOST_RULES, Scenario};
use super::span;
use crate::wire::{AnswerKind, RequestKind};
use serde::{Deserialize, Deserializer, de};
use std::fmt;
use std::time::Duration;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    rule: Vec<Spanned<RuleText>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleText {
    #[serde(default)]
    at: Option<Moment>,
    #[serde(default, deserialize_with = "span::read_some")]
    every: Option<Duration>,
    #[serde(default)]
    on: Option<EventWord>,
    #[serde(default)]
    message: Option<Spanned<String>>,
    #[serde(default)]
    code: Option<i32>,
    #[serde(default)]
    status: Option<OrderState>,
    #[serde(default)]
    nth: Option<u32>,
    #[serde(default)]
    times: Option<TimesText>,
    #[serde(default)]
    chance: Option<f64>,
    #[serde(default)]
    client: Option<i32>,
    #[serde(default, deserialize_with = "span::read_some")]
    from: Option<Duration>,
    #[serde(default, deserialize_with = "span::read_some")]
    until: Option<Duration>,
    #[serde(default, deserialize_with = "span::read_some")]
    after: Option<Duration>,
    #[serde(rename = "do")]
    acts: Vec<Act>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum EventWord {
    Connection,
    Start,
    Received,
    Sending,
    Order,
    Execution,
}

#[derive(Clone, Copy)]
enum Moment {
    After(Duration),
    Daily(TimeOfDay),
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        if let Ok(span) = span::parse(&text) {
            return Ok(Self::After(span));
        }
        TimeOfDay::parse(&text).map(Self::Daily).map_err(de::Error::custom)
    }
}

struct TimesText(Often);

struct TimesVisitor;

impl de::Visitor<'_> for TimesVisitor {
    type Value = TimesText;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number of times, or \"always\"")
    }

    fn visit_i64<E: de::Error>(self, times: i64) -> Result<TimesText, E> {
        let times =
            u32::try_from(times).map_err(|_| E::invalid_value(de::Unexpected::Signed(times), &self))?;
        Ok(TimesText(Often::Times(times)))
    }

    fn visit_u64<E: de::Error>(self, times: u64) -> Result<TimesText, E> {
        self.visit_i64(i64::try_from(times).unwrap_or(i64::MAX))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<TimesText, E> {
        match text {
            "always" => Ok(TimesText(Often::Always)),
            _ => Err(E::invalid_value(de::Unexpected::Str(text), &self)),
        }
    }
}

impl<'de> Deserialize<'de> for TimesText {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(TimesVisitor)
    }
}

/// Reads a document.
pub(super) fn read(document: &str) -> Result<Scenario, ScenarioError> {
    let at =
        |byte: usize, problem: String| ScenarioError::Document { line: line_at(document, byte), problem };
    let read: Document = toml::from_str(document)
        .map_err(|error| at(error.span().map_or(0, |span| span.start), in_our_words(error.message())))?;
    if read.rule.is_empty() {
        return Err(at(0, "there is no rule: expected [[rule]]".to_owned()));
    }
    if read.rule.len() > MOST_RULES {
        return Err(at(0, format!("expected at most {MOST_RULES} rules")));
    }
    let mut rules = Vec::new();
    for (text, number) in read.rule.into_iter().zip(1..) {
        let begins = text.span().start;
        let wrong = |byte: Option<usize>, problem: String| {
            at(byte.unwrap_or(begins), format!("rule {number}: {problem}"))
        };
        let rule = text.into_inner().rule().map_err(|(byte, problem)| wrong(byte, problem))?;
        if let Some(problem) = rule.problem() {
            return Err(wrong(None, problem));
        }
        rules.push(rule);
    }
    Ok(Scenario { rules })
}

type Problem = (Option<usize>, String);

impl RuleText {
    fn rule(self) -> Result<Rule, Problem> {
        let mut rule = Rule::new(self.trigger()?);
        rule.nth = self.nth.unwrap_or(1);
        rule.often = self.times.map(|it| it.0);
        if let Some(share) = self.chance {
            rule.chance = Rule::chance_of(share)
                .ok_or_else(|| (None, format!("chance = {share}: expected more than 0, at most 1")))?;
        }
        (rule.client, rule.from, rule.until) = (self.client, self.from, self.until);
        rule.after = self.after.unwrap_or_default();
        rule.acts = self.acts;
        Ok(rule)
    }

    fn trigger(&self) -> Result<Trigger, Problem> {
        let wrong = |text: &str| Err((None, text.to_owned()));
        let trigger = match (self.at, self.every, self.on) {
            (Some(Moment::After(span)), None, None) => Trigger::After(span),
            (Some(Moment::Daily(time)), None, None) => Trigger::Daily(time),
            (None, Some(period), None) => Trigger::Every(period),
            (None, None, Some(word)) => Trigger::On(self.event(word)?),
            _ => return wrong("expected exactly one of at, every and on"),
        };
        if !matches!(trigger, Trigger::On(Event::Received(_) | Event::Sending { .. }))
            && self.message.is_some()
        {
            return wrong("message: expected on = \"received\" or on = \"sending\" with it");
        }
        if !matches!(trigger, Trigger::On(Event::Sending { .. })) && self.code.is_some() {
            return wrong("code: expected on = \"sending\" with it");
        }
        let has_status = matches!(trigger, Trigger::On(Event::Sending { .. } | Event::Order(_)));
        if !has_status && self.status.is_some() {
            return wrong("status: expected on = \"sending\" or on = \"order\" with it");
        }
        Ok(trigger)
    }

    fn event(&self, word: EventWord) -> Result<Event, Problem> {
        Ok(match word {
            EventWord::Connection => Event::Connection,
            EventWord::Start => Event::Start,
            EventWord::Execution => Event::Execution,
            EventWord::Received => Event::Received(self.asked()?),
            EventWord::Sending => {
                Event::Sending { message: self.said()?, code: self.code, status: self.status }
            }
            EventWord::Order => match self.status {
                Some(status) => Event::Order(status),
                None => return Err((None, "expected the status that the order comes to".to_owned())),
            },
        })
    }

    fn asked(&self) -> Result<Asked, Problem> {
        let Some(name) = &self.message else { return Ok(Asked::Any) };
        let found = RequestKind::ALL.iter().find(|kind| kind.name().eq_ignore_ascii_case(name.as_ref()));
        match found {
            Some(kind) => Ok(Asked::Kind(*kind)),
            None if name.as_ref() == "any" => Ok(Asked::Any),
            None => Err(no_message(name, &["any"], RequestKind::ALL.iter().map(|kind| kind.name()))),
        }
    }

    fn said(&self) -> Result<Said, Problem> {
        let Some(name) = &self.message else {
            return Ok(match (self.code, self.status) {
                (Some(_), _) => Said::Kind(AnswerKind::ErrorMessage),
                (_, Some(_)) => Said::Kind(AnswerKind::OrderStatus),
                _ => Said::Any,
            });
        };
        let found = AnswerKind::ALL.iter().find(|kind| kind.name().eq_ignore_ascii_case(name.as_ref()));
        Ok(match (found, name.as_ref().as_str()) {
            (Some(kind), _) => Said::Kind(*kind),
            (None, "any") => Said::Any,
            (None, "ends") => Said::Ends,
            (None, "data") => Said::Data,
            _ => {
                let all = AnswerKind::ALL.iter().map(|kind| kind.name());
                return Err(no_message(name, &["any", "ends", "data"], all));
            }
        })
    }
}

/// A name that no message has: those that begin like it, or else all.
fn no_message(
    name: &Spanned<String>,
    words: &[&'static str],
    all: impl Iterator<Item = &'static str>,
) -> Problem {
    let all: Vec<&str> = words.iter().copied().chain(all).collect();
    let wanted = name.as_ref().to_ascii_lowercase().replace(['_', '-', ' '], "");
    let head: String = wanted.chars().take(4).collect();
    let like = |it: &&&str| {
        let it = it.to_ascii_lowercase().replace('_', "");
        !head.is_empty() && (it.contains(&head) || wanted.contains(&it))
    };
    let near: Vec<&str> = all.iter().filter(like).copied().collect();
    let told = if near.is_empty() { all } else { near };
    let problem =
        format!("no message is called \"{}\": expected {}", name.as_ref().escape_debug(), told.join(", "));
    (Some(name.span().start), problem)
}

fn line_at(text: &str, byte: usize) -> usize {
    text.bytes().take(byte).filter(|it| *it == b'\n').count() + 1
}

/// The parser speaks of fields and variants, documents have keys and values; and of one mistake there is one line to say.
fn in_our_words(message: &str) -> String {
    let message = message
        .replace("unknown field", "unknown key")
        .replace("unknown variant", "unknown value")
        .replace("missing field", "missing key");
    message.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(", ")
}
