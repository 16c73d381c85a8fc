//! The service on the simulated broker: a daily restart with orders at work.

mod beginning;
mod ordering;
mod reconciling;
mod restart;

use super::*;
use crate::asking::{Answer, Asked, Done, Want, Way, Which, Wish};
use crate::clock::{FastClock, SystemClock};
use crate::config::variables::Variables;
use crate::config::{OutputFormat, load};
use crate::output::Output;
use crate::wiring::{Access, open_stores, switch_of};
use std::path::Path;
use tradeport_fake_broker::FakeBroker;
use tradeport_kernel::{
    Clock, ConnectionEpoch, Currency, Money, OrderKey, Price, Quantity, Symbol, Timestamp,
};
use tradeport_orders::{
    ClearedOrder, JournalEntry, OrderDraft, OrderGateway, OrderKind, OrderState, Side, TimeInForce,
};
use tradeport_portfolio::{Portfolio, PortfolioStore};
use tradeport_risk::{Kill, Rule, SwitchReason, SwitchStore};
use tradeport_trading::AuditLog;
use tradeport_trading::reconciliation::Cause;

/// Waits are over sooner than on the wall.
const SPEED: f64 = 10.0;
/// So long, by the service's clock, something that should come is waited for.
const PATIENCE: Duration = Duration::from_secs(600);

/// On a Wednesday at noon in New York: nothing is expected then.
fn session(folder: &Path) -> Session {
    session_of(folder, None)
}

fn session_of(folder: &Path, settings: Option<&Path>) -> Session {
    session_by(Arc::new(FastClock::starting(Arc::new(SystemClock), noon(), SPEED)), folder, settings)
}

fn noon() -> Timestamp {
    "2026-01-07T17:00:00Z".parse().unwrap()
}

fn session_by(clock: Arc<dyn Clock>, folder: &Path, settings: Option<&Path>) -> Session {
    let variables: Variables = [("DB_PATH", folder)].into_iter().collect();
    let loaded = load(settings, &variables, &[]).unwrap();
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

/// Only whoever ends in good order says good-bye: a guard takes anything else for a death, and orders may be at work.
#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_fails_with_a_desk_says_no_good_bye() {
    let folder = tempfile::tempdir().unwrap();
    let session = session(folder.path());
    let mut service = Service::build(&session, Vec::new()).await.unwrap();
    let (board, broker) = (Arc::clone(&service.board), service.simulated().unwrap().clone());
    let (fails, fail) = Stop::by_hand();
    service.tasks.spawn(async move {
        fails.asked().await;
        anyhow::bail!("the disk is full")
    });
    let play = async {
        let desk = opened(&board).await;
        rest(&desk, &broker, &session, "rests").await;
        fail();
    };
    let (ended, ()) = tokio::join!(service.run(Stop::never()), play);
    assert!(ended.unwrap_err().to_string().contains("the disk is full"));
    let report = ReportFile::within(folder.path()).read().unwrap().unwrap();
    assert!(!report.stopped, "its orders are at work, and nobody looks after them");
    assert!(!ServiceLock::is_held(folder.path()));
}

/// Killed by another process while the link is down: nothing leaves, and what rested is cancelled with the next link.
#[tokio::test(flavor = "multi_thread")]
async fn scenario_rsk_06_what_is_killed_while_the_link_is_down_is_cancelled_with_the_next_one() {
    let folder = tempfile::tempdir().unwrap();
    let session = session(folder.path());
    let service = Service::build(&session, vec!["AAPL".parse().unwrap()]).await.unwrap();
    let (board, broker) = (Arc::clone(&service.board), service.simulated().unwrap().clone());
    let (stop, ask) = Stop::by_hand();
    let play = async {
        let desk = opened(&board).await;
        let rests = rest(&desk, &broker, &session, "rests").await;
        assert_eq!(rests.order.state(), OrderState::Working, "{:?}", rests.order.reason());
        broker.set_reachable(false);
        broker.drop_link();
        until(&board, "the loss", |report| !ready_in(report, 1)).await;
        let kill =
            Kill { at: board.clock.now(), by: "ada".to_owned(), reason: SwitchReason::of_words("stop") };
        switch_of(&session).unwrap().kill(&kill).await.unwrap();
        let next = rest(&desk, &broker, &session, "next").await;
        assert_eq!(next.refusal.unwrap().rule, Rule::KillSwitch);
        broker.set_reachable(true);
        until(&board, "no working order", |report| report.orders.is_some_and(|it| it.working == 0)).await;
        let key = OrderKey::new("rests").unwrap();
        assert_eq!(desk.order(&key).await.unwrap().state(), OrderState::Cancelled);
        ask();
    };
    let (ended, ()) = tokio::join!(service.run(stop), play);
    ended.unwrap();
}

