//! A break: a difference that stands until it is solved.

use super::scope::StatedDays;
use super::{Cause, Finding, Subject};
use serde::{Deserialize, Serialize};
use std::fmt;
use tradeport_kernel::{Decimal, Timestamp};

/// A difference that was found, is kept, and is shown until it is solved.
///
/// What identifies it is its subject with its cause: found again it is the same break.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Break {
    pub(super) subject: Subject,
    pub(super) cause: Cause,
    pub(super) ours: String,
    pub(super) broker: String,
    pub(super) difference: Option<Decimal>,
    pub(super) first_seen: Timestamp,
    pub(super) changed_at: Timestamp,
    /// When it was last found: what it says is of this moment. What was kept without it is of its last change.
    #[serde(default)]
    pub(super) found_at: Option<Timestamp>,
    /// Of which days the statement is that it was found with. What was kept without them, any statement ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) days: Option<StatedDays>,
    /// How much of the difference is in the account as it was taken over from the broker.
    #[serde(default)]
    pub(super) taken_over: Option<Decimal>,
    #[serde(default)]
    pub(super) solved: Option<Timestamp>,
    #[serde(default)]
    pub(super) acknowledged: Option<Acknowledgement>,
    /// The audit log has not been told how it stands now. What was kept without this word has its line.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) untold: bool,
}

/// A person has ended a break.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledgement {
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Why it is well.
    pub reason: String,
}

impl Break {
    /// What was found, first seen at `now`.
    #[must_use]
    pub fn found(finding: &Finding, now: Timestamp) -> Self {
        Self {
            subject: finding.subject.clone(),
            cause: finding.cause,
            ours: finding.ours.clone(),
            broker: finding.broker.clone(),
            difference: finding.difference,
            first_seen: now,
            changed_at: now,
            found_at: Some(now),
            days: finding.scope.days(),
            taken_over: None,
            solved: None,
            acknowledged: None,
            untold: true,
        }
    }

    /// What became of it, for an audit log that was not told.
    pub(super) fn change(&self) -> BreakChange {
        match (self.solved, &self.acknowledged) {
            (None, _) => BreakChange::Found(self.clone()),
            (Some(_), None) => BreakChange::Solved(self.clone()),
            (Some(_), Some(_)) => BreakChange::Acknowledged(self.clone()),
        }
    }

    /// It may be forgotten: the audit log has it, and nobody's word on it counts any more.
    pub(super) const fn is_history(&self) -> bool {
        self.solved.is_some() && !self.untold && (self.acknowledged.is_none() || self.is_of_account())
    }

    /// Is it about the same fact? A trade is the same in whatever statement.
    pub(super) fn is_of(&self, finding: &Finding) -> bool {
        let same = match (&self.subject, &finding.subject) {
            (Subject::Trade { account, id, .. }, Subject::Trade { account: of, id: other, .. }) => {
                (account, id) == (of, other)
            }
            (subject, other) => subject == other,
        };
        self.cause == finding.cause && same
    }

    /// Was it found with a newer statement than that?
    pub(super) fn is_newer_than(&self, finding: &Finding) -> bool {
        finding.scope.days().zip(self.days).is_some_and(|(days, found)| days.is_before(found))
    }

    /// Does it still say what it said? Two numbers may both have moved: how far they lie apart is what counts.
    pub(super) fn says(&self, finding: &Finding) -> bool {
        match (self.difference, finding.difference) {
            (Some(has), Some(found)) => has == found,
            _ => self.ours == finding.ours && self.broker == finding.broker,
        }
    }

    /// Is it about what an account holds or has?
    pub(super) const fn is_of_account(&self) -> bool {
        matches!(self.subject, Subject::Position { .. } | Subject::Cash { .. })
    }

    /// About what.
    #[must_use]
    pub const fn subject(&self) -> &Subject {
        &self.subject
    }

    /// Why.
    #[must_use]
    pub const fn cause(&self) -> Cause {
        self.cause
    }

    /// What we have.
    #[must_use]
    pub fn ours(&self) -> &str {
        &self.ours
    }

    /// What the broker says.
    #[must_use]
    pub fn broker(&self) -> &str {
        &self.broker
    }

    /// By how much the broker's number is larger, where both are numbers.
    #[must_use]
    pub const fn difference(&self) -> Option<Decimal> {
        self.difference
    }

    /// How much of the difference is in our account without ever having been told, since the account was taken over from
    /// the broker.
    #[must_use]
    pub const fn taken_over(&self) -> Option<Decimal> {
        self.taken_over
    }

    /// When it was first seen.
    #[must_use]
    pub const fn first_seen(&self) -> Timestamp {
        self.first_seen
    }

    /// When it last came to say something else.
    #[must_use]
    pub const fn changed_at(&self) -> Timestamp {
        self.changed_at
    }

    /// When it was last found: what it says is of this moment.
    #[must_use]
    pub fn found_at(&self) -> Timestamp {
        self.found_at.unwrap_or(self.changed_at)
    }

    /// Since when it is solved; `None` while it stands.
    #[must_use]
    pub const fn solved(&self) -> Option<Timestamp> {
        self.solved
    }

    /// Who has ended it, where a person did.
    #[must_use]
    pub const fn acknowledged(&self) -> Option<&Acknowledgement> {
        self.acknowledged.as_ref()
    }

    /// Its short name, for people to type: the same for the same fact, always.
    #[must_use]
    pub fn id(&self) -> String {
        use sha2::{Digest, Sha256};
        let hash = Sha256::digest(format!("{} {:?}", self.cause, self.subject));
        crate::hex::hex(&hash[..4])
    }
}

impl fmt::Display for Break {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (ours, broker, remedy) = (&self.ours, &self.broker, self.cause.remedy());
        match (&self.subject, self.cause) {
            (Subject::Position { account, symbol }, _) => write!(
                f,
                "by what was told {account} would hold {ours} of {symbol}, and the broker says {broker}: {remedy}"
            ),
            (Subject::Cash { account, .. }, _) => write!(
                f,
                "by what was told {account} would have {ours} in cash, and the broker says {broker}: {remedy}"
            ),
            (Subject::Row { .. }, _) => write!(f, "{} cannot be read: {broker}: {remedy}", self.subject),
            (subject, cause) => write!(f, "{subject}, {cause}: {ours} here, {broker} there: {remedy}"),
        }
    }
}

/// What became of a break.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BreakChange {
    /// It is there.
    Found(Break),
    /// It says something else than before.
    Changed(Break),
    /// The broker's whole answer shows it no more.
    Solved(Break),
    /// A person has ended it.
    Acknowledged(Break),
}

impl BreakChange {
    /// The break, as it is now.
    #[must_use]
    pub const fn of(&self) -> &Break {
        match self {
            Self::Found(it) | Self::Changed(it) | Self::Solved(it) | Self::Acknowledged(it) => it,
        }
    }
}
