//! The time in which nobody looked.

use super::fake::{catch_up, exchange_config, quotes};
use super::*;
use crate::Session;
use crate::config::variables::Variables;
use crate::config::{Config, OutputFormat, load};
use crate::fake::SyntheticMarket;
use crate::output::Output;
use crate::stop::Stop;
use std::sync::Arc;
use std::time::Duration;
use tradeport_contracts::{Contract, Right};
use tradeport_fake_broker::Exchange;
use tradeport_fake_broker::exchange::Input;
use tradeport_kernel::{AccountId, OrderKey, Quantity, Symbol, Timestamp};
use tradeport_memory::VirtualClock;
use tradeport_orders::strategy::Strategy;
use tradeport_orders::{BrokerPhase, OrderDraft, OrderKind, Side, TimeInForce};

const DAY: Duration = Duration::from_secs(86_400);

fn start() -> Timestamp {
    "2025-06-03T14:00:00Z".parse().unwrap()
}

fn exchange() -> Exchange {
    Exchange::new(exchange_config(&Config::default(), start()).unwrap()).unwrap()
}

/// An exchange where an order to buy at `limit` rests since the start.
fn resting(market: SyntheticMarket, limit: tradeport_kernel::Price) -> Exchange {
    let mut exchange = exchange();
    let mut effects = Vec::new();
    for quote in quotes(exchange_contracts(&exchange).iter(), market, start()) {
        exchange.step(Input::Quote { quote }, start(), &mut effects);
    }
    let mut draft = OrderDraft::new(
        key(),
        AccountId::new("DU1000001").unwrap(),
        Symbol::new("AAPL").unwrap(),
        Side::Buy,
        Quantity::new(tradeport_kernel::Decimal::TEN).unwrap(),
        OrderKind::Limit { limit },
    );
    draft.time_in_force = TimeInForce::GoodTillDate(start().after(6 * DAY));
    exchange.step(Input::Submit { intent: draft.check().unwrap() }, start(), &mut effects);
    assert_eq!(exchange.status_of(&key()).unwrap().phase, BrokerPhase::Working);
    exchange
}

fn exchange_contracts(exchange: &Exchange) -> Vec<Contract> {
    exchange.contracts().cloned().collect()
}

fn key() -> OrderKey {
    OrderKey::new("rests").unwrap()
}

/// A price that the market's ask reaches within three days, and is above at the start.
fn reached(market: SyntheticMarket) -> tradeport_kernel::Price {
    let symbol = Symbol::new("AAPL").unwrap();
    let ask = |at| market.quote(symbol, at).unwrap().ask().unwrap().price();
    let minutes = (1..3 * 1_440).map(|minute| ask(start().after(Duration::from_secs(60 * minute))));
    let lowest = minutes.min().unwrap();
    assert!(lowest < ask(start()), "the market only rises: choose another seed");
    lowest
}

#[test]
fn an_order_trades_while_nobody_looks() {
    let market = SyntheticMarket::new(1);
    let mut kept = resting(market, reached(market));
    catch_up(&mut kept, market, start().after(3 * DAY));
    assert_eq!(kept.status_of(&key()).unwrap().phase, BrokerPhase::Filled);
}

#[test]
fn looking_in_between_changes_nothing() {
    let market = SyntheticMarket::new(1);
    let mut looked = resting(market, reached(market));
    let mut left_alone = looked.clone();
    for hour in 1..=72 {
        catch_up(&mut looked, market, start().after(Duration::from_secs(3_600 * hour + 17)));
    }
    catch_up(&mut left_alone, market, start().after(Duration::from_secs(3_600 * 72 + 17)));
    assert_eq!(looked.executions(), left_alone.executions());
    assert_eq!(looked.status_of(&key()), left_alone.status_of(&key()));
}

#[test]
fn an_order_expires_while_nobody_looks_however_long() {
    let market = SyntheticMarket::new(1);
    let never = "1".parse().unwrap();
    let mut kept = resting(market, never);
    catch_up(&mut kept, market, start().after(4_000 * DAY));
    assert_eq!(kept.status_of(&key()).unwrap().phase, BrokerPhase::Expired);
}

