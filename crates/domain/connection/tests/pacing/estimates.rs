//! Expected waits, against what then happens.

use crate::checker::Allowed;
use crate::driver::{Driver, at, large, limits, request, small};
use proptest::prelude::*;
use std::time::Duration;
use tradeport_connection::pacing::{Class, Counts, ExpectedWait, Refused};

proptest! {
    /// Of a queue in which all ask for the same.
    #[test]
    fn an_expected_wait_is_about_what_is_waited(
        ahead in 0_u64..150, pause in 0_i64..3_000, kind in 0_u8..3,
    ) {
        let mut driver = Driver::new(limits(&Allowed { history_open: 1_000, ..Allowed::STANDARD }, 50));
        let connection = driver.connect();
        let class = |number: u64| match kind {
            0 => Class::Message,
            1 => large(number),
            _ => small(number, number, Counts::Once),
        };
        for number in 0..10 {
            driver.send(connection, 0, class(number));
        }
        driver.run_to(pause);
        for number in 0..ahead {
            driver.send(connection, 0, class(100 + number));
        }
        let wish = request(connection, 0, class(1_000));
        let expected = driver.budget.expected_wait(&wish, at(driver.now));
        let Ok(ExpectedWait::About(expected)) = expected else { panic!("{expected:?}") };
        let asked = driver.now;
        let ticket = driver.send(connection, 0, class(1_000));
        driver.run_to(asked + 3_000_000);
        let waited = Duration::from_millis((driver.seen[&ticket].went[0] - asked).unsigned_abs());
        let off = expected.abs_diff(waited);
        prop_assert!(off <= waited / 5 + Duration::from_millis(150), "expected {:?}, waited {:?}", expected, waited);
    }
}

#[test]
fn what_may_go_at_once_is_expected_to() {
    let mut driver = Driver::new(limits(&Allowed::STANDARD, 50));
    let connection = driver.connect();
    for class in [Class::Message, Class::MarketData, large(1), small(1, 1, Counts::Twice), Class::CancelOrder]
    {
        let wait = driver.budget.expected_wait(&request(connection, 0, class), at(0));
        assert_eq!(wait, Ok(ExpectedWait::About(Duration::ZERO)));
    }
}

#[test]
fn nobody_knows_when_a_line_ends() {
    let mut driver = Driver::new(limits(&Allowed { lines: 1, ..Allowed::STANDARD }, 50));
    let connection = driver.connect();
    driver.send(connection, 0, Class::MarketData);
    let wish = request(connection, 0, Class::MarketData);
    assert_eq!(driver.budget.expected_wait(&wish, at(0)), Ok(ExpectedWait::UntilOthersEnd));
    driver.disconnect(connection);
    assert_eq!(driver.budget.expected_wait(&wish, at(0)), Err(Refused::NoConnection));
}

#[test]
fn the_connections_that_are_open_are_told() {
    let mut driver = Driver::new(limits(&Allowed::STANDARD, 50));
    assert_eq!(driver.budget.open_connections().count(), 0);
    let all: Vec<_> = (0..3).map(|_| driver.connect()).collect();
    assert_eq!(driver.budget.open_connections().collect::<Vec<_>>(), all);
    driver.disconnect(all[1]);
    assert_eq!(driver.budget.open_connections().collect::<Vec<_>>(), [all[0], all[2]]);
    let again = driver.connect();
    assert!(
        again != all[1] && driver.budget.open_connections().any(|it| it == again),
        "its place, and another one"
    );
}
