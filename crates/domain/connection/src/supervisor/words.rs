//! What the supervisor is told, what it asks for, and where it says that the link stands.

use super::{Proof, ProofFailure};
use crate::calendar::{Outage, OutageKind};
use crate::subscriptions::{Generation, StreamId, Wish};
use crate::{AlarmChange, Condition, Notice, Remedy};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use tradeport_kernel::{ConnectionEpoch, Timestamp};

/// One attempt to connect: its answer counts only while it is waited for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Attempt(pub(super) u64);

impl Attempt {
    /// Its number, from one.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }
}

/// Why there is no connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "failure", rename_all = "snake_case")]
pub enum ConnectFailure {
    /// Nobody listens there.
    Refused {
        /// What was seen.
        reason: String,
    },
    /// It was taken, and nothing came of it: closed at once, or silent. A program that starts does that for a while.
    Unready {
        /// What was seen.
        reason: String,
    },
    /// Another connection has our client id: one of ours that is dead at our end and not yet at theirs, or somebody else.
    ClientIdTaken,
    /// The broker manages another account than the one that is wanted.
    WrongAccount {
        /// What was seen.
        reason: String,
    },
}

impl ConnectFailure {
    /// What to check when nobody listens.
    pub const CHECKS: &'static str = "check that TWS or IB Gateway runs, is logged in and has its API switched on; that \
        host and port are its own (TWS 7497 paper, 7496 live; Gateway 4002 paper, 4001 live); and that it lets this machine \
        in (trusted addresses)";
}

impl std::fmt::Display for ConnectFailure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused { reason } => write!(f, "the connection was refused: {reason}; {}", Self::CHECKS),
            Self::Unready { reason } => write!(f, "the broker's program is not ready: {reason}"),
            Self::ClientIdTaken => f.write_str(
                "the client id is taken: waiting for the end of the dead connection that has it, or of the other program",
            ),
            Self::WrongAccount { reason } => write!(f, "the account is not there: {reason}"),
        }
    }
}

/// Something that the supervisor is told.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// A link is wanted.
    Start,
    /// No link is wanted, until the next start.
    Disconnect,
    /// The platform ends: no link, ever again.
    Stop,
    /// Time has passed.
    Tick,
    /// A connection stands. An epoch that is not higher than all before is no news.
    Established {
        /// Its epoch.
        epoch: ConnectionEpoch,
    },
    /// An attempt failed.
    ConnectFailed {
        /// Which.
        attempt: Attempt,
        /// Why.
        failure: ConnectFailure,
    },
    /// An epoch is over.
    Lost {
        /// Which.
        epoch: ConnectionEpoch,
        /// Why.
        reason: String,
    },
    /// The broker said something about the link.
    Noticed {
        /// What.
        notice: Notice,
    },
    /// A proof was made.
    Proven {
        /// In which epoch.
        epoch: ConnectionEpoch,
        /// Which.
        proof: Proof,
        /// Of which round of questions.
        round: u64,
    },
    /// A proof was not made.
    NotProven {
        /// In which epoch.
        epoch: ConnectionEpoch,
        /// Which.
        proof: Proof,
        /// Of which round of questions.
        round: u64,
        /// Why.
        failure: ProofFailure,
    },
    /// A question for a sign of life was answered.
    Alive {
        /// In which epoch.
        epoch: ConnectionEpoch,
        /// Which question.
        question: u64,
    },
    /// A question for a sign of life will not be answered.
    Silent {
        /// In which epoch.
        epoch: ConnectionEpoch,
        /// Which question.
        question: u64,
    },
    /// So many orders work or are on their way.
    OrdersAtWork {
        /// How many.
        count: usize,
    },
    /// A stream is wanted.
    Want {
        /// Which, and on what terms.
        wish: Wish,
    },
    /// A stream is wanted no more.
    Forget {
        /// Which.
        stream: StreamId,
    },
    /// A stream spoke.
    Datum {
        /// Which.
        stream: StreamId,
        /// Of which request.
        generation: Generation,
        /// Of a while ago, as the broker says.
        delayed: bool,
    },
    /// A request for a stream failed, or its stream ended.
    StreamFailed {
        /// Which.
        stream: StreamId,
        /// Which request.
        generation: Generation,
        /// What its kind of failure calls for.
        remedy: Remedy,
    },
    /// A person has seen an alarm that nothing else ends.
    Acknowledged {
        /// Which.
        condition: Condition,
    },
}

