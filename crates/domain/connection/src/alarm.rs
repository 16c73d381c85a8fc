//! Alarms of the link: one for a condition, cleared once.
//!
//! Left out: how a person is called.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use tradeport_kernel::Timestamp;

use crate::Farm;

/// Something about the link that a person should know while it lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// There is no link, and none was expected to be missing.
    LinkDown,
    /// There is no link, and there will be none until a person signs in.
    LoginNeeded,
    /// Somebody else is connected under our client id.
    ClientIdTaken,
    /// The broker manages another account than the one that is wanted.
    WrongAccount,
    /// There is a link, and trading stays blocked because a proof is missing.
    NotReady,
    /// The program at the other end has lost the broker.
    BrokerOffline,
    /// The broker takes no orders from us.
    ReadOnly,
    /// Connections are made, and lost again soon.
    Unstable,
    /// Data servers of this kind are down.
    FarmDown(Farm),
    /// Streams that should speak are silent.
    StreamsSilent,
    /// The broker said something that stands in no table.
    UnknownNotice,
}

impl Condition {
    /// Does it keep orders from leaving, or will it soon?
    #[must_use]
    pub const fn is_critical(self) -> bool {
        !matches!(self, Self::FarmDown(_) | Self::StreamsSilent | Self::UnknownNotice | Self::Unstable)
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LinkDown => f.write_str("link down"),
            Self::LoginNeeded => f.write_str("login needed"),
            Self::ClientIdTaken => f.write_str("client id taken"),
            Self::WrongAccount => f.write_str("wrong account"),
            Self::NotReady => f.write_str("not ready to trade"),
            Self::BrokerOffline => f.write_str("broker offline"),
            Self::ReadOnly => f.write_str("read only"),
            Self::Unstable => f.write_str("link unstable"),
            Self::FarmDown(farm) => write!(f, "{farm} servers down"),
            Self::StreamsSilent => f.write_str("streams silent"),
            Self::UnknownNotice => f.write_str("unknown notice"),
        }
    }
}

/// A change of an alarm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "alarm", rename_all = "snake_case")]
pub enum AlarmChange {
    /// It arose.
    Raised {
        /// What.
        condition: Condition,
        /// What happened, and what to do.
        text: String,
    },
    /// It is over.
    Cleared {
        /// What.
        condition: Condition,
    },
}

/// The alarms that stand. A condition that arises twice is one alarm; one that does not stand cannot be cleared.
#[derive(Clone, Debug, Default)]
pub struct AlarmBoard(BTreeMap<Condition, Standing>);

#[derive(Clone, Debug)]
struct Standing {
    since: Timestamp,
    times: u64,
}

impl AlarmBoard {
    /// The condition holds; the change to tell, if it is news.
    pub fn raise(
        &mut self,
        condition: Condition,
        now: Timestamp,
        text: impl FnOnce() -> String,
    ) -> Option<AlarmChange> {
        if let Some(standing) = self.0.get_mut(&condition) {
            standing.times = standing.times.saturating_add(1);
            return None;
        }
        self.0.insert(condition, Standing { since: now, times: 1 });
        Some(AlarmChange::Raised { condition, text: text() })
    }

    /// The condition does not hold; the change to tell, if it did.
    pub fn clear(&mut self, condition: Condition) -> Option<AlarmChange> {
        self.0.remove(&condition).map(|_| AlarmChange::Cleared { condition })
    }

    /// Does an alarm of this condition stand?
    #[must_use]
    pub fn stands(&self, condition: Condition) -> bool {
        self.0.contains_key(&condition)
    }

    /// The alarms that stand: which, since when, and how often its cause was seen.
    pub fn standing(&self) -> impl Iterator<Item = (Condition, Timestamp, u64)> {
        self.0.iter().map(|(condition, it)| (*condition, it.since, it.times))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_is_one_alarm_and_is_cleared_once() {
        let mut board = AlarmBoard::default();
        let now = Timestamp::EPOCH;
        let raise = |board: &mut AlarmBoard| board.raise(Condition::LinkDown, now, || "why".to_owned());
        assert_eq!(board.clear(Condition::LinkDown), None, "it never was");
        assert!(raise(&mut board).is_some() && raise(&mut board).is_none());
        assert_eq!(board.standing().collect::<Vec<_>>(), [(Condition::LinkDown, now, 2)]);
        assert!(board.clear(Condition::LinkDown).is_some() && board.clear(Condition::LinkDown).is_none());
        assert!(raise(&mut board).is_some(), "it may come again");
    }
}
