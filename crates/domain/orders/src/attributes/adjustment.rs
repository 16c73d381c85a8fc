//! Stops that turn into other stops once the market has moved far enough.

use crate::{NotAnIntent, TrailBy};
use serde::{Deserialize, Serialize};
use tradeport_kernel::{Decimal, Price};

/// What a stop turns into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum AdjustedStop {
    /// A stop at another price.
    Stop {
        /// The price that wakes it.
        stop: Price,
    },
    /// A stop limit order.
    StopLimit {
        /// The price that wakes it.
        stop: Price,
        /// The worst price accepted.
        limit: Price,
    },
    /// A trailing stop.
    Trail {
        /// Where it starts.
        stop: Price,
        /// How far behind the market it stays.
        by: TrailBy,
    },
    /// A trailing stop limit order.
    TrailLimit {
        /// Where it starts.
        stop: Price,
        /// The worst price accepted to begin with.
        limit: Price,
        /// How far behind the market it stays.
        by: TrailBy,
    },
}

/// What a stop turns into, and when.
///
/// ```
/// use tradeport_orders::{AdjustedStop, StopAdjustment, TrailBy};
///
/// let by = TrailBy::Percent("2".parse()?);
/// let trail = AdjustedStop::Trail { stop: "33".parse()?, by };
/// let adjustment = StopAdjustment::once_at("35".parse()?, trail);
/// assert_eq!(adjustment.trigger, "35".parse()?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StopAdjustment {
    /// Once the market reaches this price.
    pub trigger: Price,
    /// What it turns into.
    pub into: AdjustedStop,
}

impl StopAdjustment {
    /// Once the market reaches `trigger`, the stop turns into this.
    #[must_use]
    pub const fn once_at(trigger: Price, into: AdjustedStop) -> Self {
        Self { trigger, into }
    }

    pub(crate) fn check(&self) -> Result<(), NotAnIntent> {
        let (AdjustedStop::Trail { by, .. } | AdjustedStop::TrailLimit { by, .. }) = self.into else {
            return Ok(());
        };
        let (TrailBy::Amount(distance) | TrailBy::Percent(distance)) = by;
        let too_far = matches!(by, TrailBy::Percent(percent) if percent >= Decimal::ONE_HUNDRED);
        if distance <= Decimal::ZERO || too_far {
            return Err(NotAnIntent::Trail(distance));
        }
        Ok(())
    }
}
