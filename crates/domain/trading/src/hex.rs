//! Hashes as people and files have them.

use std::fmt::{self, Write};

/// Writes bytes as digits from 0 to f, two for each.
pub(crate) fn write_hex(to: &mut impl Write, bytes: &[u8]) -> fmt::Result {
    bytes.iter().try_for_each(|byte| write!(to, "{byte:02x}"))
}

/// The same as a text.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    write_hex(&mut text, bytes).expect("writing to a text does not fail");
    text
}
