//! Notices: what a broker says that is no answer to a question.

use serde::{Deserialize, Serialize};
use tradeport_kernel::Timestamp;

/// What a notice means to us, whatever its vendor's code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeClass {
    /// Nothing is wrong.
    Information,
    /// Too fast: slow down and try again.
    Throttle,
    /// The broker's own link is down: wait.
    BrokerOffline,
    /// The broker's own link is back.
    BrokerOnline,
    /// Subscriptions must be made again.
    Resubscribe,
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
    /// What the broker said, for people.
    pub text: String,
    /// When it arrived.
    pub at: Timestamp,
}
