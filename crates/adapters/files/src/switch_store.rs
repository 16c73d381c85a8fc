//! [`SwitchStore`] as a latch: a file that is there while the switch is killed.
//!
//! That it is there is what kills; what stands in it only tells who, when and why. So a file that is empty, torn or
//! written by another version kills as well, and the usual look, at a file that is not there, costs no more than asking
//! for it. A kill waits for no lock: the process that holds one may hang. Resumes take a lock, so that one of them
//! cannot undo a kill that came after another.
//!
//! Left out: telling anybody. Whoever follows the switch looks again.

use crate::durable::{self, NotRead, read_file, rename_over, sync_folder};
use async_trait::async_trait;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use tradeport_kernel::{Cause, StoreError, Timestamp};
use tradeport_risk::{Kill, Resume, ResumeError, Switch, SwitchReason, SwitchStore};

const LATCH: &str = "kill-switch.json";
const RESUMED: &str = "kill-switch-resumed.json";
const LOCK: &str = "kill-switch.lock";
/// A kill is a few hundred bytes; whatever is larger is something else.
const LARGEST: u64 = 1 << 18;

/// Tells names of files apart that one process writes.
static WRITTEN: AtomicU32 = AtomicU32::new(0);

/// The kill switch of a folder.
#[derive(Clone, Debug)]
pub struct FileSwitch {
    folder: PathBuf,
}

/// What kept the switch from being read.
#[derive(Debug, thiserror::Error)]
enum Unreadable {
    #[error("the folder of the switch is not there")]
    NoFolder,
    #[error(transparent)]
    File(#[from] NotRead),
    #[error("it does not say what it should: {0}")]
    Words(#[from] serde_json::Error),
}

impl FileSwitch {
    /// The switch of this folder, which is made when it is not there. Errors: it cannot be made.
    pub fn open(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        Ok(Self { folder: folder.to_owned() })
    }

    /// The file that is there while the switch is killed: making it, empty even, kills.
    #[must_use]
    pub fn latch(&self) -> PathBuf {
        self.folder.join(LATCH)
    }

    fn see(&self) -> Switch {
        match self.read_latch() {
            Ok(None) => Switch::Open,
            Ok(Some(kill)) => Switch::Killed(kill),
            Err(error) => Switch::Killed(self.unreadable(&error)),
        }
    }

    fn read_latch(&self) -> Result<Option<Kill>, Unreadable> {
        match read_file(&self.latch(), LARGEST)? {
            Some(text) => Ok(Some(serde_json::from_slice(&text)?)),
            // A folder that is gone may have held a latch.
            None if self.folder.is_dir() => Ok(None),
            None => Err(Unreadable::NoFolder),
        }
    }

    /// What stands for a latch that says nothing: alike at each look.
    fn unreadable(&self, error: &Unreadable) -> Kill {
        let modified = fs::metadata(self.latch()).and_then(|found| found.modified()).ok();
        let since = modified.and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
        Kill {
            at: since.map_or(Timestamp::EPOCH, |since| Timestamp::EPOCH.after(since)),
            by: "whoever made the file".to_owned(),
            reason: SwitchReason::of_words(&format!("{} cannot be read: {error}", self.latch().display())),
        }
    }

    /// Makes the latch, whole and durable. One that is there already stays.
    fn latch_down(&self, kill: &Kill) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let words = serde_json::to_vec_pretty(kill).map_err(io::Error::other)?;
        let linked = self.write_beside(&words).and_then(|beside| {
            let linked = fs::hard_link(&beside, self.latch());
            fs::remove_file(&beside).unwrap_or_default();
            linked
        });
        match linked {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            // A file system without links, or without room: what it says may be lost, that it is there may not.
            Err(_) => make(&self.latch(), &words)?,
        }
        sync_folder(&self.folder)
    }

    fn write_beside(&self, words: &[u8]) -> io::Result<PathBuf> {
        let number = WRITTEN.fetch_add(1, Ordering::Relaxed);
        let beside = self.folder.join(format!("kill-switch.{}-{number}.new", std::process::id()));
        let written = File::create(&beside).and_then(|mut file| {
            file.write_all(words)?;
            file.sync_all()
        });
        match written {
            Ok(()) => Ok(beside),
            Err(error) => {
                fs::remove_file(&beside).unwrap_or_default();
                Err(error)
            }
        }
    }

    /// Takes the latch away, once it is kept who did.
    fn lift(&self, resume: &Resume) -> Result<(), ResumeError> {
        let lock = File::create(self.folder.join(LOCK)).map_err(store_error)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let cause: Cause = "somebody else resumes it just now".into();
                return Err(StoreError::Unavailable(cause).into());
            }
            Err(TryLockError::Error(error)) => return Err(store_error(error).into()),
        }
        self.see().resumed(resume)?;
        let words = serde_json::to_vec_pretty(resume).map_err(io::Error::other).map_err(store_error)?;
        let beside = self.write_beside(&words).map_err(store_error)?;
        rename_over(&beside, &self.folder.join(RESUMED)).map_err(store_error)?;
        fs::remove_file(self.latch()).map_err(store_error)?;
        Ok(sync_folder(&self.folder).map_err(store_error)?)
    }
}

/// A latch in its place, unless there is one: its name first, its words as far as they go.
fn make(latch: &Path, words: &[u8]) -> io::Result<()> {
    let mut file = match OpenOptions::new().write(true).create_new(true).open(latch) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(()),
        Err(error) => return Err(error),
    };
    // An empty latch kills as well.
    file.write_all(words).and_then(|()| file.sync_all()).unwrap_or_default();
    Ok(())
}

fn store_error(error: io::Error) -> StoreError {
    durable::store_error(error.kind(), Box::new(error))
}

#[async_trait]
impl SwitchStore for FileSwitch {
    async fn look(&self) -> Switch {
        self.see()
    }

    async fn kill(&self, kill: &Kill) -> Result<Kill, StoreError> {
        self.latch_down(kill).map_err(store_error)?;
        // Somebody may have lifted it again by now: that came after.
        Ok(self.see().kill().unwrap_or(kill).clone())
    }

    async fn resume(&self, resume: &Resume) -> Result<(), ResumeError> {
        self.lift(resume)
    }

    async fn last_resume(&self) -> Result<Option<Resume>, StoreError> {
        let text = read_file(&self.folder.join(RESUMED), LARGEST).map_err(|error| match error {
            NotRead::Io(error) => store_error(error),
            other => StoreError::Corrupt(Box::new(other)),
        })?;
        let parsed = text.map(|text| serde_json::from_slice(&text)).transpose();
        parsed.map_err(|error| StoreError::Corrupt(Box::new(error)))
    }
}
