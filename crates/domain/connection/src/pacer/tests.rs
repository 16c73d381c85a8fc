//! Futures that wait for the budget, in virtual time.

use super::*;
use crate::NoticeClass;
use crate::pacing::{
    CallerId, Class, Counts, HistoryPace, Limits, QueueSettings, RequestKey, RetrySettings, Rule,
};
use futures::FutureExt;
use futures::executor::LocalPool;
use futures::task::LocalSpawnExt;
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;
use tradeport_memory::VirtualClock;

struct Stage {
    clock: VirtualClock,
    pacer: Pacer,
    connection: ConnectionId,
    pool: LocalPool,
}

fn stage() -> Stage {
    let limits = Limits::default().with(Rule::Lines, 1, None).expect("a good number");
    let budget = PacingBudget::new(limits, QueueSettings::default(), RetrySettings::default());
    let clock = VirtualClock::new(Timestamp::EPOCH);
    let pacer = Pacer::new(budget, Arc::new(clock.clone()));
    let connection = pacer.connect().expect("the first one");
    let pool = LocalPool::new();
    pool.spawner().spawn_local(pacer.driver()).expect("the pool runs");
    Stage { clock, pacer, connection, pool }
}

impl Stage {
    fn request(&self, class: Class) -> Request {
        Request::new(self.connection, CallerId::new(1), class)
    }

    /// Lets time pass, and everybody run at each moment that somebody waits for.
    fn run_for(&mut self, by: Duration) {
        let end = self.clock.now().after(by);
        self.pool.run_until_stalled();
        while let Some(next) = self.clock.next_deadline().filter(|next| *next <= end) {
            self.clock.advance_to(next);
            self.pool.run_until_stalled();
        }
        self.clock.advance_to(end);
        self.pool.run_until_stalled();
    }

    /// Asks in a task of its own, and keeps what it gets.
    fn asks(&self, request: Request) -> Rc<RefCell<Option<Result<Permit, NotPaced>>>> {
        let (pacer, got) = (self.pacer.clone(), Rc::new(RefCell::new(None)));
        let kept = Rc::clone(&got);
        let task = async move {
            let permit = pacer.ask(request).await;
            kept.borrow_mut().replace(permit);
        };
        self.pool.spawner().spawn_local(task).expect("the pool runs");
        got
    }
}

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn what_may_go_at_once_needs_no_driver() {
    let stage = stage();
    let permit = stage.pacer.ask(stage.request(Class::Message)).now_or_never();
    permit.expect("at once").expect("it may go").done();
    assert_eq!(stage.pacer.gauges().open, 0);
    assert_eq!(stage.pacer.gauges().counters.done, 1);
}

#[test]
fn those_that_wait_go_one_after_the_other_as_time_passes() {
    let mut stage = stage();
    let all: Vec<_> = (0..100).map(|_| stage.asks(stage.request(Class::Message))).collect();
    let went = || all.iter().filter(|one| matches!(&*one.borrow(), Some(Ok(_)))).count();
    stage.run_for(Duration::ZERO);
    assert_eq!(went(), 4, "a slice");
    stage.run_for(SECOND);
    assert_eq!(went(), 35, "what is not kept for orders");
    stage.run_for(3 * SECOND);
    assert_eq!(went(), 100);
}

#[test]
fn an_order_passes_by_all_of_them() {
    let mut stage = stage();
    let all: Vec<_> = (0..100).map(|_| stage.asks(stage.request(Class::Message))).collect();
    stage.run_for(SECOND);
    let cancel = stage.pacer.ask(stage.request(Class::CancelOrder)).now_or_never();
    assert!(cancel.expect("at once").is_ok());
    assert_eq!(all.len(), 100);
}

#[test]
fn dropping_the_future_gives_the_request_up() {
    let mut stage = stage();
    let line =
        stage.pacer.ask(stage.request(Class::MarketData)).now_or_never().expect("at once").expect("free");
    let mut waits = Box::pin(stage.pacer.ask(stage.request(Class::MarketData)));
    assert!(waits.as_mut().now_or_never().is_none());
    assert_eq!(stage.pacer.gauges().open, 2);
    drop(waits);
    assert_eq!(stage.pacer.gauges().open, 1);
    let next = stage.asks(stage.request(Class::MarketData));
    stage.run_for(SECOND);
    assert!(next.borrow().is_none());
    drop(line);
    stage.run_for(SECOND);
    assert!(matches!(&*next.borrow(), Some(Ok(_))), "dropping a permit frees its line");
}

