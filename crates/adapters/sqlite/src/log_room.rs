//! Room ahead in the write-ahead log: zeros, written before they are needed.
//!
//! A commit that makes a file longer must have the file's new length on the disk as well, which costs a transaction of the
//! file system beside the write. One that overwrites does not. SQLite overwrites only once the log was moved into the
//! database for the first time; until then every commit appends. So the log is made longer ahead of it, twice as long each
//! time, by the writing thread between two transactions: a process that writes little pays for little.
//!
//! SQLite reads a log up to the first frame that does not carry on from the one before it. A frame of zeros never does: it
//! is of page 0, which there is not.

use crate::connection::{CHECKPOINT_PAGES, LOG, PAGE_BYTES};
use crate::file_system::beside;
use std::fs::{File, OpenOptions};
use std::io::{Read, Result, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Before a page, its frame says which it is and carries the sums on: <https://sqlite.org/fileformat2.html#walformat>.
const FRAME_BYTES: u64 = PAGE_BYTES + 24;
const HEADER_BYTES: u64 = 32;
/// So many frames ahead are enough for what is written before the next look.
const AHEAD: u64 = 64;
/// As long as the log gets: beyond so many pages it is moved, and one more transaction may be in it by then.
const MOST: u64 = CHECKPOINT_PAGES as u64 + 4 * AHEAD;
/// With so many nothing more is looked at.
const ENOUGH: u64 = CHECKPOINT_PAGES as u64 + AHEAD;
static ZEROS: [u8; 64 * 1_024] = [0; 64 * 1_024];

/// The log of one file, as its writer makes room in it.
pub(crate) struct LogRoom {
    path: PathBuf,
    log: Option<File>,
    /// The log is as long as it gets, or room cannot be made: nobody needs it.
    done: bool,
}

impl LogRoom {
    pub(crate) fn of(database: &Path) -> Self {
        Self { path: beside(database, LOG), log: None, done: false }
    }

    /// After a commit, with no transaction open: makes room if what there is comes to its end. Without room commits go on
    /// as before, only slower: what goes wrong here is nobody's error.
    pub(crate) fn committed(&mut self) {
        if self.done {
            return;
        }
        self.done = self.look().unwrap_or_else(|error| {
            tracing::debug!(log = %self.path.display(), %error, "no room is made in the write-ahead log");
            true
        });
    }

    /// Is the log as long as it gets?
    fn look(&mut self) -> Result<bool> {
        let log = match &mut self.log {
            Some(log) => log,
            none => none.insert(OpenOptions::new().read(true).write(true).open(&self.path)?),
        };
        let bytes = log.metadata()?.len();
        let frames = bytes.saturating_sub(HEADER_BYTES) / FRAME_BYTES;
        // SQLite starts again before it comes to the end of so many.
        if frames >= ENOUGH {
            return Ok(true);
        }
        if frames >= AHEAD && is_written(log, frames - AHEAD)? {
            lengthen(log, bytes, frame_at((2 * frames).min(MOST)))?;
        }
        Ok(false)
    }
}

const fn frame_at(frame: u64) -> u64 {
    HEADER_BYTES + frame * FRAME_BYTES
}

/// Was something ever written to this frame?
fn is_written(log: &mut File, frame: u64) -> Result<bool> {
    let mut page = [0; 4];
    log.seek(SeekFrom::Start(frame_at(frame)))?;
    log.read_exact(&mut page)?;
    Ok(page != [0; 4])
}

fn lengthen(log: &mut File, from: u64, to: u64) -> Result<()> {
    log.seek(SeekFrom::Start(from))?;
    let mut left = to.saturating_sub(from);
    while left > 0 {
        let some = usize::try_from(left).unwrap_or(usize::MAX).min(ZEROS.len());
        log.write_all(&ZEROS[..some])?;
        left -= some as u64;
    }
    log.sync_data()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FileKind;
    use crate::connection::{number, open_writer};
    use diesel::SqliteConnection;
    use diesel::connection::SimpleConnection;

    struct Written {
        folder: tempfile::TempDir,
        writer: SqliteConnection,
        room: LogRoom,
    }

    impl Written {
        fn begun() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("a.db");
            let mut writer = open_writer(&path, FileKind::Orders).unwrap();
            writer.batch_execute("CREATE TABLE it (words TEXT)").unwrap();
            Self { folder, writer, room: LogRoom::of(&path) }
        }

        fn write(&mut self, commits: usize) {
            self.write_pages(commits, 1);
        }

        fn write_pages(&mut self, commits: usize, pages: usize) {
            let insert = format!("INSERT INTO it VALUES (hex(randomblob({})))", 2_000 * pages);
            for _ in 0..commits {
                self.writer.batch_execute(&insert).unwrap();
                self.room.committed();
            }
        }

        fn log_bytes(&self) -> u64 {
            std::fs::metadata(self.folder.path().join("a.db-wal")).unwrap().len()
        }

        /// Where the log would end if nothing were written ahead.
        fn written_bytes(&mut self) -> u64 {
            let mut log = File::open(self.folder.path().join("a.db-wal")).unwrap();
            let frames = (self.log_bytes() - HEADER_BYTES) / FRAME_BYTES;
            let last = (0..frames).rev().find(|frame| is_written(&mut log, *frame).unwrap()).unwrap();
            frame_at(last + 1)
        }
    }

    #[test]
    fn who_writes_little_gets_no_room() {
        let mut written = Written::begun();
        written.write(8);
        assert_eq!(written.log_bytes(), written.written_bytes());
    }

    #[test]
    fn who_writes_on_finds_room_ahead() {
        let mut written = Written::begun();
        written.write(200);
        let (room, used) = (written.log_bytes(), written.written_bytes());
        assert!(room > used, "{room} bytes, {used} of them written");
        written.write(10);
        assert_eq!(written.log_bytes(), room, "a commit within the room makes nothing longer");
    }

    #[test]
    fn the_log_gets_as_long_as_sqlite_lets_it_and_no_longer() {
        let mut written = Written::begun();
        let pages = 30;
        let commits = CHECKPOINT_PAGES as usize / pages;
        written.write_pages(2 * commits, pages);
        let longest = written.log_bytes();
        assert!(longest <= frame_at(MOST), "{longest}");
        written.write_pages(2 * commits, pages);
        assert_eq!(written.log_bytes(), longest, "it starts again at its beginning");
    }

    #[test]
    fn a_log_with_room_in_it_is_read_up_to_what_was_committed_last() {
        let mut written = Written::begun();
        written.write(300);
        // What a process that is killed now leaves behind.
        let left = tempfile::tempdir().unwrap();
        for name in ["a.db", "a.db-wal"] {
            std::fs::copy(written.folder.path().join(name), left.path().join(name)).unwrap();
        }
        let mut again = open_writer(&left.path().join("a.db"), FileKind::Orders).unwrap();
        assert_eq!(number(&mut again, "SELECT count(*) AS number FROM it").unwrap(), 300);
        assert_eq!(
            number(
                &mut again,
                "SELECT count(*) AS number FROM pragma_integrity_check WHERE integrity_check <> 'ok'"
            )
            .unwrap(),
            0
        );
    }

    #[test]
    fn a_log_that_is_gone_is_nobodys_error() {
        let folder = tempfile::tempdir().unwrap();
        let mut room = LogRoom::of(&folder.path().join("a.db"));
        room.committed();
        assert!(room.done, "nothing more is tried");
    }
}
