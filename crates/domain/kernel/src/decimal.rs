//! Exact decimals as people write them.

pub use rust_decimal::{Decimal, RoundingStrategy};

/// A decimal number: digits, at most one point, a sign. `None` for anything else, and for one with more digits than fit.
///
/// ```
/// use tradeport_kernel::{Decimal, read_decimal};
///
/// assert_eq!(read_decimal("-1.5"), Some(Decimal::new(-15, 1)));
/// assert_eq!(read_decimal("1_5"), None, "fifteen, or a slip for one and a half?");
/// ```
#[must_use]
pub fn read_decimal(text: &str) -> Option<Decimal> {
    if text.contains('_') { None } else { Decimal::from_str_exact(text).ok() }
}