/// The desk, once it is open: the link is ready before.
async fn opened(board: &Board) -> OrderDesk {
    until(board, "a desk", |report| ready_in(report, 1) && board.desk.get().is_some()).await;
    board.desk.get().unwrap().clone()
}

/// Buys one share far below the market.
async fn rest(
    desk: &OrderDesk,
    broker: &FakeBroker,
    session: &Session,
    name: &str,
) -> tradeport_trading::Placed {
    let symbol = Symbol::new("AAPL").unwrap();
    let kind = OrderKind::Limit { limit: "1".parse::<Price>().unwrap() };
    let (key, account) = (OrderKey::new(name).unwrap(), session.config().account().clone());
    let mut draft = OrderDraft::new(key, account, symbol, Side::Buy, Quantity::new(1.into()).unwrap(), kind);
    draft.time_in_force = TimeInForce::GoodTillCancelled;
    if let Some(quote) = broker.last_quote(symbol) {
        desk.note_quote(quote);
    }
    desk.submit(draft.check().unwrap()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn scenario_rsk_12_other_limits_hold_while_it_runs_and_a_file_that_makes_no_sense_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("limits.toml");
    let write = |limit: &str| std::fs::write(&path, format!("[risk]\nmax_daily_trades = {limit}\n")).unwrap();
    write("50");
    let session = session_of(folder.path(), Some(&path));
    let service = Service::build(&session, Vec::new()).await.unwrap();
    let board = Arc::clone(&service.board);
    let (stop, ask) = Stop::by_hand();
    let play = async {
        let desk = opened(&board).await;
        let holds = |limit: u32| desk.policy().limits().max_daily_trades == limit;
        assert!(holds(50));
        write("600");
        until(&board, "the new limit", |_| holds(600)).await;
        let alarm = || board.alarms.text(Purpose::Interactive, "risk policy").map(|(_, text)| text);
        for nonsense in ["\"many\"", "-7", "1\nmax_orders_per_minute = 60"] {
            write(nonsense);
            until(&board, "an alarm", |_| alarm().is_some()).await;
            assert!(alarm().unwrap().contains("the limits of before still hold"), "{:?}", alarm());
            assert!(holds(600));
            write("600");
            until(&board, "the end of the alarm", |_| alarm().is_none()).await;
        }
        write("70");
        until(&board, "another limit", |_| holds(70)).await;
        ask();
    };
    let (ended, ()) = tokio::join!(service.run(stop), play);
    ended.unwrap();
}

/// Whoever limits losses while it runs means what was lost before as well.
#[tokio::test(flavor = "multi_thread")]
async fn losses_are_counted_from_before_when_their_limit_is_set_while_it_runs() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("limits.toml");
    std::fs::write(&path, "[risk]\nmax_daily_trades = 50\n").unwrap();
    let session = session_of(folder.path(), Some(&path));
    let account = session.config().account().clone();
    let worth = |million: i64| Money::new((million * 1_000_000).into(), Currency::USD);
    {
        let stores = open_stores(session.config(), session.clock(), Access::Write).unwrap();
        let at = noon().before(Duration::from_secs(86_400));
        let price = |_: Symbol| None;
        let kept = Portfolio::new(account.clone(), worth(2)).snapshot(at, price).unwrap();
        stores.portfolio().save_snapshots(&[kept]).await.unwrap();
    }
    let service = Service::build(&session, Vec::new()).await.unwrap();
    let board = Arc::clone(&service.board);
    let (stop, ask) = Stop::by_hand();
    let play = async {
        let desk = opened(&board).await;
        std::fs::write(&path, "[risk]\nmax_drawdown = 0.10\n").unwrap();
        until(&board, "the new limit", |_| desk.policy().limits().limits_losses()).await;
        let wish = ordering::wish("buy AAPL 1", Some("k"), board.clock.now(), session.config());
        let told = answered(&Way::ask(folder.path(), &wish).unwrap(), &board).await;
        let Ok(Done::Ended(ended)) = told else { panic!("an order was asked for") };
        let said = format!("{:?}", ended.said);
        assert_eq!(ended.exit().code(), 3, "{said}");
        assert!(said.contains("max_drawdown: 0.5 against a limit of 0.1"), "{said}");
        ask();
    };
    let (ended, ()) = tokio::join!(service.run(stop), play);
    ended.unwrap();
}

