//! The service on the simulated broker: a daily restart with orders at work.

use super::*;
use crate::clock::{FastClock, SystemClock};
use crate::config::variables::Variables;
use crate::config::{OutputFormat, load};
use crate::output::Output;
use std::path::Path;
use tradeport_fake_broker::FakeBroker;
use tradeport_kernel::{OrderKey, Price, Quantity, Symbol};
use tradeport_orders::{OrderDraft, OrderKind, OrderState, Side, TimeInForce};

/// Waits are over sooner than on the wall.
const SPEED: f64 = 10.0;
/// So long, by the service's clock, something that should come is waited for.
const PATIENCE: Duration = Duration::from_secs(600);

fn session(folder: &Path) -> Session {
    let variables: Variables = [("DB_PATH", folder)].into_iter().collect();
    let loaded = load(None, &variables, &[]).unwrap();
    let clock = Arc::new(FastClock::new(Arc::new(SystemClock), SPEED));
    Session::new(loaded, Output::new(OutputFormat::Json, false), Stop::never(), clock)
}

/// The first report of which this is so.
async fn until(
    board: &Board,
    what: &str,
    so: impl Fn(&report::StatusReport) -> bool,
) -> report::StatusReport {
    let deadline = board.clock.now().after(PATIENCE);
    loop {
        let report = board.report(false);
        if so(&report) {
            return report;
        }
        assert!(board.clock.now() < deadline, "{what} never came: {report:#?}");
        board.clock.sleep_until(board.clock.now().after(Duration::from_millis(100))).await;
    }
}

fn ready_in(report: &report::StatusReport, epoch: u64) -> bool {
    let link = &report.links[0];
    matches!(link.standing, LinkStanding::Ready { .. })
        && link.last_epoch >= epoch
        && report.reconciliation.is_some_and(|it| it.epoch >= epoch)
}

#[tokio::test(flavor = "multi_thread")]
async fn scenario_con_and_rst_orders_and_streams_outlive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let session = session(folder.path());
    let instrument: Instrument = "AAPL".parse().unwrap();
    let service = Service::build(&session, vec![instrument]).await.unwrap();
    let (board, broker) = (Arc::clone(&service.board), service.simulated().unwrap().clone());
    let (stop, ask) = Stop::by_hand();
    let play = async {
        restarts(&board, &broker, &session).await;
        ask();
    };
    let (ended, ()) = tokio::join!(service.run(stop), play);
    ended.unwrap();
    // Whoever has the desk has the databases.
    drop(board);
    let file = ReportFile::within(folder.path());
    assert!(file.read().unwrap().is_some_and(|report| report.stopped));
    assert!(!ServiceLock::is_held(folder.path()));
    // Orders stay where they are, and a command goes on with them.
    let platform = crate::wiring::Platform::open(&session).await.unwrap();
    let key = OrderKey::new("rests").unwrap();
    assert_eq!(platform.desk().order(&key).await.unwrap().state(), OrderState::Working);
    let cancelled = platform.desk().cancel(&key, CancelTag::default()).await.unwrap();
    assert!(matches!(cancelled.state(), OrderState::CancelPending | OrderState::Cancelled));
    platform.close().await.unwrap();
}

/// An order rests and quotes are recorded, through two restarts of the broker.
async fn restarts(board: &Board, broker: &FakeBroker, session: &Session) {
    until(board, "a link", |report| ready_in(report, 1) && report.recording.is_some()).await;
    let desk = board.desk.get().unwrap().clone();
    let symbol = Symbol::new("AAPL").unwrap();
    let key = OrderKey::new("rests").unwrap();
    let kind = OrderKind::Limit { limit: "1".parse::<Price>().unwrap() };
    let account = session.config().account().clone();
    let mut draft =
        OrderDraft::new(key.clone(), account, symbol, Side::Buy, Quantity::new(1.into()).unwrap(), kind);
    draft.time_in_force = TimeInForce::GoodTillCancelled;
    let quotes = |report: &report::StatusReport| report.recording.as_ref().map_or(0, |it| it.quotes);
    until(board, "a quote", |report| quotes(report) > 0).await;
    desk.note_quote(tradeport_market_data::QuoteFeed::snapshot(broker, symbol).await.unwrap());
    let placed = desk.submit(draft.check().unwrap()).await.unwrap();
    assert_eq!(placed.order.state(), OrderState::Working, "{:?}", placed.order.reason());

    for epoch in 2..4 {
        broker.set_reachable(false);
        broker.drop_link();
        let away = until(board, "the loss", |report| !ready_in(report, epoch - 1)).await;
        assert!(!away.is_healthy() && away.links[0].held.is_some(), "{away:#?}");
        broker.set_reachable(true);
        let back = until(board, "the link again", |report| ready_in(report, epoch)).await;
        let before = quotes(&back);
        until(board, "quotes again", |report| quotes(report) > before).await;
        let order = desk.order(&key).await.unwrap();
        assert_eq!(order.state(), OrderState::Working, "it rests as before");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_service_runs_in_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let session = session(folder.path());
    let first = Service::build(&session, Vec::new()).await.unwrap();
    let second = Service::build(&session, Vec::new()).await.err().unwrap();
    assert!(second.to_string().contains("a service runs in"), "{second:#}");
    drop(first);
    assert!(Service::build(&session, Vec::new()).await.is_ok());
}
