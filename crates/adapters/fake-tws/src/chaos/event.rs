//! Events that set a rule off.

use super::params::OrderState;
use crate::wire::{AnswerKind, RequestKind};

/// Which messages of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// All.
    Any,
    /// Those of one name.
    Kind(AnswerKind),
    /// Those that end an answer of several messages: `POSITION_END` and its kin.
    Ends,
    /// Market data as it streams: ticks, depth, bars.
    Data,
}

/// Which messages of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// All.
    Any,
    /// Those of one name.
    Kind(RequestKind),
}

/// Something that happens at the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Somebody connects; nothing has been said yet.
    Connection,
    /// A client has said who it is and was told what it is told first.
    Start,
    /// A request has arrived and is not answered yet.
    Received(Asked),
    /// A message is about to be sent.
    Sending {
        /// Which.
        message: Said,
        /// Only errors and notices with this code.
        code: Option<i32>,
        /// Only orders and statuses with this status.
        status: Option<OrderState>,
    },
    /// An order comes to a status.
    Order(OrderState),
    /// An order trades.
    Execution,
}

impl Event {
    /// A request has arrived.
    #[must_use]
    pub fn received(message: impl Into<Asked>) -> Self {
        Self::Received(message.into())
    }

    /// A message is about to be sent.
    #[must_use]
    pub fn sending(message: impl Into<Said>) -> Self {
        Self::Sending { message: message.into(), code: None, status: None }
    }

    /// An error or a notice with a code is about to be sent.
    #[must_use]
    pub fn sending_code(code: i32) -> Self {
        Self::Sending { message: Said::Kind(AnswerKind::ErrorMessage), code: Some(code), status: None }
    }

    /// A status of an order is about to be sent.
    #[must_use]
    pub fn sending_status(status: OrderState) -> Self {
        Self::Sending { message: Said::Kind(AnswerKind::OrderStatus), code: None, status: Some(status) }
    }
}

impl From<AnswerKind> for Said {
    fn from(kind: AnswerKind) -> Self {
        Self::Kind(kind)
    }
}

impl From<RequestKind> for Asked {
    fn from(kind: RequestKind) -> Self {
        Self::Kind(kind)
    }
}

impl Said {
    /// Is a message among these?
    #[must_use]
    pub fn holds(self, kind: AnswerKind) -> bool {
        match self {
            Self::Any => true,
            Self::Kind(it) => it == kind,
            Self::Ends => ends(kind),
            Self::Data => streams(kind),
        }
    }
}

impl Asked {
    /// Is a message among these?
    #[must_use]
    pub fn holds(self, kind: RequestKind) -> bool {
        match self {
            Self::Any => true,
            Self::Kind(it) => it == kind,
        }
    }
}

const fn ends(kind: AnswerKind) -> bool {
    matches!(
        kind,
        AnswerKind::ContractDataEnd
            | AnswerKind::OpenOrdersEnd
            | AnswerKind::AccountDataEnd
            | AnswerKind::ExecutionDetailsEnd
            | AnswerKind::TickSnapshotEnd
            | AnswerKind::PositionEnd
            | AnswerKind::AccountSummaryEnd
            | AnswerKind::PositionMultiEnd
            | AnswerKind::AccountUpdateMultiEnd
            | AnswerKind::SecDefOptParameterEnd
            | AnswerKind::HistoricalNewsEnd
            | AnswerKind::CompletedOrdersEnd
            | AnswerKind::ReplaceFaEnd
            | AnswerKind::HistoricalDataEnd
    )
}

const fn streams(kind: AnswerKind) -> bool {
    matches!(
        kind,
        AnswerKind::TickPrice
            | AnswerKind::TickSize
            | AnswerKind::TickGeneric
            | AnswerKind::TickString
            | AnswerKind::TickEfp
            | AnswerKind::TickOptionComputation
            | AnswerKind::TickNews
            | AnswerKind::TickByTickData
            | AnswerKind::MarketDepth
            | AnswerKind::MarketDepthL2
            | AnswerKind::RealTimeBarTick
            | AnswerKind::HistoricalDataUpdate
    )
}