/// The service's answer to a wish of that moment.
async fn asked(folder: &Path, board: &Board, at: Timestamp, cancel: Which) -> Result<Vec<OrderKey>, String> {
    let way = Way::ask(folder, &Wish { at, by: "ada".to_owned(), want: Want::Cancel(cancel) }).unwrap();
    let keys = |done: Done| {
        let Done::Cancelled(asked) = done else { panic!("cancels were asked for") };
        asked.into_iter().map(|it: Asked| it.key).collect()
    };
    answered(&way, board).await.map(keys).map_err(|told| anyhow::Error::from(told).to_string())
}

/// The service's answer.
async fn answered(way: &Way, board: &Board) -> Answer {
    let deadline = board.clock.now().after(PATIENCE);
    loop {
        if let Some(answer) = way.answer().unwrap() {
            return answer;
        }
        assert!(board.clock.now() < deadline, "no answer came");
        board.clock.sleep_until(board.clock.now().after(Duration::from_millis(100))).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_for_a_cancel_in_time_gets_it_and_stands_in_the_audit_log_before_it_leaves() {
    let folder = tempfile::tempdir().unwrap();
    let session = session(folder.path());
    let service = Service::build(&session, vec!["AAPL".parse().unwrap()]).await.unwrap();
    let (board, broker) = (Arc::clone(&service.board), service.simulated().unwrap().clone());
    let (stop, ask) = Stop::by_hand();
    let play = async {
        let desk = opened(&board).await;
        let key = OrderKey::new("rests").unwrap();
        rest(&desk, &broker, &session, "rests").await;
        rest(&desk, &broker, &session, "too").await;
        let ask_for = async |at, cancel| asked(folder.path(), &board, at, cancel).await;
        let one = || Which::One(key.clone());

        let before = Timestamp::from_nanos(board.clock.now().nanos() - 11_000_000_000);
        let late = ask_for(before, one()).await.unwrap_err();
        assert!(late.contains("too late: nothing was cancelled"), "{late}");
        broker.set_reachable(false);
        broker.drop_link();
        until(&board, "the loss", |report| !ready_in(report, 1)).await;
        let lost = ask_for(board.clock.now(), one()).await.unwrap_err();
        assert!(lost.contains("no link to the broker: nothing was cancelled"), "{lost}");
        broker.set_reachable(true);
        until(&board, "the link", |report| ready_in(report, 2)).await;
        assert_eq!(desk.order(&key).await.unwrap().state(), OrderState::Working);

        assert_eq!(ask_for(board.clock.now(), one()).await, Ok(vec![key.clone()]));
        assert_eq!(desk.order(&key).await.unwrap().state(), OrderState::Cancelled);
        let ended = ask_for(board.clock.now(), one()).await.unwrap_err();
        assert!(ended.contains("order rests has ended: it is cancelled"), "{ended}");
        let of_ibm = Which::All { account: None, instrument: Some("IBM".parse().unwrap()) };
        assert_eq!(ask_for(board.clock.now(), of_ibm).await, Ok(Vec::new()));
        let all = || Which::All { account: None, instrument: None };
        assert_eq!(ask_for(board.clock.now(), all()).await, Ok(vec![OrderKey::new("too").unwrap()]));
        assert!(desk.live_orders().await.is_empty());

        let log = board.stores.audit().read(0, 10_000).await.unwrap();
        let place = |actor: &str, action: &str| {
            log.iter().position(|it| it.entry.actor.starts_with(actor) && it.entry.action == action)
        };
        let (wanted, sent) = (place("ada", "cancel asked"), place("service", "cancel sent"));
        assert!(wanted.is_some() && wanted < sent, "{wanted:?} {sent:?}");
        assert_eq!(
            log.iter().filter(|it| it.entry.action == "cancel asked").count(),
            4,
            "not what was refused"
        );
        ask();
    };
    let (ended, ()) = tokio::join!(service.run(stop), play);
    ended.unwrap();
}

/// An order that came the way ours come, and of which nobody wrote anything down.
async fn place_unseen(broker: &FakeBroker, session: &Session, name: &str) {
    let symbol = Symbol::new("AAPL").unwrap();
    let kind = OrderKind::Limit { limit: "1".parse::<Price>().unwrap() };
    let (key, account) = (OrderKey::new(name).unwrap(), session.config().account().clone());
    let draft = OrderDraft::new(key, account, symbol, Side::Buy, Quantity::new(1.into()).unwrap(), kind);
    let intent = draft.check().unwrap();
    let receipt = JournalEntry::intended(intent.clone(), session.clock().now()).kept_at(1);
    broker.submit(&ClearedOrder::by_desk(intent, &receipt).unwrap()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_is_found_by_the_timer_and_shown_until_the_broker_shows_it_gone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("often.toml");
    std::fs::write(&path, "[reconciliation]\nevery_seconds = 2\n").unwrap();
    let session = session_of(folder.path(), Some(&path));
    let service = Service::build(&session, vec!["AAPL".parse().unwrap()]).await.unwrap();
    let (board, broker) = (Arc::clone(&service.board), service.simulated().unwrap().clone());
    let (stop, ask) = Stop::by_hand();
    let play = async {
        until(&board, "a link and a quote", |report| ready_in(report, 1) && quotes(report) > 0).await;
        let before = board.report(false).reconciliation.unwrap().at;
        until(&board, "another look", |report| report.reconciliation.unwrap().at > before).await;
        assert_eq!(board.report(false).breaks, []);
        place_unseen(&broker, &session, "unseen").await;
        // A report of a desk that was busy has what was known last, of each by itself.
        let found = until(&board, "the break", |report| {
            report.breaks.len() == 1 && report.reconciliation.is_some_and(|it| it.others == 1)
        });
        let found = found.await;
        assert_eq!(found.breaks[0].cause, Cause::OrphanOrder);
        assert!(found.reconciliation.is_some_and(|it| it.epoch == 1), "no new epoch was needed");
        broker.cancel_everything().await.unwrap();
        until(&board, "that it is solved", |report| report.breaks.is_empty()).await;
        let desk = board.desk.get().unwrap();
        assert!(desk.orders().await.is_empty(), "it never became ours");
        ask();
    };
    let (ended, ()) = tokio::join!(service.run(stop), play);
    ended.unwrap();
}

fn quotes(report: &report::StatusReport) -> u64 {
    report.recording.as_ref().map_or(0, |it| it.quotes)
}

/// An order rests and quotes are recorded, through two restarts of the broker.
async fn restarts(board: &Board, broker: &FakeBroker, session: &Session) {
    until(board, "a link", |report| ready_in(report, 1) && report.recording.is_some()).await;
    until(board, "a quote", |report| quotes(report) > 0).await;
    let desk = opened(board).await;
    let key = OrderKey::new("rests").unwrap();
    let rests = rest(&desk, broker, session, "rests").await;
    assert_eq!(rests.order.state(), OrderState::Working, "{:?}", rests.order.reason());

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
