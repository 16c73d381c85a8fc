//! What is asked of the budget: who wants to send what, how urgent it is, and until when it makes sense.
//!
//! Left out: which limits a request counts under (`charge`), and the request itself, which only its sender knows.

use serde::{Deserialize, Serialize};
use std::time::Duration;
use tradeport_kernel::{Timestamp, fnv1a};

/// How urgent a request is, the most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// Takes risk away: nothing goes before it.
    Cancel,
    /// Orders and changes of orders.
    Order,
    /// Signs of life, account, positions, contracts.
    Control,
    /// Streams of market data.
    Live,
    /// The past.
    History,
}

impl Priority {
    /// All of them, the most urgent first.
    pub const ALL: [Self; 5] = [Self::Cancel, Self::Order, Self::Control, Self::Live, Self::History];

    pub(super) const fn index(self) -> usize {
        self as usize
    }
}

/// Who asks: callers of one priority get equal shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallerId(u32);

impl CallerId {
    /// The caller with this number.
    #[must_use]
    pub const fn new(number: u32) -> Self {
        Self(number)
    }

    /// Its number.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }
}

/// A connection to the session that the budget is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId {
    pub(super) place: u32,
    pub(super) turn: u32,
}

/// What requests have in common, for rules that count such requests together.
///
/// Two keys that should differ may be equal once in 2^64: then the requests wait for each other without need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestKey(u64);

impl RequestKey {
    /// The key of these parts, in this order. Stable: the same parts have the same key in every run.
    #[must_use]
    pub fn of(parts: &[&str]) -> Self {
        // A byte that is in no text ends each part.
        Self(fnv1a(parts.iter().flat_map(|part| part.bytes().chain([0xff]))))
    }

    /// The key with this number.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(number)
    }
}

/// Which rules of history a request is under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HistoryPace {
    /// Bars of up to 30 seconds, ticks, and the head of a history whatever its bars.
    Small,
    /// Longer bars.
    Large,
}

impl HistoryPace {
    /// Of bars of this length.
    #[must_use]
    pub fn of_bars(length: Duration) -> Self {
        if length <= Duration::from_secs(30) { Self::Small } else { Self::Large }
    }
}

/// How often a request for history counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counts {
    /// Once: trades, midpoints, bids or asks.
    Once,
    /// Twice: bids and asks together.
    Twice,
}

/// What a request is, as far as limits go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// One message and nothing more: signs of life, contracts, positions, the end of a stream.
    Message,
    /// The cancel of an order. No limit but that of messages holds it back.
    CancelOrder,
    /// A new order. Its ticket is open until the order is done with.
    PlaceOrder {
        /// Which order.
        order: RequestKey,
        /// Equal for one account, contract and side.
        side: RequestKey,
    },
    /// A change of an order.
    ChangeOrder {
        /// Which order.
        order: RequestKey,
    },
    /// What an order would cost.
    Preview,
    /// The past. Its ticket is open until the answer is whole, or as long as it is kept up to date.
    History {
        /// Which rules it is under.
        pace: HistoryPace,
        /// Equal for one contract, exchange and kind of data.
        series: RequestKey,
        /// Equal for the very same request.
        whole: RequestKey,
        /// How often it counts.
        counts: Counts,
    },
    /// A stream or a snapshot of quotes. Its ticket is open as long as the line is.
    MarketData,
    /// A snapshot that costs money.
    RegulatorySnapshot,
    /// A stream of five-second bars. It counts as a request for history, too.
    RealTimeBars {
        /// Equal for one contract, exchange and kind of data.
        series: RequestKey,
    },
    /// A book.
    Depth,
    /// A tick-by-tick stream.
    TickByTick {
        /// Of which instrument.
        instrument: RequestKey,
    },
    /// A scanner.
    Scanner,
    /// A subscription to an account summary.
    AccountSummary,
}

