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

const FINISHED: &str = "demo";
const UNFINISHED: &str = "demo.unfinished";
const REPLACED: &str = "demo.replaced";
const LOCK: &str = "demo.lock";
const REPORT: &str = "report.html";
/// What the files of a run begin with; the last is left by commands that look at a run.
const KNOWN: [&str; 4] = ["orders.db", "market.db", REPORT, "fake-broker"];

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

    /// Puts this run in the place of the one before. No file of it may be open any more.
    pub(crate) fn finish(self) -> anyhow::Result<()> {
        let (finished, replaced) = (self.finished(), self.parent.join(REPLACED));
        if self.replaces {
            fs::rename(&finished, &replaced).map_err(|cause| unusable(&finished, cause))?;
        }
        fs::rename(self.working(), &finished).map_err(|cause| unusable(&finished, cause))?;
        remove(&replaced)
    }
}

fn lock(parent: &Path) -> anyhow::Result<File> {
    let path = parent.join(LOCK);
    let file = File::create(&path).map_err(|cause| unusable(&path, cause))?;
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

    fn run(parent: &Path, text: &str) {
        let folder = RunFolder::begin(parent).unwrap();
        fs::write(folder.working().join("orders.db"), text).unwrap();
        folder.finish().unwrap();
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
