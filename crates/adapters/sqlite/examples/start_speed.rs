//! How long the order desk takes to open on a journal of a million records: from its first record, and at its checkpoint.
//!
//! The journal is that of 200,000 orders of a year, each with five records, of which the last hundred still work. The file is
//! written once; what is measured is the opening of the file and of the desk, up to the state of every order, with a broker
//! that answers at once.
//!
//! ```text
//! cargo run --release -p tradeport-sqlite --example start_speed [ORDERS]
//! ```
#![expect(clippy::print_stdout, reason = "a measurement is told")]
#![expect(clippy::disallowed_methods, reason = "what is measured is real time")]
#![expect(clippy::unwrap_used, reason = "a measurement that fails should stop")]

use futures::executor::block_on;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use tradeport_conformance::mocks::{MockAccountFeed, MockContractCatalog, MockOrderGateway, MockSwitchStore};
use tradeport_contracts::CatalogError;
use tradeport_kernel::{
    AccountId, BrokerOrderId, Clock, ConnectionEpoch, Decimal, OrderKey, PermId, Quantity, Snapshot, Symbol,
    Timestamp,
};
use tradeport_memory::MemoryBreaks;
use tradeport_orders::{
    BrokerOrder, BrokerPhase, BrokerStatus, ExecutedPart, Execution, ExecutionId, JournalEntry, OrderDraft,
    OrderInput, OrderJournal, OrderKind, OrderState, Side, TimeInForce,
};
use tradeport_risk::Switch;
use tradeport_sqlite::{SqliteConfig, SqliteStores};
use tradeport_trading::{DeskPorts, DeskSettings, EventBus, OrderDesk};

const WORKING: usize = 100;
const ROUNDS: usize = 5;
/// A year of orders, one after another.
const SECONDS_BETWEEN: i64 = 157;

struct Stopped;

#[async_trait::async_trait]
impl Clock for Stopped {
    fn now(&self) -> Timestamp {
        Timestamp::from_seconds(1_800_000_000)
    }
    async fn sleep_until(&self, _: Timestamp) {}
}

