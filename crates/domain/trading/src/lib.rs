//! The use cases: what happens across domains, in the order that keeps money safe.
//!
//! [`OrderDesk`] is the one way out: risk verdict, validation, journal, gateway, state. [`Recorder`] keeps what a feed says, [`QuoteReplay`] tells it again.
//! [`PerformanceLoop`] keeps how the portfolio goes. [`LiveAccount`] follows the broker's figures. [`SessionSupervisor`] looks after the link.
//! [`EventBus`] tells everybody else. [`audit`] keeps who did what, so that nobody can rewrite it unseen.
//!
//! Left out: every technology. All of it is behind ports, time included.

pub mod audit;
mod bus;
mod cover;
mod desk;
mod hex;
mod live_account;
mod performance;
mod ports;
pub mod reconciliation;
mod recorder;
mod replay;
mod session;
mod watchdog;

pub use audit::AuditHead;
pub use bus::{EventBus, PlatformEvent, PlatformEvents};
pub use cover::{Bracketed, CoverGap, ProtectionPolicy, StopDemand, cover_gaps};
pub use desk::{
    CalledOff, Cancelled, ChangeOutcome, Changed, DeskError, DeskPorts, DeskSettings, DrainPolicy,
    NotAFamily, ORDERS_TENDED_EVERY, OnItsWay, OrderDesk, ParentFate, Placed, PlacedFamily, PositionBreak,
    Previewed, Reconciled, SWITCH_LOOKED_AT_EVERY, ShownOrder, StrategyOrder, Sweep, VerticalSpread,
};
pub use live_account::{LiveAccount, Summaries};
pub use performance::{PerformanceError, PerformanceLoop, PerformanceSettings};
pub use ports::{Alarm, AuditEntry, AuditLog, AuditRecord, BreakStore, Notifier, NotifyError, Severity};
pub use reconciliation::Break;
pub use recorder::{Ended, Recorder, RecorderError, RecorderReport, RecorderSettings};
pub use replay::QuoteReplay;
pub use session::{
    BrokerProver, Disproof, GatedGateway, Prover, SessionHandle, SessionPorts, SessionSupervisor,
    SessionView, StreamCommand, WantedStream, lasting_quotes,
};
pub use watchdog::{Beat, Sighting, WatchChange, Watchdog};
