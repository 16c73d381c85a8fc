//! The kill switch: while it is killed nothing new leaves, and everything that may trade is cancelled.
//!
//! | it is | a kill | a resume |
//! | --- | --- | --- |
//! | open | kills it | is refused: there is nothing to resume |
//! | killed | changes nothing: the first stands | opens it, when it names the kill that stands and gives a reason |
//!
//! A resume names the kill that its author has seen, so that nobody resumes what he does not know of. Left out: where the
//! switch is kept ([`SwitchStore`](crate::SwitchStore)), and who cancels (the desk).

use crate::{RiskRefusal, Rule};
use serde::{Deserialize, Serialize};
use std::fmt;
use tradeport_kernel::Timestamp;

/// Why somebody kills or resumes: one line that says something.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SwitchReason(String);

/// Not a reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAReason {
    /// Nothing is said.
    #[error("a reason is one line that says why: it is empty")]
    Empty,
    /// More than anybody reads in an emergency.
    #[error("a reason is one line of at most {most} bytes: this has {found}")]
    TooLong {
        /// How long it is.
        found: usize,
        /// How long it may be.
        most: usize,
    },
    /// It would break the line in which it is shown.
    #[error("a reason is one line: character {0} of it cannot be shown")]
    Unshowable(usize),
}

impl SwitchReason {
    /// The longest, in bytes.
    pub const LONGEST: usize = 500;

    /// One line, without the blanks around it. Errors: it is empty, too long, or no line.
    pub fn new(text: &str) -> Result<Self, NotAReason> {
        let text = text.trim();
        if text.is_empty() {
            return Err(NotAReason::Empty);
        }
        if text.len() > Self::LONGEST {
            return Err(NotAReason::TooLong { found: text.len(), most: Self::LONGEST });
        }
        match text.chars().position(char::is_control) {
            Some(at) => Err(NotAReason::Unshowable(at + 1)),
            None => Ok(Self(text.to_owned())),
        }
    }

    /// A reason made of whatever a program says: what does not fit into the line is left out.
    #[must_use]
    pub fn of_words(words: &str) -> Self {
        let plain = words.split(|it: char| it.is_control() || it.is_whitespace());
        let mut line = plain.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        while line.len() > Self::LONGEST {
            line.pop();
        }
        Self::new(&line).unwrap_or_else(|_| Self("no reason was given".to_owned()))
    }

    /// The line.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for SwitchReason {
    type Error = NotAReason;
    fn try_from(text: String) -> Result<Self, NotAReason> {
        Self::new(&text)
    }
}

impl From<SwitchReason> for String {
    fn from(reason: SwitchReason) -> Self {
        reason.0
    }
}

impl fmt::Display for SwitchReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A kill: who, when and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kill {
    /// When.
    pub at: Timestamp,
    /// Who: a command, the guard, a rule.
    pub by: String,
    /// Why.
    pub reason: SwitchReason,
}

impl fmt::Display for Kill {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "killed by {} at {}: {}", self.by, self.at, self.reason)
    }
}

/// A resume: of which kill, who, when and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resume {
    /// The kill that its author has seen.
    pub kill: Kill,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: String,
    /// Why it may go on.
    pub reason: SwitchReason,
}

impl fmt::Display for Resume {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "resumed by {} at {}: {}", self.by, self.at, self.reason)
    }
}

/// How the switch stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Switch {
    /// Orders may leave, as far as the switch is concerned.
    #[default]
    Open,
    /// Nothing leaves but cancels.
    Killed(Kill),
}

/// Why the switch was not resumed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotResumed {
    /// There is nothing to resume.
    #[error("the kill switch is open: there is nothing to resume")]
    Open,
    /// It was killed by somebody else meanwhile.
    #[error("another kill stands than the one that was seen: {0}")]
    AnotherKill(Kill),
}

impl Switch {
    /// The kill that stands.
    #[must_use]
    pub const fn kill(&self) -> Option<&Kill> {
        match self {
            Self::Open => None,
            Self::Killed(kill) => Some(kill),
        }
    }

    /// After a kill: whoever was first, stands.
    #[must_use]
    pub fn killed(self, kill: Kill) -> Self {
        match self {
            Self::Open => Self::Killed(kill),
            killed @ Self::Killed(_) => killed,
        }
    }

    /// After a resume. Errors: it is open, or another kill stands.
    pub fn resumed(&self, resume: &Resume) -> Result<Self, NotResumed> {
        match self {
            Self::Open => Err(NotResumed::Open),
            Self::Killed(kill) if *kill == resume.kill => Ok(Self::Open),
            Self::Killed(kill) => Err(NotResumed::AnotherKill(kill.clone())),
        }
    }

