//! [`BreakStore`] as one small file beside the databases, replaced as a whole.
//!
//! Whoever wants to look reads it without opening a database; after a power cut it holds what was acknowledged.

use crate::durable::{NotRead, read_file, replace_file, store_error};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use tradeport_kernel::{Cause, StoreError};
use tradeport_trading::BreakStore;
use tradeport_trading::reconciliation::Break;

const NAME: &str = "breaks.json";
/// The newest layout.
const FORMAT: u32 = 1;
/// Many thousand breaks; whatever is larger is something else.
const LARGEST: u64 = 16 * 1024 * 1024;

/// The breaks of a folder.
#[derive(Clone, Debug)]
pub struct FileBreaks {
    path: PathBuf,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    format: u32,
    breaks: Vec<Break>,
}

impl FileBreaks {
    /// The breaks of this folder, which is there.
    #[must_use]
    pub fn within(folder: &Path) -> Self {
        Self { path: folder.join(NAME) }
    }

    /// Its file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn read(&self) -> Result<Vec<Break>, StoreError> {
        let read = read_file(&self.path, LARGEST).map_err(|error| match error {
            NotRead::TooLarge => StoreError::Corrupt(self.because(error)),
            NotRead::Io(error) => StoreError::Unavailable(self.because(error)),
        });
        let Some(text) = read? else { return Ok(Vec::new()) };
        let kept: Kept =
            serde_json::from_slice(&text).map_err(|error| StoreError::Corrupt(self.because(error)))?;
        if kept.format == FORMAT {
            return Ok(kept.breaks);
        }
        let other = format!("it is of format {}, and this program reads {FORMAT}", kept.format);
        Err(StoreError::Corrupt(self.because(other)))
    }

    fn because(&self, error: impl Into<Cause>) -> Cause {
        format!("{}: {}", self.path.display(), error.into()).into()
    }
}

#[async_trait]
impl BreakStore for FileBreaks {
    async fn keep(&self, breaks: &[Break]) -> Result<(), StoreError> {
        let kept = Kept { format: FORMAT, breaks: breaks.to_vec() };
        let words = serde_json::to_vec_pretty(&kept).map_err(|error| StoreError::Corrupt(Box::new(error)))?;
        replace_file(&self.path, &[&words]).map_err(|error| store_error(error.kind(), self.because(error)))
    }

    async fn kept(&self) -> Result<Vec<Break>, StoreError> {
        self.read()
    }
}
