//! One rule of the calendar: a kind of outage, on some days of the week, from a time of day to another.

use super::Outage;
use serde::{Deserialize, Serialize};
use time::{Date, Time, Weekday};
use tradeport_kernel::{TimeRange, Zone};

/// Why the link is expected to go away; those that ask more of people come later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutageKind {
    /// The broker resets its servers: gone for seconds, some time within the window.
    ServerReset,
    /// The broker's program starts again.
    DailyRestart,
    /// The broker does its work of the weekend.
    Weekend,
    /// The sign-in runs out: the link is back when a person has signed in.
    WeeklyLogin,
}

impl OutageKind {
    /// As it is written in a table.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ServerReset => "server_reset",
            Self::DailyRestart => "daily_restart",
            Self::Weekend => "weekend",
            Self::WeeklyLogin => "weekly_login",
        }
    }
}

impl std::fmt::Display for OutageKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::ServerReset => "reset of the broker's servers",
            Self::DailyRestart => "daily restart",
            Self::Weekend => "weekend maintenance",
            Self::WeeklyLogin => "weekly login",
        })
    }
}

/// The rule cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAnOutage {
    /// It would never happen.
    #[error("an outage needs at least one day of the week")]
    NoDay,
}

/// When outages of one kind happen. A window ends on the next day when its end is not after its start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutageRule {
    kind: OutageKind,
    days: [bool; 7],
    start: Time,
    end: Time,
    zone: Zone,
}

impl OutageRule {
    /// On every day.
    #[must_use]
    pub const fn daily(kind: OutageKind, start: Time, end: Time, zone: Zone) -> Self {
        Self { kind, days: [true; 7], start, end, zone }
    }

    /// On these days of the week, as the zone counts them.
    pub fn weekly(
        kind: OutageKind,
        on: &[Weekday],
        start: Time,
        end: Time,
        zone: Zone,
    ) -> Result<Self, NotAnOutage> {
        if on.is_empty() {
            return Err(NotAnOutage::NoDay);
        }
        let mut days = [false; 7];
        for day in on {
            days[usize::from(day.number_days_from_monday())] = true;
        }
        Ok(Self { kind, days, start, end, zone })
    }

    /// Whose clocks it follows.
    #[must_use]
    pub const fn zone(&self) -> Zone {
        self.zone
    }

    /// The outage that begins on a day, if one does.
    pub(super) fn on(&self, date: Date) -> Option<Outage> {
        if !self.days[usize::from(date.weekday().number_days_from_monday())] {
            return None;
        }
        let last = if self.end > self.start { date } else { date.next_day()? };
        let start = self.zone.moment(date, self.start).ok()?.earlier();
        let end = self.zone.moment(last, self.end).ok()?.later();
        Some(Outage { kind: self.kind, range: TimeRange::new(start, end) })
    }
}
