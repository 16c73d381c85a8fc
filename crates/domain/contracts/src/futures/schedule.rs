//! The contracts of a product in time: when each last trades, which is in front, and which come after it.
//!
//! Left out: which contracts the exchange has listed, and which of them is the most traded. The broker says so.

use super::business_days::BusinessDays;
use super::cycle::Besides;
use super::day_rule::NoDay;
use super::month::{ContractMonth, NotAContractMonth};
use super::roll::{NotARoll, RollRule};
use super::spec::FuturesSpec;
use time::Date;

/// How many months ahead exchanges list whatever the cycle says, where a product has near months.
const NEAR_MONTHS: usize = 3;

/// A product with the calendar of its exchange.
///
/// ```
/// use time::macros::date;
/// use tradeport_contracts::futures::{FuturesSpecs, Weekdays};
/// let es = FuturesSpecs::bundled().find("ES").ok_or("no ES")?;
/// let schedule = es.schedule(&Weekdays);
/// let today = date!(2026 - 11 - 21);
/// assert_eq!(schedule.front(today)?.code(), "Z26");
/// assert_eq!(schedule.last_trade("202612".parse()?)?, date!(2026 - 12 - 18));
/// assert_eq!(schedule.next(today)?.code(), "H27");
/// assert_eq!(schedule.roll_date("202612".parse()?, es.default_roll())?, date!(2026 - 12 - 14));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct FuturesSchedule<'a> {
    spec: &'a FuturesSpec,
    calendar: &'a dyn BusinessDays,
}

/// The product's contracts cannot be placed in time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    /// Nobody said when the product last trades.
    #[error("when {product} last trades is unknown: give its rule in a file of products")]
    UnknownRule {
        /// Whose.
        product: String,
    },
    /// The product has no such month.
    #[error("{product} has no contract of {month}: its months are {months}")]
    NotListed {
        /// Whose.
        product: String,
        /// Which.
        month: ContractMonth,
        /// Its cycle.
        months: super::MonthCycle,
    },
    /// The rule gives no day.
    #[error("{product} cannot be placed in the calendar")]
    NoDay {
        /// Whose.
        product: String,
        /// Why.
        #[source]
        source: NoDay,
    },
    /// The day is not in our time.
    #[error("there are no contracts at that time")]
    Month(#[from] NotAContractMonth),
    /// More contracts than any exchange lists.
    #[error("{asked} contracts of {product} were asked for: expected up to {most}")]
    TooMany {
        /// Whose.
        product: String,
        /// How many.
        asked: usize,
        /// The most that are given.
        most: usize,
    },
    /// The rule for rolling cannot be followed.
    #[error("{product} of {month} cannot be rolled like this")]
    Roll {
        /// Whose.
        product: String,
        /// Which.
        month: ContractMonth,
        /// Why.
        #[source]
        source: NotARoll,
    },
}

impl FuturesSpec {
    /// The product's contracts in time, by the business days of its exchange: those of
    /// [`FuturesSpec::business_calendar`], or [`Weekdays`](super::Weekdays) where none is known.
    #[must_use]
    pub fn schedule<'a>(&'a self, calendar: &'a dyn BusinessDays) -> FuturesSchedule<'a> {
        FuturesSchedule { spec: self, calendar }
    }
}

