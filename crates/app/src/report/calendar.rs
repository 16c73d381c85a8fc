//! The curve by month and year.

use super::DayValue;
use time::{Date, Month};

/// Returns of the months of one year; `None` for months without a session.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct YearOfReturns {
    pub(super) year: i32,
    pub(super) months: [Option<f64>; 12],
    pub(super) total: f64,
}

/// The portfolio's returns by month, each from the last close of the month before; the first one from `start`.
pub(super) fn monthly_returns(curve: &[DayValue], start: f64) -> Vec<YearOfReturns> {
    let mut years: Vec<YearOfReturns> = Vec::new();
    let mut opened = start;
    let mut year_opened = start;
    for month in curve.chunk_by(|a, b| same_month(a.day, b.day)) {
        let Some(last) = month.last() else { continue };
        let year = last.day.year();
        if years.last().is_none_or(|known| known.year != year) {
            years.push(YearOfReturns { year, months: [None; 12], total: 0.0 });
            year_opened = opened;
        }
        if let Some(known) = years.last_mut() {
            known.total = last.portfolio / year_opened - 1.0;
            if let Some(place) = known.months.get_mut(usize::from(u8::from(last.day.month()) - 1)) {
                *place = Some(last.portfolio / opened - 1.0);
            }
        }
        opened = last.portfolio;
    }
    years
}

/// Places on the time axis worth a label: the first session of each year, or of each month of a short period.
pub(super) fn labels(curve: &[DayValue]) -> Vec<(usize, String)> {
    let years = curve.first().zip(curve.last()).map_or(0, |(first, last)| last.day.year() - first.day.year());
    let by_month = years < 2;
    let starts = curve.iter().zip(curve.iter().skip(1)).enumerate().filter(|(_, (before, after))| {
        if by_month { !same_month(before.day, after.day) } else { before.day.year() != after.day.year() }
    });
    starts.map(|(index, (_, after))| (index + 1, label(after.day, by_month))).collect()
}

fn label(day: Date, by_month: bool) -> String {
    match (by_month, day.month()) {
        (true, month) if month != Month::January => short_name(month).to_owned(),
        _ => day.year().to_string(),
    }
}

/// Three letters of a month.
pub(super) fn short_name(month: Month) -> &'static str {
    const NAMES: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    NAMES.get(usize::from(u8::from(month) - 1)).copied().unwrap_or_default()
}

fn same_month(a: Date, b: Date) -> bool {
    (a.year(), a.month()) == (b.year(), b.month())
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    fn day(day: Date, portfolio: f64) -> DayValue {
        DayValue { day, portfolio, benchmark: 1.0 }
    }

    #[test]
    fn months_compound_to_years_and_the_first_starts_at_the_start() {
        let curve = [
            day(date!(2011 - 11 - 15), 90.0),
            day(date!(2011 - 11 - 30), 110.0),
            day(date!(2011 - 12 - 30), 121.0),
            day(date!(2012 - 02 - 01), 60.5),
        ];
        let years = monthly_returns(&curve, 100.0);
        let close = |a: f64, b: f64| (a - b).abs() < 1e-12;
        assert_eq!(years.iter().map(|year| year.year).collect::<Vec<_>>(), [2011, 2012]);
        assert!(close(years[0].months[10].unwrap(), 0.1) && close(years[0].months[11].unwrap(), 0.1));
        assert!(close(years[0].total, 0.21), "{}", years[0].total);
        assert_eq!(years[1].months[0], None, "January has no session");
        assert!(close(years[1].months[1].unwrap(), -0.5) && close(years[1].total, -0.5));
    }

    #[test]
    fn a_short_period_is_labelled_by_month_and_a_long_one_by_year() {
        let short = [
            day(date!(2011 - 11 - 30), 1.0),
            day(date!(2011 - 12 - 01), 1.0),
            day(date!(2012 - 01 - 03), 1.0),
        ];
        assert_eq!(labels(&short), [(1, "Dec".to_owned()), (2, "2012".to_owned())]);
        let long = [
            day(date!(2010 - 12 - 30), 1.0),
            day(date!(2011 - 01 - 03), 1.0),
            day(date!(2012 - 06 - 01), 1.0),
        ];
        assert_eq!(labels(&long), [(1, "2011".to_owned()), (2, "2012".to_owned())]);
        assert!(labels(&[]).is_empty());
    }
}
