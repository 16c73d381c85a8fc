//! Orders: how one is worded, how it lives, and how it reaches a broker.
//!
//! An [`OrderIntent`] is what somebody wants, under a key of ours that is its identity for ever. The journal keeps it
//! before anything is sent; only then does the desk hold a [`ClearedOrder`], the one thing that a gateway takes. What
//! the broker says goes as [`OrderInput`] into [`Order::apply`], a pure state machine in which *unknown* is a state
//! and money beats status: an execution counts whatever the order's state is.
//!
//! Left out: whether an order is wise (`risk`), and what it does to a position (`portfolio`).

mod cleared;
mod execution;
mod fills;
mod input;
mod intent;
mod journal;
mod kind;
mod order;
mod ports;
mod state;

pub use cleared::{ClearedCancel, ClearedChange, ClearedOrder, NotCleared};
pub use execution::{Commission, Execution, ExecutionId};
pub use fills::{Fills, Taken};
pub use input::{BrokerPhase, BrokerStatus, OrderInput};
pub use intent::{NotAnIntent, OcaGroup, OrderDraft, OrderIntent};
pub use journal::{JournalEntry, JournalEvent, JournalReceipt, JournalRecord, OrderBook, OrphanEntry};
pub use kind::{OrderChange, OrderKind, Side, TimeInForce, TrailBy};
pub use order::{Anomaly, Applied, Order};
pub use ports::{
    Accepted, BrokerEvent, BrokerNews, BrokerOrder, CancelError, GatewayError, JournalError, OrderEvents,
    OrderGateway, OrderJournal, SubmitError,
};
pub use state::OrderState;
