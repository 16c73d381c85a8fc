//! What an account holds of a contract, at average cost, and what that has earned.
//!
//! As the broker reckons it, commissions belong to the cost: a purchase costs its price and its commission, a sale brings
//! its price less its commission. The average cost of what is held does not change when some of it is closed; what is
//! closed earns its proceeds less its share of the cost. Costs and values carry the sign of the position.
//!
//! Left out: what a price is now.

use tradeport_contracts::Contract;
use tradeport_kernel::Decimal;
use tradeport_orders::{Execution, Side};

/// Twelve places: far finer than a cent, and short enough to stay exact in sums.
const PLACES: u32 = 12;

/// One contract in one account.
#[derive(Clone, Debug)]
pub(crate) struct Ledger {
    pub(crate) contract: Contract,
    quantity: Decimal,
    cost: Decimal,
    /// Of the cost, what is commission.
    fees: Decimal,
    realized: Decimal,
    /// What trading it has brought in cash, commissions taken off.
    flow: Decimal,
    /// What it was worth with its flow, and what was realized, when the day began.
    day: (Decimal, Decimal),
}

impl Ledger {
    pub(crate) const fn new(contract: Contract) -> Self {
        Self {
            contract,
            quantity: Decimal::ZERO,
            cost: Decimal::ZERO,
            fees: Decimal::ZERO,
            realized: Decimal::ZERO,
            flow: Decimal::ZERO,
            day: (Decimal::ZERO, Decimal::ZERO),
        }
    }

    /// Takes a trade in; what it earned, when it closed something. `None` too for numbers that are too large.
    pub(crate) fn trade(&mut self, execution: &Execution, commission: Decimal) -> Option<Decimal> {
        let units = execution.quantity.as_decimal();
        let traded = if execution.side == Side::Buy { units } else { -units };
        let each = execution.price.as_decimal().checked_mul(self.contract.multiplier())?;
        let closes =
            !self.quantity.is_zero() && self.quantity.is_sign_negative() != traded.is_sign_negative();
        let closed = if closes { units.min(self.quantity.abs()) } else { Decimal::ZERO };
        let sign = if traded.is_sign_negative() { Decimal::NEGATIVE_ONE } else { Decimal::ONE };
        let of_closed = commission.checked_mul(closed)?.checked_div(units)?.round_dp(PLACES);

        let share_of_closed = |sum: Decimal| -> Option<Decimal> {
            if !closes {
                return Some(Decimal::ZERO);
            }
            Some(sum.checked_mul(closed)?.checked_div(self.quantity.abs())?.round_dp(PLACES))
        };
        let (cost_of_closed, fees_of_closed) = (share_of_closed(self.cost)?, share_of_closed(self.fees)?);
        let cash = (sign * closed).checked_mul(each)?.checked_add(of_closed)?;
        let earned = -cash - cost_of_closed;
        let opened = (sign * (units - closed)).checked_mul(each)?.checked_add(commission - of_closed)?;
        self.quantity = self.quantity.checked_add(traded)?;
        self.cost = self.cost.checked_sub(cost_of_closed)?;
        self.fees = self.fees.checked_sub(fees_of_closed)?;
        if units > closed {
            self.cost = self.cost.checked_add(opened)?;
            self.fees = self.fees.checked_add(commission - of_closed)?;
        }
        self.flow = self.flow.checked_sub(traded.checked_mul(each)?)?.checked_sub(commission)?;
        self.realized = self.realized.checked_add(if closes { earned } else { Decimal::ZERO })?;
        closes.then_some(earned)
    }

    /// Something other than a trade has changed how much is held, such as a split: it costs what it did.
    pub(crate) fn now_holds(&mut self, quantity: Decimal) {
        if self.quantity != quantity {
            self.quantity = quantity;
        }
    }

    /// A day begins: what is earned from now on is earned today.
    pub(crate) fn begin_day(&mut self, price: Option<Decimal>) {
        self.day = (self.worth(price).unwrap_or_default().saturating_add(self.flow), self.realized);
    }

    pub(crate) const fn quantity(&self) -> Decimal {
        self.quantity
    }

    /// The cost of a unit, its multiplier in it; zero for nothing.
    pub(crate) fn average_cost(&self) -> Decimal {
        self.cost.checked_div(self.quantity).unwrap_or_default().round_dp(8)
    }

    /// What is held is worth so much.
    pub(crate) fn worth(&self, price: Option<Decimal>) -> Option<Decimal> {
        if self.quantity.is_zero() {
            return Some(Decimal::ZERO);
        }
        price?.checked_mul(self.quantity)?.checked_mul(self.contract.multiplier())
    }

    /// What closing it now would earn.
    pub(crate) fn unrealized(&self, price: Option<Decimal>) -> Option<Decimal> {
        self.worth(price)?.checked_sub(self.cost)
    }

    /// The same, were its commissions no part of its cost.
    pub(crate) fn gain(&self, price: Option<Decimal>) -> Option<Decimal> {
        self.unrealized(price)?.checked_add(self.fees)
    }

    /// What was earned by closing, today.
    pub(crate) fn realized_today(&self) -> Decimal {
        self.realized - self.day.1
    }

    /// What was earned today, closed or not.
    pub(crate) fn earned_today(&self, price: Option<Decimal>) -> Option<Decimal> {
        self.worth(price)?.checked_add(self.flow)?.checked_sub(self.day.0)
    }
}
