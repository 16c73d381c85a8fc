//! How long an order stands.
//!
//! Left out: whether the market is open for it (`session`).

use super::words::a;
use tradeport_contracts::InstrumentKind;
use tradeport_kernel::Timestamp;

/// The time in force does not go with the order, or has passed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimeInForceRefusal {
    /// At once or never, for a kind that waits (error 111).
    #[error("{kind} orders wait, and {time_in_force} orders do not: DAY, GTC or GTD would be accepted")]
    TimeInForceOfKind {
        /// The kind of order.
        kind: &'static str,
        /// The time in force.
        time_in_force: &'static str,
    },
    /// A time in force of other instruments.
    #[error("time in force {time_in_force} is for {takes}, not for {}: DAY or GTC would be accepted", a(*what))]
    TimeInForceOfInstrument {
        /// The time in force.
        time_in_force: &'static str,
        /// What the contract is.
        what: InstrumentKind,
        /// What takes it.
        takes: &'static str,
    },
    /// A time in force that event contracts do not have.
    #[error("time in force {time_in_force} is not for event contracts: DAY, GTC or IOC would be accepted")]
    TimeInForceOfEvent {
        /// The time in force.
        time_in_force: &'static str,
    },
    /// An end that has passed (error 334).
    #[error("the {what} of the order at {at} has passed: a moment after {now} would be accepted")]
    Past {
        /// What has passed.
        what: &'static str,
        /// When it was.
        at: Timestamp,
        /// What time it is.
        now: Timestamp,
    },
}
