//! How far an orders file has come, in a small file beside it: one that has forgotten something is noticed.
//!
//! A file that is deleted, emptied, overwritten with an older copy, or that loses its write-ahead log looks like any other that
//! is a little younger. The journal is where a key is known to have been used, so whoever went on with it would place the
//! same order again. So nobody does: the file is refused until a person has put it back, or has taken the high-water mark away.
//!
//! The mark is one line of a fixed length, written over in place after each commit and before anybody is told of it. It waits
//! for no disk, which costs microseconds: a process that dies leaves it as it is, and after a power cut it may be behind the
//! file, which its commits were synced to, and is never ahead of it. A mark that cannot be written stops no order.
//!
//! An audit log that is not what it was stops nobody either, as anywhere else: it is told, what it had been stays in the mark, and
//! whoever verifies the log finds it.

use crate::OpenError;
use crate::connection::LOG;
use crate::error::{store_error, unreadable};
use crate::file_system::beside;
use crate::order_journal::last_sequence;
use crate::schema::{audit, audit_head};
use diesel::prelude::*;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use tradeport_kernel::{StoreError, fnv1a};
use tradeport_trading::audit::{AuditHead, ChainHash};

const ENDING: &str = ".high-water";
/// `journal`, `audit`, their numbers, the hash, the sum, and what separates them.
const LINE_BYTES: usize = 8 + 20 + 7 + 20 + 1 + 64 + 1 + 16 + 1;
/// Somebody may be writing it over: what was read is then half of each.
const TRIES: usize = 3;

/// How far a file has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Extent {
    /// The journal's last record.
    pub(crate) journal: u64,
    /// Where the audit log ends.
    pub(crate) audit: AuditHead,
}

/// What a writing thread remembers of its file's content, thrown away with every transaction that is undone.
pub(crate) trait Remembered: Default {
    /// The journal's last record, and where the audit log ends, as far as they were written since.
    fn reached(&self) -> (Option<u64>, Option<AuditHead>);
}

/// Files of tests, of which nobody notes how far they come.
#[cfg(test)]
impl Remembered for () {
    fn reached(&self) -> (Option<u64>, Option<AuditHead>) {
        (None, None)
    }
}

/// The mark of one file, as its writer moves it.
pub(crate) struct HighWater {
    path: PathBuf,
    file: Option<File>,
    extent: Extent,
    /// The log is not what the mark says it was: that stays in it.
    is_contradicted: bool,
}

impl Extent {
    fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    fn line(&self) -> String {
        let Self { journal, audit } = self;
        let text = format!("journal {journal:020} audit {:020} {} ", audit.sequence, audit.hash);
        let sum = fnv1a(text.bytes());
        format!("{text}{sum:016x}\n")
    }

    fn of_line(line: &str) -> Option<Self> {
        let mut words = line.split_ascii_whitespace();
        let mut after = |name: &str| words.next().filter(|word| *word == name).and_then(|_| words.next());
        let journal = after("journal")?.parse().ok()?;
        let sequence = after("audit")?.parse().ok()?;
        let hash = words.next()?.parse().ok()?;
        let extent = Self { journal, audit: AuditHead { sequence, hash } };
        (extent.line() == line).then_some(extent)
    }

    /// How far a file has come.
    fn of(connection: &mut SqliteConnection) -> Result<Self, StoreError> {
        let journal = last_sequence(connection)?.unwrap_or(0);
        let row = audit_head::table.select((audit_head::sequence, audit_head::hash));
        let head: Option<(i64, Vec<u8>)> = row.first(connection).optional().map_err(store_error)?;
        let head = head.and_then(|(sequence, hash)| {
            let hash = ChainHash::from_bytes(hash.try_into().ok()?);
            Some(AuditHead { sequence: u64::try_from(sequence).ok()?, hash })
        });
        let journal = u64::try_from(journal).map_err(unreadable)?;
        // A head that says nothing is told by whoever verifies the log.
        Ok(Self { journal, audit: head.unwrap_or_default() })
    }
}

/// Where the mark of a database lies.
pub(crate) fn beside_database(database: &Path) -> PathBuf {
    beside(database, ENDING)
}

/// What the mark beside a file says, once that file may not be opened as if it were new: it is gone or empty, and had held
/// something.
pub(crate) fn noted(database: &Path) -> Result<Option<Extent>, OpenError> {
    let mark = beside_database(database);
    let is_there = std::fs::metadata(database).is_ok_and(|file| file.len() > 0);
    let said = read(&mark);
    if is_there {
        return Ok(said.unwrap_or_else(|problem| {
            tracing::warn!(?mark, %problem, "how far the database had come is not known");
            None
        }));
    }
    let forgot = |records, mark| OpenError::Forgot {
        path: database.to_owned(),
        state: if database.exists() { "is empty" } else { "is gone" }.to_owned(),
        records,
        mark,
    };
    match said {
        Ok(Some(extent)) if !extent.is_nothing() => Err(forgot(records(&extent), mark)),
        Err(problem) => Err(forgot(format!("what nobody can tell ({problem})"), mark)),
        Ok(_) => {
            let log = beside(database, LOG);
            match std::fs::metadata(&log) {
                Ok(left) if left.len() > 0 => Err(forgot("what its write-ahead log still holds".into(), log)),
                _ => Ok(None),
            }
        }
    }
}

