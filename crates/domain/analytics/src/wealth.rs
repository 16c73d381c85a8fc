//! What one unit of money becomes: wealth, total return, and the yearly growth that leads there.

use crate::basis::PeriodsPerYear;
use crate::returns::Returns;
use crate::stats::{count, defined};

/// Wealth after each return, `prod(1 + r_i)`; the starting wealth 1 is not a row.
#[must_use]
pub fn wealth(returns: &Returns) -> Vec<f64> {
    path(returns).collect()
}

/// The compounded return over the whole series, a fraction. `None` for no returns.
#[must_use]
pub fn total_return(returns: &Returns) -> Option<f64> {
    total(path(returns).last()?)
}

/// Compound annual growth rate, `(1 + total)^(A/n) - 1`. `None` for no returns, and for a loss of more than
/// everything, which no rate of growth leads to.
#[must_use]
pub fn cagr(returns: &Returns, periods: PeriodsPerYear) -> Option<f64> {
    growth(total_return(returns)?, count(returns.as_slice()), periods)
}

pub(crate) fn path(returns: &Returns) -> impl Iterator<Item = f64> + '_ {
    returns.as_slice().iter().scan(1.0, |wealth, r| {
        *wealth *= 1.0 + r;
        Some(*wealth)
    })
}

pub(crate) fn total(wealth: f64) -> Option<f64> {
    defined(wealth - 1.0)
}

/// `observations` is above zero.
pub(crate) fn growth(total: f64, observations: f64, periods: PeriodsPerYear) -> Option<f64> {
    if total < -1.0 {
        return None;
    }
    defined((1.0 + total).powf(periods.as_f64() / observations) - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_doubling_in_half_a_year_is_growth_of_three_hundred_percent() {
        let returns = Returns::new(vec![1.0, 0.0, 0.0, 0.0, 0.0, 0.0]).unwrap();
        assert_eq!(total_return(&returns), Some(1.0));
        assert_eq!(cagr(&returns, PeriodsPerYear::MONTHLY), Some(3.0));
        assert_eq!(wealth(&returns), [2.0; 6]);
    }

    #[test]
    fn a_loss_of_more_than_everything_has_no_growth_rate() {
        let returns = Returns::new(vec![-1.5]).unwrap();
        assert_eq!(total_return(&returns), Some(-1.5));
        assert_eq!(cagr(&returns, PeriodsPerYear::MONTHLY), None);
    }

    #[test]
    fn wealth_beyond_floating_point_is_never_nan() {
        let returns = Returns::new(vec![1e200, 1e200, -1.0]).unwrap();
        assert_eq!(total_return(&returns), None);
        assert_eq!(cagr(&returns, PeriodsPerYear::MONTHLY), None);
    }
}
