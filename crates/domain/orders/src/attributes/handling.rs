//! How an order shows itself, and how it may fill.

use crate::NotAnIntent;
use serde::{Deserialize, Serialize};
use tradeport_kernel::Decimal;

/// How an order shows itself, and how it may fill.
///
/// ```
/// use tradeport_orders::{Handling, OrderDraft, OrderKind, Side};
///
/// # use tradeport_kernel::Quantity;
/// # let hundred: Quantity = "100".parse()?;
/// # let order = |side, kind| OrderDraft::new("a".parse().unwrap(), "DU1".parse().unwrap(), "AAPL".parse().unwrap(), side, hundred, kind);
/// // An iceberg: ten are shown at a time, and none is sold that takes from the book.
/// let mut iceberg = order(Side::Sell, OrderKind::Limit { limit: "190".parse()? });
/// iceberg.attributes.handling = Handling { display_size: Some(10), post_only: true, ..Handling::default() };
/// assert!(iceberg.clone().check().is_ok());
/// // What is hidden cannot be shown too.
/// iceberg.attributes.handling.hidden = true;
/// assert!(iceberg.check().is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Handling {
    /// How far beyond its limit it trades at its discretion, unseen, in price units; for limit orders.
    pub discretionary_amount: Option<Decimal>,
    /// The units that are shown; all when absent.
    pub display_size: Option<u32>,
    /// Is none of it shown?
    pub hidden: bool,
    /// All in one fill, or it waits?
    pub all_or_none: bool,
    /// The least units of the first fill.
    pub min_quantity: Option<u32>,
    /// Does it take all venues' best prices at once, whatever their order?
    pub sweep_to_fill: bool,
    /// Is it a block order?
    pub block: bool,
    /// Is the broker free in when and how to fill it?
    pub not_held: bool,
    /// May it only add to the book, never take from it?
    pub post_only: bool,
    /// Is its size varied at random? For volatility orders.
    pub randomize_size: bool,
    /// Is its price varied at random? For volatility orders.
    pub randomize_price: bool,
    /// The least units of any fill, in the broker's own book.
    pub min_trade_quantity: Option<u32>,
    /// The least units that it competes for, in the broker's own book.
    pub min_compete_size: Option<u32>,
}

impl Handling {
    pub(crate) fn check(&self) -> Result<(), NotAnIntent> {
        if self.hidden && self.display_size.is_some() {
            return Err(NotAnIntent::HiddenAndShown);
        }
        let sizes = [
            ("display size", self.display_size),
            ("minimum quantity", self.min_quantity),
            ("minimum trade quantity", self.min_trade_quantity),
            ("minimum compete size", self.min_compete_size),
        ];
        if let Some((what, _)) = sizes.into_iter().find(|(_, size)| *size == Some(0)) {
            return Err(NotAnIntent::ZeroSize(what));
        }
        match self.discretionary_amount.filter(|amount| *amount <= Decimal::ZERO) {
            Some(amount) => Err(NotAnIntent::Discretion(amount)),
            None => Ok(()),
        }
    }
}
