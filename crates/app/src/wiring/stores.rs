//! The databases, opened for writing or for reading.
//!
//! Whoever looks after orders does without a market file that is of no use: a damaged recording keeps nobody from cancelling.

use super::folder;
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

/// Opens both databases, for whoever needs market data.
pub fn open_stores(config: &Config, clock: Arc<dyn Clock>, access: Access) -> anyhow::Result<SqliteStores> {
    let settings = settings(config)?;
    Ok(match access {
        Access::Write => {
            folder::check_kept(config)?;
            SqliteStores::open(&settings, clock)?
        }
        Access::Read => SqliteStores::open_read_only(&settings, clock)?,
    })
}

/// Opens the database of orders, and that of market data as far as it can be used; says once what is left out.
pub fn open_orders(session: &Session, access: Access) -> anyhow::Result<SqliteStores> {
    let settings = settings(session.config())?;
    let stores = match access {
        Access::Write => {
            folder::check_kept(session.config())?;
            SqliteStores::open_orders(&settings, session.clock())?
        }
        Access::Read => SqliteStores::open_orders_read_only(&settings, session.clock())?,
    };
    match stores.without_market() {
        // Nothing was recorded: there is nothing to miss.
        None | Some(OpenError::Missing { .. }) => {}
        Some(why) => session.warn_once(&format!("no market data is read or kept: {why}")),
    }
    Ok(stores)
}

pub(super) fn settings(config: &Config) -> anyhow::Result<SqliteConfig> {
    let storage = config.storage()?;
    let settings = SqliteConfig::new(storage.orders, storage.market)?;
    Ok(match config.storage.size_limit {
        Some(bytes) => settings.with_size_limit(bytes)?,
        None => settings,
    })
}

/// Opens the databases for writing, once whoever has them for the moment has ended.
pub(super) async fn open_once_free(session: &Session) -> anyhow::Result<SqliteStores> {
    let open = || match open_orders(session, Access::Write) {
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

/// Opens both databases for reading, for whoever needs market data; `None` when there are none yet.
pub fn read_stores(config: &Config, clock: Arc<dyn Clock>) -> anyhow::Result<Option<SqliteStores>> {
    there(open_stores(config, clock, Access::Read), config)
}

/// Opens the database of orders for reading; `None` when there is none yet. Errors: also that there was one.
pub fn read_orders(session: &Session) -> anyhow::Result<Option<SqliteStores>> {
    there(open_orders(session, Access::Read), session.config())
}

fn there(opened: anyhow::Result<SqliteStores>, config: &Config) -> anyhow::Result<Option<SqliteStores>> {
    match opened {
        Ok(stores) => Ok(Some(stores)),
        Err(error) => match error.downcast_ref() {
            Some(OpenError::Missing { .. }) => folder::check_kept(config).map(|()| None),
            Some(OpenError::Empty { .. }) => folder::check_kept(config).and(Err(error)),
            _ => Err(error),
        },
    }
}
