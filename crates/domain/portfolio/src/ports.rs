//! What this crate asks of the outside: the broker's view of the account, and a store.

use crate::{
    AccountEvent, AccountPnl, AccountSummary, PerformanceRecord, PnlEvent, PortfolioSnapshot, Position,
    PositionPnl,
};
use async_trait::async_trait;
use futures::stream::BoxStream;
use tradeport_kernel::{AccountId, Cause, ConnectionEpoch, Snapshot, StoreError, Symbol, TimeRange};

/// What the broker says about accounts.
#[async_trait]
pub trait AccountFeed: Send + Sync {
    /// The accounts that this connection may trade.
    /// Promises: at least one account, each once, in the same order every time.
    async fn accounts(&self) -> Result<Vec<AccountId>, AccountFeedError>;

    /// The figures of an account.
    /// Promises: an account that is not ours is `UnknownAccount`; net liquidation is cash plus positions; balances come to
    /// the cash at their rates; a fill moves the balance of its own currency.
    async fn summary(&self, account: &AccountId) -> Result<AccountSummary, AccountFeedError>;

    /// What an account holds.
    /// Promises: the snapshot is whole or an error; nothing held is an empty snapshot; a filled order shows in the
    /// position; flat positions are left out.
    async fn positions(&self, account: &AccountId) -> Result<Snapshot<Position>, AccountFeedError>;

    /// What changes in all accounts, from now on.
    /// Promises: a fill brings the new position and new figures.
    async fn events(&self) -> Result<AccountEvents, AccountFeedError>;
}

/// Changes of accounts, in order. Dropping it ends the subscription.
pub type AccountEvents = BoxStream<'static, AccountEvent>;

/// Why the broker told nothing about an account. Nothing is known by it: unknown is not empty.
#[derive(Debug, thiserror::Error)]
pub enum AccountFeedError {
    /// Not an account of this connection.
    #[error("account {0} is not one of this connection")]
    UnknownAccount(AccountId),
    /// The link was lost before the answer was whole.
    #[error("the link was lost in epoch {}", .0.number())]
    EpochLost(ConnectionEpoch),
    /// The broker cannot be reached now; try again.
    #[error("the account feed cannot be reached")]
    Unavailable(#[source] Cause),
    /// This adapter does not do that.
    #[error("this account feed does not support {0}")]
    Unsupported(&'static str),
}

/// What the broker says that is gained and lost, by its own reckoning.
#[async_trait]
pub trait PnlFeed: Send + Sync {
    /// The gains of an account: how they stand, and then how they change.
    /// Promises: the first word tells how it stands now; gains follow the price; what is sold is realized; a slow
    /// reader is told the newest figures; an account that is not ours is `UnknownAccount`; a lost link ends the stream
    /// with `EpochLost`.
    async fn of_account(&self, account: &AccountId) -> Result<PnlStream<AccountPnl>, PnlFeedError>;

    /// The gains of one position: how they stand, and then how they change.
    /// Promises: the position's gains are told with its quantity and value; of one instrument alone; what is not held is
    /// zero units; an instrument that is not known is `UnknownSymbol`.
    async fn of_position(
        &self,
        account: &AccountId,
        symbol: Symbol,
    ) -> Result<PnlStream<PositionPnl>, PnlFeedError>;
}

/// How gains stand, in order; what a reader has not read is replaced by what is newer. Dropping it ends it.
pub type PnlStream<T> = BoxStream<'static, PnlEvent<T>>;

/// Why nothing is told of gains and losses.
#[derive(Debug, thiserror::Error)]
pub enum PnlFeedError {
    /// Not an account of this connection.
    #[error("account {0} is not one of this connection")]
    UnknownAccount(AccountId),
    /// The broker knows no such instrument.
    #[error("no contract is known for {0}")]
    UnknownSymbol(Symbol),
    /// The link was lost before the answer came.
    #[error("the link was lost in epoch {}", .0.number())]
    EpochLost(ConnectionEpoch),
    /// The broker cannot be reached now; try again.
    #[error("the gains and losses cannot be reached")]
    Unavailable(#[source] Cause),
    /// This adapter does not do that.
    #[error("this feed of gains does not support {0}")]
    Unsupported(&'static str),
}

/// Keeps how portfolios went.
#[async_trait]
pub trait PortfolioStore: Send + Sync {
    /// Keeps snapshots, all or none of them.
    /// Promises: a snapshot of the same account and moment replaces the one before; acknowledged snapshots survive
    /// reopening; a snapshot comes back exactly as it was given.
    async fn save_snapshots(&self, snapshots: &[PortfolioSnapshot]) -> Result<(), StoreError>;

    /// Snapshots of an account, in time order.
    /// Promises: only the wanted account and range come back; nothing kept is empty, not an error.
    async fn snapshots(
        &self,
        account: &AccountId,
        range: TimeRange,
    ) -> Result<Vec<PortfolioSnapshot>, StoreError>;

    /// The last snapshot of an account.
    /// Promises: the last snapshot is that of the latest moment, whatever the order of saving.
    async fn last_snapshot(&self, account: &AccountId) -> Result<Option<PortfolioSnapshot>, StoreError>;

    /// Keeps performance records, all or none of them.
    /// Promises: a record of the same account and moment replaces the one before; acknowledged records survive
    /// reopening; figures come back to the last bit, undefined ones as `None`.
    async fn save_performance(&self, records: &[PerformanceRecord]) -> Result<(), StoreError>;

    /// Performance records of an account, in time order.
    /// Promises: only the records of the wanted account and range come back.
    async fn performance(
        &self,
        account: &AccountId,
        range: TimeRange,
    ) -> Result<Vec<PerformanceRecord>, StoreError>;
}
