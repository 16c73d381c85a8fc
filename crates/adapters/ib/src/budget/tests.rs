use super::*;
use futures::FutureExt;
use futures::future::{BoxFuture, select_all};
use proptest::prelude::*;
use tradeport_memory::VirtualClock;

fn budget(per_second: usize) -> (Arc<Budget>, VirtualClock) {
    let clock = VirtualClock::new(Timestamp::from_seconds(1_000_000));
    (Arc::new(Budget::new(Arc::new(clock.clone()), per_second)), clock)
}

/// Lets everybody who waits go, as time passes; who went when.
fn all_go(budget: &Arc<Budget>, clock: &VirtualClock, ranks: &[Rank]) -> Vec<(usize, Timestamp)> {
    let mut waiting: Vec<BoxFuture<'static, usize>> = Vec::new();
    for (at, rank) in ranks.iter().copied().enumerate() {
        let budget = Arc::clone(budget);
        waiting.push(
            async move {
                budget.take_as(rank).await;
                at
            }
            .boxed(),
        );
    }
    let mut went = Vec::new();
    while !waiting.is_empty() {
        match select_all(&mut waiting).now_or_never() {
            Some((at, place, _)) => {
                drop(waiting.remove(place));
                went.push((at, clock.now()));
            }
            None => {
                let next = clock.next_deadline().expect("somebody waits for the clock");
                clock.advance_to(next);
            }
        }
    }
    went
}

/// The most that arrive within any second.
fn busiest(mut arrivals: Vec<Timestamp>) -> usize {
    arrivals.sort();
    let within = |from: &Timestamp| {
        arrivals.iter().filter(|at| *at >= from && at.since(*from) < Duration::from_secs(1)).count()
    };
    arrivals.iter().map(within).max().unwrap_or(0)
}

#[test]
fn a_lone_message_goes_at_once() {
    let (budget, clock) = budget(45);
    for _ in 0..10 {
        assert!(budget.take().now_or_never().is_some());
        clock.advance(Duration::from_millis(23));
    }
    assert_eq!(budget.sent(), 10);
}

#[test]
fn after_a_silence_three_go_at_once_and_the_rest_evenly() {
    let (budget, clock) = budget(45);
    let start = clock.now();
    let went = all_go(&budget, &clock, &[Rank::Other; 48]);
    let after: Vec<Duration> = went.iter().map(|(_, at)| at.since(start)).collect();
    assert!(after[..3].iter().all(Duration::is_zero) && !after[3].is_zero(), "{after:?}");
    let last = after[47];
    assert!(last >= Duration::from_millis(999) && last <= Duration::from_millis(1_001), "{last:?}");
    assert_eq!(
        went.iter().map(|(at, _)| *at).collect::<Vec<_>>(),
        (0..48).collect::<Vec<_>>(),
        "in their order"
    );
}

#[test]
fn a_cancel_overtakes_whoever_waits() {
    let (budget, clock) = budget(45);
    let mut ranks = vec![Rank::Other; 20];
    ranks.extend([Rank::Cancel, Rank::Cancel]);
    let went: Vec<usize> = all_go(&budget, &clock, &ranks).into_iter().map(|(at, _)| at).collect();
    assert_eq!(went[..5], [0, 1, 2, 20, 21]);
    assert_eq!(went[5..], (3..20).collect::<Vec<_>>());
}

#[test]
fn nobody_goes_at_once_past_somebody_who_waits() {
    let (budget, clock) = budget(45);
    assert!((0..3).all(|_| budget.try_take(Rank::Other)));
    let mut first = budget.take().boxed();
    assert!((&mut first).now_or_never().is_none());
    clock.advance(Duration::from_secs(1));
    assert!(!budget.try_take(Rank::Other), "somebody waits");
    assert!(budget.try_take(Rank::Cancel), "cancels go first");
    assert!(first.now_or_never().is_some());
    assert!(budget.try_take(Rank::Other));
}

#[test]
fn whoever_stops_waiting_leaves_no_gap() {
    let (budget, clock) = budget(45);
    assert!((0..3).all(|_| budget.try_take(Rank::Other)));
    let mut gone: Vec<_> = (0..50).map(|_| budget.take().boxed()).collect();
    for waits in &mut gone {
        assert!(waits.now_or_never().is_none());
    }
    drop(gone);
    clock.advance(Duration::from_millis(23));
    assert!(budget.try_take(Rank::Other));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is sent when, and however the way to TWS stretches and squeezes it: TWS never counts more than 50.
    #[test]
    fn no_second_brings_tws_more_than_fifty(
        bursts in prop::collection::vec((0_u64..1_500, prop::collection::vec(any::<bool>(), 1..70)), 1..8),
        delays in prop::collection::vec(0_u64..40, 1..97),
    ) {
        let (budget, clock) = budget(45);
        let mut arrivals: Vec<Timestamp> = Vec::new();
        for (silence, cancels) in bursts {
            clock.advance(Duration::from_millis(silence));
            let ranks: Vec<Rank> = cancels.iter().map(|it| if *it { Rank::Cancel } else { Rank::Other }).collect();
            for (_, at) in all_go(&budget, &clock, &ranks) {
                let delay = Duration::from_millis(delays[arrivals.len() % delays.len()]);
                // What was sent later does not arrive before.
                let arrival = at.after(delay).max(arrivals.last().copied().unwrap_or(at));
                arrivals.push(arrival);
            }
        }
        let most = busiest(arrivals);
        prop_assert!(most <= 50, "{most} within a second");
    }
}
