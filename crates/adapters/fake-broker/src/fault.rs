//! Faults that a script can arm: what goes wrong at an exchange, and what goes wrong on the way to it.
//!
//! Left out: losing the link, which is a call of its own, and corrections and repeats of executions, which are inputs
//! of the exchange.

use serde::{Deserialize, Serialize};
use std::time::Duration;
use tradeport_kernel::Quantity;

/// What goes wrong at the exchange. Each but the first is armed for the next order that is taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum Fault {
    /// The next orders are refused.
    RefuseNext {
        /// How many.
        count: u32,
        /// With which words.
        reason: String,
    },
    /// The order works, but nothing is said about where it stands until so much time has passed. Executions are told.
    DelayStatus {
        /// How long.
        by: Duration,
    },
    /// The order works, but nothing is said about where it stands until it has ended. Executions are told.
    Silent,
    /// Each execution of the order is reported twice.
    RepeatExecutions,
    /// The order trades at most so much against one quote.
    Slices {
        /// How much.
        quantity: Quantity,
    },
}

/// What goes wrong on the way to the broker, with the next order, change or cancel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum WayFault {
    /// It never leaves.
    NotSent,
    /// It arrives, but the answer is lost.
    AnswerLost,
    /// It is lost, and nobody can tell.
    RequestLost,
}

/// What comes of attempts to connect, until a script says otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Door {
    /// A link.
    #[default]
    Open,
    /// Nobody listens.
    Closed,
    /// The connection is taken and closed at once, as by a program that starts.
    WarmingUp,
    /// Another connection has the client id.
    ClientIdTaken,
    /// Nothing, ever.
    Silent,
}
