//! What trades of an order, and what that costs: by executions alone, since money decides when an order is filled.

use super::{Anomaly, Applied, Order};
use crate::twins::counted_less;
use crate::{BrokerPhase, Commission, ExecutedPart, Execution, OrderState, Taken};
use tradeport_kernel::{Decimal, Quantity};

impl Order {
    pub(super) fn executed(&mut self, execution: &Execution, applied: &mut Applied) {
        if !self.is_ours(execution) {
            applied.anomaly = Some(Anomaly::Foreign);
            return;
        }
        self.is_there(applied);
        match self.other_number(Some(execution.perm_id)) {
            Some(number) => self.note_twin(number, applied),
            None => self.perm_id = self.perm_id.filter(|it| it.number() != 0).or(Some(execution.perm_id)),
        }
        match self.fills.take(execution) {
            Taken::Known => return,
            Taken::New => {
                let cost = self.fills.charge_waiting(&execution.id);
                applied.charged = cost.map(|cost| (execution.id.clone(), cost));
            }
            Taken::Replaces(earlier) => {
                self.take_back_of_count(&earlier, execution);
                applied.replaced = Some(*earlier);
            }
        }
        applied.executed = Some(execution.clone());
        // What trades is held back by nobody, and does not sleep.
        (self.held_back, self.is_asleep) = (false, false);
        self.note_growth();
        // How much that is was never said where money or a parent's fills size the order.
        if execution.part.fills_order() && self.overfilled().is_some() {
            applied.anomaly = Some(Anomaly::Overfilled);
        }
        if matches!(
            self.state,
            OrderState::Recorded | OrderState::Sent | OrderState::Unknown | OrderState::Held
        ) {
            self.state = OrderState::Working;
        }
        self.settle_fill();
    }

    /// What the broker had counted before a correction counts what that takes back: it has not traded, and nobody is to wait for it.
    fn take_back_of_count(&mut self, earlier: &Execution, corrected: &Execution) {
        let less = earlier.quantity.as_decimal() - corrected.quantity.as_decimal();
        if !corrected.part.fills_order() || less <= Decimal::ZERO {
            return;
        }
        match self.other_number(Some(corrected.perm_id)) {
            Some(number) => self.twins.count_less(number, less, self.fills.quantity_of(number)),
            None => self.reported_filled = counted_less(self.reported_filled, less, self.filled_here()),
        }
    }

    /// A leg is of another instrument than its combo, on either side: whose it is, account and broker's number say.
    fn is_ours(&self, execution: &Execution) -> bool {
        let of_the_order = match execution.part {
            ExecutedPart::Whole | ExecutedPart::Combo => {
                execution.symbol == self.intent.symbol() && execution.side == self.intent.side()
            }
            ExecutedPart::Leg => {
                execution.symbol != self.intent.symbol()
                    && self.perm_id.is_none_or(|perm_id| perm_id == execution.perm_id)
            }
        };
        of_the_order && execution.account == *self.intent.account()
    }

    pub(super) fn settle_fill(&mut self) {
        let complete = self.most_units().is_some_and(|units| self.filled_here() >= units.as_decimal())
            || self.is_what_corrections_left();
        if !self.fills.is_empty() && complete && !self.follow_live_twin(BrokerPhase::Filled) {
            self.state = OrderState::Filled;
        }
    }

    /// The broker called it filled with as much as is here, and that is less than was ordered since executions were corrected.
    /// Without a correction such a word proves nothing: more of them may be on their way.
    fn is_what_corrections_left(&self) -> bool {
        self.called_filled.is_some_and(|units| self.filled_here() >= units) && self.fills.were_corrected()
    }

    /// It was filled by its executions alone, a correction has left less than was ordered, and the broker counts the same.
    pub(super) fn is_short_at(&self, told: Decimal) -> bool {
        let here = self.filled_here();
        let ordered = self.most_units().is_some_and(|units| here < units.as_decimal());
        ordered && here == told && self.called_filled.is_none() && self.fills.were_corrected()
    }

    /// How many units it can be for: with a change under way, the larger of the two.
    pub(super) fn most_units(&self) -> Option<Quantity> {
        let asked = self.asked_units();
        self.units.map(|units| asked.map_or(units, |asked| asked.max(units)))
    }

    /// An order that is not sized in units is as large as what has traded when the broker calls it filled.
    pub(super) fn learn_units(&mut self) {
        if self.intent.quantity().is_none() {
            self.units = Quantity::new(self.reported_filled).ok().or(self.units);
            self.settle_fill();
        }
    }

    pub(super) fn charged(&mut self, commission: &Commission, applied: &mut Applied) {
        match self.fills.charge(commission) {
            Ok(more) => applied.charged = more.map(|more| (commission.execution.clone(), more)),
            Err(anomaly) => applied.anomaly = Some(anomaly),
        }
    }
}
