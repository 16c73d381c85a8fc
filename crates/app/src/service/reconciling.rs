//! Reconciliation while the service runs: on a timer, and when somebody asks. It goes on beside everything else, one at a time:
//! a broker that is slow to tell holds no cancel up.
//!
//! Whoever asks gets one that began after the wish. What is wanted while one is under way comes after it. Left out: the
//! one that each epoch of the link begins with, which proves the link.

use crate::fault::Fault;
use crate::reconciling::{ReconcileReport, Wish, answer_with, asked, fulfil};
use crate::wiring::Plant;
use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tradeport_connection::Held;
use tradeport_kernel::{Clock, Timestamp};
use tradeport_trading::{DeskError, OrderDesk};

/// So often it is looked whether somebody asks.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// So many wishes wait at most: more than that is a program that has run wild.
const MOST_WAITING: usize = 16;
/// So long the broker may take to tell everything.
const LONGEST: Duration = Duration::from_secs(300);
/// So long the one under way may take to end once it is called off.
const LONGEST_END: Duration = Duration::from_secs(5);
/// What the alarm is about.
const CONDITION: &str = "reconciliation";

/// What is wanted, and the one under way.
pub(super) struct Reconciling {
    clock: Arc<dyn Clock>,
    every: Duration,
    folder: PathBuf,
    actor: String,
    /// When the timer comes next.
    due: Timestamp,
    /// It has come, and none has begun since.
    is_wanted: bool,
    waiting: VecDeque<Wish>,
    /// None, or one.
    under_way: JoinSet<Outcome>,
    /// Whose it is; nobody's is the timer's.
    asked_by: Option<Wish>,
    called_off: watch::Sender<Option<CalledOff>>,
}

/// What came of one. The timer asks for no report.
type Outcome = anyhow::Result<Option<ReconcileReport>>;

/// One that has ended.
pub(super) struct Ended(Option<Wish>, Outcome);

/// Why one ended before the broker had told everything.
#[derive(Clone, Copy, PartialEq, Eq)]
enum CalledOff {
    LinkLost,
    Stopping,
    TooLong,
}

impl Reconciling {
    pub(super) fn new(clock: Arc<dyn Clock>, every: Duration, folder: PathBuf, actor: &str) -> Self {
        Self {
            due: clock.now().after(every),
            clock,
            every,
            folder,
            actor: actor.to_owned(),
            is_wanted: false,
            waiting: VecDeque::new(),
            under_way: JoinSet::new(),
            asked_by: None,
            called_off: watch::channel(None).0,
        }
    }

    /// When there is something to look at. What is due and cannot be done yet hurries nobody.
    pub(super) fn next_look(&self) -> Timestamp {
        let (now, soon) = (self.clock.now(), self.clock.now().after(LOOK_EVERY));
        if self.due > now { self.due.min(soon) } else { soon }
    }

    /// Is one under way?
    pub(super) fn is_under_way(&self) -> bool {
        !self.under_way.is_empty()
    }

    /// The end of the one under way; never where there is none. Errors: it fell over.
    pub(super) async fn ended(&mut self) -> anyhow::Result<Ended> {
        match self.under_way.join_next().await {
            Some(outcome) => Ok(Ended(self.asked_by.take(), outcome?)),
            None => std::future::pending().await,
        }
    }

    /// Begins what is due and what was asked for, on a link that stands; else this is why it does not.
    pub(super) fn look(&mut self, desk: &OrderDesk, plant: &Plant, unready: Option<&Held>) {
        for wish in asked(&self.folder) {
            if self.waiting.len() < MOST_WAITING {
                self.waiting.push_back(wish);
            } else {
                let message = format!("{MOST_WAITING} others wait for the same: nothing was compared");
                self.tell(&wish, Err(Fault::failed(message, "the same again in a moment").into()));
            }
        }
        if self.clock.now() >= self.due && unready.is_none() {
            self.due = self.clock.now().after(self.every);
            self.is_wanted = true;
        }
        self.begin_next(desk, plant, unready);
    }

    /// Tells whoever asked, and alarms whoever should know.
    pub(super) fn note(&self, ended: Ended, plant: &Plant) {
        let now = self.clock.now();
        match ended {
            Ended(Some(wish), Ok(Some(report))) => self.tell(&wish, Ok(report)),
            Ended(Some(wish), Err(error)) => self.tell(&wish, Err(error)),
            Ended(_, Ok(_)) => plant.alarms.clear(CONDITION, now),
            // The next epoch begins with another one.
            Ended(None, Err(error)) if self.is_called_off_by(CalledOff::LinkLost) => {
                tracing::info!(error = format!("{error:#}"), "a reconciliation did not come to its end");
            }
            Ended(None, Err(error)) => {
                let text = format!("what is known could not be held against the broker: {error:#}");
                plant.alarms.note(CONDITION, text, now);
            }
        }
    }

    /// The link is gone: whatever was asked on it is not answered any more.
    pub(super) fn link_lost(&self) {
        self.call_off(CalledOff::LinkLost);
    }

