//! Limits, checked.

use serde::{Deserialize, Serialize};
use std::time::Duration;
use tradeport_kernel::Decimal;

/// The limits as they are written down; an absent one does not limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PolicyDraft {
    /// Most units in one order.
    pub max_order_quantity: Option<Decimal>,
    /// Most value of one order, in the portfolio's currency.
    pub max_order_value: Option<Decimal>,
    /// Largest share of the portfolio in one instrument: 0.10 is a tenth.
    pub max_position_share: Decimal,
    /// Most orders of one account in one day, UTC.
    pub max_daily_trades: u32,
    /// Largest share of the portfolio that may be lost when every position moves against us by `stress_move`.
    pub max_portfolio_risk: Option<Decimal>,
    /// The move that `max_portfolio_risk` reckons with: 0.05 is five percent.
    pub stress_move: Decimal,
    /// How far a limit may lie beyond the market, on the side that trades at once: 0.10 is a tenth of the price.
    pub price_collar: Option<Decimal>,
    /// How old the last quote may be, in seconds.
    pub max_quote_age_seconds: u64,
}

impl Default for PolicyDraft {
    fn default() -> Self {
        Self {
            max_order_quantity: None,
            max_order_value: None,
            max_position_share: Decimal::new(10, 2),
            max_daily_trades: 100,
            max_portfolio_risk: None,
            stress_move: Decimal::new(5, 2),
            price_collar: Some(Decimal::new(10, 2)),
            max_quote_age_seconds: 60,
        }
    }
}

/// Limits that make sense.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "PolicyDraft", into = "PolicyDraft")]
pub struct RiskPolicy(PolicyDraft);

/// A limit that makes no sense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{limit} is {value}: it must be {expected}")]
pub struct NotAPolicy {
    limit: &'static str,
    value: Decimal,
    expected: &'static str,
}

impl PolicyDraft {
    /// Refuses limits that nothing or everything would pass.
    pub fn check(self) -> Result<RiskPolicy, NotAPolicy> {
        let above_zero = [
            ("max_order_quantity", self.max_order_quantity),
            ("max_order_value", self.max_order_value),
            ("max_position_share", Some(self.max_position_share)),
            ("max_portfolio_risk", self.max_portfolio_risk),
            ("stress_move", Some(self.stress_move)),
            ("price_collar", self.price_collar),
        ];
        for (limit, value) in above_zero {
            if let Some(value) = value.filter(|value| *value <= Decimal::ZERO) {
                return Err(NotAPolicy { limit, value, expected: "above zero" });
            }
        }
        for (limit, value) in
            [("max_position_share", self.max_position_share), ("stress_move", self.stress_move)]
        {
            if value > Decimal::TEN {
                let expected = "a fraction of at most 10, 0.10 for a tenth";
                return Err(NotAPolicy { limit, value, expected });
            }
        }
        Ok(RiskPolicy(self))
    }
}

impl RiskPolicy {
    /// The limits.
    #[must_use]
    pub const fn limits(&self) -> &PolicyDraft {
        &self.0
    }

    /// How old the last quote may be.
    #[must_use]
    pub const fn max_quote_age(&self) -> Duration {
        Duration::from_secs(self.0.max_quote_age_seconds)
    }
}

impl TryFrom<PolicyDraft> for RiskPolicy {
    type Error = NotAPolicy;
    fn try_from(draft: PolicyDraft) -> Result<Self, Self::Error> {
        draft.check()
    }
}

impl From<RiskPolicy> for PolicyDraft {
    fn from(policy: RiskPolicy) -> Self {
        policy.0
    }
}