fn records(extent: &Extent) -> String {
    let (journal, audit) = (extent.journal, extent.audit.sequence);
    format!("{journal} records of the journal and {audit} of the audit log")
}

/// Refuses a file that holds less than it had.
pub(crate) fn check(
    connection: &mut SqliteConnection,
    database: &Path,
    noted: Option<&Extent>,
) -> Result<Extent, OpenError> {
    let now = Extent::of(connection).map_err(|error| OpenError::at(database, error))?;
    match noted {
        Some(noted) if noted.journal > now.journal => Err(OpenError::Forgot {
            path: database.to_owned(),
            state: format!("ends at record {} of the journal", now.journal),
            records: records(noted),
            mark: beside_database(database),
        }),
        _ => Ok(now),
    }
}

/// Does the log still hold what it held at this head?
pub(crate) fn holds(connection: &mut SqliteConnection, head: &AuditHead) -> Result<bool, StoreError> {
    if head.sequence == 0 {
        return Ok(true);
    }
    let sequence = i64::try_from(head.sequence).map_err(unreadable)?;
    let kept: Option<Vec<u8>> =
        audit::table.find(sequence).select(audit::hash).first(connection).optional().map_err(store_error)?;
    Ok(kept.is_some_and(|hash| hash == head.hash.as_bytes()))
}

impl HighWater {
    /// Goes on from where the file is now, which is not behind what was noted.
    pub(crate) fn go_on(
        connection: &mut SqliteConnection,
        database: &Path,
        noted: Option<Extent>,
        now: Extent,
    ) -> Result<Self, OpenError> {
        let before = noted.unwrap_or_default().audit;
        let still_there = holds(connection, &before).map_err(|error| OpenError::at(database, error))?;
        let is_whole = still_there && now.audit.sequence >= before.sequence;
        let audit = if is_whole { now.audit } else { before };
        if !is_whole {
            tracing::error!(
                record = before.sequence,
                "the audit log is not what it was: tradeport audit verify"
            );
        }
        let (path, extent) = (beside_database(database), Extent { audit, ..now });
        let mut mark = Self { path, file: None, extent, is_contradicted: !is_whole };
        mark.begin();
        Ok(mark)
    }

    /// After a commit: notes how far it came.
    pub(crate) fn committed(&mut self, (journal, audit): (Option<u64>, Option<AuditHead>)) {
        let before = self.extent;
        if let Some(journal) = journal {
            self.extent.journal = journal;
        }
        if let Some(audit) = audit.filter(|_| !self.is_contradicted) {
            self.extent.audit = audit;
        }
        if self.extent != before {
            self.write();
        }
    }

    /// The file is made so that what is in it now is on the disk; from then on it keeps its length.
    fn begin(&mut self) {
        let line = self.extent.line();
        let made = OpenOptions::new().write(true).create(true).truncate(false).open(&self.path).and_then(
            |mut file| {
                file.write_all(line.as_bytes())?;
                file.set_len(LINE_BYTES as u64)?;
                file.sync_all()?;
                Ok(file)
            },
        );
        match made {
            Ok(file) => self.file = Some(file),
            Err(error) => self.failed(&error),
        }
    }

    fn write(&mut self) {
        let Some(file) = &mut self.file else { return };
        let line = self.extent.line();
        let written = file.seek(SeekFrom::Start(0)).and_then(|_| file.write_all(line.as_bytes()));
        if let Err(error) = written {
            self.failed(&error);
        }
    }

    /// It is behind from now on, which harms nobody.
    fn failed(&mut self, error: &io::Error) {
        self.file = None;
        tracing::warn!(mark = %self.path.display(), %error, "how far the database has come is not noted any more");
    }
}

/// What the mark says; `None` where there is none.
fn read(mark: &Path) -> Result<Option<Extent>, String> {
    for _ in 0..TRIES {
        let mut line = String::new();
        let read =
            File::open(mark).and_then(|file| file.take(LINE_BYTES as u64 + 1).read_to_string(&mut line));
        match read {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.to_string()),
        }
        if let Some(extent) = Extent::of_line(&line) {
            return Ok(Some(extent));
        }
    }
    Err("it makes no sense".to_owned())
}
