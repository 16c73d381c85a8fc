//! Reconciliation beside everything else: a broker that is slow to tell holds nobody up.

use super::*;
use crate::fake::KeptState;
use crate::fault::Report;
pub(super) use crate::reconciling::Wish as Asking;
use crate::reconciling::{ReconcileReport, answer, ask};
use async_trait::async_trait;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::watch;
use tradeport_kernel::Snapshot;
use tradeport_orders::{
    Accepted, BrokerOrder, CancelError, ClearedCancel, ClearedChange, ClearedPreview, Execution,
    GatewayError, OrderEvents, OrderPreview, PreviewError, SubmitError,
};

/// So long, by the service's clock, anything takes that waits for nobody: less than anybody waits for a slow broker.
const AT_ONCE: Duration = Duration::from_secs(30);

/// A gateway whose executions, which a reconciliation asks for first, are held back for as long as the test wants.
struct HoldsBack {
    inner: Arc<dyn OrderGateway>,
    holds: watch::Sender<bool>,
    /// So many wait now, so many did at once at most, and so many asked.
    waiting: AtomicUsize,
    most: AtomicUsize,
    asked: AtomicUsize,
}

impl HoldsBack {
    fn before(service: &mut Service) -> Arc<Self> {
        let inner = Arc::clone(&service.lines[0].ports.gateway);
        let zero = AtomicUsize::default;
        let held =
            Self { inner, holds: watch::channel(false).0, waiting: zero(), most: zero(), asked: zero() };
        let held = Arc::new(held);
        service.lines[0].ports.gateway = held.clone();
        held
    }

    fn hold(&self) {
        self.holds.send_replace(true);
    }

    fn let_go(&self) {
        self.holds.send_replace(false);
    }

    fn waits(&self) -> bool {
        self.waiting.load(Ordering::SeqCst) > 0
    }
}

/// Counts who waits, for as long as they do.
struct Waits<'a>(&'a AtomicUsize);

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[async_trait]
impl OrderGateway for HoldsBack {
    async fn submit(&self, order: &ClearedOrder) -> Result<Accepted, SubmitError> {
        self.inner.submit(order).await
    }

    async fn preview(&self, order: &ClearedPreview) -> Result<OrderPreview, PreviewError> {
        self.inner.preview(order).await
    }

    async fn change(&self, change: &ClearedChange) -> Result<(), SubmitError> {
        self.inner.change(change).await
    }

    async fn cancel(&self, cancel: &ClearedCancel) -> Result<(), CancelError> {
        self.inner.cancel(cancel).await
    }

    async fn cancel_everything(&self) -> Result<(), CancelError> {
        self.inner.cancel_everything().await
    }

    async fn events(&self) -> Result<OrderEvents, GatewayError> {
        self.inner.events().await
    }

    async fn open_orders(&self) -> Result<Snapshot<BrokerOrder>, GatewayError> {
        self.inner.open_orders().await
    }

    async fn completed_orders(&self) -> Result<Snapshot<BrokerOrder>, GatewayError> {
        self.inner.completed_orders().await
    }

    async fn executions(&self, since: Timestamp) -> Result<Snapshot<Execution>, GatewayError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let now = self.waiting.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        let _waits = Waits(&self.waiting);
        let mut holds = self.holds.subscribe();
        holds.wait_for(|holds| !holds).await.unwrap();
        self.inner.executions(since).await
    }
}

/// A service that runs, and its broker.
struct Stage<'a> {
    board: &'a Board,
    broker: &'a FakeBroker,
    session: &'a Session,
    folder: &'a Path,
    held: &'a HoldsBack,
}

impl Stage<'_> {
    /// Waits until this is so.
    async fn until(&self, what: &str, so: impl Fn() -> bool) {
        until(self.board, what, |_| so()).await;
    }

    /// Asks for a reconciliation that the broker does not answer yet.
    async fn wish_that_waits(&self) -> Asking {
        self.held.hold();
        let wish = self.wish();
        self.until("the question", || self.held.waits()).await;
        wish
    }

    fn wish(&self) -> Asking {
        let wish = Asking { at: self.board.clock.now(), flex: None, solve: None };
        ask(self.folder, &wish).unwrap();
        wish
    }

    async fn told(&self, wish: &Asking) -> anyhow::Result<ReconcileReport> {
        told(self.folder, self.board, wish).await
    }

    /// What comes of this within the time that nobody needs to wait for the broker.
    async fn at_once<T>(&self, what: &str, work: impl Future<Output = T>) -> T {
        tokio::select! {
            done = work => done,
            () = self.board.clock.sleep_until(self.board.clock.now().after(AT_ONCE)) => panic!("{what} waited"),
        }
    }

    fn state(&self, name: &str) -> impl Future<Output = OrderState> {
        let (desk, key) = (self.board.desk.get().unwrap().clone(), OrderKey::new(name).unwrap());
        async move { desk.order(&key).await.unwrap().state() }
    }
}

