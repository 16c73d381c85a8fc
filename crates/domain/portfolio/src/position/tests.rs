//! The laws of average cost.

use super::*;
use tradeport_kernel::{AccountId, PermId, Quantity, Timestamp};
use tradeport_orders::{ExecutionId, Side};

fn apple() -> Symbol {
    Symbol::new("AAPL").unwrap()
}

fn trade(side: Side, quantity: &str, price: &str) -> Execution {
    Execution {
        id: ExecutionId::new("x", 1),
        key: None,
        perm_id: PermId::new(1),
        account: AccountId::new("DU1").unwrap(),
        symbol: apple(),
        side,
        quantity: quantity.parse::<Quantity>().unwrap(),
        price: price.parse().unwrap(),
        at: Timestamp::EPOCH,
        part: tradeport_orders::ExecutedPart::Whole,
    }
}

fn after(trades: &[Execution]) -> Position {
    let mut position = Position::flat(apple(), Currency::USD, Decimal::ONE);
    for trade in trades {
        position.apply(trade).unwrap();
    }
    position
}

fn number(text: &str) -> Decimal {
    text.parse().unwrap()
}

#[test]
fn buying_more_moves_the_average_and_selling_does_not() {
    let position =
        after(&[trade(Side::Buy, "100", "10"), trade(Side::Buy, "100", "20"), trade(Side::Sell, "50", "30")]);
    assert_eq!(position.quantity().as_decimal(), number("150"));
    assert_eq!(position.average_price().unwrap(), "15".parse().unwrap());
    assert_eq!(position.realized().amount(), number("750"));
}

#[test]
fn closing_leaves_no_cost_behind() {
    let position =
        after(&[trade(Side::Buy, "3", "10"), trade(Side::Sell, "1", "11"), trade(Side::Sell, "2", "9")]);
    assert_eq!(position.cost().amount(), Decimal::ZERO);
    assert_eq!(position.realized().amount(), number("-1"));
    assert_eq!(position.average_price(), None);
}

#[test]
fn crossing_zero_starts_anew_at_the_price_of_the_trade() {
    let position = after(&[trade(Side::Buy, "10", "10"), trade(Side::Sell, "30", "12")]);
    assert_eq!(position.quantity().as_decimal(), number("-20"));
    assert_eq!(position.average_price().unwrap(), "12".parse().unwrap());
    assert_eq!(position.cost().amount(), number("-240"));
    assert_eq!(position.realized().amount(), number("20"));
}

#[test]
fn a_short_position_earns_when_the_price_falls() {
    let position = after(&[trade(Side::Sell, "10", "10"), trade(Side::Buy, "4", "7")]);
    assert_eq!(position.realized().amount(), number("12"));
    assert_eq!(position.average_price().unwrap(), "10".parse().unwrap());
}

#[test]
fn a_split_keeps_the_cost_and_pays_out_the_fraction() {
    let mut position = after(&[trade(Side::Buy, "5", "30")]);
    let action = CorporateAction::split(apple(), Timestamp::EPOCH, 3, 2).unwrap();
    assert_eq!(position.split(&action).unwrap(), number("0.5"));
    assert_eq!(position.quantity().as_decimal(), number("7"));
    assert_eq!(position.cost().amount(), number("140"), "seven of seven and a half new shares stay");
}

#[test]
fn another_instrument_is_refused_and_changes_nothing() {
    let mut position = after(&[trade(Side::Buy, "5", "30")]);
    let before = position.clone();
    let mut foreign = trade(Side::Buy, "5", "30");
    foreign.symbol = Symbol::new("IBM").unwrap();
    assert!(matches!(position.apply(&foreign), Err(PositionError::OtherSymbol { .. })));
    assert_eq!(position, before);
}

#[test]
fn the_multiplier_of_a_position_is_that_of_its_contract() {
    let flat = |multiplier: i64| {
        let zero = Money::zero(Currency::USD);
        Position::reported(apple(), SignedQuantity::ZERO, zero, multiplier.into(), zero)
    };
    assert_eq!(flat(100).multiplier(), Decimal::from(100));
}
