//! The account's figures as the broker tells them, and the performance of the portfolio.

use super::board::Board;
use crate::Session;
use crate::wiring::{AccountProver, Plant};
use futures::{FutureExt, StreamExt};
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tradeport_kernel::{AccountId, Clock, Timestamp};
use tradeport_portfolio::AccountFeed;
use tradeport_trading::{EventBus, LiveAccount, OrderDesk, PerformanceLoop, PerformanceSettings};

/// So often the account's figures are asked for.
const ASK_EVERY: Duration = Duration::from_secs(30);

/// After so long a desk that was busy is asked again.
const BUSY: Duration = Duration::from_secs(1);

/// The performance loop, and when it is due.
pub(super) struct Money {
    performance: PerformanceLoop,
    clock: Arc<dyn Clock>,
    interval: Duration,
    due: Timestamp,
}

impl Money {
    pub(super) fn new(session: &Session, plant: &Plant) -> anyhow::Result<Self> {
        let config = &session.config().performance;
        let interval = Duration::from_secs(config.interval_seconds);
        let settings = PerformanceSettings {
            interval,
            risk_free_rate: config.risk_free_rate.fraction(),
            ..PerformanceSettings::default()
        };
        let store = Arc::new(plant.stores.portfolio());
        let performance = PerformanceLoop::new(settings, store, EventBus::default())?;
        Ok(Self { performance, due: session.clock().now(), clock: session.clock(), interval })
    }

    /// When there is something to do.
    pub(super) const fn due(&self) -> Timestamp {
        self.due
    }

    /// Notes what the portfolio is worth, when it is due. What has no price yet is noted the next time.
    pub(super) async fn observe(&mut self, desk: &OrderDesk, prover: &AccountProver) {
        let now = self.clock.now();
        if now < self.due {
            return;
        }
        self.due = now.after(self.interval);
        let Some(account) = prover.account() else { return };
        // A desk that is being held against the broker takes as long as the broker does: nobody waits for that here.
        let Some(portfolio) = desk.portfolio(account).now_or_never() else {
            self.due = now.after(BUSY);
            return;
        };
        let Some(portfolio) = portfolio else { return };
        let price = |symbol| desk.last_quote(symbol).and_then(|quote| quote.mid());
        match portfolio.snapshot(now, price) {
            Ok(snapshot) => {
                desk.note_equity(account, now, snapshot.total_value).await;
                if let Err(error) = self.performance.observe(snapshot).await {
                    // It waits, and is saved with the next.
                    tracing::error!(%error, "how the portfolio goes could not be saved");
                }
            }
            Err(error) => tracing::info!(%error, "what the portfolio is worth is not known now"),
        }
    }

    /// Saves what waits.
    pub(super) async fn finish(&mut self) -> anyhow::Result<()> {
        self.performance.finish().await?;
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
