//! The service, as `tradeport serve` runs it: its own links, desk and databases beside those of the suite, on the same
//! broker, and looked at by its report, as `tradeport status` does.
//!
//! Left out: the calendar of outages, which is switched off here, since no scenario waits until midnight.

use super::super::backend::set;
use super::super::scenario::Halt;
use super::super::stage::{SHARE, Stage};
use super::words;
use crate::Session;
use crate::clock::SystemClock;
use crate::commands::status::standing_words;
use crate::config::Assignment;
use crate::service::file::ReportFile;
use crate::service::report::{LinkReport, StatusReport};
use crate::service::{Desk, Service};
use crate::stop::Stop;
use crate::wiring::BrokerPorts;
use anyhow::Context;
use futures::StreamExt;
use futures::future::join_all;
use std::time::Duration;
use tradeport_connection::LinkStanding;
use tradeport_fake_broker::FakeBroker;
use tradeport_kernel::{Clock, OrderKey};
use tradeport_orders::{CancelTag, Order, OrderState};
use tradeport_trading::OrderDesk;

/// So far above the suite's client id is the service's: none of their ranges touch.
const APART: u32 = 100;
/// What should come is waited for so long, by the broker's clock.
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two looks, in real time: whoever works has a turn before virtual time goes on.
const TURN: Duration = Duration::from_millis(2);
const RESTS: [OrderState; 2] = [OrderState::Working, OrderState::Held];
/// Twice as many as a TWS takes in a second.
const QUESTIONS: usize = 100;
const ORDERS: usize = 15;
const SECOND: Duration = Duration::from_secs(1);

/// A service that runs, seen from outside.
struct Serving {
    report: ReportFile,
    desk: Desk,
    ports: BrokerPorts,
    /// Where the simulated broker is the service's own.
    broker: Option<FakeBroker>,
}

pub(super) async fn link_lost(stage: &mut Stage) -> Result<(), Halt> {
    play(stage, async |serving, stage| serving.link_lost(stage).await).await
}

pub(super) async fn pressure(stage: &mut Stage) -> Result<(), Halt> {
    play(stage, async |serving, stage| serving.pressure(stage).await).await
}

/// Runs a service while something is done with it. Whatever comes of that, its orders are cancelled and it ends.
async fn play(
    stage: &mut Stage,
    steps: impl AsyncFnOnce(&Serving, &mut Stage) -> Result<(), Halt>,
) -> Result<(), Halt> {
    let session = session(stage)?;
    let service = Service::build(&session, vec![SHARE.parse()?]).await?;
    let report = ReportFile::within(&session.storage()?.folder);
    let (desk, ports, broker) = (service.desk(), service.ports(), service.simulated().cloned());
    let serving = Serving { report, desk, ports, broker };
    let (stop, ask) = Stop::by_hand();
    let hands = stage.hands();
    let steps = async {
        let played = steps(&serving, stage).await;
        let cleared = serving.clear(stage).await;
        ask();
        played.and(cleared)
    };
    let time = async {
        loop {
            turn().await;
            hands.let_time_pass();
        }
    };
    let (ended, played) = tokio::select! {
        both = async { futures::join!(service.run(stop), steps) } => both,
        () = time => unreachable!("time goes on for as long as it is wanted"),
    };
    ended.context("the service did not end in good order")?;
    played?;
    let stopped = serving.report.read()?.is_some_and(|report| report.stopped);
    let seen = if stopped { "ended" } else { "it runs, or there is none" };
    stage.check("its last report says that it ended", seen, stopped);
    Ok(())
}

/// A session beside the suite's own: other databases, other client ids, no outage expected.
fn session(stage: &Stage) -> anyhow::Result<Session> {
    let own = stage.session();
    let folder = own.storage()?.folder.join("serve");
    let folder = folder.to_str().context("the folder of the report has a name that is no text")?;
    let said: [Assignment; 5] = [
        set("storage.path", folder),
        set("ib.client_id", i64::from(own.config().ib.client_id + APART)),
        set("link.restart_minutes", 0),
        set("link.announced_resets", false),
        set("link.first_wait_seconds", 1),
    ];
    let loaded = own.loaded().with(&said)?;
    Ok(Session::new(loaded, own.output().clone(), Stop::never(), own.clock()))
}

/// Leaves the word to whoever works; time passes beside it.
async fn turn() {
    SystemClock.sleep_until(SystemClock.now().after(TURN)).await;
}

