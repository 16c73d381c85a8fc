//! What is ordered, and by which kind of order.
//!
//! Left out: which kinds go with which instruments (`table`).

use super::words::a;
use time::Date;
use tradeport_contracts::InstrumentKind;
use tradeport_kernel::{Currency, Symbol};

/// The kind of order does not go with its contract, its venue or its side.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KindRefusal {
    /// Something that is quoted or asked for, but not traded (error 412).
    #[error("{symbol} is {}, which is not traded: a contract on it would be accepted", a(*what))]
    NotTraded {
        /// The contract.
        symbol: Symbol,
        /// What it is.
        what: InstrumentKind,
    },
    /// A contract that has ended (error 392).
    #[error("{symbol} ended on {day}: a contract that still trades would be accepted")]
    Expired {
        /// The contract.
        symbol: Symbol,
        /// Its last day.
        day: Date,
    },
    /// A kind that does not go with the instrument (errors 114 and 387).
    #[error("{kind} orders do not go with {}: {} would be accepted", a(*what), accepted.join(", "))]
    KindOfInstrument {
        /// The kind of order.
        kind: &'static str,
        /// What the contract is.
        what: InstrumentKind,
        /// The kinds that go with it.
        accepted: Vec<&'static str>,
    },
    /// A kind that the broker's list for the contract does not name (error 387).
    #[error("the broker takes no {kind} orders for {symbol}: {} would be accepted", accepted.join(", "))]
    KindNotListed {
        /// The kind of order.
        kind: &'static str,
        /// The contract.
        symbol: Symbol,
        /// The kinds that it names.
        accepted: Vec<&'static str>,
    },
    /// A kind that one venue alone takes (errors 115, 118 and 342).
    #[error("{kind} orders go to {needs}: {given} was given")]
    KindVenue {
        /// The kind of order.
        kind: &'static str,
        /// Where it goes.
        needs: &'static str,
        /// Where it would have gone.
        given: String,
    },
    /// A venue that takes one kind alone (error 119).
    #[error("{venue} takes {takes} orders alone: {kind} was given")]
    VenueKind {
        /// The venue.
        venue: &'static str,
        /// The kind that it takes.
        takes: &'static str,
        /// The kind of order.
        kind: &'static str,
    },
    /// A kind for instruments of one currency.
    #[error("{kind} orders are for instruments in {needs}: {given} was given")]
    KindCurrency {
        /// The kind of order.
        kind: &'static str,
        /// The currency.
        needs: Currency,
        /// The contract's.
        given: Currency,
    },
    /// A sale of a yes-or-no contract (error 10343).
    #[error("{symbol} is an event contract, which cannot be sold: buying its opposite would be accepted")]
    SoldEvent {
        /// The contract.
        symbol: Symbol,
    },
}
