//! What prices of futures are worth in money.
//!
//! | question | answer |
//! | --- | --- |
//! | what is a contract worth at this price? | [`FuturesSpec::notional`] = price x contracts x multiplier / magnifier |
//! | what does a price step move? | [`FuturesSpec::step_value`] = price step x multiplier / magnifier |
//! | how many steps lie between two prices? | [`FuturesSpec::steps_between`] |
//! | what did a move bring? | [`FuturesSpec::gain`] |
//!
//! Left out: commissions, and conversion into another currency.

use super::spec::FuturesSpec;
use tradeport_kernel::{Decimal, Money, MoneyError, Price, SignedQuantity};

/// The steps between two prices cannot be counted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSteps {
    /// A price that nobody can trade at.
    #[error("{price} is not a whole number of {product}'s price steps of {step}: {below} and {above} are")]
    OffStep {
        /// Whose.
        product: String,
        /// The price.
        price: Price,
        /// The price step.
        step: Decimal,
        /// The nearest price below that can be traded at.
        below: Decimal,
        /// The nearest price above that can be traded at.
        above: Decimal,
    },
    /// More than can be counted.
    #[error("{from} and {to} lie too many of {product}'s price steps apart")]
    TooFar {
        /// Whose.
        product: String,
        /// The first price.
        from: Price,
        /// The second price.
        to: Price,
    },
}

impl FuturesSpec {
    /// What one contract gains when the quoted price rises by 1: multiplier / magnifier. Exact: magnifiers are powers
    /// of ten.
    #[must_use]
    pub fn unit_value(&self) -> Money {
        let value = self.multiplier() / Decimal::from(self.price_magnifier());
        Money::new(value.normalize(), self.currency())
    }

    /// What one price step of one contract is worth.
    ///
    /// ```
    /// use tradeport_contracts::futures::FuturesSpecs;
    /// let corn = FuturesSpecs::bundled().find("ZC").ok_or("no corn")?;
    /// assert_eq!(corn.step_value().to_string(), "12.50 USD", "a quarter of a cent on 5,000 bushels");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn step_value(&self) -> Money {
        let value = self.unit_value().amount() * self.price_step();
        Money::new(value.normalize(), self.currency())
    }

    /// The price step as the broker's contract details show it: price step / magnifier.
    #[must_use]
    pub fn broker_price_step(&self) -> Decimal {
        (self.price_step() / Decimal::from(self.price_magnifier())).normalize()
    }

    /// What `contracts` (negative when short) are worth at a quoted price. Errors: [`MoneyError::Overflow`].
    ///
    /// ```
    /// use tradeport_contracts::futures::FuturesSpecs;
    /// let corn = FuturesSpecs::bundled().find("ZC").ok_or("no corn")?;
    /// let value = corn.notional("450.25".parse()?, "2".parse()?)?;
    /// assert_eq!(value.to_string(), "45025.00 USD", "450.25 cents, 5,000 bushels, twice");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn notional(&self, price: Price, contracts: SignedQuantity) -> Result<Money, MoneyError> {
        Money::of(price, contracts.as_decimal(), self.unit_value().amount(), self.currency())
    }

    /// What `contracts` (negative when short) gain while the quoted price goes from one to another; negative for a
    /// loss. Errors: [`MoneyError::Overflow`].
    pub fn gain(&self, from: Price, to: Price, contracts: SignedQuantity) -> Result<Money, MoneyError> {
        self.notional(to, contracts)?.minus(self.notional(from, contracts)?)
    }

    /// How many price steps lead from one quoted price to another; negative downwards. Errors: [`NotSteps`] for prices
    /// that are not on the step.
    ///
    /// ```
    /// use tradeport_contracts::futures::FuturesSpecs;
    /// let es = FuturesSpecs::bundled().find("ES").ok_or("no ES")?;
    /// assert_eq!(es.steps_between("5000".parse()?, "5001.25".parse()?)?, 5);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn steps_between(&self, from: Price, to: Price) -> Result<i64, NotSteps> {
        self.on_step(from)?;
        self.on_step(to)?;
        let too_far = || NotSteps::TooFar { product: self.exchange_code().to_owned(), from, to };
        let way = to.as_decimal().checked_sub(from.as_decimal()).ok_or_else(too_far)?;
        let steps = way.checked_div(self.price_step()).ok_or_else(too_far)?;
        i64::try_from(steps.round()).map_err(|_reason| too_far())
    }

    /// Is the quoted price a whole number of price steps?
    #[must_use]
    pub fn fits_step(&self, price: Price) -> bool {
        self.rest(price).is_zero()
    }

    fn rest(&self, price: Price) -> Decimal {
        price.as_decimal().checked_rem(self.price_step()).unwrap_or(Decimal::ONE)
    }

    fn on_step(&self, price: Price) -> Result<(), NotSteps> {
        let rest = self.rest(price);
        if rest.is_zero() {
            return Ok(());
        }
        let step = self.price_step();
        let towards_zero = price.as_decimal() - rest;
        let (below, above) = if rest > Decimal::ZERO {
            (towards_zero, towards_zero + step)
        } else {
            (towards_zero - step, towards_zero)
        };
        let product = self.exchange_code().to_owned();
        Err(NotSteps::OffStep { product, price, step, below: below.normalize(), above: above.normalize() })
    }
}
