//! Moments in time, and ranges of them.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::time::Duration;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A moment: nanoseconds since 1970-01-01T00:00:00Z, from the year 1678 to 2262. Always UTC; zones are for the edges.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Timestamp(i64);

/// The text or number is not a moment that we can hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a time: expected RFC 3339 between 1678 and 2261, such as 2025-03-01T14:30:00Z")]
pub struct NotATimestamp(String);

impl Timestamp {
    /// The start of 1970, UTC.
    pub const EPOCH: Self = Self(0);
    /// The first moment that can be held.
    pub const MIN: Self = Self(i64::MIN);
    /// The last moment that can be held.
    pub const MAX: Self = Self(i64::MAX);

    /// From nanoseconds since 1970.
    #[must_use]
    pub const fn from_nanos(nanos: i64) -> Self {
        Self(nanos)
    }

    /// From seconds since 1970; beyond the range it stays at the nearest end.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1_000_000_000))
    }

    /// Nanoseconds since 1970.
    #[must_use]
    pub const fn nanos(self) -> i64 {
        self.0
    }

    /// The moment `by` later; stays at [`Self::MAX`] beyond it.
    #[must_use]
    pub fn after(self, by: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(by.as_nanos()).unwrap_or(i64::MAX)))
    }

    /// The moment `by` earlier; stays at [`Self::MIN`] beyond it.
    #[must_use]
    pub fn before(self, by: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(by.as_nanos()).unwrap_or(i64::MAX)))
    }

    /// How long ago `earlier` was, seen from here; zero when it lies ahead.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_nanos(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// As a date and time of the `time` crate, in UTC.
    #[must_use]
    pub fn to_utc(self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0))
            .expect("every 64-bit count of nanoseconds is a date of the years 1678 to 2262")
    }
}

impl TryFrom<OffsetDateTime> for Timestamp {
    type Error = NotATimestamp;
    fn try_from(moment: OffsetDateTime) -> Result<Self, Self::Error> {
        i64::try_from(moment.unix_timestamp_nanos()).map(Self).map_err(|_| NotATimestamp(moment.to_string()))
    }
}

impl std::str::FromStr for Timestamp {
    type Err = NotATimestamp;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refuse = || NotATimestamp(text.chars().take(60).collect());
        let moment = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| refuse())?;
        Self::try_from(moment).map_err(|_| refuse())
    }
}

impl TryFrom<String> for Timestamp {
    type Error = NotATimestamp;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Timestamp> for String {
    fn from(timestamp: Timestamp) -> Self {
        timestamp.to_string()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_utc().format(&Rfc3339).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The moments from `start` up to, but not including, `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TimeRange {
    start: Timestamp,
    end: Timestamp,
}

impl TimeRange {
    /// All of time, but for its very last nanosecond.
    pub const ALL: Self = Self { start: Timestamp::MIN, end: Timestamp::MAX };

    /// From `start` to before `end`; empty when `end` is not later.
    #[must_use]
    pub const fn new(start: Timestamp, end: Timestamp) -> Self {
        Self { start, end }
    }

    /// Its first moment.
    #[must_use]
    pub const fn start(&self) -> Timestamp {
        self.start
    }

    /// The first moment after it.
    #[must_use]
    pub const fn end(&self) -> Timestamp {
        self.end
    }

    /// Is `at` within?
    #[must_use]
    pub fn contains(&self, at: Timestamp) -> bool {
        self.start <= at && at < self.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_nanoseconds_round_trip() {
        for nanos in [0, 1, -1, 1_700_000_000_123_456_789, i64::MIN, i64::MAX] {
            let moment = Timestamp::from_nanos(nanos);
            assert_eq!(moment.to_string().parse::<Timestamp>().unwrap(), moment);
        }
    }

    #[test]
    fn a_text_without_a_zone_is_refused() {
        for bad in ["", "2025-03-01", "2025-03-01T14:30:00", "2025-13-01T00:00:00Z", "9999-01-01T00:00:00Z"] {
            assert!(bad.parse::<Timestamp>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn arithmetic_stops_at_the_ends_of_time() {
        let day = Duration::from_secs(86_400);
        assert_eq!(Timestamp::MAX.after(day), Timestamp::MAX);
        assert_eq!(Timestamp::MIN.before(day), Timestamp::MIN);
        assert_eq!(Timestamp::EPOCH.since(Timestamp::EPOCH.after(day)), Duration::ZERO);
    }
}