impl Class {
    /// How urgent such a request is when nobody says more.
    #[must_use]
    pub const fn priority(&self) -> Priority {
        match self {
            Self::CancelOrder => Priority::Cancel,
            Self::PlaceOrder { .. } | Self::ChangeOrder { .. } => Priority::Order,
            Self::Message | Self::Preview | Self::AccountSummary => Priority::Control,
            Self::MarketData
            | Self::RegulatorySnapshot
            | Self::RealTimeBars { .. }
            | Self::Depth
            | Self::TickByTick { .. }
            | Self::Scanner => Priority::Live,
            Self::History { .. } => Priority::History,
        }
    }

    /// May the budget send it again by itself? Never what an order is made of: whether the first one arrived is not known.
    #[must_use]
    pub const fn may_repeat(&self) -> bool {
        !matches!(self, Self::CancelOrder | Self::PlaceOrder { .. } | Self::ChangeOrder { .. })
    }
}

/// A wish to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    connection: ConnectionId,
    caller: CallerId,
    class: Class,
    priority: Priority,
    deadline: Option<Timestamp>,
}

impl Request {
    /// Of a class, with the priority of that class and without a deadline.
    #[must_use]
    pub const fn new(connection: ConnectionId, caller: CallerId, class: Class) -> Self {
        Self { connection, caller, class, priority: class.priority(), deadline: None }
    }

    /// The same with another priority. What an order is made of stays as urgent as it is, or becomes more so.
    #[must_use]
    pub fn with_priority(mut self, priority: Priority) -> Self {
        self.priority = if self.class.may_repeat() { priority } else { priority.min(self.class.priority()) };
        self
    }

    /// The same with the last moment at which it still may go.
    #[must_use]
    pub const fn by(mut self, deadline: Timestamp) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Where it is to be sent.
    #[must_use]
    pub const fn connection(&self) -> ConnectionId {
        self.connection
    }

    /// Who asks.
    #[must_use]
    pub const fn caller(&self) -> CallerId {
        self.caller
    }

    /// What it is.
    #[must_use]
    pub const fn class(&self) -> &Class {
        &self.class
    }

    /// How urgent it is.
    #[must_use]
    pub const fn priority(&self) -> Priority {
        self.priority
    }

    /// The last moment at which it still may go.
    #[must_use]
    pub const fn deadline(&self) -> Option<Timestamp> {
        self.deadline
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_tell_parts_apart() {
        let keys = [&["ab", "c"][..], &["a", "bc"], &["abc"], &["abc", ""], &["", "abc"], &[]];
        for (place, parts) in keys.iter().enumerate() {
            for other in &keys[place + 1..] {
                assert_ne!(RequestKey::of(parts), RequestKey::of(other), "{parts:?} {other:?}");
            }
        }
        assert_eq!(RequestKey::of(&["AAPL", "SMART"]), RequestKey::of(&["AAPL", "SMART"]));
    }

    #[test]
    fn an_order_cannot_be_made_less_urgent() {
        let connection = ConnectionId { place: 0, turn: 0 };
        let of = |class| Request::new(connection, CallerId::new(1), class);
        assert_eq!(of(Class::CancelOrder).with_priority(Priority::History).priority(), Priority::Cancel);
        let order = Class::ChangeOrder { order: RequestKey::new(1) };
        assert_eq!(of(order).with_priority(Priority::Live).priority(), Priority::Order);
        assert_eq!(of(order).with_priority(Priority::Cancel).priority(), Priority::Cancel);
        assert_eq!(of(Class::Message).with_priority(Priority::Cancel).priority(), Priority::Cancel);
    }

    #[test]
    fn thirty_seconds_are_the_longest_small_bar() {
        assert_eq!(HistoryPace::of_bars(Duration::from_secs(30)), HistoryPace::Small);
        assert_eq!(HistoryPace::of_bars(Duration::from_secs(60)), HistoryPace::Large);
    }
}
