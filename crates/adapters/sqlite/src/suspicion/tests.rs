use super::mark_of;
use crate::database::Database;
use crate::error::store_error;
use crate::writer::Session;
use crate::{FileKind, SqliteConfig};
use diesel::connection::SimpleConnection;
use futures::executor::block_on;
use std::io::Write;
use std::path::{Path, PathBuf};
use tradeport_kernel::StoreError;

fn open(folder: &Path) -> Database<()> {
    let config = SqliteConfig::in_folder(folder).unwrap();
    Database::open(config.market(), FileKind::Market, &config).unwrap()
}

fn path(folder: &Path) -> PathBuf {
    SqliteConfig::in_folder(folder).unwrap().market().to_owned()
}

/// Runs these words within a transaction of the writing thread.
async fn write(database: &Database<()>, words: &str) -> Result<(), StoreError> {
    let words = words.to_owned();
    let work = move |session: &mut Session<()>| session.connection.batch_execute(&words).map_err(store_error);
    database.write(work).await
}

fn run(database: &Database<()>, words: &str) -> Result<(), StoreError> {
    block_on(write(database, words))
}

/// As on a file system that became read-only: the transaction has begun, and the file takes nothing any more.
fn read_only(words: &str) -> String {
    format!("PRAGMA query_only = ON; {words}")
}

/// A table of its own, with a row.
fn with_table(folder: &Path) -> Database<()> {
    let database = open(folder);
    run(&database, "CREATE TABLE it (name TEXT PRIMARY KEY, number INTEGER CHECK (number > 0))").unwrap();
    run(&database, "INSERT INTO it VALUES ('first', 1)").unwrap();
    database
}

fn cause(error: &StoreError) -> String {
    std::error::Error::source(error).map(ToString::to_string).unwrap_or_default()
}

/// Nothing is acknowledged any more, until the file was opened anew and found whole.
fn is_latched(folder: &Path, database: Database<()>, words: &str) {
    let refused = run(&database, "INSERT INTO it VALUES ('later', 9)").unwrap_err();
    assert!(cause(&refused).contains("open the file again"), "{words}: {refused:?}");
    assert!(mark_of(&path(folder)).exists(), "{words}");
    drop(database);
    let database = open(folder);
    assert!(!mark_of(&path(folder)).exists(), "{words}");
    run(&database, "INSERT INTO it VALUES ('later', 9)").unwrap();
}

#[test]
fn scenario_db_08_whatever_statement_fails_by_the_file_nothing_more_is_acknowledged() {
    for words in [
        "INSERT INTO it VALUES ('second', 2)",
        "INSERT OR REPLACE INTO it VALUES ('first', 2)",
        "UPDATE it SET number = 3",
        "DELETE FROM it",
        "CREATE TABLE other (name TEXT)",
        "DROP TABLE it",
        "PRAGMA user_version = 7",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let database = with_table(folder.path());
        let refused = run(&database, &read_only(words)).unwrap_err();
        assert!(matches!(refused, StoreError::ReadOnly(_)), "{words}: {refused:?}");
        is_latched(folder.path(), database, words);
    }
}

#[test]
fn scenario_db_08_a_write_that_fails_only_while_it_is_tried_with_others_latches_as_well() {
    let folder = tempfile::tempdir().unwrap();
    let database = with_table(folder.path());
    let first = read_only("INSERT INTO it VALUES ('a', 1)");
    let answers = block_on(async {
        futures::join!(write(&database, &first), write(&database, "SELECT 1"), write(&database, "SELECT 2"))
    });
    assert!(answers.0.is_err(), "{answers:?}");
    is_latched(folder.path(), database, "in a group");
}

#[test]
fn scenario_db_08_a_file_whose_content_is_not_what_it_was_is_written_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let database = with_table(folder.path());
    drop(database);
    // All of it is in the file itself now; a page of it is overwritten by somebody.
    let table = {
        let file = rusqlite::Connection::open(path(folder.path())).unwrap();
        file.query_row("SELECT rootpage FROM sqlite_schema WHERE name = 'it'", [], |row| row.get::<_, i64>(0))
            .unwrap()
    };
    let database = open(folder.path());
    let mut file = std::fs::OpenOptions::new().write(true).open(path(folder.path())).unwrap();
    std::io::Seek::seek(&mut file, std::io::SeekFrom::Start(u64::try_from(table - 1).unwrap() * 4_096))
        .unwrap();
    file.write_all(&[0xff; 4_096]).unwrap();
    drop(file);
    let refused = run(&database, "INSERT INTO it VALUES ('second', 2)").unwrap_err();
    assert!(matches!(refused, StoreError::Corrupt(_)), "{refused:?}");
    let refused = run(&database, "CREATE TABLE other (name TEXT)").unwrap_err();
    assert!(cause(&refused).contains("open the file again"), "{refused:?}");
    drop(database);
    let config = SqliteConfig::in_folder(folder.path()).unwrap();
    let opened = Database::<()>::open(config.market(), FileKind::Market, &config);
    assert!(opened.is_err(), "it is not whole, and stays marked");
    assert!(mark_of(&path(folder.path())).exists());
}

#[test]
fn what_is_an_answer_is_no_suspicion() {
    let folder = tempfile::tempdir().unwrap();
    let database = with_table(folder.path());
    for words in [
        "INSERT INTO it VALUES ('first', 2)",
        "INSERT INTO it VALUES ('second', -2)",
        "INSERT INTO nowhere VALUES (1)",
        "no words of SQL",
    ] {
        assert!(run(&database, words).is_err(), "{words}");
        run(&database, "UPDATE it SET number = number + 1").unwrap();
    }
    run(&database, "PRAGMA max_page_count = 1").unwrap();
    let full = run(&database, "CREATE TABLE big AS SELECT hex(randomblob(100000)) AS it").unwrap_err();
    assert!(matches!(full, StoreError::Full(_)), "{full:?}");
    run(&database, "UPDATE it SET number = number + 1").unwrap();
    assert!(!mark_of(&path(folder.path())).exists());
}
