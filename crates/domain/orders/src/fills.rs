//! What has traded: executions that count once each, at their highest revision, with what they cost.
//!
//! Of a combo both its own trades and those of its legs are here; quantity and price are those of its own.

use crate::{Anomaly, Commission, Execution, ExecutionId};
use tradeport_kernel::{Decimal, Money, PermId, Price};

/// Executions and their costs, in the order in which they arrived.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fills {
    rows: Vec<Charged>,
    /// What the rows that fill the order add up to: it is asked for with every execution.
    quantity: Decimal,
    /// Costs of executions that nobody has told yet, the latest last.
    early: Vec<Commission>,
}

/// So many costs wait for their executions; of more the oldest are dropped.
const MOST_EARLY: usize = 1_000;

#[derive(Clone, Debug, PartialEq, Eq)]
struct Charged {
    execution: Execution,
    commission: Option<Money>,
}

/// What an execution did to the fills.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It was known, in this revision or a later one.
    Known,
    /// It counts from now on.
    New,
    /// It counts from now on in place of this earlier revision.
    Replaces(Box<Execution>),
}

impl Fills {
    /// Takes in an execution.
    pub fn take(&mut self, execution: &Execution) -> Taken {
        match self.row_of(&execution.id) {
            Some(row) if row.execution.id.revision() >= execution.id.revision() => Taken::Known,
            Some(row) => {
                let earlier = std::mem::replace(&mut row.execution, execution.clone());
                self.quantity = self.of_the_order().map(|execution| execution.quantity.as_decimal()).sum();
                Taken::Replaces(Box::new(earlier))
            }
            None => {
                if execution.part.fills_order() {
                    self.quantity += execution.quantity.as_decimal();
                }
                self.rows.push(Charged { execution: execution.clone(), commission: None });
                Taken::New
            }
        }
    }

    /// Takes in a cost: what is to be paid on top of what was known, `None` when it says nothing new. The cost of an execution that
    /// nobody has told yet is no use now, and waits for it: brokers tell the two in either order.
    pub fn charge(&mut self, commission: &Commission) -> Result<Option<Money>, Anomaly> {
        let Some(row) = self.row_of(&commission.execution) else {
            self.wait(commission.clone());
            return Err(Anomaly::UnknownExecution);
        };
        let amount = commission.amount;
        let before = row.commission.unwrap_or(Money::zero(amount.currency()));
        let more = amount.minus(before).map_err(|_| Anomaly::OtherCurrency)?;
        let news = row.commission.replace(amount) != Some(amount);
        Ok(news.then_some(more))
    }

    fn wait(&mut self, commission: Commission) {
        self.early.retain(|it| it.execution.root() != commission.execution.root());
        if self.early.len() == MOST_EARLY {
            self.early.remove(0);
        }
        self.early.push(commission);
    }

    /// What was told to have cost an execution that has just come, before it came.
    pub fn charge_waiting(&mut self, execution: &ExecutionId) -> Option<Money> {
        let at = self.early.iter().position(|it| it.execution.root() == execution.root())?;
        let commission = self.early.remove(at);
        self.charge(&commission).ok().flatten()
    }

    /// The execution of this root. The latest come first: it is mostly one of them that is charged.
    fn row_of(&mut self, id: &ExecutionId) -> Option<&mut Charged> {
        self.rows.iter_mut().rev().find(|row| row.execution.id.root() == id.root())
    }

    /// How much of the order has traded; the legs of a combo do not count on top of the combo.
    #[must_use]
    pub const fn quantity(&self) -> Decimal {
        self.quantity
    }

    /// The same of one of the broker's numbers.
    pub(crate) fn quantity_of(&self, number: PermId) -> Decimal {
        let its = self.of_the_order().filter(|execution| execution.perm_id == number);
        its.map(|execution| execution.quantity.as_decimal()).sum()
    }

    fn of_the_order(&self) -> impl Iterator<Item = &Execution> {
        self.executions().filter(|execution| execution.part.fills_order())
    }

    /// The average price, rounded to 12 places; that of a combo is its net price. `None` while nothing has traded.
    #[must_use]
    pub fn average_price(&self) -> Option<Price> {
        let value: Decimal = self
            .of_the_order()
            .map(|execution| execution.quantity.as_decimal() * execution.price.as_decimal())
            .sum();
        Price::new(value.checked_div(self.quantity())?.round_dp(12)).ok()
    }

    /// Has the exchange corrected any of it?
    pub(crate) fn were_corrected(&self) -> bool {
        self.of_the_order().any(|execution| execution.id.revision() > 1)
    }

    /// Nothing yet?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The executions that count, the legs of combos among them.
    pub fn executions(&self) -> impl Iterator<Item = &Execution> {
        self.rows.iter().map(|row| &row.execution)
    }

    /// The executions of which it was told what they cost, each with its cost.
    pub fn charged(&self) -> impl Iterator<Item = (&Execution, Money)> {
        self.rows.iter().filter_map(|row| row.commission.map(|cost| (&row.execution, cost)))
    }

    /// What they cost, as far as it was told.
    pub fn commissions(&self) -> impl Iterator<Item = Money> {
        self.rows.iter().filter_map(|row| row.commission)
    }
}
