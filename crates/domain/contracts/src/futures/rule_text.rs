//! The words in which rules for days are written, in files and in answers to people; reading and writing are inverse.
//!
//! Left out: what the rules mean (`day_rule`). The table of forms stands in the manual of `futures`.

use super::day_rule::{Anchor, Before, Closing, DayRule, IfClosed, LastTradeRule, NotADayRule};
use super::spec::LastTrade;
use super::words::Settlement;
use std::fmt;
use std::str::FromStr;
use time::{Time, Weekday};

/// No rule is longer.
const LONGEST: usize = 300;
const UNKNOWN: &str = "unknown";
const DAYS: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

/// Words that are taken one after the other.
struct Words<'a> {
    rest: Vec<&'a str>,
}

impl<'a> Words<'a> {
    fn of(text: &'a str) -> Self {
        Self { rest: text.split_whitespace().rev().collect() }
    }

    fn take<T>(&mut self, read: impl FnOnce(&'a str) -> Option<T>) -> Option<T> {
        let value = read(self.rest.last()?)?;
        self.rest.pop();
        Some(value)
    }

    /// Takes all of these words, or none.
    fn eat(&mut self, words: &str) -> bool {
        let wanted: Vec<&str> = words.split(' ').rev().collect();
        let found = self.rest.ends_with(&wanted);
        if found {
            self.rest.truncate(self.rest.len() - wanted.len());
        }
        found
    }

    fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// Takes what `read` gives, or nothing at all.
    fn attempt<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let all = self.rest.clone();
        let value = read(self);
        if value.is_none() {
            self.rest = all;
        }
        value
    }
}

/// `3` or `3rd`.
fn number(word: &str) -> Option<u8> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let number = digits.parse().ok().filter(|_| digits.bytes().all(|c| c.is_ascii_digit()))?;
    (word == digits || word == ordinal(number)).then_some(number)
}

fn nth(word: &str) -> Option<u8> {
    number(word).filter(|_| word.ends_with(|c: char| c.is_ascii_lowercase()))
}

