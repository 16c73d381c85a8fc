//! What a user may decide about the two database files. Left out: what SQLite is told in every case (`connection`).

use crate::NotAConfig;
use serde::Deserialize;
use std::path::{Path, PathBuf};

const DEFAULT_READERS: usize = 2;
const MOST_READERS: usize = 64;
/// Below this not even the empty tables fit.
const SMALLEST_LIMIT: u64 = 256 * 1024;

/// Where the databases lie and how large they may grow. Made by its constructors or from a document; both refuse what
/// cannot work.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Document")]
pub struct SqliteConfig {
    orders: PathBuf,
    market: PathBuf,
    size_limit: Option<u64>,
    readers: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    orders: PathBuf,
    market: PathBuf,
    size_limit: Option<u64>,
    readers: Option<usize>,
}

impl SqliteConfig {
    /// Two files: `orders` for journal, audit and portfolio, `market` for ticks and bars.
    pub fn new(orders: impl Into<PathBuf>, market: impl Into<PathBuf>) -> Result<Self, NotAConfig> {
        let (orders, market) = (orders.into(), market.into());
        for path in [&orders, &market] {
            let named = path.file_name().is_some() && path.to_str().is_some_and(|text| !text.contains('\0'));
            if !named {
                return Err(NotAConfig::NotAPath(path.clone()));
            }
        }
        if orders == market {
            return Err(NotAConfig::SameFile(orders));
        }
        Ok(Self { orders, market, size_limit: None, readers: DEFAULT_READERS })
    }

    /// `orders.db` and `market.db` in a folder, which is made when the stores are opened.
    pub fn in_folder(folder: impl AsRef<Path>) -> Result<Self, NotAConfig> {
        let folder = folder.as_ref();
        Self::new(folder.join("orders.db"), folder.join("market.db"))
    }

    /// No file may grow beyond so many bytes; what does not fit any more is answered with `Full`.
    pub fn with_size_limit(mut self, bytes: u64) -> Result<Self, NotAConfig> {
        if bytes < SMALLEST_LIMIT {
            return Err(NotAConfig::TooSmall { bytes, least: SMALLEST_LIMIT });
        }
        self.size_limit = Some(bytes);
        Ok(self)
    }

    /// So many threads read each file, 1 to 64; 2 unless told otherwise.
    pub fn with_readers(mut self, readers: usize) -> Result<Self, NotAConfig> {
        if readers == 0 || readers > MOST_READERS {
            return Err(NotAConfig::Readers { readers, most: MOST_READERS });
        }
        self.readers = readers;
        Ok(self)
    }

    /// The file of journal, audit and portfolio.
    #[must_use]
    pub fn orders(&self) -> &Path {
        &self.orders
    }

    /// The file beside it that tells how far it had come; whoever takes it away lets a new one be begun.
    #[must_use]
    pub fn high_water(&self) -> PathBuf {
        crate::high_water::beside_database(&self.orders)
    }

    /// The file of ticks and bars.
    #[must_use]
    pub fn market(&self) -> &Path {
        &self.market
    }

    /// How large each file may grow, in bytes.
    #[must_use]
    pub const fn size_limit(&self) -> Option<u64> {
        self.size_limit
    }

    /// How many threads read each file.
    #[must_use]
    pub const fn readers(&self) -> usize {
        self.readers
    }
}

impl TryFrom<Document> for SqliteConfig {
    type Error = NotAConfig;
    fn try_from(document: Document) -> Result<Self, Self::Error> {
        let config = Self::new(document.orders, document.market)?
            .with_readers(document.readers.unwrap_or(DEFAULT_READERS))?;
        match document.size_limit {
            Some(bytes) => config.with_size_limit(bytes),
            None => Ok(config),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_work_is_refused() {
        assert!(matches!(SqliteConfig::new("a.db", "a.db"), Err(NotAConfig::SameFile(_))));
        assert!(matches!(SqliteConfig::new("", "a.db"), Err(NotAConfig::NotAPath(_))));
        assert!(matches!(SqliteConfig::new("a.db", ".."), Err(NotAConfig::NotAPath(_))));
        let config = SqliteConfig::in_folder("data").unwrap();
        assert!(matches!(config.clone().with_readers(0), Err(NotAConfig::Readers { .. })));
        assert!(matches!(config.clone().with_readers(65), Err(NotAConfig::Readers { .. })));
        assert!(matches!(config.with_size_limit(1), Err(NotAConfig::TooSmall { .. })));
    }

    #[test]
    fn a_document_is_checked_like_the_constructor() {
        let read = |text: &str| serde_json::from_str::<SqliteConfig>(text);
        let config = read(r#"{"orders": "o.db", "market": "m.db", "readers": 3}"#).unwrap();
        assert_eq!((config.readers(), config.orders()), (3, Path::new("o.db")));
        assert!(read(r#"{"orders": "o.db", "market": "o.db"}"#).is_err());
        let unknown = read(r#"{"orders": "o.db", "market": "m.db", "reeders": 3}"#).unwrap_err();
        assert!(unknown.to_string().contains("reeders"));
    }
}
