//! The numbers of all limits, in one place, each with where it comes from.
//!
//! Two tables: what Interactive Brokers documents, and a careful one that stays well under it. Where its documents
//! contradict each other the newer one stands in the first table and the stricter one in the second.
//!
//! A rate is kept as the *receiver* counts it. A message may take up to [`Limits::jitter`] longer than the one before it, so
//! what fits a window there must fit a window that is longer by so much here. For the same reason what was given back
//! is only free again after that time.
//!
//! Left out: reading any of it from a file (`settings`).

use super::Rule;
use super::rule::Shape;
use std::time::Duration;

const GUIDE: &str = "TWS API guide, 2023";
const PAGES: &str = "TWS API documentation, 2026";
const BOTH: &str = "TWS API guide, 2023, and documentation, 2026";
const OURS: &str = "ours: the broker names no number";
const CAREFUL: &str = "ours: under what the broker documents";
const SET: &str = "settings";

/// One number, and where it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    most: u32,
    per: Option<Duration>,
    source: &'static str,
}

/// The number does not suit the rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotALimit {
    /// Fewer than the smallest request needs.
    #[error("the limit of {rule:?} must be at least {least}, not {most}")]
    TooSmall {
        /// Which.
        rule: Rule,
        /// What was given.
        most: u32,
        /// What would be accepted.
        least: u32,
    },
    /// A rate without a stretch of time, or with an endless one.
    #[error("{0:?} is a rate: it needs a time above zero and up to a day")]
    NoTime(Rule),
    /// A time for something that is counted at one moment.
    #[error("{0:?} counts what is open at once: it has no time")]
    Timeless(Rule),
    /// What is kept for the urgent leaves nothing for the rest.
    #[error("{kept} messages are kept for orders and cancels, of {most}: the rest needs at least one")]
    NothingLeft {
        /// How many are kept.
        kept: u32,
        /// Of so many.
        most: u32,
    },
    /// More than a second of jitter is no connection to trade on.
    #[error("a jitter of {} ms is more than a second", .0.as_millis())]
    Jitter(Duration),
}

const LONGEST: Duration = Duration::from_secs(86_400);

impl Limit {
    const fn rate(most: u32, millis: u64, source: &'static str) -> Option<Self> {
        Some(Self { most, per: Some(Duration::from_millis(millis)), source })
    }

    const fn at_once(most: u32, source: &'static str) -> Option<Self> {
        Some(Self { most, per: None, source })
    }

    /// So many.
    #[must_use]
    pub const fn most(self) -> u32 {
        self.most
    }

    /// In any stretch of this length; `None` counts what is open at once.
    #[must_use]
    pub const fn per(self) -> Option<Duration> {
        self.per
    }

    /// Where the number comes from.
    #[must_use]
    pub const fn source(self) -> &'static str {
        self.source
    }
}

/// All limits of one session of the broker's program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    rows: [Option<Limit>; Rule::ALL.len()],
    jitter: Duration,
    kept_for_cancels: u32,
    kept_for_orders: u32,
    large_bars_count: bool,
}

impl Default for Limits {
    /// The standard ones for 100 lines: 45 messages a second under the broker's 50.
    fn default() -> Self {
        Self::standard(100)
    }
}

impl Limits {
    /// What is documented for so many lines, with a tenth of the messages left unused.
    #[must_use]
    pub fn standard(lines: u32) -> Self {
        let mut limits = Self::documented(lines);
        if let Some(documented) = limits.get(Rule::Messages) {
            limits.rows[Rule::Messages.index()] = Limit::rate(less_a_tenth(documented.most), 1_000, CAREFUL);
        }
        limits
    }

    /// What Interactive Brokers documents for an account with so many market-data lines.
    #[must_use]
    pub fn documented(lines: u32) -> Self {
        let lines = lines.max(10);
        let (kept_for_cancels, kept_for_orders) = kept_of(lines / 2);
        Self {
            rows: Rule::ALL.map(|rule| documented(rule, lines)),
            jitter: Duration::from_millis(50),
            kept_for_cancels,
            kept_for_orders,
            large_bars_count: false,
        }
    }

    /// Well under what is documented, where that is not exact or what it means is contested.
    #[must_use]
    pub fn conservative(lines: u32) -> Self {
        let lines = lines.max(10);
        let mut limits = Self::documented(lines);
        limits.jitter = Duration::from_millis(200);
        limits.large_bars_count = true;
        for rule in Rule::ALL {
            let slot = &mut limits.rows[rule.index()];
            *slot = careful(rule, lines).or(*slot);
        }
        limits
    }

    /// The same with another number under a rule: at most `most`, for a rate in any stretch of `per`.
    pub fn with(mut self, rule: Rule, most: u32, per: Option<Duration>) -> Result<Self, NotALimit> {
        if most < rule.least() {
            return Err(NotALimit::TooSmall { rule, most, least: rule.least() });
        }
        match (rule.shape(), per) {
            (Shape::AtOnce, Some(_)) => return Err(NotALimit::Timeless(rule)),
            (Shape::Rate, Some(per)) if !per.is_zero() && per <= LONGEST => {}
            (Shape::Rate, _) => return Err(NotALimit::NoTime(rule)),
            (Shape::AtOnce, None) => {}
        }
        self.rows[rule.index()] = Some(Limit { most, per, source: SET });
        self.checked()
    }

