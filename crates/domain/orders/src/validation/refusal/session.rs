//! Whether the market is open for an order.
//!
//! Left out: where hours come from (`hours`).

use tradeport_kernel::Timestamp;

/// The order would end before its market is open for it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SessionRefusal {
    /// At once or never, while the market is closed (error 201).
    #[error("{time_in_force} orders trade at once, and the market is closed at {at}: {}", when(*opens))]
    ClosedNow {
        /// The time in force.
        time_in_force: &'static str,
        /// When it would trade.
        at: Timestamp,
        /// When the market opens, if that is known.
        opens: Option<Timestamp>,
    },
    /// It ends before it could trade.
    #[error("the order ends at {ends}, and the market opens at {opens}: a later end would be accepted")]
    EndsBeforeOpen {
        /// When it ends.
        ends: Timestamp,
        /// When the market opens.
        opens: Timestamp,
    },
}

fn when(opens: Option<Timestamp>) -> String {
    opens.map_or_else(|| "it is not known when it opens".to_owned(), |opens| format!("it opens at {opens}"))
}
