//! What somebody wants done, checked.

use crate::{OrderKind, Side, TimeInForce, TrailBy};
use serde::{Deserialize, Serialize};
use tradeport_kernel::{AccountId, Decimal, OrderKey, Quantity, Symbol};

/// Orders of which one cancels the others: the broker cancels the rest of the group when one of them fills.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OcaGroup(OrderKey);

impl OcaGroup {
    /// A group by its name.
    #[must_use]
    pub const fn new(name: OrderKey) -> Self {
        Self(name)
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.as_str()
    }
}

/// The fields of an intent, before they are checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderDraft {
    /// Our identity of it.
    pub key: OrderKey,
    /// For whom.
    pub account: AccountId,
    /// Of what.
    pub symbol: Symbol,
    /// Which way.
    pub side: Side,
    /// How much.
    pub quantity: Quantity,
    /// How.
    pub kind: OrderKind,
    /// How long.
    pub time_in_force: TimeInForce,
    /// The order that must fill before this one comes alive; when the parent dies, so does this one.
    pub parent: Option<OrderKey>,
    /// Its group, if filling one is to cancel the others.
    pub oca: Option<OcaGroup>,
    /// May it trade outside of regular sessions?
    pub outside_sessions: bool,
}

/// One intent to trade: a checked [`OrderDraft`]. It never changes; changes are inputs of the order's life.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "OrderDraft", into = "OrderDraft")]
pub struct OrderIntent(OrderDraft);

/// The fields contradict each other.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAnIntent {
    /// A trailing distance of zero or below, or of 100 percent or more.
    #[error("a trail of {0} is not a distance: it must be above zero, and below 100 in percent")]
    Trail(Decimal),
    /// The limit would lie on the wrong side of the stop.
    #[error("a limit offset of {0} is below zero")]
    LimitOffset(Decimal),
    /// Auction orders are for one auction of one day.
    #[error("{kind} orders are for one day: time in force {time_in_force} does not fit, use DAY")]
    TimeInForce {
        /// The kind of order.
        kind: &'static str,
        /// What was asked for.
        time_in_force: &'static str,
    },
    /// An order cannot wait for itself.
    #[error("order {0} names itself as its parent")]
    OwnParent(OrderKey),
}

impl OrderDraft {
    /// A day order with nothing unusual about it.
    #[must_use]
    pub const fn new(
        key: OrderKey,
        account: AccountId,
        symbol: Symbol,
        side: Side,
        quantity: Quantity,
        kind: OrderKind,
    ) -> Self {
        let time_in_force = TimeInForce::Day;
        Self {
            key,
            account,
            symbol,
            side,
            quantity,
            kind,
            time_in_force,
            parent: None,
            oca: None,
            outside_sessions: false,
        }
    }

    /// Refuses fields that contradict each other.
    pub fn check(self) -> Result<OrderIntent, NotAnIntent> {
        check_kind(&self.kind)?;
        if self.kind.is_auction() && self.time_in_force != TimeInForce::Day {
            let (kind, time_in_force) = (self.kind.name(), self.time_in_force.name());
            return Err(NotAnIntent::TimeInForce { kind, time_in_force });
        }
        if self.parent.as_ref() == Some(&self.key) {
            return Err(NotAnIntent::OwnParent(self.key));
        }
        Ok(OrderIntent(self))
    }
}

fn check_kind(kind: &OrderKind) -> Result<(), NotAnIntent> {
    let (OrderKind::Trail { by, .. } | OrderKind::TrailLimit { by, .. }) = kind else { return Ok(()) };
    let (TrailBy::Amount(distance) | TrailBy::Percent(distance)) = *by;
    let too_far = matches!(by, TrailBy::Percent(percent) if *percent >= Decimal::ONE_HUNDRED);
    if distance <= Decimal::ZERO || too_far {
        return Err(NotAnIntent::Trail(distance));
    }
    match kind {
        OrderKind::TrailLimit { limit_offset, .. } if *limit_offset < Decimal::ZERO => {
            Err(NotAnIntent::LimitOffset(*limit_offset))
        }
        _ => Ok(()),
    }
}

impl OrderIntent {
    /// Our identity of it.
    #[must_use]
    pub const fn key(&self) -> &OrderKey {
        &self.0.key
    }

    /// For whom.
    #[must_use]
    pub const fn account(&self) -> &AccountId {
        &self.0.account
    }

    /// Of what.
    #[must_use]
    pub const fn symbol(&self) -> Symbol {
        self.0.symbol
    }

    /// Which way.
    #[must_use]
    pub const fn side(&self) -> Side {
        self.0.side
    }

    /// How much.
    #[must_use]
    pub const fn quantity(&self) -> Quantity {
        self.0.quantity
    }

    /// How.
    #[must_use]
    pub const fn kind(&self) -> &OrderKind {
        &self.0.kind
    }

    /// How long.
    #[must_use]
    pub const fn time_in_force(&self) -> TimeInForce {
        self.0.time_in_force
    }

    /// The order that must fill first.
    #[must_use]
    pub const fn parent(&self) -> Option<&OrderKey> {
        self.0.parent.as_ref()
    }

    /// Its one-cancels-all group.
    #[must_use]
    pub const fn oca(&self) -> Option<&OcaGroup> {
        self.0.oca.as_ref()
    }

    /// May it trade outside of regular sessions?
    #[must_use]
    pub const fn outside_sessions(&self) -> bool {
        self.0.outside_sessions
    }

    /// Its fields, to make a similar one.
    #[must_use]
    pub fn to_draft(&self) -> OrderDraft {
        self.0.clone()
    }
}

impl TryFrom<OrderDraft> for OrderIntent {
    type Error = NotAnIntent;
    fn try_from(draft: OrderDraft) -> Result<Self, Self::Error> {
        draft.check()
    }
}

impl From<OrderIntent> for OrderDraft {
    fn from(intent: OrderIntent) -> Self {
        intent.0
    }
}
