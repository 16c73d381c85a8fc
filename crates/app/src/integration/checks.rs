//! What was expected, beside what was seen.

use serde::Serialize;
use std::fmt::Display;

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What should be seen.
    pub expected: String,
    /// What was.
    pub seen: String,
    /// Is it the same?
    pub held: bool,
}

/// Everything that one scenario looked at, in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Checks(Vec<Check>);

impl Checks {
    pub(super) fn note(&mut self, expected: impl Display, seen: impl Display, held: bool) {
        self.0.push(Check { expected: expected.to_string(), seen: seen.to_string(), held });
    }

    /// The first thing that was not as expected.
    pub(super) fn first_broken(&self) -> Option<&Check> {
        self.0.iter().find(|check| !check.held)
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn take(&mut self) -> Vec<Check> {
        std::mem::take(&mut self.0)
    }
}
