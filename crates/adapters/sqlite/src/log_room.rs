//! Room ahead in the write-ahead log: zeros, written before they are needed.
//!
//! A commit that makes a file longer must have the file's new length on the disk as well, which costs a transaction of the
//! file system beside the write. One that overwrites does not. SQLite overwrites only once the log was moved into the
//! database for the first time; until then every commit appends. So the log is made longer ahead of it, twice as long each
//! time, by the writing thread between two transactions: a process that writes little pays for little.
//!
//! SQLite reads a log up to the first frame that does not carry on from the one before it. A frame of zeros never does: it
//! is of page 0, which there is not.

use crate::connection::{CHECKPOINT_PAGES, PAGE_BYTES};
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
const ZEROS: [u8; 64 * 1_024] = [0; 64 * 1_024];

/// The log of one file, as its writer makes room in it.
pub(crate) struct LogRoom {
    path: PathBuf,
    log: Option<File>,
    /// The log is as long as it gets, or room cannot be made: nobody needs it.
    done: bool,
}

impl LogRoom {
    pub(crate) fn of(database: &Path) -> Self {
        let mut path = database.as_os_str().to_owned();
        path.push("-wal");
        Self { path: path.into(), log: None, done: false }
    }

    /// After a commit, with no transaction open: makes room if what there is comes to its end. Without room commits go on
    /// as before, only slower: what goes wrong here is nobody's error.
    pub(crate) fn committed(&mut self) {
        if self.done {
            return;
        }
        self.done = self.look().unwrap_or_else(|error| {
            tracing::debug!(log = ?self.path, %error, "no room is made in the write-ahead log");
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
        if frames >= MOST {
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
