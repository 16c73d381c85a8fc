//! `tradeport risk kill`: the switch first, whatever else works; then the cancels.
//!
//! A service that lives sees the switch and cancels. Without one, or when it hangs, this command does: as a desk of its own
//! where it gets the databases, else with the broker's one message that cancels everything.

use super::ACTOR;
use crate::Session;
use crate::config::BrokerChoice;
use crate::exit::Exit;
use crate::fault::{Fault, Report};
use crate::output::counted;
use crate::service::file::{ReportFile, ServiceLock};
use crate::wiring::{self, Broker, Platform, is_in_use, switch_of};
use serde::Serialize;
use std::time::Duration;
use tradeport_kernel::{Clock, OrderKey, StoreError, Timestamp};
use tradeport_orders::{Order, OrderState};
use tradeport_risk::{Kill, SwitchReason, SwitchStore};
use tradeport_sqlite::OpenError;
use tradeport_trading::reconciliation::Origin;

/// So long the proof that all orders are dead is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// So long a service has to see the switch before it is taken to hang: it writes a report each second.
const SERVICE_ANSWERS: Duration = Duration::from_secs(5);
/// So often its report is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// What was done, for JSON.
#[derive(Serialize)]
struct Killed {
    killed: Kill,
    by_service: bool,
    cancelled: Vec<OrderKey>,
    may_still_trade: Vec<OrderKey>,
    /// How many orders may still trade, where only their number is known.
    left: Option<u32>,
    /// So many open orders at the broker are of others, as far as that is known: nobody here cancels them.
    others: usize,
    /// So many of them came the way ours come, and the journal does not know them.
    #[serde(skip)]
    orphans: usize,
}

impl Killed {
    /// Where nobody tells which orders it was, but how many are left.
    const fn with_left(killed: Kill, by_service: bool, left: u32) -> Self {
        Self {
            killed,
            by_service,
            cancelled: Vec::new(),
            may_still_trade: Vec::new(),
            left: Some(left),
            others: 0,
            orphans: 0,
        }
    }
}

/// Kills the switch, and sees to it that everything is cancelled.
pub(super) async fn run(reason: SwitchReason, session: &Session) -> anyhow::Result<Exit> {
    let kill = Kill { at: session.clock().now(), by: ACTOR.to_owned(), reason };
    let latched = async { Ok::<_, anyhow::Error>(switch_of(session)?.kill(&kill).await?) };
    let stands = match latched.await {
        Ok(stands) => stands,
        Err(unkept) => return Err(unlatched(kill, unkept, session).await),
    };
    session.output().say(&format!("no order leaves any more: {stands}"));
    match cancelled(stands, session).await {
        Ok(killed) => report(&killed, session),
        Err(error) => {
            let advice = match error.downcast_ref::<OpenError>() {
                Some(_) => format!(
                    "cancel in the broker's own program; {}; then tradeport risk kill again",
                    Report::of(&error).advice
                ),
                None => "look at the broker's own program; tradeport risk kill again once it is reached"
                    .to_owned(),
            };
            Err(Fault::failed("the switch is killed, and nobody could cancel what is open", advice)
                .because(error)
                .into())
        }
    }
}

/// A switch that cannot be kept, in a folder that is read-only or on a disk that has failed, keeps nothing from being cancelled;
/// what is told then is that orders may leave again.
async fn unlatched(kill: Kill, unkept: anyhow::Error, session: &Session) -> anyhow::Error {
    if Report::of(&unkept).exit() == Exit::Usage {
        return unkept;
    }
    let is_full = unkept.chain().any(|cause| matches!(cause.downcast_ref(), Some(StoreError::Full(_))));
    let mend = if is_full { "free some space" } else { "make the folder writable" };
    let advice = format!("stop whatever trades from here, {mend}, then tradeport risk kill again");
    let (exit, done) = match everything(kill, session).await.map(|killed| killed.left) {
        Ok(Some(0)) => (Exit::Failed, "everything is cancelled, but".to_owned()),
        Ok(left) => {
            let left = left.map_or_else(|| "orders".to_owned(), |left| counted(left as usize, "order"));
            (Exit::OutcomeUnknown, format!("{left} may still trade, and"))
        }
        Err(error) => {
            tracing::warn!(error = format!("{error:#}"), "the broker could not be asked to cancel");
            (Exit::Failed, "nobody could cancel what is open, and".to_owned())
        }
    };
    let message = format!("{done} the switch could not be killed: orders may leave from here");
    Fault::new(exit, message, advice).because(unkept).into()
}

async fn cancelled(kill: Kill, session: &Session) -> anyhow::Result<Killed> {
    let since = session.clock().now();
    let serves = || Ok::<_, anyhow::Error>(ServiceLock::is_held(&session.storage()?.folder));
    if serves()? {
        return by_service_or_else(kill, since, session).await;
    }
    session.loaded().check()?;
    if !wiring::broker_has_news(session)? {
        return Ok(Killed::with_left(kill, false, 0));
    }
    match Platform::open(session).await {
        Ok(platform) => with_a_desk(kill, since, platform, session).await,
        // A service has begun in this very moment.
        Err(error) if is_in_use(&error) && serves()? => by_service_or_else(kill, since, session).await,
        Err(error) => {
            tracing::warn!(error = format!("{error:#}"), "the orders of this folder cannot be looked at");
            everything(kill, session).await.map_err(|_| error)
        }
    }
}

