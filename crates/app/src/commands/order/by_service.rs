//! Placing, changing and cancelling by way of the service that has the orders: what it answers, and what is known where it does
//! not.

use super::bare::{Family, left_bare};
use super::settle::PATIENCE;
use super::worded::new_key;
use crate::Session;
use crate::asking::{ANSWERED_WITHIN, Answer, Asked, Done, GOOD_FOR, Typed, Want, Way, Which, Wish, look_at};
use crate::cli::OrderCommand;
use crate::exit::Exit;
use crate::fault::Fault;
use crate::service::file::ServiceLock;
use crate::wiring::{actor_of_run, read_orders};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;
use tradeport_kernel::OrderKey;
use tradeport_orders::{Order, OrderBook, OrderJournal, OrderState};

/// On whose behalf.
const ACTOR: &str = "command line";
/// So often it is looked whether it has answered.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// How a service leaves whoever asked without an answer.
const SILENT: &str = "has not answered";
const DEAD: &str = "has ended before it answered";
const STRANGE: &str = "has answered what cannot be read";

/// A service that has the orders of the session's folder.
pub(super) struct Serving {
    folder: PathBuf,
}

impl Serving {
    /// The one that lives, if one does.
    pub(super) fn of(session: &Session) -> anyhow::Result<Option<Self>> {
        let folder = session.storage()?.folder;
        Ok(ServiceLock::is_held(&folder).then_some(Self { folder }))
    }

    /// Has it run a command about an order, as it was typed, and says what came of it. Errors: nothing was asked, or what
    /// became of it is not known; the exit code tells which. Nothing is ever placed from here.
    pub(super) async fn run(&self, mut command: OrderCommand, session: &Session) -> anyhow::Result<Exit> {
        let changed =
            if let OrderCommand::Change(change) = &command { Some(change.key.clone()) } else { None };
        let placed = command.placing().map(|options| options.key.take().unwrap_or_else(|| new_key(session)));
        let (words, look) = (session.words().to_vec(), session.output().look());
        let typed = Typed::new(words, placed.or(changed), session.config(), look);
        match self.ask(Want::Order(typed), session).await? {
            Done::Ended(ended) => ended.exit().after(session.output().hand_over(&ended.said)),
            Done::Cancelled(_) => {
                anyhow::bail!("the service speaks of cancels: this is a bug, please report it")
            }
        }
    }

    /// Asks for cancels. Errors: nothing was asked, or what became of it is not known; the exit code tells which.
    pub(super) async fn cancel(&self, which: Which, session: &Session) -> anyhow::Result<Vec<Asked>> {
        match self.ask(Want::Cancel(which), session).await? {
            Done::Cancelled(asked) => Ok(asked),
            Done::Ended(_) => {
                anyhow::bail!("the service speaks of no cancel: this is a bug, please report it")
            }
        }
    }

    async fn ask(&self, want: Want, session: &Session) -> anyhow::Result<Done> {
        let clock = session.clock();
        let wish = Wish { at: clock.now(), by: actor_of_run(ACTOR, session), want };
        let way = Way::ask(&self.folder, &wish)?;
        let late = wish.at.after(GOOD_FOR);
        let too_late = late.after(ANSWERED_WITHIN);
        let answer = || {
            let strange = |cause| unknown(&wish.want, STRANGE).because(cause);
            way.answer().map_err(strange).map(|answer| answer.map(said))
        };
        loop {
            if let Some(told) = answer()? {
                return told;
            }
            let (lives, stopped) = (ServiceLock::is_held(&self.folder), session.stop().is_asked());
            if (!lives || stopped || clock.now() > late) && way.take_back() {
                return Err(not_asked(&wish.want, lives, stopped).into());
            }
            let lost = way.is_lost();
            if !lives || lost || clock.now() > too_late {
                // It may have answered with its last breath.
                let how = if lives && !lost { SILENT } else { DEAD };
                return answer()?.unwrap_or_else(|| Err(unknown(&wish.want, how).into()));
            }
            clock.sleep_until(clock.now().after(LOOK_EVERY)).await;
        }
    }

    /// The order once its cancel is answered, or as it stands when that takes too long.
    pub(super) async fn settled(&self, asked: Asked, session: &Session) -> anyhow::Result<Order> {
        let clock = session.clock();
        let deadline = clock.now().after(PATIENCE);
        if let Some(error) = asked.error {
            // A child goes with its parent: it may be gone by now.
            let gone = kept(&asked.key, session).await.ok();
            let gone = gone.filter(|order| order.state() == OrderState::Cancelled && !asked.is_awake);
            return gone.ok_or_else(|| error.into());
        }
        loop {
            let order = kept(&asked.key, session).await?;
            let waits = order.state() == OrderState::CancelPending;
            if !waits || clock.now() >= deadline || session.stop().is_asked() {
                return Ok(order);
            }
            clock.sleep_until(clock.now().after(LOOK_EVERY)).await;
        }
    }

