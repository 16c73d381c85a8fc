//! Figures and positions of accounts.

use super::FromIbError;
use super::number::to_decimal;
use ibapi::accounts as ib;
use std::collections::BTreeMap;
use tradeport_kernel::{AccountId, Currency, Decimal, Money, SignedQuantity, Symbol, Timestamp};
use tradeport_portfolio::{AccountSummary, Position};

fn refuse(field: &'static str, value: impl std::fmt::Debug, reason: impl std::fmt::Display) -> FromIbError {
    FromIbError::new("AccountSummary", field, value, reason)
}

/// The figures of one account, as its rows come in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountFigures(BTreeMap<(String, String), String>);

impl AccountFigures {
    /// Takes a row in; a later one of the same key and currency replaces the one before.
    pub fn hear(&mut self, row: &ib::AccountValue) {
        self.0.insert((row.key.clone(), row.currency.clone()), row.value.clone());
    }

    /// All figures, in the account's own currency: that of its net liquidation. Positions are what net liquidation is
    /// beyond cash.
    ///
    /// # Errors
    /// When a figure is missing or is no number. Gains and losses that TWS does not tell are zero.
    pub fn summary(&self, account: AccountId, at: Timestamp) -> Result<AccountSummary, FromIbError> {
        let own = self.0.keys().find(|(tag, _)| tag == "NetLiquidation").map(|(_, currency)| currency);
        let own = own.ok_or_else(|| refuse("NetLiquidation", "", "the broker told none"))?;
        let currency: Currency = own.parse().map_err(|error| refuse("NetLiquidation", own, error))?;
        let figure = |tag: &'static str| {
            let of = |currency: &str| self.0.get(&(tag.to_owned(), currency.to_owned()));
            let value = of(own).or_else(|| of("BASE")).filter(|value| !value.is_empty());
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
