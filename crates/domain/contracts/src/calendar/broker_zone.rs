//! Names of time zones as Interactive Brokers spells them in contract details.
//!
//! Left out: every name that is already one of the IANA database.

use tradeport_kernel::{UnknownZone, Zone};

/// Names that mean something else than in the IANA database, or nothing there. `EST` is the one to know: there it is
/// five hours behind all year, here it is New York.
const NAMES: &[(&str, &str)] = &[
    ("ACT", "Australia/Darwin"),
    ("AET", "Australia/Sydney"),
    ("AEST", "Australia/Sydney"),
    ("AEDT", "Australia/Sydney"),
    ("AST", "America/Anchorage"),
    ("BET", "America/Sao_Paulo"),
    ("BRT", "America/Sao_Paulo"),
    ("BST", "Europe/London"),
    ("CDT", "America/Chicago"),
    ("CEST", "Europe/Berlin"),
    ("CET", "Europe/Berlin"),
    ("CST", "America/Chicago"),
    ("CTT", "Asia/Shanghai"),
    ("ECT", "Europe/Paris"),
    ("EDT", "America/New_York"),
    ("EEST", "Europe/Helsinki"),
    ("EST", "America/New_York"),
    ("GB-EIRE", "Europe/London"),
    ("HKT", "Asia/Hong_Kong"),
    ("IST", "Asia/Kolkata"),
    ("JST", "Asia/Tokyo"),
    ("KST", "Asia/Seoul"),
    ("MDT", "America/Denver"),
    ("MET", "Europe/Berlin"),
    ("MSK", "Europe/Moscow"),
    ("MST", "America/Denver"),
    ("NET", "Asia/Yerevan"),
    ("NST", "Pacific/Auckland"),
    ("NZDT", "Pacific/Auckland"),
    ("NZST", "Pacific/Auckland"),
    ("PDT", "America/Los_Angeles"),
    ("PLT", "Asia/Karachi"),
    ("PST", "America/Los_Angeles"),
    ("SGT", "Asia/Singapore"),
    ("SST", "Asia/Singapore"),
    ("VST", "Asia/Ho_Chi_Minh"),
    ("WET", "Europe/Lisbon"),
];

/// Longer than any name of a zone, with room for what the broker adds in brackets.
const LONGEST: usize = 80;

/// The zone that Interactive Brokers means: an IANA name, one of its old names (`GB-Eire`, `Hongkong`), an
/// abbreviation (`EST`, `JST`), alone, in brackets, or followed by an explanation in brackets.
///
/// ```
/// use tradeport_contracts::calendar::{Zone, zone_of_broker};
/// let new_york = Zone::named("America/New_York")?;
/// for spelling in ["US/Eastern", "EST5EDT", "EST", "EST (Eastern Standard Time)", "(America/New_York)"] {
///     let january = "2025-01-15T12:00:00Z".parse()?;
///     let july = "2025-07-15T12:00:00Z".parse()?;
///     let zone = zone_of_broker(spelling)?;
///     assert_eq!(zone.offset_at(january)?, new_york.offset_at(january)?);
///     assert_eq!(zone.offset_at(july)?, new_york.offset_at(july)?);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn zone_of_broker(name: &str) -> Result<Zone, UnknownZone> {
    let refuse = || UnknownZone::new(name);
    if name.len() > LONGEST {
        return Err(refuse());
    }
    let whole = name.trim();
    let unwrapped = whole.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or(whole);
    let bare = unwrapped.split('(').next().unwrap_or_default().trim();
    find(bare).ok_or_else(refuse)
}

fn find(bare: &str) -> Option<Zone> {
    let ours = NAMES.iter().find(|(theirs, _)| theirs.eq_ignore_ascii_case(bare));
    Zone::named(ours.map_or(bare, |(_, iana)| iana)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_the_broker_is_a_zone() {
        for (theirs, iana) in NAMES {
            assert_eq!(zone_of_broker(theirs).unwrap().name(), *iana);
        }
        for known in
            ["US/Central", "Hongkong", "Japan", "GB", "GB-Eire", "Singapore", "ROK", "NZ", "UTC", "GMT"]
        {
            assert!(zone_of_broker(known).is_ok(), "{known}");
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for bad in ["", "()", "(", "Nowhere/Land", &"x".repeat(1_000)] {
            assert!(zone_of_broker(bad).is_err(), "{bad:?}");
        }
    }
}
