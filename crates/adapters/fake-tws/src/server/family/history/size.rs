//! The sizes of bars, and how long a time is asked for, in the API's words.

use time::{Date, Duration};

/// How long a bar is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BarSize {
    /// So many seconds, less than a day.
    Seconds(i64),
    /// A day of trading.
    Day,
    /// From Monday to Sunday.
    Week,
    /// A month of the calendar.
    Month,
}

const ALL: [(&str, BarSize); 23] = [
    ("1 secs", BarSize::Seconds(1)),
    ("5 secs", BarSize::Seconds(5)),
    ("10 secs", BarSize::Seconds(10)),
    ("15 secs", BarSize::Seconds(15)),
    ("30 secs", BarSize::Seconds(30)),
    ("1 min", BarSize::Seconds(60)),
    ("2 mins", BarSize::Seconds(120)),
    ("3 mins", BarSize::Seconds(180)),
    ("5 mins", BarSize::Seconds(300)),
    ("10 mins", BarSize::Seconds(600)),
    ("15 mins", BarSize::Seconds(900)),
    ("20 mins", BarSize::Seconds(1_200)),
    ("30 mins", BarSize::Seconds(1_800)),
    ("1 hour", BarSize::Seconds(3_600)),
    ("2 hours", BarSize::Seconds(7_200)),
    ("3 hours", BarSize::Seconds(10_800)),
    ("4 hours", BarSize::Seconds(14_400)),
    ("8 hours", BarSize::Seconds(28_800)),
    ("1 day", BarSize::Day),
    ("1 week", BarSize::Week),
    ("1W", BarSize::Week),
    ("1 month", BarSize::Month),
    ("1M", BarSize::Month),
];

impl BarSize {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        ALL.iter().find(|(known, _)| *known == text).map(|(_, size)| *size)
    }

    /// Those that the rules of pace are about: half a minute or less.
    pub(crate) const fn is_small(self) -> bool {
        matches!(self, Self::Seconds(..=30))
    }

    /// All that are legal, as the error about an illegal one lists them.
    pub(crate) fn legal() -> String {
        let names: Vec<&str> =
            ALL.iter().map(|(name, _)| *name).filter(|name| !matches!(*name, "1 week" | "1 month")).collect();
        names.join(", ")
    }
}

/// How long a time is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Span {
    /// So many seconds of trading.
    Seconds(i64),
    /// So many days of trading.
    Days(i64),
    /// So many weeks of the calendar.
    Weeks(i64),
    /// So many months of the calendar.
    Months(i64),
    /// So many years of the calendar.
    Years(i64),
}

/// Why a time is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotASpan {
    /// It is not worded as one.
    Form,
    /// It is longer than its unit may be.
    Beyond(&'static str),
}

impl NotASpan {
    /// As TWS says it.
    pub(crate) fn text(self) -> String {
        match self {
            Self::Form => {
                "Invalid duration string. The correct format is an integer, a space and one of S, D, W, M, Y"
                    .to_owned()
            }
            Self::Beyond(text) => format!("Historical data requests for durations longer than {text}."),
        }
    }
}

impl Span {
    /// From `1 D` and its like.
    pub(crate) fn parse(text: &str) -> Result<Self, NotASpan> {
        let (number, unit) = text.trim().split_once(' ').ok_or(NotASpan::Form)?;
        let number: i64 = number.parse().map_err(|_| NotASpan::Form)?;
        if number <= 0 {
            return Err(NotASpan::Form);
        }
        let within = |most: i64, text| if number <= most { Ok(()) } else { Err(NotASpan::Beyond(text)) };
        match unit.trim() {
            "S" => within(86_400, "24 hours must be made in days").map(|()| Self::Seconds(number)),
            "D" => within(365, "365 days must be made in years").map(|()| Self::Days(number)),
            "W" => within(52, "52 weeks must be made in years").map(|()| Self::Weeks(number)),
            "M" => within(12, "12 months must be made in years").map(|()| Self::Months(number)),
            "Y" => within(68, "68 years cannot be made").map(|()| Self::Years(number)),
            _ => Err(NotASpan::Form),
        }
    }

