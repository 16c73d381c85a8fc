//! Mocks of what keeps things.

use async_trait::async_trait;
use tradeport_kernel::{AccountId, OrderKey, StoreError, Symbol, TimeRange, Timestamp};
use tradeport_market_data::{
    Bar, BarRequest, BarSize, BarStore, Gap, Quote, RecordedQuote, TickQuery, TickStore,
};
use tradeport_orders::{
    JournalCheckpoint, JournalEntry, JournalError, JournalReceipt, JournalRecord, OrderJournal,
};
use tradeport_portfolio::{PerformanceRecord, PortfolioSnapshot, PortfolioStore};
use tradeport_risk::{Kill, Resume, ResumeError, Switch, SwitchStore};
use tradeport_trading::audit::AuditHead;
use tradeport_trading::reconciliation::Break;
use tradeport_trading::{AuditEntry, AuditLog, AuditRecord, BreakStore};

mockall::mock! {
    /// A scripted [`TickStore`].
    pub TickStore {}
    #[async_trait]
    impl TickStore for TickStore {
        async fn append(&self, quotes: &[Quote]) -> Result<(), StoreError>;
        async fn read(&self, query: &TickQuery) -> Result<Vec<RecordedQuote>, StoreError>;
        async fn count(&self, symbol: Symbol) -> Result<u64, StoreError>;
        async fn symbols(&self) -> Result<Vec<Symbol>, StoreError>;
        async fn note_gap(&self, gap: &Gap) -> Result<(), StoreError>;
        async fn gaps(&self, symbol: Symbol) -> Result<Vec<Gap>, StoreError>;
    }
}

mockall::mock! {
    /// A scripted [`BarStore`].
    pub BarStore {}
    #[async_trait]
    impl BarStore for BarStore {
        async fn save(&self, bars: &[Bar]) -> Result<(), StoreError>;
        async fn read(&self, request: &BarRequest) -> Result<Vec<Bar>, StoreError>;
        async fn span(&self, symbol: Symbol, size: BarSize) -> Result<Option<(Timestamp, Timestamp)>, StoreError>;
    }
}

mockall::mock! {
    /// A scripted [`OrderJournal`].
    pub OrderJournal {}
    #[async_trait]
    impl OrderJournal for OrderJournal {
        async fn append(&self, entries: &[JournalEntry]) -> Result<Vec<JournalReceipt>, JournalError>;
        async fn read(&self, after: u64, limit: usize) -> Result<Vec<JournalRecord>, JournalError>;
        async fn of(&self, key: &OrderKey) -> Result<Vec<JournalRecord>, JournalError>;
        async fn last(&self) -> Result<u64, JournalError>;
        async fn keep_checkpoint(&self, checkpoint: &JournalCheckpoint) -> Result<(), JournalError>;
        async fn checkpoint(&self) -> Result<Option<JournalCheckpoint>, JournalError>;
    }
}

mockall::mock! {
    /// A scripted [`PortfolioStore`].
    pub PortfolioStore {}
    #[async_trait]
    impl PortfolioStore for PortfolioStore {
        async fn save_snapshots(&self, snapshots: &[PortfolioSnapshot]) -> Result<(), StoreError>;
        async fn snapshots(
            &self,
            account: &AccountId,
            range: TimeRange,
        ) -> Result<Vec<PortfolioSnapshot>, StoreError>;
        async fn last_snapshot(&self, account: &AccountId) -> Result<Option<PortfolioSnapshot>, StoreError>;
        async fn save_performance(&self, records: &[PerformanceRecord]) -> Result<(), StoreError>;
        async fn performance(
            &self,
            account: &AccountId,
            range: TimeRange,
        ) -> Result<Vec<PerformanceRecord>, StoreError>;
    }
}

mockall::mock! {
    /// A scripted [`AuditLog`].
    pub AuditLog {}
    #[async_trait]
    impl AuditLog for AuditLog {
        async fn append(&self, entries: &[AuditEntry]) -> Result<(), StoreError>;
        async fn read(&self, after: u64, limit: usize) -> Result<Vec<AuditRecord>, StoreError>;
        async fn head(&self) -> Result<AuditHead, StoreError>;
    }
}

mockall::mock! {
    /// A scripted [`BreakStore`].
    pub BreakStore {}
    #[async_trait]
    impl BreakStore for BreakStore {
        async fn keep(&self, breaks: &[Break]) -> Result<(), StoreError>;
        async fn kept(&self) -> Result<Vec<Break>, StoreError>;
    }
}

mockall::mock! {
    /// A scripted [`SwitchStore`].
    pub SwitchStore {}
    #[async_trait]
    impl SwitchStore for SwitchStore {
        async fn look(&self) -> Switch;
        async fn kill(&self, kill: &Kill) -> Result<Kill, StoreError>;
        async fn resume(&self, resume: &Resume) -> Result<(), ResumeError>;
        async fn last_resume(&self) -> Result<Option<Resume>, StoreError>;
    }
}
