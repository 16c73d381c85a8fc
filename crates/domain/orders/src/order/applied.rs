//! What an input did to an order.

use crate::{Execution, ExecutionId, OrderState};
use tradeport_kernel::Money;

/// What an input did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// The state it left and the one it entered, if they differ.
    pub moved: Option<(OrderState, OrderState)>,
    /// An execution that counts now and did not before.
    pub executed: Option<Execution>,
    /// An execution that counted before and does not any more, since a revision replaced it.
    pub replaced: Option<Execution>,
    /// What is to be paid on top of what was known: the whole cost the first time, the difference when it is corrected.
    pub charged: Option<(ExecutionId, Money)>,
    /// What did not fit.
    pub anomaly: Option<Anomaly>,
}

/// An input that does not fit the order; a person should see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Anomaly {
    /// The broker reports a phase for an order that had ended otherwise.
    StatusAfterEnd,
    /// More has traded than was ordered.
    Overfilled,
    /// It belongs to another order: other account, instrument or side.
    Foreign,
    /// The broker has another order under the same key.
    Twin,
    /// A commission for an execution that was not seen so far: it counts once that is.
    UnknownExecution,
    /// A commission was corrected in another currency.
    OtherCurrency,
    /// Proof of absence for an order that the broker had shown.
    AbsentAfterSeen,
    /// The broker has an order that had left nobody, or of which it had shown no trace: it lives after all.
    SeenAfterAbsent,
    /// The input makes no sense in this state and was ignored.
    OutOfPlace,
}
