//! The brokers that the suite runs on, each opened from nothing.
//!
//! The simulated ones live in this process and forget everything afterwards; their market stands on a Wednesday at eleven
//! in New York, so that a run at night is the same as one at noon. A real one is never one with real money.

use super::levers::Levers;
use super::scenario::Need;
use super::stage::Stage;
use super::way::Way;
use crate::Session;
use crate::clock::{FastClock, SystemClock};
use crate::config::{Assignment, Loaded};
use crate::fake::TICK;
use crate::fault::{Fault, Report};
use crate::stop::Stop;
use crate::wiring::Platform;
use anyhow::Context;
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tradeport_fake_broker::FakeBroker;
use tradeport_fake_broker::house::FakeHours;
use tradeport_fake_tws::{FakeTws, RateLimit, ServerSettings};
use tradeport_kernel::{Clock, Timestamp};
use tradeport_memory::VirtualClock;

/// When the simulated markets begin.
const WEDNESDAY: &str = "2025-06-11T15:00:00Z";
/// The time of the simulated TWS runs as fast as ours: faster, and a machine that is busy would make messages arrive in
/// bunches that break its limits.
const SPEED: f64 = 1.0;
/// What the simulated TWS takes in a second: as many as a real one.
const MESSAGES: usize = 50;
/// So long a machine may take to answer at all.
const REACH: Duration = Duration::from_secs(5);
/// Orders of a suite are many and tiny; a quote of yesterday is good enough to be far away from. A stop that lies above the
/// market takes its limit with it.
const LIMITS: [(&str, i64); 5] = [
    ("risk.price_collar", 1),
    ("risk.max_daily_trades", 1_000_000),
    ("risk.max_gross_share", 100),
    ("risk.max_position_share", 10),
    ("risk.max_quote_age_seconds", 7 * 86_400),
];

/// Which broker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The simulated broker in this process.
    Fake,
    /// The adapter for TWS, over a socket to a simulated TWS in this process.
    FakeTws,
    /// A TWS or IB Gateway with a paper account.
    Tws {
        /// Its machine.
        host: String,
        /// Its port.
        port: u16,
        /// Our number among the programs that use it.
        client_id: u32,
        /// For which account, if it has several.
        account: Option<String>,
        /// May orders be placed?
        may_trade: bool,
    },
}

impl Target {
    /// As reports name it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Fake => "fake-broker",
            Self::FakeTws => "fake-tws",
            Self::Tws { .. } => "tws",
        }
    }
}

/// A broker that was opened, ready to be played on.
pub struct Backend {
    /// As reports name it.
    pub name: &'static str,
    /// The platform over it.
    pub stage: Stage,
}

impl Backend {
    /// Opens a broker; what is kept of it lies in `folder`. Errors: it cannot be reached, or it is not for trials.
    pub async fn open(target: &Target, folder: &Path, session: &Session) -> anyhow::Result<Self> {
        let stage = match target {
            Target::Fake => fake(folder, session).await?,
            Target::FakeTws => fake_tws(folder, session).await?,
            Target::Tws { .. } => tws(target, folder, session).await.map_err(on_paper_alone)?,
        };
        Ok(Self { name: target.name(), stage })
    }
}

/// A setting of a scenario's own.
pub(super) fn set(key: &'static str, value: impl Into<toml::Value>) -> Assignment {
    Assignment { key, flag: "integration", value: value.into() }
}

/// Settings for one broker, with its databases in a folder.
fn loaded(base: &Loaded, broker: &str, folder: &Path, more: &[Assignment]) -> anyhow::Result<Loaded> {
    let folder = folder.to_str().context("the folder of the report has a name that is no text")?;
    let mut said = vec![set("broker", broker), set("storage.path", folder)];
    said.extend(LIMITS.map(|(key, value)| set(key, value)));
    said.extend_from_slice(more);
    Ok(base.with(&said)?)
}

async fn stage(
    loaded: Loaded,
    clock: Arc<dyn Clock>,
    session: &Session,
    levers: impl FnOnce(&Platform) -> anyhow::Result<Box<dyn Levers>>,
    may_trade: bool,
) -> anyhow::Result<Stage> {
    let session = Session::new(loaded, session.output().clone(), Stop::never(), clock);
    let platform = Platform::open(&session).await?;
    let levers = levers(&platform)?;
    Ok(Stage::new(platform, levers, session, may_trade))
}

/// The simulated brokers begin anew every time, from the defaults and whatever nobody configured.
fn anew(folder: &Path) -> anyhow::Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder).with_context(|| format!("{} is in the way", folder.display()))?;
    }
    Ok(())
}

