//! The pace of history: three rules over what was asked before. That too many are open at once is the fourth, and that
//! bid and ask count twice the fifth; who keeps the open ones counts them.
//!
//! What was refused does not count. Only what a rule may still ask about is kept.

use super::PacingRules;
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;
use tradeport_kernel::Timestamp;

/// A request, as far as the rules go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ask {
    /// Equal for the same contract, exchange and kind of data.
    pub(crate) series: String,
    /// Equal for the very same request.
    pub(crate) whole: String,
    /// Does it count twice?
    pub(crate) is_bid_ask: bool,
}

/// The rule that a request breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Violation {
    /// The very same came a moment ago.
    Identical,
    /// Too many of one series in a burst.
    Burst,
    /// Too many in all.
    Total,
}

/// What was asked lately.
#[derive(Debug, Default)]
pub(crate) struct Pacing {
    asked: VecDeque<(Timestamp, u32)>,
    series: BTreeMap<String, VecDeque<(Timestamp, u32)>>,
    whole: BTreeMap<String, Timestamp>,
}

impl Ask {
    const fn weight(&self) -> u32 {
        if self.is_bid_ask { 2 } else { 1 }
    }
}

impl Pacing {
    /// Takes note of a request, or says which rule it breaks.
    pub(crate) fn admit(&mut self, rules: &PacingRules, ask: &Ask, now: Timestamp) -> Result<(), Violation> {
        self.forget(rules, now);
        if self.whole.contains_key(&ask.whole) {
            return Err(Violation::Identical);
        }
        let weight = ask.weight();
        let series = self.series.get(&ask.series).map_or(0, weigh);
        if series + weight > rules.burst {
            return Err(Violation::Burst);
        }
        if weigh(&self.asked) + weight > rules.total {
            return Err(Violation::Total);
        }
        self.asked.push_back((now, weight));
        self.series.entry(ask.series.clone()).or_default().push_back((now, weight));
        self.whole.insert(ask.whole.clone(), now);
        Ok(())
    }

    fn forget(&mut self, rules: &PacingRules, now: Timestamp) {
        drop_older(&mut self.asked, rules.total_window, now);
        self.series.retain(|_, asked| {
            drop_older(asked, rules.burst_window, now);
            !asked.is_empty()
        });
        self.whole.retain(|_, at| now.since(*at) < rules.identical_gap);
    }
}

fn weigh(asked: &VecDeque<(Timestamp, u32)>) -> u32 {
    asked.iter().map(|(_, weight)| weight).sum()
}

fn drop_older(asked: &mut VecDeque<(Timestamp, u32)>, window: Duration, now: Timestamp) {
    while asked.front().is_some_and(|(at, _)| now.since(*at) >= window) {
        asked.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Counts by looking at everything that was ever admitted.
    fn expected(admitted: &[(u64, Ask)], ask: &Ask, now: u64) -> Result<(), Violation> {
        let within = |millis: u64| admitted.iter().filter(move |(at, _)| now - at < millis);
        let weight = |ask: &Ask| if ask.is_bid_ask { 2 } else { 1 };
        if within(15_000).any(|(_, other)| other.whole == ask.whole) {
            return Err(Violation::Identical);
        }
        let same = within(2_000).filter(|(_, other)| other.series == ask.series);
        if same.map(|(_, other)| weight(other)).sum::<u32>() + weight(ask) > 5 {
            return Err(Violation::Burst);
        }
        if within(600_000).map(|(_, other)| weight(other)).sum::<u32>() + weight(ask) > 60 {
            return Err(Violation::Total);
        }
        Ok(())
    }

    fn script() -> impl Strategy<Value = Vec<(u64, u8, u8, bool)>> {
        prop::collection::vec((0_u64..20_000, 0_u8..3, 0_u8..40, any::<bool>()), 0..300).prop_map(|steps| {
            steps.into_iter().map(|(gap, a, b, c)| (gap * gap / 200_000, a, b, c)).collect()
        })
    }

    proptest! {
        #[test]
        fn the_rules_say_what_counting_everything_says(script in script()) {
            let (mut pacing, mut admitted, mut now) = (Pacing::default(), Vec::new(), 0);
            for (gap, series, whole, is_bid_ask) in script {
                now += gap;
                let ask = Ask { series: format!("{series}"), whole: format!("{series} {whole}"), is_bid_ask };
                let at = Timestamp::EPOCH.after(Duration::from_millis(now));
                let said = pacing.admit(&PacingRules::default(), &ask, at);
                prop_assert_eq!(said, expected(&admitted, &ask, now));
                if said.is_ok() {
                    admitted.push((now, ask));
                }
            }
        }
    }

    #[test]
    fn each_rule_is_broken_by_one_more_than_it_allows() {
        let rules = PacingRules::default();
        let ask = |series: &str, whole: u32| Ask {
            series: series.to_owned(),
            whole: format!("{series}{whole}"),
            is_bid_ask: false,
        };
        let at = |millis: u64| Timestamp::EPOCH.after(Duration::from_millis(millis));
        let mut pacing = Pacing::default();
        for number in 0..5 {
            assert_eq!(pacing.admit(&rules, &ask("a", number), at(0)), Ok(()));
        }
        assert_eq!(pacing.admit(&rules, &ask("a", 9), at(1_999)), Err(Violation::Burst));
        assert_eq!(pacing.admit(&rules, &ask("a", 9), at(2_000)), Ok(()));
        assert_eq!(pacing.admit(&rules, &ask("a", 9), at(16_999)), Err(Violation::Identical));
        for number in 0..54_u64 {
            let asked = ask("b", u32::try_from(number).expect("few"));
            assert_eq!(pacing.admit(&rules, &asked, at(20_000 + number * 1_000)), Ok(()));
        }
        assert_eq!(pacing.admit(&rules, &ask("c", 1), at(100_000)), Err(Violation::Total));
        assert_eq!(pacing.admit(&rules, &ask("c", 1), at(600_000)), Ok(()));
    }
}
