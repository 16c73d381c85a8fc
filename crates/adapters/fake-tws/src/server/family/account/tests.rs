//! Accounts as clients see them.

use crate::server::ServerSettings;
use crate::server::family::orders::tests::stage::{APPLE, Stage, limit, market, place, words};
use crate::wire::{Answer, proto};
use std::collections::BTreeMap;

const ACCOUNT: &str = "DU1234567";

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// A client that has bought a hundred at 430.10, for a dollar.
fn holder() -> Stage {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    stage.ask(1, place(1, market("BUY", "100")));
    stage
}

fn values(answers: &[Answer]) -> BTreeMap<(String, String), String> {
    let value = |answer: &Answer| match answer {
        Answer::AccountValue(it) => Some(((it.key.clone()?, it.currency.clone()?), it.value.clone()?)),
        Answer::AccountUpdateMulti(it) => Some(((it.key.clone()?, it.currency.clone()?), it.value.clone()?)),
        Answer::AccountSummary(it) => Some(((it.tag.clone()?, it.currency.clone()?), it.value.clone()?)),
        _ => None,
    };
    answers.iter().filter_map(value).collect()
}

fn of<'a>(values: &'a BTreeMap<(String, String), String>, key: &str, currency: &str) -> &'a str {
    values.get(&(key.to_owned(), currency.to_owned())).map_or("nothing", String::as_str)
}

#[test]
fn the_window_of_an_account_shows_values_positions_and_the_time() {
    let mut stage = holder();
    stage.quote("432.00", "432.20");
    let request = proto::AccountDataRequest { subscribe: Some(true), acct_code: text(ACCOUNT) };
    let told = stage.ask(1, request);
    let values = values(&told);
    // 1,000,000 - 43,010 - 1 in cash, 43,210 in shares.
    for (key, currency, wanted) in [
        ("AccountCode", "", ACCOUNT),
        ("AccountReady", "", "true"),
        ("NetLiquidation", "USD", "1000199.00"),
        ("TotalCashValue", "USD", "956989.00"),
        ("CashBalance", "BASE", "956989.00"),
        ("CashBalance", "USD", "956989.00"),
        ("StockMarketValue", "USD", "43210.00"),
        ("GrossPositionValue", "USD", "43210.00"),
        ("InitMarginReq", "USD", "21605.00"),
        ("MaintMarginReq", "USD", "10802.50"),
        ("AvailableFunds", "USD", "978594.00"),
        ("ExcessLiquidity", "USD", "989396.50"),
        ("BuyingPower", "USD", "1957188.00"),
        ("Cushion", "", "0.9892"),
        ("UnrealizedPnL", "BASE", "199.00"),
        ("RealizedPnL", "USD", "0.00"),
        ("ExchangeRate", "USD", "1.00"),
    ] {
        let found = of(&values, key, currency);
        assert!(found == wanted || key == "Cushion" && found.starts_with(wanted), "{key}: {found}");
    }
    let row = told.iter().find_map(|answer| match answer {
        Answer::PortfolioValue(it) => Some(it.clone()),
        _ => None,
    });
    let row = row.expect("a position");
    assert_eq!(row.position.as_deref(), Some("100"));
    assert_eq!((row.market_price, row.market_value), (Some(432.1), Some(43_210.0)));
    assert_eq!((row.average_cost, row.unrealized_pnl), (Some(430.11), Some(199.0)));
    let last: Vec<_> = words(&told[told.len() - 2..]);
    assert_eq!(last, ["ACCT_UPDATE_TIME", "ACCT_DOWNLOAD_END"]);
}

#[test]
fn the_window_moves_with_a_fill_and_every_three_minutes() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    stage.ask(1, proto::AccountDataRequest { subscribe: Some(true), acct_code: None });
    let told = words(&stage.ask(1, place(1, market("BUY", "100"))));
    assert!(told.contains(&"PORTFOLIO_VALUE".to_owned()), "{told:?}");
    assert!(told.contains(&"ACCT_VALUE".to_owned()), "{told:?}");
    stage.pass(179);
    assert!(stage.told(1).is_empty());
    stage.pass(2);
    assert!(words(&stage.told(1)).contains(&"ACCT_UPDATE_TIME".to_owned()));
    stage.ask(1, proto::AccountDataRequest { subscribe: Some(false), acct_code: None });
    stage.pass(400);
    assert!(stage.told(1).is_empty());
    let bad = proto::AccountDataRequest { subscribe: Some(true), acct_code: text("DU9") };
    assert_eq!(words(&stage.ask(1, bad)), ["error -1 321"]);
}