async fn by_service_or_else(kill: Kill, since: Timestamp, session: &Session) -> anyhow::Result<Killed> {
    if let Some((left, others)) = by_service(since, session).await? {
        return Ok(Killed { others, ..Killed::with_left(kill, true, left) });
    }
    session.output().say("the service does not answer: the broker is asked by another way");
    everything(kill, session).await
}

/// Waits until a living service has none that may trade, and says how many of others there are; `None` when it does not
/// answer.
async fn by_service(since: Timestamp, session: &Session) -> anyhow::Result<Option<(u32, usize)>> {
    let (clock, folder) = (session.clock(), session.storage()?.folder);
    let file = ReportFile::within(&folder);
    let mut last = None;
    while clock.now() < since.after(PATIENCE) {
        let report = file.read()?.filter(|report| report.at > since && !report.stopped);
        if let Some((report, orders)) = report.and_then(|report| report.orders.map(|orders| (report, orders)))
        {
            last = Some((orders.working, report.reconciliation.map_or(0, |it| it.others)));
        }
        let silent = last.is_none() && clock.now() >= since.after(SERVICE_ANSWERS);
        if last.is_some_and(|(left, _)| left == 0) || silent {
            break;
        }
        clock.sleep_until(clock.now().after(LOOK_EVERY)).await;
    }
    Ok(last)
}

/// A desk that opens under a killed switch cancels; here until all is proven dead, or it takes too long.
async fn with_a_desk(
    kill: Kill,
    since: Timestamp,
    platform: Platform,
    session: &Session,
) -> anyhow::Result<Killed> {
    let clock = session.clock();
    let deadline = clock.now().after(PATIENCE);
    let ended = follow(&platform, &*clock, deadline, session).await;
    let after = platform.desk().orders().await;
    // The broker would trade them, whatever is known of them here.
    let awake = platform.desk().awake_orders().await;
    let others = platform.desk().last_reconciliation().await.map(|it| it.others).unwrap_or_default();
    if let Err(error) = platform.close().await {
        tracing::warn!(error = format!("{error:#}"), "the platform did not close in good order");
    }
    ended?;
    let key = |order: &Order| order.intent().key().clone();
    let alive = after.iter().filter(|order| order.state().may_trade());
    let is_awake = |order: &Order| awake.iter().any(|it| it.intent().key() == order.intent().key());
    let of_now = |order: &&Order| {
        order.state() == OrderState::Cancelled && order.updated_at() >= since && !is_awake(order)
    };
    Ok(Killed {
        cancelled: after.iter().filter(of_now).map(key).collect(),
        may_still_trade: alive.chain(&awake).map(key).collect(),
        killed: kill,
        by_service: false,
        left: None,
        others: others.len(),
        orphans: others.iter().filter(|it| matches!(it.origin, Origin::Orphan | Origin::Unknown)).count(),
    })
}

async fn follow(
    platform: &Platform,
    clock: &dyn Clock,
    deadline: Timestamp,
    session: &Session,
) -> anyhow::Result<()> {
    loop {
        platform.desk().tend_switch().await;
        platform.take_in().await?;
        if platform.desk().orders_that_may_trade().await.is_empty()
            || clock.now() >= deadline
            || session.stop().is_asked()
        {
            return Ok(());
        }
        platform.next_tick().await?;
    }
}

/// The broker's one message that cancels everything, from a connection of our own.
async fn everything(kill: Kill, session: &Session) -> anyhow::Result<Killed> {
    session.loaded().check()?;
    if session.config().broker == BrokerChoice::Fake {
        anyhow::bail!("the simulated broker lives in the process that has this folder");
    }
    let left =
        super::super::guard::cancel_everything(&Broker::open(session).await?, session, PATIENCE).await?;
    Ok(Killed::with_left(kill, false, left))
}

fn report(killed: &Killed, session: &Session) -> anyhow::Result<Exit> {
    let left = killed.left.map_or(killed.may_still_trade.len(), |left| left as usize);
    let printed = if session.output().is_json() {
        session.output().document(killed)
    } else {
        let whose = if killed.by_service { "the service cancelled" } else { "cancelled" };
        let keys = |keys: &[OrderKey]| keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let of_ours = if killed.others == 0 { "" } else { " of ours" };
        let text = match (left, killed.cancelled.as_slice()) {
            (0, []) => format!("no order{of_ours} can trade any more"),
            (0, cancelled) => format!("{whose} {}: no order{of_ours} can trade any more", keys(cancelled)),
            (left, _) if killed.may_still_trade.is_empty() => {
                format!("{} may still trade", counted(left, "order"))
            }
            (left, _) => {
                format!("{} may still trade: {}", counted(left, "order"), keys(&killed.may_still_trade))
            }
        };
        session.output().text(&text)
    };
    if killed.others > 0 {
        let others = counted(killed.others, "order");
        session
            .output()
            .say(&format!("{others} of others may: tradeport reconcile lists them, TWS cancels them"));
    }
    let (message, advice) = match (left, killed.orphans) {
        (0, 0) => return Exit::Done.after(printed),
        (0, orphans) => (
            format!(
                "the switch is killed, and the journal does not know {} that may trade",
                counted(orphans, "order")
            ),
            "cancel what nobody wants in the broker's program: tradeport reconcile lists them",
        ),
        (left, _) => (
            format!("the switch is killed, and {} may still trade", counted(left, "order")),
            "tradeport risk kill again, with the IB_CLIENT_ID under which they were placed, or cancel them in the broker's program",
        ),
    };
    let fault = Fault::new(Exit::OutcomeUnknown, message, advice);
    session.output().fault(&Report::of(&fault.into()));
    Exit::OutcomeUnknown.after(printed)
}
