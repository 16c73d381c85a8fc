//! Currencies beside an account's own: what they are worth, and how much of each it has.
//!
//! An account has one currency that all its figures are in. A trade in another one is paid in that other one: its balance
//! goes below zero when it is borrowed, and nothing is exchanged unless somebody trades a currency pair. Figures of the
//! whole account take every balance and every position at fixed rates, so that the same trades make the same figures.
//!
//! Left out: rates that move with the market (a position in a pair does move), and interest on what is borrowed.

use super::account::Account;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tradeport_kernel::{Currency, Decimal, Money, MoneyError};

/// A rate is exact to so many places, and so is what it converts.
const PLACES: u32 = 10;

/// What one unit of each currency is worth, in one currency common to all. The default knows none: accounts trade in their
/// own currency alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rates(BTreeMap<Currency, Decimal>);

impl Rates {
    /// Rates that are not above zero are left out: such a currency is not known.
    #[must_use]
    pub fn new(worth: impl IntoIterator<Item = (Currency, Decimal)>) -> Self {
        Self(worth.into_iter().filter(|(_, worth)| *worth > Decimal::ZERO).collect())
    }

    /// What one unit of `from` is worth in `to`, to ten places; `None` where one of them is not known.
    #[must_use]
    pub fn rate(&self, from: Currency, to: Currency) -> Option<Decimal> {
        if from == to {
            return Some(Decimal::ONE);
        }
        let rate = self.0.get(&from)?.checked_div(*self.0.get(&to)?)?.round_dp(PLACES).normalize();
        (rate > Decimal::ZERO).then_some(rate)
    }
}

/// Cash in a currency that is not the account's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Balance {
    amount: Decimal,
    /// What a unit of it is worth in the account's own currency.
    rate: Decimal,
}

/// The balances of an account in other currencies than its own.
pub(crate) type Balances = BTreeMap<Currency, Balance>;

/// An amount in another currency, by the rate between them.
pub(super) fn converted(amount: Decimal, rate: Decimal) -> Result<Decimal, MoneyError> {
    if rate == Decimal::ONE {
        return Ok(amount);
    }
    Ok(amount.checked_mul(rate).ok_or(MoneyError::Overflow)?.round_dp(PLACES))
}

impl Account {
    /// What it has in a currency.
    pub(super) fn balance(&self, currency: Currency) -> Decimal {
        if currency == self.cash.currency() {
            return self.cash.amount();
        }
        self.balances.get(&currency).map_or(Decimal::ZERO, |it| it.amount)
    }

    /// It has so much in a currency now, of which a unit is worth `rate` in its own.
    pub(super) fn set_balance(&mut self, currency: Currency, amount: Decimal, rate: Decimal) {
        if currency == self.cash.currency() {
            self.cash = Money::new(amount, currency);
        } else {
            self.balances.insert(currency, Balance { amount, rate });
        }
    }

    /// All balances together, in its own currency.
    pub(super) fn total_cash(&self) -> Result<Money, MoneyError> {
        let mut sum = self.cash;
        for it in self.balances.values() {
            sum = sum.plus(Money::new(converted(it.amount, it.rate)?, self.cash.currency()))?;
        }
        Ok(sum)
    }

    /// What an amount in its own currency is in that of a market, to four places where they differ.
    pub(super) fn in_currency_of(&self, market: usize, amount: Decimal) -> Decimal {
        let rate = self.holdings[market].rate();
        if rate == Decimal::ONE {
            return amount;
        }
        amount.checked_div(rate).unwrap_or(Decimal::MAX).round_dp(4)
    }

    /// What other currencies are worth in its own: those that it has, and those of what it may trade.
    pub(super) fn rates(&self) -> BTreeMap<Currency, Decimal> {
        let own = self.cash.currency();
        let priced = self.holdings.iter().filter(|it| it.is_priced_in(own));
        let of_holdings = priced.map(|it| (it.position.cost().currency(), it.rate()));
        let of_balances = self.balances.iter().map(|(currency, it)| (*currency, it.rate));
        of_holdings.chain(of_balances).filter(|(currency, _)| *currency != own).collect()
    }

    /// Its balances with what it holds of currency pairs, which is money of their first currency.
    pub(super) fn told_balances(&self) -> Result<tradeport_portfolio::Balances, MoneyError> {
        let mut told: tradeport_portfolio::Balances = self.all_balances().collect();
        for holding in self.holdings.iter().filter(|it| !it.position.quantity().is_flat()) {
            if let Some(first) = holding.first_currency {
                let units = Money::new(holding.position.quantity().as_decimal(), first);
                told.add(units.times(holding.position.multiplier())?)?;
            }
        }
        Ok(told)
    }

    /// Its balances by currency, its own first.
    pub(super) fn all_balances(&self) -> impl Iterator<Item = Money> + '_ {
        let others = self.balances.iter().map(|(currency, it)| Money::new(it.amount, *currency));
        std::iter::once(self.cash).chain(others)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_go_both_ways_and_only_between_what_is_known() {
        let [euro, yen, krona] = ["EUR", "JPY", "SEK"].map(|code| code.parse::<Currency>().unwrap());
        let number = |text: &str| text.parse::<Decimal>().unwrap();
        let worth = [(Currency::USD, "1"), (euro, "1.25"), (yen, "0.01"), (krona, "0")];
        let rates = Rates::new(worth.map(|(currency, worth)| (currency, number(worth))));
        assert_eq!(rates.rate(euro, Currency::USD), Some(number("1.25")));
        assert_eq!(rates.rate(Currency::USD, euro), Some(number("0.8")));
        assert_eq!(rates.rate(euro, yen), Some(number("125")));
        assert_eq!(rates.rate(krona, Currency::USD), None, "a worth of zero is none");
        assert_eq!(rates.rate(krona, krona), Some(Decimal::ONE));
        assert_eq!(Rates::default().rate(euro, Currency::USD), None);
    }

    #[test]
    fn converting_is_rounded_and_never_overflows_in_silence() {
        assert_eq!(converted(Decimal::MAX, Decimal::ONE).unwrap(), Decimal::MAX);
        assert!(converted(Decimal::MAX, Decimal::TWO).is_err());
        let third = Decimal::ONE / Decimal::from(3);
        assert_eq!(converted(Decimal::ONE, third).unwrap().scale(), PLACES);
    }
}
