//! `tradeport fake-tws --replay`: a recording, served again.

use super::{cut, open};
use crate::Session;
use crate::cli::FakeTwsArgs;
use crate::clock::FastClock;
use crate::exit::Exit;
use crate::fault::Fault;
use serde::Serialize;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use tradeport_fake_tws::replay::{Replay, ReplayError, Script};

/// What is served, for scripts that start it.
#[derive(Debug, Serialize)]
struct Playing {
    address: String,
    port: u16,
    file: String,
    connections: usize,
    requests: usize,
    versions: Vec<i32>,
}

/// Serves it until somebody stops it.
pub(in crate::commands) async fn run(
    file: &Path,
    arguments: &FakeTwsArgs,
    session: &Session,
) -> anyhow::Result<Exit> {
    let (script, error) = Script::read(open(file)?);
    if let Some(cause) = error {
        let fault = cut(file, cause);
        session.output().say(&format!("warning: {fault}"));
    }
    let mut playing = Playing {
        address: String::new(),
        port: 0,
        file: file.display().to_string(),
        connections: script.connections(),
        requests: script.requests(),
        versions: script.versions(),
    };
    let clock = FastClock::new(session.clock(), arguments.speed);
    let address = SocketAddr::new(arguments.listen, arguments.port);
    let started = Replay::start(script, address, Arc::new(clock)).await;
    let mut replay = started.map_err(|cause| {
        let advice = match cause {
            ReplayError::Bind { .. } => "choose another port with --port; 0 takes one that is free",
            ReplayError::Nothing => "record a session in which a client connects",
        };
        Fault::failed("the recording cannot be served", advice).because(cause)
    })?;
    let address = replay.address();
    (playing.address, playing.port) = (address.to_string(), address.port());
    tell(&playing, arguments.speed, session)?;
    let stop = session.stop().clone();
    tokio::select! {
        () = stop.asked() => Ok(Exit::Interrupted),
        () = replay.stopped() => anyhow::bail!("the replay has stopped by itself: this is a bug, please report it"),
    }
}

fn tell(playing: &Playing, speed: f64, session: &Session) -> anyhow::Result<()> {
    if session.output().is_json() {
        return session.output().document(playing);
    }
    let Playing { address, file, connections, requests, versions, .. } = playing;
    let mut versions = versions.clone();
    versions.sort_unstable();
    versions.dedup();
    let versions: Vec<String> = versions.iter().map(ToString::to_string).collect();
    session.output().text(&format!(
        "{file} is served again on {address}: nothing that happens here is real.
Connections: {connections}   requests: {requests}   versions: {}   speed: {speed}

A client that asks what was asked then is answered what was answered then; anything else is error 320.

Ctrl-C stops it.",
        versions.join(", "),
    ))
}
