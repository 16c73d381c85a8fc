//! A statement of the broker: what it says in writing that an account traded, held and had.

use tradeport_contracts::ContractId;
use tradeport_kernel::{AccountId, Currency, Decimal, Money, OrderKey, Price};
use tradeport_orders::{ExecutionId, Side};

/// What one account did within a time, and where it stood at its end. A part that the statement leaves out is `None`:
/// unknown is not empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Whose.
    pub account: AccountId,
    /// From the beginning of this day of the broker on.
    pub from: time::Date,
    /// To the end of this one.
    pub to: time::Date,
    /// What was traded.
    pub trades: Option<Vec<StatedTrade>>,
    /// What was held at the end.
    pub positions: Option<Vec<StatedPosition>>,
    /// What there was in cash at the end.
    pub cash: Option<StatedCash>,
}

/// A trade of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatedTrade {
    /// The execution, where the statement names it.
    pub execution: Option<ExecutionId>,
    /// The statement's own number of it.
    pub trade_id: String,
    /// The order's key, where it had one.
    pub key: Option<OrderKey>,
    /// Of what, by the broker's number.
    pub contract: Option<ContractId>,
    /// The same as the statement names it.
    pub name: String,
    /// Which way.
    pub side: Side,
    /// How much; above zero.
    pub quantity: Decimal,
    /// At what price.
    pub price: Price,
    /// What it cost; negative for a rebate, `None` where the statement does not say.
    pub commission: Option<Money>,
}

/// A position of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatedPosition {
    /// Of what, by the broker's number.
    pub contract: Option<ContractId>,
    /// The same as the statement names it.
    pub name: String,
    /// How much; negative when short.
    pub quantity: Decimal,
}

/// Cash of a statement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatedCash {
    /// All of it, in the account's own currency: where the statement adds it up.
    pub total: Option<Decimal>,
    /// The account's own currency, where the statement names it.
    pub own: Option<Currency>,
    /// By currency.
    pub by_currency: Vec<Money>,
}

impl StatedCash {
    /// All of it in this currency, where the statement says so: its total, or the only currency that there is. A total of
    /// which nobody says the currency is in the account's own, unless it is what there is in another.
    #[must_use]
    pub fn all_in(&self, currency: Currency) -> Option<Money> {
        let only = match self.by_currency.as_slice() {
            [only] => Some(*only),
            _ => None,
        };
        let of_another =
            |total: Decimal| only.is_some_and(|it| it.currency() != currency && it.amount() == total);
        let total = self.total.filter(|total| match self.own {
            Some(own) => own == currency,
            None => !of_another(*total),
        });
        let total = total.map(|total| Money::new(total, currency));
        // A total in another currency holds all there is; what there is in this one is a part of it, or all.
        total.or_else(|| only.filter(|only| only.currency() == currency))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cash_of_a_statement_is_its_total_or_its_only_currency() {
        let (dollars, euros) =
            (Money::new(Decimal::TEN, Currency::USD), Money::new(Decimal::ONE, "EUR".parse().unwrap()));
        let stated = |total: Option<i64>, by_currency: &[Money]| StatedCash {
            total: total.map(Decimal::from),
            own: None,
            by_currency: by_currency.to_vec(),
        };
        let all = |stated: StatedCash| stated.all_in(Currency::USD);
        assert_eq!(all(stated(Some(12), &[dollars, euros])), Some(Money::new(12.into(), Currency::USD)));
        assert_eq!(all(stated(None, &[dollars])), Some(dollars));
        assert_eq!(all(stated(None, &[euros])), None, "nobody says what that is in dollars");
        assert_eq!(all(stated(None, &[dollars, euros])), None, "nor what both are together");
        assert_eq!(all(stated(None, &[])), None);
    }

    #[test]
    fn a_total_in_another_currency_is_no_sum_in_ours() {
        let euro: Currency = "EUR".parse().unwrap();
        let in_euros = |by_currency: &[Money], own| StatedCash {
            total: Some(Decimal::TEN),
            own,
            by_currency: by_currency.to_vec(),
        };
        let (dollars, euros) = (Money::new(Decimal::TWO, Currency::USD), Money::new(Decimal::TEN, euro));
        assert_eq!(in_euros(&[], Some(euro)).all_in(Currency::USD), None);
        assert_eq!(in_euros(&[euros], Some(euro)).all_in(Currency::USD), None);
        assert_eq!(in_euros(&[euros], Some(euro)).all_in(euro), Some(euros));
        assert_eq!(in_euros(&[euros], None).all_in(Currency::USD), None, "the same number, in euros");
        let some_euros = Money::new(Decimal::ONE, euro);
        let all = in_euros(&[some_euros], None).all_in(Currency::USD);
        assert_eq!(all, Some(Money::new(Decimal::TEN, Currency::USD)), "more than the euros");
        assert_eq!(in_euros(&[dollars], Some(euro)).all_in(Currency::USD), Some(dollars));
        let own = Some(Currency::USD);
        assert_eq!(
            in_euros(&[euros], own).all_in(Currency::USD),
            Some(Money::new(Decimal::TEN, Currency::USD))
        );
    }
}
