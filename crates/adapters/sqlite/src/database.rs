//! One open file: its lock, its writing thread and its reading threads.

use crate::connection::{limit_size, open_reader, open_writer};
use crate::copy;
use crate::error::store_error;
use crate::file_system::check_local;
use crate::high_water::{self, Extent, HighWater, Remembered};
use crate::lock::WriteLock;
use crate::log_room::LogRoom;
use crate::log_watch::LogWatch;
use crate::migrations::{check_current, migrate};
use crate::readers::Readers;
use crate::suspicion::{Suspicion, verify};
use crate::writer::{Beside, Session, Writer};
use crate::{BackupError, FileKind, OpenError, SqliteConfig};
use diesel::{Connection, SqliteConnection};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tradeport_kernel::StoreError;

/// An open file. What is dropped first matters: readers, then the writer, which tidies up the file, then the lock.
pub(crate) struct Database<S> {
    /// For a file that was not opened, why it was not, in words.
    readers: Result<Readers, String>,
    writer: Option<Writer<S>>,
    kind: FileKind,
    /// How far it had come when it was opened, as that was noted beside it.
    noted: Option<Extent>,
    log_is_held_up: Arc<AtomicBool>,
    #[expect(dead_code, reason = "held for its lock, which ends with it")]
    lock: Option<WriteLock>,
}

impl<S: Remembered + 'static> Database<S> {
    /// Opens for reading and writing; makes the file and its folder when they are not there, and brings an older
    /// schema up to date.
    pub(crate) fn open(path: &Path, kind: FileKind, config: &SqliteConfig) -> Result<Self, OpenError> {
        let unavailable =
            |cause: std::io::Error| OpenError::Unavailable { path: path.to_owned(), cause: Box::new(cause) };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|cause| OpenError::of_folder(path, cause))?;
            check_local(folder, path)?;
        }
        check_writable(path)?;
        let lock = WriteLock::take(path)?;
        // Before SQLite sees the file: it throws away what is left of one that is empty.
        let noted = noted_of(path, kind)?;
        let mut connection = open_writer(path, kind)?;
        if let Some(bytes) = config.size_limit() {
            limit_size(&mut connection, bytes).map_err(|error| OpenError::of(path, error))?;
        }
        verify(&mut connection, path)?;
        migrate(&mut connection, kind, path)?;
        let high_water = match kind {
            FileKind::Orders => {
                let now = high_water::check(&mut connection, path, noted.as_ref())?;
                Some(HighWater::go_on(&mut connection, path, noted, now)?)
            }
            FileKind::Market => None,
        };
        let readers = Readers::start(kind.name(), path, config.readers())?;
        let watch = LogWatch::of(path);
        let log_is_held_up = watch.held_up();
        let (room, suspicion) = (LogRoom::of(path), Suspicion::of(path));
        connection.set_instrumentation(suspicion.clone());
        let beside = Beside { watch, room, suspicion, high_water };
        let writer = Writer::start(kind.name(), connection, beside).map_err(unavailable)?;
        Ok(Self { readers: Ok(readers), writer: Some(writer), kind, noted, log_is_held_up, lock: Some(lock) })
    }

    /// Opens for reading alone, beside a process that writes if there is one.
    pub(crate) fn open_read_only(path: &Path, kind: FileKind, readers: usize) -> Result<Self, OpenError> {
        // Before anything of the file is read: whoever writes it moves the mark after it.
        let noted = noted_of(path, kind)?;
        if !path.exists() {
            return Err(OpenError::Missing { path: path.to_owned() });
        }
        let mut connection = open_reader(path)?;
        check_current(&mut connection, kind, path)?;
        if kind == FileKind::Orders {
            high_water::check(&mut connection, path, noted.as_ref())?;
        }
        drop(connection);
        let readers = Ok(Readers::start(kind.name(), path, readers)?);
        Ok(Self { readers, writer: None, kind, noted, log_is_held_up: Arc::default(), lock: None })
    }

    /// A file that was not opened: whatever is asked of it is answered with why.
    pub(crate) fn shut(kind: FileKind, why: String) -> Self {
        let log_is_held_up = Arc::default();
        Self { readers: Err(why), writer: None, kind, noted: None, log_is_held_up, lock: None }
    }

    /// See [`Writer::write`].
    pub(crate) async fn write<T, E, W>(&self, work: W) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        W: FnMut(&mut Session<S>) -> Result<T, E> + Send + 'static,
    {
        match (&self.writer, &self.readers) {
            (Some(writer), _) => writer.write(work).await,
            (None, Err(why)) => Err(E::from(not_opened(why))),
            (None, Ok(_)) => Err(E::from(StoreError::ReadOnly("it was opened for reading alone".into()))),
        }
    }

    /// See [`Readers::read`].
    pub(crate) async fn read<T, E, Q>(&self, question: Q) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        Q: FnOnce(&mut SqliteConnection) -> Result<T, E> + Send + 'static,
    {
        match &self.readers {
            Ok(readers) => readers.read(question).await,
            Err(why) => Err(E::from(not_opened(why))),
        }
    }

    /// Copies the file as it is now into a folder, beside whoever writes; what is there is not overwritten.
    pub(crate) async fn copy_into(&self, folder: &Path) -> Result<(), BackupError> {
        let path = copy::place_in(folder, self.kind)?;
        let draft = copy::draft_of(&path);
        let (into, kind) = (draft.clone(), self.kind);
        // What an earlier try left there is no copy.
        drop(std::fs::remove_file(&draft));
        let copied: Result<(), BackupError> = async {
            self.read(move |connection| copy::write(connection, &into)).await?;
            copy::finish(&draft, &path, kind)
        }
        .await;
        if copied.is_err() {
            drop(std::fs::remove_file(&draft));
        }
        copied
    }

    /// How far it had come when it was opened, where that was noted.
    pub(crate) const fn noted(&self) -> Option<Extent> {
        self.noted
    }

    /// Does a reader keep the write-ahead log from being moved into the file, so that it grows?
    pub(crate) fn log_is_held_up(&self) -> bool {
        self.log_is_held_up.load(Ordering::Relaxed)
    }

    /// Changes how large the file may grow, from the next write on.
    pub(crate) async fn limit_size(&self, bytes: u64) -> Result<(), StoreError> {
        self.write(move |session| limit_size(&mut session.connection, bytes).map_err(store_error)).await
    }
}

fn not_opened(why: &str) -> StoreError {
    StoreError::Unavailable(format!("it was not opened: {why}").into())
}

/// How far the file had come, where that is noted. Errors: it is gone or empty, and had come far.
fn noted_of(path: &Path, kind: FileKind) -> Result<Option<Extent>, OpenError> {
    match kind {
        FileKind::Orders => high_water::noted(path),
        FileKind::Market => Ok(None),
    }
}

/// SQLite opens what it may not write as read-only, and would fail only at the first write.
fn check_writable(path: &Path) -> Result<(), OpenError> {
    match std::fs::metadata(path) {
        Ok(file) if file.is_dir() => {
            Err(OpenError::of_system(path, std::io::Error::from(std::io::ErrorKind::IsADirectory)))
        }
        Ok(file) if file.permissions().readonly() => {
            let cause = std::io::Error::from(std::io::ErrorKind::PermissionDenied);
            Err(OpenError::ReadOnly { path: path.to_owned(), cause: Box::new(cause) })
        }
        _ => Ok(()),
    }
}
