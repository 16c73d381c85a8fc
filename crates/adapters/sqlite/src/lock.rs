//! One writing process per database: a lock file beside it, held as long as the database is open.
//!
//! SQLite's own locks would let two processes write in turns; then the sequences and caches of each would be wrong.
//! The lock belongs to the open file, so the system releases it when a process dies in whatever way.

use crate::OpenError;
use crate::file_system::beside;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::path::Path;

/// Enough for a process number, should the file hold something else.
const LONGEST_NOTE: u64 = 40;

/// The right to write one database; given up when dropped.
pub(crate) struct WriteLock(File);

impl WriteLock {
    /// Takes the lock of the database at `path`, or says who has it.
    pub(crate) fn take(path: &Path) -> Result<Self, OpenError> {
        let unavailable = |cause: std::io::Error| OpenError::of_system(path, cause);
        let lock_path = beside(path, ".lock");
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&lock_path)
            .map_err(unavailable)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(OpenError::InUse { path: path.to_owned(), holder: holder(&lock_path) });
            }
            Err(TryLockError::Error(error)) => return Err(unavailable(error)),
        }
        file.set_len(0).map_err(unavailable)?;
        write!(file, "{}", std::process::id()).map_err(unavailable)?;
        Ok(Self(file))
    }
}

impl Drop for WriteLock {
    fn drop(&mut self) {
        // Closing alone is not enough at once: a child that another thread is starting may hold a copy of the file.
        // No warning: Wine says that it failed when it did not.
        if let Err(error) = self.0.unlock() {
            tracing::debug!(%error, "a lock was not given up; it ends with this process");
        }
    }
}

/// Who has the lock, where that can be read: Windows lets nobody else read a locked file.
fn holder(lock_path: &Path) -> String {
    let mut note = String::new();
    let read = File::open(lock_path).and_then(|file| file.take(LONGEST_NOTE).read_to_string(&mut note));
    match (read, note.trim().parse::<u32>()) {
        (Ok(_), Ok(process)) => format!("process {process}"),
        _ => "its number is not known".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_holder_is_refused_until_the_first_lets_go() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let first = WriteLock::take(&path).unwrap();
        let refused = WriteLock::take(&path).err().unwrap().to_string();
        assert!(refused.contains("a.db"), "{refused}");
        let process = format!("process {}", std::process::id());
        assert!(refused.contains(&process) || cfg!(windows), "{refused}");
        drop(first);
        assert!(WriteLock::take(&path).is_ok());
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error_with_the_path() {
        let error = WriteLock::take(Path::new("/nowhere/at/all.db")).err().unwrap();
        assert!(matches!(error, OpenError::Unavailable { .. }), "{error:?}");
    }
}
