//! Rules that give a day for each contract month, such as the last on which it trades.
//!
//! Left out: their text (`rule_text`) and which product has which (`bundled`).

use super::business_days::{self as days, BusinessDays, NoSuchDay};
use super::month::ContractMonth;
use serde::{Deserialize, Serialize};
use time::{Date, Duration, Month, Time, Weekday};

/// One day for each contract month: a day of some month, moved when the exchange is closed on it, and then so many
/// days before it. Written as the table of [rules](super#last-trade-rules) says; `Display` and `FromStr` are inverse.
///
/// ```
/// use time::macros::date;
/// use tradeport_contracts::futures::{DayRule, Weekdays};
/// let rule: DayRule = "3rd Friday of contract month".parse()?;
/// assert_eq!(rule.day("202612".parse()?, &Weekdays)?, date!(2026 - 12 - 18));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DayRule {
    pub(super) anchor: Anchor,
    pub(super) months_later: i8,
    pub(super) if_closed: IfClosed,
    pub(super) before: Before,
}

/// Which day of a month a rule starts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Anchor {
    /// A day by its number, 1 to 28.
    Day(u8),
    /// The first to fourth of a day of the week.
    Weekday(u8, Weekday),
    /// The last of a day of the week.
    LastWeekday(Weekday),
    /// The first to fifteenth business day.
    BusinessDay(u8),
    /// A business day counted from the end: 1 is the last, up to 20.
    LastBusinessDay(u8),
    /// The last business day, but in December the one before it. Brent ends so: CME Group, contract specification of
    /// Brent Last Day Financial futures, "termination of trading" of the February contract.
    LastBusinessDayNotOfYear,
    /// The last Thursday; in November the one before Thanksgiving; and a week earlier while it or one of the four
    /// weekdays before it is a holiday. CME Rulebook, chapter 102, Feeder Cattle futures.
    UndisturbedThursday,
}

/// What becomes of a rule's first day when the exchange is closed on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IfClosed {
    /// Days before it are counted from it all the same; where none are, the business day before it.
    CountFromIt,
    /// The business day before it.
    DayBefore,
    /// The business day after it.
    DayAfter,
}

/// How far before a rule's first day its day lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Before {
    /// Not at all.
    Nothing,
    /// So many business days, 1 to 40.
    BusinessDays(u8),
    /// So many days, 1 to 60; when the exchange is closed on that day, the business day before it.
    Days(u8),
}

/// The parts do not make a rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotADayRule {
    /// A number is outside of its range.
    #[error("{what} of {given} does not exist in every month: expected {least} to {most}")]
    OutOfRange {
        /// What was counted.
        what: &'static str,
        /// The number.
        given: i16,
        /// The smallest that is accepted.
        least: i16,
        /// The largest that is accepted.
        most: i16,
    },
    /// The text is not in the words of rules.
    #[error(
        "{0:?} is not understood as a rule for a day: expected words such as \"3rd Friday of contract month\" or \
         \"3 business days before the 25th of the month before the contract month\""
    )]
    Text(String),
    /// The time of day, or its zone.
    #[error("{0:?} is not a time of day with its zone: expected such as 08:30 America/Chicago")]
    Closing(String),
}

/// The rule gives no day for a month.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{month} has no day that is the {rule}: the calendar ends, or has too few business days there")]
pub struct NoDay {
    month: ContractMonth,
    rule: DayRule,
}

impl DayRule {
    /// A rule from its parts; `months_later` is counted from the contract month, negative for earlier months. Refuses
    /// what some month does not have.
    pub fn new(
        anchor: Anchor,
        months_later: i8,
        if_closed: IfClosed,
        before: Before,
    ) -> Result<Self, NotADayRule> {
        match anchor {
            Anchor::Day(day) => within("a day", i16::from(day), 1, 28)?,
            Anchor::Weekday(nth, _) => within("a weekday", i16::from(nth), 1, 4)?,
            Anchor::BusinessDay(nth) => within("a business day", i16::from(nth), 1, 15)?,
            Anchor::LastBusinessDay(nth) => within("a business day from the end", i16::from(nth), 1, 20)?,
            Anchor::LastWeekday(_) | Anchor::LastBusinessDayNotOfYear | Anchor::UndisturbedThursday => {}
        }
        within("a distance in months", i16::from(months_later), -12, 12)?;
        let if_closed = if anchor.is_business_day() { IfClosed::CountFromIt } else { if_closed };
        let if_closed = match before {
            Before::Nothing => if_closed,
            Before::BusinessDays(count) => {
                within("a distance in business days", i16::from(count), 1, 40)?;
                if_closed
            }
            // The day counted from must itself be one on which something happens.
            Before::Days(count) => {
                within("a distance in days", i16::from(count), 1, 60)?;
                if if_closed == IfClosed::CountFromIt { IfClosed::DayBefore } else { if_closed }
            }
        };
        Ok(Self { anchor, months_later, if_closed, before })
    }

