//! Who gets how much: equal shares for callers of one priority, and something for everybody.

use crate::checker::Allowed;
use crate::driver::{Driver, Fate, large, limits, order, request, small};
use proptest::prelude::*;
use tradeport_connection::pacing::{Class, Counts, Priority, RequestKey, Ticket};

/// How often each of four callers went.
fn shares(driver: &Driver, of: impl Fn(&Class) -> u32) -> [u32; 4] {
    let mut shares = [0; 4];
    for ticket in &driver.log {
        let request = &driver.seen[ticket].request;
        shares[request.caller().number() as usize] += of(request.class());
    }
    shares
}

fn end_all(driver: &mut Driver) {
    for ticket in driver.with_fate(Fate::Went) {
        driver.done(ticket);
    }
}

proptest! {
    #[test]
    fn callers_of_one_priority_get_equal_shares(
        bursts in prop::collection::vec((0_u32..4, 1_u64..30), 4..40),
        pauses in prop::collection::vec(0_i64..200, 40),
    ) {
        let mut driver = Driver::new(limits(&Allowed::STANDARD, 0));
        let connection = driver.connect();
        // Everybody always has something waiting; some come with much at once, and at any time.
        for caller in 0..4 {
            (0..400).for_each(|number| drop(driver.ask(request(connection, caller, large(number)))));
        }
        for ((caller, many), pause) in bursts.into_iter().zip(pauses) {
            (0..many).for_each(|number| drop(driver.ask(request(connection, caller, large(number)))));
            driver.run_to(driver.now + pause);
            end_all(&mut driver);
            let shares = shares(&driver, |_| 1);
            let (least, most) = (shares.iter().min().unwrap(), shares.iter().max().unwrap());
            prop_assert!(most - least <= 1, "{:?}", shares);
        }
    }
}

#[test]
fn who_asks_for_what_counts_twice_goes_half_as_often() {
    let allowed =
        Allowed { history_series: (1_000, 2_000), history_total: (12, 10_000), ..Allowed::STANDARD };
    let mut driver = Driver::new(limits(&allowed, 0));
    let connection = driver.connect();
    for number in 0..100 {
        driver.ask(request(connection, 0, small(1, number, Counts::Once))).unwrap();
        driver.ask(request(connection, 1, small(2, 1_000 + number, Counts::Twice))).unwrap();
    }
    for second in 1..100 {
        driver.run_to(second * 1_000);
        end_all(&mut driver);
    }
    let [once, twice, ..] = shares(&driver, |_| 1);
    assert!(
        once >= 58 && once.abs_diff(2 * twice) <= 2,
        "{once} once, {twice} twice: both got the same room"
    );
}

#[test]
fn one_that_counts_twice_is_not_passed_by_for_ever() {
    let allowed =
        Allowed { history_series: (1_000, 2_000), history_total: (12, 10_000), ..Allowed::STANDARD };
    let mut driver = Driver::new(limits(&allowed, 0));
    let connection = driver.connect();
    // The room frees one by one, at a moment of its own each: it never holds two unless it is saved.
    let mut number = 0;
    let mut flood = |driver: &mut Driver, many: u64| {
        for _ in 0..many {
            number += 1;
            driver.ask(request(connection, 0, small(1, number, Counts::Once))).unwrap();
            driver.run_to(driver.now + 300);
        }
    };
    flood(&mut driver, 30);
    let twice = driver.ask(request(connection, 0, small(2, 100_000, Counts::Twice))).unwrap();
    flood(&mut driver, 200);
    assert!(!driver.seen[&twice].went.is_empty());
}

#[test]
fn nobody_starves_under_more_urgent_requests() {
    let mut driver = Driver::new(limits(&Allowed::STANDARD, 0));
    let connection = driver.connect();
    let classes = [(0, Class::CancelOrder), (1, order(1)), (2, Class::Message), (3, large(1))];
    let mut number = 0;
    for _ in 0..600 {
        for (caller, class) in classes {
            for _ in 0..4 {
                number += 1;
                let class = if matches!(class, Class::PlaceOrder { .. }) { order(number) } else { class };
                // Whose queue is full gets nothing more in.
                driver.ask(request(connection, caller, class)).ok();
            }
        }
        driver.run_to(driver.now + 100);
        end_all(&mut driver);
    }
    let shares = shares(&driver, |_| 1);
    let all: u32 = shares.iter().sum();
    assert!(shares.iter().all(|share| share * 25 >= all), "{shares:?}");
    assert!(shares[0] * 10 >= all * 7, "{shares:?}: the most urgent still gets the most");
}

#[test]
fn who_had_nothing_to_send_saves_up_nothing() {
    let mut driver = Driver::new(limits(&Allowed::STANDARD, 0));
    let connection = driver.connect();
    (0..500).for_each(|number| drop(driver.ask(request(connection, 0, large(number)))));
    driver.run_to(5_000);
    end_all(&mut driver);
    let before = driver.log.len();
    (0..500).for_each(|number| drop(driver.ask(request(connection, 1, large(number)))));
    driver.run_to(7_000);
    let late = driver.log[before..].iter().filter(|ticket| caller(&driver, ticket) == 1).count();
    let all = driver.log.len() - before;
    assert!(late.abs_diff(all - late) <= 1, "{late} of {all}");
}

fn caller(driver: &Driver, ticket: &Ticket) -> u32 {
    driver.seen[ticket].request.caller().number()
}

#[test]
fn the_more_urgent_goes_first_on_whatever_connection() {
    let allowed = Allowed { lines: 1, ..Allowed::STANDARD };
    let mut driver = Driver::new(limits(&allowed, 0));
    let (one, other) = (driver.connect(), driver.connect());
    let open = driver.send(one, 0, Class::MarketData);
    let late = driver.ask(request(one, 0, Class::MarketData).with_priority(Priority::History)).unwrap();
    let soon = driver.ask(request(other, 0, Class::MarketData).with_priority(Priority::Control)).unwrap();
    driver.run_to(1_000);
    assert_eq!(driver.log, [open]);
    driver.done(open);
    driver.run_to(2_000);
    assert_eq!(driver.log, [open, soon]);
    driver.cancel(soon);
    driver.run_to(3_000);
    assert_eq!(driver.log, [open, soon, late]);
}

#[test]
fn one_that_waits_for_its_key_holds_nobody_up() {
    let mut driver = Driver::new(limits(&Allowed::STANDARD, 0));
    let connection = driver.connect();
    let same = small(1, 1, Counts::Once);
    driver.send(connection, 0, same);
    let again = driver.send(connection, 0, same);
    let other = driver.send(connection, 0, small(1, 2, Counts::Once));
    let instrument = RequestKey::new(9);
    let ticks = driver.send(connection, 0, Class::TickByTick { instrument });
    assert!(driver.log.contains(&other) && driver.log.contains(&ticks) && !driver.log.contains(&again));
    driver.run_to(14_999);
    assert!(!driver.log.contains(&again));
    driver.run_to(15_000);
    assert!(driver.log.contains(&again));
}
