//! A TWS of our own on a socket, a wire to it, and an adapter at the other end; time stands still until it is moved.

use super::wire::Wire;
use futures::StreamExt;
use std::future::Future;
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use tokio::runtime::Runtime;
use tradeport_connection::pacing::{Limits as PacingLimits, PacingBudget, QueueSettings, RetrySettings};
use tradeport_connection::{BrokerLink, LinkEvent, LinkState, Pacer};
use tradeport_fake_tws::FakeTws;
use tradeport_fake_tws::server::{Limits, Permissions, Prices, ServerSettings};
use tradeport_ib::{IbBroker, IbSettings, Waits};
use tradeport_kernel::{Clock, Price, Symbol, Timestamp};
use tradeport_market_data::{Level, Quote};
use tradeport_memory::VirtualClock;

/// A moment in January 2026.
pub(crate) const NOON: Timestamp = Timestamp::from_seconds(1_767_366_245);

/// Ports are polled by whatever executor a test has; sockets live here.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
});

/// Runs something where the sockets are.
pub(crate) async fn on_runtime<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    RUNTIME.spawn(work).await.unwrap()
}

/// The same by the side of the test.
pub(crate) fn beside<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> tokio::task::JoinHandle<T> {
    RUNTIME.spawn(work)
}

/// Waits until no task can run. What has arrived at a socket, and was not seen yet, is no task's.
pub(crate) fn idle() {
    let metrics = RUNTIME.metrics();
    let counts = || -> Vec<u64> {
        (0..metrics.num_workers()).map(|worker| metrics.worker_park_unpark_count(worker)).collect()
    };
    // Other tests of this process may run all the time.
    for _ in 0..1_000_000 {
        let before = counts();
        let are_parked = before.iter().all(|count| count % 2 == 1);
        if are_parked && metrics.global_queue_depth() == 0 && counts() == before {
            return;
        }
        std::thread::yield_now();
    }
}

pub(crate) struct Stand {
    pub(crate) broker: IbBroker,
    pub(crate) wire: Wire,
    pub(crate) tws: FakeTws,
    pub(crate) clock: VirtualClock,
}

pub(crate) fn symbol(text: &str) -> Symbol {
    Symbol::new(text).unwrap()
}

/// Time is moved faster than sockets are: nothing may run out meanwhile but what a test lets run out.
pub(crate) fn patient() -> Waits {
    Waits { heartbeat: None, ..Waits::default() }
}

/// A budget without limits: time stands still, and would let nothing go.
pub(crate) fn unpaced(clock: &VirtualClock) -> Pacer {
    let budget = PacingBudget::new(PacingLimits::none(), QueueSettings::default(), RetrySettings::default());
    Pacer::new(budget, Arc::new(clock.clone()))
}

impl Stand {
    /// Without a connection.
    pub(crate) async fn down_at(now: Timestamp, waits: Waits) -> Self {
        Self::of(now, waits, Permissions::All).await
    }

    /// Without a connection, to a TWS that shows market data as this says.
    pub(crate) async fn of(now: Timestamp, waits: Waits, permissions: Permissions) -> Self {
        Self::made(now, waits, permissions, |settings| settings).await
    }

    pub(crate) async fn made(
        now: Timestamp,
        waits: Waits,
        permissions: Permissions,
        change: fn(IbSettings) -> IbSettings,
    ) -> Self {
        on_runtime(async move {
            let clock = VirtualClock::new(now);
            let limits = Limits { tick_by_tick_gap: Duration::ZERO, pacing: None, ..Limits::default() };
            let settings = ServerSettings {
                prices: Prices::Scripted,
                message_rate: None,
                client_id_wait: Duration::ZERO,
                limits,
                permissions,
                ..ServerSettings::default()
            };
            let tws = FakeTws::builder().settings(settings).start(Arc::new(clock.clone())).await.unwrap();
            let wire = Wire::to(tws.address()).await;
            let settings = IbSettings::new("127.0.0.1", wire.port(), 7).unwrap().with_waits(waits);
            let settings = change(settings.paced_by(unpaced(&clock)));
            let broker = IbBroker::new(settings, Arc::new(clock.clone())).unwrap();
            Self { broker, wire, tws, clock }
        })
        .await
    }

    pub(crate) async fn down() -> Self {
        Self::down_at(NOON, patient()).await
    }

    pub(crate) async fn linked() -> Self {
        let stand = Self::down().await;
        stand.connect().await;
        stand
    }

    pub(crate) async fn connect(&self) {
        self.broker.open().await.unwrap();
    }

    /// Both instruments are quoted.
    pub(crate) async fn quoted() -> Self {
        let stand = Self::linked().await;
        for name in ["AAPL", "IBM"] {
            stand.quote(name).await;
        }
        stand
    }

    /// 100.00 bid, 100.02 offered, plenty of both.
    pub(crate) async fn quote(&self, of: &str) {
        let level = |text: &str| {
            let price: Price = text.parse().unwrap();
            Some(Level::new(price, "10000".parse().ok()))
        };
        let quote = Quote::new(symbol(of), self.clock.now(), level("100.00"), level("100.02")).unwrap();
        self.publish(quote).await;
    }

    pub(crate) async fn publish(&self, quote: Quote) {
        self.tws.with(move |server| server.world_mut().hold(quote)).await.unwrap();
    }

    /// A second passes. What TWS says until then has arrived, since answers come in order.
    pub(crate) async fn settle(&self) {
        self.clock.advance(Duration::from_secs(1));
        self.tws.with(|_| ()).await.unwrap();
        if let LinkState::Up { .. } = self.broker.state() {
            // A link that is lost meanwhile is what some tests are about.
            self.broker.probe(Duration::from_secs(3_600)).await.ok();
        }
    }

    /// The wire is cut, and both ends have seen it.
    pub(crate) async fn drop_link(&self) {
        let mut events = self.broker.events().await.unwrap();
        let was_up = self.broker.state() != LinkState::Down;
        self.wire.cut();
        if was_up {
            self.heard_lost(&mut events).await;
        }
        self.forgotten().await;
    }

    async fn heard_lost(&self, events: &mut tradeport_connection::LinkEvents) {
        while let Some(event) = events.next().await {
            if matches!(event, LinkEvent::Lost { .. }) {
                return;
            }
        }
    }

    pub(crate) fn broker_is_down(&self) -> bool {
        self.broker.state() == LinkState::Down
    }

    /// Waits until TWS has seen that nobody is there any more.
    pub(crate) async fn forgotten(&self) {
        while self.tws.connections().await.unwrap() > 0 {
            on_runtime(tokio::task::yield_now()).await;
        }
    }

    /// Connects anew; a connection that is being lost is lost first.
    pub(crate) async fn reconnect(&self) {
        if self.broker.state() != LinkState::Down {
            self.drop_link().await;
        }
        self.forgotten().await;
        self.connect().await;
    }
}
