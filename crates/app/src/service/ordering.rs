//! Orders that commands ask the service to place or to change: its desk judges them, each beside the others, so that one whose
//! answer is slow holds nobody up.

use super::Service;
use super::board::DESK_ANSWERS_WITHIN;
use super::wishes::tell;
use crate::asking::{Answer, Done, Ended, GIVEN_UP_AFTER, Taken, Told, Typed};
use crate::cli::OrderCommand;
use crate::commands;
use crate::fault::Fault;
use crate::output::Kept;
use crate::stop::Stop;
use crate::{Exit, Session};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::task::JoinSet;
use tradeport_kernel::{Clock, OrderKey, Timestamp};
use tradeport_sqlite::SqliteStores;
use tradeport_trading::{AuditEntry, AuditLog, OrderDesk};

/// What is asked for, in the audit log.
const ORDER_ASKED: &str = "order asked";
/// So many are under way at once at most: more than that is a program that has run wild.
const MOST: usize = 32;
/// So long the last ones may take once somebody asks to stop.
const LONGEST_END: Duration = Duration::from_secs(10);

/// Orders that are under way.
pub(super) struct Ordering {
    under_way: JoinSet<()>,
    stop: Stop,
}

/// One of them.
struct Order {
    taken: Taken,
    command: OrderCommand,
    /// Where it is done.
    session: Session,
    kept: Kept,
    stores: SqliteStores,
    desk: OrderDesk,
    /// Why nothing new may leave, if nothing may.
    held: Option<Fault>,
}

impl Ordering {
    /// None is under way.
    pub(super) fn new(stop: Stop) -> Self {
        Self { under_way: JoinSet::new(), stop }
    }

    /// Begins one, or answers why not. Where something is in the way of new ones, only what was placed before is told.
    pub(super) fn begin(
        &mut self,
        taken: Taken,
        typed: &Typed,
        (desk, held): (OrderDesk, Option<Fault>),
        service: &Service,
    ) {
        match self.prepared(typed, desk.clone(), service) {
            Ok((command, session, kept)) => {
                let stores = service.plant.stores.clone();
                let order = Order { taken, command, session, kept, stores, desk, held };
                // A thread of its own for each: commands are written for a program that does one thing at a time.
                let runtime = Handle::current();
                self.under_way.spawn_blocking(move || runtime.block_on(Box::pin(order.run())));
            }
            Err(error) => tell(taken, &Err(Told::from(&error))),
        }
    }

    fn prepared(
        &self,
        typed: &Typed,
        desk: OrderDesk,
        service: &Service,
    ) -> anyhow::Result<(OrderCommand, Session, Kept)> {
        self.check_room()?;
        let config = service.session.config();
        let account = service.board.prover.account();
        let account =
            account.ok_or_else(|| Fault::failed("the account is not known yet", "the same again"))?;
        let command = typed.command(config, account)?;
        let host = service.plant.host(desk, account.clone(), &service.session)?;
        let kept = Kept::new(typed.look);
        let (loaded, clock) = (service.session.loaded().clone(), service.session.clock());
        let session = Session::new(loaded, kept.output(), self.stop.clone(), clock).within(host);
        Ok((command, session, kept))
    }

    /// Errors: as many as may be are under way.
    fn check_room(&self) -> Result<(), Fault> {
        if self.under_way.len() < MOST {
            return Ok(());
        }
        let message = format!("{MOST} orders are under way in the service: nothing was sent");
        Err(Fault::failed(message, "the same again in a moment"))
    }

    /// Takes note of those that have ended.
    pub(super) fn look_back(&mut self) {
        while let Some(ended) = self.under_way.try_join_next() {
            if let Err(error) = ended {
                tracing::error!(%error, "an order was left without an answer: this is a bug, please report it");
            }
        }
    }

    /// Waits for those that are under way, for a while.
    pub(super) async fn finish(&mut self, clock: &dyn Clock) {
        let late = clock.sleep_until(clock.now().after(LONGEST_END));
        tokio::select! {
            () = async { while self.under_way.join_next().await.is_some() {} } => {}
            () = late => {
                let left = self.under_way.len();
                tracing::warn!(left, "orders are left without an answer: ask what became of them");
            }
        }
    }
}

impl Order {
    async fn run(self) {
        let Self { taken, command, session, kept, stores, desk, held } = self;
        let clock = session.clock();
        let asked = clock.now();
        if let Some(held) = held
            && !was_placed(taken.key(), &desk, &*clock).await
        {
            return tell(taken, &Err(Told::from(&held.into())));
        }
        let answer = match written_down(&taken, asked, &stores).await {
            Err(error) => Err(Told::from(&error)),
            Ok(()) => {
                let work = async {
                    let exit = commands::obey(command, &session).await;
                    Done::Ended(Ended::new(exit, kept.said()))
                };
                in_time(asked, &*clock, taken.key(), work).await
            }
        };
        tell(taken, &answer);
    }
}

