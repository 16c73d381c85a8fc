//! What the calendar says about now, looked up only when it changes.

use crate::calendar::{Outage, OutageCalendar};
use std::time::Duration;
use tradeport_kernel::Timestamp;

/// The outage that is near or under way, and the next.
#[derive(Clone, Debug)]
pub(super) struct Outlook {
    calendar: OutageCalendar,
    hold_before: Duration,
    now: Option<Outage>,
    next: Option<Outage>,
    /// The outage that ended last.
    last: Option<Outage>,
    /// Until when all that holds.
    until: Timestamp,
    drained: Option<Timestamp>,
}

impl Outlook {
    pub(super) const fn new(calendar: OutageCalendar, hold_before: Duration) -> Self {
        Self {
            calendar,
            hold_before,
            now: None,
            next: None,
            last: None,
            until: Timestamp::MIN,
            drained: None,
        }
    }

    /// Brings it up to date.
    pub(super) fn look(&mut self, now: Timestamp) {
        if now < self.until {
            return;
        }
        // Whatever was there is over, or has grown with what touches it.
        let before = self.now.or(self.next.filter(|it| it.range.end() <= now));
        self.now = self.calendar.at(now);
        if let Some(ended) = before.filter(|it| it.range.end() <= now) {
            self.last = Some(ended);
        }
        let from = self.now.map_or(now, |it| it.range.end().before(Duration::from_nanos(1)));
        self.next = self.calendar.next(from.max(now));
        self.until = match (self.now, self.next) {
            (Some(outage), _) => outage.range.end(),
            (None, Some(next)) => next.range.start(),
            (None, None) => Timestamp::MAX,
        };
    }

    /// The outage that is under way.
    pub(super) fn within(&self, now: Timestamp) -> Option<Outage> {
        self.now.filter(|it| it.range.contains(now)).or_else(|| self.next.filter(|it| it.range.contains(now)))
    }

    pub(super) const fn next(&self) -> Option<Outage> {
        self.next
    }

    /// The outage for which orders are held: it is under way or near.
    pub(super) fn holding(&self, now: Timestamp) -> Option<Outage> {
        let near = |it: &Outage| it.range.start().before(self.hold_before) <= now && now < it.range.end();
        self.within(now).or_else(|| self.next.filter(near))
    }

    /// The same, whether or not it was brought up to date: what is written must be right at its own moment.
    pub(super) fn holding_at(&self, now: Timestamp) -> Option<Outage> {
        self.seen_at(now, |outlook| outlook.holding(now))
    }

    /// The end of the last outage when none is under way now, whether or not it was brought up to date.
    pub(super) fn over_at(&self, now: Timestamp) -> Option<Timestamp> {
        let over = |outlook: &Self| outlook.last.filter(|_| outlook.within(now).is_none());
        self.seen_at(now, over).map(|it| it.range.end())
    }

    fn seen_at<T>(&self, now: Timestamp, see: impl FnOnce(&Self) -> T) -> T {
        if now < self.until {
            return see(self);
        }
        let mut fresh = self.clone();
        fresh.look(now);
        see(&fresh)
    }

    /// The outage that ended at most so long ago.
    pub(super) fn just_over(&self, now: Timestamp, grace: Duration) -> Option<Outage> {
        self.last.filter(|it| it.range.end() <= now && now.since(it.range.end()) < grace)
    }

    /// The outage before which the time to drain has come; told once.
    pub(super) fn take_drain(&mut self, now: Timestamp) -> Option<Outage> {
        let outage = self.holding(now).filter(|it| now < it.range.start())?;
        (self.drained.replace(outage.range.start()) != Some(outage.range.start())).then_some(outage)
    }

    pub(super) fn next_deadline(&self, now: Timestamp, grace: Duration) -> Timestamp {
        let near = self.next.map(|it| it.range.start().before(self.hold_before)).filter(|at| *at > now);
        let graced = self.last.map(|it| it.range.end().after(grace)).filter(|at| *at > now);
        [near, graced].into_iter().flatten().fold(self.until, Timestamp::min)
    }
}
