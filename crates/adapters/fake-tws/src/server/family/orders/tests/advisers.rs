//! Orders for groups of accounts: who gets how much, and what is told of it.

use super::stage::{Stage, apple, error_text, limit, market, place, words};
use crate::server::ServerSettings;
use crate::wire::{Answer, proto};
use std::collections::BTreeMap;
use tradeport_kernel::{AccountId, Currency, Decimal, Money};

/// A method, the members with their numbers, a quantity, and what each account gets.
type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str, [u32; 3]);

/// Three accounts, of a million, half a million and a quarter of a million.
fn adviser() -> Stage {
    let mut settings = ServerSettings::default();
    let first = settings.accounts[0].clone();
    settings.accounts = [("DU1", 1_000_000), ("DU2", 500_000), ("DU3", 250_000)]
        .map(|(id, cash)| {
            let mut account = first.clone();
            account.id = AccountId::new(id).unwrap();
            account.cash = Money::new(Decimal::from(cash), Currency::USD);
            account
        })
        .into();
    let mut stage = Stage::with(settings);
    stage.connect(1, 7);
    stage
}

fn set_group(stage: &mut Stage, method: &str, members: &[(&str, &str)]) {
    let member = |(account, amount): &(&str, &str)| {
        let amount = if amount.is_empty() { String::new() } else { format!("<amount>{amount}</amount>") };
        format!("<Account><acct>{account}</acct>{amount}</Account>")
    };
    let members: String = members.iter().map(member).collect();
    let xml = format!(
        "<ListOfGroups><Group><name>Ours</name><defaultMethod>{method}</defaultMethod>\
         <ListOfAccts varName=\"list\">{members}</ListOfAccts></Group></ListOfGroups>"
    );
    let request = proto::FaReplace { req_id: Some(1), fa_data_type: Some(1), xml: Some(xml) };
    assert_eq!(words(&stage.ask(1, request)), ["REPLACE_FA_END"]);
}

fn for_group(name: &str, order: proto::Order) -> proto::Order {
    proto::Order { fa_group: Some(name.to_owned()), ..order }
}

/// What each account has got of it.
fn parts(told: &[Answer]) -> BTreeMap<String, Decimal> {
    let mut parts = BTreeMap::new();
    for answer in told {
        let Answer::ExecutionDetails(it) = answer else { continue };
        let it = it.execution.as_ref().unwrap();
        let units: Decimal = it.shares.as_ref().unwrap().parse().unwrap();
        *parts.entry(it.acct_number.clone().unwrap()).or_default() += units;
    }
    parts
}

fn shares_of(told: &[Answer]) -> Vec<u32> {
    parts(told).values().map(|units| units.to_string().parse().unwrap()).collect()
}

#[test]
fn each_method_shares_out_by_its_rule() {
    let plain = [("DU1", ""), ("DU2", ""), ("DU3", "")];
    let numbers = [("DU1", "5"), ("DU2", "3"), ("DU3", "2")];
    let percent = [("DU1", "50"), ("DU2", "30"), ("DU3", "20")];
    let money = [("DU1", "50000"), ("DU2", "30000"), ("DU3", "20000")];
    let cases: [Case<'_>; 8] = [
        ("Equal", &plain, "90", [30, 30, 30]),
        ("EqualQuantity", &plain, "100", [34, 33, 33]),
        ("NetLiq", &plain, "70", [40, 20, 10]),
        ("AvailableEquity", &plain, "71", [41, 20, 10]),
        ("ContractsOrShares", &numbers, "10", [5, 3, 2]),
        ("Ratio", &numbers, "100", [50, 30, 20]),
        ("Percent", &percent, "10", [5, 3, 2]),
        ("MonetaryAmount", &money, "11", [6, 3, 2]),
    ];
    for (method, members, quantity, wanted) in cases {
        for version in [200, 226] {
            let mut stage = adviser();
            stage.connect_as(2, 8, version);
            set_group(&mut stage, method, members);
            let told = stage.ask(2, place(1, for_group("Ours", market("BUY", quantity))));
            assert_eq!(shares_of(&told), wanted, "{method} in {version}: {:?}", words(&told));
        }
    }
}

