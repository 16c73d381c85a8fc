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

/// What a new file has in it.
fn newest(folder: &Path, kind: FileKind) -> Vec<String> {
    let path = folder.join(format!("fresh-{}.db", kind.name()));
    let mut fresh = open_writer(&path, kind).unwrap();
    migrate(&mut fresh, kind, &path).unwrap();
    definitions(&mut fresh)
}

/// A file that has come so far.
fn after_steps(path: &Path, kind: FileKind, done: usize) -> SqliteConnection {
    let mut connection = open_writer(path, kind).unwrap();
    assert_eq!(connection.applied_migrations().unwrap().len(), 0);
    for step in steps(kind).iter().take(done) {
        connection.run_migration(step).unwrap();
    }
    connection
}

#[test]
fn every_older_schema_becomes_the_newest() {
    let folder = tempfile::tempdir().unwrap();
    for kind in KINDS {
        let wanted = newest(folder.path(), kind);
        assert!(wanted.len() > 5, "{wanted:?}");
        for older in 0..=steps(kind).len() {
            let path = folder.path().join(format!("{}-{older}.db", kind.name()));
            let mut connection = after_steps(&path, kind, older);
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

/// The process dies within each step in turn: the next opening finds nothing of it, and does it whole.
#[test]
fn scenario_db_10_a_step_that_was_cut_off_is_done_again_whole() {
    let folder = tempfile::tempdir().unwrap();
    for kind in KINDS {
        let wanted = newest(folder.path(), kind);
        for (done, cut_off) in steps(kind).iter().enumerate() {
            let path = folder.path().join(format!("{}-cut-{done}.db", kind.name()));
            let mut connection = after_steps(&path, kind, done);
            let before = definitions(&mut connection);
            connection.batch_execute("BEGIN IMMEDIATE").unwrap();
            cut_off.run(&mut connection).unwrap();
            assert_ne!(definitions(&mut connection), before);
            drop(connection);
            let mut reopened = open_writer(&path, kind).unwrap();
            assert_eq!(definitions(&mut reopened), before, "nothing of step {done} is there");
            migrate(&mut reopened, kind, &path).unwrap();
            assert_eq!(definitions(&mut reopened), wanted, "{} cut off in step {done}", kind.name());
        }
    }
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
    assert!(matches!(refused, OpenError::Empty { .. }), "{refused:?}");
    migrate(&mut connection, FileKind::Orders, &path).unwrap();
    let newest = known(FileKind::Orders).pop().unwrap();
    let without = format!("DELETE FROM __diesel_schema_migrations WHERE version = '{newest}'");
    connection.batch_execute(&without).unwrap();
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

/// Three orders and two audit records of the schema before the chain, then the newest one.
#[test]
fn what_was_audited_before_there_was_a_chain_is_chained() {
    use crate::schema::{audit, audit_head};
    use tradeport_kernel::Timestamp;
    use tradeport_trading::audit::{AuditHead, ChainHash, ChainWalk, LOG_BEGUN, Rebuilt};
    use tradeport_trading::{AuditEntry, AuditRecord};
    let folder = tempfile::tempdir().unwrap();
    for journalled in [0, 3] {
        let path = folder.path().join(format!("{journalled}.db"));
        let mut connection = open_writer(&path, FileKind::Orders).unwrap();
        assert_eq!(connection.applied_migrations().unwrap().len(), 0);
        for step in steps(FileKind::Orders).iter().take(2) {
            connection.run_migration(step).unwrap();
        }
        let orders = (1..=journalled)
            .map(|at| format!("INSERT INTO journal VALUES ({at}, {at}, 'a{at}', 'intended', '{{}}');"));
        connection.batch_execute(&orders.collect::<String>()).unwrap();
        connection
            .batch_execute("INSERT INTO audit VALUES (1, 5, 'desk', 'order cleared', 'a', 'buy'), (2, -6, 'x', 'y', 'z', 'Ü')")
            .unwrap();
        migrate(&mut connection, FileKind::Orders, &path).unwrap();
        type Row = (i64, i64, String, String, String, String, Vec<u8>);
        let rows: Vec<Row> = audit::table.order(audit::sequence).load(&mut connection).unwrap();
        let (mut walk, mut rebuilt) = (ChainWalk::default(), Rebuilt::default());
        for (sequence, at, actor, action, subject, detail, hash) in rows {
            let entry = AuditEntry { at: Timestamp::from_nanos(at), actor, action, subject, detail };
            let hash = ChainHash::from_bytes(hash.try_into().unwrap());
            let record = AuditRecord { sequence: u64::try_from(sequence).unwrap(), entry, hash };
            walk.step(&record).unwrap();
            rebuilt.take(&record).unwrap();
            assert_eq!(record.entry.action == LOG_BEGUN, sequence == 3);
        }
        let head = audit_head::table.select((audit_head::sequence, audit_head::hash));
        let (sequence, hash): (i64, Vec<u8>) = head.first(&mut connection).unwrap();
        let head = AuditHead {
            sequence: u64::try_from(sequence).unwrap(),
            hash: ChainHash::from_bytes(hash.try_into().unwrap()),
        };
        let records = if journalled == 0 { 2 } else { 3 };
        assert_eq!(walk.end(&head).unwrap().sequence, records);
        assert_eq!(rebuilt.begun_after(), journalled);
    }
}
