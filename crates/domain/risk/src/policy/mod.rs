//! Limits, checked: none that nothing or everything would pass, none that contradict each other, none that never bind.

mod permissions;
mod tighter;
mod unmanaged;

pub use permissions::Permissions;
pub(crate) use permissions::{ends_with_its_session, same_symbol};
pub use tighter::Tighter;
pub use unmanaged::Unmanaged;

use crate::Rule;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tradeport_kernel::{AccountId, Decimal, StrategyId};

/// The limits as they are written down; an absent one does not limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PolicyDraft {
    /// Most units in one order.
    pub max_order_quantity: Option<Decimal>,
    /// Most value of one order, in the portfolio's currency.
    pub max_order_value: Option<Decimal>,
    /// Most units of one instrument, long or short.
    pub max_position_quantity: Option<Decimal>,
    /// Largest share of the portfolio in one instrument: 0.10 is a tenth.
    pub max_position_share: Decimal,
    /// Largest sum of all positions' absolute values, as a share of the portfolio: 2 is twice what it is worth.
    pub max_gross_share: Option<Decimal>,
    /// Most orders of one account in one day, UTC.
    pub max_daily_trades: u32,
    /// Most orders of one account in one minute.
    pub max_orders_per_minute: Option<u32>,
    /// For how many seconds an order may not come again under another key; alike are those of one account, symbol, side, size and
    /// kind.
    pub duplicate_window_seconds: Option<u32>,
    /// Most money that may be lost in one day, UTC, before only orders that shrink positions pass; in the portfolio's
    /// currency.
    pub max_daily_loss: Option<Decimal>,
    /// The same as a share of the first value of the day: 0.02 is two percent.
    pub max_daily_loss_share: Option<Decimal>,
    /// How far the portfolio may fall from its highest value before only orders that shrink positions pass: 0.10 is a
    /// tenth.
    pub max_drawdown: Option<Decimal>,
    /// Does an order that the limits of losses stop kill the switch? Then nothing goes on until a person resumes.
    pub kill_on_loss: bool,
    /// Largest share of the portfolio that may be lost when every position moves against us by `stress_move`.
    pub max_portfolio_risk: Option<Decimal>,
    /// The move that `max_portfolio_risk` reckons with: 0.05 is five percent.
    pub stress_move: Decimal,
    /// How far a limit may lie beyond the market, on the side that trades at once: 0.10 is a tenth of the price.
    pub price_collar: Option<Decimal>,
    /// How old the last quote may be, in seconds.
    pub max_quote_age_seconds: u64,
    /// When the broker is asked what an order would cost and tie up, before it is judged.
    pub preview: PreviewPolicy,
    /// How old its answer may be, in seconds, counted from the question; so long it is waited for.
    pub max_preview_age_seconds: u64,
    /// Largest share of the portfolio that may be tied up by the initial margin, by the broker's what-if: 0.50 is a half.
    pub max_margin_share: Option<Decimal>,
    /// Least that equity must be above the maintenance margin, by the broker's what-if; in the portfolio's currency.
    pub min_excess_liquidity: Option<Decimal>,
    /// What may be traded, and how.
    pub permissions: Permissions,
    /// Tighter limits of single accounts.
    pub accounts: BTreeMap<AccountId, Tighter>,
    /// Tighter limits of single strategies, each in every account by itself. Where one is named here at all, a position grows
    /// by no order that names another.
    pub strategies: BTreeMap<StrategyId, Tighter>,
}

impl Default for PolicyDraft {
    fn default() -> Self {
        Self {
            max_order_quantity: None,
            max_order_value: None,
            max_position_quantity: None,
            max_position_share: Decimal::new(10, 2),
            max_gross_share: None,
            max_daily_trades: 100,
            max_orders_per_minute: None,
            duplicate_window_seconds: None,
            max_daily_loss: None,
            max_daily_loss_share: None,
            max_drawdown: None,
            kill_on_loss: false,
            max_portfolio_risk: None,
            stress_move: Decimal::new(5, 2),
            price_collar: Some(Decimal::new(10, 2)),
            max_quote_age_seconds: 60,
            preview: PreviewPolicy::WhenLimited,
            max_preview_age_seconds: 10,
            max_margin_share: None,
            min_excess_liquidity: None,
            permissions: Permissions::default(),
            accounts: BTreeMap::new(),
            strategies: BTreeMap::new(),
        }
    }
}

