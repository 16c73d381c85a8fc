//! How an adviser's order is spread over accounts.

use crate::{NotAnIntent, Text};
use serde::{Deserialize, Serialize};
use tradeport_kernel::Decimal;

/// How an order is spread over the accounts of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "method", content = "percent", rename_all = "snake_case", deny_unknown_fields)]
pub enum AllocationMethod {
    /// The same for each.
    Equal,
    /// By the equity that each has free.
    AvailableEquity,
    /// By the net liquidation value of each.
    NetLiquidation,
    /// By units given for each.
    Units,
    /// By ratios given for each.
    Ratio,
    /// By percentages given for each.
    Percent,
    /// By amounts of money given for each.
    Money,
    /// The same quantity for each; an older name that brokers still take.
    EqualQuantity,
    /// A change of each position by so many percent; below zero makes it smaller.
    PercentChange(Decimal),
}

/// The group of accounts that an adviser's order is for.
///
/// ```
/// use tradeport_orders::{Allocation, AllocationMethod, OrderDraft, OrderKind, Side};
///
/// # use tradeport_kernel::Quantity;
/// # let hundred: Quantity = "100".parse()?;
/// # let order = |kind| OrderDraft::new("a".parse().unwrap(), "DU1".parse().unwrap(), "AAPL".parse().unwrap(), Side::Buy, hundred, kind);
/// // As the group says how; every account the same; or each position down by half, which says the size as well.
/// let as_set_up = Allocation::to_group("Clients".parse()?);
/// let equal = Allocation::by("Clients".parse()?, AllocationMethod::Equal);
/// let halved = Allocation::by("Clients".parse()?, AllocationMethod::PercentChange("-50".parse()?));
/// assert!(halved.sizes() && !equal.sizes());
/// let spread = order(OrderKind::Market).allocated(equal).check()?;
/// assert!(spread.attributes().allocation.is_some());
/// # let _ = as_set_up;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allocation {
    /// The group's name.
    pub group: Text,
    /// How it is spread; as the group says when absent.
    #[serde(default)]
    pub method: Option<AllocationMethod>,
}

impl Allocation {
    /// To a group, as the group says.
    #[must_use]
    pub const fn to_group(group: Text) -> Self {
        Self { group, method: None }
    }

    /// To a group, by this method.
    #[must_use]
    pub const fn by(group: Text, method: AllocationMethod) -> Self {
        Self { group, method: Some(method) }
    }

    /// Does the method itself say how much is traded?
    #[must_use]
    pub const fn sizes(&self) -> bool {
        matches!(self.method, Some(AllocationMethod::PercentChange(_)))
    }

    pub(crate) fn check(&self) -> Result<(), NotAnIntent> {
        match self.method {
            Some(AllocationMethod::PercentChange(percent)) if percent.is_zero() => {
                Err(NotAnIntent::NoPercentChange)
            }
            _ => Ok(()),
        }
    }
}
