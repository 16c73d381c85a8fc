//! Pure functions between the messages of the wire and the platform's values.
//!
//! They are this crate's own: what another adapter sends must be read here as the same value, which proves nothing when
//! both share their code.
//!
//! Left out: what is listed, and who asks.

pub mod contract;
pub mod number;
pub mod order;
pub mod xml;

pub use contract::{instrument_of, instrument_to_wire};

/// What was sent cannot mean anything: which field, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field} {value}: {reason}")]
pub struct Unreadable {
    field: &'static str,
    value: String,
    reason: String,
}

impl Unreadable {
    /// `field` holds `value`, which cannot be, because of `reason`. Long values are cut.
    pub(crate) fn new(
        field: &'static str,
        value: impl std::fmt::Debug,
        reason: impl std::fmt::Display,
    ) -> Self {
        let value = format!("{value:?}").chars().take(80).collect();
        Self { field, value, reason: reason.to_string() }
    }

    /// The field that cannot be, in the wire's spelling.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        self.field
    }
}
