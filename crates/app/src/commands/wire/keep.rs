//! The beginning and the end of a recording.

use crate::Session;
use crate::exit::Exit;
use crate::fault::Fault;
use std::path::Path;
use tradeport_fake_tws::record::{RecordError, Recorder};

/// Begins one on a new file.
pub(in crate::commands) fn begin(path: &Path) -> Result<Recorder, Fault> {
    Recorder::create(path).map_err(|cause| {
        let advice = match cause {
            RecordError::Exists(_) => "name another file, or move that one away",
            _ => "name a file in a folder that you may write to",
        };
        Fault::failed("nothing can be recorded", advice).because(cause)
    })
}

/// Ends it behind a command that ended so. A recording that is not whole is a failure, whatever the command came to.
pub(in crate::commands) fn end(
    recorder: Recorder,
    ended: anyhow::Result<Exit>,
    path: &Path,
    session: &Session,
) -> anyhow::Result<Exit> {
    let done = recorder.finish().map_err(|cause| {
        let what = format!("the recording {} is not whole; the session went on", path.display());
        Fault::failed(what, "make room on the disk and record again; what was recorded can be used")
            .because(cause)
    });
    match (ended, done) {
        (Ok(exit), Ok(done)) => {
            let (records, path) = (done.records, path.display());
            session.output().say(&format!("Recorded {records} pieces, {} bytes: {path}", done.bytes));
            Ok(exit)
        }
        (Ok(_), Err(fault)) => Err(fault.into()),
        (Err(error), _) => Err(error),
    }
}
