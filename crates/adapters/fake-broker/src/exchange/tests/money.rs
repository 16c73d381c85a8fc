//! Cash, margin and commissions.

use super::stage::{Stage, account, key, limit, number, symbol, units};
use crate::commission::CommissionSchedule;
use crate::exchange::{
    AccountConfig, AccountKind, ConfigError, Exchange, ExchangeConfig, ExchangeEvent, Rates,
};
use tradeport_kernel::{Currency, Decimal, Money};
use tradeport_orders::{BrokerPhase, OrderKind, Side};

fn order_for(stage: &mut Stage, whose: &str, name: &str, side: Side, kind: OrderKind, quantity: &str) {
    stage.order_with(name, side, kind, |draft| {
        draft.account = account(whose);
        draft.size = units(quantity).into();
    });
}

#[test]
fn a_cash_account_buys_with_its_cash_alone() {
    let mut stage = Stage::open();
    order_for(&mut stage, "CASH", "dear", Side::Buy, limit("100.00"), "101");
    assert_eq!(
        stage.refusal(),
        "insufficient funds: the order needs 10100.00, account CASH has 10000 USD left"
    );
    order_for(&mut stage, "CASH", "first", Side::Buy, limit("99.00"), "60");
    order_for(&mut stage, "CASH", "second", Side::Buy, limit("99.00"), "60");
    assert!(stage.refusal().contains("has 4060.00 USD left"), "{}", stage.refusal());
    stage.cancel("first");
    order_for(&mut stage, "CASH", "third", Side::Buy, limit("99.00"), "60");
    assert_eq!(stage.phase("third"), BrokerPhase::Working, "a cancelled order keeps nothing");
}

#[test]
fn a_refused_change_leaves_for_sale_what_was_for_sale() {
    let mut stage = Stage::open();
    order_for(&mut stage, "CASH", "bought", Side::Buy, limit("100.01"), "50");
    order_for(&mut stage, "CASH", "sells", Side::Sell, limit("101.00"), "50");
    stage.change("sells", Some("60"), None);
    assert!(stage.refusal().starts_with("cash account CASH holds 50"), "{}", stage.refusal());
    order_for(&mut stage, "CASH", "again", Side::Sell, limit("101.00"), "1");
    assert!(stage.refusal().contains("of which 50 are for sale in open orders"), "{}", stage.refusal());
}

#[test]
fn a_cash_account_sells_what_it_holds_once() {
    let mut stage = Stage::open();
    order_for(&mut stage, "CASH", "short", Side::Sell, OrderKind::Market, "1");
    assert!(stage.refusal().starts_with("cash account CASH holds 0 AAPL"), "{}", stage.refusal());
    order_for(&mut stage, "CASH", "buy", Side::Buy, OrderKind::Market, "50");
    order_for(&mut stage, "CASH", "sell", Side::Sell, limit("101"), "30");
    order_for(&mut stage, "CASH", "again", Side::Sell, limit("101"), "30");
    assert!(stage.refusal().contains("of which 30 are for sale"), "{}", stage.refusal());
    order_for(&mut stage, "CASH", "rest", Side::Sell, limit("101"), "20");
    assert_eq!(stage.phase("rest"), BrokerPhase::Working);
}

#[test]
fn a_market_order_that_has_become_too_dear_ends() {
    let mut stage = Stage::open();
    stage.sized("99.99", "10", "100.01", "10");
    order_for(&mut stage, "CASH", "buy", Side::Buy, OrderKind::Market, "99");
    stage.quote("120.00", "120.02");
    let status = stage.status("buy");
    assert_eq!((status.phase, status.filled), (BrokerPhase::Cancelled, number("10")));
    assert!(status.reason.unwrap().starts_with("insufficient funds"));
}

