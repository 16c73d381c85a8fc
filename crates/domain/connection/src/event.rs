//! What happens to a link.

use crate::Notice;
use serde::{Deserialize, Serialize};
use tradeport_kernel::{ConnectionEpoch, Timestamp};

/// Where a link stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum LinkState {
    /// No connection, and none wanted or none to be had.
    Down,
    /// Connected and proven, in this epoch.
    Up {
        /// The epoch.
        epoch: ConnectionEpoch,
    },
}

/// Something that happened to a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum LinkEvent {
    /// A new epoch began.
    Established {
        /// Which.
        epoch: ConnectionEpoch,
        /// When.
        at: Timestamp,
    },
    /// An epoch ended.
    Lost {
        /// Which.
        epoch: ConnectionEpoch,
        /// When.
        at: Timestamp,
        /// Why.
        reason: String,
    },
    /// The broker said something about the link.
    Noticed {
        /// What.
        notice: Notice,
    },
}
