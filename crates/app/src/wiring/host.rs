//! A service, for commands that it does for others: its databases, its desk, and its broker behind guard and gate.

use super::Broker;
use super::broker::World;
use super::platform::keep;
use std::sync::Arc;
use tokio::sync::Mutex;
use tradeport_sqlite::SqliteStores;
use tradeport_trading::OrderDesk;

/// What a service has; clones are the same.
#[derive(Clone)]
pub struct Host {
    broker: Broker,
    desk: OrderDesk,
    stores: SqliteStores,
    /// Held by whoever takes in what a simulated broker said, so that its words keep their order.
    turn: Arc<Mutex<()>>,
}

impl Host {
    pub(super) const fn new(
        broker: Broker,
        desk: OrderDesk,
        stores: SqliteStores,
        turn: Arc<Mutex<()>>,
    ) -> Self {
        Self { broker, desk, stores, turn }
    }

    pub(super) const fn broker(&self) -> &Broker {
        &self.broker
    }

    pub(super) const fn desk(&self) -> &OrderDesk {
        &self.desk
    }

    pub(super) const fn stores(&self) -> &SqliteStores {
        &self.stores
    }

    /// Takes in what a simulated broker said, once its state is kept. The words of TWS are taken in as they come, by the
    /// service alone.
    pub(super) async fn take_in(&self) -> anyhow::Result<()> {
        if let World::Fake(_) = &self.broker.world {
            let _one_at_a_time = self.turn.lock().await;
            keep(&self.broker)?;
            self.desk.pump().await?;
        }
        Ok(())
    }
}
