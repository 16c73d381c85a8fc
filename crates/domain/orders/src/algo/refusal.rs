//! Why something is not an algo.

/// Why something is not an algo: which rule, what was given, what would be accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AlgoRefusal {
    /// A value that the parameter does not take: of another type, out of range, or not one of its choices.
    #[error("{algo}: {param} is {given}, expected {accepted}")]
    Value {
        /// Provider and strategy: `ib Vwap`.
        algo: String,
        /// The parameter.
        param: String,
        /// What was given.
        given: String,
        /// What would be accepted.
        accepted: String,
    },
    /// Two parameters that contradict each other.
    #[error("{algo}: {low} is {low_given}, expected at most {high}, which is {high_given}")]
    Contradiction {
        /// Provider and strategy.
        algo: String,
        /// The parameter that must not be above the other.
        low: &'static str,
        /// What it was given.
        low_given: String,
        /// The parameter that must not be below the other.
        high: &'static str,
        /// What it was given.
        high_given: String,
    },
    /// The same parameter twice.
    #[error("{algo}: {param} is given twice, expected once")]
    Twice {
        /// Provider and strategy.
        algo: String,
        /// The parameter.
        param: String,
    },
    /// A parameter that a builder does not have.
    #[error("{algo}: there is no parameter {given}, expected one of {accepted}")]
    NoSuchParam {
        /// Provider and strategy.
        algo: String,
        /// What was given.
        given: String,
        /// The parameters of this algo.
        accepted: String,
    },
    /// An order that the algo does not work with.
    #[error("{algo} does not work with {given}, expected {accepted}")]
    Unsuited {
        /// Provider and strategy.
        algo: String,
        /// What the order is.
        given: String,
        /// What the algo works with.
        accepted: String,
    },
    /// More parameters than any algo has.
    #[error("{algo}: {given} parameters are given, expected at most {accepted}")]
    TooMany {
        /// Provider and strategy.
        algo: String,
        /// How many there were.
        given: usize,
        /// How many there may be.
        accepted: usize,
    },
    /// A text that cannot name what it should.
    #[error("{given} is not {what}: expected {accepted}")]
    Name {
        /// What it should name.
        what: &'static str,
        /// What was given.
        given: String,
        /// What would be accepted.
        accepted: &'static str,
    },
    /// An algo of the broker under somebody else's route, where the two could not be told apart.
    #[error("{strategy} at the route {route} is the broker's own algo, expected the provider ib")]
    BrokersOwn {
        /// The route that was given.
        route: String,
        /// The algo.
        strategy: String,
    },
}

/// A foreign text as a message shows it: quoted, and cut when it is long.
pub(super) fn shown(text: &str) -> String {
    let cut: String = text.chars().take(60).collect();
    if cut.len() < text.len() { format!("{cut:?}…") } else { format!("{cut:?}") }
}
