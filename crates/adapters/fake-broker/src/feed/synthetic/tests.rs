//! Cases of the random walk.
