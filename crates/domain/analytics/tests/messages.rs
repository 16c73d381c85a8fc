//! What a caller reads when numbers cannot be measured.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::fmt::{Debug, Display};
use tradeport_analytics::{
    AnnualRate, PairedReturns, PeriodsPerYear, Returns, TailProbability, simple_returns,
};

fn told<T: Debug, E: Display + Debug>(answer: Result<T, E>) -> String {
    answer.unwrap_err().to_string()
}

#[test]
fn returns() {
    assert_eq!(told(Returns::new(vec![0.1, f64::NAN])), "entry 1 is NaN: expected a finite number");
    assert_eq!(told(simple_returns(&[1.0, 0.0, 2.0])), "value 1 is 0: a return needs a start above zero");
    assert_eq!(
        told(simple_returns(&[1e-300, 1e300])),
        "the return from value 0 to the next is too large to represent"
    );
    let (two, one) = (Returns::new(vec![0.1; 2]).unwrap(), Returns::new(vec![0.1]).unwrap());
    assert_eq!(told(PairedReturns::new(two, one)), "2 returns cannot be paired with 1 of the benchmark");
}

#[test]
fn what_is_measured_against() {
    assert_eq!(
        told(PeriodsPerYear::new(0.0)),
        "0 is not a number of periods per year: expected a finite number above 0, such as 252"
    );
    assert_eq!(
        told(AnnualRate::new(-1.0)),
        "-1 is not a rate: expected a finite fraction above -1, such as 0.05 for 5 %"
    );
    assert_eq!(
        told(TailProbability::new(1.0)),
        "1 is not a tail probability: expected a number between 0 and 1, such as 0.05"
    );
}
