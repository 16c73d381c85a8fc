//! What a command asks of the service which has the orders of a folder: to cancel orders, to place one, to change one.
//!
//! Every wish is a file of its own in a folder beside the databases. The service takes it by giving it another name, does it,
//! and answers by a third file. Until it is taken, whoever asked may take it back: then nothing was asked, for certain. Once it
//! is taken, only the answer tells; without one the outcome is unknown. A wish that nobody took in time is never fulfilled: it
//! may be that of a command which has ended long ago. No order is placed by a service that has begun after it was asked for.
//!
//! | module | what it holds |
//! | --- | --- |
//! | `typed` | an order as a command line words it, and what came of it |
//!
//! Left out: what is done about a wish (`service`), and what is told of it (`commands`).

mod typed;

pub use typed::{Ended, Meant, NotMeant, Typed};

use crate::exit::Exit;
use crate::fault::{Fault, Report};
use anyhow::Context;
use serde::{Deserialize, Serialize};
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tradeport_contracts::Instrument;
use tradeport_files::{read_file, rename_over};
use tradeport_kernel::{AccountId, OrderKey, Symbol, Timestamp};
use tradeport_orders::CancelTag;
use tradeport_trading::{Cancelled, DeskError, OrderDesk};

/// So long after it was asked for a wish is still fulfilled.
pub const GOOD_FOR: Duration = Duration::from_secs(10);

/// So much a wish says at most.
const LARGEST_WISH: u64 = 256 * 1024;
/// So long after it was taken a service gives up on an order: whoever asked still waits. The budget allows one preview a minute.
pub const GIVEN_UP_AFTER: Duration = Duration::from_secs(65);
/// So long whoever asked waits for a service that has taken a wish: the broker may have to be waited for.
pub const ANSWERED_WITHIN: Duration = Duration::from_secs(75);

const FOLDER: &str = "asked";
const ASKED: &str = "asked";
const TAKEN: &str = "taken";
const ANSWERED: &str = "answered";
/// Half written.
const NEW: &str = "new";
/// Many thousand orders; whatever is larger is something else.
const LARGEST: u64 = 16 * 1024 * 1024;

/// What is wanted, when, and by whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wish {
    /// When it was asked for.
    pub at: Timestamp,
    /// On whose behalf; it stands in the audit log.
    pub by: String,
    /// What.
    pub want: Want,
}

impl Wish {
    /// Was it asked for just now? A clock that was set meanwhile makes no old wish a new one.
    #[must_use]
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        now <= self.at.after(GOOD_FOR) && self.at <= now.after(GOOD_FOR)
    }
}

/// What is wanted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Want {
    /// That orders are cancelled.
    Cancel(Which),
    /// What a command line says of an order: that one is placed or changed, or what one would meet.
    Order(Typed),
}

impl Want {
    /// What is certain where it was not begun.
    #[must_use]
    pub const fn nothing_done(&self) -> &'static str {
        match self {
            Self::Cancel(_) => "nothing was cancelled",
            Self::Order(_) => "nothing was sent",
        }
    }
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
    /// The orders that it belongs together with, itself among them.
    #[serde(default)]
    pub family: Vec<OrderKey>,
    /// It had ended here, and the broker lists it as one that may trade: that it has ended proves nothing.
    #[serde(default)]
    pub is_awake: bool,
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

/// What to do about an order of which nobody knows whether it was placed or changed.
#[must_use]
pub fn look_at(key: &OrderKey) -> String {
    format!(
        "tradeport order show {key}; do not send it under another key: the same again under this one is one order"
    )
}

/// What a service answers to a wish.
pub type Answer = Result<Done, Told>;

/// What a service has done.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Done {
    /// The cancels, one by one.
    Cancelled(Vec<Asked>),
    /// The command, to its end.
    Ended(Ended),
}

/// A wish on its way, as whoever asked sees it.
#[derive(Debug)]
pub struct Way {
    stem: PathBuf,
}

impl Way {
    /// Asks. Errors: the folder cannot be written; nothing was asked.
    pub fn ask(folder: &Path, wish: &Wish) -> anyhow::Result<Self> {
        let folder = folder.join(FOLDER);
        let cannot = |error: io::Error| {
            let message = format!("the service cannot be asked through {}", folder.display());
            let advice = "make that a folder in which you may write, with some room on its disk";
            Fault::failed(message, advice).because(error)
        };
        make_private(&folder).map_err(cannot)?;
        let way = Self { stem: folder.join(format!("{:x}-{}", wish.at.nanos(), std::process::id())) };
        put(&way.file(ASKED), &serde_json::to_vec(wish)?).map_err(cannot)?;
        Ok(way)
    }

