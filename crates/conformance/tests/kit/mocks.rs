//! Each mock passes its port's failures through: that is what they are for.

use futures::FutureExt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tradeport_conformance::fixtures::{self, account, moment, symbol};
use tradeport_conformance::mocks::{
    MockAccountFeed, MockAuditLog, MockBarHistory, MockBarStore, MockBrokerLink, MockClock,
    MockContractCatalog, MockNotifier, MockOptionFeed, MockOrderGateway, MockOrderJournal, MockPnlFeed,
    MockPortfolioStore, MockQuoteFeed, MockSwitchStore, MockTickFeed, MockTickStore,
};
use tradeport_connection::{BrokerLink, LinkError};
use tradeport_contracts::{CatalogError, ContractCatalog, ContractId};
use tradeport_kernel::{Cause, Clock, ConnectionEpoch, StoreError, TimeRange, Timestamp};
use tradeport_market_data::{
    BarHistory, BarRequest, BarSize, BarStore, FeedError, HistoryError, OptionFeed, OptionFeedError,
    QuoteFeed, TickFeed, TickFeedError, TickKind, TickStore,
};
use tradeport_orders::{
    CancelError, GatewayError, JournalError, OrderChange, OrderGateway, OrderJournal, PreviewError,
    SubmitError,
};
use tradeport_portfolio::{AccountFeed, AccountFeedError, PnlFeed, PnlFeedError, PortfolioStore};
use tradeport_risk::{Switch, SwitchStore};
use tradeport_trading::{AuditLog, Notifier, NotifyError};

fn cause() -> Cause {
    "no space left on device".into()
}

/// A mock answers at once; the answer of `future`.
fn now<F: Future>(future: F) -> F::Output {
    future.now_or_never().expect("a mock never waits unless it is told to")
}

fn bar_request() -> BarRequest {
    BarRequest { symbol: symbol("AAPL"), size: BarSize::DAY, range: TimeRange::ALL }
}

#[test]
fn a_tick_store_can_be_full() {
    let mut mock = MockTickStore::new();
    mock.expect_append().times(1).returning(|_| Err(StoreError::Full(cause())));
    mock.expect_count().returning(|_| Ok(7));
    let store: Arc<dyn TickStore> = Arc::new(mock);
    assert!(matches!(now(store.append(&fixtures::awkward_quotes(symbol("AAPL")))), Err(StoreError::Full(_))));
    assert_eq!(now(store.count(symbol("AAPL"))).unwrap(), 7);
}

#[test]
fn a_bar_store_can_be_read_only() {
    let mut mock = MockBarStore::new();
    mock.expect_save().returning(|_| Err(StoreError::ReadOnly(cause())));
    let store: Arc<dyn BarStore> = Arc::new(mock);
    assert!(matches!(now(store.save(&[])), Err(StoreError::ReadOnly(_))));
}

#[test]
fn a_journal_can_be_corrupt_and_can_hold_an_intent_already() {
    let mut mock = MockOrderJournal::new();
    mock.expect_append().returning(|entries| Err(JournalError::DuplicateIntent(entries[0].key.clone())));
    mock.expect_read().returning(|_, _| Err(StoreError::Corrupt(cause()).into()));
    let journal: Arc<dyn OrderJournal> = Arc::new(mock);
    let answer = now(journal.append(&fixtures::short_life("a")));
    assert!(matches!(answer, Err(JournalError::DuplicateIntent(key)) if key.as_str() == "a"));
    assert!(matches!(now(journal.read(0, 1)), Err(JournalError::Store(StoreError::Corrupt(_)))));
}

#[test]
fn a_portfolio_store_can_be_unavailable() {
    let mut mock = MockPortfolioStore::new();
    mock.expect_last_snapshot().returning(|_| Err(StoreError::Unavailable(cause())));
    let store: Arc<dyn PortfolioStore> = Arc::new(mock);
    assert!(matches!(now(store.last_snapshot(&account("DU1"))), Err(StoreError::Unavailable(_))));
}