    /// The day for a contract month. Errors: [`NoDay`] when the calendar ends before it, is closed for more than a month
    /// or has too few business days, and at the ends of our time.
    pub fn day(&self, month: ContractMonth, calendar: &dyn BusinessDays) -> Result<Date, NoDay> {
        self.find(month, calendar).map_err(|NoSuchDay| NoDay { month, rule: *self })
    }

    /// Which day of a month it starts from.
    #[must_use]
    pub const fn anchor(&self) -> Anchor {
        self.anchor
    }

    /// How many months after the contract month that month lies; negative for before.
    #[must_use]
    pub const fn months_later(&self) -> i8 {
        self.months_later
    }

    /// What becomes of the first day when the exchange is closed on it.
    #[must_use]
    pub const fn if_closed(&self) -> IfClosed {
        self.if_closed
    }

    /// How far before the first day its day lies.
    #[must_use]
    pub const fn before(&self) -> Before {
        self.before
    }

    /// The rule of a product whose day lies so many business days before that of this rule.
    pub(super) fn earlier_by(&self, business_days: u8) -> Result<Self, NotADayRule> {
        let already = match (self.before, business_days) {
            (_, 0) => return Ok(*self),
            (Before::Nothing, _) => 0,
            (Before::BusinessDays(count), _) => count,
            (Before::Days(_), _) => return Err(NotADayRule::Text(format!("{business_days} before {self}"))),
        };
        // Without days before it, the first day of a rule is moved when it is no business day: keep that.
        let if_closed = match (self.before, self.if_closed) {
            (Before::Nothing, IfClosed::CountFromIt) => IfClosed::DayBefore,
            (_, kept) => kept,
        };
        let count = already.saturating_add(business_days);
        Self::new(self.anchor, self.months_later, if_closed, Before::BusinessDays(count))
    }

    fn find(&self, month: ContractMonth, calendar: &dyn BusinessDays) -> Result<Date, NoSuchDay> {
        let month = month.plus(i32::from(self.months_later)).ok_or(NoSuchDay)?;
        let first = self.anchor.day(month, calendar)?;
        let first = match self.if_closed {
            IfClosed::CountFromIt => first,
            IfClosed::DayBefore => days::at_or_before(calendar, first)?,
            IfClosed::DayAfter => days::at_or_after(calendar, first)?,
        };
        match self.before {
            Before::Nothing => days::at_or_before(calendar, first),
            Before::BusinessDays(count) => days::before(calendar, first, count),
            Before::Days(count) => {
                let day = first.checked_sub(Duration::days(i64::from(count))).ok_or(NoSuchDay)?;
                days::at_or_before(calendar, day)
            }
        }
    }
}

impl Anchor {
    /// Is it never a day on which the exchange is closed?
    const fn is_business_day(self) -> bool {
        !matches!(self, Self::Day(_) | Self::Weekday(..) | Self::LastWeekday(_))
    }

    fn day(self, month: ContractMonth, calendar: &dyn BusinessDays) -> Result<Date, NoSuchDay> {
        match self {
            Self::Day(day) => month.first_day().replace_day(day).map_err(|_reason| NoSuchDay),
            Self::Weekday(nth, weekday) => nth_weekday(month, nth, weekday),
            Self::LastWeekday(weekday) => last_weekday(month, weekday),
            Self::BusinessDay(nth) => days::nth_of(calendar, month, nth),
            Self::LastBusinessDay(nth) => days::nth_last_of(calendar, month, nth),
            Self::LastBusinessDayNotOfYear => {
                let nth = if month.month() == Month::December { 2 } else { 1 };
                days::nth_last_of(calendar, month, nth)
            }
            Self::UndisturbedThursday => undisturbed_thursday(month, calendar),
        }
    }
}

