//! Children that the broker makes from its presets, and orders that are questions.

use serde::{Deserialize, Serialize};
use tradeport_kernel::OrderKey;

/// Children that the broker attaches from the presets of the account, under keys of ours. Their prices are the presets'.
///
/// ```
/// use tradeport_orders::{OrderDraft, OrderKind, Side};
///
/// # use tradeport_kernel::Quantity;
/// # let hundred: Quantity = "100".parse()?;
/// # let order = |kind| OrderDraft::new("a".parse().unwrap(), "DU1".parse().unwrap(), "AAPL".parse().unwrap(), Side::Buy, hundred, kind);
/// let mut entry = order(OrderKind::Limit { limit: "40".parse()? });
/// entry.attributes.presets.stop_loss = Some("a-stop".parse()?);
/// entry.attributes.presets.profit_taker = Some("a-target".parse()?);
/// assert!(entry.check().is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PresetChildren {
    /// The key of the stop that limits the loss.
    pub stop_loss: Option<OrderKey>,
    /// The key of the limit that takes the profit.
    pub profit_taker: Option<OrderKey>,
}

/// An order that is never placed: the broker tells what it would cost and what margin it would take.
///
/// ```
/// use tradeport_orders::{OrderDraft, OrderKind, Side, WhatIf};
///
/// # use tradeport_kernel::Quantity;
/// # let hundred: Quantity = "100".parse()?;
/// # let order = |kind| OrderDraft::new("a".parse().unwrap(), "DU1".parse().unwrap(), "AAPL".parse().unwrap(), Side::Buy, hundred, kind);
/// let question = order(OrderKind::Market).what_if(WhatIf::MarginOnly).check()?;
/// assert_eq!(question.attributes().what_if, Some(WhatIf::MarginOnly));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhatIf {
    /// As the broker does by default.
    Default,
    /// The whole order is checked.
    WholeOrder,
    /// The margin alone.
    MarginOnly,
}
