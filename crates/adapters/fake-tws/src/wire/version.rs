//! Which version a connection speaks.
//!
//! A client announces a range, the server answers with one number, and both choose their layouts by it. The number is
//! the most that both know, so clients of all ages are served side by side. Versions 201 to 212 mix the eras, message by
//! message; nobody needs to speak them, so a client that could is answered in the last version of text.

use std::fmt;

/// The oldest version that is spoken.
pub const OLDEST: i32 = 157;
/// The last version of text.
pub const LAST_TEXT: i32 = 200;
/// The first version in which every message is protobuf.
pub const FIRST_PROTOBUF: i32 = 213;
/// The newest version that is spoken.
pub const NEWEST: i32 = 226;

/// What a client announces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionRange {
    /// The least that it knows.
    pub min: i32,
    /// The most that it knows.
    pub max: i32,
    /// What stands behind the range, such as `+PACEAPI`.
    pub options: String,
}

/// How a connection writes its messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Era {
    /// Fields of text, each ended by a zero byte.
    Text,
    /// Protobuf, behind a number of four bytes.
    Protobuf,
}

impl Era {
    /// That of a version.
    #[must_use]
    pub const fn of(version: i32) -> Self {
        if version >= FIRST_PROTOBUF { Self::Protobuf } else { Self::Text }
    }
}

/// Why no version is agreed on: the connection is closed without an answer, as TWS does.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The text is not a range.
    #[error("{0:?} is not a range of versions such as v157..226")]
    NotARange(String),
    /// Nothing that both know.
    #[error("the client speaks {client}, the server {server}: they have no version in common")]
    NothingInCommon {
        /// What the client announced.
        client: String,
        /// What is spoken here.
        server: String,
    },
}

impl VersionRange {
    /// Reads `v157..226`, `v200`, or either with options behind a space.
    pub fn parse(body: &[u8]) -> Result<Self, Refusal> {
        let text: String = String::from_utf8_lossy(body).chars().take(200).collect();
        let refuse = || Refusal::NotARange(text.clone());
        let (range, options) = text.split_once(' ').unwrap_or((text.as_str(), ""));
        let numbers = range.strip_prefix('v').ok_or_else(refuse)?;
        let (min, max) = numbers.split_once("..").unwrap_or((numbers, numbers));
        let number = |text: &str| text.parse::<i32>().map_err(|_| refuse());
        let (min, max) = (number(min)?, number(max)?);
        if min > max || min < 0 {
            return Err(refuse());
        }
        Ok(Self { min, max, options: options.trim_end_matches('\0').to_owned() })
    }
}

impl fmt::Display for VersionRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", self.min, self.max)
    }
}

/// What the server is willing to speak: all that it knows, unless a test narrows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerVersions {
    min: i32,
    max: i32,
}

impl Default for ServerVersions {
    fn default() -> Self {
        Self { min: OLDEST, max: NEWEST }
    }
}

impl ServerVersions {
    /// From `min` to `max`, within what is known here; `None` when that is nothing.
    #[must_use]
    pub fn between(min: i32, max: i32) -> Option<Self> {
        let (min, max) = (min.max(OLDEST), max.min(NEWEST));
        (min <= max).then_some(Self { min, max })
    }

    /// The version for a client: the most that both know, the mixed ones left out.
    pub fn agree(self, client: &VersionRange) -> Result<i32, Refusal> {
        let most = client.max.min(self.max);
        let agreed = if most > LAST_TEXT && most < FIRST_PROTOBUF { LAST_TEXT } else { most };
        if agreed < client.min || agreed < self.min {
            let server = format!("{} to {}", self.min, self.max);
            return Err(Refusal::NothingInCommon { client: client.to_string(), server });
        }
        Ok(agreed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn agreed(range: &str) -> Result<i32, Refusal> {
        ServerVersions::default().agree(&VersionRange::parse(range.as_bytes())?)
    }

    #[test]
    fn clients_of_all_ages_get_the_most_that_both_know() {
        for (range, version) in [
            ("v157..178", 178),
            ("v100..157", 157),
            ("v100..225", 225),
            ("v213..226", 226),
            ("v157..176", 176),
            ("v213..300 +PACEAPI", 226),
            ("v187", 187),
        ] {
            assert_eq!(agreed(range), Ok(version), "{range}");
        }
    }

    #[test]
    fn the_mixed_versions_are_never_spoken() {
        for most in 201..=212 {
            assert_eq!(agreed(&format!("v100..{most}")), Ok(LAST_TEXT));
            assert!(agreed(&format!("v201..{most}")).is_err());
        }
    }

    #[test]
    fn too_old_and_too_new_have_nothing_in_common() {
        assert_eq!(
            agreed("v60..100").unwrap_err().to_string(),
            "the client speaks 60 to 100, the server 157 to 226: they have no version in common"
        );
        assert!(agreed("v227..300").is_err());
    }

    proptest! {
        #[test]
        fn whatever_stands_there_is_a_range_or_an_error(body in prop::collection::vec(any::<u8>(), 0..40)) {
            if let Ok(range) = VersionRange::parse(&body)
                && let Ok(version) = ServerVersions::default().agree(&range)
            {
                prop_assert!(range.min <= version && version <= range.max);
            }
        }
    }
}
