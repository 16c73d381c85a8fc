//! Texts by their path: what should be committed, and what is.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// Texts by path from the root of the workspace, with `/` between the parts.
#[derive(Debug, Default)]
pub(super) struct Files(BTreeMap<String, String>);

impl Files {
    /// The tables of a folder, and single files; those that do not exist are left out.
    pub(super) fn committed(root: &Path, folder: &str, single: &[&str]) -> Result<Self> {
        let mut files = Self::default();
        let there = root.join(folder);
        if there.exists() {
            for entry in
                fs::read_dir(&there).with_context(|| format!("could not list {}", there.display()))?
            {
                let path = entry?.path();
                let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
                if name.ends_with(".txt") {
                    files.insert(format!("{folder}/{name}"), read(&path)?);
                }
            }
        }
        for path in single {
            if root.join(path).exists() {
                files.insert((*path).to_owned(), read(&root.join(path))?);
            }
        }
        Ok(files)
    }

    pub(super) fn insert(&mut self, path: String, text: String) {
        self.0.insert(path, text);
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Paths whose text is another one, or that only one of the two has.
    pub(super) fn differing(&self, other: &Self) -> Vec<String> {
        let mine = self.0.iter().filter(|(path, text)| other.0.get(*path) != Some(text));
        let theirs = other.0.keys().filter(|path| !self.0.contains_key(*path));
        mine.map(|(path, _)| path).chain(theirs).cloned().collect()
    }

    /// Writes what differs from `kept`, and removes what is no longer made.
    pub(super) fn write(&self, root: &Path, kept: &Self) -> Result<()> {
        for path in self.differing(kept) {
            let file = root.join(&path);
            let Some(text) = self.0.get(&path) else {
                fs::remove_file(&file).with_context(|| format!("could not remove {path}"))?;
                continue;
            };
            let folder = file.parent().context("a file lies in a folder")?;
            fs::create_dir_all(folder).with_context(|| format!("could not create {}", folder.display()))?;
            fs::write(&file, text).with_context(|| format!("could not write {path}"))?;
        }
        Ok(())
    }
}

/// A text with the line ends that it was written with.
pub(super) fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("could not read {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(entries: &[(&str, &str)]) -> Files {
        Files(entries.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect())
    }

    #[test]
    fn what_changed_what_is_new_and_what_is_gone_differ() {
        let fresh = files(&[("a", "1"), ("b", "2"), ("c", "3")]);
        let kept = files(&[("a", "1"), ("b", "0"), ("d", "4")]);
        assert_eq!(fresh.differing(&kept), ["b", "c", "d"]);
        assert!(fresh.differing(&fresh).is_empty());
    }
}
