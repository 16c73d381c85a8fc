//! Orders that are asked of the service by its folder: placed once or not at all, whoever dies on the way.

use super::*;
use crate::asking::{Typed, take};
use crate::config::{Assignment, Config};
use crate::fault::Report;
use crate::output::Said;
use serde_json::Value;
use tradeport_kernel::Decimal;

/// What a command said and how it ended: exit code, standard output, the error's message.
#[derive(Debug, PartialEq, Eq)]
struct Told {
    code: u8,
    out: String,
    error: String,
}

impl Told {
    fn of(answer: Answer) -> Self {
        match answer {
            Ok(Done::Ended(ended)) => {
                let (mut out, mut err) = (String::new(), String::new());
                for said in &ended.said {
                    match said {
                        Said::Out(text) => out.push_str(text),
                        Said::Err(text) => err.push_str(text),
                    }
                }
                let error =
                    serde_json::from_str(&err).map_or(err, |it: Value| it["error"]["message"].to_string());
                Self { code: ended.exit().code(), out, error }
            }
            Ok(Done::Cancelled(_)) => panic!("an order was asked for"),
            Err(told) => {
                let report = Report::of(&told.into());
                Self { code: report.exit_code, out: String::new(), error: report.message }
            }
        }
    }

    fn json(&self) -> Value {
        assert_eq!(self.code, 0, "{self:?}");
        serde_json::from_str(&self.out).unwrap()
    }

    /// It was refused before anything was sent.
    fn fails(&self, code: u8, words: &str) {
        assert!(self.code == code && self.error.contains(words), "{words:?} is not in {self:?}");
    }
}

/// A wish as a command line makes it.
pub(super) fn wish(typed: &str, key: Option<&str>, at: Timestamp, config: &Config) -> Wish {
    let words = format!("tradeport order {typed}").split_whitespace().map(str::to_owned).collect();
    let look = Output::new(OutputFormat::Json, false).look();
    let want = Want::Order(Typed::new(words, key.map(|key| key.parse().unwrap()), config, look));
    Wish { at, by: "command line, run 1".to_owned(), want }
}

/// A service that runs, and whoever asks it.
struct Desk<'a> {
    board: &'a Board,
    broker: &'a FakeBroker,
    session: &'a Session,
    folder: &'a Path,
}

impl Desk<'_> {
    async fn order(&self, typed: &str, key: Option<&str>) -> Told {
        self.ask(&wish(typed, key, self.board.clock.now(), self.session.config())).await
    }

    async fn ask(&self, wish: &Wish) -> Told {
        Told::of(answered(&Way::ask(self.folder, wish).unwrap(), self.board).await)
    }

    async fn count(&self) -> usize {
        self.board.desk.get().unwrap().orders().await.len()
    }

    /// The orders that the broker holds.
    async fn at_the_broker(&self) -> usize {
        self.broker.open_orders().await.unwrap().rows().len()
    }
}

