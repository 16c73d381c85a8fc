//! `tradeport guard`: a process of its own that stops everything when the service hangs or dies.
//!
//! It has a client id of its own and needs nothing of the service but its last report: no database, no desk. It kills the
//! switch first, so that a service that wakes sends nothing, and then has the broker cancel everything until nothing is
//! open any more. It goes on afterwards, for the service that is started next.
//!
//! Left out: what a death is ([`Watchdog`]).

use crate::Session;
use crate::cli::GuardArgs;
use crate::config::BrokerChoice;
use crate::exit::Exit;
use crate::fault::Report;
use crate::service::file::{ReportFile, ServiceLock};
use crate::wiring::{Broker, Platform, switch_of};
use serde::Serialize;
use std::path::PathBuf;
use std::time::Duration;
use tradeport_connection::{Backoff, BackoffSettings};
use tradeport_risk::{Kill, Switch, SwitchReason, SwitchStore};
use tradeport_trading::{Beat, Sighting, WatchChange, Watchdog};

/// So often the service is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// So long the broker may take to prove that nothing is open any more, before it is asked again.
const PATIENCE: Duration = Duration::from_secs(5);
/// So often it is asked what is open meanwhile.
const ASK_EVERY: Duration = Duration::from_millis(300);
/// Who kills, for the switch and the audit log.
const ACTOR: &str = "guard";

/// What the guard tells, a line each.
#[derive(Debug, Serialize)]
#[serde(tag = "guard", rename_all = "snake_case")]
enum Said {
    Guarding { process: u32, folder: PathBuf, silence_seconds: f64 },
    Lives { process: u32 },
    Ended { process: u32 },
    Died { process: u32 },
    Hangs { process: u32, silent_seconds: f64 },
    Killed { kill: Kill },
    Cancelled { left: u32 },
    NotCancelled { error: Report },
    Resumed,
}

/// One try to have everything cancelled.
enum Tried {
    /// So many orders are open after it.
    Left(u32),
    /// Nothing was asked for: somebody has let orders leave again.
    Resumed,
}

impl Said {
    fn words(&self) -> String {
        match self {
            Self::Guarding { folder, silence_seconds, .. } => {
                format!(
                    "guarding the service of {}, which hangs after {silence_seconds} s of silence",
                    folder.display()
                )
            }
            Self::Lives { process } => format!("the service lives: process {process}"),
            Self::Ended { process } => format!("the service, process {process}, ended in good order"),
            Self::Died { process } => format!("the service, process {process}, died"),
            Self::Hangs { process, silent_seconds } => {
                format!(
                    "the service, process {process}, hangs: nothing was heard of it for {silent_seconds:.1} s"
                )
            }
            Self::Killed { kill } => format!("no order leaves any more: {kill}"),
            Self::Cancelled { left: 0 } => "everything is cancelled: no order is open".to_owned(),
            Self::Cancelled { left } => format!("{left} orders are still open: they are cancelled again"),
            Self::NotCancelled { error } => format!("not cancelled yet: {}", error.message),
            Self::Resumed => "the switch is resumed: nothing more is cancelled".to_owned(),
        }
    }
}

/// Watches until somebody stops it.
pub(super) async fn run(arguments: &GuardArgs, session: &Session) -> anyhow::Result<Exit> {
    let guard = Guarding::new(arguments, session)?;
    let stop = session.stop();
    tokio::select! {
        biased;
        () = stop.asked() => {}
        never = guard.watch() => match never {},
    }
    session.output().say("stopped; nobody watches over the service now");
    Ok(Exit::Done)
}

struct Guarding<'a> {
    session: &'a Session,
    folder: PathBuf,
    file: ReportFile,
    silence: Duration,
}

impl<'a> Guarding<'a> {
    fn new(arguments: &GuardArgs, session: &'a Session) -> anyhow::Result<Self> {
        let folder = session.storage()?.folder;
        let file = ReportFile::within(&folder);
        Ok(Self { session, file, folder, silence: arguments.silence.duration() })
    }

