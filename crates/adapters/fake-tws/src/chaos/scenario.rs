//! A scenario: rules, in order.

use super::builder::RuleBuilder;
use super::daily::TimeOfDay;
use super::error::ScenarioError;
use super::event::Event;
use super::rule::{Rule, Trigger};
use super::text;
use std::str::FromStr;
use std::time::Duration;

/// What goes wrong, and when. Without rules nothing does.
///
/// It reads a document of TOML: `text.parse::<Scenario>()`, with the line of what is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scenario {
    pub(super) rules: Vec<Rule>,
}

/// So many rules.
pub(super) const MOST_RULES: usize = 1_000;

impl Scenario {
    /// One in which nothing goes wrong, to begin with.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A rule that acts so long after the scenario begins.
    pub fn at(self, since_start: Duration) -> RuleBuilder {
        RuleBuilder::new(self, Trigger::After(since_start))
    }

    /// A rule that acts at a time of day.
    pub fn daily(self, time: TimeOfDay) -> RuleBuilder {
        RuleBuilder::new(self, Trigger::Daily(time))
    }

    /// A rule that acts again and again.
    pub fn every(self, period: Duration) -> RuleBuilder {
        RuleBuilder::new(self, Trigger::Every(period))
    }

    /// A rule that acts when something happens.
    pub fn on(self, event: Event) -> RuleBuilder {
        RuleBuilder::new(self, Trigger::On(event))
    }

    /// Its rules, in order.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// A scenario of rules that are checked.
    pub(super) fn of(rules: Vec<Rule>) -> Result<Self, ScenarioError> {
        if rules.len() > MOST_RULES {
            let problem = format!("there are {} rules: expected at most {MOST_RULES}", rules.len());
            return Err(ScenarioError::Rule { rule: rules.len(), problem });
        }
        for (rule, number) in rules.iter().zip(1..) {
            if let Some(problem) = rule.problem() {
                return Err(ScenarioError::Rule { rule: number, problem });
            }
        }
        Ok(Self { rules })
    }
}

impl FromStr for Scenario {
    type Err = ScenarioError;

    fn from_str(document: &str) -> Result<Self, ScenarioError> {
        text::read(document)
    }
}
