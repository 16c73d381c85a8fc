//! What orders for combos may say: a price for each leg, and how the legs are worked.

use crate::{NotAnIntent, Text};
use serde::{Deserialize, Serialize};
use tradeport_contracts::ContractId;
use tradeport_kernel::{Decimal, Price};

/// How the legs of a combo are worked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "value", rename_all = "snake_case", deny_unknown_fields)]
pub enum ComboRouting {
    /// May one leg fill without the other? Where this is not said, it may not.
    NonGuaranteed(bool),
    /// Which leg is filled first: 0 or 1, -1 for none; for combos of two legs.
    LegInPriority(i32),
    /// The most units that are worked at a time.
    MaxSegmentSize(u32),
    /// Does the next segment wait until the one before it has filled?
    WaitForLegIn(bool),
    /// The combo is cancelled when this leg leaves the price range that `ConditionPriceMin` and `Max` give.
    ConditionContract(ContractId),
    /// The lower end of that range.
    ConditionPriceMin(Price),
    /// The upper end of that range.
    ConditionPriceMax(Price),
    /// After so many seconds the first leg is taken at the market.
    MarketAfterFirst(u32),
    /// After so many seconds the second leg is taken at the market.
    MarketAfterSecond(u32),
    /// In percent of the spread, how far beyond its price it may go.
    DiscretionaryPercent(Decimal),
    /// One that this list does not know.
    Other {
        /// Its name, as the broker spells it.
        tag: Text,
        /// Its value, as the broker writes it.
        value: Text,
    },
}

/// What an order for a combo says beyond its kind.
///
/// ```
/// use tradeport_orders::{ComboRouting, OrderDraft, OrderKind, Side};
///
/// # use tradeport_kernel::Quantity;
/// # let hundred: Quantity = "100".parse()?;
/// # let order = |kind| OrderDraft::new("a".parse().unwrap(), "DU1".parse().unwrap(), "AAPL".parse().unwrap(), Side::Buy, hundred, kind);
/// // The first leg for 10 or better, the second for 5 or better, and neither waits for the other.
/// let mut by_leg = order(OrderKind::LimitPerLeg);
/// by_leg.attributes.combo.leg_prices = vec![Some("10".parse()?), Some("5".parse()?)];
/// by_leg.attributes.combo.routing = vec![ComboRouting::NonGuaranteed(true)];
/// assert!(by_leg.check().is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ComboTerms {
    /// The limit of each leg, in the order of the legs; absent for a leg without one. For
    /// [`OrderKind::LimitPerLeg`](crate::OrderKind::LimitPerLeg) alone.
    pub leg_prices: Vec<Option<Price>>,
    /// How the legs are worked, in the order in which it is said.
    pub routing: Vec<ComboRouting>,
}

impl ComboTerms {
    /// The most legs and the most routing words.
    pub const MAX: usize = 100;

    pub(crate) fn check(&self, per_leg: bool) -> Result<(), NotAnIntent> {
        let priced = self.leg_prices.iter().any(Option::is_some);
        if per_leg && !priced {
            return Err(NotAnIntent::NoLegPrices);
        }
        if !per_leg && !self.leg_prices.is_empty() {
            return Err(NotAnIntent::LegPricesBesideLimit);
        }
        for count in [self.leg_prices.len(), self.routing.len()] {
            if count > Self::MAX {
                return Err(NotAnIntent::TooMany { what: "combo terms", count, most: Self::MAX });
            }
        }
        Ok(())
    }
}
