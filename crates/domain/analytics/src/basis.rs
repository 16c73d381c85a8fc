//! What ratios are measured against: how many periods make a year, and what riskless money earns.
//!
//! A rate for a year and a rate for a period are different types, because mixing them up turns a Sharpe ratio of 0.8
//! into -33 without any error.

use serde::{Deserialize, Serialize};

/// How many periods of the series make a year; finite and above zero.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct PeriodsPerYear(f64);

/// What riskless money earns in a year, as a fraction (0.05 is 5 %); finite and above -1.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct AnnualRate(f64);

/// What riskless money earns in one period of the series, as a fraction; finite and above -1.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct PeriodRate(f64);

/// The number cannot serve as a basis of measurement.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum NotABasis {
    /// Not finite, or not above zero.
    #[error("{0} is not a number of periods per year: expected a finite number above 0, such as 252")]
    Periods(f64),
    /// Not finite, or a loss of everything.
    #[error("{0} is not a rate: expected a finite fraction above -1, such as 0.05 for 5 %")]
    Rate(f64),
}

impl PeriodsPerYear {
    /// Trading days.
    pub const DAILY: Self = Self(252.0);
    /// Weeks.
    pub const WEEKLY: Self = Self(52.0);
    /// Months.
    pub const MONTHLY: Self = Self(12.0);

    /// Errors: [`NotABasis::Periods`].
    pub fn new(raw: f64) -> Result<Self, NotABasis> {
        if raw.is_finite() && raw > 0.0 { Ok(Self(raw)) } else { Err(NotABasis::Periods(raw)) }
    }

    /// The number.
    #[must_use]
    pub const fn as_f64(self) -> f64 {
        self.0
    }
}

impl AnnualRate {
    /// Riskless money earns nothing.
    pub const ZERO: Self = Self(0.0);

    /// Errors: [`NotABasis::Rate`].
    pub fn new(raw: f64) -> Result<Self, NotABasis> {
        rate(raw).map(Self)
    }

    /// The rate that compounds to this one within a year: `(1 + F)^(1/A) - 1`.
    ///
    /// Computed through logarithms: a daily rate is tiny beside 1, and the subtraction would cost five digits.
    #[must_use]
    pub fn per_period(self, periods: PeriodsPerYear) -> PeriodRate {
        PeriodRate((self.0.ln_1p() / periods.0).exp_m1())
    }

    /// The fraction.
    #[must_use]
    pub const fn as_f64(self) -> f64 {
        self.0
    }
}

impl PeriodRate {
    /// Riskless money earns nothing.
    pub const ZERO: Self = Self(0.0);

    /// A rate that is known per period already; see [`AnnualRate::per_period`] for the usual way.
    /// Errors: [`NotABasis::Rate`].
    pub fn new(raw: f64) -> Result<Self, NotABasis> {
        rate(raw).map(Self)
    }

    /// The fraction.
    #[must_use]
    pub const fn as_f64(self) -> f64 {
        self.0
    }
}

fn rate(raw: f64) -> Result<f64, NotABasis> {
    if raw.is_finite() && raw > -1.0 { Ok(raw) } else { Err(NotABasis::Rate(raw)) }
}

/// The two things every annual ratio is measured against.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Basis {
    periods: PeriodsPerYear,
    risk_free: PeriodRate,
}

impl Basis {
    /// The usual basis: the risk-free rate of a year.
    #[must_use]
    pub fn new(periods: PeriodsPerYear, risk_free: AnnualRate) -> Self {
        Self::with_period_rate(periods, risk_free.per_period(periods))
    }

    /// A risk-free rate that is known per period already.
    #[must_use]
    pub const fn with_period_rate(periods: PeriodsPerYear, risk_free: PeriodRate) -> Self {
        Self { periods, risk_free }
    }

    /// How many periods make a year.
    #[must_use]
    pub const fn periods(self) -> PeriodsPerYear {
        self.periods
    }

    /// What riskless money earns in one period.
    #[must_use]
    pub const fn risk_free(self) -> PeriodRate {
        self.risk_free
    }

    /// Turns a deviation per period into one per year: the square root of the periods.
    pub(crate) fn sqrt_periods(self) -> f64 {
        self.periods.0.sqrt()
    }
}

macro_rules! number_in_documents {
    ($($number:ident),+) => {$(
        impl TryFrom<f64> for $number {
            type Error = NotABasis;
            fn try_from(raw: f64) -> Result<Self, Self::Error> {
                Self::new(raw)
            }
        }
        impl From<$number> for f64 {
            fn from(number: $number) -> Self {
                number.0
            }
        }
    )+};
}
number_in_documents!(PeriodsPerYear, AnnualRate, PeriodRate);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_without_meaning_are_refused() {
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(PeriodsPerYear::new(bad).is_err(), "{bad} periods");
        }
        for bad in [-1.0, -2.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(AnnualRate::new(bad).is_err(), "{bad} a year");
            assert!(PeriodRate::new(bad).is_err(), "{bad} a period");
        }
        assert!(AnnualRate::new(-0.005).is_ok(), "rates below zero have existed");
    }

    #[test]
    fn a_document_cannot_smuggle_in_a_bad_rate() {
        assert!(serde_json::from_str::<AnnualRate>("-1.5").is_err());
        assert_eq!(serde_json::from_str::<AnnualRate>("0.05").unwrap(), AnnualRate(0.05));
        assert_eq!(serde_json::to_string(&PeriodsPerYear::DAILY).unwrap(), "252.0");
    }

    proptest! {
        #[test]
        fn a_year_of_periods_compounds_to_the_annual_rate(annual in -0.5_f64..2.0, periods in 1_u16..400) {
            let periods = PeriodsPerYear::new(f64::from(periods)).unwrap();
            let period = AnnualRate::new(annual).unwrap().per_period(periods).as_f64();
            let year = (1.0 + period).powf(periods.as_f64()) - 1.0;
            prop_assert!((year - annual).abs() < 1e-12, "{year} against {annual}");
        }
    }
}
