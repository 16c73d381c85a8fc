//! How a command asks the service of a folder, and is answered: each wish and each answer is a file of its own beside the
//! databases, so that nobody's takes the place of another's.

use super::{ReconcileReport, Wish};
use crate::asking::Told;
use crate::fault::Fault;
use anyhow::Context;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use tradeport_files::{NotRead, read_file, replace_file};

const ASKED: &str = "reconcile-asked-";
const ANSWERED: &str = "reconcile-answered-";
/// Many thousand breaks; whatever is larger is something else.
const LARGEST: u64 = 16 * 1024 * 1024;

/// A service's answer.
#[derive(Serialize, Deserialize)]
struct Answer {
    report: Result<ReconcileReport, Told>,
}

/// Asks the service of a folder.
pub fn ask(folder: &Path, wish: &Wish) -> anyhow::Result<()> {
    let words = serde_json::to_vec(wish)?;
    replace_file(&file_of(folder, ASKED, wish), &[&words])
        .with_context(|| format!("the service in {} cannot be asked", folder.display()))
}

/// Takes a wish back that nobody waits for any more, and the answer with it. Was it there still, so that nobody had taken it?
pub fn take_back(folder: &Path, wish: &Wish) -> bool {
    let was_there = fs::remove_file(file_of(folder, ASKED, wish)).is_ok();
    remove(&file_of(folder, ANSWERED, wish));
    was_there
}

/// The service's answer to this wish, once it is there; told once. Errors: what it could not do.
pub fn answer(folder: &Path, wish: &Wish) -> anyhow::Result<Option<ReconcileReport>> {
    let path = file_of(folder, ANSWERED, wish);
    let Ok(Some(text)) = read_file(&path, LARGEST) else { return Ok(None) };
    remove(&path);
    let answer: Answer = serde_json::from_slice(&text).context("the service's answer cannot be read")?;
    Ok(Some(answer.report?))
}

/// What is wanted of the service of this folder, the oldest first; told once.
#[must_use]
pub fn asked(folder: &Path) -> Vec<Wish> {
    let mut wishes: Vec<Wish> = files(folder, ASKED).iter().filter_map(|path| taken(path)).collect();
    wishes.sort_by_key(|wish| wish.at);
    wishes
}

/// Answers a wish.
pub fn answer_with(
    folder: &Path,
    wish: &Wish,
    report: anyhow::Result<ReconcileReport>,
) -> anyhow::Result<()> {
    let answer = Answer { report: report.map_err(|error| Told::from(&error)) };
    replace_file(&file_of(folder, ANSWERED, wish), &[&serde_json::to_vec(&answer)?])?;
    Ok(())
}

/// Before a service begins: answers that nobody fetched are cleared away, and who asked an earlier one is told so.
pub fn clear(folder: &Path) {
    files(folder, ANSWERED).iter().for_each(|path| remove(path));
    for wish in asked(folder) {
        let message = "it was asked before the service had begun: nothing was compared";
        let refused = Err(Fault::failed(message, "the same again, if it is still wanted").into());
        if let Err(error) = answer_with(folder, &wish, refused) {
            tracing::debug!(error = format!("{error:#}"), "nobody is told of what was asked before");
        }
    }
}

fn file_of(folder: &Path, what: &str, wish: &Wish) -> PathBuf {
    folder.join(format!("{what}{:x}.json", wish.at.nanos()))
}

fn files(folder: &Path, what: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let named = |name: &str| name.starts_with(what) && name.ends_with(".json");
    entries.filter(|it| it.file_name().to_str().is_some_and(named)).map(|it| it.path()).collect()
}

fn taken(path: &Path) -> Option<Wish> {
    let text = match read_file(path, LARGEST) {
        Ok(text) => text?,
        // It is no wish, and goes like any other that makes no sense.
        Err(NotRead::TooLarge) => Vec::new(),
        Err(NotRead::Io(_)) => return None,
    };
    match fs::remove_file(path) {
        Ok(()) => {}
        // It was taken back.
        Err(error) if error.kind() == ErrorKind::NotFound => return None,
        Err(error) => {
            tracing::warn!(%error, "a wish that was read stays where it is, and is not fulfilled");
            return None;
        }
    }
    match serde_json::from_slice(&text) {
        Ok(wish) => Some(wish),
        Err(error) => {
            tracing::warn!(%error, "a wish to reconcile makes no sense");
            None
        }
    }
}

fn remove(path: &Path) {
    if let Err(error) = fs::remove_file(path)
        && error.kind() != ErrorKind::NotFound
    {
        tracing::debug!(%error, "what was asked for and done stays where it is");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::Report;
    use tradeport_kernel::Timestamp;

    fn wish(at: i64) -> Wish {
        Wish { at: Timestamp::from_nanos(at), flex: None, solve: None }
    }

    fn refused() -> anyhow::Result<ReconcileReport> {
        Err(Fault::failed("no", "later").into())
    }

    #[test]
    fn whoever_asks_in_the_same_moment_is_answered_each_by_name() {
        let folder = tempfile::tempdir().unwrap();
        assert!(asked(folder.path()).is_empty());
        for at in [0x20, 0x10] {
            ask(folder.path(), &wish(at)).unwrap();
        }
        assert_eq!(asked(folder.path()), [wish(0x10), wish(0x20)]);
        assert!(asked(folder.path()).is_empty(), "told once");
        answer_with(folder.path(), &wish(0x10), refused()).unwrap();
        answer_with(folder.path(), &wish(0x20), refused()).unwrap();
        for at in [0x10, 0x20] {
            let told = Report::of(&answer(folder.path(), &wish(at)).unwrap_err());
            assert_eq!((told.message.as_str(), told.advice.as_str()), ("no", "later"));
            assert!(answer(folder.path(), &wish(at)).unwrap().is_none(), "told once");
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left");
    }

    #[test]
    fn what_is_taken_back_or_makes_no_sense_is_never_seen() {
        let folder = tempfile::tempdir().unwrap();
        ask(folder.path(), &wish(1)).unwrap();
        answer_with(folder.path(), &wish(1), refused()).unwrap();
        take_back(folder.path(), &wish(1));
        fs::write(folder.path().join("reconcile-asked-2.json"), "nonsense").unwrap();
        fs::write(folder.path().join("reconcile-notes.txt"), "mine").unwrap();
        assert!(asked(folder.path()).is_empty() && answer(folder.path(), &wish(1)).unwrap().is_none());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn who_asked_before_the_service_began_is_told_so_and_nothing_is_done() {
        let folder = tempfile::tempdir().unwrap();
        answer_with(folder.path(), &wish(1), refused()).unwrap();
        ask(folder.path(), &wish(2)).unwrap();
        clear(folder.path());
        assert!(asked(folder.path()).is_empty());
        assert!(answer(folder.path(), &wish(1)).unwrap().is_none());
        let told = Report::of(&answer(folder.path(), &wish(2)).unwrap_err());
        assert!(told.message.contains("before the service had begun"), "{told:?}");
    }
}
