//! The long-running platform: supervised links, the desk behind the gate, the recorder over every epoch, the performance
//! loop, and a report of all of it once a second.
//!
//! | module | what it holds |
//! | --- | --- |
//! | `board`, `report`, `file` | how it does: noted, as a value, beside the databases |
//! | `alarms` | what a person should know |
//! | `beginning` | what begins with the first link: the desk, the recording |
//! | `quotes`, `recording` | streams that outlive epochs, into the desk and into the database |
//! | `limits` | the limits of risk, as the file of settings has them now |
//! | `wishes`, `cancelling`, `ordering` | what commands ask of it: to cancel orders, to place and to change them |
//! | `reconciling` | orders and accounts held against the broker, on a timer and when somebody asks |
//! | `money` | the account's figures, and how the portfolio goes |
//!
//! Left out: how the parts are put together (`wiring`), and what the report looks like (`commands`).

mod alarms;
mod beginning;
mod board;
mod cancelling;
pub mod file;
mod limits;
mod money;
mod ordering;
mod quotes;
mod reconciling;
mod recording;
pub mod report;
mod wishes;

pub use alarms::{AlarmBook, LineAlarms};

use crate::Session;
use crate::stop::Stop;
use crate::wiring::{BrokerPorts, Plant};
use anyhow::Context;
use board::{Board, REPORT_EVERY, Watched};
use file::{ReportFile, ServiceLock};
use futures::StreamExt;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;
use tokio::task::JoinSet;
use tradeport_connection::{Held, LinkChange, LinkStanding, Purpose};
use tradeport_contracts::Instrument;
use tradeport_orders::CancelTag;
use tradeport_trading::{OrderDesk, PlatformEvent, PlatformEvents, SessionHandle, SessionSupervisor};

/// On whose behalf the service works.
const ACTOR: &str = "service";
/// So long the parts of the service may take to end in good order.
const LONGEST_END: Duration = Duration::from_secs(10);

/// The service, ready to be run.
pub struct Service {
    session: Session,
    records: Vec<Instrument>,
    plant: Plant,
    lines: Vec<Running>,
    board: Arc<Board>,
    file: ReportFile,
    tasks: JoinSet<anyhow::Result<()>>,
    /// What it was asked for could not begin.
    could_not_begin: bool,
    _lock: ServiceLock,
}

/// One link that is looked after.
struct Running {
    purpose: Purpose,
    ports: BrokerPorts,
    handle: SessionHandle,
    told: PlatformEvents,
    supervisor: Option<SessionSupervisor>,
}

impl Service {
    /// Puts it together. Errors: another service or command has the folder, or what it needs.
    pub async fn build(session: &Session, records: Vec<Instrument>) -> anyhow::Result<Self> {
        let folder = session.storage()?.folder;
        let lock = ServiceLock::take(&folder, session).await?;
        wishes::clear_left(&folder, session);
        let mut plant = Plant::build(session, !records.is_empty()).await?;
        let lines: Vec<_> = std::iter::once(&mut plant.trading).chain(&mut plant.recording).collect();
        let mut watched = Vec::new();
        let mut running = Vec::new();
        for line in lines {
            let supervisor = line.supervisor.take().context("a link is supervised once")?;
            let handle = supervisor.handle();
            watched.push(Watched {
                purpose: line.purpose,
                client_id: line.client_id,
                handle: handle.clone(),
                guard: line.guard.clone(),
            });
            let (ports, told) = (line.ports.clone(), line.bus.subscribe());
            running.push(Running {
                purpose: line.purpose,
                ports,
                handle,
                told,
                supervisor: Some(supervisor),
            });
        }
        let clock = session.clock();
        let board = Arc::new(Board {
            started: clock.now(),
            clock,
            broker: session.config().broker,
            links: watched,
            pacer: plant.pacer.clone(),
            alarms: plant.alarms.clone(),
            prover: Arc::clone(&plant.trading.prover),
            desk: OnceLock::new(),
            managed: OnceLock::new(),
            account: Mutex::new(None),
            orders: Mutex::new(None),
            breaks: Mutex::default(),
            reconciled: Mutex::default(),
            recording: OnceLock::new(),
            beat: Mutex::default(),
            protection: session.config().protection.clone(),
            cover_gaps: Mutex::default(),
            stores: plant.stores.clone(),
        });
        let file = ReportFile::within(&folder);
        let session = session.clone();
        let (tasks, could_not_begin) = (JoinSet::new(), false);
        Ok(Self { session, records, plant, lines: running, board, file, tasks, could_not_begin, _lock: lock })
    }

    /// How it does now.
    #[must_use]
    pub fn report(&self) -> report::StatusReport {
        self.board.report(false)
    }

    /// The link of whoever trades.
    #[must_use]
    pub fn handle(&self) -> SessionHandle {
        self.lines[0].handle.clone()
    }

    /// The desk, once there is a link.
    #[must_use]
    pub fn desk(&self) -> Desk {
        Desk(Arc::clone(&self.board))
    }

