//! A calendar as text: its zone, the regular week of each stretch of years, and the days that differ.
//!
//! ```text
//! calendar XTKS
//! source exchange_calendars 4.13.2
//! zone Asia/Tokyo
//! alias JPX                                        other names, if any
//! projected 2026-01-01                             from here on holidays are foreseen, not announced
//! gap …                                            where the source is known to differ from the exchange
//! hours regular 1997-01-01 2040-12-31              regular, extended or overnight; first and last day known
//! week 1997-01-01 mon-fri 09:00-11:30 12:30-15:00  from this day on; `<` is the day before, `>` the day after
//! closed 1997 01-01 01-02                          month and day
//! open 1997 early 09:00-11:00 on 12-30             with `early` and `late` where it closes or opens at another hour
//! ```
//!
//! Left out: moments in UTC, which [`super::expand`] makes of it.

use super::Hours;
use std::collections::BTreeMap;
use time::{Date, Month, Weekday};

/// More stretches than any day has: a table beyond it is refused, not stored.
const MOST_STRETCHES: usize = 12;
/// As many days as a table may span.
const MOST_DAYS: i32 = 366 * 200;

/// A stretch of a day, in minutes from the midnight that starts it: negative on the day before.
pub(super) type Stretch = (i32, i32);

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct DayPlan {
    pub(super) stretches: Vec<Stretch>,
    pub(super) early: bool,
    pub(super) late: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) hours: Hours,
    pub(super) first: Date,
    pub(super) last: Date,
    /// For each weekday, Monday first: the day from which each plan holds.
    weeks: [Vec<(Date, DayPlan)>; 7],
    exceptions: BTreeMap<Date, DayPlan>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) zone: String,
    pub(super) source: String,
    pub(super) aliases: Vec<String>,
    pub(super) projected: Option<Date>,
    pub(super) gaps: Vec<String>,
    pub(super) parts: Vec<Part>,
}

/// The text is not a calendar: what is wrong, and in which line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {what}", place = place(*line))]
pub struct NotACalendar {
    /// From 1; 0 when no single line is to blame.
    pub(super) line: usize,
    pub(super) what: String,
}

fn place(line: usize) -> String {
    if line == 0 { "the calendar as a whole".to_owned() } else { format!("line {line} of the calendar") }
}

type Parsed<T> = Result<T, String>;

impl Part {
    /// What is planned for a date; nothing when it is closed.
    pub(super) fn plan(&self, date: Date) -> Option<&DayPlan> {
        let plan = self.exceptions.get(&date).or_else(|| self.regular(date))?;
        (!plan.stretches.is_empty()).then_some(plan)
    }

    fn regular(&self, date: Date) -> Option<&DayPlan> {
        let week = &self.weeks[usize::from(date.weekday().number_days_from_monday())];
        let known = week.partition_point(|(from, _)| *from <= date);
        week[..known].last().map(|(_, plan)| plan)
    }

    /// The earliest minute at which any day opens; negative when that is on the day before.
    pub(super) fn earliest_open(&self) -> i32 {
        let regular = self.weeks.iter().flatten().map(|(_, plan)| plan);
        let plans = regular.chain(self.exceptions.values());
        plans.flat_map(|plan| &plan.stretches).map(|(open, _)| *open).min().unwrap_or(0)
    }
}

impl Table {
    pub(super) fn parse(text: &str) -> Result<Self, NotACalendar> {
        let mut table = Self::default();
        for (index, line) in text.lines().enumerate() {
            let wrong = |what| NotACalendar { line: index + 1, what };
            let line = line.trim();
            if !line.is_empty() && !line.starts_with('#') {
                table.take(line).map_err(wrong)?;
            }
        }
        let missing = [("calendar", table.name.is_empty()), ("zone", table.zone.is_empty())];
        let missing = missing.into_iter().find(|(_, missing)| *missing).map(|(word, _)| word);
        let missing = missing.or_else(|| table.parts.is_empty().then_some("hours"));
        match missing {
            Some(word) => {
                Err(NotACalendar { line: text.lines().count(), what: format!("there is no line `{word}`") })
            }
            None => Ok(table),
        }
    }

    fn take(&mut self, line: &str) -> Parsed<()> {
        let (word, rest) = line.split_once(' ').ok_or_else(|| format!("{} stands alone", shown(line)))?;
        match word {
            "calendar" => rest.clone_into(&mut self.name),
            "zone" => rest.clone_into(&mut self.zone),
            "source" => rest.clone_into(&mut self.source),
            "alias" => self.aliases.extend(rest.split(' ').map(str::to_owned)),
            "projected" => self.projected = Some(date(rest)?),
            "gap" => self.gaps.push(rest.to_owned()),
            "hours" => self.parts.push(part(rest)?),
            "week" => self.part()?.week(rest)?,
            "closed" => self.part()?.closed(rest)?,
            "open" => self.part()?.open(rest)?,
            other => return Err(format!("{} is not a word of calendars", shown(other))),
        }
        Ok(())
    }

    fn part(&mut self) -> Parsed<&mut Part> {
        self.parts.last_mut().ok_or_else(|| "there are days before the line `hours`".to_owned())
    }
}

