//! Orders: how one is worded, how it lives, and how it reaches a broker.
//!
//! An [`OrderIntent`] is what somebody wants, under a key of ours that is its identity for ever. The journal keeps it
//! before anything is sent; only then does the desk hold a [`ClearedOrder`], the one thing that a gateway takes. What
//! the broker says goes as [`OrderInput`] into [`Order::apply`], a pure state machine in which *unknown* is a state
//! and money beats status: an execution counts whatever the order's state is.
//!
//! Left out: whether an order is wise (`risk`), and what it does to a position (`portfolio`).

pub mod algo;
mod attributes;
mod bracket;
mod cancel;
mod change;
mod cleared;
mod draft;
mod execution;
mod figure;
mod fills;
mod input;
mod intent;
mod journal;
mod kind;
mod memory;
mod order;
mod ports;
mod preview;
mod refusal;
mod side;
mod size;
mod state;
pub mod strategy;
mod text;
mod time_in_force;
mod twins;
pub mod validation;

pub use algo::{Algo, AlgoRefusal};
pub use attributes::{
    AdjustedStop, Allocation, AllocationMethod, Attributes, AuctionStrategy, Clearing, ClearingIntent,
    ComboRouting, ComboTerms, Compliance, Condition, Conditions, Connector, DeltaNeutral, DeltaNeutralKind,
    Entry, EntryTag, Handling, Hedge, HedgeForm, HedgeKind, Link, MiscOption, OcaEffect, OcaGroup, OnMet,
    OrderAttributes, PhysicalExchange, PositionEffect, PresetChildren, Responsible, Routing, Rule80A,
    SaleKind, Scale, ScaleDrift, ShortSaleSource, SoftDollarTier, StopAdjustment, Threshold, Timing,
    TriggerMethod, Watched, WhatIf,
};
pub use bracket::{Bracket, NotABracket};
pub use cancel::CancelTag;
pub use change::{ChangeRefusal, ConditionChange, OrderChange};
pub use cleared::{ClearedCancel, ClearedChange, ClearedOrder, ClearedPreview, NotCleared};
pub use draft::OrderDraft;
pub use execution::{Commission, ExecutedPart, Execution, ExecutionId};
pub use figure::Figure;
pub use fills::{Fills, Taken};
pub use input::{BrokenRule, BrokerPhase, BrokerStatus, OrderInput, RefusedBy, RiskFinding};
pub use intent::OrderIntent;
pub use journal::{
    JournalCheckpoint, JournalEntry, JournalEvent, JournalReceipt, JournalRecord, OrderBook, OrphanEntry,
};
pub use kind::{
    Benchmark, Compete, MidOffsets, MidPeg, OffsetBy, OrderKind, PegDirection, ReferencePrice, StockPeg,
    StockRange, TrailBy, TrailingLimit, Volatility, VolatilityBasis, VolatilityPeg, VolatilityTerms,
};
pub use memory::OrderMemory;
pub use order::{Anomaly, Applied, Order, PendingChange};
pub use ports::{
    Accepted, BrokerEvent, BrokerNews, BrokerOrder, CancelError, GatewayError, JournalError, OrderEvents,
    OrderGateway, OrderJournal, PlacedBy, PreviewError, SubmitError,
};
pub use preview::{AccountEffect, CommissionPreview, OrderPreview, PreviewedMargin};
pub use refusal::NotAnIntent;
pub use side::Side;
pub use size::OrderSize;
pub use state::OrderState;
pub use text::{NotAText, NotAVenue, Text, Venue};
pub use time_in_force::TimeInForce;
pub use twins::Twin;
