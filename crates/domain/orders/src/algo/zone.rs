//! Time zones by name.

use super::refusal::{AlgoRefusal, shown};
use super::zone_names::{ABBREVIATIONS, REGIONS};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A time zone that exists, by the name that the time zone database or the broker has for it: `US/Eastern`, `CET`,
/// `Asia/Hong_Kong`, `EST`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone {
    region: &'static str,
    place: &'static str,
}

impl Zone {
    /// The zone of that name; capitals matter.
    ///
    /// # Errors
    /// [`AlgoRefusal::Name`] when nobody knows such a zone.
    pub fn new(name: &str) -> Result<Self, AlgoRefusal> {
        Self::find(name).ok_or_else(|| AlgoRefusal::Name {
            what: "a time zone",
            given: shown(name),
            accepted: "a name such as US/Eastern, Europe/London or UTC",
        })
    }

    fn find(name: &str) -> Option<Self> {
        let (region, place) = name.split_once('/').unwrap_or(("", name));
        let (region, places) = REGIONS.iter().find(|(known, _)| *known == region)?;
        let more = if region.is_empty() { ABBREVIATIONS } else { "" };
        let mut known = places.split_ascii_whitespace().chain(more.split_ascii_whitespace());
        known.find(|known| *known == place).map(|place| Self { region, place })
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let slash = if self.region.is_empty() { "" } else { "/" };
        write!(f, "{}{slash}{}", self.region, self.place)
    }
}

impl std::str::FromStr for Zone {
    type Err = AlgoRefusal;
    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::new(name)
    }
}

impl TryFrom<String> for Zone {
    type Error = AlgoRefusal;
    fn try_from(name: String) -> Result<Self, Self::Error> {
        Self::new(&name)
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.to_string()
    }
}
