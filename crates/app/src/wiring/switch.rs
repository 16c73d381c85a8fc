//! The kill switch of a folder: one for every process that trades there.

use crate::Session;
use anyhow::Context;
use tradeport_files::FileSwitch;

/// The switch of the session's folder. Errors: the folder cannot be made.
pub fn switch_of(session: &Session) -> anyhow::Result<FileSwitch> {
    let folder = session.storage()?.folder;
    FileSwitch::open(&folder).with_context(|| format!("the folder {} cannot be made", folder.display()))
}
