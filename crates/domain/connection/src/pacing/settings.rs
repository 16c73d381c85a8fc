//! What a user may set: which table of limits, single numbers of it, and how much may wait for how long.

use super::limits::NotALimit;
use super::{Limits, Rule};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;

/// Which table of limits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// As documented, with a tenth of the messages left unused.
    #[default]
    Standard,
    /// As documented.
    Documented,
    /// Well under what is documented.
    Conservative,
}

/// Another number under a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// So many.
    pub most: u32,
    /// For a rate: in so many milliseconds.
    #[serde(default)]
    pub per_ms: Option<u64>,
}

/// What of the limits can be set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitSettings {
    /// Which table.
    pub profile: Profile,
    /// How many market-data lines the account has: other limits follow from it.
    pub market_data_lines: u32,
    /// Messages a second on one connection, when not as the table says.
    pub messages_per_second: Option<u32>,
    /// How much longer one message may take than another, when not as the table says.
    pub jitter_ms: Option<u64>,
    /// Other numbers under single rules.
    pub rules: BTreeMap<Rule, Override>,
}

impl Default for LimitSettings {
    fn default() -> Self {
        Self {
            profile: Profile::default(),
            market_data_lines: 100,
            messages_per_second: None,
            jitter_ms: None,
            rules: BTreeMap::new(),
        }
    }
}

impl LimitSettings {
    /// The limits that follow. Refuses numbers that make no sense.
    pub fn limits(&self) -> Result<Limits, NotALimit> {
        let mut limits = match self.profile {
            Profile::Standard => Limits::standard(self.market_data_lines),
            Profile::Documented => Limits::documented(self.market_data_lines),
            Profile::Conservative => Limits::conservative(self.market_data_lines),
        };
        if let Some(jitter) = self.jitter_ms {
            limits = limits.with_jitter(Duration::from_millis(jitter))?;
        }
        if let Some(most) = self.messages_per_second {
            limits = limits.with_messages(most)?;
        }
        for (rule, one) in &self.rules {
            limits = limits.with(*rule, one.most, one.per_ms.map(Duration::from_millis))?;
        }
        Ok(limits)
    }
}

/// How much may wait. What is above is refused at once, and says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct QueueSettings {
    /// Requests of one priority, of all callers.
    pub of_a_priority: u32,
    /// Requests of one caller at one priority.
    pub of_a_caller: u32,
    /// Tickets that are open, whether they wait or went. Orders and cancels may pass it by as much again.
    pub open: u32,
}

impl Default for QueueSettings {
    fn default() -> Self {
        Self { of_a_priority: 10_000, of_a_caller: 2_000, open: 50_000 }
    }
}

/// When a request that the broker did not serve goes again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RetrySettings {
    /// How often it goes in all.
    pub attempts: u32,
    /// How long it waits after the first failure; after each further one twice as long.
    pub first_ms: u64,
    /// The longest that it waits.
    pub longest_ms: u64,
    /// How long requests like it rest when the broker said: too fast.
    pub cool_down_ms: u64,
}

impl Default for RetrySettings {
    fn default() -> Self {
        Self { attempts: 5, first_ms: 2_000, longest_ms: 60_000, cool_down_ms: 10_000 }
    }
}

impl RetrySettings {
    /// How long to wait after so many failures.
    #[must_use]
    pub fn pause(&self, failures: u32) -> Duration {
        let times = 1_u64.checked_shl(failures.saturating_sub(1)).unwrap_or(u64::MAX);
        Duration::from_millis(self.first_ms.saturating_mul(times).min(self.longest_ms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_change_the_table() {
        let rules = BTreeMap::from([(Rule::Lines, Override { most: 40, per_ms: None })]);
        let settings = LimitSettings { rules, messages_per_second: Some(8), ..LimitSettings::default() };
        let limits = settings.limits().unwrap();
        assert_eq!(limits.get(Rule::Lines).unwrap().most(), 40);
        assert_eq!(limits.kept(Rule::Messages), Some((8, Duration::from_millis(1_050))));
        let rules = BTreeMap::from([(Rule::Lines, Override { most: 40, per_ms: Some(1) })]);
        assert!(LimitSettings { rules, ..settings }.limits().is_err());
    }

    #[test]
    fn pauses_double_up_to_the_longest() {
        let retry = RetrySettings::default();
        assert_eq!([1, 2, 3, 6, 99].map(|n| retry.pause(n).as_secs()), [2, 4, 8, 60, 60]);
    }
}