/// Something that the supervisor asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Connect. One attempt at a time.
    Connect {
        /// Which.
        attempt: Attempt,
        /// For how long.
        limit: Duration,
    },
    /// Give up the connection that stands or is being made, whichever.
    Disconnect,
    /// Ask for a sign of life.
    Probe {
        /// In which epoch.
        epoch: ConnectionEpoch,
        /// Under which number.
        question: u64,
        /// For how long.
        limit: Duration,
    },
    /// Ask the broker for what proves this.
    Prove {
        /// In which epoch.
        epoch: ConnectionEpoch,
        /// What.
        proof: Proof,
        /// In which round: what was asked before something put it into doubt proves nothing after it.
        round: u64,
        /// For how long.
        limit: Duration,
    },
    /// Ask for a stream.
    Open {
        /// In which epoch.
        epoch: ConnectionEpoch,
        /// Which.
        stream: StreamId,
        /// Under which request.
        generation: Generation,
    },
    /// Give up a request for a stream.
    Drop {
        /// Which.
        stream: StreamId,
        /// Which request.
        generation: Generation,
    },
    /// From now on no order and no change leaves. Cancels may.
    HoldOrders,
    /// Orders may leave.
    ReleaseOrders,
    /// An outage is near: what is on its way should come to an end; orders that protect a position stay where they are.
    Drain {
        /// What is near.
        outage: Outage,
    },
    /// Tell everybody.
    Tell(LinkChange),
    /// Call a person, or tell that it is over.
    Alarm(AlarmChange),
    /// The program at the other end should be started again: it has been cut off for too long.
    RestartGateway,
}

/// What everybody is told about the link. `Established` or `Recovered`, then `Lost`, then `Recovered`, and so on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "link", rename_all = "snake_case")]
pub enum LinkChange {
    /// For the first time since it was wanted, the link stands and everything is proven.
    Established {
        /// The epoch.
        epoch: ConnectionEpoch,
    },
    /// The link cannot be relied on any more.
    Lost {
        /// The epoch.
        epoch: ConnectionEpoch,
        /// Why.
        reason: String,
    },
    /// It can be relied on again; everything was proven anew.
    Recovered {
        /// The epoch.
        epoch: ConnectionEpoch,
        /// How long it could not.
        after: Duration,
    },
    /// Something failed that was tried.
    Error {
        /// What, and what to check.
        text: String,
    },
}

/// Why an order may not leave now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "held", rename_all = "snake_case")]
pub enum Held {
    /// There is no link.
    NoLink,
    /// These proofs are missing in this epoch.
    NotProven {
        /// Which.
        missing: Vec<Proof>,
    },
    /// The program at the other end has lost the broker.
    BrokerOffline,
    /// An outage is near or under way.
    Outage {
        /// Which kind.
        kind: OutageKind,
        /// Its end.
        until: Timestamp,
    },
    /// The broker takes no orders from us.
    ReadOnly,
    /// The platform ends.
    Stopping,
}

impl std::fmt::Display for Held {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoLink => f.write_str("there is no link to the broker"),
            Self::NotProven { missing } => {
                let names: Vec<String> = missing.iter().map(Proof::to_string).collect();
                write!(f, "not proven in this epoch: {}", names.join(", "))
            }
            Self::BrokerOffline => f.write_str("the broker's own link is down"),
            Self::Outage { kind, until } => write!(f, "{kind} until {until}"),
            Self::ReadOnly => f.write_str("the broker's program is set to read-only"),
            Self::Stopping => f.write_str("the platform is stopping"),
        }
    }
}

impl std::error::Error for Held {}

/// Where the link stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "standing", rename_all = "snake_case")]
pub enum LinkStanding {
    /// No link, and none wanted.
    Down,
    /// No link; the next attempt comes.
    BackingOff {
        /// When.
        until: Timestamp,
        /// So many attempts failed in a row.
        failures: u32,
    },
    /// An attempt is under way.
    Connecting {
        /// Which.
        attempt: Attempt,
    },
    /// A link; these proofs are missing.
    Verifying {
        /// Its epoch.
        epoch: ConnectionEpoch,
        /// What is missing.
        missing: Vec<Proof>,
    },
    /// A link on which orders may leave.
    Ready {
        /// Its epoch.
        epoch: ConnectionEpoch,
    },
    /// A link to a program that has lost the broker.
    Degraded {
        /// Its epoch.
        epoch: ConnectionEpoch,
        /// Since when.
        since: Timestamp,
    },
    /// An outage is expected now, or soon: whatever the link does, orders are held.
    Blackout {
        /// Which.
        kind: OutageKind,
        /// Its end.
        until: Timestamp,
        /// The epoch, when there is a link.
        epoch: Option<ConnectionEpoch>,
    },
    /// The platform ends.
    Stopping,
}
