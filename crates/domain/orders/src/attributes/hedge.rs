//! Orders that hedge what their parent fills.

use crate::NotAnIntent;
use serde::{Deserialize, Serialize};
use tradeport_kernel::Decimal;

/// What a hedge takes away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum HedgeKind {
    /// The delta of an option, with its stock.
    Delta,
    /// The market's part of a stock's moves, with another instrument; the market's own beta when absent.
    Beta {
        /// So much of the hedge for each unit of value; not zero.
        beta: Option<Decimal>,
    },
    /// The currency of a foreign instrument.
    Currency,
    /// The other half of a pair.
    Pair {
        /// How many units for one of the parent's; not zero.
        ratio: Decimal,
    },
}

/// A child that hedges what its parent fills; its size is [`OrderSize::FollowsParent`](crate::OrderSize::FollowsParent).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hedge {
    /// What it takes away.
    pub kind: HedgeKind,
    /// The most units it may come to.
    #[serde(default)]
    pub max_size: Option<u32>,
    /// Is its price left to the order itself rather than to the broker?
    #[serde(default)]
    pub own_price: bool,
}

impl Hedge {
    /// A hedge of this kind, however large.
    #[must_use]
    pub const fn new(kind: HedgeKind) -> Self {
        Self { kind, max_size: None, own_price: false }
    }

    /// The same hedge, no larger than `units`.
    #[must_use]
    pub const fn at_most(mut self, units: u32) -> Self {
        self.max_size = Some(units);
        self
    }

    pub(crate) fn check(&self) -> Result<(), NotAnIntent> {
        match self.kind {
            HedgeKind::Beta { beta: Some(number) } | HedgeKind::Pair { ratio: number }
                if number.is_zero() =>
            {
                Err(NotAnIntent::HedgeOfNothing)
            }
            _ if self.max_size == Some(0) => Err(NotAnIntent::HedgeOfNothing),
            _ => Ok(()),
        }
    }
}
