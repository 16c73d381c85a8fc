//! One wanted stream.

use crate::Farm;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use tradeport_kernel::Timestamp;

/// Our number of a wanted stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StreamId(u64);

impl StreamId {
    /// The stream of this number.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// Its number.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }
}

/// One request for a stream: it grows with each, over all streams and epochs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Generation(u64);

impl Generation {
    /// The generation of this number.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// Its number.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }

    pub(super) const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// The data servers that a stream needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StreamNeeds([bool; 3]);

impl StreamNeeds {
    /// None: orders, accounts.
    pub const NOTHING: Self = Self([false; 3]);
    /// Quotes.
    pub const QUOTES: Self = Self([true, false, false]);
    /// Bars that go on: the past first, then the present.
    pub const LIVE_BARS: Self = Self([true, true, false]);

    /// Does it need servers of this kind?
    #[must_use]
    pub const fn has(self, farm: Farm) -> bool {
        self.0[match farm {
            Farm::MarketData => 0,
            Farm::History => 1,
            Farm::Definitions => 2,
        }]
    }
}

/// A stream that somebody wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Which.
    pub stream: StreamId,
    /// The data servers that it needs.
    pub needs: StreamNeeds,
    /// A datum comes at least so often while it works; `None` when silence says nothing, as in a quiet market.
    pub max_silence: Option<Duration>,
}

/// How a stream does, by evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeedState {
    /// It is to be asked for, or was and has not spoken yet.
    Waiting,
    /// It speaks.
    Live,
    /// It speaks of a while ago.
    Delayed,
    /// It spoke, and has been silent for longer than it may.
    Stale,
    /// It was refused: it will not speak in this epoch.
    Dead,
}

#[derive(Clone, Debug)]
pub(super) struct Stream {
    pub(super) wish: Wish,
    /// The request that stands.
    pub(super) sent: Option<Sent>,
    /// When it is to be asked for; none while a request stands and is trusted.
    pub(super) due: Option<Timestamp>,
    /// Since when it has to wait for its data servers.
    pub(super) held_since: Option<Timestamp>,
    /// Since when it must show that it works.
    pub(super) in_doubt: Option<Timestamp>,
    pub(super) failures: u32,
    pub(super) refused: bool,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Sent {
    pub(super) generation: Generation,
    pub(super) at: Timestamp,
    pub(super) last_datum: Option<Timestamp>,
    pub(super) delayed: bool,
}

impl Stream {
    /// Since when nothing has come of the request that stands.
    pub(super) fn silent_since(&self) -> Option<Timestamp> {
        self.sent.map(|it| it.last_datum.unwrap_or(it.at))
    }

    pub(super) fn is_silent(&self, now: Timestamp) -> bool {
        let limit = self.wish.max_silence;
        matches!((self.silent_since(), limit), (Some(since), Some(limit)) if now.since(since) > limit)
    }

    pub(super) fn state(&self, now: Timestamp) -> FeedState {
        match self.sent {
            _ if self.refused => FeedState::Dead,
            None => FeedState::Waiting,
            Some(_) if self.is_silent(now) => FeedState::Stale,
            Some(Sent { last_datum: None, .. }) => FeedState::Waiting,
            Some(Sent { delayed: true, .. }) => FeedState::Delayed,
            Some(_) => FeedState::Live,
        }
    }
}
