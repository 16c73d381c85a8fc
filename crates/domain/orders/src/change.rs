//! Changing an order that the broker holds: what may be changed, and when.
//!
//! | may be changed | rule |
//! | --- | --- |
//! | prices | of the same kind of order |
//! | kind | into a market order, from a kind that is neither an auction order nor for combos |
//! | quantity | above what has traded; for orders that are sized in units |
//! | time in force, outside of sessions, conditions | as for a new order of this kind |
//!
//! Side, instrument, account, parent, group and everything else never change: cancel the order and place another.
//! Nothing changes once the order has ended, while a cancel is under way, before the broker has taken it, while it waits there for
//! the rest of its family, nor while another change is not answered.
//!
//! Left out: whether an order that has been triggered may still get another trigger; that the broker knows.

use crate::{
    Conditions, NotAnIntent, Order, OrderDraft, OrderIntent, OrderKind, OrderSize, OrderState, TimeInForce,
};
use serde::{Deserialize, Serialize};
use std::mem::discriminant;
use tradeport_kernel::{Decimal, Quantity};

/// Other conditions for an order, or none any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConditionChange {
    /// It waits for nothing any more.
    Remove,
    /// It waits for these.
    To(Conditions),
}

/// What is to be different about a working order; what is `None` stays.
///
/// **Meaning.** What may be changed, and when, stands in the table of this module: prices, quantity, time in force, sessions and
/// conditions of an order that the broker has taken.
///
/// **Units.** The quantity is the whole one, what has traded included: an order for 100 of which 40 have traded becomes one
/// for 60 more by a quantity of 100. Prices are for one unit.
///
/// **Errors.** [`ChangeRefusal`] says what forbids it and what would be accepted, before anything is sent.
///
/// ```
/// use tradeport_orders::{OrderChange, OrderKind, TimeInForce};
///
/// let dearer = OrderChange::to_kind(OrderKind::Limit { limit: "188".parse()? });
/// let longer = dearer.with_time_in_force(TimeInForce::GoodTillCancelled);
/// assert_eq!(longer.quantity, None, "that stays");
/// assert_eq!(longer.time_in_force, Some(TimeInForce::GoodTillCancelled));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OrderChange {
    /// The whole quantity, filled part included.
    pub quantity: Option<Quantity>,
    /// Other prices; the kind itself must stay the same.
    pub kind: Option<OrderKind>,
    /// How long it stands from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_in_force: Option<TimeInForce>,
    /// May it trade outside of regular sessions from now on?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outside_sessions: Option<bool>,
    /// What it waits for from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conditions: Option<ConditionChange>,
}

/// Why an order may not be changed like this.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeRefusal {
    /// Nothing is to be different.
    #[error("nothing is to be changed: give a quantity, prices, a time in force, sessions or conditions")]
    Nothing,
    /// It has ended.
    #[error("the order is {0}: an order that has ended cannot be changed, place another")]
    Ended(OrderState),
    /// A cancel is under way.
    #[error("the order is being cancelled: wait for the broker's answer")]
    BeingCancelled,
    /// The broker is not known to hold it.
    #[error("the order is {0}: it can be changed once the broker has taken it")]
    NotTaken(OrderState),
    /// The broker holds it back, and nobody knows that the rest of its family is there.
    #[error(
        "the order waits at the broker for the rest of its family: wait until that is there, or cancel it"
    )]
    HeldBack,
    /// Another change is under way.
    #[error("another change of the order is not answered yet: wait for the broker's answer")]
    UnderWay,
    /// One kind cannot become another.
    #[error("a {from} order cannot become a {to} order: cancel it and place another")]
    Kind {
        /// What it is.
        from: &'static str,
        /// What was asked for.
        to: &'static str,
    },
    /// As much has traded already.
    #[error("{filled} have traded already: a quantity of {wanted} is too little, cancel the rest instead")]
    BelowFilled {
        /// How much has traded.
        filled: Decimal,
        /// What was asked for.
        wanted: Quantity,
    },
    /// It is sized by money or by its parent.
    #[error("the order is for {0}: its quantity is the broker's to say")]
    NotSizedInUnits(OrderSize),
    /// Its exits would take out more than it would bring in, and open a position the other way.
    #[error(
        "its exits may take out {exits}, and it would bring in {entry}: make those smaller first: {keys}"
    )]
    BelowItsExits {
        /// How much it would bring in.
        entry: Decimal,
        /// How much of that its live exits may take out.
        exits: Decimal,
        /// Their keys.
        keys: String,
    },
    /// The changed order would contradict itself.
    #[error("the changed order would not do: {0}")]
    Wording(#[from] NotAnIntent),
}

