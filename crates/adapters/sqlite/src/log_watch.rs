//! Watches the write-ahead log: it grows for as long as somebody reads what it would replace.
//!
//! SQLite moves its content into the database by itself every so many pages, and says nothing when a reader keeps it from
//! doing so. So the size is looked at now and then, and beyond a bound the move is asked for and its result looked at.

use crate::connection::{CHECKPOINT_PAGES, LOG, PAGE_BYTES};
use crate::file_system::beside;
use diesel::prelude::*;
use diesel::sql_types::Integer;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A log of so many pages should have been moved several times.
const MOST_PAGES: u64 = 4 * CHECKPOINT_PAGES as u64;
/// So many commits between two looks.
const COMMITS: u32 = 64;

/// What became of moving the log.
#[derive(QueryableByName)]
struct Moved {
    #[diesel(sql_type = Integer)]
    busy: i32,
    #[diesel(sql_type = Integer)]
    log: i32,
    #[diesel(sql_type = Integer)]
    checkpointed: i32,
}

/// The log of one file, as its writer looks at it.
pub(crate) struct LogWatch {
    log: PathBuf,
    most_bytes: u64,
    commits: u32,
    held_up: Arc<AtomicBool>,
}

impl LogWatch {
    pub(crate) fn of(database: &Path) -> Self {
        let log = beside(database, LOG);
        Self { log, most_bytes: MOST_PAGES * PAGE_BYTES, commits: 0, held_up: Arc::default() }
    }

    /// Does somebody keep the log from being moved? To be asked from anywhere.
    pub(crate) fn held_up(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.held_up)
    }

    /// After a commit: looks now and then.
    pub(crate) fn committed(&mut self, connection: &mut SqliteConnection) {
        self.commits += 1;
        if self.commits >= COMMITS {
            self.commits = 0;
            self.look(connection);
        }
    }

    fn look(&mut self, connection: &mut SqliteConnection) {
        let bytes = std::fs::metadata(&self.log).map_or(0, |file| file.len());
        if bytes <= self.most_bytes && !self.held_up.load(Ordering::Relaxed) {
            return;
        }
        // Waits for nobody: whoever reads would hold up every write otherwise.
        let moved = diesel::sql_query("PRAGMA wal_checkpoint(PASSIVE)").get_result::<Moved>(connection);
        let held_up = match &moved {
            Ok(it) => it.busy != 0 || it.checkpointed < it.log,
            Err(error) => {
                tracing::warn!(%error, log = ?self.log, "the write-ahead log cannot be moved");
                true
            }
        };
        if self.held_up.swap(held_up, Ordering::Relaxed) != held_up {
            self.tell(held_up, bytes);
        }
    }

    fn tell(&self, held_up: bool, bytes: u64) {
        if held_up {
            let advice = "end the program that has been reading this database for long";
            tracing::warn!(log = ?self.log, bytes, advice, "a reader keeps the write-ahead log from being moved: it grows");
        } else {
            tracing::info!(log = ?self.log, "the write-ahead log is moved again");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FileKind;
    use crate::connection::open_writer;
    use diesel::connection::SimpleConnection;

    #[test]
    fn scenario_db_03_a_reader_that_never_ends_is_told_of_once_and_so_is_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let mut writer = open_writer(&path, FileKind::Market).unwrap();
        writer.batch_execute("CREATE TABLE it (words TEXT)").unwrap();
        let mut watch = LogWatch { most_bytes: 20 * PAGE_BYTES, ..LogWatch::of(&path) };
        let held_up = watch.held_up();
        let is_held_up = || held_up.load(Ordering::Relaxed);
        let grow = |watch: &mut LogWatch, writer: &mut SqliteConnection| {
            for _ in 0..COMMITS {
                writer.batch_execute("INSERT INTO it VALUES (hex(randomblob(2000)))").unwrap();
                watch.committed(writer);
            }
        };
        grow(&mut watch, &mut writer);
        assert!(!is_held_up(), "a long log that nobody reads is moved");
        let reader = rusqlite::Connection::open(&path).unwrap();
        reader.execute_batch("BEGIN; SELECT count(*) FROM it;").unwrap();
        grow(&mut watch, &mut writer);
        assert!(is_held_up(), "what the reader began with cannot be replaced");
        reader.execute_batch("COMMIT").unwrap();
        grow(&mut watch, &mut writer);
        assert!(!is_held_up(), "it ended");
    }
}
