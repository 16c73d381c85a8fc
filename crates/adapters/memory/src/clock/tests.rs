use super::*;
use futures::FutureExt;
use futures::executor::block_on;
use proptest::prelude::*;

#[test]
fn a_moment_that_is_over_changes_nothing() {
    let clock = VirtualClock::new(Timestamp::from_seconds(10));
    clock.advance_to(Timestamp::from_seconds(9));
    assert_eq!(clock.now(), Timestamp::from_seconds(10));
    clock.advance(Duration::MAX);
    clock.advance(Duration::MAX);
    assert_eq!(clock.now(), Timestamp::MAX);
}

#[test]
fn whoever_waits_for_the_end_of_time_is_woken_there() {
    let clock = VirtualClock::new(Timestamp::EPOCH);
    let mut sleep = clock.sleep_until(Timestamp::MAX);
    assert!((&mut sleep).now_or_never().is_none());
    clock.advance_to(Timestamp::MAX);
    assert!(sleep.now_or_never().is_some());
}

#[test]
fn a_sleeper_that_gives_up_is_forgotten() {
    let clock = VirtualClock::new(Timestamp::EPOCH);
    let [early, late] = [1, 2].map(Timestamp::from_seconds);
    let mut first = clock.sleep_until(early);
    let mut second = clock.sleep_until(late);
    assert!((&mut first).now_or_never().is_none() && (&mut second).now_or_never().is_none());
    assert_eq!(clock.next_deadline(), Some(early));
    drop(first);
    assert_eq!(clock.next_deadline(), Some(late));
    drop(second);
    assert_eq!(clock.next_deadline(), None);
}

#[test]
fn stepping_by_deadlines_shows_each_sleeper_its_own() {
    let clock = VirtualClock::new(Timestamp::EPOCH);
    let deadlines = [30, 10, 20, 20].map(Timestamp::from_seconds);
    let sleepers = futures::future::join_all(deadlines.map(async |deadline| {
        clock.sleep_until(deadline).await;
        clock.now()
    }));
    let driver = futures::future::poll_fn(|context| match clock.next_deadline() {
        Some(deadline) => {
            clock.advance_to(deadline);
            context.waker().wake_by_ref();
            Poll::Pending
        }
        None => Poll::Ready(()),
    });
    let (seen, ()) = block_on(futures::future::join(sleepers, driver));
    assert_eq!(seen, deadlines);
}

proptest! {
    #[test]
    fn a_sleeper_is_awake_exactly_when_its_deadline_is_reached(
        deadlines in prop::collection::vec(-50_i64..50, 1..30),
        steps in prop::collection::vec(0_u64..20, 1..20),
    ) {
        let clock = VirtualClock::new(Timestamp::from_nanos(-25));
        let mut sleepers: Vec<_> = deadlines
            .iter()
            .map(|deadline| (*deadline, clock.sleep_until(Timestamp::from_nanos(*deadline)).shared()))
            .collect();
        for step in steps {
            clock.advance(Duration::from_nanos(step));
            let now = clock.now().nanos();
            for (deadline, sleep) in &mut sleepers {
                prop_assert_eq!(sleep.clone().now_or_never().is_some(), *deadline <= now);
            }
            let asleep = deadlines.iter().filter(|deadline| **deadline > now).min();
            prop_assert_eq!(clock.next_deadline().map(Timestamp::nanos), asleep.copied());
        }
    }
}
