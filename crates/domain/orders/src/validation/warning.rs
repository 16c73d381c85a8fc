//! What an order does not do at once, or not quite, and what could not be judged.

use crate::Side;
use std::fmt;
use tradeport_contracts::ContractId;
use tradeport_kernel::{Decimal, Symbol, Timestamp};

/// Something to know about an order that may go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// The market is closed, and the order waits; `None` when it is not known until when.
    Waits {
        /// When the market opens.
        until: Option<Timestamp>,
    },
    /// The hours are not known.
    HoursUnknown {
        /// At which moment.
        at: Timestamp,
    },
    /// The opening auction of the session is over; the order waits for the next one, or is refused.
    OpeningOver {
        /// The kind of order.
        kind: &'static str,
    },
    /// The kind trades in regular sessions alone.
    OutsideIgnored {
        /// The kind of order.
        kind: &'static str,
    },
    /// Other live orders may take so much out of the position: all of it together is more than is held.
    Turns {
        /// How many units.
        beside: Decimal,
        /// Which way.
        side: Side,
        /// Of what.
        symbol: Symbol,
    },
    /// An attribute that the broker sets aside here.
    NoEffect {
        /// The attribute.
        what: &'static str,
    },
    /// Something that the broker's list for the contract does not name.
    NotListed {
        /// The broker's word for it.
        word: &'static str,
        /// The contract.
        symbol: Symbol,
    },
    /// A kind at a venue where it is not usually taken.
    UnusualVenue {
        /// The kind of order.
        kind: &'static str,
        /// Where it would go.
        venue: String,
        /// Where it is usually taken.
        usual: &'static str,
    },
    /// The contract of a leg was not given, so that its price could not be judged.
    LegUnknown {
        /// Which leg, counted from 1.
        leg: usize,
        /// Its contract.
        contract: ContractId,
    },
    /// What the contract is was not said, so that the kind of order could not be judged.
    KindUnknown {
        /// The contract.
        symbol: Symbol,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Waits { until: Some(until) } => {
                write!(f, "the market is closed: the order waits until {until}")
            }
            Self::Waits { until: None } => {
                f.write_str("the market is closed: the order waits, and it is not known until when")
            }
            Self::HoursUnknown { at } => write!(f, "it is not known whether the market is open at {at}"),
            Self::OpeningOver { kind } => {
                write!(f, "the market is open already: a {kind} order waits for the next opening auction")
            }
            Self::OutsideIgnored { kind } => {
                write!(
                    f,
                    "{kind} orders trade in regular sessions alone: to trade outside of them has no effect"
                )
            }
            Self::Turns { beside, side, symbol } => write!(
                f,
                "other orders may still {side} {beside} {symbol}: with this one that is more than is held, and turns the \
                 position; cancel what is no longer wanted"
            ),
            Self::NoEffect { what } => {
                write!(f, "{what} has no effect but for US stocks that are routed by SMART")
            }
            Self::NotListed { word, symbol } => {
                write!(f, "the broker's list for {symbol} does not name {word}")
            }
            Self::UnusualVenue { kind, venue, usual } => {
                write!(f, "{kind} orders are usually taken at {usual}, not at {venue}")
            }
            Self::LegUnknown { leg, contract } => write!(
                f,
                "the contract {} of leg {leg} was not given: the price of the leg was not checked",
                contract.number()
            ),
            Self::KindUnknown { symbol } => {
                write!(
                    f,
                    "it is not known what {symbol} is: whether the kind of order goes with it was not checked"
                )
            }
        }
    }
}
