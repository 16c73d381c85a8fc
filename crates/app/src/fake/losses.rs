//! Links that break at the worst moment, for those who want to see what an unknown outcome looks like.
//!
//! Whether one breaks follows from the seed, the order's key and the moment, and from nothing else: the same request at
//! another moment has another fate. Left out: faults of the exchange itself, which are the adapter's.

use tradeport_fake_broker::WayFault;
use tradeport_fake_broker::house::mix;
use tradeport_kernel::{Decimal, OrderKey, Timestamp};

/// How often the link breaks over an order or a cancel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Losses {
    /// Where chance begins.
    pub seed: u64,
    /// The share of requests that the broker gets and whose answer is lost; 0 to 1.
    pub answers: Decimal,
    /// The share of requests that are lost on the way, and nobody can tell; 0 to 1.
    pub requests: Decimal,
}

impl Losses {
    /// What becomes of the request about this order at this moment; `None` when the link holds.
    #[must_use]
    pub fn fate(&self, key: &OrderKey, at: Timestamp) -> Option<WayFault> {
        if self.chance(1, key, at) < self.requests {
            Some(WayFault::RequestLost)
        } else if self.chance(2, key, at) < self.answers {
            Some(WayFault::AnswerLost)
        } else {
            None
        }
    }

    /// From 0 up to, not including, 1.
    fn chance(&self, stream: u64, key: &OrderKey, at: Timestamp) -> Decimal {
        let start = mix(self.seed ^ mix(stream)) ^ mix(at.nanos().cast_unsigned());
        let mixed = key.as_str().bytes().fold(start, |mixed, byte| mix(mixed ^ u64::from(byte)));
        Decimal::from(mixed >> 32) / Decimal::from(1_u64 << 32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn losses(answers: i64, requests: i64) -> Losses {
        Losses { seed: 7, answers: Decimal::new(answers, 2), requests: Decimal::new(requests, 2) }
    }

    fn fates(losses: Losses) -> Vec<Option<WayFault>> {
        let key = |number: i64| OrderKey::new(&format!("k{number}")).unwrap();
        (0..10_000).map(|number| losses.fate(&key(number % 100), Timestamp::from_seconds(number))).collect()
    }

    #[test]
    fn nothing_is_lost_unless_it_is_wanted_and_everything_if_it_is() {
        assert!(fates(Losses::default()).iter().all(Option::is_none));
        assert!(fates(losses(100, 0)).iter().all(|fate| *fate == Some(WayFault::AnswerLost)));
        assert!(fates(losses(100, 100)).iter().all(|fate| *fate == Some(WayFault::RequestLost)));
    }

    #[test]
    fn the_same_seed_loses_the_same_and_about_as_much_as_was_asked_for() {
        let fates_of = fates(losses(20, 10));
        assert_eq!(fates_of, fates(losses(20, 10)));
        assert_ne!(fates_of, fates(Losses { seed: 8, ..losses(20, 10) }));
        let count = |wanted| fates_of.iter().filter(|fate| **fate == Some(wanted)).count();
        assert!((900..1_100).contains(&count(WayFault::RequestLost)));
        assert!((1_650..1_950).contains(&count(WayFault::AnswerLost)), "a fifth of the other nine tenths");
    }
}