/// The service's answer to a wish to reconcile.
pub(super) async fn told(folder: &Path, board: &Board, wish: &Asking) -> anyhow::Result<ReconcileReport> {
    let late = board.clock.now().after(PATIENCE);
    loop {
        if let Some(report) = answer(folder, wish)? {
            return Ok(report);
        }
        assert!(board.clock.now() < late, "nobody was told");
        board.clock.sleep_until(board.clock.now().after(Duration::from_millis(100))).await;
    }
}

/// Runs a service under these settings, and beside it what is done with it. The steps say when it is asked to stop.
async fn play(settings: &str, steps: impl AsyncFnOnce(Stage<'_>, Box<dyn FnOnce()>)) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.toml");
    std::fs::write(&path, settings).unwrap();
    let session = session_of(folder.path(), Some(&path));
    let mut service = Service::build(&session, vec!["AAPL".parse().unwrap()]).await.unwrap();
    let held = HoldsBack::before(&mut service);
    let (board, broker) = (Arc::clone(&service.board), service.simulated().unwrap().clone());
    let (stop, ask) = Stop::by_hand();
    let steps = async {
        opened(&board).await;
        let (folder, held) = (folder.path(), &*held);
        let stage = Stage { board: &board, broker: &broker, session: &session, folder, held };
        steps(stage, Box::new(ask)).await;
    };
    let (ended, ()) = tokio::join!(service.run(stop), steps);
    ended.unwrap();
}

/// The timer never comes.
const BY_HAND: &str = "[reconciliation]\nevery_seconds = 86400\n";

#[tokio::test(flavor = "multi_thread")]
async fn cancels_orders_and_the_kill_switch_wait_for_no_reconciliation() {
    play(BY_HAND, async |stage, stop| {
        let desk = stage.board.desk.get().unwrap();
        for name in ["a", "b"] {
            rest(desk, stage.broker, stage.session, name).await;
        }
        let wish = stage.wish_that_waits().await;
        let cancel =
            asked(stage.folder, stage.board, stage.board.clock.now(), Which::One("a".parse().unwrap()));
        assert_eq!(stage.at_once("a cancel", cancel).await, Ok(vec!["a".parse().unwrap()]));
        assert_eq!(stage.state("a").await, OrderState::Cancelled);

        let (now, config) = (stage.board.clock.now(), stage.session.config());
        let order = ordering::wish("buy AAPL 1 --limit 1 --tif gtc", Some("c"), now, config);
        let way = Way::ask(stage.folder, &order).unwrap();
        let Ok(Done::Ended(ended)) = stage.at_once("an order", answered(&way, stage.board)).await else {
            panic!("an order was asked for")
        };
        assert_eq!(ended.exit().code(), 0, "{:?}", ended.said);
        assert_eq!(stage.state("c").await, OrderState::Working);

        let (at, by) = (stage.board.clock.now(), "ada".to_owned());
        let kill = Kill { at, by, reason: SwitchReason::of_words("stop") };
        switch_of(stage.session).unwrap().kill(&kill).await.unwrap();
        let killed =
            until(stage.board, "the cancels", |report| report.orders.is_some_and(|it| it.working == 0));
        stage.at_once("the kill switch", killed).await;
        assert!(stage.held.waits() && answer(stage.folder, &wish).unwrap().is_none(), "it still waits");

        stage.held.let_go();
        assert!(stage.told(&wish).await.unwrap().breaks.is_empty());
        stop();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_while_one_is_under_way_gets_the_next_one_and_never_are_there_two() {
    play("[reconciliation]\nevery_seconds = 2\n", async |stage, stop| {
        let first = stage.wish_that_waits().await;
        // Longer than the timer waits, too.
        let second = stage.wish();
        let third = stage.wish();
        place_unseen(stage.broker, stage.session, "unseen").await;
        let later = stage.board.clock.now().after(Duration::from_secs(6));
        stage.board.clock.sleep_until(later).await;
        let asked = stage.held.asked.load(Ordering::SeqCst);
        stage.held.let_go();
        assert!(stage.told(&first).await.is_ok());
        for wish in [second, third] {
            let report = stage.told(&wish).await.unwrap();
            assert!(report.at >= later && report.breaks.len() == 1, "{report:?}");
        }
        assert_eq!(stage.held.most.load(Ordering::SeqCst), 1, "one at a time");
        assert!(stage.held.asked.load(Ordering::SeqCst) > asked + 2);
        stop();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_waits_for_no_reconciliation_and_who_asked_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let session = session(folder.path());
    let mut service = Service::build(&session, Vec::new()).await.unwrap();
    let held = HoldsBack::before(&mut service);
    let (board, broker) = (Arc::clone(&service.board), service.simulated().unwrap().clone());
    let (stop, ask) = Stop::by_hand();
    let steps = async {
        let desk = opened(&board).await;
        rest(&desk, &broker, &session, "rests").await;
        let stage =
            Stage { board: &board, broker: &broker, session: &session, folder: folder.path(), held: &held };
        let first = stage.wish_that_waits().await;
        let second = stage.wish();
        // Both are taken.
        stage.board.clock.sleep_until(board.clock.now().after(Duration::from_secs(3))).await;
        ask();
        (board.clock.now(), first, second)
    };
    let (ended, (asked, first, second)) = tokio::join!(service.run(stop), steps);
    ended.unwrap();
    let took = board.clock.now().since(asked);
    assert!(took < Duration::from_secs(60), "{took:?}");
    for wish in [first, second] {
        let told = Report::of(&answer(folder.path(), &wish).unwrap_err());
        assert!(told.message.contains("the service stops"), "{told:?}");
    }
    drop(board);
    let platform = crate::wiring::Platform::open(&session).await.unwrap();
    let rests = platform.desk().order(&OrderKey::new("rests").unwrap()).await.unwrap();
    assert_eq!(rests.state(), OrderState::Working, "nothing is lost");
    platform.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_goes_down_ends_it_and_the_next_epoch_is_proven_before_anything_leaves() {
    play(BY_HAND, async |stage, stop| {
        let wish = stage.wish_that_waits().await;
        stage.broker.set_reachable(false);
        stage.broker.drop_link();
        let told = Report::of(&stage.at_once("the answer", stage.told(&wish)).await.unwrap_err());
        assert!(told.message.contains("the link to the broker was lost"), "{told:?}");
        assert!(told.advice.contains("the same again"), "{told:?}");
        // The first one of the next epoch is held back as well: until it has ended, nothing is sent.
        stage.broker.set_reachable(true);
        stage.until("the proof", || stage.held.waits()).await;
        let held = stage.board.report(false).links[0].held.clone();
        assert!(held.is_some_and(|held| held.contains("not proven in this epoch")));
        let early = rest(stage.board.desk.get().unwrap(), stage.broker, stage.session, "early");
        let mut early = Box::pin(early);
        tokio::select! {
            _ = &mut early => panic!("it was judged by what is not proven"),
            () = stage.board.clock.sleep_until(stage.board.clock.now().after(Duration::from_secs(3))) => {}
        }
        assert!(stage.broker.open_orders().await.unwrap().rows().is_empty(), "nothing was sent");
        stage.held.let_go();
        until(stage.board, "the link", |report| ready_in(report, 2)).await;
        early.await;
        assert!(stage.told(&stage.wish()).await.is_ok());
        stop();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_simulated_broker_knows_is_kept_before_anybody_is_told_of_it() {
    play(BY_HAND, async |stage, stop| {
        let kept = || {
            let exchange = KeptState::within(stage.folder).load().unwrap().unwrap();
            exchange.open_orders().len()
        };
        place_unseen(stage.broker, stage.session, "unseen").await;
        assert_eq!(kept(), 0, "nobody has kept it yet");
        let wish = stage.wish_that_waits().await;
        assert_eq!(kept(), 1, "it is asked for, and is kept");
        // Meanwhile its market stands: nothing happens there that is not kept.
        let before = quotes(&stage.board.report(false));
        stage.board.clock.sleep_until(stage.board.clock.now().after(Duration::from_secs(10))).await;
        assert!(quotes(&stage.board.report(false)) <= before + 1);
        stage.held.let_go();
        assert_eq!(stage.told(&wish).await.unwrap().breaks.len(), 1);
        until(stage.board, "its market", |report| quotes(report) > before + 1).await;
        stop();
    })
    .await;
}
