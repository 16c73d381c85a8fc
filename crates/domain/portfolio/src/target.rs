//! From a wished share of the portfolio to the trade that reaches it.

use serde::{Deserialize, Serialize};
use tradeport_kernel::{Decimal, Money, MoneyError, NotAQuantity, Price, Quantity, SignedQuantity, Symbol};
use tradeport_orders::Side;

/// A share of the portfolio's value to hold in an instrument: 0.25 is a quarter, negative is short.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Decimal", into = "Decimal")]
pub struct TargetPercent(Decimal);

/// There is no trade that reaches the target.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotATarget {
    /// A share beyond ten times the portfolio is a slip of the pen.
    #[error(
        "{0} is not a target: expected a fraction of the portfolio between -10 and 10, 0.25 for a quarter"
    )]
    Fraction(Decimal),
    /// Nothing can be sized by a price of zero or below.
    #[error("{symbol} has a price of {price}: a target needs one above zero")]
    Price {
        /// Whose.
        symbol: Symbol,
        /// Which.
        price: Price,
    },
    /// Money that does not add up.
    #[error("the target cannot be computed")]
    Money(#[from] MoneyError),
    /// A quantity that nobody trades.
    #[error("the target asks for an impossible quantity")]
    Quantity(#[from] NotAQuantity),
}

/// How targets are turned into trades.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TargetRules {
    /// Trades worth less than this, in the portfolio's currency, are not made.
    pub minimum_trade_value: Decimal,
}

impl Default for TargetRules {
    fn default() -> Self {
        Self { minimum_trade_value: Decimal::ONE_HUNDRED }
    }
}

/// What a target is computed from.
#[derive(Clone, Copy, Debug)]
pub struct TargetInputs {
    /// Of what.
    pub symbol: Symbol,
    /// What the whole portfolio is worth.
    pub portfolio_value: Money,
    /// What is held now, with everything in flight counted as done.
    pub held: SignedQuantity,
    /// A fresh price.
    pub price: Price,
    /// Units of the underlying in one unit traded.
    pub multiplier: Decimal,
    /// The smallest step of a quantity.
    pub lot: Decimal,
}

impl TargetPercent {
    /// Refuses shares beyond ten times the portfolio.
    pub fn new(fraction: Decimal) -> Result<Self, NotATarget> {
        if fraction.abs() > Decimal::TEN {
            return Err(NotATarget::Fraction(fraction));
        }
        Ok(Self(fraction))
    }

    /// The share, 0.25 for a quarter.
    #[must_use]
    pub const fn fraction(self) -> Decimal {
        self.0
    }

    /// The trade that reaches the target, or `None` when it is too small to make.
    ///
    /// The target position is the wished value in whole lots, rounded towards zero, so that a target is never
    /// overshot and never crosses zero by rounding: a target above zero never ends short, a target of zero ends flat.
    pub fn trade(
        self,
        inputs: &TargetInputs,
        rules: &TargetRules,
    ) -> Result<Option<(Side, Quantity)>, NotATarget> {
        if !inputs.price.is_positive() {
            return Err(NotATarget::Price { symbol: inputs.symbol, price: inputs.price });
        }
        let wished = inputs.portfolio_value.times(self.0)?.amount();
        let lot_value =
            Money::of(inputs.price, inputs.lot, inputs.multiplier, inputs.portfolio_value.currency())?;
        let lots = wished.checked_div(lot_value.amount()).ok_or(MoneyError::Overflow)?.trunc();
        let target = lots.checked_mul(inputs.lot).ok_or(MoneyError::Overflow)?;
        let change = target - inputs.held.as_decimal();
        let value = Money::of(inputs.price, change, inputs.multiplier, inputs.portfolio_value.currency())?;
        if change.is_zero() || value.amount().abs() < rules.minimum_trade_value {
            return Ok(None);
        }
        let side = if change.is_sign_negative() { Side::Sell } else { Side::Buy };
        Ok(Some((side, Quantity::new(change.abs())?)))
    }
}

