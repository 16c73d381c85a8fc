//! The databases, opened for writing or for reading.

use super::waiting::{Tried, once_free};
use crate::Session;
use crate::config::Config;
use std::sync::Arc;
use tradeport_kernel::Clock;
use tradeport_sqlite::{OpenError, SqliteConfig, SqliteStores};

/// What is done with the databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// They are written; nobody else may.
    Write,
    /// They are read, beside whoever writes.
    Read,
}

/// Opens both databases.
pub fn open_stores(config: &Config, clock: Arc<dyn Clock>, access: Access) -> anyhow::Result<SqliteStores> {
    let storage = config.storage()?;
    let mut settings = SqliteConfig::new(storage.orders, storage.market)?;
    if let Some(bytes) = config.storage.size_limit {
        settings = settings.with_size_limit(bytes)?;
    }
    Ok(match access {
        Access::Write => SqliteStores::open(&settings, clock)?,
        Access::Read => SqliteStores::open_read_only(&settings, clock)?,
    })
}

/// Opens both databases for writing, once whoever has them for the moment has ended.
pub(super) async fn open_once_free(session: &Session) -> anyhow::Result<SqliteStores> {
    let open = || match open_stores(session.config(), session.clock(), Access::Write) {
        Ok(stores) => Ok(Tried::Got(stores)),
        Err(error) if is_in_use(&error) => Ok(Tried::Busy(error)),
        Err(error) => Err(error),
    };
    once_free("the databases", session, open).await
}

/// Does another process write the databases? Then nothing was done with them.
#[must_use]
pub fn is_in_use(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(OpenError::InUse { .. }))
}

/// Opens both databases for reading; `None` when there are none yet.
pub fn read_stores(config: &Config, clock: Arc<dyn Clock>) -> anyhow::Result<Option<SqliteStores>> {
    match open_stores(config, clock, Access::Read) {
        Ok(stores) => Ok(Some(stores)),
        Err(error) if matches!(error.downcast_ref(), Some(OpenError::Missing { .. })) => Ok(None),
        Err(error) => Err(error),
    }
}
