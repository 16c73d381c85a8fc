//! One calendar out of two: what a broker says of the next weeks, and a bundled table for the time around them.
//!
//! Left out: choosing the table, which is [`super::Listing`]'s.

use super::market_calendar::Calendar;
use super::schedule::Schedule;
use super::trading_day::{DayRecord, TradingDay};
use crate::{NotSessions, Session, TradingSessions};
use tradeport_kernel::TimeRange;

/// Days of a schedule while it is put together.
#[derive(Default)]
struct Days {
    records: Vec<DayRecord>,
    sessions: Vec<Session>,
}

impl Days {
    fn push(&mut self, day: TradingDay<'_>, early: bool, late: bool) {
        let first =
            u32::try_from(self.sessions.len()).expect("two schedules have fewer sessions than 32 bits count");
        let count = u16::try_from(day.sessions().len()).expect("a day has few stretches");
        self.records.push(DayRecord { date: day.date(), first, count, early, late });
        self.sessions.extend_from_slice(day.sessions());
    }
}

impl Calendar {
    /// This calendar, and `base` for every day that it does not know: what a broker says comes first, and a bundled
    /// table tells the rest. Early closes and late opens are told by comparison with `base`.
    ///
    /// Refused when a day of one reaches into a day of the other, as for calendars of two different markets.
    ///
    /// ```
    /// use tradeport_contracts::calendar::Calendar;
    /// let liquid = "20260105:0930-20260105:1600;20260106:CLOSED;20260107:0930-20260107:1600";
    /// let told = Calendar::from_broker("AAPL", "", liquid, "US/Eastern")?;
    /// let apple = told.backed_by(Calendar::named("XNYS")?)?;
    /// assert!(!apple.is_open("2026-01-06T15:00:00Z".parse()?)?, "closed on short notice: the broker knows");
    /// assert!(apple.is_open("2026-02-02T15:00:00Z".parse()?)?, "the table knows");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn backed_by(&self, base: &Self) -> Result<Self, NotSessions> {
        let over = |mine: Option<&Schedule>, theirs: Option<&Schedule>| match (mine, theirs) {
            (Some(mine), Some(theirs)) => mine.over(theirs).map(Some),
            (only, None) | (None, only) => Ok(only.cloned()),
        };
        Ok(Self {
            name: self.name.clone(),
            source: format!("{}, else {}", self.source, base.source),
            gaps: base.gaps.clone(),
            zone: self.zone,
            projected: base.projected,
            regular: self.regular.over(&base.regular)?,
            extended: over(self.extended.as_ref(), base.extended.as_ref())?,
            overnight: over(self.overnight.as_ref(), base.overnight.as_ref())?,
        })
    }
}

impl Schedule {
    /// These days where they are known, those of `base` elsewhere; these alone when the two do not meet.
    fn over(&self, base: &Self) -> Result<Self, NotSessions> {
        let apart = self.known.start() > base.known.end() || base.known.start() > self.known.end();
        if apart {
            return Ok(self.clone());
        }
        let mut days = Days::default();
        for day in base.all_trading_days().filter(|day| day.date() < self.first) {
            days.push(day, day.closes_early(), day.opens_late());
        }
        for day in self.all_trading_days() {
            let usual = base.trading_day_on(day.date()).ok().flatten();
            let early = usual.is_some_and(|usual| early(day, usual));
            let late = usual.is_some_and(|usual| late(day, usual));
            days.push(day, early, late);
        }
        for day in base.all_trading_days().filter(|day| day.date() > self.last) {
            days.push(day, day.closes_early(), day.opens_late());
        }
        let start = self.known.start().min(base.known.start());
        let end = self.known.end().max(base.known.end());
        Ok(Self {
            calendar: self.calendar.clone(),
            known: TimeRange::new(start, end),
            first: self.first.min(base.first),
            last: self.last.max(base.last),
            projected: base.projected,
            days: days.records.into(),
            sessions: TradingSessions::new(days.sessions)?,
        })
    }
}

fn early(day: TradingDay<'_>, usual: TradingDay<'_>) -> bool {
    day.close() < usual.close() || (day.close() == usual.close() && usual.closes_early())
}

fn late(day: TradingDay<'_>, usual: TradingDay<'_>) -> bool {
    day.open() > usual.open() || (day.open() == usual.open() && usual.opens_late())
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    fn told(liquid: &str) -> Calendar {
        Calendar::from_broker("AAPL", "", liquid, "US/Eastern").unwrap()
    }

    #[test]
    fn the_broker_is_believed_for_its_days_and_the_table_for_the_rest() {
        let base = Calendar::named("XNYS").unwrap();
        let broker =
            told("20251223:0930-20251223:1200;20251224:0930-20251224:1300;20251225:CLOSED;20251226:CLOSED");
        let both = broker.backed_by(base).unwrap();
        let early = |day| both.trading_day_on(day).unwrap().map(|day| day.closes_early());
        assert_eq!(early(date!(2025 - 12 - 22)), Some(false));
        assert_eq!(early(date!(2025 - 12 - 23)), Some(true), "earlier than the table has it");
        assert_eq!(early(date!(2025 - 12 - 24)), Some(true), "as the table has it");
        assert_eq!(early(date!(2025 - 12 - 26)), None);
        assert_eq!(both.regular().known(), base.regular().known());
        let days = |calendar: &Calendar| calendar.regular().all_trading_days().len();
        assert_eq!(days(&both), days(base) - 1);
        assert_eq!(both.name(), "AAPL");
    }

    #[test]
    fn the_broker_reaches_beyond_the_table_and_two_markets_do_not_mix() {
        let base = Calendar::parse(
            "calendar SHORT\nzone America/New_York\nhours regular 2025-01-01 2025-12-23\n\
             week 2025-01-01 mon-fri 09:30-16:00\n",
        );
        let both = told("20251223:0930-20251223:1600;20251224:0930-20251224:1300")
            .backed_by(&base.unwrap())
            .unwrap();
        assert_eq!(both.regular().known_days(), (date!(2025 - 01 - 01), date!(2025 - 12 - 24)));
        assert!(both.is_open("2025-12-24T17:00:00Z".parse().unwrap()).unwrap());
        let futures = Calendar::named("CME_Equity").unwrap();
        let late = told("20251222:0930-20251222:2000;20251223:0930-20251223:2000");
        assert!(late.backed_by(futures).is_err(), "the evening is the next day's for futures");
    }
}
