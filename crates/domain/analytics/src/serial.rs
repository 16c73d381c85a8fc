//! How a figure stands in a document: undefined is null, infinity is the text `inf` or `-inf`.
//!
//! JSON has no infinity and would write null for it, which means something else here.

use serde::Serializer;

// The signature is the one that serde prescribes.
pub(crate) fn figure<S: Serializer>(value: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
    match *value {
        None => serializer.serialize_none(),
        Some(value) if value.is_finite() => serializer.serialize_f64(value),
        Some(value) => serializer.serialize_str(if value > 0.0 { "inf" } else { "-inf" }),
    }
}
