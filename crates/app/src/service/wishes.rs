//! What commands ask of the service: it has the orders, so nobody else can.

use super::cancelling::cancel;
use super::ordering::Ordering;
use super::{ACTOR, Service};
use crate::Session;
use crate::asking::{Answer, Done, Taken, Told, Want, clear, take};
use crate::fault::Fault;
use crate::stop::Stop;
use crate::wiring::actor_of_run;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tradeport_connection::Held;
use tradeport_kernel::{Clock, Timestamp};
use tradeport_trading::OrderDesk;

/// So often it is looked whether somebody asks: a person waits.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Where to look for wishes, and those that are under way.
pub(super) struct Wishes {
    folder: PathBuf,
    ordering: Ordering,
}

/// Before anything is asked of this service: whatever an earlier one left undone is not done any more.
pub(super) fn clear_left(folder: &Path, session: &Session) {
    crate::reconciling::clear(folder);
    let now = session.clock().now();
    for key in clear(folder, now) {
        tracing::warn!(%key, actor = actor_of_run(ACTOR, session), "asked before the service began: it is not placed");
    }
}

impl Wishes {
    /// Those of a folder, until somebody asks to stop.
    pub(super) fn of(folder: PathBuf, stop: Stop) -> Self {
        Self { folder, ordering: Ordering::new(stop) }
    }

    /// When to look again.
    pub(super) fn next_look(clock: &dyn Clock) -> Timestamp {
        clock.now().after(LOOK_EVERY)
    }

    /// Begins what was asked for. Cancels are done and answered here; orders go their way beside it, so that no cancel waits
    /// for one.
    pub(super) async fn look(&mut self, service: &Service) -> anyhow::Result<()> {
        self.ordering.look_back();
        for taken in take(&self.folder) {
            let desk = desk_for(&taken, service);
            match (&taken.wish.want, desk) {
                (Want::Cancel(which), Ok((desk, _))) => {
                    let done = cancel(which, &taken.wish, desk, service).await;
                    // What a simulated broker says of it is kept and taken in before anybody is told.
                    if service.simulated().is_some() {
                        service.take_in().await?;
                    }
                    tell(taken, &done.map(Done::Cancelled).map_err(|error| Told::from(&error)));
                }
                (Want::Order(typed), Ok((desk, held))) => {
                    let (typed, desk) = (typed.clone(), desk.clone());
                    self.ordering.begin(taken, &typed, (desk, held), service);
                }
                (_, Err(fault)) => tell(taken, &Err(Told::from(&fault.into()))),
            }
        }
        Ok(())
    }

    /// Waits for what is under way, for a while.
    pub(super) async fn finish(mut self, clock: &dyn Clock) {
        self.ordering.finish(clock).await;
    }
}

/// The desk that fulfils a wish, and why it may place nothing new, if it may not: what it has placed before it can tell all the
/// same. Errors: it is not one of now, or the link does not let it leave.
fn desk_for<'a>(taken: &Taken, service: &'a Service) -> Result<(&'a OrderDesk, Option<Fault>), Fault> {
    let want = &taken.wish.want;
    let nothing = want.nothing_done();
    if !taken.wish.is_fresh(service.session.clock().now()) {
        return Err(Fault::failed(
            format!("the service took the wish too late: {nothing}"),
            "the same again",
        ));
    }
    // On a link a cancel always may leave, and a preview changes nothing.
    let needs_more = taken.key().is_some();
    let held = service.held().filter(|held| needs_more || matches!(held, Held::NoLink | Held::Stopping));
    let desk = service.board.desk.get();
    let why = match (&held, desk) {
        (None, Some(desk)) => return Ok((desk, None)),
        (None, None) => "the orders are not read yet".to_owned(),
        (Some(held), _) => held.to_string(),
    };
    let advice = match want {
        Want::Cancel(_) => {
            "tradeport status tells more; tradeport risk kill cancels everything once there is a link"
        }
        Want::Order(_) => "tradeport status tells more; the same again once orders may leave",
    };
    let fault = Fault::failed(format!("{why}: {nothing}"), advice);
    match (want, desk) {
        (Want::Order(typed), Some(desk)) if typed.places() => Ok((desk, Some(fault))),
        _ => Err(fault),
    }
}

/// Answers. Where that fails, whoever asked takes it for unknown.
pub(super) fn tell(taken: Taken, answer: &Answer) {
    if let Err(error) = taken.answer(answer) {
        tracing::warn!(error = format!("{error:#}"), "what became of a wish could not be told");
    }
}
