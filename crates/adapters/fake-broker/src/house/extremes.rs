//! The highest and the lowest price of a time, without looking at each of its moments.
//!
//! The noise is a sum of waves, each a straight line between its nodes. Over one length of a wave all longer ones are
//! straight lines, so their sum is known by its two ends, and the shorter ones cannot be higher than their heights: that
//! bounds the price. A stretch that cannot beat what was found is left out, every other is divided into four.
//!
//! Prices are looked at in whole seconds, the moments at which the tape has its trades.

use super::market::{SHORTEST_HEIGHT, SyntheticMarket, WAVES, between};
use super::path::{MOST_DRIVERS, Path, Range};
use super::tape::on_tape;
use tradeport_kernel::Timestamp;

/// What divisions on the way may have rounded off: one for each wave, twice.
const SLACK: i64 = 2 * WAVES as i64;
/// Numbers of double precision are this near, in parts of one.
const NEAR: f64 = 1e-9;

/// Which of the two is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extreme {
    Low,
    High,
}

/// A search over the seconds from one up to, but not including, another.
pub(super) struct Search<'a> {
    pub(super) market: &'a SyntheticMarket,
    pub(super) path: &'a Path,
    /// The price step.
    pub(super) step: f64,
    pub(super) from: i64,
    pub(super) to: i64,
    pub(super) extreme: Extreme,
}

/// One length of a wave, with the sum of it and of all longer ones at both of its ends, for each driver.
#[derive(Clone, Copy)]
struct Node {
    level: u32,
    index: i64,
    ends: [Range; MOST_DRIVERS],
}

impl Search<'_> {
    /// The extreme in steps; `None` when there is no second between.
    pub(super) fn run(&self) -> Option<i64> {
        if self.from >= self.to {
            return None;
        }
        let ends = [self.from, self.to - 1].map(|second| self.score_at(second));
        let mut best = ends[0].max(ends[1]);
        let seconds = self.to - self.from;
        let level = (0..WAVES).find(|level| length(*level) >= seconds).unwrap_or(WAVES - 1);
        let first = self.from.div_euclid(length(level));
        let last = (self.to - 1).div_euclid(length(level));
        for index in first..=last {
            let node = self.root(level, index);
            if self.bound(&node) > best {
                self.descend(&node, &mut best);
            }
        }
        Some(if self.extreme == Extreme::High { best } else { -best })
    }

    fn descend(&self, node: &Node, best: &mut i64) {
        if node.level == 0 {
            if (self.from..self.to).contains(&node.index) {
                *best = (*best).max(self.score_at(node.index));
            }
            return;
        }
        let mut children = self.children(node).map(|child| (self.bound(&child), child));
        children.sort_by_key(|(bound, _)| std::cmp::Reverse(*bound));
        for (bound, child) in &children {
            if *bound > *best {
                self.descend(child, best);
            }
        }
    }

    fn root(&self, level: u32, index: i64) -> Node {
        let mut ends = [(0, 0); MOST_DRIVERS];
        let (from, to) = (index * length(level), (index + 1) * length(level));
        for (end, stream) in ends.iter_mut().zip(self.path.streams()) {
            *end = (self.longer(stream, level, from), self.longer(stream, level, to));
        }
        Node { level, index, ends }
    }

    /// The sum of the waves from `level` on, at a second.
    fn longer(&self, stream: u64, level: u32, second: i64) -> i64 {
        (level..WAVES)
            .map(|wave| {
                let (index, within) = (second.div_euclid(length(wave)), second.rem_euclid(length(wave)));
                let from = self.node_of(stream, wave, index);
                let to = self.node_of(stream, wave, index + 1);
                from + between(to - from, within, length(wave))
            })
            .sum()
    }

    fn node_of(&self, stream: u64, wave: u32, index: i64) -> i64 {
        self.market.signed_chance(stream, wave, index, SHORTEST_HEIGHT << wave)
    }

    fn children(&self, node: &Node) -> [Node; 4] {
        let level = node.level - 1;
        let mut quarters = [[0; 5]; MOST_DRIVERS];
        for ((quarter, (from, to)), stream) in quarters.iter_mut().zip(node.ends).zip(self.path.streams()) {
            for (place, value) in (0_i64..).zip(quarter.iter_mut()) {
                let own = self.node_of(stream, level, node.index * 4 + place);
                *value = from + (to - from) * place / 4 + own;
            }
        }
        [0, 1, 2, 3].map(|place: usize| Node {
            level,
            index: node.index * 4 + i64::try_from(place).unwrap_or(0),
            ends: quarters.map(|quarter| {
                let [first, second] =
                    [quarter.get(place), quarter.get(place + 1)].map(|it| *it.unwrap_or(&0));
                (first, second)
            }),
        })
    }

    /// The best score that a second of the node can have.
    fn bound(&self, node: &Node) -> i64 {
        let shorter = SHORTEST_HEIGHT * ((1 << node.level) - 1) + SLACK;
        let ranges = node.ends.map(|(from, to)| (from.min(to) - shorter, from.max(to) + shorter));
        let start = node.index * length(node.level);
        let (from, to) = (start.max(self.from), (start + length(node.level)).min(self.to));
        if from >= to {
            return i64::MIN;
        }
        let moment = Timestamp::from_seconds;
        let (low, high) = self.path.bounds(ranges, moment(from), moment(to));
        match self.extreme {
            Extreme::High => on_tape(high * (1.0 + NEAR), self.step),
            Extreme::Low => -on_tape(low * (1.0 - NEAR), self.step),
        }
    }

    fn score_at(&self, second: i64) -> i64 {
        let price = on_tape(self.market.middle_of(self.path, Timestamp::from_seconds(second)), self.step);
        if self.extreme == Extreme::High { price } else { -price }
    }
}

/// The length of a wave in seconds.
const fn length(level: u32) -> i64 {
    1 << (2 * level)
}
