//! Opening SQLite connections, and what every one of them is told. Left out: schemas (`migrations`).

use crate::audit_log::teach;
use crate::error::{is_full, sorted};
use crate::file_system::beside;
use crate::{FileKind, OpenError};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel::{ConnectionError, SqliteConnection};
use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::Path;

/// Older releases can lose a commit when a checkpoint and a restart of the write-ahead log meet.
const LEAST_SQLITE: &str = "3.51.3";
const BUSY_TIMEOUT_MS: u32 = 5_000;
/// Pages of write-ahead log between two checkpoints: each costs two syncs, so fewer than SQLite's 1,000 would ask for.
pub(crate) const CHECKPOINT_PAGES: u32 = 4_000;
/// What SQLite appends to a database's name for its write-ahead log.
pub(crate) const LOG: &str = "-wal";
pub(crate) const PAGE_BYTES: u64 = 4_096;
/// What SQLite lays down beside a file before the first page of a log: memory that is shared.
const PROBE_BYTES: usize = 64 * 1_024;
/// Pages that the writer keeps in memory: with a thousand instruments, each has its last page there.
const WRITER_CACHE_KIB: u32 = 16 * 1_024;

diesel::define_sql_function! {
    /// The version of the library in use.
    fn sqlite_version() -> Text;
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

#[derive(QueryableByName)]
struct Mode {
    #[diesel(sql_type = diesel::sql_types::Text)]
    journal_mode: String,
}

/// The first number of a query's answer, whose column must be called `number`.
pub(crate) fn number(connection: &mut SqliteConnection, query: &str) -> QueryResult<i64> {
    diesel::sql_query(query).get_result::<Number>(connection).map(|row| row.number)
}

/// Opens the one connection that writes.
pub(crate) fn open_writer(path: &Path, kind: FileKind) -> Result<SqliteConnection, OpenError> {
    open_to_write(path, kind).map_err(|error| match error {
        // What SQLite cannot make beside a file it does not name, and for want of room there it blames the disk.
        OpenError::Unavailable { path, cause } => match writing_beside(&path) {
            Err(said) if is_full(said.kind()) || is_read_only(&said) => OpenError::of_system(&path, said),
            _ => OpenError::Unavailable { path, cause },
        },
        error => error,
    })
}

/// Can files be made beside this one, as large as what SQLite begins with?
fn writing_beside(path: &Path) -> std::io::Result<()> {
    let probe = beside(path, &format!(".probe-{}", std::process::id()));
    let mut file = File::create_new(&probe)?;
    let written = file.write_all(&[0; PROBE_BYTES]).and_then(|()| file.sync_all());
    drop(file);
    std::fs::remove_file(&probe)?;
    written
}

fn is_read_only(cause: &std::io::Error) -> bool {
    matches!(cause.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem)
}

fn open_to_write(path: &Path, kind: FileKind) -> Result<SqliteConnection, OpenError> {
    let mut connection = establish(path, "rwc")?;
    check_version(&mut connection, path)?;
    let synchronous = kind.synchronous();
    connection
        .batch_execute(&format!(
            "PRAGMA journal_mode = WAL;
             PRAGMA synchronous = {synchronous};
             PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES};
             PRAGMA cache_size = -{WRITER_CACHE_KIB};
             PRAGMA foreign_keys = ON;
             PRAGMA trusted_schema = OFF;"
        ))
        .map_err(|error| OpenError::of(path, error))?;
    check_log(&mut connection, path)?;
    teach(&mut connection).map_err(|error| OpenError::of(path, error))?;
    Ok(connection)
}

/// Where there is no memory that processes share, SQLite goes on without a write-ahead log and does not say so.
fn check_log(connection: &mut SqliteConnection, path: &Path) -> Result<(), OpenError> {
    let mode = diesel::sql_query("PRAGMA journal_mode").get_result::<Mode>(connection);
    let mode = mode.map_err(|error| OpenError::of(path, error))?.journal_mode;
    match mode.as_str() {
        "wal" => Ok(()),
        _ => {
            Err(OpenError::OnANetwork { path: path.to_owned(), kind: "a file system without shared memory" })
        }
    }
}

/// Opens a connection that can only read; it sees every commit that was made before its question.
///
/// Reading beside a writer takes a file of memory that both share. Where it cannot be made, in a folder or on a disk that is
/// read-only, nobody writes either as long as no write-ahead log is there: then the file is read as one that stays as it is.
pub(crate) fn open_reader(path: &Path) -> Result<SqliteConnection, OpenError> {
    match open_to_read(path, "ro") {
        // That it cannot be written is SQLite's word for a folder in which it cannot make that file.
        Err(OpenError::Unavailable { path: of, cause } | OpenError::ReadOnly { path: of, cause }) => {
            match File::open(path) {
                Err(cause) => Err(OpenError::Unavailable { path: of, cause: Box::new(cause) }),
                Ok(_) if is_empty(&beside(path, LOG)) => open_to_read(path, "ro&immutable=1"),
                Ok(_) => Err(match writing_beside(path) {
                    Err(said) if is_full(said.kind()) => OpenError::of_system(path, said),
                    _ => OpenError::LogUnread { path: of, cause },
                }),
            }
        }
        opened => opened,
    }
}

fn is_empty(file: &Path) -> bool {
    std::fs::metadata(file).map_or_else(|error| error.kind() == ErrorKind::NotFound, |it| it.len() == 0)
}

