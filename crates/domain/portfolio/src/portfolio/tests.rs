//! Conservation: no trade makes or loses a cent.

use super::*;
use crate::Payment;
use proptest::prelude::*;
use tradeport_kernel::{PermId, Quantity};
use tradeport_orders::{ExecutedPart, ExecutionId, Side};

const SYMBOLS: [&str; 2] = ["AAPL", "IBM"];

fn account() -> AccountId {
    AccountId::new("DU1").unwrap()
}

fn execution(symbol: usize, buys: bool, quantity: u32, cents: i64) -> Execution {
    Execution {
        id: ExecutionId::new("x", 1),
        key: None,
        perm_id: PermId::new(1),
        account: account(),
        symbol: Symbol::new(SYMBOLS[symbol]).unwrap(),
        side: if buys { Side::Buy } else { Side::Sell },
        quantity: Quantity::new(quantity.into()).unwrap(),
        price: Price::new(Decimal::new(cents, 2)).unwrap(),
        at: Timestamp::EPOCH,
        part: ExecutedPart::Whole,
    }
}

fn usd(amount: i64) -> Money {
    Money::new(amount.into(), Currency::USD)
}

#[test]
fn a_split_changes_what_is_held_and_pays_the_fraction_at_the_price() {
    let mut portfolio = Portfolio::new(account(), usd(1_000));
    portfolio.execute(&execution(0, true, 5, 1_000), Decimal::ONE).unwrap();
    let split =
        |name: &str| CorporateAction::split(Symbol::new(name).unwrap(), Timestamp::EPOCH, 3, 2).unwrap();
    let price = Price::new(Decimal::from(6)).unwrap();
    portfolio.split(&split("IBM"), price).unwrap();
    assert_eq!(portfolio.cash(), usd(950), "nothing is held of that");
    portfolio.split(&split("AAPL"), price).unwrap();
    let position = portfolio.position(Symbol::new("AAPL").unwrap()).unwrap();
    assert_eq!(position.quantity().as_decimal(), Decimal::from(7));
    assert_eq!(portfolio.cash(), usd(953), "half a share at 6");
}

/// An account with dollars and euros, of which one is worth 1.25 dollars.
fn of_two_currencies() -> (Portfolio, Currency) {
    let euro: Currency = "EUR".parse().unwrap();
    let balances = [usd(10_000), Money::new(4_000.into(), euro)].into_iter().collect();
    let rates = BTreeMap::from([(euro, "1.25".parse().unwrap())]);
    (Portfolio::new(account(), usd(15_000)).with_rates(rates).with_balances(Some(balances)), euro)
}

fn listed(portfolio: &Portfolio) -> Vec<String> {
    portfolio.balances().unwrap().iter().map(|it| it.to_string()).collect()
}

#[test]
fn what_is_paid_in_a_currency_moves_that_balance_alone_whatever_the_rates_do() {
    let (mut portfolio, euro) = of_two_currencies();
    let in_euros = TradeTerms::paid_in(euro, Decimal::TEN);
    portfolio.execute_on(&execution(0, true, 3, 1_050), &in_euros).unwrap();
    assert_eq!(listed(&portfolio), ["3685.00 EUR", "10000.00 USD"], "three times ten at 10.50");
    portfolio.charge(usd(2)).unwrap();
    portfolio.charge(Money::new("0.35".parse().unwrap(), euro)).unwrap();
    portfolio.note_rate(euro, "1.5".parse().unwrap());
    assert_eq!(
        listed(&portfolio),
        ["3684.65 EUR", "9998.00 USD"],
        "a commission is paid in its own currency"
    );
    portfolio.execute_on(&execution(0, false, 3, 1_050), &in_euros).unwrap();
    assert_eq!(listed(&portfolio), ["3999.65 EUR", "9998.00 USD"]);
}

