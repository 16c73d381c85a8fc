//! How long orders wait while the past is loaded as fast as it may be.

use crate::checker::Allowed;
use crate::driver::{Driver, Fate, large, limits, order, request};
use tradeport_connection::pacing::{Class, Limits, Priority, QueueSettings};

/// A small generator, so that each run is the same: splitmix64, https://prng.di.unimi.it/splitmix64.c.
struct Random(u64);

impl Random {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % below
    }
}

struct Waits {
    orders: Vec<i64>,
    cancels: Vec<i64>,
    history: usize,
}

/// Five minutes: three callers load history without end, one subscribes and unsubscribes, and orders come in brackets of
/// three on average every `every` milliseconds, some of them cancelled.
fn under_a_back_fill(limits: Limits, seed: u64, every: u64) -> Waits {
    let queues = QueueSettings { of_a_caller: 100, ..QueueSettings::default() };
    let mut driver = Driver::with(limits, queues);
    let connection = driver.connect();
    let mut random = Random(seed);
    let mut number = 0;
    let mut next_order = 5_000;
    while driver.now < 300_000 {
        for caller in 0..3 {
            for _ in 0..3 {
                number += 1;
                driver.ask(request(connection, caller, large(number))).ok();
            }
        }
        if random.next(5) == 0 {
            driver.ask(request(connection, 3, Class::MarketData)).ok();
        }
        while next_order <= driver.now {
            for _ in 0..3 {
                number += 1;
                driver.ask(request(connection, 4, order(number))).unwrap();
            }
            if random.next(3) == 0 {
                driver.ask(request(connection, 4, Class::CancelOrder)).unwrap();
            }
            next_order += i64::try_from(1 + random.next(2 * every)).unwrap();
        }
        driver.run_to((driver.now + 50).min(next_order.max(driver.now + 1)));
        for ticket in driver.with_fate(Fate::Went) {
            driver.done(ticket);
        }
        forget_the_past(&mut driver);
    }
    let waits = |priority| {
        let of = driver
            .seen
            .values()
            .filter(move |seen| seen.request.priority() == priority && !seen.went.is_empty());
        let mut waits: Vec<i64> = of.map(|seen| seen.went[0] - seen.asked).collect();
        waits.sort_unstable();
        waits
    };
    let told = driver.budget.gauges(crate::driver::at(driver.now)).counters;
    let (orders, cancels) = (waits(Priority::Order), waits(Priority::Cancel));
    let history = usize::try_from(told.sent).unwrap() - orders.len() - cancels.len();
    Waits { orders, cancels, history }
}

/// What is over and was no order is of no more interest, and there is much of it.
fn forget_the_past(driver: &mut Driver) {
    driver.seen.retain(|_, seen| seen.fate != Fate::Ended || seen.request.priority() <= Priority::Order);
    driver.log.clear();
}

fn p99(sorted: &[i64]) -> i64 {
    sorted[sorted.len() * 99 / 100]
}

#[test]
fn an_orders_queueing_p99_is_below_50_ms_under_a_full_back_fill() {
    // The careful table lets no more than ten orders go in a second, by itself.
    let careful = (1, 3_000, Limits::conservative(100));
    let standard = [(2, 3_000), (3, 1_000), (4, 400)].map(|(seed, every)| (seed, every, Limits::default()));
    let sharp = (6, 1_000, limits(&Allowed::STANDARD, 0));
    for (seed, every, limits) in standard.into_iter().chain([careful, sharp]) {
        let waits = under_a_back_fill(limits, seed, every);
        let (orders, cancels) = (p99(&waits.orders), p99(&waits.cancels));
        println!(
            "{} orders p99 {orders} ms, cancels {cancels} ms, {} others",
            waits.orders.len(),
            waits.history
        );
        assert!(waits.orders.len() > 200 && waits.cancels.len() > 20);
        assert!(orders < 50, "every {every} ms: orders wait {orders} ms");
        assert!(cancels < 50, "every {every} ms: cancels wait {cancels} ms");
    }
}

#[test]
fn the_back_fill_uses_what_is_left() {
    let waits = under_a_back_fill(Limits::default(), 5, 3_000);
    // 35 in 1.05 seconds are for what is less urgent than an order.
    let best = 300_000 / 1_050 * 35;
    assert!(waits.history * 100 >= best * 95, "{} of {best}", waits.history);
}
