//! What a run has seen: for people in Markdown, for build servers as JUnit XML.

mod junit;
mod markdown;

use super::checks::Check;
use super::scenario::Verdict;
use super::stage::Stage;
use crate::clock::SystemClock;
use anyhow::Context;
use std::path::{Path, PathBuf};
use tradeport_kernel::{Clock, Timestamp};

/// A scenario that was played, or why it was not.
#[derive(Clone, Debug)]
pub struct Played {
    /// Its name.
    pub name: &'static str,
    /// What was expected of it.
    pub expected: &'static str,
    /// How it ended.
    pub verdict: Verdict,
    /// How long it took, by the machine's clock.
    pub seconds: f64,
    /// What it looked at.
    pub checks: Vec<Check>,
}

/// A run of the suite on one broker.
#[derive(Clone, Debug)]
pub struct Report {
    /// Which broker.
    pub backend: String,
    /// With which account: only so much of it that its owner knows it again.
    pub account: String,
    /// The accounts of the login, none of which a report names in full.
    pub hidden: Vec<String>,
    /// When it began, by the machine's clock.
    pub began: Timestamp,
    /// In order.
    pub played: Vec<Played>,
    /// What could not be cleared away, in words.
    pub left_over: Vec<String>,
    /// Did somebody stop it?
    pub interrupted: bool,
    /// Why it could not begin; then nothing was played.
    pub not_opened: Option<String>,
}

/// How many ended in which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// As expected.
    pub passed: usize,
    /// Otherwise.
    pub failed: usize,
    /// Not at all.
    pub skipped: usize,
}

/// Where a report lies.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Paths {
    /// For people.
    pub markdown: PathBuf,
    /// For build servers.
    pub junit: PathBuf,
}

impl Report {
    pub(super) async fn of(backend: &str, stage: &Stage) -> Self {
        let own = stage.account().as_str().to_owned();
        // A broker that does not tell which there are names no other either.
        let others = stage.broker().accounts().accounts().await.unwrap_or_default();
        let hidden = others.iter().map(|it| it.as_str().to_owned()).filter(|it| *it != own);
        let hidden = std::iter::once(own.clone()).chain(hidden).collect();
        Self { account: masked(&own), hidden, ..Self::empty(backend) }
    }

    /// One that could not begin.
    #[must_use]
    pub fn not_opened(backend: &str, error: &anyhow::Error) -> Self {
        let fault = crate::fault::Report::of(error);
        let mut words = vec![fault.message.clone()];
        words.extend(fault.causes.iter().filter(|cause| **cause != fault.message).cloned());
        let words = format!("{}; try: {}", words.join(": "), fault.advice);
        Self { not_opened: Some(words), ..Self::empty(backend) }
    }

    fn empty(backend: &str) -> Self {
        Self {
            backend: backend.to_owned(),
            account: String::new(),
            hidden: Vec::new(),
            began: SystemClock.now(),
            played: Vec::new(),
            left_over: Vec::new(),
            interrupted: false,
            not_opened: None,
        }
    }

    /// How many ended in which way.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for played in &self.played {
            match played.verdict {
                Verdict::Passed => counts.passed += 1,
                Verdict::Failed(_) => counts.failed += 1,
                Verdict::Skipped(_) => counts.skipped += 1,
            }
        }
        counts
    }

    /// Did everything that could be played go well, and was there something?
    #[must_use]
    pub fn is_good(&self) -> bool {
        let counts = self.counts();
        counts.failed == 0 && counts.passed > 0 && self.left_over.is_empty() && self.not_opened.is_none()
    }

    /// The text, with each account so short that only its owner knows it.
    fn with_masks(&self, text: String) -> String {
        self.hidden.iter().fold(text, |text, account| text.replace(account.as_str(), &masked(account)))
    }
}

/// Writes a report into a folder.
pub fn write(report: &Report, folder: &Path) -> anyhow::Result<Paths> {
    std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let paths = Paths {
        markdown: folder.join(format!("{}.md", report.backend)),
        junit: folder.join(format!("{}.junit.xml", report.backend)),
    };
    for (path, text) in [(&paths.markdown, markdown::text(report)), (&paths.junit, junit::text(report))] {
        std::fs::write(path, report.with_masks(text))
            .with_context(|| format!("{} cannot be written", path.display()))?;
    }
    Ok(paths)
}

/// `DU…567` for DU1234567: a report may be handed on.
fn masked(account: &str) -> String {
    let letters: Vec<char> = account.chars().collect();
    if letters.len() < 6 {
        return "…".to_owned();
    }
    let (first, last) = (&letters[..2], &letters[letters.len() - 3..]);
    format!("{}…{}", first.iter().collect::<String>(), last.iter().collect::<String>())
}

#[cfg(test)]
mod tests;
