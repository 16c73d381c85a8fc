//! How the service does, as a value: written by the service once a second, read by whoever asks.
//!
//! Left out: how it looks on a terminal.

use crate::config::BrokerChoice;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use tradeport_connection::breaker::Capability;
use tradeport_connection::calendar::OutageKind;
use tradeport_connection::pacing::Rule;
use tradeport_connection::{Condition, Farm, LinkStanding, Purpose};
use tradeport_kernel::{AccountId, Decimal, Money, Timestamp};
use tradeport_trading::CoverGap;
use tradeport_trading::reconciliation::{Break, Cause};

/// The newest layout.
pub const FORMAT: u32 = 1;

/// How the service does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StatusReport {
    /// How the rest is laid out.
    pub format: u32,
    /// When it was written.
    pub at: Timestamp,
    /// When the desk last answered, or when this was written while there is no desk. A service that reports and whose desk
    /// hangs has an old one; whoever guards it goes by this.
    #[serde(default)]
    pub beat: Option<Timestamp>,
    /// The number of its process.
    pub process: u32,
    /// Of which version it is.
    pub version: String,
    /// Which broker it is with.
    pub broker: BrokerChoice,
    /// Since when it runs.
    pub started: Timestamp,
    /// Did it end in good order?
    pub stopped: bool,
    /// Its links.
    pub links: Vec<LinkReport>,
    /// How much of each limit of the broker is in use.
    pub budget: Vec<BudgetRow>,
    /// How long requests would wait if they were asked now.
    pub waits: Vec<WaitRow>,
    /// The circuit breakers.
    pub breakers: Vec<BreakerRow>,
    /// When orders and positions were last held against the broker's.
    pub reconciliation: Option<Reconciliation>,
    /// Orders, once they are known.
    pub orders: Option<OrdersRow>,
    /// What does not fit, in the order in which it was found.
    #[serde(default)]
    pub breaks: Vec<BreakRow>,
    /// Positions whose cover is not what the settings demand.
    #[serde(default)]
    pub cover_gaps: Vec<CoverGap>,
    /// Does a program that reads a database keep its write-ahead log from being moved, so that it grows without end?
    #[serde(default)]
    pub log_held_up: bool,
    /// What is recorded.
    pub recording: Option<RecordingRow>,
    /// The accounts that the broker manages, once it has told them.
    #[serde(default)]
    pub accounts: Vec<AccountId>,
    /// The account's money, once it was told.
    pub account: Option<AccountRow>,
}

/// How one link does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LinkReport {
    /// What it is for.
    pub purpose: Purpose,
    /// Our number at the broker's program, where there are numbers.
    pub client_id: Option<i32>,
    /// Where it stands.
    pub standing: LinkStanding,
    /// The epoch of the link that stands, or of the last.
    pub last_epoch: u64,
    /// How long ago the broker gave a sign of life.
    pub life_age_seconds: Option<f64>,
    /// Why no order may leave, if none may.
    pub held: Option<String>,
    /// What is done at present so that it works again.
    pub remedies: Vec<RemedyRow>,
    /// What a person should know.
    pub alarms: Vec<AlarmRow>,
    /// The streams over it.
    pub streams: StreamsRow,
    /// The kinds of data servers that are down.
    pub farms_down: Vec<Farm>,
    /// The outage that is expected next, or is under way.
    pub outage: Option<OutageRow>,
}

/// Something that is done so that a link works again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemedyRow {
    /// What.
    pub remedy: String,
    /// In more words.
    pub detail: String,
}

/// An alarm that stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlarmRow {
    /// What it is about.
    pub condition: Condition,
    /// Since when.
    pub since: Timestamp,
    /// Does it keep orders from leaving, or will it soon?
    pub critical: bool,
    /// What happened, and what to do.
    pub text: Option<String>,
}

/// How streams do, by their number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamsRow {
    /// Somebody wants them.
    pub wanted: u32,
    /// They speak, of now or of a while ago.
    pub restored: u32,
    /// They were asked for, or will be, and have not spoken yet.
    pub waiting: u32,
    /// They spoke, and are silent for longer than they may.
    pub stale: u32,
    /// They were refused.
    pub dead: u32,
}

/// An expected outage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutageRow {
    /// Which kind.
    pub kind: OutageKind,
    /// From when.
    pub from: Timestamp,
    /// To when.
    pub until: Timestamp,
}

