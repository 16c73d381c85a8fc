//! The market's quotes reach the exchange, so that orders trade.

use crate::server::ServerSettings;
use crate::server::desk::{Desk, apple};
use crate::wire::proto::MarketDataRequest;
use tradeport_fake_broker::exchange::Input;
use tradeport_kernel::{Decimal, OrderKey, Price, Quantity};
use tradeport_market_data::{Level, Quote};
use tradeport_orders::{BrokerPhase, OrderDraft, OrderKind, Side};

fn key() -> OrderKey {
    OrderKey::new("resting").unwrap()
}

/// Buys a hundred of Apple at this much below the bid.
fn rest(desk: &mut Desk, below: Decimal) {
    let world = desk.server.world_mut();
    let apple = world.catalog().resolve(&"AAPL".parse().unwrap()).unwrap();
    let bid = world.quote(&apple).unwrap().bid().unwrap().price().as_decimal();
    let kind = OrderKind::Limit { limit: Price::new(bid - below).unwrap() };
    let account = world.accounts()[0].clone();
    let size = Quantity::new(Decimal::ONE_HUNDRED).unwrap();
    let draft = OrderDraft::new(key(), account, apple.symbol(), Side::Buy, size, kind);
    world.input(Input::Submit { intent: draft.check().unwrap() });
}

fn is_filled(desk: &mut Desk) -> bool {
    let status = desk.server.world_mut().exchange().status_of(&key()).expect("an order");
    matches!(status.phase, BrokerPhase::Filled)
}

#[test]
fn a_resting_order_trades_when_the_market_comes_to_it_whoever_looks() {
    let mut desk = Desk::new(ServerSettings::default());
    rest(&mut desk, Decimal::new(5, 2));
    assert!(!is_filled(&mut desk));
    let mut waited = 0;
    while !is_filled(&mut desk) && waited < 4 * 3_600 * 4 {
        desk.wait(250);
        waited += 1;
    }
    assert!(is_filled(&mut desk) && waited > 1, "after {waited} ticks");
}

#[test]
fn what_is_looked_at_is_quoted_at_the_exchange_with_every_tick() {
    let mut desk = Desk::new(ServerSettings::default());
    let request = MarketDataRequest { req_id: Some(1), contract: apple(), ..MarketDataRequest::default() };
    desk.ask(request);
    for _ in 0..8 {
        desk.wait(250);
        let world = desk.server.world_mut();
        let apple = world.catalog().resolve(&"AAPL".parse().unwrap()).unwrap();
        assert_eq!(world.exchange().last_quote(apple.symbol()), world.quote(&apple));
    }
}

#[test]
fn the_market_does_not_speak_over_a_script_that_holds_a_price() {
    let mut desk = Desk::new(ServerSettings::default());
    rest(&mut desk, Decimal::from(200));
    let level = |price: i64| {
        Some(Level::new(Price::new(price.into()).unwrap(), Quantity::new(Decimal::from(1_000)).ok()))
    };
    let at = desk.now;
    let symbol = "AAPL".parse().unwrap();
    desk.server.world_mut().hold(Quote::new(symbol, at, level(500), level(501)).unwrap());
    desk.wait(60_000);
    assert_eq!(desk.server.world_mut().exchange().last_quote(symbol).unwrap().at(), at);
    assert!(!is_filled(&mut desk));
    desk.server.world_mut().hold(Quote::new(symbol, at, level(1), level(2)).unwrap());
    assert!(is_filled(&mut desk));
}