#[test]
fn an_audit_log_can_be_full_once_and_take_the_entry_when_asked_again() {
    let mut mock = MockAuditLog::new();
    mock.expect_append().times(1).returning(|_| Err(StoreError::Full(cause())));
    mock.expect_append().times(1).returning(|_| Ok(()));
    let log: Arc<dyn AuditLog> = Arc::new(mock);
    assert!(matches!(now(log.append(&[])), Err(StoreError::Full(_))));
    assert!(now(log.append(&[])).is_ok());
}

#[test]
fn a_switch_can_be_killed_on_a_full_disk() {
    let mut mock = MockSwitchStore::new();
    mock.expect_kill().times(1).returning(|_| Err(StoreError::Full(cause())));
    mock.expect_look().returning(|| Switch::Open);
    let store: Arc<dyn SwitchStore> = Arc::new(mock);
    assert!(matches!(now(store.kill(&fixtures::kills()[0])), Err(StoreError::Full(_))));
    assert_eq!(now(store.look()), Switch::Open);
}

#[test]
fn a_notifier_can_be_unavailable() {
    let mut mock = MockNotifier::new();
    mock.expect_notify().returning(|_| Err(NotifyError::Unavailable(cause())));
    let notifier: Arc<dyn Notifier> = Arc::new(mock);
    assert!(matches!(now(notifier.notify(&fixtures::alarms()[0])), Err(NotifyError::Unavailable(_))));
}

#[test]
fn a_clock_can_say_anything() {
    let mut mock = MockClock::new();
    mock.expect_now().return_const(Timestamp::MAX);
    mock.expect_sleep_until().times(1).return_const(());
    let clock: Arc<dyn Clock> = Arc::new(mock);
    now(clock.sleep_until(Timestamp::MIN));
    assert_eq!(clock.now(), Timestamp::MAX);
}

#[test]
fn a_catalog_can_be_ambiguous() {
    let mut mock = MockContractCatalog::new();
    mock.expect_by_id().returning(|id| {
        let candidates = vec!["a".to_owned(), "b".to_owned()];
        Err(CatalogError::Ambiguous { wanted: id.number().to_string(), candidates })
    });
    let catalog: Arc<dyn ContractCatalog> = Arc::new(mock);
    let answer = now(catalog.by_id(ContractId::new(7)));
    assert!(matches!(answer, Err(CatalogError::Ambiguous { wanted, .. }) if wanted == "7"));
}

#[test]
fn a_feed_can_refuse_its_data() {
    let mut mock = MockQuoteFeed::new();
    let reason = "delayed data only".to_owned();
    mock.expect_subscribe().returning(move |symbols| {
        Err(FeedError::NotPermitted { symbol: symbols[0], reason: reason.clone() })
    });
    let feed: Arc<dyn QuoteFeed> = Arc::new(mock);
    let answer = now(feed.subscribe(&[symbol("AAPL")]));
    assert!(matches!(answer, Err(FeedError::NotPermitted { symbol: of, .. }) if of == symbol("AAPL")));
}

#[test]
fn ticks_can_lack_a_line_and_options_a_computation() {
    let mut mock = MockTickFeed::new();
    mock.expect_follow()
        .returning(|symbol, _| Err(TickFeedError::NoLine { symbol, reason: "five at most".into() }));
    let feed: Arc<dyn TickFeed> = Arc::new(mock);
    let answer = now(feed.follow(symbol("AAPL"), TickKind::Mids));
    assert!(matches!(answer, Err(TickFeedError::NoLine { symbol: of, .. }) if of == symbol("AAPL")));
    let mut mock = MockOptionFeed::new();
    mock.expect_snapshot().returning(|option| Err(OptionFeedError::NoData(option)));
    let feed: Arc<dyn OptionFeed> = Arc::new(mock);
    assert!(matches!(now(feed.snapshot(symbol("AAPL"))), Err(OptionFeedError::NoData(_))));
}