fn ordinal(number: u8) -> String {
    let ending = match (number % 100, number % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

fn weekday(word: &str) -> Option<Weekday> {
    DAYS.into_iter().find(|day| day.to_string() == word)
}

fn refuse(text: &str) -> NotADayRule {
    NotADayRule::Text(text.chars().take(LONGEST).collect())
}

/// The text outside of its brackets, and what stands within them.
fn brackets(text: &str) -> Option<(String, Option<&str>)> {
    let Some((head, rest)) = text.split_once('(') else {
        return (!text.contains(')')).then(|| (text.to_owned(), None));
    };
    let (inside, tail) = rest.split_once(')')?;
    let more = |text: &str| text.contains(['(', ')']);
    (!more(inside) && !more(tail)).then(|| (format!("{head} {tail}"), Some(inside)))
}

fn day_rule(text: &str) -> Option<Result<DayRule, NotADayRule>> {
    let (outside, inside) = brackets(text)?;
    let mut words = Words::of(&outside);
    let (before, ends_on) = distance(&mut words);
    let anchor = anchor(&mut words)?;
    let months_later = month(&mut words)?;
    let (anchor, if_closed) = exception(inside, anchor, before)?;
    let agrees = match (ends_on, before, anchor) {
        (None, _, _) => true,
        (Some(day), Before::Days(count), Anchor::Weekday(_, first)) => first.nth_prev(count) == day,
        _ => false,
    };
    (words.is_empty() && agrees).then(|| DayRule::new(anchor, months_later, if_closed, before))
}

/// What stands in front of the first day: how long before it, and on which day of the week that is.
fn distance(words: &mut Words<'_>) -> (Before, Option<Weekday>) {
    let business = words.attempt(|words| {
        let count = words.take(number).unwrap_or(1);
        let good = words.eat("business day before")
            || words.eat("business days before")
            || words.eat("exchange days before");
        good.then_some(count)
    });
    if let Some(count) = business {
        return (Before::BusinessDays(count), None);
    }
    let days = words.attempt(|words| {
        let ends_on = words.take(weekday);
        let count = words.take(number)?;
        words.eat("days before").then_some((Before::Days(count), ends_on))
    });
    days.unwrap_or((Before::Nothing, None))
}

fn anchor(words: &mut Words<'_>) -> Option<Anchor> {
    words.eat("the");
    if words.eat("index option expiry") {
        return Some(Anchor::Weekday(3, Weekday::Friday));
    }
    if words.eat("last business day") {
        return Some(Anchor::LastBusinessDay(1));
    }
    if words.eat("last") {
        return words.take(weekday).map(Anchor::LastWeekday);
    }
    let nth = words.take(nth)?;
    if words.eat("last business day") {
        return Some(Anchor::LastBusinessDay(nth));
    }
    if words.eat("business day") {
        return Some(Anchor::BusinessDay(nth));
    }
    if let Some(day) = words.take(weekday) {
        return Some(Anchor::Weekday(nth, day));
    }
    words.eat("day");
    Some(Anchor::Day(nth))
}

fn month(words: &mut Words<'_>) -> Option<i8> {
    if words.is_empty() {
        return Some(0);
    }
    if !words.eat("of") {
        return None;
    }
    words.eat("the");
    if words.eat("contract month") {
        return Some(0);
    }
    if words.eat("following month") || words.eat("next month") {
        return Some(1);
    }
    let count = i8::try_from(words.take(nth).unwrap_or(1)).ok()?;
    if words.eat("month before the contract month") {
        return Some(-count);
    }
    (words.eat("month after the contract month") || words.eat("month after the named month")).then_some(count)
}

/// What stands in brackets.
fn exception(inside: Option<&str>, anchor: Anchor, before: Before) -> Option<(Anchor, IfClosed)> {
    match (inside, anchor, before) {
        (None, ..) => Some((anchor, IfClosed::CountFromIt)),
        (Some("or the business day before it"), ..) => Some((anchor, IfClosed::DayBefore)),
        (Some("or next exchange day" | "or next business day"), ..) => Some((anchor, IfClosed::DayAfter)),
        (Some("holiday exceptions"), Anchor::LastWeekday(Weekday::Thursday), _) => {
            Some((Anchor::UndisturbedThursday, IfClosed::CountFromIt))
        }
        (Some("in December the one before"), Anchor::LastBusinessDay(1), _) => {
            Some((Anchor::LastBusinessDayNotOfYear, IfClosed::CountFromIt))
        }
        (Some(long), Anchor::Day(day), Before::BusinessDays(count)) => {
            let spelled = format!(
                "if the {} is no business day: {count} business days before the business day that precedes it",
                ordinal(day)
            );
            (long == spelled).then_some((anchor, IfClosed::DayBefore))
        }
        _ => None,
    }
}

/// The rule without its time, and the time.
fn closing(text: &str) -> Result<(&str, Option<Closing>), NotADayRule> {
    let mut words = text.rsplitn(3, ' ');
    let (Some(zone), Some(time), Some(day)) = (words.next(), words.next(), words.next()) else {
        return Ok((text, None));
    };
    let Some((hour, minute)) = time.split_once(':') else { return Ok((text, None)) };
    let refuse = || NotADayRule::Closing(format!("{time} {zone}"));
    let two = |text: &str| (text.len() == 2).then(|| text.parse::<u8>().ok()).flatten().ok_or_else(refuse);
    let time = Time::from_hms(two(hour)?, two(minute)?, 0).map_err(|_reason| refuse())?;
    Ok((day.trim_end_matches(','), Some(Closing::new(time, zone)?)))
}

/// A rule as a table of products states it, with the settlement that some of them repeat.
pub(super) fn stated(text: &str) -> Result<(LastTrade, Option<Settlement>), NotADayRule> {
    if text.len() > LONGEST {
        return Err(refuse(text));
    }
    let (head, tail) = text.split_once(';').map_or((text, None), |(head, tail)| (head, Some(tail.trim())));
    let settlement = match tail {
        None => None,
        Some("delivery") => Some(Settlement::Delivery),
        Some("cash" | "cash (opening quotation)") => Some(Settlement::Cash),
        Some(_) => return Err(refuse(text)),
    };
    if head == UNKNOWN {
        return Ok((LastTrade::Unknown, settlement));
    }
    if let Some(like) = like(head) {
        return Ok((like, settlement));
    }
    Ok((LastTrade::Rule(head.parse()?), settlement))
}

/// `as VX`, or `1 business day before the CL last trade day`.
fn like(text: &str) -> Option<LastTrade> {
    let mut words = Words::of(text);
    let name = |word: &str| super::spec::is_name(word).then(|| word.to_owned());
    let like = if words.eat("as") {
        LastTrade::Like { product: words.take(name)?, business_days_before: 0 }
    } else {
        let (Before::BusinessDays(count), None) = distance(&mut words) else { return None };
        words.eat("the");
        let product = words.take(name)?;
        words.eat("last trade day").then_some(LastTrade::Like { product, business_days_before: count })?
    };
    words.is_empty().then_some(like)
}

impl FromStr for DayRule {
    type Err = NotADayRule;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() > LONGEST {
            return Err(refuse(text));
        }
        day_rule(text).ok_or_else(|| refuse(text))?
    }
}

impl FromStr for LastTradeRule {
    type Err = NotADayRule;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() > LONGEST {
            return Err(refuse(text));
        }
        let (day, closing) = closing(text)?;
        Ok(Self::new(day.parse()?, closing))
    }
}

