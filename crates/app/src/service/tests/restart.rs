//! The daily restart of the broker's program through the whole service: what works before it, what is held back in it,
//! what is back after it.
//!
//! Virtual time goes on in steps, and only after everybody had a turn: a busy machine breaks no limit.

use super::*;
use crate::clock::SystemClock;
use tradeport_connection::calendar::OutageKind;
use tradeport_kernel::{Clock, Decimal};
use tradeport_memory::VirtualClock;
use tradeport_orders::Order;
use tradeport_trading::Placed;

/// Virtual time goes on by this much at once: several answers fit into every limit.
const STEP: Duration = Duration::from_millis(200);
/// Before each step the threads that write the databases get this much of real time.
const TURN: Duration = Duration::from_millis(1);

/// A Wednesday, minutes before the restart at 14:55 in New York, which takes a minute; orders are held 20 s before it.
/// Attempts in the window are calm: here 10 s apart.
const START: &str = "2026-01-07T19:54:00Z";
const WINDOW: (&str, &str) = ("2026-01-07T19:55:00Z", "2026-01-07T19:56:00Z");
const SETTINGS: &str = "[link]\nrestart_at = \"14:55\"\nrestart_minutes = 1\nzone = \"America/New_York\"\n\
    announced_resets = false\nhold_before_seconds = 20\nlongest_wait_seconds = 10\n";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A service of its own in virtual time, before a restart for which its settings say this.
struct Restart {
    folder: tempfile::TempDir,
    session: Session,
    clock: VirtualClock,
}

impl Restart {
    fn with(drain: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.toml");
        std::fs::write(&path, format!("{SETTINGS}drain = \"{drain}\"\n")).unwrap();
        let variables: Variables = [("DB_PATH", folder.path())].into_iter().collect();
        let loaded = load(Some(&path), &variables, &[]).unwrap();
        let clock = VirtualClock::new(at(START));
        let output = Output::new(OutputFormat::Json, false);
        let session = Session::new(loaded, output, Stop::never(), Arc::new(clock.clone()));
        Self { folder, session, clock }
    }

    /// Runs the service, and beside it what is done with it.
    async fn play(&self, steps: impl AsyncFnOnce(&Board, &FakeBroker, &Session)) {
        let service = Service::build(&self.session, vec!["AAPL".parse().unwrap()]).await.unwrap();
        let (board, broker) = (Arc::clone(&service.board), service.simulated().unwrap().clone());
        let (stop, ask) = Stop::by_hand();
        let steps = async {
            steps(&board, &broker, &self.session).await;
            ask();
        };
        let played = async { tokio::join!(service.run(stop), steps) };
        let time = async {
            loop {
                SystemClock.sleep_until(SystemClock.now().after(TURN)).await;
                self.clock.advance(STEP);
            }
        };
        let (ended, ()) =
            tokio::select! { played = played => played, () = time => unreachable!("it goes on") };
        ended.unwrap();
        assert!(ReportFile::within(self.folder.path()).read().unwrap().is_some_and(|report| report.stopped));
    }
}

/// What is said of the link within the outage, with this epoch or none.
fn blacked_out(report: &report::StatusReport, wanted: Option<u64>) -> bool {
    let LinkStanding::Blackout { kind, until, epoch } = &report.links[0].standing else { return false };
    assert_eq!((*kind, *until), (OutageKind::DailyRestart, at(WINDOW.1)));
    epoch.map(ConnectionEpoch::number) == wanted
}

async fn order(desk: &OrderDesk, name: &str) -> Order {
    desk.order(&OrderKey::new(name).unwrap()).await.unwrap()
}

/// One share by this kind of order, until it is cancelled.
async fn place(desk: &OrderDesk, session: &Session, name: &str, side: Side, kind: OrderKind) -> Placed {
    let (key, account) = (OrderKey::new(name).unwrap(), session.config().account().clone());
    let (symbol, one) = (Symbol::new("AAPL").unwrap(), Quantity::new(Decimal::ONE).unwrap());
    let mut draft = OrderDraft::new(key, account, symbol, side, one, kind);
    draft.time_in_force = TimeInForce::GoodTillCancelled;
    desk.submit(draft.check().unwrap()).await.unwrap()
}

/// A share is held, an offer protects it, and a bid rests.
async fn before(board: &Board, broker: &FakeBroker, session: &Session) -> OrderDesk {
    until(board, "a link", |report| ready_in(report, 1) && quotes(report) > 0).await;
    let desk = super::opened(board).await;
    let rests = super::rest(&desk, broker, session, "rests").await;
    assert_eq!(rests.order.state(), OrderState::Working, "{:?}", rests.order.reason());
    place(&desk, session, "held", Side::Buy, OrderKind::Market).await;
    until(board, "the fill", |report| report.orders.is_some_and(|it| it.working == 1)).await;
    assert_eq!(order(&desk, "held").await.state(), OrderState::Filled);
    let high = OrderKind::Limit { limit: "2000".parse().unwrap() };
    let protects = place(&desk, session, "protects", Side::Sell, high).await;
    assert_eq!(protects.order.state(), OrderState::Working, "{:?}", protects.order.reason());
    desk
}