    async fn watch(&self) -> std::convert::Infallible {
        let clock = self.session.clock();
        let silence_seconds = self.silence.as_secs_f64();
        let (process, folder) = (std::process::id(), self.folder.clone());
        self.say(&Said::Guarding { process, folder, silence_seconds });
        self.try_the_way().await;
        let mut dog = Watchdog::new(self.silence);
        loop {
            if let Some(change) = dog.see(self.sighting(), clock.now()) {
                self.changed(change).await;
            }
            clock.sleep_until(clock.now().after(LOOK_EVERY)).await;
        }
    }

    /// The lock before the report: whoever ends in good order writes that before it lets go of the lock.
    fn sighting(&self) -> Sighting {
        let exists = ServiceLock::is_held(&self.folder);
        let report = self.file.read().unwrap_or_else(|error| {
            tracing::debug!(error = format!("{error:#}"), "the report cannot be read");
            None
        });
        let beat = report.map(|report| Beat {
            process: report.process,
            at: report.beat.unwrap_or(report.at),
            stopped: report.stopped,
        });
        Sighting { exists, beat }
    }

    async fn changed(&self, change: WatchChange) {
        let reason = match change {
            WatchChange::Ended { process } => {
                self.say(&Said::Ended { process });
                return;
            }
            WatchChange::Lives { process } => {
                self.say(&Said::Lives { process });
                // What it had sent before it could see the switch is cancelled, too.
                match self.looked_at().await {
                    Ok(Switch::Open) => {}
                    Ok(Switch::Killed(kill)) => self.cancel(Some(&kill)).await,
                    Err(_) => self.cancel(None).await,
                }
                return;
            }
            WatchChange::Died { process } => {
                self.say(&Said::Died { process });
                format!("the service, process {process}, died without a word")
            }
            WatchChange::Hangs { process, silent_for } => {
                let silent_seconds = silent_for.as_secs_f64();
                self.say(&Said::Hangs { process, silent_seconds });
                format!("the service, process {process}, has said nothing for {silent_seconds:.1} s")
            }
        };
        let kill = self.kill(&reason).await;
        self.cancel(kill.as_ref()).await;
    }

    async fn looked_at(&self) -> anyhow::Result<Switch> {
        Ok(switch_of(self.session)?.look().await)
    }

    /// Has somebody resumed the switch since this kill? That it is open is no proof: its folder may be gone.
    async fn is_resumed(&self, kill: Option<&Kill>) -> bool {
        let Some(kill) = kill else { return false };
        let resumed = async {
            let last = switch_of(self.session)?.last_resume().await?;
            Ok::<_, anyhow::Error>(last.is_some_and(|resume| resume.at >= kill.at))
        };
        matches!(self.looked_at().await, Ok(Switch::Open)) && resumed.await.unwrap_or(false)
    }

    /// A switch that cannot be kept is told, and keeps nothing from being cancelled. The kill that stands, if it could.
    async fn kill(&self, reason: &str) -> Option<Kill> {
        let at = self.session.clock().now();
        let kill = Kill { at, by: ACTOR.to_owned(), reason: SwitchReason::of_words(reason) };
        let killed = async { Ok::<_, anyhow::Error>(switch_of(self.session)?.kill(&kill).await?) };
        match killed.await {
            Ok(kill) => {
                self.say(&Said::Killed { kill: kill.clone() });
                Some(kill)
            }
            Err(error) => {
                self.say(&Said::NotCancelled { error: Report::of(&error) });
                None
            }
        }
    }

