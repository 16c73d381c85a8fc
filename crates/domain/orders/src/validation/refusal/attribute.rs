//! What else an order says.
//!
//! Left out: which attributes exclude each other whatever the contract is: those cannot be built.

use super::words::{a, list, words};
use crate::{AlgoRefusal, TriggerMethod};
use tradeport_contracts::InstrumentKind;

/// An attribute does not go with the contract, its venue or another attribute.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AttributeRefusal {
    /// An order of the broker's own book that leaves it no freedom (error 10297).
    #[error("{kind} orders at IBKRATS leave the price to the broker: one that is not held would be accepted")]
    Held {
        /// The kind of order.
        kind: &'static str,
    },
    /// An attribute that one venue alone understands (errors 340, 10302 and 10306).
    #[error("{what} is for orders at {needs}: {given} was given")]
    AttributeVenue {
        /// The attribute.
        what: &'static str,
        /// Where it is understood.
        needs: &'static str,
        /// Where the order would go.
        given: String,
    },
    /// An attribute of other instruments (errors 349 and 350).
    #[error("{attribute} is for {takes}: {} was given", a(*what))]
    AttributeOfInstrument {
        /// The attribute.
        attribute: &'static str,
        /// What takes it.
        takes: &'static str,
        /// What the contract is.
        what: InstrumentKind,
    },
    /// A group of combos with an effect that it cannot have (error 359).
    #[error("orders for combos are grouped to reduce without block: that effect, or none, would be accepted")]
    ComboGroup,
    /// An order that shows a part and trades beyond its limit (error 157).
    #[error("an order with a display size has no discretionary amount: one of the two would be accepted")]
    ShownAtDiscretion,
    /// Conditions that cancel what cannot be cancelled by them. Source: the broker's notes on its own samples.
    #[error("conditions cannot cancel {kind} orders: LMT or MIDPRICE would be accepted")]
    CancellingConditions {
        /// The kind of order.
        kind: &'static str,
    },
    /// A trigger method that the instrument does not know (error 146).
    #[error("{} is not triggered by {}: {} would be accepted", a(*what), words(*method), list(accepted))]
    TriggerMethod {
        /// The method.
        method: TriggerMethod,
        /// What the contract is.
        what: InstrumentKind,
        /// The methods that it knows.
        accepted: Vec<TriggerMethod>,
    },
    /// An algo that does not work with the order (errors 441 and 442).
    #[error(transparent)]
    Algo(AlgoRefusal),
}
