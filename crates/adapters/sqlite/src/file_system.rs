//! Whether SQLite can work where a file is to lie: not on a network, where its locks and its shared memory do not hold.
//!
//! Linux says of what kind a file system is. Elsewhere only what a path itself says is known (Windows' `\\server\share`),
//! and a drive that stands for a share is not recognised; there SQLite's own refusal of a write-ahead log is all there is.

use crate::OpenError;
use std::path::{Path, PathBuf};

/// The file that lies beside another, and has its name with an ending.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Refuses a folder on a network.
pub(crate) fn check_local(folder: &Path, path: &Path) -> Result<(), OpenError> {
    match network(folder) {
        Some(kind) => Err(OpenError::OnANetwork { path: path.to_owned(), kind }),
        None => Ok(()),
    }
}

/// What kind of network the folder is on; `None` when it is on none, or when that cannot be known.
#[cfg(target_os = "linux")]
fn network(folder: &Path) -> Option<&'static str> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    match rustix::fs::statfs(folder) {
        // Its width differs from machine to machine; the marks themselves have 32 bits.
        Ok(told) => u32::try_from(told.f_type).ok().or_else(|| low_bits(told.f_type)).and_then(network_of),
        Err(error) => {
            tracing::debug!(%error, folder = %folder.display(), "the kind of a file system is not known");
            None
        }
    }
}

/// A mark whose highest bit was taken for a sign.
#[cfg(target_os = "linux")]
fn low_bits(mark: impl TryInto<i64>) -> Option<u32> {
    let mark: i64 = mark.try_into().ok()?;
    u32::try_from(mark & 0xFFFF_FFFF).ok()
}

#[cfg(windows)]
fn network(folder: &Path) -> Option<&'static str> {
    use std::path::{Component, Prefix};
    match folder.components().next() {
        Some(Component::Prefix(it)) if matches!(it.kind(), Prefix::UNC(..) | Prefix::VerbatimUNC(..)) => {
            Some("a share of another machine")
        }
        _ => None,
    }
}

#[cfg(not(any(target_os = "linux", windows)))]
const fn network(_: &Path) -> Option<&'static str> {
    None
}

/// By the marks of `statfs(2)`. What runs in user space (FUSE) may be anything, and is not refused.
#[cfg(target_os = "linux")]
const fn network_of(mark: u32) -> Option<&'static str> {
    Some(match mark {
        0x0000_6969 => "NFS",
        0x0000_517B | 0xFE53_4D42 | 0xFF53_4D42 => "SMB",
        0x0102_1997 => "9P",
        0x00C3_6400 => "Ceph",
        0x0BD0_0BD0 => "Lustre",
        0x0116_1970 => "GFS2",
        0x7461_636F => "OCFS2",
        0x5346_414F | 0x6B41_4653 => "AFS",
        0x7375_7245 => "Coda",
        _ => return None,
    })
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn scenario_db_06_a_folder_on_a_network_is_refused_and_one_of_this_machine_is_not() {
        for (mark, kind) in
            [(0x6969, "NFS"), (0xFF53_4D42, "SMB"), (0x0102_1997, "9P"), (0x00C3_6400, "Ceph")]
        {
            assert_eq!(network_of(mark), Some(kind));
        }
        // ext4, tmpfs, btrfs, xfs, zfs, overlay, FUSE.
        for mark in [0xEF53, 0x0102_1994, 0x9123_683E, 0x5846_5342, 0x2FC1_2FC1, 0x794C_7630, 0x6573_5546] {
            assert_eq!(network_of(mark), None, "{mark:#x}");
        }
        assert_eq!(low_bits(-11_317_950_i64), Some(0xFF53_4D42), "where the mark is a number with a sign");
        let folder = tempfile::tempdir().unwrap();
        assert!(check_local(folder.path(), &folder.path().join("a.db")).is_ok());
        assert!(check_local(Path::new(""), Path::new("a.db")).is_ok(), "the folder that we are in");
        let refused = OpenError::OnANetwork { path: "/mnt/a.db".into(), kind: "NFS" }.to_string();
        assert!(refused.contains("/mnt/a.db") && refused.contains("NFS"), "{refused}");
    }
}
