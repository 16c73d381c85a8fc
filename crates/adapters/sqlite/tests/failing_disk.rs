//! A disk that takes a write only in part: what the system does when a process may not write any further.
//!
//! The test runs itself as a second process under a limit of how large a file may become, since that limit is the
//! process's. Past it the system refuses to write, and SQLite answers as it does for any disk that fails.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "tests may unwrap")]

mod support;

use futures::executor::block_on;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::path::Path;
use std::process::Command;
use support::{config, executed, intended, open, second};
use tradeport_orders::{JournalError, JournalReceipt, OrderJournal};
use tradeport_sqlite::SqliteStores;

fn limit_files(bytes: Option<u64>) {
    let maximum = getrlimit(Resource::Fsize).maximum;
    setrlimit(Resource::Fsize, Rlimit { current: bytes.or(maximum), maximum }).unwrap();
}

fn append(stores: &SqliteStores, name: &str) -> Result<Vec<JournalReceipt>, JournalError> {
    let life = [intended(name, second(0)), executed(name, name, "1", "187", second(1))];
    block_on(stores.journal().append(&life))
}

#[test]
#[ignore = "the second process of the test below; alone its signal would end it"]
fn writes_until_the_disk_fails() {
    let folder = std::fs::read_link("/proc/self/cwd").unwrap();
    let stores = open(&folder);
    limit_files(Some(400 * 1_024));
    let acknowledged =
        (0..10_000).find(|number| append(&stores, &format!("order-{number}")).is_err()).unwrap();
    assert!(acknowledged > 0);
    // The disk is well again; that file is not to be trusted yet.
    limit_files(None);
    let refused = append(&stores, "after").unwrap_err();
    let JournalError::Store(error) = refused else { unreachable!("{refused:?}") };
    let said = std::error::Error::source(&error).unwrap().to_string();
    assert!(said.contains("open the file again"), "{said}");
    assert!(folder.join("orders.db.verify").exists());
    println!("acknowledged {acknowledged}");
}

#[test]
fn scenario_db_08_after_a_failed_write_nothing_is_acknowledged_until_the_file_was_verified() {
    let folder = tempfile::tempdir().unwrap();
    let program = std::env::current_exe().unwrap();
    // Ignored by the shell, the signal stays ignored: the write itself answers.
    let script = "trap '' XFSZ; exec \"$0\" --exact writes_until_the_disk_fails --ignored --nocapture";
    let run =
        Command::new("sh").args(["-c", script]).arg(&program).current_dir(folder.path()).output().unwrap();
    let told = String::from_utf8_lossy(&run.stdout).into_owned();
    assert!(run.status.success(), "{told}{}", String::from_utf8_lossy(&run.stderr));
    let acknowledged = told.lines().find_map(|line| line.strip_prefix("acknowledged ")).unwrap();
    let acknowledged: usize = acknowledged.parse().unwrap();
    check_reopened(folder.path(), acknowledged);
}

fn check_reopened(folder: &Path, acknowledged: usize) {
    let stores = open(folder);
    assert!(!folder.join("orders.db.verify").exists(), "it was looked through");
    let records = block_on(stores.journal().read(0, usize::MAX)).unwrap();
    assert_eq!(records.len(), acknowledged * 2, "what was acknowledged, and not half of what was not");
    append(&stores, "after").unwrap();
    drop(stores);
    // A file that is not whole stays closed, and keeps its mark.
    let path = config(folder).orders().to_owned();
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..].fill(0xA5);
    std::fs::write(&path, bytes).unwrap();
    std::fs::write(folder.join("orders.db.verify"), "disk I/O error").unwrap();
    let refused = support::try_open(folder).err().unwrap().to_string();
    assert!(refused.contains("restore it from a backup"), "{refused}");
    assert!(folder.join("orders.db.verify").exists());
}
