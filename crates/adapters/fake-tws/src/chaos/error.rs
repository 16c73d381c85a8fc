//! What is wrong with a scenario.

/// A scenario that cannot be played, with what was wrong and what is allowed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScenarioError {
    /// A document, at a line.
    #[error("line {line}: {problem}")]
    Document {
        /// Which line, from 1 on.
        line: usize,
        /// What is wrong, and what is allowed.
        problem: String,
    },
    /// A rule that was built.
    #[error("rule {rule}: {problem}")]
    Rule {
        /// Which rule, from 1 on.
        rule: usize,
        /// What is wrong, and what is allowed.
        problem: String,
    },
}
