//! What a caller reads when a position, a portfolio or a target cannot be computed: the message, and after it that of its
//! cause.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::error::Error;
use std::fmt::Debug;
use tradeport_kernel::{
    AccountId, Currency, Decimal, Money, PermId, Price, Quantity, SignedQuantity, Symbol, Timestamp,
};
use tradeport_orders::{ExecutedPart, Execution, ExecutionId, Side};
use tradeport_portfolio::{Portfolio, Position, TargetInputs, TargetPercent, TargetRules};

fn told<T: Debug, E: Error>(answer: Result<T, E>) -> String {
    let refusal = answer.unwrap_err();
    refusal.source().map_or_else(|| refusal.to_string(), |cause| format!("{refusal}: {cause}"))
}

fn symbol(text: &str) -> Symbol {
    Symbol::new(text).unwrap()
}

fn account(text: &str) -> AccountId {
    AccountId::new(text).unwrap()
}

fn execution(of: &str, quantity: &str) -> Execution {
    Execution {
        id: ExecutionId::new("e", 1),
        key: None,
        perm_id: PermId::new(7),
        account: account("DU1"),
        symbol: symbol(of),
        side: Side::Buy,
        quantity: quantity.parse::<Quantity>().unwrap(),
        price: "100".parse().unwrap(),
        at: Timestamp::EPOCH,
        part: ExecutedPart::Whole,
    }
}

const MOST: &str = "1000000000000";

#[test]
fn positions() {
    let mut position = Position::flat(symbol("IBM"), Currency::USD, Decimal::ONE);
    assert_eq!(
        told(position.apply(&execution("MCD", "1"))),
        "an execution of MCD does not belong to the position in IBM"
    );
    position.apply(&execution("IBM", MOST)).unwrap();
    assert_eq!(
        told(position.apply(&execution("IBM", "1"))),
        "the position in IBM would be too large: 1000000000001 is not a quantity: beyond 1,000,000,000,000"
    );
    let mut wide = Position::flat(symbol("IBM"), Currency::USD, Decimal::MAX);
    assert_eq!(
        told(wide.apply(&execution("IBM", "1"))),
        "the cost cannot be computed: an amount of money is too large to compute with"
    );
}

#[test]
fn portfolios() {
    let mut portfolio = Portfolio::new(account("DU2"), Money::zero(Currency::USD));
    assert_eq!(
        told(portfolio.execute(&execution("IBM", "1"), Decimal::ONE)),
        "an execution of account DU1 does not belong to account DU2"
    );
    let mut portfolio = Portfolio::new(account("DU1"), Money::zero(Currency::USD));
    assert_eq!(
        told(portfolio.charge(Money::new(Decimal::ONE, "EUR".parse().unwrap()))),
        "what one EUR is worth in USD was not told"
    );
    portfolio.execute(&execution("IBM", "1"), Decimal::ONE).unwrap();
    assert_eq!(told(portfolio.value(|_| None)), "the position in IBM has no price");
}

fn trade(price: &str, value: Decimal) -> String {
    let inputs = TargetInputs {
        symbol: symbol("IBM"),
        portfolio_value: Money::new(value, Currency::USD),
        held: SignedQuantity::ZERO,
        price: price.parse::<Price>().unwrap(),
        multiplier: Decimal::ONE,
        lot: Decimal::ONE,
    };
    told(TargetPercent::new(Decimal::TEN).unwrap().trade(&inputs, &TargetRules::default()))
}

#[test]
fn targets() {
    assert_eq!(
        told(TargetPercent::new(Decimal::new(101, 1))),
        "10.1 is not a target: expected a fraction of the portfolio between -10 and 10, 0.25 for a quarter"
    );
    assert_eq!(trade("0", Decimal::ONE), "IBM has a price of 0: a target needs one above zero");
    assert_eq!(
        trade("1", Decimal::MAX),
        "the target cannot be computed: an amount of money is too large to compute with"
    );
    assert_eq!(
        trade("1", MOST.parse().unwrap()),
        "the target asks for an impossible quantity: 10000000000000 is not a quantity: beyond 1,000,000,000,000"
    );
}
