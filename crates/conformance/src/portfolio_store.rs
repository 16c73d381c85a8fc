//! The promises of [`PortfolioStore`].

use crate::fixtures::{self, account, moment};
use crate::same::assert_same;
use std::future::Future;
use tradeport_kernel::{AccountId, TimeRange};
use tradeport_portfolio::{PerformanceRecord, PortfolioSnapshot, PortfolioStore};

/// What a team supplies to test its store.
pub trait Harness: Sized {
    /// The store under test.
    type Store: PortfolioStore + ?Sized;

    /// An empty store, isolated from every other.
    fn fresh() -> impl Future<Output = Self>;
    /// The store.
    fn store(&self) -> &Self::Store;
    /// The same store, as after a restart.
    fn reopen(self) -> impl Future<Output = Self>;
}

crate::cases::port_cases! { $
    portfolio_store, portfolio_store_conformance:
    a_snapshot_of_the_same_account_and_moment_replaces_the_one_before [] =
        "a snapshot of the same account and moment replaces the one before",
    acknowledged_snapshots_survive_reopening [] = "acknowledged snapshots survive reopening",
    a_snapshot_comes_back_exactly_as_it_was_given [] = "a snapshot comes back exactly as it was given",
    only_the_wanted_account_and_range_come_back [] = "only the wanted account and range come back",
    nothing_kept_is_empty_not_an_error [] = "nothing kept is empty, not an error",
    the_last_snapshot_is_that_of_the_latest_moment_whatever_the_order_of_saving [] =
        "the last snapshot is that of the latest moment, whatever the order of saving",
    a_record_of_the_same_account_and_moment_replaces_the_one_before [] =
        "a record of the same account and moment replaces the one before",
    acknowledged_records_survive_reopening [] = "acknowledged records survive reopening",
    figures_come_back_to_the_last_bit_undefined_ones_as_none [] =
        "figures come back to the last bit, undefined ones as `None`",
    only_the_records_of_the_wanted_account_and_range_come_back [] =
        "only the records of the wanted account and range come back",
}

async fn save<H: Harness>(harness: &H, snapshots: &[PortfolioSnapshot]) {
    harness.store().save_snapshots(snapshots).await.expect("a store with room keeps snapshots");
}

async fn save_records<H: Harness>(harness: &H, records: &[PerformanceRecord]) {
    harness.store().save_performance(records).await.expect("a store with room keeps records");
}

async fn snapshots<H: Harness>(harness: &H, account: &AccountId, range: TimeRange) -> Vec<PortfolioSnapshot> {
    harness.store().snapshots(account, range).await.expect("a store reads what it keeps")
}

async fn records<H: Harness>(harness: &H, account: &AccountId, range: TimeRange) -> Vec<PerformanceRecord> {
    harness.store().performance(account, range).await.expect("a store reads what it keeps")
}

/// Promise: a snapshot of the same account and moment replaces the one before.
pub async fn a_snapshot_of_the_same_account_and_moment_replaces_the_one_before<H: Harness>() {
    let mut harness = H::fresh().await;
    let old = fixtures::plain_snapshots(&account("DU1"), 4);
    let [new, newest] = [5, 6].map(|days| {
        let other = fixtures::plain_snapshots(&account("DU1"), days).pop().expect("the fixture holds some");
        PortfolioSnapshot { at: old[2].at, ..other }
    });
    save(&harness, &old).await;
    save(&harness, &[new.clone(), newest.clone()]).await;
    harness = harness.reopen().await;
    let wanted = [old[0].clone(), old[1].clone(), newest, old[3].clone()];
    assert_same(&snapshots(&harness, &account("DU1"), TimeRange::ALL).await, &wanted, "snapshots");
    let bare = PortfolioSnapshot { positions: vec![], ..old[3].clone() };
    save(&harness, std::slice::from_ref(&bare)).await;
    assert_eq!(harness.store().last_snapshot(&account("DU1")).await.ok(), Some(Some(bare)));
}

/// Promise: acknowledged snapshots survive reopening.
pub async fn acknowledged_snapshots_survive_reopening<H: Harness>() {
    let mut harness = H::fresh().await;
    let wanted = fixtures::plain_snapshots(&account("DU1"), 12);
    for batch in wanted.chunks(5).rev() {
        save(&harness, batch).await;
    }
    save(&harness, &[]).await;
    harness = harness.reopen().await;
    let found = snapshots(&harness, &account("DU1"), TimeRange::ALL).await;
    assert_same(&found, &wanted, "snapshots in time order, after reopening");
}

/// Promise: a snapshot comes back exactly as it was given.
pub async fn a_snapshot_comes_back_exactly_as_it_was_given<H: Harness>() {
    let mut harness = H::fresh().await;
    let wanted = fixtures::awkward_snapshots(&account("U-1_x.y"));
    save(&harness, &wanted).await;
    harness = harness.reopen().await;
    assert_same(&snapshots(&harness, &account("U-1_x.y"), TimeRange::ALL).await, &wanted, "snapshots");
}

