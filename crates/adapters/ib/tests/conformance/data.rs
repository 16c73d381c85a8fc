//! Ticks, computations of options, and gains, over a socket to a TWS of our own.

use crate::stand::{Stand, symbol};
use crate::wire::Fate;
use std::time::Duration;
use tradeport_conformance::fixtures;
use tradeport_contracts::{ContractCatalog, Right};
use tradeport_ib::IbBroker;
use tradeport_kernel::{AccountId, Clock, Decimal, OrderKey, Price, Quantity, Symbol};
use tradeport_market_data::{Level, Quote};
use tradeport_orders::{OrderDraft, OrderGateway, OrderKind, Side};

const MARKET_DATA: u32 = 1;
const CANCEL_MARKET_DATA: u32 = 2;
const COMPUTATION: u32 = 21;

/// A cent around a price, so that its middle is the price.
fn around(of: Symbol, stand: &Stand, price: Price) -> Quote {
    let cent = Decimal::new(1, 2);
    let level = |price: Decimal| Some(Level::new(Price::new(price).unwrap(), "10000".parse().ok()));
    let price = price.as_decimal();
    Quote::new(of, stand.clock.now(), level(price - cent), level(price + cent)).unwrap()
}

/// What was sent has arrived; no time passes.
async fn arrived(stand: &Stand) {
    use tradeport_connection::{BrokerLink, LinkState};
    stand.tws.with(|_| ()).await.unwrap();
    if let LinkState::Up { .. } = stand.broker.state() {
        stand.broker.probe(Duration::from_secs(3_600)).await.ok();
    }
}

pub(crate) struct Ticks(Stand);

impl tradeport_conformance::tick_feed::Harness for Ticks {
    type Feed = IbBroker;

    async fn fresh() -> Self {
        Self(Stand::linked().await)
    }
    fn feed(&self) -> &IbBroker {
        &self.0.broker
    }
    fn symbols(&self) -> [Symbol; 2] {
        [symbol("AAPL"), symbol("IBM")]
    }
    fn without_prints(&self) -> Symbol {
        symbol("EUR.USD")
    }
    fn unknown_symbol(&self) -> Symbol {
        symbol("NOPE")
    }
    fn reader_limit(&self) -> usize {
        self.0.broker.settings().channel_capacity()
    }
    async fn publish(&self, quote: &Quote) {
        self.0.publish(*quote).await;
    }
    /// A contract prints once a second, at the middle of what is quoted.
    async fn print(&self, symbol: Symbol, price: Price) {
        self.0.publish(around(symbol, &self.0, price)).await;
        self.0.clock.advance(Duration::from_secs(1));
        arrived(&self.0).await;
    }
    async fn lines(&self) -> usize {
        self.0.wire.lines()
    }
    async fn drop_link(&self) {
        self.0.drop_link().await;
    }
    /// Every second brings a print, so none passes.
    async fn settle(&self) {
        arrived(&self.0).await;
    }
}

pub(crate) struct Options {
    stand: Stand,
    /// The option as we call it, and as it is listed there.
    ours: Symbol,
    theirs: Symbol,
}

impl Options {
    async fn of(stand: Stand) -> Self {
        let chains = stand.broker.option_chains(&"AAPL".parse().unwrap()).await.unwrap();
        let chain = &chains[0];
        let wanted =
            chain.expiries().skip(3).flat_map(|day| chain.strikes().map(move |strike| (day, strike)));
        let mut found = None;
        for (day, strike) in wanted {
            let option = chain.option(day, strike, Right::Call).unwrap();
            found = stand.broker.resolve(&option.into()).await.ok();
            if found.is_some() {
                break;
            }
        }
        let contract = found.expect("a chain holds an option that is listed");
        let id = contract.id();
        let listed = stand.tws.with(move |server| server.world_mut().catalog().by_id(id)).await.unwrap();
        Self { stand, ours: contract.symbol(), theirs: listed.unwrap().symbol() }
    }
}

impl tradeport_conformance::option_feed::Harness for Options {
    type Feed = IbBroker;

    async fn fresh() -> Self {
        Self::of(Stand::linked().await).await
    }
    fn feed(&self) -> &IbBroker {
        &self.stand.broker
    }
    fn option(&self) -> Symbol {
        self.ours
    }
    fn share(&self) -> Symbol {
        symbol("AAPL")
    }
    fn unknown_symbol(&self) -> Symbol {
        symbol("NOPE")
    }
    fn reader_limit(&self) -> usize {
        self.stand.broker.settings().channel_capacity()
    }
    async fn quote(&self, bid: Price, ask: Price) {
        let level = |price| Some(Level::new(price, "10".parse().ok()));
        let quote = Quote::new(self.theirs, self.stand.clock.now(), level(bid), level(ask)).unwrap();
        self.stand.publish(quote).await;
        self.stand.settle().await;
    }
    async fn compute_nothing(&self) {
        self.stand.wire.script(Box::new(|kind, _| if kind == COMPUTATION { Fate::Drop } else { Fate::Pass }));
    }
    async fn lines(&self) -> usize {
        let asked = self.stand.wire.asked();
        let count = |kind| asked.iter().filter(|it| **it == kind).count();
        count(MARKET_DATA) - count(CANCEL_MARKET_DATA)
    }
    async fn drop_link(&self) {
        self.stand.drop_link().await;
    }
    async fn settle(&self) {
        self.stand.settle().await;
    }
}

pub(crate) struct Gains(Stand);

impl tradeport_conformance::pnl_feed::Harness for Gains {
    type Feed = IbBroker;

    async fn fresh() -> Self {
        Self(Stand::linked().await)
    }
    fn feed(&self) -> &IbBroker {
        &self.0.broker
    }
    fn account(&self) -> AccountId {
        AccountId::new("DU1234567").unwrap()
    }
    fn symbols(&self) -> [Symbol; 2] {
        [symbol("AAPL"), symbol("IBM")]
    }
    fn unknown_account(&self) -> AccountId {
        AccountId::new("DU9").unwrap()
    }
    fn unknown_symbol(&self) -> Symbol {
        symbol("NOPE")
    }
    async fn quote(&self, symbol: Symbol, price: Price) {
        self.0.publish(around(symbol, &self.0, price)).await;
    }
    async fn fill(&self, symbol: Symbol, side: Side, quantity: Quantity) {
        let key = OrderKey::new(&format!("fill-{}", self.0.broker.messages_sent())).unwrap();
        let account = AccountId::new("DU1234567").unwrap();
        let draft = OrderDraft::new(key, account, symbol, side, quantity, OrderKind::Market);
        self.0.broker.submit(&fixtures::cleared_order(draft.check().unwrap())).await.unwrap();
    }
    async fn drop_link(&self) {
        self.0.drop_link().await;
    }
    async fn settle(&self) {
        self.0.settle().await;
    }
}

tradeport_conformance::tick_feed_conformance!(Ticks);
tradeport_conformance::option_feed_conformance!(Options);
tradeport_conformance::pnl_feed_conformance!(Gains);