    /// May something that is no cancel leave?
    pub fn check(&self) -> Result<(), RiskRefusal> {
        match self {
            Self::Open => Ok(()),
            Self::Killed(kill) => Err(RiskRefusal::new(Rule::KillSwitch, kill.to_string(), "")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn kill(by: &str) -> Kill {
        Kill { at: Timestamp::EPOCH, by: by.to_owned(), reason: SwitchReason::new("too fast").unwrap() }
    }

    fn resume(kill: Kill) -> Resume {
        Resume {
            kill,
            at: Timestamp::EPOCH,
            by: "ada".to_owned(),
            reason: SwitchReason::new("fixed").unwrap(),
        }
    }

    #[derive(Clone, Debug)]
    enum Step {
        Kill(u8),
        /// Of the kill that stands, or of one by this author.
        Resume(Option<u8>),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let one =
            prop_oneof![(0..3_u8).prop_map(Step::Kill), proptest::option::of(0..3_u8).prop_map(Step::Resume)];
        proptest::collection::vec(one, 0..12)
    }

    proptest! {
        #[test]
        fn it_opens_only_by_a_resume_of_the_first_kill_that_stands(steps in steps()) {
            let mut switch = Switch::Open;
            let mut first: Option<Kill> = None;
            for step in steps {
                match step {
                    Step::Kill(by) => {
                        let by = kill(&by.to_string());
                        first.get_or_insert_with(|| by.clone());
                        switch = switch.killed(by);
                    }
                    Step::Resume(of) => {
                        let seen = of.map_or_else(
                            || first.clone().unwrap_or_else(|| kill("nobody")),
                            |by| kill(&by.to_string()),
                        );
                        let fits = first.as_ref() == Some(&seen);
                        let resumed = switch.resumed(&resume(seen));
                        prop_assert_eq!(resumed.is_ok(), fits);
                        if let Ok(open) = resumed {
                            switch = open;
                            first = None;
                        }
                    }
                }
                prop_assert_eq!(switch.kill(), first.as_ref());
                prop_assert_eq!(switch.check().is_ok(), first.is_none());
            }
        }

        #[test]
        fn a_reason_is_a_line_that_says_something(text in ".{0,600}") {
            if let Ok(reason) = SwitchReason::new(&text) {
                prop_assert_eq!(reason.as_str(), text.trim());
                prop_assert!(!reason.as_str().is_empty() && reason.as_str().len() <= SwitchReason::LONGEST);
                prop_assert!(!reason.as_str().chars().any(char::is_control));
            }
            let made = SwitchReason::of_words(&text);
            prop_assert_eq!(SwitchReason::new(made.as_str()), Ok(made.clone()));
        }
    }

    #[test]
    fn what_says_nothing_is_no_reason() {
        for text in ["", "  ", "\n\t"] {
            assert_eq!(SwitchReason::new(text), Err(NotAReason::Empty), "{text:?}");
        }
        assert_eq!(SwitchReason::new("two\nlines"), Err(NotAReason::Unshowable(4)));
        let long = "x".repeat(501);
        assert_eq!(SwitchReason::new(&long), Err(NotAReason::TooLong { found: 501, most: 500 }));
        assert_eq!(SwitchReason::new(" too fast ").unwrap().as_str(), "too fast");
        assert_eq!(SwitchReason::of_words("two\nlines").as_str(), "two lines");
        assert_eq!(SwitchReason::of_words("\n").as_str(), "no reason was given");
        assert_eq!(SwitchReason::of_words(" a \t b\n\nc ").as_str(), "a b c");
        for (length, kept) in [(499, 499), (500, 500), (501, 500), (900, 500)] {
            assert_eq!(SwitchReason::of_words(&"x".repeat(length)).as_str().len(), kept);
        }
        assert_eq!(String::from(SwitchReason::new("too fast").unwrap()), "too fast");
        assert_eq!(resume(kill("ada")).to_string(), "resumed by ada at 1970-01-01T00:00:00Z: fixed");
    }

    #[test]
    fn a_killed_switch_refuses_by_a_rule_of_its_own_and_says_who_why_and_when() {
        let refusal = Switch::Killed(kill("ada")).check().unwrap_err();
        assert_eq!(refusal.rule, Rule::KillSwitch);
        let words = refusal.to_string();
        assert!(words.starts_with("kill_switch: killed by ada at 1970-01-01T00:00:00"), "{words}");
        assert!(words.ends_with(": too fast"), "{words}");
        assert!(Switch::Open.check().is_ok());
    }
}
