//! trading.
