//! The account's figures as the broker tells them, and the performance of the portfolio.

use super::board::Board;
use crate::Session;
use crate::wiring::Plant;
use futures::{FutureExt, StreamExt};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tradeport_kernel::{AccountId, Clock, Timestamp};
use tradeport_portfolio::{AccountFeed, PortfolioSnapshot, PortfolioStore};
use tradeport_trading::{EventBus, LiveAccount, OrderDesk, PerformanceLoop, PerformanceSettings};

/// So often the account's figures are asked for.
const ASK_EVERY: Duration = Duration::from_secs(30);

/// After so long a desk that was busy is asked again.
const BUSY: Duration = Duration::from_secs(1);

/// The performance loop of each account of the login, and when they are due.
pub(super) struct Money {
    loops: BTreeMap<AccountId, PerformanceLoop>,
    settings: PerformanceSettings,
    store: Arc<dyn PortfolioStore>,
    clock: Arc<dyn Clock>,
    interval: Duration,
    due: Timestamp,
}

impl Money {
    pub(super) fn new(session: &Session, plant: &Plant) -> Self {
        let config = &session.config().performance;
        let interval = Duration::from_secs(config.interval_seconds);
        let settings = PerformanceSettings {
            interval,
            risk_free_rate: config.risk_free_rate.fraction(),
            ..PerformanceSettings::default()
        };
        let (store, clock) = (Arc::new(plant.stores.portfolio()), session.clock());
        Self { loops: BTreeMap::new(), settings, store, due: clock.now(), clock, interval }
    }

    /// When there is something to do.
    pub(super) const fn due(&self) -> Timestamp {
        self.due
    }

    /// Notes what each account is worth, when it is due: orders may be for any of them, and their losses are counted from it. What
    /// has no price yet is noted the next time.
    ///
    /// Errors: the settings make no sense.
    pub(super) async fn observe(&mut self, desk: &OrderDesk) -> anyhow::Result<()> {
        let now = self.clock.now();
        if now < self.due {
            return Ok(());
        }
        self.due = now.after(self.interval);
        // A desk that is being held against the broker takes as long as the broker does: nobody waits for that here.
        let Some(portfolios) = desk.portfolios().now_or_never() else {
            self.due = now.after(BUSY);
            return Ok(());
        };
        for portfolio in portfolios {
            let price = |symbol| desk.last_quote(symbol).and_then(|quote| quote.mid());
            match portfolio.snapshot(now, price) {
                Ok(snapshot) => self.note(desk, snapshot).await?,
                Err(error) => tracing::info!(%error, "what the portfolio is worth is not known now"),
            }
        }
        Ok(())
    }

    async fn note(&mut self, desk: &OrderDesk, snapshot: PortfolioSnapshot) -> anyhow::Result<()> {
        desk.note_equity(&snapshot.account, snapshot.at, snapshot.total_value).await;
        let performance = match self.loops.entry(snapshot.account.clone()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                let store = Arc::clone(&self.store);
                place.insert(PerformanceLoop::new(self.settings, store, EventBus::default())?)
            }
        };
        if let Err(error) = performance.observe(snapshot).await {
            // It waits, and is saved with the next.
            tracing::error!(%error, "how the portfolio goes could not be saved");
        }
        Ok(())
    }

    /// Saves what waits.
    pub(super) async fn finish(&mut self) -> anyhow::Result<()> {
        for performance in self.loops.values_mut() {
            performance.finish().await?;
        }
        Ok(())
    }
}

/// Follows the account's figures for good; a feed that ended with its link is asked again.
pub(super) async fn live_account(board: Arc<Board>, feed: Arc<dyn AccountFeed>, account: AccountId) {
    let clock = Arc::clone(&board.clock);
    loop {
        let live = LiveAccount::new(Arc::clone(&feed), Arc::clone(&clock), account.clone(), ASK_EVERY);
        match live.follow().await {
            Ok(mut figures) => {
                while let Some(Ok(summary)) = figures.next().await {
                    *board.account.lock().unwrap_or_else(PoisonError::into_inner) = Some(summary);
                }
            }
            Err(error) => tracing::debug!(%error, "the account's figures are not to be had now"),
        }
        clock.sleep_until(clock.now().after(ASK_EVERY)).await;
    }
}
