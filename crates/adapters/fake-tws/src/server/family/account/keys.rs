//! Figures under the names that the API has for them.

use super::figures::{Figures, Part};
use tradeport_kernel::Decimal;

/// One value: its name, itself, and its currency; no currency for what is no money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) key: &'static str,
    pub(super) value: String,
    pub(super) currency: String,
}

/// The currency that stands for all of them, in the account's own.
const BASE: &str = "BASE";

fn money(amount: Decimal) -> String {
    format!("{:.2}", amount.round_dp(2))
}

fn word(key: &'static str, value: impl Into<String>) -> Value {
    Value { key, value: value.into(), currency: String::new() }
}

/// The values of a whole account, as the summary knows them.
pub(super) fn whole(it: &Figures) -> Vec<Value> {
    let amounts = [
        ("NetLiquidation", it.net),
        ("TotalCashValue", it.all.cash),
        ("SettledCash", it.all.cash),
        ("AccruedCash", Decimal::ZERO),
        ("BuyingPower", it.buying_power),
        ("EquityWithLoanValue", it.net),
        ("PreviousDayEquityWithLoanValue", it.net - it.all.unrealized),
        ("GrossPositionValue", it.gross),
        ("RegTEquity", it.net),
        ("RegTMargin", it.initial),
        ("SMA", it.available()),
        ("InitMarginReq", it.initial),
        ("MaintMarginReq", it.maintenance),
        ("AvailableFunds", it.available()),
        ("ExcessLiquidity", it.excess()),
        ("FullInitMarginReq", it.initial),
        ("FullMaintMarginReq", it.maintenance),
        ("FullAvailableFunds", it.available()),
        ("FullExcessLiquidity", it.excess()),
        ("LookAheadInitMarginReq", it.initial),
        ("LookAheadMaintMarginReq", it.maintenance),
        ("LookAheadAvailableFunds", it.available()),
        ("LookAheadExcessLiquidity", it.excess()),
        ("Guarantee", Decimal::ZERO),
        ("IndianStockHaircut", Decimal::ZERO),
        ("PASharesValue", Decimal::ZERO),
        ("TotalDebitCardPendingCharges", Decimal::ZERO),
        ("Billable", Decimal::ZERO),
        ("NLVAndMarginInReview", Decimal::ZERO),
    ];
    let mut values: Vec<Value> = vec![
        word("AccountType", "INDIVIDUAL"),
        word("Cushion", it.cushion().to_string()),
        word("DayTradesRemaining", "-1"),
        word("DayTradesRemainingT+1", "-1"),
        word("DayTradesRemainingT+2", "-1"),
        word("DayTradesRemainingT+3", "-1"),
        word("DayTradesRemainingT+4", "-1"),
        word("HighestSeverity", "0"),
        word("Leverage", it.leverage().to_string()),
        word("LookAheadNextChange", "0"),
    ];
    let currency = it.currency.to_string();
    values.extend(amounts.map(|(key, amount)| Value {
        key,
        value: money(amount),
        currency: currency.clone(),
    }));
    values
}

/// The values by currency: of all together, of the account's own, and of every other one that it has to do with.
pub(super) fn ledger(it: &Figures) -> Vec<Value> {
    let own = it.parts.iter().filter(|(currency, _)| **currency == it.currency);
    let others = it.parts.iter().filter(|(currency, _)| **currency != it.currency);
    let by_currency = own.chain(others).map(|(currency, part)| (currency.to_string(), part));
    let mut values = Vec::new();
    for (currency, part) in std::iter::once((BASE.to_owned(), &it.all)).chain(by_currency) {
        let words = [
            ("AccountOrGroup", it.account.as_str().to_owned()),
            ("Currency", currency.clone()),
            ("ExchangeRate", rate(part.rate)),
            ("RealCurrency", currency.clone()),
        ];
        values.extend(words.map(|(key, value)| Value { key, value, currency: currency.clone() }));
        values.extend(amounts(part).map(|(key, amount)| Value {
            key,
            value: money(amount),
            currency: currency.clone(),
        }));
    }
    values
}

/// With two places at least.
fn rate(rate: Decimal) -> String {
    let mut rate = rate.round_dp(7).normalize();
    rate.rescale(rate.scale().max(2));
    rate.to_string()
}

fn amounts(it: &Part) -> [(&'static str, Decimal); 21] {
    let none = Decimal::ZERO;
    [
        ("AccruedCash", none),
        ("CashBalance", it.cash),
        ("CorporateBondValue", it.bonds),
        ("Cryptocurrency", it.coins),
        ("FundValue", it.funds),
        ("FutureOptionValue", it.future_options),
        ("FuturesPNL", it.futures),
        ("FxCashBalance", none),
        ("IssuerOptionValue", none),
        ("MoneyMarketFundValue", none),
        ("MutualFundValue", it.funds),
        ("NetDividend", none),
        ("NetLiquidationByCurrency", it.net()),
        ("OptionMarketValue", it.options),
        ("RealizedPnL", it.realized),
        ("StockMarketValue", it.stocks + it.others),
        ("TBillValue", none),
        ("TBondValue", none),
        ("TotalCashBalance", it.cash),
        ("UnrealizedPnL", it.unrealized),
        ("WarrantValue", it.warrants),
    ]
}

/// Everything that an account's own window shows.
pub(super) fn window(it: &Figures) -> Vec<Value> {
    let mut values = vec![
        word("AccountCode", it.account.as_str()),
        word("AccountReady", "true"),
        word("TradingType-S", "STKNOPT"),
        word("SegmentTitle-S", "US Securities"),
    ];
    values.extend(whole(it));
    let own = it.currency.to_string();
    let securities = [
        ("NetLiquidation-S", it.net),
        ("TotalCashValue-S", it.all.cash),
        ("AvailableFunds-S", it.available()),
        ("ExcessLiquidity-S", it.excess()),
        ("EquityWithLoanValue-S", it.net),
        ("GrossPositionValue-S", it.gross),
        ("InitMarginReq-S", it.initial),
        ("MaintMarginReq-S", it.maintenance),
    ];
    values.extend(securities.map(|(key, amount)| Value { key, value: money(amount), currency: own.clone() }));
    values.push(word("Leverage-S", it.leverage().to_string()));
    values.extend(ledger(it));
    values
}
