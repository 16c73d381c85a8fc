//! What the gate says.

use crate::Rule;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;
use tradeport_kernel::{AccountId, Decimal, StrategyId};
use tradeport_orders::Figure;

/// Whose limit it is, as the settings part them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitOf {
    /// That of every order.
    #[default]
    All,
    /// That of one account.
    Account(AccountId),
    /// That of one strategy.
    Strategy(StrategyId),
}

impl LimitOf {
    /// Is it that of every order?
    #[must_use]
    pub const fn is_all(&self) -> bool {
        matches!(self, Self::All)
    }

    /// The rule under the name that its limit has in the settings: `max_order_value`, `strategies.pairs.max_order_value`.
    #[must_use]
    pub fn setting(&self, rule: Rule) -> Cow<'static, str> {
        match self {
            Self::All => rule.as_str().into(),
            Self::Account(account) => format!("accounts.{account}.{rule}").into(),
            Self::Strategy(strategy) => format!("strategies.{strategy}.{rule}").into(),
        }
    }
}

/// A rule that looked at an intent and let it pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Which.
    pub rule: Rule,
    /// The number that it saw.
    pub number: Figure,
    /// What it allows.
    pub limit: Figure,
    /// Whose limit that is.
    #[serde(skip_serializing_if = "LimitOf::is_all")]
    pub of: LimitOf,
}

impl Finding {
    /// The rule under the name of its limit in the settings.
    #[must_use]
    pub fn setting(&self) -> Cow<'static, str> {
        self.of.setting(self.rule)
    }
}

/// Why an intent may not pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{}", self.words())]
pub struct RiskRefusal {
    /// Which rule stopped it.
    pub rule: Rule,
    /// The number that the rule saw.
    pub number: String,
    /// What it allows; empty where that is nothing at all.
    pub limit: String,
    /// Whose limit that is.
    #[serde(default, skip_serializing_if = "LimitOf::is_all")]
    pub of: LimitOf,
    /// Units that other live orders may still take out of the position, where the order passes limits only because of
    /// them: by itself it would be a way out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beside: Option<Decimal>,
    /// Units of the position that open orders may make which are none of ours, made by hand or by other programs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub others: Option<Decimal>,
}

impl RiskRefusal {
    /// By a rule that holds for every order.
    #[must_use]
    pub fn new(rule: Rule, number: impl Into<String>, limit: impl Into<String>) -> Self {
        Self {
            rule,
            number: number.into(),
            limit: limit.into(),
            of: LimitOf::All,
            beside: None,
            others: None,
        }
    }

    /// The rule under the name of its limit in the settings.
    #[must_use]
    pub fn setting(&self) -> Cow<'static, str> {
        self.of.setting(self.rule)
    }

    fn words(&self) -> String {
        let (rule, number) = (self.setting(), &self.number);
        let words = match self.limit.as_str() {
            "" => format!("{rule}: {number}"),
            limit => format!("{rule}: {number} against a limit of {limit}"),
        };
        let others = self.others.map_or_else(String::new, |others| {
            format!(
                "; this counts {others} that open orders made by hand or by other programs may trade: tradeport \
                 reconcile shows them"
            )
        });
        let words = format!("{words}{others}");
        let Some(beside) = self.beside else { return words };
        format!(
            "{words}; it leaves a position that other orders may still take {beside} out of, and all of them \
             would turn it: cancel those first"
        )
    }
}

/// What the gate says of one intent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum RiskVerdict {
    /// It may pass.
    Approved {
        /// Every number that was looked at, beside its limit.
        findings: Vec<Finding>,
        /// Units that other live orders may still take out of the position, where it is turned by the order together with
        /// them, and not by the order alone.
        #[serde(skip_serializing_if = "Option::is_none")]
        beside: Option<Decimal>,
    },
    /// It may not.
    Refused(RiskRefusal),
}

impl From<Finding> for RiskRefusal {
    fn from(Finding { rule, number, limit, of }: Finding) -> Self {
        Self { rule, number: number.to_string(), limit: limit.to_string(), of, beside: None, others: None }
    }
}

/// As an audit log keeps it: `max_order_value 1000 of 5000`.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} of {}", self.setting(), self.number, self.limit)
    }
}
