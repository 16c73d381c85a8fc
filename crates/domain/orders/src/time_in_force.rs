//! How long an order stands.

use serde::{Deserialize, Serialize};
use tradeport_kernel::Timestamp;

/// How long an order stands.
///
/// **Units.** Moments are in UTC, and exact to the second.
///
/// **Errors.** Not every kind of order stands for every time: [`OrderDraft::check`](crate::OrderDraft::check) refuses what does
/// not go together, and says which would be taken.
///
/// There is no "at the open" here: an order for the opening auction is a kind of its own
/// ([`OrderKind::MarketOnOpen`](crate::OrderKind::MarketOnOpen), [`OrderKind::LimitOnOpen`](crate::OrderKind::LimitOnOpen)).
///
/// ```
/// use tradeport_orders::{OrderDraft, OrderKind, Side, TimeInForce};
///
/// # use tradeport_kernel::Quantity;
/// # let hundred: Quantity = "100".parse()?;
/// # let order = |kind| OrderDraft::new("a".parse().unwrap(), "DU1".parse().unwrap(), "AAPL".parse().unwrap(), Side::Buy, hundred, kind);
/// let limit = OrderKind::Limit { limit: "187.25".parse()? };
/// let until = TimeInForce::GoodTillDate("2026-06-30T20:00:00Z".parse()?);
/// assert!(order(limit).with_time_in_force(until).check().is_ok());
/// let refusal = order(OrderKind::MarketOnClose).good_till_cancelled().check().unwrap_err();
/// assert!(refusal.to_string().ends_with("use DAY"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeInForce {
    /// Until the end of the session in which it becomes active.
    Day,
    /// Until it is cancelled.
    GoodTillCancelled,
    /// What can be filled at once is; the rest is cancelled.
    ImmediateOrCancel,
    /// All at once, or nothing.
    FillOrKill,
    /// Until a moment; brokers keep whole seconds.
    GoodTillDate(Timestamp),
    /// Until a time of the day, which may lie outside of regular sessions; brokers keep whole seconds.
    GoodTillTime(Timestamp),
    /// In the auction that the venue calls next; for market-to-limit orders.
    Auction,
    /// Until it would cross the market.
    GoodTillCrossing,
    /// For the day; at its end it is set aside rather than ended.
    DayTillCancelled,
    /// For five minutes; for limit orders in crypto currencies.
    Minutes,
}

impl TimeInForce {
    /// The short names of all of them.
    pub const NAMES: [&'static str; 10] =
        ["DAY", "GTC", "IOC", "FOK", "GTD", "GTT", "AUC", "GTX", "DTC", "Minutes"];

    /// Short name as traders write it: `DAY`, `GTC`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Day => "DAY",
            Self::GoodTillCancelled => "GTC",
            Self::ImmediateOrCancel => "IOC",
            Self::FillOrKill => "FOK",
            Self::GoodTillDate(_) => "GTD",
            Self::GoodTillTime(_) => "GTT",
            Self::Auction => "AUC",
            Self::GoodTillCrossing => "GTX",
            Self::DayTillCancelled => "DTC",
            Self::Minutes => "Minutes",
        }
    }

    /// The moment at which it ends, for those that name one.
    #[must_use]
    pub const fn end(&self) -> Option<Timestamp> {
        match *self {
            Self::GoodTillDate(end) | Self::GoodTillTime(end) => Some(end),
            _ => None,
        }
    }
}
