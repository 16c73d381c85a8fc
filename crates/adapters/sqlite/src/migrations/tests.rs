//! Every older schema becomes the newest; newer and foreign files are left alone.

use super::*;
use crate::connection::open_writer;
use diesel::connection::SimpleConnection;
use diesel::migration::Migration;
use diesel::prelude::*;
use diesel::sql_types::Text;

const KINDS: [FileKind; 2] = [FileKind::Orders, FileKind::Market];

#[derive(QueryableByName)]
struct Definition {
    #[diesel(sql_type = Text)]
    sql: String,
}

fn definitions(connection: &mut SqliteConnection) -> Vec<String> {
    diesel::sql_query("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY sql")
        .load::<Definition>(connection)
        .unwrap()
        .into_iter()
        .map(|row| row.sql)
        .collect()
}

fn steps(kind: FileKind) -> Vec<Box<dyn Migration<Sqlite>>> {
    let mut steps = MigrationSource::<Sqlite>::migrations(&kind.source()).unwrap();
    steps.sort_by(|a, b| a.name().version().cmp(&b.name().version()));
    steps
}

#[test]
fn every_older_schema_becomes_the_newest() {
    let folder = tempfile::tempdir().unwrap();
    for kind in KINDS {
        let fresh = folder.path().join(format!("fresh-{}.db", kind.name()));
        let mut newest = open_writer(&fresh, kind).unwrap();
        migrate(&mut newest, kind, &fresh).unwrap();
        let wanted = definitions(&mut newest);
        assert!(wanted.len() > 5, "{wanted:?}");
        for older in 0..=steps(kind).len() {
            let path = folder.path().join(format!("{}-{older}.db", kind.name()));
            let mut connection = open_writer(&path, kind).unwrap();
            assert_eq!(connection.applied_migrations().unwrap().len(), 0);
            for step in steps(kind).iter().take(older) {
                connection.run_migration(step).unwrap();
            }
            migrate(&mut connection, kind, &path).unwrap();
            assert_eq!(definitions(&mut connection), wanted, "{} from step {older}", kind.name());
            check_current(&mut connection, kind, &path).unwrap();
        }
    }
}

#[test]
fn a_step_that_fails_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.db");
    let mut connection = open_writer(&path, FileKind::Orders).unwrap();
    // In the way of a view that the first step makes near its end.
    connection.batch_execute("CREATE TABLE performance_metrics (x)").unwrap();
    let failed = connection.run_pending_migrations(FileKind::Orders.source()).err();
    assert!(failed.is_some());
    let left = definitions(&mut connection);
    assert!(!left.iter().any(|sql| sql.contains("journal")), "{left:?}");
}

#[test]
fn a_newer_schema_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    for kind in KINDS {
        let path = folder.path().join(format!("{}.db", kind.name()));
        let mut connection = open_writer(&path, kind).unwrap();
        migrate(&mut connection, kind, &path).unwrap();
        connection
            .batch_execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('29990101000000')")
            .unwrap();
        for refused in [migrate(&mut connection, kind, &path), check_current(&mut connection, kind, &path)] {
            match refused.unwrap_err() {
                OpenError::NewerSchema { path: named, found, known } => {
                    assert_eq!((named, found.as_str()), (path.clone(), "29990101000000"));
                    assert!(known < found);
                }
                other => panic!("{other:?}"),
            }
        }
    }
}

#[test]
fn an_older_schema_is_not_read_without_a_migration() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.db");
    let mut connection = open_writer(&path, FileKind::Orders).unwrap();
    let refused = check_current(&mut connection, FileKind::Orders, &path).unwrap_err();
    assert!(matches!(refused, OpenError::OlderSchema { .. }), "{refused:?}");
}

#[test]
fn the_two_kinds_and_foreign_files_are_not_mixed_up() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.db");
    let mut connection = open_writer(&path, FileKind::Orders).unwrap();
    migrate(&mut connection, FileKind::Orders, &path).unwrap();
    let mixed_up = migrate(&mut connection, FileKind::Market, &path).unwrap_err();
    assert!(matches!(mixed_up, OpenError::Foreign { wanted: "market", .. }), "{mixed_up:?}");

    let path = folder.path().join("recipes.db");
    let mut foreign = open_writer(&path, FileKind::Orders).unwrap();
    foreign.batch_execute("CREATE TABLE recipes (x)").unwrap();
    let refused = migrate(&mut foreign, FileKind::Orders, &path).unwrap_err();
    assert!(matches!(refused, OpenError::Foreign { .. }), "{refused:?}");
}
