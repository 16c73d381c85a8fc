//! What became of what the desk was asked: orders, families of orders, changes.

use super::judging::turning;
use tradeport_kernel::OrderKey;
use tradeport_orders::validation::{Refusals, Validation, Warning};
use tradeport_orders::{Order, OrderIntent, OrderPreview, PreviewError};
use tradeport_risk::{RiskRefusal, RiskVerdict};

/// What became of an intent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The order as it stands now.
    pub order: Order,
    /// The same key had been placed before: nothing was sent, and this is what became of it.
    pub repeat: bool,
    /// Why the risk gate stopped it, if it did.
    pub refusal: Option<RiskRefusal>,
    /// Why validation stopped it, if it did: the broker would not have taken it.
    pub invalid: Option<Refusals>,
    /// What the order does not do at once, or what could not be judged.
    pub warnings: Vec<Warning>,
}

impl Placed {
    /// An order that was placed before: as it stands now.
    #[must_use]
    pub const fn before(order: Order) -> Self {
        Self { order, repeat: true, refusal: None, invalid: None, warnings: Vec::new() }
    }
}

/// What became of a family of orders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedFamily {
    /// Each member as it stands now, in the order in which they were given: the parent first.
    pub members: Vec<Placed>,
    /// The same family had been placed before: nothing was sent.
    pub repeat: bool,
    /// Why not all of it was sent, and what became of the parent for that; `None` when all went out.
    pub called_off: Option<CalledOff>,
}

/// Why a family was not sent as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalledOff {
    /// The member with which it began.
    pub because_of: OrderKey,
    /// What is known of the parent.
    pub parent: ParentFate,
}

/// What becomes of a parent whose family is not whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParentFate {
    /// It was never sent, or the broker did not take it.
    NotThere,
    /// It was asked to be cancelled; the broker's answer comes as an event.
    CancelAsked,
    /// It has traded: it stands, and so does every child that could be sent.
    Traded,
    /// It may live without some of its children, and could not be cancelled. A broker that holds it back does not trade
    /// it, and it is cancelled once the link is back; until then a person should look.
    NotCancelled {
        /// Why not.
        reason: String,
    },
}

/// What became of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The order as it stands now.
    pub order: Order,
    /// Whether it was changed.
    pub outcome: ChangeOutcome,
    /// What the changed order does not do at once, or what could not be judged.
    pub warnings: Vec<Warning>,
}

/// Whether an order was changed. Whatever it is but [`Self::Made`] and [`Self::Unknown`], the order stands as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeOutcome {
    /// The broker took it.
    Made,
    /// The risk gate stopped it.
    StoppedByRisk(RiskRefusal),
    /// Validation stopped it: the broker would not have taken it.
    Invalid(Refusals),
    /// The broker did not take it.
    Refused {
        /// What the broker said.
        reason: String,
    },
    /// It never left us; it may be tried again.
    NotSent {
        /// Why not.
        reason: String,
    },
    /// Nobody knows whether the broker took it: both wordings count until it proves one of them.
    Unknown {
        /// Why not.
        reason: String,
    },
}

/// What an order would meet, were it placed now.
#[derive(Debug)]
pub struct Previewed {
    /// What the risk gate would say.
    pub verdict: RiskVerdict,
    /// What validation would say.
    pub validation: Validation,
    /// What the broker says; `None` when it was not asked, since validation knows that it would refuse.
    pub broker: Option<Result<OrderPreview, PreviewError>>,
}

impl Previewed {
    /// What whoever places the intent should know, as it would be told then.
    #[must_use]
    pub fn warnings(&self, intent: &OrderIntent) -> Vec<Warning> {
        let of_risk = match &self.verdict {
            RiskVerdict::Approved { beside, .. } => turning(intent, *beside),
            RiskVerdict::Refused(_) => None,
        };
        self.validation.warnings().iter().cloned().chain(of_risk).collect()
    }

    /// Would it be sent, and does the broker say that it would take it?
    #[must_use]
    pub fn would_go(&self) -> bool {
        matches!(self.verdict, RiskVerdict::Approved { .. })
            && self.validation.is_accepted()
            && matches!(self.broker, Some(Ok(_)))
    }
}