#[test]
fn several_accounts_can_be_watched_by_requests() {
    let mut stage = holder();
    let request = proto::AccountUpdatesMultiRequest {
        req_id: Some(4),
        account: text(ACCOUNT),
        model_code: None,
        ledger_and_nlv: Some(true),
    };
    let told = stage.ask(1, request);
    assert_eq!(told.last().map(Answer::name), Some("ACCOUNT_UPDATE_MULTI_END"));
    let found = values(&told);
    assert_eq!(of(&found, "NetLiquidation", "USD"), "999994.00");
    assert_eq!(of(&found, "CashBalance", "BASE"), "956989.00");
    assert_eq!(of(&found, "BuyingPower", "USD"), "nothing");
    stage.ask(1, proto::CancelAccountUpdatesMulti { req_id: Some(4) });
    stage.pass(200);
    assert!(stage.told(1).is_empty());
}

#[test]
fn the_summary_has_the_tags_that_were_asked_for() {
    let mut stage = holder();
    let request = |req_id: i32, tags: &str| proto::AccountSummaryRequest {
        req_id: Some(req_id),
        group: text("All"),
        tags: text(tags),
    };
    let told = stage.ask(1, request(1, "NetLiquidation,AccountType,$LEDGER"));
    assert_eq!(told.last().map(Answer::name), Some("ACCOUNT_SUMMARY_END"));
    let found = values(&told);
    assert_eq!(of(&found, "AccountType", ""), "INDIVIDUAL");
    assert_eq!(of(&found, "NetLiquidation", "USD"), "999994.00");
    assert_eq!(of(&found, "CashBalance", "BASE"), "956989.00");
    assert_eq!(of(&found, "CashBalance", "USD"), "nothing");
    assert_eq!(of(&found, "BuyingPower", "USD"), "nothing");
    assert_eq!(words(&stage.ask(1, request(1, "Cushion"))), ["error 1 322"]);
    assert_eq!(words(&stage.ask(1, request(2, "Cushion"))).len(), 2);
    assert_eq!(words(&stage.ask(1, request(3, "Cushion"))), ["error 3 322"]);
    // A cancel gives no place back, and its id may be used again.
    stage.ask(1, proto::CancelAccountSummary { req_id: Some(2) });
    assert_eq!(words(&stage.ask(1, request(3, "Cushion"))), ["error 3 322"]);
    let told = stage.ask(1, request(2, "$LEDGER:USD"));
    let (first, second) = told.split_at(told.len() / 2);
    assert_eq!(values(first), values(second), "the ledger comes twice, each time with its end");
    let is_end = |rows: &[Answer]| rows.last().map(Answer::name) == Some("ACCOUNT_SUMMARY_END");
    assert!(first.len() > 2 && is_end(first) && is_end(second));
    // Only what has changed is told again.
    stage.quote("440.00", "440.20");
    stage.pass(181);
    let told = values(&stage.told(1));
    assert_eq!(of(&told, "NetLiquidation", "USD"), "1000999.00");
    assert_eq!(of(&told, "AccountType", ""), "nothing");
}

