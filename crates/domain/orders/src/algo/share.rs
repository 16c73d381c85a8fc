//! A part of the volume.

use tradeport_kernel::Decimal;

/// A part of the volume: 0.2 is one fifth. Which shares an algo takes is for the algo to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Share(Decimal);

impl Share {
    /// So many hundredths: `Share::percent(20)` is one fifth.
    ///
    /// ```
    /// use tradeport_orders::algo::Share;
    /// assert_eq!(Share::percent(20).as_decimal().to_string(), "0.2");
    /// ```
    #[must_use]
    pub fn percent(hundredths: u8) -> Self {
        Self(Decimal::new(i64::from(hundredths), 2).normalize())
    }

    /// The fraction: 0.2 for one fifth.
    #[must_use]
    pub const fn as_decimal(self) -> Decimal {
        self.0
    }
}

impl From<Decimal> for Share {
    fn from(fraction: Decimal) -> Self {
        Self(fraction)
    }
}
