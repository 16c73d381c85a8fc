//! The link to the broker: how it is looked after, when it is expected to go away, which connections there are.
//!
//! Left out: what the settings mean to the supervisor, which checks them once more as a whole.

use super::numbers;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use time::Time;
use tradeport_connection::calendar::{OutageCalendar, OutageKind, OutageRule, Region, documented};
use tradeport_connection::clients::{ClientPlan, IdRange, NotAPlan};
use tradeport_connection::{LinkSettings, NotLinkSettings};
use tradeport_kernel::Zone;
use tradeport_trading::DrainPolicy;

/// Where an account lives: its servers are reset at night there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RegionChoice {
    /// The Americas, and every paper account.
    #[default]
    NorthAmerica,
    /// Europe.
    Europe,
    /// Asia and the Pacific.
    Asia,
}

impl From<RegionChoice> for Region {
    fn from(choice: RegionChoice) -> Self {
        match choice {
            RegionChoice::NorthAmerica => Self::NorthAmerica,
            RegionChoice::Europe => Self::Europe,
            RegionChoice::Asia => Self::Asia,
        }
    }
}

/// A time of day, such as `23:55`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeOfDay(Time);

impl TryFrom<String> for TimeOfDay {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let digits = |part: &str| (part.len() == 2).then(|| part.parse::<u8>().ok()).flatten();
        let parts = text.split_once(':').and_then(|(hour, minute)| Some((digits(hour)?, digits(minute)?)));
        let time = parts.and_then(|(hour, minute)| Time::from_hms(hour, minute, 0).ok());
        time.map(Self).ok_or_else(|| format!("{text:?} is not a time of day: expected 00:00 to 23:59"))
    }
}

impl From<TimeOfDay> for String {
    fn from(time: TimeOfDay) -> Self {
        format!("{:02}:{:02}", time.0.hour(), time.0.minute())
    }
}

/// A time zone by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ZoneName(Zone);

impl ZoneName {
    /// The zone.
    #[must_use]
    pub const fn zone(self) -> Zone {
        self.0
    }
}

impl TryFrom<String> for ZoneName {
    type Error = String;
    fn try_from(name: String) -> Result<Self, String> {
        let unknown = |_| format!("{name:?} is not a time zone: expected a name such as America/New_York");
        Zone::named(&name).map(Self).map_err(unknown)
    }
}

impl From<ZoneName> for String {
    fn from(name: ZoneName) -> Self {
        name.0.name().to_owned()
    }
}

/// How the link is looked after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LinkConfig {
    /// So many failures in a row end the attempts of the service; without it there is no end.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "numbers::some_attempts")]
    pub most_attempts: Option<u32>,
    /// At most so many attempts begin in any minute.
    #[serde(deserialize_with = "numbers::attempts")]
    pub attempts_a_minute: u32,
    /// So long a connection may take to stand, in seconds.
    #[serde(deserialize_with = "numbers::seconds")]
    pub connect_seconds: u64,
    /// So long the broker may take for each proof that trading needs, in seconds.
    #[serde(deserialize_with = "numbers::seconds")]
    pub proof_seconds: u64,
    /// The wait after the first failure, in seconds; it doubles with each further one.
    #[serde(deserialize_with = "numbers::seconds")]
    pub first_wait_seconds: u64,
    /// The longest wait between attempts, in seconds.
    #[serde(deserialize_with = "numbers::seconds")]
    pub longest_wait_seconds: u64,
    /// How far waits differ by chance, in percent.
    #[serde(deserialize_with = "numbers::percent")]
    pub jitter_percent: u32,
    /// So often a sign of life is asked for, in seconds.
    #[serde(deserialize_with = "numbers::seconds")]
    pub probe_seconds: u64,
    /// So long its answer may take, in seconds.
    #[serde(deserialize_with = "numbers::seconds")]
    pub probe_limit_seconds: u64,
    /// The same two while orders work: together at most ten seconds.
    #[serde(deserialize_with = "numbers::seconds")]
    pub busy_probe_seconds: u64,
    /// So long its answer may take while orders work, in seconds.
    #[serde(deserialize_with = "numbers::seconds")]
    pub busy_probe_limit_seconds: u64,
    /// Trading being blocked for so long is worth an alarm, in seconds.
    #[serde(deserialize_with = "numbers::seconds")]
    pub alarm_seconds: u64,
    /// When TWS or IB Gateway restarts by itself, each day.
    pub restart_at: TimeOfDay,
    /// How long that takes, in minutes; 0 when it never does.
    #[serde(deserialize_with = "numbers::minutes")]
    pub restart_minutes: u32,
    /// Whose clock that is; without it this machine's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<ZoneName>,
    /// Where the account lives: the broker's announced resets there are expected.
    pub region: RegionChoice,
    /// Are the broker's announced resets expected at all?
    pub announced_resets: bool,
    /// So long before an expected outage orders are held, in seconds.
    #[serde(deserialize_with = "numbers::seconds")]
    pub hold_before_seconds: u64,
    /// So long after it nobody is called, in seconds.
    #[serde(deserialize_with = "numbers::seconds")]
    pub grace_seconds: u64,
    /// What becomes of resting orders before an expected outage. Those that protect a position always stay.
    pub drain: DrainPolicy,
    /// A stream of quotes that is silent for so long, in seconds, must show that it works.
    #[serde(deserialize_with = "numbers::seconds")]
    pub silence_seconds: u64,
}