/// In which epoch a link is ready, if it is.
fn ready(link: &LinkReport) -> Option<u64> {
    matches!(link.standing, LinkStanding::Ready { .. }).then_some(link.last_epoch)
}

/// Is every link ready, in a later epoch than this, with orders and positions proven and streams back?
fn stands(report: &StatusReport, after: u64) -> bool {
    let links = report.links.iter().all(|link| {
        let restored = link.streams.restored == link.streams.wanted;
        ready(link).is_some_and(|epoch| epoch > after) && restored
    });
    links && report.reconciliation.is_some_and(|it| it.epoch > after)
}

fn recorded(report: &StatusReport) -> u64 {
    report.recording.as_ref().map_or(0, |it| it.quotes)
}

impl Serving {
    /// The first report of which something is so; the last one where none is in time.
    async fn report(
        &self,
        stage: &Stage,
        so: impl Fn(&StatusReport) -> bool,
    ) -> anyhow::Result<(bool, StatusReport)> {
        let deadline = stage.now().after(PATIENCE);
        loop {
            let report = self.report.read()?.filter(|report| !report.stopped);
            match report {
                Some(report) if so(&report) => return Ok((true, report)),
                Some(report) if stage.now() >= deadline => return Ok((false, report)),
                None if stage.now() >= deadline => anyhow::bail!("the service wrote no report"),
                _ => turn().await,
            }
        }
    }

    /// The desk, once everything is proven and quotes flow.
    async fn desk(&self, stage: &mut Stage) -> Result<OrderDesk, Halt> {
        let up = |report: &StatusReport| stands(report, 0) && recorded(report) > 0;
        let (stood, report) = self.report(stage, up).await?;
        let seen = format!("{}; {} quotes", standings(stage, &report), recorded(&report));
        stage.check("links are ready, and quotes are recorded", seen, stood);
        let desk = self.desk.get().context("the service has no desk")?;
        // What an interrupted run has left.
        self.clear(stage).await?;
        Ok(desk)
    }

    /// An order for the service's desk, which knows what it means and what that costs.
    async fn far_below(
        &self,
        stage: &mut Stage,
        desk: &OrderDesk,
    ) -> Result<tradeport_orders::OrderDraft, Halt> {
        let share = stage.quoted().await?;
        desk.learn(share.contract.instrument()).await?;
        if let Some(quote) = stage.desk().last_quote(share.symbol()) {
            desk.note_quote(quote);
        }
        Ok(stage.far_below(&share)?)
    }

    async fn order(&self, stage: &Stage, key: &OrderKey, states: &[OrderState]) -> anyhow::Result<Order> {
        let deadline = stage.now().after(PATIENCE);
        loop {
            let desk = self.desk.get().context("the service has no desk")?;
            let order = desk.order(key).await.context("the desk does not know its order")?;
            if states.contains(&order.state()) || stage.now() >= deadline {
                return Ok(order);
            }
            turn().await;
        }
    }

    async fn take_down(&self, stage: &Stage) -> anyhow::Result<()> {
        match &self.broker {
            Some(broker) => {
                broker.set_reachable(false);
                broker.drop_link();
                Ok(())
            }
            None => stage.levers().take_down().await,
        }
    }

    async fn bring_up(&self, stage: &Stage) -> anyhow::Result<()> {
        match &self.broker {
            Some(broker) => {
                broker.set_reachable(true);
                Ok(())
            }
            None => stage.levers().bring_up().await,
        }
    }

    async fn link_lost(&self, stage: &mut Stage) -> Result<(), Halt> {
        let desk = self.desk(stage).await?;
        let draft = self.far_below(stage, &desk).await?;
        let held = self.far_below(stage, &desk).await?.check()?;
        let key = draft.key.clone();
        let intent = draft.check()?;
        desk.submit(intent).await?;
        let order = self.order(stage, &key, &RESTS).await?;
        stage.check("the order rests", order.state(), RESTS.contains(&order.state()));

        self.take_down(stage).await?;
        let down = |report: &StatusReport| report.links.iter().all(|link| ready(link).is_none());
        let (lost, report) = self.report(stage, down).await?;
        let epoch = report.links[0].last_epoch;
        stage.check("every lost link is told", standings(stage, &report), lost && !report.is_healthy());
        let placed = desk.submit(held).await?.order;
        stage.same("an order without a link", &OrderState::NotSent, &placed.state());

        self.bring_up(stage).await?;
        let back = |report: &StatusReport| stands(report, epoch) && recorded(report) > 0;
        let (healed, report) = self.report(stage, back).await?;
        let seen = format!("{}; streams: {}", standings(stage, &report), streams(&report));
        stage.check("links, proofs and streams are back by themselves", seen, healed);
        let before = recorded(&report);
        let (flows, report) = self.report(stage, |report| recorded(report) > before).await?;
        stage.check("quotes are recorded again", format!("{before}, then {}", recorded(&report)), flows);
        let order = self.order(stage, &key, &RESTS).await?;
        stage.check("the order still rests", order.state(), RESTS.contains(&order.state()));
        desk.cancel(&key, CancelTag::default()).await?;
        let order = self.order(stage, &key, &[OrderState::Cancelled]).await?;
        stage.same("and can be cancelled", &OrderState::Cancelled, &order.state());
        Ok(())
    }

