//! The numbers that would have been accepted in the place of one that was not.
//!
//! Left out: how they are found (`steps`).

use std::fmt;
use tradeport_kernel::Decimal;

/// The accepted numbers next to one that was not: the next below, and the next above.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Accepted {
    /// The next below; `None` when there is none.
    pub below: Option<Decimal>,
    /// The next above; `None` when there is none.
    pub above: Option<Decimal>,
}

impl fmt::Display for Accepted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.below, self.above) {
            (Some(below), Some(above)) => write!(f, "{below} or {above} would be accepted"),
            (Some(next), None) | (None, Some(next)) => write!(f, "{next} would be accepted"),
            (None, None) => f.write_str("nothing next to it would be accepted"),
        }
    }
}
