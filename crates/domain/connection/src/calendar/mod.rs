//! When the link is expected to go away: the daily restart of the broker's program, the broker's own resets by region, the
//! weekend, and the weekly sign-in.
//!
//! Windows are local times of day in a zone, so they move with daylight saving. A start that happens twice counts from the
//! first time, an end to the second; one that never happens is as far behind the change of the clocks as it would have
//! been. Beyond the years that the zones are known for there are no windows.
//!
//! Left out: what is done about a window, which is the supervisor's.

mod rule;
mod table;

pub use rule::{NotAnOutage, OutageKind, OutageRule};
pub use table::{Edition, Region, documented};

use std::time::Duration;
use time::{Date, Time};
use tradeport_kernel::{TimeRange, Timestamp, Zone};

/// A stretch in which the link is expected to go away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outage {
    /// Why; of several at once, the one that asks most of people.
    pub kind: OutageKind,
    /// From when to when; windows that touch are one.
    pub range: TimeRange,
}

/// When outages are expected.
#[derive(Clone, Debug, Default)]
pub struct OutageCalendar {
    rules: Vec<OutageRule>,
}

impl OutageCalendar {
    /// Of these rules.
    #[must_use]
    pub const fn new(rules: Vec<OutageRule>) -> Self {
        Self { rules }
    }

    /// The daily restart at 23:55 for ten minutes in the zone of the broker's program, and what the broker has announced
    /// for the region of the account.
    #[must_use]
    pub fn usual(zone: Zone, region: Region) -> Self {
        let start = Time::from_hms(23, 55, 0).expect("23:55 is a time of day");
        let end = Time::from_hms(0, 5, 0).expect("00:05 is a time of day");
        let mut rules = vec![OutageRule::daily(OutageKind::DailyRestart, start, end, zone)];
        rules.extend(documented(Edition::Newer, region));
        Self { rules }
    }

    /// The outage that `now` lies in, whole.
    #[must_use]
    pub fn at(&self, now: Timestamp) -> Option<Outage> {
        let around = self.around(now);
        let mut found: Option<Outage> = None;
        for outage in around.iter().filter(|it| it.range.contains(now)) {
            found = Some(found.map_or(*outage, |sofar| joined(sofar, *outage)));
        }
        let mut whole = found?;
        // Windows that touch it, on both sides, until none does.
        loop {
            let touching = |it: &&Outage| {
                let (one, other) = (it.range, whole.range);
                one.start() <= other.end()
                    && other.start() <= one.end()
                    && (one.start() < other.start() || one.end() > other.end() || it.kind > whole.kind)
            };
            match around.iter().find(touching) {
                Some(more) => whole = joined(whole, *more),
                None => return Some(whole),
            }
        }
    }

    /// The first outage that begins after `now`.
    #[must_use]
    pub fn next(&self, now: Timestamp) -> Option<Outage> {
        let first = self.around(now).into_iter().filter(|it| it.range.start() > now);
        let first = first.min_by_key(|it| it.range.start())?;
        self.at(first.range.start())
    }

    /// The outage for which orders are held: it is under way, or begins within `before`.
    #[must_use]
    pub fn holding(&self, now: Timestamp, before: Duration) -> Option<Outage> {
        let near = |it: &Outage| it.range.start().before(before) <= now;
        self.at(now).or_else(|| self.next(now).filter(near))
    }

    /// Every window of the days around a moment: a week ahead, for those that come once a week.
    fn around(&self, now: Timestamp) -> Vec<Outage> {
        let mut found = Vec::new();
        for rule in &self.rules {
            let Ok((today, _)) = rule.zone().local(now) else { continue };
            let mut date = earlier(today, 3);
            for _ in 0..13 {
                found.extend(rule.on(date));
                let Some(next) = date.next_day() else { break };
                date = next;
            }
        }
        found.retain(|it| it.range.start() < it.range.end());
        found
    }
}

fn earlier(date: Date, days: i64) -> Date {
    date.checked_sub(time::Duration::days(days)).unwrap_or(date)
}

fn joined(one: Outage, other: Outage) -> Outage {
    let start = one.range.start().min(other.range.start());
    let end = one.range.end().max(other.range.end());
    Outage { kind: one.kind.max(other.kind), range: TimeRange::new(start, end) }
}

impl Outage {
    /// How long it takes.
    #[must_use]
    pub fn length(&self) -> Duration {
        self.range.end().since(self.range.start())
    }
}

#[cfg(test)]
mod tests;
