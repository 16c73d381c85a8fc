//! What can go wrong with a database file, and how SQLite's words become the ports' errors.
//!
//! Diesel hands on SQLite's messages but not its result codes, so the codes are recognised by their fixed English
//! texts (`sqlite3ErrStr` in SQLite's source); the tests of this crate provoke each of them.

use diesel::result::Error as DieselError;
use std::io::ErrorKind;
use std::path::PathBuf;
use tradeport_kernel::{Cause, StoreError};

/// A configuration that cannot work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAConfig {
    /// Not the name of a file, or not text.
    #[error("\"{0}\" does not name a database file")]
    NotAPath(PathBuf),
    /// Two databases in one file.
    #[error("orders and market data cannot both lie in {0}: name two files")]
    SameFile(PathBuf),
    /// A limit that not even an empty database meets.
    #[error("a size limit of {bytes} bytes is too small: at least {least}")]
    TooSmall {
        /// What was asked for.
        bytes: u64,
        /// What is possible.
        least: u64,
    },
    /// Too few or too many readers.
    #[error("{readers} readers for each file: expected 1 to {most}")]
    Readers {
        /// What was asked for.
        readers: usize,
        /// What is possible.
        most: usize,
    },
}

/// Why a database was not opened. Each message says what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is nothing to read.
    #[error("there is no database {path}: record or trade something first, or name another file")]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// A second process, or a second opening within this one.
    #[error(
        "{path} is in use by another tradeport process ({holder}): stop that one, name another file, or open it \
         read-only"
    )]
    InUse {
        /// Which database.
        path: PathBuf,
        /// What is known about the other process.
        holder: String,
    },
    /// Written by a later version of this program.
    #[error("{path} has schema {found}, newer than {known} which this program knows: update the program")]
    NewerSchema {
        /// Which database.
        path: PathBuf,
        /// The newest schema step in the file.
        found: String,
        /// The newest schema step of this program.
        known: String,
    },
    /// Nothing is in it, and it was opened for reading alone.
    #[error("{path} is empty: nothing was ever kept in it, or all of it was lost")]
    Empty {
        /// Which database.
        path: PathBuf,
    },
    /// It holds less than it had: keys of orders that it has forgotten would be taken for new ones.
    #[error(
        "{path} {state}, and it had held {records}: an order that it has forgotten could be placed again ({mark} tells)"
    )]
    Forgot {
        /// Which database.
        path: PathBuf,
        /// What it is now.
        state: String,
        /// What it had held.
        records: String,
        /// The file that says so, and that is to be taken away by whoever goes on all the same.
        mark: PathBuf,
    },
    /// Written by an earlier version, and opened for reading alone.
    #[error("{path} has schema {found}, older than {known}: open it once for writing to bring it up to date")]
    OlderSchema {
        /// Which database.
        path: PathBuf,
        /// The newest schema step in the file.
        found: String,
        /// The newest schema step of this program.
        known: String,
    },
    /// A database of something else.
    #[error("{path} is a database of another kind, not tradeport's {wanted}: name another file")]
    Foreign {
        /// Which file.
        path: PathBuf,
        /// What it should have been: `orders` or `market`.
        wanted: &'static str,
    },
    /// Not a database, or a damaged one.
    #[error("{path} is not a readable database: restore it from a backup, or name another file")]
    Corrupt {
        /// Which file.
        path: PathBuf,
        /// What SQLite said.
        #[source]
        cause: Cause,
    },
    /// It may not be written to.
    #[error("{path} is read-only: make the file and its folder writable, or open it read-only")]
    ReadOnly {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: Cause,
    },
    /// What was committed last cannot be read.
    #[error(
        "{path} has a write-ahead log that is no part of it yet, and nothing can be written beside it, which reading both takes: \
         make the folder writable, or copy the file and all that begins with its name to another folder"
    )]
    LogUnread {
        /// Which file.
        path: PathBuf,
        /// What SQLite said.
        #[source]
        cause: Cause,
    },
    /// No room.
    #[error("no room for {path}: free some space or raise the size limit")]
    Full {
        /// Which file.
        path: PathBuf,
        /// What SQLite said.
        #[source]
        cause: Cause,
    },
    /// The folder in which it is to lie is not there, and cannot be made.
    #[error("{path} has no folder, and none can be made")]
    NoFolder {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// Something else keeps it from opening.
    #[error("{path} cannot be opened")]
    Unavailable {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: Cause,
    },
    /// Locks and shared memory do not hold there: two programs could damage the file.
    #[error("{path} lies on {kind}, where a database is not safe: name a folder of this machine")]
    OnANetwork {
        /// Which file.
        path: PathBuf,
        /// What it lies on: `NFS`.
        kind: &'static str,
    },
    /// This build holds an SQLite with known data-loss defects.
    #[error("SQLite {found} is too old: at least {least} is needed")]
    OldSqlite {
        /// The version of the library.
        found: String,
        /// The least version.
        least: &'static str,
    },
}