#[test]
fn one_order_is_told_with_an_execution_and_a_cost_for_each_account() {
    let mut stage = adviser();
    set_group(&mut stage, "Ratio", &[("DU1", "2"), ("DU3", "1")]);
    let told = stage.ask(1, place(1, for_group("Ours", market("BUY", "30"))));
    let wanted = [
        "open 1 PreSubmitted",
        "status 1 PreSubmitted 0/30",
        "open 1 Submitted",
        "status 1 Submitted 0/30",
        "exec 1 BOT 20 @430.1",
        "exec 1 BOT 10 @430.1",
        "open 1 Filled",
        "status 1 Filled 30/0",
        "cost 1",
        "cost 1",
    ];
    assert_eq!(words(&told), wanted);
    let Answer::OpenOrder(open) = &told[0] else { panic!("an order") };
    let order = open.order.as_ref().unwrap();
    assert_eq!((order.fa_group.as_deref(), order.account.as_deref()), (Some("Ours"), None));
    let held = stage.ask(1, proto::PositionsRequest {});
    let rows: Vec<_> = held
        .iter()
        .filter_map(|answer| match answer {
            Answer::Position(it) => Some((it.account.clone().unwrap(), it.position.clone().unwrap())),
            _ => None,
        })
        .collect();
    assert_eq!(rows, [("DU1".to_owned(), "20".to_owned()), ("DU3".to_owned(), "10".to_owned())]);
    let of_one = proto::ExecutionFilter { acct_code: Some("DU3".to_owned()), ..Default::default() };
    let request = proto::ExecutionRequest { req_id: Some(4), execution_filter: Some(of_one) };
    let told = words(&stage.ask(1, request));
    assert_eq!(told, ["exec 1 BOT 10 @430.1", "cost 1", "EXECUTION_DATA_END"]);
}

#[test]
fn parts_come_as_the_order_fills_and_end_where_one_fill_would() {
    let mut stage = adviser();
    set_group(&mut stage, "Percent", &[("DU1", "50"), ("DU2", "25"), ("DU3", "25")]);
    stage.ask(1, place(1, for_group("Ours", limit("BUY", "100", 425.0))));
    let mut all = Vec::new();
    for _ in 0..40 {
        stage.pass(1);
        stage.quote_of("AAPL", "424.80", "424.90", "7");
        all.extend(stage.told(1));
    }
    assert_eq!(shares_of(&all), [50, 25, 25]);
    assert!(words(&all).contains(&"status 1 Filled 100/0".to_owned()));
}

#[test]
fn a_percentage_changes_what_is_held_on_the_side_that_is_meant() {
    let mut stage = adviser();
    for (id, account, action, units) in
        [(1, "DU1", "BUY", "100"), (2, "DU2", "BUY", "50"), (3, "DU3", "SELL", "40")]
    {
        let order = proto::Order { account: Some(account.to_owned()), ..market(action, units) };
        stage.ask(1, place(id, order));
    }
    set_group(&mut stage, "Equal", &[("DU1", ""), ("DU2", ""), ("DU3", "")]);
    let change = |action: &str, percent: &str| proto::Order {
        total_quantity: None,
        fa_method: Some("PctChange".to_owned()),
        fa_percentage: Some(percent.to_owned()),
        ..for_group("Ours", market(action, "0"))
    };
    let told = stage.ask(1, place(4, change("SELL", "-50")));
    assert!(words(&told).contains(&"status 4 Filled 75/0".to_owned()), "{:?}", words(&told));
    assert_eq!(shares_of(&told), [50, 25]);
    let told = stage.ask(1, place(5, change("SELL", "25")));
    assert_eq!(parts(&told).into_iter().collect::<Vec<_>>(), [("DU3".to_owned(), Decimal::from(10))]);
    let told = stage.ask(1, place(6, change("BUY", "1")));
    assert_eq!(words(&told), ["error 6 321"], "one percent of fifty is no whole share");
}

