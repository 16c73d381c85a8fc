//! Where a run keeps its files, and how it never mixes with another.
//!
//! A run works in a folder of its own, `demo.unfinished`, which takes the place of `demo` once the run is through. So
//! `demo` is always one whole run, and what an interrupted one recorded stays readable until the next run begins. A
//! lock keeps two runs apart. Folders that hold anything else than a run's files are left alone.

use crate::fault::Fault;
use anyhow::Context;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tradeport_kernel::Clock;

const FINISHED: &str = "demo";
const UNFINISHED: &str = "demo.unfinished";
const REPLACED: &str = "demo.replaced";
const LOCK: &str = "demo.lock";
const REPORT: &str = "report.html";
/// What the files of a run begin with; the last is left by commands that look at a run.
const KNOWN: [&str; 4] = ["orders.db", "market.db", REPORT, "fake-broker"];

/// How long to wait before a refused rename is tried again.
const RENAME_PAUSES_MS: [u64; 5] = [50, 150, 400, 900, 1_500];

/// The folder of one run, locked.
pub(crate) struct RunFolder {
    parent: PathBuf,
    replaces: bool,
    /// Held for its lock, which ends with it.
    _lock: File,
}

impl RunFolder {
    /// Makes an empty folder to work in, below `parent`. Errors: another run is at work there, or a folder of the
    /// names that a run needs holds somebody's own files.
    pub(crate) fn begin(parent: &Path) -> anyhow::Result<Self> {
        fs::create_dir_all(parent).map_err(|cause| unusable(parent, cause))?;
        let lock = lock(parent)?;
        for name in [FINISHED, UNFINISHED, REPLACED] {
            check_ours(&parent.join(name))?;
        }
        for name in [UNFINISHED, REPLACED] {
            remove(&parent.join(name))?;
        }
        let folder =
            Self { parent: parent.to_owned(), replaces: parent.join(FINISHED).exists(), _lock: lock };
        fs::create_dir(folder.working()).map_err(|cause| unusable(&folder.working(), cause))?;
        Ok(folder)
    }

    /// Refuses a file or folder to read from that a run below `parent` clears away before it begins.
    pub(crate) fn check_keeps(parent: &Path, source: &Path) -> anyhow::Result<()> {
        // What is not there is told by whoever reads it.
        let Ok(real) = source.canonicalize() else { return Ok(()) };
        for name in [UNFINISHED, REPLACED] {
            let cleared = parent.join(name);
            if cleared.canonicalize().is_ok_and(|cleared| real.starts_with(cleared)) {
                let message =
                    format!("{} lies in {}, which a run clears away", source.display(), cleared.display());
                let advice = "move it elsewhere first, or use another folder: --data-dir DIR";
                return Err(Fault::failed(message, advice).into());
            }
        }
        Ok(())
    }

    /// Where the run works; its files stay here if it does not finish.
    pub(crate) fn working(&self) -> PathBuf {
        self.parent.join(UNFINISHED)
    }

    /// Where the run lies once it has finished.
    pub(crate) fn finished(&self) -> PathBuf {
        self.parent.join(FINISHED)
    }

    /// The report's place within a folder.
    pub(crate) fn report_in(folder: &Path) -> PathBuf {
        folder.join(REPORT)
    }

    /// Does an earlier run lie where this one will?
    pub(crate) const fn replaces_a_run(&self) -> bool {
        self.replaces
    }

    /// Puts this run in the place of the one before. No file of it may be open any more. If it cannot be put there, the
    /// one before stays.
    pub(crate) async fn finish(self, clock: &dyn Clock) -> anyhow::Result<()> {
        let (finished, replaced) = (self.finished(), self.parent.join(REPLACED));
        if self.replaces {
            rename(&finished, &replaced, clock).await.map_err(|cause| unusable(&finished, cause))?;
        }
        if let Err(cause) = rename(&self.working(), &finished, clock).await {
            if self.replaces {
                rename(&replaced, &finished, clock).await.map_err(|cause| unusable(&replaced, cause))?;
            }
            return Err(unusable(&self.working(), cause));
        }
        remove(&replaced)
    }
}

async fn rename(from: &Path, to: &Path, clock: &dyn Clock) -> io::Result<()> {
    patiently(clock, || fs::rename(from, to)).await
}

/// Windows refuses to rename a folder while anything in it is open, and a scanner for viruses opens new files for a
/// moment: what is refused is tried again, for three seconds at most.
async fn patiently(clock: &dyn Clock, mut action: impl FnMut() -> io::Result<()>) -> io::Result<()> {
    for pause in RENAME_PAUSES_MS.map(Duration::from_millis) {
        match action() {
            Err(cause) if cause.kind() == io::ErrorKind::PermissionDenied => {
                clock.sleep_until(clock.now().after(pause)).await;
            }
            ended => return ended,
        }
    }
    action()
}

fn lock(parent: &Path) -> anyhow::Result<File> {
    let path = parent.join(LOCK);
    // Not emptied: on Windows that fails where another process holds the lock.
    let options = File::options().write(true).create(true).truncate(false).open(&path);
    let file = options.map_err(|cause| unusable(&path, cause))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            let message = format!("another demo is at work in {}", parent.display());
            Err(Fault::failed(message, "wait until it is done, or use another folder: --data-dir DIR").into())
        }
        Err(TryLockError::Error(cause)) => Err(unusable(&path, cause)),
    }
}

