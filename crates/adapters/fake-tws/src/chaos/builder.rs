//! Scenarios as code.

use super::act::Act;
use super::daily::TimeOfDay;
use super::error::ScenarioError;
use super::event::Event;
use super::rule::{Often, Rule, Trigger};
use super::scenario::Scenario;
use std::time::Duration;

/// A scenario whose last rule is being written.
#[derive(Clone, Debug)]
#[must_use = "a scenario is made by `done`"]
pub struct RuleBuilder {
    scenario: Scenario,
    rule: Rule,
}

impl RuleBuilder {
    pub(super) const fn new(scenario: Scenario, trigger: Trigger) -> Self {
        Self { scenario, rule: Rule::new(trigger) }
    }

    /// The rule does this, after what it does already.
    pub fn act(mut self, act: Act) -> Self {
        self.rule.acts.push(act);
        self
    }

    /// It begins with the `nth` time that its event happens.
    pub const fn nth(mut self, nth: u32) -> Self {
        self.rule.nth = nth;
        self
    }

    /// It acts so many times, and not once.
    pub const fn times(mut self, times: u32) -> Self {
        self.rule.often = Some(Often::Times(times));
        self
    }

    /// It acts each time.
    pub const fn always(mut self) -> Self {
        self.rule.often = Some(Often::Always);
        self
    }

    /// It acts by chance, from 0 to 1, drawn from the seed.
    pub fn chance(mut self, share: f64) -> Self {
        // What is no chance is refused when the scenario is done.
        self.rule.chance = Rule::chance_of(share).unwrap_or(0);
        self
    }

    /// It is about this client alone.
    pub const fn client(mut self, client_id: i32) -> Self {
        self.rule.client = Some(client_id);
        self
    }

    /// It holds from so long after the scenario begins.
    pub const fn from(mut self, since_start: Duration) -> Self {
        self.rule.from = Some(since_start);
        self
    }

    /// It holds until so long after the scenario begins.
    pub const fn until(mut self, since_start: Duration) -> Self {
        self.rule.until = Some(since_start);
        self
    }

    /// It acts so long after it was set off.
    pub const fn after(mut self, pause: Duration) -> Self {
        self.rule.after = pause;
        self
    }

    /// A next rule, so long after the scenario begins.
    pub fn at(self, since_start: Duration) -> Self {
        self.next(Trigger::After(since_start))
    }

    /// A next rule, at a time of day.
    pub fn daily(self, time: TimeOfDay) -> Self {
        self.next(Trigger::Daily(time))
    }

    /// A next rule, again and again.
    pub fn every(self, period: Duration) -> Self {
        self.next(Trigger::Every(period))
    }

    /// A next rule, when something happens.
    pub fn on(self, event: Event) -> Self {
        self.next(Trigger::On(event))
    }

    /// The scenario. Errors: a rule that cannot be played, and why.
    pub fn done(self) -> Result<Scenario, ScenarioError> {
        let mut rules = self.scenario.rules;
        rules.push(self.rule);
        Scenario::of(rules)
    }

    fn next(self, trigger: Trigger) -> Self {
        let mut scenario = self.scenario;
        scenario.rules.push(self.rule);
        Self::new(scenario, trigger)
    }
}
