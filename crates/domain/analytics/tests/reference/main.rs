//! The metrics against values that others computed; where those come from stands in `tests/data/README.md`.

// `cfg(test)` tells clippy that helpers, too, are tests and may panic.
#[cfg(test)]
mod data;
#[cfg(test)]
mod edge_cases;
#[cfg(test)]
mod series;
