//! The smallest returns of a growing series, kept apart from the rest: an order statistic in O(log n) per return.

use crate::tail::{TailProbability, quantile, shortfall};
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

/// A finite number with a total order.
#[derive(Clone, Copy, Debug)]
struct Ordered(f64);

impl Ord for Ordered {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}
impl PartialOrd for Ordered {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl PartialEq for Ordered {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}
impl Eq for Ordered {}

/// All returns so far, split where the tail ends: its largest and the smallest of the rest are always at hand.
#[derive(Clone, Debug)]
pub(crate) struct TailHeap {
    tail: TailProbability,
    worst: BinaryHeap<Ordered>,
    rest: BinaryHeap<Reverse<Ordered>>,
}

impl TailHeap {
    pub(crate) fn new(tail: TailProbability) -> Self {
        Self { tail, worst: BinaryHeap::new(), rest: BinaryHeap::new() }
    }

    /// Takes one finite return. The tail grows by one or stays as long as it is, so one exchange is enough.
    pub(crate) fn push(&mut self, value: f64) {
        self.rest.push(Reverse(Ordered(value)));
        if let Some(Reverse(smallest)) = self.rest.pop() {
            self.worst.push(smallest);
        }
        let (below, _) = self.tail.place(self.worst.len() + self.rest.len());
        if self.worst.len() > below + 1
            && let Some(largest) = self.worst.pop()
        {
            self.rest.push(Reverse(largest));
        }
    }

    /// Value at risk in O(1); see [`crate::var_historical`].
    pub(crate) fn var(&self) -> Option<f64> {
        let edge = self.worst.peek()?.0;
        let (_, part) = self.tail.place(self.worst.len() + self.rest.len());
        quantile(edge, self.rest.peek().map(|Reverse(next)| next.0), part)
    }

    /// The mean of the tail in time linear in the tail; see [`crate::cvar_historical`].
    ///
    /// Summed afresh: a running sum that gives and takes would drift.
    pub(crate) fn cvar(&self) -> Option<f64> {
        if self.worst.is_empty() {
            return None;
        }
        shortfall(&self.worst.iter().map(|value| value.0).collect::<Vec<_>>())
    }
}