/// When the broker is asked what an order would cost and tie up, before it is judged. It is asked of orders that may make a
/// position larger, never of others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PreviewPolicy {
    /// Where a limit of margin holds.
    #[default]
    WhenLimited,
    /// Always.
    Always,
}

/// Limits that make sense.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "PolicyDraft", into = "PolicyDraft")]
pub struct RiskPolicy {
    written: PolicyDraft,
    /// What holds for an account with limits of its own.
    accounts: BTreeMap<AccountId, PolicyDraft>,
}

/// A limit that makes no sense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{limit} is {value}: it must be {expected}")]
pub struct NotAPolicy {
    limit: String,
    value: String,
    expected: String,
}

impl NotAPolicy {
    pub(crate) fn new(
        limit: impl Into<String>,
        value: impl Into<String>,
        expected: impl Into<String>,
    ) -> Self {
        Self { limit: limit.into(), value: value.into(), expected: expected.into() }
    }

    /// The same, of one account or strategy: `accounts.DU1`, `strategies.pairs`.
    fn under(self, section: &str, name: &str) -> Self {
        Self { limit: format!("{section}.{name}.{}", self.limit), ..self }
    }
}

/// No broker lends that much: a larger share is a percentage.
const MOST_GROSS: Decimal = Decimal::ONE_HUNDRED;

impl PolicyDraft {
    /// The longest window in which orders that are alike are looked for, in seconds.
    pub const LONGEST_WINDOW: u32 = 3_600;
    /// No quote may be older, in seconds: a week.
    pub const OLDEST_QUOTE: u64 = 7 * 86_400;
    /// No preview may be older, in seconds: so long the broker's budget may hold one back.
    pub const OLDEST_PREVIEW: u64 = 120;

    /// Refuses limits that nothing or everything would pass, that contradict each other, or that never bind.
    pub fn check(self) -> Result<RiskPolicy, NotAPolicy> {
        self.check_numbers()?;
        self.check_dead()?;
        self.check_dead_losses()?;
        self.permissions.check()?;
        self.check_names()?;
        if self.kill_on_loss && !self.limits_losses() && !self.accounts.values().any(Tighter::limits_losses) {
            let expected = "false, or one of max_daily_loss, max_daily_loss_share, max_drawdown set: it would never bind";
            return Err(NotAPolicy::new("kill_on_loss", "true", expected));
        }
        let own = |(account, tighter): (&AccountId, &Tighter)| {
            let limits = tighter.checked_over(&self);
            Ok((account.clone(), limits.map_err(|error| error.under("accounts", account.as_str()))?))
        };
        let accounts = self.accounts.iter().map(own).collect::<Result<_, NotAPolicy>>()?;
        for (strategy, tighter) in &self.strategies {
            let checked = tighter.check_of_strategy(&self);
            checked.map_err(|error| error.under("strategies", strategy.as_str()))?;
        }
        Ok(RiskPolicy { written: self, accounts })
    }

    /// Accounts are named once, however they are written.
    fn check_names(&self) -> Result<(), NotAPolicy> {
        let mut seen = BTreeSet::new();
        let twice = self.accounts.keys().find(|name| !seen.insert(name.as_str().to_ascii_uppercase()));
        twice.map_or(Ok(()), |name| {
            let expected = "one for each account, in capitals or not";
            Err(NotAPolicy::new(format!("accounts.{name}"), "a second section", expected))
        })
    }

    /// Does it stop after losses? Then what accounts were worth before must be told.
    #[must_use]
    pub const fn limits_losses(&self) -> bool {
        self.max_daily_loss.is_some() || self.max_daily_loss_share.is_some() || self.max_drawdown.is_some()
    }

    /// Does an order that may make a position larger need the broker's preview?
    #[must_use]
    pub const fn wants_preview(&self) -> bool {
        let limited = self.max_margin_share.is_some() || self.min_excess_liquidity.is_some();
        limited || matches!(self.preview, PreviewPolicy::Always)
    }