/// A session whose market keeps the hours of US stocks, at this moment.
fn session(now: &str, folder: &std::path::Path) -> Session {
    let file = folder.join("hours.toml");
    std::fs::write(&file, "[fake]\nhours = \"us-stocks\"\n").unwrap();
    let variables: Variables = [("DB_PATH", folder.join("data"))].into_iter().collect();
    let loaded = load(Some(&file), &variables, &[]).unwrap();
    let clock = Arc::new(VirtualClock::new(now.parse().unwrap()));
    Session::new(loaded, Output::new(OutputFormat::Json, false), Stop::never(), clock)
}

async fn buy(session: &Session, key: &str) -> tradeport_trading::Placed {
    let platform = Platform::open(session).await.unwrap();
    let draft = OrderDraft::new(
        OrderKey::new(key).unwrap(),
        session.config().account().clone(),
        Symbol::new("AAPL").unwrap(),
        Side::Buy,
        Quantity::new(tradeport_kernel::Decimal::TEN).unwrap(),
        OrderKind::Market,
    );
    let placed = platform.desk().submit(draft.check().unwrap()).await.unwrap();
    platform.desk().pump().await.unwrap();
    let order = platform.desk().order(placed.order.intent().key()).await.unwrap();
    platform.close().await.unwrap();
    tradeport_trading::Placed { order, ..placed }
}

#[tokio::test]
async fn outside_of_its_hours_the_market_shows_its_last_quote_and_risk_trusts_it_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let sunday = session("2025-06-08T15:00:00Z", folder.path());
    let broker = Broker::open(&sunday).await.unwrap();
    let quote = broker.feed().snapshot(Symbol::new("AAPL").unwrap()).await.unwrap();
    assert_eq!(quote.at(), "2025-06-06T19:59:59.75Z".parse().unwrap());
    let placed = buy(&sunday, "sunday").await;
    assert_eq!(placed.order.state(), tradeport_orders::OrderState::Refused);
    assert!(placed.refusal.is_some_and(|refusal| refusal.rule == tradeport_risk::Rule::KnownInputs));

    let monday = session("2025-06-09T15:00:00Z", folder.path());
    assert_eq!(buy(&monday, "monday").await.order.state(), tradeport_orders::OrderState::Filled);
}

/// A spread of calls on AAPL around its price, 10 apart, and the names of its legs.
async fn spread(platform: &Platform) -> (Contract, [Symbol; 2]) {
    let share = platform.list(&"AAPL".parse().unwrap()).await.unwrap();
    let price = platform.desk().last_quote(share.symbol()).unwrap().mid().unwrap().as_decimal();
    let catalog = platform.broker.catalog();
    let chain = catalog.option_chains(share.instrument()).await.unwrap().swap_remove(0);
    let expiry = chain.expiries().nth(3).unwrap().day().unwrap();
    let ten = tradeport_kernel::Decimal::TEN;
    let strike = |strike| tradeport_kernel::Price::new(strike).unwrap();
    let long = chain.strikes().find(|it| *it >= price && (*it % ten).is_zero()).unwrap();
    let vertical =
        Strategy::vertical(share.symbol(), expiry, Right::Call, strike(long), strike(long + ten)).unwrap();
    let mut legs = Vec::new();
    for leg in vertical.instruments().unwrap() {
        legs.push(catalog.resolve(&leg).await.unwrap());
    }
    let combo = vertical.combo(&[legs[0].id(), legs[1].id()], "SMART").unwrap();
    let contract = platform.list(&combo.into()).await.unwrap();
    (contract, [legs[0].symbol(), legs[1].symbol()])
}

fn of_spread(session: &Session, contract: &Contract, key: &str, side: Side, kind: OrderKind) -> OrderDraft {
    let (key, account) = (OrderKey::new(key).unwrap(), session.config().account().clone());
    let two: Quantity = "2".parse().unwrap();
    let draft = OrderDraft::new(key, account, contract.symbol(), side, two, kind);
    draft.of(contract.instrument().clone()).good_till_cancelled()
}

