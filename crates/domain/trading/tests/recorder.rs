//! The recorder's laws, on virtual time.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use futures::channel::mpsc;
use futures::executor::{LocalPool, block_on};
use futures::task::LocalSpawnExt;
use futures::{FutureExt, StreamExt};
use std::sync::Arc;
use std::time::Duration;
use tradeport_conformance::mocks::MockTickStore;
use tradeport_kernel::{Clock, ConnectionEpoch, StoreError, Symbol, TimeRange, Timestamp};
use tradeport_market_data::{FeedEvent, Gap, GapCause, Level, Quote, Subscription, TickQuery, TickStore};
use tradeport_memory::{MemoryTicks, VirtualClock};
use tradeport_trading::{Ended, Recorder, RecorderSettings};

fn apple() -> Symbol {
    Symbol::new("AAPL").unwrap()
}

fn quote(second: i64, bid: &str) -> FeedEvent {
    let bid = Level::new(bid.parse().unwrap(), None);
    let ask = Level::new("1000".parse().unwrap(), None);
    FeedEvent::Quote(Quote::new(apple(), Timestamp::from_seconds(second), Some(bid), Some(ask)).unwrap())
}

fn feed(events: Vec<FeedEvent>) -> Subscription {
    Subscription { epoch: ConnectionEpoch::new(1), events: futures::stream::iter(events).boxed() }
}

fn recorder(store: Arc<dyn TickStore>, clock: &VirtualClock) -> Recorder {
    Recorder::new(
        store,
        Arc::new(clock.clone()),
        RecorderSettings { batch: 10, ..RecorderSettings::default() },
    )
}

fn never() -> futures::future::Pending<()> {
    futures::future::pending()
}

#[test]
fn every_quote_is_stored_in_order_whatever_the_batches() {
    for count in [0, 1, 9, 10, 11, 20, 1_234] {
        let (store, clock) = (MemoryTicks::default(), VirtualClock::new(Timestamp::from_seconds(5_000)));
        let events = (0..count).map(|second| quote(second, "10")).collect();
        let report = block_on(recorder(Arc::new(store.clone()), &clock).run(feed(events), never())).unwrap();
        assert_eq!((report.stored, report.ended), (u64::try_from(count).unwrap(), Ended::FeedEnded));
        let query = TickQuery { symbol: apple(), range: TimeRange::ALL, after: None, limit: usize::MAX };
        let kept = block_on(store.read(&query)).unwrap();
        let moments: Vec<_> = kept.iter().map(|kept| kept.quote.at()).collect();
        assert_eq!(moments, (0..count).map(Timestamp::from_seconds).collect::<Vec<_>>());
    }
}

#[test]
fn impossible_quotes_are_counted_and_not_stored() {
    let (store, clock) = (MemoryTicks::default(), VirtualClock::new(Timestamp::from_seconds(10)));
    let events = vec![quote(1, "10"), quote(2, "-1"), quote(3, "2000"), quote(1_000, "10")];
    let report = block_on(recorder(Arc::new(store), &clock).run(feed(events), never())).unwrap();
    assert_eq!((report.stored, report.marked, report.refused), (2, 1, 2));
}

#[test]
fn dropped_quotes_and_a_lost_epoch_are_noted() {
    let (store, clock) = (MemoryTicks::default(), VirtualClock::new(Timestamp::from_seconds(10)));
    let range = TimeRange::new(Timestamp::from_seconds(1), Timestamp::from_seconds(2));
    let gap = Gap { symbol: apple(), range, cause: GapCause::Dropped { count: 7 } };
    let events = vec![
        quote(1, "10"),
        FeedEvent::Gap(gap.clone()),
        FeedEvent::EpochLost(ConnectionEpoch::new(1)),
        quote(2, "10"),
    ];
    let report = block_on(recorder(Arc::new(store.clone()), &clock).run(feed(events), never())).unwrap();
    assert_eq!((report.stored, report.dropped, report.gaps, report.ended), (1, 7, 1, Ended::EpochLost));
    assert_eq!(block_on(store.gaps(apple())).unwrap(), [gap]);
}

