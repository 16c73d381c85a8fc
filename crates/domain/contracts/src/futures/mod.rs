//! Futures: what is fixed about each product, which of its contracts is in front at a date, when to move to the next,
//! what a price is worth, and what margin a broker last asked for.
//!
//! ```
//! use time::macros::date;
//! use tradeport_contracts::calendar::Calendar;
//! use tradeport_contracts::futures::{FuturesCode, FuturesSpecs};
//!
//! // From what traders write to the facts of the product.
//! let code = FuturesCode::read("CLF7", date!(2026 - 11 - 21))?;
//! let crude = FuturesSpecs::bundled().find(code.product()).ok_or("no such product")?;
//! assert_eq!(crude.step_value().to_string(), "10.00 USD");
//!
//! // Its contracts in time, by the business days of its exchange.
//! let calendar = Calendar::named(crude.business_calendar().ok_or("no calendar")?)?;
//! let schedule = crude.schedule(calendar);
//! assert_eq!(schedule.last_trade(code.month())?, date!(2026 - 12 - 21), "the 25th is a holiday");
//! assert_eq!(schedule.front(date!(2026 - 12 - 22))?.code(), "G27");
//!
//! // When to leave it, and for which one.
//! assert_eq!(schedule.roll_date(code.month(), crude.default_roll())?, date!(2026 - 12 - 14));
//! assert_eq!(schedule.held(date!(2026 - 12 - 14), crude.default_roll())?.code(), "G27");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Products
//!
//! [`FuturesSpecs::bundled`] has some eighty; [`FuturesSpecs::extended_with`] adds others or overrides them. A product
//! goes by its exchange's code (`6E`); the broker's symbol may be another (`EUR`) and may be shared by several products
//! (`SI` for both silver contracts), which [`FuturesSpecs::by_broker_symbol`] finds.
//!
//! # Last-trade rules
//!
//! | text | rule |
//! | --- | --- |
//! | `3rd Friday of contract month` | first to fourth of a weekday; `last Friday` too |
//! | `10th business day of contract month` | counted from the first day |
//! | `3rd last business day of contract month` | counted from the end; `last business day` too |
//! | `15th of contract month` | a day by its number, up to 28 |
//! | … `of the month before the contract month`, `of the 2nd month before the contract month` | of an earlier month |
//! | … `of the following month`, `of the 3rd month after the contract month` | of a later month |
//! | `3 business days before the` … | so many business days before any of these; `exchange days` is the same |
//! | `30 days before the` … | so many days; if the exchange is closed then, the business day before |
//! | … `(or the business day before it)` | where the exchange is closed on the day that is counted from |
//! | … `(or next business day)` | the other way |
//! | `last Thursday of contract month (holiday exceptions)` | feeder cattle: see [`Anchor::UndisturbedThursday`] |
//! | `last business day` … `(in December the one before)` | Brent: see [`Anchor::LastBusinessDayNotOfYear`] |
//! | …`, 08:30 America/Chicago` | the time at which trading ends, where that is not the end of the session |
//! | `as VX`, `1 business day before the CL last trade day` | by the rule of another product |
//! | `unknown` | nobody said; every question for a date is then an error |
//!
//! A day that is no business day and from which nothing is counted is moved to the business day before it.
//!
//! # Left out
//!
//! Trading hours, and which contracts are listed and liquid right now: the calendars and the broker know.

mod amounts;
mod bundled;
mod business_days;
mod cycle;
mod day_rule;
mod expiries;
mod margin;
mod month;
mod roll;
mod rule_text;
mod schedule;
mod spec;
mod specs;
mod words;

pub use amounts::NotSteps;
pub use business_days::{BusinessDays, Weekdays};
pub use cycle::{Besides, MonthCycle, NotAMonthCycle};
pub use day_rule::{Anchor, Before, Closing, DayRule, IfClosed, LastTradeRule, NoDay, NotADayRule};
pub use margin::{MarginAge, MarginBook, MarginDraft, MarginRequirement, NotAMargin};
pub use month::{ContractMonth, FuturesCode, NotAContractMonth};
pub use roll::{NotARoll, RollRule};
pub use schedule::{FuturesSchedule, ScheduleError};
pub use spec::{FuturesDraft, FuturesSpec, LastTrade, NotAFuturesSpec};
pub use specs::FuturesSpecs;
pub use words::{Confidence, NotAWord, Settlement};