impl OrderChange {
    /// Another quantity, filled part included.
    #[must_use]
    pub fn to_quantity(quantity: Quantity) -> Self {
        Self { quantity: Some(quantity), ..Self::default() }
    }

    /// Other prices, or a market order.
    #[must_use]
    pub fn to_kind(kind: OrderKind) -> Self {
        Self { kind: Some(kind), ..Self::default() }
    }

    /// The same change, and another time in force.
    #[must_use]
    pub fn with_time_in_force(mut self, time_in_force: TimeInForce) -> Self {
        self.time_in_force = Some(time_in_force);
        self
    }

    /// The same change, and other conditions.
    #[must_use]
    pub fn with_conditions(mut self, conditions: ConditionChange) -> Self {
        self.conditions = Some(conditions);
        self
    }

    /// The same change, and another leave to trade outside of regular sessions.
    #[must_use]
    pub fn with_outside_sessions(mut self, outside: bool) -> Self {
        self.outside_sessions = Some(outside);
        self
    }

    /// The order as it would stand after the change.
    pub fn check(&self, order: &Order) -> Result<OrderIntent, ChangeRefusal> {
        if *self == Self::default() {
            return Err(ChangeRefusal::Nothing);
        }
        match order.state() {
            OrderState::Held | OrderState::Working => {}
            OrderState::CancelPending => return Err(ChangeRefusal::BeingCancelled),
            state if state.is_final() => return Err(ChangeRefusal::Ended(state)),
            state => return Err(ChangeRefusal::NotTaken(state)),
        }
        // A broker's program that is told all of it again may let go of it, without what was to protect what it brings in.
        if order.is_held_back() {
            return Err(ChangeRefusal::HeldBack);
        }
        if order.pending_change().is_some() {
            return Err(ChangeRefusal::UnderWay);
        }
        if let Some(to) = self.kind {
            check_kind_change(order.kind(), &to)?;
        }
        if let Some(wanted) = self.quantity {
            if order.intent().quantity().is_none() {
                return Err(ChangeRefusal::NotSizedInUnits(order.intent().size()));
            }
            let filled = order.most_filled();
            if wanted.as_decimal() <= filled {
                return Err(ChangeRefusal::BelowFilled { filled, wanted });
            }
        }
        Ok(self.onto(order.wording().to_draft()).check()?)
    }

    /// A draft with the change made.
    #[must_use]
    pub fn onto(&self, mut draft: OrderDraft) -> OrderDraft {
        draft.size = self.quantity.map_or(draft.size, OrderSize::Units);
        draft.kind = self.kind.unwrap_or(draft.kind);
        draft.time_in_force = self.time_in_force.unwrap_or(draft.time_in_force);
        draft.outside_sessions = self.outside_sessions.unwrap_or(draft.outside_sessions);
        match &self.conditions {
            Some(ConditionChange::Remove) => draft.attributes.conditions = None,
            Some(ConditionChange::To(conditions)) => draft.attributes.conditions = Some(conditions.clone()),
            None => {}
        }
        draft
    }
}

fn check_kind_change(from: &OrderKind, to: &OrderKind) -> Result<(), ChangeRefusal> {
    let to_market = *to == OrderKind::Market && !from.is_auction() && !from.is_for_combos();
    if discriminant(from) == discriminant(to) || to_market {
        return Ok(());
    }
    Err(ChangeRefusal::Kind { from: from.name(), to: to.name() })
}

#[cfg(test)]
mod tests;
