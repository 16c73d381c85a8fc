//! The performance loop: snapshots of the portfolio at an interval, and how good it has been.
//!
//! Snapshots are kept at the interval; the figures are of daily returns, from the last snapshot of one UTC day to the
//! last of the next, so that they can be annualised and compared with anybody else's.

use crate::{EventBus, PlatformEvent};
use rust_decimal::prelude::ToPrimitive;
use std::sync::Arc;
use std::time::Duration;
use tradeport_analytics::{
    AnnualRate, Basis, NotABasis, PerformanceAccumulator, PeriodsPerYear, TailProbability,
};
use tradeport_kernel::{StoreError, Timestamp};
use tradeport_portfolio::{PerformanceRecord, PortfolioSnapshot, PortfolioStore};

/// How often, and against what.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PerformanceSettings {
    /// Clock time between two snapshots.
    pub interval: Duration,
    /// The annual risk-free rate, 0.05 for five percent.
    pub risk_free_rate: f64,
    /// So many snapshots are collected before they are saved; 1 saves each at once.
    pub batch: usize,
}

impl Default for PerformanceSettings {
    fn default() -> Self {
        Self { interval: Duration::from_secs(300), risk_free_rate: 0.05, batch: 1 }
    }
}

/// Why the loop could not go on.
#[derive(Debug, thiserror::Error)]
pub enum PerformanceError {
    /// The risk-free rate makes no sense.
    #[error("the risk-free rate is unusable")]
    Rate(#[from] NotABasis),
    /// The store failed; the snapshots are kept and will be tried again.
    #[error("{waiting} snapshots could not be saved")]
    Store {
        /// How many wait.
        waiting: usize,
        /// Why.
        #[source]
        source: StoreError,
    },
}

/// Watches one account.
pub struct PerformanceLoop {
    settings: PerformanceSettings,
    store: Arc<dyn PortfolioStore>,
    bus: EventBus,
    next_due: Timestamp,
    day: Option<Day>,
    returns: PerformanceAccumulator,
    latest: Option<PortfolioSnapshot>,
    snapshots: Vec<PortfolioSnapshot>,
    records: Vec<PerformanceRecord>,
}

/// The present day: what the portfolio was worth at its beginning, and at the last look.
#[derive(Clone, Copy)]
struct Day {
    number: i64,
    opened: f64,
    last: f64,
}

const NANOS_PER_DAY: i64 = 86_400_000_000_000;

impl PerformanceLoop {
    /// A loop that has seen nothing yet.
    pub fn new(
        settings: PerformanceSettings,
        store: Arc<dyn PortfolioStore>,
        bus: EventBus,
    ) -> Result<Self, PerformanceError> {
        let basis = Basis::new(PeriodsPerYear::DAILY, AnnualRate::new(settings.risk_free_rate)?);
        Ok(Self {
            returns: PerformanceAccumulator::new(basis, TailProbability::FIVE_PERCENT),
            settings: PerformanceSettings { batch: settings.batch.max(1), ..settings },
            store,
            bus,
            next_due: Timestamp::MIN,
            day: None,
            latest: None,
            snapshots: Vec::new(),
            records: Vec::new(),
        })
    }

    /// Has the interval passed at `now`? A clock that leaps over several intervals is due once.
    #[must_use]
    pub fn is_due(&self, now: Timestamp) -> bool {
        now >= self.next_due
    }

    /// Takes in a snapshot and returns the figures up to it; call it when the loop is due.
    pub async fn observe(
        &mut self,
        snapshot: PortfolioSnapshot,
    ) -> Result<PerformanceRecord, PerformanceError> {
        self.next_due = snapshot.at.after(self.settings.interval);
        self.note_value(&snapshot);
        let record = self.record(&snapshot);
        self.bus.publish(&PlatformEvent::Portfolio { snapshot: snapshot.clone() });
        self.bus.publish(&PlatformEvent::Performance { record: record.clone() });
        self.latest = Some(snapshot.clone());
        self.snapshots.push(snapshot);
        self.records.push(record.clone());
        if self.snapshots.len() >= self.settings.batch {
            self.save().await?;
        }
        Ok(record)
    }

    /// Closes the last day and saves what waits; the final figures, `None` when nothing was ever observed.
    pub async fn finish(&mut self) -> Result<Option<PerformanceRecord>, PerformanceError> {
        let Some(latest) = self.latest.clone() else { return Ok(None) };
        if let Some(day) = self.day.take() {
            self.close(day);
        }
        // The last moment's record without its own day is replaced by the one with it.
        let record = self.record(&latest);
        self.records.retain(|known| known.at != record.at);
        self.records.push(record.clone());
        self.save().await?;
        Ok(Some(record))
    }

    fn note_value(&mut self, snapshot: &PortfolioSnapshot) {
        let Some(value) = snapshot.total_value.amount().to_f64() else { return };
        let number = snapshot.at.nanos().div_euclid(NANOS_PER_DAY);
        match self.day {
            Some(day) if day.number == number => self.day = Some(Day { last: value, ..day }),
            Some(day) => {
                self.close(day);
                self.day = Some(Day { number, opened: day.last, last: value });
            }
            None => self.day = Some(Day { number, opened: value, last: value }),
        }
    }

    fn close(&mut self, day: Day) {
        // A portfolio that is worth nothing has no further returns: the figures stay at what they were.
        if day.opened > 0.0
            && let Err(error) = self.returns.push(day.last / day.opened - 1.0)
        {
            tracing::warn!(%error, "a daily return is unusable and left out");
        }
    }

    fn record(&self, snapshot: &PortfolioSnapshot) -> PerformanceRecord {
        let performance = self.returns.performance();
        let value = snapshot.total_value.amount().to_f64();
        PerformanceRecord {
            account: snapshot.account.clone(),
            at: snapshot.at,
            observations: performance.observations as u64,
            total_return: performance.total_return,
            sharpe_ratio: performance.sharpe,
            max_drawdown: performance.max_drawdown,
            volatility: performance.annual_volatility,
            omega_ratio: performance.omega,
            cvar: performance.cvar_historical,
            cvar_money: performance.cvar_historical.zip(value).map(|(ratio, value)| ratio * value),
        }
    }

    async fn save(&mut self) -> Result<(), PerformanceError> {
        let waiting = self.snapshots.len();
        let failed = |source| PerformanceError::Store { waiting, source };
        self.store.save_snapshots(&self.snapshots).await.map_err(failed)?;
        self.store.save_performance(&self.records).await.map_err(failed)?;
        self.snapshots.clear();
        self.records.clear();
        Ok(())
    }
}