/// One limit of the broker.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct BudgetRow {
    /// Which.
    pub rule: Rule,
    /// How much is in use; of what counts for each connection or instrument, that of the fullest.
    pub used: u32,
    /// How much there may be.
    pub limit: u32,
    /// In how many seconds; without it, what is open at once.
    pub per_seconds: Option<f64>,
}

/// How long a kind of request would wait.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WaitRow {
    /// Which kind.
    pub request: String,
    /// About how long, in seconds; without it, until others end.
    pub seconds: Option<f64>,
}

/// One circuit breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BreakerRow {
    /// Of the link for this.
    pub purpose: Purpose,
    /// What it may stop.
    pub capability: Capability,
    /// Where it stands.
    pub state: BreakerWord,
    /// Until when it rests.
    pub until: Option<Timestamp>,
}

/// Where a breaker stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BreakerWord {
    /// Everything passes.
    Closed,
    /// Nothing passes.
    Open,
    /// One at a time passes.
    HalfOpen,
}

/// When orders and positions were held against the broker's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reconciliation {
    /// When.
    pub at: Timestamp,
    /// In which epoch.
    pub epoch: u64,
    /// So many open orders at the broker are of others; once they were looked at.
    #[serde(default)]
    pub others: usize,
}

/// Orders by their number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrdersRow {
    /// They may still trade.
    pub working: u32,
    /// Of these, nobody knows whether the broker holds them.
    pub unknown: u32,
}

/// A difference from the broker that stands until it is solved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BreakRow {
    /// Its name, to be solved by.
    pub name: String,
    /// About what.
    pub subject: String,
    /// Why.
    pub cause: Cause,
    /// What is known here.
    pub ours: String,
    /// What the broker says.
    pub broker: String,
    /// By how much the broker's number is larger, where both are numbers.
    pub difference: Option<Decimal>,
    /// When it was first seen.
    pub since: Timestamp,
    /// What to do about it.
    pub remedy: String,
}

impl From<&Break> for BreakRow {
    fn from(it: &Break) -> Self {
        Self {
            name: it.id(),
            subject: it.subject().to_string(),
            cause: it.cause(),
            ours: it.ours().to_owned(),
            broker: it.broker().to_owned(),
            difference: it.difference(),
            since: it.first_seen(),
            remedy: it.cause().remedy().to_owned(),
        }
    }
}

/// What is recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordingRow {
    /// Which instruments.
    pub symbols: Vec<String>,
    /// How many quotes came since the service runs.
    pub quotes: u64,
    /// When the last one came.
    pub last: Option<Timestamp>,
}

/// The account's money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountRow {
    /// When it was so.
    pub at: Timestamp,
    /// All of it.
    pub net_liquidation: Money,
    /// What is not invested.
    pub cash: Money,
}

impl LinkReport {
    /// Can it be relied on, as far as that was expected of it at all?
    #[must_use]
    pub fn is_healthy(&self) -> bool {
        let stands = matches!(self.standing, LinkStanding::Ready { .. } | LinkStanding::Blackout { .. });
        stands && !self.alarms.iter().any(|alarm| alarm.critical)
    }
}

/// A desk that has not answered for so long hangs, for whoever looks at the status.
const LONGEST_SILENCE: Duration = Duration::from_secs(5);

impl StatusReport {
    /// Does the service report while its desk says nothing?
    #[must_use]
    pub fn desk_hangs(&self) -> bool {
        self.beat.is_some_and(|beat| self.at.since(beat) >= LONGEST_SILENCE)
    }

    /// Is everything as it should be?
    #[must_use]
    pub fn is_healthy(&self) -> bool {
        self.complaints().next().is_none()
    }

    /// The worst of what is not as it should be.
    #[must_use]
    pub fn complaint(&self) -> &'static str {
        self.complaints().next().unwrap_or("nothing")
    }

    fn complaints(&self) -> impl Iterator<Item = &'static str> {
        let closed = |breaker: &BreakerRow| breaker.state == BreakerWord::Closed;
        [
            (self.stopped, "the service has ended"),
            (self.desk_hangs(), "the desk says nothing"),
            (!self.cover_gaps.is_empty(), "a position has no cover"),
            (self.orders.is_some_and(|orders| orders.unknown > 0), "the outcome of an order is unknown"),
            (!self.links.iter().all(LinkReport::is_healthy), "a link does not stand"),
            (!self.breakers.iter().all(closed), "a capability of the broker rests"),
            (self.log_held_up, "the log of the database cannot be shortened"),
        ]
        .into_iter()
        .filter_map(|(is_so, words)| is_so.then_some(words))
    }
}
