//! One order as the server holds it: as it came, as it is understood, and where it stands.

use super::scale::Steps;
use crate::wire::proto;
use tradeport_contracts::Contract;
use tradeport_kernel::{AccountId, Decimal, OrderKey, Price, Timestamp};
use tradeport_orders::{OrderIntent, Side};

/// The durable number of an order. It is the order's name in the book: order ids mean something only within a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PermId(pub(crate) i64);

/// Where an order stands, in the API's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    PendingSubmit,
    PreSubmitted,
    Submitted,
    PendingCancel,
    Cancelled,
    Filled,
    Inactive,
}

impl Status {
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::PendingSubmit => "PendingSubmit",
            Self::PreSubmitted => "PreSubmitted",
            Self::Submitted => "Submitted",
            Self::PendingCancel => "PendingCancel",
            Self::Cancelled => "Cancelled",
            Self::Filled => "Filled",
            Self::Inactive => "Inactive",
        }
    }
}

/// Who has an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Nobody but this server: it is not to be transmitted yet.
    Untransmitted,
    /// This server: it waits for something, or the exchange does not trade its like.
    Resting,
    /// The exchange.
    Exchange,
}

/// What an order says, whole.
#[derive(Clone, Debug)]
pub(crate) struct Wording {
    /// As it came, with what TWS fills in.
    pub(crate) wire: proto::Order,
    /// As it is understood.
    pub(crate) intent: OrderIntent,
}

/// One order.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) perm_id: PermId,
    pub(crate) client_id: i32,
    /// Zero for one that a person entered and nobody has bound.
    pub(crate) order_id: i32,
    /// The contract as it came, with what TWS fills in.
    pub(crate) asked: proto::Contract,
    pub(crate) contract: Contract,
    pub(crate) wording: Wording,
    /// What a change would make of it, while the exchange thinks about that.
    pub(crate) change: Option<Wording>,
    /// Its key at the exchange; another one after a change that the exchange knows only as a new order.
    pub(crate) key: OrderKey,
    pub(crate) place: Place,
    pub(crate) status: Status,
    /// What was told last: the status, and how much had traded.
    pub(crate) told: Option<(Status, Decimal)>,
    pub(crate) parent: Option<PermId>,
    /// The accounts of a group that share it, with their weights; none for an order of one account.
    pub(crate) shares: Vec<(AccountId, Decimal)>,
    pub(crate) total: Decimal,
    pub(crate) filled: Decimal,
    /// The sum of quantities times prices.
    pub(crate) value: Decimal,
    pub(crate) last_price: Decimal,
    /// How often it was given to the exchange as a new order.
    pub(crate) generation: u32,
    /// How much had traded when that was done last.
    pub(crate) before: Decimal,
    pub(crate) ended: Option<Timestamp>,
    /// When its time is over, while it rests here.
    pub(crate) ends: Option<Timestamp>,
    /// Has its time run out, rather than somebody ended it?
    pub(crate) has_expired: bool,
    /// Does it stand for options that end, rather than trade?
    pub(crate) is_delivery: bool,
    /// Is something delivered for them?
    pub(crate) is_exercise: bool,
    /// How far it has come, if it is a scale.
    pub(crate) steps: Steps,
    /// The scale whose component it closes, and which component that was.
    pub(crate) profit_of: Option<(PermId, u32)>,
    /// The price at which the exchange has it, when that follows the market.
    pub(crate) pegged_at: Option<Price>,
    /// Is it being turned into another stop, and nobody has asked for that now?
    pub(crate) adjusts: bool,
}

impl Held {
    pub(crate) fn account(&self) -> &AccountId {
        self.wording.intent.account()
    }

    pub(crate) fn side(&self) -> Side {
        self.wording.intent.side()
    }

    pub(crate) fn remaining(&self) -> Decimal {
        (self.total - self.filled).max(Decimal::ZERO)
    }

    pub(crate) fn average_price(&self) -> Decimal {
        self.value.checked_div(self.filled).unwrap_or_default().round_dp(8)
    }

    /// Takes a trade in, or back with a negative quantity.
    pub(crate) fn trade(&mut self, quantity: Decimal, price: Decimal) {
        self.filled += quantity;
        self.value = self.value.saturating_add(quantity.saturating_mul(price));
        self.last_price = price;
    }

    /// Is it no scale that the exchange works?
    pub(crate) fn steps_are_none(&self) -> bool {
        super::scale::scale_of(self).is_none()
    }

    pub(crate) fn is_manual(&self) -> bool {
        self.client_id == 0 && self.order_id <= 0
    }
}
