//! Which limits a request counts under.
//!
//! Requests fall into kinds, so that all of one kind wait for the same shared limits; what only requests with the same
//! key share comes on top.

use super::request::{Class, Counts, HistoryPace, RequestKey};
use super::{Limits, Rule};

/// Requests that wait for the same shared limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Plain,
    Order,
    Preview,
    SmallOnce,
    SmallTwice,
    Large,
    MarketData,
    RegulatorySnapshot,
    RealTimeBars,
    Depth,
    TickByTick,
    Scanner,
    AccountSummary,
}

/// What a request with a key counts under.
pub(super) type KeyCharge = (Rule, RequestKey, u32);

impl Kind {
    pub(super) const ALL: [Self; 13] = [
        Self::Plain,
        Self::Order,
        Self::Preview,
        Self::SmallOnce,
        Self::SmallTwice,
        Self::Large,
        Self::MarketData,
        Self::RegulatorySnapshot,
        Self::RealTimeBars,
        Self::Depth,
        Self::TickByTick,
        Self::Scanner,
        Self::AccountSummary,
    ];

    pub(super) const fn of(class: &Class) -> Self {
        match class {
            Class::Message | Class::CancelOrder => Self::Plain,
            Class::PlaceOrder { .. } | Class::ChangeOrder { .. } => Self::Order,
            Class::Preview => Self::Preview,
            Class::History { pace: HistoryPace::Large, .. } => Self::Large,
            Class::History { counts: Counts::Once, .. } => Self::SmallOnce,
            Class::History { counts: Counts::Twice, .. } => Self::SmallTwice,
            Class::MarketData => Self::MarketData,
            Class::RegulatorySnapshot => Self::RegulatorySnapshot,
            Class::RealTimeBars { .. } => Self::RealTimeBars,
            Class::Depth => Self::Depth,
            Class::TickByTick { .. } => Self::TickByTick,
            Class::Scanner => Self::Scanner,
            Class::AccountSummary => Self::AccountSummary,
        }
    }

    pub(super) const fn index(self) -> usize {
        self as usize
    }

    pub(super) const fn bit(self) -> u16 {
        1 << self.index()
    }

    /// The shared rates that it counts under, and how much.
    pub(super) const fn rates(self) -> &'static [(Rule, u32)] {
        match self {
            Self::Order => &[(Rule::Orders, 1)],
            Self::Preview => &[(Rule::Previews, 1)],
            Self::SmallOnce => &[(Rule::HistoryTotal, 1)],
            Self::SmallTwice => &[(Rule::HistoryTotal, 2)],
            Self::RegulatorySnapshot => &[(Rule::RegulatorySnapshots, 1)],
            Self::RealTimeBars => &[(Rule::RealTimeBars, 1), (Rule::HistoryTotal, 1)],
            _ => &[],
        }
    }

    /// What it keeps open until its ticket ends.
    pub(super) const fn holds(self) -> Option<Rule> {
        match self {
            Self::SmallOnce | Self::SmallTwice | Self::Large => Some(Rule::HistoryOpen),
            Self::MarketData | Self::RegulatorySnapshot | Self::RealTimeBars => Some(Rule::Lines),
            Self::Depth => Some(Rule::Depth),
            Self::TickByTick => Some(Rule::TickByTick),
            Self::Scanner => Some(Rule::Scanners),
            Self::AccountSummary => Some(Rule::AccountSummaries),
            Self::Plain | Self::Order | Self::Preview => None,
        }
    }

    /// Does it take the room under the total one by one?
    pub(super) const fn is_single(self) -> bool {
        matches!(self, Self::SmallOnce | Self::RealTimeBars)
    }

    /// How much of its caller's share it takes.
    pub(super) const fn cost(self) -> u64 {
        if matches!(self, Self::SmallTwice) { 2 } else { 1 }
    }
}

/// The rates that a request shares with those of the same key.
pub(super) fn by_key(class: &Class, limits: &Limits) -> [Option<KeyCharge>; 2] {
    match *class {
        Class::PlaceOrder { order, .. } | Class::ChangeOrder { order } => {
            [Some((Rule::OrderActs, order, 1)), None]
        }
        Class::RealTimeBars { series } => [Some((Rule::HistorySeries, series, 1)), None],
        Class::TickByTick { instrument } => [Some((Rule::TickByTickAgain, instrument, 1)), None],
        Class::History { pace, series, whole, counts } => {
            if pace == HistoryPace::Large && !limits.large_bars_count() {
                return [None, None];
            }
            let weight = if counts == Counts::Twice { 2 } else { 1 };
            [Some((Rule::HistorySeries, series, weight)), Some((Rule::HistoryIdentical, whole, 1))]
        }
        _ => [None, None],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_a_place_of_its_own() {
        for (place, kind) in Kind::ALL.into_iter().enumerate() {
            assert_eq!(kind.index(), place, "{kind:?}");
        }
    }
}