/// A folder that is not there, or holds nothing but a run's files.
fn check_ours(folder: &Path) -> anyhow::Result<()> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(cause) => return Err(unusable(folder, cause)),
    };
    for entry in entries {
        let entry = entry.map_err(|cause| unusable(folder, cause))?;
        let name = entry.file_name();
        let known = name.to_str().is_some_and(|name| KNOWN.iter().any(|known| name.starts_with(known)));
        if !known || entry.path().is_dir() {
            let message = format!("{} holds what is not a demo's: {}", folder.display(), name.display());
            return Err(Fault::failed(message, "move it away, or use another folder: --data-dir DIR").into());
        }
    }
    Ok(())
}

fn remove(folder: &Path) -> anyhow::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(unusable(folder, cause)),
        _ => Ok(()),
    }
}

fn unusable(path: &Path, cause: io::Error) -> anyhow::Error {
    let message = format!("{} cannot be used", path.display());
    let advice = "look at its permissions and free space, or use another folder: --data-dir DIR";
    Fault::failed(message, advice).because(cause).into()
}

/// How large a file is, in bytes.
pub(crate) fn size_of(path: &Path) -> anyhow::Result<u64> {
    fs::metadata(path)
        .map(|file| file.len())
        .with_context(|| format!("{} cannot be measured", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::executor::block_on;
    use tradeport_kernel::Timestamp;
    use tradeport_memory::VirtualClock;

    /// A clock on which waiting takes no time.
    struct Hasty(VirtualClock);

    #[async_trait::async_trait]
    impl Clock for Hasty {
        fn now(&self) -> Timestamp {
            self.0.now()
        }

        async fn sleep_until(&self, deadline: Timestamp) {
            self.0.advance_to(deadline);
        }
    }

    fn clock() -> Hasty {
        Hasty(VirtualClock::new(Timestamp::EPOCH))
    }

    fn run(parent: &Path, text: &str) {
        let folder = RunFolder::begin(parent).unwrap();
        fs::write(folder.working().join("orders.db"), text).unwrap();
        block_on(folder.finish(&clock())).unwrap();
    }

    #[test]
    fn what_is_refused_for_a_moment_is_tried_again_and_anything_else_is_not() {
        let tried = |kind: io::ErrorKind, failures: usize| {
            let (clock, mut times) = (clock(), 0);
            let ended = block_on(patiently(&clock, || {
                times += 1;
                if times <= failures { Err(kind.into()) } else { Ok(()) }
            }));
            (ended.is_ok(), times, clock.now().since(Timestamp::EPOCH))
        };
        let most = Duration::from_millis(RENAME_PAUSES_MS.iter().sum());
        assert_eq!(tried(io::ErrorKind::PermissionDenied, 0), (true, 1, Duration::ZERO));
        assert_eq!(tried(io::ErrorKind::PermissionDenied, 5), (true, 6, most));
        assert_eq!(tried(io::ErrorKind::PermissionDenied, 6), (false, 6, most));
        assert_eq!(tried(io::ErrorKind::NotFound, 1), (false, 1, Duration::ZERO));
        assert_eq!(most, Duration::from_secs(3));
    }

    #[test]
    fn a_run_that_cannot_be_put_in_place_leaves_the_one_before() {
        let parent = tempfile::tempdir().unwrap();
        run(parent.path(), "one");
        let folder = RunFolder::begin(parent.path()).unwrap();
        fs::remove_dir(folder.working()).unwrap();
        let error = block_on(folder.finish(&clock())).unwrap_err().to_string();
        assert!(error.contains("demo.unfinished"), "{error}");
        assert_eq!(fs::read_to_string(parent.path().join("demo/orders.db")).unwrap(), "one");
        assert!(!parent.path().join("demo.replaced").exists());
    }

    #[test]
    fn a_finished_run_replaces_the_one_before_and_nothing_else_stays() {
        let parent = tempfile::tempdir().unwrap();
        run(parent.path(), "one");
        run(parent.path(), "two");
        assert_eq!(fs::read_to_string(parent.path().join("demo/orders.db")).unwrap(), "two");
        let mut names: Vec<_> =
            fs::read_dir(parent.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["demo", "demo.lock"]);
    }

    #[test]
    fn an_unfinished_run_leaves_the_finished_one_alone_and_stays_until_the_next() {
        let parent = tempfile::tempdir().unwrap();
        run(parent.path(), "one");
        let folder = RunFolder::begin(parent.path()).unwrap();
        assert!(folder.replaces_a_run());
        fs::write(folder.working().join("market.db-wal"), "half").unwrap();
        drop(folder);
        assert_eq!(fs::read_to_string(parent.path().join("demo/orders.db")).unwrap(), "one");
        assert!(parent.path().join("demo.unfinished/market.db-wal").exists());
        run(parent.path(), "two");
        assert!(!parent.path().join("demo.unfinished").exists());
    }

    #[test]
    fn two_runs_at_once_and_foreign_files_are_refused() {
        let parent = tempfile::tempdir().unwrap();
        let first = RunFolder::begin(parent.path()).unwrap();
        let error = RunFolder::begin(parent.path()).err().unwrap().to_string();
        assert!(error.contains("another demo"), "{error}");
        drop(first);
        fs::create_dir(parent.path().join("demo")).unwrap();
        fs::write(parent.path().join("demo/thesis.txt"), "years of work").unwrap();
        let error = RunFolder::begin(parent.path()).err().unwrap().to_string();
        assert!(error.contains("thesis.txt"), "{error}");
        assert!(parent.path().join("demo/thesis.txt").exists());
    }
}
