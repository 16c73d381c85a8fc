//! From plans in local time to a schedule in UTC.
//!
//! A time that clocks repeat is its first occurrence; one that they skip moves on by the width of the gap. The bundled
//! tables are made so that this gives back the moments of their source.

use super::schedule::Schedule;
use super::table::{DayPlan, NotACalendar, Part, shown};
use super::trading_day::DayRecord;
use crate::{Session, TradingSessions};
use std::sync::Arc;
use time::Date;
use tradeport_kernel::{BeyondZone, Zone};
use tradeport_kernel::{TimeRange, Timestamp};

/// One day before it is turned into moments.
pub(super) struct PlannedDay<'a> {
    pub(super) date: Date,
    pub(super) plan: &'a DayPlan,
}

/// What a schedule is made of, besides its days.
pub(super) struct Frame {
    pub(super) calendar: Arc<str>,
    pub(super) zone: Zone,
    pub(super) first: Date,
    pub(super) last: Date,
    pub(super) projected: Option<Date>,
    /// How many minutes after midnight the earliest day opens; negative on the evening before.
    pub(super) earliest_open: i32,
}

impl Frame {
    /// What is known begins and ends with the evening that belongs to the next day, where there is one.
    fn known(&self) -> Result<TimeRange, BeyondZone> {
        let lead = i64::from(self.earliest_open.min(0)) * 60;
        let from = self.zone.moment_of(self.first, lead)?.earlier();
        let to = self.zone.moment_of(self.last, 86_400 + lead)?.earlier();
        Ok(TimeRange::new(from, to))
    }

    /// A schedule of these days, which must be in order.
    pub(super) fn schedule<'a>(
        self,
        days: impl Iterator<Item = PlannedDay<'a>>,
    ) -> Result<Schedule, NotACalendar> {
        let wrong = |what: String| NotACalendar { line: 0, what };
        let (mut records, mut sessions) = (Vec::new(), Vec::new());
        for PlannedDay { date, plan } in days {
            let first =
                u32::try_from(sessions.len()).map_err(|_| wrong("there are too many days".to_owned()))?;
            for (open, close) in &plan.stretches {
                let moment = |minutes: i32| self.moment(date, minutes);
                let open = moment(*open).map_err(|error| wrong(error.to_string()))?;
                let close = moment(*close).map_err(|error| wrong(error.to_string()))?;
                sessions.push(Session { open, close });
            }
            let count = u16::try_from(plan.stretches.len()).unwrap_or(u16::MAX);
            records.push(DayRecord { date, first, count, early: plan.early, late: plan.late });
        }
        let known = self.known().map_err(|error| wrong(error.to_string()))?;
        let sessions = TradingSessions::new(sessions).map_err(|error| wrong(error.to_string()))?;
        let Self { calendar, first, last, projected, .. } = self;
        Ok(Schedule { calendar, known, first, last, projected, days: records.into(), sessions })
    }

    fn moment(&self, date: Date, minutes: i32) -> Result<Timestamp, BeyondZone> {
        Ok(self.zone.moment_of(date, i64::from(minutes) * 60)?.earlier())
    }
}

/// The schedule of one part of a table.
pub(super) fn part(
    part: &Part,
    name: &Arc<str>,
    zone: Zone,
    projected: Option<Date>,
) -> Result<Schedule, NotACalendar> {
    let frame = Frame {
        calendar: name.clone(),
        zone,
        first: part.first,
        last: part.last,
        projected,
        earliest_open: part.earliest_open(),
    };
    let days =
        std::iter::successors(Some(part.first), |day| day.next_day()).take_while(|day| *day <= part.last);
    frame.schedule(days.filter_map(|date| part.plan(date).map(|plan| PlannedDay { date, plan })))
}

/// The zone of a table.
pub(super) fn zone(name: &str) -> Result<Zone, NotACalendar> {
    let wrong = |_| NotACalendar { line: 0, what: format!("{} is not a time zone", shown(name)) };
    Zone::named(name).map_err(wrong)
}
