//! Small files that are whole at every moment and durable once they are written: beside, synced, renamed, and the folder
//! synced. They are read with a bound, whatever somebody has put in their place.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;
use std::time::Duration;
use tradeport_kernel::{Cause, StoreError};

/// Why a small file was not read.
#[derive(Debug, thiserror::Error)]
pub enum NotRead {
    /// It is something else.
    #[error("it is too large")]
    TooLarge,
    /// The system says why.
    #[error("{0}")]
    Io(#[from] io::Error),
}

/// The whole of a file of at most so many bytes; `None` when it is not there.
pub fn read_file(path: &Path, largest: u64) -> Result<Option<Vec<u8>>, NotRead> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let mut text = Vec::new();
    file.take(largest.saturating_add(1)).read_to_end(&mut text)?;
    if text.len() as u64 > largest { Err(NotRead::TooLarge) } else { Ok(Some(text)) }
}

/// What a store says of an error of the system, in these words.
pub(crate) fn store_error(kind: io::ErrorKind, words: Cause) -> StoreError {
    match kind {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::Full(words),
        io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => StoreError::ReadOnly(words),
        _ => StoreError::Unavailable(words),
    }
}

/// Puts a file in the place of the one before. Whoever reads it finds the old one whole, or the new one; after a power cut
/// the new one is there if this has returned. One at a time may write it.
pub fn replace_file(path: &Path, parts: &[&[u8]]) -> io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let mut file = File::create(&beside)?;
    for part in parts {
        file.write_all(part)?;
    }
    file.sync_all()?;
    drop(file);
    rename_over(Path::new(&beside), path)?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// So often a file is put in the place of one that somebody reads.
const TRIES: usize = 6;
/// A small file is read in less.
const PAUSE: Duration = Duration::from_millis(5);

/// Renames a file over the one before. Where somebody has that one open, Windows refuses it: it is tried again for a moment.
pub fn rename_over(beside: &Path, path: &Path) -> io::Result<()> {
    #[expect(
        clippy::disallowed_methods,
        reason = "a reader of the system's is waited for, which knows no clock of ours"
    )]
    again_while_read(|| fs::rename(beside, path), || std::thread::sleep(PAUSE))
}

fn again_while_read(mut rename: impl FnMut() -> io::Result<()>, mut pause: impl FnMut()) -> io::Result<()> {
    for _ in 1..TRIES {
        match rename() {
            Err(error) if is_read(&error) => pause(),
            ended => return ended,
        }
    }
    rename()
}

/// What Windows says of a file that somebody has open: access denied, or a sharing violation.
fn is_read(error: &io::Error) -> bool {
    const SHARING_VIOLATION: i32 = 32;
    let shared = cfg!(windows) && error.raw_os_error() == Some(SHARING_VIOLATION);
    shared || error.kind() == io::ErrorKind::PermissionDenied
}

/// A new name is durable once its folder is.
#[cfg(unix)]
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Elsewhere a folder cannot be opened, and its entries are durable by themselves.
#[cfg(not(unix))]
pub(crate) fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_new_one_takes_the_place_of_the_old_one_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kept.json");
        replace_file(&path, &[b"one"]).unwrap();
        replace_file(&path, &[b"t", b"wo"]).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_is_read_is_replaced_a_moment_later() {
        let denied = || Err(io::Error::from(io::ErrorKind::PermissionDenied));
        let (mut tries, mut pauses) = (0, 0);
        let mut after = |refusals: usize| {
            (tries, pauses) = (0, 0);
            let rename = || {
                tries += 1;
                if tries <= refusals { denied() } else { Ok(()) }
            };
            let ended = again_while_read(rename, || pauses += 1);
            (ended.is_ok(), tries, pauses)
        };
        assert_eq!(after(0), (true, 1, 0));
        assert_eq!(after(5), (true, 6, 5));
        assert_eq!(after(99), (false, 6, 5), "it gives up, and says why");
        let gone =
            again_while_read(|| Err(io::ErrorKind::NotFound.into()), || panic!("there is no use in it"));
        assert_eq!(gone.unwrap_err().kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn what_is_too_large_is_not_read_and_what_is_not_there_is_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kept.json");
        assert!(read_file(&path, 3).unwrap().is_none());
        fs::write(&path, b"one").unwrap();
        assert_eq!(read_file(&path, 3).unwrap().as_deref(), Some(&b"one"[..]));
        assert!(matches!(read_file(&path, 2), Err(NotRead::TooLarge)));
    }

    #[test]
    fn where_there_is_no_folder_nothing_is_written() {
        let folder = tempfile::tempdir().unwrap();
        assert!(replace_file(&folder.path().join("gone").join("kept"), &[b"one"]).is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
