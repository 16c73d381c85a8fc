//! Stores, a clock and a notifier in memory: the reference implementations of their ports, and what tests use.
//!
//! Holds [`TickStore`], [`BarStore`], [`OrderJournal`], [`PortfolioStore`], [`AuditLog`], [`SwitchStore`],
//! [`BreakStore`], [`Notifier`] and [`Clock`];
//! it passes every case of the conformance kit, without exception. Each is as simple as its promises allow: one lock
//! around plain collections, searched from end to end.
//!
//! Every store is a handle. A clone shares what is kept, so opening a store again is cloning its handle; what is kept
//! ends with the last handle.
//!
//! Left out: durability beyond the process, and speed on large data.
//!
//! [`TickStore`]: tradeport_market_data::TickStore
//! [`BarStore`]: tradeport_market_data::BarStore
//! [`OrderJournal`]: tradeport_orders::OrderJournal
//! [`PortfolioStore`]: tradeport_portfolio::PortfolioStore
//! [`AuditLog`]: tradeport_trading::AuditLog
//! [`SwitchStore`]: tradeport_risk::SwitchStore
//! [`BreakStore`]: tradeport_trading::BreakStore
//! [`Notifier`]: tradeport_trading::Notifier
//! [`Clock`]: tradeport_kernel::Clock

mod audit_log;
mod bar_store;
mod break_store;
mod clock;
mod notifier;
mod order_journal;
mod portfolio_store;
mod shared;
mod switch_store;
mod tick_store;

pub use audit_log::MemoryAudit;
pub use bar_store::MemoryBars;
pub use break_store::MemoryBreaks;
pub use clock::VirtualClock;
pub use notifier::MemoryNotifier;
pub use order_journal::MemoryJournal;
pub use portfolio_store::MemoryPortfolio;
pub use switch_store::MemorySwitch;
pub use tick_store::MemoryTicks;
