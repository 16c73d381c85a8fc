//! Which way an order goes.

use serde::{Deserialize, Serialize};
use std::fmt;
use tradeport_kernel::{Quantity, SignedQuantity};

/// To buy or to sell.
///
/// ```
/// use tradeport_orders::Side;
/// assert_eq!(Side::Sell.signed("100".parse()?).to_string(), "-100");
/// assert_eq!(Side::Sell.opposite(), Side::Buy);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Adds to the position.
    Buy,
    /// Takes from the position.
    Sell,
}

impl Side {
    /// The other side.
    #[must_use]
    pub const fn opposite(self) -> Self {
        match self {
            Self::Buy => Self::Sell,
            Self::Sell => Self::Buy,
        }
    }

    /// The change of position that trading `quantity` on this side makes.
    #[must_use]
    pub fn signed(self, quantity: Quantity) -> SignedQuantity {
        let number = quantity.as_decimal();
        let signed = if self == Self::Buy { number } else { -number };
        SignedQuantity::new(signed).expect("a quantity with a sign keeps its size")
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(if *self == Self::Buy { "buy" } else { "sell" })
    }
}
