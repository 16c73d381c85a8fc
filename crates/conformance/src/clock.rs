//! The promises of [`Clock`].

use futures::future::{FutureExt, poll_immediate};
use futures::stream::{FuturesUnordered, StreamExt};
use std::future::Future;
use std::pin::pin;
use std::time::Duration;
use tradeport_kernel::{Clock, Timestamp};

/// What a team supplies to test its clock.
pub trait Harness: Sized {
    /// The clock under test.
    type Clock: Clock + ?Sized;
    /// The shortest time worth waiting for: a few milliseconds on a real clock, anything on a virtual one.
    const STEP: Duration;

    /// A clock of its own for each case.
    fn fresh() -> impl Future<Output = Self>;
    /// The clock.
    fn clock(&self) -> &Self::Clock;
    /// Lets so much time pass: a virtual clock is moved, a real one waited for.
    fn pass(&self, by: Duration) -> impl Future<Output = ()>;
}

crate::cases::port_cases! { $
    clock, clock_conformance:
    time_never_goes_back_between_two_calls [] = "time never goes back between two calls",
    a_deadline_in_the_past_returns_at_once [] = "a deadline in the past returns at once",
    it_never_returns_before_the_deadline [] = "it never returns before the deadline",
    sleepers_wake_in_the_order_of_their_deadlines [] = "sleepers wake in the order of their deadlines",
}

/// Promise: time never goes back between two calls.
pub async fn time_never_goes_back_between_two_calls<H: Harness>() {
    let harness = H::fresh().await;
    let mut before = harness.clock().now();
    for round in 0..50_u32 {
        if round % 10 == 0 {
            harness.pass(H::STEP).await;
        }
        let now = harness.clock().now();
        assert!(now >= before, "the clock went back from {before} to {now}");
        before = now;
    }
}

/// Promise: a deadline in the past returns at once.
pub async fn a_deadline_in_the_past_returns_at_once<H: Harness>() {
    let harness = H::fresh().await;
    harness.pass(H::STEP).await;
    let now = harness.clock().now();
    for deadline in [now, now.before(H::STEP), Timestamp::MIN] {
        let slept = harness.clock().sleep_until(deadline).now_or_never();
        assert!(slept.is_some(), "at {now}, the clock waits for {deadline}, which is over");
    }
}

/// Promise: it never returns before the deadline.
pub async fn it_never_returns_before_the_deadline<H: Harness>() {
    let harness = H::fresh().await;
    let deadline = harness.clock().now().after(H::STEP * 4);
    let mut sleep = pin!(harness.clock().sleep_until(deadline));
    for _ in 0..1_000 {
        let woken = poll_immediate(&mut sleep).await.is_some();
        let now = harness.clock().now();
        if woken {
            assert!(now >= deadline, "woken at {now}, before the deadline {deadline}");
            return;
        }
        harness.pass(H::STEP).await;
    }
    assert!(harness.clock().now() < deadline, "the deadline {deadline} is over, and the sleeper sleeps on");
}

/// Promise: sleepers wake in the order of their deadlines.
pub async fn sleepers_wake_in_the_order_of_their_deadlines<H: Harness>() {
    const STEPS: [u32; 5] = [4, 1, 5, 2, 3];
    let harness = H::fresh().await;
    let start = harness.clock().now();
    let mut sleepers: FuturesUnordered<_> = STEPS
        .into_iter()
        .map(|steps| {
            let sleep = harness.clock().sleep_until(start.after(H::STEP * steps));
            sleep.map(move |()| steps)
        })
        .collect();
    let early = poll_immediate(sleepers.next()).await.flatten();
    assert_eq!(early, None, "a sleeper woke before any time had passed");
    harness.pass(H::STEP * 6).await;
    let mut woken = Vec::new();
    for _ in 0..1_000 {
        while let Some(Some(steps)) = sleepers.next().now_or_never() {
            woken.push(steps);
        }
        if woken.len() == STEPS.len() {
            break;
        }
        harness.pass(H::STEP).await;
    }
    assert_eq!(woken, [1, 2, 3, 4, 5], "sleepers woke in another order than that of their deadlines");
}