    /// No limits at all: for a peer that has none.
    #[must_use]
    pub const fn none() -> Self {
        Self {
            rows: [None; Rule::ALL.len()],
            jitter: Duration::ZERO,
            kept_for_cancels: 0,
            kept_for_orders: 0,
            large_bars_count: false,
        }
    }

    /// The same with so many messages a second, and what is kept of them for orders and cancels.
    pub fn with_messages(mut self, most: u32) -> Result<Self, NotALimit> {
        (self.kept_for_cancels, self.kept_for_orders) = kept_of(most);
        self.with(Rule::Messages, most, Some(Duration::from_secs(1)))
    }

    /// The same without a limit under this rule.
    #[must_use]
    pub fn without(mut self, rule: Rule) -> Self {
        self.rows[rule.index()] = None;
        self
    }

    /// The same with another spread of the time that a message takes.
    pub fn with_jitter(mut self, jitter: Duration) -> Result<Self, NotALimit> {
        if jitter > Duration::from_secs(1) {
            return Err(NotALimit::Jitter(jitter));
        }
        self.jitter = jitter;
        Ok(self)
    }

    /// The same with so many messages of each window kept for cancels alone, and so many more for orders and cancels.
    pub fn with_kept(mut self, for_cancels: u32, for_orders: u32) -> Result<Self, NotALimit> {
        self.kept_for_cancels = for_cancels;
        self.kept_for_orders = for_orders;
        self.checked()
    }

    fn checked(self) -> Result<Self, NotALimit> {
        let kept = self.kept_for_cancels.saturating_add(self.kept_for_orders);
        match self.get(Rule::Messages) {
            Some(limit) if kept >= limit.most => Err(NotALimit::NothingLeft { kept, most: limit.most }),
            _ => Ok(self),
        }
    }

    /// The number under a rule; `None` has no limit.
    #[must_use]
    pub const fn get(&self, rule: Rule) -> Option<Limit> {
        self.rows[rule.index()]
    }

    /// A rate as it must be kept here, so that the receiver never counts more: so many in any stretch of this length.
    #[must_use]
    pub fn kept(&self, rule: Rule) -> Option<(u32, Duration)> {
        let limit = self.get(rule)?;
        // The slices are our own: nobody counts them at the other end.
        let jitter = if matches!(rule, Rule::Slice) { Duration::ZERO } else { self.jitter };
        Some((limit.most, limit.per?.saturating_add(jitter)))
    }

    /// How much longer one message may take than another.
    #[must_use]
    pub const fn jitter(&self) -> Duration {
        self.jitter
    }

    /// How many messages of a window only cancels may use.
    #[must_use]
    pub const fn kept_for_cancels(&self) -> u32 {
        self.kept_for_cancels
    }

    /// How many messages of a window only orders and cancels may use, beyond those for cancels.
    #[must_use]
    pub const fn kept_for_orders(&self) -> u32 {
        self.kept_for_orders
    }

    /// Do bars of more than 30 seconds count as a series and as identical requests? The broker slows them "softly", and
    /// names no number.
    #[must_use]
    pub const fn large_bars_count(&self) -> bool {
        self.large_bars_count
    }
}

/// What is kept for cancels alone, and what more for orders and cancels: a 20th and a 6th of all, at most 2 and 8.
const fn kept_of(messages: u32) -> (u32, u32) {
    let (cancels, orders) = (messages / 20, messages / 6);
    (if cancels < 2 { cancels } else { 2 }, if orders < 8 { orders } else { 8 })
}

const fn less_a_tenth(number: u32) -> u32 {
    number - number.div_ceil(10)
}

/// Market depth: one book for each hundred lines, at least 3 and at most 60.
fn books(lines: u32) -> u32 {
    (lines / 100).clamp(3, 60)
}

fn documented(rule: Rule, lines: u32) -> Option<Limit> {
    match rule {
        // Requests a second = lines / 2. The older statement is a fixed 50 for each connection; with 100 lines they agree.
        Rule::Messages => Limit::rate(lines / 2, 1_000, PAGES),
        Rule::Slice => Limit::rate((lines / 25).max(1), 100, OURS),
        Rule::HistoryTotal => Limit::rate(60, 600_000, BOTH),
        // "Six or more" within two seconds break it.
        Rule::HistorySeries => Limit::rate(5, 2_000, BOTH),
        Rule::HistoryIdentical => Limit::rate(1, 15_000, BOTH),
        Rule::HistoryOpen => Limit::at_once(50, BOTH),
        // They are said to be under the limits of small bars, too: they count there as well.
        Rule::RealTimeBars => Limit::rate(60, 600_000, BOTH),
        Rule::Lines => Limit::at_once(lines, BOTH),
        Rule::Depth => Limit::at_once(books(lines), GUIDE),
        // A twentieth of the lines; the guide of 2023 says: as many as books.
        Rule::TickByTick => Limit::at_once((lines / 20).max(1), PAGES),
        Rule::TickByTickAgain => Limit::rate(1, 15_000, PAGES),
        Rule::Orders => None,
        // A loop that changes one order for ever is stopped here, whatever the broker would let pass.
        Rule::OrderActs => Limit::rate(10, 1_000, OURS),
        Rule::OrdersPerSide => Limit::at_once(20, GUIDE),
        Rule::Previews => Limit::rate(1, 60_000, PAGES),
        Rule::RegulatorySnapshots => Limit::rate(1, 1_000, BOTH),
        Rule::Scanners => Limit::at_once(10, GUIDE),
        Rule::AccountSummaries => Limit::at_once(2, GUIDE),
        Rule::Connections => Limit::at_once(32, GUIDE),
    }
}

