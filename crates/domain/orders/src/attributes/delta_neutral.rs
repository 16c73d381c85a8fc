//! The order in the underlying that is sent with each fill of a volatility order.

use super::{ClearingIntent, PositionEffect, ShortSaleSource};
use crate::Text;
use serde::{Deserialize, Serialize};
use tradeport_contracts::ContractId;
use tradeport_kernel::Decimal;

/// How the order in the underlying is placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum DeltaNeutralKind {
    /// None is sent; the order says so.
    None,
    /// At the market.
    Market,
    /// At the market; what is left rests at the price of the first fill.
    MarketToLimit,
    /// At a limit.
    Limit {
        /// The worst price accepted.
        limit: Decimal,
    },
    /// Better than the best price of its own side.
    Relative {
        /// By how much, in price units.
        offset: Decimal,
    },
}

/// The order in the underlying that is sent with each fill of a volatility order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeltaNeutral {
    /// How it is placed.
    pub kind: DeltaNeutralKind,
    /// In what, by the broker's number; the option's own underlying when absent.
    #[serde(default)]
    pub contract: Option<ContractId>,
    /// Who settles it.
    #[serde(default)]
    pub settling_firm: Option<Text>,
    /// For whom it is cleared.
    #[serde(default)]
    pub clearing_account: Option<Text>,
    /// Where it is cleared.
    #[serde(default)]
    pub clearing_intent: Option<ClearingIntent>,
    /// Does it open or close a position?
    #[serde(default)]
    pub effect: Option<PositionEffect>,
    /// Is it a short sale?
    #[serde(default)]
    pub short_sale: bool,
    /// Where the shares of a short sale come from.
    #[serde(default)]
    pub short_source: Option<ShortSaleSource>,
}

impl DeltaNeutral {
    /// Placed like this, in the option's own underlying.
    #[must_use]
    pub const fn new(kind: DeltaNeutralKind) -> Self {
        Self {
            kind,
            contract: None,
            settling_firm: None,
            clearing_account: None,
            clearing_intent: None,
            effect: None,
            short_sale: false,
            short_source: None,
        }
    }
}
