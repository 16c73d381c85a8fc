//! Sizes.

use crate::support::*;
use tradeport_contracts::{ContractDetails, ContractDraft};
use tradeport_kernel::{Currency, Money};
use tradeport_orders::validation::Rule;
use tradeport_orders::{Allocation, OrderDraft, OrderKind, OrderSize, Scale, Side};

fn sized(draft: ContractDraft, minimum: &str, step: &str) -> ContractDraft {
    let (minimum_size, size_increment) = (Some(number(minimum)), Some(number(step)));
    ContractDraft { details: ContractDetails { minimum_size, size_increment, ..draft.details }, ..draft }
}

fn of(size: &str) -> OrderDraft {
    order(Side::Buy, size, limit("10"))
}

fn for_money(size: OrderSize, side: Side, kind: OrderKind) -> OrderDraft {
    OrderDraft { size, side, ..buy(kind) }
}

#[test]
fn between_two_sizes() {
    let said = "a size of 250 is not on the size step of 100: 200 or 300 would be accepted";
    assert_eq!(refused(&of("250"), &sized(stock(), "100", "100")), [said]);
    assert_eq!(found(&of("250"), &sized(stock(), "100", "100")).refusals()[0].rule(), Rule::Size);
    let lots = ContractDraft { lot: number("5"), ..stock() };
    let said = "a size of 3 is not on the size step of 5: 5 would be accepted";
    assert_eq!(refused(&of("3"), &lots), [said]);
}

#[test]
fn below_the_smallest_order() {
    let said = "a size of 50 is below the smallest order: 100 or more would be accepted";
    assert_eq!(refused(&of("50"), &sized(stock(), "100", "1")), [said]);
    assert_eq!(refused(&of("100"), &sized(stock(), "100", "1")), NONE);
    let both = [
        "a size of 0.5 is below the smallest order: 100 or more would be accepted",
        "a size of 0.5 is not on the size step of 1: 100 would be accepted",
    ];
    assert_eq!(refused(&of("0.5"), &sized(stock(), "100", "1")), both);
}

#[test]
fn parts_of_units() {
    let loose = |draft| ContractDraft { lot: number("0.1"), ..draft };
    let said =
        "a size of 1.5 has a fraction, and an option is traded in whole units: 1 or 2 would be accepted";
    assert_eq!(refused(&of("1.5"), &loose(option())), [said]);
    let said = "a size of 1.5 has a fraction, and a stock is traded in whole units: 1 or 2 would be accepted";
    assert_eq!(refused(&of("1.5"), &loose(euro_stock())), [said]);
    assert_eq!(refused(&of("1.5"), &loose(stock())), NONE);
    assert_eq!(refused(&of("0.00001234"), &crypto()), NONE);
    let said = "a size of 1.5 has a fraction, and only SMART takes those: ARCA was given";
    assert_eq!(refused(&of("1.5"), &loose(stock_on("ARCA"))), [said]);
    let group = of("1.5").allocated(Allocation::to_group("all".parse().unwrap()));
    let said =
        "a size of 1.5 has a fraction, which cannot be spread over accounts: whole units would be accepted";
    assert_eq!(refused(&group, &loose(stock())), [said]);
}

#[test]
fn money_for_units() {
    let cash = for_money(dollars("5000"), Side::Buy, limit("10"));
    for takes in [stock(), forex(), crypto()] {
        assert_eq!(refused(&cash, &takes), NONE);
    }
    let said = |what| {
        format!(
            "a size of 5000.00 USD is money, and {what} is ordered in units: US stocks, currency pairs and crypto take money"
        )
    };
    assert_eq!(refused(&cash, &future()), [said("a future")]);
    assert_eq!(refused(&cash, &euro_stock()), [said("a stock")]);
    let euros: OrderSize = Money::new(number("5000"), "EUR".parse::<Currency>().unwrap()).into();
    let said =
        "a size of 5000.00 EUR is not in the currency of the contract: an amount in USD would be accepted";
    assert_eq!(refused(&for_money(euros, Side::Buy, limit("10")), &stock()), [said]);
}

#[test]
fn crypto_at_the_market() {
    let coins = |side| order(side, "0.5", OrderKind::Market);
    let said =
        "crypto is bought at the market for money, not by 0.5 units: an amount of money would be accepted";
    assert_eq!(refused(&coins(Side::Buy), &crypto()), [said]);
    assert_eq!(refused(&coins(Side::Sell), &crypto()), NONE);
    let money = |side| for_money(dollars("100"), side, OrderKind::Market);
    let said =
        "crypto is sold at the market by units, not for 100.00 USD: a number of units would be accepted";
    assert_eq!(refused(&money(Side::Sell), &crypto()), [said]);
    assert_eq!(refused(&money(Side::Buy), &crypto()), NONE);
}

#[test]
fn parts_above_the_whole() {
    let mut order = of("100").showing(200).with_min_quantity(300).scaled(Scale::steps(400, number("0.05")));
    order.attributes.handling.min_trade_quantity = Some(500);
    let said = [
        "a display size of 200 is above the order's size of 100: 100 at most would be accepted",
        "a minimum quantity of 300 is above the order's size of 100: 100 at most would be accepted",
        "a minimum trade quantity of 500 is above the order's size of 100: 100 at most would be accepted",
        "a first size of the scale of 400 is above the order's size of 100: 100 at most would be accepted",
    ];
    assert_eq!(refused(&order, &stock_on("IBKRATS")), said);
    assert_eq!(refused(&of("100").showing(100), &stock()), NONE);
}

#[test]
fn blocks() {
    let mut order = of("49");
    order.attributes.handling.block = true;
    assert_eq!(refused(&order, &stock()), ["a block order of 49 is too small: 50 or more would be accepted"]);
}