fn careful(rule: Rule, lines: u32) -> Option<Limit> {
    match rule {
        Rule::Messages => Limit::rate(lines / 5 * 2, 1_000, CAREFUL),
        Rule::Slice => Limit::rate((lines / 33).max(1), 100, CAREFUL),
        Rule::HistoryTotal => Limit::rate(54, 600_000, CAREFUL),
        Rule::HistorySeries => Limit::rate(4, 2_000, CAREFUL),
        Rule::HistoryIdentical => Limit::rate(1, 16_000, CAREFUL),
        Rule::HistoryOpen => Limit::at_once(40, CAREFUL),
        Rule::RealTimeBars => Limit::rate(54, 600_000, CAREFUL),
        // What a person watches in the broker's own windows takes lines too.
        Rule::Lines => Limit::at_once(lines - lines / 10, CAREFUL),
        Rule::TickByTick => Limit::at_once((lines / 20).max(1).min(books(lines)), GUIDE),
        Rule::Orders => Limit::rate(10, 1_000, OURS),
        Rule::OrderActs => Limit::rate(3, 1_000, OURS),
        Rule::OrdersPerSide => Limit::at_once(15, CAREFUL),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn most(limits: &Limits, rule: Rule) -> Option<u32> {
        limits.get(rule).map(Limit::most)
    }

    #[test]
    fn every_row_suits_its_rule() {
        for lines in [0, 1, 10, 100, 500, 9_000, u32::MAX] {
            for limits in [Limits::documented(lines), Limits::conservative(lines), Limits::default()] {
                for rule in Rule::ALL {
                    let Some(limit) = limits.get(rule) else { continue };
                    assert_eq!(limit.per().is_some(), rule.shape() == Shape::Rate, "{rule:?}");
                    assert!(limit.most() >= rule.least(), "{rule:?} of {lines}");
                    assert!(!limit.source().is_empty());
                }
                assert!(limits.clone().checked().is_ok(), "{lines}");
            }
        }
    }

    #[test]
    fn the_careful_table_is_never_above_the_documented_one() {
        for lines in [10, 100, 450, 6_000] {
            let (careful, documented) = (Limits::conservative(lines), Limits::documented(lines));
            for rule in Rule::ALL {
                let (Some(less), Some(more)) = (careful.get(rule), documented.get(rule)) else { continue };
                assert!(less.most() <= more.most() && less.per() >= more.per(), "{rule:?} of {lines}");
            }
        }
    }

    #[test]
    fn what_follows_from_the_lines_is_what_the_broker_publishes() {
        let of = |lines, rule| most(&Limits::documented(lines), rule);
        assert_eq!(
            [100, 399, 400, 600, 6_000, 90_000].map(|n| of(n, Rule::Depth).unwrap()),
            [3, 3, 4, 6, 60, 60]
        );
        assert_eq!([100, 200].map(|n| of(n, Rule::TickByTick).unwrap()), [5, 10]);
        assert_eq!([100, 500].map(|n| of(n, Rule::Messages).unwrap()), [50, 250]);
        assert_eq!(most(&Limits::default(), Rule::Messages), Some(45));
        assert_eq!(most(&Limits::conservative(100), Rule::TickByTick), Some(3));
    }

    #[test]
    fn numbers_that_make_no_sense_are_refused() {
        let limits = Limits::default();
        let second = Some(Duration::from_secs(1));
        assert!(matches!(
            limits.clone().with(Rule::HistorySeries, 1, second),
            Err(NotALimit::TooSmall { .. })
        ));
        assert!(matches!(limits.clone().with(Rule::Lines, 5, second), Err(NotALimit::Timeless(_))));
        assert!(matches!(limits.clone().with(Rule::Orders, 5, None), Err(NotALimit::NoTime(_))));
        let none = Some(Duration::ZERO);
        assert!(matches!(limits.clone().with(Rule::Orders, 5, none), Err(NotALimit::NoTime(_))));
        assert!(matches!(
            limits.clone().with(Rule::Messages, 10, second),
            Err(NotALimit::NothingLeft { .. })
        ));
        assert!(limits.clone().with_kept(20, 25).is_err());
        assert!(limits.clone().with_jitter(Duration::from_secs(2)).is_err());
        assert!(limits.with(Rule::Orders, 5, second).is_ok());
    }
}
