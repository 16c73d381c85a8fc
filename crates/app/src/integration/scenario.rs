//! A scenario, and how one ends.

use super::stage::Stage;
use futures::future::LocalBoxFuture;

/// What a scenario asks of a broker; where it is not there, the scenario is skipped with that as the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Orders may be placed.
    Trading,
    /// The market of the share is open: orders fill at once.
    OpenMarket,
    /// The link can be cut from the other side.
    CutLink,
    /// The broker can be restarted.
    Restart,
}

impl Need {
    /// As a report says it.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Trading => "permission to place orders",
            Self::OpenMarket => "an open market",
            Self::CutLink => "a link that can be cut from the other side",
            Self::Restart => "a broker that can be restarted",
        }
    }
}

/// What is done, and what is seen when all is well.
#[derive(Clone, Copy)]
pub struct Scenario {
    /// Its group and its own name: `orders.bracket`.
    pub name: &'static str,
    /// What it asks of a broker.
    pub needs: &'static [Need],
    /// What is expected, in one sentence.
    pub expected: &'static str,
    /// Does it.
    pub play: Play,
}

/// The steps of a scenario.
#[derive(Clone, Copy)]
pub enum Play {
    /// These.
    Steps(for<'a> fn(&'a mut Stage) -> LocalBoxFuture<'a, Result<(), Halt>>),
    /// An order of this kind rests and is cancelled.
    Rests(super::suite::Resting),
}

impl std::fmt::Debug for Scenario {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scenario").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Why a scenario did not come to its end.
#[derive(Debug)]
pub enum Halt {
    /// This broker or account cannot do it, for this reason.
    Skip(String),
    /// Something failed.
    Fail(anyhow::Error),
}

impl<E: Into<anyhow::Error>> From<E> for Halt {
    fn from(error: E) -> Self {
        Self::Fail(error.into())
    }
}

/// How a scenario ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Everything was seen that was expected, and something was.
    Passed,
    /// Something else was seen, or it could not be done.
    Failed(String),
    /// It was not done, for this reason.
    Skipped(String),
}

impl Verdict {
    /// In one word.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed(_) => "FAILED",
            Self::Skipped(_) => "skipped",
        }
    }

    /// Why, where there is a reason.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Passed => None,
            Self::Failed(reason) | Self::Skipped(reason) => Some(reason),
        }
    }
}