#[test]
fn gains_can_be_unavailable() {
    let mut mock = MockPnlFeed::new();
    mock.expect_of_account().returning(|_| Err(PnlFeedError::Unavailable(cause())));
    let feed: Arc<dyn PnlFeed> = Arc::new(mock);
    let answer = now(feed.of_account(&account("DU1"))).map(drop);
    assert!(matches!(answer, Err(PnlFeedError::Unavailable(_))));
}

#[test]
fn a_history_can_ask_to_wait() {
    let mut mock = MockBarHistory::new();
    mock.expect_bars().returning(|_| Err(HistoryError::Paced("60 in 10 minutes".into())));
    let history: Arc<dyn BarHistory> = Arc::new(mock);
    assert!(matches!(now(history.bars(&bar_request())), Err(HistoryError::Paced(_))));
}

#[test]
fn a_gateway_can_fail_in_all_three_ways() {
    let mut mock = MockOrderGateway::new();
    mock.expect_submit().returning(|_| Err(SubmitError::OutcomeUnknown(cause())));
    mock.expect_preview().returning(|_| Err(PreviewError::Unavailable(cause())));
    mock.expect_change().returning(|_| Err(SubmitError::NotSent(cause())));
    mock.expect_cancel().returning(|_| Err(CancelError::Refused { reason: "too late".into() }));
    mock.expect_cancel_everything().returning(|| Err(CancelError::NotSent(cause())));
    mock.expect_executions().returning(|_| Err(GatewayError::EpochLost(ConnectionEpoch::new(3))));
    let gateway: Arc<dyn OrderGateway> = Arc::new(mock);
    let intent = fixtures::every_intent().swap_remove(0);
    let key = intent.key().clone();
    let previewed = now(gateway.preview(&fixtures::cleared_preview(intent.clone())));
    assert!(matches!(previewed, Err(PreviewError::Unavailable(_))));
    let submitted = now(gateway.submit(&fixtures::cleared_order(intent)));
    assert!(matches!(submitted, Err(SubmitError::OutcomeUnknown(_))));
    let changed = now(gateway.change(&fixtures::cleared_change(&key, OrderChange::default())));
    assert!(matches!(changed, Err(SubmitError::NotSent(_))));
    let cancelled = now(gateway.cancel(&fixtures::cleared_cancel(&key, None, None)));
    assert!(matches!(cancelled, Err(CancelError::Refused { .. })));
    assert!(matches!(now(gateway.cancel_everything()), Err(CancelError::NotSent(_))));
    let executions = now(gateway.executions(moment(0)));
    assert!(matches!(executions, Err(GatewayError::EpochLost(epoch)) if epoch == ConnectionEpoch::new(3)));
}

#[test]
fn an_account_feed_can_lose_its_epoch() {
    let mut mock = MockAccountFeed::new();
    mock.expect_positions().returning(|_| Err(AccountFeedError::EpochLost(ConnectionEpoch::new(3))));
    let feed: Arc<dyn AccountFeed> = Arc::new(mock);
    assert!(matches!(now(feed.positions(&account("DU1"))), Err(AccountFeedError::EpochLost(_))));
}

#[test]
fn a_link_can_be_refused_and_time_out() {
    let mut mock = MockBrokerLink::new();
    mock.expect_connect().returning(|| Err(LinkError::Refused(cause())));
    mock.expect_probe().returning(|timeout| Err(LinkError::Timeout(timeout)));
    let link: Arc<dyn BrokerLink> = Arc::new(mock);
    assert!(matches!(now(link.connect()), Err(LinkError::Refused(_))));
    let second = Duration::from_secs(1);
    assert!(matches!(now(link.probe(second)), Err(LinkError::Timeout(waited)) if waited == second));
}
