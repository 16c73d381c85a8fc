//! A market's calendar: its regular hours, and those around them where they are known.

use super::schedule::{BeyondCalendar, Schedule};
use super::table::{NotACalendar, Table};
use super::trading_day::TradingDay;
use super::{Hours, bundled, expand};
use std::sync::Arc;
use time::Date;
use tradeport_kernel::Timestamp;
use tradeport_kernel::Zone;

/// When a market trades. Questions without further words are about its regular hours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    pub(super) name: Arc<str>,
    pub(super) source: String,
    pub(super) gaps: Vec<String>,
    pub(super) zone: Zone,
    pub(super) projected: Option<Date>,
    pub(super) regular: Schedule,
    pub(super) extended: Option<Schedule>,
    pub(super) overnight: Option<Schedule>,
}

/// No calendar of this name is bundled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is not a calendar: expected an exchange by its ISO code such as XNYS, or a product group such as CME_Equity"
)]
pub struct UnknownCalendar(pub(super) String);

/// The calendar does not say when these hours are.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the {hours} hours of {calendar} are not known; the broker's trading hours would tell")]
pub struct HoursUnknown {
    calendar: Arc<str>,
    hours: Hours,
}

impl Calendar {
    /// The bundled calendar of this name: an ISO 10383 code, a product group, or another name of it (`NYSE`).
    ///
    /// ```
    /// use tradeport_contracts::calendar::Calendar;
    /// let tokyo = Calendar::named("XTKS")?;
    /// let lunch = "2025-06-02T03:00:00Z".parse()?;
    /// assert!(!tokyo.is_open(lunch)?);
    /// assert_eq!(tokyo.next_open(lunch)?.to_string(), "2025-06-02T03:30:00Z");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn named(name: &str) -> Result<&'static Self, UnknownCalendar> {
        bundled::find(name).ok_or_else(|| UnknownCalendar(name.chars().take(60).collect()))
    }

    /// The names of all bundled calendars, in order.
    pub fn names() -> impl Iterator<Item = &'static str> {
        bundled::names()
    }

    /// A calendar from a table of your own, in the format of the bundled ones.
    ///
    /// ```
    /// use tradeport_contracts::calendar::Calendar;
    /// let mine = Calendar::parse(
    ///     "calendar MINE\n\
    ///      zone Europe/Berlin\n\
    ///      hours regular 2025-01-01 2025-12-31\n\
    ///      week 2025-01-01 mon-fri 09:00-12:00 13:00-17:30\n\
    ///      closed 2025 01-01 12-25 12-26\n\
    ///      open 2025 early 09:00-12:00 on 12-24 12-31\n",
    /// )?;
    /// assert!(mine.is_open("2025-07-01T11:00:00Z".parse()?)?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, NotACalendar> {
        Self::of_table(Table::parse(text)?)
    }

    fn of_table(table: Table) -> Result<Self, NotACalendar> {
        let zone = expand::zone(&table.zone)?;
        let name: Arc<str> = table.name.into();
        let schedule = |hours: Hours| {
            let part = table.parts.iter().find(|part| part.hours == hours);
            part.map(|part| expand::part(part, &name, zone, table.projected)).transpose()
        };
        let missing = || NotACalendar { line: 0, what: "there are no regular hours".to_owned() };
        Ok(Self {
            regular: schedule(Hours::Regular)?.ok_or_else(missing)?,
            extended: schedule(Hours::Extended)?,
            overnight: schedule(Hours::Overnight)?,
            source: table.source,
            gaps: table.gaps,
            projected: table.projected,
            zone,
            name,
        })
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The clock by which it opens and closes.
    #[must_use]
    pub const fn zone(&self) -> Zone {
        self.zone
    }

    /// What it was made from, in words.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Where its source is known to differ from what the exchange did, in words.
    #[must_use]
    pub fn gaps(&self) -> &[String] {
        &self.gaps
    }

    /// The first day whose holidays are foreseen by rules rather than announced; `None` when nothing is foreseen.
    #[must_use]
    pub const fn projected_from(&self) -> Option<Date> {
        self.projected
    }

    /// The hours of one kind.
    pub fn hours(&self, hours: Hours) -> Result<&Schedule, HoursUnknown> {
        let found = match hours {
            Hours::Regular => Some(&self.regular),
            Hours::Extended => self.extended.as_ref(),
            Hours::Overnight => self.overnight.as_ref(),
        };
        found.ok_or_else(|| HoursUnknown { calendar: self.name.clone(), hours })
    }

    /// The regular hours.
    #[must_use]
    pub const fn regular(&self) -> &Schedule {
        &self.regular
    }

    /// Is the market within its regular hours? See [`Schedule::is_open`].
    pub fn is_open(&self, at: Timestamp) -> Result<bool, BeyondCalendar> {
        self.regular.is_open(at)
    }

    /// The trading day to which a moment belongs. See [`Schedule::trading_day_of`].
    pub fn trading_day_of(&self, at: Timestamp) -> Result<Option<TradingDay<'_>>, BeyondCalendar> {
        self.regular.trading_day_of(at)
    }

    /// The trading day with a date. See [`Schedule::trading_day_on`].
    pub fn trading_day_on(&self, day: Date) -> Result<Option<TradingDay<'_>>, BeyondCalendar> {
        self.regular.trading_day_on(day)
    }

    /// When regular trading begins next. See [`Schedule::next_open`].
    pub fn next_open(&self, at: Timestamp) -> Result<Timestamp, BeyondCalendar> {
        self.regular.next_open(at)
    }

    /// When regular trading ends next. See [`Schedule::next_close`].
    pub fn next_close(&self, at: Timestamp) -> Result<Timestamp, BeyondCalendar> {
        self.regular.next_close(at)
    }
}