fn within(what: &'static str, given: i16, least: i16, most: i16) -> Result<(), NotADayRule> {
    if (least..=most).contains(&given) {
        return Ok(());
    }
    Err(NotADayRule::OutOfRange { what, given, least, most })
}

fn nth_weekday(month: ContractMonth, nth: u8, weekday: Weekday) -> Result<Date, NoSuchDay> {
    let first = month.first_day();
    let first = if first.weekday() == weekday { first } else { first.next_occurrence(weekday) };
    let weeks = i64::from(nth.saturating_sub(1));
    first.checked_add(Duration::weeks(weeks)).ok_or(NoSuchDay)
}

fn last_weekday(month: ContractMonth, weekday: Weekday) -> Result<Date, NoSuchDay> {
    let fourth = nth_weekday(month, 4, weekday)?;
    let fifth = fourth.checked_add(Duration::WEEK).ok_or(NoSuchDay)?;
    Ok(if fifth <= month.last_day() { fifth } else { fourth })
}

fn undisturbed_thursday(month: ContractMonth, calendar: &dyn BusinessDays) -> Result<Date, NoSuchDay> {
    let mut thursday = if month.month() == Month::November {
        nth_weekday(month, 3, Weekday::Thursday)?
    } else {
        last_weekday(month, Weekday::Thursday)?
    };
    // Thursday itself, then Wednesday, Tuesday, Monday and the Friday before.
    const DAYS_BACK: [i64; 5] = [0, 1, 2, 3, 6];
    while month.first_day() <= thursday {
        let mut open = true;
        for back in DAYS_BACK {
            let day = thursday.checked_sub(Duration::days(back)).ok_or(NoSuchDay)?;
            open &= calendar.is_business_day(day).ok_or(NoSuchDay)?;
        }
        if open {
            return Ok(thursday);
        }
        thursday = thursday.checked_sub(Duration::WEEK).ok_or(NoSuchDay)?;
    }
    Err(NoSuchDay)
}

/// When on its last day a contract stops trading: a time of day in a zone of the IANA database.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Closing {
    time: Time,
    zone: String,
}

impl Closing {
    /// Refuses zones that are not names such as `America/Chicago`. Whether the zone exists is for the calendar to say.
    pub fn new(time: Time, zone: &str) -> Result<Self, NotADayRule> {
        let good = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'/' | b'_' | b'-' | b'+');
        let starts = zone.bytes().next().is_some_and(|c| c.is_ascii_alphabetic());
        // Whole minutes: the text has no seconds.
        let whole = time.second() == 0 && time.nanosecond() == 0;
        if !starts || zone.len() > 40 || !zone.bytes().all(good) || !whole {
            return Err(NotADayRule::Closing(format!(
                "{time} {}",
                zone.chars().take(40).collect::<String>()
            )));
        }
        Ok(Self { time, zone: zone.to_owned() })
    }

    /// The time of day there.
    #[must_use]
    pub const fn time(&self) -> Time {
        self.time
    }

    /// The name of the zone.
    #[must_use]
    pub fn zone(&self) -> &str {
        &self.zone
    }
}

/// When a contract last trades: the day, and the time on it where that is not simply the end of the session.
///
/// ```
/// use time::macros::time;
/// use tradeport_contracts::futures::{Closing, LastTradeRule};
///
/// let chicago = Closing::new(time!(08:30), "America/Chicago")?;
/// let rule = LastTradeRule::new("3rd Friday of contract month".parse()?, Some(chicago));
/// assert_eq!(rule.to_string(), "3rd Friday of contract month, 08:30 America/Chicago");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LastTradeRule {
    day: DayRule,
    closing: Option<Closing>,
}

impl LastTradeRule {
    /// A rule from its day and its time; `None` for the end of the session.
    #[must_use]
    pub const fn new(day: DayRule, closing: Option<Closing>) -> Self {
        Self { day, closing }
    }

    /// The day.
    #[must_use]
    pub const fn day(&self) -> &DayRule {
        &self.day
    }

    /// The time on that day, where it is not the end of the session.
    #[must_use]
    pub const fn closing(&self) -> Option<&Closing> {
        self.closing.as_ref()
    }
}
