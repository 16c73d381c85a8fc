//! Statements that a desk holds against everything it knows.

use crate::breaks::held;
use crate::support::{House, account, apple, execution};
use futures::executor::block_on;
use time::macros::date;
use tradeport_contracts::{Contract, ContractDraft, ContractId, Stock, TradingSessions};
use tradeport_kernel::{AccountId, Currency, Decimal, Symbol, Timestamp};
use tradeport_orders::{Execution, ExecutionId, Side};
use tradeport_portfolio::{StatedPosition, StatedTrade, Statement};
use tradeport_trading::DeskError;
use tradeport_trading::reconciliation::{Cause, Finding};

pub(crate) const APPLE: ContractId = ContractId::new(265_598);
const MICROSOFT: ContractId = ContractId::new(272_093);

pub(crate) fn described(id: ContractId, symbol: Symbol) -> ContractDraft {
    ContractDraft {
        id,
        symbol,
        instrument: Stock::new(symbol.as_str()).unwrap().into(),
        name: symbol.to_string(),
        currency: Currency::USD,
        price_step: "0.01".parse().unwrap(),
        lot: Decimal::ONE,
        multiplier: Decimal::ONE,
        sessions: TradingSessions::always(),
        details: Default::default(),
    }
}

fn listed(id: ContractId, symbol: Symbol) -> Contract {
    described(id, symbol).check().unwrap()
}

/// Of the first day of 1970, on which 10 were bought; whose other position is of a share that was never looked up here.
fn statement(of: AccountId) -> Statement {
    let bought = StatedTrade {
        execution: Some(ExecutionId::new("x", 1)),
        trade_id: "1".into(),
        key: None,
        contract: Some(APPLE),
        name: "AAPL".into(),
        side: Side::Buy,
        quantity: Decimal::TEN,
        price: "100".parse().unwrap(),
        commission: None,
    };
    let held = |contract, name: &str, units: i64| StatedPosition {
        contract: Some(contract),
        name: name.into(),
        quantity: units.into(),
    };
    Statement {
        account: of,
        from: date!(1970 - 01 - 01),
        to: date!(1970 - 01 - 01),
        trades: Some(vec![bought]),
        positions: Some(vec![held(APPLE, "AAPL", 10), held(MICROSOFT, "MSFT", 3)]),
        cash: None,
    }
}

#[test]
fn a_statement_is_held_against_the_accounts_own_trades_and_every_contract_it_names() {
    block_on(async {
        let house = House::new();
        let noon = Timestamp::from_seconds(43_200);
        house.clock.advance_to(Timestamp::from_seconds(86_400));
        let microsoft = Symbol::new("MSFT").unwrap();
        house.broker.script(|script| {
            script.listed = vec![listed(APPLE, apple()), listed(MICROSOFT, microsoft)];
            script.positions = vec![held(10)];
            let bought = Execution { at: noon, ..execution("x", None, 10) };
            let elsewhere = Execution { account: AccountId::new("DU2").unwrap(), ..execution("y", None, 5) };
            script.executions = vec![bought, Execution { at: noon, ..elsewhere }];
        });
        let desk = house.desk().await;
        let tie = desk.tie_out(&statement(account())).await.unwrap();
        assert_eq!((tie.trades, tie.positions), (1, 1));
        let said = |it: &Finding| (it.cause, it.subject.symbol());
        let found: Vec<_> = tie.findings.found().iter().map(said).collect();
        assert_eq!(found, [(Cause::StatedPosition, Some(microsoft))], "it is known by name");
        assert_eq!(desk.breaks().await.len(), 1, "and stands");
    });
}

#[test]
fn a_statement_of_an_account_that_is_not_here_is_refused() {
    block_on(async {
        let other = AccountId::new("DU2").unwrap();
        let refused = House::new().desk().await.tie_out(&statement(other.clone())).await;
        assert!(matches!(&refused, Err(DeskError::StatementOfAnother { account, .. }) if *account == other));
    });
}

#[test]
fn a_statement_of_days_that_have_not_come_is_refused() {
    block_on(async {
        let house = House::new();
        house.clock.advance_to(Timestamp::from_seconds(86_400));
        let desk = house.desk().await;
        let later = Statement { to: date!(1970 - 01 - 03), ..statement(account()) };
        let refused = desk.tie_out(&later).await.map(|_| ()).unwrap_err().to_string();
        assert_eq!(refused, "the statement ends on 1970-01-03, and today is 1970-01-02");
        assert_eq!(desk.breaks().await, [], "nothing was compared");
        let today = Statement { to: date!(1970 - 01 - 02), ..statement(account()) };
        assert!(desk.tie_out(&today).await.is_ok());
    });
}
