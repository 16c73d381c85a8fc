//! What the supervisor is told once: limits, pauses and paces, with the values that suit most.

use crate::backoff::BackoffSettings;
use crate::subscriptions::SubscriptionSettings;
use std::time::Duration;

const fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// When to ask for signs of life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PulseSettings {
    /// Between an answer and the next question.
    pub every: Duration,
    /// For the answer.
    pub limit: Duration,
    /// The same while orders work; together with its limit at most ten seconds.
    pub busy_every: Duration,
    /// For the answer, while orders work.
    pub busy_limit: Duration,
    /// So many unanswered questions in a row end the connection; one does while orders work.
    pub misses: u32,
}

impl Default for PulseSettings {
    fn default() -> Self {
        Self {
            every: seconds(30),
            limit: seconds(5),
            busy_every: seconds(5),
            busy_limit: seconds(4),
            misses: 1,
        }
    }
}

impl PulseSettings {
    pub(super) const fn every(&self, busy: bool) -> Duration {
        if busy { self.busy_every } else { self.every }
    }

    pub(super) const fn limit(&self, busy: bool) -> Duration {
        if busy { self.busy_limit } else { self.limit }
    }

    pub(super) const fn misses(&self, busy: bool) -> u32 {
        if busy { 1 } else { self.misses }
    }
}

/// How the link is looked after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkSettings {
    /// Waits between attempts to connect.
    pub backoff: BackoffSettings,
    /// So many failures in a row end the attempts; `None` for never.
    pub most_attempts: Option<u32>,
    /// At most so many attempts begin in any minute, whatever the reason.
    pub attempts_a_minute: usize,
    /// For a connection to stand, with handshake and order number.
    pub connect_limit: Duration,
    /// For the answer to one question of the ready gate.
    pub proof_limit: Duration,
    /// Between a proof that failed and the next question for it.
    pub proof_pause: Duration,
    /// Without the next order number for so long the connection is made anew.
    pub handshake_limit: Duration,
    /// Signs of life.
    pub pulse: PulseSettings,
    /// A connection that held for so long was a good one: the next wait is the first again.
    pub stable_after: Duration,
    /// Not being ready for so long, while no outage is expected, is worth an alarm.
    pub alarm_after: Duration,
    /// So long before an expected outage new orders are held, so that none is on its way when it begins.
    pub hold_before: Duration,
    /// So long after an expected outage its end is waited for without an alarm.
    pub grace: Duration,
    /// The broker being offline for so long is answered with a new connection.
    pub offline_reconnect: Duration,
    /// And for so long with the wish that the program at the other end be started again.
    pub offline_restart: Duration,
    /// What is believed of changes of data servers only when it lasts for so long.
    pub settle: Duration,
    /// For a shutdown.
    pub stop_limit: Duration,
    /// Streams.
    pub subscriptions: SubscriptionSettings,
}

impl Default for LinkSettings {
    fn default() -> Self {
        Self {
            backoff: BackoffSettings::default(),
            most_attempts: None,
            attempts_a_minute: 8,
            connect_limit: seconds(15),
            proof_limit: seconds(20),
            proof_pause: seconds(10),
            handshake_limit: seconds(60),
            pulse: PulseSettings::default(),
            stable_after: seconds(60),
            alarm_after: seconds(90),
            hold_before: seconds(60),
            grace: seconds(120),
            offline_reconnect: seconds(600),
            offline_restart: seconds(1_800),
            settle: seconds(10),
            stop_limit: seconds(5),
            subscriptions: SubscriptionSettings::default(),
        }
    }
}

/// Settings that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotLinkSettings {
    /// It must take some time.
    #[error("{0} must be longer than nothing")]
    Zero(&'static str),
    /// It must be possible.
    #[error("{0} must be at least one")]
    None(&'static str),
    /// A dead link would be found too late.
    #[error(
        "while orders work a dead link is found after {} ms: busy_every and busy_limit together must be at most {} ms",
        .0.as_millis(), LinkSettings::HALF_OPEN_LIMIT.as_millis()
    )]
    LateToFind(Duration),
    /// Waits cannot shrink.
    #[error("the longest wait between attempts is shorter than the first")]
    Shrinking,
    /// Chance cannot take a wait away.
    #[error("the jitter is {0} percent: it must be below 100")]
    Jitter(u32),
}

impl LinkSettings {
    /// While orders work a half-open link is found within this time.
    pub const HALF_OPEN_LIMIT: Duration = seconds(10);

    /// Says what is wrong, if anything is.
    pub fn check(&self) -> Result<(), NotLinkSettings> {
        let times = [
            ("the first wait", self.backoff.first),
            ("connect_limit", self.connect_limit),
            ("proof_limit", self.proof_limit),
            ("proof_pause", self.proof_pause),
            ("handshake_limit", self.handshake_limit),
            ("pulse.every", self.pulse.every),
            ("pulse.limit", self.pulse.limit),
            ("pulse.busy_every", self.pulse.busy_every),
            ("pulse.busy_limit", self.pulse.busy_limit),
            ("settle", self.settle),
            ("subscriptions.retry", self.subscriptions.retry.first),
        ];
        if let Some((name, _)) = times.iter().find(|(_, time)| time.is_zero()) {
            return Err(NotLinkSettings::Zero(name));
        }
        let counts = [
            ("attempts_a_minute", self.attempts_a_minute),
            ("pulse.misses", usize::try_from(self.pulse.misses).unwrap_or(usize::MAX)),
            ("subscriptions.a_second", self.subscriptions.a_second),
        ];
        if let Some((name, _)) = counts.iter().find(|(_, count)| *count == 0) {
            return Err(NotLinkSettings::None(name));
        }
        if self.most_attempts == Some(0) {
            return Err(NotLinkSettings::None("most_attempts"));
        }
        let found_after = self.pulse.busy_every.saturating_add(self.pulse.busy_limit);
        if found_after > Self::HALF_OPEN_LIMIT {
            return Err(NotLinkSettings::LateToFind(found_after));
        }
        for backoff in [&self.backoff, &self.subscriptions.retry] {
            if backoff.most < backoff.first {
                return Err(NotLinkSettings::Shrinking);
            }
            if backoff.jitter_percent >= 100 {
                return Err(NotLinkSettings::Jitter(backoff.jitter_percent));
            }
        }
        Ok(())
    }
}