#[test]
fn positions_are_told_at_cost_and_when_they_change() {
    let mut stage = holder();
    let told = stage.ask(1, proto::PositionsRequest {});
    let [Answer::Position(row), Answer::PositionEnd(_)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((row.position.as_deref(), row.avg_cost), (Some("100"), Some(430.11)));
    let multi = proto::PositionsMultiRequest { req_id: Some(3), account: text(ACCOUNT), model_code: None };
    assert_eq!(words(&stage.ask(1, multi)), ["POSITION_MULTI", "POSITION_MULTI_END"]);
    let told = words(&stage.ask(1, place(2, market("SELL", "100"))));
    assert_eq!(told[told.len() - 2..], ["POSITION_DATA", "POSITION_MULTI"]);
    stage.ask(1, proto::CancelPositions {});
    stage.ask(1, proto::CancelPositionsMulti { req_id: Some(3) });
    let told = words(&stage.ask(1, place(3, market("BUY", "100"))));
    assert!(!told.iter().any(|word| word.starts_with("POSITION")), "{told:?}");
}

#[test]
fn what_is_earned_is_told_every_second() {
    let mut stage = holder();
    stage.quote("432.00", "432.20");
    let asked = stage.ask(1, proto::PnLRequest { req_id: Some(2), account: text(ACCOUNT), model_code: None });
    let [Answer::Pnl(first)] = asked.as_slice() else { panic!("{asked:?}") };
    assert_eq!(
        (first.daily_pnl, first.unrealized_pnl, first.realized_pnl),
        (Some(199.0), Some(199.0), Some(0.0))
    );
    let single = proto::PnLSingleRequest {
        req_id: Some(3),
        account: text(ACCOUNT),
        model_code: None,
        con_id: Some(APPLE),
    };
    let asked = stage.ask(1, single);
    let [Answer::PnlSingle(one)] = asked.as_slice() else { panic!("{asked:?}") };
    assert_eq!((one.position.as_deref(), one.value), (Some("100"), Some(43_210.0)));
    // Half is sold at 434.00: 430.11 a share was its cost, a dollar and the fee on sales its commission.
    stage.quote("434.00", "434.20");
    stage.ask(1, place(2, limit("SELL", "50", 434.0)));
    stage.told(1);
    stage.pass(2);
    let told = stage.told(1);
    assert_eq!(words(&told), ["PNL", "PNL_SINGLE", "PNL", "PNL_SINGLE"]);
    let Answer::Pnl(now) = &told[2] else { panic!("an account") };
    let fee = 50.0 * 0.000_166;
    assert!((now.realized_pnl.unwrap() - (50.0 * (434.0 - 430.11) - 1.0 - fee)).abs() < 1e-6);
    assert!((now.unrealized_pnl.unwrap() - 50.0 * (434.1 - 430.11)).abs() < 1e-6);
    let sum = now.realized_pnl.unwrap() + now.unrealized_pnl.unwrap();
    assert!((now.daily_pnl.unwrap() - sum).abs() < 1e-6);
    stage.ask(1, proto::CancelPnL { req_id: Some(2) });
    stage.ask(1, proto::CancelPnLSingle { req_id: Some(3) });
    stage.pass(5);
    assert!(stage.told(1).is_empty());
}

#[test]
fn a_new_day_earns_anew() {
    // A minute before midnight in New York.
    let late = "2026-01-03T04:59:00Z".parse().unwrap();
    let mut stage = Stage::at(ServerSettings::default(), late);
    stage.connect(1, 7);
    stage.ask(1, place(1, market("BUY", "100")));
    stage.quote("432.00", "432.20");
    stage.pass(120);
    let request = proto::PnLRequest { req_id: Some(2), account: text(ACCOUNT), model_code: None };
    let told = stage.ask(1, request);
    let Answer::Pnl(now) = &told[0] else { panic!("{told:?}") };
    assert_eq!((now.daily_pnl, now.unrealized_pnl), (Some(0.0), Some(199.0)));
}

mod law {
    use super::super::ledger::Ledger;
    use crate::server::family::orders::tests::stage::{APPLE, Stage};
    use crate::server::lookup;
    use proptest::prelude::*;
    use tradeport_kernel::{AccountId, Decimal, PermId, Quantity, Timestamp};
    use tradeport_orders::{ExecutedPart, Execution, ExecutionId, Side};

    proptest! {
        /// Whatever is traded, what was realized and what is not yet are together the cash that came and what is held.
        #[test]
        fn all_that_was_earned_is_cash_and_value(
            trades in proptest::collection::vec((any::<bool>(), 1..500_u32, 1..100_000_i64, 0..500_i64), 1..40),
            last in 1..100_000_i64,
        ) {
            let mut stage = Stage::new();
            let contract = lookup::of_number(stage.server.world_mut(), APPLE).unwrap();
            let mut ledger = Ledger::new(contract.clone());
            let (mut cash, mut units) = (Decimal::ZERO, Decimal::ZERO);
            for (at, (buys, quantity, cents, cost)) in trades.into_iter().enumerate() {
                let execution = Execution {
                    id: ExecutionId::new(&at.to_string(), 1),
                    key: None,
                    perm_id: PermId::new(1),
                    account: AccountId::new("DU1").unwrap(),
                    symbol: contract.symbol(),
                    side: if buys { Side::Buy } else { Side::Sell },
                    quantity: Quantity::new(Decimal::from(quantity)).unwrap(),
                    price: tradeport_kernel::Price::new(Decimal::new(cents, 2)).unwrap(),
                    at: Timestamp::EPOCH,
                    part: ExecutedPart::Whole,
                };
                let cost = Decimal::new(cost, 2);
                ledger.trade(&execution, cost);
                let signed = if buys { Decimal::from(quantity) } else { -Decimal::from(quantity) };
                units += signed;
                cash -= signed * Decimal::new(cents, 2) + cost;
            }
            let price = Some(Decimal::new(last, 2));
            prop_assert_eq!(ledger.quantity(), units);
            let earned = ledger.realized_today() + ledger.unrealized(price).unwrap();
            let real = cash + units * Decimal::new(last, 2);
            prop_assert!((earned - real).abs() < Decimal::new(1, 6), "{} is not {}", earned, real);
            prop_assert!((ledger.earned_today(price).unwrap() - real).abs() < Decimal::new(1, 6));
        }
    }
}

/// What a contract of the catalog is asked for by: kind, symbol, exchange and currency.
fn asked(kind: &str, symbol: &str, exchange: &str, currency: &str) -> proto::Contract {
    proto::Contract {
        sec_type: text(kind),
        symbol: text(symbol),
        exchange: text(exchange),
        currency: text(currency),
        ..proto::Contract::default()
    }
}

#[test]
fn other_currencies_are_borrowed_and_exchanged() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    let mut trade = |id: i32, contract: proto::Contract, quantity: &str| {
        let mut request = place(id, market("BUY", quantity));
        request.contract = Some(contract);
        let told = stage.ask(1, request);
        let cost = told.iter().find_map(|answer| match answer {
            Answer::CommissionAndFeesReport(it) => it.currency.clone(),
            _ => None,
        });
        assert!(words(&told).contains(&format!("status {id} Filled {quantity}/0")), "{:?}", words(&told));
        cost.unwrap()
    };
    assert_eq!(trade(1, asked("STK", "BMW", "IBIS", "EUR"), "100"), "EUR");
    assert_eq!(trade(2, asked("STK", "7203", "TSEJ", "JPY"), "100"), "JPY");
    assert_eq!(trade(3, asked("CASH", "EUR", "IDEALPRO", "USD"), "20000"), "USD");
    let request = proto::AccountSummaryRequest {
        req_id: Some(1),
        group: text("All"),
        tags: text("NetLiquidation,TotalCashValue,UnrealizedPnL,$LEDGER:ALL"),
    };
    let found = values(&stage.ask(1, request));
    let number = |key: &str, currency: &str| of(&found, key, currency).parse::<f64>().unwrap();
    let (euro, yen) = (number("ExchangeRate", "EUR"), number("ExchangeRate", "JPY"));
    assert!((1.0..2.0).contains(&euro) && (0.005..0.02).contains(&yen), "{euro} {yen}");
    // Shares are borrowed for; the pair has brought twenty thousand euros.
    assert!((10_000.0..15_000.0).contains(&number("CashBalance", "EUR")), "{}", number("CashBalance", "EUR"));
    assert!(number("CashBalance", "JPY") < -100_000.0);
    assert!(number("CashBalance", "USD") < 980_000.0);
    assert!(number("StockMarketValue", "EUR") > 1_000.0 && number("StockMarketValue", "JPY") > 100_000.0);
    for (currency, real) in [("BASE", "BASE"), ("USD", "USD"), ("EUR", "EUR"), ("JPY", "JPY")] {
        assert_eq!(of(&found, "RealCurrency", currency), real);
    }
    let all = number("NetLiquidationByCurrency", "USD")
        + number("NetLiquidationByCurrency", "EUR") * euro
        + number("NetLiquidationByCurrency", "JPY") * yen;
    let net = number("NetLiquidation", "USD");
    assert!((all - net).abs() < 50.0, "{all} {net}: a pair counts at its price, and not at the rate");
    assert_eq!(of(&found, "NetLiquidationByCurrency", "BASE"), of(&found, "NetLiquidation", "USD"));
    assert!((net - 1_000_000.0).abs() < 200.0, "spreads and commissions alone: {net}");
}
