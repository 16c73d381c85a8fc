//! How many messages a second a client may send.
//!
//! TWS counts what a client asks, never what it is told. Above the limit it either refuses the excess, and ends the session
//! when that goes on, or reads more slowly: as the client wishes, which says `+PACEAPI` when it connects.
//!
//! Clients hold themselves to the limit by their own clocks, and what they send comes late by more or less: what they sent
//! in two seconds can come within one. So the excess is what comes within a shorter time than a second.

use std::collections::VecDeque;
use std::time::Duration;
use tradeport_kernel::Timestamp;

const WINDOW: Duration = Duration::from_secs(1);
/// What counts against the limit: a second, less a fifth of it by which messages may come late.
const COUNTED: Duration = Duration::from_millis(800);

/// The limit, and what follows when it is passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// So many messages a second; IB's rule is half of the market-data lines.
    pub per_second: usize,
    /// So many seconds with an excess end the session.
    pub breaches: u32,
}

impl Default for RateLimit {
    fn default() -> Self {
        Self { per_second: 50, breaches: 3 }
    }
}

/// What is to be done with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Judgement {
    /// Answer it.
    Pass,
    /// Refuse it: so many came within the second, in the breach of this number.
    Refuse {
        /// This one included.
        received: usize,
        /// Counted from 1.
        breach: u32,
    },
    /// Refuse it and end the session.
    Close {
        /// This one included.
        received: usize,
        /// The last one.
        breach: u32,
    },
}

/// The messages of one connection within the last second.
#[derive(Clone, Debug, Default)]
pub(crate) struct MessageRate {
    recent: VecDeque<Timestamp>,
    refused: usize,
    breaches: u32,
    /// Excess until then belongs to the breach that stands.
    breach_ends: Option<Timestamp>,
}

impl MessageRate {
    /// When the next message may come; `None` when it may come at once.
    pub(crate) fn free_at(&mut self, limit: RateLimit, now: Timestamp) -> Option<Timestamp> {
        self.forget_before(now);
        let first = self.recent.len().checked_sub(limit.per_second)?;
        self.recent.get(first).map(|at| at.after(WINDOW))
    }

    fn forget_before(&mut self, now: Timestamp) {
        let since = now.before(WINDOW);
        while self.recent.front().is_some_and(|first| *first <= since) {
            self.recent.pop_front();
        }
    }

    /// Counts a message that arrives `now`.
    pub(crate) fn judge(&mut self, limit: RateLimit, now: Timestamp) -> Judgement {
        self.forget_before(now);
        let since = now.before(COUNTED);
        let counted = self.recent.len() - self.recent.partition_point(|at| *at <= since);
        if counted < limit.per_second {
            self.recent.push_back(now);
            return Judgement::Pass;
        }
        if self.breach_ends.is_none_or(|end| now >= end) {
            self.breaches += 1;
            self.refused = 0;
            self.breach_ends = Some(now.after(WINDOW));
        }
        self.refused += 1;
        let (received, breach) = (counted + self.refused, self.breaches);
        if breach >= limit.breaches {
            Judgement::Close { received, breach }
        } else {
            Judgement::Refuse { received, breach }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LIMIT: RateLimit = RateLimit { per_second: 5, breaches: 3 };

    fn at(millis: u64) -> Timestamp {
        Timestamp::from_seconds(1_000_000).after(Duration::from_millis(millis))
    }

    #[test]
    fn the_excess_of_a_second_is_one_breach_and_the_third_ends_the_session() {
        let mut rate = MessageRate::default();
        let mut judge = |millis| rate.judge(LIMIT, at(millis));
        for millis in 0..5 {
            assert_eq!(judge(millis), Judgement::Pass);
        }
        assert_eq!(judge(5), Judgement::Refuse { received: 6, breach: 1 });
        assert_eq!(judge(6), Judgement::Refuse { received: 7, breach: 1 });
        for millis in 2_000..2_005 {
            assert_eq!(judge(millis), Judgement::Pass);
        }
        assert_eq!(judge(2_006), Judgement::Refuse { received: 6, breach: 2 });
        for millis in 4_000..4_005 {
            assert_eq!(judge(millis), Judgement::Pass);
        }
        assert_eq!(judge(4_006), Judgement::Close { received: 6, breach: 3 });
    }

    #[test]
    fn a_client_that_keeps_to_the_limit_is_not_refused_when_its_messages_come_late() {
        let mut rate = MessageRate::default();
        // Five at once, once a second; those of every other second come late by up to a fifth of one.
        for second in 0..20 {
            let late = (second % 2) * 190;
            for _ in 0..5 {
                assert_eq!(rate.judge(LIMIT, at(second * 1_000 + 200 - late)), Judgement::Pass, "{second}");
            }
        }
    }

    proptest! {
        #[test]
        fn what_passes_is_never_more_than_the_limit_in_what_is_counted(gaps in prop::collection::vec(0_u64..400, 1..200)) {
            let mut rate = MessageRate::default();
            let forever = RateLimit { breaches: u32::MAX, ..LIMIT };
            let mut now = 0;
            let mut passed: Vec<u64> = Vec::new();
            for gap in gaps {
                now += gap;
                let within = |from: &&u64| **from + 800 > now;
                let judged = rate.judge(forever, at(now));
                let free = passed.iter().filter(within).count() < LIMIT.per_second;
                prop_assert_eq!(judged == Judgement::Pass, free);
                if judged == Judgement::Pass {
                    passed.push(now);
                }
            }
        }
    }
}
