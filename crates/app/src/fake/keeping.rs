//! The simulated exchange in a file, between two commands.
//!
//! A line that says how the rest is to be read and what it adds up to, then the exchange as JSON. Written beside, synced
//! and renamed, so that there is a whole one at every moment; read whole and checked, since an exchange that somebody
//! edited would fall over much later.

use serde::{Deserialize, Serialize};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use tradeport_fake_broker::Exchange;
use tradeport_files::replace_file;
use tradeport_kernel::fnv1a;

const NAME: &str = "fake-broker.json";
const FORMAT: u32 = 1;
/// Many years of a busy simulated account; whatever is larger is another file.
const LARGEST: u64 = 1 << 30;

/// Where a simulated exchange is kept.
#[derive(Clone, Debug)]
pub struct KeptState {
    path: PathBuf,
}

/// Why the file is of no use.
#[derive(Debug, thiserror::Error)]
pub enum KeptStateError {
    /// The system does not let us.
    #[error("the simulated broker's state {path} cannot be {action}")]
    File {
        /// Which file.
        path: PathBuf,
        /// What was tried.
        action: &'static str,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// It is not what was written.
    #[error("the simulated broker's state {path} is damaged: {problem}")]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// How that shows.
        problem: String,
    },
    /// It was written by another version of this program.
    #[error("the simulated broker's state {path} has format {found}, and this program reads {known}")]
    Format {
        /// Which file.
        path: PathBuf,
        /// What it says.
        found: u32,
        /// What is known.
        known: u32,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Heading {
    format: u32,
    length: usize,
    fnv1a: String,
}

impl KeptState {
    /// In this folder.
    #[must_use]
    pub fn within(folder: &Path) -> Self {
        Self { path: folder.join(NAME) }
    }

    /// Which file it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Was one kept?
    #[must_use]
    pub fn exists(&self) -> bool {
        self.path.exists()
    }

    /// The exchange as it was kept; `None` when none was.
    pub fn load(&self) -> Result<Option<Exchange>, KeptStateError> {
        let file = |cause| KeptStateError::File { path: self.path.clone(), action: "read", cause };
        match fs::metadata(&self.path) {
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(cause) => return Err(file(cause)),
            Ok(found) if found.len() > LARGEST => return Err(self.damaged("it is too large")),
            Ok(_) => {}
        }
        let bytes = fs::read(&self.path).map_err(file)?;
        let line =
            bytes.iter().position(|byte| *byte == b'\n').ok_or_else(|| self.damaged("it is cut short"))?;
        let (heading, rest) = bytes.split_at(line);
        let body = &rest[1..];
        let heading: Heading = serde_json::from_slice(heading).map_err(|error| self.damaged(error))?;
        if heading.format != FORMAT {
            return Err(KeptStateError::Format {
                path: self.path.clone(),
                found: heading.format,
                known: FORMAT,
            });
        }
        if heading.length != body.len() || heading.fnv1a != sum(body) {
            return Err(self.damaged("it does not add up to what its first line says"));
        }
        serde_json::from_slice(body).map(Some).map_err(|error| self.damaged(error))
    }

    /// Keeps an exchange in the place of the one before.
    pub fn save(&self, exchange: &Exchange) -> Result<(), KeptStateError> {
        let body = serde_json::to_vec(exchange).map_err(|error| self.damaged(error))?;
        let heading = Heading { format: FORMAT, length: body.len(), fnv1a: sum(&body) };
        let heading = serde_json::to_vec(&heading).map_err(|error| self.damaged(error))?;
        replace_file(&self.path, &[&heading, b"\n", &body]).map_err(|cause| KeptStateError::File {
            path: self.path.clone(),
            action: "written",
            cause,
        })
    }

    fn damaged(&self, problem: impl ToString) -> KeptStateError {
        KeptStateError::Damaged { path: self.path.clone(), problem: problem.to_string() }
    }
}

/// Against accidents, not against malice.
fn sum(bytes: &[u8]) -> String {
    format!("{:016x}", fnv1a(bytes.iter().copied()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::Catalog;
    use tradeport_fake_broker::house::FakeHours;
    use tradeport_fake_broker::{AccountConfig, AccountKind, ExchangeConfig};
    use tradeport_kernel::{AccountId, Currency, Decimal, Money, Timestamp};

    fn exchange() -> Exchange {
        let cash = Money::new(Decimal::from(1_000), Currency::USD);
        let id = AccountId::new("DU1").unwrap();
        let accounts = vec![AccountConfig { id, cash, kind: AccountKind::Margin }];
        let contracts = Catalog::at(FakeHours::Always, Timestamp::EPOCH).bundled().collect();
        Exchange::new(ExchangeConfig::new(1, accounts, contracts)).unwrap()
    }

    #[test]
    fn what_is_kept_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let kept = KeptState::within(folder.path());
        assert_eq!(kept.load().unwrap(), None);
        kept.save(&exchange()).unwrap();
        assert_eq!(kept.load().unwrap(), Some(exchange()));
        let names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
        assert_eq!(names, [NAME]);
    }

    #[test]
    fn every_cut_and_every_changed_byte_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let kept = KeptState::within(folder.path());
        kept.save(&exchange()).unwrap();
        let whole = fs::read(kept.path()).unwrap();
        for at in (0..whole.len()).step_by(37) {
            fs::write(kept.path(), &whole[..at]).unwrap();
            assert!(kept.load().is_err(), "cut at {at}");
            let mut changed = whole.clone();
            changed[at] ^= 1;
            fs::write(kept.path(), &changed).unwrap();
            assert!(kept.load().is_err(), "changed at {at}");
        }
    }
}
