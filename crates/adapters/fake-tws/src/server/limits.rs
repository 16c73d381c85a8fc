//! How much market data may be asked for: lines, depth, tick-by-tick, and the pace of history.
//!
//! The numbers are those that the broker publishes; where its documents contradict each other, the newer one holds. They
//! are of a whole TWS: all of its clients share them. What may not be asked for twice within a time may be asked for by two
//! connections all the same.
//!
//! Left out: how many messages a client may send (the connection's own rule), and the limits of scanners and summaries.

mod pacing;

pub(crate) use pacing::{Ask, Pacing};

use std::time::Duration;

/// How much market data may be asked for. The defaults are those of an account without extra lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Streams of quotes and of real-time bars together.
    pub market_data_lines: usize,
    /// How soon the same instrument may be asked for tick-by-tick again.
    pub tick_by_tick_gap: Duration,
    /// The pace of history; `None` lets everything through.
    pub pacing: Option<PacingRules>,
}

/// The pace at which small bars, ticks and heads of history may be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PacingRules {
    /// How soon the very same request may come again.
    pub identical_gap: Duration,
    /// So many requests of one contract, exchange and kind of data fit [`Self::burst_window`].
    pub burst: u32,
    /// See [`Self::burst`].
    pub burst_window: Duration,
    /// So many requests fit [`Self::total_window`]; those for bid and ask count twice.
    pub total: u32,
    /// See [`Self::total`].
    pub total_window: Duration,
    /// So many may be open at once.
    pub at_once: usize,
}

impl Default for PacingRules {
    fn default() -> Self {
        Self {
            identical_gap: Duration::from_secs(15),
            burst: 5,
            burst_window: Duration::from_secs(2),
            total: 60,
            total_window: Duration::from_secs(600),
            at_once: 50,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            market_data_lines: 100,
            tick_by_tick_gap: Duration::from_secs(15),
            pacing: Some(PacingRules::default()),
        }
    }
}

impl Limits {
    /// So many books may be open at once: one for each hundred lines, at least 3 and at most 60.
    #[must_use]
    pub fn depth(&self) -> usize {
        (self.market_data_lines / 100).clamp(3, 60)
    }

    /// So many tick-by-tick streams may be open at once: one for each twenty lines, at least one.
    #[must_use]
    pub fn tick_by_tick(&self) -> usize {
        (self.market_data_lines / 20).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(market_data_lines: usize) -> Limits {
        Limits { market_data_lines, ..Limits::default() }
    }

    #[test]
    fn the_limits_follow_from_the_lines_as_the_broker_publishes_them() {
        let depth = [0, 100, 399, 400, 499, 500, 600, 6_000, 90_000].map(|lines| with(lines).depth());
        assert_eq!(depth, [3, 3, 3, 4, 4, 5, 6, 60, 60]);
        assert_eq!([0, 100, 200].map(|lines| with(lines).tick_by_tick()), [1, 5, 10]);
    }
}