#[test]
fn a_margin_account_opens_twice_its_equity_either_way() {
    let mut stage = Stage::open();
    order_for(&mut stage, "MARGIN", "too-much", Side::Buy, limit("100.01"), "200");
    assert!(stage.refusal().starts_with("insufficient funds: the order needs 10001"), "{}", stage.refusal());
    order_for(&mut stage, "MARGIN", "long", Side::Buy, limit("100.01"), "199");
    assert_eq!(stage.held("MARGIN"), number("199"));
    assert!(stage.cash("MARGIN") < Decimal::ZERO, "the rest is borrowed");
    order_for(&mut stage, "MARGIN", "more", Side::Buy, limit("100.01"), "2");
    assert!(stage.refusal().starts_with("insufficient funds"), "{}", stage.refusal());
    order_for(&mut stage, "MARGIN", "close", Side::Sell, OrderKind::Market, "199");
    order_for(&mut stage, "MARGIN", "short", Side::Sell, OrderKind::Market, "150");
    assert_eq!(stage.held("MARGIN"), number("-150"));
    let summary = stage.exchange.summary(&account("MARGIN")).unwrap().unwrap();
    assert_eq!(summary.maintenance_margin.amount(), number("3750.00"), "25 % of 150 at 100.00");
    assert_eq!(summary.positions_value.amount(), number("-15000.00"));
}

#[test]
fn turning_round_needs_margin_only_for_what_opens() {
    let mut stage = Stage::open();
    order_for(&mut stage, "MARGIN", "long", Side::Buy, limit("100.01"), "190");
    order_for(&mut stage, "MARGIN", "turn", Side::Sell, OrderKind::Market, "195");
    assert_eq!(stage.held("MARGIN"), number("-5"));
}

#[test]
fn below_maintenance_only_closing_trades_are_taken() {
    let mut stage = Stage::open();
    order_for(&mut stage, "MARGIN", "long", Side::Buy, limit("100.01"), "199");
    stage.quote("60.00", "60.02");
    order_for(&mut stage, "MARGIN", "more", Side::Buy, limit("60.02"), "1");
    assert_eq!(
        stage.refusal(),
        "account MARGIN is below its maintenance margin: only closing trades are taken"
    );
    order_for(&mut stage, "MARGIN", "less", Side::Sell, OrderKind::Market, "100");
    assert_eq!(stage.phase("less"), BrokerPhase::Filled);
}

#[test]
fn the_minimum_is_paid_once_for_an_order_in_parts() {
    let mut stage = Stage::with(|config| config.commission = CommissionSchedule::ib_us_stocks_fixed().into());
    stage.at(110);
    stage.sized("99.99", "1000", "100.01", "100");
    order_for(&mut stage, "RICH", "parts", Side::Buy, limit("100.01"), "1000");
    stage.sized("99.99", "1000", "100.00", "150");
    stage.sized("99.99", "1000", "100.00", "750");
    let charged = stage.said.iter().filter_map(|effect| match &effect.event {
        ExchangeEvent::Charged { commission, .. } => Some(commission.amount.amount()),
        _ => None,
    });
    let charged: Vec<_> = charged.collect();
    assert_eq!(
        charged,
        [number("1.00"), number("0.25"), number("3.75")],
        "0.50 is below the minimum of 1.00"
    );
    assert_eq!(stage.phase("parts"), BrokerPhase::Filled);
}

#[test]
fn unknown_names_and_foreign_money_are_refused() {
    let mut stage = Stage::open();
    order_for(&mut stage, "NOBODY", "whose", Side::Buy, OrderKind::Market, "1");
    assert_eq!(stage.refusal(), "there is no account NOBODY");
    stage.order_with("what", Side::Buy, OrderKind::Market, |draft| {
        draft.symbol = tradeport_kernel::Symbol::new("NOPE").unwrap();
    });
    assert_eq!(stage.refusal(), "NOPE is not traded here");
    assert_eq!(stage.exchange.status_of(&key("what")), None);
    let mut euro = Stage::with(|config| {
        config.accounts[0].cash = Money::new(Decimal::ONE_HUNDRED, "EUR".parse().unwrap());
    });
    euro.at(110);
    euro.quote("99.99", "100.01");
    euro.order("euro", Side::Buy, OrderKind::Market);
    assert_eq!(euro.refusal(), "account RICH trades in EUR, AAPL is priced in USD");
}

