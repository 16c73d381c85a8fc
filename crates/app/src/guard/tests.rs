use super::*;
use futures::FutureExt;
use std::time::Duration;
use tradeport_conformance::fixtures::plain_contract;
use tradeport_connection::pacing::{LimitSettings, PacingBudget, QueueSettings, RetrySettings};
use tradeport_contracts::Stock;
use tradeport_fake_broker::{AccountConfig, AccountKind, FakeBroker, FakeBrokerConfig};
use tradeport_kernel::{AccountId, Currency, Decimal, Money, Symbol, Timestamp};
use tradeport_market_data::{FeedError, Quote, QuoteFeed, Subscription};
use tradeport_memory::VirtualClock;

/// A feed that fails while it is told to.
#[derive(Clone, Default)]
struct Moody(Arc<std::sync::atomic::AtomicBool>, Arc<std::sync::atomic::AtomicUsize>);

#[async_trait::async_trait]
impl QuoteFeed for Moody {
    async fn subscribe(&self, _: &[Symbol]) -> Result<Subscription, FeedError> {
        Err(FeedError::Unsupported("subscriptions"))
    }

    async fn snapshot(&self, symbol: Symbol) -> Result<Quote, FeedError> {
        self.1.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        if self.0.load(std::sync::atomic::Ordering::Relaxed) {
            return Err(FeedError::Unavailable("it is down".into()));
        }
        Err(FeedError::NoData(symbol))
    }
}

fn broker(clock: &VirtualClock) -> FakeBroker {
    let cash = Money::new(Decimal::ONE_HUNDRED, Currency::USD);
    let mine = AccountConfig { id: AccountId::new("DU1").unwrap(), cash, kind: AccountKind::Margin };
    let apple = plain_contract(1, Symbol::new("AAPL").unwrap(), Stock::new("AAPL").unwrap()).check().unwrap();
    FakeBroker::new(FakeBrokerConfig {
        clock: Some(Arc::new(clock.clone())),
        ..FakeBrokerConfig::new(1, vec![mine], vec![apple])
    })
    .unwrap()
}

fn pacer(clock: &VirtualClock) -> Pacer {
    let limits = LimitSettings::default().limits().unwrap();
    let budget = PacingBudget::new(limits, QueueSettings::default(), RetrySettings::default());
    Pacer::new(budget, Arc::new(clock.clone()))
}

fn state(guard: &Guard, capability: Capability) -> BreakerState {
    guard.states().into_iter().find(|(it, _)| *it == capability).unwrap().1
}

#[test]
fn what_keeps_failing_is_left_alone_and_tried_again() {
    let clock = VirtualClock::new(Timestamp::EPOCH);
    let link = broker(&clock);
    link.connect().now_or_never().unwrap().unwrap();
    let guard = Guard::new(BreakerSettings::default(), Arc::new(link), Arc::new(clock.clone()));
    let moody = Moody::default();
    let quotes = GuardedQuotes::new(Arc::new(moody.clone()), guard.clone());
    let symbol = Symbol::new("AAPL").unwrap();
    let ask = || quotes.snapshot(symbol).now_or_never().unwrap();
    let asked = || moody.1.load(std::sync::atomic::Ordering::Relaxed);
    moody.0.store(true, std::sync::atomic::Ordering::Relaxed);
    for _ in 0..10 {
        assert!(matches!(ask(), Err(FeedError::Unavailable(_))));
    }
    assert_eq!(asked(), 5, "after five failures it is left alone");
    assert!(matches!(state(&guard, Capability::LiveData), BreakerState::Open { .. }));
    assert_eq!(state(&guard, Capability::Orders), BreakerState::Closed, "each by itself");
    // What has no capability passes whatever rests.
    assert!(guard.go(Class::CancelOrder).now_or_never().unwrap().is_ok());

    clock.advance(Duration::from_secs(31));
    moody.0.store(false, std::sync::atomic::Ordering::Relaxed);
    assert!(matches!(ask(), Err(FeedError::NoData(_))), "one is tried");
    guard.reset();
    assert_eq!(state(&guard, Capability::LiveData), BreakerState::Closed);
}

#[test]
fn without_a_link_a_failure_says_nothing() {
    let clock = VirtualClock::new(Timestamp::EPOCH);
    let guard = Guard::new(BreakerSettings::default(), Arc::new(broker(&clock)), Arc::new(clock));
    let moody = Moody::default();
    moody.0.store(true, std::sync::atomic::Ordering::Relaxed);
    let quotes = GuardedQuotes::new(Arc::new(moody), guard.clone());
    for _ in 0..10 {
        let symbol = Symbol::new("AAPL").unwrap();
        assert!(quotes.snapshot(symbol).now_or_never().unwrap().is_err());
    }
    assert_eq!(state(&guard, Capability::LiveData), BreakerState::Closed);
}

#[test]
fn a_full_budget_holds_requests_back_and_never_a_cancel() {
    let clock = VirtualClock::new(Timestamp::EPOCH);
    let pacer = pacer(&clock);
    let connection = pacer.connect().unwrap();
    let link = Arc::new(broker(&clock));
    let pace = (pacer.clone(), connection);
    let guard = Guard::paced(BreakerSettings::default(), link, Arc::new(clock), pace);
    let mut gone = 0;
    while guard.go(Class::Message).now_or_never().is_some_and(|it| it.is_ok()) {
        gone += 1;
        assert!(gone < 100, "no limit holds");
    }
    assert!(gone > 0);
    assert!(guard.go(Class::CancelOrder).now_or_never().unwrap().is_ok(), "room is kept for it");
}