    /// Ends the one under way, and tells everybody who waits.
    pub(super) async fn finish(&mut self, plant: &Plant) {
        self.call_off(CalledOff::Stopping);
        for wish in std::mem::take(&mut self.waiting) {
            self.tell(&wish, Err(CalledOff::Stopping.fault().into()));
        }
        if !self.is_under_way() {
            return;
        }
        let clock = Arc::clone(&self.clock);
        let late = clock.sleep_until(clock.now().after(LONGEST_END));
        let ended = tokio::select! {
            biased;
            ended = self.ended() => Some(ended),
            () = late => None,
        };
        match ended {
            // Why it was ended is known.
            Some(Ok(Ended(None, Err(_)))) => {}
            Some(Ok(ended)) => self.note(ended, plant),
            Some(Err(error)) => {
                tracing::error!(%error, "a reconciliation fell over: this is a bug, please report it");
            }
            None => {
                let asked_by = self.asked_by.take();
                asked_by.iter().for_each(|wish| self.tell(wish, Err(CalledOff::Stopping.fault().into())));
            }
        }
        self.under_way.shutdown().await;
    }

    fn begin_next(&mut self, desk: &OrderDesk, plant: &Plant, unready: Option<&Held>) {
        while !self.is_under_way() {
            let wish = match (self.waiting.pop_front(), unready) {
                (Some(wish), Some(held)) => {
                    self.tell(&wish, Err(not_now(held).into()));
                    continue;
                }
                (None, _) if !self.is_wanted || unready.is_some() => return,
                (None, _) => {
                    self.is_wanted = false;
                    None
                }
                (wish, None) => wish,
            };
            // What a simulated broker has said is kept by itself before it is taken in.
            match plant.keep() {
                Ok(()) => self.begin(wish, desk.clone()),
                Err(error) => self.note(Ended(wish, Err(error)), plant),
            }
        }
    }

    fn begin(&mut self, wish: Option<Wish>, desk: OrderDesk) {
        self.called_off.send_replace(None);
        let (heard, actor) = (self.called_off.subscribe(), self.actor.clone());
        let (clock, late) = (Arc::clone(&self.clock), self.clock.now().after(LONGEST));
        self.asked_by.clone_from(&wish);
        self.under_way.spawn(async move {
            let called_off = async {
                let mut heard = heard.clone();
                tokio::select! {
                    // Whoever could call it off is gone when this fails, and the task with it.
                    _ = heard.wait_for(Option::is_some) => {}
                    () = clock.sleep_until(late) => {}
                }
            };
            let outcome = match &wish {
                Some(wish) => fulfil(&desk, wish, &actor, called_off).await.map(Some),
                None => desk.reconcile_unless(None, called_off).await.map(|_| None).map_err(Into::into),
            };
            outcome.map_err(|error| match error.downcast_ref() {
                Some(DeskError::CalledOff) => heard.borrow().unwrap_or(CalledOff::TooLong).fault().into(),
                _ => error,
            })
        });
    }

    fn call_off(&self, why: CalledOff) {
        // The first reason counts.
        self.called_off.send_if_modified(|known| known.is_none() && known.replace(why).is_none());
    }

    fn is_called_off_by(&self, why: CalledOff) -> bool {
        *self.called_off.borrow() == Some(why)
    }

    fn tell(&self, wish: &Wish, report: anyhow::Result<ReconcileReport>) {
        if let Err(error) = answer_with(&self.folder, wish, report) {
            tracing::warn!(%error, "what was found could not be told");
        }
    }
}

impl CalledOff {
    fn fault(self) -> Fault {
        let (why, advice) = match self {
            Self::LinkLost => (
                "the link to the broker was lost",
                "the same again once tradeport status shows the link ready",
            ),
            Self::Stopping => ("the service stops", "the same again"),
            Self::TooLong => {
                ("the broker took longer than 300 s", "tradeport status tells how the link does; then again")
            }
        };
        Fault::failed(format!("{why}: nothing was compared"), advice)
    }
}

/// Why nothing can be compared now, and when it can.
fn not_now(held: &Held) -> Fault {
    match held {
        Held::Outage { kind, until } => Fault::failed(
            format!("the broker is away, {kind} until {until}: nothing was compared"),
            format!("the same again after {until}"),
        ),
        other => Fault::failed(
            format!("{other}: nothing was compared"),
            "tradeport status tells more; the same again once the link is ready",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::Report;
    use tradeport_connection::calendar::OutageKind;
    use tradeport_memory::VirtualClock;

    #[test]
    fn what_is_due_and_cannot_be_done_yet_hurries_nobody() {
        let clock = VirtualClock::new(Timestamp::EPOCH);
        let every = Duration::from_secs(10);
        let reconciling = Reconciling::new(Arc::new(clock.clone()), every, PathBuf::new(), "test");
        assert_eq!(reconciling.next_look(), clock.now().after(LOOK_EVERY));
        clock.advance(Duration::from_millis(9_500));
        assert_eq!(reconciling.next_look(), Timestamp::EPOCH.after(every));
        for wait in [Duration::from_millis(500), Duration::from_secs(3_600)] {
            clock.advance(wait);
            assert_eq!(
                reconciling.next_look(),
                clock.now().after(LOOK_EVERY),
                "it is due, and no link stands"
            );
        }
    }

    #[test]
    fn who_asks_within_an_outage_is_told_which_and_until_when() {
        let until = "2026-01-07T19:56:00Z".parse().unwrap();
        let told = Report::of(&not_now(&Held::Outage { kind: OutageKind::DailyRestart, until }).into());
        assert!(told.message.contains("daily restart until 2026-01-07T19:56:00Z"), "{told:?}");
        assert_eq!(told.advice, "the same again after 2026-01-07T19:56:00Z");
        let told = Report::of(&not_now(&Held::NoLink).into());
        assert_eq!(told.message, "there is no link to the broker: nothing was compared");
    }
}