#[test]
fn money_for_money_moves_two_balances_and_what_is_held_on_margin_none() {
    let (mut portfolio, euro) = of_two_currencies();
    let pair =
        TradeTerms { payment: Payment::Exchange(euro), ..TradeTerms::paid_in(Currency::USD, Decimal::ONE) };
    portfolio.execute_on(&execution(0, true, 1_000, 120), &pair).unwrap();
    assert_eq!(listed(&portfolio), ["5000.00 EUR", "8800.00 USD"], "1,000 euros at 1.20");
    portfolio.execute_on(&execution(0, false, 1_500, 130), &pair).unwrap();
    assert_eq!(listed(&portfolio), ["3500.00 EUR", "10750.00 USD"]);
    let future = TradeTerms { payment: Payment::Margin, ..TradeTerms::paid_in(euro, 50.into()) };
    portfolio.execute_on(&execution(1, true, 2, 500_000), &future).unwrap();
    assert_eq!(listed(&portfolio), ["3500.00 EUR", "10750.00 USD"], "its commission alone is paid");
}

#[test]
fn balances_move_without_a_rate_and_a_fraction_of_a_split_is_paid_out_in_its_currency() {
    let (portfolio, euro) = of_two_currencies();
    let mut portfolio = portfolio.with_rates(BTreeMap::new());
    let terms = TradeTerms::paid_in(euro, Decimal::ONE);
    assert!(matches!(
        portfolio.execute_on(&execution(0, true, 5, 1_000), &terms),
        Err(PortfolioError::NoRate { .. })
    ));
    assert!(portfolio.charge(Money::new(Decimal::ONE, euro)).is_err());
    assert_eq!(listed(&portfolio), ["3949.00 EUR", "10000.00 USD"]);
    let split = CorporateAction::split(Symbol::new("AAPL").unwrap(), Timestamp::EPOCH, 3, 2).unwrap();
    assert!(portfolio.split(&split, Price::new(Decimal::from(6)).unwrap()).is_err(), "in all nobody can say");
    assert_eq!(listed(&portfolio), ["3952.00 EUR", "10000.00 USD"], "half a share at 6");
    let mut untold = Portfolio::new(account(), usd(1_000));
    untold.execute(&execution(0, true, 5, 1_000), Decimal::ONE).unwrap();
    assert_eq!(untold.balances(), None, "what nobody tells is not made up");
}

#[test]
fn what_is_flat_is_not_held() {
    let mut portfolio = Portfolio::new(account(), usd(1_000));
    portfolio.execute(&execution(0, true, 5, 1_000), Decimal::ONE).unwrap();
    portfolio.execute(&execution(1, true, 5, 1_000), Decimal::ONE).unwrap();
    portfolio.execute(&execution(1, false, 5, 1_000), Decimal::ONE).unwrap();
    let held: Vec<String> = portfolio.held().map(|it| it.symbol().to_string()).collect();
    assert_eq!((held, portfolio.positions().count()), (vec!["AAPL".to_owned()], 2));
}

/// What is bought for euros by somebody who counts in dollars.
#[test]
fn what_trades_in_another_currency_counts_at_the_rate_that_was_told() {
    let euro: Currency = "EUR".parse().unwrap();
    let rate = |rate: &str| BTreeMap::from([(euro, rate.parse().unwrap())]);
    let mut portfolio = Portfolio::new(account(), usd(10_000)).with_rates(rate("1.25"));
    portfolio.execute_on(&execution(0, true, 10, 10_000), &TradeTerms::paid_in(euro, Decimal::ONE)).unwrap();
    portfolio.charge(Money::new(Decimal::from(4), euro)).unwrap();
    assert_eq!(portfolio.cash(), usd(8_745), "1,000 and 4 euros less");
    assert_eq!(portfolio.commissions(), usd(5));
    let symbol = Symbol::new("AAPL").unwrap();
    let position = portfolio.position(symbol).unwrap();
    assert_eq!(position.cost(), Money::new(1_000.into(), euro), "a position stays in its currency");
    let dearer = |_| Some(Price::new(Decimal::from(110)).unwrap());
    let value = portfolio.value(dearer).unwrap();
    assert_eq!((value.positions, value.unrealized), (usd(1_375), usd(125)));
    assert_eq!(value.total, usd(10_120));
    assert_eq!(portfolio.snapshot(Timestamp::EPOCH, dearer).unwrap().positions[0].value, usd(1_375));
    portfolio.note_rate(euro, "1.5".parse().unwrap());
    assert_eq!(portfolio.value(dearer).unwrap().positions, usd(1_650), "a later rate counts");
    let sold = Execution { price: Price::new(Decimal::from(110)).unwrap(), ..execution(0, false, 10, 1) };
    let earned = portfolio.execute_on(&sold, &TradeTerms::paid_in(euro, Decimal::ONE)).unwrap();
    assert_eq!(earned, Money::new(100.into(), euro));
    assert_eq!(portfolio.value(|_| None).unwrap().realized, usd(150));
}