/// Runs a service, and beside it what is done with it. What lies in the folder before is put there by `before`.
async fn play_after(before: impl FnOnce(&Path, &Session), steps: impl AsyncFnOnce(Desk<'_>)) {
    play_by(Arc::new(FastClock::starting(Arc::new(SystemClock), noon(), SPEED)), before, steps).await;
}

/// The same in an empty folder.
async fn play(steps: impl AsyncFnOnce(Desk<'_>)) {
    play_after(|_, _| {}, steps).await;
}

/// The same by this clock.
async fn play_by(
    clock: Arc<dyn Clock>,
    before: impl FnOnce(&Path, &Session),
    steps: impl AsyncFnOnce(Desk<'_>),
) {
    let folder = tempfile::tempdir().unwrap();
    let session = session_by(clock, folder.path(), None);
    before(folder.path(), &session);
    let service = Service::build(&session, Vec::new()).await.unwrap();
    let (board, broker) = (Arc::clone(&service.board), service.simulated().unwrap().clone());
    let (stop, ask) = Stop::by_hand();
    let steps = async {
        opened(&board).await;
        steps(Desk { board: &board, broker: &broker, session: &session, folder: folder.path() }).await;
        ask();
    };
    let (ended, ()) = tokio::join!(service.run(stop), steps);
    ended.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn one_intent_is_one_order_however_often_it_is_asked() {
    play(async |desk| {
        let first = desk.order("buy AAPL 1 --limit 1 --tif gtc", Some("k")).await.json();
        assert_eq!(
            (&first["order"]["state"], &first["repeat"]),
            (&"working".into(), &false.into()),
            "{first}"
        );
        let again = desk.order("buy AAPL 1 --limit 1 --tif gtc", Some("k")).await.json();
        assert_eq!(
            (&again["order"]["perm_id"], &again["repeat"]),
            (&first["order"]["perm_id"], &true.into())
        );
        desk.order("buy AAPL 2 --limit 1 --tif gtc", Some("k"))
            .await
            .fails(2, "used before for another intent");
        // Two at the same moment, as from two windows.
        let both = ["buy IBM 1 --limit 1 --tif gtc"; 2].map(|typed| desk.order(typed, Some("both")));
        let both = futures::future::join_all(both).await;
        let repeats: Vec<bool> = both.iter().map(|it| it.json()["repeat"].as_bool().unwrap()).collect();
        assert!(repeats.contains(&true) && repeats.contains(&false), "{repeats:?}");
        assert_eq!((desk.count().await, desk.at_the_broker().await), (2, 2));

        let changed = desk.order("change k --quantity 3", Some("k")).await.json();
        assert_eq!((&changed["change"], &changed["order"]["quantity"]), (&"made".into(), &"3".into()));
        let filled = desk.order("buy AAPL 1", Some("now")).await.json();
        assert_eq!(filled["order"]["state"], "filled", "{filled}");
        let seen = desk.order("preview buy AAPL 1 --limit 1", None).await.json();
        assert!(seen["order"].is_object() && desk.count().await == 3, "{seen}");
        let log = desk.board.stores.audit().read(0, 10_000).await.unwrap();
        let place = |actor: &str, action: &str| {
            let fits = |it: &&str| it.starts_with(actor);
            log.iter().position(|it| fits(&it.entry.actor.as_str()) && it.entry.action == action)
        };
        assert!(place("command line, run", "order asked").is_some(), "{log:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn its_own_desk_judges_by_its_own_limits_and_switch() {
    play(async |desk| {
        desk.order("buy AAPL 1000000", Some("much")).await.fails(3, "risk gate");
        desk.order("buy AAPL 1 --limit 1 --stop", Some("words")).await.fails(2, "cannot read what was typed");
        desk.order("change nobody --quantity 1", Some("nobody")).await.fails(1, "nobody");
        let (at, by) = (desk.board.clock.now(), "ada".to_owned());
        let kill = Kill { at, by, reason: SwitchReason::of_words("stop") };
        switch_of(desk.session).unwrap().kill(&kill).await.unwrap();
        desk.order("buy AAPL 1 --limit 1", Some("killed")).await.fails(3, "kill_switch");
        assert_eq!(desk.at_the_broker().await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_of_now_or_not_for_this_service_is_never_placed() {
    play(async |desk| {
        let (now, config) = (desk.board.clock.now(), desk.session.config());
        let apart = Duration::from_secs(60);
        for at in [now.before(apart), now.after(apart)] {
            let old = wish("buy AAPL 1 --limit 1", Some("old"), at, config);
            desk.ask(&old).await.fails(1, "too late: nothing was sent");
        }
        let said = Assignment { key: "fake.account", flag: "--account", value: "DU9".into() };
        let other = load(None, &Variables::default(), &[said]).unwrap();
        let elsewhere = wish("buy AAPL 1 --limit 1", Some("k"), now, other.config());
        desk.ask(&elsewhere).await.fails(2, "this command means DU9");
        desk.broker.set_reachable(false);
        desk.broker.drop_link();
        until(desk.board, "the loss", |report| !ready_in(report, 1)).await;
        desk.order("buy AAPL 1 --limit 1", Some("k"))
            .await
            .fails(1, "no link to the broker: nothing was sent");
        assert_eq!(desk.count().await, 0);
    })
    .await;
}

/// A broker that is gone can be asked for nothing, not even for what an instrument is.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_placed_has_its_answer_without_a_link_and_nothing_else_has() {
    play(async |desk| {
        let rests = "buy AAPL 1 --limit 1 --tif gtc";
        let first = desk.order(rests, Some("k")).await.json();
        let mid = desk.broker.last_quote(Symbol::new("AAPL").unwrap()).unwrap().mid().unwrap().as_decimal();
        let above = |percent: i64| (mid * Decimal::new(100 + percent, 2)).round_dp(2);
        let targets = format!("--target {}:50% --target {}:50%", above(3), above(5));
        let bracket = &format!("bracket buy AAPL 4 --entry 5 {targets} --stop 1");
        desk.order(bracket, Some("b")).await.json();
        desk.order("target-percent AAPL 0.05", Some("t")).await.json();
        let spread = "spread straddle AAPL 30d atm";
        desk.order(spread, Some("s")).await.json();
        let count = desk.count().await;
        desk.broker.set_reachable(false);
        desk.broker.drop_link();
        until(desk.board, "the loss", |report| !ready_in(report, 1)).await;
        let again = desk.order(rests, Some("k")).await.json();
        assert_eq!(
            (&again["order"]["perm_id"], &again["repeat"]),
            (&first["order"]["perm_id"], &true.into()),
            "{again}"
        );
        for (typed, key) in [(bracket.as_str(), "b"), ("target-percent AAPL 0.05", "t"), (spread, "s")] {
            assert_eq!(desk.order(typed, Some(key)).await.json()["repeat"], true, "{typed}");
        }
        let other = desk.order("buy AAPL 2 --limit 1 --tif gtc", Some("k")).await;
        other.fails(2, "used before for another intent");
        desk.order("change k --quantity 3", Some("k"))
            .await
            .fails(1, "no link to the broker: nothing was sent");
        desk.order("buy AAPL 2 --limit 1", Some("new"))
            .await
            .fails(1, "no link to the broker: nothing was sent");
        assert_eq!(desk.count().await, count);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_earlier_service_left_is_never_placed_and_garbage_stops_nobody() {
    let left = |folder: &Path, session: &Session| {
        let now = session.clock().now();
        let asked = |key| wish("buy AAPL 1 --limit 1 --tif gtc", Some(key), now, session.config());
        // One that its service had taken when it died, and one that nobody had taken: whoever asked is gone, too.
        Way::ask(folder, &asked("taken")).unwrap();
        drop(take(folder));
        Way::ask(folder, &Wish { at: now.after(Duration::from_nanos(1)), ..asked("waiting") }).unwrap();
        std::fs::write(folder.join("asked").join("1-1.asked"), "{").unwrap();
    };
    play_after(left, async |desk| {
        std::fs::write(desk.folder.join("asked").join("2-1.asked"), "nonsense").unwrap();
        std::fs::create_dir(desk.folder.join("asked").join("3-1.asked")).unwrap();
        let placed = desk.order("buy AAPL 1 --limit 1 --tif gtc", Some("k")).await.json();
        assert_eq!(placed["order"]["state"], "working");
        let orders = desk.board.desk.get().unwrap().orders().await;
        let keys: Vec<_> = orders.iter().map(|order| order.intent().key().as_str()).collect();
        assert_eq!(keys, ["k"], "what was left is not placed");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asked_and_died_has_one_order_and_can_look_at_it() {
    play(async |desk| {
        let dead =
            wish("buy AAPL 1 --limit 1 --tif gtc", Some("k"), desk.board.clock.now(), desk.session.config());
        drop(Way::ask(desk.folder, &dead).unwrap());
        until(desk.board, "the order", |report| report.orders.is_some_and(|it| it.working == 1)).await;
        let again = desk.order("buy AAPL 1 --limit 1 --tif gtc", Some("k")).await.json();
        assert_eq!((&again["repeat"], desk.count().await), (&true.into(), 1));
    })
    .await;
}

/// The machine's time, from noon on; from the moment at which somebody hurries many times as fast.
struct Hurried {
    began: Timestamp,
    since: std::sync::OnceLock<Timestamp>,
}

impl Hurried {
    const FASTER: f64 = 30.0;
    const NAP: Duration = Duration::from_millis(10);

    fn hurry(&self) {
        self.since.get_or_init(|| SystemClock.now());
    }
}

#[async_trait::async_trait]
impl Clock for Hurried {
    fn now(&self) -> Timestamp {
        let real = SystemClock.now();
        let more = self.since.get().map_or(Duration::ZERO, |since| real.since(*since).mul_f64(Self::FASTER));
        noon().after(real.since(self.began) + more)
    }

    async fn sleep_until(&self, deadline: Timestamp) {
        while self.now() < deadline {
            SystemClock.sleep_until(SystemClock.now().after(Self::NAP)).await;
        }
    }
}

/// The budget allows one preview a minute: the second waits for that long, and the others for longer than anybody does.
#[tokio::test(flavor = "multi_thread")]
async fn more_wishes_than_may_be_under_way_are_refused_and_what_takes_too_long_is_given_up() {
    const ASKED: usize = 40;
    let clock = Arc::new(Hurried { began: SystemClock.now(), since: std::sync::OnceLock::new() });
    let hurried = Arc::clone(&clock);
    let steps = async |desk: Desk<'_>| {
        // Of a moment ahead: a slow machine has that much longer to take them all.
        let at = desk.board.clock.now().after(Duration::from_secs(9));
        let ways = (0..ASKED).map(|number| {
            let at = at.after(Duration::from_nanos(number as u64));
            let preview = wish("preview buy AAPL 1 --limit 1", None, at, desk.session.config());
            Way::ask(desk.folder, &preview).unwrap()
        });
        let ways: Vec<Way> = ways.collect();
        // The last one was asked last: it is refused, and all are taken.
        let last = Told::of(answered(ways.last().unwrap(), desk.board).await);
        let full = "32 orders are under way in the service: nothing was sent";
        last.fails(1, full);
        clock.hurry();
        let answers = ways[..ASKED - 1].iter().map(|way| answered(way, desk.board));
        let told: Vec<Told> = futures::future::join_all(answers).await.into_iter().map(Told::of).collect();
        let count = |words: &str| told.iter().filter(|it| it.error.contains(words)).count();
        let done = told.iter().filter(|it| it.code == 0).count();
        let refused = 1 + count(full);
        let given_up = count("given up after 65 s: nothing was sent");
        // The first one may be over before the last one of the 32 has begun.
        assert!((7..=8).contains(&refused), "{refused} refused, {done} done, {given_up} given up");
        assert!((1..=2).contains(&done), "{refused} refused, {done} done, {given_up} given up");
        assert_eq!(done + refused + given_up, ASKED);
        assert_eq!(desk.count().await, 0);
    };
    play_by(hurried, |_, _| {}, steps).await;
}
