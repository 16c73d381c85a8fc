//! Ports whose writes and reads go through two openings of the same files.

use async_trait::async_trait;
use tradeport_kernel::{AccountId, OrderKey, StoreError, Symbol, TimeRange, Timestamp};
use tradeport_market_data::{
    Bar, BarRequest, BarSize, BarStore, Gap, Quote, RecordedQuote, TickQuery, TickStore,
};
use tradeport_orders::{
    JournalCheckpoint, JournalEntry, JournalError, JournalReceipt, JournalRecord, OrderJournal,
};
use tradeport_portfolio::{PerformanceRecord, PortfolioSnapshot, PortfolioStore};
use tradeport_sqlite::{SqliteAudit, SqliteBars, SqliteJournal, SqlitePortfolio, SqliteTicks};
use tradeport_trading::audit::AuditHead;
use tradeport_trading::{AuditEntry, AuditLog, AuditRecord};

macro_rules! beside {
    ($name:ident, $store:ty) => {
        pub(crate) struct $name {
            pub(crate) write: $store,
            pub(crate) read: $store,
        }
    };
}
beside!(Ticks, SqliteTicks);
beside!(Bars, SqliteBars);
beside!(Journal, SqliteJournal);
beside!(Portfolio, SqlitePortfolio);
beside!(Audit, SqliteAudit);

#[async_trait]
impl TickStore for Ticks {
    async fn append(&self, quotes: &[Quote]) -> Result<(), StoreError> {
        self.write.append(quotes).await
    }
    async fn read(&self, query: &TickQuery) -> Result<Vec<RecordedQuote>, StoreError> {
        self.read.read(query).await
    }
    async fn count(&self, symbol: Symbol) -> Result<u64, StoreError> {
        self.read.count(symbol).await
    }
    async fn symbols(&self) -> Result<Vec<Symbol>, StoreError> {
        self.read.symbols().await
    }
    async fn note_gap(&self, gap: &Gap) -> Result<(), StoreError> {
        self.write.note_gap(gap).await
    }
    async fn gaps(&self, symbol: Symbol) -> Result<Vec<Gap>, StoreError> {
        self.read.gaps(symbol).await
    }
}

#[async_trait]
impl BarStore for Bars {
    async fn save(&self, bars: &[Bar]) -> Result<(), StoreError> {
        self.write.save(bars).await
    }
    async fn read(&self, request: &BarRequest) -> Result<Vec<Bar>, StoreError> {
        self.read.read(request).await
    }
    async fn span(
        &self,
        symbol: Symbol,
        size: BarSize,
    ) -> Result<Option<(Timestamp, Timestamp)>, StoreError> {
        self.read.span(symbol, size).await
    }
}

#[async_trait]
impl OrderJournal for Journal {
    async fn append(&self, entries: &[JournalEntry]) -> Result<Vec<JournalReceipt>, JournalError> {
        self.write.append(entries).await
    }
    async fn read(&self, after: u64, limit: usize) -> Result<Vec<JournalRecord>, JournalError> {
        self.read.read(after, limit).await
    }
    async fn of(&self, key: &OrderKey) -> Result<Vec<JournalRecord>, JournalError> {
        self.read.of(key).await
    }
    async fn last(&self) -> Result<u64, JournalError> {
        self.read.last().await
    }
    async fn keep_checkpoint(&self, checkpoint: &JournalCheckpoint) -> Result<(), JournalError> {
        self.write.keep_checkpoint(checkpoint).await
    }
    async fn checkpoint(&self) -> Result<Option<JournalCheckpoint>, JournalError> {
        self.read.checkpoint().await
    }
}

#[async_trait]
impl PortfolioStore for Portfolio {
    async fn save_snapshots(&self, snapshots: &[PortfolioSnapshot]) -> Result<(), StoreError> {
        self.write.save_snapshots(snapshots).await
    }
    async fn snapshots(
        &self,
        account: &AccountId,
        range: TimeRange,
    ) -> Result<Vec<PortfolioSnapshot>, StoreError> {
        self.read.snapshots(account, range).await
    }
    async fn last_snapshot(&self, account: &AccountId) -> Result<Option<PortfolioSnapshot>, StoreError> {
        self.read.last_snapshot(account).await
    }
    async fn save_performance(&self, records: &[PerformanceRecord]) -> Result<(), StoreError> {
        self.write.save_performance(records).await
    }
    async fn performance(
        &self,
        account: &AccountId,
        range: TimeRange,
    ) -> Result<Vec<PerformanceRecord>, StoreError> {
        self.read.performance(account, range).await
    }
}

#[async_trait]
impl AuditLog for Audit {
    async fn append(&self, entries: &[AuditEntry]) -> Result<(), StoreError> {
        self.write.append(entries).await
    }
    async fn read(&self, after: u64, limit: usize) -> Result<Vec<AuditRecord>, StoreError> {
        self.read.read(after, limit).await
    }
    async fn head(&self) -> Result<AuditHead, StoreError> {
        self.read.head().await
    }
}
