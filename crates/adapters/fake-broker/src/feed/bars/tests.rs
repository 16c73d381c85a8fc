//! Cases and laws of paths through bars.
