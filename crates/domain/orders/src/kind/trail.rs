//! How far a trailing order stays behind the market, and where its limit lies.

use serde::{Deserialize, Serialize};
use tradeport_kernel::{Decimal, Price};

/// How far a trailing stop stays behind the market: by an amount or by a percentage, never both.
///
/// ```
/// use tradeport_orders::{OrderKind, TrailBy};
///
/// let half_a_dollar = OrderKind::Trail { by: TrailBy::Amount("0.50".parse()?), stop: None };
/// let one_percent = OrderKind::Trail { by: TrailBy::Percent("1".parse()?), stop: Some("99".parse()?) };
/// assert_ne!(half_a_dollar, one_percent);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrailBy {
    /// In the instrument's price units; above zero.
    Amount(Decimal),
    /// In percent of the market price; above 0, below 100.
    Percent(Decimal),
}

/// The limit of a trailing order once it wakes: a distance or a price, never both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrailingLimit {
    /// So far beyond the price that wakes it; zero or above.
    Offset(Decimal),
    /// At this price as long as the stop stands where it starts; it moves with the stop.
    At(Price),
}