#[test]
fn what_does_not_add_up_is_refused_with_its_code() {
    let mut stage = adviser();
    let ask = |stage: &mut Stage, order: proto::Order| stage.ask(1, place(9, for_group("Ours", order)));
    set_group(&mut stage, "ContractsOrShares", &[("DU1", "5"), ("DU2", "3")]);
    let told = ask(&mut stage, market("BUY", "10"));
    assert_eq!(words(&told), ["error 9 144"]);
    assert_eq!(error_text(&told), "Order size does not match total share allocation.");
    set_group(&mut stage, "Percent", &[("DU1", "50"), ("DU2", "49")]);
    assert_eq!(words(&ask(&mut stage, market("BUY", "10"))), ["error 9 10012"]);
    assert_eq!(words(&ask(&mut stage, market("BUY", "10.5"))), ["error 9 10251"]);
    set_group(&mut stage, "MonetaryAmount", &[("DU1", "5000"), ("DU2", "3000")]);
    let cash = |cash| proto::Order { total_quantity: None, cash_qty: Some(cash), ..market("BUY", "0") };
    assert_eq!(words(&ask(&mut stage, cash(9_000.0))), ["error 9 10294"]);
    assert_eq!(shares_of(&ask(&mut stage, cash(8_000.0))), [11, 7]);
    let unknown = for_group("Nobody", market("BUY", "10"));
    assert_eq!(words(&stage.ask(1, place(10, unknown))), ["error 10 321"]);
    let odd = proto::Order { fa_method: Some("Ratio".to_owned()), ..for_group("All", market("BUY", "10")) };
    assert_eq!(words(&stage.ask(1, place(10, odd))), ["error 10 321"], "nobody has a ratio");
    assert_eq!(words(&stage.ask(1, place(10, market("BUY", "10")))), ["error 10 435"]);
}

#[test]
fn an_account_that_cannot_pay_stops_the_order_for_all() {
    let mut stage = adviser();
    set_group(&mut stage, "Equal", &[("DU1", ""), ("DU3", "")]);
    let told = stage.ask(1, place(1, for_group("Ours", market("BUY", "2600"))));
    assert_eq!(words(&told), ["status 1 Inactive 0/2600", "error 1 201"]);
    assert!(error_text(&told).contains("DU3"), "{}", error_text(&told));
}

#[test]
fn a_change_of_the_size_shares_out_anew() {
    let mut stage = adviser();
    set_group(&mut stage, "Ratio", &[("DU1", "3"), ("DU2", "1")]);
    stage.ask(1, place(1, for_group("Ours", limit("BUY", "100", 425.0))));
    let told = words(&stage.ask(1, place(1, for_group("Ours", limit("BUY", "40", 425.0)))));
    assert_eq!(told, ["open 1 Submitted", "status 1 Submitted 0/40"]);
    stage.quote("424.80", "424.90");
    assert_eq!(shares_of(&stage.told(1)), [30, 10]);
}

#[test]
fn a_question_about_a_group_says_what_each_account_would_get() {
    let mut stage = adviser();
    set_group(&mut stage, "Ratio", &[("DU1", "3"), ("DU2", "1")]);
    let order = proto::Order { what_if: Some(true), ..for_group("Ours", market("BUY", "400")) };
    for version in [200, 226] {
        stage.connect_as(2, 8, version);
        let told = stage.ask(2, place(1, order.clone()));
        let [Answer::OpenOrder(open)] = told.as_slice() else { panic!("one order: {told:?}") };
        let state = open.order_state.as_ref().unwrap();
        assert_eq!(state.commission_and_fees, Some(2.5), "300 shares at half a cent, and a minimum");
        assert_eq!(state.equity_with_loan_before, Some(1_500_000.0));
        let got: Vec<_> = state
            .order_allocations
            .iter()
            .map(|it| (it.account.as_deref().unwrap(), it.desired_alloc_qty.as_deref().unwrap()))
            .collect();
        assert_eq!(got, [("DU1", "300"), ("DU2", "100")], "{version}");
        stage.disconnect(2);
    }
}

#[test]
fn who_has_one_account_shares_with_nobody() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    let told = stage.ask(1, place(1, for_group("Clients", market("BUY", "10"))));
    assert_eq!(parts(&told).into_iter().collect::<Vec<_>>(), [("DU1234567".to_owned(), Decimal::from(10))]);
    let Answer::OpenOrder(open) = &told[0] else { panic!("an order") };
    assert_eq!(open.order.as_ref().unwrap().fa_group.as_deref(), Some("Clients"));
    let _ = apple();
}
