//! `tradeport wire record`: what goes between clients and a real TWS.

use super::keep::{begin, end};
use crate::Session;
use crate::cli::WireRecordArgs;
use crate::exit::Exit;
use crate::fault::Fault;
use serde::Serialize;
use std::net::SocketAddr;
use tradeport_fake_tws::record::{Proxy, Recorder};

/// What is passed on, for scripts that start it.
#[derive(Debug, Serialize)]
struct Passing<'a> {
    address: String,
    port: u16,
    upstream: &'a str,
    file: String,
}

/// Records until somebody stops it.
pub(super) async fn run(arguments: &WireRecordArgs, session: &Session) -> anyhow::Result<Exit> {
    let recorder = begin(&arguments.file)?;
    let ended = pass(arguments, &recorder, session).await;
    end(recorder, ended, &arguments.file, session)
}

async fn pass(arguments: &WireRecordArgs, recorder: &Recorder, session: &Session) -> anyhow::Result<Exit> {
    let address = SocketAddr::new(arguments.listen, arguments.port);
    let upstream = arguments.upstream.clone();
    let started = Proxy::start(address, upstream, recorder.handle(), session.clock()).await;
    let mut proxy = started.map_err(|cause| {
        let advice = "choose another port with --port; 0 takes one that is free";
        Fault::failed("clients cannot be let in", advice).because(cause)
    })?;
    let (address, upstream) = (proxy.address(), arguments.upstream.as_str());
    let file = arguments.file.display().to_string();
    if session.output().is_json() {
        let passing = Passing { address: address.to_string(), port: address.port(), upstream, file };
        session.output().document(&passing)?;
    } else {
        session.output().text(&format!(
            "Clients of {address} reach the TWS at {upstream}: orders are real. Everything that is said is
recorded in {file}, accounts and orders too.

Ctrl-C stops it."
        ))?;
    }
    let stop = session.stop().clone();
    tokio::select! {
        () = stop.asked() => Ok(Exit::Interrupted),
        () = proxy.stopped() => anyhow::bail!("the proxy has stopped by itself: this is a bug, please report it"),
    }
}
