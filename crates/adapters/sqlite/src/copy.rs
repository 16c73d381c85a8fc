//! Copies of the files while they are in use: whole, of one moment, and opened before they count.
//!
//! A copy of the file alone would lack what is still in its write-ahead log.

use crate::connection::open_reader;
use crate::error::store_error;
use crate::migrations::check_current;
use crate::suspicion::is_whole;
use crate::{BackupError, FileKind, OpenError};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use std::fs::File;
use std::path::{Path, PathBuf};
use tradeport_kernel::StoreError;

/// Where a copy of this kind lies in a folder.
pub(crate) fn place_in(folder: &Path, kind: FileKind) -> Result<PathBuf, BackupError> {
    let path = folder.join(format!("{}.db", kind.name()));
    if path.exists() { Err(BackupError::Exists { path }) } else { Ok(path) }
}

/// Under another name until it is known to be good.
pub(crate) fn draft_of(path: &Path) -> PathBuf {
    path.with_extension("db-unfinished")
}

/// Writes what this connection sees into a new file.
pub(crate) fn write(connection: &mut SqliteConnection, draft: &Path) -> Result<(), StoreError> {
    let name = draft.to_str().ok_or_else(|| StoreError::Unavailable("its name is no text".into()))?;
    // The copy is written through a connection that may not write anything else.
    connection.batch_execute("PRAGMA query_only = OFF").map_err(store_error)?;
    let copied = diesel::sql_query("VACUUM INTO ?").bind::<Text, _>(name).execute(connection);
    connection.batch_execute("PRAGMA query_only = ON").map_err(store_error)?;
    copied.map(drop).map_err(store_error)
}

/// Opens the copy, looks through all of it, and gives it its name.
pub(crate) fn finish(draft: &Path, path: &Path, kind: FileKind) -> Result<(), BackupError> {
    let unwritable = |cause| BackupError::Unwritable { path: path.to_owned(), cause };
    let unreadable = |error: OpenError| BackupError::Unreadable(Box::new(error));
    let mut copy = open_reader(draft).map_err(unreadable)?;
    check_current(&mut copy, kind, draft).map_err(unreadable)?;
    is_whole(&mut copy).map_err(|error| unreadable(OpenError::at(draft, error)))?;
    drop(copy);
    File::options().write(true).open(draft).and_then(|file| file.sync_all()).map_err(unwritable)?;
    std::fs::rename(draft, path).map_err(unwritable)
}
