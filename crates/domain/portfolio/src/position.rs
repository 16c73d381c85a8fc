//! One position, at average cost.

use serde::{Deserialize, Serialize};
use tradeport_contracts::CorporateAction;
use tradeport_kernel::{Currency, Decimal, Money, MoneyError, NotAQuantity, Price, SignedQuantity, Symbol};
use tradeport_orders::Execution;

/// What is held of one instrument, what it cost, and what closing parts of it earned.
///
/// Average cost: buying more moves the average, selling part of it does not; crossing zero starts anew at the
/// execution's price. Commissions are kept apart, so that price and cost can be told from each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    symbol: Symbol,
    quantity: SignedQuantity,
    cost: Money,
    multiplier: Decimal,
    realized: Money,
}

/// A position that cannot be computed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PositionError {
    /// The execution is of another instrument.
    #[error("an execution of {found} does not belong to the position in {expected}")]
    OtherSymbol {
        /// The position's.
        expected: Symbol,
        /// The execution's.
        found: Symbol,
    },
    /// The size is beyond what can be held.
    #[error("the position in {0} would be too large")]
    Quantity(Symbol, #[source] NotAQuantity),
    /// Money that does not add up.
    #[error("the cost cannot be computed")]
    Money(#[from] MoneyError),
}

impl Position {
    /// Nothing held, of an instrument priced in `currency` with `multiplier`.
    #[must_use]
    pub const fn flat(symbol: Symbol, currency: Currency, multiplier: Decimal) -> Self {
        Self {
            symbol,
            quantity: SignedQuantity::ZERO,
            cost: Money::zero(currency),
            multiplier,
            realized: Money::zero(currency),
        }
    }

    /// A position as a broker or a store reports it: its signed cost is quantity x average price x multiplier.
    #[must_use]
    pub const fn reported(
        symbol: Symbol,
        quantity: SignedQuantity,
        cost: Money,
        multiplier: Decimal,
        realized: Money,
    ) -> Self {
        Self { symbol, quantity, cost, multiplier, realized }
    }

    /// Takes in a trade; what it earned is added to the realized gains and returned. Nothing is held of a combo: its own
    /// trade changes nothing.
    pub fn apply(&mut self, execution: &Execution) -> Result<Money, PositionError> {
        if execution.symbol != self.symbol {
            return Err(PositionError::OtherSymbol { expected: self.symbol, found: execution.symbol });
        }
        if !execution.part.moves_position() {
            return Ok(Money::zero(self.cost.currency()));
        }
        let traded = execution.side.signed(execution.quantity).as_decimal();
        let held = self.quantity.as_decimal();
        let closes = held.is_sign_positive() != traded.is_sign_positive() && !held.is_zero();
        let closed = if closes { traded.abs().min(held.abs()) } else { Decimal::ZERO };
        let price = |quantity| Money::of(execution.price, quantity, self.multiplier, self.cost.currency());

        let after = SignedQuantity::new(held + traded)
            .map_err(|cause| PositionError::Quantity(self.symbol, cause))?;
        let (earned, cost) = if closes {
            let cost_of_closed = self.cost_of(closed)?;
            let earned = price(closed * sign(held))?.minus(cost_of_closed)?;
            let opened = traded.abs() - closed;
            (earned, self.cost.minus(cost_of_closed)?.plus(price(opened * sign(traded))?)?)
        } else {
            (Money::zero(self.cost.currency()), self.cost.plus(price(traded)?)?)
        };
        let realized = self.realized.plus(earned)?;
        (self.quantity, self.cost, self.realized) = (after, cost, realized);
        Ok(earned)
    }

    /// The signed cost of `closed` units of what is held; all of it when all is closed, so that nothing is left over.
    fn cost_of(&self, closed: Decimal) -> Result<Money, MoneyError> {
        let held = self.quantity.as_decimal().abs();
        if closed == held {
            return Ok(self.cost);
        }
        self.cost.times(closed)?.times(Decimal::ONE / held).map(|cost| {
            // Twelve places: far finer than a cent, and short enough to stay exact in sums.
            cost.rounded(12)
        })
    }

    /// Takes in a split: another size at the same cost. The fraction that is paid out in cash is returned, in units.
    pub fn split(&mut self, action: &CorporateAction) -> Result<Decimal, PositionError> {
        let (whole, fraction) = action.quantity_after(self.quantity.as_decimal());
        let exact = whole + fraction;
        if !exact.is_zero() && !fraction.is_zero() {
            self.cost = self.cost.times(whole)?.times(Decimal::ONE / exact)?.rounded(12);
        }
        self.quantity =
            SignedQuantity::new(whole).map_err(|cause| PositionError::Quantity(self.symbol, cause))?;
        Ok(fraction)
    }

    /// Of what.
    #[must_use]
    pub const fn symbol(&self) -> Symbol {
        self.symbol
    }

    /// How much; negative when short.
    #[must_use]
    pub const fn quantity(&self) -> SignedQuantity {
        self.quantity
    }

    /// What it cost: quantity x average price x multiplier; negative when short.
    #[must_use]
    pub const fn cost(&self) -> Money {
        self.cost
    }

    /// Units of the underlying in one unit held.
    #[must_use]
    pub const fn multiplier(&self) -> Decimal {
        self.multiplier
    }

    /// What closing parts of it has earned, before commissions.
    #[must_use]
    pub const fn realized(&self) -> Money {
        self.realized
    }

    /// The average price paid, rounded to 12 places; `None` when flat.
    #[must_use]
    pub fn average_price(&self) -> Option<Price> {
        let units = self.quantity.as_decimal().checked_mul(self.multiplier)?;
        Price::new(self.cost.amount().checked_div(units)?.round_dp(12)).ok()
    }

    /// What it is worth at a price.
    pub fn value_at(&self, price: Price) -> Result<Money, MoneyError> {
        Money::of(price, self.quantity.as_decimal(), self.multiplier, self.cost.currency())
    }
}

fn sign(number: Decimal) -> Decimal {
    if number.is_sign_negative() { Decimal::NEGATIVE_ONE } else { Decimal::ONE }
}

#[cfg(test)]
mod tests;