/// Ten futures at 100 are worth 1,000, and nobody has paid that.
#[test]
fn an_account_is_worth_what_the_broker_says_and_what_it_gains_from_then_on() {
    let at = |price: i64| move |_| Some(Price::new(price.into()).unwrap());
    let held = Position::reported(
        Symbol::new("AAPL").unwrap(),
        tradeport_kernel::SignedQuantity::new(10.into()).unwrap(),
        usd(1_000),
        Decimal::ONE,
        usd(0),
    );
    let mut portfolio = Portfolio::reported(account(), usd(10_000), vec![held]);
    assert_eq!(portfolio.value(at(100)).unwrap().total, usd(11_000), "as if they had been paid");
    portfolio.hold_against(usd(10_000), at(100)).unwrap();
    assert_eq!(portfolio.value(at(100)).unwrap().total, usd(10_000));
    assert_eq!(portfolio.value(at(110)).unwrap().total, usd(10_100));
    assert_eq!(portfolio.beside_positions().unwrap(), usd(9_000));
    portfolio.execute(&execution(0, false, 10, 11_000), Decimal::ONE).unwrap();
    assert_eq!(
        portfolio.value(|_| None).unwrap().total,
        usd(10_100),
        "what was gained is there once it is sold"
    );
    portfolio.hold_against(usd(10_090), |_| None).unwrap();
    assert_eq!(portfolio.value(|_| None).unwrap().total, usd(10_090), "a later word of the broker");
    assert!(portfolio.hold_against(Money::new(Decimal::ONE, "EUR".parse().unwrap()), |_| None).is_err());
}

#[test]
fn without_a_rate_a_position_moves_and_what_it_is_worth_is_not_made_up() {
    let euro: Currency = "EUR".parse().unwrap();
    for rates in [BTreeMap::new(), BTreeMap::from([(euro, Decimal::ZERO)])] {
        let mut portfolio = Portfolio::new(account(), usd(10_000)).with_rates(rates);
        let told =
            portfolio.execute_on(&execution(0, true, 10, 10_000), &TradeTerms::paid_in(euro, Decimal::ONE));
        let none = PortfolioError::NoRate { currency: euro, own: Currency::USD };
        assert_eq!(told.as_ref(), Err(&none));
        assert_eq!(none.to_string(), "what one EUR is worth in USD was not told");
        assert_eq!(portfolio.held().count(), 1, "it is held all the same");
        assert_eq!(portfolio.value(|_| Some(Price::new(Decimal::ONE).unwrap())), Err(none.clone()));
        assert_eq!(portfolio.charge(Money::new(Decimal::ONE, euro)), Err(none));
        assert_eq!(portfolio.charge(Money::zero(euro)), Ok(()), "nothing is nothing at any rate");
    }
}

#[test]
fn a_position_without_a_price_is_an_error_and_not_a_zero() {
    let mut portfolio = Portfolio::new(account(), usd(1_000));
    portfolio.execute(&execution(0, true, 10, 1_000), Decimal::ONE).unwrap();
    assert!(matches!(portfolio.value(|_| None), Err(PortfolioError::NoPrice(_))));
}

