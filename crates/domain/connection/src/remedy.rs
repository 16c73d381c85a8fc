//! What is done about a notice: one table, from class to remedy.
//!
//! Left out: the doing, which is the supervisor's for the link, and the asker's for an answer to a question.

use crate::NoticeClass;
use serde::{Deserialize, Serialize};

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Remedy {
    /// Nothing.
    Nothing,
    /// Ask more slowly, and ask this again.
    ThrottleAndRetry,
    /// End the connection and make a new one.
    Reconnect,
    /// Do nothing until it is told, or shown, that it is over; what depends on it waits.
    Wait,
    /// Ask for the streams again that were lost.
    Resubscribe,
    /// Believe nothing: what was said to work must show it, else it is asked for again.
    Prove,
    /// Take delayed data, marked as such.
    DegradeToDelayed,
    /// Pass the refusal on to whoever asked.
    Refuse,
    /// Change nothing, and call a person once.
    Alarm,
}

impl NoticeClass {
    /// What is done about it.
    ///
    /// ```
    /// use tradeport_connection::{NoticeClass, Remedy};
    /// assert_eq!(NoticeClass::DataLost.remedy(), Remedy::Resubscribe);
    /// assert_eq!(NoticeClass::BrokerOnline.remedy(), Remedy::Prove, "streams go on, or so it is said");
    /// ```
    #[must_use]
    pub const fn remedy(self) -> Remedy {
        match self {
            Self::Information | Self::FarmIdle(_) => Remedy::Nothing,
            Self::Throttle => Remedy::ThrottleAndRetry,
            Self::BrokerOffline | Self::FarmDown(_) | Self::ClientIdTaken => Remedy::Wait,
            Self::BrokerOnline | Self::FarmUp(_) => Remedy::Prove,
            Self::DataLost | Self::StreamEnded => Remedy::Resubscribe,
            Self::SessionEnds => Remedy::Reconnect,
            Self::Delayed => Remedy::DegradeToDelayed,
            Self::Refused => Remedy::Refuse,
            Self::ReadOnly | Self::Unknown => Remedy::Alarm,
        }
    }
}

impl Remedy {
    /// May what failed be asked again, later, as it was? Orders never are: they have an outcome of their own.
    #[must_use]
    pub const fn allows_retry(self) -> bool {
        matches!(self, Self::ThrottleAndRetry | Self::Wait | Self::Resubscribe | Self::Reconnect)
    }
}
