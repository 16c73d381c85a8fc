//! How a command ended, as other programs see it.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done: 0.
    Done,
    /// It failed: 1.
    Failed,
    /// It was asked in a wrong way: 2. Nothing was done.
    Usage,
    /// The risk gate stopped the order: 3. Nothing was sent.
    RefusedByRisk,
    /// The broker may or may not hold the order: 4.
    OutcomeUnknown,
    /// Somebody stopped it: 130. What it had acknowledged is safe.
    Interrupted,
}

impl Exit {
    /// The number.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::RefusedByRisk => 3,
            Self::OutcomeUnknown => 4,
            Self::Interrupted => 130,
        }
    }

    /// That of a number, if it is one of ours.
    pub(crate) fn of_code(code: u8) -> Option<Self> {
        let all = [
            Self::Done,
            Self::Failed,
            Self::Usage,
            Self::RefusedByRisk,
            Self::OutcomeUnknown,
            Self::Interrupted,
        ];
        all.into_iter().find(|exit| exit.code() == code)
    }

    /// How it ended, once its result was printed or could not be: what became of an order counts for more than that
    /// nobody could read of it.
    pub(crate) fn after(self, printed: anyhow::Result<()>) -> anyhow::Result<Self> {
        match printed {
            Err(error) if self != Self::Done => {
                tracing::warn!(error = format!("{error:#}"), "how it ended is told by the exit code alone");
                Ok(self)
            }
            printed => printed.map(|()| self),
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
