//! What this crate asks of the outside: a way to the broker, and a journal.

use crate::{
    BrokerStatus, ClearedCancel, ClearedChange, ClearedOrder, ClearedPreview, Commission, Execution,
    JournalCheckpoint, JournalEntry, JournalReceipt, JournalRecord, OcaGroup, OrderKind, OrderPreview,
    OrderSize, Side, TimeInForce,
};
use async_trait::async_trait;
use futures::stream::BoxStream;
use tradeport_kernel::{
    AccountId, BrokerOrderId, Cause, ConnectionEpoch, OrderKey, PermId, Snapshot, StoreError, Symbol,
    Timestamp,
};

/// The way to the broker, for orders.
#[async_trait]
pub trait OrderGateway: Send + Sync {
    /// Sends an order. A key that the broker has seen is accepted again or refused, as the broker likes.
    /// Promises: an accepted order is among the open orders or has ended with an event; a refused order never trades;
    /// the same key twice is never two orders; an order for an unknown instrument is `Refused`; without a link it is
    /// `NotSent`; an order that is held back does not trade before the last of its family is taken; a family whose last
    /// order never comes never trades, and can be cancelled.
    async fn submit(&self, order: &ClearedOrder) -> Result<Accepted, SubmitError>;

    /// Asks what an order would cost and tie up, without placing it.
    /// Promises: a preview never trades and leaves no order; a preview of what would be refused is refused; a key that
    /// was previewed can still be ordered; without a link a preview is `Unavailable`.
    async fn preview(&self, order: &ClearedPreview) -> Result<OrderPreview, PreviewError>;

    /// Asks to change a working order.
    /// Promises: a refused change leaves the order as it was; an accepted change shows in the open orders; a
    /// changed time in force shows there as well; a change that names no quantity leaves an order as large as its group
    /// has made it.
    async fn change(&self, change: &ClearedChange) -> Result<(), SubmitError>;

    /// Asks to cancel an order; the answer comes as an event.
    /// Promises: a cancelled order leaves the open orders and never trades again; a live order is never answered with
    /// `NoSuchOrder`; cancelling an order that has ended is `NoSuchOrder`, and changes nothing.
    async fn cancel(&self, cancel: &ClearedCancel) -> Result<(), CancelError>;

    /// Asks the broker to cancel every order of the login, whoever placed it: ours, those of other clients and those made by
    /// hand. The answers come as events. For emergencies: it takes risk away and nothing else, so it asks for no receipt of
    /// the journal, and works where nothing can be written any more.
    /// Promises: every open order leaves the open orders and never trades again; with nothing open it is no error;
    /// without a link cancelling everything is `NotSent`.
    async fn cancel_everything(&self) -> Result<(), CancelError>;

    /// What the broker says about orders, from now on. Never dropped, whatever the reader's pace; a lost link may end
    /// it, so subscribe again in the next epoch. A combo's trade is told as a whole and leg by leg: the whole adds up and
    /// costs nothing, the legs are charged (`ExecutedPart`).
    /// Promises: every execution is reported; events of one order arrive in the order in which the broker made them;
    /// each execution's commission is reported after it; the executions of an order add up to what its status says.
    async fn events(&self) -> Result<OrderEvents, GatewayError>;

    /// All orders that could still trade.
    /// Promises: the snapshot is whole or an error; it holds every live order of ours with its key; an open order names its
    /// parent and its group; a row that cannot be read is named as unread, and hides no other.
    async fn open_orders(&self) -> Result<Snapshot<BrokerOrder>, GatewayError>;

    /// Orders that have ended, as far back as the broker tells.
    /// Promises: an order that ended shows up with its last status.
    async fn completed_orders(&self) -> Result<Snapshot<BrokerOrder>, GatewayError>;

    /// Executions from a moment on, that moment included.
    /// Promises: every execution that was reported is there, once; executions from before a reconnect are still
    /// there after it; earlier ones than asked for do not come back.
    async fn executions(&self, since: Timestamp) -> Result<Snapshot<Execution>, GatewayError>;
}

/// The broker has taken an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// In which epoch.
    pub epoch: ConnectionEpoch,
    /// The broker's durable number, if it was told at once.
    pub perm_id: Option<PermId>,
    /// Its number within this connection.
    pub broker_order_id: BrokerOrderId,
}

