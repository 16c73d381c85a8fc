//! Trading calendars: when a market is open, which trading day a moment belongs to, and when it opens or closes next.
//!
//! Hours come from one of two places. A broker that names the hours of a contract is believed first:
//! [`Calendar::from_broker`] reads the trading-hours strings of Interactive Brokers. Without a broker there are bundled
//! tables for the exchanges and product groups of [`Calendar::names`], made from maintained sources by
//! `cargo xtask calendars`; [`Listing`] says which of them an instrument follows, and [`Calendar::backed_by`] joins both.
//!
//! ```
//! use tradeport_contracts::calendar::{Calendar, Hours};
//!
//! let new_york = Calendar::named("XNYS")?;
//! let christmas_eve = "2024-12-24T18:30:00Z".parse()?; // 13:30 in New York
//! assert!(!new_york.is_open(christmas_eve)?, "an early close");
//! assert_eq!(new_york.next_open(christmas_eve)?.to_string(), "2024-12-26T14:30:00Z");
//! assert!(new_york.hours(Hours::Extended)?.is_open(christmas_eve)?, "after-hours trading until 17:00");
//!
//! // The evening before is part of the next trading day.
//! let index_futures = Calendar::named("CME_Equity")?;
//! let sunday_evening = "2025-03-09T22:30:00Z".parse()?;
//! let day = index_futures.trading_day_of(sunday_evening)?.ok_or("closed")?;
//! assert_eq!(day.date().to_string(), "2025-03-10");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What is not known is an error, [`BeyondCalendar`], never "closed". Days from [`Calendar::projected_from`] on are what
//! the sources' rules foresee.
//!
//! Left out: halts and interruptions within a day, auctions, and the days on which a product expires early.

mod broker_hours;
mod broker_zone;
mod bundled;
mod expand;
mod layered;
mod listing;
mod market_calendar;
mod of_instrument;
mod products;
mod schedule;
mod table;
mod trading_day;

pub use broker_hours::NotHours;
pub use broker_zone::zone_of_broker;
pub use listing::{Listing, Market, NoCalendar};
pub use market_calendar::{Calendar, HoursUnknown, UnknownCalendar};
pub use of_instrument::TradingUnknown;
pub use schedule::{BeyondCalendar, Schedule};
pub use table::NotACalendar;
pub use tradeport_kernel::{BeyondZone, LocalMoment, UnknownZone, Zone};
pub use trading_day::TradingDay;

/// Which hours of a market are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hours {
    /// The main hours: the exchange's own. For futures traded around the clock, all of them.
    Regular,
    /// The main hours with those before and after them, such as 04:00 to 20:00 for US stocks.
    Extended,
    /// The night session of the broker's own venue: 20:00 to 03:50 in New York for US stocks.
    Overnight,
}

impl std::fmt::Display for Hours {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Regular => "regular",
            Self::Extended => "extended",
            Self::Overnight => "overnight",
        })
    }
}
