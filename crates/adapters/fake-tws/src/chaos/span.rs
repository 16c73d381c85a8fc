//! Lengths of time in a document: `250ms`, `90s`, `1h30m`, `2d`.

use serde::{Deserialize, Deserializer, de};
use std::time::Duration;

/// A scenario is over after a year at the latest.
const MOST: Duration = Duration::from_secs(366 * 86_400);
const EXPECTED: &str =
    "expected a length of time such as \"250ms\", \"90s\", \"5m\", \"1h30m\" or \"2d\", at most 366 days";

/// Reads a length of time; the error says what is allowed.
pub(super) fn parse(text: &str) -> Result<Duration, String> {
    let wrong = || format!("\"{}\" is no length of time: {EXPECTED}", text.escape_debug());
    let mut rest = text.trim();
    let mut sum = Duration::ZERO;
    while !rest.is_empty() {
        let digits = rest.find(|it: char| !it.is_ascii_digit()).unwrap_or(rest.len());
        let (number, behind) = rest.split_at(digits);
        let letters = behind.find(|it: char| !it.is_ascii_alphabetic()).unwrap_or(behind.len());
        let (unit, later) = behind.split_at(letters);
        let number: u64 = number.parse().map_err(|_| wrong())?;
        let millis = match unit {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => return Err(wrong()),
        };
        let millis = number.checked_mul(millis).ok_or_else(wrong)?;
        sum = sum.checked_add(Duration::from_millis(millis)).filter(|it| *it <= MOST).ok_or_else(wrong)?;
        rest = later.trim_start();
    }
    if text.trim().is_empty() { Err(wrong()) } else { Ok(sum) }
}

pub(super) fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(from)?;
    parse(&text).map_err(de::Error::custom)
}

pub(super) fn read_some<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Duration>, D::Error> {
    read(from).map(Some)
}

/// Is it within what a scenario may say?
pub(super) fn fits(span: Duration) -> bool {
    span <= MOST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_add_up() {
        assert_eq!(parse("1h30m"), Ok(Duration::from_secs(5_400)));
        assert_eq!(parse("2d 250ms"), Ok(Duration::from_millis(172_800_250)));
        assert_eq!(parse("0s"), Ok(Duration::ZERO));
    }

    #[test]
    fn what_is_none_says_what_would_be() {
        for wrong in ["", " ", "10", "s", "-3s", "1.5s", "3 weeks", "99999999999999999999s", "367d", "é"] {
            let error = parse(wrong).unwrap_err();
            assert!(error.contains("\"90s\""), "{wrong}: {error}");
        }
    }
}