    /// Has everything cancelled, again and again until nothing is open, or somebody resumes the switch after this kill:
    /// what is open by then was meant to be.
    async fn cancel(&self, kill: Option<&Kill>) {
        let clock = self.session.clock();
        let waits = BackoffSettings {
            first: Duration::from_secs(1),
            most: Duration::from_secs(30),
            ..BackoffSettings::default()
        };
        let mut backoff = Backoff::new(waits, u64::from(std::process::id()));
        loop {
            match self.cancel_once(kill).await {
                Ok(Tried::Resumed) => return self.say(&Said::Resumed),
                Ok(Tried::Left(left)) => {
                    self.say(&Said::Cancelled { left });
                    if left == 0 {
                        return;
                    }
                }
                Err(error) => {
                    self.say(&Said::NotCancelled { error: Report::of(&error) });
                    // Its orders live in the process that has the folder: one that wakes cancels them itself.
                    if self.session.config().broker == BrokerChoice::Fake {
                        return;
                    }
                }
            }
            clock.sleep_until(clock.now().after(backoff.failed())).await;
        }
    }

    async fn cancel_once(&self, kill: Option<&Kill>) -> anyhow::Result<Tried> {
        if self.is_resumed(kill).await {
            return Ok(Tried::Resumed);
        }
        if self.session.config().broker == BrokerChoice::Fake {
            return cancel_here(self.session).await.map(Tried::Left);
        }
        let broker = Broker::open_to_guard(self.session).await?;
        // To be let in may take as long as the broker likes.
        if self.is_resumed(kill).await {
            broker.link().disconnect().await?;
            return Ok(Tried::Resumed);
        }
        cancel_everything(&broker, self.session, PATIENCE).await.map(Tried::Left)
    }

    /// Better to hear now than in an emergency that the broker lets us not in.
    async fn try_the_way(&self) {
        if self.session.config().broker == BrokerChoice::Fake {
            return;
        }
        let tried = async {
            let broker = Broker::open_to_guard(self.session).await?;
            broker.gateway().open_orders().await?;
            Ok::<_, anyhow::Error>(broker.link().disconnect().await?)
        };
        if let Err(error) = tried.await {
            tracing::warn!(
                error = format!("{error:#}"),
                "the broker cannot be reached now: in an emergency it is tried again"
            );
        }
    }

    /// That nobody reads it is no reason to watch no more, or to kill any later.
    fn say(&self, said: &Said) {
        let output = self.session.output();
        let printed = if output.is_json() { output.line(said) } else { output.row(&said.words()) };
        if let Err(error) = printed {
            tracing::warn!(error = format!("{error:#}"), "what the guard says cannot be printed");
        }
    }
}

/// On the simulated broker, once its process is gone: a desk that opens under a killed switch cancels. How many are left.
async fn cancel_here(session: &Session) -> anyhow::Result<u32> {
    let platform = Platform::open(session).await?;
    platform.desk().tend_switch().await;
    platform.take_in().await?;
    let left = platform.desk().orders_that_may_trade().await.len();
    platform.close().await?;
    Ok(u32::try_from(left).unwrap_or(u32::MAX))
}

/// Asks the broker to cancel everything, and waits until nothing is open or it takes too long: how many are.
pub(super) async fn cancel_everything(
    broker: &Broker,
    session: &Session,
    patience: Duration,
) -> anyhow::Result<u32> {
    let clock = session.clock();
    let deadline = clock.now().after(patience);
    broker.gateway().cancel_everything().await?;
    // Whatever is done to the clock meanwhile, it is asked again in time.
    let mut waited = Duration::ZERO;
    let left = loop {
        let open = broker.gateway().open_orders().await?;
        let left = open.rows().len() + open.unread().len();
        if left == 0 || clock.now() >= deadline || waited >= patience {
            break u32::try_from(left).unwrap_or(u32::MAX);
        }
        clock.sleep_until(clock.now().after(ASK_EVERY)).await;
        waited += ASK_EVERY;
    };
    if let Err(error) = broker.link().disconnect().await {
        tracing::debug!(%error, "the link was not ended in good order");
    }
    Ok(left)
}

#[cfg(test)]
mod tests;
