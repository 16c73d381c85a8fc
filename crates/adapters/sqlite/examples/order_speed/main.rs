//! How fast an order leaves: the verdict alone, the whole way from the intent to the gateway with the journal in memory and
//! on the disk, a burst of a thousand, and the kill switch.
//!
//! The account holds 1,000 instruments and 10,000 of its orders are open. Quotes keep coming: before each verdict ten
//! instruments are quoted anew. The bare fsync is a page appended to a file beside the journal, in turn with the orders.
//!
//! ```text
//! cargo run --release -p tradeport-sqlite --example order_speed
//! ```
#![expect(clippy::print_stdout, reason = "a measurement is told")]
#![expect(clippy::disallowed_methods, reason = "what is measured is real time")]
#![expect(clippy::unwrap_used, reason = "a measurement that fails should stop")]

mod street;

use futures::executor::block_on;
use futures::future::{join, join_all};
use std::fs::File;
use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};
use street::{INSTRUMENTS, Street, Wall, account, one, quote, symbol};
use tradeport_kernel::{Decimal, OrderKey, Price};
use tradeport_memory::{MemoryAudit, MemoryBreaks, MemoryJournal, MemorySwitch};
use tradeport_orders::{OrderDraft, OrderIntent, OrderJournal, OrderKind, OrderState, Side};
use tradeport_risk::{PolicyDraft, SwitchReason};
use tradeport_sqlite::{SqliteConfig, SqliteStores};
use tradeport_trading::audit::AuditedJournal;
use tradeport_trading::{AuditLog, DeskPorts, DeskSettings, EventBus, OrderDesk};

const OPEN_ORDERS: usize = 10_000;
const VERDICTS: usize = 50_000;
const QUOTES: usize = 10;
const ORDERS: usize = 10_000;
const SYNCED: usize = 300;
const BURST: usize = 1_000;
const BURSTS: usize = 5;
const PAGE: [u8; 4_096] = [7; 4_096];

fn main() {
    block_on(async {
        let unwritten = in_memory().await;
        on_disk(unwritten).await;
    });
}

/// With the journal alone, and once more with each of its entries told to the audit log; the orders of a burst that go to the
/// gateway in a second where nothing is written to a disk.
async fn in_memory() -> f64 {
    let audit: Arc<dyn AuditLog> = Arc::new(MemoryAudit::default());
    let journal = AuditedJournal::new(Arc::new(MemoryJournal::default()), audit.clone(), "bench");
    let street = Arc::new(Street::default());
    let audited = desk(&street, Arc::new(journal), audit.clone()).await;
    ways(&audited, &street, "intent to gateway, journal and audit log in memory").await;
    let (unwritten, _) = bursts(&audited, &street).await;
    println!(
        "a burst of {BURST} orders, to the gateway, journal and audit log in memory: {unwritten:.0} orders/s"
    );
    drop(audited);

    let street = Arc::new(Street::default());
    let desk = desk(&street, Arc::new(MemoryJournal::default()), audit).await;
    for number in 0..OPEN_ORDERS {
        desk.submit(intent("open", number)).await.unwrap();
    }
    let (mut verdicts, mut noted) = (Vec::new(), Vec::new());
    for number in 0..VERDICTS {
        noted.push(timed(|| quote_some(&desk, number)) / u32::try_from(QUOTES).unwrap());
        let intent = intent("verdict", number);
        let begin = Instant::now();
        let verdict = desk.verdict_on(&intent).await.unwrap();
        verdicts.push(begin.elapsed());
        assert!(matches!(verdict, tradeport_risk::RiskVerdict::Approved { .. }), "{verdict:?}");
    }
    print("a quote noted", "p50", percentile(&mut noted, 50));
    print("verdict", "p50", percentile(&mut verdicts, 50));
    print("verdict", "p99", percentile(&mut verdicts, 99));

    ways(&desk, &street, "intent to gateway, journal in memory").await;
    let (refused, _) = kill(&desk, &street).await;
    println!("kill to an order refused: {:.2} ms", refused.as_secs_f64() * 1e3);
    unwritten
}

async fn ways(desk: &OrderDesk, street: &Street, what: &str) {
    let mut ways = Vec::new();
    for number in 0..ORDERS {
        quote_some(desk, number);
        ways.push(way(desk, street, intent("memory", number)).await);
    }
    print(what, "p50", percentile(&mut ways, 50));
    print(what, "p99", percentile(&mut ways, 99));
}

async fn on_disk(unwritten: f64) {
    let folder = tempfile::tempdir().unwrap();
    let config = SqliteConfig::in_folder(folder.path()).unwrap();
    let stores = SqliteStores::open(&config, Arc::new(Wall)).unwrap();
    let street = Arc::new(Street::default());
    let journal = stores.journal().audited("bench");
    let desk = desk(&street, Arc::new(journal.clone()), Arc::new(stores.audit())).await;
    let mut file = File::create(folder.path().join("bare")).unwrap();
    let (mut ways, mut bare) = (Vec::new(), Vec::new());
    for number in 0..SYNCED {
        bare.push(timed(|| synced(&mut file)));
        ways.push(way(&desk, &street, intent("disk", number)).await);
    }
    let (fsync, order) = (percentile(&mut bare, 50), percentile(&mut ways, 50));
    print("bare fsync", "p50", fsync);
    print("intent to gateway, journal on disk", "p50", order);
    println!("bare fsyncs that an order waits for: {:.2}", order.as_secs_f64() / fsync.as_secs_f64());

    let before = journal.last().await.unwrap();
    let (sent, settled) = bursts(&desk, &street).await;
    let kept = journal.last().await.unwrap() - before;
    assert_eq!(kept, (4 * BURSTS * BURST) as u64, "intent, verdict, sent, accepted");
    println!("a burst of {BURST} orders, to the gateway: {sent:.0} orders/s");
    println!("a burst of {BURST} orders, to its outcome on disk: {settled:.0} orders/s");
    println!("orders of a burst in a bare fsync: {:.1}", sent * fsync.as_secs_f64());
    println!("the same with no disk at all: {:.1}", unwritten * fsync.as_secs_f64());
    let (_, cancelled) = kill(&desk, &street).await;
    let ms = |duration: Duration| duration.as_secs_f64() * 1e3;
    println!("kill to everything cancelled: {:.2} ms", ms(cancelled.everything));
    println!("kill to the last cancel: {:.2} ms", ms(cancelled.last));
}