impl TryFrom<Decimal> for TargetPercent {
    type Error = NotATarget;
    fn try_from(fraction: Decimal) -> Result<Self, Self::Error> {
        Self::new(fraction)
    }
}

impl From<TargetPercent> for Decimal {
    fn from(target: TargetPercent) -> Self {
        target.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use tradeport_kernel::Currency;

    fn inputs(value: i64, held: i64, price: &str) -> TargetInputs {
        TargetInputs {
            symbol: Symbol::new("AAPL").unwrap(),
            portfolio_value: Money::new(value.into(), Currency::USD),
            held: SignedQuantity::new(held.into()).unwrap(),
            price: price.parse().unwrap(),
            multiplier: Decimal::ONE,
            lot: Decimal::ONE,
        }
    }

    fn trade(fraction: &str, inputs: &TargetInputs) -> Option<(Side, Quantity)> {
        let target = TargetPercent::new(fraction.parse().unwrap()).unwrap();
        target.trade(inputs, &TargetRules::default()).unwrap()
    }

    #[test]
    fn a_target_is_reached_in_whole_lots() {
        assert_eq!(trade("0.5", &inputs(10_000, 0, "33")), Some((Side::Buy, "151".parse().unwrap())));
        assert_eq!(trade("0", &inputs(10_000, 151, "33")), Some((Side::Sell, "151".parse().unwrap())));
        assert_eq!(trade("-0.1", &inputs(10_000, 0, "33")), Some((Side::Sell, "30".parse().unwrap())));
    }

    #[test]
    fn a_trade_of_exactly_the_least_value_is_made() {
        let rules = |least: i64| TargetRules { minimum_trade_value: least.into() };
        let target = TargetPercent::new("0.1".parse().unwrap()).unwrap();
        let trade = |least| target.trade(&inputs(10_000, 0, "10"), &rules(least)).unwrap();
        assert!(trade(1_000).is_some());
        assert!(trade(1_001).is_none());
        assert_eq!(Decimal::from(target), "0.1".parse().unwrap());
    }

    #[test]
    fn small_trades_are_not_made() {
        assert_eq!(trade("0.5", &inputs(10_000, 150, "33")), None, "one share of 33 is below 100");
        assert_eq!(trade("0.5", &inputs(10_000, 148, "33")), None, "three shares of 33 are 99");
        assert_eq!(trade("0.5", &inputs(10_000, 147, "33")), Some((Side::Buy, "4".parse().unwrap())));
    }

    #[test]
    fn a_price_of_zero_is_refused() {
        let target = TargetPercent::new(Decimal::ONE).unwrap();
        let result = target.trade(&inputs(10_000, 0, "0"), &TargetRules::default());
        assert!(matches!(result, Err(NotATarget::Price { .. })));
        assert!(TargetPercent::new("10.1".parse().unwrap()).is_err());
    }

    proptest! {
        #[test]
        fn rounding_never_crosses_zero_and_never_overshoots(
            percent in -200_i64..=200, value in 1_i64..10_000_000, held in -10_000_i64..10_000, cents in 1_i64..100_000,
        ) {
            let mut inputs = inputs(value, held, "1");
            inputs.price = Price::new(Decimal::new(cents, 2)).unwrap();
            let target = TargetPercent::new(Decimal::new(percent, 2)).unwrap();
            let none = TargetRules { minimum_trade_value: Decimal::ZERO };
            let change = target.trade(&inputs, &none).unwrap()
                .map_or(Decimal::ZERO, |(side, quantity)| side.signed(quantity).as_decimal());
            let after = inputs.held.as_decimal() + change;
            prop_assert!(after * target.fraction() >= Decimal::ZERO, "ended on the other side of zero: {after}");
            let wished = inputs.portfolio_value.amount() * target.fraction();
            prop_assert!((after * inputs.price.as_decimal()).abs() <= wished.abs());
            prop_assert!((wished - after * inputs.price.as_decimal()).abs() < inputs.price.as_decimal());
        }
    }
}