    async fn pressure(&self, stage: &mut Stage) -> Result<(), Halt> {
        let desk = self.desk(stage).await?;
        let epoch = self.epoch()?;
        let mut intents = Vec::with_capacity(ORDERS);
        for _ in 0..ORDERS {
            intents.push(self.far_below(stage, &desk).await?.check()?);
        }
        let keys: Vec<OrderKey> = intents.iter().map(|intent| intent.key().clone()).collect();
        let id = self.ports.catalog.resolve(&SHARE.parse()?).await?.id();
        // Questions first, so that orders find a queue in front of them.
        let asked = (0..QUESTIONS).map(|_| self.ports.catalog.by_id(id));
        let began = stage.now();
        let answers = futures::stream::iter(asked).buffer_unordered(QUESTIONS).collect::<Vec<_>>();
        let placed = join_all(intents.into_iter().map(|intent| desk.submit(intent)));
        let (answers, placed) = async { futures::join!(answers, placed) }.await;
        let took = stage.now().since(began);
        let seen = format!("{} ms", took.as_millis());
        stage.check("they are spread over more than a second, as the limit asks", seen, took > SECOND);
        let good = answers.iter().filter(|it| it.as_ref().is_ok_and(|it| it.id() == id)).count();
        stage.same("answers", &QUESTIONS, &good);
        let taken =
            placed.into_iter().filter_map(Result::ok).filter(|it| it.order.state().may_trade()).count();
        stage.same("orders that are taken", &ORDERS, &taken);
        for key in &keys {
            self.order(stage, key, &RESTS).await?;
        }
        let cancels = join_all(keys.iter().map(|key| desk.cancel(key, CancelTag::default())));
        let passed = cancels.await.into_iter().filter(Result::is_ok).count();
        stage.same("cancels that get through", &ORDERS, &passed);
        let mut gone = 0;
        for key in &keys {
            let order = self.order(stage, key, &[OrderState::Cancelled]).await?;
            gone += usize::from(order.state() == OrderState::Cancelled);
        }
        stage.same("orders that are cancelled", &ORDERS, &gone);
        stage.same("the link is the same all the while, its epoch", &epoch, &self.epoch()?);
        Ok(())
    }

    fn epoch(&self) -> anyhow::Result<u64> {
        let report = self.report.read()?.context("the service wrote no report")?;
        Ok(report.links.first().map_or(0, |link| link.last_epoch))
    }

    /// Brings the broker up, and cancels whatever is left.
    async fn clear(&self, stage: &Stage) -> Result<(), Halt> {
        self.bring_up(stage).await?;
        let Some(desk) = self.desk.get() else { return Ok(()) };
        for order in desk.orders().await.into_iter().filter(|order| order.state().may_trade()) {
            let key = order.intent().key();
            desk.cancel(key, CancelTag::default()).await?;
            let order = self.order(stage, key, &[OrderState::Cancelled, OrderState::NotSent]).await?;
            if order.state().may_trade() {
                return Err(anyhow::anyhow!("{key} of the service is {}", order.state()).into());
            }
        }
        Ok(())
    }
}

/// Where each link stands.
fn standings(stage: &Stage, report: &StatusReport) -> String {
    words::listed(report.links.iter().map(|link| standing_words(&link.standing, stage.now())))
}

/// How many streams speak, of how many, on each link.
fn streams(report: &StatusReport) -> String {
    words::listed(
        report.links.iter().map(|link| format!("{} of {}", link.streams.restored, link.streams.wanted)),
    )
}
