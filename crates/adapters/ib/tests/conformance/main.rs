//! Every promise of a broker's ports, kept over a socket to a TWS of our own; connections that go wrong; and a TWS that
//! lies.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod answers;
mod chaos;
mod currencies;
mod data;
mod desk_storms;
mod hand_made;
mod handshakes;
mod lies;
mod limits;
mod link;
mod link_scenarios;
mod names;
mod numbers;
mod orders;
mod others;
mod pacing;
mod quotes;
mod sized_by_others;
mod stand;
mod wire;

use stand::{Stand, patient, symbol};
use std::time::Duration;
use tradeport_conformance::fixtures;
use tradeport_contracts::{ContractId, Instrument, Stock};
use tradeport_ib::IbBroker;
use tradeport_kernel::{AccountId, Clock, Decimal, OrderKey, Quantity, Symbol, Timestamp};
use tradeport_market_data::{Bar, BarSize, Quote};
use tradeport_orders::{OrderChange, OrderDraft, OrderGateway, OrderKind, Side};
use tradeport_portfolio::AccountFeed;

struct Fixture(Stand);

impl tradeport_conformance::broker_link::Harness for Fixture {
    type Link = IbBroker;

    async fn fresh() -> Self {
        Self(Stand::down().await)
    }
    fn link(&self) -> &IbBroker {
        &self.0.broker
    }
    fn broker_time(&self) -> Timestamp {
        self.0.clock.now()
    }
    async fn drop_link(&self) {
        self.0.drop_link().await;
    }
    async fn settle(&self) {
        if self.0.broker_is_down() {
            self.0.forgotten().await;
        }
        self.0.settle().await;
    }
}

impl tradeport_conformance::contract_catalog::Harness for Fixture {
    type Catalog = IbBroker;
    const CLAIMS: tradeport_conformance::contract_catalog::Claims =
        tradeport_conformance::contract_catalog::Claims::ALL;

    async fn fresh() -> Self {
        Self(Stand::linked().await)
    }
    fn catalog(&self) -> &IbBroker {
        &self.0.broker
    }
    fn known(&self) -> Vec<Instrument> {
        ["AAPL", "IBM", "T"].map(|ticker| Stock::new(ticker).unwrap().into()).into()
    }
    fn unknown(&self) -> Instrument {
        Stock::new("NOPE").unwrap().into()
    }
    fn ambiguous(&self) -> Option<Instrument> {
        Some("futures:ES@CME".parse().unwrap())
    }
    fn beginning_of_others(&self) -> Option<Instrument> {
        Some(Stock::new("T").unwrap().into())
    }
    fn with_options(&self) -> Option<Instrument> {
        Some(Stock::new("AAPL").unwrap().into())
    }
    fn without_options(&self) -> Option<Instrument> {
        Some("VOD@LSE/GBP".parse().unwrap())
    }
    fn unknown_id(&self) -> ContractId {
        ContractId::new(77)
    }
}

impl tradeport_conformance::quote_feed::Harness for Fixture {
    type Feed = IbBroker;
    const CLAIMS: tradeport_conformance::quote_feed::Claims = tradeport_conformance::quote_feed::Claims::ALL;

    async fn fresh() -> Self {
        Self(Stand::linked().await)
    }
    fn feed(&self) -> &IbBroker {
        &self.0.broker
    }
    fn symbols(&self) -> [Symbol; 2] {
        [symbol("AAPL"), symbol("IBM")]
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
    async fn subscribed(&self) -> usize {
        self.0.wire.lines()
    }
    async fn drop_link(&self) {
        self.0.drop_link().await;
    }
    async fn settle(&self) {
        self.0.settle().await;
    }
}

impl tradeport_conformance::bar_history::Harness for Fixture {
    type History = IbBroker;
    const CLAIMS: tradeport_conformance::bar_history::Claims =
        tradeport_conformance::bar_history::Claims::ALL;

    async fn fresh() -> Self {
        let after_the_bars = fixtures::moment(0).after(Duration::from_secs(10 * 86_400));
        let stand = Stand::down_at(after_the_bars, patient()).await;
        stand.connect().await;
        Self(stand)
    }
    fn history(&self) -> &IbBroker {
        &self.0.broker
    }
    fn symbols(&self) -> [Symbol; 2] {
        [symbol("AAPL"), symbol("IBM")]
    }
    fn unknown_symbol(&self) -> Symbol {
        symbol("NOPE")
    }
    fn size(&self) -> BarSize {
        BarSize::MINUTE
    }
    fn page_limit(&self) -> Option<u32> {
        Some(1_440)
    }
    async fn seed(&self, bars: &[Bar]) {
        let bars = bars.to_vec();
        self.0.tws.with(move |server| server.world_mut().tell_past(bars)).await.unwrap();
    }
}

impl tradeport_conformance::account_feed::Harness for Fixture {
    type Feed = IbBroker;
    const CLAIMS: tradeport_conformance::account_feed::Claims =
        tradeport_conformance::account_feed::Claims::ALL;