/// An account in euros, each worth 1.25 dollars, that trades shares in dollars.
fn european(kind: AccountKind) -> Stage {
    let euro: Currency = "EUR".parse().unwrap();
    let mut stage = Stage::with(|config| {
        config.accounts =
            vec![AccountConfig { id: account("RICH"), cash: Money::new(number("10000"), euro), kind }];
        config.rates = Rates::new([(Currency::USD, Decimal::ONE), (euro, number("1.25"))]);
        config.commission = CommissionSchedule::ib_us_stocks_fixed().into();
    });
    stage.at(110);
    stage.quote("99.99", "100.01");
    stage
}

#[test]
fn what_is_priced_in_another_currency_is_paid_in_it_and_counts_at_its_rate() {
    let mut stage = european(AccountKind::Margin);
    let balances = |stage: &Stage| {
        let all = stage.exchange.balances(&account("RICH"));
        all.map(|money| money.to_string()).collect::<Vec<_>>()
    };
    stage.order("long", Side::Buy, OrderKind::Market);
    // The commission of 1 is reckoned in euros, and charged in dollars.
    assert_eq!(balances(&stage), ["10000.00 EUR", "-10002.25 USD"]);
    let charged = stage.said.iter().find_map(|effect| match &effect.event {
        ExchangeEvent::Charged { commission, .. } => Some(commission.amount.to_string()),
        _ => None,
    });
    assert_eq!(charged.as_deref(), Some("1.25 USD"));
    let summary = stage.exchange.summary(&account("RICH")).unwrap().unwrap();
    assert_eq!(summary.cash.amount(), number("1998.2"), "10,000 less 10,002.25 dollars at 0.8");
    assert_eq!(summary.net_liquidation, summary.cash.plus(summary.positions_value).unwrap());
    assert_eq!(summary.maintenance_margin.amount(), number("2000"), "25 % of 100 at 100.00 at 0.8");
    assert_eq!(stage.exchange.commissions(&account("RICH")).unwrap().amount(), Decimal::ONE);
    stage.order("flat", Side::Sell, OrderKind::Market);
    let summary = stage.exchange.summary(&account("RICH")).unwrap().unwrap();
    assert_eq!(summary.realized_pnl.amount(), number("-1.6"), "two dollars of spread");
    assert_eq!(stage.exchange.reserved(&account("RICH")), Some(Decimal::ZERO));
}

#[test]
fn margin_and_cash_are_asked_for_in_the_accounts_own_currency() {
    let mut stage = european(AccountKind::Margin);
    order_for(&mut stage, "RICH", "too-much", Side::Buy, limit("100.01"), "251");
    let refused = "insufficient funds: the order needs 10042.";
    assert!(stage.refusal().starts_with(refused), "{}", stage.refusal());
    order_for(&mut stage, "RICH", "enough", Side::Buy, limit("100.01"), "249");
    assert_eq!(stage.held("RICH"), number("249"));
    let mut stage = european(AccountKind::Cash);
    order_for(&mut stage, "RICH", "too-much", Side::Buy, limit("100.01"), "125");
    assert!(stage.refusal().starts_with("insufficient funds: the order needs 10002."), "{}", stage.refusal());
    order_for(&mut stage, "RICH", "enough", Side::Buy, limit("100.01"), "124");
    assert_eq!(stage.held("RICH"), number("124"));
}

#[test]
fn a_contradicting_configuration_is_refused() {
    let one =
        || AccountConfig { id: account("A"), cash: Money::zero(Currency::USD), kind: AccountKind::Cash };
    let made = |config: ExchangeConfig| Exchange::new(config).err();
    assert_eq!(made(ExchangeConfig::new(0, vec![], vec![])), Some(ConfigError::NoAccount));
    let twice = ExchangeConfig::new(0, vec![one(), one()], vec![]);
    assert_eq!(made(twice), Some(ConfigError::AccountTwice(account("A"))));
    let mut share = ExchangeConfig::new(0, vec![one()], vec![]);
    share.margin.initial = Decimal::ZERO;
    assert!(matches!(made(share), Some(ConfigError::Share { name: "the initial margin", .. })));
    let stage = Stage::open();
    let contract = stage.exchange.contract(symbol()).unwrap().clone();
    let twice = ExchangeConfig::new(0, vec![one()], vec![contract.clone(), contract]);
    assert_eq!(made(twice), Some(ConfigError::ContractTwice(symbol())));
}
