//! How close the budget comes to the best that there could have been: on small cases every order is tried.
//!
//! For a given order, sending each as early as the rules let is best, for what went earlier also stops counting earlier. So
//! the best of all orders is the best of all schedules.

use crate::checker::{Allowed, Arrival};
use crate::driver::{Driver, Fate, large, limits, request, small};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use tradeport_connection::pacing::{Class, Counts, RequestKey, Ticket};

/// How long what is open stays open.
const SERVICE: i64 = 700;

fn class() -> impl Strategy<Value = Class> {
    prop_oneof![
        3 => (0_u64..2, 0_u64..3).prop_map(|(series, whole)| small(series, series * 10 + whole, Counts::Once)),
        2 => (0_u64..2, 0_u64..2).prop_map(|(series, whole)| small(series + 5, series * 10 + whole + 50, Counts::Twice)),
        1 => (0_u64..9).prop_map(large),
        1 => Just(Class::MarketData),
        1 => (0_u64..2).prop_map(|key| Class::TickByTick { instrument: RequestKey::new(key) }),
        1 => Just(Class::Message),
    ]
}

/// When the last goes in this order, each as early as it may.
fn in_order(allowed: &Allowed, order: &[Class]) -> i64 {
    let mut sent: Vec<Arrival> = Vec::new();
    let mut now = 0;
    for class in order {
        loop {
            sent.push(Arrival { at: now, closed: now + SERVICE, connection: 0, class: *class });
            if allowed.breaks_last(&sent) {
                sent.pop();
                // Every time in these cases is a multiple of it.
                now += 100;
            } else {
                break;
            }
        }
    }
    now
}

fn best(allowed: &Allowed, classes: &mut Vec<Class>, fixed: usize) -> i64 {
    if fixed == classes.len() {
        return in_order(allowed, classes);
    }
    let mut least = i64::MAX;
    for place in fixed..classes.len() {
        // Equal ones need not change places.
        if classes[fixed..place].contains(&classes[place]) {
            continue;
        }
        classes.swap(fixed, place);
        least = least.min(best(allowed, classes, fixed + 1));
        classes.swap(fixed, place);
    }
    least
}

/// When the last goes by the budget, and how many went by `horizon`.
fn scheduled(allowed: &Allowed, classes: &[Class], horizon: i64) -> (i64, usize) {
    let mut driver = Driver::new(limits(allowed, 0));
    let connection = driver.connect();
    for (number, class) in (0..).zip(classes) {
        driver.ask(request(connection, number % 3, *class)).unwrap();
    }
    while driver.log.len() < classes.len() {
        driver.step();
        let ends = |ticket: &Ticket| driver.seen[ticket].went[0] + SERVICE;
        let open = driver.with_fate(Fate::Went);
        let over = open.iter().map(|ticket| (ends(ticket), *ticket)).min();
        match (over, driver.wake()) {
            (Some((end, ticket)), wake) if wake.is_none_or(|wake| end <= wake) => {
                driver.now = end;
                driver.done(ticket);
            }
            (_, Some(wake)) => driver.now = wake,
            (None, None) => panic!("nothing to wait for"),
            (Some(_), None) => unreachable!("an end without a wake is the first case"),
        }
    }
    let times = driver.log.iter().map(|ticket| driver.seen[ticket].went[0]);
    (times.clone().max().unwrap_or(0), times.filter(|time| *time <= horizon).count())
}

#[test]
fn throughput_is_at_least_95_percent_of_the_exhaustive_optimum() {
    let allowed = Allowed { lines: 2, messages: (3, 1_000), ..Allowed::TIGHT };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let cases = prop::collection::vec(class(), 3..=6);
    let (mut best_total, mut ours_total, mut sent, mut asked, mut worst) = (0, 0, 0, 0, 1.0_f64);
    for _ in 0..400 {
        let mut classes = cases.new_tree(&mut runner).unwrap().current();
        let least = best(&allowed, &mut classes.clone(), 0);
        let (ours, by_then) = scheduled(&allowed, &classes, least);
        assert!(ours >= least, "better than the best: {classes:?}");
        (best_total, ours_total) = (best_total + least, ours_total + ours);
        (sent, asked) = (sent + by_then, asked + classes.len());
        worst = worst.min(by_then as f64 / classes.len() as f64);
        classes.clear();
    }
    let (time, share) = (best_total as f64 / ours_total as f64, sent as f64 / asked as f64);
    println!("time {time:.4}, sent by then {share:.4}, worst {worst:.2}");
    assert!(time >= 0.95, "the best needs {time:.3} of the time");
    assert!(share >= 0.95, "{share:.3} were sent when the best was through");
}