impl FromStr for LastTrade {
    type Err = NotADayRule;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        stated(text).map(|(last_trade, _)| last_trade)
    }
}

impl fmt::Display for Anchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => write!(f, "{} day", ordinal(*day)),
            Self::Weekday(nth, day) => write!(f, "{} {day}", ordinal(*nth)),
            Self::LastWeekday(day) => write!(f, "last {day}"),
            Self::BusinessDay(nth) => write!(f, "{} business day", ordinal(*nth)),
            Self::LastBusinessDay(1) | Self::LastBusinessDayNotOfYear => f.write_str("last business day"),
            Self::LastBusinessDay(nth) => write!(f, "{} last business day", ordinal(*nth)),
            Self::UndisturbedThursday => f.write_str("last Thursday"),
        }
    }
}

impl fmt::Display for DayRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.before {
            Before::Nothing => {}
            Before::BusinessDays(1) => f.write_str("business day before the ")?,
            Before::BusinessDays(count) => write!(f, "{count} business days before the ")?,
            Before::Days(count) => write!(f, "{count} days before the ")?,
        }
        write!(f, "{}", self.anchor)?;
        match self.months_later {
            0 => f.write_str(" of contract month")?,
            1 => f.write_str(" of the following month")?,
            -1 => f.write_str(" of the month before the contract month")?,
            later @ 2.. => {
                write!(f, " of the {} month after the contract month", ordinal(later.unsigned_abs()))?
            }
            earlier => {
                write!(f, " of the {} month before the contract month", ordinal(earlier.unsigned_abs()))?
            }
        }
        match (self.anchor, self.if_closed, self.before) {
            (Anchor::UndisturbedThursday, ..) => f.write_str(" (holiday exceptions)"),
            (Anchor::LastBusinessDayNotOfYear, ..) => f.write_str(" (in December the one before)"),
            (_, IfClosed::CountFromIt, _) => Ok(()),
            (_, IfClosed::DayBefore, _) => f.write_str(" (or the business day before it)"),
            (_, IfClosed::DayAfter, _) => f.write_str(" (or next business day)"),
        }
    }
}

impl fmt::Display for Closing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02} {}", self.time().hour(), self.time().minute(), self.zone())
    }
}

impl fmt::Display for LastTradeRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.day())?;
        self.closing().map_or(Ok(()), |closing| write!(f, ", {closing}"))
    }
}

impl fmt::Display for LastTrade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule(rule) => rule.fmt(f),
            Self::Like { product, business_days_before: 0 } => write!(f, "as {product}"),
            Self::Like { product, business_days_before: count } => {
                let days = if *count == 1 { "day" } else { "days" };
                write!(f, "{count} business {days} before the {product} last trade day")
            }
            Self::Unknown => f.write_str(UNKNOWN),
        }
    }
}

macro_rules! as_text {
    ($($name:ty),+) => {$(
        impl TryFrom<String> for $name {
            type Error = NotADayRule;
            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }
        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.to_string()
            }
        }
    )+};
}
as_text!(DayRule, LastTradeRule, LastTrade);

#[cfg(test)]
mod tests;