fn main() {
    let orders = std::env::args().nth(1).map_or(200_000, |text| text.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let records = fill(folder.path(), orders);
    println!("a journal of {records} records");
    // The first start finds no checkpoint, replays everything, and keeps one.
    let whole = start(folder.path(), orders);
    let mut starts: Vec<f64> = (0..ROUNDS).map(|_| start(folder.path(), orders)).collect();
    starts.sort_by(f64::total_cmp);
    println!("  start from the first record  {whole:>9.3} s");
    println!("  start at the checkpoint      {:>9.3} s", starts[ROUNDS / 2]);
}

fn key(number: usize) -> OrderKey {
    OrderKey::new(&format!("order-{number}")).unwrap()
}

fn account() -> AccountId {
    AccountId::new("DU1").unwrap()
}

/// Five records for each order: wanted, approved, sent, accepted, and executed or not yet.
fn life(number: usize, orders: usize) -> Vec<JournalEntry> {
    let at = Timestamp::from_seconds(1_760_000_000 + i64::try_from(number).unwrap() * SECONDS_BETWEEN);
    let (symbol, units) = (Symbol::new("AAPL").unwrap(), Quantity::new(Decimal::TEN).unwrap());
    let kind = OrderKind::Limit { limit: "187.25".parse().unwrap() };
    let draft = OrderDraft::new(key(number), account(), symbol, Side::Buy, units, kind);
    let execution = Execution {
        id: ExecutionId::new(&format!("0001.{number:08x}.01"), 1),
        key: Some(key(number)),
        perm_id: PermId::new(7),
        account: account(),
        symbol,
        side: Side::Buy,
        quantity: units,
        price: "187.25".parse().unwrap(),
        at,
        part: ExecutedPart::Whole,
    };
    let works = OrderInput::Status { status: working() };
    let last = if number + WORKING < orders { OrderInput::Executed { execution } } else { works };
    let inputs = [
        OrderInput::RiskApproved { findings: Vec::new().into() },
        OrderInput::Sent,
        OrderInput::Accepted { perm_id: Some(PermId::new(7)), broker_order_id: Some(BrokerOrderId::new(1)) },
        last,
    ];
    let happened = inputs.into_iter().map(|input| JournalEntry::happened(key(number), input, at));
    [JournalEntry::intended(draft.check().unwrap(), at)].into_iter().chain(happened).collect()
}

fn working() -> BrokerStatus {
    let (filled, perm_id) = (Decimal::ZERO, Some(PermId::new(7)));
    BrokerStatus { phase: BrokerPhase::Working, filled, perm_id, reason: None }
}

fn fill(folder: &Path, orders: usize) -> u64 {
    let stores = open(folder);
    let journal = stores.journal();
    let numbers: Vec<usize> = (0..orders).collect();
    for some in numbers.chunks(2_000) {
        let entries: Vec<_> = some.iter().flat_map(|number| life(*number, orders)).collect();
        block_on(journal.append(&entries)).unwrap();
    }
    block_on(journal.last()).unwrap()
}

fn open(folder: &Path) -> SqliteStores {
    SqliteStores::open(&SqliteConfig::in_folder(folder).unwrap(), Arc::new(Stopped)).unwrap()
}

/// Seconds until the desk is open.
fn start(folder: &Path, orders: usize) -> f64 {
    let (gateway, begin) = (Arc::new(gateway(orders)), Instant::now());
    let stores = open(folder);
    let ports = DeskPorts {
        journal: Arc::new(stores.journal().audited("example")),
        gateway,
        accounts: Arc::new(accounts()),
        catalog: Arc::new(catalog()),
        clock: Arc::new(Stopped),
        audit: Arc::new(stores.audit()),
        switch: Arc::new(switch()),
        breaks: Arc::new(MemoryBreaks::default()),
    };
    let desk = block_on(OrderDesk::open(ports, DeskSettings::default(), EventBus::default())).unwrap();
    let seconds = begin.elapsed().as_secs_f64();
    let alive = block_on(desk.live_orders());
    assert_eq!(alive.len(), WORKING);
    assert!(alive.iter().all(|order| order.state() == OrderState::Working));
    let first = block_on(desk.order(&key(0))).unwrap();
    assert_eq!(first.state(), OrderState::Filled, "what ended a year ago is found by its key");
    seconds
}

/// A broker that shows the orders that work, and nothing else.
fn gateway(orders: usize) -> MockOrderGateway {
    let epoch = ConnectionEpoch::default();
    let mut gateway = MockOrderGateway::new();
    gateway.expect_events().returning(|| Ok(Box::pin(futures::stream::pending())));
    gateway
        .expect_executions()
        .returning(move |_| Ok(Snapshot::complete(epoch, Timestamp::EPOCH, Vec::new())));
    gateway
        .expect_completed_orders()
        .returning(move || Ok(Snapshot::complete(epoch, Timestamp::EPOCH, Vec::new())));
    let open = move |number| BrokerOrder {
        key: Some(key(number)),
        perm_id: Some(PermId::new(7)),
        broker_order_id: None,
        account: account(),
        symbol: Symbol::new("AAPL").unwrap(),
        side: Side::Buy,
        size: Quantity::new(Decimal::TEN).unwrap().into(),
        kind: Some(OrderKind::Limit { limit: "187.25".parse().unwrap() }),
        time_in_force: Some(TimeInForce::Day),
        parent: None,
        group: None,
        status: working(),
        placed_by: None,
    };
    let rows: Vec<_> = (orders - WORKING..orders).map(open).collect();
    gateway
        .expect_open_orders()
        .returning(move || Ok(Snapshot::complete(epoch, Timestamp::EPOCH, rows.clone())));
    gateway
}

fn accounts() -> MockAccountFeed {
    let mut accounts = MockAccountFeed::new();
    accounts.expect_accounts().returning(|| Ok(Vec::new()));
    accounts
}

fn catalog() -> MockContractCatalog {
    let mut catalog = MockContractCatalog::new();
    catalog.expect_resolve().returning(|what| Err(CatalogError::NotFound(what.to_string())));
    catalog
}

fn switch() -> MockSwitchStore {
    let mut switch = MockSwitchStore::new();
    switch.expect_look().returning(|| Switch::Open);
    switch
}
