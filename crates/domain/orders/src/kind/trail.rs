//! How far a trailing order stays behind the market, and where its limit lies.

use super::OrderKind;
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

impl OrderKind {
    /// Is it this kind that a broker tells like this? Where an order that trails began, a broker tells by where it stands by now: a
    /// kind that left that to the market is told with any.
    #[must_use]
    pub fn is_told_as(&self, told: &Self) -> bool {
        let left_to_market = self.trail().is_some() && self.trigger_price().is_none();
        if left_to_market { *self == told.without_start() } else { self == told }
    }

    /// The same kind that begins to trail from the market.
    #[must_use]
    pub const fn without_start(mut self) -> Self {
        match &mut self {
            Self::Trail { stop, .. }
            | Self::TrailLimit { stop, .. }
            | Self::TrailLimitFrom { stop, .. }
            | Self::TrailLimitPlusMarket { stop, .. }
            | Self::TrailRelativePlusMarket { stop, .. }
            | Self::TrailMarketIfTouched { trigger: stop, .. }
            | Self::TrailLimitIfTouched { trigger: stop, .. } => *stop = None,
            _ => {}
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_that_trails_from_the_market_is_told_with_where_it_stands() {
        let by = |text: &str| TrailBy::Amount(text.parse().unwrap());
        let trail = |amount: &str, stop: Option<&str>| OrderKind::Trail {
            by: by(amount),
            stop: stop.map(|it| it.parse().unwrap()),
        };
        let from_market = trail("1", None);
        assert!(from_market.is_told_as(&from_market));
        assert!(from_market.is_told_as(&trail("1", Some("99"))));
        assert!(!from_market.is_told_as(&trail("2", Some("99"))), "another distance");
        assert!(!trail("1", Some("99")).is_told_as(&trail("1", Some("98"))));
        assert!(!trail("1", Some("99")).is_told_as(&from_market));
        let limited = |stop| OrderKind::TrailLimit { by: by("1"), stop, limit_offset: Decimal::ONE };
        assert!(limited(None).is_told_as(&limited(Some("99".parse().unwrap()))));
        assert!(!from_market.is_told_as(&limited(None)));
        let stop = |price: &str| OrderKind::Stop { stop: price.parse().unwrap() };
        assert!(stop("99").is_told_as(&stop("99")) && !stop("99").is_told_as(&stop("98")));
    }
}
