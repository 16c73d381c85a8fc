//! One rule: what sets it off, how often, for whom, and what it does.

use super::act::{Act, ActKind};
use super::daily::TimeOfDay;
use super::event::Event;
use super::span;
use std::time::Duration;

/// Nothing happens more often than this by the clock alone.
const LEAST_PERIOD: Duration = Duration::from_millis(100);

/// What sets a rule off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// So long after the scenario begins.
    After(Duration),
    /// At a time of day.
    Daily(TimeOfDay),
    /// Again and again, first after one period.
    Every(Duration),
    /// When something happens.
    On(Event),
}

/// How often a rule acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Often {
    /// So many times.
    Times(u32),
    /// Each time.
    Always,
}

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub(crate) trigger: Trigger,
    pub(crate) nth: u32,
    pub(crate) often: Option<Often>,
    /// In a million; all of them without chance.
    pub(crate) chance: u32,
    pub(crate) client: Option<i32>,
    pub(crate) from: Option<Duration>,
    pub(crate) until: Option<Duration>,
    pub(crate) after: Duration,
    pub(crate) acts: Vec<Act>,
}

/// A chance of one.
pub(crate) const CERTAIN: u32 = 1_000_000;

impl Rule {
    pub(super) const fn new(trigger: Trigger) -> Self {
        Self {
            trigger,
            nth: 1,
            often: None,
            chance: CERTAIN,
            client: None,
            from: None,
            until: None,
            after: Duration::ZERO,
            acts: Vec::new(),
        }
    }

    /// How often it acts: what is said, else always for a period and once for the rest.
    pub(crate) fn often(&self) -> Often {
        let unsaid = if matches!(self.trigger, Trigger::Every(_)) { Often::Always } else { Often::Times(1) };
        self.often.unwrap_or(unsaid)
    }

    /// A chance from 0 to 1 in a million; `None` for what is no chance.
    pub(super) fn chance_of(share: f64) -> Option<u32> {
        let millions = (share * f64::from(CERTAIN)).round();
        // Within the bounds of the type, as was just asked.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "checked to be 0 to 1000000"
        )]
        (share > 0.0 && share <= 1.0).then_some(millions as u32)
    }

    /// What is wrong with it, if anything is, and what is allowed.
    pub(super) fn problem(&self) -> Option<String> {
        let say = |text: &str| Some(text.to_owned());
        if self.acts.is_empty() {
            return say("it does nothing: expected acts");
        }
        if self.nth == 0 {
            return say("nth: expected 1 or more");
        }
        if self.often == Some(Often::Times(0)) {
            return say("times: expected 1 or more, or \"always\"");
        }
        if self.chance == 0 || self.chance > CERTAIN {
            return say("chance: expected more than 0, at most 1");
        }
        if self.from.zip(self.until).is_some_and(|(from, until)| from >= until) {
            return say("until: expected a later moment than from");
        }
        if let Trigger::Every(period) = self.trigger
            && period < LEAST_PERIOD
        {
            return say("every: expected at least 100ms");
        }
        let spans = [Some(self.after), self.from, self.until];
        if spans.into_iter().flatten().any(|it| !span::fits(it)) || !self.trigger_fits() {
            return say("expected spans of at most 366 days");
        }
        if self.trigger == Trigger::On(Event::Connection) && self.client.is_some() {
            return say("client: a connection has no client id yet; expected on = \"start\"");
        }
        self.acts.iter().find_map(|act| act.problem().or_else(|| self.misfit(act)))
    }

    fn trigger_fits(&self) -> bool {
        match self.trigger {
            Trigger::After(it) | Trigger::Every(it) => span::fits(it),
            Trigger::Daily(_) | Trigger::On(_) => true,
        }
    }

    /// An act that has nothing to be done to.
    fn misfit(&self, act: &Act) -> Option<String> {
        let event = match self.trigger {
            Trigger::On(event) => Some(event),
            _ => None,
        };
        let sent = matches!(event, Some(Event::Sending { .. }));
        let asked = matches!(event, Some(Event::Received(_)));
        let problem = match act.kind() {
            ActKind::Sent if !sent => "is done to a message that is sent: expected on = \"sending\"",
            ActKind::Asked if !asked => "is done to a request: expected on = \"received\"",
            ActKind::Sent | ActKind::Asked if !self.after.is_zero() => {
                "is done at once: expected no after; delay and hold say how much later"
            }
            _ => return None,
        };
        Some(format!("{} {problem}", act.word()))
    }
}
