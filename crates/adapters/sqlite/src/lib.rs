//! Every store of the platform in two SQLite files: `orders` (journal, audit, portfolio; each commit synced before it
//! is acknowledged) and `market` (ticks, bars).
//!
//! Holds the ports `TickStore`, `BarStore`, `OrderJournal`, `PortfolioStore` and `AuditLog`. One thread writes each
//! file and groups what waits into one transaction; a few threads read beside it. No async runtime is needed. The
//! views `bid_ask_data`, `historical_bars`, `orders`, `portfolio_snapshots` and `performance_metrics` are what
//! analysts read with any SQLite tool, also while the platform runs.
//!
//! Left out: what the stored values mean, and when to store them.

mod audit_log;
mod bar_store;
mod config;
mod connection;
mod copy;
mod database;
mod decimal;
mod document_check;
mod error;
mod examination;
mod file_system;
mod high_water;
mod insert;
mod lock;
mod log_room;
mod log_watch;
mod market_memory;
mod migrations;
mod order_journal;
mod order_projection;
mod portfolio_check;
mod portfolio_store;
mod projection_check;
mod readers;
mod schema;
mod schema_check;
mod sequence;
mod stores;
mod suspicion;
mod tick_store;
mod writer;

pub use audit_log::SqliteAudit;
pub use bar_store::SqliteBars;
pub use config::SqliteConfig;
pub use error::{BackupError, NotAConfig, OpenError};
pub use examination::Examined;
pub use order_journal::SqliteJournal;
pub use portfolio_store::SqlitePortfolio;
pub use schema_check::{SchemaDifference, SchemaFault};
pub use stores::SqliteStores;
pub use tick_store::SqliteTicks;

pub(crate) use migrations::FileKind;
