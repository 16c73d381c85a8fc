//! The schemas: every step, in order, within the program.
//!
//! A step runs whole or not at all. A file that knows a step which this program does not was written by a later one,
//! and is left alone. Each kind of file carries its own mark, so that the two cannot be mixed up.

use crate::OpenError;
use crate::connection::number;
use crate::error::store_error;
use diesel::SqliteConnection;
use diesel::migration::MigrationSource;
use diesel::sqlite::Sqlite;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use std::path::Path;
use tradeport_kernel::{Cause, StoreError};

const ORDERS: EmbeddedMigrations = embed_migrations!("migrations/orders");
const MARKET: EmbeddedMigrations = embed_migrations!("migrations/market");

/// The two files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileKind {
    /// Journal, audit, portfolio: each commit is on the disk before it is acknowledged.
    Orders,
    /// Ticks and bars: a commit survives the death of the process; the last ones may not survive a power cut.
    Market,
}

impl FileKind {
    /// As users name it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::Market => "market",
        }
    }

    /// SQLite's `synchronous` for it.
    pub(crate) const fn synchronous(self) -> &'static str {
        match self {
            Self::Orders => "FULL",
            Self::Market => "NORMAL",
        }
    }

    /// The mark in the file's header: `TPO1` and `TPM1` in ASCII.
    const fn application_id(self) -> i64 {
        match self {
            Self::Orders => 0x5450_4F31,
            Self::Market => 0x5450_4D31,
        }
    }

    const fn source(self) -> EmbeddedMigrations {
        match self {
            Self::Orders => ORDERS,
            Self::Market => MARKET,
        }
    }
}

/// Brings the file to the newest schema, from whichever it has.
pub(crate) fn migrate(
    connection: &mut SqliteConnection,
    kind: FileKind,
    path: &Path,
) -> Result<(), OpenError> {
    check_kind(connection, kind, path)?;
    check_not_newer(connection, kind, path)?;
    connection.run_pending_migrations(kind.source()).map_err(|cause| broken(path, cause))?;
    Ok(())
}

/// Refuses a file whose schema is not exactly the newest.
pub(crate) fn check_current(
    connection: &mut SqliteConnection,
    kind: FileKind,
    path: &Path,
) -> Result<(), OpenError> {
    check_kind(connection, kind, path)?;
    check_not_newer(connection, kind, path)?;
    let (found, known) = (applied(connection, path)?, known(kind));
    if found.is_empty() {
        return Err(OpenError::Empty { path: path.to_owned() });
    }
    if found.len() < known.len() {
        return Err(OpenError::OlderSchema {
            path: path.to_owned(),
            found: last(&found),
            known: last(&known),
        });
    }
    Ok(())
}

fn check_kind(connection: &mut SqliteConnection, kind: FileKind, path: &Path) -> Result<(), OpenError> {
    let id = number(connection, "SELECT application_id AS number FROM pragma_application_id")
        .map_err(|error| OpenError::of(path, error))?;
    // The list of steps is made before the first step: a process that was killed between the two left it alone.
    let others =
        "SELECT count(*) AS number FROM sqlite_schema WHERE tbl_name <> '__diesel_schema_migrations'";
    let others = number(connection, others).map_err(|error| OpenError::of(path, error))?;
    if id == kind.application_id() || (id == 0 && others == 0) {
        return Ok(());
    }
    Err(OpenError::Foreign { path: path.to_owned(), wanted: kind.name() })
}

fn check_not_newer(connection: &mut SqliteConnection, kind: FileKind, path: &Path) -> Result<(), OpenError> {
    let (found, known) = (applied(connection, path)?, known(kind));
    match found.iter().rfind(|step| !known.contains(step)) {
        Some(step) => {
            Err(OpenError::NewerSchema { path: path.to_owned(), found: step.clone(), known: last(&known) })
        }
        None => Ok(()),
    }
}

/// The steps in the file, oldest first. Asked without making the table that keeps them.
fn applied(connection: &mut SqliteConnection, path: &Path) -> Result<Vec<String>, OpenError> {
    let marked = "SELECT count(*) AS number FROM sqlite_schema WHERE name = '__diesel_schema_migrations'";
    if number(connection, marked).map_err(|error| OpenError::of(path, error))? == 0 {
        return Ok(Vec::new());
    }
    let mut steps: Vec<String> = connection
        .applied_migrations()
        .map_err(|cause| broken(path, cause))?
        .into_iter()
        .map(|step| step.to_string())
        .collect();
    steps.sort();
    Ok(steps)
}

fn known(kind: FileKind) -> Vec<String> {
    let steps = MigrationSource::<Sqlite>::migrations(&kind.source())
        .expect("steps that are compiled in were checked by the compiler");
    let mut names: Vec<String> = steps.iter().map(|step| step.name().version().to_string()).collect();
    names.sort();
    names
}

fn last(steps: &[String]) -> String {
    steps.last().cloned().unwrap_or_else(|| "none".to_owned())
}

fn broken(path: &Path, cause: Cause) -> OpenError {
    match cause.downcast::<diesel::result::Error>() {
        Ok(error) => OpenError::at(path, store_error(*error)),
        Err(cause) => {
            // The step's own error keeps diesel's as text alone.
            let text = cause.to_string();
            let sorted: StoreError = crate::error::sorted(&text)(cause);
            OpenError::at(path, sorted)
        }
    }
}

#[cfg(test)]
mod tests;
