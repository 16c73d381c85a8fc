//! Both files opened, and the stores in them.

use crate::database::Database;
use crate::market_memory::MarketMemory;
use crate::order_projection::OrdersMemory;
use crate::{
    BackupError, FileKind, OpenError, SqliteAudit, SqliteBars, SqliteConfig, SqliteJournal, SqlitePortfolio,
    SqliteTicks,
};
use std::path::Path;
use std::sync::Arc;
use tradeport_kernel::{Clock, StoreError};

/// All stores. Clones, and the stores taken from it, share the open files; when the last is dropped, what is queued
/// has been written and the files are closed.
#[derive(Clone)]
pub struct SqliteStores {
    orders: Arc<Database<OrdersMemory>>,
    market: Arc<Database<MarketMemory>>,
    /// Why the market file was left out.
    without_market: Option<Arc<OpenError>>,
    clock: Arc<dyn Clock>,
}

impl SqliteStores {
    /// Opens both files for reading and writing, and makes what is not there. The clock says when a tick was kept.
    ///
    /// Blocks while it migrates. Errors say what to do: another process has a file open, a file is read-only, full,
    /// no database, or of a newer schema.
    pub fn open(config: &SqliteConfig, clock: Arc<dyn Clock>) -> Result<Self, OpenError> {
        let orders = Arc::new(Database::open(config.orders(), FileKind::Orders, config)?);
        let market = Arc::new(Database::open(config.market(), FileKind::Market, config)?);
        Ok(Self { orders, market, without_market: None, clock })
    }

    /// The same for whoever needs the orders: a market file that cannot be opened, for whatever reason but that another
    /// process has it, is left alone, and [`SqliteStores::without_market`] tells why. Ticks and bars are then answered with
    /// `Unavailable`.
    pub fn open_orders(config: &SqliteConfig, clock: Arc<dyn Clock>) -> Result<Self, OpenError> {
        let orders = Arc::new(Database::open(config.orders(), FileKind::Orders, config)?);
        match Database::open(config.market(), FileKind::Market, config) {
            Err(error @ OpenError::InUse { .. }) => Err(error),
            market => Ok(Self::over(orders, market, clock)),
        }
    }

    /// [`SqliteStores::open_orders`] for reading alone.
    pub fn open_orders_read_only(config: &SqliteConfig, clock: Arc<dyn Clock>) -> Result<Self, OpenError> {
        let readers = config.readers();
        let orders = Arc::new(Database::open_read_only(config.orders(), FileKind::Orders, readers)?);
        let market = Database::open_read_only(config.market(), FileKind::Market, readers);
        Ok(Self::over(orders, market, clock))
    }

    fn over(
        orders: Arc<Database<OrdersMemory>>,
        market: Result<Database<MarketMemory>, OpenError>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let (market, without_market) = match market {
            Ok(market) => (market, None),
            Err(why) => (Database::shut(FileKind::Market, why.to_string()), Some(Arc::new(why))),
        };
        Self { orders, market: Arc::new(market), without_market, clock }
    }

    pub(crate) const fn orders_file(&self) -> &Arc<Database<OrdersMemory>> {
        &self.orders
    }

    /// Why the market file was not opened, if it was not.
    #[must_use]
    pub fn without_market(&self) -> Option<&OpenError> {
        self.without_market.as_deref()
    }

    /// Opens both files for reading alone, beside a process that writes if there is one. Every write is answered with
    /// `ReadOnly`.
    pub fn open_read_only(config: &SqliteConfig, clock: Arc<dyn Clock>) -> Result<Self, OpenError> {
        let readers = config.readers();
        let orders = Arc::new(Database::open_read_only(config.orders(), FileKind::Orders, readers)?);
        let market = Arc::new(Database::open_read_only(config.market(), FileKind::Market, readers)?);
        Ok(Self { orders, market, without_market: None, clock })
    }

    /// The store of ticks.
    #[must_use]
    pub fn ticks(&self) -> SqliteTicks {
        SqliteTicks::new(Arc::clone(&self.market), Arc::clone(&self.clock))
    }

    /// The store of bars.
    #[must_use]
    pub fn bars(&self) -> SqliteBars {
        SqliteBars::new(Arc::clone(&self.market))
    }

    /// The journal of orders.
    #[must_use]
    pub fn journal(&self) -> SqliteJournal {
        SqliteJournal::new(Arc::clone(&self.orders))
    }

    /// The store of snapshots and performance.
    #[must_use]
    pub fn portfolio(&self) -> SqlitePortfolio {
        SqlitePortfolio::new(Arc::clone(&self.orders))
    }

    /// The audit log.
    #[must_use]
    pub fn audit(&self) -> SqliteAudit {
        SqliteAudit::new(Arc::clone(&self.orders))
    }

    /// Copies both files as they are now into a folder, which is made, as `orders.db` and `market.db`; writing goes on
    /// meanwhile. Each copy is whole, was looked through and is on the disk before it has its name; together they are a
    /// folder that [`SqliteConfig::in_folder`] opens. A market file that is not there is not copied.
    ///
    /// Errors: a copy is there already, there is no room, or the copy is not whole. What is half done is thrown away.
    pub async fn backup(&self, folder: &Path) -> Result<(), BackupError> {
        std::fs::create_dir_all(folder)
            .map_err(|cause| BackupError::Unwritable { path: folder.to_owned(), cause })?;
        self.orders.copy_into(folder).await?;
        match self.without_market() {
            Some(OpenError::Missing { .. }) => Ok(()),
            _ => self.market.copy_into(folder).await,
        }
    }

    /// Does a reader keep the write-ahead log of one of the files from being moved, so that it grows without end? Such a
    /// reader is a program that began to read and does not stop; it is told of in the log, too.
    #[must_use]
    pub fn log_is_held_up(&self) -> bool {
        self.orders.log_is_held_up() || self.market.log_is_held_up()
    }

    /// Changes how large each file may grow, in bytes, while they are open: the way on after `Full`.
    pub async fn set_size_limit(&self, bytes: u64) -> Result<(), StoreError> {
        self.orders.limit_size(bytes).await?;
        self.market.limit_size(bytes).await
    }
}