    /// The ports of whoever trades, behind guard and gate.
    #[must_use]
    pub fn ports(&self) -> BrokerPorts {
        self.lines[0].ports.clone()
    }

    /// The simulated broker, to move it from outside.
    pub(crate) fn simulated(&self) -> Option<&tradeport_fake_broker::FakeBroker> {
        self.plant.simulated()
    }

    /// Runs until somebody asks it to stop; orders at the broker stay where they are. Errors: a part of it cannot go on.
    pub async fn run(mut self, stop: Stop) -> anyhow::Result<()> {
        let (ending, end) = Stop::by_hand();
        self.start(&ending);
        let ended = self.work(&stop, &ending).await;
        end();
        let in_order = ended.is_ok() || stop.is_asked() || self.has_not_begun();
        // Whoever guards it is told before it falls silent: ending in good order is no death.
        if let Err(error) = self.file.write(&self.board.report(in_order)) {
            tracing::warn!(%error, "that the service ends was not written down");
        }
        let closed = self.close(in_order).await;
        ended.and(closed)
    }

    /// Has it only tried to begin? What falls over later leaves orders that nobody looks after.
    fn has_not_begun(&self) -> bool {
        self.could_not_begin || self.board.desk.get().is_none()
    }

    fn start(&mut self, ending: &Stop) {
        let pacing = self.plant.pacer.driver();
        self.tasks.spawn(async move {
            pacing.await;
            Ok(())
        });
        let drain = self.session.config().link.drain;
        for line in &mut self.lines {
            let Some(mut supervisor) = line.supervisor.take() else { continue };
            if line.purpose == Purpose::Interactive {
                let board = Arc::clone(&self.board);
                supervisor = supervisor.draining(move |outage| {
                    let board = Arc::clone(&board);
                    Box::pin(async move {
                        let Some(desk) = board.desk.get() else { return };
                        match desk.drain(drain, CancelTag::default()).await {
                            Ok(gone) => {
                                tracing::info!(kind = %outage.kind, orders = gone.len(), "called off before an outage");
                            }
                            Err(error) => tracing::error!(%error, "orders were not called off before an outage"),
                        }
                    })
                });
            }
            self.tasks
                .spawn(async move { supervisor.run().await.context("the link cannot be looked after") });
            line.handle.start();
        }
        let (board, file, ending) = (Arc::clone(&self.board), self.file.clone(), ending.clone());
        self.tasks.spawn(async move {
            tokio::select! {
                () = ending.asked() => {}
                () = write_reports(&board, &file) => {}
            }
            Ok(())
        });
    }

    /// Everything between the start and the wish to stop.
    async fn work(&mut self, stop: &Stop, ending: &Stop) -> anyhow::Result<()> {
        let clock = self.session.clock();
        let mut money = money::Money::new(&self.session, &self.plant);
        let config = self.session.config().reconciliation;
        let folder = self.session.storage()?.folder;
        let mut reconciling =
            reconciling::Reconciling::new(Arc::clone(&clock), config.every(), folder.clone(), ACTOR);
        let mut wishes = wishes::Wishes::of(folder, stop.clone());
        loop {
            let had_desk = self.board.desk.get().is_some();
            let next = reconciling.next_look().min(wishes::Wishes::next_look(&*clock));
            let next = if had_desk { next.min(money.due()) } else { next };
            // While it is held against us, what is ours to move stands still: nothing happens there that is not kept.
            let stands = reconciling.is_under_way() && self.plant.simulated().is_some();
            let [trading, others @ ..] = self.lines.as_mut_slice() else { anyhow::bail!("there is no link") };
            let recording = others.first_mut();
            let heard = tokio::select! {
                biased;
                () = stop.asked() => {
                    tokio::join!(wishes.finish(&*clock), reconciling.finish(&self.plant));
                    money.finish().await?;
                    return Ok(());
                }
                Some(ended) = self.tasks.join_next() => {
                    ended.context("a part of the service fell over: this is a bug, please report it")??;
                    anyhow::bail!("a part of the service ended by itself: this is a bug, please report it");
                }
                ended = reconciling.ended() => {
                    Heard::Reconciled(ended.context("a reconciliation fell over: this is a bug, please report it")?)
                }
                change = next_change(&mut trading.told) => Heard::Link(Purpose::Interactive, change?),
                change = next_of(recording) => Heard::Link(Purpose::Recorder, change?),
                moved = self.plant.market(), if !stands => { moved?; Heard::Market }
                () = clock.sleep_until(next) => Heard::Time,
            };
            match heard {
                Heard::Link(purpose, change) => {
                    if purpose == Purpose::Interactive && matches!(change, LinkChange::Lost { .. }) {
                        reconciling.link_lost();
                    }
                    let taken_in = self.link_changed(purpose, &change, ending).await;
                    self.could_not_begin = taken_in.is_err();
                    taken_in?;
                }
                Heard::Reconciled(ended) => reconciling.note(ended, &self.plant),
                Heard::Market => self.take_in().await?,
                // What it says of cancels comes in all the same.
                Heard::Time if stands => self.take_in().await?,
                Heard::Time => {}
            }
            wishes.look(self).await?;
            if let Some(desk) = self.board.desk.get() {
                money.observe(desk).await?;
                reconciling.look(desk, &self.plant, self.unready().as_ref());
            }
        }
    }

