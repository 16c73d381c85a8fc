//! Lengths of time and moments, as people type them.

use std::str::FromStr;
use std::time::Duration;
use tradeport_kernel::Timestamp;

/// A length of time above zero and up to a year, typed as `90s`, `10m`, `6h30m` or `1d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(Duration);

/// Not a length of time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a length of time up to a year: expected such as 90s, 10m or 6h30m")]
pub struct NotASpan(String);

const MOST_SECONDS: u64 = 366 * 86_400;

impl Span {
    /// As a duration.
    #[must_use]
    pub const fn duration(self) -> Duration {
        self.0
    }
}

impl FromStr for Span {
    type Err = NotASpan;
    fn from_str(text: &str) -> Result<Self, NotASpan> {
        let seconds = seconds(text).filter(|seconds| (1..=MOST_SECONDS).contains(seconds));
        seconds
            .map(|seconds| Self(Duration::from_secs(seconds)))
            .ok_or_else(|| NotASpan(text.chars().take(40).collect()))
    }
}

fn seconds(text: &str) -> Option<u64> {
    let mut total = 0_u64;
    let mut rest = text;
    let mut last_unit = u64::MAX;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let number: u64 = rest.get(..digits)?.parse().ok()?;
        let unit = match rest.as_bytes().get(digits)? {
            b'd' => 86_400,
            b'h' => 3_600,
            b'm' => 60,
            b's' => 1,
            _ => return None,
        };
        if unit >= last_unit {
            return None;
        }
        last_unit = unit;
        total = total.checked_add(number.checked_mul(unit)?)?;
        rest = rest.get(digits + 1..)?;
    }
    Some(total)
}

/// So many letters a day has.
const DAY: usize = 10;

/// A moment, typed as a day (its beginning, UTC) or in RFC 3339.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UtcMoment(Timestamp);

/// Not a moment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a moment: expected a day such as 2025-03-01, or 2025-03-01T14:30:00Z")]
pub struct NotAMoment(String);

impl UtcMoment {
    /// As a timestamp.
    #[must_use]
    pub const fn timestamp(self) -> Timestamp {
        self.0
    }
}

impl FromStr for UtcMoment {
    type Err = NotAMoment;
    fn from_str(text: &str) -> Result<Self, NotAMoment> {
        let refuse = || NotAMoment(text.chars().take(40).collect());
        let whole = if text.len() == DAY { format!("{text}T00:00:00Z") } else { text.to_owned() };
        whole.parse().map(Self).map_err(|_| refuse())
    }
}

/// The moment at which something ends, typed in RFC 3339. A day by itself is refused: its beginning is in no zone what people mean
/// by an order that stands until that day, and nothing says whose end of it they mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EndMoment(UtcMoment);

/// Not the end of anything.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAnEnd {
    /// It is no moment.
    #[error("{0:?} is not a moment: expected such as 2025-03-01T20:00:00Z")]
    NotAMoment(String),
    /// It is a day.
    #[error("{0} is a day, and an end is a moment: expected such as {0}T21:00:00Z, or {0}T16:00:00-05:00")]
    Day(String),
}

impl EndMoment {
    /// As a timestamp.
    #[must_use]
    pub const fn timestamp(self) -> Timestamp {
        self.0.timestamp()
    }
}

impl FromStr for EndMoment {
    type Err = NotAnEnd;
    fn from_str(text: &str) -> Result<Self, NotAnEnd> {
        match text.parse::<UtcMoment>() {
            Ok(_) if text.len() == DAY => Err(NotAnEnd::Day(text.to_owned())),
            Ok(moment) => Ok(Self(moment)),
            Err(NotAMoment(text)) => Err(NotAnEnd::NotAMoment(text)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_add_up() {
        let seconds = |text: &str| text.parse::<Span>().unwrap().duration().as_secs();
        assert_eq!(["90s", "10m", "6h30m", "1d2h3m4s"].map(seconds), [90, 600, 23_400, 93_784]);
    }

    #[test]
    fn what_is_no_span_is_refused() {
        for bad in [
            "",
            "0s",
            "5",
            "s",
            "-5s",
            "1.5h",
            "30m6h",
            "1h1h",
            "400d",
            "99999999999999999999s",
            "1hä",
            "6 h",
        ] {
            assert!(bad.parse::<Span>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_day_is_its_beginning() {
        let moment = |text: &str| text.parse::<UtcMoment>();
        assert_eq!(moment("2025-03-01").unwrap(), moment("2025-03-01T00:00:00Z").unwrap());
        assert!(moment("2025-02-30").is_err() && moment("yesterday").is_err() && moment("").is_err());
    }

    #[test]
    fn an_order_ends_at_a_moment_and_on_no_day() {
        let end = |text: &str| text.parse::<EndMoment>().map_err(|error| error.to_string());
        let at_four = end("2025-03-03T16:00:00-05:00").unwrap();
        assert_eq!(at_four.timestamp().to_string(), "2025-03-03T21:00:00Z");
        assert!(end("2025-03-03").unwrap_err().starts_with("2025-03-03 is a day, and an end is a moment"));
        assert!(end("2025-02-30").unwrap_err().contains("is not a moment"));
    }
}