impl FuturesSchedule<'_> {
    /// The most contracts that a chain may have: 20 years of months.
    pub const LONGEST_CHAIN: usize = 240;

    /// The product.
    #[must_use]
    pub const fn spec(&self) -> &FuturesSpec {
        self.spec
    }

    /// The last day on which a contract trades; serial months included. Errors: [`ScheduleError::NotListed`] for a
    /// month that the product does not have, [`ScheduleError::UnknownRule`], [`ScheduleError::NoDay`].
    pub fn last_trade(&self, month: ContractMonth) -> Result<Date, ScheduleError> {
        self.listed(month)?;
        let rule = self.spec.last_trade_rule();
        let rule = rule.ok_or_else(|| ScheduleError::UnknownRule { product: self.product() })?;
        rule.day().day(month, self.calendar).map_err(|source| self.no_day(source))
    }

    /// The first day on which delivery may be announced, where that is before the last trade; `None` where it is not,
    /// or where no rule is known. Errors: as [`Self::last_trade`].
    pub fn first_notice(&self, month: ContractMonth) -> Result<Option<Date>, ScheduleError> {
        self.listed(month)?;
        let day = self.spec.first_notice().map(|rule| rule.day(month, self.calendar));
        day.transpose().map_err(|source| self.no_day(source))
    }

    /// The contract in front: the first of the cycle whose last trade is not before the day. Errors: as
    /// [`Self::last_trade`].
    pub fn front(&self, day: Date) -> Result<ContractMonth, ScheduleError> {
        self.nth(day, 0)
    }

    /// The contract after the one in front. Errors: as [`Self::last_trade`].
    pub fn next(&self, day: Date) -> Result<ContractMonth, ScheduleError> {
        self.nth(day, 1)
    }

    /// The contract in front and those after it, `count` together: the months of the cycle, without serial ones. A
    /// product with near months has the three nearest first, whichever they are. Errors: [`ScheduleError::TooMany`]
    /// beyond [`Self::LONGEST_CHAIN`], else as [`Self::last_trade`].
    ///
    /// ```
    /// use time::macros::date;
    /// use tradeport_contracts::futures::{FuturesSpecs, Weekdays};
    /// let gold = FuturesSpecs::bundled().find("GC").ok_or("no gold")?;
    /// let chain = gold.schedule(&Weekdays).chain(date!(2026 - 11 - 21), 3)?;
    /// assert_eq!(chain.iter().map(|month| month.code()).collect::<Vec<_>>(), ["Z26", "G27", "J27"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn chain(&self, day: Date, count: usize) -> Result<Vec<ContractMonth>, ScheduleError> {
        if count > Self::LONGEST_CHAIN {
            let (product, asked, most) = (self.product(), count, Self::LONGEST_CHAIN);
            return Err(ScheduleError::TooMany { product, asked, most });
        }
        let mut chain = Vec::new();
        let mut month = self.first_candidate(day)?;
        while chain.len() < count {
            let near = self.spec.months().besides() == Besides::NearMonths && chain.len() < NEAR_MONTHS;
            let wanted = near || self.spec.months().has(month.month());
            if wanted && (!chain.is_empty() || self.last_trade(month)? >= day) {
                chain.push(month);
            }
            month = month.plus(1).ok_or(NotAContractMonth::Year(month.year() + 1))?;
        }
        Ok(chain)
    }

    /// The day on which a position in a contract moves to the next one; before its last trade. Errors:
    /// [`ScheduleError::Roll`] when the rule cannot be followed for this contract, else as [`Self::last_trade`].
    pub fn roll_date(&self, month: ContractMonth, rule: RollRule) -> Result<Date, ScheduleError> {
        let last_trade = self.last_trade(month)?;
        let first_notice = self.first_notice(month)?;
        rule.day(month, last_trade, first_notice, self.calendar).map_err(|source| ScheduleError::Roll {
            product: self.product(),
            month,
            source,
        })
    }

    /// The contract to hold on a day when positions are rolled by a rule: the first of the cycle whose roll date is
    /// after the day. Errors: as [`Self::roll_date`].
    pub fn held(&self, day: Date, rule: RollRule) -> Result<ContractMonth, ScheduleError> {
        for month in self.chain(day, Self::LONGEST_CHAIN)? {
            if self.roll_date(month, rule)? > day {
                return Ok(month);
            }
        }
        let month = self.front(day)?;
        Err(ScheduleError::Roll { product: self.product(), month, source: NotARoll::TooEarly { rule } })
    }

    fn nth(&self, day: Date, nth: usize) -> Result<ContractMonth, ScheduleError> {
        let chain = self.chain(day, nth + 1)?;
        Ok(*chain.get(nth).expect("a chain has as many contracts as were asked for"))
    }

    /// A month that surely has stopped trading, or is the earliest that could still trade.
    fn first_candidate(&self, day: Date) -> Result<ContractMonth, ScheduleError> {
        let rule = self.spec.last_trade_rule();
        let rule = rule.ok_or_else(|| ScheduleError::UnknownRule { product: self.product() })?;
        // A rule that moves forward from a closed day may reach one month further.
        let back = -i32::from(rule.day().months_later()) - 1;
        let month = ContractMonth::of(day)?;
        Ok(month.plus(back).unwrap_or(month))
    }

    fn listed(&self, month: ContractMonth) -> Result<(), ScheduleError> {
        if self.spec.months().lists(month.month()) {
            return Ok(());
        }
        let months = self.spec.months();
        Err(ScheduleError::NotListed { product: self.product(), month, months })
    }

    fn product(&self) -> String {
        self.spec.exchange_code().to_owned()
    }

    fn no_day(&self, source: NoDay) -> ScheduleError {
        ScheduleError::NoDay { product: self.product(), source }
    }
}

impl std::fmt::Debug for FuturesSchedule<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FuturesSchedule").field("spec", &self.spec).finish_non_exhaustive()
    }
}