/// Promise: only the wanted account and range come back.
pub async fn only_the_wanted_account_and_range_come_back<H: Harness>() {
    let harness = H::fresh().await;
    let wanted = fixtures::plain_snapshots(&account("DU1"), 9);
    save(&harness, &wanted).await;
    save(&harness, &fixtures::plain_snapshots(&account("DU2"), 9)).await;
    let range = TimeRange::new(wanted[2].at, wanted[6].at);
    assert_same(&snapshots(&harness, &account("DU1"), range).await, &wanted[2..6], "snapshots of a range");
}

/// Promise: nothing kept is empty, not an error.
pub async fn nothing_kept_is_empty_not_an_error<H: Harness>() {
    let harness = H::fresh().await;
    save(&harness, &fixtures::plain_snapshots(&account("DU1"), 2)).await;
    assert_eq!(snapshots(&harness, &account("DU2"), TimeRange::ALL).await, []);
    assert_eq!(records(&harness, &account("DU1"), TimeRange::ALL).await, []);
    let last = harness.store().last_snapshot(&account("DU2")).await.expect("no snapshot is no error");
    assert_eq!(last, None);
    let past = TimeRange::new(moment(-1_000), moment(-900));
    assert_eq!(snapshots(&harness, &account("DU1"), past).await, []);
}

/// Promise: the last snapshot is that of the latest moment, whatever the order of saving.
pub async fn the_last_snapshot_is_that_of_the_latest_moment_whatever_the_order_of_saving<H: Harness>() {
    let mut harness = H::fresh().await;
    let ours = fixtures::plain_snapshots(&account("DU1"), 5);
    for at in [3, 0, 4, 1, 2] {
        save(&harness, &ours[at..=at]).await;
    }
    save(&harness, &fixtures::plain_snapshots(&account("DU2"), 9)).await;
    harness = harness.reopen().await;
    let last = harness.store().last_snapshot(&account("DU1")).await.expect("the last snapshot is read");
    assert_eq!(last.as_ref(), ours.last());
}

/// Promise: a record of the same account and moment replaces the one before.
pub async fn a_record_of_the_same_account_and_moment_replaces_the_one_before<H: Harness>() {
    let mut harness = H::fresh().await;
    let old = fixtures::plain_performance(&account("DU1"), 4);
    let new =
        PerformanceRecord { sharpe_ratio: None, volatility: Some(0.5), observations: 77, ..old[2].clone() };
    let newest = PerformanceRecord { observations: 78, ..new.clone() };
    save_records(&harness, &old).await;
    save_records(&harness, &[new, newest.clone()]).await;
    harness = harness.reopen().await;
    let wanted = [old[0].clone(), old[1].clone(), newest, old[3].clone()];
    assert_same(&records(&harness, &account("DU1"), TimeRange::ALL).await, &wanted, "records");
}

/// Promise: acknowledged records survive reopening.
pub async fn acknowledged_records_survive_reopening<H: Harness>() {
    let mut harness = H::fresh().await;
    let wanted = fixtures::plain_performance(&account("DU1"), 12);
    for batch in wanted.chunks(5).rev() {
        save_records(&harness, batch).await;
    }
    save_records(&harness, &[]).await;
    harness = harness.reopen().await;
    let found = records(&harness, &account("DU1"), TimeRange::ALL).await;
    assert_same(&found, &wanted, "records in time order, after reopening");
}

fn bits(record: &PerformanceRecord) -> [Option<u64>; 7] {
    let figures = [
        record.total_return,
        record.sharpe_ratio,
        record.max_drawdown,
        record.volatility,
        record.omega_ratio,
        record.cvar,
        record.cvar_money,
    ];
    figures.map(|figure| figure.map(f64::to_bits))
}

/// Promise: figures come back to the last bit, undefined ones as `None`.
pub async fn figures_come_back_to_the_last_bit_undefined_ones_as_none<H: Harness>() {
    let mut harness = H::fresh().await;
    let wanted = fixtures::awkward_performance(&account("DU1"));
    save_records(&harness, &wanted).await;
    harness = harness.reopen().await;
    let found = records(&harness, &account("DU1"), TimeRange::ALL).await;
    assert_same(&found, &wanted, "records");
    let bits_of = |records: &[PerformanceRecord]| records.iter().map(bits).collect::<Vec<_>>();
    assert_eq!(bits_of(&found), bits_of(&wanted), "equal, but not to the last bit");
}

/// Promise: only the records of the wanted account and range come back.
pub async fn only_the_records_of_the_wanted_account_and_range_come_back<H: Harness>() {
    let harness = H::fresh().await;
    let wanted = fixtures::plain_performance(&account("DU1"), 9);
    save_records(&harness, &wanted).await;
    save_records(&harness, &fixtures::plain_performance(&account("DU2"), 9)).await;
    let range = TimeRange::new(wanted[2].at, wanted[6].at);
    assert_same(&records(&harness, &account("DU1"), range).await, &wanted[2..6], "records of a range");
    assert_eq!(records(&harness, &account("DU3"), range).await, []);
}