#[test]
fn what_cannot_go_in_time_or_on_its_connection_says_so() {
    let mut stage = stage();
    let _line = stage.pacer.ask(stage.request(Class::MarketData)).now_or_never().expect("at once");
    let by = stage.clock.now().after(SECOND);
    let late = stage.asks(stage.request(Class::MarketData).by(by));
    let lost = stage.asks(stage.request(Class::MarketData));
    stage.run_for(2 * SECOND);
    assert!(matches!(&*late.borrow(), Some(Err(NotPaced::TimedOut))));
    stage.pacer.disconnect(stage.connection);
    stage.run_for(SECOND);
    assert!(matches!(&*lost.borrow(), Some(Err(NotPaced::Lost))));
    assert_eq!(stage.pacer.gauges().open, 0);
    let refused = stage.pacer.ask(stage.request(Class::Message)).now_or_never().expect("at once");
    assert!(matches!(refused, Err(NotPaced::Refused(Refused::NoConnection))));
}

#[test]
fn what_was_too_fast_goes_again_under_the_same_permit() {
    let mut stage = stage();
    let key = RequestKey::new(1);
    let class = Class::History { pace: HistoryPace::Small, series: key, whole: key, counts: Counts::Once };
    let permit = stage.pacer.ask(stage.request(class)).now_or_never().expect("at once").expect("it may go");
    let again = Rc::new(RefCell::new(None));
    let (kept, clock) = (Rc::clone(&again), stage.clock.clone());
    let task = async move {
        let after = permit.failed(NoticeClass::Throttle).await;
        kept.borrow_mut().replace((clock.now(), after));
    };
    stage.pool.spawner().spawn_local(task).expect("the pool runs");
    stage.run_for(60 * SECOND);
    let (at, after) = again.borrow_mut().take().expect("it went again");
    assert_eq!(at, Timestamp::EPOCH.after(Duration::from_millis(15_050)), "the very same keeps its distance");
    let Ok(AfterFailure::Again(permit)) = after else { panic!("{after:?}") };
    let over = permit.failed(NoticeClass::Refused).now_or_never().expect("at once");
    assert!(matches!(over, Ok(AfterFailure::Over)));
    assert_eq!(stage.pacer.gauges().open, 0);
}

#[test]
fn the_driver_ends_with_the_last_pacer() {
    let Stage { pacer, mut pool, clock, .. } = stage();
    pool.run_until_stalled();
    drop(pacer);
    // Returns only because the driver is over.
    pool.run();
    assert_eq!(clock.next_deadline(), None);
}

#[test]
fn of_two_drivers_one_works_and_the_other_takes_over() {
    let mut stage = stage();
    let clock: Arc<dyn Clock> = Arc::new(stage.clock.clone());
    let budget = PacingBudget::new(Limits::default(), QueueSettings::default(), RetrySettings::default());
    stage.pacer = Pacer::new(budget, clock);
    stage.connection = stage.pacer.connect().expect("the first one");
    let (first, second) = (stage.pacer.driver(), stage.pacer.driver());
    let mut first = Box::pin(first);
    assert!(first.as_mut().now_or_never().is_none());
    stage.pool.spawner().spawn_local(second).expect("the pool runs");
    stage.run_for(SECOND);
    drop(first);
    let all: Vec<_> = (0..100).map(|_| stage.asks(stage.request(Class::Message))).collect();
    stage.run_for(10 * SECOND);
    assert!(all.iter().all(|one| matches!(&*one.borrow(), Some(Ok(_)))));
}

#[test]
fn what_stands_in_the_way_is_named() {
    let stage = stage();
    let line = stage.request(Class::MarketData);
    assert_eq!(stage.pacer.obstacle(&line).expect("it is connected"), None);
    let _permit = stage.pacer.ask(line).now_or_never().expect("at once");
    let obstacle = stage.pacer.obstacle(&line).expect("it is connected").expect("there is one line");
    assert_eq!((obstacle.rule, obstacle.used, obstacle.most), (Rule::Lines, 1, 1));
    assert_eq!(
        obstacle.to_string(),
        "1 of 1 market-data lines are in use: there is room when one of them ends"
    );
    let key = RequestKey::new(1);
    let class = Class::TickByTick { instrument: key };
    let _ticks = stage.pacer.ask(stage.request(class)).now_or_never().expect("at once");
    let again = stage.pacer.obstacle(&stage.request(class)).expect("it is connected").expect("too soon");
    assert_eq!((again.rule, again.used, again.most), (Rule::TickByTickAgain, 1, 1));
    assert!(again.to_string().ends_with("there is room in about 15.1 s"), "{again}");
}