impl Part {
    fn week(&mut self, text: &str) -> Parsed<()> {
        let mut words = text.split(' ');
        let from = date(words.next().unwrap_or_default())?;
        let days = weekdays(words.next().unwrap_or_default())?;
        let plan = DayPlan { stretches: stretches(words)?, ..DayPlan::default() };
        for day in days {
            let week = &mut self.weeks[day];
            if week.last().is_some_and(|(before, _)| *before >= from) {
                return Err(format!("the week from {from} does not follow the one before it"));
            }
            week.push((from, plan.clone()));
        }
        Ok(())
    }

    fn closed(&mut self, text: &str) -> Parsed<()> {
        let (year, days) = text.split_once(' ').ok_or("there is no day")?;
        self.except(year, days, &DayPlan::default())
    }

    fn open(&mut self, text: &str) -> Parsed<()> {
        let (plan, days) = text.split_once(" on ").ok_or("there is no `on`")?;
        let mut words = plan.split(' ').peekable();
        let year = words.next().unwrap_or_default();
        let early = words.next_if_eq(&"early").is_some();
        let late = words.next_if_eq(&"late").is_some();
        self.except(year, days, &DayPlan { stretches: stretches(words)?, early, late })
    }

    fn except(&mut self, year: &str, days: &str, plan: &DayPlan) -> Parsed<()> {
        for day in days.split(' ') {
            let date = date(&format!("{year}-{day}"))?;
            if self.exceptions.insert(date, plan.clone()).is_some() {
                return Err(format!("{date} is given twice"));
            }
        }
        Ok(())
    }
}

fn part(text: &str) -> Parsed<Part> {
    let words: Vec<&str> = text.split(' ').collect();
    let [hours, first, last] = words[..] else { return Err("expected `hours KIND FIRST LAST`".to_owned()) };
    let hours = match hours {
        "regular" => Hours::Regular,
        "extended" => Hours::Extended,
        "overnight" => Hours::Overnight,
        other => return Err(format!("{} is not regular, extended or overnight", shown(other))),
    };
    let (first, last) = (date(first)?, date(last)?);
    if last < first || last.to_julian_day() - first.to_julian_day() > MOST_DAYS {
        return Err(format!("{first} to {last} is not a range of days of at most 200 years"));
    }
    Ok(Part { hours, first, last, weeks: Default::default(), exceptions: BTreeMap::new() })
}

fn weekdays(text: &str) -> Parsed<Vec<usize>> {
    let refuse = || format!("{} is not a list of weekdays such as mon-fri,sun", shown(text));
    let mut found = Vec::new();
    for piece in text.split(',') {
        let (from, to) = piece.split_once('-').unwrap_or((piece, piece));
        let (from, to) = (weekday(from).ok_or_else(refuse)?, weekday(to).ok_or_else(refuse)?);
        found.extend(from..=to);
    }
    Ok(found)
}

fn weekday(text: &str) -> Option<usize> {
    const NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    debug_assert_eq!(Weekday::Monday.number_days_from_monday(), 0);
    NAMES.iter().position(|name| *name == text)
}

fn stretches<'a>(words: impl Iterator<Item = &'a str>) -> Parsed<Vec<Stretch>> {
    let mut found: Vec<Stretch> = Vec::new();
    for word in words {
        if word == "closed" && found.is_empty() {
            continue;
        }
        let refuse = || format!("{} is not a stretch such as 09:30-16:00", shown(word));
        let (open, close) = word.split_once('-').ok_or_else(refuse)?;
        let (open, close) = (minutes(open).ok_or_else(refuse)?, minutes(close).ok_or_else(refuse)?);
        if close <= open || found.last().is_some_and(|(_, before)| open < *before) {
            return Err(format!("the stretch {word} is empty or does not follow the one before it"));
        }
        if found.len() == MOST_STRETCHES {
            return Err(format!("a day has more than {MOST_STRETCHES} stretches"));
        }
        found.push((open, close));
    }
    Ok(found)
}

/// `<17:00`, `09:30`, `>00:00` in minutes; up to three days away.
fn minutes(text: &str) -> Option<i32> {
    let clock = text.trim_start_matches(['<', '>']);
    let away = i32::try_from(text.len() - clock.len()).ok().filter(|days| *days <= 3)?;
    let days = if text.starts_with('<') { -away } else { away };
    let (hours, minutes) = clock.split_once(':')?;
    let (hours, minutes): (u8, u8) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours < 24 && minutes < 60).then(|| days * 1_440 + i32::from(hours) * 60 + i32::from(minutes))
}

fn date(text: &str) -> Parsed<Date> {
    parse_date(text).ok_or_else(|| format!("{} is not a day such as 2025-01-31", shown(text)))
}

fn parse_date(text: &str) -> Option<Date> {
    let mut numbers = text.splitn(3, '-');
    let year: u16 = numbers.next()?.parse().ok()?;
    let month: u8 = numbers.next()?.parse().ok()?;
    let day: u8 = numbers.next()?.parse().ok()?;
    Date::from_calendar_date(i32::from(year), Month::try_from(month).ok()?, day).ok()
}

/// At most so much of a bad text that a message stays readable.
pub(super) fn shown(text: &str) -> String {
    format!("{:?}", text.chars().take(40).collect::<String>())
}

#[cfg(test)]
#[path = "table_tests.rs"]
mod tests;
