//! `PortfolioStore` in the orders file.

use crate::database::Database;
use crate::error::{store_error, unreadable};
use crate::order_projection::OrdersMemory;
use crate::schema::{performance, snapshots};
use async_trait::async_trait;
use diesel::prelude::*;
use std::sync::Arc;
use tradeport_kernel::{AccountId, StoreError, TimeRange, Timestamp, fnv1a};
use tradeport_portfolio::{PerformanceRecord, PortfolioSnapshot, PortfolioStore};

/// Snapshots and performance in the orders file. Cheap to clone; all clones are one store.
#[derive(Clone)]
pub struct SqlitePortfolio {
    database: Arc<Database<OrdersMemory>>,
}

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = performance, treat_none_as_default_value = false)]
pub(crate) struct PerformanceRow {
    pub(crate) account: String,
    pub(crate) at: i64,
    observations: i64,
    total_return: Option<f64>,
    sharpe_ratio: Option<f64>,
    max_drawdown: Option<f64>,
    volatility: Option<f64>,
    omega_ratio: Option<f64>,
    cvar: Option<f64>,
    cvar_money: Option<f64>,
    pub(crate) figures: String,
}

impl PerformanceRow {
    /// What analysts see of it. Nothing stands for what is no number.
    pub(crate) fn shown(&self) -> (i64, [Option<f64>; 7]) {
        let Self {
            total_return, sharpe_ratio, max_drawdown, volatility, omega_ratio, cvar, cvar_money, ..
        } = self;
        let figures = [total_return, sharpe_ratio, max_drawdown, volatility, omega_ratio, cvar, cvar_money];
        (self.observations, figures.map(|figure| figure.filter(|it| !it.is_nan())))
    }
}

impl SqlitePortfolio {
    pub(crate) const fn new(database: Arc<Database<OrdersMemory>>) -> Self {
        Self { database }
    }
}

/// What tells a payload from one in which a byte has changed.
pub(crate) fn sum_of(payload: &str) -> i64 {
    fnv1a(payload.bytes()).cast_signed()
}

#[async_trait]
impl PortfolioStore for SqlitePortfolio {
    async fn save_snapshots(&self, given: &[PortfolioSnapshot]) -> Result<(), StoreError> {
        if given.is_empty() {
            return Ok(());
        }
        let rows = given
            .iter()
            .map(|one| Ok((one.account.as_str().to_owned(), one.at.nanos(), serde_json::to_string(one)?)))
            .collect::<Result<Vec<_>, serde_json::Error>>()
            .map_err(unreadable)?;
        self.database
            .write(move |session| {
                for (account, at, payload) in &rows {
                    diesel::replace_into(snapshots::table)
                        .values((
                            snapshots::account.eq(account),
                            snapshots::at.eq(at),
                            snapshots::payload.eq(payload),
                            snapshots::sum.eq(sum_of(payload)),
                        ))
                        .execute(&mut session.connection)
                        .map_err(store_error)?;
                }
                Ok(())
            })
            .await
    }

    async fn snapshots(
        &self,
        account: &AccountId,
        range: TimeRange,
    ) -> Result<Vec<PortfolioSnapshot>, StoreError> {
        let account = account.as_str().to_owned();
        let payloads: Vec<String> = self
            .database
            .read(move |connection| {
                snapshots::table
                    .filter(snapshots::account.eq(account))
                    .filter(snapshots::at.ge(range.start().nanos()))
                    .filter(snapshots::at.lt(range.end().nanos()))
                    .order(snapshots::at)
                    .select(snapshots::payload)
                    .load(connection)
                    .map_err(store_error)
            })
            .await?;
        payloads.iter().map(|payload| serde_json::from_str(payload).map_err(unreadable)).collect()
    }

    async fn last_snapshot(&self, account: &AccountId) -> Result<Option<PortfolioSnapshot>, StoreError> {
        let account = account.as_str().to_owned();
        let payload: Option<String> = self
            .database
            .read(move |connection| {
                snapshots::table
                    .filter(snapshots::account.eq(account))
                    .order(snapshots::at.desc())
                    .select(snapshots::payload)
                    .first(connection)
                    .optional()
                    .map_err(store_error)
            })
            .await?;
        payload.map(|payload| serde_json::from_str(&payload).map_err(unreadable)).transpose()
    }

    async fn save_performance(&self, records: &[PerformanceRecord]) -> Result<(), StoreError> {
        if records.is_empty() {
            return Ok(());
        }
        let rows = records.iter().map(to_row).collect::<Result<Vec<_>, StoreError>>()?;
        self.database
            .write(move |session| {
                for row in &rows {
                    diesel::replace_into(performance::table)
                        .values(row)
                        .execute(&mut session.connection)
                        .map_err(store_error)?;
                }
                Ok(())
            })
            .await
    }

    async fn performance(
        &self,
        account: &AccountId,
        range: TimeRange,
    ) -> Result<Vec<PerformanceRecord>, StoreError> {
        let name = account.as_str().to_owned();
        let rows: Vec<(i64, String)> = self
            .database
            .read(move |connection| {
                performance::table
                    .filter(performance::account.eq(name))
                    .filter(performance::at.ge(range.start().nanos()))
                    .filter(performance::at.lt(range.end().nanos()))
                    .order(performance::at)
                    .select((performance::at, performance::figures))
                    .load(connection)
                    .map_err(store_error)
            })
            .await?;
        rows.iter().map(|row| to_record(account, row)).collect()
    }
}

pub(crate) fn to_row(record: &PerformanceRecord) -> Result<PerformanceRow, StoreError> {
    let figures = [
        record.total_return,
        record.sharpe_ratio,
        record.max_drawdown,
        record.volatility,
        record.omega_ratio,
        record.cvar,
        record.cvar_money,
    ]
    .map(|figure| figure.map(f64::to_bits));
    Ok(PerformanceRow {
        account: record.account.as_str().to_owned(),
        at: record.at.nanos(),
        observations: i64::try_from(record.observations).unwrap_or(i64::MAX),
        total_return: record.total_return,
        sharpe_ratio: record.sharpe_ratio,
        max_drawdown: record.max_drawdown,
        volatility: record.volatility,
        omega_ratio: record.omega_ratio,
        cvar: record.cvar,
        cvar_money: record.cvar_money,
        figures: serde_json::to_string(&(record.observations, figures)).map_err(unreadable)?,
    })
}

pub(crate) fn to_record(
    account: &AccountId,
    (at, figures): &(i64, String),
) -> Result<PerformanceRecord, StoreError> {
    let (observations, bits): (u64, [Option<u64>; 7]) = serde_json::from_str(figures).map_err(unreadable)?;
    let [total_return, sharpe_ratio, max_drawdown, volatility, omega_ratio, cvar, cvar_money] =
        bits.map(|figure| figure.map(f64::from_bits));
    Ok(PerformanceRecord {
        account: account.clone(),
        at: Timestamp::from_nanos(*at),
        observations,
        total_return,
        sharpe_ratio,
        max_drawdown,
        volatility,
        omega_ratio,
        cvar,
        cvar_money,
    })
}
