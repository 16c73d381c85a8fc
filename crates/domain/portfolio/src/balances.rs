//! Cash by currency.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tradeport_kernel::{Currency, Decimal, Money, MoneyError};

/// What there is in cash in each currency, below zero where it is borrowed. Of a currency that is not listed there is nothing.
///
/// Nothing is converted here: dollars and euros stay what they are, so rates that move change none of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Balances(BTreeMap<Currency, Decimal>);

impl Balances {
    /// What there is in a currency.
    #[must_use]
    pub fn of(&self, currency: Currency) -> Money {
        Money::new(self.0.get(&currency).copied().unwrap_or_default(), currency)
    }

    /// So much comes in; below zero, it goes out.
    pub fn add(&mut self, amount: Money) -> Result<(), MoneyError> {
        let sum = self.of(amount.currency()).plus(amount)?;
        self.0.insert(sum.currency(), sum.amount());
        Ok(())
    }

    /// Each balance that is listed, in the order of the currencies.
    pub fn iter(&self) -> impl Iterator<Item = Money> {
        self.0.iter().map(|(currency, amount)| Money::new(*amount, *currency))
    }
}

impl FromIterator<Money> for Balances {
    /// Of a currency that comes twice the later amount counts.
    fn from_iter<T: IntoIterator<Item = Money>>(all: T) -> Self {
        Self(all.into_iter().map(|it| (it.currency(), it.amount())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_currency_stands_for_itself() {
        let euro: Currency = "EUR".parse().unwrap();
        let money = |amount: i64, currency| Money::new(amount.into(), currency);
        let mut balances: Balances = [money(100, Currency::USD)].into_iter().collect();
        balances.add(money(-30, euro)).unwrap();
        balances.add(money(5, Currency::USD)).unwrap();
        assert_eq!(
            (balances.of(Currency::USD), balances.of(euro)),
            (money(105, Currency::USD), money(-30, euro))
        );
        assert_eq!(balances.iter().collect::<Vec<_>>(), [money(-30, euro), money(105, Currency::USD)]);
        assert_eq!(
            balances.of("JPY".parse().unwrap()).amount(),
            Decimal::ZERO,
            "nothing of what is not listed"
        );
        assert!(balances.add(Money::new(Decimal::MAX, Currency::USD)).is_err());
        assert_eq!(
            balances.of(Currency::USD),
            money(105, Currency::USD),
            "what is too large changes nothing"
        );
    }
}
