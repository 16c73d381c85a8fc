//! What a caller reads when a word of the platform cannot be made: what was given, and what would do.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::fmt::{Debug, Display};
use tradeport_kernel::{
    AccountId, Currency, Decimal, Money, OrderKey, Price, Quantity, SignedQuantity, Symbol, Timestamp,
};

fn told<T: Debug, E: Display + Debug>(answer: Result<T, E>) -> String {
    answer.unwrap_err().to_string()
}

fn number(text: &str) -> Decimal {
    text.parse().unwrap()
}

#[test]
fn ids() {
    assert_eq!(
        told(AccountId::new("DU 1")),
        "\"DU 1\" is not an account: expected 1 to 32 characters out of letters, digits, '-', '_' and '.'"
    );
    assert_eq!(
        told(OrderKey::new("")),
        "\"\" is not an order key: expected 1 to 40 characters out of letters, digits, '-', '_', '.' and ':'"
    );
    let long = "a".repeat(41);
    assert!(told(OrderKey::new(&long)).starts_with(&format!("\"{long}\" is not an order key")));
}

#[test]
fn symbols() {
    for text in ["", " IBM", "IBM\n", "Ä", &"X".repeat(32)] {
        assert_eq!(
            told(Symbol::new(text)),
            format!(
                "{text:?} is not a symbol: expected 1 to 31 printable ASCII characters, no space at either end"
            )
        );
    }
}

#[test]
fn prices() {
    assert_eq!(
        told(Price::new(number("1000000000000.5"))),
        "1000000000000.5 is not a price: beyond 1,000,000,000,000"
    );
    assert_eq!(
        told(Price::new(number("0.0000000000000001"))),
        "0.0000000000000001 is not a price: more than 15 digits after the point"
    );
    assert_eq!(
        told("NaN".parse::<Price>()),
        "\"NaN\" is not a price: expected a decimal number such as 187.25"
    );
}

#[test]
fn quantities() {
    for text in ["0", "-5"] {
        assert_eq!(
            told(Quantity::new(number(text))),
            format!("{text} is not a quantity: it must be above zero")
        );
    }
    assert_eq!(
        told(SignedQuantity::new(number("-1000000000001"))),
        "-1000000000001 is not a quantity: beyond 1,000,000,000,000"
    );
    assert_eq!(
        told(Quantity::new(number("0.0000000000001"))),
        "0.0000000000001 is not a quantity: more than 12 digits after the point"
    );
    assert_eq!(
        told("ten".parse::<Quantity>()),
        "\"ten\" is not a quantity: expected a decimal number such as 100"
    );
}

#[test]
fn money() {
    let eur: Currency = "EUR".parse().unwrap();
    let most = Money::new(Decimal::MAX, Currency::USD);
    assert_eq!(told(most.plus(Money::zero(eur))), "USD and EUR cannot be combined without an exchange rate");
    assert_eq!(told(most.plus(most)), "an amount of money is too large to compute with");
    assert_eq!(
        told("usd".parse::<Currency>()),
        "\"usd\" is not a currency: expected three capital letters such as USD"
    );
}

#[test]
fn moments() {
    for text in ["yesterday", "1677-01-01T00:00:00Z", "2025-03-01"] {
        assert_eq!(
            told(text.parse::<Timestamp>()),
            format!(
                "{text:?} is not a time: expected RFC 3339 between 1678 and 2261, such as 2025-03-01T14:30:00Z"
            )
        );
    }
}
