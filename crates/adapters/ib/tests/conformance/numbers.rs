//! Numbers of orders: none is used twice, whatever a new process or TWS has forgotten.

use crate::stand::{Stand, on_runtime, patient, symbol, unpaced};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::time::Duration;
use tradeport_conformance::fixtures;
use tradeport_ib::{IbBroker, IbSettings, NumberReserve};
use tradeport_kernel::{AccountId, Cause, Clock, OrderKey};
use tradeport_memory::VirtualClock;
use tradeport_orders::{OrderDraft, OrderGateway, OrderKind, Side, SubmitError};

/// What several processes share.
struct Kept {
    next: AtomicI32,
    broken: AtomicBool,
}

impl Kept {
    fn at(next: i32) -> Arc<Self> {
        Arc::new(Self { next: AtomicI32::new(next), broken: AtomicBool::new(false) })
    }
}

#[async_trait::async_trait]
impl NumberReserve for Kept {
    async fn reserve(&self, least: i32, count: i32) -> Result<i32, Cause> {
        if self.broken.load(Ordering::SeqCst) {
            return Err("no room".into());
        }
        let first = self.next.load(Ordering::SeqCst).max(least);
        self.next.store(first + count, Ordering::SeqCst);
        Ok(first)
    }
}

/// A process that has seen nothing, after the one before it is gone.
async fn process(stand: &Stand, kept: &Arc<Kept>) -> IbBroker {
    process_at(stand, kept, stand.clock.clone()).await
}

/// The same by a clock of its own.
async fn process_at(stand: &Stand, kept: &Arc<Kept>, clock: VirtualClock) -> IbBroker {
    stand.forgotten().await;
    let (port, kept) = (stand.wire.port(), Arc::clone(kept));
    on_runtime(async move {
        let settings = IbSettings::new("127.0.0.1", port, 7).unwrap().with_waits(patient());
        let settings = settings.paced_by(unpaced(&clock));
        let broker = IbBroker::reserving(settings, Arc::new(clock), kept).unwrap();
        broker.open().await.unwrap();
        broker
    })
    .await
}

/// Under which number an order was taken.
async fn number(broker: &IbBroker, name: &str) -> Result<i64, SubmitError> {
    let (account, ten) =
        (AccountId::new("DU1234567").unwrap(), "10".parse::<tradeport_kernel::Quantity>().unwrap());
    let kind = OrderKind::Limit { limit: "50".parse().unwrap() };
    let draft = OrderDraft::new(OrderKey::new(name).unwrap(), account, symbol("AAPL"), Side::Buy, ten, kind);
    let accepted = broker.submit(&fixtures::cleared_order(draft.check().unwrap())).await?;
    Ok(accepted.broker_order_id.number())
}

/// OID-01, RST-02: TWS counts from its beginning again, and we had been further.
#[test]
fn scenario_oid_01_numbers_go_on_above_what_was_ever_set_aside() {
    futures::executor::block_on(async {
        let (stand, kept) = (Stand::down().await, Kept::at(5_001));
        let first = process(&stand, &kept).await;
        assert_eq!(number(&first, "a").await.unwrap(), 5_001);
        assert_eq!(number(&first, "b").await.unwrap(), 5_002, "what is set aside is used up first");
        assert_eq!(kept.next.load(Ordering::SeqCst), 6_001, "before the first of them was used");
        drop(first);
        let second = process(&stand, &kept).await;
        assert_eq!(number(&second, "c").await.unwrap(), 6_001, "whatever the first has used of its own");
    });
}

/// OID-02: what was written is spent, refused or not.
#[test]
fn scenario_oid_02_a_number_is_spent_whatever_becomes_of_its_order() {
    futures::executor::block_on(async {
        let (stand, kept) = (Stand::down().await, Kept::at(1));
        let broker = process(&stand, &kept).await;
        let before = number(&broker, "a").await.unwrap();
        let same_key = number(&broker, "a").await;
        assert!(matches!(same_key, Err(SubmitError::Refused { .. })), "{same_key:?}");
        assert!(number(&broker, "b").await.unwrap() > before);
    });
}

/// OID-03: a clock that goes back takes no number back, and one that runs ahead gives none.
#[test]
fn scenario_oid_03_numbers_know_nothing_of_the_time() {
    futures::executor::block_on(async {
        let (stand, kept) = (Stand::down().await, Kept::at(5_001));
        let now = stand.clock.now();
        let day = Duration::from_secs(86_400);
        let clocks = [now, now.after(400 * day), now.before(10_000 * day)].map(VirtualClock::new);
        for (name, (clock, expected)) in
            ["a", "b", "c"].into_iter().zip(clocks.into_iter().zip([5_001, 6_001, 7_001]))
        {
            let broker = process_at(&stand, &kept, clock).await;
            assert_eq!(number(&broker, name).await.unwrap(), expected, "from what was set aside alone");
        }
    });
}

/// OID-04: near the end of all numbers none is invented.
#[test]
fn scenario_oid_04_no_number_beyond_the_last_is_used() {
    futures::executor::block_on(async {
        let (stand, kept) = (Stand::down().await, Kept::at(1_499_999_500));
        let broker = process(&stand, &kept).await;
        let refused = number(&broker, "a").await;
        assert!(matches!(refused, Err(SubmitError::NotSent(_))), "{refused:?}");
    });
}

#[test]
fn without_a_number_that_is_durably_ours_nothing_leaves() {
    futures::executor::block_on(async {
        let (stand, kept) = (Stand::down().await, Kept::at(1));
        let broker = process(&stand, &kept).await;
        kept.broken.store(true, Ordering::SeqCst);
        assert!(matches!(number(&broker, "a").await, Err(SubmitError::NotSent(_))));
        assert_eq!(broker.open_orders().await.unwrap().rows(), []);
        kept.broken.store(false, Ordering::SeqCst);
        assert_eq!(number(&broker, "a").await.unwrap(), 1, "nothing was used");
    });
}