    fn check_numbers(&self) -> Result<(), NotAPolicy> {
        for (limit, value) in [
            ("max_order_quantity", self.max_order_quantity),
            ("max_order_value", self.max_order_value),
            ("max_position_quantity", self.max_position_quantity),
            ("max_position_share", Some(self.max_position_share)),
            ("max_gross_share", self.max_gross_share),
            ("max_daily_loss", self.max_daily_loss),
            ("max_daily_loss_share", self.max_daily_loss_share),
            ("max_drawdown", self.max_drawdown),
            ("max_portfolio_risk", self.max_portfolio_risk),
            ("stress_move", Some(self.stress_move)),
            ("price_collar", self.price_collar),
            ("max_margin_share", self.max_margin_share),
            ("min_excess_liquidity", self.min_excess_liquidity),
        ] {
            if let Some(value) = value.filter(|value| *value <= Decimal::ZERO) {
                return Err(NotAPolicy::new(limit, value.to_string(), "above zero"));
            }
        }
        let fractions = [
            ("max_position_share", Some(self.max_position_share), Decimal::TEN, "10, 0.10 for a tenth"),
            ("max_gross_share", self.max_gross_share, MOST_GROSS, "100, 1.5 for one and a half portfolios"),
            ("stress_move", Some(self.stress_move), Decimal::TEN, "10, 0.10 for a tenth"),
            ("max_daily_loss_share", self.max_daily_loss_share, Decimal::ONE, "1, 0.02 for two percent"),
            ("max_drawdown", self.max_drawdown, Decimal::ONE, "1, 0.10 for a tenth"),
            ("max_margin_share", self.max_margin_share, Decimal::ONE, "1, 0.50 for a half"),
            ("max_portfolio_risk", self.max_portfolio_risk, Decimal::ONE, "1, 0.05 for five percent"),
            ("price_collar", self.price_collar, Decimal::ONE, "1, 0.10 for a tenth"),
        ];
        for (limit, value, most, words) in fractions {
            if let Some(value) = value.filter(|value| *value > most) {
                return Err(NotAPolicy::new(
                    limit,
                    value.to_string(),
                    format!("a fraction of at most {words}"),
                ));
            }
        }
        self.check_counts()
    }

    fn check_counts(&self) -> Result<(), NotAPolicy> {
        for (limit, count) in [
            ("max_orders_per_minute", self.max_orders_per_minute),
            ("duplicate_window_seconds", self.duplicate_window_seconds),
        ] {
            if count == Some(0) {
                return Err(NotAPolicy::new(limit, "0", "above zero, or absent"));
            }
        }
        if self.max_daily_trades == 0 {
            let expected =
                "above zero: it would keep everybody in as well; tradeport risk kill stops all orders";
            return Err(NotAPolicy::new("max_daily_trades", "0", expected));
        }
        if !(1..=Self::OLDEST_QUOTE).contains(&self.max_quote_age_seconds) {
            let expected = format!("from 1 to {}, a week: an older quote is no quote", Self::OLDEST_QUOTE);
            return Err(NotAPolicy::new(
                "max_quote_age_seconds",
                self.max_quote_age_seconds.to_string(),
                expected,
            ));
        }
        if !(1..=Self::OLDEST_PREVIEW).contains(&self.max_preview_age_seconds) {
            let expected = format!("from 1 to {}: margins move with the market", Self::OLDEST_PREVIEW);
            let value = self.max_preview_age_seconds.to_string();
            return Err(NotAPolicy::new("max_preview_age_seconds", value, expected));
        }
        match self.duplicate_window_seconds.filter(|window| *window > Self::LONGEST_WINDOW) {
            Some(window) => {
                let expected = format!("at most {}, an hour", Self::LONGEST_WINDOW);
                Err(NotAPolicy::new("duplicate_window_seconds", window.to_string(), expected))
            }
            None => Ok(()),
        }
    }