    async fn fresh() -> Self {
        Self(Stand::quoted().await)
    }
    fn feed(&self) -> &IbBroker {
        &self.0.broker
    }
    fn symbols(&self) -> [Symbol; 2] {
        [symbol("AAPL"), symbol("IBM")]
    }
    fn unknown_account(&self) -> AccountId {
        AccountId::new("DU9").unwrap()
    }
    async fn fill(&self, symbol: Symbol, side: Side, quantity: Quantity) {
        self.0.quote(symbol.as_str()).await;
        let key = OrderKey::new(&format!("fill-{}", self.0.broker.messages_sent())).unwrap();
        let account = self.0.broker.accounts().await.unwrap()[0].clone();
        let draft = OrderDraft::new(key, account, symbol, side, quantity, OrderKind::Market);
        self.0.broker.submit(&fixtures::cleared_order(draft.check().unwrap())).await.unwrap();
    }
    async fn cut_next_answer(&self) {
        self.0.wire.cut_next_answer();
    }
    async fn reconnect(&self) {
        self.0.reconnect().await;
    }
    async fn settle(&self) {
        self.0.settle().await;
    }
}

impl tradeport_conformance::order_gateway::Harness for Fixture {
    type Gateway = IbBroker;
    const CLAIMS: tradeport_conformance::order_gateway::Claims =
        tradeport_conformance::order_gateway::Claims::ALL;

    async fn fresh() -> Self {
        Self(Stand::quoted().await)
    }
    fn gateway(&self) -> &IbBroker {
        &self.0.broker
    }
    fn account(&self) -> AccountId {
        AccountId::new("DU1234567").unwrap()
    }
    fn symbol(&self) -> Symbol {
        symbol("AAPL")
    }
    fn unknown_symbol(&self) -> Symbol {
        symbol("NOPE")
    }
    fn resting(&self, side: Side) -> OrderKind {
        let limit = if side == Side::Buy { "50" } else { "200" };
        OrderKind::Limit { limit: limit.parse().unwrap() }
    }
    fn resting_elsewhere(&self, side: Side) -> OrderKind {
        let limit = if side == Side::Buy { "51" } else { "199" };
        OrderKind::Limit { limit: limit.parse().unwrap() }
    }
    fn marketable(&self, _side: Side) -> OrderKind {
        OrderKind::Market
    }
    /// Between two price steps.
    fn refusable_change(&self) -> OrderChange {
        OrderChange::to_kind(OrderKind::Limit { limit: "50.001".parse().unwrap() })
    }
    async fn trade(&self, key: &OrderKey, units: u32) {
        let units = Quantity::new(Decimal::from(units)).unwrap();
        let open = self.0.broker.open_orders().await.unwrap();
        let order = open.rows().iter().find(|order| order.key.as_ref() == Some(key));
        if let Some(perm_id) = order.map(|order| order.perm_id.unwrap().number()) {
            self.0.tws.with(move |server| server.world_mut().trade_with(perm_id, units)).await.unwrap();
        }
        self.0.quote("AAPL").await;
    }
    async fn drop_link(&self) {
        self.0.drop_link().await;
    }
    async fn reconnect(&self) {
        self.0.reconnect().await;
    }
    async fn cut_next_answer(&self) {
        self.0.wire.cut_next_answer();
    }
    /// Nobody is called by so many spaces.
    async fn make_unreadable(&self, key: &OrderKey) {
        self.0.wire.rewrite(key.as_str(), "DU1234567", "         ");
    }
    async fn settle(&self) {
        self.0.settle().await;
    }
}

tradeport_conformance::broker_link_conformance!(Fixture);
tradeport_conformance::contract_catalog_conformance!(Fixture);
tradeport_conformance::quote_feed_conformance!(Fixture);
tradeport_conformance::bar_history_conformance!(Fixture);
tradeport_conformance::account_feed_conformance!(Fixture);
tradeport_conformance::order_gateway_conformance!(Fixture);
