//! What a broker says an order would cost and tie up, before it is placed.
//!
//! Every part may be missing: brokers say what they can reckon, and what they do not say is not zero.
//!
//! Left out: whether the order is wise (`risk`), and what is asked of the broker ([`ClearedPreview`](crate::ClearedPreview)).

use serde::{Deserialize, Serialize};
use tradeport_kernel::{Money, Quantity};

/// The broker's answer to "what if this order traded in full".
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OrderPreview {
    /// What the whole order would cost.
    pub commission: CommissionPreview,
    /// What the account must have to open what it holds.
    pub initial_margin: AccountEffect,
    /// What the account must keep to go on holding it.
    pub maintenance_margin: AccountEffect,
    /// What counts against the margins: the account's equity, what it may borrow on included.
    pub equity_with_loan: AccountEffect,
    /// The size that the broker would take instead, when it says so.
    pub suggested_size: Option<Quantity>,
    /// What the broker has to say about the order, in its own words.
    pub warning: Option<String>,
}

/// What an order that trades in full takes of its account's margins, by the broker's word. Below zero where it frees some.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PreviewedMargin {
    /// More to open what is held.
    pub initial: Money,
    /// More to go on holding it.
    pub maintenance: Money,
}

/// What the whole order would cost, as far as the broker says: exactly, or between two bounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CommissionPreview {
    /// What it is expected to cost.
    pub expected: Option<Money>,
    /// The least that it can cost.
    pub least: Option<Money>,
    /// The most that it can cost.
    pub most: Option<Money>,
}

/// What an order would do to one figure of its account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AccountEffect {
    /// As it is now.
    pub before: Option<Money>,
    /// By how much it would move; below zero when it would fall.
    pub change: Option<Money>,
    /// As it would be.
    pub after: Option<Money>,
}

impl AccountEffect {
    /// From one sum to another; the change is what lies between, where both are of one currency.
    ///
    /// ```
    /// use tradeport_kernel::{Currency, Money};
    /// use tradeport_orders::AccountEffect;
    /// let usd = |amount: i64| Money::new(amount.into(), Currency::USD);
    /// assert_eq!(AccountEffect::between(usd(100), usd(250)).change, Some(usd(150)));
    /// ```
    #[must_use]
    pub fn between(before: Money, after: Money) -> Self {
        Self { before: Some(before), change: after.minus(before).ok(), after: Some(after) }
    }

    /// Only how things are now is known.
    #[must_use]
    pub fn unknown_from(before: Money) -> Self {
        Self { before: Some(before), change: None, after: None }
    }
}

impl OrderPreview {
    /// What it takes of both margins; `None` where the broker does not say.
    #[must_use]
    pub fn margin(&self) -> Option<PreviewedMargin> {
        let (initial, maintenance) = (self.initial_margin.change?, self.maintenance_margin.change?);
        Some(PreviewedMargin { initial, maintenance })
    }
}

impl CommissionPreview {
    /// It costs this, whatever happens.
    #[must_use]
    pub const fn exactly(amount: Money) -> Self {
        Self { expected: Some(amount), least: Some(amount), most: Some(amount) }
    }
}