    /// A limit that another one always reaches first is a slip: whoever wrote it thinks that it protects.
    fn check_dead(&self) -> Result<(), NotAPolicy> {
        if let (Some(order), Some(position)) = (self.max_order_quantity, self.max_position_quantity)
            && order > position.checked_mul(Decimal::TWO).unwrap_or(Decimal::MAX)
        {
            // From as long as may be to as short as may be is twice the limit.
            let expected = format!("at most twice max_position_quantity, {position}: it would never bind");
            return Err(NotAPolicy::new("max_order_quantity", order.to_string(), expected));
        }
        if self.max_position_share > Decimal::ONE && self.max_gross_share.is_none() {
            // 5 for five percent would let everything pass.
            let expected = "a fraction, 0.05 for five percent; above 1, with what is borrowed, only beside a max_gross_share";
            return Err(NotAPolicy::new("max_position_share", self.max_position_share.to_string(), expected));
        }
        if let Some(gross) = self.max_gross_share.filter(|gross| *gross < self.max_position_share) {
            let expected = format!("at most max_gross_share, {gross}: it would never bind");
            return Err(NotAPolicy::new("max_position_share", self.max_position_share.to_string(), expected));
        }
        match self.max_orders_per_minute.filter(|minute| *minute > self.max_daily_trades) {
            Some(minute) => {
                let expected =
                    format!("at most max_daily_trades, {}: it would never bind", self.max_daily_trades);
                Err(NotAPolicy::new("max_orders_per_minute", minute.to_string(), expected))
            }
            None => Ok(()),
        }
    }
}

impl PolicyDraft {
    /// The same of limits of losses. What an account inherits may well be reached after a tighter one of its own.
    fn check_dead_losses(&self) -> Result<(), NotAPolicy> {
        if let (Some(risk), Some(gross)) = (self.max_portfolio_risk, self.max_gross_share)
            && let Some(most) = gross.checked_mul(self.stress_move)
            && risk >= most
        {
            let expected =
                format!("below max_gross_share x stress_move, {}: it would never bind", most.normalize());
            return Err(NotAPolicy::new("max_portfolio_risk", risk.to_string(), expected));
        }
        // What was lost today is lost from the highest value as well.
        if let (Some(share), Some(fall)) = (self.max_daily_loss_share, self.max_drawdown)
            && share > fall
        {
            let expected = format!("at most max_drawdown, {fall}: it would never bind");
            return Err(NotAPolicy::new("max_daily_loss_share", share.to_string(), expected));
        }
        Ok(())
    }
}

/// What is said of an account, in capitals or not: a limit that names it otherwise would hold nobody.
fn named<'a, T>(all: &'a BTreeMap<AccountId, T>, account: &AccountId) -> Option<&'a T> {
    let alike = |name: &AccountId| name.as_str().eq_ignore_ascii_case(account.as_str());
    let other = || all.iter().find_map(|(name, said)| alike(name).then_some(said));
    all.get(account).or_else(other)
}

impl RiskPolicy {
    /// The limits of every account that has none of its own.
    #[must_use]
    pub const fn limits(&self) -> &PolicyDraft {
        &self.written
    }

    /// The limits of an account.
    #[must_use]
    pub fn limits_of(&self, account: &AccountId) -> &PolicyDraft {
        named(&self.accounts, account).unwrap_or(&self.written)
    }

    /// What is written of an account alone.
    pub(crate) fn of_account(&self, account: &AccountId) -> Option<&Tighter> {
        named(&self.written.accounts, account)
    }

    /// What is written of a strategy, if it is named.
    #[must_use]
    pub fn of_strategy(&self, strategy: &StrategyId) -> Option<&Tighter> {
        self.written.strategies.get(strategy)
    }

    /// Is what this rule stopped a reason to kill the switch?
    #[must_use]
    pub const fn kills(&self, rule: Rule) -> bool {
        let of_losses = matches!(rule, Rule::MaxDailyLoss | Rule::MaxDailyLossShare | Rule::MaxDrawdown);
        self.written.kill_on_loss && of_losses
    }

    /// How old the broker's preview of an order may be.
    #[must_use]
    pub const fn max_preview_age(&self) -> Duration {
        Duration::from_secs(self.written.max_preview_age_seconds)
    }

    /// How old the last quote may be.
    #[must_use]
    pub const fn max_quote_age(&self) -> Duration {
        Duration::from_secs(self.written.max_quote_age_seconds)
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
        policy.written
    }
}

#[cfg(test)]
mod tests;