/// Why an order or a change was not accepted: three outcomes that are never merged.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// Certain: it is dead.
    #[error("the broker refused it: {reason}")]
    Refused {
        /// What the broker said.
        reason: String,
    },
    /// Certain: it may be tried again.
    #[error("it never left this process")]
    NotSent(#[source] Cause),
    /// Reconcile first, never resend.
    #[error("the broker may or may not hold it")]
    OutcomeUnknown(#[source] Cause),
    /// This adapter does not do that.
    #[error("this gateway does not support {0}")]
    Unsupported(&'static str),
}

/// Why there is no preview. Whatever the reason, nothing was placed: it may be asked again.
#[derive(Debug, thiserror::Error)]
pub enum PreviewError {
    /// The broker would not take the order.
    #[error("the broker would refuse it: {reason}")]
    Refused {
        /// What the broker said.
        reason: String,
    },
    /// The broker cannot be reached now, or did not answer in time; try again.
    #[error("the broker gave no preview")]
    Unavailable(#[source] Cause),
    /// This adapter does not do that.
    #[error("this gateway does not support {0}")]
    Unsupported(&'static str),
}

/// Why a cancel was not passed on.
#[derive(Debug, thiserror::Error)]
pub enum CancelError {
    /// Certain: the broker has no live order of this key.
    #[error("the broker has no live order {0}")]
    NoSuchOrder(OrderKey),
    /// Certain: the order stands as it was.
    #[error("the broker refused to cancel: {reason}")]
    Refused {
        /// What the broker said.
        reason: String,
    },
    /// Certain: it may be tried again.
    #[error("the cancel never left this process")]
    NotSent(#[source] Cause),
    /// The order may or may not be cancelled.
    #[error("the broker may or may not have the cancel")]
    OutcomeUnknown(#[source] Cause),
    /// This adapter does not do that.
    #[error("this gateway does not support {0}")]
    Unsupported(&'static str),
}

/// Why the gateway did not answer a question. Nothing is known by it: unknown is not empty.
#[derive(Debug, thiserror::Error)]
pub enum GatewayError {
    /// The link was lost before the answer was whole.
    #[error("the link was lost in epoch {}", .0.number())]
    EpochLost(ConnectionEpoch),
    /// The broker cannot be reached now; try again.
    #[error("the broker cannot be reached")]
    Unavailable(#[source] Cause),
    /// This adapter does not do that.
    #[error("this gateway does not support {0}")]
    Unsupported(&'static str),
}

/// An order as the broker holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokerOrder {
    /// Our key, if it is ours.
    pub key: Option<OrderKey>,
    /// The broker's durable number, once it has given one.
    pub perm_id: Option<PermId>,
    /// Its number within the connection that sent it, when that is this one.
    pub broker_order_id: Option<BrokerOrderId>,
    /// Whose.
    pub account: AccountId,
    /// Of what.
    pub symbol: Symbol,
    /// Which way.
    pub side: Side,
    /// How much: units; money, while the broker tells of no units; or whatever something else calls for, where it tells of
    /// neither.
    pub size: OrderSize,
    /// How; `None` for a way that we have no word for: others may order what we cannot.
    pub kind: Option<OrderKind>,
    /// How long; `None` likewise.
    pub time_in_force: Option<TimeInForce>,
    /// The broker's durable number of the order that it comes alive by. `None` where it has none, or where nobody says which.
    pub parent: Option<PermId>,
    /// The group of which one ends the others or makes them smaller. `None` where it is in none, or where nobody says in which.
    pub group: Option<OcaGroup>,
    /// Where it stands.
    pub status: BrokerStatus,
    /// Who placed it, when the broker says so; of orders that have ended it mostly does not.
    pub placed_by: Option<PlacedBy>,
}

/// Who placed an order, as the broker tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PlacedBy {
    /// This client of the broker's program: this process or an earlier one under the same number.
    ThisClient,
    /// Another client of it.
    OtherClient,
    /// A person, in the broker's own program.
    Hand,
}

/// Something that the broker says about an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokerEvent {
    /// In which epoch it arrived.
    pub epoch: ConnectionEpoch,
    /// When, by the broker's clock.
    pub at: Timestamp,
    /// Our key, if the order is ours.
    pub key: Option<OrderKey>,
    /// What it says.
    pub news: BrokerNews,
}

/// What the broker says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BrokerNews {
    /// Where the order stands.
    Status(BrokerStatus),
    /// Some of it traded.
    Executed(Execution),
    /// What an execution cost.
    Charged(Commission),
}

/// The broker's words about orders, in order. Dropping it ends the subscription.
pub type OrderEvents = BoxStream<'static, BrokerEvent>;

/// Keeps what happens to orders, for ever and before anything leaves.
#[async_trait]
pub trait OrderJournal: Send + Sync {
    /// Keeps entries, all or none of them, and returns once they are durable: one receipt for each, in order.
    /// Promises: an acknowledged entry survives reopening; sequences grow by one without holes; entries come back
    /// exactly as they were given; a second intent of the same key is refused with `DuplicateIntent` and nothing of
    /// the call is kept.
    async fn append(&self, entries: &[JournalEntry]) -> Result<Vec<JournalReceipt>, JournalError>;

    /// Records after a sequence, in order, at most `limit`.
    /// Promises: reading from zero page by page gives every record once.
    async fn read(&self, after: u64, limit: usize) -> Result<Vec<JournalRecord>, JournalError>;

    /// The records of one order, in order.
    /// Promises: the records of an unknown key are empty, not an error; only those of the wanted key come back.
    async fn of(&self, key: &OrderKey) -> Result<Vec<JournalRecord>, JournalError>;

    /// The last sequence; zero for an empty journal.
    /// Promises: the last sequence is that of the last record.
    async fn last(&self) -> Result<u64, JournalError>;

    /// Keeps a checkpoint in place of the one before. What it says is no affair of the journal's, which holds every record
    /// with and without it.
    /// Promises: the checkpoint that was kept last comes back exactly as it was given, after reopening too; keeping a
    /// checkpoint leaves every record as it was.
    async fn keep_checkpoint(&self, checkpoint: &JournalCheckpoint) -> Result<(), JournalError>;

    /// The checkpoint that was kept last.
    /// Promises: where none was kept there is none, and that is no error.
    async fn checkpoint(&self) -> Result<Option<JournalCheckpoint>, JournalError>;
}

/// Why the journal did not keep an entry.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// One intent is one order, for ever.
    #[error("an order with the key {0} exists already")]
    DuplicateIntent(OrderKey),
    /// The store beneath it failed.
    #[error("the journal cannot be used")]
    Store(#[from] StoreError),
    /// This adapter does not do that.
    #[error("this journal does not support {0}")]
    Unsupported(&'static str),
}
