//! What the rows of a statement mean.

use super::element::{Element, number, shown};
use std::collections::{BTreeSet, HashSet};
use tradeport_contracts::ContractId;
use tradeport_kernel::{AccountId, Currency, Decimal, Money, OrderKey, Price};
use tradeport_orders::{ExecutionId, Side};
use tradeport_portfolio::{StatedCash, StatedPosition, StatedTrade, Statement};

/// In the place of a currency: all of them in the account's own.
const BASE: &str = "BASE_SUMMARY";
/// After the side of a trade that was taken back.
const CANCELLED: &str = "(Ca.)";

/// A statement that is being read.
pub(super) struct Open {
    statement: Statement,
    /// Trades that were taken back, by their executions.
    cancelled: HashSet<ExecutionId>,
    /// The account's own currency.
    own: Option<Currency>,
    /// Trades were told of, though none by its executions.
    sums_of_trades: bool,
    /// Of which contracts positions were told by their lots, and of which as sums.
    lots: BTreeSet<Option<ContractId>>,
    held: BTreeSet<Option<ContractId>>,
}

impl Open {
    pub(super) fn of(element: &Element<'_>) -> Result<Self, String> {
        let account = account(element)?;
        let (from, to) = (element.day("fromDate")?, element.day("toDate")?);
        if to < from {
            return Err(format!("toDate {to} comes before fromDate {from}"));
        }
        let statement = Statement { account, from, to, trades: None, positions: None, cash: None };
        let (lots, held) = (BTreeSet::new(), BTreeSet::new());
        Ok(Self { statement, cancelled: HashSet::new(), own: None, sums_of_trades: false, lots, held })
    }

    /// Takes in an element within the statement.
    pub(super) fn take(&mut self, path: &[&str], name: &str, element: &Element<'_>) -> Result<(), String> {
        match (path, name) {
            ([], "AccountInformation") => {
                self.own = element.get("currency").map(|name| currency("currency", name)).transpose()?;
            }
            ([], "Trades") => drop(self.statement.trades.get_or_insert_default()),
            ([], "OpenPositions") => drop(self.statement.positions.get_or_insert_default()),
            ([], "CashReport") => drop(self.statement.cash.get_or_insert_default()),
            (["Trades"], "Trade") => self.trade(element)?,
            (["OpenPositions"], "OpenPosition") => self.position(element)?,
            (["CashReport"], "CashReportCurrency") => self.cash(element)?,
            _ => {}
        }
        Ok(())
    }

    /// The statement. Errors: a section tells of something in another way than it is asked for, and would pass for empty.
    pub(super) fn done(self) -> Result<Statement, String> {
        if self.sums_of_trades
            && self.statement.trades.as_ref().is_none_or(Vec::is_empty)
            && self.cancelled.is_empty()
        {
            return Err("Trades holds sums alone: choose Execution for the section Trades of the Flex query"
                .to_owned());
        }
        if let Some(lots) = self.lots.difference(&self.held).next() {
            let of = lots.map_or_else(String::new, |contract| format!(" of conid {}", contract.number()));
            return Err(format!(
                "OpenPositions holds lots{of} and not their sum: choose Summary for the section Open Positions of the Flex query"
            ));
        }
        let Self { mut statement, cancelled, own, .. } = self;
        if let Some(cash) = &mut statement.cash {
            cash.own = own;
        }
        let stands = |trade: &StatedTrade| trade.execution.as_ref().is_none_or(|it| !cancelled.contains(it));
        if let Some(trades) = &mut statement.trades {
            trades.retain(stands);
        }
        Ok(statement)
    }

    /// A row may name its account; it must be the statement's.
    fn is_own(&self, element: &Element<'_>) -> Result<(), String> {
        match element.get("accountId") {
            Some(name) if name != self.statement.account.as_str() => Err(format!(
                "a row of account {:?} within the statement of {}: ask for one statement for each account",
                shown(name),
                self.statement.account
            )),
            _ => Ok(()),
        }
    }

