use crate::catching::catches;
use async_trait::async_trait;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use tradeport_conformance::fixtures::account;
use tradeport_conformance::portfolio_store::Harness;
use tradeport_kernel::{AccountId, Money, StoreError, TimeRange};
use tradeport_memory::MemoryPortfolio;
use tradeport_portfolio::{PerformanceRecord, PortfolioSnapshot, PortfolioStore};

catches! { portfolio_store, portfolio_store_conformance:
    KeepsTheFirstSnapshot: a_snapshot_of_the_same_account_and_moment_replaces_the_one_before,
    ForgetsOnReopen: acknowledged_snapshots_survive_reopening,
    RoundsCash: a_snapshot_comes_back_exactly_as_it_was_given,
    MixesAccounts: only_the_wanted_account_and_range_come_back,
    NothingIsAnError: nothing_kept_is_empty_not_an_error,
    LastIsTheLastSaved: the_last_snapshot_is_that_of_the_latest_moment_whatever_the_order_of_saving,
    KeepsTheFirstRecord: a_record_of_the_same_account_and_moment_replaces_the_one_before,
    DropsEverySecondSave: acknowledged_records_survive_reopening,
    UndefinedIsZero: figures_come_back_to_the_last_bit_undefined_ones_as_none,
    IgnoresRanges: only_the_records_of_the_wanted_account_and_range_come_back,
}

struct Broken {
    honest: MemoryPortfolio,
    fault: Fault,
    saves: AtomicUsize,
    last: Mutex<Option<PortfolioSnapshot>>,
}

struct Fixture<const FAULT: usize>(Broken);

impl<const FAULT: usize> Harness for Fixture<FAULT> {
    type Store = Broken;
    async fn fresh() -> Self {
        let honest = MemoryPortfolio::default();
        Self(Broken { honest, fault: FAULTS[FAULT], saves: AtomicUsize::new(0), last: Mutex::new(None) })
    }
    fn store(&self) -> &Broken {
        &self.0
    }
    async fn reopen(self) -> Self {
        if self.0.fault == Fault::ForgetsOnReopen { Self::fresh().await } else { self }
    }
}

#[async_trait]
impl PortfolioStore for Broken {
    async fn save_snapshots(&self, snapshots: &[PortfolioSnapshot]) -> Result<(), StoreError> {
        let mut snapshots = snapshots.to_vec();
        if self.fault == Fault::RoundsCash {
            let rounded =
                |cash: Money| Money::new(cash.amount() / tradeport_kernel::Decimal::TEN, cash.currency());
            snapshots.iter_mut().for_each(|snapshot| snapshot.cash = rounded(snapshot.cash));
        }
        if let (Fault::KeepsTheFirstSnapshot, Some(first)) = (self.fault, snapshots.first()) {
            let kept = self.honest.snapshots(&first.account, TimeRange::ALL).await?;
            snapshots.retain(|new| kept.iter().all(|old| old.at != new.at));
        }
        *self.last.lock().unwrap() = snapshots.last().cloned();
        self.honest.save_snapshots(&snapshots).await
    }
    async fn snapshots(
        &self,
        whose: &AccountId,
        range: TimeRange,
    ) -> Result<Vec<PortfolioSnapshot>, StoreError> {
        let mut found = self.honest.snapshots(whose, range).await?;
        if self.fault == Fault::MixesAccounts {
            found.extend(self.honest.snapshots(&account("DU2"), range).await?);
        }
        if self.fault == Fault::NothingIsAnError && found.is_empty() {
            return Err(StoreError::Corrupt("no such account".into()));
        }
        Ok(found)
    }
    async fn last_snapshot(&self, whose: &AccountId) -> Result<Option<PortfolioSnapshot>, StoreError> {
        if self.fault == Fault::LastIsTheLastSaved {
            return Ok(self.last.lock().unwrap().clone());
        }
        self.honest.last_snapshot(whose).await
    }
    async fn save_performance(&self, records: &[PerformanceRecord]) -> Result<(), StoreError> {
        let mut records = records.to_vec();
        if self.fault == Fault::UndefinedIsZero {
            records.iter_mut().for_each(|record| record.sharpe_ratio = record.sharpe_ratio.or(Some(0.0)));
        }
        if let (Fault::KeepsTheFirstRecord, Some(first)) = (self.fault, records.first()) {
            let kept = self.honest.performance(&first.account, TimeRange::ALL).await?;
            records.retain(|new| kept.iter().all(|old| old.at != new.at));
        }
        let second = self.saves.fetch_add(1, Ordering::Relaxed) % 2 == 1;
        if self.fault == Fault::DropsEverySecondSave && second {
            return Ok(());
        }
        self.honest.save_performance(&records).await
    }
    async fn performance(
        &self,
        whose: &AccountId,
        range: TimeRange,
    ) -> Result<Vec<PerformanceRecord>, StoreError> {
        let range = if self.fault == Fault::IgnoresRanges { TimeRange::ALL } else { range };
        self.honest.performance(whose, range).await
    }
}
