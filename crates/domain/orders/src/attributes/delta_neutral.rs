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
///
/// ```
/// use tradeport_orders::{DeltaNeutral, DeltaNeutralKind, OrderDraft, OrderKind, Side, Volatility, VolatilityTerms};
///
/// # use tradeport_kernel::Quantity;
/// # let hundred: Quantity = "100".parse()?;
/// # let order = |kind| OrderDraft::new("a".parse().unwrap(), "DU1".parse().unwrap(), "AAPL".parse().unwrap(), Side::Buy, hundred, kind);
/// // An option at 20 percent, hedged in its stock at the market with each fill.
/// let at_20 = OrderKind::Volatility(Volatility { percent: "20".parse()?, terms: VolatilityTerms::default() });
/// let hedge = DeltaNeutral::new(DeltaNeutralKind::Market);
/// assert!(order(at_20).hedged_by(hedge.clone()).check().is_ok());
///
/// // Only what is priced in volatility has such a hedge.
/// let refusal = order(OrderKind::Market).hedged_by(hedge).check().unwrap_err();
/// assert_eq!(refusal.to_string(), "MKT orders cannot have a delta-neutral order: only a volatility kind can");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