    /// What the cancels of orders of these families have left without its stop.
    pub(super) async fn left_bare(
        &self,
        cancelled: &[OrderKey],
        families: &[Vec<OrderKey>],
        session: &Session,
    ) -> Vec<String> {
        // Whoever stands alone has no stop to lose.
        let members: BTreeSet<&OrderKey> = families.iter().filter(|it| it.len() > 1).flatten().collect();
        let look = async || {
            let mut orders = Vec::with_capacity(members.len());
            for member in &members {
                orders.push(kept(member, session).await?);
            }
            Ok(Family::all_of(cancelled, orders))
        };
        let clock = session.clock();
        let wait = async || {
            clock.sleep_until(clock.now().after(LOOK_EVERY)).await;
            Ok(())
        };
        left_bare(cancelled, session, look, wait).await
    }
}

fn said(answer: Answer) -> anyhow::Result<Done> {
    answer.map_err(Into::into)
}

/// The service never saw it.
fn not_asked(want: &Want, lives: bool, stopped: bool) -> Fault {
    let nothing = want.nothing_done();
    match (lives, stopped) {
        (false, _) => Fault::failed(format!("the service has ended, and {nothing}"), "the same again"),
        (true, true) => Fault::new(
            Exit::Interrupted,
            format!("{nothing}: the service had not begun"),
            "the same again, if it is still wanted",
        ),
        (true, false) => Fault::failed(
            format!("the service did not answer within {} s, and {nothing}", GOOD_FOR.as_secs()),
            match want {
                Want::Cancel(_) => {
                    "tradeport status tells how it does; tradeport risk kill cancels everything, by another way if it must"
                }
                Want::Order(_) => "tradeport status tells how it does; then the same again",
            },
        ),
    }
}

/// The service has taken it, and nobody knows what it did: it has done this.
fn unknown(want: &Want, how: &str) -> Fault {
    let (what, advice) = match want {
        Want::Order(Typed { key: None, .. }) => {
            let advice = "tradeport status tells how it does; then the same again";
            return Fault::failed(format!("the service {how}; nothing was sent"), advice);
        }
        Want::Order(Typed { key: Some(key), .. }) => (key.to_string(), look_at(key)),
        Want::Cancel(Which::One(key)) => (
            format!("the cancel of {key}"),
            format!("tradeport order show {key}; if it still works, cancel it again"),
        ),
        Want::Cancel(Which::All { .. }) => {
            ("the cancels".to_owned(), "tradeport order list; then cancel again what still works".to_owned())
        }
    };
    let message = format!("the service {how}: the broker may or may not have got {what}");
    Fault::new(Exit::OutcomeUnknown, message, advice)
}

/// An order as the journal tells it.
async fn kept(key: &OrderKey, session: &Session) -> anyhow::Result<Order> {
    let unread = || {
        let advice = format!("tradeport order show {key}");
        Fault::new(Exit::OutcomeUnknown, format!("what became of {key} cannot be read"), advice)
    };
    match kept_order(key, session).await {
        Ok(order) => Ok(order.ok_or_else(unread)?),
        Err(error) => Err(unread().because(error).into()),
    }
}

