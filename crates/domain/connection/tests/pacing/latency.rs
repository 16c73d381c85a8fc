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

/// How orders come.
#[derive(Clone, Copy, Debug)]
enum Rhythm {
    /// So many together, at random moments, on average so many times in a hundred seconds: a Poisson process.
    AtRandom { together: u64, per_hundred_seconds: u64 },
    /// So many together, every so many milliseconds.
    Regular { together: u64, every: i64 },
}

impl Rhythm {
    const fn together(self) -> u64 {
        match self {
            Self::AtRandom { together, .. } | Self::Regular { together, .. } => together,
        }
    }

    fn pause(self, random: &mut Random) -> i64 {
        match self {
            Self::AtRandom { per_hundred_seconds, .. } => {
                (1..).find(|_| random.next(100_000) < per_hundred_seconds).unwrap_or(1)
            }
            Self::Regular { every, .. } => every,
        }
    }
}

const DURATION: i64 = 150_000;

/// Minutes: three callers load history without end, one subscribes and unsubscribes, and orders come, some of them to be
/// cancelled.
fn under_a_back_fill(limits: Limits, seed: u64, rhythm: Rhythm) -> Waits {
    let queues = QueueSettings { of_a_caller: 100, ..QueueSettings::default() };
    let mut driver = Driver::with(limits, queues);
    let connection = driver.connect();
    let mut random = Random(seed);
    let mut number = 0;
    let mut next_order = 5_000;
    let mut waits = Waits { orders: Vec::new(), cancels: Vec::new(), history: 0 };
    while driver.now < DURATION {
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
            for _ in 0..rhythm.together() {
                number += 1;
                driver.ask(request(connection, 4, order(number))).unwrap();
            }
            if random.next(10) == 0 {
                driver.ask(request(connection, 4, Class::CancelOrder)).unwrap();
            }
            next_order += rhythm.pause(&mut random);
        }
        driver.run_to((driver.now + 50).min(next_order.max(driver.now + 1)));
        for ticket in driver.with_fate(Fate::Went) {
            driver.done(ticket);
        }
        waits.take(&mut driver);
    }
    waits.orders.sort_unstable();
    waits.cancels.sort_unstable();
    let told = driver.budget.gauges(crate::driver::at(driver.now)).counters;
    waits.history = usize::try_from(told.sent).unwrap() - waits.orders.len() - waits.cancels.len();
    waits
}

impl Waits {
    /// Takes down how long everything waited that is over, and forgets it: there is much of it.
    fn take(&mut self, driver: &mut Driver) {
        for seen in driver.seen.values().filter(|seen| seen.fate == Fate::Ended) {
            let Some(went) = seen.went.first() else { continue };
            match seen.request.priority() {
                Priority::Order => self.orders.push(went - seen.asked),
                Priority::Cancel => self.cancels.push(went - seen.asked),
                _ => {}
            }
        }
        driver.seen.retain(|_, seen| seen.fate != Fate::Ended);
        driver.log.clear();
    }
}

fn p99(sorted: &[i64]) -> i64 {
    sorted.get(sorted.len() * 99 / 100).copied().unwrap_or(0)
}

/// What the limits can carry: 43 orders in 1.05 seconds leave room for eleven brackets besides one's own, and more come in
/// that time less than once in a hundred.
#[test]
fn an_orders_queueing_p99_is_below_50_ms_under_a_full_back_fill() {
    let at_random = |together, per_hundred_seconds| Rhythm::AtRandom { together, per_hundred_seconds };
    let standard = [
        at_random(1, 1_000),
        at_random(1, 2_000),
        at_random(3, 100),
        at_random(3, 500),
        Rhythm::Regular { together: 3, every: 200 },
        Rhythm::Regular { together: 6, every: 500 },
    ];
    // The careful table lets no more than ten orders go in 1.2 seconds, by itself.
    let careful = [at_random(1, 200), at_random(3, 50)];
    let sharp = [at_random(3, 500)];
    let tables = [
        (Limits::default(), &standard[..]),
        (Limits::conservative(100), &careful),
        (limits(&Allowed::STANDARD, 0), &sharp),
    ];
    for (limits, rhythms) in tables {
        for (seed, rhythm) in (2..).zip(rhythms) {
            let waits = under_a_back_fill(limits.clone(), seed, *rhythm);
            let (orders, cancels) = (p99(&waits.orders), p99(&waits.cancels));
            println!(
                "{rhythm:?}: {} orders p99 {orders} ms, cancels {cancels} ms, {} others",
                waits.orders.len(),
                waits.history
            );
            assert!(waits.orders.len() > 150 && !waits.cancels.is_empty());
            assert!(orders < 50, "{rhythm:?}: orders wait {orders} ms");
            assert!(cancels < 50, "{rhythm:?}: cancels wait {cancels} ms");
        }
    }
}

#[test]
fn the_back_fill_uses_what_is_left() {
    // 35 in 1.05 seconds are for what is less urgent than an order.
    let best = usize::try_from(DURATION).unwrap() / 1_050 * 35;
    let rare = Rhythm::AtRandom { together: 3, per_hundred_seconds: 33 };
    let waits = under_a_back_fill(Limits::default(), 5, rare);
    assert!(waits.history * 100 >= best * 95, "{} of {best}", waits.history);
    // Ten orders a second take their own room, and half as much again is kept for the next ones.
    let many = Rhythm::AtRandom { together: 1, per_hundred_seconds: 1_000 };
    let waits = under_a_back_fill(Limits::default(), 6, many);
    assert!(waits.history * 3 >= best, "{} of {best}", waits.history);
}