    fn trade(&mut self, element: &Element<'_>) -> Result<(), String> {
        self.is_own(element)?;
        if element.get("levelOfDetail").is_some_and(|level| level != "EXECUTION") {
            self.sums_of_trades = true;
            return Ok(());
        }
        let execution = element.get("ibExecID").map(execution_id);
        let words = element.need("buySell")?;
        if words.ends_with(CANCELLED) {
            self.cancelled.extend(execution);
            return Ok(());
        }
        let side = match words {
            "BUY" => Side::Buy,
            "SELL" => Side::Sell,
            other => return Err(format!("buySell is {:?}, and not BUY or SELL", shown(other))),
        };
        let quantity = number("quantity", element.need("quantity")?)?.abs();
        let price = Price::new(number("tradePrice", element.need("tradePrice")?)?)
            .map_err(|error| format!("tradePrice makes no sense: {error}"))?;
        let trade = StatedTrade {
            execution,
            trade_id: element.get("tradeID").unwrap_or("without a number").to_owned(),
            key: element.get("orderReference").and_then(|text| OrderKey::new(text).ok()),
            contract: contract(element)?,
            name: element.get("symbol").unwrap_or_default().to_owned(),
            side,
            quantity,
            price,
            commission: commission(element)?,
        };
        self.statement.trades.get_or_insert_default().push(trade);
        Ok(())
    }

    fn position(&mut self, element: &Element<'_>) -> Result<(), String> {
        self.is_own(element)?;
        // The lots of a position add up to its sum, which stands beside them.
        if element.get("levelOfDetail").is_some_and(|level| level != "SUMMARY") {
            self.lots.insert(contract(element)?);
            return Ok(());
        }
        self.held.insert(contract(element)?);
        let quantity = number("position", element.need("position")?)?;
        let name = element.get("symbol").unwrap_or_default().to_owned();
        let position = StatedPosition { contract: contract(element)?, name, quantity };
        self.statement.positions.get_or_insert_default().push(position);
        Ok(())
    }

    fn cash(&mut self, element: &Element<'_>) -> Result<(), String> {
        self.is_own(element)?;
        let amount = number("endingCash", element.need("endingCash")?)?;
        let cash = self.statement.cash.get_or_insert_default();
        take_cash(cash, element.need("currency")?, amount)
    }
}

fn take_cash(cash: &mut StatedCash, name: &str, amount: Decimal) -> Result<(), String> {
    if name == BASE {
        if cash.total.replace(amount).is_some() {
            return Err(format!("{BASE} is there twice"));
        }
        return Ok(());
    }
    let currency = currency("currency", name)?;
    if cash.by_currency.iter().any(|known| known.currency() == currency) {
        return Err(format!("the cash in {currency} is there twice"));
    }
    cash.by_currency.push(Money::new(amount, currency));
    Ok(())
}

fn account(element: &Element<'_>) -> Result<AccountId, String> {
    AccountId::new(element.need("accountId")?).map_err(|error| error.to_string())
}

fn currency(attribute: &str, name: &str) -> Result<Currency, String> {
    name.parse().map_err(|_| format!("{attribute} is {:?}, and not a currency such as USD", shown(name)))
}

fn contract(element: &Element<'_>) -> Result<Option<ContractId>, String> {
    let no_number = |text: &str| format!("conid is {:?}, and not a contract's number", shown(text));
    let number = element.get("conid").map(|text| text.parse().map_err(|_| no_number(text))).transpose()?;
    Ok(number.map(ContractId::new))
}

/// IB writes what is paid as a negative number.
fn commission(element: &Element<'_>) -> Result<Option<Money>, String> {
    let Some(amount) = element.number("ibCommission")? else { return Ok(None) };
    let name = element.get("ibCommissionCurrency").or_else(|| element.get("currency"));
    let Some(name) = name else { return Ok(None) };
    Ok(Some(Money::new(-amount, currency("ibCommissionCurrency", name)?)))
}

/// `0000e0d5.6583ffab.01.02` is the second revision of `0000e0d5.6583ffab.01`.
fn execution_id(text: &str) -> ExecutionId {
    match text.rsplit_once('.') {
        Some((root, revision)) if !root.is_empty() => match revision.parse() {
            Ok(revision) => ExecutionId::new(root, revision),
            Err(_) => ExecutionId::new(text, 1),
        },
        _ => ExecutionId::new(text, 1),
    }
}
