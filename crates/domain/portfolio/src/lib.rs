//! portfolio.