/// The same; `None` where it knows none of that key.
pub(super) async fn kept_order(key: &OrderKey, session: &Session) -> anyhow::Result<Option<Order>> {
    let Some(stores) = read_orders(session)? else { return Ok(None) };
    let mut book = OrderBook::default();
    for record in stores.journal().of(key).await? {
        book.apply(&record.entry)?;
    }
    Ok(book.get(key).cloned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asking::{Ended, Taken, clear, take};
    use crate::cli::{Cli, Command};
    use crate::clock::{FastClock, SystemClock};
    use crate::config::variables::Variables;
    use crate::config::{OutputFormat, load};
    use crate::fault::Report;
    use crate::output::Output;
    use crate::stop::Stop;
    use crate::wiring::Tried;
    use clap::Parser;
    use std::path::Path;
    use std::sync::Arc;
    use tempfile::TempDir;
    use tradeport_kernel::{Clock, Timestamp};

    /// A minute of waiting is over in less than a second.
    const SPEED: f64 = 200.0;

    struct Stage {
        folder: TempDir,
        service: Option<ServiceLock>,
        session: Session,
    }

    impl Stage {
        fn new(stop: Stop) -> Self {
            let folder = tempfile::tempdir().unwrap();
            let variables: Variables = [("DB_PATH", folder.path())].into_iter().collect();
            let loaded = load(None, &variables, &[]).unwrap();
            let clock = Arc::new(FastClock::starting(Arc::new(SystemClock), Timestamp::EPOCH, SPEED));
            let session = Session::new(loaded, Output::new(OutputFormat::Json, false), stop, clock);
            let Tried::Got(service) = ServiceLock::try_take(folder.path()).unwrap() else {
                panic!("it is free")
            };
            let service = Some(service);
            Self { folder, service, session }
        }

        /// What a command is told while the service does this with its wish: exit code and words.
        async fn told(
            mut self,
            play: impl AsyncFnOnce(&Path, Taken, &mut Option<ServiceLock>),
        ) -> (u8, String) {
            let serving = Serving::of(&self.session).unwrap().unwrap();
            let which = Which::One("k".parse().unwrap());
            let (folder, clock) = (self.folder.path(), self.session.clock());
            let service = async {
                let taken = first_wish(folder, &*clock).await;
                assert!(taken.wish.by.starts_with("command line, run "), "{:?}", taken.wish);
                play(folder, taken, &mut self.service).await;
            };
            let (told, ()) = tokio::join!(serving.cancel(which, &self.session), service);
            ended(told)
        }

        /// What a command is told where nobody takes its wish.
        async fn alone(self) -> (u8, String) {
            let serving = Serving { folder: self.folder.path().to_owned() };
            let told = serving.cancel(Which::One("k".parse().unwrap()), &self.session).await;
            assert!(take(self.folder.path()).is_empty(), "it was taken back");
            ended(told)
        }
    }

    /// A service looks again and again until there is one.
    async fn first_wish(folder: &Path, clock: &dyn Clock) -> Taken {
        loop {
            if let Some(taken) = take(folder).pop() {
                return taken;
            }
            clock.sleep_until(clock.now().after(LOOK_EVERY)).await;
        }
    }

    fn ended(told: anyhow::Result<Vec<Asked>>) -> (u8, String) {
        match told {
            Ok(asked) => (0, asked.iter().map(|it| it.key.to_string()).collect()),
            Err(error) => {
                let report = Report::of(&error);
                (report.exit_code, format!("{} {}", report.message, report.advice))
            }
        }
    }

    fn done() -> Answer {
        Ok(Done::Cancelled(vec![Asked {
            key: "k".parse().unwrap(),
            error: None,
            family: Vec::new(),
            is_awake: false,
        }]))
    }

    #[tokio::test]
    async fn what_the_service_answers_is_told() {
        let stage = Stage::new(Stop::never());
        let told = stage.told(async |_, taken, _| taken.answer(&done()).unwrap()).await;
        assert_eq!(told, (0, "k".to_owned()));
        let stage = Stage::new(Stop::never());
        let refused = anyhow::Error::from(Fault::failed("it has ended", "nothing"));
        let told = stage.told(async |_, taken, _| taken.answer(&Err((&refused).into())).unwrap()).await;
        assert_eq!(told, (1, "it has ended nothing".to_owned()));
    }

    /// What a command line is told of an order while the service does this with its wish: exit code and words.
    async fn told_of_order(
        mut stage: Stage,
        play: impl AsyncFnOnce(&Path, Taken, &mut Option<ServiceLock>),
    ) -> (u8, String) {
        let words = ["tradeport", "order", "buy", "AAPL", "1", "--key", "k"].map(str::to_owned).to_vec();
        let session = stage.session.clone().of_words(words.clone());
        let Command::Order(command) = Cli::try_parse_from(words).unwrap().command else { panic!("an order") };
        let serving = Serving::of(&session).unwrap().unwrap();
        let service = async {
            let taken = first_wish(stage.folder.path(), &*session.clock()).await;
            assert_eq!(taken.key(), Some(&"k".parse().unwrap()));
            play(stage.folder.path(), taken, &mut stage.service).await;
        };
        let (told, ()) = tokio::join!(serving.run(*command, &session), service);
        match told {
            Ok(exit) => (exit.code(), String::new()),
            Err(error) => ended(Err(error)),
        }
    }

    #[tokio::test]
    async fn how_an_order_ended_at_the_service_is_how_it_ended() {
        for exit in [Exit::Done, Exit::RefusedByRisk, Exit::OutcomeUnknown] {
            let answer = Ok(Done::Ended(Ended::new(exit, Vec::new())));
            let told =
                told_of_order(Stage::new(Stop::never()), async |_, taken, _| taken.answer(&answer).unwrap());
            assert_eq!(told.await, (exit.code(), String::new()));
        }
    }

    #[tokio::test]
    async fn an_order_without_an_answer_is_unknown_and_its_key_is_named() {
        let known = |(code, words): (u8, String), how: &str| {
            assert!(code == 4 && words.contains(how), "{code} {words}");
            assert!(words.contains("the broker may or may not have got k"), "{words}");
            assert!(words.contains("tradeport order show k; do not send it under another key"), "{words}");
        };
        let died = told_of_order(Stage::new(Stop::never()), async |_, _, lock| drop(lock.take()));
        known(died.await, "has ended before it answered");
        let silent = told_of_order(Stage::new(Stop::never()), async |_, taken, _| {
            // It is busy for longer than anybody waits.
            std::mem::forget(taken);
        });
        known(silent.await, "the service has not answered");
        let begun_anew = told_of_order(Stage::new(Stop::never()), async |folder, taken, _| {
            drop(taken);
            clear(folder, Timestamp::EPOCH);
        });
        known(begun_anew.await, "has ended before it answered");
    }

    /// As from a disk that lost a part of it, or a hand that was quicker.
    #[tokio::test]
    async fn an_answer_that_cannot_be_read_leaves_the_outcome_unknown() {
        for text in ["", "{\"Ok\":", "null", "{\"Ok\":{\"ended\":{\"exit\":0}}}"] {
            let told = told_of_order(Stage::new(Stop::never()), async |folder, taken, _| {
                taken.answer(&done()).unwrap();
                let asked = std::fs::read_dir(folder.join("asked")).unwrap();
                asked.for_each(|file| std::fs::write(file.unwrap().path(), text).unwrap());
            });
            let (code, words) = told.await;
            assert!(code == 4 && words.contains("tradeport order show k"), "{text:?}: {code} {words}");
            assert!(words.contains("the service has answered what cannot be read"), "{text:?}: {words}");
        }
    }

    #[tokio::test]
    async fn an_order_that_nobody_took_is_taken_back_and_never_placed() {
        let stage = Stage::new(Stop::never());
        let serving = Serving::of(&stage.session).unwrap().unwrap();
        let look = stage.session.output().look();
        let typed = Typed::new(Vec::new(), Some("k".parse().unwrap()), stage.session.config(), look);
        let told = serving.ask(Want::Order(typed), &stage.session).await;
        let (code, words) = ended(told.map(|_| Vec::new()));
        assert!(code == 1 && words.contains("within 10 s, and nothing was sent"), "{code} {words}");
        assert!(take(stage.folder.path()).is_empty());
    }

    #[tokio::test]
    async fn an_answer_with_the_last_breath_counts() {
        let stage = Stage::new(Stop::never());
        let told = stage.told(async |_, taken, lock| {
            taken.answer(&done()).unwrap();
            drop(lock.take());
        });
        assert_eq!(told.await.0, 0);
    }

    #[tokio::test]
    async fn a_service_that_dies_or_falls_silent_on_the_way_leaves_the_outcome_unknown() {
        let stage = Stage::new(Stop::never());
        let (code, words) = stage.told(async |_, _, lock| drop(lock.take())).await;
        assert!(code == 4 && words.contains("has ended before it answered"), "{code} {words}");
        assert!(words.contains("may or may not have got the cancel of k"), "{words}");
        assert!(words.contains("tradeport order show k; if it still works, cancel it again"), "{words}");
        let (code, words) = Stage::new(Stop::never()).told(async |_, _, _| {}).await;
        assert!(code == 4 && words.contains("the service has not answered"), "{code} {words}");
    }

    #[tokio::test]
    async fn what_nobody_took_is_taken_back_and_was_never_asked() {
        let (code, words) = Stage::new(Stop::never()).alone().await;
        assert!(code == 1 && words.contains("within 10 s, and nothing was cancelled"), "{code} {words}");
        let mut stage = Stage::new(Stop::never());
        drop(stage.service.take());
        let (code, words) = stage.alone().await;
        assert!(code == 1 && words.contains("has ended, and nothing was cancelled"), "{code} {words}");
        let (stop, ask) = Stop::by_hand();
        ask();
        let (code, words) = Stage::new(stop).alone().await;
        assert!(code == 130 && words.contains("nothing was cancelled"), "{code} {words}");
    }
}
