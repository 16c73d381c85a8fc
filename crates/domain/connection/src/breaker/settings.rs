//! When a breaker opens, for how long, and what closes it.

use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Settings of breakers, checked. Milliseconds, as a file says them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Raw", into = "Raw")]
pub struct BreakerSettings(Raw);

/// The numbers of a breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Raw {
    failures: u32,
    within_ms: u64,
    rest_ms: u64,
    longest_rest_ms: u64,
    trials: u32,
    trial_ms: u64,
}

/// The numbers make no breaker.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} must be from 1 to {most}, not {given}")]
pub struct NotABreaker {
    what: &'static str,
    given: u64,
    most: u64,
}

const DAY: u64 = 86_400_000;

impl Default for Raw {
    fn default() -> Self {
        Self {
            failures: 5,
            within_ms: 60_000,
            rest_ms: 30_000,
            longest_rest_ms: 300_000,
            trials: 2,
            trial_ms: 30_000,
        }
    }
}

impl Default for BreakerSettings {
    /// Opens at 5 failures within a minute, rests 30 s and then twice as long each time up to 5 min, and closes after 2 trials
    /// that worked within 30 s each.
    fn default() -> Self {
        Self(Raw::default())
    }
}

impl TryFrom<Raw> for BreakerSettings {
    type Error = NotABreaker;
    fn try_from(raw: Raw) -> Result<Self, NotABreaker> {
        let rows = [
            ("failures", u64::from(raw.failures), 1_000),
            ("within_ms", raw.within_ms, DAY),
            ("rest_ms", raw.rest_ms, DAY),
            ("longest_rest_ms", raw.longest_rest_ms, DAY),
            ("trials", u64::from(raw.trials), 1_000),
            ("trial_ms", raw.trial_ms, DAY),
        ];
        match rows.into_iter().find(|(_, given, most)| *given == 0 || given > most) {
            Some((what, given, most)) => Err(NotABreaker { what, given, most }),
            None => Ok(Self(raw)),
        }
    }
}

impl From<BreakerSettings> for Raw {
    fn from(settings: BreakerSettings) -> Self {
        settings.0
    }
}

impl BreakerSettings {
    /// Opens at so many failures, each within `within` of the last.
    pub fn opening(self, failures: u32, within: Duration) -> Result<Self, NotABreaker> {
        Raw { failures, within_ms: millis(within), ..self.0 }.try_into()
    }

    /// Rests so long at first, and at most so long when trials keep failing.
    pub fn resting(self, rest: Duration, longest: Duration) -> Result<Self, NotABreaker> {
        Raw { rest_ms: millis(rest), longest_rest_ms: millis(longest), ..self.0 }.try_into()
    }

    /// Closes after so many trials that worked; one without a report within `each` has failed.
    pub fn closing(self, trials: u32, each: Duration) -> Result<Self, NotABreaker> {
        Raw { trials, trial_ms: millis(each), ..self.0 }.try_into()
    }

    /// At how many failures it opens.
    #[must_use]
    pub const fn failures(&self) -> u32 {
        self.0.failures
    }

    /// Within which time.
    #[must_use]
    pub const fn within(&self) -> Duration {
        Duration::from_millis(self.0.within_ms)
    }

    /// How many trials in a row close it.
    #[must_use]
    pub const fn trials(&self) -> u32 {
        self.0.trials
    }

    /// How long a trial may take.
    #[must_use]
    pub const fn trial(&self) -> Duration {
        Duration::from_millis(self.0.trial_ms)
    }

    /// How long it rests after having opened so many times in a row.
    #[must_use]
    pub fn rest(&self, times: u32) -> Duration {
        let factor = 1_u64.checked_shl(times.saturating_sub(1)).unwrap_or(u64::MAX);
        let longest = self.0.longest_rest_ms.max(self.0.rest_ms);
        Duration::from_millis(self.0.rest_ms.saturating_mul(factor).min(longest))
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
