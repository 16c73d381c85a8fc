//! `tradeport wire`: recordings of the socket protocol; and what `tradeport fake-tws` does with them.

mod keep;
mod record;
mod replay;
mod show;

pub(super) use keep::{begin, end};
pub(super) use replay::run as replay;

use crate::Session;
use crate::cli::WireCommand;
use crate::exit::Exit;
use crate::fault::Fault;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use tradeport_fake_tws::record::{RecordingError, RecordingReader};

/// Runs one of them.
pub(super) async fn run(command: WireCommand, session: &Session) -> anyhow::Result<Exit> {
    match command {
        WireCommand::Show(arguments) => show::run(&arguments, session),
        WireCommand::Record(arguments) => record::run(&arguments, session).await,
    }
}

fn open(path: &Path) -> anyhow::Result<RecordingReader<BufReader<File>>> {
    let advice = "name a file that was made with tradeport fake-tws --record, or with tradeport wire record";
    let file = File::open(path).map_err(|cause| {
        Fault::failed(format!("the recording {} cannot be opened", path.display()), advice).because(cause)
    })?;
    RecordingReader::new(BufReader::new(file)).map_err(|cause| {
        Fault::failed(format!("{} cannot be read", path.display()), advice).because(cause).into()
    })
}

/// A recording that ends too early: what stood before was used.
fn cut(path: &Path, cause: RecordingError) -> Fault {
    let what = format!("the recording {} is not whole; what stands before was used", path.display());
    Fault::failed(what, "record again with room on the disk, and end the recording with Ctrl-C")
        .because(cause)
}
