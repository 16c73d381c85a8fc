//! Figures and positions of accounts.

use super::FromIbError;
use super::number::to_decimal;
use ibapi::accounts as ib;
use std::collections::BTreeMap;
use tradeport_kernel::{AccountId, Currency, Decimal, Money, SignedQuantity, Symbol, Timestamp};
use tradeport_portfolio::{AccountSummary, Balances, Position};

fn refuse(field: &'static str, value: impl std::fmt::Debug, reason: impl std::fmt::Display) -> FromIbError {
    FromIbError::new("AccountSummary", field, value, reason)
}

/// TWS's name for the account's own currency where it sums up all of them.
const BASE: &str = "BASE";

/// TWS's mark for a number that is not set, as text.
fn is_unset(value: &str) -> bool {
    value.is_empty() || value.eq_ignore_ascii_case("1.7976931348623157E308")
}

/// The figures of one account, as its rows come in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountFigures(BTreeMap<(String, String), String>);

impl AccountFigures {
    /// Takes a row in; a later one of the same key and currency replaces the one before.
    pub fn hear(&mut self, row: &ib::AccountValue) {
        self.0.insert((row.key.clone(), row.currency.clone()), row.value.clone());
    }

    /// The currency in which the account is kept: that of its net liquidation, which is told in one.
    fn own_currency(&self) -> Result<&str, FromIbError> {
        let mut told = self.rows("NetLiquidation").map(|(currency, _)| currency).filter(|it| *it != BASE);
        let own = told.next().ok_or_else(|| refuse("NetLiquidation", "", "the broker told none"))?;
        match told.next() {
            None => Ok(own),
            Some(other) => {
                Err(refuse("NetLiquidation", format!("{own}, {other}"), "told in several currencies"))
            }
        }
    }

    /// What a figure is of all currencies together: by its row of the base where there is one. A row of the account's own
    /// currency is the whole only where there are none of others; else it is a part, and the whole was not told.
    fn total<'a>(&'a self, tag: &'a str, own: &str) -> Option<&'a String> {
        let base = self.rows(tag).find(|(currency, _)| *currency == BASE);
        let is_part = self.rows(tag).any(|(currency, _)| currency != own);
        let alone = || self.rows(tag).find(|(currency, _)| *currency == own && !is_part);
        base.or_else(alone).map(|(_, value)| value)
    }

    /// What was told under a tag, by currency.
    fn rows<'a>(&'a self, tag: &'a str) -> impl Iterator<Item = (&'a str, &'a String)> {
        self.0
            .iter()
            .filter(move |((name, _), _)| name == tag)
            .map(|((_, currency), value)| (currency.as_str(), value))
    }

    /// What one unit of each other currency is worth in the account's own, where the broker tells a rate that is one.
    fn rates(&self, own: &str) -> BTreeMap<Currency, Decimal> {
        let others = self.rows("ExchangeRate").filter(|(currency, _)| *currency != own && *currency != BASE);
        let read = |(currency, value): (&str, &String)| {
            let rate = Decimal::from_str_exact(value).ok().filter(|rate| *rate > Decimal::ZERO)?;
            Some((currency.parse().ok()?, rate))
        };
        others.filter_map(read).collect()
    }

    /// Cash by currency; `None` where TWS does not tell that, or a row is no number: a part is no whole. `CashBalance` is
    /// something else where cash is swept into insured deposits: it counts them a second time.
    fn balances(&self) -> Option<Balances> {
        let by_currency = self.rows("TotalCashBalance").filter(|(currency, _)| *currency != BASE);
        let read = |(currency, value): (&str, &String)| {
            Some(Money::new(Decimal::from_str_exact(value).ok()?, currency.parse().ok()?))
        };
        let balances: Vec<Money> = by_currency.map(read).collect::<Option<_>>()?;
        (!balances.is_empty()).then(|| balances.into_iter().collect())
    }

    /// All figures, in the account's own currency: that of its net liquidation. Positions are what net liquidation is
    /// beyond cash.
    ///
    /// # Errors
    /// When a figure is missing or is no number. Gains and losses that TWS does not tell are zero.
    pub fn summary(&self, account: AccountId, at: Timestamp) -> Result<AccountSummary, FromIbError> {
        let own = self.own_currency()?;
        let currency: Currency = own.parse().map_err(|error| refuse("NetLiquidation", own, error))?;
        let figure = |tag: &'static str| {
            let value = self.total(tag, own).filter(|value| !is_unset(value));
            let read =
                |value: &String| Decimal::from_str_exact(value).map_err(|error| refuse(tag, value, error));
            value.map(read).transpose()
        };
        let needed = |tag: &'static str| figure(tag)?.ok_or_else(|| refuse(tag, "", "the broker told none"));
        let money = |amount: Decimal| Money::new(amount, currency);
        let (net, cash) = (needed("NetLiquidation")?, needed("TotalCashValue")?);
        let positions = net.checked_sub(cash).ok_or_else(|| refuse("NetLiquidation", net, "too large"))?;
        Ok(AccountSummary {
            account,
            at,
            net_liquidation: money(net),
            cash: money(cash),
            positions_value: money(positions),
            buying_power: money(needed("BuyingPower")?),
            maintenance_margin: money(needed("MaintMarginReq")?),
            realized_pnl: money(figure("RealizedPnL")?.unwrap_or_default()),
            unrealized_pnl: money(figure("UnrealizedPnL")?.unwrap_or_default()),
            rates: self.rates(own),
            balances: self.balances(),
        })
    }
}