#[test]
fn another_account_is_refused() {
    let mut portfolio = Portfolio::new(AccountId::new("DU2").unwrap(), usd(1_000));
    let result = portfolio.execute(&execution(0, true, 10, 1_000), Decimal::ONE);
    assert!(matches!(result, Err(PortfolioError::OtherAccount { .. })));
    assert_eq!(portfolio.cash(), usd(1_000));
}

proptest! {
    #[test]
    fn value_changes_only_by_commissions_while_prices_stand_still(
        trades in prop::collection::vec((0..2_usize, any::<bool>(), 1_u32..1_000, 0_i64..500), 1..60),
    ) {
        let price = Price::new(Decimal::new(12_345, 2)).unwrap();
        let mut portfolio = Portfolio::new(account(), usd(1_000_000));
        let mut paid = Decimal::ZERO;
        for (symbol, buys, quantity, fee) in trades {
            portfolio.execute(&execution(symbol, buys, quantity, 12_345), Decimal::ONE).unwrap();
            portfolio.charge(Money::new(Decimal::new(fee, 2), Currency::USD)).unwrap();
            paid += Decimal::new(fee, 2);
        }
        let value = portfolio.value(|_| Some(price)).unwrap();
        prop_assert_eq!(value.total.amount(), Decimal::from(1_000_000) - paid);
        prop_assert_eq!(portfolio.commissions().amount(), paid);
    }

    #[test]
    fn cash_and_cost_conserve_deposits_and_gains(
        trades in prop::collection::vec((0..2_usize, any::<bool>(), 1_u32..1_000, 1_i64..100_000), 1..60),
    ) {
        let mut portfolio = Portfolio::new(account(), usd(1_000_000));
        for (symbol, buys, quantity, cents) in trades {
            portfolio.execute(&execution(symbol, buys, quantity, cents), Decimal::ONE).unwrap();
        }
        let cost: Decimal = portfolio.positions.values().map(|position| position.cost().amount()).sum();
        let realized: Decimal = portfolio.positions.values().map(|position| position.realized().amount()).sum();
        prop_assert_eq!(portfolio.cash().amount() + cost, Decimal::from(1_000_000) + realized);
    }

    #[test]
    fn a_combo_moves_what_its_legs_move_and_its_own_trade_moves_nothing(
        trades in prop::collection::vec((any::<bool>(), 1_u32..100, 1_i64..10_000, 1_i64..10_000), 1..20),
    ) {
        // Each unit buys one of the first and sells two of the second; the net price follows from the legs'.
        let mut portfolio = Portfolio::new(account(), usd(1_000_000));
        let (mut held, mut paid) = (0, Decimal::ZERO);
        for (buys, units, first, second) in trades {
            let net = first - 2 * second;
            let whole = Execution {
                symbol: Symbol::new("combo:X").unwrap(),
                part: ExecutedPart::Combo,
                ..execution(0, buys, units, net)
            };
            let before = portfolio.clone();
            prop_assert_eq!(portfolio.execute(&whole, Decimal::ONE), Ok(usd(0)));
            prop_assert_eq!(&portfolio, &before, "the combo's own trade");
            let legs = [execution(0, buys, units, first), execution(1, !buys, 2 * units, second)];
            for leg in legs {
                let leg = Execution { part: ExecutedPart::Leg, ..leg };
                portfolio.execute(&leg, Decimal::ONE).unwrap();
            }
            let signed = if buys { i64::from(units) } else { -i64::from(units) };
            held += signed;
            paid += Decimal::new(net * signed, 2);
        }
        let quantity = |name: &str| {
            let position = portfolio.position(Symbol::new(name).unwrap());
            position.map_or(Decimal::ZERO, |position| position.quantity().as_decimal())
        };
        prop_assert_eq!(quantity(SYMBOLS[0]), Decimal::from(held));
        prop_assert_eq!(quantity(SYMBOLS[1]), Decimal::from(-2 * held));
        prop_assert_eq!(quantity("combo:X"), Decimal::ZERO);
        prop_assert_eq!(portfolio.cash().amount(), Decimal::from(1_000_000) - paid);
    }
}
