//! A burst and a kill under the pacing budget, in virtual time.

use crate::support::{Broker, House, buy};
use async_trait::async_trait;
use futures::executor::LocalPool;
use futures::future::join_all;
use futures::task::LocalSpawnExt;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tradeport_connection::Pacer;
use tradeport_connection::pacing::{
    CallerId, Class, ConnectionId, Limits, PacingBudget, QueueSettings, Request, RequestKey, RetrySettings,
};
use tradeport_kernel::{Clock, Snapshot, Timestamp};
use tradeport_memory::VirtualClock;
use tradeport_orders::{
    Accepted, BrokerOrder, CancelError, ClearedCancel, ClearedChange, ClearedOrder, ClearedPreview,
    Execution, GatewayError, OrderEvents, OrderGateway, OrderPreview, OrderState, PreviewError, SubmitError,
};
use tradeport_risk::{PolicyDraft, SwitchReason};
use tradeport_trading::{DeskPorts, DeskSettings, OrderDesk};

/// What IB allows in one second.
const MOST_IN_A_SECOND: usize = 50;

/// The broker behind the budget, with the moments at which messages went.
struct Paced {
    broker: Arc<Broker>,
    pacer: Pacer,
    connection: ConnectionId,
    clock: VirtualClock,
    asked: AtomicU64,
    went: Mutex<Vec<Timestamp>>,
}

impl Paced {
    fn before(broker: Arc<Broker>, clock: VirtualClock) -> Self {
        let budget = PacingBudget::new(Limits::default(), QueueSettings::default(), RetrySettings::default());
        let pacer = Pacer::new(budget, Arc::new(clock.clone()));
        let connection = pacer.connect().unwrap();
        Self { broker, pacer, connection, clock, asked: AtomicU64::default(), went: Mutex::default() }
    }

    async fn leave(&self, class: Class) {
        let request = Request::new(self.connection, CallerId::new(7), class);
        self.pacer.ask(request).await.unwrap().done();
        self.went.lock().unwrap().push(self.clock.now());
    }

    /// The most messages that went within any second.
    fn most_in_a_second(&self) -> usize {
        let went = self.went.lock().unwrap();
        let second = Duration::from_secs(1);
        let within =
            |first: usize| went[first..].iter().take_while(|at| at.since(went[first]) < second).count();
        (0..went.len()).map(within).max().unwrap()
    }
}

#[async_trait]
impl OrderGateway for Paced {
    async fn submit(&self, order: &ClearedOrder) -> Result<Accepted, SubmitError> {
        let key = RequestKey::new(self.asked.fetch_add(1, Ordering::Relaxed));
        self.leave(Class::PlaceOrder { order: key, side: key }).await;
        self.broker.submit(order).await
    }

    async fn preview(&self, order: &ClearedPreview) -> Result<OrderPreview, PreviewError> {
        self.broker.preview(order).await
    }

    async fn change(&self, change: &ClearedChange) -> Result<(), SubmitError> {
        self.broker.change(change).await
    }

    async fn cancel(&self, cancel: &ClearedCancel) -> Result<(), CancelError> {
        self.leave(Class::CancelOrder).await;
        self.broker.cancel(cancel).await
    }

    async fn cancel_everything(&self) -> Result<(), CancelError> {
        self.leave(Class::CancelOrder).await;
        self.broker.cancel_everything().await
    }

    async fn events(&self) -> Result<OrderEvents, GatewayError> {
        OrderGateway::events(&*self.broker).await
    }

    async fn open_orders(&self) -> Result<Snapshot<BrokerOrder>, GatewayError> {
        self.broker.open_orders().await
    }

    async fn completed_orders(&self) -> Result<Snapshot<BrokerOrder>, GatewayError> {
        self.broker.completed_orders().await
    }

    async fn executions(&self, since: Timestamp) -> Result<Snapshot<Execution>, GatewayError> {
        self.broker.executions(since).await
    }
}

/// Lets virtual time go by until the work is done.
fn run<T: 'static>(pool: &mut LocalPool, clock: &VirtualClock, work: impl Future<Output = T> + 'static) -> T {
    let done = Rc::new(RefCell::new(None));
    let told = Rc::clone(&done);
    pool.spawner().spawn_local(async move { *told.borrow_mut() = Some(work.await) }).unwrap();
    for _ in 0..1_000_000 {
        pool.run_until_stalled();
        if let Some(result) = done.borrow_mut().take() {
            return result;
        }
        clock.advance(Duration::from_millis(5));
    }
    panic!("it does not come to an end");
}

#[test]
fn a_thousand_orders_at_once_and_the_kill_of_them_keep_within_the_brokers_budget() {
    let (house, mut pool) = (House::new(), LocalPool::new());
    let paced = Arc::new(Paced::before(house.broker.clone(), house.clock.clone()));
    pool.spawner().spawn_local(paced.pacer.driver()).unwrap();
    let ports = DeskPorts { gateway: paced.clone(), ..house.ports() };
    let policy = PolicyDraft {
        max_daily_trades: 10_000,
        max_position_share: 9.into(),
        max_gross_share: Some(99.into()),
        max_quote_age_seconds: 600,
        ..PolicyDraft::default()
    };
    let settings = DeskSettings { policy: policy.check().unwrap(), ..DeskSettings::default() };
    let opening = OrderDesk::open(ports, settings, house.bus.clone());
    let desk = run(&mut pool, &house.clock, opening).unwrap();
    house.quote(&desk);

    let all = desk.clone();
    let burst =
        async move { join_all((0..1_000).map(|number| all.submit(buy(&format!("b{number}"), 1)))).await };
    let placed = run(&mut pool, &house.clock, burst);
    assert!(placed.iter().all(|it| it.as_ref().is_ok_and(|it| it.order.state() == OrderState::Working)));
    assert_eq!(house.broker.script(|script| script.sent.len()), 1_000);
    assert!(house.broker.script(|script| script.written_when_sent.iter().all(|lines| *lines >= 3)));
    assert!(paced.most_in_a_second() <= MOST_IN_A_SECOND, "{}", paced.most_in_a_second());

    let killed_at = house.clock.now();
    let killer = desk.clone();
    let kill = async move { killer.kill("ada", SwitchReason::of_words("it buys and buys")).await.map(drop) };
    run(&mut pool, &house.clock, kill).unwrap();
    let last = desk.clone();
    let refused = run(&mut pool, &house.clock, async move { last.submit(buy("late", 1)).await }).unwrap();
    assert!(refused.refusal.is_some() && house.clock.now().since(killed_at) <= Duration::from_millis(10));
    let sweeper = desk.clone();
    pool.spawner().spawn_local(async move { sweeper.tend_switch().await }).unwrap();
    while house.broker.script(|script| script.everything) == 0 {
        pool.run_until_stalled();
        house.clock.advance(Duration::from_millis(5));
        assert!(house.clock.now().since(killed_at) < Duration::from_secs(1), "one message cancels them all");
    }
    assert!(paced.most_in_a_second() <= MOST_IN_A_SECOND, "{}", paced.most_in_a_second());
}
