//! Cancels that a command asks of the service which has the orders of a folder.
//!
//! Every wish is a file of its own in a folder beside the databases. The service takes it by giving it another name, does it,
//! and answers by a third file. Until it is taken, whoever asked may take it back: then nothing was asked, for certain. Once it
//! is taken, only the answer tells; without one the outcome is unknown. A wish that nobody took in time is never fulfilled: it
//! may be that of a command which has ended long ago.
//!
//! Left out: what is done about a wish (`service`), and what is told of it (`commands`).

use crate::exit::Exit;
use crate::fault::{Fault, Report};
use anyhow::Context;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tradeport_contracts::Instrument;
use tradeport_files::{read_file, replace_file};
use tradeport_kernel::{AccountId, OrderKey, Symbol, Timestamp};
use tradeport_orders::CancelTag;
use tradeport_trading::{Cancelled, DeskError, OrderDesk};

/// So long after it was asked for a wish is still fulfilled.
pub const GOOD_FOR: Duration = Duration::from_secs(10);

const FOLDER: &str = "asked";
const ASKED: &str = "asked";
const TAKEN: &str = "taken";
const ANSWERED: &str = "answered";
/// Many thousand orders; whatever is larger is something else.
const LARGEST: u64 = 16 * 1024 * 1024;

/// What is wanted, when, and by whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// When it was asked for.
    pub at: Timestamp,
    /// On whose behalf; it stands in the audit log.
    pub by: String,
    /// What.
    pub cancel: Which,
}

/// Which orders are to be cancelled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// This one.
    One(OrderKey),
    /// Every one that can still trade.
    All {
        /// Only those of this account.
        account: Option<AccountId>,
        /// Only those of this instrument.
        instrument: Option<Instrument>,
    },
}

/// What became of the cancel of one order: asked of the broker, or not.
#[derive(Debug, Serialize, Deserialize)]
pub struct Asked {
    /// Which order.
    pub key: OrderKey,
    /// Why it did not get through.
    pub error: Option<Told>,
}

/// An error on its way from one process to another.
#[derive(Debug, Serialize, Deserialize)]
pub struct Told {
    message: String,
    causes: Vec<String>,
    advice: String,
    exit_code: u8,
}

impl From<&anyhow::Error> for Told {
    fn from(error: &anyhow::Error) -> Self {
        let Report { message, causes, advice, exit_code, .. } = Report::of(error);
        Self { message, causes, advice, exit_code }
    }
}

impl From<Told> for anyhow::Error {
    fn from(told: Told) -> Self {
        // What cannot be read for certain may have happened.
        let exit = Exit::of_code(told.exit_code).unwrap_or(Exit::OutcomeUnknown);
        let fault = Fault::new(exit, told.message, told.advice);
        if told.causes.is_empty() {
            return fault.into();
        }
        fault.because(Self::msg(told.causes.join(": "))).into()
    }
}

/// What a service answers to a wish.
pub type Answer = Result<Vec<Asked>, Told>;

/// A wish on its way, as whoever asked sees it.
#[derive(Debug)]
pub struct Way {
    stem: PathBuf,
}

impl Way {
    /// Asks. Errors: the folder cannot be written; nothing was asked.
    pub fn ask(folder: &Path, wish: &Wish) -> anyhow::Result<Self> {
        let folder = folder.join(FOLDER);
        let cannot = || format!("the service cannot be asked through {}", folder.display());
        fs::create_dir_all(&folder).with_context(cannot)?;
        let way = Self { stem: folder.join(format!("{:x}-{}", wish.at.nanos(), std::process::id())) };
        replace_file(&way.file(ASKED), &[&serde_json::to_vec(wish)?]).with_context(cannot)?;
        Ok(way)
    }

    /// The answer, once it is there; told once.
    pub fn answer(&self) -> anyhow::Result<Option<Answer>> {
        let path = self.file(ANSWERED);
        let Ok(Some(text)) = read_file(&path, LARGEST) else { return Ok(None) };
        let answer = serde_json::from_slice(&text).context("the service's answer cannot be read")?;
        remove(&path);
        Ok(Some(answer))
    }

    /// Takes the wish back: then nothing was asked. `false` when the service has it.
    #[must_use]
    pub fn take_back(&self) -> bool {
        fs::remove_file(self.file(ASKED)).is_ok()
    }

    fn file(&self, what: &str) -> PathBuf {
        self.stem.with_extension(what)
    }
}

/// A wish that the service has taken: nobody can take it back any more.
#[derive(Debug)]
pub struct Taken {
    way: Way,
    /// What is wanted.
    pub wish: Wish,
}

impl Taken {
    /// Answers it.
    pub fn answer(self, answer: &Answer) -> anyhow::Result<()> {
        replace_file(&self.way.file(ANSWERED), &[&serde_json::to_vec(answer)?])?;
        remove(&self.way.file(TAKEN));
        Ok(())
    }
}

/// What is asked of the service of this folder, the oldest first; each is told once.
#[must_use]
pub fn take(folder: &Path) -> Vec<Taken> {
    let mut found: Vec<PathBuf> = files(folder, ASKED).collect();
    found.sort();
    found.into_iter().filter_map(|asked| take_one(&asked)).collect()
}

