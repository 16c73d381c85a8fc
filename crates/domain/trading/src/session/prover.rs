//! Making the proofs of the ready gate: the broker is asked, and what it says is held against what we know.

use crate::OrderDesk;
use async_trait::async_trait;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tradeport_connection::Proof;
use tradeport_kernel::{AccountId, Clock, ConnectionEpoch, Snapshot};
use tradeport_orders::OrderGateway;
use tradeport_portfolio::AccountFeed;

/// Makes proofs.
#[async_trait]
pub trait Prover: Send + Sync {
    /// Makes one, in this epoch.
    async fn prove(&self, proof: Proof, epoch: ConnectionEpoch) -> Result<(), Disproof>;
}

/// Why there is no proof.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Disproof {
    /// No answer, or an incomplete one: it may be asked for again.
    #[error("{0}")]
    Unanswered(String),
    /// The contrary is proven.
    #[error("{0}")]
    Refuted(String),
}

/// Executions are asked for from so long ago: a restart over a weekend is bridged.
const LOOK_BACK: Duration = Duration::from_secs(4 * 86_400);

/// Proofs by the broker's ports. With a desk, orders and positions are proven once it has reconciled them.
pub struct BrokerProver {
    gateway: Arc<dyn OrderGateway>,
    accounts: Arc<dyn AccountFeed>,
    clock: Arc<dyn Clock>,
    expected: Option<AccountId>,
    desk: OnceLock<OrderDesk>,
}

impl BrokerProver {
    /// By these ports; any account will do.
    #[must_use]
    pub fn new(
        gateway: Arc<dyn OrderGateway>,
        accounts: Arc<dyn AccountFeed>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { gateway, accounts, clock, expected: None, desk: OnceLock::new() }
    }

    /// This account must be there.
    #[must_use]
    pub fn expecting(mut self, account: AccountId) -> Self {
        self.expected = Some(account);
        self
    }

    /// From now on this desk goes on in each new epoch, and its reconciliation is part of the proof. A desk is opened on a
    /// link that stands, so it comes later than its link; the first one stays.
    pub fn reconcile_with(&self, desk: OrderDesk) {
        if self.desk.set(desk).is_err() {
            tracing::warn!("the link has a desk already");
        }
    }

    async fn account(&self) -> Result<(), Disproof> {
        let managed = self.accounts.accounts().await.map_err(unanswered)?;
        match &self.expected {
            Some(account) if !managed.contains(account) => {
                let names: Vec<&str> = managed.iter().map(AccountId::as_str).collect();
                Err(Disproof::Refuted(format!("{account} is wanted, and {} is managed", names.join(", "))))
            }
            _ => Ok(()),
        }
    }

    async fn positions(&self, epoch: ConnectionEpoch) -> Result<(), Disproof> {
        if let Some(desk) = self.desk.get() {
            desk.resume().await.map_err(unanswered)?;
        }
        for account in self.accounts.accounts().await.map_err(unanswered)? {
            whole(&self.accounts.positions(&account).await.map_err(unanswered)?, epoch)?;
        }
        Ok(())
    }
}

fn unanswered(error: impl std::error::Error) -> Disproof {
    let cause = error.source().map_or_else(String::new, |cause| format!(": {cause}"));
    Disproof::Unanswered(format!("{error}{cause}"))
}

/// What was told in another epoch proves nothing about this one.
fn whole<T>(snapshot: &Snapshot<T>, epoch: ConnectionEpoch) -> Result<(), Disproof> {
    let told = snapshot.epoch();
    let told_else = || format!("it was told in epoch {}, not in {}", told.number(), epoch.number());
    if told == epoch { Ok(()) } else { Err(Disproof::Unanswered(told_else())) }
}

#[async_trait]
impl Prover for BrokerProver {
    async fn prove(&self, proof: Proof, epoch: ConnectionEpoch) -> Result<(), Disproof> {
        match proof {
            // A link stands only once the broker has told it, and signs of life are asked for by the driver.
            Proof::OrderNumber | Proof::Life => Ok(()),
            Proof::Account => self.account().await,
            Proof::OpenOrders => whole(&self.gateway.open_orders().await.map_err(unanswered)?, epoch),
            Proof::Executions => {
                let since = self.clock.now().before(LOOK_BACK);
                whole(&self.gateway.executions(since).await.map_err(unanswered)?, epoch)
            }
            Proof::Positions => self.positions(epoch).await,
        }
    }
}
