//! `tradeport status`: how the service does, by what it wrote down last; without a service, what a connection of our own
//! sees. The exit code is 0 when all is as it should be, and 1 otherwise.

mod view;

use crate::Session;
use crate::exit::Exit;
use crate::fault::{Fault, Report};
use crate::service::file::{ReportFile, ServiceLock};
use crate::service::report::{OutageRow, StatusReport};
use crate::wiring::{Broker, switch_of};
use serde::Serialize;
use std::time::Duration;
use tradeport_connection::LinkState;
use tradeport_kernel::{AccountId, Timestamp};
use tradeport_risk::{Switch, SwitchStore, Unmanaged};
pub(crate) use view::standing_words;

/// A service that lives writes once a second; one that has not for so long hangs.
const OLD: Duration = Duration::from_secs(10);
/// So long the broker may take for a sign of life.
const PATIENCE: Duration = Duration::from_secs(5);

/// Everything that is shown.
#[derive(Debug, Serialize)]
struct Status {
    /// Is all as it should be?
    healthy: bool,
    /// Does a service live in this folder?
    lives: bool,
    /// How old its report is.
    age_seconds: Option<f64>,
    /// How the kill switch stands.
    switch: SwitchShown,
    /// Its last report.
    service: Option<StatusReport>,
    /// What a connection of our own sees, where no service lives; `None` when it sees nothing.
    seen: Option<Seen>,
    /// Sections of limits for accounts that the broker does not manage, as far as it has told which it does.
    unmanaged_limits: Vec<Unmanaged>,
}

/// The kill switch of the folder, as it is kept: no process is asked.
#[derive(Debug, Serialize)]
struct SwitchShown {
    killed: bool,
    since: Option<Timestamp>,
    by: Option<String>,
    reason: Option<String>,
}

impl SwitchShown {
    fn of(switch: &Switch) -> Self {
        let kill = switch.kill();
        Self {
            killed: kill.is_some(),
            since: kill.map(|kill| kill.at),
            by: kill.map(|kill| kill.by.clone()),
            reason: kill.map(|kill| kill.reason.to_string()),
        }
    }
}

/// What a connection of our own sees.
#[derive(Debug, Serialize)]
struct Seen {
    epoch: Option<u64>,
    broker_time: Option<Timestamp>,
    answered_in_seconds: Option<f64>,
    accounts: Vec<AccountId>,
    outage: Option<OutageRow>,
}

/// Prints it.
pub(super) async fn run(session: &Session) -> anyhow::Result<Exit> {
    let folder = session.storage()?.folder;
    let now = session.clock().now();
    let lives = ServiceLock::is_held(&folder);
    // One that cannot be read hides neither the switch nor the broker.
    let (service, unread) = match ReportFile::within(&folder).read() {
        Ok(service) => (service, None),
        Err(error) => (None, Some(Report::of(&error))),
    };
    let age = service.as_ref().map(|report| now.since(report.at));
    if !lives {
        // Said before a connection is tried, which may take its time and fail.
        session.output().say(&view::no_service(service.as_ref(), age));
    }
    let looked = if lives { Ok(None) } else { look(session).await.map(Some) };
    let (seen, unseen) = match looked {
        Ok(seen) => (seen, None),
        Err(error) => (None, Some(Report::of(&error))),
    };
    let fresh = age.is_some_and(|age| age <= OLD);
    let healthy = match (&seen, &service) {
        (Some(seen), _) => seen.broker_time.is_some(),
        (None, Some(report)) => lives && fresh && report.is_healthy(),
        (None, None) => false,
    };
    let switch = SwitchShown::of(&switch_of(session)?.look().await);
    let healthy = healthy && !switch.killed && unread.is_none();
    let age_seconds = age.map(|age| age.as_secs_f64());
    let told = || service.as_ref().map(|report| report.accounts.as_slice());
    let managed = seen.as_ref().map(|seen| seen.accounts.as_slice()).or_else(told);
    let unmanaged_limits = session.config().risk.unmanaged(managed.unwrap_or_default());
    let status = Status { healthy, lives, age_seconds, switch, service, seen, unmanaged_limits };
    let printed = if session.output().is_json() {
        session.output().document(&status)
    } else {
        view::print(&status, now, session.output())
    };
    if healthy {
        return Exit::Done.after(printed);
    }
    let report = unseen.or(unread).unwrap_or_else(|| {
        let fault =
            Fault::failed(format!("not all is well: {}", why(&status)), "what the status shows in red");
        Report::of(&fault.into())
    });
    session.output().fault(&report);
    report.exit().after(printed)
}

/// The service of the folder lives and keeps nothing up to date any more: what is known here is of before.
pub(super) fn silence(session: &Session) -> anyhow::Result<Option<Fault>> {
    let folder = session.storage()?.folder;
    let report = ReportFile::within(&folder).read().ok().flatten();
    // One that has ended in good order is not the service that lives: that one has not said anything yet.
    let Some(report) = report.filter(|it| !it.stopped && ServiceLock::is_held(&folder)) else {
        return Ok(None);
    };
    let age = session.clock().now().since(report.at);
    let advice = "tradeport status tells how it does; stop it by force if it stays so, and start it anew";
    let words = match age > OLD {
        true => format!("the service hangs: its last report is {} s old", age.as_secs()),
        false if report.desk_hangs() => "the service hangs: its desk says nothing".to_owned(),
        false => return Ok(None),
    };
    Ok(Some(Fault::failed(words, advice)))
}

/// The first thing that is not as it should be.
fn why(status: &Status) -> &'static str {
    match (&status.seen, &status.service) {
        _ if status.switch.killed => "the kill switch is killed",
        (Some(_), _) => "the broker gave no sign of life",
        (None, None) => "the service has said nothing yet",
        (None, Some(_)) if status.age_seconds.is_none_or(|age| age > OLD.as_secs_f64()) => {
            "the service has fallen silent"
        }
        (None, Some(report)) => report.complaint(),
    }
}

async fn look(session: &Session) -> anyhow::Result<Seen> {
    let broker = Broker::open(session).await?;
    let clock = session.clock();
    let asked = clock.now();
    let broker_time = match broker.link().probe(PATIENCE).await {
        Ok(time) => Some(time),
        Err(error) => {
            tracing::warn!(%error, "the broker gave no sign of life");
            None
        }
    };
    let answered_in_seconds = broker_time.map(|_| clock.now().since(asked).as_secs_f64());
    let accounts = broker.accounts().accounts().await?;
    let epoch = match broker.link().state() {
        LinkState::Up { epoch } => Some(epoch.number()),
        LinkState::Down => None,
    };
    let calendar = session.config().outages();
    let outage = calendar.at(clock.now()).or_else(|| calendar.next(clock.now()));
    let outage = outage.map(|it| OutageRow { kind: it.kind, from: it.range.start(), until: it.range.end() });
    if let Err(error) = broker.link().disconnect().await {
        tracing::debug!(%error, "the link was not ended in good order");
    }
    Ok(Seen { epoch, broker_time, answered_in_seconds, accounts, outage })
}