impl Default for LinkConfig {
    fn default() -> Self {
        let settings = LinkSettings::default();
        Self {
            most_attempts: None,
            attempts_a_minute: 8,
            connect_seconds: settings.connect_limit.as_secs(),
            proof_seconds: settings.proof_limit.as_secs(),
            first_wait_seconds: settings.backoff.first.as_secs(),
            longest_wait_seconds: settings.backoff.most.as_secs(),
            jitter_percent: settings.backoff.jitter_percent,
            probe_seconds: settings.pulse.every.as_secs(),
            probe_limit_seconds: settings.pulse.limit.as_secs(),
            busy_probe_seconds: settings.pulse.busy_every.as_secs(),
            busy_probe_limit_seconds: settings.pulse.busy_limit.as_secs(),
            alarm_seconds: settings.alarm_after.as_secs(),
            restart_at: TimeOfDay(Time::from_hms(23, 55, 0).expect("23:55 is a time of day")),
            restart_minutes: 10,
            zone: None,
            region: RegionChoice::default(),
            announced_resets: true,
            hold_before_seconds: settings.hold_before.as_secs(),
            grace_seconds: settings.grace.as_secs(),
            drain: DrainPolicy::default(),
            silence_seconds: 300,
        }
    }
}

impl LinkConfig {
    /// As the supervisor takes it. Errors: what no single key can tell.
    pub fn settings(&self) -> Result<LinkSettings, NotLinkSettings> {
        let seconds = Duration::from_secs;
        let mut settings = LinkSettings {
            most_attempts: self.most_attempts,
            attempts_a_minute: usize::try_from(self.attempts_a_minute).unwrap_or(usize::MAX),
            connect_limit: seconds(self.connect_seconds),
            proof_limit: seconds(self.proof_seconds),
            alarm_after: seconds(self.alarm_seconds),
            hold_before: seconds(self.hold_before_seconds),
            grace: seconds(self.grace_seconds),
            ..LinkSettings::default()
        };
        settings.backoff.first = seconds(self.first_wait_seconds);
        settings.backoff.most = seconds(self.longest_wait_seconds);
        settings.backoff.jitter_percent = self.jitter_percent;
        settings.pulse.every = seconds(self.probe_seconds);
        settings.pulse.limit = seconds(self.probe_limit_seconds);
        settings.pulse.busy_every = seconds(self.busy_probe_seconds);
        settings.pulse.busy_limit = seconds(self.busy_probe_limit_seconds);
        settings.check()?;
        Ok(settings)
    }

    /// When the link is expected to go away. `local` is this machine's zone.
    #[must_use]
    pub fn calendar(&self, local: Zone) -> OutageCalendar {
        let zone = self.zone.map_or(local, ZoneName::zone);
        let mut rules = Vec::new();
        if self.restart_minutes > 0 {
            let start = self.restart_at.0;
            // Times of day go round.
            let end = start + time::Duration::minutes(i64::from(self.restart_minutes));
            rules.push(OutageRule::daily(OutageKind::DailyRestart, start, end, zone));
        }
        if self.announced_resets {
            rules.extend(documented(tradeport_connection::calendar::Edition::default(), self.region.into()));
        }
        OutageCalendar::new(rules)
    }
}