/// Is there an order of this key? Then nothing leaves under it any more, on whatever link. A desk that is busy with the broker is
/// not waited for.
async fn was_placed(key: Option<&OrderKey>, desk: &OrderDesk, clock: &dyn Clock) -> bool {
    let Some(key) = key else { return false };
    tokio::select! {
        biased;
        order = desk.order(key) => order.is_some(),
        () = clock.sleep_until(clock.now().after(DESK_ANSWERS_WITHIN)) => false,
    }
}

/// Who wanted it is durable before anything leaves.
async fn written_down(taken: &Taken, at: Timestamp, stores: &SqliteStores) -> anyhow::Result<()> {
    let Some(key) = taken.key() else { return Ok(()) };
    let (actor, subject) = (taken.wish.by.clone(), key.to_string());
    let action = ORDER_ASKED.to_owned();
    stores.audit().append(&[AuditEntry { at, actor, action, subject, detail: String::new() }]).await?;
    Ok(())
}

/// What comes of it, unless it takes so long that whoever asked at this moment is about to give up: what has not left by then
/// never does.
async fn in_time(
    asked: Timestamp,
    clock: &dyn Clock,
    key: Option<&OrderKey>,
    work: impl Future<Output = Done>,
) -> Answer {
    tokio::select! {
        biased;
        done = work => Ok(done),
        () = clock.sleep_until(asked.after(GIVEN_UP_AFTER)) => Err(Told::from(&given_up(key).into())),
    }
}

fn given_up(key: Option<&OrderKey>) -> Fault {
    let seconds = GIVEN_UP_AFTER.as_secs();
    match key {
        Some(key) => Fault::new(
            Exit::OutcomeUnknown,
            format!(
                "the service has given up on {key} after {seconds} s: the broker may or may not have got it"
            ),
            crate::asking::look_at(key),
        ),
        None => Fault::failed(
            format!("the service has given up after {seconds} s: nothing was sent"),
            "tradeport status shows what its budget still allows, of previews, too; then the same again",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asking::ANSWERED_WITHIN;
    use crate::fault::Report;
    use tradeport_memory::VirtualClock;

    /// What is answered to somebody who asked now about work that takes so long.
    async fn answered_after(takes: Duration, key: Option<&str>) -> Result<Exit, Report> {
        let clock = VirtualClock::new(Timestamp::from_seconds(1_000));
        let (asked, key) = (clock.now(), key.map(|key| key.parse().unwrap()));
        let work = async {
            clock.sleep_until(asked.after(takes)).await;
            Done::Ended(Ended::new(Exit::Done, Vec::new()))
        };
        let mut answer = Box::pin(in_time(asked, &clock, key.as_ref(), work));
        loop {
            if let std::task::Poll::Ready(answer) = futures::poll!(&mut answer) {
                assert!(clock.now().since(asked) < ANSWERED_WITHIN, "nobody waits for it any more");
                return match answer {
                    Ok(Done::Ended(ended)) => Ok(ended.exit()),
                    Ok(Done::Cancelled(_)) => panic!("an order was asked for"),
                    Err(told) => Err(Report::of(&told.into())),
                };
            }
            clock.advance_to(clock.next_deadline().unwrap());
        }
    }

    #[tokio::test]
    async fn what_takes_longer_than_anybody_waits_is_given_up_and_its_key_is_named() {
        for in_time in [Duration::ZERO, GIVEN_UP_AFTER] {
            assert_eq!(answered_after(in_time, Some("k")).await, Ok(Exit::Done));
        }
        let late = GIVEN_UP_AFTER + Duration::from_nanos(1);
        let order = answered_after(late, Some("k")).await.unwrap_err();
        assert_eq!(order.exit(), Exit::OutcomeUnknown);
        assert!(order.message.contains("given up on k after 65 s: the broker may or may not have got it"));
        assert!(order.advice.contains("tradeport order show k; do not send it under another key"));
        let preview = answered_after(late, None).await.unwrap_err();
        assert_eq!(preview.exit(), Exit::Failed);
        assert!(preview.message.contains("given up after 65 s: nothing was sent"), "{}", preview.message);
    }

    #[tokio::test]
    async fn so_many_are_under_way_at_once_and_no_more_until_one_has_ended() {
        let mut ordering = Ordering::new(Stop::never());
        let (end, ended) = tokio::sync::oneshot::channel::<()>();
        ordering.under_way.spawn(async { ended.await.unwrap_or_default() });
        for _ in 1..MOST {
            assert!(ordering.check_room().is_ok());
            ordering.under_way.spawn(std::future::pending());
        }
        let full = Report::of(&ordering.check_room().unwrap_err().into());
        assert_eq!(full.message, "32 orders are under way in the service: nothing was sent");
        assert_eq!(full.exit(), Exit::Failed);
        end.send(()).unwrap();
        tokio::task::yield_now().await;
        ordering.look_back();
        assert!(ordering.check_room().is_ok(), "one has ended");
    }
}
