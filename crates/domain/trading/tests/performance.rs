//! The performance loop on virtual time.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use futures::executor::block_on;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;
use tradeport_conformance::mocks::MockPortfolioStore;
use tradeport_kernel::{AccountId, Currency, Decimal, Money, StoreError, TimeRange, Timestamp};
use tradeport_memory::MemoryPortfolio;
use tradeport_portfolio::{PortfolioSnapshot, PortfolioStore};
use tradeport_trading::{EventBus, PerformanceLoop, PerformanceSettings};

fn account() -> AccountId {
    AccountId::new("DU1").unwrap()
}

fn snapshot(second: i64, value: i64) -> PortfolioSnapshot {
    let usd = |amount: i64| Money::new(Decimal::from(amount), Currency::USD);
    PortfolioSnapshot {
        account: account(),
        at: Timestamp::from_seconds(second),
        total_value: usd(value),
        cash: usd(value),
        realized_pnl: usd(0),
        unrealized_pnl: usd(0),
        commissions: usd(0),
        positions: Vec::new(),
    }
}

fn started(store: &MemoryPortfolio, batch: usize) -> PerformanceLoop {
    let settings = PerformanceSettings { batch, ..PerformanceSettings::default() };
    PerformanceLoop::new(settings, Arc::new(store.clone()), EventBus::default()).unwrap()
}

#[test]
fn it_is_due_every_300_seconds_of_clock_time_and_once_after_a_leap() {
    let mut watch = started(&MemoryPortfolio::default(), 1);
    assert!(watch.is_due(Timestamp::EPOCH));
    block_on(watch.observe(snapshot(0, 100))).unwrap();
    assert!(!watch.is_due(Timestamp::from_seconds(299)));
    assert!(watch.is_due(Timestamp::from_seconds(300)));
    assert!(watch.is_due(Timestamp::EPOCH.after(Duration::from_secs(86_400))));
    block_on(watch.observe(snapshot(86_400, 100))).unwrap();
    assert!(!watch.is_due(Timestamp::from_seconds(86_400)));
}

#[test]
fn returns_are_from_day_to_day_whatever_happens_within() {
    let store = MemoryPortfolio::default();
    let mut watch = started(&store, 1);
    let day = 86_400;
    for (second, value) in [(0, 100), (600, 50), (1_200, 110), (day, 300), (day + 600, 121), (2 * day, 133)] {
        block_on(watch.observe(snapshot(second, value))).unwrap();
    }
    let last = block_on(watch.finish()).unwrap().unwrap();
    assert_eq!(last.observations, 3);
    assert!((last.total_return.unwrap() - 0.33).abs() < 1e-12);
    assert_eq!(last.max_drawdown, Some(0.0), "100, 110, 121, 133 never falls from day to day");
    let kept = block_on(store.performance(&account(), TimeRange::ALL)).unwrap();
    assert_eq!(kept.last(), Some(&last), "the final figures replace those of the same moment");
    assert_eq!(kept.len(), 6);
}

#[test]
fn what_waits_for_its_batch_is_saved_at_the_end() {
    let store = MemoryPortfolio::default();
    let mut watch = started(&store, 4);
    let kept = || block_on(store.snapshots(&account(), TimeRange::ALL)).unwrap().len();
    for minute in 0..6 {
        block_on(watch.observe(snapshot(minute * 600, 100))).unwrap();
    }
    assert_eq!(kept(), 4);
    block_on(watch.finish()).unwrap();
    assert_eq!(kept(), 6);
    let mut unused = started(&MemoryPortfolio::default(), 1);
    assert_eq!(block_on(unused.finish()).unwrap(), None);
}

#[test]
fn what_stops_it_is_told_with_its_cause() {
    let settings = PerformanceSettings { risk_free_rate: -1.0, ..PerformanceSettings::default() };
    let store = Arc::new(MemoryPortfolio::default());
    let refused = PerformanceLoop::new(settings, store, EventBus::default()).err().unwrap();
    let told = |refusal: &dyn Error| format!("{refusal}: {}", refusal.source().unwrap());
    assert_eq!(
        told(&refused),
        "the risk-free rate is unusable: -1 is not a rate: expected a finite fraction above -1, such as 0.05 for 5 %"
    );
    let mut full = MockPortfolioStore::new();
    full.expect_save_snapshots().returning(|_| Err(StoreError::Full("disk full".into())));
    let mut watch =
        PerformanceLoop::new(PerformanceSettings::default(), Arc::new(full), EventBus::default()).unwrap();
    let failed = block_on(watch.observe(snapshot(0, 100))).unwrap_err();
    assert_eq!(told(&failed), "1 snapshots could not be saved: the store is full");
}
