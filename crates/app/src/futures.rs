//! The user's futures: read from the file that the settings name, over the bundled ones.
//!
//! Left out: the form of the file, which is the `files` adapter's.

use crate::config::Config;
use crate::fake::{NotListed, list_futures};
use std::path::PathBuf;
use tradeport_contracts::futures::FuturesSpecs;
use tradeport_files::{FileError, Source, read_futures};

/// The file of futures cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FuturesFileError {
    /// It is not there, or a line of it is wrong; the cause says which line and which column.
    #[error("the futures of contracts.futures_file, {path}, cannot be read")]
    Unusable {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it, and where.
        #[source]
        cause: FileError,
    },
    /// Its products cannot be listed.
    #[error("the futures of contracts.futures_file, {path}, cannot be listed")]
    NotListed {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        cause: NotListed,
    },
}

impl FuturesFileError {
    /// What to do about it.
    #[must_use]
    pub const fn advice(&self) -> &'static str {
        match self {
            Self::Unusable { cause: FileError::Open { .. }, .. } => {
                "name a file that exists in contracts.futures_file, or leave the key out"
            }
            Self::Unusable { .. } => "correct that line of the file, or leave contracts.futures_file out",
            Self::NotListed { .. } => "use fewer products",
        }
    }
}

/// The products that are known: the bundled ones, and those of the file if the settings name one.
pub fn known(config: &Config) -> Result<FuturesSpecs, FuturesFileError> {
    let bundled = FuturesSpecs::bundled().clone();
    let Some(path) = &config.contracts.futures_file else { return Ok(bundled) };
    let read = || read_futures(Source::open(path)?, bundled);
    read().map_err(|cause| FuturesFileError::Unusable { path: path.clone(), cause })
}

/// Lists the products of the file, if the settings name one, for the rest of the process.
pub fn list(config: &Config) -> Result<(), FuturesFileError> {
    let Some(path) = &config.contracts.futures_file else { return Ok(()) };
    list_futures(known(config)?).map_err(|cause| FuturesFileError::NotListed { path: path.clone(), cause })
}