/// So many orders of a burst a second: to the gateway, and until its answers are kept.
async fn bursts(desk: &OrderDesk, street: &Street) -> (f64, f64) {
    let (mut sent, mut settled) = (Vec::new(), Vec::new());
    for round in 0..BURSTS {
        let intents = (0..BURST).map(|number| intent("burst", round * BURST + number));
        let begin = Instant::now();
        let placed = join_all(intents.map(|intent| desk.submit(intent))).await;
        settled.push(begin.elapsed());
        sent.push(street.calls().order.unwrap() - begin);
        assert!(placed.iter().all(|it| it.as_ref().unwrap().order.state() == OrderState::Working));
    }
    let rate = |mut bursts: Vec<Duration>| BURST as f64 / percentile(&mut bursts, 50).as_secs_f64();
    (rate(sent), rate(settled))
}

/// How long cancels took to get out.
struct CancelsOut {
    everything: Duration,
    last: Duration,
}

/// From the kill to the first order that it stops, and to the cancels of all that are open.
async fn kill(desk: &OrderDesk, street: &Street) -> (Duration, CancelsOut) {
    let orders = street.calls().orders;
    let reason = SwitchReason::of_words("measured");
    let begin = Instant::now();
    let stopped = async {
        let placed = desk.submit(intent("killed", 0)).await.unwrap();
        assert!(placed.refusal.is_some(), "{:?}", placed.order.state());
        begin.elapsed()
    };
    let (killed, stopped) = join(desk.kill("bench", reason), stopped).await;
    killed.unwrap();
    desk.tend_switch().await;
    let calls = street.calls();
    assert_eq!(calls.orders, orders, "nothing leaves any more");
    let (everything, last) = (calls.everything.unwrap() - begin, calls.cancel.unwrap() - begin);
    (stopped, CancelsOut { everything, last })
}

/// From the call to the gateway's.
async fn way(desk: &OrderDesk, street: &Street, intent: OrderIntent) -> Duration {
    let begin = Instant::now();
    let placed = desk.submit(intent).await.unwrap();
    assert_eq!(placed.order.state(), OrderState::Working, "{:?}", placed.refusal);
    street.calls().order.unwrap() - begin
}

async fn desk(street: &Arc<Street>, journal: Arc<dyn OrderJournal>, audit: Arc<dyn AuditLog>) -> OrderDesk {
    let ports = DeskPorts {
        journal,
        gateway: street.clone(),
        accounts: street.clone(),
        catalog: street.clone(),
        clock: Arc::new(Wall),
        audit,
        switch: Arc::new(MemorySwitch::default()),
        breaks: Arc::new(MemoryBreaks::default()),
    };
    let many = Decimal::from(1_000_000_000);
    let policy = PolicyDraft {
        max_order_quantity: Some(1_000.into()),
        max_order_value: Some(1_000_000.into()),
        max_position_quantity: Some(many),
        max_gross_share: Some(5.into()),
        max_portfolio_risk: Some(Decimal::new(2, 1)),
        max_daily_trades: u32::MAX,
        max_orders_per_minute: Some(u32::MAX),
        max_quote_age_seconds: 3_600,
        ..PolicyDraft::default()
    };
    let settings = DeskSettings {
        policy: policy.check().unwrap(),
        actor: "bench".to_owned(),
        ..DeskSettings::default()
    };
    let desk = OrderDesk::open(ports, settings, EventBus::default()).await.unwrap();
    (0..INSTRUMENTS).for_each(|number| desk.note_quote(quote(number, 0)));
    desk
}

/// Quotes that move some instruments.
fn quote_some(desk: &OrderDesk, round: usize) {
    for number in 0..QUOTES {
        let number = round * QUOTES + number;
        desk.note_quote(quote(number * 7, i64::try_from(number).unwrap()));
    }
}

fn intent(of: &str, number: usize) -> OrderIntent {
    let key = OrderKey::new(&format!("{of}-{number}")).unwrap();
    // Each of its own price: none is like another.
    let cents = 9_000 + i64::try_from(number % 500).unwrap();
    let kind = OrderKind::Limit { limit: Price::new(Decimal::new(cents, 2)).unwrap() };
    OrderDraft::new(key, account(), symbol(number), Side::Buy, one(), kind).check().unwrap()
}

fn synced(file: &mut File) {
    file.write_all(&PAGE).unwrap();
    file.sync_all().unwrap();
}

fn timed(work: impl FnOnce()) -> Duration {
    let begin = Instant::now();
    work();
    begin.elapsed()
}

fn percentile(durations: &mut [Duration], percent: usize) -> Duration {
    durations.sort_unstable();
    durations[(durations.len() - 1) * percent / 100]
}

fn print(what: &str, which: &str, took: Duration) {
    println!("{what} {which}: {:.2} us", took.as_secs_f64() * 1e6);
}
