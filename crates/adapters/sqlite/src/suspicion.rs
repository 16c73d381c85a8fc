//! A file whose writing failed: what the system says it wrote may not be on the disk, however the next try ends.
//!
//! So nothing more is acknowledged until the file was opened again and looked through. A mark beside it says so to the
//! next process, too, as far as the disk takes even that.
//!
//! | SQLite says | then |
//! | --- | --- |
//! | a read, a write or a sync was not done; the file may not be written or opened; its content is not what it was | suspicious |
//! | no room | an answer: the transaction is undone, and work goes on with room |
//! | a constraint does not hold, the file is busy, the words make no sense | an answer |
//!
//! Every statement of the connection that writes is heard of, whoever gave it. Left out: what SQLite does not tell, which is a
//! sync that fails while it moves the write-ahead log by itself.

use crate::OpenError;
use crate::error::store_error;
use crate::file_system::beside;
use diesel::connection::{Instrumentation, InstrumentationEvent};
use diesel::prelude::*;
use diesel::sql_types::Text;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use tradeport_kernel::StoreError;

#[derive(QueryableByName)]
struct Finding {
    #[diesel(sql_type = Text)]
    integrity_check: String,
}

/// What the writer knows of the health of its file. Clones know the same.
#[derive(Clone)]
pub(crate) struct Suspicion {
    mark: Arc<Path>,
    said: Arc<OnceLock<String>>,
}

/// SQLite's words for what makes a file suspicious.
const SUSPICIOUS: [&str; 6] = [
    "disk I/O error",
    "attempt to write a readonly database",
    "unable to open database file",
    "database disk image is malformed",
    "malformed database schema",
    "file is not a database",
];

impl Suspicion {
    pub(crate) fn of(database: &Path) -> Self {
        Self { mark: mark_of(database).into(), said: Arc::default() }
    }

    /// Refuses whatever comes after a failed write.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        match self.said.get() {
            Some(said) => Err(StoreError::Unavailable(
                format!("writing failed before ({said}): open the file again, so that it is verified").into(),
            )),
            None => Ok(()),
        }
    }

    /// A statement failed; is the file to blame?
    pub(crate) fn failed(&self, text: &str) {
        if !SUSPICIOUS.iter().any(|words| text.contains(words)) || self.said.set(text.to_owned()).is_err() {
            return;
        }
        tracing::error!(mark = ?self.mark, text, "nothing more is written to a file whose writing failed");
        if let Err(error) = std::fs::write(&self.mark, text) {
            tracing::error!(mark = ?self.mark, %error, "that the file is to be verified could not be noted");
        }
    }
}

impl Instrumentation for Suspicion {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::FinishQuery { error: Some(error), .. } = event {
            self.failed(&error.to_string());
        }
    }
}

fn mark_of(database: &Path) -> PathBuf {
    beside(database, ".verify")
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
    tracing::warn!(path = %path.display(), "a file whose writing had failed is whole");
    Ok(())
}

/// Every page and every index.
pub(crate) fn is_whole(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let found = diesel::sql_query("PRAGMA integrity_check(1)").get_result::<Finding>(connection);
    let found = found.map_err(store_error)?.integrity_check;
    if found == "ok" { Ok(()) } else { Err(StoreError::Corrupt(found.into())) }
}

#[cfg(test)]
mod tests;
