//! `tradeport serve`: the platform, until somebody stops it.

use crate::Session;
use crate::cli::ServeArgs;
use crate::exit::Exit;
use crate::service::Service;
use serde::Serialize;

#[derive(Serialize)]
struct Serving {
    serving: bool,
    process: u32,
    recording: Vec<String>,
    folder: std::path::PathBuf,
}

/// Serves until somebody stops it, which is its one good end.
pub(super) async fn run(arguments: &ServeArgs, session: &Session) -> anyhow::Result<Exit> {
    let records: Vec<_> = arguments.symbols.iter().map(|spec| spec.instrument().clone()).collect();
    let recording: Vec<String> = records.iter().map(ToString::to_string).collect();
    let service = Service::build(session, records).await?;
    let folder = session.storage()?.folder;
    let process = std::process::id();
    if session.output().is_json() {
        let text = serde_json::to_string(&Serving { serving: true, process, recording, folder })?;
        session.output().text(&text)?;
    } else {
        let what = if recording.is_empty() { "nothing".to_owned() } else { recording.join(", ") };
        session.output().text(&format!(
            "serving in {}, process {process}; records {what}\nCtrl-C ends it in good order; tradeport status shows how it does",
            folder.display()
        ))?;
    }
    service.run(session.stop().clone()).await?;
    session.output().say("stopped; orders at the broker stay where they are");
    Ok(Exit::Done)
}