    async fn link_changed(
        &mut self,
        purpose: Purpose,
        change: &LinkChange,
        ending: &Stop,
    ) -> anyhow::Result<()> {
        let epoch = match change {
            LinkChange::Established { epoch } | LinkChange::Recovered { epoch, .. } => *epoch,
            LinkChange::Lost { .. } | LinkChange::Error { .. } => return Ok(()),
        };
        for link in self.board.links.iter().filter(|link| link.purpose == purpose) {
            link.guard.reset();
        }
        if purpose == Purpose::Interactive && self.board.desk.get().is_none() {
            self.open_desk(epoch, ending).await?;
        }
        let records = self.lines.iter().map(|line| line.purpose).max() == Some(purpose);
        if records && !self.records.is_empty() && self.board.recording.get().is_none() {
            self.start_recording(purpose, ending).await?;
        }
        Ok(())
    }

    fn handle_is_ready(&self) -> bool {
        matches!(self.lines[0].handle.view().standing, LinkStanding::Ready { .. })
    }

    /// Why no order may leave now, if none may. Cancels always may, on a link.
    fn held(&self) -> Option<Held> {
        self.lines[0].handle.may_order().err()
    }

    /// Why the link is not relied on, if it is not.
    fn unready(&self) -> Option<Held> {
        match self.lines[0].handle.view().standing {
            LinkStanding::Ready { .. } => None,
            // With a link or without one: it is expected, and its end is known.
            LinkStanding::Blackout { kind, until, .. } => Some(Held::Outage { kind, until }),
            _ => Some(self.held().unwrap_or(Held::NoLink)),
        }
    }

    /// Takes in what a simulated broker said, once its own state is kept: the journal never knows more than it.
    async fn take_in(&self) -> anyhow::Result<()> {
        let Some(desk) = self.board.desk.get() else { return Ok(()) };
        let _one_at_a_time = self.plant.turn().await;
        if !desk.live_orders().await.is_empty() {
            self.plant.keep()?;
        }
        desk.pump().await?;
        Ok(())
    }

    /// Ends the parts: first whoever writes, then the links.
    async fn close(mut self, in_order: bool) -> anyhow::Result<()> {
        let clock = self.session.clock();
        if self.plant.simulated().is_some() {
            self.plant.keep()?;
            if let Some(desk) = self.board.desk.get() {
                desk.pump().await?;
            }
        }
        for line in &self.lines {
            line.handle.stop();
        }
        let late = clock.sleep_until(clock.now().after(LONGEST_END));
        let mut late = std::pin::pin!(late);
        let links = self.lines.len();
        let mut failed = None;
        // The driver of the budget goes on for as long as somebody has the budget.
        while self.tasks.len() > 1 {
            tokio::select! {
                ended = self.tasks.join_next() => match ended {
                    Some(Ok(Err(error))) => failed = Some(error),
                    Some(Ok(Ok(()))) => {}
                    Some(Err(error)) => failed = Some(error.into()),
                    None => break,
                },
                () = &mut late => {
                    tracing::warn!(left = self.tasks.len(), links, "parts of the service did not end in time");
                    break;
                }
            }
        }
        self.tasks.shutdown().await;
        if let Err(error) = self.file.write(&self.board.report(in_order)) {
            tracing::warn!(%error, "how the service did was not written down");
        }
        failed.map_or(Ok(()), Err)
    }
}

/// The desk of a service, for whoever is beside it.
#[derive(Clone)]
pub struct Desk(Arc<Board>);

impl Desk {
    /// The desk, once there is a link.
    #[must_use]
    pub fn get(&self) -> Option<OrderDesk> {
        self.0.desk.get().cloned()
    }
}

enum Heard {
    Link(Purpose, LinkChange),
    Reconciled(reconciling::Ended),
    Market,
    Time,
}

/// The next change of a link.
async fn next_change(told: &mut PlatformEvents) -> anyhow::Result<LinkChange> {
    loop {
        match told.next().await {
            Some(PlatformEvent::Link { change }) => return Ok(change),
            Some(_) => {}
            None => anyhow::bail!("nobody tells of the link any more: this is a bug, please report it"),
        }
    }
}

async fn next_of(line: Option<&mut Running>) -> anyhow::Result<LinkChange> {
    match line {
        Some(line) => next_change(&mut line.told).await,
        None => std::future::pending().await,
    }
}

async fn write_reports(board: &Board, file: &ReportFile) {
    let mut failing = false;
    loop {
        board.prove_life().await;
        match file.write(&board.report(false)) {
            Ok(()) => failing = false,
            // Told once: it would be said each second.
            Err(error) if !std::mem::replace(&mut failing, true) => {
                tracing::warn!(%error, "how the service does cannot be written down");
            }
            Err(_) => {}
        }
        board.clock.sleep_until(board.clock.now().after(REPORT_EVERY)).await;
    }
}

#[cfg(test)]
mod tests;