    /// The answer, once it is there; told once.
    pub fn answer(&self) -> anyhow::Result<Option<Answer>> {
        let path = self.file(ANSWERED);
        let Some(text) = read(&path, LARGEST) else { return Ok(None) };
        let answer = serde_json::from_slice(&text).context("the service's answer cannot be read")?;
        remove(&path);
        Ok(Some(answer))
    }

    /// Is there no trace of it any more? A service has begun after another had taken it, or could make no sense of it.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        // In the order in which they come: what goes on meanwhile is found at the next one.
        [ASKED, TAKEN, ANSWERED].into_iter().all(|what| matches!(self.file(what).try_exists(), Ok(false)))
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
    /// The key of the order that is to be placed or changed.
    #[must_use]
    pub const fn key(&self) -> Option<&OrderKey> {
        match &self.wish.want {
            Want::Order(typed) => typed.key.as_ref(),
            Want::Cancel(_) => None,
        }
    }

    /// Answers it.
    pub fn answer(self, answer: &Answer) -> anyhow::Result<()> {
        put(&self.way.file(ANSWERED), &serde_json::to_vec(answer)?)?;
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
    let text = read(&taken, LARGEST_WISH).unwrap_or_default();
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
    for order in desk.orders_that_may_trade().await {
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
/// fetched, what is half written. Cancels that are asked now stay. Orders do not: they were for a service that is gone, and
/// whoever asked may be gone, too. The keys of those orders.
pub fn clear(folder: &Path, now: Timestamp) -> Vec<String> {
    let left = [TAKEN, ANSWERED, NEW].into_iter().flat_map(|what| files(folder, what));
    left.for_each(|path| remove(&path));
    let orders = files(folder, ASKED).filter(|asked| !is_cancel(asked));
    let orders = orders.filter_map(|asked| take_one(&asked));
    orders.filter_map(|taken| refuse(taken, now)).collect()
}

fn is_cancel(asked: &Path) -> bool {
    let wish = read(asked, LARGEST_WISH).and_then(|text| serde_json::from_slice(&text).ok());
    matches!(wish, Some(Wish { want: Want::Cancel(_), .. }))
}

fn refuse(taken: Taken, now: Timestamp) -> Option<String> {
    let Want::Order(typed) = &taken.wish.want else { return None };
    let name = typed.key.as_ref().map_or_else(|| "an order".to_owned(), ToString::to_string);
    let nothing = taken.wish.want.nothing_done();
    let message = format!("it was asked before the service had begun, at {now}, and {nothing}");
    let told = anyhow::Error::from(Fault::failed(message, "the same again, if it is still wanted"));
    if let Err(error) = taken.answer(&Err(Told::from(&told))) {
        tracing::debug!(error = format!("{error:#}"), "nobody is told of what was asked before");
    }
    Some(name)
}

/// A folder that is for this user alone: whoever may write into it may trade.
fn make_private(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// Puts a whole file there, for this user alone. After a power cut it may be gone, and then nothing was asked.
fn put(path: &Path, text: &[u8]) -> io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".");
    beside.push(NEW);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&beside)?.write_all(text)?;
    rename_over(Path::new(&beside), path)
}

/// The whole of a file; `None` for what is none, or is too large. A pipe or a link in its place is never opened.
fn read(path: &Path, largest: u64) -> Option<Vec<u8>> {
    let is_file = fs::symlink_metadata(path).is_ok_and(|found| found.is_file());
    if is_file { read_file(path, largest).ok().flatten() } else { None }
}

fn files(folder: &Path, what: &'static str) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(folder.join(FOLDER)).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(move |path| path.extension().is_some_and(|it| it == what))
}

fn remove(path: &Path) {
    let is_folder = fs::symlink_metadata(path).is_ok_and(|found| found.is_dir());
    let removed = if is_folder { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    if let Err(error) = removed
        && error.kind() != ErrorKind::NotFound
    {
        tracing::debug!(%error, "what was asked for and done stays where it is");
    }
}

#[cfg(test)]
mod tests;
