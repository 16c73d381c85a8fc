//! A mock of every port, for failures that no fake shows: a full disk, a refused link, an answer that never comes.
//!
//! A mock says what was scripted and counts the calls; a test that needs a port to *behave* takes a fake instead.
//!
//! ```
//! use tradeport_conformance::mocks::MockAuditLog;
//! use tradeport_kernel::StoreError;
//!
//! let mut log = MockAuditLog::new();
//! log.expect_append().returning(|_| Err(StoreError::Full("no space left on device".into())));
//! ```

mod broker;
mod stores;

pub use broker::{
    MockAccountFeed, MockBarHistory, MockBrokerLink, MockClock, MockContractCatalog, MockNotifier,
    MockOptionFeed, MockOrderGateway, MockPnlFeed, MockQuoteFeed, MockTickFeed,
};
pub use stores::{
    MockAuditLog, MockBarStore, MockBreakStore, MockOrderJournal, MockPortfolioStore, MockSwitchStore,
    MockTickStore,
};
