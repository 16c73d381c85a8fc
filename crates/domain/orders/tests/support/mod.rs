//! Orders that differ by their keys alone.

use tradeport_kernel::{OrderKey, Quantity};
use tradeport_orders::{OrderDraft, OrderIntent, OrderKind, Side};

pub(crate) fn key(text: &str) -> OrderKey {
    text.parse().unwrap()
}

/// To buy ten shares at the market.
pub(crate) fn intent(name: &str) -> OrderIntent {
    let ten: Quantity = "10".parse().unwrap();
    let (account, apple) = ("DU1".parse().unwrap(), "AAPL".parse().unwrap());
    OrderDraft::new(key(name), account, apple, Side::Buy, ten, OrderKind::Market).check().unwrap()
}