/// In the hold time, in the window without a link, and with the new one: nothing leaves, and nobody is called.
async fn within(board: &Board, broker: &FakeBroker, session: &Session, desk: &OrderDesk) {
    let near = until(board, "the hold time", |report| blacked_out(report, Some(1))).await;
    assert!(near.at < at(WINDOW.0), "orders are held before the window begins");
    let low = || OrderKind::Limit { limit: "1".parse().unwrap() };
    let held = place(desk, session, "held-back", Side::Buy, low()).await;
    assert_eq!(held.order.state(), OrderState::NotSent);
    assert!(held.order.reason().unwrap().contains("daily restart until"), "{:?}", held.order.reason());

    broker.set_reachable(false);
    broker.drop_link();
    let gone = until(board, "the loss", |report| blacked_out(report, None)).await;
    assert!(gone.at < at(WINDOW.0), "the program ended in the hold time: {}", gone.at);
    let inside = until(board, "the window", |report| report.at >= at(WINDOW.0).after(STEP * 100)).await;
    assert!(blacked_out(&inside, None), "{inside:#?}");
    broker.set_reachable(true);
    let back = until(board, "the link in the window", |report| blacked_out(report, Some(2))).await;
    assert!(back.at < at(WINDOW.1), "it is not waited for the end of the window: {}", back.at);
    let still = place(desk, session, "held-again", Side::Buy, low()).await;
    assert_eq!(still.order.state(), OrderState::NotSent);
    for report in [&near, &gone, &inside, &back] {
        assert!(report.links[0].alarms.is_empty() && report.is_healthy(), "it was expected: {report:#?}");
    }
}

/// Everything is proven anew after the window, quotes flow, and orders leave.
async fn after(board: &Board, session: &Session, desk: &OrderDesk) {
    let over = until(board, "the end of it", |report| ready_in(report, 2)).await;
    let proven = over.reconciliation.unwrap();
    assert!(over.at >= at(WINDOW.1) && over.links[0].life_age_seconds.is_some(), "{over:#?}");
    assert!(proven.at >= at(WINDOW.1), "proven after the window, not before: {}", proven.at);
    let before = quotes(&over);
    until(board, "quotes again", |report| quotes(report) > before).await;
    assert_eq!(order(desk, "protects").await.state(), OrderState::Working, "it stays where it is");
    for never in ["held-back", "held-again"] {
        assert_eq!(order(desk, never).await.state(), OrderState::NotSent, "nothing leaves by itself later");
    }
    let low = OrderKind::Limit { limit: "1".parse().unwrap() };
    let next = place(desk, session, "next", Side::Buy, low).await;
    assert_eq!(next.order.state(), OrderState::Working, "{:?}", next.order.reason());
}

#[tokio::test]
async fn scenario_rst_03_a_daily_restart_holds_orders_back_and_leaves_what_rests() {
    Restart::with("keep")
        .play(async |board, broker, session| {
            let desk = before(board, broker, session).await;
            within(board, broker, session, &desk).await;
            after(board, session, &desk).await;
            assert_eq!(order(&desk, "rests").await.state(), OrderState::Working);
        })
        .await;
}

#[tokio::test]
async fn scenario_rst_03_a_daily_restart_calls_off_what_protects_nothing() {
    Restart::with("cancel_unprotective")
        .play(async |board, broker, session| {
            let desk = before(board, broker, session).await;
            until(board, "the drain", |report| report.orders.is_some_and(|it| it.working == 1)).await;
            assert!(board.clock.now() < at(WINDOW.0));
            assert_eq!(order(&desk, "rests").await.state(), OrderState::Cancelled);
            within(board, broker, session, &desk).await;
            after(board, session, &desk).await;
        })
        .await;
}

#[tokio::test]
async fn whoever_asks_within_a_daily_restart_may_cancel_and_is_told_why_nothing_else_leaves() {
    let restart = Restart::with("keep");
    restart
        .play(async |board, broker, session| {
            before(board, broker, session).await;
            until(board, "the hold time", |report| blacked_out(report, Some(1))).await;
            let folder = restart.folder.path();
            let typed = |words: &str, key: &str| {
                let wish = super::ordering::wish(words, Some(key), board.clock.now(), session.config());
                Way::ask(folder, &wish).unwrap()
            };
            for (words, key) in [("buy AAPL 1 --limit 1", "more"), ("change rests --limit 2", "rests")] {
                let refused = anyhow::Error::from(answered(&typed(words, key), board).await.unwrap_err());
                let told = refused.to_string();
                assert!(told.contains("daily restart until") && told.ends_with("nothing was sent"), "{told}");
            }
            assert!(board.desk.get().unwrap().order(&OrderKey::new("more").unwrap()).await.is_none());
            let compare = reconciling::Asking { at: board.clock.now(), flex: None, solve: None };
            crate::reconciling::ask(folder, &compare).unwrap();
            let told =
                crate::fault::Report::of(&reconciling::told(folder, board, &compare).await.unwrap_err());
            assert!(told.message.contains("daily restart until 2026-01-07T19:56:00Z"), "{told:?}");
            assert_eq!(told.advice, "the same again after 2026-01-07T19:56:00Z");
            let rests = OrderKey::new("rests").unwrap();
            let cancelled = asked(folder, board, board.clock.now(), Which::One(rests.clone())).await;
            assert_eq!(cancelled, Ok(vec![rests]));
            until(board, "the cancel", |report| report.orders.is_some_and(|it| it.working == 1)).await;

            broker.set_reachable(false);
            broker.drop_link();
            until(board, "the loss", |report| blacked_out(report, None)).await;
            let cut = asked(folder, board, board.clock.now(), Which::One("protects".parse().unwrap())).await;
            assert!(cut.unwrap_err().contains("no link to the broker: nothing was cancelled"));
        })
        .await;
}
