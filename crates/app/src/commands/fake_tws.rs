//! `tradeport fake-tws`: a TWS for any IB client, on the simulated broker.

use super::wire;
use crate::Session;
use crate::cli::{Excess, FakeTwsArgs};
use crate::clock::FastClock;
use crate::exit::Exit;
use anyhow::Context as _;
use serde::Serialize;
use std::net::SocketAddr;
use std::path::Path;
use tradeport_fake_broker::{AccountConfig, AccountKind};
use tradeport_fake_tws::chaos::Scenario;
use tradeport_fake_tws::record::RecorderHandle;
use tradeport_fake_tws::{FakeTws, RateLimit, ServerSettings};
use tradeport_kernel::{AccountId, Currency, Money};

/// What is served, for scripts that start it.
#[derive(Debug, Serialize)]
struct Serving<'a> {
    address: String,
    port: u16,
    accounts: &'a [AccountId],
    seed: u64,
    versions: [i32; 2],
}

/// Serves until somebody stops it.
pub(super) async fn run(arguments: &FakeTwsArgs, session: &Session) -> anyhow::Result<Exit> {
    if let Some(file) = &arguments.replay {
        return wire::replay(file, arguments, session).await;
    }
    let Some(file) = &arguments.record else { return serve(arguments, None, session).await };
    let recorder = wire::begin(file)?;
    let ended = serve(arguments, Some(recorder.handle()), session).await;
    wire::end(recorder, ended, file, session)
}

async fn serve(
    arguments: &FakeTwsArgs,
    recording: Option<RecorderHandle>,
    session: &Session,
) -> anyhow::Result<Exit> {
    let clock = FastClock::new(session.clock(), arguments.speed);
    let mut builder = FakeTws::builder()
        .address(SocketAddr::new(arguments.listen, arguments.port))
        .settings(settings(arguments, session))
        .scenario(scenario(arguments.scenario.as_deref())?);
    if let Some(recording) = recording {
        builder = builder.record(recording);
    }
    if arguments.speed.is_infinite() {
        builder = builder.as_fast_as_read();
    }
    let mut tws = builder.start(std::sync::Arc::new(clock)).await?;
    tell(&tws, arguments, session)?;
    let stop = session.stop().clone();
    tokio::select! {
        () = stop.asked() => Ok(Exit::Interrupted),
        () = tws.stopped() => anyhow::bail!("the server has stopped by itself: this is a bug, please report it"),
    }
}

/// What goes wrong; nothing without a file.
fn scenario(path: Option<&Path>) -> anyhow::Result<Scenario> {
    let Some(path) = path else { return Ok(Scenario::default()) };
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("the scenario {} cannot be read", path.display()))?;
    text.parse().with_context(|| format!("the scenario {} cannot be played", path.display()))
}

fn settings(arguments: &FakeTwsArgs, session: &Session) -> ServerSettings {
    let cash = Money::new(arguments.cash, Currency::USD);
    let account = |id: &AccountId| AccountConfig { id: id.clone(), cash, kind: AccountKind::Margin };
    ServerSettings {
        seed: arguments.seed,
        accounts: arguments.accounts.iter().map(account).collect(),
        hours: session.config().fake.hours,
        master_client_id: arguments.master_client,
        message_rate: (arguments.excess == Excess::Refuse).then(RateLimit::default),
        ..ServerSettings::default()
    }
}

fn tell(tws: &FakeTws, arguments: &FakeTwsArgs, session: &Session) -> anyhow::Result<()> {
    let (host, port) = (tws.address().ip(), tws.port());
    let versions = [tradeport_fake_tws::OLDEST, tradeport_fake_tws::NEWEST];
    if session.output().is_json() {
        let address = tws.address().to_string();
        let accounts = &arguments.accounts;
        let serving = Serving { address, port, accounts, seed: arguments.seed, versions };
        return session.output().document(&serving);
    }
    let speed = if arguments.speed.is_finite() {
        arguments.speed.to_string()
    } else {
        "as fast as it is read".to_owned()
    };
    let accounts: Vec<String> = arguments.accounts.iter().map(ToString::to_string).collect();
    session.output().text(&format!(
        "A TWS listens on {host}:{port}. It speaks versions {} to {}; nothing that happens here is real.
Accounts: {}   seed: {}   speed: {}

Connect to it:
  Python   from ib_async import IB; ib = IB(); ib.connect(\"{host}\", {port}, clientId=1)
  Rust     ibapi::Client::connect(\"{host}:{port}\", 1).await?
  Java     client.eConnect(\"{host}\", {port}, 1);

Ctrl-C stops it.",
        versions[0],
        versions[1],
        accounts.join(", "),
        arguments.seed,
        speed,
    ))
}
