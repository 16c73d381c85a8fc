//! Sums, means and deviations that do not lose digits. Private: the public words are the metrics.

/// A sum that carries along the digits which plain addition drops (Neumaier 1974).
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sum {
    total: f64,
    lost: f64,
}

impl Sum {
    pub(crate) fn add(&mut self, term: f64) {
        let total = self.total + term;
        self.lost += if self.total.abs() >= term.abs() {
            (self.total - total) + term
        } else {
            (term - total) + self.total
        };
        self.total = total;
    }

    pub(crate) fn value(self) -> f64 {
        self.total + self.lost
    }
}

impl FromIterator<f64> for Sum {
    fn from_iter<I: IntoIterator<Item = f64>>(terms: I) -> Self {
        let mut sum = Self::default();
        terms.into_iter().for_each(|term| sum.add(term));
        sum
    }
}

pub(crate) fn sum(terms: impl IntoIterator<Item = f64>) -> f64 {
    terms.into_iter().collect::<Sum>().value()
}

/// The arithmetic mean; `None` for no terms.
///
/// Held between the smallest and the largest term, where it belongs: rounding may push it outside by one bit, and
/// then equal terms would not have a deviation of exactly zero (a Sharpe ratio of 1e15 instead of infinity).
pub(crate) fn mean(terms: &[f64]) -> Option<f64> {
    let smallest = terms.iter().copied().reduce(f64::min)?;
    let largest = terms.iter().copied().reduce(f64::max)?;
    Some((sum(terms.iter().copied()) / count(terms)).clamp(smallest, largest))
}

/// The sample standard deviation (divisor n - 1); `None` below two terms. Exactly zero when all terms are equal.
pub(crate) fn deviation(terms: &[f64]) -> Option<f64> {
    if terms.len() < 2 {
        return None;
    }
    let mean = mean(terms)?;
    let squares = sum(terms.iter().map(|term| (term - mean).powi(2)));
    defined((squares / (count(terms) - 1.0)).sqrt())
}

/// How many, as the number that formulas divide by.
pub(crate) fn count(terms: &[f64]) -> f64 {
    terms.len() as f64
}

/// A ratio whose divisor may be zero: infinite by the sign of the numerator, undefined for zero by zero.
pub(crate) fn ratio(numerator: f64, divisor: f64) -> Option<f64> {
    // A divisor is a magnitude; `-0.0` would turn the infinity over.
    defined(numerator / divisor.abs())
}

/// NaN is not a result.
pub(crate) fn defined(value: f64) -> Option<f64> {
    (!value.is_nan()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_sum_keeps_what_plain_addition_drops() {
        assert_eq!(sum([1.0, 1e100, 1.0, -1e100]).to_bits(), 2.0_f64.to_bits());
    }

    proptest! {
        #[test]
        fn equal_terms_deviate_by_exactly_zero(term in -10.0_f64..10.0, times in 2_usize..400) {
            let terms = vec![term; times];
            prop_assert_eq!(mean(&terms), Some(term));
            prop_assert_eq!(deviation(&terms), Some(0.0));
        }
    }
}
