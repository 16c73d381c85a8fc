//! The bundled table of time zones: names, and the moments at which clocks change.
//!
//! Left out: how a local time is resolved, which is [`super::Zone`]'s.

use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};
use time::{Date, Month};

const TEXT: &str = include_str!("../../data/zones.txt");

/// One zone: what its clocks showed at the beginning, and every change.
pub(super) struct ZoneData {
    name: &'static str,
    /// The second from which each offset holds; the first one holds from the beginning of time.
    starts: Vec<i64>,
    offsets: Vec<i32>,
}

/// A zone that is read when it is first asked for.
struct Entry {
    lines: &'static str,
    read: OnceLock<ZoneData>,
}

struct Zones {
    first_year: i32,
    last_year: i32,
    by_name: HashMap<&'static str, Entry>,
}

static ZONES: LazyLock<Zones> =
    LazyLock::new(|| parse(TEXT).expect("the bundled time zones are parsed by a test"));

pub(super) fn find(name: &str) -> Option<&'static ZoneData> {
    let zones: &'static Zones = &ZONES;
    let (name, entry) = zones.by_name.get_key_value(name)?;
    let read = || parse_zone(name, entry.lines).expect("every bundled time zone is parsed by a test");
    Some(entry.read.get_or_init(read))
}

/// The first and the last year that the table knows.
pub(super) fn years() -> (i32, i32) {
    (ZONES.first_year, ZONES.last_year)
}

impl ZoneData {
    pub(super) const fn name(&self) -> &'static str {
        self.name
    }

    pub(super) fn offset_at(&self, second: i64) -> i32 {
        self.offsets[self.index_at(second)]
    }

    fn index_at(&self, second: i64) -> usize {
        self.starts.partition_point(|start| *start <= second).saturating_sub(1)
    }

    /// The stretches of one offset (start, end, offset) that a local time can fall into, in order: no offset is as much
    /// as a day.
    pub(super) fn spans_around(&self, local: i64) -> impl Iterator<Item = (i64, i64, i32)> {
        const DAY: i64 = 86_400;
        let (from, to) = (self.index_at(local - DAY), self.index_at(local + DAY));
        (from..=to).map(|index| {
            let end = self.starts.get(index + 1).copied().unwrap_or(i64::MAX);
            (self.starts[index], end, self.offsets[index])
        })
    }
}

/// The years of the table, and where each zone stands in it.
fn parse(text: &'static str) -> Option<Zones> {
    let mut blocks = text.split("\nzone ");
    let head = blocks.next()?;
    let (first, last) = head.lines().find_map(|line| line.strip_prefix("years "))?.split_once(' ')?;
    let mut by_name = HashMap::new();
    for block in blocks {
        let (names, lines) = block.split_once('\n')?;
        by_name
            .extend(names.trim_end().split(' ').map(|name| (name, Entry { lines, read: OnceLock::new() })));
    }
    Some(Zones { first_year: first.parse().ok()?, last_year: last.parse().ok()?, by_name })
}

fn parse_zone(name: &'static str, lines: &str) -> Option<ZoneData> {
    let (mut starts, mut offsets) = (Vec::new(), Vec::new());
    for line in lines.lines() {
        let (year, rest) = line.split_once(' ')?;
        if year == "first" {
            starts.push(i64::MIN);
            offsets.push(offset(rest)?);
            continue;
        }
        for change in rest.split(' ') {
            let (at, after) = change.split_once('=')?;
            starts.push(moment(year, at)?);
            offsets.push(offset(after)?);
        }
    }
    (starts.first() == Some(&i64::MIN)).then_some(ZoneData { name, starts, offsets })
}

/// `+05:30` in seconds.
fn offset(text: &str) -> Option<i32> {
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = text.get(1..)?.split_once(':')?;
    Some(sign * (hours.parse::<i32>().ok()? * 3_600 + minutes.parse::<i32>().ok()? * 60))
}

/// `07-03T14:00` of a year, in seconds since 1970.
fn moment(year: &str, text: &str) -> Option<i64> {
    let number = |from: usize| text.get(from..from + 2)?.parse::<u8>().ok();
    let date =
        Date::from_calendar_date(year.parse().ok()?, Month::try_from(number(0)?).ok()?, number(3)?).ok()?;
    Some(date.with_hms(number(6)?, number(9)?, 0).ok()?.assume_utc().unix_timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_zone_is_there_in_order_and_within_a_day_of_utc() {
        assert!(ZONES.by_name.len() > 500, "{} zones", ZONES.by_name.len());
        assert!(ZONES.first_year < ZONES.last_year);
        for name in ZONES.by_name.keys() {
            let zone = find(name).unwrap();
            assert_eq!(zone.starts.len(), zone.offsets.len());
            assert!(zone.starts.is_sorted(), "{name}");
            assert!(zone.offsets.iter().all(|offset| offset.abs() < 86_400), "{name}");
            assert!(zone.starts.windows(2).skip(1).all(|pair| pair[1] - pair[0] > 86_400), "{name}");
        }
    }
}
