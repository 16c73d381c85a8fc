//! Which prices wake what sleeps.

use serde::{Deserialize, Serialize};

/// Which prices wake a stop or a condition. Where none is named, the broker's choice for the instrument holds.
///
/// ```
/// use tradeport_orders::{OrderDraft, OrderKind, Side, TriggerMethod};
///
/// # use tradeport_kernel::Quantity;
/// # let hundred: Quantity = "100".parse()?;
/// # let order = |side, kind| OrderDraft::new("a".parse().unwrap(), "DU1".parse().unwrap(), "AAPL".parse().unwrap(), side, hundred, kind);
/// // A stop that one odd trade does not set off.
/// let stop = order(Side::Sell, OrderKind::Stop { stop: "180".parse()? });
/// let calm = stop.triggered_by(TriggerMethod::DoubleLast).check()?;
/// assert_eq!(calm.attributes().timing.trigger_method, Some(TriggerMethod::DoubleLast));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TriggerMethod {
    /// Two bids or two asks in a row.
    DoubleBidAsk,
    /// One trade.
    Last,
    /// Two trades in a row.
    DoubleLast,
    /// One bid or ask.
    BidAsk,
    /// One trade, bid or ask.
    LastOrBidAsk,
    /// The middle of bid and ask.
    Midpoint,
}

impl TriggerMethod {
    /// Every method.
    pub const ALL: [Self; 6] =
        [Self::DoubleBidAsk, Self::Last, Self::DoubleLast, Self::BidAsk, Self::LastOrBidAsk, Self::Midpoint];
}
