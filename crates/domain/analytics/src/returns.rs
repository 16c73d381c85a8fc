//! Series of simple returns: the only way into the metrics.
//!
//! Missing returns are dropped here, before anything is computed; with a benchmark, pair by pair. Left out: log
//! returns and the calendar, which no metric of this crate needs.

/// Simple returns in time order: finite fractions (0.05 is a gain of 5 %), none missing. May be empty.
///
/// A return below -1 is possible (a leveraged account can lose more than it holds).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Returns(Vec<f64>);

/// Why a series cannot be turned into returns.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum NotReturns {
    /// An entry is NaN or infinite.
    #[error("entry {index} is {value}: expected a finite number")]
    NotFinite {
        /// Position in the input, from 0.
        index: usize,
        /// What stood there.
        value: f64,
    },
    /// A period would start with nothing or less, so its return has no meaning.
    #[error("value {index} is {value}: a return needs a start above zero")]
    StartNotPositive {
        /// Position in the input, from 0.
        index: usize,
        /// What stood there.
        value: f64,
    },
    /// The two values of a period lie too far apart for a floating-point number.
    #[error("the return from value {index} to the next is too large to represent")]
    TooLarge {
        /// Position of the start value in the input, from 0.
        index: usize,
    },
    /// Strategy and benchmark do not cover the same periods.
    #[error("{strategy} returns cannot be paired with {benchmark} of the benchmark")]
    LengthsDiffer {
        /// Entries of the strategy.
        strategy: usize,
        /// Entries of the benchmark.
        benchmark: usize,
    },
}

impl Returns {
    /// Takes returns that are all present. Errors: [`NotReturns::NotFinite`] on NaN or infinity.
    pub fn new(returns: Vec<f64>) -> Result<Self, NotReturns> {
        returns.iter().enumerate().try_for_each(|(index, &value)| finite(index, value).map(drop))?;
        Ok(Self(returns))
    }

    /// Takes returns of which some are missing, and drops those. Errors: [`NotReturns::NotFinite`].
    pub fn with_gaps(returns: &[Option<f64>]) -> Result<Self, NotReturns> {
        let present =
            returns.iter().enumerate().filter_map(|(index, value)| value.map(|value| (index, value)));
        present.map(|(index, value)| finite(index, value)).collect::<Result<_, _>>().map(Self)
    }

    /// The fractions, oldest first.
    #[must_use]
    pub fn as_slice(&self) -> &[f64] {
        &self.0
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// None at all?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Returns of a strategy and of its benchmark over the same periods: equally long, no side missing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PairedReturns {
    strategy: Returns,
    benchmark: Returns,
}

impl PairedReturns {
    /// Pairs two complete series. Errors: [`NotReturns::LengthsDiffer`].
    pub fn new(strategy: Returns, benchmark: Returns) -> Result<Self, NotReturns> {
        same_length(strategy.len(), benchmark.len())?;
        Ok(Self { strategy, benchmark })
    }

    /// Pairs two series by position and drops each period in which either side is missing.
    /// Errors: [`NotReturns::LengthsDiffer`], [`NotReturns::NotFinite`].
    pub fn with_gaps(strategy: &[Option<f64>], benchmark: &[Option<f64>]) -> Result<Self, NotReturns> {
        same_length(strategy.len(), benchmark.len())?;
        let mut paired = Self::default();
        for (index, (&ours, &theirs)) in strategy.iter().zip(benchmark).enumerate() {
            let ours = ours.map(|value| finite(index, value)).transpose()?;
            let theirs = theirs.map(|value| finite(index, value)).transpose()?;
            if let (Some(ours), Some(theirs)) = (ours, theirs) {
                paired.strategy.0.push(ours);
                paired.benchmark.0.push(theirs);
            }
        }
        Ok(paired)
    }

    /// The strategy's returns in the shared periods.
    #[must_use]
    pub fn strategy(&self) -> &Returns {
        &self.strategy
    }

