//! What losses are counted from: the first value of the day, and the highest of all.

use crate::ratio::ratio;
use tradeport_kernel::{Decimal, Money, Timestamp};

const NANOS_PER_DAY: i64 = 86_400_000_000_000;

/// The values of one portfolio, as far as losses need them.
///
/// A day is a day of UTC, as for the orders of a day; it begins with the last value of the days before, and where none is
/// known with its own first. Money that is paid in or out counts like a gain or a loss: values do not tell them apart.
///
/// ```
/// use tradeport_kernel::{Currency, Money, Timestamp};
/// use tradeport_risk::Equity;
///
/// let usd = |amount: i64| Money::new(amount.into(), Currency::USD);
/// let hour = |hour: i64| Timestamp::from_seconds(hour * 3_600);
/// let mut equity = Equity::default();
/// for (at, value) in [(9, 100_000), (12, 110_000), (33, 104_000)] {
///     equity.note(hour(at), usd(value));
/// }
/// assert_eq!(equity.lost_today(hour(34), usd(99_000)), Some(11_000.into()));
/// assert_eq!(equity.fallen(usd(99_000)), Some("0.1".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Equity {
    latest: Option<Latest>,
    highest: Option<Money>,
}

/// The last value that was told, and the value with which its day began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Latest {
    day: i64,
    opened: Money,
    value: Money,
}

impl Equity {
    /// Takes note of what the portfolio was worth. Values are told in the order of their times; one of an earlier day than
    /// the last counts for the highest alone.
    pub fn note(&mut self, at: Timestamp, value: Money) {
        let day = day_of(at);
        self.latest = match self.latest {
            None => Some(Latest { day, opened: value, value }),
            Some(latest) if latest.day < day => Some(Latest { day, opened: latest.value, value }),
            Some(latest) if latest.day == day => Some(Latest { value, ..latest }),
            later => later,
        };
        let is_higher =
            |highest: Money| highest.currency() == value.currency() && highest.amount() >= value.amount();
        if !self.highest.is_some_and(is_higher) {
            self.highest = Some(value);
        }
    }

    /// What it was worth when the day of `now` began, in the currency of `value`; `None` when that is not known.
    #[must_use]
    pub fn opened(&self, now: Timestamp, value: Money) -> Option<Decimal> {
        let latest = self.latest?;
        let opened = if latest.day < day_of(now) { latest.value } else { latest.opened };
        (opened.currency() == value.currency()).then(|| opened.amount())
    }

    /// How much less than when the day of `now` began it is worth at `value`; below zero when it is more.
    #[must_use]
    pub fn lost_today(&self, now: Timestamp, value: Money) -> Option<Decimal> {
        self.opened(now, value)?.checked_sub(value.amount())
    }

    /// The share of the highest value that is gone at `value`: 0.10 is a tenth; zero at the top. `None` when it is not
    /// known.
    #[must_use]
    pub fn fallen(&self, value: Money) -> Option<Decimal> {
        let highest = self.highest.filter(|highest| highest.currency() == value.currency())?.amount();
        ratio(highest.checked_sub(value.amount())?.max(Decimal::ZERO), highest)
    }
}

const fn day_of(at: Timestamp) -> i64 {
    at.nanos().div_euclid(NANOS_PER_DAY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tradeport_kernel::Currency;

    fn usd(amount: i64) -> Money {
        Money::new(amount.into(), Currency::USD)
    }

    fn on(day: i64, hour: i64) -> Timestamp {
        Timestamp::from_seconds(day * 86_400 + hour * 3_600)
    }

    fn told(values: &[(Timestamp, i64)]) -> Equity {
        let mut equity = Equity::default();
        values.iter().for_each(|(at, value)| equity.note(*at, usd(*value)));
        equity
    }

    #[test]
    fn a_day_begins_with_the_last_value_of_the_days_before() {
        let equity = told(&[(on(0, 9), 100), (on(0, 20), 120), (on(1, 1), 90), (on(1, 2), 95)]);
        assert_eq!(equity.lost_today(on(1, 3), usd(80)), Some(40.into()));
        assert_eq!(
            equity.lost_today(on(2, 0), usd(80)),
            Some(15.into()),
            "a day of which nothing was told yet"
        );
        assert_eq!(equity.fallen(usd(60)), Some(Decimal::new(5, 1)));
        assert_eq!(equity.fallen(usd(130)), Some(Decimal::ZERO), "a new top has not fallen");
    }

    #[test]
    fn the_first_day_begins_with_its_first_value() {
        assert_eq!(
            told(&[(on(0, 9), 100), (on(0, 20), 120)]).lost_today(on(0, 21), usd(90)),
            Some(10.into())
        );
    }

    #[test]
    fn an_old_value_does_not_begin_a_day_again() {
        let equity = told(&[(on(1, 1), 90), (on(0, 20), 120)]);
        assert_eq!(equity.lost_today(on(1, 2), usd(80)), Some(10.into()));
        assert_eq!(equity.fallen(usd(60)), Some(Decimal::new(5, 1)));
    }

    #[test]
    fn what_was_not_told_is_not_known() {
        let nothing = Equity::default();
        assert_eq!((nothing.lost_today(on(0, 0), usd(1)), nothing.fallen(usd(1))), (None, None));
        let equity = told(&[(on(0, 9), 100)]);
        let euro = Money::new(1.into(), "EUR".parse().unwrap());
        assert_eq!(
            (equity.lost_today(on(0, 10), euro), equity.fallen(euro)),
            (None, None),
            "another currency"
        );
        assert_eq!(told(&[(on(0, 9), 0)]).fallen(usd(0)), None, "nothing has no share");
    }
}
