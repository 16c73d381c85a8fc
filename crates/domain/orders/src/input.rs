//! Everything that can happen to an order.

use crate::Figure;
use crate::validation::Refusals;
use crate::{CancelTag, Commission, Execution, OrderChange, PreviewedMargin};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::sync::Arc;
use tradeport_kernel::{BrokerOrderId, Decimal, PermId};

/// What the broker says about where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BrokerPhase {
    /// Held, asleep.
    Held,
    /// Able to trade.
    Working,
    /// Being cancelled.
    CancelPending,
    /// All traded.
    Filled,
    /// Cancelled.
    Cancelled,
    /// Its time ran out.
    Expired,
    /// Not taken.
    Refused,
}

/// A status message of the broker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrokerStatus {
    /// Where the order stands.
    pub phase: BrokerPhase,
    /// How much of it the broker says has traded.
    pub filled: Decimal,
    /// The broker's durable number, once there is one.
    pub perm_id: Option<PermId>,
    /// Why, when the broker says so.
    pub reason: Option<String>,
}

/// Who says that a change or a cancel is not made. Documents that say nothing mean the broker.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusedBy {
    /// The broker was asked, and answered.
    #[default]
    Broker,
    /// It never left us.
    Us,
    /// Proof by complete snapshots: the broker knows nothing of it.
    Snapshots,
}

impl RefusedBy {
    /// For documents: what says nothing is the broker's word.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
    const fn is_broker(&self) -> bool {
        matches!(self, Self::Broker)
    }
}

/// A rule of validation that an order broke.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrokenRule {
    /// Which rule: `price`, `size`.
    pub rule: String,
    /// What was given, and what would be accepted.
    pub words: String,
}

impl BrokenRule {
    /// All that an order was refused for, in the order in which it was found.
    #[must_use]
    pub fn all_of(refusals: &Refusals) -> Vec<Self> {
        let broken = refusals.as_slice().iter();
        broken.map(|one| Self { rule: one.rule().as_str().to_owned(), words: one.to_string() }).collect()
    }
}

/// What a rule of the risk gate found, where it let an order pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RiskFinding {
    /// Which rule.
    pub rule: Cow<'static, str>,
    /// What it saw.
    pub number: Figure,
    /// What it allows.
    pub limit: Figure,
}

/// One input of an order's life; what the journal keeps and replays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "input", rename_all = "snake_case")]
pub enum OrderInput {
    /// The risk gate let it pass: the order, or the change of it that was asked for.
    RiskApproved {
        /// Every rule that looked at it, with its number and its limit.
        findings: Arc<[RiskFinding]>,
    },
    /// The risk gate stopped it: the order, or the change of it that was asked for.
    RiskRefused {
        /// Which rule.
        rule: String,
        /// What it saw.
        number: String,
        /// What it allows.
        limit: String,
    },
    /// Validation stopped it: the broker would not take it.
    ValidationRefused {
        /// For which reasons.
        broken: Vec<BrokenRule>,
    },
    /// The broker was asked before it was judged: so much it would tie up.
    Previewed {
        /// By the broker's word.
        margin: PreviewedMargin,
    },
    /// It is being handed to the gateway.
    Sent,
    /// It is sent for the broker to hold back until the last of its family is there.
    HeldBack,
    /// The last of its family is at the broker: nothing holds it back any more.
    Released,
    /// The broker took it.
    Accepted {
        /// The broker's durable number, once there is one.
        perm_id: Option<PermId>,
        /// Its number within this connection.
        broker_order_id: Option<BrokerOrderId>,
    },
    /// Certain: the broker did not take it.
    Refused {
        /// Why.
        reason: String,
    },
    /// Certain: it never left us.
    NotSent {
        /// Why.
        reason: String,
    },
    /// Nobody knows whether the broker has it.
    OutcomeUnknown {
        /// Why.
        reason: String,
    },
    /// The broker's word on where it stands.
    Status {
        /// The word.
        status: BrokerStatus,
    },
    /// Some of it traded.
    Executed {
        /// What.
        execution: Execution,
    },
    /// An execution's price was told.
    Charged {
        /// How much.
        commission: Commission,
    },
    /// We asked to change it.
    ChangeRequested {
        /// What is to be different.
        change: OrderChange,
    },
    /// The broker took the change; or it has made the order smaller by itself, since another of its group has traded.
    Changed {
        /// What is different.
        change: OrderChange,
    },
    /// The change is not made; the order stands as it was.
    ChangeRefused {
        /// Why.
        reason: String,
        /// Who says so.
        #[serde(default, skip_serializing_if = "RefusedBy::is_broker")]
        by: RefusedBy,
    },
    /// Nobody knows whether the broker took the change.
    ChangeOutcomeUnknown {
        /// Why.
        reason: String,
    },
    /// We asked to cancel it.
    CancelRequested {
        /// Who asked for it, how and when.
        #[serde(default, skip_serializing_if = "CancelTag::is_silent")]
        tag: CancelTag,
    },
    /// It is not cancelled; the order stands as it was.
    CancelRefused {
        /// Why.
        reason: String,
        /// Who says so.
        #[serde(default, skip_serializing_if = "RefusedBy::is_broker")]
        by: RefusedBy,
    },
    /// The link was lost while it was in flight.
    LinkLost,
    /// Proof by complete snapshots: the broker has no trace of it.
    ProvenAbsent,
    /// Proof by complete snapshots, of one of several orders under this key: the broker has it no more.
    TwinGone {
        /// Which one, by the broker's durable number.
        perm_id: PermId,
    },
    /// A person's word, after the broker's lists have not shown it: the broker has it no more.
    GivenUp {
        /// Who says so.
        by: String,
        /// Why.
        reason: String,
    },
}