fn open_to_read(path: &Path, mode: &str) -> Result<SqliteConnection, OpenError> {
    let mut connection = establish(path, mode)?;
    check_version(&mut connection, path)?;
    connection
        .batch_execute("PRAGMA query_only = ON; PRAGMA trusted_schema = OFF;")
        // The first look shows whether it can be read.
        .and_then(|()| number(&mut connection, "SELECT count(*) AS number FROM sqlite_schema"))
        .map_err(|error| OpenError::of(path, error))?;
    Ok(connection)
}

/// Bounds the file; SQLite answers "full" beyond it.
pub(crate) fn limit_size(connection: &mut SqliteConnection, bytes: u64) -> QueryResult<()> {
    let pages = (bytes / PAGE_BYTES).clamp(1, u64::from(u32::MAX) - 1);
    connection.batch_execute(&format!("PRAGMA max_page_count = {pages}"))
}

fn establish(path: &Path, mode: &str) -> Result<SqliteConnection, OpenError> {
    let connection = SqliteConnection::establish(&uri(path, mode)).map_err(|error| match error {
        ConnectionError::CouldntSetupConfiguration(error) => OpenError::of(path, error),
        error => OpenError::at(path, sorted(&error.to_string())(Box::new(error))),
    });
    let mut connection = connection?;
    // Before anything else: whoever closes the file last, or mends it after a crash, has it alone for a moment.
    let waits = connection.batch_execute(&format!("PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}"));
    waits.map_err(|error| OpenError::of(path, error))?;
    Ok(connection)
}

/// A path as a URI: SQLite would take `?`, `#` and `%` for its own, what follows two slashes for another machine, and on
/// Windows wants `/C:/folder/file`.
fn uri(path: &Path, mode: &str) -> String {
    let text = path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    let text = if cfg!(windows) { text.replace('\\', "/") } else { text };
    let empty_host = match path.is_absolute() {
        true if text.starts_with('/') => "//",
        true => "///",
        false => "",
    };
    format!("file:{empty_host}{text}?mode={mode}")
}

fn check_version(connection: &mut SqliteConnection, path: &Path) -> Result<(), OpenError> {
    let found: String = diesel::select(sqlite_version())
        .get_result(connection)
        .map_err(|error| OpenError::of(path, error))?;
    if parts(&found) < parts(LEAST_SQLITE) {
        return Err(OpenError::OldSqlite { found, least: LEAST_SQLITE });
    }
    Ok(())
}

fn parts(version: &str) -> Vec<u32> {
    version.split('.').map(|part| part.parse().unwrap_or(0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_number() {
        assert!(parts("3.51.3") < parts("3.53.0"));
        assert!(parts("3.51.10") > parts("3.51.3"));
        assert!(parts("3.9.9") < parts("3.51.3"));
    }

    #[cfg(unix)]
    #[test]
    fn scenario_db_06_a_file_without_a_write_ahead_log_is_refused_in_words() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        // SQLite's own way to a file where there is no shared memory.
        let uri = format!("{}&vfs=unix-none", uri(&path, "rwc"));
        let mut connection = SqliteConnection::establish(&uri).unwrap();
        connection.batch_execute("PRAGMA journal_mode = WAL").unwrap();
        let refused = check_log(&mut connection, &path).unwrap_err();
        assert!(matches!(refused, OpenError::OnANetwork { .. }), "{refused:?}");
        assert!(refused.to_string().contains("name a folder of this machine"), "{refused}");
        drop(open_writer(&path, FileKind::Market).unwrap());
    }

    #[test]
    fn whoever_opens_a_file_waits_for_somebody_who_has_it_alone_for_a_moment() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        drop(open_writer(&path, FileKind::Orders).unwrap());
        for open in [open_reader, |path: &Path| open_writer(path, FileKind::Orders)] {
            let alone = rusqlite::Connection::open(&path).unwrap();
            alone.execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT").unwrap();
            std::thread::scope(|scope| {
                let opening = scope.spawn(|| {
                    let mut opened = open(&path)?;
                    number(&mut opened, "SELECT count(*) AS number FROM sqlite_schema")
                        .map_err(|error| OpenError::of(&path, error))
                });
                // Long enough for whoever would not wait.
                (0..20_000).take_while(|_| !opening.is_finished()).for_each(|_| std::thread::yield_now());
                drop(alone);
                assert_eq!(opening.join().unwrap().map_err(|error| error.to_string()), Ok(0));
            });
        }
    }

    #[test]
    fn a_path_with_the_signs_of_a_uri_is_one_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a?b#c%41 d.db");
        drop(open_writer(&path, FileKind::Market).unwrap());
        assert!(path.exists());
    }

    #[test]
    fn a_path_is_the_same_file_however_its_slashes_are_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        drop(open_writer(&path, FileKind::Market).unwrap());
        let root = if cfg!(windows) { "" } else { "/" };
        let doubled = format!("{root}{}", path.display());
        drop(open_reader(Path::new(&doubled)).unwrap());
    }

    #[test]
    #[cfg(windows)]
    fn drives_and_shares_are_not_taken_for_other_machines() {
        assert_eq!(uri(Path::new(r"C:\data\a.db"), "ro"), "file:///C:/data/a.db?mode=ro");
        assert_eq!(uri(Path::new(r"\\server\share\a.db"), "ro"), "file:////server/share/a.db?mode=ro");
        assert_eq!(uri(Path::new(r"data\a.db"), "ro"), "file:data/a.db?mode=ro");
    }
}
