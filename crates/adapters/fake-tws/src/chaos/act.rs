//! Acts: what a rule does.

use super::languages::Language;
use super::params::{
    Alteration, Bust, ClockOff, Correction, Farm, HandOrder, Merge, Notice, OrderState, Outage, Refusal,
    Reorder, Restart, Split, StopData,
};
use super::{Data, params, span};
use serde::Deserialize;
use std::time::Duration;

/// One thing that a rule does. Acts on a message need an event that has one.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// The message is not sent.
    Drop,
    /// It is sent so many times more.
    Duplicate(u32),
    /// It is sent later; others overtake it.
    Delay(#[serde(deserialize_with = "span::read")] Duration),
    /// It falls behind others.
    Reorder(Reorder),
    /// Its frame comes in pieces.
    Split(Split),
    /// It waits for others, and they come in one go.
    Merge(Merge),
    /// Only so many bytes of its body are sent, as a well-formed frame.
    Truncate(u32),
    /// Only so many bytes of its frame are sent, and the connection ends.
    Tear(u32),
    /// It lacks something, or says what cannot be.
    Alter(Alteration),

    /// The request is not answered.
    Ignore,
    /// It is answered later; others overtake it.
    Hold(#[serde(deserialize_with = "span::read")] Duration),
    /// It is answered with an error and not done.
    Refuse(Refusal),
    /// A change of an order does not find it: a second order with the same id works beside the first.
    Double,

    /// A notice or an error is told.
    Notice(Notice),
    /// Connections are closed.
    Cut,
    /// Connections stay open, and nothing is sent or read on them any more.
    HalfOpen,
    /// Nothing is sent or read for a while; then everything comes at once.
    Stall(#[serde(deserialize_with = "span::read")] Duration),
    /// Every stream of market data is told an error and stops.
    StopData(StopData),
    /// Bytes are sent as they are, whatever they mean.
    Raw(#[serde(deserialize_with = "params::read_bytes")] Vec<u8>),
    /// Depth is emptied and built anew, error 317.
    ResetDepth,

    /// The server restarts.
    Restart(Restart),
    /// The next order id is this one.
    NextOrderId(i32),
    /// The next order id goes back by so many.
    RollBack(u32),
    /// The server loses its own connection: 1100.
    LoseConnectivity(Outage),
    /// It is back: 1101 when data was lost, else 1102.
    RestoreConnectivity(Data),
    /// A farm changes its state.
    Farm(Farm),
    /// Errors and notices are told in a language.
    Language(Language),
    /// The server's clock is off, as it tells the time.
    Clock(ClockOff),

    /// The order of the event trades, whole or what is left of it.
    Fill,
    /// The price of its last execution is corrected: a new execution, its id one revision on.
    Correct(Correction),
    /// The quantity of its last execution is corrected, or it counts no more.
    Bust(Bust),
    /// Its last execution is reported once more.
    Repeat,
    /// Its client is told a status that is not so; with `Cancelled` also error 202.
    Pretend(OrderState),
    /// A person enters an order by hand.
    EnterByHand(HandOrder),
}

/// What an act is done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActKind {
    /// A message of the server.
    Sent,
    /// A request.
    Asked,
    /// Connections.
    Connections,
    /// The whole server.
    Server,
    /// An order.
    Order,
}

impl Act {
    /// What it is done to.
    #[must_use]
    pub const fn kind(&self) -> ActKind {
        match self {
            Self::Drop
            | Self::Duplicate(_)
            | Self::Delay(_)
            | Self::Reorder(_)
            | Self::Split(_)
            | Self::Merge(_)
            | Self::Truncate(_)
            | Self::Tear(_)
            | Self::Alter(_) => ActKind::Sent,
            Self::Ignore | Self::Hold(_) | Self::Refuse(_) | Self::Double => ActKind::Asked,
            Self::Notice(_)
            | Self::Cut
            | Self::HalfOpen
            | Self::Stall(_)
            | Self::StopData(_)
            | Self::Raw(_)
            | Self::ResetDepth => ActKind::Connections,
            Self::Restart(_)
            | Self::NextOrderId(_)
            | Self::RollBack(_)
            | Self::LoseConnectivity(_)
            | Self::RestoreConnectivity(_)
            | Self::Farm(_)
            | Self::Language(_)
            | Self::Clock(_)
            | Self::EnterByHand(_) => ActKind::Server,
            Self::Fill | Self::Correct(_) | Self::Bust(_) | Self::Repeat | Self::Pretend(_) => ActKind::Order,
        }
    }

    /// What is wrong with its numbers, if anything is, and what is allowed.
    pub(super) fn problem(&self) -> Option<String> {
        let say = |text: &str| Some(text.to_owned());
        match self {
            Self::Duplicate(times) if !(1..=1_000).contains(times) => {
                say("duplicate: expected 1 to 1000 times more")
            }
            Self::Reorder(it) if !(1..=10_000).contains(&it.behind) => {
                say("reorder: expected behind = 1 to 10000")
            }
            Self::Split(it) if !(2..=4_096).contains(&it.pieces) => say("split: expected pieces = 2 to 4096"),
            Self::Merge(it) if !(2..=10_000).contains(&it.messages) => {
                say("merge: expected messages = 2 to 10000")
            }
            Self::NextOrderId(id) if !(1..=1_499_999_999).contains(id) => {
                say("next_order_id: expected 1 to 1499999999")
            }
            Self::Farm(it) if it.name.is_empty() => {
                say("farm: expected a name such as usfarm, ushmds or secdefil")
            }
            Self::EnterByHand(it) if it.quantity <= tradeport_kernel::Decimal::ZERO => {
                say("enter_by_hand: expected a quantity above zero")
            }
            Self::Bust(it) if it.left.is_some_and(|left| left <= tradeport_kernel::Decimal::ZERO) => {
                say("bust: expected left above zero, or none for an execution that counts no more")
            }
            Self::Delay(span) | Self::Hold(span) | Self::Stall(span) if !span::fits(*span) => {
                say("expected at most 366 days")
            }
            Self::Raw(bytes) if bytes.is_empty() || bytes.len() > params::MOST_BYTES => {
                say("raw: expected 1 to 65536 bytes")
            }
            Self::Clock(ClockOff::Ahead(span) | ClockOff::Behind(span)) if !span::fits(*span) => {
                say("clock: expected at most 366 days")
            }
            Self::Restart(it) if !span::fits(it.down) => say("restart: expected down = at most 366 days"),
            _ => None,
        }
    }
}
