//! Is the schema of a file the one that the program made? Tables, indices, triggers and views are held against those of a new
//! file: an index that is gone lets a key in twice, a trigger that is gone lets the journal be changed.

use crate::FileKind;
use crate::audit_log::teach;
use crate::error::{store_error, unreadable};
use crate::migrations::migrate;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use tradeport_kernel::{Cause, StoreError};

/// How a part of the schema differs from what the program made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaFault {
    /// It is not there.
    Gone,
    /// It is written in another way.
    Changed,
    /// The program made no such thing.
    Foreign,
}

/// A part of the schema that is not what the program made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaDifference {
    /// `table`, `index`, `trigger` or `view`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// What is wrong with it.
    pub fault: SchemaFault,
}

impl fmt::Display for SchemaDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, name, fault } = self;
        let (article, wrong) = match fault {
            SchemaFault::Gone => ("the", "is gone"),
            SchemaFault::Changed => ("the", "was changed"),
            SchemaFault::Foreign => ("a", "is none of tradeport's"),
        };
        write!(f, "{article} {kind} {name} {wrong}")
    }
}

#[derive(QueryableByName)]
struct Part {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Nullable<Text>)]
    sql: Option<String>,
}

type Schema = BTreeMap<(String, String), Option<String>>;

fn schema(connection: &mut SqliteConnection) -> Result<Schema, StoreError> {
    let parts = diesel::sql_query("SELECT type AS kind, name, sql FROM sqlite_schema ORDER BY type, name");
    let parts: Vec<Part> = parts.load(connection).map_err(store_error)?;
    Ok(parts.into_iter().map(|part| ((part.kind, part.name), part.sql)).collect())
}

/// That of a new file.
fn wanted(kind: FileKind) -> Result<Schema, StoreError> {
    const NOWHERE: &str = ":memory:";
    let failed = |cause: Cause| StoreError::Unavailable(cause);
    let mut new = SqliteConnection::establish(NOWHERE).map_err(|cause| failed(cause.into()))?;
    teach(&mut new).map_err(store_error)?;
    migrate(&mut new, kind, Path::new(NOWHERE)).map_err(|cause| failed(cause.into()))?;
    schema(&mut new)
}

/// Everything in which a file's schema is not that of a new one.
pub(crate) fn differences(
    connection: &mut SqliteConnection,
    kind: FileKind,
) -> Result<Vec<SchemaDifference>, StoreError> {
    let wanted = wanted(kind)?;
    let found = schema(connection)?;
    let difference = |(kind, name): &(String, String), fault| SchemaDifference {
        kind: kind.clone(),
        name: name.clone(),
        fault,
    };
    let mut all = Vec::new();
    for (part, sql) in &wanted {
        match found.get(part) {
            None => all.push(difference(part, SchemaFault::Gone)),
            Some(other) if other != sql => all.push(difference(part, SchemaFault::Changed)),
            Some(_) => {}
        }
    }
    let is_foreign =
        |part: &&(String, String)| !wanted.contains_key(*part) && !part.1.starts_with("sqlite_stat");
    all.extend(found.keys().filter(is_foreign).map(|part| difference(part, SchemaFault::Foreign)));
    Ok(all)
}

/// Makes indices, triggers and views anew that are gone or changed, within the caller's transaction. Errors: a table is not what
/// it was, or what it holds does not fit an index that lets each key in once; nothing can be made of that here.
pub(crate) fn mend(
    connection: &mut SqliteConnection,
    kind: FileKind,
) -> Result<Vec<SchemaDifference>, StoreError> {
    let wanted = wanted(kind)?;
    let mut mended = Vec::new();
    for difference in differences(connection, kind)? {
        let SchemaDifference { kind, name, fault } = &difference;
        if *fault == SchemaFault::Foreign {
            continue;
        }
        let Some(Some(sql)) = wanted.get(&(kind.clone(), name.clone())).filter(|_| kind != "table") else {
            return Err(unreadable(format!("{difference}, and cannot be made anew")));
        };
        let away = format!("DROP {kind} IF EXISTS \"{name}\"");
        connection.batch_execute(&away).and_then(|()| connection.batch_execute(sql)).map_err(store_error)?;
        mended.push(difference);
    }
    Ok(mended)
}
