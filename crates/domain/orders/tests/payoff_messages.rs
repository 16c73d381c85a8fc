//! What a caller reads when a position has no payoff that can be told.

use tradeport_kernel::Decimal;
use tradeport_orders::strategy::{Holding, Payoff, PricedLeg};

#[test]
fn a_payoff_is_of_something() {
    assert_eq!(Payoff::at_expiry(&[]).unwrap_err().to_string(), "a payoff needs at least one leg");
}

#[test]
fn a_payoff_is_a_number() {
    let leg = PricedLeg { holding: Holding::Underlying, units: Decimal::MAX, price: "1000".parse().unwrap() };
    assert_eq!(
        Payoff::at_expiry(&[leg]).unwrap_err().to_string(),
        "the payoff of these legs is too large to compute: use fewer units or smaller prices"
    );
}
