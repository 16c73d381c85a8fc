//! risk.