/// A position under our name. The broker's average cost is for one unit held, its multiplier included.
///
/// # Errors
/// When a number or the currency is none.
pub fn position_from_ib(
    symbol: Symbol,
    multiplier: Decimal,
    row: &ib::PositionMulti,
) -> Result<Position, FromIbError> {
    let refuse = |field, value: &dyn std::fmt::Debug, reason: &dyn std::fmt::Display| {
        FromIbError::new("Position", field, value, reason)
    };
    let number = |field, float: f64| to_decimal(float).ok_or_else(|| refuse(field, &float, &"not a number"));
    let amount = number("position", row.position)?;
    let quantity = SignedQuantity::new(amount).map_err(|error| refuse("position", &row.position, &error))?;
    let text = row.contract.currency.as_str();
    let currency: Currency = text.parse().map_err(|error| refuse("currency", &text, &error))?;
    let average = number("averageCost", row.average_cost)?;
    let too_large = || refuse("averageCost", &row.average_cost, &"too large");
    let cost = amount.checked_mul(average).ok_or_else(too_large)?;
    let (cost, realized) = (Money::new(cost, currency), Money::zero(currency));
    Ok(Position::reported(symbol, quantity, cost, multiplier, realized))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(key: &str, value: &str, currency: &str) -> ib::AccountValue {
        let (key, value, currency) = (key.to_owned(), value.to_owned(), currency.to_owned());
        ib::AccountValue { account: Some("DU1".to_owned()), key, value, currency }
    }

    #[test]
    fn figures_are_of_the_accounts_own_currency() {
        let mut figures = AccountFigures::default();
        for it in [
            row("NetLiquidation", "1000.50", "EUR"),
            row("TotalCashValue", "900", "EUR"),
            row("BuyingPower", "4000", "EUR"),
            row("MaintMarginReq", "25.1", "EUR"),
            row("RealizedPnL", "7", "BASE"),
            row("RealizedPnL", "9", "USD"),
        ] {
            figures.hear(&it);
        }
        let account = AccountId::new("DU1").unwrap();
        let summary = figures.summary(account.clone(), Timestamp::EPOCH).unwrap();
        assert_eq!(summary.positions_value.to_string(), "100.50 EUR");
        assert_eq!(
            (summary.realized_pnl.to_string(), summary.unrealized_pnl.to_string()),
            ("7.00 EUR".into(), "0.00 EUR".into())
        );
        figures.hear(&row("BuyingPower", "a lot", "EUR"));
        let error = figures.summary(account.clone(), Timestamp::EPOCH).unwrap_err();
        assert!(error.to_string().starts_with("AccountSummary.BuyingPower is \"a lot\": "), "{error}");
    }

    /// The figures of an account in dollars, and what more was told.
    fn told(more: &[(&str, &str, &str)]) -> Result<AccountSummary, FromIbError> {
        let mut figures = AccountFigures::default();
        let plain = [
            ("NetLiquidation", "1000", "USD"),
            ("BuyingPower", "4000", "USD"),
            ("MaintMarginReq", "25", "USD"),
        ];
        for (tag, value, currency) in plain.iter().chain(more) {
            figures.hear(&row(tag, value, currency));
        }
        figures.summary(AccountId::new("DU1").unwrap(), Timestamp::EPOCH)
    }

    #[test]
    fn scenario_acc_01_cash_by_currency_is_summed_up_by_the_broker_or_not_known() {
        let rows = [
            ("TotalCashValue", "100", "USD"),
            ("TotalCashValue", "7800", "HKD"),
            ("TotalCashValue", "-20", "EUR"),
        ];
        let base = ("TotalCashValue", "1078.5", "BASE");
        for place in 0..=rows.len() {
            let mut in_any_order = rows.to_vec();
            in_any_order.insert(place, base);
            assert_eq!(told(&in_any_order).unwrap().cash.to_string(), "1078.50 USD");
        }
        let said = told(&rows).unwrap_err().to_string();
        assert_eq!(said, "AccountSummary.TotalCashValue is \"\": the broker told none", "a part is no whole");
        assert_eq!(
            told(&rows[..1]).unwrap().cash.to_string(),
            "100.00 USD",
            "the only currency is all of it"
        );
        assert!(told(&rows[1..2]).is_err(), "of another currency nothing is converted");
        let twice = [base, ("NetLiquidation", "900", "EUR")];
        assert!(told(&twice).unwrap_err().to_string().contains("several currencies"));
        let of_base = [base, ("NetLiquidation", "1000", "BASE")];
        assert_eq!(told(&of_base).unwrap().net_liquidation.to_string(), "1000.00 USD");
    }

    #[test]
    fn scenario_acc_01_balances_are_told_by_currency_as_a_whole_or_not_at_all() {
        let rows = [
            ("TotalCashValue", "1078.5", "USD"),
            ("TotalCashBalance", "1078.5", "BASE"),
            ("TotalCashBalance", "100.0049", "USD"),
            ("TotalCashBalance", "-20", "EUR"),
            ("CashBalance", "2100.0049", "USD"),
        ];
        let listed = |rows: &[(&str, &str, &str)]| {
            let balances = told(rows).unwrap().balances?;
            Some(
                balances
                    .iter()
                    .map(|it| (it.currency().to_string(), it.amount().to_string()))
                    .collect::<Vec<_>>(),
            )
        };
        let whole = [("EUR", "-20"), ("USD", "100.0049")].map(|(one, two)| (one.to_owned(), two.to_owned()));
        assert_eq!(listed(&rows), Some(whole.to_vec()), "to the last digit, and no deposit twice");
        for odd in ["", "N/A", "1.7976931348623157E308"] {
            let mut rows = rows.to_vec();
            rows.push(("TotalCashBalance", odd, "JPY"));
            assert_eq!(
                listed(&rows),
                None,
                "{odd:?} leaves the whole unknown, and the rest of the figures stand"
            );
        }
        assert_eq!(listed(&rows[..2]), None, "the base is the sum of all");
        assert_eq!(listed(&rows[..1]), None);
    }

    #[test]
    fn what_other_currencies_are_worth_is_told_where_it_is_a_rate() {
        let cash = ("TotalCashValue", "100", "USD");
        let rates = [
            cash,
            ("ExchangeRate", "1.00", "BASE"),
            ("ExchangeRate", "1.00", "USD"),
            ("ExchangeRate", "1.0875", "EUR"),
            ("ExchangeRate", "0.00", "SEK"),
            ("ExchangeRate", "", "CHF"),
            ("ExchangeRate", "1.7976931348623157E308", "GBP"),
        ];
        let told = told(&rates).unwrap().rates;
        assert_eq!(told, BTreeMap::from([("EUR".parse().unwrap(), "1.0875".parse().unwrap())]));
    }

    #[test]
    fn scenario_acc_04_values_that_are_no_numbers_stay_what_they_are_and_stop_nothing() {
        let odd = [
            ("TotalCashValue", "100", "USD"),
            ("NLVAndMarginInReview", "false", ""),
            ("AccountType", "INDIVIDUAL", ""),
            ("DayTradesRemaining", "-1", ""),
            ("Billable", "", "USD"),
            ("Cushion", "0.98\u{0}", ""),
            ("", "", ""),
        ];
        assert_eq!(told(&odd).unwrap(), told(&odd[..1]).unwrap());
        let said = told(&[("TotalCashValue", "N/A", "USD")]).unwrap_err().to_string();
        assert!(said.starts_with("AccountSummary.TotalCashValue is \"N/A\": "), "{said}");
    }

    #[test]
    fn scenario_acc_05_what_the_account_is_worth_is_the_brokers_figure() {
        let cash = ("TotalCashValue", "100", "USD");
        // What somebody could add up from stale marks says something else.
        let others = [
            cash,
            ("GrossPositionValue", "1", "USD"),
            ("StockMarketValue", "2", "USD"),
            ("UnrealizedPnL", "5000", "USD"),
        ];
        let summary = told(&others).unwrap();
        assert_eq!(summary.net_liquidation.to_string(), "1000.00 USD");
        assert_eq!(summary.positions_value.to_string(), "900.00 USD", "the rest of it, not the sum of marks");
    }

    #[test]
    fn scenario_acc_06_gains_that_are_not_set_yet_are_not_huge() {
        let unset = "1.7976931348623157E308";
        let cash = ("TotalCashValue", "100", "USD");
        let summary = told(&[cash, ("RealizedPnL", unset, "USD"), ("UnrealizedPnL", unset, "USD")]).unwrap();
        assert_eq!(summary, told(&[cash]).unwrap(), "as if they had not been told");
        assert!(told(&[("TotalCashValue", unset, "USD")]).is_err(), "what must be known is not made up");
    }

    #[test]
    fn a_figure_that_is_missing_is_named() {
        let said = |rows: &[(&str, &str, &str)]| {
            let mut figures = AccountFigures::default();
            for (tag, value, currency) in rows {
                figures.hear(&row(tag, value, currency));
            }
            figures.summary(AccountId::new("DU1").unwrap(), Timestamp::EPOCH).unwrap_err().to_string()
        };
        assert_eq!(said(&[]), "AccountSummary.NetLiquidation is \"\": the broker told none");
        let worth = ("NetLiquidation", "1000.50", "EUR");
        assert_eq!(said(&[worth]), "AccountSummary.TotalCashValue is \"\": the broker told none");
        let blank = [worth, ("TotalCashValue", "", "EUR")];
        assert_eq!(said(&blank), "AccountSummary.TotalCashValue is \"\": the broker told none");
    }

    #[test]
    fn a_position_that_is_no_number_is_named() {
        let plain = ib::PositionMulti { position: 10.0, average_cost: 50.0, ..Default::default() };
        let said = |change: fn(&mut ib::PositionMulti)| {
            let mut row = plain.clone();
            row.contract.currency = "USD".into();
            change(&mut row);
            position_from_ib("AAPL".parse().unwrap(), Decimal::ONE, &row).unwrap_err().to_string()
        };
        assert_eq!(said(|it| it.position = f64::NAN), "Position.position is NaN: not a number");
        assert_eq!(said(|it| it.average_cost = f64::INFINITY), "Position.averageCost is inf: not a number");
        let huge = |it: &mut ib::PositionMulti| (it.position, it.average_cost) = (1e11, 1e18);
        assert_eq!(said(huge), "Position.averageCost is 1e18: too large");
    }
}