fn take_one(asked: &Path) -> Option<Taken> {
    let way = Way { stem: asked.with_extension("") };
    let taken = way.file(TAKEN);
    // Gone: it was taken back.
    fs::rename(asked, &taken).ok()?;
    let text = read_file(&taken, LARGEST).ok().flatten().unwrap_or_default();
    match serde_json::from_slice(&text) {
        Ok(wish) => Some(Taken { way, wish }),
        Err(error) => {
            tracing::warn!(%error, "what the service is asked for makes no sense");
            remove(&taken);
            None
        }
    }
}

/// Asks the broker to cancel every order that can still trade, of an account and of a symbol or of all.
pub async fn cancel_all(
    desk: &OrderDesk,
    account: Option<&AccountId>,
    symbol: Option<Symbol>,
) -> Result<Vec<Cancelled>, DeskError> {
    if let Some(account) = account
        && desk.portfolio(account).await.is_none()
    {
        // Of an account that nobody knows nothing is open: whoever mistyped it would take that for an answer.
        return Err(DeskError::UnknownAccount(account.clone()));
    }
    let Some(symbol) = symbol else { return desk.cancel_all(account, CancelTag::default()).await };
    let mut asked = Vec::new();
    for order in desk.live_orders().await {
        let intent = order.intent();
        if intent.symbol() == symbol && account.is_none_or(|account| account == intent.account()) {
            let key = intent.key().clone();
            let outcome = desk.cancel(&key, CancelTag::default()).await;
            asked.push(Cancelled { key, outcome });
        }
    }
    Ok(asked)
}

/// Clears away what earlier services and commands have left: wishes that one had taken when it died, answers that nobody
/// fetched. What is asked now stays.
pub fn clear(folder: &Path) {
    files(folder, TAKEN).chain(files(folder, ANSWERED)).for_each(|path| remove(&path));
}

fn files(folder: &Path, what: &'static str) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(folder.join(FOLDER)).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(move |path| path.extension().is_some_and(|it| it == what))
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

    fn wish(key: &str, at: i64) -> Wish {
        let cancel = Which::One(key.parse().unwrap());
        Wish { at: Timestamp::from_nanos(at), by: "ada".to_owned(), cancel }
    }

    #[test]
    fn a_wish_is_taken_once_and_answered_once() {
        let folder = tempfile::tempdir().unwrap();
        assert!(take(folder.path()).is_empty(), "nobody ever asked");
        let later = Way::ask(folder.path(), &wish("b", 0x20)).unwrap();
        let way = Way::ask(folder.path(), &wish("a", 0x10)).unwrap();
        assert!(way.answer().unwrap().is_none());
        let mut taken = take(folder.path()).into_iter();
        let (first, second) = (taken.next().unwrap(), taken.next().unwrap());
        assert_eq!((&first.wish, &second.wish), (&wish("a", 0x10), &wish("b", 0x20)));
        assert!(take(folder.path()).is_empty());
        assert!(!way.take_back(), "it is under way");
        first.answer(&Ok(vec![Asked { key: "a".parse().unwrap(), error: None }])).unwrap();
        let cause = anyhow::Error::from(Fault::new(Exit::OutcomeUnknown, "lost", "look")).context("b");
        second.answer(&Err(Told::from(&cause))).unwrap();
        assert!(way.answer().unwrap().unwrap().unwrap()[0].error.is_none());
        assert!(way.answer().unwrap().is_none(), "told once");
        let report = Report::of(&later.answer().unwrap().unwrap().unwrap_err().into());
        assert_eq!((report.message.as_str(), report.advice.as_str(), report.exit_code), ("b", "look", 4));
        assert_eq!(report.causes, ["lost"]);
        assert_eq!(fs::read_dir(folder.path().join(FOLDER)).unwrap().count(), 0, "nothing is left");
    }

    #[test]
    fn what_is_taken_back_in_time_is_never_seen() {
        let folder = tempfile::tempdir().unwrap();
        let way = Way::ask(folder.path(), &wish("a", 1)).unwrap();
        assert!(way.take_back());
        assert!(!way.take_back());
        assert!(take(folder.path()).is_empty());
    }

    #[test]
    fn what_makes_no_sense_or_is_left_over_is_cleared_away() {
        let folder = tempfile::tempdir().unwrap();
        let _way = Way::ask(folder.path(), &wish("a", 1)).unwrap();
        let dead = take(folder.path());
        let asked = folder.path().join(FOLDER);
        fs::write(asked.join("7-1.answered"), "[]").unwrap();
        fs::write(asked.join("8-1.asked"), "nonsense").unwrap();
        let good = Way::ask(folder.path(), &wish("b", 9)).unwrap();
        clear(folder.path());
        assert_eq!(take(folder.path()).len(), 1);
        drop(dead);
        assert!(!good.take_back());
        assert_eq!(fs::read_dir(&asked).unwrap().count(), 1, "the one that was taken");
    }
}
