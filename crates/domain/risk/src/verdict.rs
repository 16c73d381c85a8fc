//! What the gate says.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The rules, by the name under which their limit is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// A number is missing.
    KnownInputs,
    /// Most units in one order.
    MaxOrderQuantity,
    /// Most value of one order.
    MaxOrderValue,
    /// Largest share of the portfolio in one instrument.
    MaxPositionShare,
    /// Most orders in one day.
    MaxDailyTrades,
    /// Largest loss under stress.
    MaxPortfolioRisk,
    /// How far a limit may lie beyond the market.
    PriceCollar,
}

impl Rule {
    /// Every rule, in the order in which they are asked.
    pub const ALL: [Self; 7] = [
        Self::MaxDailyTrades,
        Self::MaxOrderQuantity,
        Self::KnownInputs,
        Self::MaxOrderValue,
        Self::PriceCollar,
        Self::MaxPositionShare,
        Self::MaxPortfolioRisk,
    ];

    /// As it is written in a policy.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::KnownInputs => "known_inputs",
            Self::MaxOrderQuantity => "max_order_quantity",
            Self::MaxOrderValue => "max_order_value",
            Self::MaxPositionShare => "max_position_share",
            Self::MaxDailyTrades => "max_daily_trades",
            Self::MaxPortfolioRisk => "max_portfolio_risk",
            Self::PriceCollar => "price_collar",
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Why an intent may not pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{rule}: {number} against a limit of {limit}")]
pub struct RiskRefusal {
    /// Which rule stopped it.
    pub rule: Rule,
    /// The number that the rule saw.
    pub number: String,
    /// What it allows.
    pub limit: String,
}

/// What the gate says of one intent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum RiskVerdict {
    /// It may pass; so many rules looked at it.
    Approved {
        /// How many.
        rules: u32,
    },
    /// It may not.
    Refused(RiskRefusal),
}
