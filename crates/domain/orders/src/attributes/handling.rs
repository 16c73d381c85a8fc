//! How an order shows itself, and how it may fill.

use crate::NotAnIntent;
use serde::{Deserialize, Serialize};
use tradeport_kernel::Decimal;

/// How an order shows itself, and how it may fill.
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
