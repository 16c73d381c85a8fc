//! Falls below the highest wealth so far.
//!
//! The peak starts at the initial wealth 1, so a loss on the first day counts. Places are positions in the series of
//! values: 0 is the start, `k` is after the `k`-th return.

use crate::returns::Returns;
use crate::stats::defined;
use crate::wealth::path;
use serde::Serialize;

/// One fall: from the last time at a peak, through the lowest point, to the first time back at the peak or above.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Drawdown {
    depth: f64,
    start: usize,
    trough: usize,
    recovery: Option<usize>,
}

impl Drawdown {
    /// The fall from peak to trough, a fraction below zero.
    #[must_use]
    pub const fn depth(&self) -> f64 {
        self.depth
    }

    /// Place of the peak: the last one before the fall when it was reached more than once.
    #[must_use]
    pub const fn start(&self) -> usize {
        self.start
    }

    /// Place of the lowest wealth; the first one when it was reached more than once.
    #[must_use]
    pub const fn trough(&self) -> usize {
        self.trough
    }

    /// Place where the peak was reached again; `None` while it is not.
    #[must_use]
    pub const fn recovery(&self) -> Option<usize> {
        self.recovery
    }
}

/// The running peak and the deepest fall from it: what a drawdown needs to remember between two returns.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peak {
    peak: f64,
    deepest: f64,
}

impl Peak {
    pub(crate) const fn at_start() -> Self {
        Self { peak: 1.0, deepest: 0.0 }
    }

    /// Takes the next wealth; answers the drawdown there, `(W - M) / M`.
    pub(crate) fn observe(&mut self, wealth: f64) -> f64 {
        if wealth > self.peak {
            self.peak = wealth;
        }
        let fall = (wealth - self.peak) / self.peak;
        // `min` would skip a NaN (wealth beyond floating point); undefined must stay undefined.
        if fall.is_nan() || fall < self.deepest {
            self.deepest = fall;
        }
        fall
    }

    /// The deepest fall so far; NaN once wealth has left floating point.
    pub(crate) const fn deepest(self) -> f64 {
        self.deepest
    }
}

/// The drawdown after each return: a fraction, zero at a peak, else negative.
#[must_use]
pub fn drawdown_series(returns: &Returns) -> Vec<f64> {
    let mut peak = Peak::at_start();
    path(returns).map(|wealth| peak.observe(wealth)).collect()
}

/// The deepest drawdown, a fraction at or below zero. `None` for no returns.
#[must_use]
pub fn max_drawdown(returns: &Returns) -> Option<f64> {
    let mut peak = Peak::at_start();
    for wealth in path(returns) {
        peak.observe(wealth);
    }
    if returns.is_empty() { None } else { defined(peak.deepest()) }
}

/// Every fall, in time order. Empty as well once wealth has left floating point.
#[must_use]
pub fn drawdowns(returns: &Returns) -> Vec<Drawdown> {
    let mut peak = Peak::at_start();
    let mut finished = Vec::new();
    let mut current: Option<Drawdown> = None;
    for (index, wealth) in path(returns).enumerate() {
        let place = index + 1;
        let depth = peak.observe(wealth);
        if depth.is_nan() {
            return Vec::new();
        }
        if depth < 0.0 {
            let fall = current.get_or_insert(Drawdown { depth, start: index, trough: place, recovery: None });
            if depth < fall.depth {
                (fall.depth, fall.trough) = (depth, place);
            }
        } else if let Some(fall) = current.take() {
            finished.push(Drawdown { recovery: Some(place), ..fall });
        }
    }
    finished.extend(current);
    finished
}

/// The deepest fall; the first one of several as deep. `None` if wealth never fell.
#[must_use]
pub fn worst_drawdown(returns: &Returns) -> Option<Drawdown> {
    drawdowns(returns).into_iter().reduce(|worst, next| if next.depth < worst.depth { next } else { worst })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn returns(values: &[f64]) -> Returns {
        Returns::new(values.to_vec()).unwrap()
    }

    #[test]
    fn a_loss_on_the_first_day_counts_from_the_start() {
        let series = returns(&[-0.5, 0.5, 1.0, -0.25]);
        assert_eq!(drawdown_series(&series), [-0.5, -0.25, 0.0, -0.25]);
        let worst = worst_drawdown(&series).unwrap();
        assert_eq!((worst.start(), worst.trough(), worst.recovery()), (0, 1, Some(3)));
        assert_eq!(drawdowns(&series)[1], Drawdown { depth: -0.25, start: 3, trough: 4, recovery: None });
    }

    #[test]
    fn a_fall_starts_at_the_last_touch_of_the_peak_and_ends_at_the_first() {
        let series = returns(&[0.0, -0.5, 0.0, 1.0, 0.0, -0.5]);
        let places: Vec<_> = drawdowns(&series).iter().map(|d| (d.start, d.trough, d.recovery)).collect();
        assert_eq!(places, [(1, 2, Some(4)), (5, 6, None)]);
        assert_eq!(worst_drawdown(&series).unwrap().start(), 1);
    }

    #[test]
    fn wealth_beyond_floating_point_has_no_drawdown() {
        for beyond in [&[1e200, 1e200, 0.1][..], &[1e200, 1e200, -1.0, 0.5]] {
            assert_eq!(max_drawdown(&returns(beyond)), None);
            assert_eq!(worst_drawdown(&returns(beyond)), None);
        }
    }

    proptest! {
        #[test]
        fn the_worst_fall_is_the_maximum_drawdown(values in prop::collection::vec(-0.2_f64..0.2, 1..200)) {
            let series = returns(&values);
            let worst = worst_drawdown(&series).map_or(0.0, |fall| fall.depth());
            prop_assert_eq!(max_drawdown(&series), Some(worst));
            for fall in drawdowns(&series) {
                prop_assert!(fall.start() < fall.trough());
                prop_assert!(fall.recovery().is_none_or(|recovery| fall.trough() < recovery));
            }
        }
    }
}
