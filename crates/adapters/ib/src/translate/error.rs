//! Why a value could not be translated.

/// The foreign object cannot mean anything in the platform's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{object}.{field} is {value}: {reason}")]
pub struct FromIbError {
    object: &'static str,
    field: &'static str,
    value: String,
    reason: String,
}

/// The domain's value has no expression in the foreign object.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field} of {value} cannot be sent: {reason}")]
pub struct ToIbError {
    field: &'static str,
    value: String,
    reason: &'static str,
}

impl FromIbError {
    /// `object.field` holds `value`, which cannot be, because of `reason`. Long values are cut.
    pub(crate) fn new(
        object: &'static str,
        field: &'static str,
        value: impl std::fmt::Debug,
        reason: impl std::fmt::Display,
    ) -> Self {
        let value = format!("{value:?}").chars().take(120).collect();
        Self { object, field, value, reason: reason.to_string() }
    }

    /// The field that cannot be, in the foreign object's spelling.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        self.field
    }

    /// What it held, as far as it is worth showing.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }
}

impl ToIbError {
    /// `field` holds `value`, which the foreign object cannot hold, because of `reason`.
    pub(crate) fn new(field: &'static str, value: impl std::fmt::Display, reason: &'static str) -> Self {
        Self { field, value: value.to_string(), reason }
    }

    /// The field that cannot be sent.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        self.field
    }
}
