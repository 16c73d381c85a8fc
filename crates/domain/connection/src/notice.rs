//! Notices: what a broker says that is no answer to a question.

use serde::{Deserialize, Serialize};
use tradeport_kernel::Timestamp;

/// What a broker's data servers serve. Each kind fails by itself: history waits while quotes flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Farm {
    /// Quotes and trades as they happen.
    MarketData,
    /// The past.
    History,
    /// What can be traded.
    Definitions,
}

impl Farm {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::MarketData, Self::History, Self::Definitions];
}

impl std::fmt::Display for Farm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::MarketData => "market data",
            Self::History => "history",
            Self::Definitions => "definitions",
        })
    }
}

/// What a notice means to us, whatever its vendor's code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeClass {
    /// Nothing is wrong.
    Information,
    /// Too fast: slow down and try again.
    Throttle,
    /// The broker's own link is down: wait.
    BrokerOffline,
    /// The broker's own link is back, and streams go on.
    BrokerOnline,
    /// The broker's own link is back, and streams are lost.
    DataLost,
    /// Data servers of this kind are down.
    FarmDown(Farm),
    /// Data servers of this kind are up.
    FarmUp(Farm),
    /// Data servers of this kind sleep until they are needed.
    FarmIdle(Farm),
    /// One stream has ended, and can be asked for again.
    StreamEnded,
    /// This connection is about to end.
    SessionEnds,
    /// Another connection has our client id.
    ClientIdTaken,
    /// Orders are not taken from us at all.
    ReadOnly,
    /// Live data is not to be had; delayed data may be.
    Delayed,
    /// What was asked is refused.
    Refused,
    /// Not in our table: changes nothing, and a person should look.
    Unknown,
}

/// A notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// What it means.
    pub class: NoticeClass,
    /// The name of the data server that it speaks of, when it names one: a hint, since one of another name may be told to
    /// be back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub farm: Option<String>,
    /// What the broker said, for people.
    pub text: String,
    /// When it arrived.
    pub at: Timestamp,
}
