//! The families of refusals.
//!
//! Left out: what each of them says.

use std::fmt;

/// The family of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// Prices and distances between them.
    Price,
    /// How much.
    Size,
    /// The kind of order.
    Kind,
    /// How long it stands.
    TimeInForce,
    /// Whether the market is open for it.
    Session,
    /// Everything else that it says.
    Attribute,
}

impl Rule {
    /// As it is written: `time_in_force`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Price => "price",
            Self::Size => "size",
            Self::Kind => "kind",
            Self::TimeInForce => "time_in_force",
            Self::Session => "session",
            Self::Attribute => "attribute",
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