async fn fake(folder: &Path, session: &Session) -> anyhow::Result<Stage> {
    anew(folder)?;
    let clock = VirtualClock::new(WEDNESDAY.parse()?);
    let loaded = loaded(&Loaded::defaults(), "fake", folder, &[set("fake.hours", "us-stocks")])?;
    let (hands, time) = (clock.clone(), Arc::new(clock));
    let levers = |platform: &Platform| -> anyhow::Result<Box<dyn Levers>> {
        let broker = platform.broker().simulated().context("the simulated broker is simulated")?.clone();
        Ok(Box::new(FakeLevers { broker, clock: hands }))
    };
    stage(loaded, time, session, levers, true).await
}

async fn fake_tws(folder: &Path, session: &Session) -> anyhow::Result<Stage> {
    anew(folder)?;
    let start: Timestamp = WEDNESDAY.parse()?;
    let clock: Arc<dyn Clock> = Arc::new(FastClock::starting(Arc::new(SystemClock), start, SPEED));
    let message_rate = Some(RateLimit { per_second: MESSAGES, ..RateLimit::default() });
    let hours = FakeHours::UsStocks;
    let settings = ServerSettings { hours, message_rate, ..ServerSettings::default() };
    let tws = FakeTws::builder().settings(settings).start(Arc::clone(&clock)).await?;
    let upstream = tws.address().to_string();
    let way = Way::to(upstream, Some(tws), &folder.join("session.wire"), Arc::clone(&clock)).await?;
    let said = [
        set("ib.host", "127.0.0.1"),
        set("ib.port", i64::from(way.port())),
        // It never goes away by itself.
        set("link.restart_minutes", 0),
        set("link.announced_resets", false),
    ];
    let loaded = loaded(&Loaded::defaults(), "tws", folder, &said)?;
    stage(loaded, clock, session, |_| Ok(Box::new(way)), true).await
}

async fn tws(target: &Target, folder: &Path, session: &Session) -> anyhow::Result<Stage> {
    let Target::Tws { host, port, client_id, account, may_trade } = target else {
        anyhow::bail!("{} is no TWS", target.name());
    };
    let mut said = vec![
        set("ib.host", host.as_str()),
        set("ib.port", i64::from(*port)),
        set("ib.client_id", i64::from(*client_id)),
        // Whatever else is configured: nothing of this is ever done with real money.
        set("ib.allow_live", false),
    ];
    said.extend(account.as_deref().map(|account| set("ib.account", account)));
    // Where it really is decides whether it may be used.
    loaded(session.loaded(), "tws", folder, &said)?.check()?;
    let upstream = if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") };
    somebody_listens(&upstream).await?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let recording = folder.join(format!("session-{}.wire", clock.now().nanos() / 1_000_000_000));
    let way = Way::to(upstream, None, &recording, Arc::clone(&clock)).await?;
    said.extend([set("ib.host", "127.0.0.1"), set("ib.port", i64::from(way.port()))]);
    let loaded = loaded(session.loaded(), "tws", folder, &said)?;
    stage(loaded, clock, session, |_| Ok(Box::new(way)), *may_trade).await
}

/// Elsewhere real money can be allowed. Here it cannot, so nobody is told how.
fn on_paper_alone(error: anyhow::Error) -> anyhow::Error {
    let told = Report::of(&error);
    if told.advice.contains("--allow-live") {
        let advice = "log in to a paper account: the scenarios are played on no other, whatever is said";
        return Fault::failed(told.message, advice).into();
    }
    error
}

/// What stands between us and TWS would take every connection: so it is asked for before.
async fn somebody_listens(place: &str) -> anyhow::Result<()> {
    let advice =
        "check that TWS or IB Gateway runs and is logged in, that its API is switched on, and its port";
    let late = SystemClock.sleep_until(SystemClock.now().after(REACH));
    let why = tokio::select! {
        connected = TcpStream::connect(place) => match connected {
            Ok(_) => return Ok(()),
            Err(error) => anyhow::Error::from(error),
        },
        () = late => anyhow::anyhow!("no answer within {} s", REACH.as_secs()),
    };
    Err(Fault::failed(format!("nobody listens at {place}"), advice).because(why).into())
}

/// Moves the simulated broker, and its time.
struct FakeLevers {
    broker: FakeBroker,
    clock: VirtualClock,
}

impl Levers for FakeLevers {
    fn has(&self, _need: Need) -> bool {
        true
    }

    fn cut_link(&self) -> LocalBoxFuture<'_, anyhow::Result<()>> {
        self.broker.drop_link();
        futures::future::ok(()).boxed_local()
    }

    fn take_down(&self) -> LocalBoxFuture<'_, anyhow::Result<()>> {
        self.broker.set_reachable(false);
        self.cut_link()
    }

    fn bring_up(&self) -> LocalBoxFuture<'_, anyhow::Result<()>> {
        self.broker.set_reachable(true);
        futures::future::ok(()).boxed_local()
    }

    fn let_time_pass(&self) {
        self.clock.advance(TICK);
    }
}