async fn held(platform: &Platform, session: &Session, symbol: Symbol) -> tradeport_kernel::Decimal {
    let portfolio = platform.desk().portfolio(session.config().account()).await.unwrap();
    let position = portfolio.position(symbol).map(|it| it.quantity().as_decimal());
    position.unwrap_or_default()
}

#[tokio::test]
async fn a_vertical_spread_fills_as_one_order_and_is_held_in_both_legs() {
    let folder = tempfile::tempdir().unwrap();
    let monday = session("2025-06-09T15:00:00Z", folder.path());
    let platform = Platform::open(&monday).await.unwrap();
    let (contract, legs) = spread(&platform).await;
    let account = monday.config().account().clone();
    let before = platform.desk().portfolio(&account).await.unwrap().cash();
    let draft = of_spread(&monday, &contract, "spread", Side::Buy, OrderKind::Market);
    let placed = platform.desk().submit(draft.check().unwrap()).await.unwrap();
    assert_eq!(placed.refusal, None);
    platform.take_in().await.unwrap();
    let order = platform.desk().order(placed.order.intent().key()).await.unwrap();
    assert_eq!((order.state(), order.filled()), (tradeport_orders::OrderState::Filled, 2.into()));
    let two = tradeport_kernel::Decimal::TWO;
    assert_eq!(held(&platform, &monday, legs[0]).await, two);
    assert_eq!(held(&platform, &monday, legs[1]).await, -two);
    assert_eq!(held(&platform, &monday, contract.symbol()).await, 0.into());
    // Two spreads of a hundred shares each, at the net price, and what the legs cost.
    let net = order.average_price().unwrap().as_decimal();
    let costs: tradeport_kernel::Decimal = order.commissions().map(|it| it.amount()).sum();
    let after = platform.desk().portfolio(&account).await.unwrap().cash();
    assert_eq!(after.amount(), before.amount() - net * two * contract.multiplier() - costs);
    let told = platform.broker.accounts().summary(&account).await.unwrap().cash;
    assert_eq!(after, told, "the desk and the broker agree");
    platform.close().await.unwrap();
}

#[tokio::test]
async fn a_spread_that_rests_is_known_after_a_restart_and_moves_what_its_legs_move() {
    let folder = tempfile::tempdir().unwrap();
    let monday = session("2025-06-09T15:00:00Z", folder.path());
    let platform = Platform::open(&monday).await.unwrap();
    let (contract, legs) = spread(&platform).await;
    let never = OrderKind::Limit { limit: "0.01".parse().unwrap() };
    let draft = of_spread(&monday, &contract, "rests", Side::Buy, never);
    let key = draft.key.clone();
    platform.desk().submit(draft.check().unwrap()).await.unwrap();
    platform.close().await.unwrap();

    let platform = Platform::open(&monday).await.unwrap();
    assert_eq!(platform.desk().order(&key).await.unwrap().state(), tradeport_orders::OrderState::Working);
    assert_eq!(platform.desk().contract(contract.symbol()).await.unwrap(), contract);
    let before = platform.desk().portfolio(monday.config().account()).await.unwrap().cash();
    platform.broker.simulated().unwrap().trade_with(&key, "2".parse().unwrap());
    platform.take_in().await.unwrap();
    let order = platform.desk().order(&key).await.unwrap();
    assert_eq!(order.state(), tradeport_orders::OrderState::Filled);
    let two = tradeport_kernel::Decimal::TWO;
    assert_eq!(held(&platform, &monday, legs[0]).await, two);
    let costs: tradeport_kernel::Decimal = order.commissions().map(|it| it.amount()).sum();
    let after = platform.desk().portfolio(monday.config().account()).await.unwrap().cash();
    assert_eq!(after.amount(), before.amount() - two - costs, "0.01 x 2 x 100, and what the legs cost");
}
