//! Reads the reference data in `tests/data` and compares figures with it.

use serde_json::Value;
use std::path::PathBuf;

fn path(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(file)
}

/// A document of the reference data.
pub(crate) fn document(file: &str) -> Value {
    let text = std::fs::read_to_string(path(file)).unwrap_or_else(|cause| panic!("{file}: {cause}"));
    serde_json::from_str(&text).unwrap_or_else(|cause| panic!("{file}: {cause}"))
}

/// One column of a table; an empty cell is missing.
pub(crate) fn column(file: &str, name: &str) -> Vec<Option<f64>> {
    let mut table = csv::Reader::from_path(path(file)).unwrap_or_else(|cause| panic!("{file}: {cause}"));
    let place = table.headers().unwrap().iter().position(|header| header == name);
    let place = place.unwrap_or_else(|| panic!("{file} has no column {name}"));
    let cell = |record: Result<csv::StringRecord, _>| match record.unwrap()[place].trim() {
        "" => None,
        text => Some(text.parse().unwrap_or_else(|_| panic!("{file}: {text:?} in {name}"))),
    };
    table.records().map(cell).collect()
}

/// A figure of the reference data: null is undefined, infinities are texts.
pub(crate) fn figure(value: &Value) -> Option<f64> {
    match value {
        Value::Null => None,
        Value::String(text) if text == "inf" => Some(f64::INFINITY),
        Value::String(text) if text == "-inf" => Some(f64::NEG_INFINITY),
        number => Some(number.as_f64().unwrap_or_else(|| panic!("{number} is not a figure"))),
    }
}

/// Panics unless both are undefined, the same infinity, or finite and close enough.
pub(crate) fn assert_close(what: &str, actual: Option<f64>, expected: Option<f64>, rtol: f64, atol: f64) {
    let close = match (actual, expected) {
        (None, None) => true,
        (Some(actual), Some(expected)) if actual.is_finite() && expected.is_finite() => {
            (actual - expected).abs() <= rtol * expected.abs() + atol
        }
        (Some(actual), Some(expected)) => actual.to_bits() == expected.to_bits(),
        _ => false,
    };
    assert!(close, "{what}: {actual:?}, expected {expected:?} within {rtol} of it");
}
