//! Which limits a broker keeps: their names, what kind each is, and whom it counts.
//!
//! Left out: the numbers (`limits`) and which request counts under which rule (`charge`).

use serde::{Deserialize, Serialize};

/// A limit, by what it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Messages on one connection.
    Messages,
    /// Messages on one connection that are less urgent than an order, in a short slice of the time of [`Self::Messages`].
    Slice,
    /// Requests for history, all together; those for bid and ask count twice.
    HistoryTotal,
    /// Requests for history of one contract, exchange and kind of data; those for bid and ask count twice.
    HistorySeries,
    /// The very same request for history.
    HistoryIdentical,
    /// Requests for history that are open at once, with those that are kept up to date.
    HistoryOpen,
    /// New requests for real-time bars.
    RealTimeBars,
    /// Market-data lines: streams of quotes and of real-time bars.
    Lines,
    /// Open books.
    Depth,
    /// Tick-by-tick streams.
    TickByTick,
    /// Tick-by-tick requests for one instrument.
    TickByTickAgain,
    /// Orders and changes of orders, all together.
    Orders,
    /// What is asked about one order: placed once, then changed.
    OrderActs,
    /// Working orders of one account on one side of one contract.
    OrdersPerSide,
    /// Previews of orders.
    Previews,
    /// Snapshots that cost money.
    RegulatorySnapshots,
    /// Scanners that run.
    Scanners,
    /// Account summaries that are subscribed to.
    AccountSummaries,
    /// Connections to one session of the broker's program.
    Connections,
}

/// What kind of limit a rule is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// So many in any stretch of time of a length.
    Rate,
    /// So many open at once.
    AtOnce,
}

/// Whom a rule counts together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everything on one connection.
    Connection,
    /// Everything on all connections of one session of the broker's program.
    Session,
    /// Requests that share a key, on all connections of the session.
    Key,
}

impl Rule {
    /// All of them.
    pub const ALL: [Self; 19] = [
        Self::Messages,
        Self::Slice,
        Self::HistoryTotal,
        Self::HistorySeries,
        Self::HistoryIdentical,
        Self::HistoryOpen,
        Self::RealTimeBars,
        Self::Lines,
        Self::Depth,
        Self::TickByTick,
        Self::TickByTickAgain,
        Self::Orders,
        Self::OrderActs,
        Self::OrdersPerSide,
        Self::Previews,
        Self::RegulatorySnapshots,
        Self::Scanners,
        Self::AccountSummaries,
        Self::Connections,
    ];

    /// What kind of limit it is.
    #[must_use]
    pub const fn shape(self) -> Shape {
        match self {
            Self::Messages
            | Self::Slice
            | Self::HistoryTotal
            | Self::HistorySeries
            | Self::HistoryIdentical
            | Self::RealTimeBars
            | Self::TickByTickAgain
            | Self::Orders
            | Self::OrderActs
            | Self::Previews
            | Self::RegulatorySnapshots => Shape::Rate,
            Self::HistoryOpen
            | Self::Lines
            | Self::Depth
            | Self::TickByTick
            | Self::OrdersPerSide
            | Self::Scanners
            | Self::AccountSummaries
            | Self::Connections => Shape::AtOnce,
        }
    }

    /// Whom it counts together.
    #[must_use]
    pub const fn scope(self) -> Scope {
        match self {
            Self::Messages | Self::Slice => Scope::Connection,
            Self::HistorySeries
            | Self::HistoryIdentical
            | Self::TickByTickAgain
            | Self::OrderActs
            | Self::OrdersPerSide => Scope::Key,
            _ => Scope::Session,
        }
    }

    /// The least number that makes sense: a request for bid and ask must fit.
    pub(super) const fn least(self) -> u32 {
        match self {
            Self::HistoryTotal | Self::HistorySeries => 2,
            _ => 1,
        }
    }

    pub(super) const fn index(self) -> usize {
        self as usize
    }
}

impl std::fmt::Display for Rule {
    /// What it counts, in words.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Messages => "messages of a second",
            Self::Slice => "messages of a slice of a second",
            Self::HistoryTotal => "requests for history",
            Self::HistorySeries => "requests for one series of history",
            Self::HistoryIdentical => "identical requests for history",
            Self::HistoryOpen => "open requests for history",
            Self::RealTimeBars => "requests for real-time bars",
            Self::Lines => "market-data lines",
            Self::Depth => "books",
            Self::TickByTick => "tick-by-tick streams",
            Self::TickByTickAgain => "tick-by-tick requests for one instrument",
            Self::Orders => "orders",
            Self::OrderActs => "changes of one order",
            Self::OrdersPerSide => "orders on one side of a contract",
            Self::Previews => "previews of orders",
            Self::RegulatorySnapshots => "regulatory snapshots",
            Self::Scanners => "scanners",
            Self::AccountSummaries => "account summaries",
            Self::Connections => "connections",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_has_a_place_of_its_own() {
        for (place, rule) in Rule::ALL.into_iter().enumerate() {
            assert_eq!(rule.index(), place, "{rule:?}");
        }
    }
}
