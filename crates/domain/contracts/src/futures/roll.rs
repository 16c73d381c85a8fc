//! When a position moves from one contract to the next.
//!
//! Left out: at which prices, and orders for it. That is a strategy's business.

use super::business_days::{self as days, BusinessDays};
use super::month::ContractMonth;
use super::spec::FuturesSpec;
use super::words::Settlement;
use serde::{Deserialize, Serialize};
use std::num::NonZeroU8;
use time::{Date, Duration};

/// When to leave a contract.
///
/// ```
/// use std::num::NonZeroU8;
/// use time::macros::date;
/// use tradeport_contracts::futures::{FuturesSpecs, RollRule, Weekdays};
/// let crude = FuturesSpecs::bundled().find("CL").ok_or("no crude")?;
/// let week = RollRule::DaysBeforeLastTrade(NonZeroU8::new(7).ok_or("zero")?);
/// let january = "202701".parse()?;
/// assert_eq!(crude.schedule(&Weekdays).last_trade(january)?, date!(2026 - 12 - 22));
/// assert_eq!(crude.schedule(&Weekdays).roll_date(january, week)?, date!(2026 - 12 - 15));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum RollRule {
    /// So many business days before the last trade.
    BusinessDaysBeforeLastTrade(NonZeroU8),
    /// So many days before the last trade; when the exchange is closed on that day, the business day before it.
    DaysBeforeLastTrade(NonZeroU8),
    /// So many business days before the first day on which delivery may be announced.
    BusinessDaysBeforeFirstNotice(NonZeroU8),
    /// A business day of the month that lies so many months before the contract month.
    BusinessDayOfMonth {
        /// Which: 1 is the first.
        nth: NonZeroU8,
        /// How many months before; 0 for the contract month itself.
        months_before: u8,
    },
}

/// The rule cannot be followed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotARoll {
    /// There is no first notice day to count from.
    #[error("no first notice day is known before its last trade: count from the last trade instead")]
    NoFirstNotice,
    /// The day would be on or after the last trade.
    #[error("the rule gives {roll}, which is not before the last trade on {last_trade}: roll earlier")]
    TooLate {
        /// The day that the rule gives.
        roll: Date,
        /// The last trade.
        last_trade: Date,
    },
    /// The calendar has no such day.
    #[error("the calendar has no day for {rule:?}")]
    NoSuchDay {
        /// The rule.
        rule: RollRule,
    },
    /// All contracts that are listed would have been left already.
    #[error("{rule:?} leaves every contract before anybody could hold it: roll later")]
    TooEarly {
        /// The rule.
        rule: RollRule,
    },
}

const fn count(number: u8) -> NonZeroU8 {
    NonZeroU8::new(number).expect("the defaults are above zero")
}

impl FuturesSpec {
    /// When to roll if nobody says otherwise:
    ///
    /// | products | roll |
    /// | --- | --- |
    /// | delivered, with a first notice day before the last trade (metals, grains, softs, treasuries) | 3 business days before first notice |
    /// | delivered, others (energy, currencies, cattle, Bund) | 5 business days before the last trade |
    /// | settled in cash (indices, volatility, crypto) | 4 business days before the last trade |
    ///
    /// Brokers close positions that could be delivered some days before; four days before a third Friday is the Monday
    /// that CME Group names as the roll date of its equity index futures.
    #[must_use]
    pub fn default_roll(&self) -> RollRule {
        match (self.settlement(), self.first_notice()) {
            (Settlement::Delivery, Some(_)) => RollRule::BusinessDaysBeforeFirstNotice(count(3)),
            (Settlement::Delivery, None) => RollRule::BusinessDaysBeforeLastTrade(count(5)),
            (Settlement::Cash, _) => RollRule::BusinessDaysBeforeLastTrade(count(4)),
        }
    }
}

impl RollRule {
    /// The day for a contract, before its last trade.
    pub(super) fn day(
        self,
        month: ContractMonth,
        last_trade: Date,
        first_notice: Option<Date>,
        calendar: &dyn BusinessDays,
    ) -> Result<Date, NotARoll> {
        let found = match self {
            Self::BusinessDaysBeforeLastTrade(count) => days::before(calendar, last_trade, count.get()),
            Self::DaysBeforeLastTrade(count) => last_trade
                .checked_sub(Duration::days(i64::from(count.get())))
                .ok_or(days::NoSuchDay)
                .and_then(|day| days::at_or_before(calendar, day)),
            Self::BusinessDaysBeforeFirstNotice(count) => {
                days::before(calendar, first_notice.ok_or(NotARoll::NoFirstNotice)?, count.get())
            }
            Self::BusinessDayOfMonth { nth, months_before } => month
                .plus(-i32::from(months_before))
                .ok_or(days::NoSuchDay)
                .and_then(|month| days::nth_of(calendar, month, nth.get())),
        };
        let roll = found.map_err(|days::NoSuchDay| NotARoll::NoSuchDay { rule: self })?;
        if roll < last_trade { Ok(roll) } else { Err(NotARoll::TooLate { roll, last_trade }) }
    }
}
