//! The numbers of orders, set aside in a small file for each client id at each TWS.
//!
//! A number belongs to one client at one TWS; whoever has the client id (`clients`) has its file alone. The file holds the first
//! number that was never set aside, and is replaced as a whole.

use crate::Session;
use async_trait::async_trait;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use tradeport_files::replace_file;
use tradeport_ib::NumberReserve;
use tradeport_kernel::Cause;

/// One client's file.
#[derive(Debug)]
pub(super) struct FileNumbers {
    path: PathBuf,
}

/// The file holds something else.
#[derive(Debug, thiserror::Error)]
#[error("{0} does not hold the number of an order: delete it if TWS holds no orders of ours")]
struct NotANumber(PathBuf);

impl FileNumbers {
    /// Of a client at the configured TWS.
    pub(super) fn of(session: &Session, client_id: i32) -> anyhow::Result<Self> {
        let config = session.config();
        let place = format!("{}:{}", config.ib.host, config.ib.port);
        let name: String =
            place.chars().map(|it| if it.is_ascii_alphanumeric() { it } else { '-' }).collect();
        let folder = config.shared_folder()?.join("clients");
        Ok(Self { path: folder.join(format!("{name}-{client_id}.orders")) })
    }

    /// The first number that was never set aside.
    fn kept(&self) -> Result<i32, Cause> {
        let text = match std::fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(1),
            Err(error) => return Err(error.into()),
        };
        let number = text.trim().parse().ok().filter(|number: &i32| *number > 0);
        number.ok_or_else(|| NotANumber(self.path.clone()).into())
    }

    fn keep(&self, number: i32) -> io::Result<()> {
        let folder = self.path.parent().unwrap_or_else(|| Path::new("."));
        std::fs::create_dir_all(folder)?;
        replace_file(&self.path, &[number.to_string().as_bytes()])
    }
}

#[async_trait]
impl NumberReserve for FileNumbers {
    async fn reserve(&self, least: i32, count: i32) -> Result<i32, Cause> {
        let first = self.kept()?.max(least).max(1);
        let next = first.checked_add(count).ok_or_else(|| NotANumber(self.path.clone()))?;
        self.keep(next)?;
        Ok(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::executor::block_on;

    #[test]
    fn scenario_oid_01_numbers_go_on_where_an_earlier_process_had_come_to() {
        let folder = tempfile::tempdir().unwrap();
        let numbers = || FileNumbers { path: folder.path().join("clients").join("tws-7.orders") };
        assert_eq!(block_on(numbers().reserve(1, 1_000)).unwrap(), 1);
        assert_eq!(block_on(numbers().reserve(1, 1_000)).unwrap(), 1_001, "whatever TWS says");
        assert_eq!(block_on(numbers().reserve(5_000, 10)).unwrap(), 5_000, "TWS knows of more");
        assert_eq!(block_on(numbers().reserve(-3, 10)).unwrap(), 5_010);
    }

    #[test]
    fn a_file_that_cannot_be_read_gives_no_number() {
        let folder = tempfile::tempdir().unwrap();
        let numbers = FileNumbers { path: folder.path().join("tws-7.orders") };
        for text in ["", "x", "-1", "0", "99999999999"] {
            std::fs::write(&numbers.path, text).unwrap();
            assert!(block_on(numbers.reserve(1, 10)).is_err(), "{text:?}");
        }
        std::fs::write(&numbers.path, i32::MAX.to_string()).unwrap();
        assert!(block_on(numbers.reserve(1, 10)).is_err(), "there is none left");
    }
}
