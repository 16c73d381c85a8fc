//! One order worked in steps, each at a better price than the last.

use crate::{NotAnIntent, Text};
use serde::{Deserialize, Serialize};
use tradeport_kernel::Decimal;

/// How the price of the whole scale moves with time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScaleDrift {
    /// By how much each time; may be below zero.
    pub amount: Decimal,
    /// How many seconds apart; above zero.
    pub interval_seconds: u32,
}

/// One order worked in steps: a first component, and a next one further on each time one has filled.
///
/// ```
/// use tradeport_orders::Scale;
///
/// let scale = Scale::steps(100, "0.05".parse()?);
/// assert_eq!(scale.first_size, Some(100));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Scale {
    /// Units of the first component.
    pub first_size: Option<u32>,
    /// Units of each further component; as the first when absent.
    pub next_size: Option<u32>,
    /// How far apart the components are, in price units; above zero.
    pub increment: Option<Decimal>,
    /// How the whole scale drifts.
    pub drift: Option<ScaleDrift>,
    /// How far from its fill each component is closed again; above zero; never when absent.
    pub profit_offset: Option<Decimal>,
    /// Is a component ordered again once it was closed?
    pub auto_reset: bool,
    /// Are sizes varied at random by up to 55 percent?
    pub random_sizes: bool,
    /// What was held when the scale began.
    pub first_position: Option<i32>,
    /// How much of the first component had filled when the scale began.
    pub first_fill: Option<u32>,
    /// Sizes and prices row by row, in place of equal steps, in the broker's text form.
    pub table: Option<Text>,
}

impl Scale {
    /// Components of `size` units, `increment` apart.
    #[must_use]
    pub fn steps(size: u32, increment: Decimal) -> Self {
        Self { first_size: Some(size), increment: Some(increment), ..Self::default() }
    }

    pub(crate) fn check(&self) -> Result<(), NotAnIntent> {
        let stepped = self.first_size.is_some() && self.increment.is_some();
        if !stepped && self.table.is_none() {
            return Err(NotAnIntent::ScaleWithoutSteps);
        }
        let above_zero = [("increment", self.increment), ("profit offset", self.profit_offset)];
        for (field, number) in above_zero {
            if let Some(number) = number.filter(|number| *number <= Decimal::ZERO) {
                return Err(NotAnIntent::Scale { field, number });
            }
        }
        for (field, size) in [("first size", self.first_size), ("next size", self.next_size)] {
            if size == Some(0) {
                return Err(NotAnIntent::Scale { field, number: Decimal::ZERO });
            }
        }
        if self.drift.is_some_and(|drift| drift.interval_seconds == 0) {
            return Err(NotAnIntent::Scale { field: "drift interval", number: Decimal::ZERO });
        }
        if self.auto_reset && self.profit_offset.is_none() {
            return Err(NotAnIntent::ScaleReset);
        }
        Ok(())
    }
}