/// Why databases were not copied.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// What is there is never overwritten.
    #[error("{path} is there already: name a new folder")]
    Exists {
        /// Which file.
        path: PathBuf,
    },
    /// The file system did not do it.
    #[error("{path} cannot be written")]
    Unwritable {
        /// Which file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// The database did not do it.
    #[error("the copy was not made")]
    Store(#[from] StoreError),
    /// The copy cannot be read: it was thrown away.
    #[error("the copy is not what it was made of")]
    Unreadable(#[source] Box<OpenError>),
}

impl OpenError {
    /// Sorts a store's failure while opening `path`.
    pub(crate) fn at(path: &std::path::Path, error: StoreError) -> Self {
        let path = path.to_owned();
        match error {
            StoreError::Full(cause) => Self::Full { path, cause },
            StoreError::ReadOnly(cause) => Self::ReadOnly { path, cause },
            StoreError::Corrupt(cause) => Self::Corrupt { path, cause },
            StoreError::Unavailable(cause) => Self::Unavailable { path, cause },
            StoreError::Unsupported(what) => Self::Unavailable { path, cause: what.into() },
        }
    }

    /// Sorts what the system said while opening `path`.
    pub(crate) fn of_system(path: &std::path::Path, cause: std::io::Error) -> Self {
        let path = path.to_owned();
        match cause.kind() {
            kind if is_full(kind) => Self::Full { path, cause: Box::new(cause) },
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                Self::ReadOnly { path, cause: Box::new(cause) }
            }
            _ => Self::Unavailable { path, cause: Box::new(cause) },
        }
    }

    /// Sorts why the folder of `path` could not be made.
    pub(crate) fn of_folder(path: &std::path::Path, cause: std::io::Error) -> Self {
        let path = path.to_owned();
        if is_full(cause.kind()) {
            return Self::Full { path, cause: Box::new(cause) };
        }
        Self::NoFolder { path, cause }
    }

    /// Sorts what diesel said while opening `path`.
    pub(crate) fn of(path: &std::path::Path, error: DieselError) -> Self {
        Self::at(path, store_error(error))
    }
}

/// Is it for want of room?
pub(crate) const fn is_full(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::StorageFull | ErrorKind::QuotaExceeded)
}

/// Sorts a failure by SQLite's message.
pub(crate) fn store_error(error: DieselError) -> StoreError {
    match &error {
        DieselError::DatabaseError(_, information) => sorted(information.message())(Box::new(error)),
        DieselError::DeserializationError(_) | DieselError::NotFound => StoreError::Corrupt(Box::new(error)),
        _ => StoreError::Unavailable(Box::new(error)),
    }
}

/// Sorts a text of SQLite.
pub(crate) fn sorted(message: &str) -> fn(Cause) -> StoreError {
    const CORRUPT: [&str; 4] = ["malformed", "not a database", "no such table", "no such column"];
    if message.contains("disk is full") {
        StoreError::Full
    } else if message.contains("readonly database") {
        StoreError::ReadOnly
    } else if CORRUPT.iter().any(|text| message.contains(text)) {
        StoreError::Corrupt
    } else {
        StoreError::Unavailable
    }
}

/// What is kept does not read as what it should be.
pub(crate) fn unreadable(cause: impl Into<Cause>) -> StoreError {
    StoreError::Corrupt(cause.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Error, Write};
    use std::path::Path;

    #[test]
    fn what_the_system_says_is_told_apart() {
        let path = Path::new("/data/orders.db");
        let told = |kind: ErrorKind| OpenError::of_system(path, Error::from(kind));
        for kind in [ErrorKind::StorageFull, ErrorKind::QuotaExceeded] {
            assert!(matches!(told(kind), OpenError::Full { .. }), "{kind}");
            assert!(matches!(OpenError::of_folder(path, kind.into()), OpenError::Full { .. }), "{kind}");
        }
        for kind in [ErrorKind::PermissionDenied, ErrorKind::ReadOnlyFilesystem] {
            assert!(matches!(told(kind), OpenError::ReadOnly { .. }), "{kind}");
            assert!(matches!(OpenError::of_folder(path, kind.into()), OpenError::NoFolder { .. }), "{kind}");
        }
        assert!(matches!(told(ErrorKind::IsADirectory), OpenError::Unavailable { .. }));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_disk_without_room_is_full() {
        let said =
            std::fs::File::options().write(true).open("/dev/full").unwrap().write_all(b"x").unwrap_err();
        assert!(is_full(said.kind()), "{said}");
    }
}
