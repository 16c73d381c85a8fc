//! What a folder keeps beside its databases: the kill switch, one for every process that trades there, and the breaks.

use crate::Session;
use anyhow::Context;
use tradeport_files::{FileBreaks, FileSwitch};

/// The switch of the session's folder. Errors: the folder cannot be made.
pub fn switch_of(session: &Session) -> anyhow::Result<FileSwitch> {
    let folder = session.storage()?.folder;
    FileSwitch::open(&folder).with_context(|| format!("the folder {} cannot be made", folder.display()))
}

/// The breaks of the session's folder.
pub fn breaks_of(session: &Session) -> anyhow::Result<FileBreaks> {
    Ok(FileBreaks::within(&session.storage()?.folder))
}
