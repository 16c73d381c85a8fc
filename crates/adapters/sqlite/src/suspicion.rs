//! A file whose writing failed: what the system says it wrote may not be on the disk, however the next try ends.
//!
//! So nothing more is acknowledged until the file was opened again and looked through. A mark beside it says so to the
//! next process, too, as far as the disk takes even that.

use crate::OpenError;
use crate::error::store_error;
use diesel::prelude::*;
use diesel::sql_types::Text;
use std::path::{Path, PathBuf};
use tradeport_kernel::StoreError;

#[derive(QueryableByName)]
struct Finding {
    #[diesel(sql_type = Text)]
    integrity_check: String,
}

/// What the writer knows of the health of its file.
pub(crate) struct Suspicion {
    mark: PathBuf,
    said: Option<String>,
}

impl Suspicion {
    pub(crate) fn of(database: &Path) -> Self {
        Self { mark: mark_of(database), said: None }
    }

    /// Refuses whatever comes after a failed write.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        match &self.said {
            Some(said) => Err(StoreError::Unavailable(
                format!("writing failed before ({said}): open the file again, so that it is verified").into(),
            )),
            None => Ok(()),
        }
    }

    /// Writing failed; was it the disk?
    pub(crate) fn failed(&mut self, text: &str) {
        // SQLite's words for a read, a write or a sync that the system did not do.
        if !text.contains("disk I/O error") || self.said.is_some() {
            return;
        }
        self.said = Some(text.to_owned());
        tracing::error!(mark = ?self.mark, text, "nothing more is written to a file whose writing failed");
        if let Err(error) = std::fs::write(&self.mark, text) {
            tracing::error!(mark = ?self.mark, %error, "that the file is to be verified could not be noted");
        }
    }
}

fn mark_of(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".verify");
    PathBuf::from(name)
}

/// Looks through a file whose writing failed before; the mark goes when nothing is wrong.
pub(crate) fn verify(connection: &mut SqliteConnection, path: &Path) -> Result<(), OpenError> {
    let mark = mark_of(path);
    if !mark.exists() {
        return Ok(());
    }
    is_whole(connection).map_err(|error| OpenError::at(path, error))?;
    std::fs::remove_file(&mark)
        .map_err(|cause| OpenError::Unavailable { path: mark.clone(), cause: Box::new(cause) })?;
    tracing::warn!(?path, "a file whose writing had failed is whole");
    Ok(())
}

/// Every page and every index.
pub(crate) fn is_whole(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let found = diesel::sql_query("PRAGMA integrity_check(1)").get_result::<Finding>(connection);
    let found = found.map_err(store_error)?.integrity_check;
    if found == "ok" { Ok(()) } else { Err(StoreError::Corrupt(found.into())) }
}