    /// From `3 days` and its like, as histograms word it, or as bars do.
    pub(crate) fn parse_words(text: &str) -> Result<Self, NotASpan> {
        let (number, unit) = text.trim().split_once(' ').ok_or(NotASpan::Form)?;
        let letter = match unit.trim().to_lowercase().trim_end_matches('s') {
            "second" | "sec" => "S",
            "day" => "D",
            "week" => "W",
            "month" => "M",
            "year" => "Y",
            _ => return Self::parse(text),
        };
        Self::parse(&format!("{number} {letter}"))
    }

    /// When a time of the calendar begins that ends at a second of a date.
    pub(crate) fn begin(self, end: i64, last: Date) -> i64 {
        const DAY: i64 = 86_400;
        let length = match self {
            Self::Seconds(count) => count,
            Self::Days(count) => count * DAY,
            Self::Weeks(count) => count * 7 * DAY,
            Self::Months(_) | Self::Years(_) => {
                (i64::from(last.to_julian_day() - self.first_date(last).to_julian_day()) + 1) * DAY
            }
        };
        end.saturating_sub(length)
    }

    /// The first date of a time of the calendar that ends on a date.
    pub(crate) fn first_date(self, last: Date) -> Date {
        let days = |count: i64| last.checked_sub(Duration::days(count - 1)).unwrap_or(Date::MIN);
        match self {
            Self::Seconds(count) => days(count / 3_600 + 15),
            Self::Days(count) => days(count * 2 + 15),
            Self::Weeks(count) => days(count * 7),
            Self::Months(count) => months_before(last, count),
            Self::Years(count) => months_before(last, count * 12),
        }
    }
}

/// The day after the one with the same number so many months before, or after the last of a shorter month.
fn months_before(date: Date, count: i64) -> Date {
    let month = i64::from(date.year()) * 12 + i64::from(u8::from(date.month())) - 1 - count;
    let year = i32::try_from(month.div_euclid(12)).unwrap_or(0);
    let number = u8::try_from(month.rem_euclid(12) + 1).unwrap_or(1);
    let Ok(month) = time::Month::try_from(number) else { return date };
    let day = date.day().min(month.length(year));
    let found = Date::from_calendar_date(year, month, day).unwrap_or(Date::MIN);
    found.next_day().unwrap_or(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn durations_are_read_and_refused_as_the_broker_does() {
        assert_eq!(Span::parse("1 D"), Ok(Span::Days(1)));
        assert_eq!(Span::parse("86400 S"), Ok(Span::Seconds(86_400)));
        for bad in ["", "1", "D", "1D", "0 D", "-1 D", "1 d", "x D", "99999999999999999999 D"] {
            assert_eq!(Span::parse(bad), Err(NotASpan::Form), "{bad}");
        }
        for beyond in ["86401 S", "366 D", "53 W", "13 M", "69 Y"] {
            assert!(matches!(Span::parse(beyond), Err(NotASpan::Beyond(_))), "{beyond}");
        }
        assert_eq!(Span::parse_words("3 days"), Ok(Span::Days(3)));
        assert_eq!(Span::parse_words("1 week"), Ok(Span::Weeks(1)));
        assert_eq!(Span::parse_words("2 M"), Ok(Span::Months(2)));
    }

    #[test]
    fn times_of_the_calendar_begin_the_day_after_the_same_day_before() {
        assert_eq!(Span::Weeks(1).first_date(date!(2026 - 11 - 20)), date!(2026 - 11 - 14));
        assert_eq!(Span::Months(1).first_date(date!(2026 - 03 - 31)), date!(2026 - 03 - 01));
        assert_eq!(Span::Years(1).first_date(date!(2026 - 11 - 20)), date!(2025 - 11 - 21));
        assert_eq!(Span::Years(1).begin(365 * 86_400, date!(2026 - 11 - 20)), 0);
        assert_eq!(Span::Days(2).begin(3 * 86_400, date!(2026 - 11 - 20)), 86_400);
    }

    #[test]
    fn every_size_is_read_by_its_exact_name() {
        assert_eq!(BarSize::parse("1 min"), Some(BarSize::Seconds(60)));
        for bad in ["1 mins", "1min", "2 min", "1 hours", "7 mins", ""] {
            assert_eq!(BarSize::parse(bad), None, "{bad}");
        }
        assert!(BarSize::legal().starts_with("1 secs, 5 secs,"));
    }
}
