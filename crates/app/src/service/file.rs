//! The service's files beside the databases: how it does, and a lock that says whether it lives.
//!
//! The report is written beside and renamed, so that there is a whole one at every moment; it need not survive a crash of
//! the machine, so nothing waits for the disk.

use super::report::{FORMAT, StatusReport};
use crate::Session;
use crate::fault::{Fault, on_file};
use crate::wiring::{Tried, once_free};
use anyhow::Context;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use tradeport_files::{NotRead, read_file, rename_over};

const REPORT: &str = "service-status.json";
const LOCK: &str = "service.lock";
/// A report is a few thousand bytes; whatever is larger is another file.
const LARGEST: u64 = 1 << 20;

/// Held by the service of a folder for as long as it lives.
#[derive(Debug)]
pub struct ServiceLock {
    _file: File,
}

impl ServiceLock {
    /// Takes it, once nobody looks at it. Errors: another service lives in this folder.
    pub(crate) async fn take(folder: &Path, session: &Session) -> anyhow::Result<Self> {
        once_free("the lock of a service", session, || Self::try_take(folder)).await
    }

    /// Takes it. Errors: another service lives in this folder, or it cannot be written. Somebody who only looks whether one
    /// does is [`Tried::Busy`]: whoever looks has the lock for a moment, together with all who look.
    pub(crate) fn try_take(folder: &Path) -> anyhow::Result<Tried<Self>> {
        let unwritable = |message: String, error: io::Error| {
            let unknown = "make the folder and its files writable, or use another: --data-dir DIR";
            let advice = on_file(&error).unwrap_or(unknown);
            Fault::failed(message, advice).because(error)
        };
        fs::create_dir_all(folder)
            .map_err(|error| unwritable(format!("the folder {} cannot be made", folder.display()), error))?;
        let path = folder.join(LOCK);
        let file = File::create(&path)
            .map_err(|error| unwritable(format!("{} cannot be written", path.display()), error))?;
        match file.try_lock() {
            Ok(()) => Ok(Tried::Got(Self { _file: file })),
            Err(TryLockError::WouldBlock) => {
                let message = format!("a service runs in {} already", folder.display());
                let advice = "tradeport status shows it; stop it, or use another folder: --data-dir DIR";
                let error = Fault::failed(message, advice).into();
                if Self::is_held(folder) { Err(error) } else { Ok(Tried::Busy(error)) }
            }
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("{} cannot be locked", path.display()))
            }
        }
    }

    /// Does a service live in this folder?
    #[must_use]
    pub fn is_held(folder: &Path) -> bool {
        let Ok(file) = File::open(folder.join(LOCK)) else { return false };
        // Shared, so that several may look at once.
        matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
    }
}

/// Where reports are written.
#[derive(Clone, Debug)]
pub struct ReportFile {
    path: PathBuf,
}

impl ReportFile {
    /// In this folder.
    #[must_use]
    pub fn within(folder: &Path) -> Self {
        Self { path: folder.join(REPORT) }
    }

    /// Replaces the report. A reader sees the old one or the new one.
    pub fn write(&self, report: &StatusReport) -> io::Result<()> {
        let beside = self.path.with_extension("json.new");
        fs::write(&beside, serde_json::to_vec(report).map_err(io::Error::other)?)?;
        // The guard and whoever asks for the status have it open now and then.
        rename_over(&beside, &self.path)
    }

    /// The last report; `None` where none was ever written.
    pub fn read(&self) -> anyhow::Result<Option<StatusReport>> {
        let shown = self.path.display();
        let text = match read_file(&self.path, LARGEST) {
            Ok(Some(text)) => text,
            Ok(None) => return Ok(None),
            Err(NotRead::TooLarge) => anyhow::bail!("{shown} is too large to be a report"),
            Err(NotRead::Io(error)) => return Err(error).with_context(|| format!("{shown} cannot be read")),
        };
        let damaged =
            || Fault::failed(format!("{shown} is not a report of this version"), "start the service anew");
        let report: StatusReport = serde_json::from_slice(&text).map_err(|error| damaged().because(error))?;
        if report.format == FORMAT { Ok(Some(report)) } else { Err(damaged().into()) }
    }
}
