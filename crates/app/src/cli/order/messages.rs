//! What is typed wrongly, with the whole of what is said to it.

use super::*;
use crate::cli::{Cli, Command, DayOrMonth, Spec};
use clap::Parser;
use std::str::FromStr;

/// What is said to a text that is no `T`.
fn said<T: FromStr<Err: std::fmt::Display> + std::fmt::Debug>(text: &str) -> String {
    text.parse::<T>().expect_err(text).to_string()
}

fn command(typed: &str) -> OrderCommand {
    let cli = Cli::try_parse_from(typed.split_whitespace()).unwrap();
    let Command::Order(command) = cli.command else { panic!("not about orders") };
    *command
}

/// What is said to the terms of an order.
fn terms(flags: &str) -> String {
    let OrderCommand::Buy(order) = command(&format!("tradeport order buy AAPL 10 {flags}")) else {
        panic!("not an order to buy")
    };
    let known = Known::default();
    order
        .order
        .terms
        .order_kind(&known)
        .and_then(|_| order.order.extras.conditions.conditions(&known))
        .unwrap_err()
}

/// What is said to a change of an order.
fn change(of: OrderKind, flags: &str) -> String {
    let OrderCommand::Change(change) = command(&format!("tradeport order change k {flags}")) else {
        panic!("not a change")
    };
    change.change(&of, &Known::default()).unwrap_err()
}

#[test]
fn prices_and_sizes() {
    assert_eq!(said::<OffsetText>("1%%"), "\"1%%\" is not a distance: expected such as 0.05 or 1%");
    assert_eq!(said::<MidOffsetsText>("1"), "\"1\" are not two distances: expected such as 0.01/0.005");
    let range = "is not a range of prices: expected such as 100..120, 100.. or ..120";
    assert_eq!(said::<RangeText>(".."), format!("\"..\" {range}"));
    assert_eq!(said::<RangeText>("120..100"), "the range 120..100 ends before it begins");
    assert_eq!(said::<LegPriceText>("x"), "\"x\" is not a leg's price: expected such as 1.25, or - for none");
    assert_eq!(said::<Part>("101%"), "\"101%\" is not a part of a size: expected such as 50 or 50%");
    assert_eq!(
        said::<CashText>("much"),
        "\"much\" is not an amount of money above zero: expected such as 5000 or 5000EUR"
    );
}

#[test]
fn exits_of_brackets() {
    assert_eq!(
        said::<TargetText>("x:50"),
        "\"x:50\" is not a target: expected such as 195, 195:50 or 195:50%"
    );
    assert_eq!(said::<TargetText>("195:x"), "\"x\" is not a part of a size: expected such as 50 or 50%");
    let stop = "is not a stop: expected such as 180, 180/179.5 or 180:50%";
    assert_eq!(said::<StopText>("180/"), format!("\"180/\" {stop}"));
    assert_eq!(said::<TrailText>("x"), "\"x\" is not a trail: expected such as 5, 2% or 2%:50");
}

#[test]
fn strikes_days_and_instruments() {
    assert_eq!(
        said::<StrikeText>("atm2"),
        "\"atm2\" is not a strike: expected such as 600, atm, atm+2 or atm-1"
    );
    assert_eq!(said::<ExpiryText>("xd"), "\"xd\" is not a number of days such as 30d");
    assert_eq!(
        said::<ExpiryText>("soon"),
        "\"soon\" is not an expiry: expected such as 2026-12-18, 2026-12 or 30d"
    );
    assert_eq!(
        said::<DayOrMonth>("2026-13"),
        "\"2026-13\" is neither a day such as 2026-12-18 nor a month such as 2026-12"
    );
    assert_eq!(
        said::<Spec>(" A"),
        "\" A\" is not a symbol: expected up to 1,000 printable ASCII characters, no space at either end"
    );
    assert_eq!(
        said::<Spec>("EUR.EUR"),
        "EUR against EUR is no pair: expected two different currencies; such as AAPL, \"AAPL 20261218C450\", \
         \"ES 202612@CME\" or EUR.USD"
    );
}

#[test]
fn algos_and_attributes() {
    assert_eq!(said::<AlgoName>("ib:"), "expected the name of an algo such as Vwap or jefferies:VWAP");
    assert_eq!(said::<ParamText>("=1"), "expected a parameter and its value such as maxPctVol=10%");
    assert_eq!(
        said::<AttributesText>("[").split_once("; ").map(|(_, expected)| expected.to_owned()).as_deref(),
        Some("expected a JSON object of attributes such as {\"model\":\"growth\"}")
    );
}

#[test]
fn conditions() {
    let many = vec!["margin <= 30%"; tradeport_orders::Conditions::MAX + 1].join(" and ");
    assert_eq!(
        said::<WhenText>(&many),
        format!("at most {} conditions can be given", tradeport_orders::Conditions::MAX)
    );
    assert_eq!(terms("--when-outside-rth"), "there are no conditions: give them by --when or --cancel-when");
    assert_eq!(
        terms("--when traded(isin:US0378331005)"),
        "traded(isin:US0378331005) names no ticker: expected traded(IBM)"
    );
}

#[test]
fn kinds_of_orders() {
    assert_eq!(
        terms("--limit 10 --limit-offset 1"),
        "the prices given make an order of type lmt, which has no --limit-offset: name another by --type"
    );
    assert_eq!(terms("--type moc --stop 1"), "an order of type moc has no --stop");
    assert_eq!(terms("--type lmt"), "an order of type lmt needs --limit");
    assert_eq!(
        terms("--type snap-mkt --offset 1%"),
        "only an order of type rel has an --offset in percent: give it in price units"
    );
}

#[test]
fn changes() {
    let limit = OrderKind::Limit { limit: "10".parse().unwrap() };
    assert_eq!(change(limit, "--type mkt --limit 9"), "an order of type mkt has no --limit");
    assert_eq!(
        change(limit, "--type stp --stop 9"),
        "an order cannot be changed to stp: leave out --type, or cancel it and place another"
    );
    assert_eq!(change(limit, "--stop 9"), "a LMT order has no --stop that can be changed");
}

#[test]
fn an_order_without_a_size() {
    let OrderCommand::Buy(mut order) = command("tradeport order buy AAPL 10") else { panic!("no order") };
    order.order.quantity = None;
    let heading = Heading {
        key: "k".parse().unwrap(),
        account: "DU1".parse().unwrap(),
        symbol: "AAPL".parse().unwrap(),
        route: None,
        currency: Currency::USD,
        side: Side::Buy,
    };
    let refused = order.order.draft(heading, &Known::default()).unwrap_err();
    assert_eq!(refused, "give a quantity, or money by --cash");
}
