//! The ready gate: what must be proven in an epoch before an order may leave.
//!
//! Left out: how a proof is made, which is the caller's: it asks the broker.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::time::Duration;
use tradeport_kernel::Timestamp;

/// Something that must be proven, anew in each epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// The broker has told the next order number.
    OrderNumber,
    /// The broker manages the account that is wanted.
    Account,
    /// Every open order was told, to the end marker, and stands as ours do.
    OpenOrders,
    /// Every execution was told, to the end marker, and is counted.
    Executions,
    /// Every position was told, to the end marker, and is ours.
    Positions,
    /// The broker has answered a question that had just been asked.
    Life,
}

impl Proof {
    /// All of them, in the order in which they are asked for.
    pub const ALL: [Self; 6] =
        [Self::OrderNumber, Self::Account, Self::OpenOrders, Self::Executions, Self::Positions, Self::Life];

    const fn place(self) -> usize {
        match self {
            Self::OrderNumber => 0,
            Self::Account => 1,
            Self::OpenOrders => 2,
            Self::Executions => 3,
            Self::Positions => 4,
            Self::Life => 5,
        }
    }

    /// Does it hold for the whole epoch, whatever the broker's own link does?
    pub(super) const fn outlives_an_outage(self) -> bool {
        matches!(self, Self::OrderNumber | Self::Account)
    }
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OrderNumber => "the next order number",
            Self::Account => "the expected account",
            Self::OpenOrders => "open orders",
            Self::Executions => "executions",
            Self::Positions => "positions",
            Self::Life => "a sign of life",
        })
    }
}

/// Why there is no proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "failure", rename_all = "snake_case")]
pub enum ProofFailure {
    /// No answer, or an incomplete one: ask again.
    Unanswered {
        /// What was seen.
        reason: String,
    },
    /// The answer proves the contrary; asking again is no use in this epoch.
    Refuted {
        /// What was seen.
        reason: String,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// To be asked for at this moment.
    Due(Timestamp),
    /// Asked for; no answer counts after this moment.
    Asked(Timestamp),
    Refuted,
    Proven,
}

/// How far an epoch is proven.
#[derive(Clone, Debug)]
pub(super) struct Gate {
    steps: [Step; 6],
    round: u64,
    since: Timestamp,
}

impl Gate {
    /// Nothing is proven, and all is to be asked for now.
    pub(super) const fn closed(now: Timestamp) -> Self {
        Self { steps: [Step::Due(now); 6], round: 1, since: now }
    }

    /// What an outage of the broker, or a restart window, puts into doubt is to be proven again.
    pub(super) fn doubt(&mut self, now: Timestamp) {
        for proof in Proof::ALL.into_iter().filter(|it| !it.outlives_an_outage()) {
            self.steps[proof.place()] = Step::Due(now);
        }
        self.round += 1;
        self.since = now;
    }

    pub(super) const fn round(&self) -> u64 {
        self.round
    }

    pub(super) const fn since(&self) -> Timestamp {
        self.since
    }

    /// What is not proven yet.
    pub(super) fn missing(&self) -> impl Iterator<Item = Proof> {
        Proof::ALL.into_iter().filter(|it| self.steps[it.place()] != Step::Proven)
    }

    pub(super) fn is_open(&self) -> bool {
        self.steps.iter().all(|step| *step == Step::Proven)
    }

    /// True when this was waited for.
    pub(super) fn proven(&mut self, proof: Proof) -> bool {
        let step = &mut self.steps[proof.place()];
        let news = matches!(step, Step::Asked(_) | Step::Due(_));
        if news {
            *step = Step::Proven;
        }
        news
    }

    /// There is no proof: it is asked for again at `again`, or never when it was refuted. True when it was waited for.
    pub(super) fn failed(&mut self, proof: Proof, refuted: bool, again: Timestamp) -> bool {
        let step = &mut self.steps[proof.place()];
        let news = matches!(step, Step::Asked(_));
        if news {
            *step = if refuted { Step::Refuted } else { Step::Due(again) };
        }
        news
    }

    /// What is to be asked for now; each is told once. What was asked for and not answered in time is due again after
    /// `pause`.
    pub(super) fn due(&mut self, now: Timestamp, limit: Duration, pause: Duration) -> Vec<Proof> {
        let mut due = Vec::new();
        for proof in Proof::ALL {
            let step = &mut self.steps[proof.place()];
            match *step {
                Step::Due(at) if at <= now => {
                    *step = Step::Asked(now.after(limit));
                    due.push(proof);
                }
                Step::Asked(until) if until <= now => *step = Step::Due(now.after(pause)),
                _ => {}
            }
        }
        due
    }

    pub(super) fn next_deadline(&self) -> Option<Timestamp> {
        let waits = self.steps.iter().filter_map(|step| match step {
            Step::Due(at) | Step::Asked(at) => Some(*at),
            Step::Refuted | Step::Proven => None,
        });
        waits.min()
    }
}
