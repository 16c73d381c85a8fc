//! Snapshots of portfolios and records of performance, in memory.

use crate::shared::Shared;
use async_trait::async_trait;
use std::collections::BTreeMap;
use tradeport_kernel::{AccountId, StoreError, TimeRange, Timestamp};
use tradeport_portfolio::{PerformanceRecord, PortfolioSnapshot, PortfolioStore};

/// Keeps snapshots and records by account and moment.
#[derive(Clone, Debug, Default)]
pub struct MemoryPortfolio(Shared<Kept>);

type ByMoment<T> = BTreeMap<(AccountId, Timestamp), T>;

#[derive(Debug, Default)]
struct Kept {
    snapshots: ByMoment<PortfolioSnapshot>,
    records: ByMoment<PerformanceRecord>,
}

fn within<T: Clone>(kept: &ByMoment<T>, account: &AccountId, range: TimeRange) -> Vec<T> {
    let wanted = kept.iter().filter(|((of, at), _)| of == account && range.contains(*at));
    wanted.map(|(_, value)| value.clone()).collect()
}

#[async_trait]
impl PortfolioStore for MemoryPortfolio {
    async fn save_snapshots(&self, snapshots: &[PortfolioSnapshot]) -> Result<(), StoreError> {
        let placed = snapshots.iter().map(|one| ((one.account.clone(), one.at), one.clone()));
        self.0.lock().snapshots.extend(placed);
        Ok(())
    }

    async fn snapshots(
        &self,
        account: &AccountId,
        range: TimeRange,
    ) -> Result<Vec<PortfolioSnapshot>, StoreError> {
        Ok(within(&self.0.lock().snapshots, account, range))
    }

    async fn last_snapshot(&self, account: &AccountId) -> Result<Option<PortfolioSnapshot>, StoreError> {
        let kept = self.0.lock();
        let mut last_first = kept.snapshots.iter().rev();
        Ok(last_first.find(|((of, _), _)| of == account).map(|(_, snapshot)| snapshot.clone()))
    }

    async fn save_performance(&self, records: &[PerformanceRecord]) -> Result<(), StoreError> {
        let placed = records.iter().map(|one| ((one.account.clone(), one.at), one.clone()));
        self.0.lock().records.extend(placed);
        Ok(())
    }

    async fn performance(
        &self,
        account: &AccountId,
        range: TimeRange,
    ) -> Result<Vec<PerformanceRecord>, StoreError> {
        Ok(within(&self.0.lock().records, account, range))
    }
}
