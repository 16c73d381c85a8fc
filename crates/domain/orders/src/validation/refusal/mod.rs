//! Why a broker would not take an order: one variant a rule, each with what was given and what would be accepted.
//!
//! Left out: finding them (`validate`).

mod accepted;
mod attribute;
mod kind;
mod price;
mod rule;
mod session;
mod size;
mod time_in_force;
mod words;

pub use accepted::Accepted;
pub use attribute::AttributeRefusal;
pub use kind::KindRefusal;
pub use price::PriceRefusal;
pub use rule::Rule;
pub use session::SessionRefusal;
pub use size::SizeRefusal;
pub use time_in_force::TimeInForceRefusal;

use std::fmt;

/// A broker would not take the order.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Prices and distances between them.
    #[error(transparent)]
    Price(#[from] PriceRefusal),
    /// How much.
    #[error(transparent)]
    Size(#[from] SizeRefusal),
    /// The kind of order.
    #[error(transparent)]
    Kind(#[from] KindRefusal),
    /// How long it stands.
    #[error(transparent)]
    TimeInForce(#[from] TimeInForceRefusal),
    /// Whether the market is open for it.
    #[error(transparent)]
    Session(#[from] SessionRefusal),
    /// Everything else that it says.
    #[error(transparent)]
    Attribute(#[from] AttributeRefusal),
}

impl Refusal {
    /// Its family.
    #[must_use]
    pub const fn rule(&self) -> Rule {
        match self {
            Self::Price(_) => Rule::Price,
            Self::Size(_) => Rule::Size,
            Self::Kind(_) => Rule::Kind,
            Self::TimeInForce(_) => Rule::TimeInForce,
            Self::Session(_) => Rule::Session,
            Self::Attribute(_) => Rule::Attribute,
        }
    }
}

/// Everything for which an order was refused; at least one refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusals(Vec<Refusal>);

impl Refusals {
    /// `None` when nothing was refused.
    pub(in crate::validation) fn new(refusals: Vec<Refusal>) -> Option<Self> {
        (!refusals.is_empty()).then_some(Self(refusals))
    }

    /// All of them.
    #[must_use]
    pub fn as_slice(&self) -> &[Refusal] {
        &self.0
    }
}

/// All of them, with a semicolon between.
impl fmt::Display for Refusals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, refusal) in self.0.iter().enumerate() {
            let between = if index == 0 { "" } else { "; " };
            write!(f, "{between}{refusal}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusals {}
