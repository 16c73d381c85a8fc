//! Files that are whole at every moment and durable once they are written: beside, synced, renamed, and the folder synced.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

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
    fs::rename(&beside, path)?;
    path.parent().map_or(Ok(()), sync_folder)
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
    fn where_there_is_no_folder_nothing_is_written() {
        let folder = tempfile::tempdir().unwrap();
        assert!(replace_file(&folder.path().join("gone").join("kept"), &[b"one"]).is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