    /// The benchmark's returns in the shared periods.
    #[must_use]
    pub fn benchmark(&self) -> &Returns {
        &self.benchmark
    }
}

/// Simple returns of a series of values (prices, portfolio values): `P_t / P_(t-1) - 1`, one fewer than the values.
///
/// Every value that starts a period must be above zero; the last one need not be. Errors: [`NotReturns::NotFinite`],
/// [`NotReturns::StartNotPositive`], [`NotReturns::TooLarge`].
pub fn simple_returns(values: &[f64]) -> Result<Returns, NotReturns> {
    values.iter().enumerate().try_for_each(|(index, &value)| finite(index, value).map(drop))?;
    let period = |(index, (&start, &end)): (usize, (&f64, &f64))| {
        if start <= 0.0 {
            return Err(NotReturns::StartNotPositive { index, value: start });
        }
        finite(index, end / start - 1.0).map_err(|_infinite| NotReturns::TooLarge { index })
    };
    let pairs = values.iter().zip(values.iter().skip(1));
    pairs.enumerate().map(period).collect::<Result<_, _>>().map(Returns)
}

fn finite(index: usize, value: f64) -> Result<f64, NotReturns> {
    if value.is_finite() { Ok(value) } else { Err(NotReturns::NotFinite { index, value }) }
}

fn same_length(strategy: usize, benchmark: usize) -> Result<(), NotReturns> {
    if strategy == benchmark { Ok(()) } else { Err(NotReturns::LengthsDiffer { strategy, benchmark }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_become_returns_one_shorter() {
        assert_eq!(simple_returns(&[100.0, 125.0, 62.5]).unwrap().as_slice(), [0.25, -0.5]);
        assert_eq!(simple_returns(&[2.0, 0.0]).unwrap().as_slice(), [-1.0]);
        assert!(simple_returns(&[100.0]).unwrap().is_empty());
        assert!(simple_returns(&[]).unwrap().is_empty());
    }

    #[test]
    fn a_start_at_or_below_zero_is_refused_with_its_place() {
        let refused = |index, value| Err(NotReturns::StartNotPositive { index, value });
        assert_eq!(simple_returns(&[1.0, 0.0, 1.0]), refused(1, 0.0));
        assert_eq!(simple_returns(&[-1.0, 1.0]), refused(0, -1.0));
    }

    #[test]
    fn numbers_that_are_not_finite_are_refused_everywhere() {
        let at_one =
            |value: Result<Returns, NotReturns>| matches!(value, Err(NotReturns::NotFinite { index: 1, .. }));
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(at_one(simple_returns(&[1.0, bad])));
            assert!(at_one(simple_returns(&[0.0, bad])));
            assert!(at_one(Returns::new(vec![0.0, bad])));
            assert!(at_one(Returns::with_gaps(&[None, Some(bad)])));
            let paired = PairedReturns::with_gaps(&[None, Some(bad)], &[None, None]);
            assert!(matches!(paired, Err(NotReturns::NotFinite { index: 1, .. })));
        }
        assert_eq!(simple_returns(&[f64::MIN_POSITIVE, 1e300]), Err(NotReturns::TooLarge { index: 0 }));
    }

    #[test]
    fn a_period_missing_on_either_side_leaves_the_pair() {
        let paired = PairedReturns::with_gaps(
            &[Some(0.1), None, Some(0.3), Some(0.4)],
            &[None, Some(0.02), Some(0.03), Some(0.04)],
        )
        .unwrap();
        assert_eq!(paired.strategy().as_slice(), [0.3, 0.4]);
        assert_eq!(paired.benchmark().as_slice(), [0.03, 0.04]);
    }

    #[test]
    fn series_of_different_length_are_not_paired() {
        let differ = Err(NotReturns::LengthsDiffer { strategy: 1, benchmark: 0 });
        assert_eq!(PairedReturns::with_gaps(&[None], &[]), differ);
        assert_eq!(PairedReturns::new(Returns::new(vec![0.1]).unwrap(), Returns::default()), differ);
    }
}
