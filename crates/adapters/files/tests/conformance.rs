//! Proves every promise of the kill switch, and that nothing that can happen to its file opens it.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use futures::FutureExt;
use proptest::prelude::*;
use std::fs;
use std::future::Future;
use std::thread;
use tempfile::TempDir;
use tradeport_conformance::fixtures;
use tradeport_files::FileSwitch;
use tradeport_risk::{Switch, SwitchStore};

tradeport_conformance::switch_store_conformance!(Fixture);

struct Fixture {
    folder: TempDir,
    switch: FileSwitch,
}

impl tradeport_conformance::switch_store::Harness for Fixture {
    type Store = FileSwitch;
    async fn fresh() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let switch = FileSwitch::open(folder.path()).unwrap();
        Self { folder, switch }
    }
    fn store(&self) -> &FileSwitch {
        &self.switch
    }
    async fn reopen(self) -> Self {
        let switch = FileSwitch::open(self.folder.path()).unwrap();
        Self { folder: self.folder, switch }
    }
    async fn garble(&self) {
        fs::write(self.switch.latch(), "{\"at\": \"2026-0").unwrap();
    }
}

/// A switch of files never waits.
fn now<F: Future>(future: F) -> F::Output {
    future.now_or_never().unwrap()
}

fn fresh() -> (TempDir, FileSwitch) {
    let folder = tempfile::tempdir().unwrap();
    let switch = FileSwitch::open(folder.path()).unwrap();
    (folder, switch)
}

proptest! {
    #[test]
    fn a_latch_kills_whatever_stands_in_it(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let (_folder, switch) = fresh();
        fs::write(switch.latch(), &bytes).unwrap();
        let seen = now(switch.look());
        prop_assert!(seen.kill().is_some(), "{bytes:?}");
        prop_assert_eq!(now(switch.look()), seen, "alike at each look");
    }

    #[test]
    fn a_latch_with_any_byte_changed_kills(at in 0_usize..150, to in any::<u8>()) {
        let (_folder, switch) = fresh();
        now(switch.kill(&fixtures::kills()[0])).unwrap();
        let mut bytes = fs::read(switch.latch()).unwrap();
        let at = at % bytes.len();
        bytes[at] = to;
        fs::write(switch.latch(), &bytes).unwrap();
        prop_assert!(now(switch.look()).kill().is_some());
    }
}

#[test]
fn what_is_no_file_kills_and_so_does_a_folder_that_is_gone() {
    let (folder, switch) = fresh();
    fs::create_dir(switch.latch()).unwrap();
    assert!(now(switch.look()).kill().is_some(), "a folder in its place");
    fs::remove_dir(switch.latch()).unwrap();
    assert_eq!(now(switch.look()), Switch::Open);
    fs::write(switch.latch(), vec![b' '; (1 << 18) + 1]).unwrap();
    assert!(now(switch.look()).kill().unwrap().reason.as_str().contains("too large"));
    drop(folder);
    let seen = now(switch.look());
    assert!(seen.kill().unwrap().reason.as_str().contains("not there"), "{seen:?}");
}

#[test]
fn of_many_who_kill_at_once_one_stands_whole_and_nothing_is_left_beside_it() {
    let (folder, switch) = fresh();
    let kills: Vec<_> = fixtures::kills().into_iter().take(8).collect();
    let stands: Vec<_> = thread::scope(|scope| {
        let start = |kill| {
            let switch = switch.clone();
            scope.spawn(move || now(switch.kill(kill)).unwrap())
        };
        let running: Vec<_> = kills.iter().map(start).collect();
        running.into_iter().map(|it| it.join().unwrap()).collect()
    });
    assert!(kills.contains(&stands[0]));
    assert!(stands.iter().all(|kill| *kill == stands[0]), "everybody is told of the same");
    let names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert_eq!(names, ["kill-switch.json"]);
}

#[test]
fn a_kill_waits_for_nobody_who_holds_the_lock_and_a_resume_does_not_pass_it() {
    let (folder, switch) = fresh();
    let lock = fs::File::create(folder.path().join("kill-switch.lock")).unwrap();
    lock.try_lock().unwrap();
    let kill = now(switch.kill(&fixtures::kills()[0])).unwrap();
    assert!(now(switch.resume(&fixtures::resume_of(kill.clone()))).is_err());
    assert_eq!(now(switch.look()), Switch::Killed(kill.clone()));
    drop(lock);
    now(switch.resume(&fixtures::resume_of(kill))).unwrap();
}