/// Which client ids are whose, counted from `ib.client_id`, which belongs to whoever trades.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClientsConfig {
    /// The first id of recorders: so many after `ib.client_id`.
    #[serde(deserialize_with = "numbers::ids")]
    pub recorder_after: u32,
    /// How many recorders there may be.
    #[serde(deserialize_with = "numbers::clients")]
    pub recorder_count: u16,
    /// The first id of gap fillers.
    #[serde(deserialize_with = "numbers::ids")]
    pub gap_filler_after: u32,
    /// How many gap fillers there may be.
    #[serde(deserialize_with = "numbers::clients")]
    pub gap_filler_count: u16,
    /// The first id of commands that look.
    #[serde(deserialize_with = "numbers::ids")]
    pub command_line_after: u32,
    /// How many such commands there may be at once.
    #[serde(deserialize_with = "numbers::clients")]
    pub command_line_count: u16,
    /// The first id of guards.
    #[serde(deserialize_with = "numbers::ids")]
    pub guard_after: u32,
    /// How many guards there may be.
    #[serde(deserialize_with = "numbers::clients")]
    pub guard_count: u16,
    /// So long a command waits for an id that the broker says is taken, in seconds.
    #[serde(deserialize_with = "numbers::seconds")]
    pub taken_seconds: u64,
}

impl Default for ClientsConfig {
    fn default() -> Self {
        Self {
            recorder_after: 10,
            recorder_count: 4,
            gap_filler_after: 20,
            gap_filler_count: 4,
            command_line_after: 30,
            command_line_count: 8,
            guard_after: 40,
            guard_count: 2,
            taken_seconds: 10,
        }
    }
}

impl ClientsConfig {
    /// The ranges. Errors: they overlap, or are more than the broker lets in.
    pub fn plan(&self, base: u32) -> Result<ClientPlan, NotAPlan> {
        let range = |after: u32, count: u16| {
            let refuse = NotAPlan::NoRange { first: i32::MAX, count };
            let first = base.checked_add(after).and_then(|first| i32::try_from(first).ok());
            IdRange::new(first.ok_or(refuse)?, count)
        };
        ClientPlan::new([
            range(0, 1)?,
            range(self.recorder_after, self.recorder_count)?,
            range(self.gap_filler_after, self.gap_filler_count)?,
            range(self.command_line_after, self.command_line_count)?,
            range(self.guard_after, self.guard_count)?,
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tradeport_connection::Purpose;
    use tradeport_kernel::Timestamp;

    #[test]
    fn the_defaults_are_the_supervisors() {
        assert_eq!(LinkConfig::default().settings(), Ok(LinkSettings::default()));
        let plan = ClientsConfig::default().plan(1).unwrap();
        assert_eq!(Ok(plan), ClientPlan::from_base(1));
        assert_eq!(plan.range(Purpose::CommandLine).ids().next(), Some(31));
    }

    #[test]
    fn the_restart_is_on_the_clock_that_is_named() {
        let new_york = Zone::named("America/New_York").unwrap();
        let at: Timestamp = "2026-07-02T03:56:00Z".parse().unwrap();
        let config = LinkConfig { announced_resets: false, ..LinkConfig::default() };
        assert!(config.calendar(new_york).at(at).is_some(), "23:56 in New York");
        assert!(config.calendar(Zone::named("Europe/Zurich").unwrap()).at(at).is_none());
        let never = LinkConfig { restart_minutes: 0, ..config };
        assert!(never.calendar(new_york).next(at).is_none());
        let zone = Some(ZoneName(new_york));
        assert!(
            LinkConfig { zone, ..config }.calendar(Zone::named("Europe/Zurich").unwrap()).at(at).is_some()
        );
    }

    #[test]
    fn ranges_that_overlap_and_dead_links_found_late_are_refused() {
        let clients = ClientsConfig { gap_filler_after: 12, ..ClientsConfig::default() };
        assert!(clients.plan(1).unwrap_err().to_string().contains("overlap"));
        let link = LinkConfig { busy_probe_seconds: 60, ..LinkConfig::default() };
        assert!(link.settings().unwrap_err().to_string().contains("at most 10000 ms"));
        assert!(
            TimeOfDay::try_from("24:00".to_owned()).is_err()
                && TimeOfDay::try_from("1:5".to_owned()).is_err()
        );
    }
}
