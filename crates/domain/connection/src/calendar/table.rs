//! The broker's announced windows, from the bundled table.

use super::{OutageKind, OutageRule};
use time::{Time, Weekday};
use tradeport_kernel::Zone;

const TABLE: &str = include_str!("../../data/outages.csv");

/// Where an account lives: its servers are reset at night there. Paper accounts live in North America.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Region {
    /// The Americas, and every paper account.
    #[default]
    NorthAmerica,
    /// Europe.
    Europe,
    /// Asia and the Pacific.
    Asia,
}

/// Which of the broker's announcements, which contradict each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Edition {
    /// Of December 2024.
    Older,
    /// Undated, later than that one.
    #[default]
    Newer,
}

/// What the broker has announced for a region: resets of servers, the weekend, and the weekly sign-in.
#[must_use]
pub fn documented(edition: Edition, region: Region) -> Vec<OutageRule> {
    let edition = match edition {
        Edition::Older => "2024-12",
        Edition::Newer => "2025",
    };
    let region = match region {
        Region::NorthAmerica => "north_america",
        Region::Europe => "europe",
        Region::Asia => "asia",
    };
    let rows = TABLE.lines().filter(|line| !line.starts_with('#')).skip(1);
    rows.filter_map(|row| {
        let fields: Vec<&str> = row.split(',').collect();
        let wanted =
            (fields[0] == edition || fields[0] == "any") && (fields[2] == region || fields[2] == "any");
        wanted.then(|| read(&fields).expect("every row of the bundled table is read by a test"))
    })
    .collect()
}

fn read(fields: &[&str]) -> Option<OutageRule> {
    let [_, kind, _, days, start, end, zone] = fields else { return None };
    let kinds =
        [OutageKind::ServerReset, OutageKind::DailyRestart, OutageKind::Weekend, OutageKind::WeeklyLogin];
    let kind = kinds.into_iter().find(|it| it.as_str() == *kind)?;
    let days = days.split(' ').map(weekday).collect::<Option<Vec<_>>>()?;
    OutageRule::weekly(kind, &days, time_of(start)?, time_of(end)?, Zone::named(zone).ok()?).ok()
}

fn weekday(name: &str) -> Option<Weekday> {
    let days = [
        ("Mon", Weekday::Monday),
        ("Tue", Weekday::Tuesday),
        ("Wed", Weekday::Wednesday),
        ("Thu", Weekday::Thursday),
        ("Fri", Weekday::Friday),
        ("Sat", Weekday::Saturday),
        ("Sun", Weekday::Sunday),
    ];
    days.into_iter().find(|(short, _)| *short == name).map(|(_, day)| day)
}

fn time_of(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    Time::from_hms(hour.parse().ok()?, minute.parse().ok()?, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_read_and_every_region_has_its_own() {
        let rows: Vec<_> = TABLE.lines().filter(|line| !line.starts_with('#')).skip(1).collect();
        for row in &rows {
            let fields: Vec<&str> = row.split(',').collect();
            assert!(read(&fields).is_some(), "{row}");
        }
        for edition in [Edition::Older, Edition::Newer] {
            let count = |region| documented(edition, region).len();
            assert_eq!((count(Region::NorthAmerica), count(Region::Europe), count(Region::Asia)), (3, 3, 4));
        }
    }
}