/// A recording that runs beside the test, on a feed that the test speaks into.
struct Running {
    pool: LocalPool,
    feed: mpsc::UnboundedSender<FeedEvent>,
    stop: Option<futures::channel::oneshot::Sender<()>>,
    report: futures::future::RemoteHandle<Ended>,
    store: MemoryTicks,
    clock: VirtualClock,
}

fn running() -> Running {
    let (store, clock) = (MemoryTicks::default(), VirtualClock::new(Timestamp::from_seconds(10)));
    let (feed, events) = mpsc::unbounded();
    let (stop, stopped) = futures::channel::oneshot::channel();
    let recorder = recorder(Arc::new(store.clone()), &clock);
    let pool = LocalPool::new();
    let run = async move {
        let subscription = Subscription { epoch: ConnectionEpoch::new(1), events: events.boxed() };
        recorder.run(subscription, stopped.map(drop)).await.unwrap().ended
    };
    let report = pool.spawner().spawn_local_with_handle(run).unwrap();
    Running { pool, feed, stop: Some(stop), report, store, clock }
}

impl Running {
    fn stored(&mut self) -> u64 {
        self.pool.run_until_stalled();
        block_on(self.store.count(apple())).unwrap()
    }
}

#[test]
fn a_batch_that_never_fills_is_written_after_its_linger() {
    let mut running = running();
    running.feed.unbounded_send(quote(1, "10")).unwrap();
    assert_eq!(running.stored(), 0);
    running.clock.advance(Duration::from_millis(99));
    assert_eq!(running.stored(), 0);
    running.clock.advance(Duration::from_millis(1));
    assert_eq!(running.stored(), 1);
    for _ in 0..10 {
        running.feed.unbounded_send(quote(2, "10")).unwrap();
    }
    assert_eq!(running.stored(), 11, "a full batch does not wait");
}

#[test]
fn stopping_flushes_what_has_arrived() {
    let mut running = running();
    for _ in 0..13 {
        running.feed.unbounded_send(quote(1, "10")).unwrap();
    }
    running.pool.run_until_stalled();
    running.stop.take().unwrap().send(()).unwrap();
    assert_eq!(running.stored(), 13);
    assert_eq!(running.pool.run_until(running.report), Ended::Stopped);
}

#[test]
fn recording_ends_by_itself_when_the_time_is_up() {
    let mut running = running();
    running.feed.unbounded_send(quote(1, "10")).unwrap();
    running.pool.run_until_stalled();
    running.clock.advance(Duration::from_secs(23_400));
    assert_eq!(running.stored(), 1);
    assert_eq!(running.pool.run_until(running.report), Ended::TimeUp);
}

#[test]
fn a_store_that_fails_stops_the_recording_and_says_what_is_lost() {
    let clock = VirtualClock::new(Timestamp::from_seconds(5_000));
    let mut store = MockTickStore::new();
    let mut room = 2;
    store.expect_append().returning(move |_| {
        room -= 1;
        if room >= 0 { Ok(()) } else { Err(StoreError::Full("no space left on device".into())) }
    });
    store
        .expect_note_gap()
        .withf(|gap| gap.cause == GapCause::StoreFailed { count: 10 })
        .times(1)
        .returning(|_| Ok(()));
    let events = (0..35).map(|second| quote(second, "10")).collect();
    let error = block_on(recorder(Arc::new(store), &clock).run(feed(events), never())).unwrap_err();
    assert_eq!((error.report.stored, error.lost), (20, 10));
    assert!(matches!(error.source, StoreError::Full(_)));
    assert_eq!(error.to_string(), "recording stopped: 20 quotes are stored, 10 are not");
    assert_eq!(clock.now(), Timestamp::from_seconds(5_000));
}
